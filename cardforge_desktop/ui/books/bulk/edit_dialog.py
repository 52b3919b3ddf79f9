"""Changes several fields of many entries at once, and says before how many entries that changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.books.planning import touched_ids
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import label, row
from cardforge_desktop.ui.widgets.completing import complete
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.books.editing.bulk import BulkChange
    from cardforge_desktop.books.editing.edits import Edit
    from cardforge_desktop.books.model import Entry
    from cardforge_desktop.cards.model import Number
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_COUNT_MS = 200
_LEAVE = "leave"
_NUMBER_WIDTH = 96
#: Fields whose new value is written.
_WRITTEN = ("category", "insertion_order", "priority", "probability")


class EditDialog(BulkDialog):
    """Every field begins with “As they are”. Accepted with `change` to be done."""

    def __init__(self, services: Services, book_id: str, ids: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        about = self.tr("%Ln entry(s) are selected. Only what you set here changes.", None, len(ids))
        self.set_texts(self.tr("Edit entries"), about, self.tr("Change entries"))
        self._services, self._book_id, self._ids = services, book_id, tuple(ids)
        self._entries: tuple[Entry, ...] | None = None
        self._pickers: dict[str, Picker] = {}
        self._lines: dict[str, QLineEdit] = {}
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_S)
        self._grid.setColumnStretch(1, 1)
        self._counter = Paced(services.background, _COUNT_MS, self._count)
        self._counter.setParent(self)
        self._lay_out()
        self.setMinimumWidth(560)
        services.background.start(self._read_categories())
        self._refresh()

    @property
    def change(self) -> BulkChange:
        """What is to be done.

        Raises:
            ValueError: a number cannot be read, or the category is not written.
        """
        from cardforge_desktop.books.editing.bulk import BulkChange

        numbering = None
        if self._chosen("insertion_order") == "number":
            numbering = (self._number("insertion_order"), self._number("step"))
        return BulkChange(tuple(self._edits()), numbering)

    # The fields

    def _lay_out(self) -> None:
        from cardforge_desktop.books import entry_fields as fields

        yes_no = (("yes", self.tr("Yes")), ("no", self.tr("No")))
        reader = ("reader", self.tr("As the reader has it"))
        number = (("set", self.tr("Set to")), ("add", self.tr("Raise by")))
        places = (
            (fields.BEFORE, self.tr("Before the character")),
            (fields.AFTER, self.tr("After the character")),
            (fields.NOTE_TOP, self.tr("Above the author's note")),
            (fields.NOTE_BOTTOM, self.tr("Below the author's note")),
            (fields.AT_DEPTH, self.tr("At a depth of the chat")),
            (fields.EXAMPLES_TOP, self.tr("Above the examples")),
            (fields.EXAMPLES_BOTTOM, self.tr("Below the examples")),
        )
        self._add("category", self.tr("Category"), (("set", self.tr("Set to")), ("none", self.tr("None"))), 1)
        self._add("enabled", self.tr("Switched on"), yes_no)
        self._add("constant", self.tr("Always in the prompt"), yes_no)
        orders = (*number, ("number", self.tr("Number from")))
        self._add("insertion_order", self.tr("Insertion order"), orders, 2)
        self._add("priority", self.tr("Priority"), (*number, ("none", self.tr("None"))), 1)
        self._add("position", self.tr("Position"), [(str(value), text) for value, text in places])
        self._add("probability", self.tr("Probability"), (("set", self.tr("Set to")),), 1)
        self._add("case_sensitive", self.tr("Case of keys matters"), (*yes_no, reader))
        self._add("match_whole_words", self.tr("Whole words only"), (*yes_no, reader))
        self._add_line("add_keys", self.tr("Add keys"), self.tr("Commas between them"))
        self._add_line("drop_keys", self.tr("Remove keys"), self.tr("Commas between them"))
        self.body.addLayout(self._grid)
        self._lines["probability"].setPlaceholderText("%")
        self._lines["step"].setPlaceholderText(self.tr("by 10"))
        self._lines["step"].setAccessibleName(self.tr("Step"))
        self._pickers["category"].setFocus()

    def _add(self, field: str, name: str, choices: Sequence[tuple[str, str]], lines: int = 0) -> None:
        at = self._grid.rowCount()
        picker = Picker(self._services.icons, name)
        leave = Choice(_LEAVE, self.tr("As they are"))
        picker.set_choices((leave, *(Choice(key, text) for key, text in choices)), _LEAVE)
        picker.picked.connect(lambda _key: self._choose(field))
        self._pickers[field] = picker
        title = label(name)
        title.setBuddy(picker)
        self._grid.addWidget(title, at, 0)
        fields = [self._line(key, name) for key in (field, "step")[:lines]]
        for line in fields:
            if field != "category":
                line.setFixedWidth(_NUMBER_WIDTH)
        stretch = () if field == "category" else (None,)
        self._grid.addLayout(row(picker, *fields, *stretch), at, 1)

    def _add_line(self, field: str, name: str, hint: str) -> None:
        at = self._grid.rowCount()
        line = self._line(field, name)
        line.setPlaceholderText(hint)
        title = label(name)
        title.setBuddy(line)
        self._grid.addWidget(title, at, 0)
        self._grid.addWidget(line, at, 1)

    def _line(self, field: str, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.textChanged.connect(self._refresh)
        self._lines[field] = line
        return line

    # What they say

    def _chosen(self, field: str) -> str:
        return self._pickers[field].current

    def _number(self, field: str) -> Number:
        from cardforge_desktop.ui.widgets.value_fields import number_of

        text = self._lines[field].text().strip().removesuffix("%").strip()
        return number_of(text or ("10" if field == "step" else ""))

    def _edits(self) -> list[Edit]:
        from cardforge_desktop.books.editing import edits
        from cardforge_desktop.cards.formats.key_lists import split_keys

        made: list[Edit] = []
        flags: dict[str, Any] = {"yes": True, "no": False, "reader": None}
        for field in ("enabled", "constant", "case_sensitive", "match_whole_words"):
            if self._chosen(field) != _LEAVE:
                made.append(edits.setting(field, flags[self._chosen(field)]))
        if self._chosen("position") != _LEAVE:
            made.append(edits.setting("position", int(self._chosen("position"))))
        if self._chosen("category") != _LEAVE:
            made.append(edits.setting("category", self._category()))
        if self._chosen("probability") != _LEAVE:
            made.append(edits.with_chance(self._percent()))
        made += self._number_edits("priority") + self._number_edits("insertion_order")
        ways: tuple[tuple[str, Callable[[list[str]], Edit]], ...] = (
            ("add_keys", edits.adding_keys),
            ("drop_keys", edits.dropping_keys),
        )
        made += [way(keys) for field, way in ways if (keys := split_keys(self._lines[field].text()))]
        return made

    def _number_edits(self, field: Any) -> list[Edit]:
        from cardforge_desktop.books.editing import edits

        match self._chosen(field):
            case "set":
                return [edits.setting(field, self._number(field))]
            case "add":
                return [edits.raising(field, self._number(field))]
            case "none":
                return [edits.setting(field, None)]
        return []

    def _category(self) -> str:
        name = self._lines["category"].text().strip() if self._chosen("category") == "set" else ""
        if not name and self._chosen("category") == "set":
            raise ValueError(name)
        return name

    def _percent(self) -> Number:
        percent = self._number("probability")
        if not 0 <= percent <= 100:
            raise ValueError(percent)
        return percent

    # What they would do

    def _choose(self, field: str) -> None:
        """What is to be written now has the focus."""
        self._refresh()
        if (line := self._lines.get(field)) is not None and not line.isHidden():
            line.setFocus()

    @Slot()
    def _refresh(self) -> None:
        for field in _WRITTEN:
            self._lines[field].setVisible(self._chosen(field) not in (_LEAVE, "none"))
        self._lines["step"].setVisible(self._chosen("insertion_order") == "number")
        self._counter.ask()

    async def _count(self) -> None:
        if not self.is_there:
            return
        try:
            change = self.change
        except ValueError:
            self._tell(None, self._what_is_missing())
            return
        known = self._entries

        def work(ws: Workspace) -> tuple[tuple[Entry, ...], int]:
            entries = ws.books.some_entries(self._ids) if known is None else known
            return entries, len(touched_ids(change.steps(entries)))

        self._entries, count = await self._services.background.call(work)
        if self.is_there:
            self._tell(count)

    def _tell(self, count: int | None, wrong: str = "") -> None:
        total = len(self._ids)
        self.yes.setText(
            self.tr("Change entries") if not count else self.tr("Change %Ln entry(s)", None, count)
        )
        if wrong:
            self.say(wrong, wrong=not self._is_unwritten, possible=False)
        elif not count:
            self.say(self.tr("Nothing changes yet."), possible=False)
        else:
            text = self.tr("%1 of %Ln entry(s) will change.", None, total)
            self.say(text.replace("%1", formatting.number(count)))

    @property
    def _is_unwritten(self) -> bool:
        """Whether a field was chosen and nothing is written into it yet, which is no mistake."""
        lines = (self._lines[field] for field in _WRITTEN)
        return any(not line.isHidden() and not line.text().strip() for line in lines)

    def _what_is_missing(self) -> str:
        if self._chosen("category") == "set" and not self._lines["category"].text().strip():
            return self.tr("Write the category, or choose None.")
        if self._chosen("probability") != _LEAVE and not self._lines["probability"].text().strip():
            return self.tr("Write a probability from 0 to 100.")
        return self.tr("Write a number, such as 4 or 0.5; a probability is from 0 to 100.")

    async def _read_categories(self) -> None:
        def work(ws: Workspace) -> list[str]:
            from cardforge_desktop.books.search import EntryQuery
            from cardforge_desktop.cards.book_fields import CATEGORIES

            counts = ws.book_search.counts(EntryQuery(self._book_id))
            return list(dict.fromkeys((*(name for name, _ in counts.categories if name), *CATEGORIES)))

        names = await self._services.background.call(work)
        if not self.is_there:
            return
        complete(self._lines["category"], names)
        self._lines["category"].setPlaceholderText(", ".join(names[:3]))
