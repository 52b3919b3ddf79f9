"""The card editor: fields on the left, what they come to on the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QImage, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.library.editor import pages
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.context_picker import ContextPicker
from cardforge_desktop.ui.library.editor.examiner import Examiner
from cardforge_desktop.ui.library.editor.examining import Examination
from cardforge_desktop.ui.library.editor.find_fields import CardTexts
from cardforge_desktop.ui.library.editor.head import Head, small_picture
from cardforge_desktop.ui.library.editor.navigator import Navigator
from cardforge_desktop.ui.library.editor.notices import SessionNotices
from cardforge_desktop.ui.library.editor.session import CardSession
from cardforge_desktop.ui.library.editor.side import Side
from cardforge_desktop.ui.library.editor.tasks import Tasks
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import row
from cardforge_desktop.ui.widgets.empty_state import EmptyState
from cardforge_desktop.ui.widgets.find_bar import FindBar
from cardforge_desktop.ui.widgets.focus_order import move_focus
from cardforge_desktop.ui.widgets.text_field import TextField
from cardforge_desktop.ui.widgets.token_bar import TokenBar

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.editor.sections.section import Section
    from cardforge_desktop.ui.services import Services

#: Narrower than this there is room for the fields or for the side, not for both.
_NARROW = 840


class CardEditor(QWidget):
    """Edits one card of the library. Lives on the window's thread.

    Signals:
        closed(): the person is done; what is unsaved is being saved.
    """

    closed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.session = CardSession(services.background, services.events)
        self.bench = Bench(services, self.session, self)
        self._picture: bytes | None = None
        self._image: QImage | None = None
        self._wants_side, self._is_narrow = True, False
        self._sections: dict[str, Section] = {}
        self.head = Head(services, self.session)
        self.notices = SessionNotices(services, self.session)
        self.navigator = Navigator(services.theme, services.icons, pages.specs())
        self.texts = CardTexts(self.session, self.go_to)
        self.find_bar = FindBar(services.icons, services.background, self.texts)
        self.tokens = TokenBar(services.theme, services.icons)
        self.context = ContextPicker(services.icons)
        self.side = Side(services)
        self.tasks = Tasks(self.bench, self)
        self.examiner = Examiner(services, self.session)
        self._lay_out()
        self._connect()
        self._handle_actions()
        self._arrange()

    @property
    def card_id(self) -> str:
        """Id of the open card, "" for none."""
        return self.session.card_id

    @property
    def examination(self) -> Examination | None:
        """What was last counted and found."""
        return self.examiner.last

    def open(self, card_id: str) -> None:
        """Show this card for editing; the one before is saved."""
        self.texts.commit()
        self.session.open(card_id)

    def leave(self) -> None:
        """Save what is unsaved; closing the app waits for it."""
        self.texts.commit()
        self.session.leave()
        self._keep_page()
        self._services.memory.keep("editor/splitter", self._splitter.saveState())

    def begin_search(self) -> None:
        """Ctrl+F: look through every field."""
        self._begin_search(replace=False)

    def section(self, key: str) -> Section:
        """A page, made at its first visit."""
        if key not in self._sections:
            made = self._sections[key] = pages.make(key, self.bench)
            self._pages.addWidget(made)
            if self.session.is_open:
                made.show_package(self.session.package)
                self._show_examination(made)
        return self._sections[key]

    def go_to(self, path: str, start: int = -1, end: int = -1, *, focus: bool = False) -> None:
        """Bring a place of the card into sight: a path, and characters in its text."""
        if not path or not self.session.is_open:
            return
        key = pages.key_of(path)
        self._show_fields()
        self.navigator.choose(key)
        self.section(key).go_to(path, start, end, focus=focus)

    def show_side(self, key: str) -> None:
        """Show one of the panes beside the fields."""
        self._wants_side = True
        self._arrange()
        self.side.show_pane(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves the editor, when no list or bar took it."""
        if event.key() == Qt.Key.Key_Escape:
            self._go_back()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as the eye goes, through pages that were made late too."""
        return move_focus(self, forward=next) or super().focusNextPrevChild(next)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The page's first text has it."""
        super().focusInEvent(event)
        self._focus_page()

    def showEvent(self, event: QShowEvent) -> None:
        """The editor's actions work while it is in sight."""
        super().showEvent(event)
        self.refresh_actions()

    def hideEvent(self, event: QHideEvent) -> None:
        """And only then."""
        super().hideEvent(event)
        for key in self._actions:
            self._services.actions[key].setEnabled(False)

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

    def _lay_out(self) -> None:
        self._side_frame = Frame(margin=SPACE_S)
        self._side_frame.body.addWidget(self.side)
        self._side_frame.setMinimumWidth(280)
        self._left = self._make_left()
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(SPACE_M)
        self._splitter.setChildrenCollapsible(False)
        for at, (part, share) in enumerate(((self._left, 3), (self._side_frame, 2))):
            self._splitter.addWidget(part)
            self._splitter.setStretchFactor(at, share)
        self._splitter.setSizes([690, 370])
        state = self._services.memory.state("editor/splitter")
        if state is not None:
            self._splitter.restoreState(state)
        self._missing = EmptyState(
            self._services.theme,
            self._services.icons,
            "file-x",
            title=self.tr("This card can't be opened"),
            text=self.tr("It is no longer in the library. Go back to see which cards are."),
        )
        self._whole = QStackedWidget()
        self._whole.addWidget(self._splitter)
        self._whole.addWidget(self._missing)
        measured = row(self.tokens, self.context)
        measured.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.head)
        layout.addWidget(self.notices)
        layout.addWidget(self._whole, 1)
        layout.addLayout(measured)

    def _make_left(self) -> QWidget:
        """The find bar over the navigator and the pages."""
        self._pages = QStackedWidget()
        self.navigator.setFixedWidth(158)
        across = row(self.navigator, self._pages, spacing=SPACE_L)
        across.setStretch(1, 1)
        fields, left = Frame(margin=SPACE_S), QWidget()
        fields.body.addLayout(across, 1)
        left.setMinimumWidth(440)
        under = QVBoxLayout(left)
        under.setContentsMargins(0, 0, 0, 0)
        under.setSpacing(SPACE_S)
        under.addWidget(self.find_bar)
        under.addWidget(fields, 1)
        return left

    def _connect(self) -> None:
        session, side = self.session, self.side
        session.opened.connect(self._on_opened)
        session.changed.connect(self._on_changed)
        session.went.connect(self._on_went)
        session.status_changed.connect(self.refresh_actions)
        self.navigator.chosen.connect(self._show_page)
        self.head.back.connect(self._go_back)
        self.head.re_export_wanted.connect(self.tasks.re_export)
        self.head.side_wanted.connect(self._switch_side)
        self.find_bar.closed.connect(self._focus_page)
        self.tokens.tokenizer_chosen.connect(self.tasks.keep_tokenizer)
        self.context.chosen.connect(self.tasks.keep_context)
        self.bench.rewrite_wanted.connect(self.tasks.rewrite)
        self.bench.fix_wanted.connect(self.tasks.fix)
        self.bench.checks_wanted.connect(lambda: self.show_side("checks"))
        side.go_to.connect(lambda path, start, end: self.go_to(path, start, end, focus=True))
        side.fix_wanted.connect(self.tasks.fix)
        side.fix_all_wanted.connect(self.tasks.fix_all)
        side.rule_switched.connect(self.tasks.switch_rule)
        side.restore_wanted.connect(self.tasks.restore)
        self.examiner.examined.connect(self._on_examined)

    def _handle_actions(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "edit.undo": self.session.undo,
            "edit.redo": self.session.redo,
            "edit.replace": lambda: self._begin_search(replace=True),
            "editor.save": self.session.save,
            "editor.rewrite": self.tasks.rewrite_focused,
            "editor.fix_all": self.tasks.fix_all,
            "editor.re_export": self.tasks.re_export,
            "editor.preview": lambda: self.show_side("preview"),
            "editor.checks": lambda: self.show_side("checks"),
            "editor.history": lambda: self.show_side("history"),
            "editor.side": lambda: self._switch_side(not self._side_frame.isVisible()),
            "editor.next": lambda: self.navigator.step(1),
            "editor.previous": lambda: self.navigator.step(-1),
        }
        self._actions = tuple(handlers)
        for key, do in handlers.items():
            self._services.actions.handle(key, do, self)

    @Slot()
    def refresh_actions(self) -> None:
        """What can be done now. Out of sight the actions are another editor's."""
        if not self.isVisible():
            return
        possible = {
            "edit.undo": self.session.can_undo,
            "edit.redo": self.session.can_redo,
            "editor.save": self.session.is_open and self.session.status is not Status.SAVED,
            "editor.re_export": self.session.is_open and bool(self.session.summary.files),
        }
        for key in self._actions:
            self._services.actions[key].setEnabled(self.session.is_open and possible.get(key, True))

    @Slot()
    def _on_opened(self) -> None:
        missing = not self.session.is_open
        self._whole.setCurrentWidget(self._missing if missing else self._splitter)
        self.head.refresh()
        if missing:
            self._say_missing()
            return
        self._picture, self._image = None, None
        self.tokens.set_budget(None)
        for section in self._sections.values():
            section.begin()
        if self.navigator.currentRow() < 0:
            self.navigator.choose(pages.known(self._services.memory.text("editor/page")))
        self._on_changed("")
        self._show_page(self.navigator.current)
        self._focus_page()
        if not self.side.current:  # in a turn of its own: building it takes a while
            QTimer.singleShot(0, self, lambda: self.side.show_pane("preview"))

    def _say_missing(self) -> None:
        error = self.session.error
        if error is not None and not (
            isinstance(error, CardForgeError) and error.code == ErrorCode.CARD_NOT_FOUND
        ):
            sentence = self.tr("The card could not be read. The log holds the details.")
            self._services.desk.notice.emit(notice_of(error, sentence))

    @Slot(str)
    def _on_changed(self, _path: str) -> None:
        """The card is another one: show it where it is in sight, look at it when there is time."""
        if not self.session.is_open:
            return
        package = self.session.package
        shown = self.section(self.navigator.current)
        shown.show_package(package)
        if package.picture is not self._picture:
            self._picture = package.picture
            self._services.background.start(self._show_picture(package.picture))
        self.side.show_package(self.session.card_id, package, self._image)
        self.find_bar.refresh()
        self.refresh_actions()

    @Slot(str)
    def _on_went(self, path: str) -> None:
        self.go_to(path, focus=not self.find_bar.isAncestorOf(self.find_bar.focusWidget() or self))

    @Slot(str)
    def _show_page(self, key: str) -> None:
        section = self.section(key)
        if self.session.is_open:
            section.show_package(self.session.package)
            self._show_examination(section)
        focused = self.focusWidget()
        was_inside = focused is not None and self._pages.isAncestorOf(focused)
        self._pages.setCurrentWidget(section)
        if was_inside:
            self._focus_page()

    async def _show_picture(self, picture: bytes | None) -> None:
        image = await self._services.background.run(lambda: small_picture(picture))
        if picture is self._picture and self.session.is_open:
            self._image = image if not image.isNull() else None
            self.head.show_image(image)
            self.side.show_package(self.session.card_id, self.session.package, self._image)

    @Slot(object)
    def _on_examined(self, made: Examination) -> None:
        self.tokens.set_tokenizer(made.settings.tokenizer)
        self.tokens.set_context(made.settings.context)
        self.context.show_size(made.settings.context)
        self.tokens.set_budget(made.budget)
        self._show_examination(self.section(self.navigator.current))
        if made.card is self.session.card:
            self.side.show_findings(made.findings)
            self.navigator.show_marks(*pages.marks(made))

    def _show_examination(self, section: Section) -> None:
        """Counts always; findings only of the very card that is shown: their places move."""
        made = self.examiner.last
        if made is None:
            return
        section.show_counts(made)
        if made.card is self.session.card:
            found = defaultdict(list)
            for finding in made.findings:
                found[finding.field].append(finding)
            section.show_findings(found)

    def _begin_search(self, *, replace: bool) -> None:
        self._show_fields()
        focused = self.focusWidget()
        chosen = focused.textCursor().selectedText() if isinstance(focused, TextField) else ""
        self.find_bar.begin("" if "\u2029" in chosen else chosen, replace=replace)

    @Slot(bool)
    def _switch_side(self, shown: bool) -> None:
        self._wants_side = shown
        self._arrange()

    def _show_fields(self) -> None:
        if self._is_narrow and self._wants_side:
            self._switch_side(False)

    def _arrange(self) -> None:
        self._side_frame.setVisible(self._wants_side)
        self._left.setVisible(not (self._is_narrow and self._wants_side))
        self.head.side.setChecked(self._wants_side)

    @Slot()
    def _focus_page(self) -> None:
        section = self._pages.currentWidget()
        if section is not None and self.isVisible():
            field = section.findChild(TextField)
            if field is not None:
                field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _go_back(self) -> None:
        self.leave()
        self.closed.emit()

    def _keep_page(self) -> None:
        if self.navigator.currentRow() >= 0:
            self._services.memory.keep("editor/page", self.navigator.current)
