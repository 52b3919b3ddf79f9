"""Sizes of dialogs on small screens."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

#: What the frame around a window takes, about; nobody knows it before the window is shown.
_FRAME = QSize(8, 40)


def resize_within_screen(window: QWidget, width: int, height: int) -> None:
    """Give a window that is not shown yet this size, or what there is room for.

    That is its screen, or its parent's window where that is larger still. A laptop of 1280×800 at 150 % has
    853×533.
    """
    room = window.screen().availableGeometry().size()
    parent = window.parentWidget()
    if parent is not None:
        room = room.expandedTo(parent.window().size())
    window.resize(QSize(width, height).boundedTo(room - _FRAME))
