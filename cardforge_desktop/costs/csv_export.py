"""The ledger as CSV (RFC 4180) for spreadsheets: a line for each call that has ended.

- Amounts are exact decimals with a point, times ISO 8601 in local time with its offset from UTC. What nobody
  knows is empty, never 0.
- Texts that come from outside (names of models, engines, profiles, batches) and begin as a formula does get
  an apostrophe before them: spreadsheets would else work them out (OWASP, "CSV Injection").
- A file begins with a byte order mark: without one Excel takes UTF-8 for the code page of the system and
  spoils every name that is not ASCII; other spreadsheets leave it out. Programs read it as ``utf-8-sig``.
  `LedgerCsv.lines` has none: what goes through a pipe must not begin with one.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select

from cardforge_desktop.costs.days import ALWAYS, Period
from cardforge_desktop.costs.sums import Grouping
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.files import keep_file
from cardforge_desktop.store.table import core_table

#: Kind of a group and its ids → what they are called; unknown ones are absent (`batches.group_names`).
Names = Callable[[Grouping, Collection[str]], Mapping[str, str]]

_BOM = b"\xef\xbb\xbf"
_PAGE = 5_000
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the full-width ones are taken for the others in some languages
_RATES = ("input", "output", "cached", "cache_write")
_CALLS = core_table(CallRow)
_NEXT = (
    select(_CALLS)
    .where(
        _CALLS.c.status != "sent",
        _CALLS.c.started_at >= bindparam("after"),
        or_(
            _CALLS.c.started_at > bindparam("after"),
            and_(_CALLS.c.started_at == bindparam("after"), _CALLS.c.id > bindparam("after_id")),
        ),
    )
    .order_by(_CALLS.c.started_at, _CALLS.c.id)
    .limit(_PAGE)
)
_NEXT_UNTIL = _NEXT.where(_CALLS.c.started_at < bindparam("end"))

#: Head of a column → the column of the ledger; those that are worked out are None.
COLUMNS: Mapping[str, str | None] = {
    "started_at": "started_at",
    "finished_at": "finished_at",
    "engine": "engine",
    "model": "model",
    "local": "local",
    "status": "status",
    "batch": None,
    "profile": None,
    "step": "step",
    "input_tokens": "input_tokens",
    "cached_tokens": "cached_tokens",
    "cache_write_tokens": "cache_write_tokens",
    "output_tokens": "output_tokens",
    "reasoning_tokens": "reasoning_tokens",
    "tokens_from": "tokens_from",
    "cost": "cost",
    "currency": "currency",  # of the cost and the rates
    "price_source": "price_source",
    **{f"{rate}_per_million": None for rate in _RATES},
    "error_code": "error_code",
    "reason": "reason",
    "call_id": "id",
    "batch_id": "batch_id",
    "item_id": "item_id",
    "card_id": "card_id",
    "profile_id": "profile_id",
    "profile_version": "profile_version",
}


class LedgerCsv:
    """Writes the ledger in pages: it takes no more memory for a million calls. Thread-safe; slow."""

    def __init__(
        self, store: Store, names: Names = lambda _grouping, _ids: {}, zone: tzinfo | None = None
    ) -> None:
        """`zone`: of the times; None = as the system says."""
        self._store, self._names, self._zone = store, names, zone

    def lines(self, period: Period = ALWAYS) -> Iterator[str]:
        """The head, then the calls of a period, oldest first; some thousand lines at a time, without a mark.

        Calls that are out are not in it: nobody knows yet what they take. One that ends meanwhile may be
        missing too.
        """
        for text, _ in self._chunks(period):
            yield text

    def write(
        self,
        path: Path,
        period: Period = ALWAYS,
        told: Callable[[int], object] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> int | None:
        """Write a file, over an earlier one: whole and on the disk when this returns, or not at all.

        Args:
            told: is told again and again how many calls are written.
            cancelled: asked as often; at a yes nothing is written.

        Returns:
            how many calls are in it; None when it was cancelled.

        Raises:
            FilesError: as `store.files.keep_file`.
        """
        written = 0

        def pieces() -> Iterator[bytes]:
            nonlocal written
            yield _BOM
            for text, calls in self._chunks(period):
                if cancelled():
                    raise _CancelledError
                yield text.encode()
                written += calls
                told(written)

        try:
            keep_file(path, pieces())
        except _CancelledError:
            return None
        return written

    def _chunks(self, period: Period) -> Iterator[tuple[str, int]]:
        """Text, and how many calls are in it."""
        yield _text([list(COLUMNS)]), 0
        known: dict[tuple[str, str], str] = {}
        for rows in self._pages(period):
            self._learn(known, rows)
            yield _text([self._cells(row, known) for row in rows]), len(rows)

    def _pages(self, period: Period) -> Iterator[list[Row[Any]]]:
        wanted = _NEXT if period.end is None else _NEXT_UNTIL
        values: dict[str, Any] = {"after": period.start, "after_id": "", "end": period.end}
        while True:
            with self._store.read() as session:
                rows = list(session.execute(wanted, values).all())
            if rows:
                yield rows
            if len(rows) < _PAGE:
                return
            values |= {"after": rows[-1].started_at, "after_id": rows[-1].id}

    def _learn(self, known: dict[tuple[str, str], str], rows: Collection[Row[Any]]) -> None:
        groupings: tuple[Grouping, ...] = ("batch", "profile")
        for grouping in groupings:
            ids = {getattr(row, f"{grouping}_id") for row in rows} - {""}
            new = {each for each in ids if (grouping, each) not in known}
            names = self._names(grouping, new) if new else {}
            known |= {(grouping, each): names.get(each, "") for each in new}

    def _cells(self, row: Row[Any], known: Mapping[tuple[str, str], str]) -> list[str]:
        rates = json.loads(row.price) if row.price else {}
        worked_out = {
            "batch": known.get(("batch", row.batch_id), ""),
            "profile": known.get(("profile", row.profile_id), ""),
            **{f"{rate}_per_million": _decimal(rates[rate]) for rate in _RATES if rate in rates},
        }
        return [
            self._cell(worked_out.get(head, "") if column is None else getattr(row, column))
            for head, column in COLUMNS.items()
        ]

    def _cell(self, value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, datetime):
            return value.astimezone(self._zone).isoformat(timespec="milliseconds")
        if isinstance(value, Decimal):
            return _decimal(value)
        return harmless(value) if isinstance(value, str) else str(value)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


class _CancelledError(Exception):
    """The person wants no file after all."""


def _decimal(value: Decimal | str) -> str:
    """Exact, without an exponent and without zeros at its end."""
    return f"{Decimal(value).normalize():f}"


def _text(rows: list[list[str]]) -> str:
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)  # RFC 4180 is its default: commas, CRLF, quotes where they are needed
    return made.getvalue()
