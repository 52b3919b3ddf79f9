"""One card, whole: picture, fields, greetings, book, tags, notes, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.card_texts import card_texts, entry_title
from cardforge_desktop.ui.library.files_section import FilesSection, open_folder
from cardforge_desktop.ui.library.star_bar import StarBar
from cardforge_desktop.ui.library.thumbnails import cover
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import (
    Card,
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
    from collections.abc import Iterator, Sequence

    from cardforge_desktop.cards.exporting import FileState
    from cardforge_desktop.cards.model import BookEntry, CharacterBook
    from cardforge_desktop.cards.summaries import CardSummary, StoredCard

_PICTURE_WIDTH, _PICTURE_HEIGHT = 132, 176
#: Letters; a longer one is set smaller.
_LONG_NAME = 40
#: Letters; a longer tag would make the pane wider than it is.
_LONGEST_TAG = 20
#: Of a book of thousands of entries the first ones tell what it is about.
_MOST_ENTRIES = 12


class CardView(QScrollArea):
    """Shows a stored card for reading.

    Signals:
        copied(str): a field's label, after its text went to the clipboard.
        rated(int): stars were given.
        edit(): the person wants to edit the card.
        re_export(): the card's files are to be written again.
    """

    copied = Signal(str)
    rated = Signal(int)
    edit = Signal()
    re_export = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._card: StoredCard | None = None
        self._parts: Iterator[None] = iter(())
        self._scrolled = 0
        self._adding = QTimer(self)
        self._adding.timeout.connect(self._add_part)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Card"))

    @property
    def card(self) -> StoredCard | None:
        """What is shown."""
        return self._card

    def show_card(self, stored: StoredCard, avatar: QImage, states: Sequence[FileState]) -> None:
        """Show a card.

        Args:
            avatar: its decoded picture.
            states: its files as they are on the disk.
        """
        is_same = self._card is not None and self._card.summary.id == stored.summary.id
        self._scrolled = self.verticalScrollBar().value() if is_same else 0
        self._card = stored
        page = Page()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_XL)
        self._column.setSpacing(SPACE_L)
        self._column.addLayout(self._head(stored, avatar))
        self._column.addStretch(1)
        self.files = FilesSection(self._services.icons, states)
        self.files.re_export.connect(self.re_export)
        before = self.takeWidget()
        if before is not None:
            before.deleteLater()  # later: taking hundreds of widgets apart is work of its own
        self.setWidget(page)
        self._parts = self._rest(stored)
        self._add_part()
        self._adding.start()

    @Slot()
    def _add_part(self) -> None:
        """One part at a time: all at once would keep the window waiting."""
        if next(self._parts, self) is self:
            self._adding.stop()
            self.verticalScrollBar().setValue(self._scrolled)

    def _rest(self, stored: StoredCard) -> Iterator[None]:
        """Adds what is below the head, part by part."""
        if stored.summary.out_of_date:
            self._add(self.files)
            yield
        for name, text in card_texts(stored.card).items():
            if name not in ("tags", "character_book"):
                self._add(line())
                self._add(self._field(name, text))
                yield
        book = stored.card.character_book
        if book is not None and book.entries:
            self._add(line())
            self._add(self._book_head(book))
            for entry in book.entries[:_MOST_ENTRIES]:
                self._add(self._entry(entry))
                yield
            more = len(book.entries) - _MOST_ENTRIES
            if more > 0:
                text = self.tr("… and %n more entry(s). The editor shows them all.", None, more)
                self._add(label(text, "muted", wrap=True))
        if not stored.summary.out_of_date:
            self._add(line())
            self._add(self.files)

    def _add(self, part: QWidget | QLayout) -> None:
        """Below the others, above the stretch."""
        at = self._column.count() - 1
        if isinstance(part, QLayout):
            self._column.insertLayout(at, part)
        else:
            self._column.insertWidget(at, part)

    def _head(self, stored: StoredCard, avatar: QImage) -> QHBoxLayout:
        summary = stored.summary
        picture = QLabel()
        picture.setFixedSize(_PICTURE_WIDTH, _PICTURE_HEIGHT)
        picture.setPixmap(_rounded(avatar, picture.devicePixelRatioF()))
        picture.setAccessibleName(self.tr("Picture of %1").replace("%1", summary.name))
        words = QVBoxLayout()
        role = "heading" if len(summary.name) <= _LONG_NAME else "title"
        words.setSpacing(SPACE_S)
        words.addWidget(label(summary.name, role, wrap=True, selectable=True))
        when = label(self._origin(summary), "muted", wrap=True)
        when.setToolTip(formatting.moment(summary.created_at))
        words.addWidget(when)
        stars = StarBar(self._services.icons, summary.rating)
        stars.rated.connect(self.rated)
        words.addWidget(stars)
        chips = FlowLayout()
        if summary.draft:
            draft = chip(self.tr("Draft quality"), "warn")
            draft.setToolTip(self.tr("Written by the small built-in model: read it before you use it."))
            chips.addWidget(draft)
        for tag in stored.card.tags:
            shown = chip(tag if len(tag) <= _LONGEST_TAG else f"{tag[:_LONGEST_TAG]}…")
            shown.setToolTip(tag)
            chips.addWidget(shown)
        words.addLayout(chips)
        words.addStretch(1)
        edit = button(self.tr("Edit"), "primary", tip=self.tr("Open the card in the editor"))
        edit.clicked.connect(self.edit)
        words.addLayout(row(edit, None))
        head = row(picture, spacing=SPACE_L)
        head.setAlignment(picture, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        return head

    def _origin(self, summary: CardSummary) -> str:
        ago = formatting.ago(summary.created_at)
        if summary.imported:
            about = self.tr("Imported from %1 (%3), %2").replace("%3", summary.spec.upper())
            return about.replace("%2", ago).replace("%1", summary.source)
        about = self.tr("From %1 with %2, %3").replace("%3", ago).replace("%2", summary.engine)
        return about.replace("%1", summary.source)

    def show_folder(self) -> None:
        """Open the folder of the card's files."""
        if self._card is not None and self._card.summary.files:
            open_folder(self._card.summary.files[0][1])

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

    def _book_head(self, book: CharacterBook) -> QHBoxLayout:
        count = chip(self.tr("%n entry(s)", None, len(book.entries)))
        return row(label(self.tr("Character book"), "strong"), count, None)

    def _entry(self, entry: BookEntry) -> Card:
        body = Card(margin=SPACE_M)
        body.body.addWidget(label(entry_title(entry), "strong", wrap=True))
        keys = FlowLayout()
        for key in entry.keys:
            keys.addWidget(chip(key))
        body.body.addWidget(_reading(entry.content))
        body.body.addLayout(keys)
        return body


def _reading(text: str) -> QLabel:
    made = label(text, wrap=True, selectable=True)
    made.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    return made


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
