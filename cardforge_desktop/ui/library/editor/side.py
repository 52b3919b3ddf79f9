"""What stands beside the fields: preview, checks, history. Each is made at its first visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button, row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.preview.checks_pane import ChecksPane
    from cardforge_desktop.ui.library.preview.history_pane import HistoryPane
    from cardforge_desktop.ui.library.preview.preview_pane import PreviewPane
    from cardforge_desktop.ui.services import Services

KEYS = ("preview", "checks", "history")
_ICONS = ("eye", "circle-check", "history")


class Side(QWidget):
    """Shows one of the three panes and gives it the card as it stands.

    Signals:
        go_to(str, int, int), fix_wanted(object), fix_all_wanted(), rule_switched(str, bool): of the checks.
        restore_wanted(int): of the history.
    """

    go_to = Signal(str, int, int)
    fix_wanted = Signal(object)
    fix_all_wanted = Signal()
    rule_switched = Signal(str, bool)
    restore_wanted = Signal(int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._card_id = ""
        self._package: CardPackage | None = None
        self._image: QImage | None = None
        self._findings: tuple[Finding, ...] = ()
        self._preview: PreviewPane | None = None
        self._checks: ChecksPane | None = None
        self._history: HistoryPane | None = None
        self._pages = QStackedWidget()
        self._places: dict[str, int] = {}
        self._group = QButtonGroup(self)
        names = (self.tr("Preview"), self.tr("Checks"), self.tr("History"))
        self._names = dict(zip(KEYS, names, strict=True))
        self.tabs: dict[str, QPushButton] = {}
        for at, (key, icon) in enumerate(zip(KEYS, _ICONS, strict=True)):
            tab = button(self._names[key], "quiet", tip=services.actions[f"editor.{key}"].toolTip())
            services.icons.put(tab, icon, Tone.MUTED, 16)
            tab.setCheckable(True)
            self._group.addButton(tab, at)
            self.tabs[key] = tab
        self._group.idClicked.connect(lambda at: self.show_pane(KEYS[at]))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(row(*self.tabs.values(), None, spacing=SPACE_XS))
        layout.addWidget(self._pages, 1)

    @property
    def current(self) -> str:
        """Key of the pane that is shown, "" before there is one."""
        at = self._group.checkedId()
        return KEYS[at] if at >= 0 else ""

    def show_pane(self, key: str) -> None:
        """Show a pane."""
        self.tabs[key].setChecked(True)
        if key not in self._places:
            self._places[key] = self._pages.addWidget(self._make(key))
        self._pages.setCurrentIndex(self._places[key])
        self._fill()

    def show_package(self, card_id: str, package: CardPackage, image: QImage | None) -> None:
        """The card as it stands, and its picture."""
        self._card_id, self._package, self._image = card_id, package, image
        self._fill()

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """What lint found."""
        self._findings = findings
        text = self._names["checks"]
        if findings:
            text = self.tr("%1 (%2)").replace("%1", text).replace("%2", formatting.number(len(findings)))
        self.tabs["checks"].setText(text)
        self.tabs["checks"].setAccessibleName(text)
        if self._checks is not None:
            self._checks.show_findings(findings)

    def _make(self, key: str) -> QWidget:
        if key == "preview":
            from cardforge_desktop.ui.library.preview.preview_pane import PreviewPane

            self._preview = PreviewPane(self._services)
            return self._preview
        if key == "checks":
            return self._make_checks()
        from cardforge_desktop.ui.library.preview.history_pane import HistoryPane

        self._history = HistoryPane(self._services)
        self._history.restore_wanted.connect(self.restore_wanted)
        return self._history

    def _make_checks(self) -> QWidget:
        from cardforge_desktop.ui.library.preview.checks_pane import ChecksPane

        made = self._checks = ChecksPane(self._services)
        made.go_to.connect(self.go_to)
        made.fix_wanted.connect(self.fix_wanted)
        made.fix_all_wanted.connect(self.fix_all_wanted)
        made.rule_switched.connect(self.rule_switched)
        made.show_findings(self._findings)
        return made

    @Slot()
    def _fill(self) -> None:
        """Give the pane in sight what it shows."""
        if self._package is None:
            return
        if self.current == "preview" and self._preview is not None:
            self._preview.show_card(self._package.card, self._image)
        if self.current == "history" and self._history is not None:
            self._history.show_history(self._card_id, self._package)
