"""The editor of one profile: head and notices over the form and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSplitter, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from cardforge_desktop.ui.profiles.editor.form import ProfileForm
from cardforge_desktop.ui.profiles.editor.head import Head
from cardforge_desktop.ui.profiles.editor.notices import SessionNotices
from cardforge_desktop.ui.profiles.editor.saver import Saver
from cardforge_desktop.ui.profiles.editor.session import ProfileSession
from cardforge_desktop.ui.profiles.editor.validating import ProfileChecker
from cardforge_desktop.ui.profiles.side import SidePane
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card
from cardforge_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from PySide6.QtCore import QByteArray

    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.ui.profiles.conflict.decisions import Decisions
    from cardforge_desktop.ui.profiles.conflict.dialog import ConflictDialog
    from cardforge_desktop.ui.services import Services

#: Narrower than this there is room for the fields or for the side, not for both.
_NARROW = 640


class ProfileEditor(QWidget):
    """Edits one profile. Lives on the window's thread."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._dialog: ConflictDialog | None = None
        self._decisions: Decisions | None = None  # of a dialog that was left by Esc
        self._is_merging = False
        self._wants_side, self._is_narrow = True, False
        self.session = ProfileSession(services.background, services.events)
        self.checker = ProfileChecker(services, self.session, self)
        self.saver = Saver(self.session, self.checker)
        self.head = Head(services, self.session, self.saver)
        self.notices = SessionNotices(services, self.session)
        self.form = ProfileForm(self.session, self.checker, services)
        self.side = SidePane(services, self.session)
        self._lay_out()
        self.session.opened.connect(self._on_opened)
        self.form.ready.connect(self._show_first_side)
        self.session.conflict.connect(self.compare)
        self.session.went.connect(self._show_fields)
        self.saver.held.connect(self.go_to)
        self.head.errors_wanted.connect(self._go_to_error)
        self.head.side_wanted.connect(self._switch_side)
        self.notices.compare_wanted.connect(self.compare)
        self._arrange()

    @property
    def dialog(self) -> ConflictDialog | None:
        """The dialog where mine and theirs are compared, while it is open."""
        return self._dialog

    @Slot(str)
    def go_to(self, path: str) -> None:
        """Bring a field into sight and into the focus."""
        if path:
            self._show_fields()
            self.form.go_to(path)

    def rename(self) -> None:
        """To the name: what is typed takes its place."""
        self.go_to("name")
        field = self.form.focusWidget()
        if isinstance(field, QPlainTextEdit):
            field.selectAll()

    @Slot()
    def compare(self) -> None:
        """Show mine and theirs side by side, as soon as they are merged."""
        if self._can_compare and not self._is_merging:
            self._is_merging = True
            self._services.background.start(self._compare())

    def show_side(self, key: str) -> None:
        """Show one of the panes beside the fields."""
        self._wants_side = True
        self._arrange()
        self.side.show_pane(key)

    def switch_side(self) -> None:
        """Show what stands beside the fields, or hide it."""
        self._switch_side(not self._wants_side)

    def state(self) -> QByteArray:
        """How wide the fields are, for the next start."""
        return self._splitter.saveState()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fields and side share the room, or take turns."""
        super().resizeEvent(event)
        is_narrow = event.size().width() < _NARROW
        if is_narrow != self._is_narrow:
            self._is_narrow, self._wants_side = is_narrow, not is_narrow
            self._arrange()

    def minimumSizeHint(self) -> QSize:
        """Fits the smallest window."""
        return QSize(320, 320)

    @property
    def _can_compare(self) -> bool:
        return self._dialog is None and self.session.is_open and self.session.newer is not None

    async def _compare(self) -> None:
        """Merge on a worker: long texts take a tenth of a second."""
        session, left = self.session, self._decisions
        try:
            if session.newer is None:
                return
            base, mine, theirs = session.profile.content, session.content, session.newer.content
            merged = await self._services.background.run(lambda: _merged(base, mine, theirs, left))
        finally:
            self._is_merging = False
        if not isValid(self) or not self._can_compare or session.newer is None:
            return
        from cardforge_desktop.ui.profiles.conflict.dialog import ConflictDialog

        self._dialog = ConflictDialog(
            *(session, session.profile, session.content, session.newer, self._services),
            parent=self.window(),
            before=merged,
        )
        self._dialog.finished.connect(self._forget_dialog)
        self._dialog.open()

    def _lay_out(self) -> None:
        self._fields, self._beside = Card(margin=SPACE_S), Card(margin=SPACE_S)
        self._fields.body.addWidget(self.form)
        self._beside.body.addWidget(self.side)
        self._fields.setMinimumWidth(300)
        self._beside.setMinimumWidth(260)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(SPACE_M)
        self._splitter.setChildrenCollapsible(False)
        for at, (part, share) in enumerate(((self._fields, 3), (self._beside, 2))):
            self._splitter.addWidget(part)
            self._splitter.setStretchFactor(at, share)
        self._splitter.setSizes([460, 310])
        state = self._services.memory.state("profiles/editor-splitter")
        if state is not None:
            self._splitter.restoreState(state)
        self._missing = EmptyState(
            self._services.theme,
            self._services.icons,
            "file-x",
            title=self.tr("This profile can't be opened"),
            text=self.tr("It is no longer there. Choose another one in the list."),
        )
        self._waiting = QWidget()
        self._whole = QStackedWidget()
        for page in (self._waiting, self._splitter, self._missing):
            self._whole.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.head)
        layout.addWidget(self.notices)
        layout.addWidget(self._whole, 1)

    @Slot()
    def _on_opened(self) -> None:
        self.head.refresh()
        self._whole.setCurrentWidget(self._splitter if self.session.is_open else self._missing)
        self._show_first_side()

    @Slot()
    def _show_first_side(self) -> None:
        """Once it is imported."""
        if self.form.is_ready and self.session.is_open and not self.side.current:
            self.side.show_pane("prompt")

    @Slot()
    def _go_to_error(self) -> None:
        errors = self.checker.validation.errors
        if errors:
            self.go_to(errors[0].field)

    @Slot(bool)
    def _switch_side(self, shown: bool) -> None:
        self._wants_side = shown
        self._arrange()

    @Slot()
    def _show_fields(self) -> None:
        if self._is_narrow and self._wants_side:
            self._switch_side(False)

    def _arrange(self) -> None:
        self._beside.setVisible(self._wants_side)
        self._fields.setVisible(not (self._is_narrow and self._wants_side))
        self.head.side.setChecked(self._wants_side)
        self.head.tell_errors(self._is_narrow and self._wants_side)

    @Slot()
    def _forget_dialog(self) -> None:
        if self._dialog is not None:
            self._decisions = self._dialog.decisions if self._dialog.ending is None else None
        self._dialog = None


def _merged(
    base: ProfileContent, mine: ProfileContent, theirs: ProfileContent, left: Decisions | None
) -> Decisions:
    """What a dialog begins with; imports it, too. On a worker."""
    import cardforge_desktop.ui.profiles.conflict.dialog  # noqa: F401
    from cardforge_desktop.ui.profiles.conflict.decisions import Decisions

    return Decisions.between(base, mine, theirs, left)
