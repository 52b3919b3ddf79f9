"""A check box that can be seen in both themes and shortens its text to the room there is."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone

#: Width and height of the box.
BOX_SIDE = 16


class CheckBox(QCheckBox):
    """Ticked, not ticked, or partly; state is told by the mark, never by its colour alone."""

    def __init__(self, theme: Theme, icons: Icons, text: str) -> None:
        super().__init__()
        self._theme, self._icons, self._whole = theme, icons, text
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """A line of the whole text."""
        metrics = self.fontMetrics()
        width = BOX_SIDE + SPACE_S + metrics.horizontalAdvance(self._whole) + 8
        return QSize(width, max(BOX_SIDE, metrics.height()) + 6)

    def minimumSizeHint(self) -> QSize:
        """May be shortened."""
        return QSize(BOX_SIDE + SPACE_S + 40, self.sizeHint().height())

    def hitButton(self, pos: object) -> bool:
        """The text belongs to it."""
        return self.rect().contains(pos)  # type: ignore[call-overload,no-any-return]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say the whole text where it is shortened."""
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The box, its mark, the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        top = (self.height() - BOX_SIDE) // 2
        box = QRect(self.width() - BOX_SIDE - 2 if is_mirrored else 2, top, BOX_SIDE, BOX_SIDE)
        self._paint_box(painter, box)
        text = QRect(box.right() + SPACE_S + 1, 0, self.width() - BOX_SIDE - SPACE_S - 4, self.height())
        if is_mirrored:
            text.moveRight(box.left() - SPACE_S)
        tokens = self._theme.tokens
        painter.setPen(tokens.tone(Tone.TEXT if self.isEnabled() else Tone.MUTED))
        side = Qt.AlignmentFlag.AlignRight if is_mirrored else Qt.AlignmentFlag.AlignLeft
        short = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, text.width())
        # Absolute: the painter would turn the side once more where the whole app is mirrored.
        painter.drawText(
            text, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | side), short
        )

    def _paint_box(self, painter: QPainter, box: QRect) -> None:
        if self.hasFocus():
            painter.setPen(QPen(self._theme.tokens.tone(Tone.ACCENT), 1.5))
            painter.drawRoundedRect(QRectF(box).adjusted(-1.5, -1.5, 1.5, 1.5), 5, 5)
        paint_box(
            painter,
            box.topLeft(),
            self._theme,
            self._icons,
            self.checkState(),
            enabled=self.isEnabled(),
            ratio=self.devicePixelRatioF(),
        )


def paint_box(
    painter: QPainter,
    corner: QPoint,
    theme: Theme,
    icons: Icons,
    state: Qt.CheckState,
    *,
    enabled: bool = True,
    ratio: float = 1.0,
) -> None:
    """A box of `BOX_SIDE` pixels and its mark; the painter draws with antialiasing."""
    tokens, box = theme.tokens, QRect(corner, QSize(BOX_SIDE, BOX_SIDE))
    filled = state is not Qt.CheckState.Unchecked
    tone = Tone.ACCENT if filled and enabled else Tone.MUTED
    painter.setPen(QPen(tokens.tone(tone), 1))
    painter.setBrush(tokens.tone(tone) if filled else QColor(tokens.surface))
    painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if state is Qt.CheckState.Checked:
        mark = icons.pixmap("check", Tone.ON_ACCENT, 12, ratio)
        painter.drawPixmap(QRect(box.x() + 2, box.y() + 2, 12, 12), mark)
    elif state is Qt.CheckState.PartiallyChecked:
        painter.setPen(QPen(tokens.tone(Tone.ON_ACCENT), 2))
        painter.drawLine(box.x() + 4, box.y() + 8, box.right() - 3, box.y() + 8)
