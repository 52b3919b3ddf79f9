"""The head of the open book: its name, what it holds, where it is kept, and what is done most often."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import (
    ElidedLabel,
    FlowLayout,
    button,
    chip,
    icon_button,
    label,
    row,
    set_tone,
)

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services

_MOST_TAGS = 6
_LONGEST_TAG = 28
_LONGEST_NAME = 36
#: Pixels around the words on a button with an icon.
_AROUND = 56


class BookHead(QWidget):
    """Follows the session.

    Signals:
        asked(str): the key of an action that is wanted.
        test_wanted(): try the book with a chat.
        side_wanted(): show or hide what stands beside the entries.
    """

    asked = Signal(str)
    test_wanted = Signal()
    side_wanted = Signal()

    def __init__(self, services: Services, session: BookSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self.name = ElidedLabel("", "heading")
        self.test = button("", tip=self.tr("See which entries a chat wakes, and why"))
        self.test.setAccessibleName(self.tr("Test with a chat"))
        self.new = button(self.tr("New entry"), "primary", tip=services.actions["entry.new"].toolTip())
        self.side = icon_button(services.icons, "panel-right", services.actions["editor.side"].toolTip())
        self.side.setCheckable(True)
        self.entries, self.tokens, self.version = chip(""), chip(""), chip("")
        self.used = button("", "filter", name=self.tr("Cards that use this book"))
        self._tags: list[QLabel] = []
        self._chips = FlowLayout(SPACE_XS)
        services.icons.put(self.test, "messages-square", Tone.MUTED, 16)
        services.icons.put(self.new, "plus", Tone.ON_ACCENT, 16)
        self._lay_out()
        self.test.clicked.connect(lambda _checked=False: self.test_wanted.emit())
        self.new.clicked.connect(lambda _checked=False: self.asked.emit("entry.new"))
        self.used.clicked.connect(lambda _checked=False: self.asked.emit("book.copies"))
        self.side.clicked.connect(lambda _checked=False: self.side_wanted.emit())
        session.opened.connect(self.refresh)
        session.book_changed.connect(self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Say how the book stands."""
        book = self._session.book
        self.setVisible(book is not None)
        if book is None:
            return
        summary = book.summary
        self.name.set_whole(words.book_name(summary))
        self._fit()
        self.entries.setText(words.entries_text(summary.entries))
        self.tokens.setText(words.tokens_text(summary.tokens))
        self.version.setText(self.tr("version %1").replace("%1", summary.version[:_LONGEST_TAG]))
        self.version.setVisible(summary.version != "")
        self._show_tags(summary.tags)
        self._show_cards(summary)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The words on the button may fit, or no longer."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Where room is scarce the name needs it more than the button for the test, whose icon stays."""
        text, metrics = self.tr("Test with a chat…"), self.fontMetrics()
        name = self.name.fontMetrics().horizontalAdvance(self.name.whole)
        beside = self.side.sizeHint().width() + self.new.sizeHint().width() + 3 * SPACE_S
        wide = beside + metrics.horizontalAdvance(text) + _AROUND + max(name, metrics.averageCharWidth() * 12)
        if self.test.text() != (text := text if self.width() > wide else ""):
            self.test.setText(text)
            self._services.icons.put(self.test, "messages-square", Tone.MUTED, 16)

    def _lay_out(self) -> None:
        first = row(self.name, self.side, self.test, self.new, spacing=SPACE_S)
        first.setStretch(0, 1)
        chips = QWidget()
        chips.setLayout(self._chips)
        for each in (self.entries, self.tokens, self.version, self.used):
            self._chips.addWidget(each)
        self.note = self._make_note()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(first)
        layout.addWidget(chips)
        layout.addWidget(self.note)

    def _make_note(self) -> QWidget:
        """Of a book that is kept in a card."""
        made = QWidget()
        icon = QLabel()
        self._services.icons.put_on_label(icon, "info", Tone.INFO, 16)
        self._kept_in = label("", "muted")
        self._open_card = self._link(self.tr("Open card"))
        self._open_card.clicked.connect(lambda _checked=False: self._go_to_card())
        own = self._link(self.tr("Make it a book of its own"))
        own.clicked.connect(lambda _checked=False: self.asked.emit("book.own"))
        own.ensurePolished()
        for told in (icon, self._kept_in):
            told.setMinimumHeight(own.sizeHint().height())  # on one line with the links
        flow = FlowLayout(SPACE_XS)
        for each in (icon, self._kept_in, self._open_card, own):
            flow.addWidget(each)
        made.setLayout(flow)
        return made

    def _link(self, text: str) -> QPushButton:
        return button(text, "link")

    def _show_tags(self, tags: Iterable[str]) -> None:
        shown = [f"#{tag}" if len(tag) <= _LONGEST_TAG else f"#{tag[: _LONGEST_TAG - 1]}…" for tag in tags]
        more = len(shown) - _MOST_TAGS
        shown = [*shown[:_MOST_TAGS], *([self.tr("%1 more").replace("%1", str(more))] if more > 0 else [])]
        while len(self._tags) < len(shown):
            self._tags.append(chip(""))
            self._chips.addWidget(self._tags[-1])
        for at, each in enumerate(self._tags):
            each.setVisible(at < len(shown))
            each.setText(shown[at] if at < len(shown) else "")

    def _show_cards(self, summary: BookSummary) -> None:
        self.used.setVisible(summary.cards > 0)
        text = self.tr("used by %Ln card(s)", None, summary.cards)
        if summary.behind:
            behind = self.tr("%Ln behind", None, summary.behind)
            text = self.tr("%1 · %2").replace("%2", behind).replace("%1", text)
        self.used.setText(text)
        self.used.setToolTip(
            self.tr("See which cards carry a copy of this book, and bring copies up to date")
        )
        set_tone(self.used, "warn" if summary.behind else "")
        self.note.setVisible(summary.card_id != "")
        name = summary.card_name or self.tr("without a name")
        self._kept_in.setText(
            self.tr("Kept in the card %1.").replace(
                "%1", name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
            )
        )

    def _go_to_card(self) -> None:
        if self._session.book is not None:
            self._services.desk.open_card.emit(self._session.book.summary.card_id)
