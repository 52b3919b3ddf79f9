"""Rows of the queue as frozen values, thousands at a time: columns are read, no objects of the tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, Text, bindparam, select, type_coerce
from sqlmodel import Session

from cardforge_desktop.batches.model import BookChanges, ErrorInfo, ItemStatus, ItemView, SourceView
from cardforge_desktop.batches.spending import UNSETTLED, among, spent_by_item
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow
from cardforge_desktop.cards.tables import CardFileRow, CardRow
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.events import Progress
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import UtcTime

_ITEMS = core_table(ItemRow)
_BATCHES = core_table(BatchRow)
_SOURCES = core_table(ItemSourceRow)
_CARDS = core_table(CardRow)
_FILES = core_table(CardFileRow)


def _plain(column: Any) -> Any:
    """Times and JSON as the text they are kept as: what many rows have alike is then worked out once."""
    is_text = isinstance(column.type, UtcTime | JSON)
    return type_coerce(column, Text).label(column.name) if is_text else column


@dataclass(frozen=True)
class _Scope:
    """The statements that read some items and all that belongs to them."""

    where: ColumnElement[bool]

    @cached_property
    def items(self) -> Select[Any]:
        """The items, with the names of their cards, in the order of their batches."""
        columns = [_plain(column) for column in _ITEMS.c if column is not _ITEMS.c.known]
        return (
            select(*columns, _CARDS.c.name.label("card_name"), UNSETTLED.label("unsettled"))
            .join(_BATCHES, _BATCHES.c.id == _ITEMS.c.batch_id)
            .outerjoin(_CARDS, _CARDS.c.id == _ITEMS.c.card_id)
            .where(self.where)
            .order_by(_BATCHES.c.created_at, _BATCHES.c.id, _ITEMS.c.rank)
        )

    @cached_property
    def sources(self) -> Select[Any]:
        """(item, name, path, address) in their order."""
        return (
            select(_SOURCES.c.item_id, _SOURCES.c.name, _SOURCES.c.path, _SOURCES.c.source)
            .join(_ITEMS, _ITEMS.c.id == _SOURCES.c.item_id)
            .where(self.where)
            .order_by(_SOURCES.c.item_id, _SOURCES.c.place)
        )

    @cached_property
    def files(self) -> Select[Any]:
        """(card, format, path) of the items' cards."""
        return (
            select(_FILES.c.card_id, _FILES.c.format, _FILES.c.path)
            .where(_FILES.c.card_id.in_(select(_ITEMS.c.card_id).where(self.where)))
            .order_by(_FILES.c.card_id, _FILES.c.written_at)
        )


#: Item id → its newest progress, None when it does not run here.
Newest = Callable[[str], Progress | None]

_SHOWN = _Scope(_ITEMS.c.hidden.is_(False))
_OF_BATCH = _Scope(_ITEMS.c.batch_id == bindparam("batch_id"))
_OF_JOB = _Scope(_ITEMS.c.job_id == bindparam("job_id"))
_NAMED = _Scope(among(_ITEMS.c.id, "ids") & _ITEMS.c.hidden.is_(False))


def read_items(
    session: Session,
    *,
    ids: Collection[str] | None = None,
    batch_id: str | None = None,
    job_id: str | None = None,
    live: Newest = lambda _: None,
) -> list[ItemView]:
    """Items in the order of their batches; those taken off the panel only where a batch or job is asked for.

    Args:
        ids: only these.
        batch_id: all of this batch (`ids` is then not looked at).
        job_id: the item of this job.
        live: item id → the newest progress of one that runs in this process.
    """
    if batch_id is not None:
        return _read(session, live, _OF_BATCH, batch_id=batch_id)
    if job_id is not None:
        return _read(session, live, _OF_JOB, job_id=job_id)
    if ids is not None:
        return _read(session, live, _NAMED, ids=json.dumps(list(ids)))
    return _read(session, live, _SHOWN)


def _read(session: Session, live: Newest, scope: _Scope, **values: str) -> list[ItemView]:
    found = session.execute(scope.items, values)
    names = tuple(found.keys())
    # Plain dicts: a value of a row by its name takes several times as long.
    rows = [dict(zip(names, row, strict=True)) for row in found.all()]
    sources = _sources(session.execute(scope.sources, values).all())
    files = (
        _card_files(session.execute(scope.files, values).all()) if any(row["card_id"] for row in rows) else {}
    )
    spent = spent_by_item(session, [row["id"] for row in rows if row["unsettled"]])
    views = [
        _view(row, sources.get(row["id"], ()), files.get(row["card_id"], ()), spent.get(row["id"]))
        for row in rows
    ]
    return [_moved_on(view, live) if view.status is ItemStatus.PROCESSING else view for view in views]


