"""Which entries are selected, also while the rows under them change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal, Slot

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.entry_model import EntryModel
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services

_FLAGS = QItemSelectionModel.SelectionFlag
#: Up to so many ids are looked for among the lines at hand.
_FEW = 200


class EntrySelection(QObject):
    """Goes by the numbers of entries, not by rows, and tells the session. Lives on the window's thread.

    What is selected and not shown (an entry that is being edited and no longer fits the search) stays
    selected until the person selects something else or searches for something else.

    Signals:
        moved(): the person selected other entries.
    """

    moved = Signal()

    def __init__(self, services: Services, session: BookSession, model: EntryModel) -> None:
        super().__init__(model)
        self._background, self._session, self._model = services.background, session, model
        self.rows = QItemSelectionModel(model, self)
        self._hidden: frozenset[int] = frozenset()
        self._current: int | None = None  # of the row that had the focus before the rows changed
        self._at = 0
        self._is_restoring = False
        self._telling = 0
        self.rows.selectionChanged.connect(self._on_selected)
        model.modelAboutToBeReset.connect(self._note)

    @property
    def numbers(self) -> frozenset[int]:
        """Numbers of the selected entries, shown or not."""
        return frozenset(self._shown()) | self._hidden

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return not self.rows.hasSelection() and not self._hidden

    def seen(self, most: int) -> list[int]:
        """Numbers of entries around the current row."""
        first = max(0, self._at_row() - most)
        return list(self._model.numbers[first : first + 2 * most])

    def restore(self, runs: Iterable[tuple[int, int]]) -> None:
        """After the rows changed: these are the selected ones."""
        self._is_restoring = True
        chosen = self._model.spanned(runs)
        self.rows.select(chosen, _FLAGS.ClearAndSelect)
        if not self.rows.currentIndex().isValid():  # else the rows are the same ones, and it is where it was
            self._restore_current(chosen)
        self._hidden -= frozenset(self._shown())
        self._is_restoring = False

    def _restore_current(self, chosen: QItemSelection) -> None:
        at = self._model.row_of(self._current) if self._current is not None else None
        if at is None and not chosen.isEmpty():
            at = chosen.first().top()
        if at is not None:
            self.rows.setCurrentIndex(self._model.index(at, 0), _FLAGS.NoUpdate)

    def forget_hidden(self) -> None:
        """What is not shown is no longer selected."""
        self._hidden = frozenset()

    def forget(self) -> None:
        """Nothing is selected: another book."""
        self._hidden, self._current, self._at = frozenset(), None, 0
        self._is_restoring = True
        self.rows.clear()
        self._is_restoring = False

    def choose(self, rows: Sequence[int]) -> None:
        """Select these rows, the first of them becomes current; told like a person's choice."""
        self.choose_runs([(row, row) for row in rows])

    def choose_runs(self, runs: Sequence[tuple[int, int]]) -> None:
        """Select these runs of rows likewise; the first row of the first becomes current."""
        self._hidden = frozenset()
        self._is_restoring = True
        self.rows.clearSelection()  # else Qt compares each run that was selected with each that is to be
        self._is_restoring = False
        self.rows.select(self._model.spanned(runs), _FLAGS.ClearAndSelect)
        if runs:
            self.rows.setCurrentIndex(self._model.index(runs[0][0], 0), _FLAGS.NoUpdate)

    def choose_neighbour(self) -> None:
        """What stands where the selected ones were, that are gone; nothing where nothing is left."""
        self._hidden = frozenset()
        if total := self._model.rowCount():
            self.choose([min(self._at, total - 1)])
        else:
            self.tell()

    def tell(self) -> None:
        """Let the session know."""
        numbers = [*self._shown(), *self._hidden]
        known = [self._model.known(number) for number in numbers] if len(numbers) <= _FEW else [None]
        self._telling += 1
        if all(line is not None for line in known):
            self._session.select(line.id for line in known if line is not None)
        else:
            self._background.start(self._tell(numbers, self._telling))

    async def _tell(self, numbers: list[int], telling: int) -> None:
        ids = await self._background.call(lambda ws: ws.book_search.ids(numbers))
        if telling == self._telling:
            self._session.select(ids)

    def _shown(self) -> list[int]:
        numbers: list[int] = []
        for run in sorted(self.rows.selection().toList(), key=lambda run: run.top()):
            numbers += self._model.numbers[run.top() : run.bottom() + 1]
        return numbers

    def _at_row(self) -> int:
        return max(0, self.rows.currentIndex().row())

    @Slot()
    def _note(self) -> None:
        """The rows are about to be others."""
        self._hidden = self.numbers
        if self.rows.currentIndex().isValid():
            self._at = self._at_row()
            self._current = self._model.numbers[self._at]

    @Slot()
    def _on_selected(self) -> None:
        if not self._is_restoring:
            self._hidden = frozenset()
            self.tell()
            self.moved.emit()
