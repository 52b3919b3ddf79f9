"""Queues of thousands of items written straight into a store, for tests and benchmarks of what reads them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import insert

from cardforge_desktop.batches.model import BatchStatus, ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow
from cardforge_desktop.cards.tables import CardFileRow, CardRow, ImageRow
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import Table, core_table

START = datetime(2026, 11, 23, 20, 0, 0, tzinfo=UTC)
PICTURE = "picture"
_ROWS_AT_ONCE = 5_000


@dataclass(frozen=True)
class Filling:
    """Batches of items of one state, a minute from one to the next.

    Attributes:
        calls: rows of the ledger for each item.
        cards: whether completed items have their card and two files.
    """

    batches: int = 1
    items: int = 20
    status: ItemStatus = ItemStatus.COMPLETED
    batch_status: BatchStatus = BatchStatus.COMPLETED
    calls: int = 1
    cards: bool = False
    price: Decimal = Decimal("0.00123")
    mark: str = "filled"


def fill(store: Store, filling: Filling) -> list[str]:
    """Write the rows; returns the ids of the batches."""
    batch_ids = [f"batch_{filling.mark}{number:04}" for number in range(1, filling.batches + 1)]
    places = [
        (batch, place) for batch in range(1, filling.batches + 1) for place in range(1, filling.items + 1)
    ]
    if filling.cards:
        with store.write() as session:
            session.execute(
                insert(core_table(ImageRow)).prefix_with("OR IGNORE"), {"sha256": PICTURE, "data": b""}
            )
        _insert(store, CardRow, (_card(filling, *place) for place in places))
        _insert(
            store, CardFileRow, (_file(filling, *place, name) for place in places for name in ("json", "v2"))
        )
    _insert(store, BatchRow, (_batch(filling, batch) for batch in range(1, filling.batches + 1)))
    _insert(store, ItemRow, (_item(filling, *place) for place in places))
    _insert(store, ItemSourceRow, (_source(filling, *place) for place in places))
    _insert(store, CallRow, (_call(filling, *place, at) for place in places for at in range(filling.calls)))
    return batch_ids


def _insert(store: Store, table: type[Table], rows: Iterator[dict[str, Any]]) -> None:
    gathered: list[dict[str, Any]] = []
    statement = insert(core_table(table))
    with store.write() as session:
        for row in rows:
            gathered.append(row)
            if len(gathered) == _ROWS_AT_ONCE:
                session.execute(statement, gathered)
                gathered = []
        if gathered:
            session.execute(statement, gathered)


def _times(filling: Filling, batch: int, place: int) -> tuple[datetime, datetime]:
    began = START + timedelta(hours=batch, minutes=place)
    return began, began + timedelta(seconds=50)


def _id(filling: Filling, what: str, batch: int, place: int) -> str:
    return f"{what}_{filling.mark}{batch:04}x{place:05}"


def _batch(filling: Filling, batch: int) -> dict[str, Any]:
    began = START + timedelta(hours=batch)
    return {
        "id": f"batch_{filling.mark}{batch:04}",
        "status": filling.batch_status,
        "rank": batch,
        "created_at": began,
        "started_at": began,
        "finished_at": began + timedelta(hours=1) if filling.batch_status is BatchStatus.COMPLETED else None,
    }


def _item(filling: Filling, batch: int, place: int) -> dict[str, Any]:
    began, ended = _times(filling, batch, place)
    is_done = filling.status is ItemStatus.COMPLETED
    is_begun = is_done or filling.status is ItemStatus.PROCESSING
    return {
        "id": _id(filling, "item", batch, place),
        "batch_id": f"batch_{filling.mark}{batch:04}",
        "job_id": _id(filling, "job", batch, place),
        "position": place,
        "rank": place,
        "source_name": f"keeper-of-the-lamp-{place:05}.md",
        "fields": [],
        "profile_id": "profile_1",
        "profile": "Default",
        "profile_version": 1,
        "engine": "Scripted",
        "local": False,
        "formats": ["json", "v2"],
        "include_book": True,
        "output": "/cards",
        "pattern": "default",
        "status": filling.status,
        "attempts": int(is_begun),
        "estimate_input": 900,
        "estimate_output": 1_400,
        "estimate_cost": filling.price,
        "input_tokens": 910 * filling.calls if is_done else None,
        "output_tokens": 1_200 * filling.calls if is_done else None,
        "cost": filling.price * filling.calls if is_done else None,
        "warnings": [],
        "card_id": _id(filling, "card", batch, place) if filling.cards else None,
        "started_at": began if is_begun else None,
        "finished_at": ended if is_done else None,
    }


def _card(filling: Filling, batch: int, place: int) -> dict[str, Any]:
    _, ended = _times(filling, batch, place)
    return {
        "id": _id(filling, "card", batch, place),
        "name": f"Tessa Marrow {place}",
        "revision": 1,
        "avatar": PICTURE,
        "created_at": ended,
        "updated_at": ended,
        "batch_id": f"batch_{filling.mark}{batch:04}",
        "item_id": _id(filling, "item", batch, place),
    }


def _file(filling: Filling, batch: int, place: int, name: str) -> dict[str, Any]:
    _, ended = _times(filling, batch, place)
    card_id = _id(filling, "card", batch, place)
    path = f"/cards/{card_id}_{name}.json"
    return {"path": path, "card_id": card_id, "format": name, "sha256": "", "written_at": ended}


def _source(filling: Filling, batch: int, place: int) -> dict[str, Any]:
    name = f"keeper-of-the-lamp-{place:05}.md"
    item_id = _id(filling, "item", batch, place)
    return {"item_id": item_id, "place": 1, "name": name, "path": f"/sources/{name}", "source": None}


def _call(filling: Filling, batch: int, place: int, at: int) -> dict[str, Any]:
    began, ended = _times(filling, batch, place)
    return {
        "id": f"{_id(filling, 'call', batch, place)}x{at}",
        "started_at": began,
        "finished_at": ended,
        "batch_id": f"batch_{filling.mark}{batch:04}",
        "item_id": _id(filling, "item", batch, place),
        "worker_id": "",
        "run": 1,
        "step": f"card:{at}",
        "digest": "",
        "engine": "Scripted",
        "model": "scripted-1",
        "local": False,
        "status": "completed",
        "input_tokens": 910,
        "output_tokens": 1_200,
        "cost": filling.price,
        "price_source": "table",
        "error_code": "",
        "reason": "stop",
    }
