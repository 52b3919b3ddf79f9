"""The list of batches and the bar of one of them, kept in step with each other and with the core."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from cardforge_desktop.batches.model import BatchStatus, BatchSummary
from cardforge_desktop.ui.batch.history.bar import BatchBar
from cardforge_desktop.ui.batch.history.commands import BatchCommands
from cardforge_desktop.ui.batch.history.list import HistoryList
from cardforge_desktop.ui.batch.history.model import HistoryModel
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.batch.tally import NEW
from cardforge_desktop.ui.services import Services

#: "3 min ago" is told anew so often.
_CLOCK_MS = 15_000


class BatchChooser(QObject):
    """Decides which batch the bar shows: the chosen one, else the one that runs, else the one that ended.

    Signals:
        chosen(str): another entry of the list: id of a batch, `NEW`, or "" for all.
    """

    chosen = Signal(str)

    def __init__(
        self, services: Services, rows: QueueModel, commands: BatchCommands, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._services, self._rows, self._commands = services, rows, commands
        self.model = HistoryModel(self)
        self.list = HistoryList(services, self.model)
        self.bar = BatchBar(services, commands)
        self._ended = ""
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._clock.timeout.connect(self.model.tick)
        self._clock.start()
        self.list.chosen.connect(self._choose)
        self.list.menu_wanted.connect(self._show_menu)
        self.list.asked.connect(self._ask)
        self.bar.dismissed.connect(self._dismiss)
        services.batches.ended.connect(self._on_ended)

    @Slot()
    def refresh(self) -> None:
        """The batches and their counts are others now."""
        rows = self._rows
        self.model.show_batches(self._services.batches.batches, rows.count(), rows.count(batch=NEW))
        shown = self._shown()
        if (shown.id if shown is not None else "") != self._commands.batch_id:
            self._commands.mean(shown.id if shown is not None else "")
        self.refresh_pace()

    @Slot()
    def refresh_pace(self) -> None:
        """Running cards moved on."""
        shown = self._shown()
        pace = self._rows.pace(shown.id) if shown is not None else None
        self.bar.show_batch(shown, self._services.batches.holds, pace, self._running())

    def _running(self) -> int:
        """How many batches run, if all are looked at."""
        if self.list.current:
            return 0
        return sum(batch.status is BatchStatus.PROCESSING for batch in self._services.batches.open)

    def _shown(self) -> BatchSummary | None:
        batches = self._services.batches
        if self.list.current == NEW:
            return None
        if self.list.current:
            return batches.batch(self.list.current)
        for status in (BatchStatus.PROCESSING, BatchStatus.QUEUED, BatchStatus.PAUSED):
            if found := [batch for batch in batches.open if batch.status is status]:
                return min(found, key=lambda batch: batch.rank)
        return batches.batch(self._ended)

    @Slot(str)
    def _choose(self, key: str) -> None:
        self.chosen.emit(key)

    @Slot(object)
    def _on_ended(self, batch: BatchSummary) -> None:
        self._ended = batch.id
        self.refresh()

    @Slot(str)
    def _dismiss(self, batch_id: str) -> None:
        if batch_id == self._ended:
            self._ended = ""
        if self.list.current == batch_id:
            self.list.choose("")
        self.refresh()

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        self._commands.mean(self.list.current if self.list.current != NEW else "")
        self._commands.show_menu(place)

    @Slot(str)
    def _ask(self, key: str) -> None:
        if self.list.current in ("", NEW):
            return
        (self._commands.remove if key == "remove" else self._commands.rename)()
