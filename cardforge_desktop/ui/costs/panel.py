"""The costs panel: today, this month, and what each model took."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Slot,
)
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QVBoxLayout

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import Card, label, row
from cardforge_desktop.ui.widgets.empty_state import EmptyState
from cardforge_desktop.ui.widgets.plain_rows import PlainRowDelegate

if TYPE_CHECKING:
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.events import Changed
    from cardforge_desktop.workspace import Workspace

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole
_HEADERS = (
    QT_TRANSLATE_NOOP("Costs", "Model"),
    QT_TRANSLATE_NOOP("Costs", "Calls"),
    QT_TRANSLATE_NOOP("Costs", "Tokens in"),
    QT_TRANSLATE_NOOP("Costs", "Tokens out"),
    QT_TRANSLATE_NOOP("Costs", "Cost"),
)


class ModelCosts(QAbstractTableModel):
    """One row for each model, the dearest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[str, Spending]] = []

    def replace(self, spendings: Mapping[str, Spending]) -> None:
        """All models as they are now."""
        self.beginResetModel()
        self._rows = sorted(spendings.items(), key=lambda each: (-each[1].cost, each[0]))
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Number of models."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Five."""
        return 0 if parent.isValid() else len(_HEADERS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        """Names of the columns."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(_HEADERS):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("Costs", _HEADERS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _Display) -> Any:
        """Texts for the screen."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        model, spending = self._rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column():
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            model,
            formatting.number(spending.calls),
            formatting.number(spending.input_tokens),
            formatting.number(spending.output_tokens),
            _cost(spending),
        )[index.column()]


def _cost(spending: Spending) -> str:
    if spending.unknown_calls == spending.calls and spending.calls:
        return formatting.money(None)
    return formatting.cost(spending.cost, local=spending.cost == 0 and not spending.unknown_calls)


class _Tile(Card):
    """One figure with a name above and a line below."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.body.setSpacing(SPACE_XS)
        self.body.addWidget(label(title, "caption"))
        self._figure = label("—", "figure")
        self._below = label("", "caption")
        self.body.addWidget(self._figure)
        self.body.addWidget(self._below)

    def show_spending(self, spending: Spending) -> None:
        """Show a sum."""
        self._figure.setText(formatting.money(spending.cost))
        text = self.tr("%n call(s) · %1 tokens", None, spending.calls)
        if spending.unknown_calls:
            text = self.tr("%n of %2 calls of unknown price · %1 tokens", None, spending.unknown_calls)
            text = text.replace("%2", formatting.number(spending.calls))
        self._below.setText(
            text.replace("%1", formatting.number(spending.input_tokens + spending.output_tokens))
        )


class CostsPanel(Panel):
    """Reads the ledger's sums; read again when calls are made."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = ModelCosts(self)
        self.today = _Tile(self.tr("Today"))
        self.month = _Tile(self.tr("This month"))
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Cost by model"))
        table.setItemDelegate(PlainRowDelegate(services.theme, table))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(QFontMetrics(services.theme.font()).height() + 20)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(_HEADERS)):
            table.setColumnWidth(column, 120)
        by_model = Card(margin=SPACE_XS)
        title = label(self.tr("By model"), "title")
        title.setContentsMargins(SPACE_M, SPACE_S, 0, 0)
        by_model.body.addWidget(title)
        by_model.body.addWidget(table)
        empty = EmptyState(
            services.theme,
            services.icons,
            "wallet",
            title=self.tr("Nothing was spent yet"),
            text=self.tr(
                "Every call to a model is listed here with its tokens and price. The built-in engine is free."
            ),
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(by_model)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addLayout(row(label(self.tr("Costs"), "heading"), None))
        tiles = row(self.today, self.month, spacing=SPACE_L)
        tiles.addStretch(1)
        self.today.setMinimumWidth(240)
        self.month.setMinimumWidth(240)
        layout.addLayout(tiles)
        layout.addWidget(self._pages, 1)
        services.events.changed.connect(self._on_changed)
        self._reader = Paced(services.background, 500, self._load)
        self._reader.ask()

    async def _load(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        today, month, models = await self._services.cache.read(Topic(Kind.CALL, "sums"), _sums)
        self.today.show_spending(today)
        self.month.show_spending(month)
        self.model.replace(models)
        self._pages.setCurrentIndex(1 if models else 0)

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.CALL, changes) is not None:
            self._reader.ask()


def _sums(workspace: Workspace) -> tuple[Spending, Spending, Mapping[str, Spending]]:
    spendings = workspace.spendings
    models = spendings.by("model", spendings.this_month())
    return spendings.today(), spendings.month(), {group.key: group.spending for group in models}
