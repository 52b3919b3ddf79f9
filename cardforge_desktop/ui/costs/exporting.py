"""Writes the ledger to a CSV file that a person chooses."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from cardforge_desktop.ui.failures import told
from cardforge_desktop.ui.services import Link, Notice

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.progress_strip import ProgressStrip
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_FOLDER = "costs/folder"


class LedgerExport(QObject):
    """Asks where to, writes on a worker, says what came of it. Lives on the window's thread."""

    def __init__(self, services: Services, strip: ProgressStrip, over: QWidget) -> None:
        super().__init__(over)
        self._services, self._strip, self._over = services, strip, over

    def browse(self, month: date | None) -> None:
        """Choose the file; `month` None = every call there is."""
        dialog = QFileDialog(self._over, self.tr("Export calls"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("Tables (*.csv)")])
        dialog.setDefaultSuffix("csv")
        folder = self._services.memory.text(_FOLDER)
        if folder:
            dialog.setDirectory(folder)
        dialog.selectFile("cardforge-calls.csv" if month is None else f"cardforge-calls-{month:%Y-%m}.csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self.write(Path(file), month))
        dialog.open()

    def write(self, path: Path, month: date | None) -> None:
        """Write the calls of a month, or all, to a file."""
        if self._strip.busy:
            self._say(Notice(self.tr("Another file is being written."), "warn", lasting=False))
            return
        self._services.memory.keep(_FOLDER, str(path.parent))
        sentence = self.tr("The calls could not be written. The log holds the details.")
        self._services.background.start(told(self._services, self._write(path, month), sentence))

    async def _write(self, path: Path, month: date | None) -> None:
        def work(
            workspace: Workspace, tell: Callable[[int, int], None], cancelled: threading.Event
        ) -> int | None:
            from cardforge_desktop.costs.days import ALWAYS

            spendings = workspace.spendings
            period = ALWAYS if month is None else spendings.month_at(month)
            total = spendings.total(period).calls
            return workspace.ledger_csv.write(path, period, lambda done: tell(done, total), cancelled.is_set)

        text = self.tr("Writing %1…").replace("%1", path.name)
        written = await self._strip.follow(text, work)
        if written is None:
            self._say(Notice(self.tr("Nothing was written."), lasting=False))
            return
        done = self.tr("%Ln call(s) were written to %1.", None, written).replace("%1", path.name)
        folder = QUrl.fromLocalFile(str(path.parent))
        link = Link(self.tr("Show folder"), lambda: QDesktopServices.openUrl(folder))
        self._say(Notice(done, "ok", links=(link,), lasting=False))

    def _say(self, notice: Notice) -> None:
        self._services.desk.notice.emit(notice)
