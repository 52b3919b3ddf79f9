"""The table keeps what the person sees and chose, whatever the rows do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.store.types import now
from cardforge_desktop.ui.batch.columns import Column, Role
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.batch.sieve import Filter
from cardforge_desktop.ui.batch.state import Group
from cardforge_desktop.ui.batch.table import QueueTable
from tests.support.window import Running
from tests.ui.items import item

COUNT = 1_000


@pytest.fixture
def running(run_window: Callable[..., Running]) -> Running:
    """A window whose table holds made-up rows."""
    running = run_window()
    running.workspace  # noqa: B018 - wait for it
    running.until(lambda: running.batch.controller.is_loaded)
    running.batch.controller.model.replace([item(at, ItemStatus.QUEUED) for at in range(COUNT)])
    running.batch._refresh()
    running.until(running.batch.table.isVisible)
    return running


def parts(running: Running) -> tuple[QueueTable, QueueModel]:
    return running.batch.table, running.batch.controller.model


def test_the_place_stays_where_it_is_when_many_rows_change(running: Running) -> None:
    table, model = parts(running)
    model.show_only(Filter(group=Group.WAITING))
    table.verticalScrollBar().setValue(20_000)
    at = table.verticalScrollBar().value()
    resets: list[bool] = []
    model.modelReset.connect(lambda: resets.append(True))
    model.update([item(at, ItemStatus.COMPLETED) for at in range(600, COUNT, 2)])
    assert resets, "so many runs of rows are not announced one by one"
    assert model.rowCount() == COUNT - 200
    assert table.verticalScrollBar().value() == at


def test_a_selection_survives_another_filter(running: Running) -> None:
    table, model = parts(running)
    table.select({"item_5", "item_900"})
    model.update([item(5, ItemStatus.FAILED)])
    model.show_only(Filter(group=Group.FAILED))
    assert [each.id for each in table.selected()] == ["item_5"]
    model.show_only(Filter())
    assert [each.id for each in table.selected()] == ["item_5"]
    assert table.currentIndex().data(Role.ITEM).id == "item_5"


def test_all_rows_are_selected_and_told_from_top_to_bottom(running: Running) -> None:
    table, model = parts(running)
    table.selectAll()
    assert [each.position for each in table.selected()] == list(range(COUNT))
    assert not table.horizontalHeader().selectionModel().hasSelection()  # painting it would take 30 ms
    model.update([item(5, ItemStatus.QUEUED)])
    assert table.selected()[5].status is ItemStatus.QUEUED
    model.update([item(5)])
    model.sort(Column.SOURCE, Qt.SortOrder.DescendingOrder)
    turned = list(range(COUNT))[::-1]
    running.until(lambda: [each.position for each in table.selected()] == turned)
    model.forget([f"item_{at}" for at in range(10, COUNT)])
    assert len(table.selected()) == 10


def test_the_batch_is_a_column_only_where_there_are_several(running: Running) -> None:
    table, _ = parts(running)
    running.window.resize(1920, 1080)
    table.show_batches(True)
    running.until(lambda: not table.isColumnHidden(Column.BATCH))
    table.show_batches(False)
    assert table.isColumnHidden(Column.BATCH)
    assert not table.isColumnHidden(Column.PROFILE)


def test_rows_can_be_dragged_only_in_the_order_in_which_they_run(running: Running) -> None:
    table, model = parts(running)
    assert table.dragEnabled()
    model.sort(Column.SOURCE)
    running.batch._refresh()
    assert not table.dragEnabled()


def test_time_and_unknown_costs_are_told(qapp) -> None:
    began = now() - timedelta(minutes=20)
    model = QueueModel()
    model.replace(
        [
            item(1, ItemStatus.COMPLETED, started_at=began, finished_at=began + timedelta(minutes=3)),
            item(2, ItemStatus.FAILED, local=False, input_tokens=5, unknown_calls=2, started_at=began),
            item(3, ItemStatus.PROCESSING, started_at=began),
        ]
    )
    times = [model.index(row, Column.TIME).data() for row in range(3)]
    assert times == ["3 min", "—", "20 min"]
    assert model.index(1, Column.COST).data() == "unknown"
    assert "2 calls of unknown cost" in model.index(1, Column.COST).data(Qt.ItemDataRole.ToolTipRole).replace(
        "call(s)", "calls"
    )


def test_the_whole_row_under_the_pointer_is_marked(running: Running) -> None:
    table, model = parts(running)
    viewport = table.viewport()
    cells = [table.visualRect(model.index(3, column)) for column in (Column.STATE, Column.COST)]
    corners = [cell.bottomRight() - QPoint(3, 3) for cell in cells]
    plain = [viewport.grab().toImage().pixelColor(corner) for corner in corners]
    QTest.mouseMove(viewport, table.visualRect(model.index(3, Column.SOURCE)).center())
    marked = [viewport.grab().toImage().pixelColor(corner) for corner in corners]
    assert marked[0] == marked[1] != plain[0]
    QCoreApplication.sendEvent(table, QEvent(QEvent.Type.Leave))
    assert [viewport.grab().toImage().pixelColor(corner) for corner in corners] == plain


def test_the_menu_key_is_of_the_row_with_the_focus(running: Running) -> None:
    table, model = parts(running)
    table.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # where Qt's own `selectRow` does nothing
    table.selectionModel().setCurrentIndex(model.index(7, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
    assert not table.selected()
    wanted: list[list[str]] = []
    table.menu_wanted.disconnect()
    table.menu_wanted.connect(lambda _: wanted.append([each.id for each in table.selected()]))
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QCoreApplication.sendEvent(table.viewport(), event)
    assert wanted == [[model.item_at(7).id]]
