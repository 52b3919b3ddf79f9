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
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
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
#: Before a formula spreadsheets overlook them.
_UNSEEN = " \u00a0\u200b\u2060\u3000\ufeff"
_RATES = ("input", "output", "cached", "cache_write")
_CALLS = core_table(CallRow)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(_UNSEEN).startswith(_FORMULA) else text


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _decimal(value: Decimal | str | None) -> str:
    """Exact, without an exponent and without zeros at its end."""
    return "" if value is None else f"{Decimal(value).normalize():f}"


def _yes_or_no(value: object) -> str:
    return "yes" if value else "no"


@lru_cache(maxsize=1_024)  # many calls have the price of the one before
def _rates(price: str) -> dict[str, str]:
    rates = json.loads(price) if price else {}
    return {name: _decimal(rates.get(name)) for name in _RATES}


def _rate(name: str) -> Callable[[str], str]:
    return lambda price: _rates(price)[name]


#: Head of a column → the column of the ledger and how its values are written; None = see `_converters`.
_COLUMNS: Mapping[str, tuple[str, Callable[[Any], str] | None]] = {
    "started_at": ("started_at", None),
    "finished_at": ("finished_at", None),
    "engine": ("engine", harmless),
    "model": ("model", harmless),
    "local": ("local", _yes_or_no),
    "status": ("status", str),
    "batch": ("batch_id", None),
    "profile": ("profile_id", None),
    "step": ("step", harmless),
    "input_tokens": ("input_tokens", _plain),
    "cached_tokens": ("cached_tokens", _plain),
    "cache_write_tokens": ("cache_write_tokens", _plain),
    "output_tokens": ("output_tokens", _plain),
    "reasoning_tokens": ("reasoning_tokens", _plain),
    "tokens_from": ("tokens_from", str),
    "cost": ("cost", _decimal),
    "currency": ("currency", str),  # of the cost and the rates
    "price_source": ("price_source", harmless),
    **{f"{name}_per_million": ("price", _rate(name)) for name in _RATES},
    "error_code": ("error_code", str),
    "reason": ("reason", harmless),
    "call_id": ("id", str),
    "batch_id": ("batch_id", str),
    "item_id": ("item_id", str),
    "card_id": ("card_id", str),
    "profile_id": ("profile_id", str),
    "profile_version": ("profile_version", str),
}
COLUMNS = tuple(_COLUMNS)
_NEXT = (
    select(*(_CALLS.c[column].label(head) for head, (column, _) in _COLUMNS.items()))
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
        yield _text([COLUMNS]), 0
        batches: dict[str, str] = {}
        profiles: dict[str, str] = {}
        converters = self._converters(batches, profiles)
        for rows in self._pages(period):
            self._learn(batches, "batch", {row.batch_id for row in rows})
            self._learn(profiles, "profile", {row.profile_id for row in rows})
            lines = ([write(value) for write, value in zip(converters, row, strict=True)] for row in rows)
            yield _text(lines), len(rows)

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
            values |= {"after": rows[-1].started_at, "after_id": rows[-1].call_id}

    def _learn(self, known: dict[str, str], grouping: Grouping, ids: set[str]) -> None:
        new = ids - known.keys() - {""}
        names = self._names(grouping, new) if new else {}
        known |= {each: harmless(names.get(each, "")) for each in new}

    def _converters(
        self, batches: Mapping[str, str], profiles: Mapping[str, str]
    ) -> tuple[Callable[[Any], str], ...]:
        """How the value of each column is written."""
        own: dict[str, Callable[[Any], str]] = {
            "started_at": self._time,
            "finished_at": self._time,
            "batch": lambda each: batches.get(each, ""),
            "profile": lambda each: profiles.get(each, ""),
        }
        return tuple(write or own[head] for head, (_, write) in _COLUMNS.items())

    def _time(self, moment: datetime | None) -> str:
        return "" if moment is None else moment.astimezone(self._zone).isoformat(timespec="milliseconds")


class _CancelledError(Exception):
    """The person wants no file after all."""


def _text(rows: Iterable[Sequence[str]]) -> str:
    made = io.StringIO(newline="")
    csv.writer(made).writerows(rows)  # RFC 4180 is its default: commas, CRLF, quotes where they are needed
    return made.getvalue()
