"""What the grid and the table of cards have in common: keys, dragging, which rows one sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QTableView

from cardforge_desktop.ui.library.card_model import SUMMARY, CardModel

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary


class CardGridBase(QListView):
    """Qt has no multiple inheritance of widgets, so these signals stand twice.

    Signals:
        opened(str): Enter or a double click on this card.
        drag_wanted(): the selected cards are being dragged.
        removal_wanted(): Delete.
        undo_wanted(): Ctrl+Z.
        menu_wanted(QPoint): the context menu, at this point of the screen.
    """

    opened = Signal(str)
    drag_wanted = Signal()
    removal_wanted = Signal()
    undo_wanted = Signal()
    menu_wanted = Signal(QPoint)


class CardTableBase(QTableView):
    """See `CardGridBase`."""

    opened = Signal(str)
    drag_wanted = Signal()
    removal_wanted = Signal()
    undo_wanted = Signal()
    menu_wanted = Signal(QPoint)


def set_up(view: CardGridBase | CardTableBase) -> None:
    """What both views are set to."""
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setDragEnabled(True)
    view.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
    view.setMouseTracking(True)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    view.customContextMenuRequested.connect(
        lambda point: view.menu_wanted.emit(view.viewport().mapToGlobal(point))
    )  # the menu key asks for it too
    view.doubleClicked.connect(lambda index: open_index(view, index))


def open_index(view: CardGridBase | CardTableBase, index: QModelIndex) -> None:
    """Say that the card at `index` is to be opened."""
    card: CardSummary | None = index.data(SUMMARY) if index.isValid() else None
    if card is not None:
        view.opened.emit(card.id)


def takes_key(view: CardGridBase | CardTableBase, event: QKeyEvent) -> bool:
    """Enter opens, Delete removes, Ctrl+Z brings back; whether it was one of these keys."""
    if event.matches(QKeySequence.StandardKey.Undo):
        view.undo_wanted.emit()
        return True
    match event.key():
        case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers():
            open_index(view, view.currentIndex())
        case Qt.Key.Key_Delete if not event.modifiers():
            view.removal_wanted.emit()
        case _:
            return False
    return True


def go_to(view: QAbstractItemView, row: int) -> None:
    """Make a row the current and only selected one."""
    index = view.model().index(row, 0)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().setCurrentIndex(index, flags)
    view.scrollTo(index)


class TypeToFind:
    """Letters typed one after the other are the beginning of a name.

    Qt's own way asks the model for its names one by one: too slow for ten thousand.
    """

    def __init__(self, view: QAbstractItemView, model: CardModel) -> None:
        self._view, self._model = view, model
        self._typed = ""
        self._since = QElapsedTimer()

    def type(self, text: str) -> None:
        """Another letter."""
        fresh = not self._since.isValid() or self._since.hasExpired(QApplication.keyboardInputInterval())
        self._since.start()
        self._typed = text if fresh else self._typed + text
        current = max(0, self._view.currentIndex().row())
        row = self._model.find(self._typed, current + 1 if fresh else current)
        if row is not None:
            go_to(self._view, row)
