"""The batch panel: drop sources, start, watch the cards being written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QTimer, Slot

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.ui.batch import browsing
from cardforge_desktop.ui.batch.commands import QueueCommands
from cardforge_desktop.ui.batch.controller import QueueController
from cardforge_desktop.ui.batch.following import PreviewFollower
from cardforge_desktop.ui.batch.history.chooser import BatchChooser
from cardforge_desktop.ui.batch.history.commands import BatchCommands
from cardforge_desktop.ui.batch.layout import BatchLayout
from cardforge_desktop.ui.batch.preview import PreviewPane
from cardforge_desktop.ui.batch.removals import Removals
from cardforge_desktop.ui.batch.side_pane import SidePane
from cardforge_desktop.ui.batch.sieve import Filter
from cardforge_desktop.ui.batch.state import Group
from cardforge_desktop.ui.batch.table import QueueTable
from cardforge_desktop.ui.batch.tally import NEW
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.picker import Choice

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cardforge_desktop.batches.drafts import Wishes
    from cardforge_desktop.events import Changed, Progress
    from cardforge_desktop.workspace import Workspace

#: Rows are searched when nothing was typed for so long.
_SEARCH_MS = 120


class BatchPanel(Panel):
    """Brings the parts together; what happens is the controller's, what the person does the commands'."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.controller = QueueController(services, self)
        self.table = QueueTable(services, self.controller.model)
        self.preview = PreviewPane(services)
        removals = Removals(services, self)
        self.side = SidePane(services, self.table, self.preview, removals)
        self.commands = QueueCommands(
            services, self.table, self.controller, removals, self, when_stored=self.side.wishes.then
        )
        self.batch_commands = BatchCommands(services, self.controller, removals, self)
        self.batches = BatchChooser(services, self.controller.model, self.batch_commands, self)
        self.layouted = BatchLayout(services, self)
        self.engine, self.profile = self.layouted.engine, self.layouted.profile
        self.start_button, self.search = self.layouted.start_button, self.layouted.search
        self.drop_zone, self.states = self.layouted.drop_zone, self.layouted.states
        self.follower = PreviewFollower(services, self.controller.model, self.table, self.preview)
        self._own_engines: dict[str, str] = {}  # profile → the engine it asks for, of those that exist
        self._connect(removals)
        self._load_choices()
        self._refresh()

    # Panel

    def activated(self) -> None:
        """Rows get the focus, so that keys work at once."""
        super().activated()
        self.commands.set_active(True)
        self.batch_commands.set_active(True)
        self._services.actions["view.history"].setEnabled(True)
        self.table.setFocus()

    def deactivated(self) -> None:
        """Keys such as Delete must not reach rows nobody sees."""
        self.commands.set_active(False)
        self.batch_commands.set_active(False)
        self._services.actions["view.history"].setEnabled(False)

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
        self.layouted.keep_state()

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

    # What the person does

    @Slot()
    def browse(self) -> None:
        """Choose files in the system's dialog."""
        browsing.browse_files(self, self.controller.add_paths)

    @Slot()
    def browse_folder(self) -> None:
        """Choose a folder in the system's dialog."""
        browsing.browse_folder(self, self.controller.add_paths)

    @Slot()
    def add_examples(self) -> None:
        """Add the sources that come with the app."""
        self.controller.add_paths(browsing.example_sources())

    def show_batch(self, batch_id: str) -> None:
        """Choose a batch at the left."""
        self.batches.list.choose(batch_id)

    def _connect(self, removals: Removals) -> None:
        services, controller = self._services, self.controller
        controller.refreshed.connect(self._refresh)
        controller.moved_on.connect(self._move_on)
        controller.added.connect(self._show_added)
        self.table.chosen.connect(self._choose)
        self.follower.followed.connect(self.commands.show_item)
        self.preview.asked.connect(self.commands.ask)
        self.preview.compare_asked.connect(self.commands.compare_items)
        self.side.left.connect(self.table.setFocus)
        self.table.activated_item.connect(lambda _item_id: self.side.edit())
        self._typing = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._typing.timeout.connect(self._search)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.states.picked.connect(self._show_state)
        self.batches.chosen.connect(self._show_chosen)
        self.batches.list.undo_wanted.connect(removals.undo)
        self.commands.status_wanted.connect(self.batch_commands.copy_status)
        self.engine.picked.connect(self._pick_engine)
        self.profile.picked.connect(self._pick_profile)
        self.drop_zone.browse.connect(self.browse)
        self.drop_zone.example.connect(self.add_examples)
        self.start_button.clicked.connect(self._start)
        services.actions.handle("view.history", self.layouted.switch_history)
        services.events.changed.connect(self._on_changed)
        services.batches.changed.connect(self._refresh)

    @Slot()
    def _start(self) -> None:
        chosen = self.commands.ids(ItemStatus.DRAFT)
        self._services.actions["queue.start_selected" if chosen else "queue.start"].trigger()

    def _pick_engine(self, name: str) -> None:
        self._change_selected("engine", name)
        self.controller.keep_choice(engine=name)

    def _pick_profile(self, name: str) -> None:
        """Its engine comes along, where it has one that exists; another can be chosen then."""
        self._change_selected("profile", name)
        own = self._own_engines.get(name)
        if own is None:
            self.controller.keep_choice(profile=name)
        else:
            self.engine.show_choice(own)
            self.controller.keep_choice(profile=name, engine=own)

    def _change_selected(self, key: str, name: str) -> None:
        """Drafts that are selected get it at once, and Ctrl+Z takes it back."""
        if self.side.shows_wishes:
            self.side.wishes.wish(key, name)
        elif drafts := self.commands.ids(ItemStatus.DRAFT):
            self.controller.change(drafts, **cast("Wishes", {key: name}))

    @Slot()
    def _search(self) -> None:
        self.controller.model.narrow(self.search.text())
        self._refresh()

    @Slot(object)
    def _show_state(self, group: Group) -> None:
        model = self.controller.model
        model.show_only(Filter(model.filter.batch, group, model.filter.needle))
        self._refresh()

    @Slot(str)
    def _show_chosen(self, key: str) -> None:
        """Another batch: all of its states."""
        model = self.controller.model
        self.states.choose(Group.ALL)
        model.show_only(Filter(key, Group.ALL, model.filter.needle))
        self._refresh()

    # What the core says

    @Slot()
    def _refresh(self) -> None:
        model = self.controller.model
        model.set_batches(self._services.batches.batches)
        self.batches.refresh()
        self.states.show_counts(model)
        self.layouted.refresh()
        self._refresh_start()
        one = model.filter.batch not in ("", NEW) or len(self._services.batches.batches) < 2
        self.table.show_batches(not one and model.filter.batch != NEW)
        chosen = model.filter.batch or (model.last.batch_id if one and model.last is not None else "")
        self.table.set_movable(bool(chosen) and not model.is_sorted)
        self.follower.refresh()
        self.side.refresh()
        self.commands.refresh()

    def _refresh_start(self) -> None:
        drafts = self.controller.model.count(Group.READY)
        chosen = len(self.commands.ids(ItemStatus.DRAFT))
        if chosen and chosen < drafts:
            text = self.tr("Start %n selected", None, chosen)
        else:
            text = self.tr("Start %n card(s)", None, drafts) if drafts else self.tr("Start")
        if text != self.start_button.text():
            self.start_button.setText(text)
        self.start_button.setEnabled(bool(drafts))

    @Slot()
    def _choose(self) -> None:
        self.follower.refresh()
        self.side.refresh()
        self.commands.refresh()
        self._refresh_start()
        selected = self.table.first_selected()
        if selected is not None:
            self.engine.show_choice(selected.engine)
            self.profile.show_choice(selected.profile)
        else:
            self._load_choices()

    @Slot(object)
    def _move_on(self, progresses: tuple[Progress, ...]) -> None:
        self.follower.move_on(progresses)
        self.batches.refresh_pace()

    @Slot(object)
    def _show_added(self, item_ids: tuple[str, ...]) -> None:
        model = self.controller.model
        if model.filter.batch not in ("", NEW):
            self.batches.list.choose("")
        row = model.row_of(item_ids[-1]) if item_ids else None
        if row is not None and not self.table.selected():
            self.table.scrollTo(model.index(row, 0))

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
        names = [name for name, _ in engines]
        topic = Topic(Kind.PROFILE, "\n".join(("of engines", *names)))
        profiles, self._own_engines = await cache.read(topic, lambda ws: _profiles(ws, names))
        settings = await self.controller.settings()
        self.engine.set_choices([Choice(name, text) for name, text in engines], settings.engine)
        self.profile.set_choices(profiles, settings.profile)


def _profiles(workspace: Workspace, engines: list[str]) -> tuple[tuple[Choice, ...], dict[str, str]]:
    """On a worker: the profiles themselves stay there, of which there may be a thousand."""
    from cardforge_desktop.batches.engine_choice import own_engines

    profiles = workspace.profiles.profiles()
    return tuple(Choice(each.name, each.name) for each in profiles), own_engines(profiles, engines)
