"""The head of the editor: which profile and version it is, how it stands to the store, and Save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.profiles import words
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, icon_button, label, row, set_role

if TYPE_CHECKING:
    from cardforge_desktop.ui.profiles.editor.saver import Saver
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.services import Services

_TICK_MS = 30_000
_MENU = ("profile.rename", "profile.duplicate", "profile.revert", "", "profile.export", "profile.delete")


class Head(QWidget):
    """Type, name, version, state; undo, redo, the menu, the switch of the side, Save.

    Signals:
        errors_wanted(): show the first field that has an error.
        side_wanted(bool): show or hide what stands beside the fields.
    """

    errors_wanted = Signal()
    side_wanted = Signal(bool)

    def __init__(self, services: Services, session: ProfileSession, saver: Saver) -> None:
        super().__init__()
        self._services, self._session, self._saver = services, session, saver
        self._tells_errors = False
        self.type = QLabel()
        self.name = ElidedLabel("", "title")
        self.version = ElidedLabel("", "caption")
        self.icon = QLabel()
        self.state = label("", "muted")
        tip = self.tr("Go to the first field that has to be mended")
        self.errors = button("", "link", tip=tip, name=tip)
        self.save = button(self.tr("Save"), "primary")
        self.undo, self.redo = self._tool("undo-2", "edit.undo"), self._tool("redo-2", "edit.redo")
        self.more = icon_button(services.icons, "ellipsis", self.tr("More with this profile"))
        self.side = icon_button(
            services.icons, "panel-right", services.actions["editor.side"].toolTip(), Tone.TEXT
        )
        self.side.setCheckable(True)
        self.errors.clicked.connect(self.errors_wanted)
        self.side.clicked.connect(self.side_wanted)
        self.save.clicked.connect(services.actions["editor.save"].trigger)
        self._make_menu()
        self._lay_out()
        services.theme.changed.connect(self.refresh)
        saver.changed.connect(self.refresh)
        session.opened.connect(self.refresh)
        session.changed.connect(self.refresh)
        self._ticker = QTimer(self, interval=_TICK_MS)
        self._ticker.timeout.connect(self.refresh)
        self._ticker.start()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say how the profile stands."""
        session = self._session
        self.setVisible(session.is_open)
        if not session.is_open:
            return
        profile, icons = session.profile, self._services.icons
        self.type.setPixmap(icons.pixmap(words.type_icon(session.content.type), Tone.MUTED, 18))
        self.type.setToolTip(words.type_text(session.content.type))
        self.name.set_whole(session.content.name.strip() or self.tr("Unnamed profile"))
        saved = words.saved_text(profile.updated_by, profile.updated_at)
        text = self.tr("Version %1 · saved by %2").replace("%1", str(profile.version))
        self.version.set_whole(text.replace("%2", saved))
        self.version.setToolTip(words.saved_tip(profile.version, profile.updated_by, profile.updated_at))
        self._show_state()

    def tell_errors(self, told: bool) -> None:
        """Whether errors are told here: where the fields, which tell them, are out of sight."""
        self._tells_errors = told
        self.refresh()

    def _show_state(self) -> None:
        text, icon, tone = self._told()
        self.state.setText(text)
        set_role(self.state, tone.value if tone in (Tone.ERROR, Tone.WARN) else "muted")
        self.icon.setPixmap(self._services.icons.pixmap(icon, tone, 16))
        errors = self._saver.errors
        self.errors.setVisible(bool(errors) and self._tells_errors)
        self.errors.setText(self.tr("%n error(s)", None, errors))
        self.save.setEnabled(self._saver.can_save)
        tip = self._services.actions["editor.save"].toolTip()
        if errors:
            tip = self.tr("%n error(s) must be mended before this can be saved.", None, errors)
        elif not self._session.is_dirty:
            tip = self.tr("Nothing has changed since version %1.").replace(
                "%1", str(self._session.profile.version)
            )
        self.save.setToolTip(tip)
        self.save.setStatusTip(tip)
        self.save.setAccessibleDescription(tip)

    def _told(self) -> tuple[str, str, Tone]:
        if self._saver.is_waiting:
            return self.tr("Checking…"), "loader", Tone.MUTED
        return {
            Status.LOADING: (self.tr("Opening…"), "loader", Tone.MUTED),
            Status.MISSING: ("", "loader", Tone.MUTED),
            Status.SAVED: (self.tr("Saved"), "check", Tone.OK),
            Status.UNSAVED: (self.tr("Unsaved changes"), "pen-line", Tone.MUTED),
            Status.SAVING: (self.tr("Saving…"), "loader", Tone.MUTED),
            Status.CONFLICT: (self.tr("Conflict"), "triangle-alert", Tone.WARN),
            Status.DELETED: (self.tr("Deleted"), "triangle-alert", Tone.WARN),
            Status.FAILED: (self.tr("Could not be saved"), "circle-x", Tone.ERROR),
        }[self._session.status]

    def _lay_out(self) -> None:
        # No wider than it is: Arabic would stand at the far end of the room.
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        top = row(self.type, self.name, None, spacing=SPACE_S)
        top.addLayout(row(self.icon, self.state, self.errors, spacing=SPACE_XS))
        top.addSpacing(SPACE_S)
        top.addWidget(self.save)
        below = row(self.version, self.undo, self.redo, self.more, self.side, spacing=SPACE_XS)
        below.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(top)
        layout.addLayout(below)

    def _make_menu(self) -> None:
        self._menu = QMenu(self)
        for key in _MENU:
            if key:
                self._menu.addAction(self._services.actions[key])
            else:
                self._menu.addSeparator()
        self.more.clicked.connect(
            lambda: self._menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))
        )

    def _tool(self, icon: str, key: str) -> QPushButton:
        action = self._services.actions[key]
        made = icon_button(self._services.icons, icon, action.toolTip())
        made.setAccessibleName(action.text().replace("&", ""))
        made.clicked.connect(lambda _checked=False: action.trigger())
        action.enabledChanged.connect(made.setEnabled)
        made.setEnabled(action.isEnabled())
        return made
