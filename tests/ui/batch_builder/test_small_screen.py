"""The builder on a laptop of 1280×800 at 150 %."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QScreen

from cardforge_desktop.ui.batch.builder.dialog import BuilderDialog
from cardforge_desktop.ui.services import Services
from tests.support.window import Running

LAPTOP = QRect(0, 0, 853, 533)


def test_its_buttons_are_on_the_screen(
    running: Running, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QScreen, "availableGeometry", lambda _screen: LAPTOP)
    running.window.resize(840, 520)
    dialog = BuilderDialog(running.window, services)
    dialog.open()
    running.until(lambda: dialog.form.is_filled)
    corner = dialog.start_button.mapTo(dialog, dialog.start_button.rect().bottomRight())
    assert corner.x() < LAPTOP.width()
    assert corner.y() < LAPTOP.height() - 30, "the title takes some of it"
    dialog.reject()
