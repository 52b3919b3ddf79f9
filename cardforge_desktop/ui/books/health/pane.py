"""What is wrong with the open book: why it matters, and one click that mends it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.books.health import RULES, Finding, Health, Subject, examine_unless, fix_all, fix_one
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books.health.rows import HealthDelegate, HealthModel, names_text
from cardforge_desktop.ui.library.preview.checks_list import SEVERITIES, ChecksRole
from cardforge_desktop.ui.library.preview.checks_pane import FindingList
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import button, in_lines, label, row
from cardforge_desktop.ui.widgets.empty_state import EmptyState
from cardforge_desktop.ui.widgets.focus_order import move_focus

if TYPE_CHECKING:
    from collections.abc import Callable

    from cardforge_desktop.books.health import Severity
    from cardforge_desktop.books.health.mending import Mending
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

#: A book is looked at when nothing changed in it for so long, and at most so often.
_PAUSE_MS, _EVERY_MS = 300, 500
#: After so long it is said that it is being looked at.
_PATIENCE_MS = 400
_NOTHING = Health((), {}, {}, {}, {})


class HealthPane(QWidget):
    """Follows the session. It works only while it is in sight.

    Signals:
        examined(): the findings that are shown are those of the newest state that was known.
    """

    examined = Signal()

    def __init__(self, services: Services, session: BookSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self._health = _NOTHING
        self._of_book = ""
        self._changes = 0
        self._cancelled = threading.Event()
        self.model = HealthModel(self)
        self.list = FindingList()
        self.delegate = HealthDelegate(services.theme, services.icons, self.list)
        self._make_details()
        self._make_severities()
        self._lay_out()
        self._examiner = Paced(services.background, _EVERY_MS, self._examine)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._examiner.ask)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._say_busy(True))
        self._connect()
        self._show(None)

    @property
    def health(self) -> Health:
        """What is shown."""
        return self._health

    @property
    def chosen(self) -> Finding | None:
        """The finding that is chosen."""
        found: Finding | None = self.list.currentIndex().data(ChecksRole.FINDING)
        return found

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is looked at now."""
        super().showEvent(event)
        self._examiner.ask()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as the eye goes."""
        return move_focus(self, forward=next) or super().focusNextPrevChild(next)

    # How it is made

    def _make_details(self) -> None:
        self.message = label("", wrap=True, selectable=True)
        self.names = label("", "caption", wrap=True)
        self.reason = label("", "muted", wrap=True, selectable=True)
        self.fix = button("", tip=self.tr("Mend it (Alt+Enter)"))
        self.fix_all = button("", tip=self.tr("Mend everything of this kind; undo takes it all back"))
        self.go = button(self.tr("Show entry"), "link", tip=self.tr("Select the entry in the list (Enter)"))
        self.details = Frame(margin=SPACE_S + SPACE_XS)
        for widget in (self.message, self.names, self.reason):
            self.details.body.addWidget(widget)
        # In a narrow pane below each other: the list keeps its width.
        self.details.body.addWidget(in_lines(self.fix, self.fix_all, self.go))

    def _make_severities(self) -> None:
        self._group = QButtonGroup(self)
        self.severities: dict[Severity | None, QPushButton] = {}
        tips: dict[Severity | None, str] = {
            None: self.tr("Show everything that was found"),
            "error": self.tr("Show what breaks the book in some app"),
            "warning": self.tr("Show what harms chats"),
            "hint": self.tr("Show what is a matter of taste"),
        }
        for severity, tip in tips.items():
            made = button("", "segment", tip=tip)
            made.setCheckable(True)
            made.clicked.connect(lambda _checked=False: self._show_rows())
            self._group.addButton(made)
            self.severities[severity] = made
        self.severities[None].setChecked(True)

    def _lay_out(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setAccessibleName(self.tr("Findings"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        found = Frame(margin=SPACE_XS)
        found.body.addWidget(self.list)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(row(*self.severities.values(), None, spacing=SPACE_XS))
        column.addWidget(found, 1)
        column.addWidget(self.details)
        self.well = EmptyState(
            self._services.theme,
            self._services.icons,
            "circle-check",
            title=self.tr("Nothing wrong"),
            text=self.tr(
                "No rule finds anything that would go wrong with this book in the apps that read it."
            ),
        )
        self.pages = QStackedWidget()
        self.first = label("", "muted", wrap=True)
        self.first.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for part in (self.well, page, self.first):
            self.pages.addWidget(part)
        self.busy = label("", "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.busy)
        self._say_busy(False)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.clicked.connect(self._go)
        self.list.activated.connect(self._go)
        self.delegate.fix_clicked.connect(self._mend)
        self.fix.clicked.connect(self._mend_chosen)
        self.fix_all.clicked.connect(self._mend_all)
        self.go.clicked.connect(self._go)
        self.list.mend_wanted.connect(self._mend_chosen)
        self._session.opened.connect(self._on_changed)
        self._session.book_changed.connect(self._on_changed)
        self._session.entries_changed.connect(self._on_changed)

    # What is looked at

    @Slot()
    def _on_changed(self, _ids: object = None) -> None:
        self._changes += 1
        self._cancelled.set()  # what is being found is old already
        if self.isVisible():
            self._pause.start()

    async def _examine(self) -> None:
        book_id, changes = self._session.book_id, self._changes
        if not self.isVisible():
            return
        health: Health | None = None
        self._cancelled = cancelled = threading.Event()
        if book_id:
            self._patience.start()
            try:
                health = await self._services.background.call(
                    lambda ws: examine_unless(_subject(ws, book_id), cancelled)
                )
            except CardForgeError:  # it was deleted; the session tells so
                health = None
            else:
                if health is None:  # cancelled: it is looked at anew after the pause, or when it is in sight
                    return
        self._patience.stop()
        self._say_busy(False)
        if book_id != self._session.book_id:
            self._examiner.ask()
            return
        self._of_book = book_id
        self._show(health)
        if changes == self._changes:
            self.examined.emit()

    # What is mended

    @Slot(object)
    def _mend(self, finding: Finding) -> None:
        fix, book_id = finding.fix, self._of_book
        if fix is not None:
            self._do(
                fix.label,
                lambda ws: fix_one(fix, ws.books.book(book_id), ws.books.some_entries(fix.ids)),
            )

    @Slot()
    def _mend_chosen(self) -> None:
        if self.chosen is not None:
            self._mend(self.chosen)

    @Slot()
    def _mend_all(self) -> None:
        finding, book_id = self.chosen, self._of_book
        if finding is not None:
            rule = finding.rule
            text = self.tr("Mend “%1”").replace("%1", RULES[rule].title)
            self._do(text, lambda ws: fix_all(rule, _subject(ws, book_id)))

    def _do(self, text: str, work: Callable[[Workspace], Mending]) -> None:
        self._session.flush()
        self._services.background.start(self._mended(text, work))

    async def _mended(self, text: str, work: Callable[[Workspace], Mending]) -> None:
        try:
            mending = await self._services.background.call(work)
        except CardForgeError as error:
            self._session.failed.emit(error)
            return
        if mending.steps:
            self._session.do(text, mending.steps, expected=mending.expected)
        else:  # mended meanwhile
            self._examiner.ask()

    # What is shown

    def _say_busy(self, busy: bool) -> None:
        text = self.tr("The book is being checked…") if busy else ""
        if busy and self._of_book != self._session.book_id:  # what is shown is another one's
            self._show(None)
        is_first = self.pages.currentWidget() is self.first
        self.first.setText(text)
        self.busy.setText(text)
        self.busy.setVisible(busy and not is_first)

    def _show(self, health: Health | None) -> None:
        if health is None:
            self._health = _NOTHING
            self.pages.setCurrentIndex(2)
            return
        same = health == self._health and self.pages.currentIndex() != 2
        self._health = health
        self.pages.setCurrentIndex(1 if health.findings else 0)
        if not same:
            self._say_counts()
            self._show_rows()

    def _say_counts(self) -> None:
        counts: dict[Severity | None, int] = {None: sum(self._health.counts.values())}
        for name in SEVERITIES:
            counts[name] = self._health.severities.get(name, 0)
        texts: dict[Severity | None, str] = {
            None: self.tr("All %1"),
            "error": self.tr("Errors %1"),
            "warning": self.tr("Warnings %1"),
            "hint": self.tr("Hints %1"),
        }
        for severity, made in self.severities.items():
            made.setText(texts[severity].replace("%1", formatting.number(counts[severity])))
            made.setVisible(severity is None or counts[severity] > 0)
            if made.isChecked() and not counts[severity]:
                self.severities[None].setChecked(True)

    def _show_rows(self) -> None:
        before, place = self.chosen, self.list.currentIndex().row()
        at = self.list.verticalScrollBar().value()
        severity = next((each for each, made in self.severities.items() if made.isChecked()), None)
        self.model.replace(self._health, severity)
        if before is not None:
            self._choose_near(self.model.row_of(before), place)
            self.list.verticalScrollBar().setValue(at)
        self._show_details()

    def _choose_near(self, found: int, before: int) -> None:
        """The row, or where it is gone the finding that took its place."""
        rows = range(self.model.rowCount())
        near = (found,) if found >= 0 else (*rows[max(0, before) :], *reversed(rows[: max(0, before)]))
        for each in near:
            index = self.model.index(each)
            if index.data(ChecksRole.FINDING) is not None:
                self.list.setCurrentIndex(index)
                return

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        # Where the list gets the focus, Qt makes a row current without choosing it.
        self.list.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._show_details()
        QTimer.singleShot(0, self.list, self._keep_in_sight)  # the list has less room beside the details

    def _keep_in_sight(self) -> None:
        self.list.scrollTo(self.list.currentIndex())

    def _show_details(self) -> None:
        finding = self.chosen
        self.details.setVisible(finding is not None)
        if finding is None:
            return
        self.message.setText(finding.message)
        self.names.setText(names_text(finding))
        self.reason.setText(self.tr("Why? %1").replace("%1", RULES[finding.rule].reason, 1))
        self.go.setVisible(bool(finding.ids))
        self.fix.setVisible(finding.fix is not None)
        if finding.fix is not None:
            self.fix.setText(finding.fix.label.replace("&", "&&"))
        many = self._health.fixable[finding.rule]
        self.fix_all.setVisible(many > 1)
        self.fix_all.setText(self.tr("Fix all %1").replace("%1", formatting.number(many)))

    @Slot()
    def _go(self, _index: object = None) -> None:
        finding = self.chosen
        if finding is not None and finding.ids and self._of_book == self._session.book_id:
            self._session.wanted.emit(finding.ids[0])


def _subject(workspace: Workspace, book_id: str) -> Subject:
    return Subject(workspace.books.book(book_id), workspace.books.entries(book_id))
