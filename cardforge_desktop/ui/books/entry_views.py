"""What the grid and the table of entries have in common: keys, dragging, which entry to go to."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QTableView


class EntryGridBase(QListView):
    """Qt has no multiple inheritance of widgets, so these signals stand twice.

    Signals:
        opened(): Enter or a double click on the current entry.
        asked(str): ``delete``, ``toggle`` (on and off), ``up`` or ``down`` the selected entries.
        drag_wanted(): drag the selected entries.
        find_wanted(str, bool): go to the next entry whose name begins so; whether a new word was begun.
        menu_wanted(QPoint): the context menu, at this point of the screen.
    """

    opened = Signal()
    asked = Signal(str)
    drag_wanted = Signal()
    find_wanted = Signal(str, bool)
    menu_wanted = Signal(QPoint)


class EntryTableBase(QTableView):
    """See `EntryGridBase`."""

    opened = Signal()
    asked = Signal(str)
    drag_wanted = Signal()
    find_wanted = Signal(str, bool)
    menu_wanted = Signal(QPoint)


def set_up(view: EntryGridBase | EntryTableBase) -> None:
    """What both views are set to."""
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setMouseTracking(True)
    view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    view.customContextMenuRequested.connect(lambda point: _ask_menu(view, point))  # the menu key does too
    view.doubleClicked.connect(lambda _index: view.opened.emit())


def takes_override(event: QEvent) -> bool:
    """Keys that mean something else outside of the list mean entries in it."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    is_ours = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Space) and not event.modifiers()
    if is_ours:
        event.accept()
    return is_ours


def takes_key(view: EntryGridBase | EntryTableBase, finder: TypeToFind, event: QKeyEvent) -> bool:
    """Enter opens, Delete deletes, Space switches on and off, Alt with an arrow moves. False: another key."""
    if step := _step_of(event):
        view.asked.emit(step)
        return True
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
        return False
    match event.key():
        case Qt.Key.Key_Return | Qt.Key.Key_Enter if view.currentIndex().isValid():
            view.opened.emit()
        case Qt.Key.Key_Delete:
            view.asked.emit("delete")
        case Qt.Key.Key_Space if not finder.is_typing:
            view.asked.emit("toggle")
        case _:
            return False
    return True


def _step_of(event: QKeyEvent) -> str:
    """``up`` or ``down`` for Alt with an arrow, "" for any other key."""
    if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != Qt.KeyboardModifier.AltModifier:
        return ""
    return {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"}.get(Qt.Key(event.key()), "")


def go_to(view: QAbstractItemView, row: int) -> None:
    """Make a row the current and only selected one."""
    index = view.model().index(row, 0)
    flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    view.selectionModel().setCurrentIndex(index, flags)
    view.scrollTo(index)


class TypeToFind:
    """Letters typed one after the other are the beginning of a name. Where it stands the store knows."""

    def __init__(self, view: EntryGridBase | EntryTableBase) -> None:
        self._view = view
        self._typed = ""
        self._since = QElapsedTimer()

    @property
    def is_typing(self) -> bool:
        """Whether the last letter is only just typed."""
        return self._since.isValid() and not self._since.hasExpired(QApplication.keyboardInputInterval())

    def type(self, text: str) -> None:
        """Another letter."""
        is_fresh = not self.is_typing
        self._since.start()
        self._typed = text if is_fresh else self._typed + text
        self._view.find_wanted.emit(self._typed, is_fresh)


def _ask_menu(view: EntryGridBase | EntryTableBase, point: QPoint) -> None:
    index: QModelIndex = view.indexAt(point)
    if not index.isValid():
        index = view.currentIndex()
        point = view.visualRect(index).center()
    if index.isValid():
        if not view.selectionModel().isSelected(index):
            go_to(view, index.row())
        view.menu_wanted.emit(view.viewport().mapToGlobal(point))
