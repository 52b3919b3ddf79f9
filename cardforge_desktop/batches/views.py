"""Rows of the queue as frozen values."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session, col, func, select

from cardforge_desktop.batches.model import (
    BatchOptions,
    BatchStatus,
    BatchSummary,
    Counts,
    ErrorInfo,
    ItemStatus,
    ItemView,
    Priority,
    SourceView,
)
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow
from cardforge_desktop.cards.tables import CardFileRow, CardRow
from cardforge_desktop.costs.ledger import Spending, sum_calls
from cardforge_desktop.costs.tables import CallRow


def read_items(
    session: Session, *, ids: Collection[str] | None = None, batch_id: str | None = None
) -> list[ItemView]:
    """Items in the order of their batches, hidden ones left out unless asked for by batch."""
    wanted = select(ItemRow).join(BatchRow).order_by(col(BatchRow.created_at), col(ItemRow.rank))
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
    sources = _sources(session, [row.id for row in rows])
    running = _spent_so_far(session, [row.id for row in rows if row.status == ItemStatus.PROCESSING])
    return [
        _view(
            row,
            sources.get(row.id, ()),
            names.get(row.card_id or "", ""),
            files.get(row.card_id or "", ()),
            running.get(row.id),
        )
        for row in rows
    ]


def _view(
    row: ItemRow,
    sources: tuple[SourceView, ...],
    card_name: str,
    files: tuple[tuple[str, Path], ...],
    spent: Spending | None,
) -> ItemView:
    return ItemView(
        id=row.id,
        batch_id=row.batch_id,
        job_id=row.job_id,
        position=row.position,
        source=row.source_name,
        sources=sources,
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
        cost=_cost(row, spent),
        unknown_calls=row.unknown_calls if spent is None else spent.unknown_calls,
        attempts=row.attempts,
        error=None if row.error is None else ErrorInfo(**row.error),
        warnings=tuple(row.warnings),
        card_id=row.card_id,
        card_name=card_name,
        files=files,
        started_at=row.started_at,
        finished_at=row.finished_at,
        target=row.target_name,
        fields=tuple(row.fields),
        rank=row.rank,
        held=row.held,
        progress=row.progress,
        include_book=row.include_book,
        character_name=row.character_name,
        output=Path(row.output),
        pattern=row.pattern,
        overwrite=row.overwrite,
    )


def _cost(row: ItemRow, spent: Spending | None) -> Decimal | None:
    if spent is None:
        return None if row.unknown_calls else row.cost
    return None if spent.unknown_calls else spent.cost


def _sources(session: Session, item_ids: Sequence[str]) -> dict[str, tuple[SourceView, ...]]:
    found: dict[str, tuple[SourceView, ...]] = {}
    if item_ids:
        wanted = select(ItemSourceRow).where(col(ItemSourceRow.item_id).in_(item_ids))
        for row in session.exec(wanted.order_by(col(ItemSourceRow.place))):
            view = SourceView(row.name, Path(row.path) if row.path else None, row.source or "")
            found[row.item_id] = (*found.get(row.item_id, ()), view)
    return found


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


def counts_of(by_status: Mapping[ItemStatus, int]) -> Counts:
    """The counts of a batch or the queue; states with none may be absent."""
    return Counts(**{status.value: count for status, count in by_status.items()})


def read_summaries(session: Session, batches: Sequence[BatchRow]) -> list[BatchSummary]:
    """The batches as lines of the history, in the same order."""
    ids = [batch.id for batch in batches]
    counts = _counts(session, ids)
    spent = _spent_by_batch(session, ids)
    names = _names(session, ids)
    return [
        _summary(
            batch,
            counts_of(counts.get(batch.id, {})),
            spent.get(batch.id, Spending()),
            batch.name or names.get(batch.id, ""),
        )
        for batch in batches
    ]


def _summary(batch: BatchRow, counts: Counts, spent: Spending, name: str) -> BatchSummary:
    options = BatchOptions(
        batch.name, Priority(batch.priority), batch.max_concurrent, batch.continue_on_error
    )
    moments = [batch.created_at, batch.started_at, batch.finished_at]
    return BatchSummary(
        id=batch.id,
        name=name,
        status=BatchStatus(batch.status),
        options=options,
        counts=counts,
        created_at=batch.created_at,
        updated_at=max(moment for moment in moments if moment is not None),
        started_at=batch.started_at,
        finished_at=batch.finished_at,
        owner=batch.owner,
        rank=batch.rank,
        reason=None if batch.reason is None else ErrorInfo(**batch.reason),
        input_tokens=spent.input_tokens,
        output_tokens=spent.output_tokens,
        cost=spent.cost,
        unknown_costs=spent.unknown_calls,
    )


def _counts(session: Session, batch_ids: Sequence[str]) -> dict[str, dict[ItemStatus, int]]:
    found: dict[str, dict[ItemStatus, int]] = {}
    rows = session.exec(
        select(ItemRow.batch_id, ItemRow.status, func.count())
        .where(col(ItemRow.batch_id).in_(batch_ids))
        .group_by(ItemRow.batch_id, ItemRow.status)
    )
    for batch_id, status, count in rows:
        found.setdefault(batch_id, {})[ItemStatus(status)] = count
    return found


def _spent_by_batch(session: Session, batch_ids: Sequence[str]) -> dict[str, Spending]:
    calls: dict[str, list[CallRow]] = {}
    for row in session.exec(select(CallRow).where(col(CallRow.batch_id).in_(batch_ids))):
        calls.setdefault(row.batch_id, []).append(row)
    return {batch_id: sum_calls(rows) for batch_id, rows in calls.items()}


def _names(session: Session, batch_ids: Sequence[str]) -> dict[str, str]:
    """A name of each batch from its first source: ``mirela.md + 4``."""
    first = (
        select(ItemRow.batch_id, func.min(ItemRow.position).label("place"), func.count().label("items"))
        .where(col(ItemRow.batch_id).in_(batch_ids))
        .group_by(ItemRow.batch_id)
        .subquery()
    )
    rows = session.exec(
        select(ItemRow.batch_id, ItemRow.source_name, first.c["items"]).join(
            first, (first.c.batch_id == ItemRow.batch_id) & (first.c.place == ItemRow.position)
        )
    )
    return {batch_id: name if count == 1 else f"{name} + {count - 1}" for batch_id, name, count in rows}
