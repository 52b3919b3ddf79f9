"""One generation from start to end, on the pool thread that owns it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cardforge_desktop import __version__
from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.caller import Caller
from cardforge_desktop.batches.kept_sources import keep_source, load_source
from cardforge_desktop.batches.live import ItemWatcher, LiveItems
from cardforge_desktop.batches.model import ErrorInfo, ItemStatus
from cardforge_desktop.batches.places import CallingPlaces
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.cards.exporting import ExportOrder, export
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.service import CardLibrary, Origin, StoredCard
from cardforge_desktop.costs.ledger import Ledger, Spending
from cardforge_desktop.engines.base import Engine
from cardforge_desktop.engines.network import Cancellation, CancelledByUser, Network
from cardforge_desktop.engines.roster import Engines
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.generation.model import Draft, Order
from cardforge_desktop.profiles.service import Profiles
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now

_log = logging.getLogger(__name__)
#: Seconds between tries to note the end of an item, beyond SQLite's own five of waiting.
_PAUSES_BEFORE_GIVING_UP = (0.5, 2.0)


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


class Worker:
    """Makes the card of one claimed item. Used once, on one thread."""

    def __init__(self, tools: Tools, item: ItemRow, cancellation: Cancellation) -> None:
        self._tools = tools
        self._item = item
        self._cancellation = cancellation
        self._spent = Spending()

    def work(self, calls_done: Callable[[], None]) -> None:
        """From source to files; every outcome ends in the store, nothing is raised.

        Args:
            calls_done: called when the last call to the engine is over: another item may call then.
        """
        try:
            self._make_card(calls_done)
        except CancelledByUser:
            self._end(self._end_cancelled)
        except CardForgeError as error:
            _log.info("item %s failed: %s", self._item.id, error.code)
            self._end(partial(self._end_failed, ErrorInfo(error.message, error.code, error.details)))
        except Exception as error:
            _log.exception("item %s failed by a mistake of ours", self._item.id)
            details = {"cause": f"{type(error).__name__}: {error}"}
            message = "Something went wrong inside CardForge. The log has the details; please report it."
            self._end(partial(self._end_failed, ErrorInfo(message, "INTERNAL_ERROR", details)))
        finally:
            calls_done()
            self._tools.live.forget(self._item.id)
            self._announce()

    def _end(self, end: Callable[[], None]) -> None:
        """Note the end in the store; a store that is busy or full is asked again before it is given up."""
        for pause in (*_PAUSES_BEFORE_GIVING_UP, None):
            try:
                end()
            except Exception as error:  # whatever it is: here is nobody left to tell
                _log.warning("the end of item %s could not be noted", self._item.id, exc_info=error)
            else:
                return
            if pause is None or not self._cancellation.pause(pause):
                # The row stays `processing`; the next start finds this worker gone and queues it again.
                return

    def _make_card(self, calls_done: Callable[[], None]) -> None:
        self._announce()
        if self._item.attempts > 1:
            earlier = self._tools.ledger.of_items([self._item.id])
            self._spent = earlier.get(self._item.id, self._spent)
        if self._item.card_id is not None:
            self._export(self._tools.library.card(self._item.card_id), resumed=True)
            return
        source = self._read_source()
        engine = self._tools.engines.get(self._item.engine)
        draft = self._write(source, engine)
        calls_done()
        self._cancellation.check()
        self._export(self._save(draft, engine), resumed=False)

    def _read_source(self) -> SourceText:
        """The text kept when the item was added; read now when the app was closed before that."""
        self._tools.live.stage(self._item.id, "reading", 0.0, restarted=True)
        if self._item.source is not None:
            with self._tools.store.read() as session:
                return load_source(session, self._item.source)
        from cardforge_desktop.sources.reader import read

        source = read(Path(self._item.source_path))
        with self._tools.store.write() as session:
            digest = keep_source(session, source)
            session.get_one(ItemRow, self._item.id).source = digest
        return source

    def _write(self, source: SourceText, engine: Engine) -> Draft:
        from cardforge_desktop.generation.writer import write_card
        from cardforge_desktop.tokens import tokenizer_for

        item = self._item
        order = Order(
            source=source,
            profile=self._tools.profiles.at(item.profile_id, item.profile_version),
            traits=engine.traits,
            count_tokens=tokenizer_for(engine.connection.model).count,
            include_book=item.include_book,
        )
        tools = self._tools
        ask = Caller(
            item,
            engine,
            network=tools.network,
            ledger=tools.ledger,
            places=tools.places,
            cancellation=self._cancellation,
            spent=self._spent,
        )
        try:
            return write_card(order, ask, ItemWatcher(self._tools.live, self._item.id))
        finally:
            self._spent = ask.spent

    def _save(self, draft: Draft, engine: Engine) -> StoredCard:
        """Card, picture, revision and what the item used: one transaction, before any file is written."""
        self._tools.live.stage(self._item.id, "saving", 1.0)
        item = self._item
        avatar, avatar_warnings = self._avatar(draft.card.name)
        warnings = [*draft.warnings, *avatar_warnings]
        card = _signed(draft.card, item)
        origin = Origin(
            profile=item.profile,
            profile_version=item.profile_version,
            engine=item.engine,
            draft=engine.traits.draft,
            source=item.source_name,
            batch_id=item.batch_id,
            item_id=item.id,
        )
        with self._tools.store.write() as session:
            card = self._tools.library.with_own_book_name(session, card)
            stored = self._tools.library.add(session, card, avatar, origin)
            kept = transitions.move_own(
                session,
                item,
                ItemStatus.PROCESSING,
                card_id=stored.summary.id,
                stage="saving",
                warnings=warnings,
                **self._usage(),
            )
            if not kept:
                raise CancelledByUser  # meanwhile; rolls the card back
            self._tools.ledger.forget_answers(session, item.id)
        self._tools.hub.changed.emit(Changed(Kind.CARD, frozenset({stored.summary.id})))
        return stored

    def _usage(self) -> dict[str, Any]:
        """The columns of what the item took."""
        spent = self._spent
        return {
            "input_tokens": spent.input_tokens if spent.calls else None,
            "output_tokens": spent.output_tokens if spent.calls else None,
            "cost": spent.cost if spent.calls and not spent.unknown_calls else None,
        }

    def _avatar(self, name: str) -> tuple[bytes, list[str]]:
        """The picture beside the source, else a drawn one."""
        from cardforge_desktop.cards.avatar import LARGEST_FILE, AvatarError, draw_placeholder, load_avatar

        if not self._item.avatar_path:
            return draw_placeholder(name), []
        path = Path(self._item.avatar_path)
        try:
            with path.open("rb") as file:  # a file may be larger than the memory
                return load_avatar(file.read(LARGEST_FILE + 1)), []
        except (OSError, AvatarError) as error:
            reason = error.message if isinstance(error, AvatarError) else str(error.strerror)
            return draw_placeholder(name), [f"{path.name} could not be used as the avatar: {reason}"]

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
            mark=item.id.replace("_", ""),
        )
        files = export(stored.package, order, resumed=resumed)
        with self._tools.store.write() as session:
            self._tools.library.add_files(session, stored.summary.id, files, stored.version)
            done = {"stage": "", "finished_at": now(), "worker_id": ""}
            transitions.move_own(session, item, ItemStatus.COMPLETED, **done)
            transitions.settle_batches(session, [item.batch_id])
        self._tools.hub.changed.emit(Changed(Kind.CARD, frozenset({stored.summary.id})))

    def _end_cancelled(self) -> None:
        """Cancelled for good, or queued again for the next start when the app closes."""
        ended = not self._cancellation.interrupted
        after = ItemStatus.CANCELLED if ended else ItemStatus.QUEUED
        values = {"stage": "", "worker_id": "", "finished_at": now() if ended else None, **self._usage()}
        with self._tools.store.write() as session:
            if not transitions.move_own(session, self._item, after, **values):
                # Cancelled in the store already: what it took until then is still to be noted.
                cancelled = [ItemStatus.CANCELLED]
                transitions.move(session, [self._item.id], cancelled, ItemStatus.CANCELLED, **self._usage())
            transitions.settle_batches(session, [self._item.batch_id])

    def _end_failed(self, error: ErrorInfo) -> None:
        with self._tools.store.write() as session:
            transitions.fail_own(session, self._item, error, **self._usage())
            transitions.settle_batches(session, [self._item.batch_id])

    def _announce(self) -> None:
        self._tools.hub.changed.emit(Changed(Kind.ITEM, frozenset({self._item.id})))
        self._tools.hub.changed.emit(Changed(Kind.BATCH, frozenset({self._item.batch_id})))


def _signed(card: Card, item: ItemRow) -> Card:
    """The card with how it was made, under our own name in `extensions`."""
    known = card.extensions.get("cardforge")
    made = {
        **(known if isinstance(known, dict) else {}),
        "app": f"CardForge Desktop {__version__}",
        "engine": item.engine,
        "profile": item.profile,
        "made": now().isoformat(timespec="seconds"),
    }
    return card.model_copy(update={"extensions": {**card.extensions, "cardforge": made}})
