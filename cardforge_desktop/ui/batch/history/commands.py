"""What is done with a whole batch: the chosen one, or the one that the bar shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from cardforge_desktop.batches.model import BatchStatus, BatchSummary, Priority
from cardforge_desktop.ui.batch.history.words import is_open
from cardforge_desktop.ui.batch.removals import Removals
from cardforge_desktop.ui.services import Notice, Services

if TYPE_CHECKING:
    from cardforge_desktop.ui.batch.controller import QueueController
    from cardforge_desktop.workspace import Workspace

_MENU = (
    ("batch.pause", "batch.resume", "batch.cancel", "batch.retry"),
    ("batch.earlier", "batch.later"),
    ("batch.limit", "batch.rename", "batch.duplicate"),
    ("batch.library", "batch.output", "batch.copy_status"),
    ("batch.remove",),
)
_PRIORITIES = ("batch.high", "batch.standard", "batch.low")
#: In menus only while they can be used.
_ONLY_USABLE = (
    "batch.pause",
    "batch.resume",
    "batch.cancel",
    "batch.retry",
    "batch.earlier",
    "batch.later",
    "batch.limit",
)
#: Calls of one batch at once that are offered.
PLACES = (1, 2, 3, 5, 8, 16, 32)


class BatchCommands(QObject):
    """Handles the actions on batches while the batch panel is open."""

    def __init__(
        self, services: Services, controller: QueueController, removals: Removals, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._services, self._controller = services, controller
        self._removals, self._window = removals, parent
        self._batch_id = ""
        self._active = False
        handlers: dict[str, Callable[[], object]] = {
            "batch.pause": self._on_batch(lambda ws, key: ws.queue.pause_batches([key])),
            "batch.resume": self._on_batch(lambda ws, key: ws.queue.resume_batches([key])),
            "batch.cancel": self._on_batch(lambda ws, key: ws.queue.cancel_batches([key])),
            "batch.retry": self._on_batch(lambda ws, key: ws.queue.retry_batches([key])),
            "batch.earlier": lambda: self._shift(-1),
            "batch.later": lambda: self._shift(1),
            "batch.limit": self.limit,
            "batch.rename": self.rename,
            "batch.duplicate": self.duplicate,
            "batch.copy_status": lambda: self.copy_status(self._batch_id),
            "batch.output": lambda: services.background.start(self._open_output(self._batch_id)),
            "batch.library": lambda: services.desk.open_batch.emit(self._batch_id),
            "batch.remove": self.remove,
        }
        for key in _PRIORITIES:
            handlers[key] = partial(self.set_priority, Priority(key.removeprefix("batch.")))
            services.actions[key].setCheckable(True)
        self._keys = tuple(handlers)
        for key, do in handlers.items():
            services.actions.handle(key, do)
        services.batches.changed.connect(self.refresh)

    @property
    def batch_id(self) -> str:
        """Id of the batch that is meant, "" = none."""
        return self._batch_id

    @property
    def batch(self) -> BatchSummary | None:
        """The batch that is meant."""
        return self._services.batches.batch(self._batch_id)

    def set_active(self, active: bool) -> None:
        """Whether the batch panel is open."""
        self._active = active
        self.refresh()

    def mean(self, batch_id: str) -> None:
        """From now on the commands are about this batch, "" = none."""
        self._batch_id = batch_id
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Enable what can be done with the batch."""
        actions, batch = self._services.actions, self.batch if self._active else None
        if batch is None:
            for key in self._keys:
                actions[key].setEnabled(False)
            return
        counts, goes_on = batch.counts, is_open(batch)
        at, row = self._place(batch)
        enabled = dict.fromkeys(self._keys, True)
        enabled |= {
            "batch.pause": goes_on and (batch.status is not BatchStatus.PAUSED or batch.waits_for_limit),
            "batch.resume": batch.status is BatchStatus.PAUSED,
            "batch.cancel": goes_on,
            "batch.retry": bool(counts.failed),
            "batch.earlier": at > 0,
            "batch.later": 0 <= at < len(row) - 1,
            "batch.limit": goes_on,
            "batch.library": bool(counts.completed),
            "batch.remove": not goes_on,
        }
        enabled |= dict.fromkeys(_PRIORITIES, goes_on)
        for key, can in enabled.items():
            actions[key].setEnabled(can)
        for key in _PRIORITIES:
            actions[key].setChecked(key == f"batch.{batch.options.priority.value}")

    def fill_menu(self, menu: QMenu) -> None:
        """Everything that can be done with the batch."""
        actions = self._services.actions
        for part in _MENU:
            shown = [key for key in part if key not in _ONLY_USABLE or actions[key].isEnabled()]
            if menu.actions() and shown:
                menu.addSeparator()
            menu.addActions([actions[key] for key in shown])
            if part == _MENU[0] and actions[_PRIORITIES[0]].isEnabled():
                if menu.actions():
                    menu.addSeparator()
                menu.addMenu(self.tr("Priority")).addActions([actions[key] for key in _PRIORITIES])
                self._add_places(menu.addMenu(self.tr("Cards at once")))

    def _add_places(self, menu: QMenu) -> None:
        batch = self.batch
        for count in PLACES:
            action = menu.addAction(str(count))
            action.setCheckable(True)
            action.setChecked(batch is not None and batch.options.max_concurrent == count)
            action.triggered.connect(lambda _checked=False, count=count: self.set_places(count))

    @Slot(QPoint)
    def show_menu(self, place: QPoint) -> QMenu | None:
        """The context menu of the batch, at a point of the screen."""
        if self.batch is None:
            return None
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fill_menu(menu)
        menu.popup(place)
        return menu

    # Each command

    def set_priority(self, priority: Priority) -> None:
        """Give the batch another priority."""
        key = self._batch_id
        self._do(lambda ws: ws.queue.change_batch(key, priority=priority))

    def set_places(self, count: int) -> None:
        """Let so many of its cards be written at once."""
        key = self._batch_id
        self._do(lambda ws: ws.queue.change_batch(key, max_concurrent=count))

    @Slot()
    def limit(self) -> None:
        """Ask what the batch may take at most."""
        from cardforge_desktop.ui.costs.limits_dialog import LimitsDialog

        batch = self.batch
        if batch is not None:
            title = self.tr("Limit of %1").replace("%1", batch.name)
            scopes = ((batch.id, self.tr("This batch")),)
            LimitsDialog(self._window, self._services, scopes, title).open()

    @Slot()
    def rename(self) -> None:
        """Ask for another name."""
        batch = self.batch
        if batch is None:
            return
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(self.tr("Rename batch"))
        dialog.setLabelText(self.tr("Name of the batch. Leave it empty to name it after its sources."))
        dialog.setTextValue(batch.name)
        dialog.setOkButtonText(self.tr("Rename"))
        key = batch.id
        dialog.textValueSelected.connect(
            lambda name: self._do(lambda ws: ws.queue.change_batch(key, name=name[:200]))
        )
        dialog.open()

    def duplicate(self) -> None:
        """New drafts of every card of the batch."""
        self._controller.duplicate([item.id for item in self._controller.model.items_of(self._batch_id)])

    @Slot()
    def remove(self) -> None:
        """Off the history, with its rows."""
        batch = self.batch
        if batch is None or is_open(batch):
            return
        key = batch.id
        ids = [item.id for item in self._controller.model.items_of(key)]

        def work(workspace: Workspace, *, hidden: bool) -> None:
            workspace.queue.remove_batches([key], hidden=hidden)
            (workspace.drafts.remove if hidden else workspace.drafts.restore)(ids)

        self._do(partial(work, hidden=True))
        text = self.tr("Removed from the history: %1. Its cards stay in the library.").replace(
            "%1", batch.name
        )
        self._removals.add(text, lambda: self._do(partial(work, hidden=False)))

    def _place(self, batch: BatchSummary) -> tuple[int, list[str]]:
        """Where the batch stands among the open ones of its priority, in the order in which they run."""
        priority = batch.options.priority
        same = [each for each in self._services.batches.open if each.options.priority is priority]
        row = [each.id for each in sorted(same, key=lambda each: each.rank)]
        return (row.index(batch.id) if batch.id in row else -1), row

    def _shift(self, step: int) -> None:
        batch = self.batch
        if batch is None:
            return
        at, row = self._place(batch)
        if 0 <= at + step < len(row):
            row[at], row[at + step] = row[at + step], row[at]
            self._do(lambda ws: ws.queue.reorder_batches(row))

    @Slot(str)
    def copy_status(self, batch_id: str) -> None:
        """The report of a batch, as every face gives it, to the clipboard."""
        self._services.background.start(self._copy_status(batch_id))

    async def _copy_status(self, batch_id: str) -> None:
        def read(workspace: Workspace) -> str:
            from cardforge_desktop.batches.report import batch_report, file_links

            return json.dumps(batch_report(workspace.batches.batch(batch_id), file_links), indent=2)

        QGuiApplication.clipboard().setText(await self._services.background.call(read))
        notice = Notice(self.tr("The state of the batch is on the clipboard, as JSON."), lasting=False)
        self._services.desk.notice.emit(notice)

    async def _open_output(self, batch_id: str) -> None:
        def find(workspace: Workspace) -> Path | None:
            items = workspace.batches.items(batch_id=batch_id)
            written = next((item.files[0][1].parent for item in items if item.files), None)
            folder = written or next((item.output for item in items), None)
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
            return folder

        folder = await self._services.background.call(find)
        if folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _on_batch(self, work: Callable[[Workspace, str], object]) -> Callable[[], None]:
        def do() -> None:
            key = self._batch_id
            self._do(lambda ws: work(ws, key))

        return do

    def _do(self, work: Callable[[Workspace], object]) -> None:
        self._services.background.start(self._services.background.call(work))
