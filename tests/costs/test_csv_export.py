"""The ledger as a file for spreadsheets: exact, whole, and no formulas."""

import csv
import io
import json
import random
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import insert

from cardforge_desktop.costs import csv_export
from cardforge_desktop.costs.csv_export import COLUMNS, LedgerCsv, harmless
from cardforge_desktop.costs.days import ALWAYS, month_at
from cardforge_desktop.costs.sums import Grouping, Spendings
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.files import FilesError
from cardforge_desktop.store.migrate import migrate
from cardforge_desktop.store.table import core_table

BERLIN = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2026, 10, 31, 22, 30, tzinfo=UTC)  # half an hour before November in Berlin
PRICE = {"input": "0.15", "output": "0.600", "cached": "0.075", "cache_write": "0.15", "source": "yours"}
HARMFUL = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", 'with "quotes", commas\r\nand lines', "灯台守")


def call(at: int, moment: datetime, cost: Decimal | None, **more: object) -> dict[str, object]:
    return {
        "id": f"call_{at:05}",
        "started_at": moment,
        "finished_at": moment + timedelta(seconds=3),
        "batch_id": f"batch_{at % 3}" if at % 4 else "",
        "item_id": f"item_{at}",
        "worker_id": "",
        "run": 1,
        "step": "card",
        "digest": "",
        "engine": "Cloud",
        "model": HARMFUL[at % len(HARMFUL)],
        "local": False,
        "status": "completed",
        "input_tokens": None if cost is None else 10 + at,
        "output_tokens": None if cost is None else at,
        "cost": cost,
        "price": "" if cost is None else json.dumps(PRICE),
        "price_source": "unknown" if cost is None else "yours",
    } | more


def names(_grouping: Grouping, ids: Collection[str]) -> dict[str, str]:
    return {each: f"=Night of {each}" for each in ids if each != "batch_2"}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Forty calls: at one moment, around a midnight in Berlin, unknown ones, free ones, one that is out."""
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    migrate(store)
    dice = random.Random(5)
    made = []
    for at in range(40):
        cost = None if at % 9 == 8 else Decimal(dice.randrange(10**12)).scaleb(-12)
        made.append(call(at, BEGIN + timedelta(minutes=5 * (at // 4)), cost))
    made.append(call(98, BEGIN, Decimal(0), local=True, price="", price_source="local"))
    made.append(call(99, BEGIN, None, status="sent", finished_at=None))
    with store.write() as session:
        session.execute(insert(core_table(CallRow)), made)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Page breaks between calls of one moment."""
    monkeypatch.setattr(csv_export, "_NEXT", csv_export._NEXT.limit(7))
    monkeypatch.setattr(csv_export, "_NEXT_UNTIL", csv_export._NEXT_UNTIL.limit(7))
    monkeypatch.setattr(csv_export, "_PAGE", 7)


def test_the_sum_of_the_lines_is_the_total_that_is_shown(store: Store) -> None:
    spendings = Spendings(store, zone=BERLIN)
    november, october = month_at(date(2026, 11, 1), BERLIN), month_at(date(2026, 10, 1), BERLIN)
    for period, calls in ((ALWAYS, 41), (november, 16), (october, 25)):
        rows = rows_of("".join(LedgerCsv(store, zone=BERLIN).lines(period)))
        total = spendings.total(period)
        assert len(rows) == total.calls == calls
        assert sum((Decimal(row["cost"] or 0) for row in rows), Decimal(0)) == total.cost
        assert sum(not row["cost"] for row in rows) == total.unknown_calls
        assert sum(int(row["input_tokens"] or 0) for row in rows) == total.input_tokens
        assert sum(int(row["output_tokens"] or 0) for row in rows) == total.output_tokens
        assert len({row["call_id"] for row in rows}) == calls
        assert [row["started_at"] for row in rows] == sorted(row["started_at"] for row in rows)


def test_a_file_is_written_whole_or_not_at_all(store: Store, tmp_path: Path) -> None:
    ledger, path = LedgerCsv(store, names, BERLIN), tmp_path / "costs.csv"
    told: list[int] = []
    assert ledger.write(path, told=told.append) == 41
    assert told == [0, 7, 14, 21, 28, 35, 41]
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbfstarted_at,")
    assert content.endswith(b"\r\n")
    rows = rows_of(content.decode("utf-8-sig"))
    assert list(rows[0]) == list(COLUMNS)
    first = next(row for row in rows if row["call_id"] == "call_00001")
    assert first["started_at"] == "2026-10-31T23:30:00.000+01:00"
    assert (first["input_per_million"], first["output_per_million"]) == ("0.15", "0.6")
    assert (first["model"], first["batch"], first["profile"]) == ("'+1", "'=Night of batch_1", "")
    assert (first["local"], first["currency"], first["batch_id"]) == ("no", "USD", "batch_1")
    free = next(row for row in rows if row["call_id"] == "call_00098")
    assert (free["local"], free["cost"], free["input_per_million"]) == ("yes", "0", "")
    assert all("E" not in row["cost"] for row in rows)
    assert ledger.write(path, cancelled=lambda: len(told) > 7, told=told.append) is None
    assert path.read_bytes() == content  # the earlier file stays, and nothing is left beside it
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(FilesError, match="nowhere"):
        ledger.write(tmp_path / "nowhere" / "costs.csv")


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_no_text_is_a_formula_and_none_is_lost(texts: list[str]) -> None:
    assert harmless(" \u200b=1+1") == "' \u200b=1+1", "what is not seen before it does not help"
    cells = [harmless(text) for text in texts]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)
    assert [
        cell.removeprefix("'") if cell != text else cell for cell, text in zip(cells, texts, strict=True)
    ] == texts
