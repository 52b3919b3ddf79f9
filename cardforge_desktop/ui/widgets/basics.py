"""Labels, cards, lines and buttons that know their role in the stylesheet."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLayoutItem,
    QPushButton,
    QSizePolicy,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S, Tone

#: Made once: flags are put together in Python.
_ON_LINE = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)


def label(text: str = "", role: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """A plain-text label with a role of the stylesheet (heading, title, caption, muted …)."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def chip(text: str, tone: str = "") -> QLabel:
    """A small rounded word."""
    made = label(text, "chip")
    made.setProperty("tone", tone)
    made.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return made


def set_tone(widget: QWidget, tone: str) -> None:
    """Give a widget another tone and let the stylesheet see it."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another role and let the stylesheet see it."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Page(QWidget):
    """What scrolls in a scroll area: as high as its wrapped labels need at its width, not more.

    A wrapped label's own minimum is that of a narrow one; a layout adds those up.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")

    def minimumSizeHint(self) -> QSize:
        """None: the height follows from the width."""
        return QSize(1, 1)


def button(text: str, role: str = "", *, tip: str = "", name: str = "") -> QPushButton:
    """A button with a role: "" = plain, ``primary``, ``quiet``, ``link``.

    Reached with Tab, not focused by a click: the focus ring is for those who need it.
    """
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAutoDefault(False)
    if tip:
        made.setToolTip(tip)
        made.setStatusTip(tip)
    made.setAccessibleName(name or text)
    return made


def icon_button(icons: Icons, icon: str, name: str, tone: Tone = Tone.MUTED) -> QPushButton:
    """A quiet button with an icon only; `name` is its tooltip and accessible name."""
    made = button("", "quiet", tip=name, name=name)
    icons.put(made, icon, tone, 16)
    return made


class Card(QFrame):
    """A white, rounded area with a title of its own or none; `body` is where content goes."""

    def __init__(self, title: str = "", margin: int = SPACE_L) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(SPACE_S)
        if title:
            self.body.addWidget(label(title, "title"))


def line() -> QFrame:
    """A thin line between two parts."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def row(*widgets: QWidget | None, spacing: int = SPACE_S) -> QHBoxLayout:
    """Widgets side by side; None is a stretch."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for widget in widgets:
        if widget is None:
            made.addStretch(1)
        else:
            made.addWidget(widget)
    return made


class ElidedLabel(QLabel):
    """A one-line label that shortens its text to the room there is; the whole text is its tooltip."""

    def __init__(
        self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._mode = mode
        self._whole = ""
        self.set_whole(text)

    @property
    def whole(self) -> str:
        """The text, however much of it fits."""
        return self._whole

    def set_whole(self, text: str) -> None:
        """The text to show as much of as fits."""
        if text == self._whole:
            return
        self._whole = text
        self.setAccessibleName(text)
        self._elide()

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(40, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """As wide as the whole text."""
        width = QFontMetrics(self.font()).horizontalAdvance(self._whole) + 8
        return QSize(width, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten anew."""
        super().resizeEvent(event)
        self._elide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw; the font may have come with the stylesheet after the text."""
        if QFontMetrics(self.font()).horizontalAdvance(self.text()) > self.contentsRect().width() + 2:
            self._elide()
        super().paintEvent(event)

    def _elide(self) -> None:
        short = QFontMetrics(self.font()).elidedText(
            self._whole, self._mode, max(0, self.contentsRect().width())
        )
        if short != self.text():
            self.setText(short)
        self.setToolTip(self._whole if short != self._whole else "")


class FlowLayout(QLayout):
    """Lays widgets out in lines, like words."""

    def __init__(self, spacing: int = 6) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self._hints: list[QSize] = []
        self._heights: dict[int, int] = {}
        self._smallest: QSize | None = None
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item."""
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at `index`."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give the item at `index` away."""
        if not 0 <= index < len(self._items):
            return None
        self.invalidate()
        return self._items.pop(index)

    def invalidate(self) -> None:
        """Measure the items anew: one came, went, or says something else."""
        self._hints, self._heights, self._smallest = [], {}, None
        super().invalidate()

    def hasHeightForWidth(self) -> bool:
        """Lines depend on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height at `width`; layouts above ask for it again and again."""
        if width not in self._heights:
            self._heights[width] = self._arrange(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        """As small as the largest item."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """As small as the largest item."""
        if self._smallest is None:
            self._smallest = QSize()
            for item in self._items:
                self._smallest = self._smallest.expandedTo(item.minimumSize())
        return QSize(self._smallest)

    def _direction(self) -> Qt.LayoutDirection:
        parent = self.parentWidget()
        return parent.layoutDirection() if parent is not None else Qt.LayoutDirection.LeftToRight

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        if not self._hints:
            self._hints = [item.sizeHint() for item in self._items]
        x, y, height = rect.x(), rect.y(), 0
        for item, hint in zip(self._items, self._hints, strict=True):
            if item.isEmpty():  # hidden: takes no gap either
                continue
            if x > rect.x() and x + hint.width() > rect.right() + 1:
                x, y, height = rect.x(), y + height + self._gap, 0
            width = hint.width()
            if width > rect.width():  # alone in its line: as narrow as it can be
                width = max(rect.width(), min(width, item.minimumSize().width()))
            if move:
                place = QRect(x, y, width, hint.height())
                item.setGeometry(QStyle.visualRect(self._direction(), rect, place))
            x += width + self._gap
            height = max(height, hint.height())
        return y + height - rect.y()


def in_lines(*widgets: QWidget, spacing: int = SPACE_S) -> QWidget:
    """Widgets side by side, as far as there is room.

    In a widget of their own: a layout made in Python lost its items inside of another layout.
    """
    made, lines = QWidget(), FlowLayout(spacing)
    for widget in widgets:
        lines.addWidget(widget)
    made.setLayout(lines)
    return made


def draw_elided(
    painter: QPainter, rect: QRect, text: str, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
) -> None:
    """One line of `text` in `rect`, shortened to fit, in the painter's font and pen."""
    short = painter.fontMetrics().elidedText(text, mode, rect.width())
    painter.drawText(rect, _ON_LINE, short)
