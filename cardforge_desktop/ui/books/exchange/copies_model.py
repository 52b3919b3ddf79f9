"""The cards of the dialog of copies: which are to get the book, and how their copies stand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cardforge_desktop.books.copies import CardCopy
    from cardforge_desktop.books.difference import Difference
    from cardforge_desktop.ui.icons import Icons

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_TEXT_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.AccessibleTextRole,
    }
)


@dataclass(frozen=True, slots=True)
class CardRow:
    """A card.

    Attributes:
        state: of its copy: same, behind, changed; "new" for a card without one.
        behind: also of a changed copy whether the book was changed since.
        change: what the book would change in it, None = it is being counted.
    """

    card_id: str
    name: str
    state: str = "new"
    behind: bool = False
    ticked: bool = False
    change: Difference | None = None


class CopiesModel(QAbstractTableModel):
    """Lives on the window's thread.

    Signals:
        ticked(): other cards are ticked.
    """

    ticked = Signal()

    def __init__(self, icons: Icons, parent: QObject) -> None:
        super().__init__(parent)
        self._icons = icons
        self._rows: list[CardRow] = []

    @property
    def rows(self) -> Sequence[CardRow]:
        """In the order of the list."""
        return self._rows

    @property
    def chosen(self) -> tuple[CardRow, ...]:
        """Those that are ticked."""
        return tuple(each for each in self._rows if each.ticked)

    def show(self, copies: Iterable[CardCopy]) -> None:
        """The copies as they are now; those that are old are ticked. Cards that were added stay."""
        before = {each.card_id: each for each in self._rows}
        rows = [CardRow(each.card_id, each.card_name, each.state, each.behind) for each in copies]
        known = {each.card_id for each in rows}
        rows = [
            replace(each, ticked=before[each.card_id].ticked if each.card_id in before else each.behind)
            for each in rows
        ]
        rows += [each for each in self._rows if each.state == "new" and each.card_id not in known]
        self._replace(rows)

    def add(self, card_id: str, name: str) -> int:
        """A card that is to get the book; where it stands."""
        at = next((at for at, each in enumerate(self._rows) if each.card_id == card_id), None)
        if at is None:
            self._replace([*self._rows, CardRow(card_id, name, ticked=True)])
            return len(self._rows) - 1
        self.tick(at, ticked=True)
        return at

    def tick(self, at: int, *, ticked: bool) -> None:
        """Whether the card in a row is to get the book."""
        self._rows[at] = replace(self._rows[at], ticked=ticked)
        self.dataChanged.emit(self.index(at, 0), self.index(at, 2))
        self.ticked.emit()

    def tell(self, change_of: Callable[[str], Difference | None]) -> None:
        """What the book would change in each card."""
        self._rows = [replace(each, change=change_of(each.card_id)) for each in self._rows]
        if self._rows:
            self.dataChanged.emit(self.index(0, 2), self.index(len(self._rows) - 1, 2))

    def _replace(self, rows: list[CardRow]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()
        self.ticked.emit()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Cards."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """The card, how its copy stands, what would change."""
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            names = (self.tr("Card"), self.tr("Copy"), self.tr("Changes"))
            return names[section] if 0 <= section < 3 else None
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The card can be ticked."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsUserCheckable if index.column() == 0 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts, and the tick as an icon."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role in _TEXT_ROLES:
            name = row.name.strip() or self.tr("Without a name")
            is_told = role != Qt.ItemDataRole.DisplayRole
            return (name, self.state_text(row), _change_text(row, in_words=is_told))[index.column()]
        if index.column() == 0 and role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if row.ticked else Qt.CheckState.Unchecked
        if index.column() == 0 and role == Qt.ItemDataRole.DecorationRole:
            name, tone = ("square-check", Tone.ACCENT) if row.ticked else ("square", Tone.MUTED)
            return self._icons.pixmap(name, tone, 16)
        return None

    def state_text(self, row: CardRow) -> str:
        """“behind”."""
        if row.state == "changed" and row.behind:
            return self.tr("changed, behind")
        texts = {
            "same": self.tr("up to date"),
            "behind": self.tr("behind"),
            "changed": self.tr("changed in the card"),
        }
        return texts.get(row.state, self.tr("none yet"))


def _change_text(row: CardRow, *, in_words: bool) -> str:
    if row.change is None:
        return "…"
    return words.difference_text(row.change) if in_words else words.difference_signs(row.change)
