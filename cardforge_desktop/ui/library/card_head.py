"""What stands above a card that is read: picture, name, where it comes from, stars, tags, and Edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.library.star_bar import StarBar
from cardforge_desktop.ui.library.thumbnails import cover
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S
from cardforge_desktop.ui.widgets.basics import FlowLayout, button, chip, label, row, set_role, set_tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cardforge_desktop.cards.summaries import CardSummary, StoredCard

_PICTURE_WIDTH, _PICTURE_HEIGHT = 132, 176
#: Letters; a longer one is set smaller.
_LONG_NAME = 40
#: Letters; a longer tag would make the pane wider than it is.
_LONGEST_TAG = 20


class CardHead(QWidget):
    """Made once and filled anew for each card: to make it takes longer than a frame.

    Signals:
        rated(int): stars were given.
        edit(): the person wants to edit the card.
    """

    rated = Signal(int)
    edit = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._picture = QLabel()
        self._picture.setFixedSize(_PICTURE_WIDTH, _PICTURE_HEIGHT)
        self._name = label("", "heading", wrap=True, selectable=True)
        self._when = label("", "muted", wrap=True)
        self._stars = StarBar(icons, 0)
        self._stars.rated.connect(self.rated)
        self._chips: list[QLabel] = []
        self._chip_row = FlowLayout()
        edit = button(self.tr("Edit"), "primary", tip=self.tr("Open the card in the editor"))
        edit.clicked.connect(self.edit)
        words = QVBoxLayout()
        words.setSpacing(SPACE_S)
        for part in (self._name, self._when, self._stars):
            words.addWidget(part)
        words.addLayout(self._chip_row)
        words.addStretch(1)
        words.addLayout(row(edit, None))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(words, 1)

    def show_card(self, stored: StoredCard, avatar: QImage) -> None:
        """Show a card; `avatar` is its decoded picture."""
        summary = stored.summary
        self._picture.setPixmap(_rounded(avatar, self._picture.devicePixelRatioF()))
        self._picture.setAccessibleName(self.tr("Picture of %1").replace("%1", summary.name))
        set_role(self._name, "heading" if len(summary.name) <= _LONG_NAME else "title")
        self._name.setText(summary.name)
        self._when.setText(self._origin(summary))
        self._when.setToolTip(formatting.moment(summary.created_at))
        if self._stars.rating != summary.rating:
            self._stars.show_rating(summary.rating)
        self._show_chips(tuple(self._words(stored)))

    def _words(self, stored: StoredCard) -> Iterator[tuple[str, str, str]]:
        """Of each chip its text, tone and tooltip."""
        if stored.summary.draft:
            tip = self.tr("Written by the small built-in model: read it before you use it.")
            yield self.tr("Draft quality"), "warn", tip
        for tag in stored.card.tags:
            yield tag if len(tag) <= _LONGEST_TAG else f"{tag[:_LONGEST_TAG]}…", "", tag

    def _show_chips(self, words: tuple[tuple[str, str, str], ...]) -> None:
        while len(self._chips) > len(words):
            spare = self._chips.pop()
            self._chip_row.removeWidget(spare)
            spare.hide()
            spare.deleteLater()
        while len(self._chips) < len(words):
            self._chips.append(chip(""))
            self._chip_row.addWidget(self._chips[-1])
        for shown, (text, tone, tip) in zip(self._chips, words, strict=True):
            set_tone(shown, tone)
            shown.setText(text)
            shown.setToolTip(tip)

    def _origin(self, summary: CardSummary) -> str:
        ago = formatting.ago(summary.created_at)
        if summary.imported:
            about = self.tr("Imported from %1 (%3), %2").replace("%3", summary.spec.upper())
            return about.replace("%2", ago).replace("%1", summary.source)
        about = self.tr("From %1 with %2, %3").replace("%3", ago).replace("%2", summary.engine)
        return about.replace("%1", summary.source)


def _rounded(image: QImage, ratio: float) -> QPixmap:
    size = QSize(round(_PICTURE_WIDTH * ratio), round(_PICTURE_HEIGHT * ratio))
    pixmap = QPixmap(size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, size.width(), size.height()), 10 * ratio, 10 * ratio)
    painter.setClipPath(path)
    if not image.isNull():
        painter.drawImage(QRectF(0, 0, size.width(), size.height()), image, QRectF(cover(image.size(), size)))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
