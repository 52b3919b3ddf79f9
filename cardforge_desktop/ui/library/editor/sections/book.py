"""The character book: its settings, its entries in a list, and the chosen one in full."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelection, QModelIndex, QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QGridLayout, QHeaderView, QTableView, QVBoxLayout

from cardforge_desktop.cards.field_paths import with_value
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.entry_list import EntryDelegate, EntryModel, marks_by_entry
from cardforge_desktop.ui.library.editor.field_box import FieldBox
from cardforge_desktop.ui.library.editor.sections.entry import EntryForm
from cardforge_desktop.ui.library.editor.sections.other import known_names, with_unknown
from cardforge_desktop.ui.library.editor.sections.section import Section, plain
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import button, icon_button, label, line, row
from cardforge_desktop.ui.widgets.json_field import JsonField
from cardforge_desktop.ui.widgets.value_fields import Captioned, TriState, number_field

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.editor.examining import Examination

_BOOK = "character_book"
_ENTRIES = "character_book.entries"
_ROWS = 7


class _List(QTableView):
    """As high as its rows, up to some. No `QListView`: that lays out all 20,000 at each change."""

    def __init__(self) -> None:
        super().__init__()
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """Room for the entries there are."""
        height = self.verticalHeader().defaultSectionSize()
        return QSize(240, min(max(self.model().rowCount(), 1), _ROWS) * height + 4)

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()


class BookSection(Section):
    """Adds, removes, sorts and changes entries; of 20,000 only the chosen one has fields."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.model = EntryModel(self)
        self.list = _List()
        self.entry = EntryForm(bench)
        self._findings: Mapping[str, Sequence[Finding]] = {}
        self._make_nothing()
        self._make_settings()
        self._make_list()
        self.column.addWidget(self._nothing)
        self.column.addWidget(self._book)
        self.column.addStretch(1)

    @property
    def chosen(self) -> int:
        """Index of the entry whose fields are shown, -1 = none."""
        return self.list.currentIndex().row()

    def show_package(self, package: CardPackage) -> None:
        """The book, and the chosen entry."""
        book = package.card.character_book
        self._nothing.setVisible(book is None)
        self._book.setVisible(book is not None)
        if book is None:
            self.model.replace([])
            return
        super().show_package(package)
        for control, name, _, _ in self._values:
            control.show_value(getattr(book, name))
        if self._more_button.isChecked():
            self._show_more(book)
        at = max(self.chosen, 0)
        if self.model.replace(book.entries):
            self._count.setText(formatting.number(len(book.entries)))
            self.list.updateGeometry()
            self.choose(min(at, len(book.entries) - 1))
        self._show_entry()

    def show_counts(self, examination: Examination) -> None:
        """Tokens of the chosen entry, and of the whole book."""
        self.entry.show_counts(examination)
        book = examination.budget.book if examination.budget is not None else None
        if book is None:
            self._tokens.setText("")
        elif examination.is_estimate:
            self._tokens.setText(self.tr("≈ %Ln token(s) if all are awake", None, book))
        else:
            self._tokens.setText(self.tr("%Ln token(s) if all are awake", None, book))

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """Marks in the list, and what is the matter with the chosen entry."""
        super().show_findings(findings)
        self._findings = findings
        self.model.show_marks(marks_by_entry(findings))
        self.entry.show_findings(findings)

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """To an entry, or to a setting of the book."""
        head, _, rest = path.removeprefix(_ENTRIES).partition("]")
        if path.startswith(f"{_ENTRIES}[") and self.model.rowCount():
            self.choose(min(int(head[1:]), self.model.rowCount() - 1))
            target = self.entry.go_to(rest.removeprefix("."), start, end, focus=focus)
            self.bring_up(target)
            return True
        if path not in (_BOOK, _ENTRIES, f"{_BOOK}.name"):
            self._more_button.setChecked(True)
        if super().go_to(path, start, end, focus=focus):
            return True
        target = self.list if self.model.rowCount() else self.add_button
        if focus:
            target.setFocus()
        self.bring_up(target)
        return True

    def choose(self, at: int) -> None:
        """Show the fields of this entry."""
        index = self.model.index(at) if at >= 0 else QModelIndex()
        self.list.setCurrentIndex(index)
        if index.isValid():
            self.list.scrollTo(index)

    @Slot()
    def add_entry(self) -> None:
        """A new entry behind the chosen one, ready to be written."""
        at = self.chosen + 1

        def changed(entries: list[BookEntry]) -> list[BookEntry]:
            ids = [entry.id for entry in entries if isinstance(entry.id, int)]
            new = BookEntry(
                keys=[],
                content="",
                extensions={},
                enabled=True,
                insertion_order=100,
                use_regex=False,
                id=max(ids, default=0) + 1,
            )
            return [*entries[:at], new, *entries[at:]]

        self._change_entries(changed)
        self.choose(at)
        self.bring_up(self.entry.go_to("keys", -1, -1, focus=True))

    @Slot()
    def remove_entries(self) -> None:
        """Take the selected entries away."""
        gone = {index.row() for index in self.list.selectionModel().selectedIndexes()}
        if gone:
            self._change_entries(
                lambda entries: [entry for at, entry in enumerate(entries) if at not in gone]
            )
            self.list.setFocus()

    def move_entry(self, by: int) -> None:
        """Move the chosen entry up or down."""
        at, to = self.chosen, self.chosen + by
        if at < 0 or not 0 <= to < self.model.rowCount():
            return

        def changed(entries: list[BookEntry]) -> list[BookEntry]:
            moved = list(entries)
            moved.insert(to, moved.pop(at))
            return moved

        self._change_entries(changed)
        self.choose(to)

    def _make_nothing(self) -> None:
        self._nothing = plain()
        text = self.tr(
            "This card has no book. A book holds what is worth knowing of places, people and things; "
            "an entry enters the prompt when one of its keys is mentioned."
        )
        self.add_book = button(self.tr("Add a book"), tip=self.tr("Give this card a character book"))
        self.bench.icons.put(self.add_book, "plus", Tone.TEXT, 16)
        self.add_book.clicked.connect(self._add_book)
        layout = QVBoxLayout(self._nothing)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(text, "muted", wrap=True))
        layout.addLayout(row(self.add_book, None))

    def _make_settings(self) -> None:
        """The name in sight; the rest, which most books never need, to be unfolded."""
        self._book = plain()
        page = QVBoxLayout(self._book)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE_L)
        hint = self.tr("SillyTavern overwrites a book of the same name")
        page.addWidget(self._line("name", self.tr("Name of the book"), hint))
        self._more_button = button(self.tr("More of the book"), "quiet")
        self._more_button.setCheckable(True)
        self.bench.icons.put(self._more_button, "chevron-down", Tone.MUTED, 16)
        self._more_button.toggled.connect(self._fold_more)
        self._more = plain()
        inner = QVBoxLayout(self._more)
        inner.setContentsMargins(0, 0, 0, SPACE_S)
        inner.setSpacing(SPACE_L)
        inner.addWidget(self._line("description", self.tr("What the book is about"), ""))
        inner.addLayout(self._make_values())
        self._make_objects(inner)
        self._more.hide()
        page.addLayout(row(self._more_button, None))
        page.addWidget(self._more)
        page.addWidget(line())

    def _line(self, name: str, text: str, hint: str) -> FieldBox:
        path = f"{_BOOK}.{name}"
        box = FieldBox(self.bench, path, text, prose=False, line=True, hint=hint, write=_or_none(path))
        self.boxes.append(box)
        return box

    def _make_values(self) -> QGridLayout:
        session = self.bench.session
        self.scan_depth, self.token_budget = number_field(self.bench), number_field(self.bench)
        self.recursive = TriState(self.bench, self.tr("Recursive scanning"))
        values: tuple[tuple[Any, str, str, str], ...] = (
            (self.scan_depth, "scan_depth", self.tr("Scan depth"), self.tr("Messages searched for keys")),
            (self.token_budget, "token_budget", self.tr("Token budget"), self.tr("Of all entries at once")),
            (
                self.recursive,
                "recursive_scanning",
                self.tr("Recursive scanning"),
                self.tr("Entries wake others"),
            ),
        )
        self._values = values
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        for at, (control, name, text, hint) in enumerate(values):
            grid.addWidget(Captioned(text, control, hint), 0, at)
            grid.setColumnStretch(at, 1)
            control.given.connect(lambda value, name=name: session.set(f"{_BOOK}.{name}", value, typed=True))
        return grid

    def _make_objects(self, page: QVBoxLayout) -> None:
        session = self.bench.session
        self.extensions = JsonField(self.bench, self.tr("Extensions of the book"))
        self.unknown = JsonField(
            self.bench, self.tr("Unknown fields of the book"), refuses=known_names(CharacterBook)
        )
        remove = button(self.tr("Remove the book"), tip=self.tr("Undo brings it back"))
        self.bench.icons.put(remove, "trash-2", Tone.TEXT, 16)
        remove.clicked.connect(lambda _checked=False: session.set(_BOOK, None))
        self.extensions.given.connect(lambda value: session.set(f"{_BOOK}.extensions", value, typed=True))
        self.unknown.given.connect(
            lambda value: session.edit(
                f"{_BOOK}.unknown",
                lambda card: with_value(card, _BOOK, with_unknown(card.character_book, value)),
                typed=True,
            )
        )
        page.addWidget(self.extensions)
        page.addWidget(self.unknown)
        page.addLayout(row(remove, None))

    def _make_list(self) -> None:
        bench = self.bench
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(bench.theme, bench.icons, self.list))
        self.list.setAccessibleName(self.tr("Entries of the book"))
        self._count, self._tokens = label("", "caption"), label("", "caption")
        self.add_button = button(self.tr("Add entry"), tip=self.tr("A new entry behind the chosen one"))
        bench.icons.put(self.add_button, "plus", Tone.TEXT, 16)
        self.up = icon_button(bench.icons, "arrow-up", self.tr("Move the entry up (Alt+Up)"))
        self.down = icon_button(bench.icons, "arrow-down", self.tr("Move the entry down (Alt+Down)"))
        self.remove = icon_button(bench.icons, "trash-2", self.tr("Remove the selected entries (Del)"))
        self.add_button.clicked.connect(self.add_entry)
        self.remove.clicked.connect(self.remove_entries)
        self.up.clicked.connect(lambda _checked=False: self.move_entry(-1))
        self.down.clicked.connect(lambda _checked=False: self.move_entry(1))
        keys: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Alt+Up", lambda: self.move_entry(-1)),
            ("Alt+Down", lambda: self.move_entry(1)),
            ("Del", self.remove_entries),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)
        head = row(label(self.tr("Entries"), "strong"), self._count, None, self._tokens, spacing=SPACE_S)
        page = self._book.layout()
        if isinstance(page, QVBoxLayout):
            part = QVBoxLayout()
            part.setSpacing(SPACE_S)
            part.addLayout(head)
            part.addWidget(self.list)
            part.addLayout(row(self.add_button, None, self.up, self.down, self.remove))
            page.addLayout(part)
            page.addWidget(self.entry)
        self.list.selectionModel().currentChanged.connect(self._show_entry)
        self.list.selectionModel().selectionChanged.connect(self._offer)

    def _change_entries(self, change: Callable[[list[BookEntry]], list[BookEntry]]) -> None:
        def changed(card: Card) -> Card:
            book = card.character_book
            return card if book is None else with_value(card, _ENTRIES, change(book.entries))

        self.bench.session.edit(_ENTRIES, changed)

    @Slot()
    def _add_book(self) -> None:
        name = self.bench.session.card.name
        book = CharacterBook(name=name or None, extensions={}, entries=[])
        self.bench.session.set(_BOOK, book)
        self.add_button.setFocus()

    @Slot(bool)
    def _fold_more(self, shown: bool) -> None:
        icon = "chevron-up" if shown else "chevron-down"
        self.bench.icons.put(self._more_button, icon, Tone.MUTED, 16)
        book = self.bench.session.card.character_book if self.bench.session.is_open else None
        if shown and book is not None:
            self._show_more(book)
        self._more.setVisible(shown)

    def _show_more(self, book: CharacterBook) -> None:
        self.extensions.show_value(book.extensions)
        self.unknown.show_value(book.model_extra or {})

    @Slot()
    def _show_entry(self, *_: object) -> None:
        at = self.chosen
        there = 0 <= at < self.model.rowCount() and self.bench.session.is_open
        self.entry.setVisible(there)
        if there:
            self.entry.show_entry(self.bench.session.card, at)
            self.entry.show_findings(self._findings)
        self._offer()

    @Slot(QItemSelection, QItemSelection)
    def _offer(self, *_: object) -> None:
        at, count = self.chosen, self.model.rowCount()
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < count - 1)
        self.remove.setEnabled(self.list.selectionModel().hasSelection())


def _or_none(path: str) -> Callable[[Card, str], Card]:
    """Writes a text, and takes the field away where it is empty."""

    def write(card: Card, text: str) -> Card:
        return with_value(card, path, text or None)

    return write
