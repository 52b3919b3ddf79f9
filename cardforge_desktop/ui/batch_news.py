"""Tells of batches that ended, or that were stopped, while the person looks elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from cardforge_desktop.ui.services import Link, Notice, Services

if TYPE_CHECKING:
    from cardforge_desktop.batches.model import BatchSummary
    from cardforge_desktop.ui.main_window import MainWindow


class BatchNews(QObject):
    """Lives on the window's thread. The batch panel's own bar says the same."""

    def __init__(self, window: MainWindow, services: Services, come_forward: Callable[[], object]) -> None:
        """`come_forward`: bring the window before the person."""
        super().__init__(window)
        self._window, self._services, self._come_forward = window, services, come_forward
        self._tray: QSystemTrayIcon | None = None
        self._told_stops: set[str] = set()
        services.batches.ended.connect(self._tell_end)
        services.batches.stopped.connect(self._tell_stop)
        services.batches.changed.connect(self._take_back)

    def close(self) -> None:
        """Take the tray icon away."""
        if self._tray is not None:
            self._tray.hide()
            self._tray = None

    @Slot(object)
    def _tell_end(self, batch: BatchSummary) -> None:
        from cardforge_desktop.ui.batch.history import words

        tone = {"failed": "error", "completed": "ok"}.get(batch.status.value, "info")
        tone = "warn" if tone == "ok" and batch.counts.failed else tone
        self._tell(batch, words.outcome_text(batch), tone)

    @Slot(object)
    def _tell_stop(self, batch: BatchSummary) -> None:
        if batch.reason is not None:
            self._tell(batch, batch.reason.message, "warn", about=_stop_of(batch.id))
            self._told_stops.add(batch.id)

    @Slot()
    def _take_back(self) -> None:
        """What was said of a stop would still stand there when the batch goes on."""
        from cardforge_desktop.batches.model import BatchStatus
        from cardforge_desktop.ui.batch.history.words import is_stopped

        for batch_id in tuple(self._told_stops):
            batch = self._services.batches.batch(batch_id)
            if batch is not None and is_stopped(batch):
                continue
            self._told_stops.discard(batch_id)
            if batch is not None and batch.status in (BatchStatus.QUEUED, BatchStatus.PROCESSING):
                said = self.tr("%1 goes on.").replace("%1", batch.name)
                self._services.desk.notice.emit(Notice(said, lasting=False, about=_stop_of(batch_id)))
            else:  # cancelled, or off the history
                self._services.desk.notice_over.emit(_stop_of(batch_id))

    def _tell(self, batch: BatchSummary, text: str, tone: str, *, about: str = "") -> None:
        """`about`: it lasts until it is taken back."""
        if self._window.current != "batch":
            said = self.tr("%1: %2").replace("%2", text).replace("%1", batch.name)
            link = Link(self.tr("Show batch"), lambda: self._services.desk.show_batch.emit(batch.id))
            self._services.desk.notice.emit(
                Notice(said, tone, links=(link,), lasting=bool(about), about=about)
            )
        if self._window.isActiveWindow():
            return
        QApplication.alert(self._window)
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.messageClicked.connect(self._come_forward)
            self._tray.activated.connect(lambda _reason: self._come_forward())
        self._tray.show()
        self._tray.showMessage(batch.name, text, self._window.windowIcon())


def _stop_of(batch_id: str) -> str:
    return f"stop of {batch_id}"
