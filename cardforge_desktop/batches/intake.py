"""Reading new sources and estimating their cards, in the background, before anybody presses Start."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, case, literal
from sqlmodel import col, select, update

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.estimating import Asked, Estimating, Rates
from cardforge_desktop.batches.insisting import PASSING
from cardforge_desktop.batches.model import ErrorInfo, ItemStatus
from cardforge_desktop.batches.tables import ItemRow, ItemSourceRow
from cardforge_desktop.batches.targets import load_target
from cardforge_desktop.batches.warm_up import warm_up
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.cards.model import Card
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.sources.model import SourceText

_log = logging.getLogger(__name__)
_THREADS = 2
#: Also one that a worker was quicker with is estimated: a limit may put it back into the queue.
_OPEN = (ItemStatus.DRAFT, ItemStatus.QUEUED, ItemStatus.PROCESSING)


@dataclass(frozen=True, slots=True)
class _MadeWith:
    """What drafts have in common whose calls write and cost alike."""

    engine: str
    profile_id: str
    profile_version: int
    updates: bool


class Intake:
    """Owns a small pool of reading threads, started at the first source."""

    def __init__(self, tools: Tools, estimating: Estimating) -> None:
        self._tools = tools
        self._estimating = estimating
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        self._closed = False
        self._used: dict[_MadeWith, Rates] = {}
        self._is_looking = False
        tools.hub.changed.connect(self._on_changed)

    def take(self, item_ids: Iterable[str]) -> None:
        """Read and estimate these drafts, one after the other on each thread; returns at once."""
        with self._lock:
            if self._closed:
                return
            is_first = self._pool is None
            if self._pool is None:
                self._pool = ThreadPoolExecutor(_THREADS, "cardforge-intake")
            for item_id in item_ids:
                self._pool.submit(self._take_in, item_id)
            if is_first:
                self._pool.submit(warm_up)

    def resume(self) -> None:
        """Take up what was not read when the app was closed."""
        with self._tools.store.read() as session:
            wanted = select(ItemRow.id).where(
                col(ItemRow.status).in_(_OPEN),
                col(ItemRow.estimate_input).is_(None),
                col(ItemRow.hidden).is_(False),
            )
            ids = session.exec(wanted).all()
        if ids:
            self.take(ids)

    def _on_changed(self, changed: Changed) -> None:
        """A price, or calls that ended, may make what was told of drafts known better."""
        if changed.kind not in (Kind.PRICE, Kind.BATCH):
            return
        with self._lock:
            if self._pool is None or self._closed or self._is_looking:
                return
            self._is_looking = True
            self._pool.submit(self._look_again)

    def _look_again(self) -> None:
        """Estimate anew what has another price by now, and drafts for which there is a history.

        What is queued keeps its size: the time left is worked out of it.
        """
        self._is_looking = False
        for made_with, rates in list(self._used.items()):
            has_old_price = rates.has_old_price
            if not has_old_price and not rates.has_less_history:
                continue
            self._used.pop(made_with, None)
            states = (ItemStatus.DRAFT, ItemStatus.QUEUED) if has_old_price else (ItemStatus.DRAFT,)
            wanted = select(ItemRow.id).where(
                col(ItemRow.status).in_(states),
                col(ItemRow.hidden).is_(False),
                ItemRow.engine == made_with.engine,
                ItemRow.profile_id == made_with.profile_id,
                ItemRow.profile_version == made_with.profile_version,
            )
            with self._tools.store.read() as session:
                self.take(session.exec(wanted).all())

    def close(self) -> None:
        """Drop what waits and end the threads."""
        with self._lock:
            self._closed = True
            pool = self._pool
        if pool is not None:
            pool.shutdown(wait=True, cancel_futures=True)

    def _take_in(self, item_id: str) -> None:
        """On an intake thread. An unreadable source fails its row, as long as that is a draft.

        One that was started meanwhile stays as it is, and all do while the store is busy or full: the worker
        that takes it reads its source.
        """
        try:
            self._read_and_estimate(item_id)
        except CardForgeError as error:
            if error.code not in PASSING:
                self._fail(item_id, ErrorInfo(error.message, error.code, error.details))
        except Exception as error:
            _log.exception("source of item %s could not be taken in", item_id)
            cause = {"cause": f"{type(error).__name__}: {error}"}
            message = "Something went wrong inside CardForge. The log has the details; please report it."
            self._fail(item_id, ErrorInfo(message, ErrorCode.INTERNAL_ERROR, cause))
        self._tools.hub.changed.emit(Changed(Kind.ITEM, frozenset({item_id})))

    def _read_and_estimate(self, item_id: str) -> None:
        with self._tools.store.read() as session:
            item = session.get(ItemRow, item_id)
            if item is None or item.status not in _OPEN:
                return
        source = self._tools.sources.of_item(item_id)
        values = self._estimate(item, source)
        # An item that was started meanwhile and has its card has the warnings of that by now.
        values["warnings"] = case(
            (col(ItemRow.card_id).is_(None), literal(list(source.warnings), JSON)),
            else_=col(ItemRow.warnings),
        )
        with self._tools.store.write() as session:
            # What it is made with may have been changed meanwhile: that change asked for its own estimate.
            session.execute(
                update(ItemRow)
                .where(col(ItemRow.id) == item_id, col(ItemRow.engine) == item.engine)
                .where(col(ItemRow.profile_id) == item.profile_id)
                .where(col(ItemRow.include_book) == item.include_book)
                .where(col(ItemRow.shared_book) == item.shared_book)
                .where(col(ItemRow.book_tokens) == item.book_tokens)
                .where(col(ItemRow.target).is_not_distinct_from(item.target))
                .values(**values)
            )

    def _estimate(self, item: ItemRow, source: SourceText) -> dict[str, Any]:
        """The estimate columns of an item."""
        with self._tools.store.read() as session:
            places = select(ItemSourceRow).where(ItemSourceRow.item_id == item.id)
            rows = session.exec(places.order_by(col(ItemSourceRow.place))).all()
        profile = self._tools.profiles.at(item.profile_id, item.profile_version)
        asked = Asked(
            profile=profile,
            engine=self._tools.engines.get(item.engine, profile.config.model_at(item.engine)),
            include_book=item.include_book,
            target=self._target(item),
            fields=tuple(item.fields),
            shared_book=item.shared_book,
            book_tokens=item.book_tokens,
        )
        plan = self._estimating.plan(source, tuple(row.source or "" for row in rows), asked)
        expected = self._rates(item, asked).of(plan)
        return {
            "estimate_input": expected.input_tokens,
            "estimate_output_low": expected.output_low,
            "estimate_output": expected.output_high,
            "estimate_exact": expected.exact,
            "estimate_cost_low": expected.cost_low,
            "estimate_cost": expected.cost_high,
            "local": expected.local,
        }

    def _rates(self, item: ItemRow, asked: Asked) -> Rates:
        made_with = _MadeWith(item.engine, item.profile_id, item.profile_version, item.target is not None)
        rates = self._used[made_with] = self._estimating.rates(asked)
        return rates

    def _target(self, item: ItemRow) -> Card | None:
        with self._tools.store.read() as session:
            package = load_target(session, item)
        return None if package is None else package.card

    def _fail(self, item_id: str, error: ErrorInfo) -> None:
        with self._tools.store.write() as session:
            transitions.fail(session, [item_id], [ItemStatus.DRAFT], error)
