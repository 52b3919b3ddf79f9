"""One generation from start to end, on the pool thread that owns it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import Session

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.caller import Caller, HeldBack
from cardforge_desktop.batches.holds import OF_ALL_CALLS, EngineHolds, Verdict
from cardforge_desktop.batches.insisting import PASSING, insist
from cardforge_desktop.batches.kept_sources import KeptSources
from cardforge_desktop.batches.live import ItemWatcher, LiveItems
from cardforge_desktop.batches.model import LIMIT_CODES, ErrorInfo, ItemStatus
from cardforge_desktop.batches.packing import packed
from cardforge_desktop.batches.places import CallingPlaces
from cardforge_desktop.batches.shared_books import SharedBook
from cardforge_desktop.batches.spending import spent_by_item
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.batches.targets import forget_targets, load_target
from cardforge_desktop.books.service import Books
from cardforge_desktop.cards.claims import Claims
from cardforge_desktop.cards.exporting import ExportOrder, export, not_fitting
from cardforge_desktop.cards.own_book_names import with_own_book_name
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import CardLibrary, Origin, StoredCard
from cardforge_desktop.costs.history import History
from cardforge_desktop.costs.ledger import Ledger, Spending
from cardforge_desktop.costs.prices import Prices
from cardforge_desktop.engines.base import Engine, EngineError
from cardforge_desktop.engines.network import Cancellation, CancelledByUser, Network
from cardforge_desktop.engines.roster import Engines
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.generation.model import Draft, Order
from cardforge_desktop.naming import DEFAULT_RULES, NameRules
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.service import Profiles
from cardforge_desktop.settings import Preferences
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now

_log = logging.getLogger(__name__)
#: Seconds between tries to note the end of an item.
_PAUSES_BEFORE_GIVING_UP = (0.5, 2.0)
#: What stops the rest of a batch likewise, and is over when the person did something, or a limit resets.
_WAITING_HELPS = frozenset({ErrorCode.FILES_DISK_FULL, *LIMIT_CODES})


@dataclass(frozen=True, slots=True)
class Tools:
    """What a worker works with; all of it is thread-safe and shared."""

    store: Store
    hub: Hub
    live: LiveItems
    network: Network
    engines: Engines
    profiles: Profiles
    library: CardLibrary
    ledger: Ledger
    places: CallingPlaces
    turns: CallingPlaces
    sources: KeptSources
    settings: Preferences
    claims: Claims
    holds: EngineHolds
    books: Books
    prices: Prices
    history: History


class Worker:
    """Makes the card of one claimed item. Used once, on one thread."""

    def __init__(self, tools: Tools, item: ItemRow, cancellation: Cancellation) -> None:
        self._tools = tools
        self._item = item
        self._cancellation = cancellation
        self._put_back = False
        self._has_left_engine = False  # its hold knows: back in the queue, the item may try again by now
        self._has_own_model = False
        self._stopped: list[str] = []
        self._shared = SharedBook(tools.store, tools.books, tools.turns, item, cancellation)

    def work(self, calls_done: Callable[[], None]) -> Sequence[str]:
        """From source to files; every outcome ends in the store, nothing is raised.

        Args:
            calls_done: called when the last call to the engine is over: another item may call then.

        Returns:
            The items that were cancelled in the store since this one failed.
        """
        try:
            self._make_card(calls_done)
        except CancelledByUser:
            self._end(self._end_cancelled)
        except HeldBack:
            self._end(self._end_held_back)
        except CardForgeError as error:
            _log.info("item %s failed: %s", self._item.id, error.code)
            self._end_by_error(error)
        except Exception as error:
            _log.exception("item %s failed by a mistake of ours", self._item.id)
            details = {"cause": f"{type(error).__name__}: {error}"}
            message = "Something went wrong inside CardForge. The log has the details; please report it."
            self._end(partial(self._end_failed, ErrorInfo(message, ErrorCode.INTERNAL_ERROR, details)))
        finally:
            if not self._has_left_engine:
                self._tools.holds.leave(self._item.id, ended=not self._put_back)
            calls_done()
            self._tools.live.forget(self._item.id)
            self._announce()
        return self._stopped

    def _end(self, end: Callable[[], None]) -> None:
        """Note the end in the store; after a mistake of ours it is tried again before it is given up."""
        for pause in (*_PAUSES_BEFORE_GIVING_UP, None):
            try:
                insist(end, self._cancellation)
            except Exception as error:  # whatever it is: here is nobody left to tell
                _log.warning("the end of item %s could not be noted", self._item.id, exc_info=error)
            else:
                return
            if pause is None or not self._cancellation.pause(pause):
                # The row stays `processing`; the next start finds this worker gone and queues it again.
                return

    def _make_card(self, calls_done: Callable[[], None]) -> None:
        self._announce()
        if self._item.card_id is not None:
            self._export(self._tools.library.card(self._item.card_id), resumed=True)
            return
        source = self._read_source()
        with self._tools.store.read() as session:
            target = load_target(session, self._item)
        profile = self._tools.profiles.at(self._item.profile_id, self._item.profile_version)
        model = profile.config.model_at(self._item.engine)
        self._has_own_model = bool(model)
        engine = self._tools.engines.get(self._item.engine, model)
        self._tools.live.stage(self._item.id, "waiting", 0.0)
        with self._shared.turn(engine.traits):
            draft = self._write(source, profile, engine, target)
            calls_done()
            self._cancellation.check()
            stored = self._save(draft, engine, target)
        self._export(stored, resumed=False)

    def _read_source(self) -> SourceText:
        """The texts kept when the item was added; read now when the app was closed before that."""
        self._tools.live.stage(self._item.id, "reading", 0.0, restarted=True)
        return self._tools.sources.of_item(self._item.id)

    def _write(
        self, source: SourceText, profile: Profile, engine: Engine, target: CardPackage | None
    ) -> Draft:
        from cardforge_desktop.generation.writer import write_card
        from cardforge_desktop.tokens import tokenizer_for

        item = self._item
        count = tokenizer_for(engine.connection.model).count
        order = Order(
            source=source,
            profile=profile,
            traits=engine.traits,
            count_tokens=count,
            include_book=item.include_book,
            target=None if target is None else target.card,
            fields=tuple(item.fields),
            character_name=item.character_name,
            known=self._shared.told(source.text, engine.traits, count),
        )
        tools, watcher = self._tools, ItemWatcher(self._tools.live, item.id)
        ask = Caller(
            item,
            engine,
            store=tools.store,
            network=tools.network,
            ledger=tools.ledger,
            places=tools.places,
            holds=tools.holds,
            cancellation=self._cancellation,
            progress=lambda: watcher.fraction,
        )
        return write_card(order, watcher.listening(ask), watcher)

    def _save(self, draft: Draft, engine: Engine, target: CardPackage | None) -> StoredCard:
        """Card, picture, revision and what the item used: one transaction, before any file is written."""
        self._tools.live.stage(self._item.id, "saving", 1.0)
        item = self._item
        package, more_warnings = packed(draft.card, target, item)
        warnings = [*draft.warnings, *more_warnings, *not_fitting(package, item.formats)]
        origin = Origin(
            profile=item.profile,
            profile_id=item.profile_id,
            profile_version=item.profile_version,
            engine=item.engine,
            draft=engine.traits.draft,
            source=item.source_name,
            batch_id=item.batch_id,
            item_id=item.id,
        )
        self._shared.plan(package.card.character_book)
        stored = insist(lambda: self._stored(package, origin, warnings), self._cancellation)
        self._tools.hub.changed.emit(Changed(Kind.CARD, frozenset({stored.summary.id})))
        self._shared.announce()
        return stored

    def _stored(self, package: CardPackage, origin: Origin, warnings: list[str]) -> StoredCard:
        """In this transaction the shared book grows, too: nothing is added twice after a crash."""
        item = self._item
        with self._tools.store.write() as session:
            if item.target is None:  # a card that exists keeps its book's name
                card = with_own_book_name(session, package.card)
                package = replace(package, card=card)
            stored = self._tools.library.add(session, package, origin)
            changes, more_warnings = self._shared.extend(session, stored)
            kept = transitions.move_own(
                session,
                item,
                ItemStatus.PROCESSING,
                card_id=stored.summary.id,
                stage="saving",
                warnings=[*warnings, *more_warnings],
                known=None,
                book_changes=changes,
                **self._usage(session),
            )
            if not kept:
                raise CancelledByUser  # meanwhile; rolls the card back
            self._tools.ledger.settle_item(session, item.id, stored.summary.id)
        return stored

    def _usage(self, session: Session) -> dict[str, Any]:
        """The columns of what the item took, as the ledger has it: a try in other hands may have ended."""
        spent = spent_by_item(session, [self._item.id]).get(self._item.id, Spending())
        return {
            "input_tokens": spent.input_tokens if spent.calls else None,
            "output_tokens": spent.output_tokens if spent.calls else None,
            "cost": spent.cost if spent.calls > spent.unknown_calls else None,
            "unknown_calls": spent.unknown_calls,
        }

    def _export(self, stored: StoredCard, *, resumed: bool) -> None:
        """Write the files, then note them and end the item in one transaction."""
        item = self._item
        order = ExportOrder(
            folder=Path(item.output),
            pattern=item.pattern,
            formats=tuple(item.formats),
            moment=stored.summary.created_at,
            batch_id=item.batch_id,
            index=item.position,
            rules=_rules(item),
            overwrite=item.overwrite,
            item_id=item.id,
        )
        files = export(stored.package, order, self._tools.claims, resumed=resumed)
        insist(lambda: self._end_completed(stored, files), self._cancellation)
        self._tools.hub.changed.emit(Changed(Kind.CARD, frozenset({stored.summary.id})))

    def _end_completed(self, stored: StoredCard, files: Mapping[str, tuple[Path, bytes]]) -> None:
        item = self._item
        with self._tools.store.write() as session:
            self._tools.library.add_files(session, stored.summary.id, files, stored.version)
            if item.overwrite:
                self._tools.claims.forget(session, item.id)
            done = {"stage": "", "finished_at": now(), "worker_id": "", "target": None}
            done |= {"progress": 1.0, "held": False}
            transitions.move_own(session, item, ItemStatus.COMPLETED, **done)
            if item.target is not None:
                forget_targets(session)
            transitions.settle_batches(session, [item.batch_id])

    def _end_cancelled(self) -> None:
        """Cancelled for good, or queued again for the next start when the app closes."""
        ended = not self._cancellation.interrupted
        after = ItemStatus.CANCELLED if ended else ItemStatus.QUEUED
        values: dict[str, Any] = {"stage": "", "worker_id": ""}
        values["finished_at"] = now() if ended else None
        with self._tools.store.write() as session:
            values |= self._usage(session)
            if not transitions.move_own(session, self._item, after, **values):
                self._note_cancelled(session)
            transitions.settle_batches(session, [self._item.batch_id])

    def _note_cancelled(self, session: Session) -> None:
        """What was taken until it was cancelled in the store."""
        transitions.note_cancelled(session, self._item, **self._usage(session))

    def _end_held_back(self, reason: ErrorInfo | None = None) -> None:
        """To the queue: its answers are kept, and this was no failure.

        Args:
            reason: the rest of its batch would meet the same: it is paused until the person did something, or
                a limit resets.
        """
        values: dict[str, Any] = {"stage": "", "worker_id": ""}
        if reason is not None and reason.code in LIMIT_CODES:
            values["local"] = False  # as it may have been when the item was queued: it is not taken again now
        with self._tools.store.write() as session:
            values |= self._usage(session)
            self._put_back = transitions.move_own(session, self._item, ItemStatus.QUEUED, **values)
            if not self._put_back:
                self._note_cancelled(session)
            if reason is not None:
                transitions.pause_batches(session, [self._item.batch_id], reason)

    def _end_by_error(self, error: CardForgeError) -> None:
        told = ErrorInfo(error.message, error.code, error.details)
        if error.code in PASSING:  # the app closes while the store is busy or full
            self._end(self._end_held_back)
            return
        if error.code in _WAITING_HELPS:
            self._end(partial(self._end_held_back, told))
            if error.code in LIMIT_CODES:
                self._tools.hub.changed.emit(Changed(Kind.LIMIT))  # one is used up
            return
        verdict = Verdict.FAILED
        if isinstance(error, EngineError):
            item = self._item
            verdict = self._tools.holds.judge(item.engine, item.id, error, self._engine_has_answered)
        if verdict is Verdict.BACK:
            self._has_left_engine = True
            self._end(self._end_held_back)
            return
        # A model that only this profile asks for is missing for this profile only.
        own = error.code == ErrorCode.ENGINE_NOT_FOUND and self._has_own_model
        of_all = verdict is Verdict.GIVEN_UP or (error.code in OF_ALL_CALLS and not own)
        self._end(partial(self._end_failed, told, of_all_calls=of_all))

    def _engine_has_answered(self) -> bool:
        try:
            return self._tools.ledger.has_answered(self._item.engine)
        except CardForgeError:
            return True  # the store is busy: rather wait than fail

    def _end_failed(self, error: ErrorInfo, *, of_all_calls: bool = False) -> None:
        """`of_all_calls`: the other items would meet the same error, so they wait for the person."""
        with self._tools.store.write() as session:
            if of_all_calls and transitions.pause_for_engine(session, self._item, error):
                values = {"stage": "", "worker_id": "", **self._usage(session)}
                self._put_back = transitions.move_own(session, self._item, ItemStatus.QUEUED, **values)
            elif transitions.fail_own(session, self._item, error, **self._usage(session)):
                self._stopped = transitions.stop_batch(session, self._item, error)
            else:
                self._note_cancelled(session)
            transitions.settle_batches(session, [self._item.batch_id])

    def _announce(self) -> None:
        self._tools.hub.changed.emit(Changed(Kind.ITEM, frozenset({self._item.id, *self._stopped})))
        self._tools.hub.changed.emit(Changed(Kind.BATCH, frozenset({self._item.batch_id})))


def _rules(item: ItemRow) -> NameRules:
    """How its files are named, as it was at Start; items of before there were rules follow the usual ones."""
    return NameRules(
        DEFAULT_RULES.sanitise if item.sanitise_names is None else item.sanitise_names,
        item.longest_name or DEFAULT_RULES.max_bytes,
    )
