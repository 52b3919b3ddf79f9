"""All books at the left of the panel, and the field to search them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.books.book_delegate import BookDelegate
from cardforge_desktop.ui.books.book_model import BookModel, Role
from cardforge_desktop.ui.library.tag_popup import TagPopup
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import FlowLayout, button, icon_button, label, row
from cardforge_desktop.ui.widgets.name_list import NameView
from cardforge_desktop.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout, QPushButton

    from cardforge_desktop.ui.services import Services


class BookView(NameView):
    """The list itself."""

    def __init__(self, services: Services, model: BookModel) -> None:
        super().__init__(services.theme, model)
        self.setAccessibleName(self.tr("Books"))
        self.setItemDelegate(BookDelegate(services.theme, self))


class BookList(QWidget):
    """Search and list. A book that is chosen is opened.

    Signals:
        chosen(str): the person wants to see the book with this id.
        asked(str): as `BookView.asked`.
        menu_wanted(QPoint): as `BookView.menu_wanted`.
    """

    chosen = Signal(str)
    asked = Signal(str)
    menu_wanted = Signal(QPoint)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._current = ""
        self._shown_at: int | None = None  # the row that was scrolled to
        self.model = BookModel(self)
        self.view = BookView(services, self.model)
        self.search = SearchField(services.icons, self.tr("Search books"))
        self.tags = icon_button(services.icons, "tags", self.tr("Show only books with these tags"))
        self.count = label("", "caption")
        self._ticked: tuple[str, ...] = ()
        self._lay_out()
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.asked.connect(self.asked)
        self.view.menu_wanted.connect(self.menu_wanted)
        self.search.textChanged.connect(lambda _text: self._find())
        self.tags.clicked.connect(lambda _checked=False: self.open_tags())
        self.search.entered.connect(self._enter)
        self.refresh()

    @property
    def current(self) -> str:
        """Id of the chosen book, "" for none."""
        return self._current

    def choose(self, book_id: str) -> None:
        """Choose a book; one that is not searched for ends the search."""
        if self.model.row_of(book_id) is None and self.model.book(book_id) is not None:
            self.show_all()
        at = self.model.row_of(book_id)
        self._current, self._shown_at = book_id, at
        if at is None:
            self.view.selectionModel().clear()
            return
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.selectionModel().setCurrentIndex(self.model.index(at), flag)
        self.view.scrollTo(self.model.index(at))

    @Slot()
    def refresh(self) -> None:
        """Other books are shown: mark the chosen one, say how many there are."""
        at = self.model.row_of(self._current)
        if at is not None and at != self._shown_at:
            self.choose(self._current)
        shown, total = len(self.model.shown), len(self.model.books)
        if shown == total:
            text = self.tr("%Ln book(s)", None, total)
        else:
            text = self.tr("%1 of %Ln book(s)", None, total).replace("%1", formatting.number(shown))
        self.count.setText(text if total else "")
        self._pages.setCurrentWidget(self.view if shown or not total else self._nothing)
        self.tags.setVisible(bool(self._ticked) or any(book.tags for book in self.model.books))
        self._show_ticked()

    @Slot()
    def show_all(self) -> None:
        """No search, no tags."""
        self.search.clear()
        self._tick(())

    @Slot()
    def open_tags(self) -> TagPopup:
        """Let the person tick tags."""
        counted = Counter(tag for book in self.model.books for tag in dict.fromkeys(book.tags))
        tags = sorted(counted.items(), key=lambda each: (-each[1], each[0].casefold()))
        popup = TagPopup(self._services.theme, self._services.icons, self, tags, self._ticked)
        popup.changed.connect(self._tick)
        popup.open_below(self.tags)
        return popup

    def _lay_out(self) -> None:
        self.tags.setCheckable(True)
        self._ticked_row = QWidget()
        self._chips = FlowLayout(SPACE_XS)
        self._ticked_row.setLayout(self._chips)
        self._nothing = self._make_nothing()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.view)
        self._pages.addWidget(self._nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        head = row(self.search, self.tags, spacing=2)
        head.setStretch(0, 1)
        layout.addLayout(head)
        layout.addWidget(self._ticked_row)
        layout.addWidget(self._pages, 1)
        layout.addLayout(self._make_foot())

    def _make_nothing(self) -> QWidget:
        made = QWidget()
        words = label(self.tr("No book has all of these words and tags."), "muted", wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        again = button(self.tr("Show all books"), "link")
        again.clicked.connect(self.show_all)
        layout = QVBoxLayout(made)
        layout.addStretch(1)
        layout.addWidget(words)
        layout.addWidget(again, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)
        return made

    def _enter(self) -> None:
        if shown := self.model.shown:
            if self.model.row_of(self._current) is None:
                self.choose(shown[0].id)
                self.chosen.emit(self._current)
            self.view.setFocus()

    def _make_foot(self) -> QHBoxLayout:
        """The buttons that add books; those that there are."""
        made = row(self.count, None, spacing=2)
        for key, icon in (("book.new", "plus"), ("book.import", "import")):
            if key in self._services.actions:
                made.addWidget(self._tool(key, icon))
        return made

    def _tool(self, key: str, icon: str) -> QPushButton:
        action = self._services.actions[key]
        made = icon_button(self._services.icons, icon, action.toolTip(), Tone.TEXT)
        made.setAccessibleName(action.text().replace("&", ""))
        made.clicked.connect(lambda _checked=False: action.trigger())
        return made

    @Slot()
    def _find(self) -> None:
        self.model.find(self.search.text(), self._ticked)
        self._shown_at = None
        self.refresh()

    @Slot(tuple)
    def _tick(self, tags: tuple[str, ...]) -> None:
        if tags != self._ticked:
            self._ticked = tags
            self._find()

    def _show_ticked(self) -> None:
        """A chip for each tag that is filtered by."""
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for tag in self._ticked:
            made = button(tag[:24].replace("&", "&&"), "filter", name=self.tr("Remove the filter %1"))
            made.setAccessibleName(made.accessibleName().replace("%1", tag))
            made.setToolTip(self.tr("Remove this filter: %1").replace("%1", tag))
            self._services.icons.put(made, "x", Tone.ACCENT, 12)
            made.clicked.connect(
                lambda _checked=False, tag=tag: self._tick(tuple(x for x in self._ticked if x != tag))
            )
            self._chips.addWidget(made)
        self._ticked_row.setVisible(bool(self._ticked))
        self.tags.setChecked(bool(self._ticked))

    @Slot()
    def _on_current(self) -> None:
        book = self.view.currentIndex().data(Role.BOOK) if self.view.currentIndex().isValid() else None
        if book is not None and book.id != self._current:
            self._current, self._shown_at = book.id, self.view.currentIndex().row()
            self.chosen.emit(book.id)
