"""The profiles panel: all profiles, the one that is edited, and what stands beside its fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu, QSplitter, QVBoxLayout, QWidget

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.profiles import filing
from cardforge_desktop.ui.profiles.commands import ProfileCommands
from cardforge_desktop.ui.profiles.editor.profile_editor import ProfileEditor
from cardforge_desktop.ui.profiles.profile_list import ProfileList
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card
from cardforge_desktop.ui.widgets.focus_order import move_focus

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.profiles.lines import ProfileLine
    from cardforge_desktop.profiles.model import Profile
    from cardforge_desktop.ui.services import Services

_OPEN, _SPLITTER, _EDITOR = "profiles/open", "profiles/splitter", "profiles/editor-splitter"
_READ_MS = 100
#: What the form handles by itself, and other editors too.
_FORM_KEYS = ("editor.next", "editor.previous")
_MENU = (
    *("profile.rename", "profile.duplicate", "profile.revert", ""),
    *("profile.export", "profile.delete", "profile.undo_deletion", "", "profile.new", "profile.import"),
)


class ProfilesPanel(Panel):
    """Lays list and editor out, and lets each follow the other. Lives on the window's thread."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._active = False
        self._wanted = ""  # is shown as soon as it is in the list
        self._unnamed = ""  # its name is asked for as soon as it is open
        self._lost: frozenset[str] = frozenset()
        self.list = ProfileList(services)
        self.editor = ProfileEditor(services)
        self.session = self.editor.session
        self.commands = ProfileCommands(services, self)
        self._reader = Paced(services.background, _READ_MS, self._read)
        self._lay_out()
        self._connect()
        self._handle_actions()
        self._reader.ask()

    @Slot(str)
    def show_profile(self, profile_id: str) -> None:
        """Choose a profile and open it, once it is in the list."""
        if self.list.model.line_of(profile_id) is None:
            self._wanted = profile_id
            self._reader.ask()
            return
        self._wanted = ""
        self.list.choose(profile_id)
        self.session.open(profile_id)

    def activated(self) -> None:
        """The list has the focus; the panel's actions work."""
        self._active = True
        self.list.view.setFocus()
        self.refresh_actions()

    def deactivated(self) -> None:
        """The actions go with the panel. What is unsaved is kept."""
        self._active = False
        self.session.keep()
        for key in self._actions:
            self._services.actions[key].setEnabled(False)

    def begin_search(self) -> None:
        """Among the profiles."""
        self.list.begin_search()

    def keep_state(self) -> None:
        """Remember what is open; closing waits for what is unsaved to be kept."""
        memory = self._services.memory
        memory.keep(_OPEN, self.session.profile_id)
        memory.keep(_SPLITTER, self._splitter.saveState())
        memory.keep(_EDITOR, self.editor.state())
        self.session.close()

    def takes_drops(self) -> bool:
        """Files with profiles can be dropped anywhere on the panel."""
        return True

    def drop_text(self, count: int) -> str:
        """They are imported."""
        return self.tr("Drop to import profiles") if count else super().drop_text(count)

    def take_drop(self, paths: list[Path]) -> None:
        """Files were dropped on the window, or pasted."""
        self.commands.take(paths)

    def make_menu(self) -> QMenu:
        """The context menu of the chosen profile."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key in _MENU:
            if key:
                menu.addAction(self._services.actions[key])
            else:
                menu.addSeparator()
        return menu

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as the eye goes, through parts that were made late too."""
        return move_focus(self, forward=next) or super().focusNextPrevChild(next)

    @Slot()
    def refresh_actions(self) -> None:
        """What can be done now. Out of sight, undo and save are another editor's."""
        if not self._active:
            return
        session, here = self.session, self.session.is_open
        possible = {
            "edit.undo": session.can_undo,
            "edit.redo": session.can_redo,
            "editor.save": session.is_dirty and not session.is_deleted,
            "profile.revert": session.is_dirty,
            "profile.new": True,
            "profile.import": True,
            "profile.undo_deletion": bool(self.commands.deleted_ids),
            "profile.delete": here and not session.is_deleted,
            "profile.export": here and not session.is_deleted,
        }
        for key in self._actions:
            self._services.actions[key].setEnabled(possible.get(key, here))

    def _lay_out(self) -> None:
        left = Card(margin=SPACE_S)
        left.body.addWidget(self.list)
        left.setMinimumWidth(190)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(SPACE_L)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(self.editor)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes([300, 734])
        state = self._services.memory.state(_SPLITTER)
        if state is not None:
            self._splitter.restoreState(state)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _connect(self) -> None:
        self.list.chosen.connect(self.session.open)
        self.list.asked.connect(self._on_key)
        self.list.menu_wanted.connect(self._show_menu)
        self.commands.begun.connect(self._on_begun)
        self.commands.made.connect(self.show_profile)
        self.commands.deleted.connect(self._on_deleted)
        self.session.opened.connect(self._on_opened)
        self.session.status_changed.connect(self._on_status)
        self.session.copied.connect(self._on_copied)
        self.session.failed.connect(self._on_failed)
        self._services.events.changed.connect(self._on_changed)

    def _handle_actions(self) -> None:
        session, editor, commands = self.session, self.editor, self.commands
        handlers: dict[str, Callable[[], object]] = {
            "edit.undo": session.undo,
            "edit.redo": session.redo,
            "editor.save": editor.saver.save,
            "editor.preview": lambda: editor.show_side("prompt"),
            "editor.history": lambda: editor.show_side("history"),
            "editor.side": editor.switch_side,
            "profile.try": lambda: editor.show_side("try"),
            "profile.new": commands.new,
            "profile.duplicate": lambda: commands.duplicate(session.content),
            "profile.rename": editor.rename,
            "profile.revert": lambda: session.put(session.profile.content),
            "profile.import": commands.browse,
            "profile.export": lambda: commands.export(session.profile_id, session.profile.name),
            "profile.delete": lambda: commands.delete(session.profile_id),
            "profile.undo_deletion": commands.undo_deletion,
        }
        self._actions = (*handlers, *_FORM_KEYS)
        for key, do in handlers.items():
            self._services.actions.handle(key, do, self)

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.PROFILE, changes) is not None:
            self._reader.ask()

    async def _read(self) -> None:
        found = await self._services.background.call(filing.listed)
        self._lost = found.lost
        self.commands.note_there({line.id for line in found.lines})
        deleted = self._deleted_unsaved(found)
        self.list.model.show_lines(found.lines, deleted)
        self._show_unsaved()
        self.refresh_actions()
        self.list.refresh()
        if self._wanted and self.list.model.line_of(self._wanted) is not None:
            self.show_profile(self._wanted)
        elif not self.session.profile_id:
            self._show_first(found)

    def _deleted_unsaved(self, found: filing.Listed) -> tuple[ProfileLine, ...]:
        """Deleted elsewhere while something of them is unsaved here: the list is the way back to that."""
        there = {line.id for line in found.lines} | set(self.commands.deleted_ids)
        lost = self.session.unsaved_ids - there
        return tuple(line for line in map(self.list.model.line_of, lost) if line is not None)

    def _show_first(self, found: filing.Listed) -> None:
        """What was open the last time, or the one that is chosen in the app."""
        ids = [line.id for line in found.lines]
        wanted = (self._services.memory.text(_OPEN), found.chosen, *ids[:1])
        first = next((each for each in wanted if each in ids), "")
        if first:
            self.show_profile(first)

    @Slot(str)
    def _on_begun(self, profile_id: str) -> None:
        self._unnamed = profile_id
        self.show_profile(profile_id)

    @Slot()
    def _on_opened(self) -> None:
        self.refresh_actions()
        if self.session.is_open and self.session.profile_id == self._unnamed:
            self._unnamed = ""
            self.editor.rename()

    @Slot()
    def _on_status(self) -> None:
        self._show_unsaved()
        if self.list.model.deleted_ids - self.session.unsaved_ids:
            self._reader.ask()
        self.refresh_actions()

    def _show_unsaved(self) -> None:
        self.list.model.show_unsaved(self.session.unsaved_ids | self._lost)

    @Slot(str)
    def _on_key(self, wish: str) -> None:
        if wish == "enter":
            self.editor.form.setFocus()
        else:
            self._services.actions[f"profile.{wish}"].trigger()

    @Slot(QPoint)
    def _show_menu(self, point: QPoint) -> None:
        self.make_menu().popup(point)

    @Slot(str)
    def _on_deleted(self, profile_id: str) -> None:
        """The one below is shown. What was unsaved of the deleted one is there again when it is."""
        if profile_id != self.session.profile_id:
            return
        lines = self.list.model.lines
        at = self.list.model.row_of(profile_id)
        others = [line.id for line in lines if line.id != profile_id]
        if others:
            self.show_profile(others[min(at or 0, len(others) - 1)])

    @Slot(object)
    def _on_copied(self, profile: Profile) -> None:
        """Of a deleted profile the copy takes the place; else it is only told of."""
        if self.session.is_deleted:
            self.session.load(self.session.profile)  # what stood here is in the copy
            self.show_profile(profile.id)
            return
        text = self.tr("Your version was saved as “%1”.").replace("%1", profile.name)
        show = Link(self.tr("Show it"), lambda: self.show_profile(profile.id))
        self._services.desk.notice.emit(Notice(text, "ok", links=(show,)))

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        """What no notice of the editor's says."""
        from cardforge_desktop.ui.failures import notice_of

        if self.session.error is not error and not self.session.is_deleted:
            sentence = self.tr("That could not be done with the profile. The log holds the details.")
            self._services.desk.notice.emit(notice_of(error, sentence))
