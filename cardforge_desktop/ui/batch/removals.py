"""What was taken out of the lists and can be brought back: Ctrl+Z, or Undo in the message."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.ui.services import Link, Notice, Services

#: More removals than these are not remembered.
_MOST = 50


class Removals(QObject):
    """The removals of this session, newest last.

    Signals:
        changed(): there is something to bring back now, or nothing more.
    """

    changed = Signal()

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._done: list[Callable[[], object]] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to bring back."""
        return bool(self._done)

    def add(self, text: str, restore: Callable[[], object]) -> None:
        """Something was removed: say `text`, and offer to `restore` it."""
        self._done = [*self._done[-_MOST + 1 :], restore]
        link = Link(self.tr("Undo"), lambda: self._restore(restore))
        self._services.desk.notice.emit(Notice(text, links=(link,), lasting=False))
        self.changed.emit()

    @Slot()
    def undo(self) -> None:
        """Bring back what was removed last."""
        if self._done:
            self._restore(self._done[-1])

    def _restore(self, restore: Callable[[], object]) -> None:
        if restore in self._done:
            self._done.remove(restore)
            restore()
            self.changed.emit()
