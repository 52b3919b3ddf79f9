"""Save, as a person asks for it: what stands there is checked first, and only errors hold it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.profiles.editor.validating import ProfileChecker


class Saver(QObject):
    """Saves what stands in the editor, as soon as the answer to it is there.

    Signals:
        held(str): it was not saved: path of the first field that has an error.
        changed(): whether there is something to save, or what holds it back.
    """

    held = Signal(str)
    changed = Signal()

    def __init__(self, session: ProfileSession, checker: ProfileChecker) -> None:
        super().__init__(session)
        self._session, self._checker = session, checker
        self._waiting = False
        checker.checking.connect(self.changed)
        checker.checked.connect(self._on_checked)
        session.opened.connect(self._forget)
        session.status_changed.connect(self.changed)

    @property
    def errors(self) -> int:
        """How many errors hold a save back, as far as it is known."""
        return len(self._checker.validation.errors) if self._checker.holds_back else 0

    @property
    def is_waiting(self) -> bool:
        """Whether a save waits for the answer of the checks."""
        return self._waiting

    @property
    def can_save(self) -> bool:
        """Whether Save would save something."""
        session = self._session
        can = session.is_dirty and not session.is_saving and not session.is_deleted
        return can and not self.errors and not self._waiting

    @Slot()
    def save(self) -> None:
        """Save; a check that is due is made at once and waited for."""
        if not self._session.is_dirty or self._session.is_deleted:
            return
        if self._checker.is_checking:
            self._waiting = True
            self.changed.emit()
            self._checker.check_now()
        else:
            self._decide()

    @Slot()
    def _on_checked(self) -> None:
        if self._waiting and not self._checker.is_checking:
            self._waiting = False
            self._decide()
        self.changed.emit()

    @Slot()
    def _forget(self) -> None:
        """Another profile is there: nobody asked to save that one."""
        self._waiting = False
        self.changed.emit()

    def _decide(self) -> None:
        errors = self._checker.validation.errors
        if errors:
            self.held.emit(errors[0].field)
        else:
            self._session.save()
