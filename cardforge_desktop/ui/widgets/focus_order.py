"""Where Tab goes: in the order of the layouts, whenever the parts were made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QSplitter, QWidget


@runtime_checkable
class Ordered(Protocol):
    """A widget that says itself which of its parts Tab comes to, and in which order."""

    def focus_parts(self) -> Iterable[QWidget]:
        """The parts; those that are left out have another way to the focus."""


def move_focus(root: QWidget, *, forward: bool) -> bool:
    """Give the focus to what stands behind (or before) the part of `root` that has it.

    Qt goes by the order in which parts were made, and those that are made at their first use would come
    last. At either end the focus leaves `root`; in a window it goes on from the other end. False: nothing
    of `root` has the focus, or nothing else takes it.
    """
    order, focused = list(_inside(root)), root.focusWidget()
    if focused not in order:
        return False
    at = order.index(focused) + (1 if forward else -1)
    if 0 <= at < len(order) or root.isWindow():
        target: QWidget | None = order[at % len(order)]
    else:
        target = _outside(root, forward=forward)
    if target is None:
        return False
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    return True


def _takes_focus(part: QWidget) -> bool:
    by_tab = part.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and part.focusProxy() is None and part.isVisible() and part.isEnabled()


def _takers(part: QWidget) -> Iterator[QWidget]:
    if not part.isVisible() or part.isWindow():
        return
    if _takes_focus(part):
        yield part
    yield from _inside(part)


def _inside(part: QWidget) -> Iterator[QWidget]:
    for inner in _parts(part):
        yield from _takers(inner)


def _parts(part: QWidget) -> Iterator[QWidget]:
    layout = part.layout()
    if isinstance(part, Ordered):
        yield from part.focus_parts()
    elif layout is not None:
        yield from _laid_out(layout)
    elif isinstance(part, QSplitter):
        yield from (each for at in range(part.count()) if (each := part.widget(at)) is not None)
    else:
        yield from (each for each in part.children() if isinstance(each, QWidget))


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for at in range(layout.count()):
        item = layout.itemAt(at)
        if item is None:
            continue
        inner, widget = item.layout(), item.widget()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _outside(root: QWidget, *, forward: bool) -> QWidget | None:
    """The nearest part of the window that is not in `root`; None where there is none."""
    part = root.nextInFocusChain() if forward else root.previousInFocusChain()
    while part is not None and part is not root:
        if _takes_focus(part) and not part.isWindow() and not root.isAncestorOf(part):
            return part
        part = part.nextInFocusChain() if forward else part.previousInFocusChain()
    return None
