"""Which cards carry a copy of a book and which get one, each with what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QSizePolicy,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.books.difference import Difference
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.books.exchange.book_diff import book_diff
from cardforge_desktop.ui.books.exchange.copies_counts import CopyCounts
from cardforge_desktop.ui.books.exchange.copies_model import CardRow, CopiesModel
from cardforge_desktop.ui.services import Notice
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, label, row
from cardforge_desktop.ui.widgets.diff_view import DiffView
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.plain_rows import ICON, IconRowDelegate, dress_plain
from cardforge_desktop.ui.widgets.radio_button import RadioButton

if TYPE_CHECKING:
    from cardforge_desktop.books.becoming import Becoming
    from cardforge_desktop.books.copies import How
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.ui.library.preview.card_diff import CardDiff
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_PACE_MS = 60


class CopiesDialog(BulkDialog):
    """Open it with `open`. What is seen on the right is what would be done.

    Signals:
        put_wanted(object, str): card → the version that was looked at; ``replace`` or ``merge``. It closes.
        back_wanted(object): the `Becoming` of the book that was looked at; the dialog closes.
    """

    put_wanted = Signal(object, str)
    back_wanted = Signal(object)

    def __init__(self, parent: QWidget, services: Services, book: BookSummary) -> None:
        super().__init__(parent)
        self._services, self._book = services, book
        title = self.tr("“%1” in cards").replace("%1", words.book_name(book)[:60])
        about = self.tr("Ticked cards get the book. On the right is what changes in the selected one.")
        self.set_texts(title, about, "")
        self._becoming: Becoming | None = None
        self.model = CopiesModel(services.icons, self)
        self.counts = CopyCounts(services, book.id, self)
        self.table = QTableView()
        self.replace = RadioButton(services.theme, self.tr("Replace: the card carries a copy of this book"))
        self.merge = RadioButton(
            services.theme, self.tr("Merge: the card keeps its entries, new ones are added")
        )
        self.back = RadioButton(
            services.theme, self.tr("Back: what was changed in the card comes into this book")
        )
        self.add = button(self.tr("Add card…"), tip=self.tr("Choose a card of the library"))
        self.detach = button(self.tr("Let go"), tip=self.tr("The card keeps its book, as one of its own"))
        self.heading = ElidedLabel("", "strong")
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.diff = DiffView(services.theme, services.icons, read_only=True)
        self.note = label("", "muted", wrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self._lay_out()
        self._reader = Paced(services.background, 0, self._read)
        self._looker = Paced(services.background, _PACE_MS, self._look)
        for each in (self._reader, self._looker):
            each.setParent(self)
        self._connect()
        resize_within_screen(self, 1040, 660)
        self.table.setFocus()
        self._reader.ask()

    @property
    def how(self) -> How:
        """What is to be done with a card's own entries."""
        return "merge" if self.merge.isChecked() else "replace"

    @property
    def current(self) -> CardRow | None:
        """The card whose difference is shown."""
        at = self.table.currentIndex().row()
        return self.model.rows[at] if 0 <= at < len(self.model.rows) else None

    @Slot()
    def add_cards(self) -> None:
        """Choose a card of the library."""
        from cardforge_desktop.ui.library.card_chooser import CardChooser

        chooser = CardChooser(self, self._services)

        def take() -> None:
            if chooser.card is not None:
                self.add_card(chooser.card.id, chooser.card.name)

        chooser.accepted.connect(take)
        chooser.open()

    def add_card(self, card_id: str, name: str) -> None:
        """A card is to get the book."""
        self._select(self.model.add(card_id, name))

    def accept(self) -> None:
        """Ask for what was seen, and close."""
        if self.back.isChecked():
            if self._becoming is not None:
                self.back_wanted.emit(self._becoming)
                super().accept()
            return
        ids = [each.card_id for each in self.model.chosen]
        seen = {card_id: self.counts.of(card_id, self.how) for card_id in ids}
        # Only what was counted on screen is done: a card that was changed since is left alone.
        versions = {card_id: each.version for card_id, each in seen.items() if each and each.version}
        self.put_wanted.emit(versions, self.how)
        super().accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Space ticks, and so does a click on the box."""
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Space and self.current is not None:
                self._tick(self.table.currentIndex())
                return True
        elif isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonPress:
            point = event.position().toPoint()
            index = self.table.indexAt(point)
            if index.isValid() and index.column() == 0 and self._is_on_box(index, point.x()):
                self._tick(index)
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        left = Card(margin=SPACE_S)
        left.body.addWidget(self.table, 1)
        left.body.addLayout(row(self.add, self.detach, None))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        for each in (self.heading, self.note):
            column.addWidget(each)
        column.addWidget(self.diff, 1)
        self._dress_table()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setHandleWidth(SPACE_L)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([460, 580])
        self.replace.setChecked(True)
        for choice in (self.replace, self.merge, self.back):
            self.body.addWidget(choice)
        self.body.addWidget(splitter, 1)

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegate(IconRowDelegate(self._services.theme, table))
        table.setAccessibleName(self.tr("Cards"))
        dress_plain(table)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        letters = table.fontMetrics().averageCharWidth()
        for column, width in ((1, 22), (2, 18)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            table.setColumnWidth(column, width * letters)
        table.installEventFilter(self)
        table.viewport().installEventFilter(self)

    def _connect(self) -> None:
        self.table.selectionModel().currentChanged.connect(lambda *_: self._refresh())
        self.model.ticked.connect(self._count)
        self.counts.counted.connect(self._tell_counts)
        for choice in (self.replace, self.merge, self.back):
            choice.toggled.connect(lambda checked: self._refresh() if checked else None)
        self.add.clicked.connect(self.add_cards)
        self.detach.clicked.connect(self._let_go)
        self._services.events.changed.connect(self._on_changed)
        self._refresh()

    # What is shown

    async def _read(self) -> None:
        book_id = self._book.id
        try:
            copies = await self._services.background.call(lambda ws: ws.card_copies.of_book(book_id))
        except CardForgeError as error:  # the book was deleted
            if self.is_there:
                self.reject()
            self._services.desk.notice.emit(Notice(error.message, "warn"))
            return
        if not self.is_there:
            return
        before = self.current.card_id if self.current is not None else ""
        self.model.show(copies)
        ids = [each.card_id for each in self.model.rows]
        if ids:
            self._select(ids.index(before) if before in ids else 0)
        self._refresh()

    def _select(self, at: int) -> None:
        self.table.setCurrentIndex(self.model.index(at, 0))

    @Slot()
    def _refresh(self) -> None:
        current = self.current
        is_copy = current is not None and current.state != "new"
        is_changed = current is not None and current.state == "changed"
        self.detach.setEnabled(is_copy)
        self.back.setEnabled(is_changed)
        if self.back.isChecked() and not is_changed:
            self.replace.setChecked(True)
        self._becoming = None
        self._count()
        self.heading.setVisible(current is not None)
        if current is None:
            self._say_nothing(
                self.tr("No card carries this book yet. Add one, and see here what would change.")
            )
        if current is not None:
            self._looker.ask()

    @Slot()
    def _count(self) -> None:
        """Of all cards, those first that are to get the book."""
        chosen = [each.card_id for each in self.model.chosen]
        others = [each.card_id for each in self.model.rows if not each.ticked]
        self.counts.want([*chosen, *others], self.how)
        self._tell_counts()

    @Slot()
    def _tell_counts(self) -> None:
        found = {each.card_id: self.counts.of(each.card_id, self.how) for each in self.model.rows}
        self.model.tell(lambda card_id: None if (each := found[card_id]) is None else each.difference)
        self._refresh_foot()

    @Slot()
    def _refresh_foot(self) -> None:
        count = len(self.model.chosen)
        if self.back.isChecked():
            self.yes.setText(self.tr("Take into the book"))
            self.say("", possible=self._becoming is not None and bool(self._becoming.steps))
            return
        text = self.tr("Put into %n card(s)", None, count) if count else self.tr("Put into cards")
        self.yes.setText(text)
        changes = [each.change for each in self.model.chosen]
        known = [each for each in changes if each is not None]
        if len(known) < count:
            text = self.tr("Looking at %1 of %2 cards…").replace("%2", formatting.number(count))
            self.say(text.replace("%1", formatting.number(len(known) + 1)), possible=False)
            return
        told = [words.difference_text(sum(known, Difference()))] if known else []
        if self.how == "replace" and any(each.state == "changed" for each in self.model.chosen):
            told.append(self.tr("What was changed in the ticked cards is replaced; their histories have it."))
        self.say(" · ".join(told), possible=count > 0)

    async def _look(self) -> None:
        if self.is_there:
            await self._compare()

    async def _compare(self) -> None:
        current, how, back = self.current, self.how, self.back.isChecked()
        if current is None:
            return
        book_id, card_id = self._book.id, current.card_id
        try:
            found, diff = await self._services.background.call(
                lambda ws: _back(ws, book_id, card_id) if back else _diff(ws, book_id, card_id, how)
            )
        except CardForgeError as error:
            if self.is_there:
                self._say_nothing(error.message)
            return
        if not self.is_there:
            return
        if self.current is None or self.current.card_id != card_id:
            self._looker.ask()
            return
        self.heading.set_whole(current.name)
        self._becoming = found
        self.diff.show_hunks(diff.hunks, headings=diff.headings)
        self.diff.setVisible(not diff.empty)
        if diff.empty:
            self._say_nothing(self.tr("Nothing would change here."))
        else:
            self.note.setVisible(diff.left_out > 0)
            self.note.setText(self.tr("%n more difference(s) are not shown.", None, diff.left_out))
        self._refresh_foot()

    def _say_nothing(self, text: str) -> None:
        self.diff.hide()
        self.note.setText(text)
        self.note.show()

    # What is done

    def _is_on_box(self, index: QModelIndex, x: int) -> bool:
        cell = self.table.visualRect(index)
        from_side = cell.right() - x if self.isRightToLeft() else x - cell.left()
        return from_side < ICON + 6

    def _tick(self, index: QModelIndex) -> None:
        self.model.tick(index.row(), ticked=not self.model.rows[index.row()].ticked)

    @Slot()
    def _let_go(self) -> None:
        if self.current is not None:
            book_id, card_id = self._book.id, self.current.card_id
            background = self._services.background
            background.start(background.call(lambda ws: ws.card_copies.detach(book_id, [card_id])))

    @Slot(object)
    def _on_changed(self, changes: object) -> None:
        del changes
        if self.is_there:
            self.counts.forget()
            self._reader.ask()


def _diff(ws: Workspace, book_id: str, card_id: str, how: How) -> tuple[None, CardDiff]:
    """What putting the book into the card would change. Slow."""
    proposal = ws.card_copies.proposal(book_id, card_id, how)
    return None, book_diff(proposal.before.character_book, proposal.after.character_book)


def _back(ws: Workspace, book_id: str, card_id: str) -> tuple[Becoming, CardDiff]:
    """What taking the card's copy back would change in the book. Slow."""
    becoming = ws.card_copies.back(book_id, card_id)
    return becoming, book_diff(becoming.before, becoming.after)
