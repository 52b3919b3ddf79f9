"""One card, whole: picture, fields, greetings, book, tags, notes, files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage
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

from cardforge_desktop.cards.book_fields import title_of
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.card_texts import card_texts
from cardforge_desktop.ui.library.card_head import CardHead
from cardforge_desktop.ui.library.files_section import FilesSection
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XL
from cardforge_desktop.ui.widgets.basics import (
    Card,
    FlowLayout,
    Page,
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
    from cardforge_desktop.cards.summaries import StoredCard

#: Of a book of thousands of entries the first ones tell what it is about.
_MOST_ENTRIES = 12
#: Parts of an earlier card that are ended in one turn.
_ENDED_AT_ONCE = 6


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
        self._is_whole = True
        self._scrolled = 0
        self._working = QTimer(self)
        self._working.timeout.connect(self._work)
        self.head = CardHead(services.icons)
        self.head.rated.connect(self.rated)
        self.head.edit.connect(self.edit)
        self._rest, self._column = _column()
        self._gone: list[QWidget] = []
        page = Page()
        self._whole = QVBoxLayout(page)
        self._whole.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_XL)
        self._whole.setSpacing(SPACE_L)
        self._whole.addWidget(self.head)
        self._whole.addWidget(self._rest)
        self._whole.addStretch(1)
        self.setWidget(page)
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
        self.files = FilesSection(self._services.icons, states)
        self.files.re_export.connect(self.re_export)
        self.head.show_card(stored, avatar)
        self._renew_rest()
        if not is_same:
            self.verticalScrollBar().setValue(0)
        self._parts = self._below(stored)
        self._is_whole = False
        self._working.start()

    def _renew_rest(self) -> None:
        """An empty place for the parts; it takes hundreds of widgets to show a card, and time to end them."""
        before = self._rest
        self._rest, self._column = _column()
        self._whole.replaceWidget(before, self._rest)
        before.hide()
        self._gone.append(before)

    @Slot()
    def _work(self) -> None:
        """One part at a time comes, and some of the card before go: all at once would be seen."""
        if not self._is_whole and next(self._parts, self) is self:
            self._is_whole = True
            self.verticalScrollBar().setValue(self._scrolled)
        if self._gone:
            self._end_some(self._gone[-1])
        elif self._is_whole:
            self._working.stop()

    def _end_some(self, gone: QWidget) -> None:
        parts = gone.findChildren(QWidget, "", Qt.FindChildOption.FindDirectChildrenOnly)
        for part in parts[:_ENDED_AT_ONCE]:
            part.deleteLater()
        if len(parts) <= _ENDED_AT_ONCE:
            self._gone.remove(gone)
            gone.deleteLater()

    def _below(self, stored: StoredCard) -> Iterator[None]:
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
        """Below the others."""
        if isinstance(part, QLayout):
            self._column.addLayout(part)
        else:
            self._column.addWidget(part)

    def copy_all(self) -> None:
        """The whole card to the clipboard."""
        from cardforge_desktop.ui.card_texts import as_plain_text

        if self._card is not None:
            QGuiApplication.clipboard().setText(as_plain_text(self._card.card))
            self.copied.emit(self._card.summary.name)

    def _field(self, name: str, text: str) -> QWidget:
        title = formatting.field_label(name)
        copy = icon_button(self._services.icons, "copy", self.tr("Copy %1").replace("%1", title))
        copy.clicked.connect(lambda _checked=False: self._copy(title, text))
        field = Page()
        column = QVBoxLayout(field)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row(label(title, "strong"), None, copy))
        column.addWidget(_Reading(text))
        return field

    def _copy(self, title: str, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.copied.emit(title)

    def _book_head(self, book: CharacterBook) -> QHBoxLayout:
        count = chip(self.tr("%n entry(s)", None, len(book.entries)))
        return row(label(self.tr("Character book"), "strong"), count, None)

    def _entry(self, entry: BookEntry) -> Card:
        body = Card(margin=SPACE_M)
        body.body.addWidget(label(title_of(entry), "strong", wrap=True))
        keys = FlowLayout()
        for key in entry.keys:
            keys.addWidget(chip(key))
        body.body.addWidget(_Reading(entry.content))
        body.body.addLayout(keys)
        return body


def _column() -> tuple[Page, QVBoxLayout]:
    page = Page()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE_L)
    return page, column


class _Reading(QLabel):
    """A text of any length to read and to select.

    Remembers its heights: layouts ask for them again for each part that comes below, and each time the whole
    text is broken into lines.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._heights: dict[int, int] = {}
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def sizeHint(self) -> QSize:
        """Any: it is as wide as the pane, and the height follows. A label would try many widths."""
        return QSize(1, 1)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return QSize(1, 1)

    def heightForWidth(self, width: int) -> int:
        """As the label's."""
        if width not in self._heights:
            self._heights[width] = super().heightForWidth(width)
        return self._heights[width]

    def changeEvent(self, event: QEvent) -> None:
        """Another font or style: other heights."""
        self._heights.clear()
        super().changeEvent(event)
