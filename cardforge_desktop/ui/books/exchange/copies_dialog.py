"""Which cards carry a copy of a book and which get one, each with what would change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.books.exchange.copies_model import CardRow, CopiesModel
from cardforge_desktop.ui.services import Notice
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, label, row
from cardforge_desktop.ui.widgets.diff_view import DiffView
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.plain_rows import ICON, IconRowDelegate
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
        self._versions: dict[str, int] = {}
        self._becoming: Becoming | None = None
        self.model = CopiesModel(services.icons, self)
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
        self._services.background.start(self._give())

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
        splitter.setSizes([380, 620])
        self.replace.setChecked(True)
        for choice in (self.replace, self.merge, self.back):
            self.body.addWidget(choice)
        self.body.addWidget(splitter, 1)

    def _dress_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegate(IconRowDelegate(self._services.theme, table))
        table.setAccessibleName(self.tr("Cards"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 16)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        table.setColumnWidth(1, 22 * table.fontMetrics().averageCharWidth())
        table.installEventFilter(self)
        table.viewport().installEventFilter(self)

    def _connect(self) -> None:
        self.table.selectionModel().currentChanged.connect(lambda *_: self._refresh())
        self.model.ticked.connect(self._refresh_foot)
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
        self.heading.setVisible(current is not None)
        if current is None:
            self._say_nothing(
                self.tr("No card carries this book yet. Add one, and see here what would change.")
            )
        self._refresh_foot()
        if current is not None:
            self._looker.ask()

    @Slot()
    def _refresh_foot(self) -> None:
        count = len(self.model.chosen)
        if self.back.isChecked():
            self.yes.setText(self.tr("Take into the book"))
            self.say("", possible=self._becoming is not None and bool(self._becoming.steps))
            return
        text = self.tr("Put into %n card(s)", None, count) if count else self.tr("Put into cards")
        self.yes.setText(text)
        is_risky = any(each.state == "changed" for each in self.model.chosen)
        text = self.tr("What was changed in the ticked cards is replaced; their histories have it.")
        self.say(text if is_risky and self.how == "replace" else "", possible=count > 0)

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
        if isinstance(found, int):
            self._versions[card_id] = found
        else:
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

    async def _give(self) -> None:
        """Cards that were looked at must still be as they were; the others are taken as they are."""
        ids, how, seen = [each.card_id for each in self.model.chosen], self.how, self._versions
        unseen = [card_id for card_id in ids if card_id not in seen]
        versions = await self._services.background.call(lambda ws: _versions(ws, unseen))
        if self.is_there:
            known = {**versions, **seen}
            self.put_wanted.emit({card_id: known[card_id] for card_id in ids if card_id in known}, how)
            super().accept()

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
            self._reader.ask()


def _diff(ws: Workspace, book_id: str, card_id: str, how: How) -> tuple[int, CardDiff]:
    """The card's version, and what putting the book into it would change. Slow."""
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.preview.card_diff import card_diff

    proposal = ws.card_copies.proposal(book_id, card_id, how)
    return proposal.version, card_diff(CardPackage(proposal.before), CardPackage(proposal.after))


def _back(ws: Workspace, book_id: str, card_id: str) -> tuple[Becoming, CardDiff]:
    """What taking the card's copy back would change in the book. Slow."""
    from cardforge_desktop.cards.model import Card as CharacterCard
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.preview.card_diff import card_diff

    becoming = ws.card_copies.back(book_id, card_id)
    before, after = (CharacterCard(character_book=each) for each in (becoming.before, becoming.after))
    return becoming, card_diff(CardPackage(before), CardPackage(after))


def _versions(ws: Workspace, ids: list[str]) -> dict[str, int]:
    """Of cards as they are; those that are gone are left out."""
    wanted = set(ids)
    return {card.id: card.version for card in ws.library.cards() if card.id in wanted} if wanted else {}
