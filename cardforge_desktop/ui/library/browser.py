"""The library's first page: search, filters, the cards as grid or table, and the chosen one beside them."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.arrangement import runs
from cardforge_desktop.ui.library.card_model import CardModel
from cardforge_desktop.ui.library.card_view import CardView
from cardforge_desktop.ui.library.card_views import go_to
from cardforge_desktop.ui.library.details import DetailsPane
from cardforge_desktop.ui.library.filters import FilterBar
from cardforge_desktop.ui.library.finder import CardFinder, Choices
from cardforge_desktop.ui.library.grid import CardGrid
from cardforge_desktop.ui.library.table import CardTable
from cardforge_desktop.ui.library.thumbnails import Thumbnails
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import Card, button, icon_button, label, row
from cardforge_desktop.ui.widgets.empty_state import EmptyState
from cardforge_desktop.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.ui.library.arrangement import Change

_SEARCH_MS = 120
#: Pictures are asked for when the cards stood still so long.
_STILL_MS = 40


class Browser(QWidget):
    """Lays the cards out and keeps the selection; what is done with cards is the commands'.

    Signals:
        selected(): other cards are selected, or say something else.
        opened(str): this card is to be opened in the editor.
    """

    selected = Signal()
    opened = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.model = CardModel(self)
        self.finder = CardFinder(services, self.model)
        self.pictures = Thumbnails(services.background, self)
        self.search = SearchField(services.icons, self.tr("Search in all cards"))
        self.filters = FilterBar(services)
        self.grid = CardGrid(services, self.model, self.pictures)
        self.table = CardTable(services, self.model, self.pictures)
        self.view = CardView(services)
        self.details = DetailsPane(services, self.view)
        self.selection = self.grid.selectionModel()
        self.table.setSelectionModel(self.selection)
        self._total = 0
        self._wanted = ""
        self._kept: tuple[str, frozenset[str]] = ("", frozenset())
        self._typing = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._still = QTimer(self, singleShot=True, interval=_STILL_MS)
        self._make_head()
        self._lay_out()
        self._connect()
        self.table.show_order(self.filters.order)
        self.show_as(services.memory.text("library/view", "grid"))
        self.finder.refresh()

    # What others ask

    def cards(self) -> tuple[CardSummary, ...]:
        """The selected cards from top to bottom."""
        rows = sorted(index.row() for index in self.selection.selectedRows())
        cards = self.model.cards
        return tuple(cards[at] for at in rows if at < len(cards))

    @property
    def current_view(self) -> CardGrid | CardTable:
        """The grid or the table, whichever is shown."""
        return self.table if self._views.currentWidget() is self.table else self.grid

    @Slot(str)
    def show_as(self, name: str) -> None:
        """Show the cards as ``grid`` or as ``table``."""
        view = self.table if name == "table" else self.grid
        had_focus = self.current_view.hasFocus()
        self._views.setCurrentWidget(view)
        (self.table_button if view is self.table else self.grid_button).setChecked(True)
        if self.selection.currentIndex().isValid():
            view.scrollTo(self.selection.currentIndex())
        if had_focus:
            view.setFocus()
        self._services.memory.keep("library/view", name)
        self._still.start()

    def open_card(self, card_id: str) -> None:
        """Select a card, whatever was searched for, as soon as it is in the list."""
        self._wanted = card_id
        at = self.model.row_of(card_id)
        if at is not None:
            self._wanted = ""
            go_to(self.current_view, at)
            return
        self.search.clear()
        self._typing.stop()
        self.filters.filter(text="", tags=(), profile="", batch="", format="", rating_from=0)
        self.finder.refresh()

    def focus(self) -> None:
        """The cards get the focus, or what stands there when there are none."""
        if self._pages.currentWidget() is self._splitter:
            self.current_view.setFocus()

    def begin_search(self) -> None:
        """To the search field."""
        self.search.begin()

    def keep_state(self) -> None:
        """Remember splitter and columns."""
        self._services.memory.keep("library/splitter", self._splitter.saveState())
        self.table.keep_state()

    # Making

    def _make_head(self) -> None:
        icons = self._services.icons
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(300)
        self.import_button = button(self.tr("Import…"), tip=self.tr("Take card files into the library"))
        icons.put(self.import_button, "import", Tone.MUTED, 16)
        self.import_button.clicked.connect(self._services.actions["file.import"].trigger)
        self.grid_button = self._switch("layout-grid", self.tr("Show as grid"), "grid")
        self.table_button = self._switch("list", self.tr("Show as table"), "table")
        group = QButtonGroup(self)
        group.addButton(self.grid_button)
        group.addButton(self.table_button)
        self._count = label("", "muted")
        self._count.setAccessibleName(self.tr("Number of cards"))

    def _switch(self, icon: str, name: str, view: str) -> QPushButton:
        made = icon_button(self._services.icons, icon, name)
        made.setCheckable(True)
        made.clicked.connect(lambda _checked=False: self.show_as(view))
        return made

    def _lay_out(self) -> None:
        self._views = QStackedWidget()
        self._views.addWidget(self.grid)
        self._views.addWidget(self.table)
        left, right = Card(margin=SPACE_S), Card(margin=2)
        left.body.addWidget(self._views)
        right.body.addWidget(self.details)
        left.setMinimumWidth(240)
        right.setMinimumWidth(260)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(SPACE_L)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(right)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([760, 360])
        state = self._services.memory.state("library/splitter")
        if state is not None:
            self._splitter.restoreState(state)
        self._pages = QStackedWidget()
        self._waiting = QWidget()
        self._none, self._no_match, self._unreadable = self._empty(), self._nothing_found(), QWidget()
        for page in (self._waiting, self._none, self._no_match, self._unreadable, self._splitter):
            self._pages.addWidget(page)
        self._head = QWidget()
        head = row(self.import_button, self.grid_button, self.table_button, self.search, spacing=SPACE_XS)
        head.insertSpacing(1, SPACE_S)
        head.insertSpacing(4, SPACE_S)
        head.setContentsMargins(0, 0, 0, 0)
        self._head.setLayout(head)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(row(label(self.tr("Library"), "heading"), self._count, None, self._head))
        layout.addWidget(self.filters)
        layout.addWidget(self._pages, 1)
        self._head.hide()
        self.filters.hide()

    def _empty(self) -> EmptyState:
        act = button(self.tr("Import cards…"), "primary")
        act.clicked.connect(self._services.actions["file.import"].trigger)
        return EmptyState(
            self._services.theme,
            self._services.icons,
            "images",
            title=self.tr("No cards yet"),
            text=self.tr(
                "Every card that is finished in Batch is kept here. Cards you have already can be imported: "
                "drop their files or a folder on this window."
            ),
            act=act,
        )

    def _nothing_found(self) -> EmptyState:
        act = button(self.tr("Clear search and filters"))
        act.clicked.connect(self.show_all)
        return EmptyState(
            self._services.theme,
            self._services.icons,
            "search",
            title=self.tr("No card matches"),
            text=self.tr("No card has all of the words and filters above."),
            act=act,
        )

    def _connect(self) -> None:
        self._typing.timeout.connect(self._search_now)
        self._still.timeout.connect(self._want_pictures)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.search.entered.connect(self._enter)
        self.filters.changed.connect(self._ask)
        self.table.order_wanted.connect(self.filters.sort_by)
        self.finder.found.connect(self._before)
        self.finder.applied.connect(self._after)
        self.finder.choices_read.connect(self._take_choices)
        self.finder.failed.connect(self._show_failure)
        self.selection.selectionChanged.connect(lambda *_: self._choose())
        for view in (self.grid, self.table):
            view.opened.connect(self.opened)
            view.verticalScrollBar().valueChanged.connect(lambda _value: self._still.start())
            view.viewport().installEventFilter(self)

    def eventFilter(self, watched: object, event: QEvent) -> bool:  # noqa: ARG002
        """A view of another size shows other cards."""
        if event.type() == QEvent.Type.Resize:
            self._still.start()
        return False

    @Slot()
    def _enter(self) -> None:
        """From the search to the cards."""
        self._search_now()
        self.focus()

    # What the person does

    @Slot()
    def show_all(self) -> None:
        """No search, no filters."""
        self.search.clear()
        self.filters.clear()

    @Slot()
    def _search_now(self) -> None:
        self._typing.stop()
        self.filters.filter(text=self.search.text())

    @Slot()
    def _ask(self) -> None:
        self.table.show_order(self.filters.order)
        self.finder.want(self.filters.query, self.filters.order)

    @Slot()
    def _want_pictures(self) -> None:
        if self.isVisible():
            view, cards = self.current_view, self.model.cards
            seen = view.visible_rows()
            self.pictures.want((cards[at] for at in seen if at < len(cards)), view.devicePixelRatioF())

    @Slot()
    def _choose(self) -> None:
        self.details.show_cards(self.cards())
        self.selected.emit()

    # What the finder says

    @Slot(object)
    def _before(self, change: Change) -> None:
        current = self.selection.currentIndex()
        cards = self.model.cards
        card_id = cards[current.row()].id if current.isValid() and current.row() < len(cards) else ""
        is_whole = change.is_whole
        self._kept = (card_id, frozenset(card.id for card in self.cards()) if is_whole else frozenset())

    @Slot(object)
    def _after(self, change: Change) -> None:
        if change.is_whole:
            self._select_again(*self._kept)
        self._show_page()
        if self._wanted and (at := self.model.row_of(self._wanted)) is not None:
            self._wanted = ""
            go_to(self.current_view, at)
        elif not self.selection.hasSelection() and self.model.cards:
            before = change.base
            was = next((at for at, card in enumerate(before) if card.id == self._kept[0]), 0)
            go_to(self.current_view, min(was, len(self.model.cards) - 1))
        self._choose()
        self._still.start()

    def _select_again(self, current: str, ids: Collection[str]) -> None:
        """After a reset: the same cards, as far as they are still shown."""
        rows = sorted(at for card_id in ids if (at := self.model.row_of(card_id)) is not None)
        chosen = QItemSelection()
        for first, last in runs(rows):
            chosen.select(self.model.index(first, 0), self.model.index(last, 0))
        flags = QItemSelectionModel.SelectionFlag
        self.selection.select(chosen, flags.ClearAndSelect | flags.Rows)
        at = self.model.row_of(current)
        if at is not None:
            self.selection.setCurrentIndex(self.model.index(at, 0), flags.NoUpdate)
            self.current_view.scrollTo(self.model.index(at, 0))

    def _show_page(self) -> None:
        query = self.filters.query
        is_narrowed = bool(query.text.strip()) or self.filters.is_filtering
        shown = len(self.model.cards)
        had_focus = self.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        page = self._splitter if shown else self._no_match if is_narrowed else self._none
        was_cards = self._pages.currentWidget() is self._splitter
        self._pages.setCurrentWidget(page)
        self._head.setVisible(page is not self._none)
        self.filters.setVisible(page is not self._none)
        if page is self._splitter and not was_cards and self.isVisible() and not had_focus:
            self.current_view.setFocus()
        if not shown:
            self._count.setText("")
        elif is_narrowed and self._total > shown:
            text = self.tr("%1 of %Ln card(s)", None, self._total)
            self._count.setText(text.replace("%1", formatting.number(shown)))
        else:
            self._count.setText(self.tr("%Ln card(s)", None, shown))

    @Slot(object)
    def _take_choices(self, choices: Choices) -> None:
        self._total = choices.total
        self.filters.set_choices(choices)
        if self._pages.currentWidget() is not self._waiting:
            self._show_page()

    @Slot(str)
    def _show_failure(self, message: str) -> None:
        again = button(self.tr("Try again"))
        again.clicked.connect(self.finder.refresh)
        page = EmptyState(
            self._services.theme,
            self._services.icons,
            "triangle-alert",
            title=self.tr("The library can't be read"),
            text=message,
            act=again,
        )
        self._pages.removeWidget(self._unreadable)
        self._unreadable.deleteLater()
        self._unreadable = page
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
