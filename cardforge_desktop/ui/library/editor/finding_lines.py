"""What lint found in a field, in lines under it, each with its one click that mends it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.text_field import Mark

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding

TONES = {"error": Tone.ERROR, "warning": Tone.WARN, "hint": Tone.INFO}
ICONS = {"error": "circle-x", "warning": "triangle-alert", "hint": "info"}
_MOST = 3


def marks_of(findings: Sequence[Finding], shift: int = 0) -> list[Mark]:
    """The lines under the parts of a text that begins at `shift` of the field."""
    return [
        Mark(finding.start - shift, finding.end - shift, TONES[finding.severity], finding.message)
        for finding in findings
        if finding.start is not None and finding.end is not None and finding.start >= shift
    ]


class FindingLines(QWidget):
    """Up to three findings, the gravest first; the rest is in the list of all."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self._bench = bench
        self._shown: tuple[Finding, ...] = ()
        self._icons: list[tuple[QLabel, Finding]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        bench.theme.changed.connect(self._paint)
        self.hide()

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that are there, also those that find no room."""
        return self._shown

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these and no others."""
        order = list(TONES)
        wanted = tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))
        if [_said(finding) for finding in wanted] == [_said(finding) for finding in self._shown]:
            self._shown = wanted
            return
        self._shown = wanted
        self._icons = []
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, finding in enumerate(wanted[:_MOST]):
            self._layout.addWidget(self._line(at, finding))
        if len(wanted) > _MOST:
            more = button(self.tr("%n more finding(s)", None, len(wanted) - _MOST), "link")
            more.clicked.connect(self._bench.checks_wanted)
            self._layout.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        self._paint()
        self.setVisible(bool(wanted))

    def _line(self, at: int, finding: Finding) -> QWidget:
        line, icon = QWidget(), QLabel()
        line.setProperty("role", "page")
        self._icons.append((icon, finding))
        text = label(finding.message, "caption", wrap=True)
        inner = row(icon, spacing=SPACE_XS + 2)
        inner.setContentsMargins(SPACE_XS, 2, 0, 2)
        inner.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        inner.addWidget(text, 1)
        if finding.fix is not None:
            fix = button(finding.fix.label, "link", tip=finding.message)
            fix.clicked.connect(lambda _checked=False: self._bench.fix_wanted.emit(self._shown[at]))
            inner.addSpacing(SPACE_S)
            inner.addWidget(fix, 0, Qt.AlignmentFlag.AlignTop)
        line.setLayout(inner)
        return line

    @Slot()
    def _paint(self) -> None:
        for icon, finding in self._icons:
            icon.setPixmap(self._bench.icons.pixmap(ICONS[finding.severity], TONES[finding.severity], 14))


def _said(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.message, finding.fix.label if finding.fix is not None else ""
