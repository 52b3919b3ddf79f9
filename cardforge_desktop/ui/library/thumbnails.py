"""Small pictures of the cards one sees: decoded by workers, a few at a time; only the last are kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Background

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary

#: In device-independent pixels: what readers show most, 3:4.
PICTURE = QSize(168, 224)
_RADIUS = 8
_KEPT = 400
#: Half of the window's workers: the other half has what a person waits for.
_AT_ONCE = 2


class Thumbnails(QObject):
    """Pictures by card, ready to be painted. Lives on the window's thread.

    Only what was wanted last is loaded: cards that were scrolled past are forgotten before it is their turn.

    Signals:
        arrived(str): the picture of this card is there.
    """

    arrived = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._pictures: OrderedDict[str, tuple[int, QPixmap]] = OrderedDict()
        self._queue: list[CardSummary] = []
        self._loading: set[str] = set()
        self._ratio = 1.0

    def picture(self, card_id: str) -> QPixmap | None:
        """The picture as far as it is known: perhaps of an earlier version of the card."""
        known = self._pictures.get(card_id)
        if known is None:
            return None
        self._pictures.move_to_end(card_id)
        return known[1]

    def want(self, cards: Iterable[CardSummary], ratio: float) -> None:
        """Load these, in their order, and nothing else.

        Args:
            ratio: device pixels for each device-independent one.
        """
        if ratio != self._ratio:
            self._ratio = ratio
            self._pictures.clear()
        self._queue = [card for card in cards if not self._has(card)]
        self._next()

    def _has(self, card: CardSummary) -> bool:
        known = self._pictures.get(card.id)
        return known is not None and known[0] == card.version

    def _next(self) -> None:
        while self._queue and len(self._loading) < _AT_ONCE:
            card = self._queue.pop(0)
            if card.id not in self._loading:
                self._loading.add(card.id)
                self._background.start(self._load(card, self._ratio))

    async def _load(self, card: CardSummary, ratio: float) -> None:
        longest = round(max(PICTURE.width(), PICTURE.height()) * ratio * 4 / 3)
        try:
            image = await self._background.call(
                lambda ws: tile_picture(QImage.fromData(ws.library.thumbnail(card.id, longest)), ratio)
            )
        except CardForgeError:  # it was deleted meanwhile, or its picture can't be read: it has none
            image = QImage()
        finally:
            self._loading.discard(card.id)
        self._pictures[card.id] = (card.version, QPixmap.fromImage(image))
        self._pictures.move_to_end(card.id)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        self.arrived.emit(card.id)
        self._next()


def tile_picture(image: QImage, ratio: float) -> QImage:
    """The part of a picture that fills a tile, with round corners, in the screen's own pixels."""
    size = PICTURE * ratio
    made = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    if not image.isNull():
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(QRectF(made.rect()), _RADIUS * ratio, _RADIUS * ratio)
        painter.setClipPath(path)
        painter.drawImage(QRectF(made.rect()), image, QRectF(cover(image.size(), size)))
        painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def cover(size: QSize, place: QSize) -> QRect:
    """The part of a picture of `size` that fills `place`; portraits are cut at the foot."""
    scaled = place.scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        (size.width() - scaled.width()) // 2,
        (size.height() - scaled.height()) // 4,
        scaled.width(),
        scaled.height(),
    )
