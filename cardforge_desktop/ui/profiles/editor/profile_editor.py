"""The editor of one profile: head, notices, the form."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.ui.profiles.editor.session import ProfileSession
from cardforge_desktop.ui.profiles.editor.validating import ProfileChecker
from cardforge_desktop.ui.theme import SPACE_M

if TYPE_CHECKING:
    from cardforge_desktop.ui.services import Services


def _make_form(session: ProfileSession, checker: ProfileChecker, services: Services) -> QWidget:
    """`ProfileForm(session, checker, services)`; it has `go_to(path)`, which brings a field into sight."""
    module = "cardforge_desktop.ui.profiles.editor.form"
    if find_spec(module) is None:
        return QWidget()  # it is still being written
    return cast("QWidget", import_module(module).ProfileForm(session, checker, services))


class ProfileEditor(QWidget):
    """Edits one profile."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.session = ProfileSession(services.background, services.events)
        self.checker = ProfileChecker(services, self.session, self)
        self.form = _make_form(self.session, self.checker, services)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.form, 1)
