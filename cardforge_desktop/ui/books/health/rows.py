"""The rows of a book's health: a heading for each kind of finding, and the findings below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cardforge_desktop.books.health import RULES, Finding, Health, Severity
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.library.preview.checks_list import ChecksDelegate, ChecksRole

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
#: Findings of one kind, and of all, that are listed: each row is measured, and others come up later.
MOST_OF_KIND, MOST_LISTED = 25, 250
_Row = tuple[str, Severity | None, Finding | None]


class HealthModel(QAbstractListModel):
    """Findings by kind, in the order of the rules."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []

    def replace(self, health: Health, severity: Severity | None) -> None:
        """Other findings; those of one severity, or all."""
        self.beginResetModel()
        self._rows = list(_rows(health, severity))
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Headings, findings, and what of them is not listed."""
        return 0 if parent.isValid() else len(self._rows)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings are passed over."""
        if index.isValid() and self._rows[index.row()][2] is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """The message or the heading; more under `ChecksRole`."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        text, severity, finding = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return text
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return text if finding is None else _spoken(finding)
            case ChecksRole.FINDING:
                return finding
            case ChecksRole.SEVERITY:
                return severity or ""
        return None

    def row_of(self, finding: Finding) -> int:
        """Where a finding that says the same stands, -1 = it is gone."""
        wanted = (finding.rule, finding.ids, finding.message)
        return next(
            (row for row, (_, _, each) in enumerate(self._rows) if each and _key(each) == wanted),
            -1,
        )


class HealthDelegate(ChecksDelegate):
    """Below each message stands which entry it is about."""

    def caption(self, finding: Any) -> str:
        """The names of the entries, as far as there is room."""
        return names_text(finding)


def names_text(finding: Finding) -> str:
    """Which entries a finding is about."""
    unnamed = translate("Health", "Entry without a name")
    return " · ".join(name or unnamed for name in finding.names[:5]) or translate("Health", "The whole book")


def _key(finding: Finding) -> tuple[str, tuple[str, ...], str]:
    return finding.rule, finding.ids, finding.message


def _spoken(finding: Finding) -> str:
    return f"{finding.message}\n{names_text(finding)}"


def _rows(health: Health, severity: Severity | None) -> Iterator[_Row]:
    by_rule: dict[str, list[Finding]] = {}
    told: dict[str, list[Finding]] = {}
    for finding in health.findings:
        told.setdefault(finding.rule, []).append(finding)
        if severity in (None, finding.severity):
            by_rule.setdefault(finding.rule, []).append(finding)
    room = MOST_LISTED
    for rule, found in by_rule.items():
        # Of many findings some are told: where all of those are of one severity, so is the rest.
        is_whole = severity is None or all(each.severity == severity for each in told[rule])
        count = health.counts[rule] if is_whole else len(found)
        heading = translate("Health", "%1 · %2")
        text = heading.replace("%2", formatting.number(count)).replace("%1", RULES[rule].title)
        yield text, health.worst[rule] if severity is None else severity, None
        listed = found[: min(MOST_OF_KIND, room)]
        room -= len(listed)
        for finding in listed:
            yield finding.message, None, finding
        if count > len(listed):
            more = translate("Health", "And %1 more of this kind")
            yield more.replace("%1", formatting.number(count - len(listed))), None, None
