"""The list of models with what they cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from decimal import Decimal

    from cardforge_desktop.costs.prices import Price, Priceable

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_HEADERS = (
    QT_TRANSLATE_NOOP("Prices", "Model"),
    QT_TRANSLATE_NOOP("Prices", "Engine"),
    QT_TRANSLATE_NOOP("Prices", "Input"),
    QT_TRANSLATE_NOOP("Prices", "Output"),
    QT_TRANSLATE_NOOP("Prices", "Cached"),
    QT_TRANSLATE_NOOP("Prices", "From"),
)
_NUMBERS = range(2, 5)


class PriceTable(QAbstractTableModel):
    """One row for each model at each engine; lives on the window's thread."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[tuple[Priceable, Price | None]] = ()

    def show_prices(self, rows: Sequence[tuple[Priceable, Price | None]]) -> None:
        """All models as they are now; None = no price is known, or the engine is a local one."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, at: int) -> tuple[Priceable, Price | None]:
        """A model, and its price."""
        return self._rows[at]

    def row_of(self, engine: str, model: str) -> int:
        """Where a model stands, -1 = nowhere."""
        keys = [(each.engine, each.model) for each, _price in self._rows]
        return keys.index((engine, model)) if (engine, model) in keys else -1

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Models."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Of the table."""
        return 0 if parent.isValid() else len(_HEADERS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return QCoreApplication.translate("Prices", _HEADERS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in _NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts for the screen."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        of, price = self._rows[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == len(_HEADERS) - 1 and price is not None:
            return price.source
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        rates = (None,) * 3 if price is None else (price.input, price.output, price.cached)
        return (of.model, of.engine, *(_rate(each, free=of.local) for each in rates), _source(of, price))[
            index.column()
        ]


def _rate(rate: Decimal | None, *, free: bool) -> str:
    if free:
        return QCoreApplication.translate("Prices", "free")
    return formatting.money(rate)


def _source(of: Priceable, price: Price | None) -> str:
    translate = QCoreApplication.translate
    if of.local:
        return translate("Prices", "your machine")
    if price is None:
        return translate("Prices", "nowhere")
    return translate("Prices", "you") if price.source == "yours" else translate("Prices", "the list")
