"""A book's own fields: name, description, version, tags, and how chat programs are to scan for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QWidget

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.theme import SPACE_M, SPACE_XS
from cardforge_desktop.ui.widgets.basics import button, label, row, set_tone
from cardforge_desktop.ui.widgets.picker import Choice, Picker
from cardforge_desktop.ui.widgets.value_fields import number_of

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import CharacterBook, Number
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_LOOK_MS = 200
_NUMBERS = ("scan_depth", "token_budget")
_FLAGS = {"": None, "yes": True, "no": False}

Values = Mapping[str, Any]


def values_of(head: CharacterBook) -> Values:
    """What of a book the dialog shows."""
    from cardforge_desktop.cards.book_fields import tags_of, version_of

    plain = {name: getattr(head, name) for name in ("scan_depth", "token_budget", "recursive_scanning")}
    return {
        "name": head.name or "",
        "description": head.description or "",
        "version": version_of(head),
        "tags": tags_of(head),
        **plain,
    }


def with_values(head: CharacterBook, values: Values) -> CharacterBook:
    """The book with these values; everything that is not among them stays as it is."""
    from cardforge_desktop.cards.book_fields import with_tags, with_version

    known = values_of(head)
    changed = {name: value for name, value in values.items() if known[name] != value}
    fields = {name: value for name, value in changed.items() if name not in ("tags", "version")}
    made = head.model_copy(update=fields) if fields else head
    made = with_version(made, changed["version"]) if "version" in changed else made
    return with_tags(made, changed["tags"]) if "tags" in changed else made


class BookDialog(BulkDialog):
    """Of a book that is there, or of a new one. Closed by OK.

    Signals:
        given(object): what the person changed (`Values`, only those); for a new book all.
    """

    given = Signal(object)

    def __init__(
        self, services: Services, head: CharacterBook, parent: QWidget, *, book_id: str = ""
    ) -> None:
        """`book_id`: of the book, "" for a new one."""
        super().__init__(parent)
        is_new = not book_id
        title = self.tr("New book") if is_new else self.tr("Book details")
        self.set_texts(title, "", self.tr("Make book") if is_new else self.tr("OK"))
        self._services, self._book_id = services, book_id
        self._before = values_of(head)
        self._free = ""
        self._looker = Paced(services.background, _LOOK_MS, self._look)
        self._looker.setParent(self)
        self.lines = {name: QLineEdit() for name in ("name", "version", "tags", *_NUMBERS)}
        self.description = QPlainTextEdit()
        self.recursion = Picker(services.icons, self.tr("Entries wake each other"))
        self.take_free = button("", "link")
        self._lay_out()
        self._show()
        self.setMinimumWidth(520)
        for line in self.lines.values():
            line.textChanged.connect(self._refresh)
        self.take_free.clicked.connect(lambda: self.lines["name"].setText(self._free))
        self.accepted.connect(self._give)
        self.lines["name"].setFocus()
        self.lines["name"].selectAll()
        self._looker.ask()

    @property
    def values(self) -> Values:
        """What the fields say.

        Raises:
            ValueError: a number cannot be read.
        """
        return {
            "name": self.lines["name"].text().strip(),
            "description": self.description.toPlainText(),
            "version": self.lines["version"].text().strip(),
            "tags": tuple(dict.fromkeys(filter(None, map(str.strip, self.lines["tags"].text().split(","))))),
            "scan_depth": self._number("scan_depth"),
            "token_budget": self._number("token_budget"),
            "recursive_scanning": _FLAGS[self.recursion.current],
        }

    def _lay_out(self) -> None:
        yes_no = (Choice("", self.tr("As the reader has it")), Choice("yes", self.tr("Yes")))
        self.recursion.set_choices((*yes_no, Choice("no", self.tr("No"))), "")
        self.description.setProperty("role", "editor")
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(84)
        self.lines["tags"].setPlaceholderText(self.tr("Commas between them"))
        for name in _NUMBERS:
            self.lines[name].setPlaceholderText(self.tr("As the reader has it"))
        rows: tuple[tuple[str, QWidget, str], ...] = (
            (self.tr("Name"), self.lines["name"], ""),
            (self.tr("Description"), self.description, ""),
            (self.tr("Version"), self.lines["version"], ""),
            (self.tr("Tags"), self.lines["tags"], ""),
            (self.tr("Scan depth"), self.lines["scan_depth"], self.tr("Messages searched for keys")),
            (self.tr("Token budget"), self.lines["token_budget"], self.tr("What all entries may take")),
            (
                self.tr("Recursion"),
                self.recursion,
                self.tr("Whether the text of an entry wakes others"),
            ),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_XS)
        grid.setColumnStretch(1, 1)
        for at, (text, widget, hint) in enumerate(rows):
            title = label(text)
            title.setBuddy(widget)
            widget.setAccessibleName(text)
            widget.setToolTip(hint)
            side = Qt.AlignmentFlag.AlignTop if widget is self.description else Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(title, at * 2, 0, side)
            grid.addWidget(widget, at * 2, 1)
        grid.addLayout(row(self.take_free, None), 1, 1)  # below the name
        self.body.addLayout(grid)
        self.take_free.hide()

    def _show(self) -> None:
        before = self._before
        for name in ("name", "version"):
            self.lines[name].setText(before[name])
        self.lines["tags"].setText(", ".join(before["tags"]))
        for name in _NUMBERS:
            self.lines[name].setText("" if before[name] is None else str(before[name]))
        self.description.setPlainText(before["description"])
        self.recursion.show_choice(
            next(key for key, value in _FLAGS.items() if value is before["recursive_scanning"])
        )

    def _number(self, name: str) -> Number | None:
        text = self.lines[name].text().strip()
        if not text:
            return None
        number = number_of(text)
        if number < 0:
            raise ValueError(text)
        return number

    @Slot()
    def _refresh(self) -> None:
        wrong = False
        for name in _NUMBERS:
            try:
                self._number(name)
                set_tone(self.lines[name], "")
            except ValueError:
                wrong = True
                set_tone(self.lines[name], "error")
        name = self.lines["name"].text().strip()
        is_taken = self._free not in ("", name) and name != self._before["name"]
        if wrong:
            self.say(self.tr("Scan depth and token budget are numbers from 0 on."), wrong=True)
        elif not name and not self._book_id:
            self.say(self.tr("A book needs a name."), possible=False)
        elif is_taken and self._asked == name:
            self.say(self.tr("Another book has this name. SillyTavern would overwrite one with the other."))
            self.yes.setEnabled(False)
        else:
            self.say("")
        self.take_free.setVisible(is_taken and self._asked == name)
        self.take_free.setText(self.tr("Call it “%1”").replace("%1", self._free))
        self._looker.ask()

    _asked = ""

    async def _look(self) -> None:
        """Which name is free that is like the one that is written."""
        if not self.is_there or (name := self.lines["name"].text().strip()) == self._asked:
            return
        book_id = self._book_id

        def work(ws: Workspace) -> str:
            return ws.books.free_name(name, but=book_id)

        free = await self._services.background.call(work)
        if self.is_there:
            self._asked, self._free = name, free
            self._refresh()

    @Slot()
    def _give(self) -> None:
        values = self.values
        if self._book_id:
            values = {name: value for name, value in values.items() if value != self._before[name]}
        if values:
            self.given.emit(values)
