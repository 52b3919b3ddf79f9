"""The test of the open book: a chat, the settings, and what fires of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books.testing.rows import ResultDelegate, ResultModel, RowRole, say
from cardforge_desktop.ui.books.testing.settings_bar import SettingsBar
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, icon_button, label, row
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.focus_order import move_focus
from cardforge_desktop.ui.widgets.text_field import Mark, TextField
from cardforge_desktop.ui.widgets.thin_bar import ThinBar

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.books.testing.running import BookAtTest, Outcome
    from cardforge_desktop.ui.services import Services

#: A test is made at most so often while somebody types.
_TEST_MS = 250
#: Lines under a chat that are drawn.
_MOST_MARKS = 500
#: Pixels for the name of the card.
_NAME_WIDTH = 140


class TestPane(QWidget):
    """Follows the session and what is typed. It works only while it is in sight.

    Signals:
        tested(): the result of what is typed is shown.
    """

    __test__ = False  # no test of pytest's
    tested = Signal()

    def __init__(self, services: Services, session: BookSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self._book: BookAtTest | None = None
        self._outcome: Outcome | None = None
        self._is_stale = True
        self.chat = TextField(services.theme, self.tr("Chat"), least=5, most=9)
        self.chat.setPlaceholderText(
            self.tr("Paste a chat: lines like “Name: text”, paragraphs, or a chat file of SillyTavern.")
        )
        self.settings = SettingsBar(services, FieldBench(services, self))
        self._card_id = ""  # chosen by hand
        self.card = button("", "quiet", tip=self.tr("Test with a card: its names, its texts, its greeting"))
        self.no_card = icon_button(services.icons, "x", self.tr("Test without this card"))
        self.greeting = button(
            self.tr("Greeting"), "quiet", tip=self.tr("Take the first message of the card as the chat")
        )
        self.copy = button(
            self.tr("Copy prompt"),
            "quiet",
            tip=self.tr("Copy the texts that enter the prompt, in their places"),
        )
        self.model = ResultModel(self)
        self.view = QListView()
        self.search = QLineEdit()
        self.problem = label("", "error", wrap=True)
        self._make_result()
        self._lay_out()
        self._tester = Paced(services.background, _TEST_MS, self._test)
        self._connect()
        self._show(None)
        self._follow()

    @property
    def outcome(self) -> Outcome | None:
        """What is shown, None before the first test."""
        return self._outcome

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is tested now."""
        super().showEvent(event)
        self._tester.ask()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as the eye goes."""
        return move_focus(self, forward=next) or super().focusNextPrevChild(next)

    @Slot()
    def copy_prompt(self) -> None:
        """What enters the prompt, each text under the place it stands in."""
        from cardforge_desktop.books.activation import prompt_pieces
        from cardforge_desktop.books.activation.telling import position

        if self._outcome is not None:
            pieces = prompt_pieces(self._outcome.activation.fired)
            texts = (
                f"[{position(each.position, each.depth, each.role, each.outlet, say)}]\n{each.text}"
                for each in pieces
            )
            QGuiApplication.clipboard().setText("\n\n".join(texts))

    # How it is made

    def _make_result(self) -> None:
        self.view.setModel(self.model)
        self.view.setItemDelegate(ResultDelegate(self._services.theme, self.view))
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.view.setMouseTracking(True)
        self.view.setUniformItemSizes(True)
        # Qt asks for each row when it lays them out: ten thousand at once take 40 ms.
        self.view.setLayoutMode(QListView.LayoutMode.Batched)
        self.view.setAccessibleName(self.tr("Result of the test"))
        self.bar = ThinBar(self._services.theme, self.tr("Token budget"))
        self.told = ElidedLabel("", "caption")
        self.search.setPlaceholderText(self.tr("Search by name or key"))
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName(self.tr("Search the result"))
        self.nothing = label("", "muted", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self.nothing)
        self._pages.addWidget(self.settings.body)
        self._kinds = QButtonGroup(self)
        self.kinds: dict[str, QPushButton] = {}
        tips = {
            "fired": self.tr("What enters the prompt, in its order"),
            "cut": self.tr("What fires, but finds no room in the token budget"),
            "asleep": self.tr("Why the other entries do not fire"),
        }
        for kind, tip in tips.items():
            made = button("", "segment", tip=tip)
            made.setCheckable(True)
            made.clicked.connect(self._show_kind)
            self._kinds.addButton(made)
            self.kinds[kind] = made
        self.kinds["fired"].setChecked(True)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        heading = label(self.tr("Chat"), "caption")
        heading.setBuddy(self.chat)
        self._services.icons.put(self.greeting, "message-square", Tone.MUTED, 16)
        self._services.icons.put(self.copy, "copy", Tone.MUTED, 16)
        self._services.icons.put(self.card, "user-round", Tone.MUTED, 16)
        self._show_card("", "")
        layout.addLayout(row(heading, None, self.greeting, self.card, self.no_card, spacing=SPACE_XS))
        layout.addWidget(self.chat)
        layout.addWidget(self.settings)
        layout.addWidget(self.problem)
        layout.addLayout(row(*self.kinds.values(), None, spacing=SPACE_XS))
        layout.addWidget(self.bar)
        layout.addWidget(self.told)
        layout.addWidget(self.search)
        layout.addWidget(self._pages, 1)
        layout.addLayout(row(None, self.copy))
        self.problem.hide()

    def _connect(self) -> None:
        self.chat.edited.connect(self._ask)
        self.settings.changed.connect(self._ask)
        self.settings.fold.toggled.connect(self._show_page)
        self.greeting.clicked.connect(self._take_greeting)
        self.card.clicked.connect(self._choose_card)
        self.no_card.clicked.connect(lambda _checked=False: self.use_card("", ""))
        self.copy.clicked.connect(self.copy_prompt)
        self.search.textChanged.connect(self._show_rows)
        self.view.clicked.connect(self._go_to)
        self.view.activated.connect(self._go_to)
        self._session.opened.connect(self._follow)
        self._session.book_changed.connect(self._read_anew)
        self._session.entries_changed.connect(self._read_anew)

    # What is tested

    def use_card(self, card_id: str, name: str) -> None:
        """Test with another card than the book's own, and begin with its greeting; "" = without one."""
        self._show_card(card_id, name)
        if card_id:
            self._take_greeting()
        self._ask()

    @Slot()
    def _choose_card(self) -> None:
        from cardforge_desktop.ui.library.card_chooser import CardChooser

        chooser = CardChooser(self, self._services)
        chooser.accepted.connect(lambda: self._on_chosen(chooser.card))
        chooser.open()

    def _on_chosen(self, card: CardSummary | None) -> None:
        if card is not None:
            self.use_card(card.id, card.name)

    def _show_card(self, card_id: str, name: str) -> None:
        self._card_id = card_id
        self.no_card.setVisible(bool(card_id))
        text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _NAME_WIDTH)
        self.card.setText(text.replace("&", "&&") if card_id else self.tr("With a card…"))
        self.card.setAccessibleName(
            self.tr("Tested with %1").replace("%1", name) if card_id else self.tr("Test with a card")
        )

    @Slot()
    def _follow(self) -> None:
        book = self._session.book
        self.greeting.setVisible(book is not None and bool(book.summary.card_id))
        self._read_anew()

    @Slot()
    def _read_anew(self, _ids: object = None) -> None:
        self._is_stale = True
        self._ask()

    @Slot()
    def _ask(self, _text: object = None) -> None:
        if self.isVisible():
            self._tester.ask()

    async def _test(self) -> None:
        from cardforge_desktop.ui.books.testing.running import read_book, try_chat

        book_id, text, settings = self._session.book_id, self.chat.text, self.settings.settings
        card_id = self._card_id
        call = self._services.background.call
        if not book_id or not self.isVisible():
            self._show(None)
            return
        try:
            if self._book is None or self._is_stale or self._book.book_id != book_id:
                self._is_stale = False
                self._book = await call(lambda ws: read_book(ws, book_id))
            tested = self._book
            outcome = await call(lambda ws: try_chat(ws, tested, text, settings, card_id))
        except CardForgeError as error:
            self._show(None, error.message)
            return
        if book_id == self._session.book_id and text == self.chat.text:
            self._show(outcome)
            self.tested.emit()

    @Slot()
    def _take_greeting(self) -> None:
        self._services.background.start(self._read_greeting())

    async def _read_greeting(self) -> None:
        from cardforge_desktop.ui.books.testing.running import greeting_of

        book, user = self._session.book, self.settings.settings.user
        card_id = self._card_id or ("" if book is None else book.summary.card_id)
        if not card_id:
            return
        try:
            text = await self._services.background.call(lambda ws: greeting_of(ws, card_id, user))
        except CardForgeError as error:
            self._show(None, error.message)
            return
        self.chat.replace(0, len(self.chat.text), text)

    # What is shown

    def _show(self, outcome: Outcome | None, problem: str = "") -> None:
        self._outcome = outcome
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.copy.setEnabled(outcome is not None and bool(outcome.activation.fired))
        if outcome is not None and outcome.chat and outcome.chat[0].start < 0:
            self._write_out(outcome)
            return
        self._show_totals()
        self._show_marks()
        self._show_rows()

    def _write_out(self, outcome: Outcome) -> None:
        """A chat file becomes lines that can be read and marked."""
        from cardforge_desktop.books.activation import chat_text

        self.chat.replace(0, len(self.chat.text), chat_text(outcome.chat))

    def _show_totals(self) -> None:
        found = None if self._outcome is None else self._outcome.activation
        texts = {
            "fired": (self.tr("Fires %1"), 0 if found is None else len(found.fired)),
            "cut": (self.tr("Cut %1"), 0 if found is None else len(found.cut)),
            "asleep": (self.tr("Sleeps %1"), 0 if found is None else len(found.asleep)),
        }
        for kind, (text, count) in texts.items():
            self.kinds[kind].setText(text.replace("%1", formatting.number(count)))
        self.kinds["cut"].setVisible(found is not None and bool(found.cut))
        if self._kinds.checkedButton() is self.kinds["cut"] and not (found and found.cut):
            self.kinds["fired"].setChecked(True)
        self.bar.set_fraction(0 if found is None else found.used / max(1, found.budget))
        if found is None:
            self.told.set_whole("")
            return
        text = self.tr("%1 of %2 tokens · %3 of %4 messages searched")
        numbers = (found.used, found.budget, found.scanned, found.messages)
        for at, number in enumerate(numbers, 1):
            text = text.replace(f"%{at}", formatting.number(number))
        self.told.set_whole(text)

    def _show_marks(self) -> None:
        outcome = self._outcome
        if outcome is None:
            self.chat.mark(())
            return
        tip = self.tr("Wakes “%1”")
        marks = []
        for mark in outcome.activation.marks[:_MOST_MARKS]:
            message = outcome.chat[mark.message]
            start = message.name_start if mark.in_name else message.start
            if start >= 0:
                name = outcome.tested.names[mark.entry]
                told = tip.replace("%1", name)
                marks.append(Mark(start + mark.start, start + mark.end, Tone.ACCENT, told, is_ground=True))
        self.chat.mark(marks)

    @Slot()
    def _show_kind(self) -> None:
        self.settings.fold.setChecked(False)
        self._show_rows()

    @Slot()
    def _show_page(self, _is_unfolded: object = None) -> None:
        """The settings take the place of the result: both have no room in a small window."""
        is_unfolded = self.settings.fold.isChecked()
        self.search.setVisible(not is_unfolded)
        self._pages.setCurrentIndex(2 if is_unfolded else 0 if self.model.rows else 1)

    @Slot()
    def _show_rows(self, _text: object = None) -> None:
        outcome = self._outcome
        if outcome is None:
            self.model.show_rows(None, ())
            self._say_nothing()
            return
        from cardforge_desktop.store.full_text import searchable

        tested = outcome.tested
        rows = outcome.rows[next(kind for kind, each in self.kinds.items() if each.isChecked())]
        for word in searchable(self.search.text()).split():
            rows = tuple([each for each in rows if word in tested.searched[each.index]])
        self.model.show_rows(tested, rows)
        self._say_nothing()

    def _say_nothing(self) -> None:
        self._show_page()
        if self._outcome is None:
            is_open = bool(self._session.book_id)
            text = self.tr("The book is being read…") if is_open else self.tr("Open a book to test it.")
        elif self.search.text().strip():
            text = self.tr("No entry here has that name or key.")
        elif self.kinds["asleep"].isChecked():
            text = self.tr("Every entry of the book fires.")
        elif not self.chat.text.strip():
            text = self.tr("Without a chat only constant entries fire, and this book has none.")
        else:
            text = self.tr("Nothing in this chat wakes an entry. “Sleeps” says why.")
        self.nothing.setText(text)

    @Slot(QModelIndex)
    def _go_to(self, index: QModelIndex) -> None:
        entry_id = index.data(RowRole.ENTRY_ID)
        if entry_id:
            self._session.wanted.emit(str(entry_id))
