"""The calls that were made for an item: when, for what, what they took and how they ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.plain_rows import PlainRowDelegate

if TYPE_CHECKING:
    from cardforge_desktop.costs.ledger import PastCall

translate = QCoreApplication.translate
Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole
_HEADERS = (
    QT_TRANSLATE_NOOP("Calls", "Time"),
    QT_TRANSLATE_NOOP("Calls", "For"),
    QT_TRANSLATE_NOOP("Calls", "Model"),
    QT_TRANSLATE_NOOP("Calls", "In"),
    QT_TRANSLATE_NOOP("Calls", "Out"),
    QT_TRANSLATE_NOOP("Calls", "Cost"),
    QT_TRANSLATE_NOOP("Calls", "How it ended"),
)
_WIDTHS = (84, 156, 156, 74, 70, 90)
_NUMBERS = (3, 4, 5)
_STATES = {
    "sent": QT_TRANSLATE_NOOP("Calls", "On its way"),
    "completed": QT_TRANSLATE_NOOP("Calls", "Answered"),
    "cancelled": QT_TRANSLATE_NOOP("Calls", "Stopped"),
    "lost": QT_TRANSLATE_NOOP("Calls", "Lost when the app died"),
}
_REASONS = {
    "length": QT_TRANSLATE_NOOP("Calls", "Cut off at the limit of tokens"),
    "refusal": QT_TRANSLATE_NOOP("Calls", "Refused"),
}
#: First part of a step's name → what it is for.
_STEPS = {
    "card": QT_TRANSLATE_NOOP("Calls", "The card"),
    "notes": QT_TRANSLATE_NOOP("Calls", "Notes on a long source"),
    "fields": QT_TRANSLATE_NOOP("Calls", "Fields that were missing"),
}


class CallTable(QTableView):
    """A line for each try of each call."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._calls = _Calls()
        self.setModel(self._calls)
        self.setAccessibleName(self.tr("Calls to the engine"))
        self.setItemDelegate(PlainRowDelegate(theme, self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 14)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)

    def show_calls(self, calls: Sequence[PastCall]) -> None:
        """Show these."""
        self._calls.replace(calls)


class _Calls(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[PastCall, ...] = ()

    def replace(self, calls: Sequence[PastCall]) -> None:
        """Other calls."""
        if tuple(calls) != self._rows:
            self.beginResetModel()
            self._rows = tuple(calls)
            self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Number of calls."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Always the same."""
        return 0 if parent.isValid() else len(_HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_HEADERS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return translate("Calls", _HEADERS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _Display) -> Any:
        """Texts for the screen."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        call, column = self._rows[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return call_texts(call)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(call, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in _NUMBERS:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def call_texts(call: PastCall) -> tuple[str, ...]:
    """A call as the table shows it, column by column."""
    return (
        formatting.clock(call.started_at),
        step_text(call.step),
        call.model,
        formatting.tokens(call.input_tokens),
        formatting.tokens(call.output_tokens),
        "—" if call.status == "sent" else formatting.cost(call.cost, local=call.local),
        state_text(call),
    )


def _tip(call: PastCall, column: int) -> str:
    if column == 0:
        return formatting.moment(call.started_at)
    if call.status == "lost":
        return translate(
            "Calls", "It was in flight when the app died: its answer and its cost are not known."
        )
    return call_texts(call)[column]


def state_text(call: PastCall) -> str:
    """How a call ended."""
    if call.status == "failed":
        return translate("Calls", "Failed: %1").replace("%1", call.error_code)
    if call.status == "completed" and call.reason in _REASONS:
        return translate("Calls", _REASONS[call.reason])
    return translate("Calls", _STATES.get(call.status, call.status))


def step_text(step: str) -> str:
    """What a call was for: a name of a field, the whole card, notes; with its number where it has one."""
    head, _, part = step.partition(":")
    if head not in _STEPS:
        return formatting.field_label(step)
    text = translate("Calls", _STEPS[head])
    return translate("Calls", "%1 (%2)").replace("%2", part).replace("%1", text) if part else text
