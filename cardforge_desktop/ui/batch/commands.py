"""What is done with the selected rows: pause, cancel, retry, another order, remove, look closer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui.batch.compare import comparable
from cardforge_desktop.ui.batch.details import DetailsDialog, report
from cardforge_desktop.ui.batch.ordering import Move, place_of
from cardforge_desktop.ui.batch.removals import Removals
from cardforge_desktop.ui.batch.state import Group
from cardforge_desktop.ui.batch.tally import NEW
from cardforge_desktop.ui.batch.wishes.folder import warn_of_folders
from cardforge_desktop.ui.services import Services

if TYPE_CHECKING:
    from cardforge_desktop.ui.batch.builder.dialog import BuilderDialog
    from cardforge_desktop.ui.batch.compare.dialog import CompareDialog
    from cardforge_desktop.ui.batch.controller import QueueController
    from cardforge_desktop.ui.batch.table import QueueTable

_STOPPABLE = (ItemStatus.QUEUED, ItemStatus.PROCESSING)
_ENDED_BADLY = (ItemStatus.FAILED, ItemStatus.CANCELLED)
_WAITING = (ItemStatus.DRAFT, ItemStatus.QUEUED)
_MENU = (
    ("queue.open", "queue.compare", "queue.folder", "queue.details"),
    ("queue.start_selected", "queue.pause", "queue.resume", "queue.cancel", "queue.retry"),
    ("queue.duplicate",),
    ("edit.copy", "queue.copy_status"),
    ("queue.remove",),
)
_MOVES = {"queue.up": Move.UP, "queue.down": Move.DOWN, "queue.top": Move.TOP, "queue.end": Move.END}
#: In the context menu only while they can be used: the menu is long without them.
_ONLY_USABLE = (
    "queue.compare",
    "queue.start_selected",
    "queue.pause",
    "queue.resume",
    "queue.cancel",
    "queue.retry",
)


class QueueCommands(QObject):
    """Handles the queue's actions while the batch panel is open.

    Signals:
        status_wanted(str): copy the state of the batch with this id.
    """

    status_wanted = Signal(str)

    def __init__(
        self,
        services: Services,
        table: QueueTable,
        controller: QueueController,
        removals: Removals,
        parent: QWidget,
        *,
        when_stored: Callable[[Callable[[], object]], None],
    ) -> None:
        """`when_stored` calls what it is given as soon as what was typed into the form is stored."""
        super().__init__(parent)
        self._services, self._table, self._controller = services, table, controller
        self._removals, self._window = removals, parent
        self._shown = ""
        self._active = False
        self._when_stored = when_stored
        handlers: dict[str, Callable[[], object]] = {
            "queue.start": lambda: self._start(None),
            "queue.new_batch": self.new_batch,
            "queue.compare": self.compare,
            "queue.start_selected": lambda: self._start(self.ids(ItemStatus.DRAFT)),
            "queue.pause": lambda: controller.pause(self._holdable(held=False)),
            "queue.resume": lambda: controller.resume(self._holdable(held=True)),
            "queue.cancel": lambda: controller.cancel(self.ids(*_STOPPABLE)),
            "queue.retry": lambda: controller.retry(self.ids(*_ENDED_BADLY)),
            "queue.retry_failed": self.retry_failed,
            "queue.duplicate": lambda: controller.duplicate([item.id for item in table.selected()]),
            "queue.copy_status": self._copy_status,
            "queue.remove": self.remove,
            "queue.undo": removals.undo,
        }
        handlers |= {key: partial(self.move, move) for key, move in _MOVES.items()}
        handlers |= {f"queue.{key}": partial(self._ask_shown, key) for key in ("details", "open", "folder")}
        self._keys = tuple(handlers)
        for key, do in handlers.items():
            services.actions.handle(key, do)
        table.menu_wanted.connect(self.show_menu)
        table.undo_wanted.connect(removals.undo)
        table.dropped.connect(self._drop)
        table.activated_item.connect(lambda item_id: self.ask(item_id, "open"))
        table.delegate.link.connect(self.ask)
        removals.changed.connect(self.refresh)

    def set_active(self, active: bool) -> None:
        """Whether the keys are this panel's: Delete must not reach rows nobody sees."""
        self._active = active
        self.refresh()

    def show_item(self, item_id: str) -> None:
        """The item that is looked at: details and files are its own."""
        self._shown = item_id

    def ids(self, *statuses: ItemStatus) -> list[str]:
        """The selected items in one of these states."""
        return [item.id for item in self._table.selected() if item.status in statuses]

    @Slot()
    def refresh(self) -> None:
        """Enable what can be done with the selection."""
        actions, model = self._services.actions, self._controller.model
        drafts = model.count(Group.READY)
        actions["queue.start"].setEnabled(bool(drafts))
        actions["queue.new_batch"].setEnabled(True)
        if not self._active:
            for key in self._keys:
                if key not in ("queue.start", "queue.new_batch"):
                    actions[key].setEnabled(False)
            return
        items = self._table.selected()
        statuses = {item.status for item in items}
        shown = model.item(self._shown)
        movable = bool(self._movable(items))
        enabled = {
            "start_selected": ItemStatus.DRAFT in statuses,
            "pause": any(item.status in _STOPPABLE and not item.held for item in items),
            "resume": any(item.status in _STOPPABLE and item.held for item in items),
            "cancel": bool(statuses & set(_STOPPABLE)),
            "retry": bool(statuses & set(_ENDED_BADLY)),
            "retry_failed": bool(model.count(Group.FAILED, model.filter.batch)),
            "duplicate": bool(items),
            "compare": comparable(items),
            "copy_status": bool(items) and ItemStatus.DRAFT not in statuses,
            "remove": bool(items),
            "undo": self._removals.can_undo,
            "details": shown is not None,
            "open": shown is not None and shown.card_id is not None,
            "folder": shown is not None,
        }
        enabled |= dict.fromkeys(("up", "down", "top", "end"), movable)
        for key, can in enabled.items():
            actions[f"queue.{key}"].setEnabled(can)

    @Slot(QPoint)
    def show_menu(self, place: QPoint) -> QMenu:
        """The context menu of the selected rows, at a point of the screen."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        actions = self._services.actions
        for part in _MENU:
            shown = [key for key in part if key not in _ONLY_USABLE or actions[key].isEnabled()]
            if menu.actions() and shown:
                menu.addSeparator()
            menu.addActions([actions[key] for key in shown])
            if "queue.duplicate" in part and actions["queue.up"].isEnabled():
                order = menu.addMenu(self.tr("Order"))
                order.addActions([actions[key] for key in _MOVES])
        menu.popup(place)
        return menu

    # Each command

    def new_batch(self) -> BuilderDialog:
        """Put a batch together."""
        from cardforge_desktop.ui.batch.builder.dialog import BuilderDialog

        dialog = BuilderDialog(self._window.window(), self._services)
        dialog.open()
        return dialog

    def compare(self) -> CompareDialog | None:
        """Show the selected cards side by side."""
        items = self._table.selected()
        return self.compare_items([item.id for item in items]) if comparable(items) else None

    @Slot(object)
    def compare_items(self, item_ids: Sequence[str]) -> CompareDialog:
        """Show the cards of these items side by side."""
        from cardforge_desktop.ui.batch.compare.dialog import CompareDialog

        dialog = CompareDialog(self._window.window(), self._services, item_ids)
        dialog.open()
        return dialog

    def _start(self, item_ids: list[str] | None) -> None:
        self._when_stored(lambda: self._start_now(item_ids))

    def _start_now(self, item_ids: list[str] | None) -> None:
        model = self._controller.model
        rows = model.items_of(NEW) if item_ids is None else map(model.item, item_ids)
        folders = {str(item.output): item.output for item in rows if item is not None}
        self._controller.start(item_ids)
        self._services.background.start(warn_of_folders(self._services, tuple(folders.values())))

    def retry_failed(self) -> None:
        """Every failed row of what is listed at the left, also those that are filtered out."""
        model = self._controller.model
        self._controller.retry([item.id for item in model.items_of(model.filter.batch, Group.FAILED)])

    def remove(self) -> None:
        """Take rows away; those under way are stopped first."""
        items = self._table.selected()
        if not items:
            return
        running = [item.id for item in items if item.status in _STOPPABLE]
        ids = tuple(item.id for item in items)
        self._controller.remove(ids, stop=running)
        text = self.tr("%n row(s) removed. Finished cards stay in the library.", None, len(ids))
        self._removals.add(text, lambda: self._controller.restore(ids))

    def move(self, move: Move) -> None:
        """Give the selected rows that wait another place in their batch."""
        movable = self._movable(self._table.selected())
        if not movable:
            return
        batch_id = movable[0].batch_id
        waiting = [
            item.id
            for item in self._controller.model.items()
            if item.batch_id == batch_id and item.status in _WAITING
        ]
        chosen = [item.id for item in movable]
        found, before = place_of(move, waiting, set(chosen))
        if found:
            chosen_in_order = [item_id for item_id in waiting if item_id in set(chosen)]
            self._controller.move(chosen_in_order, before)

    def _copy_status(self) -> None:
        item = self._table.first_selected()
        if item is not None:
            self.status_wanted.emit(item.batch_id)

    @Slot(object, str)
    def _drop(self, item_ids: list[str], before: str) -> None:
        model = self._controller.model
        items = [item for item_id in item_ids if (item := model.item(item_id)) is not None]
        movable = self._movable(items)
        if movable:
            self._controller.move([item.id for item in movable], before or None)

    def _movable(self, items: tuple[ItemView, ...] | list[ItemView]) -> list[ItemView]:
        """Those that wait, when they are all of one batch."""
        waiting = [item for item in items if item.status in _WAITING]
        return waiting if len({item.batch_id for item in waiting}) == 1 else []

    def _holdable(self, *, held: bool) -> list[str]:
        return [item.id for item in self._table.selected() if item.status in _STOPPABLE and item.held is held]

    def _ask_shown(self, key: str) -> None:
        if self._shown:
            self.ask(self._shown, key)

    @Slot(str, str)
    def ask(self, item_id: str, key: str) -> None:
        """Do something with one item: a link of its row, a button of the preview, an action."""
        item = self._controller.model.item(item_id)
        if item is None:
            return
        match key:
            case "cancel":
                self._controller.cancel([item_id])
            case "retry":
                self._controller.retry([item_id])
            case "details":
                self.show_details(item)
            case "copy":
                QGuiApplication.clipboard().setText(report(item))
            case "open" if item.card_id is not None:
                self._services.desk.open_card.emit(item.card_id)
            case "open" if item.error is not None:
                self.show_details(item)
            case "folder":
                folder = item.files[0][1].parent if item.files else item.output
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def show_details(self, item: ItemView) -> DetailsDialog:
        """Open the details of an item."""
        dialog = DetailsDialog(self._window, self._services, item)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog
