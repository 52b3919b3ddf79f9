"""Chooses one card of the library, found by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL, Theme, Tone
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import button, draw_elided, label, row
from cardforge_desktop.ui.widgets.fitting import resize_within_screen

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary

Index = QModelIndex | QPersistentModelIndex
_TYPING_MS = 150
_CARD = Qt.ItemDataRole.UserRole


class _Cards(QAbstractListModel):
    """Cards by their summaries."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._cards: tuple[CardSummary, ...] = ()

    def replace(self, cards: tuple[CardSummary, ...]) -> None:
        self.beginResetModel()
        self._cards = cards
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        return 0 if parent.isValid() else len(self._cards)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card = self._cards[index.row()]
        if role == _CARD:
            return card
        if role == Qt.ItemDataRole.DisplayRole:
            return card.name
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return self.about(card)
        return None

    def about(self, card: CardSummary) -> str:
        """What tells cards of one name apart."""
        when = formatting.ago(card.updated_at)
        if card.imported or not card.profile:
            return self.tr("imported, changed %1").replace("%1", when, 1)
        text = self.tr("%1 by %2, changed %3")
        for mark, value in (("%3", when), ("%2", card.engine), ("%1", card.profile)):
            text = text.replace(mark, value, 1)
        return text


class _CardLine(QStyledItemDelegate):
    """The name, and smaller below it where the card is from."""

    def __init__(self, theme: Theme, model: _Cards, parent: QObject) -> None:
        super().__init__(parent)
        self._theme, self._model = theme, model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        small = QFontMetrics(self._theme.font(0.92))
        return QSize(120, QFontMetrics(self._theme.font()).height() + small.height() + 14)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tokens, rect = self._theme.tokens, option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection))
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), 6, 6)
        inner = rect.adjusted(SPACE_M, 6, -SPACE_M, -6)
        middle = inner.top() + QFontMetrics(self._theme.font()).height() + 2
        painter.setFont(self._theme.font())
        painter.setPen(tokens.tone(Tone.TEXT))
        draw_elided(painter, QRect(inner.topLeft(), QSize(inner.width(), middle - inner.top())), index.data())
        painter.setFont(self._theme.font(0.92))
        painter.setPen(tokens.tone(Tone.MUTED))
        lower = QRect(inner.left(), middle, inner.width(), inner.bottom() - middle + 1)
        draw_elided(painter, lower, self._model.about(index.data(_CARD)))
        painter.restore()


class CardChooser(QDialog):
    """Accepted when a card was chosen: `card`. Open it with `open`."""

    def __init__(self, parent: QWidget, services: Services) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        title = self.tr("Choose a card of the library")
        self.setWindowTitle(title)
        self._services = services
        self._number = 0
        self.card: CardSummary | None = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a card by any of its words"))
        self.search.setAccessibleName(self.tr("Find a card"))
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self._model = _Cards(self)
        self.list = QListView()
        self.list.setModel(self._model)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Cards"))
        self.list.setItemDelegate(_CardLine(services.theme, self._model, self))
        self.list.activated.connect(self._take)
        self.empty = label("", "muted", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choose = button(self.tr("Choose"), "primary", tip=self.tr("Take the selected card"))
        self.choose.clicked.connect(self._take_current)
        self.list.selectionModel().currentChanged.connect(self._refresh)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._find)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        frame = Frame(margin=SPACE_S)
        frame.body.addWidget(self.empty)
        frame.body.addWidget(self.list, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL - SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(title, "title"))
        layout.addWidget(self.search)
        layout.addWidget(frame, 1)
        layout.addLayout(row(None, cancel, self.choose))
        resize_within_screen(self, 520, 560)
        self._refresh()
        self._find()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys and Return work while typing."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            step = steps.get(Qt.Key(event.key()))
            if step is not None and self._model.rowCount():
                at = self.list.currentIndex().row() + step
                self.list.setCurrentIndex(self._model.index(max(0, min(self._model.rowCount() - 1, at)), 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take_current()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _find(self) -> None:
        self._number += 1
        self._services.background.start(self._load(self._number, self.search.text()))

    async def _load(self, number: int, text: str) -> None:
        from cardforge_desktop.cards.search import CardQuery

        query = CardQuery(text=text, sort="edited")
        found = await self._services.background.call(lambda ws: ws.card_search.cards(query))
        if not isValid(self) or number != self._number:
            return
        self._model.replace(found)
        self.empty.setText(
            self.tr("No card has these words.") if text.strip() else self.tr("There is no card yet.")
        )
        self.empty.setVisible(not found)
        self.list.setVisible(bool(found))
        if found:
            self.list.setCurrentIndex(self._model.index(0, 0))
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self.choose.setEnabled(self.list.currentIndex().isValid())

    @Slot()
    def _take_current(self) -> None:
        self._take(self.list.currentIndex())

    @Slot(QModelIndex)
    def _take(self, index: QModelIndex) -> None:
        if index.isValid():
            self.card = index.data(_CARD)
            self.accept()
