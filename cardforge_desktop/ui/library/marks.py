"""What a card's tile and row point out: an icon and a word each, and the stars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QRectF
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import draw_elided

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary

MOST_STARS = 5
_STARS = (
    QT_TRANSLATE_NOOP("Marks", "1 star"),
    QT_TRANSLATE_NOOP("Marks", "2 stars"),
    QT_TRANSLATE_NOOP("Marks", "3 stars"),
    QT_TRANSLATE_NOOP("Marks", "4 stars"),
    QT_TRANSLATE_NOOP("Marks", "5 stars"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something to know about a card; `word` is not yet translated, `icon` Lucide's name."""

    word: str
    icon: str
    tone: Tone

    @property
    def text(self) -> str:
        """The word in the user's language."""
        return QCoreApplication.translate("Marks", self.word)


OUT_OF_DATE = Mark(QT_TRANSLATE_NOOP("Marks", "Files out of date"), "file-clock", Tone.WARN)
DRAFT = Mark(QT_TRANSLATE_NOOP("Marks", "Draft quality"), "circle-dashed", Tone.MUTED)
IMPORTED = Mark(QT_TRANSLATE_NOOP("Marks", "Imported"), "import", Tone.INFO)


def marks_of(card: CardSummary) -> tuple[Mark, ...]:
    """The marks of a card, the one that asks for something first."""
    every = ((card.out_of_date, OUT_OF_DATE), (card.draft, DRAFT), (card.imported, IMPORTED))
    return tuple(mark for holds, mark in every if holds)


def stars_text(rating: int) -> str:
    """``4 stars``; "" for none."""
    return QCoreApplication.translate("Marks", _STARS[rating - 1]) if rating else ""


class MarkPainter:
    """Paints marks and stars. Lives on the window's thread."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        self._theme, self._icons = theme, icons
        self.measure()

    def measure(self) -> None:
        """Follow the theme and the font."""
        self._font = self._theme.font(0.85)
        self._metrics = QFontMetrics(self._font)

    @property
    def height(self) -> int:
        """Of one mark."""
        return self._metrics.height() + 4

    def mark(self, painter: QPainter, corner: QPoint, room: int, mark: Mark, ratio: float) -> int:
        """A pill with icon and word at its left upper `corner`, shortened to `room`; returns its width."""
        left, top = corner.x(), corner.y()
        side, tokens = self._metrics.ascent(), self._theme.tokens
        words = min(self._metrics.horizontalAdvance(mark.text) + 1, room - side - SPACE_XS - 2 * SPACE_S + 4)
        width = side + SPACE_XS + max(0, words) + 2 * SPACE_S - 4
        place = QRectF(left, top, width, self.height)
        painter.setPen(QColor(tokens.border))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        picture = self._icons.pixmap(mark.icon, mark.tone, side, ratio)
        painter.drawPixmap(QPoint(left + SPACE_S - 2, top + (self.height - side) // 2), picture)
        painter.setFont(self._font)
        painter.setPen(tokens.tone(Tone.TEXT if mark.tone is Tone.MUTED else mark.tone))
        text = QRect(left + SPACE_S - 2 + side + SPACE_XS, top, words + 1, self.height)
        draw_elided(painter, text, mark.text)
        return width

    def stars(self, painter: QPainter, place: QPoint, rating: int, ratio: float) -> None:
        """Five stars, `rating` of them filled; `place` is the middle of their left edge."""
        left, middle = place.x(), place.y()
        side = self.star_side
        for at in range(MOST_STARS):
            name, tone = ("star-filled", Tone.WARN) if at < rating else ("star", Tone.MUTED)
            picture = self._icons.pixmap(name, tone, side, ratio)
            painter.setOpacity(1.0 if at < rating else 0.35)
            painter.drawPixmap(QPoint(left + at * (side + 2), middle - side // 2), picture)
        painter.setOpacity(1.0)

    @property
    def star_side(self) -> int:
        """Width of one star."""
        return self._metrics.ascent() + 1

    @property
    def stars_width(self) -> int:
        """Width of all of them."""
        return MOST_STARS * (self.star_side + 2)
