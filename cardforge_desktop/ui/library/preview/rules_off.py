"""The rules that are not looked for, to be switched on again."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.cards.lint import RULES
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import ElidedLabel, Page, button, row

_MOST_HEIGHT = 180


class RulesOff(QWidget):
    """Folded to one line; hidden while every rule is on.

    Signals:
        switched_on(str): look for the rule with this id again.
    """

    switched_on = Signal(str)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._ids: tuple[str, ...] = ()
        self.fold = button("", "quiet", tip=self.tr("Show the rules that are switched off"))
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._unfold)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setMaximumHeight(_MOST_HEIGHT)
        self.area.setAccessibleName(self.tr("Rules that are switched off"))
        self.area.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(row(self.fold, None))
        layout.addWidget(self.area)
        self._unfold(False)
        self.hide()

    @property
    def ids(self) -> tuple[str, ...]:
        """The rules that are shown, in the order of the registry."""
        return self._ids

    def show_rules(self, off: Collection[str]) -> None:
        """Show these; ids that no rule has are left out."""
        ids = tuple(rule for rule in RULES if rule in off)
        self.setVisible(bool(ids))
        if ids == self._ids:
            return
        self._ids = ids
        self.fold.setText(self.tr("%n rule(s) switched off", None, len(ids)))
        self.fold.setAccessibleName(self.fold.text())
        page = Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for rule_id in ids:
            column.addLayout(self._line(rule_id))
        column.addStretch(1)
        self.area.setWidget(page)

    def _line(self, rule_id: str) -> QVBoxLayout:
        rule = RULES[rule_id]
        title = ElidedLabel(rule.title, "muted")
        name = self.tr("Switch on: %1").replace("%1", rule.title, 1)
        on = button(self.tr("Switch on"), "link", tip=name, name=name)
        on.clicked.connect(lambda _checked=False: self.switched_on.emit(rule_id))
        column = QVBoxLayout()
        words = row(title, on)
        words.setStretch(0, 1)
        column.addLayout(words)
        return column

    def _unfold(self, wanted: bool) -> None:
        self.area.setVisible(wanted)
        self._icons.put(self.fold, "chevron-down" if wanted else "chevron-right", Tone.MUTED, 16)
