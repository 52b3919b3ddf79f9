"""The book that is open in the panel, what is done to it, and the way back."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.core_events import ids_of

if TYPE_CHECKING:
    from cardforge_desktop.books.model import Book, Change, Step
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.services import Services

_MOST_STEPS = 500
#: Seconds within which typing in one field is one step of undo, and the longest such step.
_ONE_STEP, _LONGEST_STEP = 1.5, 10.0


@dataclass(frozen=True, slots=True)
class Deed:
    """One step of undo or redo.

    Attributes:
        text: what was done, for menus: “Delete 3 entries”.
        steps: what takes it back.
        typed: the field that was typed in, "" for anything else.
        begun: seconds on a clock that only goes forward.
        book_id: the book that was open.
    """

    text: str
    steps: tuple[Step, ...]
    typed: str
    begun: float
    book_id: str


@dataclass(slots=True)
class _Wish:
    text: str
    steps: tuple[Step, ...]
    typed: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    way: str = "do"
    heard: Callable[[Change | CardForgeError], None] | None = None


class BookSession(QObject):
    """One open book, changes in the order they were asked for, and undo across all books. Window's thread.

    Every change is stored at once, on a worker; closing the app waits for it. Widgets show what they asked
    for and hear of the rest by `entries_changed`.

    Signals:
        opened(): another book is open, or none (`book` is None).
        book_changed(): the open book's head or totals are others.
        entries_changed(object): frozenset of ids of entries that were put; empty = any may have changed,
            come or gone: read anew. Also for what other processes and panels did.
        went(object): undo or redo put these entries (tuple of ids): show them.
        undo_changed(): what `undo` and `redo` would do is another thing.
        failed(object): a change could not be made (`CardForgeError`); nothing of it was.
        selected(object): tuple of the ids of the entries that are selected now.
        wanted(str): somebody wants the entry with this id to be selected and shown.
        book_wanted(str): somebody wants the book with this id to be opened.
        flushing(): something else is about to be done: who holds back what is typed asks for it now.
    """

    opened = Signal()
    book_changed = Signal()
    entries_changed = Signal(object)
    went = Signal(object)
    undo_changed = Signal()
    failed = Signal(object)
    selected = Signal(object)
    wanted = Signal(str)
    book_wanted = Signal(str)
    flushing = Signal()

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._book: Book | None = None
        self._book_id = ""
        self._selection: tuple[str, ...] = ()
        self._versions: dict[str, int] = {}
        self._undo: list[Deed] = []
        self._redo: list[Deed] = []
        self._waiting: deque[_Wish] = deque()
        self._at_work = False
        self._typed_at = float("-inf")
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
        return self._undo[-1].text if self._undo else ""

    @property
    def redo_text(self) -> str:
        """What `redo` would do again, "" for nothing."""
        return self._redo[-1].text if self._redo else ""

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
        self._ask(_Wish(text, tuple(steps), typed, dict(expected or {}), heard=heard))

    def flush(self) -> None:
        """Have all asked for that was typed so far: before it is read, or before anything else is done."""
        self.flushing.emit()

    @Slot()
    def undo(self) -> None:
        """Take the last deed back, in whatever book it was done."""
        self.flush()
        self._ask(_Wish("", (), way="undo"))

    @Slot()
    def redo(self) -> None:
        """Do again what was taken back last."""
        self.flush()
        self._ask(_Wish("", (), way="redo"))

    def _ask(self, wish: _Wish) -> None:
        self._waiting.append(wish)
        if not self._at_work:
            self._at_work = True
            self._services.background.finish(self._work())

    async def _work(self) -> None:
        try:
            while self._waiting:
                await self._fulfil(self._waiting.popleft())
        finally:
            self._at_work = False

    async def _fulfil(self, wish: _Wish) -> None:
        text, steps, book_id = wish.text, wish.steps, self._book_id
        expected = {
            entry_id: max(self._versions.get(entry_id, at), at) for entry_id, at in wish.expected.items()
        }
        if wish.way != "do":
            deeds = self._undo if wish.way == "undo" else self._redo
            if not deeds:
                return
            text, steps, book_id = deeds[-1].text, deeds[-1].steps, deeds[-1].book_id
            expected = self._known(steps)
        try:
            change = await self._services.background.call(lambda ws: ws.books.change(steps, expected))
        except CardForgeError as error:
            (wish.heard or self.failed.emit)(error)
            await self._read()
            self.entries_changed.emit(frozenset())
            return
        self._note(wish, Deed(text, change.undo, wish.typed, time.monotonic(), book_id))
        self._versions.update(change.versions)
        if wish.heard is not None:
            wish.heard(change)
        await self._show(wish.way, book_id, change)

    def _known(self, steps: Sequence[Step]) -> dict[str, int]:
        """The versions this session made of the entries that `steps` put: nobody else's are written over."""
        from cardforge_desktop.books.model import Put

        put = (state.id for step in steps if isinstance(step, Put) for state in step.entries)
        return {entry_id: self._versions[entry_id] for entry_id in put if entry_id in self._versions}

    def _note(self, wish: _Wish, deed: Deed) -> None:
        if wish.way == "undo":
            self._undo.pop()
            self._redo.append(deed)
        elif wish.way == "redo":
            self._redo.pop()
            self._undo.append(deed)
        else:
            self._redo.clear()
            if not self._continues(deed):
                self._undo.append(deed)
                del self._undo[:-_MOST_STEPS]
        self._typed_at = deed.begun if wish.typed and wish.way == "do" else float("-inf")
        self.undo_changed.emit()

    def _continues(self, deed: Deed) -> bool:
        """Whether it goes on with what was typed just before: the older way back leads back before both."""
        if not self._undo or not deed.typed:
            return False
        last = self._undo[-1]
        return (
            last.typed == deed.typed
            and deed.begun - self._typed_at < _ONE_STEP
            and deed.begun - last.begun < _LONGEST_STEP
        )

    async def _show(self, way: str, book_id: str, change: Change) -> None:
        for entry_id in [gone for gone in self._versions if gone not in change.versions]:
            if _is_removed(change, entry_id):
                del self._versions[entry_id]
        if way != "do" and book_id and book_id != self._book_id and book_id in change.revisions:
            self.book_wanted.emit(book_id)
        await self._read()
        whole = way != "do" or _changes_rows(change)
        self.entries_changed.emit(frozenset() if whole else frozenset(change.versions))
        if way != "do":
            self.went.emit(tuple(change.versions))

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
        if before.summary.revision != after.summary.revision:
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
            self.opened.emit()
        elif book != before:
            self.book_changed.emit()


def _is_removed(change: Change, entry_id: str) -> bool:
    """Whether taking `change` back would make this entry anew: it is gone now."""
    from cardforge_desktop.books.model import Put

    put = (step for step in change.undo if isinstance(step, Put))
    return any(state.id == entry_id for step in put for state in step.entries)


def _changes_rows(change: Change) -> bool:
    """Whether entries came, went or moved, beside those whose content changed."""
    from cardforge_desktop.books.model import Put

    same = {state.id for step in change.undo if isinstance(step, Put) for state in step.entries}
    return len(change.revisions) > 1 or same != set(change.versions) or len(change.undo) != 1
