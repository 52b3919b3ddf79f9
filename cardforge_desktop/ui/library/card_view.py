"""One card, whole: picture, fields, greetings, book, tags, notes, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.card_texts import card_texts, entry_title
from cardforge_desktop.ui.library.card_list import cover
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import (
    Card,
    ElidedLabel,
    FlowLayout,
    Page,
    button,
    chip,
    icon_button,
    label,
    line,
    row,
)

if TYPE_CHECKING:
    from pathlib import Path

    from cardforge_desktop.cards.model import CharacterBook
    from cardforge_desktop.cards.service import StoredCard

_PICTURE_WIDTH, _PICTURE_HEIGHT = 132, 176


class CardView(QScrollArea):
    """Shows a stored card for reading.

    Signals:
        copied(str): a field's label, after its text went to the clipboard.
    """

    copied = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._card: StoredCard | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Card"))

    @property
    def card(self) -> StoredCard | None:
        """What is shown."""
        return self._card

    def show_card(self, stored: StoredCard, avatar: QImage) -> None:
        """Show a card; `avatar` is its decoded picture."""
        self._card = stored
        page = Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_XL)
        column.setSpacing(SPACE_L)
        column.addLayout(self._head(stored, avatar))
        for name, text in card_texts(stored.card).items():
            if name not in ("tags", "character_book"):
                column.addWidget(line())
                column.addLayout(self._field(name, text))
        if stored.card.character_book is not None and stored.card.character_book.entries:
            column.addWidget(line())
            column.addLayout(self._book(stored.card.character_book))
        column.addWidget(line())
        column.addLayout(self._files(stored))
        column.addStretch(1)
        self.setWidget(page)
        self.verticalScrollBar().setValue(0)

    def _head(self, stored: StoredCard, avatar: QImage) -> QHBoxLayout:
        summary = stored.summary
        picture = QLabel()
        picture.setFixedSize(_PICTURE_WIDTH, _PICTURE_HEIGHT)
        picture.setPixmap(_rounded(avatar, picture.devicePixelRatioF()))
        picture.setAccessibleName(self.tr("Picture of %1").replace("%1", summary.name))
        words = QVBoxLayout()
        words.setSpacing(SPACE_S)
        words.addWidget(label(summary.name, "heading", wrap=True, selectable=True))
        about = self.tr("From %1 with %2, %3").replace("%1", summary.source).replace("%2", summary.engine)
        when = label(about.replace("%3", formatting.ago(summary.created_at)), "muted", wrap=True)
        when.setToolTip(formatting.moment(summary.created_at))
        words.addWidget(when)
        chips = FlowLayout()
        if summary.draft:
            draft = chip(self.tr("Draft quality"), "warn")
            draft.setToolTip(self.tr("Written by the small built-in model: read it before you use it."))
            chips.addWidget(draft)
        for tag in stored.card.tags:
            chips.addWidget(chip(tag))
        words.addLayout(chips)
        words.addStretch(1)
        folder = button(self.tr("Show in folder"), tip=self.tr("Show the card's files"))
        folder.clicked.connect(lambda _checked=False: self.show_folder())
        folder.setEnabled(bool(summary.files))
        copy = button(self.tr("Copy all fields"), tip=self.tr("Copy the whole card as text"))
        copy.clicked.connect(lambda _checked=False: self.copy_all())
        words.addLayout(row(folder, copy, None))
        head = row(picture, spacing=SPACE_L)
        head.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def show_folder(self) -> None:
        """Open the folder of the card's files."""
        if self._card is not None and self._card.summary.files:
            _open_folder(self._card.summary.files[0][1])

    def copy_all(self) -> None:
        """The whole card to the clipboard."""
        from cardforge_desktop.ui.card_texts import as_plain_text

        if self._card is not None:
            QGuiApplication.clipboard().setText(as_plain_text(self._card.card))
            self.copied.emit(self._card.summary.name)

    def _field(self, name: str, text: str) -> QVBoxLayout:
        title = formatting.field_label(name)
        copy = icon_button(self._services.icons, "copy", self.tr("Copy %1").replace("%1", title))
        copy.clicked.connect(lambda _checked=False: self._copy(title, text))
        column = QVBoxLayout()
        column.setSpacing(2)
        words = row(label(title, "strong"), None, copy)
        column.addLayout(words)
        column.addWidget(_reading(text))
        return column

    def _copy(self, title: str, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(title)

    def _book(self, book: CharacterBook) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(SPACE_M)
        count = chip(self.tr("%n entry(s)", None, len(book.entries)))
        column.addLayout(row(label(self.tr("Character book"), "strong"), count, None))
        for entry in book.entries:
            body = Card(margin=SPACE_M)
            body.body.addWidget(label(entry_title(entry), "strong", wrap=True))
            keys = FlowLayout()
            for key in entry.keys:
                keys.addWidget(chip(key))
            body.body.addWidget(_reading(entry.content))
            body.body.addLayout(keys)
            column.addWidget(body)
        return column

    def _files(self, stored: StoredCard) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(label(self.tr("Files"), "strong"))
        if not stored.summary.files:
            column.addWidget(label(self.tr("No file was written for this card."), "muted"))
        for name, path in stored.summary.files:
            show = button(
                self.tr("Show in folder"),
                "link",
                name=self.tr("Show %1 in its folder").replace("%1", path.name),
            )
            show.clicked.connect(lambda _checked=False, path=path: _open_folder(path))
            where = ElidedLabel(str(path), "muted", Qt.TextElideMode.ElideMiddle)
            kind = chip(name)
            kind.setMinimumWidth(76)
            kind.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addLayout(row(kind, where, show))
        return column


def _reading(text: str) -> QLabel:
    made = label(text, wrap=True, selectable=True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made


def _open_folder(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))


def _rounded(image: QImage, ratio: float) -> QPixmap:
    from PySide6.QtCore import QRectF, QSize
    from PySide6.QtGui import QPainter, QPainterPath

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
