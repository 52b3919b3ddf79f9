"""The batch panel: drop sources, start, watch the cards being written."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QSplitter, QVBoxLayout

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui.batch.controller import QueueController
from cardforge_desktop.ui.batch.details import DetailsDialog, report
from cardforge_desktop.ui.batch.preview import PreviewPane
from cardforge_desktop.ui.batch.table import QueueTable
from cardforge_desktop.ui.card_texts import card_texts
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import Card, button, label, row
from cardforge_desktop.ui.widgets.drop_zone import DropZone
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed, Progress

_STOPPABLE = (ItemStatus.QUEUED, ItemStatus.PROCESSING)
_ENDED = (ItemStatus.FAILED, ItemStatus.CANCELLED)
#: A card stays in the preview at least so long before the next one that is written takes its place.
_LINGER_MS = 1_500


class BatchPanel(Panel):
    """Lays out the queue and its preview; what happens is the controller's."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.controller = QueueController(services, self)
        self.engine = Picker(services.icons, self.tr("Engine"))
        self.profile = Picker(services.icons, self.tr("Profile"))
        self.start_button = button(self.tr("Start"), "primary", tip=services.actions["queue.start"].toolTip())
        services.icons.put(self.start_button, "play", Tone.ON_ACCENT, 16)
        self.drop_zone = DropZone(services.theme, services.icons)
        self.search = QLineEdit()
        self.table = QueueTable(services, self.controller.model)
        self.preview = PreviewPane(services)
        self._complete = False
        self._shown_for = QElapsedTimer()
        self._active = False
        self._lay_out()
        self._connect()
        self._add_actions()
        self._load_choices()
        self._refresh()

    # Panel

    def activated(self) -> None:
        """Rows get the focus, so that keys work at once."""
        super().activated()
        self._active = True
        self._refresh_actions()
        self.table.setFocus()

    def deactivated(self) -> None:
        """Keys such as Delete must not reach rows nobody sees."""
        self._active = False
        for key in ("start_selected", "cancel", "retry", "details", "open", "folder", "remove"):
            self._services.actions[f"queue.{key}"].setEnabled(False)

    def begin_search(self) -> None:
        """Show the search field."""
        self.search.show()
        self.search.setFocus()
        self.search.selectAll()

    def copy(self) -> None:
        """Copy the selected rows."""
        self.table.copy_rows()

    def keep_state(self) -> None:
        """Remember columns and splitter."""
        self.table.keep_state()
        self._services.memory.keep("batch/splitter", self._splitter.saveState())

    def takes_drops(self) -> bool:
        """Yes."""
        return True

    def drop_text(self, count: int) -> str:
        """How many sources, if it is files."""
        if count:
            return self.tr("Drop to add %n source(s) to the queue", None, count)
        return self.tr("Drop to add this text to the queue")

    def add(self, paths: list[Path], text: str) -> None:
        """Files and folders, or a text, for the queue."""
        if paths:
            self.controller.add_paths(paths)
        elif text.strip():
            first = text.strip().splitlines()[0].strip("# \t")[:40] or self.tr("Pasted text")
            self.controller.add_text(text, first)

    # Making

    def _lay_out(self) -> None:
        self.search.setPlaceholderText(self.tr("Find a source, card, profile, engine or state"))
        self.search.setAccessibleName(self.tr("Find in the queue"))
        self.search.setClearButtonEnabled(True)
        self.search.hide()
        heading = label(self.tr("Batch"), "heading")
        table_card = Card(margin=SPACE_XS)
        table_card.body.addWidget(self.table)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(SPACE_L)
        self._splitter.addWidget(table_card)
        self._splitter.addWidget(self.preview)
        self._splitter.setStretchFactor(0, 1)
        self.preview.setMinimumWidth(240)
        state = self._services.memory.state("batch/splitter")
        self._divided = state is not None and self._splitter.restoreState(state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(row(heading, None, self.engine, self.profile, self.start_button))
        layout.addWidget(self.drop_zone)
        layout.addWidget(self.search)
        layout.addWidget(self._splitter, 1)
        self._layout = layout

    def _connect(self) -> None:
        services, controller = self._services, self.controller
        controller.refreshed.connect(self._refresh)
        controller.moved_on.connect(self._move_on)
        controller.added.connect(self._show_added)
        self.table.chosen.connect(self._choose)
        self.table.activated_item.connect(lambda item_id: self._ask(item_id, "open"))
        self.table.delegate.link.connect(self._ask)
        self.preview.asked.connect(self._ask)
        self.search.textChanged.connect(controller.model.narrow)
        self.engine.picked.connect(self._pick_engine)
        self.profile.picked.connect(self._pick_profile)
        self.drop_zone.browse.connect(self.browse)
        self.drop_zone.example.connect(self.add_examples)
        services.events.changed.connect(self._on_changed)

    def _add_actions(self) -> None:
        actions = self._services.actions
        actions.handle("queue.start", lambda: self.controller.start(None))
        self.start_button.clicked.connect(actions["queue.start"].trigger)
        actions.handle("queue.start_selected", lambda: self.controller.start(self._ids(ItemStatus.DRAFT)))
        actions.handle("queue.cancel", lambda: self.controller.cancel(self._ids(*_STOPPABLE)))
        actions.handle("queue.retry", lambda: self.controller.retry(self._ids(*_ENDED)))
        actions.handle("queue.remove", self._remove)
        for key in ("details", "open", "folder"):
            actions.handle(f"queue.{key}", partial(self._ask_current, key))

    # What the person does

    @Slot()
    def browse(self) -> None:
        """Choose files in the system's dialog."""
        dialog = QFileDialog(self, self.tr("Add source files"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters(
            [
                self.tr(
                    "Texts and cards (*.txt *.text *.md *.markdown *.html *.htm *.xhtml *.docx *.odt *.rtf "
                    "*.epub *.pdf *.png *.apng *.json *.charx *.yaml *.yml *.jpg *.jpeg)"
                ),
                self.tr("All files (*)"),
            ]
        )
        self._open_dialog(dialog)

    @Slot()
    def browse_folder(self) -> None:
        """Choose a folder in the system's dialog."""
        dialog = QFileDialog(self, self.tr("Add a folder of sources"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open_dialog(dialog)

    @Slot()
    def add_examples(self) -> None:
        """Add the sources that come with the app."""
        from cardforge_desktop.resources import resource

        folder = resource("examples")
        sources = [
            path
            for path in sorted(folder.iterdir())
            if path.suffix in (".txt", ".md", ".html", ".docx", ".pdf")
        ]
        self.controller.add_paths(sources)

    def _open_dialog(self, dialog: QFileDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda files: self.add([Path(file) for file in files], ""))
        dialog.open()

    def _pick_engine(self, name: str) -> None:
        if drafts := self._ids(ItemStatus.DRAFT):
            self.controller.change(drafts, engine=name)
        self.controller.keep_choice(engine=name)

    def _pick_profile(self, name: str) -> None:
        if drafts := self._ids(ItemStatus.DRAFT):
            self.controller.change(drafts, profile=name)
        self.controller.keep_choice(profile=name)

    def _remove(self) -> None:
        items = self.table.selected()
        running = [item.id for item in items if item.status in _STOPPABLE]
        if running:
            self.controller.cancel(running)
        self.controller.remove([item.id for item in items])

    def _ids(self, *statuses: ItemStatus) -> list[str]:
        return [item.id for item in self.table.selected() if item.status in statuses]

    def _ask_current(self, key: str) -> None:
        if self.preview.item_id:
            self._ask(self.preview.item_id, key)

    @Slot(str, str)
    def _ask(self, item_id: str, key: str) -> None:
        item = self.controller.model.item(item_id)
        if item is None:
            return
        match key:
            case "cancel":
                self.controller.cancel([item_id])
            case "retry":
                self.controller.retry([item_id])
            case "details":
                self.show_details(item)
            case "copy":
                QGuiApplication.clipboard().setText(report(item))
            case "open" if item.card_id is not None:
                self._services.desk.open_card.emit(item.card_id)
            case "open" if item.error is not None:
                self.show_details(item)
            case "folder" if item.files:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(item.files[0][1].parent)))

    def show_details(self, item: ItemView) -> DetailsDialog:
        """Open the details of an item."""
        dialog = DetailsDialog(self, item)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    # What the core says

    @Slot()
    def _refresh(self) -> None:
        model = self.controller.model
        any_rows = any(True for _ in model.items())
        self.drop_zone.set_slim(any_rows)
        self._layout.setStretchFactor(self.drop_zone, 0 if any_rows else 1)
        self._splitter.setVisible(any_rows)
        self.start_button.setVisible(any_rows)
        if any_rows and not self._divided:
            self._divided = True
            width = max(self.width(), 600)
            self._splitter.setSizes([width - width * 3 // 10, width * 3 // 10])
        drafts = len(self.controller.drafts())
        self.start_button.setText(self.tr("Start %n card(s)", None, drafts) if drafts else self.tr("Start"))
        self.start_button.setEnabled(bool(drafts))
        self._show_in_preview()
        self._refresh_actions()

    def _refresh_actions(self) -> None:
        actions, items = self._services.actions, self.table.selected()
        statuses = {item.status for item in items}
        shown = self.controller.model.item(self.preview.item_id)
        actions["queue.start"].setEnabled(self.start_button.isEnabled())
        if not self._active:
            return
        actions["queue.start_selected"].setEnabled(ItemStatus.DRAFT in statuses)
        actions["queue.cancel"].setEnabled(bool(statuses & set(_STOPPABLE)))
        actions["queue.retry"].setEnabled(bool(statuses & set(_ENDED)))
        actions["queue.remove"].setEnabled(bool(items))
        actions["queue.details"].setEnabled(shown is not None)
        actions["queue.open"].setEnabled(shown is not None and shown.card_id is not None)
        actions["queue.folder"].setEnabled(shown is not None and bool(shown.files))

    @Slot()
    def _choose(self) -> None:
        self._show_in_preview()
        self._refresh_actions()
        selected = self.table.selected()
        if selected:
            self.engine.show_choice(selected[0].engine)
            self.profile.show_choice(selected[0].profile)
        else:
            self._load_choices()

    def _show_in_preview(self) -> None:
        """The first selected row, else the one that is being written."""
        model = self.controller.model
        selected = self.table.selected()
        item = selected[0] if selected else model.item(self.preview.item_id)
        lingers = (
            item is not None and self._shown_for.isValid() and not self._shown_for.hasExpired(_LINGER_MS)
        )
        if not selected and not lingers and (item is None or item.status is not ItemStatus.PROCESSING):
            running = (each for each in model.items() if each.status is ItemStatus.PROCESSING)
            item = next(running, item)
        if item is None:
            self.preview.show_nothing()
            return
        is_new = item.id != self.preview.item_id
        ended = not is_new and item.status is ItemStatus.COMPLETED and not self._complete
        self.preview.show_item(item, model.progress(item.id))
        if is_new:
            self._shown_for.start()
        if is_new or ended:
            self._complete = item.status is ItemStatus.COMPLETED
            self._services.background.start(self._load_fields(item.id))

    async def _load_fields(self, item_id: str) -> None:
        item = self.controller.model.item(item_id)
        card_id = item.card_id if item is not None else None
        if card_id is None:
            fields = await self._services.background.call(lambda ws: ws.batches.preview(item_id))
        else:
            fields = await self._services.background.call(
                lambda ws: card_texts(ws.library.card(card_id).card)
            )
        if self.preview.item_id != item_id:
            return
        shown = self.preview.fields.texts
        if card_id is None:  # what came meanwhile is newer than what was read
            fields |= {name: text for name, text in shown.items() if len(text) > len(fields.get(name, ""))}
        self.preview.show_name(fields.pop("name", ""))
        self.preview.fields.show_fields(fields)
        if (item := self.controller.model.item(item_id)) is not None:
            self.preview.show_item(item, self.controller.model.progress(item_id))

    @Slot(object)
    def _move_on(self, progresses: tuple[Progress, ...]) -> None:
        if not self.preview.item_id:
            self._show_in_preview()
        self.preview.move_on(progresses)

    @Slot(object)
    def _show_added(self, item_ids: tuple[str, ...]) -> None:
        row = self.controller.model.row_of(item_ids[-1]) if item_ids else None
        if row is not None and not self.table.selected():
            self.table.scrollTo(self.controller.model.index(row, 0))

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if any(ids_of(kind, changes) is not None for kind in (Kind.CONNECTION, Kind.PROFILE, Kind.SETTING)):
            self._load_choices()

    def _load_choices(self) -> None:
        self._services.background.start(self._read_choices())

    async def _read_choices(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        cache = self._services.cache
        engines = await cache.read(
            Topic(Kind.CONNECTION, "labels"),
            lambda ws: tuple((each.name, ws.engines.label(each.name)) for each in ws.engines.connections()),
        )
        profiles = await cache.read(Topic(Kind.PROFILE, "list"), lambda ws: ws.profiles.profiles())
        settings = await self.controller.settings()
        self.engine.set_choices([Choice(name, text) for name, text in engines], settings.engine)
        self.profile.set_choices([Choice(each.name, each.name) for each in profiles], settings.profile)