def _moved_on(view: ItemView, live: Newest) -> ItemView:
    """A running item with what was told of it since its row was written."""
    newest = live(view.id)
    return view if newest is None else replace(view, stage=newest.stage, progress=newest.fraction)


def _view(
    row: Mapping[str, Any],
    sources: tuple[SourceView, ...],
    files: tuple[tuple[str, Path], ...],
    spent: Spending | None,
) -> ItemView:
    status = ItemStatus(row["status"])
    return ItemView(
        id=row["id"],
        batch_id=row["batch_id"],
        job_id=row["job_id"],
        position=row["position"],
        source=row["source_name"],
        sources=sources,
        profile=row["profile"],
        profile_id=row["profile_id"],
        profile_version=row["profile_version"],
        engine=row["engine"],
        formats=_texts(row["formats"]),
        status=status,
        stage=row["stage"],
        local=row["local"],
        estimate_input=row["estimate_input"],
        estimate_output_low=row["estimate_output_low"],
        estimate_output=row["estimate_output"],
        estimate_exact=row["estimate_exact"],
        estimate_cost_low=row["estimate_cost_low"],
        estimate_cost=row["estimate_cost"],
        # Nothing is told yet while the first call is out: the estimate stands until then.
        input_tokens=row["input_tokens"] if spent is None else spent.input_tokens or None,
        output_tokens=row["output_tokens"] if spent is None else spent.output_tokens or None,
        cost=_cost(row, spent),
        unknown_calls=row["unknown_calls"] if spent is None else spent.unknown_calls,
        attempts=row["attempts"],
        error=_error(row["error"]),
        warnings=_texts(row["warnings"]),
        card_id=row["card_id"],
        card_name=row["card_name"] or "",
        files=files,
        started_at=_time(row["started_at"]),
        finished_at=_time(row["finished_at"]),
        target=row["target_name"],
        fields=_texts(row["fields"]),
        rank=row["rank"],
        held=row["held"],
        progress=1.0 if status is ItemStatus.COMPLETED else row["progress"],
        include_book=row["include_book"],
        character_name=row["character_name"],
        output=_folder(row["output"]),
        pattern=row["pattern"],
        overwrite=row["overwrite"],
        shared_book=row["shared_book"],
        book_tokens=row["book_tokens"],
        book_changes=_book_changes(row["book_changes"]),
    )


def _cost(row: Mapping[str, Any], spent: Spending | None) -> Decimal | None:
    if spent is None:
        return None if row["unknown_calls"] else row["cost"]
    return None if spent.unknown_calls else spent.cost


@lru_cache(1_024)
def _texts(kept: str) -> tuple[str, ...]:
    return tuple(json.loads(kept))


@lru_cache(256)
def _folder(path: str) -> Path:
    return Path(path)


def _error(kept: str | None) -> ErrorInfo | None:
    value = None if kept is None else json.loads(kept)
    return None if value is None else ErrorInfo(**value)


def _book_changes(kept: str | None) -> BookChanges | None:
    if kept is None or (value := json.loads(kept)) is None:
        return None
    return BookChanges(value["name"], *(tuple(value[name]) for name in ("added", "extended", "known")))


def _time(kept: str | None) -> datetime | None:
    """A moment as `UtcTime` keeps it."""
    return None if kept is None else datetime.fromisoformat(kept).replace(tzinfo=UTC)


def _sources(rows: Iterable[Any]) -> dict[str, tuple[SourceView, ...]]:
    found: dict[str, tuple[SourceView, ...]] = {}
    for item_id, name, path, source in rows:
        view = SourceView(name, Path(path) if path else None, source or "")
        found[item_id] = (*found.get(item_id, ()), view)
    return found


def _card_files(rows: Iterable[Any]) -> dict[str, tuple[tuple[str, Path], ...]]:
    files: dict[str, tuple[tuple[str, Path], ...]] = {}
    for card_id, name, path in rows:
        files[card_id] = (*files.get(card_id, ()), (name, Path(path)))
    return files
