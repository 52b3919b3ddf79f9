"""What lint found in a card, beside its fields: why it matters, and one click that mends it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from cardforge_desktop.cards.lint import RULES
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.library.preview.checks_list import (
    SEVERITIES,
    ChecksDelegate,
    ChecksModel,
    ChecksRole,
)
from cardforge_desktop.ui.library.preview.rules_off import RulesOff
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, label, row
from cardforge_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.events import Changed

_PACE_MS = 100


class FindingList(QListView):
    """The findings; Enter goes to the chosen one's place, Home and End to the first and the last.

    Signals:
        mend_wanted(): Alt+Enter.
    """

    mend_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter activates on every platform."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self.mend_wanted.emit()
            else:
                self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Messages are wrapped anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()


class ChecksPane(QWidget):
    """Shows findings; what to do about them is asked for by signals.

    Signals:
        go_to(str, int, int): path of a field, and the place in its text; -1, -1 = the whole field.
        fix_wanted(object): mend this `Finding`.
        fix_all_wanted: mend all errors and warnings that can be mended by a click.
        rule_switched(str, bool): look for this rule's id, or do not any more.
    """

    go_to = Signal(str, int, int)
    fix_wanted = Signal(object)
    fix_all_wanted = Signal()
    rule_switched = Signal(str, bool)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._findings: tuple[Finding, ...] = ()
        self.model = ChecksModel(self)
        self.list = FindingList()
        self.delegate = ChecksDelegate(services.theme, services.icons, self.list)
        self.rules_off = RulesOff(services.icons)
        self.summary = ElidedLabel("", "strong")
        self.more = label("", "caption", wrap=True)
        self.fix_all = button(
            self.tr("Fix all"), tip=self.tr("Mend every error and warning that has a fix; hints stay")
        )
        self._make_details()
        self._lay_out()
        self._connect()
        self._reader = Paced(services.background, _PACE_MS, self._read_rules_off)
        services.events.changed.connect(self._on_changed)
        self._reader.ask()
        self.show_findings(())

    @property
    def chosen(self) -> Finding | None:
        """The finding that is chosen."""
        found: Finding | None = self.list.currentIndex().data(ChecksRole.FINDING)
        return found

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show other findings; the chosen one stays chosen while it is there."""
        if findings == self._findings and self.model.rowCount():
            return
        before, place = self.chosen, self.list.currentIndex().row()
        at = self.list.verticalScrollBar().value()
        self._findings = findings
        self.model.replace(findings)
        if before is not None:
            self._choose_near(self.model.row_of(before), place)
            self.list.verticalScrollBar().setValue(at)
        self.pages.setCurrentIndex(1 if findings else 0)
        self._say_counts()
        self._show_details()

    def _make_details(self) -> None:
        self.rule = label("", "strong", wrap=True)
        self.message = label("", wrap=True, selectable=True)
        self.reason = label("", "muted", wrap=True, selectable=True)
        self.go = button(self.tr("Show the place"), tip=self.tr("Go to the place in the card (Enter)"))
        self.fix = button("", "primary")
        self.off = button(
            self.tr("Switch this rule off"), "link", tip=self.tr("Do not look for this in any card")
        )

    def _lay_out(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self.delegate)
        self.list.setAccessibleName(self.tr("Findings"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        found, self.details = Frame(margin=SPACE_XS), Frame(margin=SPACE_S + SPACE_XS)
        found.body.addWidget(self.list)
        for widget in (self.rule, self.message, self.reason):
            self.details.body.addWidget(widget)
        self.details.body.addLayout(row(self.fix, self.go, None, self.off))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(row(self.summary, self.fix_all))
        column.addWidget(found, 1)
        column.addWidget(self.more)
        column.addWidget(self.details)
        self.pages = QStackedWidget()
        self.pages.addWidget(
            EmptyState(
                self._services.theme,
                self._services.icons,
                "circle-check",
                title=self.tr("Nothing to mend"),
                text=self.tr("No rule finds anything that would go wrong in the apps that read this card."),
            )
        )
        self.pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.rules_off)

    def _connect(self) -> None:
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.list.activated.connect(self._on_activated)
        self.delegate.fix_clicked.connect(self.fix_wanted)
        self.fix.clicked.connect(lambda _checked=False: self._fix_chosen())
        self.go.clicked.connect(lambda _checked=False: self._go())
        self.off.clicked.connect(lambda _checked=False: self._switch_off())
        self.fix_all.clicked.connect(lambda _checked=False: self.fix_all_wanted.emit())
        self.rules_off.switched_on.connect(lambda rule: self.rule_switched.emit(rule, True))
        self.list.mend_wanted.connect(self._fix_chosen)

    def _choose_near(self, row: int, before: int) -> None:
        """The row, or where it is gone the finding that took its place."""
        rows = range(self.model.rowCount())
        near = (row,) if row >= 0 else (*rows[max(0, before) :], *reversed(rows[: max(0, before)]))
        for each in near:
            index = self.model.index(each)
            if index.data(ChecksRole.FINDING) is not None:
                self.list.setCurrentIndex(index)
                return

    def _say_counts(self) -> None:
        counts = Counter(each.severity for each in self._findings)
        told = [
            self.tr("%n error(s)", None, counts["error"]),
            self.tr("%n warning(s)", None, counts["warning"]),
            self.tr("%n hint(s)", None, counts["hint"]),
        ]
        self.summary.set_whole(
            " · ".join(text for text, name in zip(told, SEVERITIES, strict=True) if counts[name])
        )
        mended = any(each.fix is not None and each.severity != "hint" for each in self._findings)
        self.fix_all.setEnabled(mended)
        left = self.model.left_out
        self.more.setVisible(bool(left))
        text = self.tr("And %1 more, which come up when some of these are mended.")
        self.more.setText(text.replace("%1", formatting.number(left)))

    def _show_details(self) -> None:
        finding = self.chosen
        self.details.setVisible(finding is not None)
        if finding is None:
            return
        rule = RULES[finding.rule]
        self.rule.setText(rule.title)
        self.message.setText(finding.message)
        self.reason.setText(self.tr("Why? %1").replace("%1", rule.reason, 1))
        self.fix.setVisible(finding.fix is not None)
        if finding.fix is not None:
            self.fix.setText(finding.fix.label.replace("&", "&&"))
            self.fix.setAccessibleName(finding.fix.label)
            tip = self.tr("Mend it (Alt+Enter)")
            self.fix.setToolTip(tip)
            self.fix.setStatusTip(tip)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        # Where the list gets the focus, Qt makes a row current without choosing it.
        self.list.selectionModel().select(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._show_details()

    @Slot(QModelIndex)
    def _on_activated(self, _index: QModelIndex) -> None:
        self._go()

    def _go(self) -> None:
        finding = self.chosen
        if finding is not None:
            whole = finding.start is None or finding.end is None
            start, end = (-1, -1) if whole else (finding.start, finding.end)
            self.go_to.emit(finding.field, start, end)

    @Slot()
    def _fix_chosen(self) -> None:
        finding = self.chosen
        if finding is not None and finding.fix is not None:
            self.fix_wanted.emit(finding)

    def _switch_off(self) -> None:
        if self.chosen is not None:
            self.rule_switched.emit(self.chosen.rule, False)

    async def _read_rules_off(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        settings = await self._services.cache.read(Topic(Kind.SETTING, "all"), lambda ws: ws.settings.get())
        if isValid(self):
            self.rules_off.show_rules(settings.lint_off)

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.SETTING, changes) is not None:
            self._reader.ask()
