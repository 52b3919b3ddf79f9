"""The cards that are shown: one model for the grid and the table."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QStandardItemModel

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.marks import marks_of, stars_text
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.ui.library.arrangement import Change

Index = QModelIndex | QPersistentModelIndex
_Display = Qt.ItemDataRole.DisplayRole
#: Above this many runs of changed rows one message for all is cheaper than one for each.
_MOST_MESSAGES = 50

#: The `CardSummary` of a row.
SUMMARY = Qt.ItemDataRole.UserRole

translate = QCoreApplication.translate


class Column(IntEnum):
    """Columns of the table; the grid shows the first."""

    NAME = 0
    TAGS = 1
    STATE = 2
    PERMANENT = 3
    TOTAL = 4
    RATING = 5
    PROFILE = 6
    SOURCE = 7
    FORMATS = 8
    CREATED = 9
    EDITED = 10


HEADERS = (
    QT_TRANSLATE_NOOP("CardTable", "Name"),
    QT_TRANSLATE_NOOP("CardTable", "Tags"),
    QT_TRANSLATE_NOOP("CardTable", "State"),
    QT_TRANSLATE_NOOP("CardTable", "Permanent"),
    QT_TRANSLATE_NOOP("CardTable", "Total"),
    QT_TRANSLATE_NOOP("CardTable", "Rating"),
    QT_TRANSLATE_NOOP("CardTable", "Profile"),
    QT_TRANSLATE_NOOP("CardTable", "Source"),
    QT_TRANSLATE_NOOP("CardTable", "Formats"),
    QT_TRANSLATE_NOOP("CardTable", "Created"),
    QT_TRANSLATE_NOOP("CardTable", "Edited"),
)
_HEADER_TIPS = {
    Column.PERMANENT: QT_TRANSLATE_NOOP("CardTable", "Tokens that stay in every prompt of a chat"),
    Column.TOTAL: QT_TRANSLATE_NOOP("CardTable", "Tokens of a chat's first prompt"),
}
_COLUMNS = len(HEADERS)
_FLAGS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled
#: Columns whose first click puts the highest first.
FALLING = frozenset({Column.PERMANENT, Column.TOTAL, Column.RATING, Column.CREATED, Column.EDITED})
_RIGHT = frozenset({Column.PERMANENT, Column.TOTAL})


class CardModel(QStandardItemModel):
    """Cards in the order somebody else found. Lives on the window's thread; changes by `apply` only.

    Qt's model keeps nothing but the number of rows: the grid asks for it once for each card when it lays them
    out, and with ten thousand of them the way through Python takes longer than a frame.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(0, _COLUMNS, parent)
        self._coming: tuple[CardSummary, ...] = ()
        self.rowsRemoved.connect(self._cut)  # before any view: they hear of it in this order
        self.rowsInserted.connect(self._fill)
        self._cards: tuple[CardSummary, ...] = ()
        self._shown: list[CardSummary] = []
        self._rows: dict[str, int] = {}

    @property
    def cards(self) -> tuple[CardSummary, ...]:
        """What is shown, in its order."""
        return self._cards

    def card(self, card_id: str) -> CardSummary | None:
        """The card with this id, None when it is not shown."""
        row = self._rows.get(card_id)
        return None if row is None else self._cards[row]

    def row_of(self, card_id: str) -> int | None:
        """Row of a card, None when it is not shown."""
        return self._rows.get(card_id)

    def find(self, beginning: str, after: int) -> int | None:
        """The first row below `after`, or else from the top, whose name begins so."""
        wanted, count = beginning.casefold(), len(self._cards)
        places = (row % count for row in range(after, after + count)) if count else ()
        return next((row for row in places if self._cards[row].name.casefold().startswith(wanted)), None)

    def apply(self, change: Change) -> None:
        """Show what `change` makes of what is shown; its base is `cards`."""
        if change.is_whole:
            self.beginResetModel()
            self.blockSignals(True)
            self.setRowCount(len(change.cards))
            self.blockSignals(False)
            self._take(change)
            self.endResetModel()
            return
        self._coming = change.cards
        for first, last in change.removed:
            self.removeRows(first, last - first + 1)
        if change.moves:
            self._move(change.moves)
        for first, last in change.inserted:
            self.insertRows(first, last - first + 1)
        self._take(change)
        altered = change.altered
        if len(altered) > _MOST_MESSAGES:
            altered = ((altered[0][0], altered[-1][1]),)
        for first, last in altered:
            self.dataChanged.emit(self.index(first, 0), self.index(last, _COLUMNS - 1))

    @Slot(QModelIndex, int, int)
    def _cut(self, _parent: Index, first: int, last: int) -> None:
        del self._shown[first : last + 1]

    @Slot(QModelIndex, int, int)
    def _fill(self, _parent: Index, first: int, last: int) -> None:
        self._shown[first:first] = self._coming[first : last + 1]

    def _take(self, change: Change) -> None:
        self._cards, self._rows = change.cards, change.rows
        self._shown = list(change.cards)

    def _move(self, moves: tuple[int, ...]) -> None:
        self.layoutAboutToBeChanged.emit()
        moved = list(self._shown)
        for at, to in enumerate(moves):
            moved[to] = self._shown[at]
        self._shown = moved
        kept = self.persistentIndexList()
        self.changePersistentIndexList(
            kept, [self.index(moves[index.row()], index.column()) for index in kept]
        )
        self.layoutChanged.emit()

    # Qt's side

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Cards can be dragged out."""
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        """Names of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < _COLUMNS:
            return None
        if role == _Display:
            return translate("CardTable", HEADERS[section])
        if role == Qt.ItemDataRole.ToolTipRole and section in _HEADER_TIPS:
            return translate("CardTable", _HEADER_TIPS[Column(section)])
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            return Qt.SortOrder.DescendingOrder if section in FALLING else Qt.SortOrder.AscendingOrder
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _Display) -> Any:  # noqa: PLR0911
        """What a cell says; the whole card under `SUMMARY`."""
        if not index.isValid() or not 0 <= index.row() < len(self._shown):
            return None
        card = self._shown[index.row()]
        if role == SUMMARY:
            return card
        if role == _Display:
            return cell_text(card, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(card, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == Column.NAME:
            return spoken(card)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in _RIGHT:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def cell_text(card: CardSummary, column: int) -> str:  # noqa: PLR0911, C901
    """What the table says about a card in a column."""
    match column:
        case Column.NAME:
            return card.name
        case Column.TAGS:
            return ", ".join(card.tags)
        case Column.STATE:
            return ", ".join(mark.text for mark in marks_of(card))
        case Column.PERMANENT:
            return formatting.tokens(card.permanent_tokens)
        case Column.TOTAL:
            return formatting.tokens(card.total_tokens)
        case Column.RATING:
            return stars_text(card.rating)
        case Column.PROFILE:
            return card.profile
        case Column.SOURCE:
            return card.source
        case Column.FORMATS:
            return ", ".join(dict.fromkeys(name for name, _ in card.files)) or card.spec
        case Column.CREATED:
            return formatting.ago(card.created_at)
        case _:
            return formatting.ago(card.updated_at)


def _tip(card: CardSummary, column: int) -> str:
    if column == Column.CREATED:
        return formatting.moment(card.created_at)
    if column == Column.EDITED:
        return formatting.moment(card.updated_at)
    if column == Column.NAME:
        return spoken(card)
    return cell_text(card, column)


def spoken(card: CardSummary) -> str:
    """A card in one line: for tooltips and screen readers."""
    parts = [card.name, *(mark.text for mark in marks_of(card))]
    if card.permanent_tokens is not None:
        text = translate("CardTable", "Permanent tokens: %1")
        parts.append(text.replace("%1", formatting.number(card.permanent_tokens)))
    if card.rating:
        parts.append(stars_text(card.rating))
    if card.source:
        parts.append(card.source)
    return " · ".join(parts)
