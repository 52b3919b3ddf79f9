"""Dialogs have their buttons on the screen, also on a small one."""

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.widgets.fitting import resize_within_screen

#: A laptop of 1280×800 at 150 %.
LAPTOP = QRect(0, 0, 853, 533)


@pytest.fixture
def laptop(monkeypatch: pytest.MonkeyPatch) -> QRect:
    """The screen is small."""
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: LAPTOP)
    return LAPTOP


def test_a_dialog_stays_within_its_screen(qtbot: QtBot, laptop: QRect) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    resize_within_screen(dialog, 1180, 500)
    assert dialog.width() < laptop.width()
    assert dialog.height() < laptop.height()


def test_a_dialog_has_the_size_it_wants_where_there_is_room(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    dialog = QDialog(window)
    resize_within_screen(dialog, 1180, 730)
    assert dialog.size() == QSize(1180, 730)
