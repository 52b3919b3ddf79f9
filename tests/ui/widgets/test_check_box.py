"""The check box: its text stands beside its mark, whichever way the language is written."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.check_box import CheckBox

_WIDTH = 500


@pytest.fixture(params=["left to right", "one box mirrored", "all mirrored"])
def is_mirrored(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[bool]:
    if request.param == "all mirrored":
        qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield request.param != "left to right"
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_the_text_stands_beside_the_box(qtbot: QtBot, qapp: QApplication, is_mirrored: bool):
    theme = Theme(qapp, "light")
    box = CheckBox(theme, Icons(theme), "Keep awake")
    qtbot.addWidget(box)
    if is_mirrored:
        box.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    box.resize(_WIDTH, box.sizeHint().height())
    box.show()
    image = box.grab().toImage()
    ground = image.pixel(_WIDTH // 2, 0)
    drawn = [
        x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(image.height()))
    ]
    room = box.sizeHint().width() + 8
    assert (min(drawn) > image.width() - room) if is_mirrored else (max(drawn) < room)
    theme.deleteLater()
