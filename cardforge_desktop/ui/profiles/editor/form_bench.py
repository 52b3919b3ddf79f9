"""What every part of the profile form works with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cardforge_desktop.ui.widgets.field_bench import FieldBench

if TYPE_CHECKING:
    from cardforge_desktop.profiles.validation import Finding
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.profiles.editor.validating import ProfileChecker
    from cardforge_desktop.ui.services import Services


class FormBench(FieldBench):
    """The services, the profile under edit, its checker, and what fields ask of the form.

    Signals:
        fix_wanted(object): do the one click about a `Finding`.
    """

    fix_wanted = Signal(object)

    def __init__(
        self, services: Services, session: ProfileSession, checker: ProfileChecker, parent: QObject
    ) -> None:
        super().__init__(services, parent)
        self.session, self.checker = session, checker

    def note(self, path: str, finding: Finding | None) -> None:
        """See `ProfileChecker.note`."""
        self.checker.note(path, finding)
