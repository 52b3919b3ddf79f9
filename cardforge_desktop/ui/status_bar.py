"""The line at the foot: how far the queue is, and what today cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStatusBar

from cardforge_desktop.ui.spent_today import SpentToday
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.basics import label

if TYPE_CHECKING:
    from cardforge_desktop.batches.overview import QueueSummary


class StatusBar(QStatusBar):
    """Shows the queue's summary at the left and today's spending at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setSizeGripEnabled(False)
        self._queue = label(self.tr("Opening…"))
        self._queue.setAccessibleName(self.tr("Queue"))
        self.spent = SpentToday(theme)
        self.addWidget(self._queue)
        self.addPermanentWidget(self.spent)

    @property
    def queue_text(self) -> str:
        """What is said of the queue."""
        return self._queue.text()

    def show_summary(self, summary: QueueSummary) -> None:
        """``2 of 5 done · 1 running · about 40 s left``."""
        from cardforge_desktop.ui import formatting

        counts = summary.counts
        active = counts.total - counts.draft
        parts = []
        if active:
            parts.append(
                self.tr("%1 of %2 done")
                .replace("%1", formatting.number(counts.completed))
                .replace("%2", formatting.number(active))
            )
        if counts.processing:
            parts.append(self.tr("%n running", None, counts.processing))
        if counts.failed:
            parts.append(self.tr("%n failed", None, counts.failed))
        if counts.draft:
            parts.append(self.tr("%n waiting for Start", None, counts.draft))
        if summary.seconds_left is not None and (counts.processing or counts.queued):
            parts.append(self.tr("about %1 left").replace("%1", formatting.duration(summary.seconds_left)))
        self._queue.setText(" · ".join(parts) if parts else self.tr("Nothing in the queue"))
