"""What lint found in a field, in lines under it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.widgets.finding_lines import TONES, FindingLine, FindingLines
from cardforge_desktop.ui.widgets.text_field import Mark

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding


def marks_of(findings: Sequence[Finding], shift: int = 0) -> list[Mark]:
    """The lines under the parts of a text that begins at `shift` of the field."""
    return [
        Mark(finding.start - shift, finding.end - shift, TONES[finding.severity], finding.message)
        for finding in findings
        if finding.start is not None and finding.end is not None and finding.start >= shift
    ]


class LintLines(FindingLines):
    """The gravest findings; the rest is in the list of all."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench.theme, bench.icons)
        self._bench = bench
        self._shown: tuple[Finding, ...] = ()
        self.fix_wanted.connect(self._fix)
        self.all_wanted.connect(bench.checks_wanted)

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings that are there, also those that find no room."""
        return self._shown

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these and no others."""
        order = list(TONES)
        self._shown = tuple(sorted(findings, key=lambda finding: order.index(finding.severity)))
        self.show_lines([_line(finding) for finding in self._shown])

    @Slot(int)
    def _fix(self, at: int) -> None:
        self._bench.fix_wanted.emit(self._shown[at])


def _line(finding: Finding) -> FindingLine:
    fix = finding.fix.label if finding.fix is not None else ""
    return FindingLine(finding.severity, finding.message, fix)
