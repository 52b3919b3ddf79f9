"""Rows of a history as they are painted, mirrored too."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QApplication, QListView
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.history_rows import HistoryDelegate, HistoryRole

WIDTH = 400


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def mirrored(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def painted(qtbot: QtBot, theme: Theme, *, has_facts: bool) -> tuple[QImage, QListView]:
    view = QListView()
    qtbot.addWidget(view)
    model = QStandardItemModel(view)
    item = QStandardItem("Saved")
    item.setData("save", HistoryRole.ICON)
    item.setData(datetime.now(UTC), HistoryRole.WHEN)
    item.setData("ana", HistoryRole.FACTS)
    model.appendRow(item)
    view.setModel(model)
    view.setItemDelegate(HistoryDelegate(theme, Icons(theme), view, has_facts=has_facts))
    view.resize(WIDTH, 120)
    view.show()
    return view.viewport().grab().toImage(), view


def is_inked(image: QImage, place: QRect) -> bool:
    """Whether anything dark is painted there."""
    ratio = image.devicePixelRatio()
    colours = (
        image.pixelColor(int(x * ratio), int(y * ratio))
        for x in range(place.left(), place.right())
        for y in range(place.top(), place.bottom())
    )
    return any(colour.alpha() > 128 and colour.lightness() < 120 for colour in colours)


def test_the_text_stands_beside_its_icon(qtbot: QtBot, theme: Theme):
    image, view = painted(qtbot, theme, has_facts=False)
    row = view.visualRect(view.model().index(0, 0))
    assert is_inked(image, QRect(40, row.top(), 30, row.height()))


def test_mirrored_the_text_stands_beside_its_icon_at_the_right(qtbot: QtBot, theme: Theme, mirrored: None):
    image, view = painted(qtbot, theme, has_facts=False)
    row = view.visualRect(view.model().index(0, 0))
    assert is_inked(image, QRect(row.right() - 70, row.top(), 30, row.height()))
    assert not is_inked(image, QRect(row.center().x() - 30, row.top(), 60, row.height()))


def test_facts_take_a_line_below(qtbot: QtBot, theme: Theme):
    _, one = painted(qtbot, theme, has_facts=False)
    image, two = painted(qtbot, theme, has_facts=True)
    above, whole = (view.visualRect(view.model().index(0, 0)) for view in (one, two))
    assert whole.height() > above.height()
    assert is_inked(image, QRect(40, above.height(), 30, whole.height() - above.height()))
