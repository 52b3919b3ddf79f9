"""The dialog where two people's changes of one profile are brought together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.profiles.errors import ProfileInvalid
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.profiles.conflict import words
from cardforge_desktop.ui.profiles.conflict.decisions import Decisions, Way
from cardforge_desktop.ui.profiles.conflict.resolving import Ending, Resolving
from cardforge_desktop.ui.profiles.conflict.standing import Standing
from cardforge_desktop.ui.profiles.conflict.table import ConflictTable
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XL, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.focus_order import move_focus
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import Profile, ProfileContent
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession

_SIZE = "profiles/conflict-size"


class ConflictDialog(QDialog):
    """Mine and theirs side by side, field by field. Open it with `open`; Esc goes back to editing.

    While it is open, `ProfileSession.conflict` is answered here: a save that loses again is told and merged
    anew. `ending` says how it was left, None = by Esc.
    """

    def __init__(
        self,
        session: ProfileSession,
        base: Profile,
        mine: ProfileContent,
        theirs: Profile,
        services: Services,
        *,
        parent: QWidget | None = None,
        before: Decisions | None = None,
    ) -> None:
        """`before`: the `decisions` of a dialog that was left by Esc; what still holds of them is kept."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("This profile changed while you were editing"))
        self.setSizeGripEnabled(True)
        self._services = services
        self.ending: Ending | None = None
        self.resolving = Resolving(session, services, base=base, mine=mine, theirs=theirs, before=before)
        self.sentence = label("", "muted", wrap=True)
        self.notice = NoticeBar(services.icons)
        self.table = ConflictTable(services)
        self.standing = Standing(services)
        self._make_options()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._show_versions()
        self._refresh()

    @property
    def decisions(self) -> Decisions:
        """What is decided so far."""
        return self.resolving.decisions

    # Life

    def done(self, result: int) -> None:
        """Remember the size. While something is being saved, the answer is waited for."""
        if self.resolving.is_busy:
            return
        size = f"{self.width()}x{self.height()}"
        self._services.memory.keep(_SIZE, size)
        self.resolving.close()
        super().done(result)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """In the order of what is seen, whenever a row was made."""
        return move_focus(self, forward=forward) or super().focusNextPrevChild(forward)

    def showEvent(self, event: QShowEvent) -> None:
        """The keys are for the rows first: one stands on what is to be decided."""
        super().showEvent(event)
        self.setFocus()

    # Making

    def _make_options(self) -> None:
        theme, icons = self._services.theme, self._services.icons
        self.base_shown = CheckBox(theme, icons, self.tr("Show what both started from"))
        self.base_shown.setToolTip(self.tr("One more column with the version before both changes (Alt+B)"))
        self.all_shown = CheckBox(theme, icons, self.tr("Show unchanged fields too"))
        self.base_shown.toggled.connect(self.table.show_base)
        self.all_shown.toggled.connect(self.table.show_all)

    def _make_buttons(self) -> None:
        self.discard = button(
            self.tr("Discard mine"),
            tip=self.tr("Show the current version. Your changes stay in the history of the profile."),
        )
        self.overwrite = button("")
        self.copy = button(
            self.tr("Save mine as a copy"),
            tip=self.tr("Make another profile of your version; this one stays as it is now"),
        )
        self.latest = button(
            self.tr("Load latest"),
            tip=self.tr(
                "Show the current version. Undo brings your changes back into the form; the history has "
                "them too."
            ),
        )
        self.merged = button(
            self.tr("Save merged"),
            "primary",
            tip=self.tr("Save the result as a new version (Ctrl+S)"),
        )
        self._services.icons.put(self.merged, "git-merge", Tone.ON_ACCENT, 16)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L + 2, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(self.windowTitle(), "heading", wrap=True))
        layout.addWidget(self.sentence)
        layout.addWidget(self.notice)
        layout.addWidget(self.table)
        layout.addLayout(row(self.base_shown, self.all_shown, None, spacing=SPACE_L))
        layout.addStretch(1)
        layout.addWidget(self.standing)
        layout.addLayout(row(self.discard, self.overwrite, self.copy, None, self.latest, self.merged))
        layout.setStretchFactor(self.table, 1000)
        self.setMinimumSize(820, 440)
        width, _, height = self._services.memory.text(_SIZE, "1040x680").partition("x")
        if width.isdigit() and height.isdigit():
            resize_within_screen(self, int(width), int(height))

    def _connect(self) -> None:
        resolving = self.resolving
        resolving.setParent(self)
        resolving.decided.connect(self._refresh)
        resolving.read.connect(self._show_fields)
        resolving.newer.connect(self._on_newer)
        resolving.deleted.connect(self._on_deleted)
        resolving.failed.connect(self._on_failed)
        resolving.busy_changed.connect(self._show_buttons)
        resolving.ended.connect(self._on_ended)
        self.table.taken.connect(self._take)
        self.table.written.connect(resolving.write)
        self.table.spoiled.connect(resolving.spoil)
        self.table.filled.connect(self._begin)
        self.standing.next_wanted.connect(self.table.go_to_next)
        self.standing.field_wanted.connect(self.table.go_to)
        for each, way in (
            (self.discard, resolving.discard),
            (self.overwrite, resolving.overwrite),
            (self.copy, resolving.save_copy),
            (self.latest, resolving.load_latest),
            (self.merged, resolving.save_merged),
        ):
            each.clicked.connect(lambda _checked=False, way=way: way())
        self._key("Ctrl+S", self.merged.click)
        self._key("Alt+N", self.table.go_to_next)
        self._key("Alt+B", self.base_shown.toggle)
        for key, taken in (("Alt+M", Way.MINE), ("Alt+T", Way.THEIRS), ("Alt+E", Way.EDITED)):
            self._key(key, lambda taken=taken: self.table.take_current(taken))

    def _key(self, key: str, do: object) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(do)

    # Showing

    def _show_versions(self) -> None:
        resolving = self.resolving
        self.table.show_titles(
            self.tr("Both started from (v%1)").replace("%1", formatting.number(resolving.base.version), 1),
            self.tr("Current version (v%1)").replace("%1", formatting.number(resolving.theirs.version), 1),
        )

    @Slot()
    def _show_fields(self) -> None:
        self.table.show_fields(self.resolving.fields, self.resolving.decisions)

    @Slot()
    def _begin(self) -> None:
        """Stand on the first decision, once there is something to stand on."""
        if self.focusWidget() in (None, self):
            self.table.go_to_next()

    @Slot()
    def _refresh(self) -> None:
        resolving = self.resolving
        self.sentence.setText(words.sentence(resolving.base, resolving.theirs, resolving.decisions.merge))
        self.table.update_from(resolving.decisions)
        errors = resolving.validation.errors if resolving.validation is not None else ()
        self.table.show_problems({each.field: each.message for each in reversed(errors)})
        self.standing.show_state(resolving)
        self._show_buttons()

    @Slot()
    def _show_buttons(self) -> None:
        resolving = self.resolving
        for each in (self.discard, self.overwrite, self.copy, self.latest):
            each.setEnabled(not resolving.is_busy)
        self.merged.setEnabled(resolving.can_save)
        for each in (self.discard, self.latest, self.merged):
            each.setVisible(not resolving.is_deleted)
        text, tip = (
            self.tr("Overwrite with mine"),
            self.tr("Save your version as it is. The current version stays in the history."),
        )
        if resolving.is_deleted:
            text, tip = (
                self.tr("Bring it back with mine"),
                self.tr("Have the profile again, with your version as the newest"),
            )
        self.overwrite.setText(text)
        self.overwrite.setAccessibleName(text)
        self.overwrite.setToolTip(tip)
        self.overwrite.setStatusTip(tip)

    # What happens

    @Slot(str, object)
    def _take(self, path: str, way: Way) -> None:
        self.resolving.take(path, way)
        row_ = self.table.rows.get(path)
        if row_ is not None:
            left = len(self.resolving.decisions.undecided)
            told = self.tr("%n decision(s) left.", None, left) if left else self.tr("All is decided.")
            self._announce(f"{row_.accessibleName()}. {told}")

    @Slot(object, object)
    def _on_newer(self, theirs: Profile, reopened: tuple[str, ...]) -> None:
        self._show_versions()
        self._say(Notice(words.saved_meanwhile(theirs, reopened), "warn"))
        self._refresh()

    @Slot()
    def _on_deleted(self) -> None:
        if self.resolving.is_deleted:
            text = self.tr(
                "Somebody deleted this profile meanwhile. Bring it back with your version, or save yours "
                "as a copy."
            )
            self._say(Notice(text, "warn"))
        else:
            self.notice.dismiss()
        self._refresh()

    @Slot(object)
    def _on_failed(self, error: Exception) -> None:
        text = self.tr("That could not be done. Nothing is lost: try again, or go another way.")
        notice = notice_of(error, text)
        if isinstance(error, ProfileInvalid):
            notice = Notice(words.not_allowed(error.validation), "error", notice.details)
        self._say(notice)

    @Slot(object)
    def _on_ended(self, ending: Ending) -> None:
        self.ending = ending
        self.accept()

    def _say(self, notice: Notice) -> None:
        self.notice.say(notice)
        self._announce(notice.text)

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """N goes to the next decision from anywhere; Enter is for the button that has the focus."""
        if event.key() == Qt.Key.Key_N and not event.modifiers():
            self.table.go_to_next()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QPushButton):
                focused.click()
        else:
            super().keyPressEvent(event)
