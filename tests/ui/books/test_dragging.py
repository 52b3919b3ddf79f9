"""Entries dragged in the grid, in the table, and onto books."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication

from cardforge_desktop.ui.books.dragging import DRAGGED, carried, carried_ids
from tests.books.shelves import book_of
from tests.support.window import Running
from tests.ui.books.test_commands import Room

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_COPY, _MOVE = Qt.DropAction.CopyAction, Qt.DropAction.MoveAction


def drag_over(
    view: QAbstractItemView, at: QPoint, data: QMimeData, keys: Qt.KeyboardModifier = _NONE
) -> bool:
    """Move a drag over a list; whether it may be dropped there."""
    actions = _COPY | _MOVE
    viewport = view.viewport()
    QApplication.sendEvent(viewport, QDragEnterEvent(at, actions, data, _LEFT, keys))
    move = QDragMoveEvent(at, actions, data, _LEFT, keys)
    QApplication.sendEvent(viewport, move)
    return move.isAccepted()


def drop(
    view: QAbstractItemView, at: QPoint, data: QMimeData, keys: Qt.KeyboardModifier = _NONE
) -> QDropEvent:
    """Drag there and let go."""
    drag_over(view, at, data, keys)
    event = QDropEvent(QPointF(at), _COPY | _MOVE, data, _LEFT, keys, QEvent.Type.Drop)
    event.ignore()
    QApplication.sendEvent(view.viewport(), event)
    return event


def edge(view: QAbstractItemView, row: int, side: str) -> QPoint:
    """A point near the edge of an entry."""
    rect = view.visualRect(view.model().index(row, 0))
    points = {
        "top": QPoint(rect.center().x(), rect.top() + 4),
        "bottom": QPoint(rect.center().x(), rect.bottom() - 4),
        "left": QPoint(rect.left() + 6, rect.center().y()),
        "right": QPoint(rect.right() - 6, rect.center().y()),
    }
    return points[side]


def test_entries_are_dragged_to_another_place(run_window: Callable[..., Running]) -> None:
    """A line shows where they go; a drag begins with what is selected."""
    room = Room(run_window(), book_of("A", "B", "C", "D", "E"))
    browser, table_drag = room.panel.browser, room.panel.dragging[1]
    browser.show_as("table")
    table = browser.table
    room.choose("D", "E")
    begun: list[QDrag] = []
    table_drag.begin = begun.append
    _pull(table, room, 3)
    (drag,) = begun
    data = drag.mimeData()
    assert carried_ids(data) == room.session.selection
    assert not drag.pixmap().isNull()
    kept = carried(carried_ids(data))
    drag.deleteLater()

    assert drag_over(table, edge(table, 0, "bottom"), kept)
    assert table_drag.mark.isVisible()
    line = table_drag.mark.geometry().center().y()
    assert abs(line - table.visualRect(browser.model.index(0, 0)).bottom()) < 4
    QApplication.sendEvent(table.viewport(), QDragLeaveEvent())
    assert not table_drag.mark.isVisible()
    assert drop(table, edge(table, 0, "bottom"), kept).dropAction() is _MOVE
    room.settle()
    assert room.titles() == ["A", "D", "E", "B", "C"]
    assert not table_drag.mark.isVisible()
    room.do("edit.undo")
    assert room.titles() == ["A", "B", "C", "D", "E"]

    ctrl = Qt.KeyboardModifier.ControlModifier
    assert drop(table, edge(table, 0, "top"), kept, ctrl).dropAction() is _COPY
    room.settle()
    assert room.titles() == ["D", "E", "A", "B", "C", "D", "E"]
    room.do("edit.undo")
    below = QPoint(20, table.viewport().height() - 2)
    drop(table, below, carried([room.books.entries(room.summary.id)[0].id]))
    room.settle()
    assert room.titles() == ["B", "C", "D", "E", "A"], "below the last is behind it"
    room.do("edit.undo")

    _in_the_grid(room, kept)


def _in_the_grid(room: Room, kept: QMimeData) -> None:
    """Between tiles; where the order is not seen, it can't be."""
    browser, grid_drag = room.panel.browser, room.panel.dragging[0]
    browser.show_as("grid")
    grid = browser.grid
    room.settle()
    side = "right" if grid.columns > 1 else "bottom"
    drop(grid, edge(grid, 1, side), kept)
    room.settle()
    assert room.titles() == ["A", "B", "D", "E", "C"]
    room.do("edit.undo")
    assert grid_drag.mark.parent() is grid.viewport()

    browser.bar.sort_by("name", descending=True)
    room.settle()
    assert not drag_over(grid, edge(grid, 1, side), kept)
    assert "Sort by the order of the book" in grid_drag.hint.told
    assert not drop(grid, edge(grid, 1, side), kept).isAccepted()
    assert grid_drag.hint.isHidden()
    room.settle()
    assert room.titles() == ["A", "B", "C", "D", "E"]
    foreign = QMimeData()
    foreign.setText("a text")
    drag_over(grid, edge(grid, 1, side), foreign)
    assert not grid_drag.mark.isVisible(), "the window's own drops stay the window's"


def _pull(view: QAbstractItemView, room: Room, row: int) -> None:
    """Press on an entry and move the pointer."""
    at = view.visualRect(room.panel.browser.model.index(row, 0)).center()
    QTest.mousePress(view.viewport(), _LEFT, _NONE, at)
    for step in (4, 16, 40):
        QTest.mouseMove(view.viewport(), at + QPoint(step, step))
    QTest.mouseRelease(view.viewport(), _LEFT, _NONE, at + QPoint(40, 40))


def test_entries_are_dragged_onto_a_book(run_window: Callable[..., Running]) -> None:
    room = Room(run_window(), book_of("A", "B", "C"))
    other = room.books.create(book_of("Sol", name="Gannet"))
    books = room.panel.list
    room.running.until(lambda: books.model.row_of(other.id) is not None)
    room.choose("A", "C")
    data = carried(room.session.selection)
    assert data.hasFormat(DRAGGED)
    mark = room.panel.dropping.mark
    there, here = (
        books.view.visualRect(books.model.index(books.model.row_of(each.id) or 0)).center()
        for each in (other, room.summary)
    )
    assert not drag_over(books.view, here, data), "they are in it already"
    assert not mark.isVisible()
    assert "already" in room.panel.dropping.hint.told
    assert drag_over(books.view, there, data)
    assert mark.isVisible()
    assert "Move to “Gannet”" in room.panel.dropping.hint.told
    hint = room.panel.dropping.hint
    assert hint.window().rect().contains(hint.geometry()), "all of it is seen, however narrow the list is"
    assert hint.visibleRegion().boundingRect() == hint.rect()
    drop(books.view, there, data, Qt.KeyboardModifier.ControlModifier)
    room.settle()
    assert (room.titles(), room.titles(other.id)) == (["A", "B", "C"], ["Sol", "A", "C"])
    room.do("edit.undo")
    drop(books.view, there, data)
    room.settle()
    assert (room.titles(), room.titles(other.id)) == (["B"], ["Sol", "A", "C"])
    assert "Gannet" in room.said[-1]
    room.do("edit.undo")
    assert (room.titles(), room.titles(other.id)) == (["A", "B", "C"], ["Sol"])
