"""One key of a book entry, drawn as a chip."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontDatabase, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from cardforge_desktop.cards.formats.key_lists import is_regex
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme, Tone

_ICON = 13
_WIDEST = 300
#: Pixels it needs at least.
_LEAST = 80
_ICONS = {Tone.ERROR: "circle-x", Tone.WARN: "triangle-alert", Tone.INFO: "info"}


@dataclass(frozen=True, slots=True)
class ChipNote:
    """What is the matter with a key: its tone (error, warn or info), and a sentence."""

    tone: Tone
    text: str


class KeyChip(QWidget):
    """A key, a sign of what it is, and a cross that takes it away. It never sits in the order of Tab.

    Signals:
        away(): the cross was clicked.
    """

    away = Signal()

    def __init__(self, theme: Theme, icons: Icons, key: str) -> None:
        super().__init__()
        self._theme, self._icons = theme, icons
        self._note: ChipNote | None = None
        self._is_over = False
        self.key = ""
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        theme.changed.connect(self._restyle)
        self.show_key(key)

    @property
    def note(self) -> ChipNote | None:
        """What is the matter with it."""
        return self._note

    def show_key(self, key: str) -> None:
        """Be this key."""
        if key != self.key:
            self.key = key
            self.setAccessibleName(self.tr("Key: %1").replace("%1", key))
            self._tell()
            self._restyle()

    def show_note(self, note: ChipNote | None) -> None:
        """Show what is the matter with it."""
        if note != self._note:
            self._note = note
            self._tell()
            self._restyle()

    def sizeHint(self) -> QSize:
        """A line of the key, shortened where it is very long."""
        self.ensurePolished()
        text = min(self.fontMetrics().horizontalAdvance(self._shown), _WIDEST)
        sign = _ICON + SPACE_XS if self._sign else 0
        around = 2 * SPACE_S + 2
        height = QFontMetrics(self._theme.font()).height() + SPACE_S  # whatever its own font: all in a line
        return QSize(text + sign + _ICON + SPACE_XS + around, height)

    def minimumSizeHint(self) -> QSize:
        """The key may be shortened; its cross stays in sight."""
        whole = self.sizeHint()
        return QSize(min(whole.width(), _LEAST), whole.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The cross takes the key away; elsewhere the chip takes the focus."""
        if event.button() == Qt.MouseButton.LeftButton and self._cross().contains(event.position().toPoint()):
            self.away.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The cross is lit under the pointer."""
        self._light(self._cross().contains(event.position().toPoint()))

    def leaveEvent(self, event: QEvent) -> None:
        """No longer."""
        super().leaveEvent(event)
        self._light(False)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Ground, sign, text, cross, and the ring of the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens, tone = self._theme.tokens, self._tone
        body = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(tokens.tone(Tone.ACCENT), 1.6) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.soft(tone)))
        painter.drawRoundedRect(body, body.height() / 2, body.height() / 2)
        if self._sign:
            sign = self._place(SPACE_S + 1, _ICON)
            painter.drawPixmap(sign, self._icons.pixmap(self._sign, tone, _ICON, self.devicePixelRatioF()))
        left = SPACE_S + 1 + (_ICON + SPACE_XS if self._sign else 0)
        text = self._place(left, self._cross_left() - left - SPACE_XS, whole=True)
        painter.setPen(tokens.tone(Tone.TEXT if tone is Tone.MUTED else tone))
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # as the key is read
        short = self.fontMetrics().elidedText(self._shown, Qt.TextElideMode.ElideRight, text.width())
        painter.drawText(text, int(Qt.AlignmentFlag.AlignCenter), short)
        cross = self._place(self._cross_left(), _ICON)
        lit = Tone.TEXT if self._is_over else Tone.MUTED
        painter.drawPixmap(cross, self._icons.pixmap("x", lit, _ICON, self.devicePixelRatioF()))

    @property
    def _shown(self) -> str:
        return " ".join(self.key.split()) if self.key.strip() else self.tr("(blank)")

    @property
    def _tone(self) -> Tone:
        if self._note is not None:
            return self._note.tone
        return Tone.ACCENT if is_regex(self.key.strip()) else Tone.MUTED

    @property
    def _sign(self) -> str:
        if self._note is not None:
            return _ICONS[self._note.tone]
        return "regex" if is_regex(self.key.strip()) else ""

    def _cross_left(self) -> int:
        return self.width() - SPACE_S - _ICON

    def _cross(self) -> QRect:
        left = self._cross_left() - SPACE_XS // 2
        return self._place(left, self.width() - left, whole=True)

    def _place(self, left: int, width: int, *, whole: bool = False) -> QRect:
        height = self.height() if whole else width
        place = QRect(left, (self.height() - height) // 2, width, height)
        return QStyle.visualRect(self.layoutDirection(), self.rect(), place)

    def _light(self, over: bool) -> None:
        if over != self._is_over:
            self._is_over = over
            self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
            self.update()

    def _tell(self) -> None:
        told = self._note.text if self._note is not None else ""
        if not told and is_regex(self.key.strip()):
            told = self.tr("A regular expression")
        self.setAccessibleDescription(told)
        hint = self.tr("F2 changes it, Del takes it away.")
        self.setToolTip("\n".join(part for part in (self.key, told, hint) if part))

    def _restyle(self) -> None:
        font = self._theme.font()
        if is_regex(self.key.strip()):
            font.setFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
        self.setFont(font)
        self.updateGeometry()
        self.update()
