"""Rows of the queue as frozen values."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sqlmodel import Session, col, select

from cardforge_desktop.batches.model import ErrorInfo, ItemStatus, ItemView
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.cards.tables import CardFileRow, CardRow
from cardforge_desktop.costs.ledger import Spending, sum_calls
from cardforge_desktop.costs.tables import CallRow


def read_items(
    session: Session, *, ids: Collection[str] | None = None, batch_id: str | None = None
) -> list[ItemView]:
    """Items in the order of their batches, hidden ones left out unless asked for by batch."""
    wanted = select(ItemRow).join(BatchRow).order_by(col(BatchRow.created_at), col(ItemRow.position))
    if batch_id is not None:
        wanted = wanted.where(ItemRow.batch_id == batch_id)
    else:
        wanted = wanted.where(col(ItemRow.hidden).is_(False))
    if ids is not None:
        wanted = wanted.where(col(ItemRow.id).in_(ids))
    rows = session.exec(wanted).all()
    cards = [row.card_id for row in rows if row.card_id is not None]
    names = _card_names(session, cards)
    files = _card_files(session, cards)
    running = _spent_so_far(session, [row.id for row in rows if row.status == ItemStatus.PROCESSING])
    return [
        _view(row, names.get(row.card_id or "", ""), files.get(row.card_id or "", ()), running.get(row.id))
        for row in rows
    ]


def _view(
    row: ItemRow, card_name: str, files: tuple[tuple[str, Path], ...], spent: Spending | None
) -> ItemView:
    return ItemView(
        id=row.id,
        batch_id=row.batch_id,
        job_id=row.job_id,
        position=row.position,
        source=row.source_name,
        source_path=Path(row.source_path) if row.source_path else None,
        profile=row.profile,
        profile_id=row.profile_id,
        profile_version=row.profile_version,
        engine=row.engine,
        formats=tuple(row.formats),
        status=ItemStatus(row.status),
        stage=row.stage,
        local=row.local,
        estimate_input=row.estimate_input,
        estimate_output=row.estimate_output,
        estimate_exact=row.estimate_exact,
        estimate_cost=row.estimate_cost,
        # Nothing is told yet while the first call is out: the estimate stands until then.
        input_tokens=row.input_tokens if spent is None else spent.input_tokens or None,
        output_tokens=row.output_tokens if spent is None else spent.output_tokens or None,
        cost=row.cost if spent is None or spent.unknown_calls else spent.cost,
        attempts=row.attempts,
        error=None if row.error is None else ErrorInfo(**row.error),
        warnings=tuple(row.warnings),
        card_id=row.card_id,
        card_name=card_name,
        files=files,
        started_at=row.started_at,
        finished_at=row.finished_at,
        target=row.target_name,
    )


def _card_names(session: Session, card_ids: Collection[str]) -> dict[str, str]:
    if not card_ids:
        return {}
    return dict(session.exec(select(CardRow.id, CardRow.name).where(col(CardRow.id).in_(card_ids))).all())


def _card_files(session: Session, card_ids: Collection[str]) -> dict[str, tuple[tuple[str, Path], ...]]:
    files: dict[str, tuple[tuple[str, Path], ...]] = {}
    if card_ids:
        wanted = select(CardFileRow.card_id, CardFileRow.format, CardFileRow.path)
        for card_id, name, path in session.exec(wanted.where(col(CardFileRow.card_id).in_(card_ids))):
            files[card_id] = (*files.get(card_id, ()), (name, Path(path)))
    return files


def _spent_so_far(session: Session, item_ids: Collection[str]) -> dict[str, Spending]:
    """Sums of the calls of running items; finished ones carry their own."""
    if not item_ids:
        return {}
    calls: dict[str, list[CallRow]] = {}
    for row in session.exec(select(CallRow).where(col(CallRow.item_id).in_(item_ids))):
        calls.setdefault(row.item_id, []).append(row)
    return {item_id: sum_calls(rows) for item_id, rows in calls.items()}
