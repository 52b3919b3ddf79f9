"""Adds tags to cards and takes others away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.completing import complete
from cardforge_desktop.ui.widgets.tick_rows import TickDelegate

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.ui.icons import Icons
    from cardforge_desktop.ui.theme import Theme


class TagDialog(QDialog):
    """The tags of some cards: ticked = all have it, half = some have it. Accepted with Apply.

    `added` and `removed` say what is to change then.
    """

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget,
        cards: Sequence[CardSummary],
        known: Sequence[str],
    ) -> None:
        """`known`: tags that are in use, to be offered while one types."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = self.tr("Tags of %n card(s)", None, len(cards))
        self.setWindowTitle(title)
        counts = Counter(tag for card in cards for tag in set(card.tags))
        self._before = {
            tag: Qt.CheckState.Checked if count == len(cards) else Qt.CheckState.PartiallyChecked
            for tag, count in counts.most_common()
        }
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(self.tr("Add a tag"))
        self.edit.setAccessibleName(self.tr("Add a tag"))
        complete(self.edit, known)
        self.add_button = button(self.tr("Add"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Tags"))
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(TickDelegate(theme, icons, self.list))
        for tag, state in self._before.items():
            self._add_row(tag, state, counts[tag] if state is Qt.CheckState.PartiallyChecked else 0)
        self.apply = button(self.tr("Apply"), "primary")
        cancel = button(self.tr("Cancel"))
        self.apply.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        self.add_button.clicked.connect(self.add)
        self.edit.returnPressed.connect(self.add)
        hint = label(self.tr("A half ticked tag is on some of the cards only."), "caption", wrap=True)
        hint.setVisible(Qt.CheckState.PartiallyChecked in self._before.values())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL - SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(title, "title", wrap=True))
        layout.addLayout(row(self.edit, self.add_button))
        layout.addWidget(self.list, 1)
        layout.addWidget(hint)
        layout.addLayout(row(None, cancel, self.apply))
        self.setMinimumSize(400, 420)
        self.edit.setFocus()

    @property
    def added(self) -> tuple[str, ...]:
        """Tags all cards shall have that not all of them have."""
        return tuple(
            tag
            for tag, state in self._states()
            if state is Qt.CheckState.Checked and self._before.get(tag) is not Qt.CheckState.Checked
        )

    @property
    def removed(self) -> tuple[str, ...]:
        """Tags no card shall have that some have."""
        return tuple(
            tag for tag, state in self._states() if state is Qt.CheckState.Unchecked and tag in self._before
        )

    @Slot()
    def add(self) -> None:
        """Take what is typed; several tags may be typed with commas between."""
        for tag in dict.fromkeys(part.strip() for part in self.edit.text().split(",")):
            if not tag:
                continue
            item = next((item for item in self._items() if item.data(_TAG) == tag), None)
            if item is None:
                self._add_row(tag, Qt.CheckState.Checked, 0, first=True)
            else:
                item.setCheckState(Qt.CheckState.Checked)
                self.list.scrollToItem(item)
        self.edit.clear()

    def _add_row(self, tag: str, state: Qt.CheckState, some: int, *, first: bool = False) -> None:
        text = tag
        if some:
            text = self.tr("%1 (on %2)").replace("%2", formatting.number(some)).replace("%1", tag)
        item = QListWidgetItem(text)
        item.setData(_TAG, tag)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(state)
        self.list.insertItem(0 if first else self.list.count(), item)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(at) for at in range(self.list.count())]

    def _states(self) -> list[tuple[str, Qt.CheckState]]:
        return [(str(item.data(_TAG)), item.checkState()) for item in self._items()]


_TAG = Qt.ItemDataRole.UserRole
