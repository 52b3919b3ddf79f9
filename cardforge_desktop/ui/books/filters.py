"""The bar above the entries: what is searched for, filtered by, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QButtonGroup, QMenu, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.category_row import CategoryRow
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import icon_button, row
from cardforge_desktop.ui.widgets.picker import Choice, Picker
from cardforge_desktop.ui.widgets.search_field import SearchField

if TYPE_CHECKING:
    from cardforge_desktop.books.search import Counts, EntryQuery, EntrySort, State
    from cardforge_desktop.ui.services import Services

#: More choices than these make a menu nobody reads.
_MOST_CHOICES = 60
#: Of the search field there are at least so many average letters to see.
_LETTERS = 16
#: States that leave nothing over together.
_OPPOSITES = (("enabled", "disabled"), ("constant", "keyed"))


class FilterBar(QWidget):
    """Search field, pickers and chips.

    Signals:
        changed(): another query is wanted.
        entered(): from the search field to the entries.
        shape_wanted(str): show the entries as ``grid`` or as ``table``.
    """

    changed = Signal()
    entered = Signal()
    shape_wanted = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self.category: str | None = None
        self.states: frozenset[State] = frozenset()
        self.sort: EntrySort = "place"
        self.descending = False
        self._counts: Counts | None = None
        self.search = SearchField(
            services.icons, self.tr("Search names, keys and texts"), self.tr("Search in this book")
        )
        self.picker = Picker(services.icons, self.tr("Category"))
        self.state_button = icon_button(services.icons, "funnel", self.tr("Filter by state"))
        self.sort_button = icon_button(services.icons, "arrow-down-up", self.tr("Sort"))
        self.grid_button = self._switch("layout-grid", self.tr("Show as grid"), "grid")
        self.table_button = self._switch("list", self.tr("Show as table"), "table")
        self.row = CategoryRow(services.icons)
        self._state_menu, self._sort_menu = QMenu(self), QMenu(self)
        self._lay_out()
        self._fill_menus()
        self.search.textChanged.connect(self._on_typed)
        self.search.entered.connect(self.entered)
        self.picker.picked.connect(lambda key: self.filter_category(None if key == "all" else key[1:]))
        self.row.picked.connect(self.filter_category)
        self.row.more_wanted.connect(self.picker.click)
        self.row.removed.connect(lambda state: self.switch_state(cast("State", state)))
        self._show()

    # What is wanted

    def query(self, book_id: str) -> EntryQuery:
        """What the bar asks for, of a book."""
        from cardforge_desktop.books.search import EntryQuery

        return EntryQuery(
            book_id, self.search.text().strip(), self.category, self.states, self.sort, self.descending
        )

    @property
    def is_filtering(self) -> bool:
        """Whether some entries may be left out."""
        return bool(self.search.text().strip()) or self.category is not None or bool(self.states)

    @Slot()
    def clear(self) -> None:
        """No search, no filters; the order stays."""
        if self.is_filtering:
            self.forget()
            self.changed.emit()

    def forget(self) -> None:
        """`clear` without telling: another book."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.category, self.states, self._counts = None, frozenset(), None
        self._show()

    def filter_category(self, category: str | None) -> None:
        """Show only these; None for all, "" for those without one."""
        if category != self.category:
            self.category = category
            self._show()
            self.changed.emit()

    def switch_state(self, state: State) -> None:
        """Filter by this state, or no longer; by its opposite then no longer either."""
        others = {each for pair in _OPPOSITES if state in pair for each in pair if each != state}
        self.states = (self.states ^ {state}) - others
        self._show()
        self.changed.emit()

    def sort_by(self, sort: EntrySort, *, descending: bool) -> None:
        """Another order."""
        if (sort, descending) != (self.sort, self.descending):
            self.sort, self.descending = sort, descending
            self._show_sort()
            self.changed.emit()

    # What is shown

    def set_counts(self, counts: Counts) -> None:
        """How many entries of each category fit the rest of the query."""
        self._counts = counts
        self._show_categories()

    def show_shape(self, name: str) -> None:
        """The entries are shown as ``grid`` or as ``table``."""
        (self.table_button if name == "table" else self.grid_button).setChecked(True)

    def begin_search(self) -> None:
        """To the search field."""
        self.search.begin()

    def _lay_out(self) -> None:
        self.search.setMinimumWidth(self.search.fontMetrics().averageCharWidth() * _LETTERS)
        group = QButtonGroup(self)
        group.addButton(self.grid_button)
        group.addButton(self.table_button)
        first = row(self.search, self.picker, spacing=SPACE_S)
        first.addLayout(
            row(self.state_button, self.sort_button, self.grid_button, self.table_button, spacing=SPACE_XS)
        )
        first.setStretch(0, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(first)
        layout.addWidget(self.row)

    def _switch(self, icon: str, name: str, shape: str) -> QPushButton:
        made = icon_button(self._services.icons, icon, name)
        made.setCheckable(True)
        made.clicked.connect(lambda _checked=False: self.shape_wanted.emit(shape))
        return made

    def _fill_menus(self) -> None:
        self.state_button.setCheckable(True)
        self.sort_button.setCheckable(True)
        for state, text in words.states().items():
            if state in ("constant", "selective", "no_keys"):
                self._state_menu.addSeparator()
            action = self._state_menu.addAction(text)
            action.setCheckable(True)
            action.setData(state)
            action.triggered.connect(lambda _checked=False, state=state: self.switch_state(state))
        group = QActionGroup(self)
        for sort, text in words.sorts().items():
            action = self._sort_menu.addAction(text)
            action.setCheckable(True)
            action.setData(sort)
            group.addAction(action)
            action.triggered.connect(
                lambda _checked=False, sort=sort: self.sort_by(sort, descending=self.descending)
            )
        self._sort_menu.addSeparator()
        self._falling = self._sort_menu.addAction(self.tr("The other way round"))
        self._falling.setCheckable(True)
        self._falling.triggered.connect(lambda on: self.sort_by(self.sort, descending=on))
        self.state_button.clicked.connect(lambda: self._open(self._state_menu, self.state_button))
        self.sort_button.clicked.connect(lambda: self._open(self._sort_menu, self.sort_button))

    def _open(self, menu: QMenu, under: QPushButton) -> None:
        self._mark()  # a click turns a checkable button
        menu.popup(under.mapToGlobal(under.rect().bottomLeft()))

    def _mark(self) -> None:
        """What stands otherwise than at first is seen without opening a menu."""
        self.state_button.setChecked(bool(self.states))
        self.sort_button.setChecked(self.descending or self.sort != "place")

    @Slot()
    def _on_typed(self) -> None:
        self.changed.emit()

    def _show(self) -> None:
        self._show_states()
        self._show_sort()
        self._show_categories()

    def _show_states(self) -> None:
        texts = words.states()
        self._mark()
        for action in self._state_menu.actions():
            action.setChecked(action.data() in self.states)
        shown = [text for state, text in texts.items() if state in self.states]
        tip = self.tr("Filter by state: %1").replace("%1", ", ".join(shown)) if shown else ""
        self.state_button.setToolTip(tip or self.tr("Filter by state"))
        self.row.show_states({state: text for state, text in texts.items() if state in self.states})

    def _show_sort(self) -> None:
        for action in self._sort_menu.actions():
            if action is not self._falling:
                action.setChecked(action.data() == self.sort)
        self._falling.setChecked(self.descending)
        self._mark()
        tip = self.tr("Sorted: %1").replace("%1", words.sorts()[self.sort])
        self.sort_button.setToolTip(tip)
        self.sort_button.setAccessibleDescription(tip)

    def _show_categories(self) -> None:
        counts = self._counts
        named = list(counts.categories) if counts is not None else []
        if self.category is not None and all(name != self.category for name, _ in named):
            named.append((self.category, 0))
        every = self.tr("All categories")
        choices = [Choice("all", words.counted(every, counts.total) if counts is not None else every)]
        for name, count in sorted(named[:_MOST_CHOICES], key=lambda each: not each[0]):
            choices.append(Choice(f"={name}", words.counted(name or words.without_category(), count)))
        self.picker.set_choices(choices, "all" if self.category is None else f"={self.category}")
        self.row.show_categories(named, counts.total if counts is not None else 0, self.category)
