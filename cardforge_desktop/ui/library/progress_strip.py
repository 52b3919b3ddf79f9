"""A line that says how far something long is, with Cancel; shown only when it takes a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Background
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import button, label

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

T = TypeVar("T")
_PATIENCE_MS, _EVERY_MS = 400, 100

#: What long work is given: where to tell how many of how many are done, and what says that it shall end.
Work = Callable[["Workspace", Callable[[int, int], None], threading.Event], T]


class ProgressStrip(QFrame):
    """Runs one long work at a time. Lives on the window's thread; the work does not."""

    def __init__(self, background: Background, cancel_tip: str = "") -> None:
        """`cancel_tip`: what Cancel leaves; "" = what is done stays."""
        super().__init__()
        self._counted: Callable[[str, str], str] | None = None
        self._background = background
        self._cancelled = threading.Event()
        self._done = (0, 0)
        self._busy = False
        self.setProperty("role", "notice")
        self.setAccessibleName(self.tr("Progress"))
        self._text = label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.cancel_button = button(self.tr("Cancel"), tip=cancel_tip or self.tr("Stop; what is done stays"))
        self.cancel_button.clicked.connect(self.cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self._text)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel_button)
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tell)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self._appear)
        self.hide()

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self._busy

    async def follow(self, text: str, work: Work[T], counted: Callable[[str, str], str] | None = None) -> T:
        """The value of `work`.

        Args:
            text: what is going on.
            counted: says so with how many are done, and of how many; as long as that isn't known the work
                can't be ended.
        """
        self._text.setText(text)
        self._counted = counted
        self._cancelled = threading.Event()
        self._done = (0, 0)
        self._busy = True
        self.cancel_button.setEnabled(True)
        self._patience.start()
        cancelled = self._cancelled
        try:
            return await self._background.call(lambda ws: work(ws, self._note, cancelled))
        finally:
            self._busy = False
            self._patience.stop()
            self._timer.stop()
            self.hide()
            cancelled.set()  # when the window closes, the work ends too

    @Slot()
    def cancel(self) -> None:
        """Let the work end at its next step."""
        self._cancelled.set()
        self.cancel_button.setEnabled(False)

    def _note(self, done: int, total: int) -> None:
        self._done = (done, total)  # one assignment: read by the window's thread as it stands

    @Slot()
    def _appear(self) -> None:
        self._tell()
        self._timer.start()
        self.show()

    @Slot()
    def _tell(self) -> None:
        done, total = self._done
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        text = (
            self.tr("%1 of %2").replace("%1", formatting.number(done)).replace("%2", formatting.number(total))
        )
        self.cancel_button.setVisible(total > 0 or self._counted is None)
        if self._counted is not None and total:
            self._text.setText(self._counted(formatting.number(done), formatting.number(total)))
        self.bar.setToolTip(text)
        self.bar.setAccessibleDescription(text)
