"""What the delegate paints can be clicked, wherever the columns are."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.ui.batch.columns import Column
from tests.ui.items import item


@pytest.mark.parametrize("moved", [False, True], ids=["in order", "columns moved"])
def test_retry_and_details_of_a_failed_row_are_found_under_the_mouse(run_window, qtbot: QtBot, moved: bool):
    running = run_window()
    running.workspace  # noqa: B018 - wait for it
    running.until(lambda: running.batch.controller.is_loaded)
    table, model = running.batch.table, running.batch.controller.model
    model.replace([item(1, ItemStatus.FAILED, estimate_input=None), item(2)])
    running.batch._refresh()
    if moved:
        table.horizontalHeader().moveSection(Column.COST, 0)
    asked: list[tuple[str, str]] = []
    table.delegate.link.disconnect()
    table.delegate.link.connect(lambda item_id, key: asked.append((item_id, key)))
    rect = table.visualRect(model.index(0, Column.PROGRESS))
    for x in range(rect.left(), rect.right(), 4):
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, rect.bottom() - 12))
    assert set(asked) == {("item_1", "retry"), ("item_1", "details")}
    asked.clear()
    below = table.visualRect(model.index(1, Column.PROGRESS))
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=below.center())
    assert asked == []


def test_ten_thousand_rows_paint_only_what_is_seen(run_window, monkeypatch):
    running = run_window()
    running.until(lambda: running.batch.controller.is_loaded)
    model, table = running.batch.controller.model, running.batch.table
    model.replace(
        [item(number, ItemStatus.COMPLETED, card_name=f"Figure {number}") for number in range(10_000)]
    )
    running.batch._refresh()
    running.until(table.isVisible)
    rows: set[int] = set()
    paint = type(table.delegate).paint

    def watched(self, painter, option, index):
        rows.add(index.row())
        paint(self, painter, option, index)

    monkeypatch.setattr(type(table.delegate), "paint", watched)
    table.scrollToBottom()
    table.viewport().repaint()
    assert 9_999 in rows
    assert len(rows) < 60
