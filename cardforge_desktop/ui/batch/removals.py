"""What was taken out of the lists, or changed of drafts, and can be brought back: Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.ui.services import Link, Notice, Services

#: More than these are not remembered.
_MOST = 50


class Removals(QObject):
    """The removals of this session, newest last, and other changes among them.

    Signals:
        changed(): there is something to bring back now, or nothing more.
    """

    changed = Signal()

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self._done: list[Callable[[], object]] = []
        self._changes: dict[object, Callable[[], object]] = {}

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

    def remember(self, change: object, restore: Callable[[], object]) -> None:
        """Something else was changed, and Ctrl+Z takes it back: nothing is said of it."""
        self._done = [*self._done[-_MOST + 1 :], restore]
        self._changes[change] = restore
        self.changed.emit()

    def forget(self, change: object) -> None:
        """That change was taken back in another way."""
        restore = self._changes.pop(change, None)
        if restore in self._done:
            self._done.remove(restore)
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
