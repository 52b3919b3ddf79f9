"""Which message the window's bar shows: a passing one does not take the place of a warning for good."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from cardforge_desktop.ui.services import Notice
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar

#: More than these nobody reads; the oldest goes.
_MOST = 5
_SERIOUS = ("warn", "error")


class NoticeQueue(QObject):
    """Keeps lasting warnings and errors until each was closed, the newest first.

    What comes is shown at once. When it is closed, or its time is over, the newest of those that are kept
    comes back. Other lasting messages (what was done, with a link to undo it) are not kept.
    """

    def __init__(self, bar: NoticeBar) -> None:
        """Lives as long as `bar`, on the window's thread."""
        super().__init__(bar)
        self._bar = bar
        self._kept: list[Notice] = []
        self._shown: Notice | None = None
        bar.gone.connect(self._on_gone)

    @Slot(object)
    def say(self, notice: Notice) -> None:
        """Show `notice`; one that is about the same is forgotten."""
        self._kept = [kept for kept in self._kept if _same(kept) != _same(notice)]
        if notice.lasting and notice.tone in _SERIOUS:
            self._kept = [notice, *self._kept][:_MOST]
        self._shown = notice
        self._bar.say(notice)

    @Slot(str)
    def take_back(self, about: str) -> None:
        """What was said about this holds no more."""
        self._kept = [kept for kept in self._kept if kept.about != about]
        if self._shown is not None and self._shown.about == about:
            self._bar.dismiss()

    @Slot()
    def _on_gone(self) -> None:
        self._kept = [kept for kept in self._kept if kept is not self._shown]
        self._shown = self._kept[0] if self._kept else None
        if self._shown is not None:
            self._bar.say(self._shown)


def _same(notice: Notice) -> str:
    return notice.about or notice.text
