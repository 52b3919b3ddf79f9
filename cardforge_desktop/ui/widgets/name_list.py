"""A list of things with names at the left of a panel: one of them is open in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem

from cardforge_desktop.ui.theme import Theme, Tone

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

Index = QModelIndex | QPersistentModelIndex


class NameView(QListView):
    """The rows are all of one height.

    Signals:
        asked(str): a key was pressed that does something with the chosen row: ``delete``, ``rename``,
            or Return, ``enter``.
        menu_wanted(QPoint): the context menu, at this point of the screen.
    """

    asked = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, theme: Theme, model: QAbstractItemModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def dataChanged(self, first: Index, last: Index, _roles: Sequence[int] = ()) -> None:
        """Paint these anew. Qt would lay thousands of rows out, but all are as high as before."""
        self.viewport().update(self.visualRect(first).united(self.visualRect(last)))

    def event(self, event: QEvent) -> bool:
        """Keys that mean something else outside of the list mean its rows here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_ours = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_F2) and not event.modifiers()
            if is_ours:
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete deletes, F2 renames, Return goes into what is chosen."""
        keys = {
            Qt.Key.Key_Delete: "delete",
            Qt.Key.Key_F2: "rename",
            Qt.Key.Key_Return: "enter",
            Qt.Key.Key_Enter: "enter",
        }
        wish = keys.get(Qt.Key(event.key()))
        if wish is not None and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.asked.emit(wish)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The chosen row stays in sight where it was."""
        before = QRect(QPoint(), event.oldSize())
        was_seen = before.intersects(self.visualRect(self.currentIndex()))
        super().resizeEvent(event)
        if was_seen:
            self.scrollTo(self.currentIndex())

    @Slot(QPoint)
    def _ask_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if not index.isValid():  # the menu key, while the chosen one is out of sight
            index = self.currentIndex()
            point = self.visualRect(index).center()
        if index.flags() & Qt.ItemFlag.ItemIsSelectable:
            self.setCurrentIndex(index)
            self.menu_wanted.emit(self.viewport().mapToGlobal(point))


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme, view: QListView) -> None:
    """What is behind a row that is chosen or under the pointer; a frame where the list has the focus."""
    tokens = theme.tokens
    rect = option.rect.adjusted(2, 1, -2, -1)
    chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    if chosen or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.selection if chosen else tokens.hover))
        painter.drawRoundedRect(rect, 6, 6)
    if chosen and view.hasFocus():
        painter.setPen(tokens.tone(Tone.ACCENT))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect, 6, 6)
