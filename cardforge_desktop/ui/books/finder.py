"""Which entries are shown: asked for on workers, the first screen at once, the rest behind it."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced

if TYPE_CHECKING:
    from cardforge_desktop.books.model import EntryLine
    from cardforge_desktop.books.search import Counts, EntryQuery, Page
    from cardforge_desktop.ui.books.entry_model import EntryModel
    from cardforge_desktop.ui.books.selection import EntrySelection
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

#: Around the current entry, rows that are read at once when something changed: a large screen of them.
_AROUND = 64
#: Milliseconds without another key before all that was found is counted. Somebody who types fast presses a
#: key each 80 to 120: counting in between would take the processor from the list that the next key wants.
_REST_MS = 150
#: What changes in the store is read at most so often.
_AGAIN_MS = 120
#: Lines that are read in one go.
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Found:
    """All that a query found.

    Attributes:
        is_fresh: for the first time since the query is another one.
        kept, rows: numbers of the entries that were selected, and where they stand: runs of rows.
        there: ids of those of them that are still in the book, shown or not.
        lines: entries in sight, as they are now.
    """

    numbers: array[int]
    counts: Counts
    is_fresh: bool
    kept: frozenset[int]
    rows: tuple[tuple[int, int], ...]
    there: tuple[str, ...]
    lines: tuple[EntryLine, ...]


class EntryFinder(QObject):
    """Fills the model. Of several wishes the newest wins; lives on the window's thread.

    Signals:
        begun(): the first rows of another query are shown.
        whole(Found): all rows are known. After `begun`, or, where the query stayed, after something changed.
        failed(object): the store could not be asked (`CardForgeError`).
    """

    begun = Signal()
    whole = Signal(object)
    failed = Signal(object)

    def __init__(
        self, services: Services, model: EntryModel, selection: EntrySelection, room: Callable[[], int]
    ) -> None:
        """Args:
        room: how many entries are in sight at most. So many are read before all others.
        """
        super().__init__(model)
        self._room = room
        self._background = services.background
        self._model, self._selection = model, selection
        self._query: EntryQuery | None = None
        self._waiting: EntryQuery | None = None
        self._is_asking = self._is_reading = self._is_fresh = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._again = Paced(services.background, _AGAIN_MS, self._read_again)
        self._rest.timeout.connect(self._start_rest)
        model.missing.connect(self._bring)

    @property
    def query(self) -> EntryQuery | None:
        """What is shown, or about to be."""
        return self._query

    @property
    def is_busy(self) -> bool:
        """Whether something that was asked for is not shown yet."""
        return self._is_asking or self._is_fresh

    def want(self, query: EntryQuery | None) -> None:
        """Show these entries, None for none."""
        self._query = self._waiting = query
        self._rest.stop()
        if query is None:
            self._model.show_page((), "")
            self.begun.emit()
        elif not self._is_asking:
            self._is_asking = True
            self._background.start(self._ask())

    @Slot()
    def look_again(self) -> None:
        """Entries changed."""
        if self._query is not None:
            self._again.ask()

    async def _ask(self) -> None:
        try:
            while (query := self._waiting) is not None:
                self._waiting = None
                page = await self._background.call(partial(_page, query=query, limit=self._room()))
                if self._query is not None and self._query.book_id == query.book_id:
                    self._is_fresh = True
                    self._model.show_page(page.lines, query.text)
                    self.begun.emit()
        except CardForgeError as error:
            self.failed.emit(error)
            return
        finally:
            self._is_asking = False
        if self._query is not None and shiboken6.isValid(self):
            self._rest.start()

    @Slot()
    def _start_rest(self) -> None:
        self._again.ask()

    async def _read_again(self) -> None:
        query = self._query
        if query is None or self._is_asking:
            return
        kept, current = self._selection.numbers, self._model.numbers
        is_fresh, at_hand = self._is_fresh, self._selection.seen(_AROUND)
        try:
            found = await self._background.call(lambda ws: _all(ws, query, kept, at_hand, is_fresh=is_fresh))
        except CardForgeError as error:
            if query is self._query:
                self._is_fresh = False
                self.failed.emit(error)
            return
        if query is self._query and not self._is_asking and self._model.numbers is current:
            self._is_fresh = False
            self.whole.emit(found)

    @Slot()
    def _bring(self) -> None:
        if not self._is_reading:
            self._is_reading = True
            self._background.start(self._read_lines())

    async def _read_lines(self) -> None:
        try:
            while asked := self._model.take_missing()[-_AT_ONCE:]:  # the newest: what is in sight now
                typed = self._model.typed
                lines = await self._background.call(partial(_lines, numbers=asked, typed=typed))
                if typed == self._model.typed:  # else these lines show what was searched for before
                    self._model.bring(asked, lines)
        finally:
            self._is_reading = False


def _page(ws: Workspace, query: EntryQuery, limit: int) -> Page:
    return ws.book_search.page(query, limit)


def _lines(ws: Workspace, numbers: Sequence[int], typed: str) -> tuple[EntryLine, ...]:
    return ws.book_search.lines(numbers, typed)


def _all(
    ws: Workspace, query: EntryQuery, kept: frozenset[int], at_hand: Sequence[int], *, is_fresh: bool
) -> Found:
    """All that the query finds, and what became of what was selected. Slow."""
    search = ws.book_search
    numbers, counts = search.numbers(query), search.counts(query)
    rows, there = rows_of(numbers, kept), search.ids(list(kept), query.book_id)
    return Found(numbers, counts, is_fresh, kept, rows, there, search.lines(at_hand, query.text))


def rows_of(numbers: Sequence[int], kept: Collection[int]) -> tuple[tuple[int, int], ...]:
    """Where these stand, as runs of rows."""
    runs: list[tuple[int, int]] = []
    wanted = frozenset(kept)
    for row in (at for at, number in enumerate(numbers) if number in wanted) if wanted else ():
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return tuple(runs)
