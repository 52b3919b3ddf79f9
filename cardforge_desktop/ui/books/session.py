"""The book that is open in the panel, what is done to it, and the way back."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui.books.deeds import Deed, Deeds, changed_fields
from cardforge_desktop.ui.books.touched import changed_ids, changes_rows, free, put_ids, states
from cardforge_desktop.ui.books.wishes import Plan, Wish
from cardforge_desktop.ui.core_events import ids_of

if TYPE_CHECKING:
    from cardforge_desktop.books.model import Book, Change, Step
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

#: Entries from which on freeing them takes longer than the window may be busy.
_MANY = 1_000


if TYPE_CHECKING:
    #: The plan, what it did, and whether that changes rows; None: there was nothing to do.
    Outcome = tuple[Plan, Change, bool] | None
    #: What a wish comes to, on a worker: told where to say how far it is, and what says that it shall end.
    Working = Callable[[Workspace, Callable[[int, int], None], threading.Event], Outcome]


class BookSession(QObject):
    """One open book, changes in the order they were asked for, and undo across all books. Window's thread.

    Every change is stored at once, on a worker; closing the app waits for it. Widgets show what they asked
    for and hear of the rest by `entries_changed`.

    Signals:
        opened(): another book is open, or none (`book` is None).
        book_changed(): the open book's head or totals are others.
        entries_changed(object): frozenset of ids of entries that were put; empty = any may have changed,
            come or gone: read anew. Also for what other processes and panels did.
        went(object, object): undo or redo put these entries (tuple of ids): show them. Of a single one
            also the names of the fields that are others now (frozenset).
        busy_changed(): `is_busy` is another.
        undo_changed(): what `undo` and `redo` would do is another thing.
        failed(object): a change could not be made (`CardForgeError`); nothing of it was.
        cancelled(): the person ended a long change; all is as it was.
        selected(object): tuple of the ids of the entries that are selected now.
        wanted(str): somebody wants the entry with this id to be selected and shown.
        book_wanted(str): somebody wants the book with this id to be opened.
        sought(): other entries are looked for: what has time waits till nobody types any more.
        flushing(): something else is about to be done: who holds back what is typed asks for it now.
    """

    opened = Signal()
    book_changed = Signal()
    entries_changed = Signal(object)
    went = Signal(object, object)
    busy_changed = Signal()
    undo_changed = Signal()
    failed = Signal(object)
    cancelled = Signal()
    selected = Signal(object)
    wanted = Signal(str)
    book_wanted = Signal(str)
    sought = Signal()
    flushing = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._book: Book | None = None
        self._book_id = ""
        self._selection: tuple[str, ...] = ()
        self._versions: dict[str, int] = {}
        self._deeds = Deeds()
        self._waiting: deque[Wish] = deque()
        self._at_work = False
        self._told_revision = 0
        self._follow: Callable[[Working], Awaitable[Outcome]] = self._call
        services.events.changed.connect(self._on_changed)

    # What is there

    @property
    def book(self) -> Book | None:
        """The open book, as it was last read."""
        return self._book

    @property
    def book_id(self) -> str:
        """The id of the book that is open or about to be, "" for none."""
        return self._book_id

    @property
    def selection(self) -> tuple[str, ...]:
        """Ids of the selected entries."""
        return self._selection

    @property
    def is_busy(self) -> bool:
        """Whether a change is on its way to the store."""
        return self._at_work

    @property
    def undo_text(self) -> str:
        """What `undo` would take back, "" for nothing."""
        deed = self._deeds.next("undo")
        return deed.text if deed is not None else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again, "" for nothing."""
        deed = self._deeds.next("redo")
        return deed.text if deed is not None else ""

    def open(self, book_id: str) -> None:
        """Open a book, "" for none; `opened` follows."""
        if book_id != self._book_id:
            self._book_id, self._book, self._selection = book_id, None, ()
            self._services.background.start(self._read(opening=True))

    def select(self, ids: Iterable[str]) -> None:
        """These entries are selected now: told by the view of entries."""
        chosen = tuple(ids)
        if chosen != self._selection:
            self._selection = chosen
            self.selected.emit(chosen)

    def follow_with(self, follow: Callable[[Working], Awaitable[Outcome]]) -> None:
        """Have changes followed, and ended, as `ProgressStrip.follow` does it."""
        self._follow = follow

    # What is done

    def do(
        self,
        text: str,
        steps: Sequence[Step],
        *,
        typed: str = "",
        expected: Mapping[str, int] | None = None,
        heard: Callable[[Change | CardForgeError], None] | None = None,
    ) -> None:
        """Do steps, all or none, after everything that was asked for before.

        Args:
            text: what it is, for the menu of undo.
            typed: a name of the field that is being typed in: what follows shortly in it is one step of undo.
            expected: entries whose versions must still be these, as they were shown. Newer versions that
                this session itself made count as well.
            heard: told how it went, before `entries_changed`; an error then goes to it, not to `failed`.
        """
        if not typed:
            self.flush()
        self._ask(Wish(text, tuple(steps), typed, dict(expected or {}), heard=heard))

    def plan(
        self,
        make: Callable[[Workspace], Plan | None],
        heard: Callable[[Change | CardForgeError], None] | None = None,
        idle: Callable[[], object] | None = None,
    ) -> None:
        """As `do`, with steps that `make` works out on a worker after everything before is stored.

        So it reads what was typed a moment ago. None = there is nothing to do: `idle` is told.
        """
        self.flush()
        self._ask(Wish("", (), make=make, heard=heard, idle=idle))

    def flush(self) -> None:
        """Have all asked for that was typed so far: before it is read, or before anything else is done."""
        self.flushing.emit()

    @Slot()
    def undo(self) -> None:
        """Take the last deed back, in whatever book it was done."""
        self.flush()
        self._ask(Wish("", (), way="undo"))

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last."""
        self.flush()
        self._ask(Wish("", (), way="redo"))

    def _ask(self, wish: Wish) -> None:
        wish.book_id = self._book_id
        self._waiting.append(wish)
        if not self._at_work:
            self._at_work = True
            self.busy_changed.emit()
            self._services.background.finish(self._work())

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._fulfil(self._waiting.popleft())
        finally:
            self._at_work = False
            self.busy_changed.emit()

    async def _fulfil(self, wish: Wish) -> None:
        try:
            outcome = await self._follow(partial(self._work_out, wish))
        except Exception as error:
            self._give_up(wish, error)
            await self._read()
            self._is_news()
            self.entries_changed.emit(frozenset())
            return
        if outcome is None:
            if wish.idle is not None:
                wish.idle()
            return
        plan, change, changes_rows = outcome
        if wish.way != "do":
            wish.fields = changed_fields(plan.steps, change.undo)
        deed = Deed(plan.text, change.undo, wish.typed, time.monotonic(), wish.book_id)
        done = [plan.steps, *(gone.steps for gone in self._deeds.note(wish.way, deed))]
        del outcome, plan, deed
        wish.steps = ()
        self._let_go(done)
        self.undo_changed.emit()
        if wish.heard is not None:
            wish.heard(change)
        await self._show(wish, change, changes_rows=changes_rows)

    async def _call(self, work: Working) -> Outcome:
        """Nobody looks on."""
        never = threading.Event()
        return await self._services.background.call(lambda ws: work(ws, lambda _done, _of: None, never))

    def _work_out(
        self, wish: Wish, ws: Workspace, told: Callable[[int, int], None], cancelled: threading.Event
    ) -> Outcome:
        """Find what is to be done, and do it. On a worker; nothing else of the session is done then."""
        from cardforge_desktop.books.parts import Watch

        plan = self._plan_of(wish, ws)
        if plan is None:
            return None
        change = ws.books.change(plan.steps, plan.expected, Watch(told, cancelled))
        self._note_versions(change)
        return plan, change, changes_rows(change)

    def _plan_of(self, wish: Wish, ws: Workspace) -> Plan | None:
        """What the wish means by now; None = nothing."""
        if wish.make is not None:
            return wish.make(ws)
        if wish.way == "do":
            known = self._versions
            expected = {entry_id: max(known.get(entry_id, at), at) for entry_id, at in wish.expected.items()}
            return Plan(wish.text, wish.steps, expected)
        deed = self._deeds.next(wish.way)
        if deed is None:
            return None
        wish.book_id = deed.book_id
        return Plan(deed.text, deed.steps, self._known(deed.steps))

    def _known(self, steps: Sequence[Step]) -> dict[str, int]:
        """The versions this session made of the entries in `steps`: nobody else's are written over. Slow."""
        ids = itertools.chain.from_iterable(changed_ids(step) for step in steps)
        return {entry_id: self._versions[entry_id] for entry_id in ids if entry_id in self._versions}

    def _give_up(self, wish: Wish, error: Exception) -> None:
        """A change was refused, and nothing of it made.

        Of undo: what cannot be done ever is forgotten; what somebody else changed meanwhile is done when it
        is asked for again, now that the person was told. Redo brings theirs back.
        """
        from cardforge_desktop.books.errors import ChangeCancelledError

        if isinstance(error, ChangeCancelledError):
            self._versions.update(error.versions)
            self.cancelled.emit()
            return
        if not isinstance(error, CardForgeError):  # a full disk: logged and told by the window
            self._services.background.failed.emit(error)
            if wish.heard is not None:
                wish.heard(CardForgeError(ErrorCode.INTERNAL_ERROR, "The change could not be stored."))
            return
        deed = self._deeds.next(wish.way) if wish.way != "do" else None
        if deed is not None and error.code == ErrorCode.BOOK_NOT_FOUND:
            self._deeds.drop(wish.way)
            self.undo_changed.emit()
        elif deed is not None and error.code == ErrorCode.BOOK_CHANGED:
            for entry_id in self._known(deed.steps):
                del self._versions[entry_id]
        (wish.heard or self.failed.emit)(error)

    def _let_go(self, done: list[tuple[Step, ...]]) -> None:
        """Have many entries freed on a worker that nobody needs any more; the list is used up."""
        if sum(len(states(step)) for steps in done for step in steps) > _MANY:
            background = self._services.background
            background.start(background.run(partial(free, done)))

    def _note_versions(self, change: Change) -> None:
        """Those of entries that were put; an entry that taking it back would make anew is gone."""
        for step in change.undo:
            for entry_id in put_ids(step):
                self._versions.pop(entry_id, None)
        self._versions.update(change.versions)

    async def _show(self, wish: Wish, change: Change, *, changes_rows: bool) -> None:
        if wish.way != "do" and wish.book_id != self._book_id and wish.book_id in change.revisions:
            self.book_wanted.emit(wish.book_id)
        await self._read()
        whole = wish.way != "do" or changes_rows or self._others_changed(change)
        self.entries_changed.emit(frozenset() if whole else frozenset(change.versions))
        if wish.way != "do":
            self.went.emit(tuple(change.versions), wish.fields)

    def _others_changed(self, change: Change) -> bool:
        """Whether the open book was changed by somebody else too, since views were told of it."""
        made, told = change.revisions.get(self._book_id), self._told_revision
        return self._is_news() and made is not None and (told, self._told_revision) != (made - 1, made)

    def _is_news(self) -> bool:
        """Whether the open book has another revision than views were told of; they are told now."""
        before = self._told_revision
        self._told_revision = self._book.summary.revision if self._book is not None else 0
        return before != self._told_revision

    # What others do

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        books, cards = ids_of(Kind.BOOK, changes), ids_of(Kind.CARD, changes)
        concerns = (books is not None and (not books or self._book_id in books)) or (
            cards is not None and self._book is not None and self._book.summary.card_id != ""
        )
        if self._book_id and concerns and not self._at_work:
            self._services.background.start(self._look_again())

    async def _look_again(self) -> None:
        before = self._book
        await self._read(take_in=True)
        after = self._book
        if before is None or after is None or self._at_work:
            return
        if self._is_news():
            self.entries_changed.emit(frozenset())

    async def _read(self, *, opening: bool = False, take_in: bool = False) -> None:
        book_id = self._book_id
        book: Book | None = None
        if book_id:
            try:
                if take_in:  # the card of the book may have changed
                    await self._services.background.call(lambda ws: ws.books.books())
                book = await self._services.background.call(lambda ws: ws.books.book(book_id))
            except CardForgeError as error:
                if opening:
                    self.failed.emit(error)
        if book_id != self._book_id:
            return  # another one is being opened
        before, self._book = self._book, book
        if book is None:
            self._book_id = ""
        if opening or (before is not None and book is None):
            self._is_news()
            self.opened.emit()
        elif book != before:
            self.book_changed.emit()
