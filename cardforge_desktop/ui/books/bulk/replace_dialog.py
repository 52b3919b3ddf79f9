"""Find and replace in the entries of a book: every place is shown before anything is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books import deed_words, planning
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.books.bulk.places_view import PlacesView
from cardforge_desktop.ui.books.words import entries_text
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, label, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.books.editing import Steps
    from cardforge_desktop.books.editing.replacing import Part, PatternError, Replaced, Search
    from cardforge_desktop.books.model import Entry
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_LOOK_MS = 200


class ReplaceDialog(BulkDialog):
    """Looks again while one types, on a worker; asks the session to replace when it is accepted."""

    def __init__(self, services: Services, session: BookSession, parent: QWidget) -> None:
        super().__init__(parent)
        self.set_texts(self.tr("Find and replace"), "", self.tr("Replace"))
        self._services, self._session = services, session
        self._book_id, self._ids = session.book_id, session.selection
        self._entries: dict[bool, tuple[Entry, ...]] = {}
        self._looker = Paced(services.background, _LOOK_MS, self._look)
        self._looker.setParent(self)
        self.words, self.new = self._line(self.tr("Find")), self._line(self.tr("Replace with"))
        self.places = PlacesView(services.theme)
        self._lay_out()
        self.resize(720, 560)
        self.accepted.connect(self._replace)
        self._refresh()

    @property
    def search(self) -> Search:
        """What is looked for."""
        from cardforge_desktop.books.editing.replacing import Search

        parts: frozenset[Part] = frozenset(part for part, box in self._parts.items() if box.isChecked())
        return Search(
            self.words.text(), parts, self.case.isChecked(), self.whole.isChecked(), self.pattern.isChecked()
        )

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.textChanged.connect(self._refresh)
        return line

    def _box(self, text: str, *, on: bool = False) -> CheckBox:
        box = CheckBox(self._services.theme, self._services.icons, text)
        box.setChecked(on)
        box.toggled.connect(self._refresh)
        return box

    def _lay_out(self) -> None:
        self.case, self.whole = self._box(self.tr("Match case")), self._box(self.tr("Whole words"))
        self.pattern = self._box(self.tr("Regular expression"))
        self._parts: dict[Part, CheckBox] = {
            "content": self._box(self.tr("Text"), on=True),
            "name": self._box(self.tr("Title")),
            "keys": self._box(self.tr("Keys")),
        }
        self.scope = Picker(self._services.icons, self.tr("Where"))
        some = self.tr("Selected entries (%1)").replace("%1", formatting.number(len(self._ids)))
        choices = (Choice("all", self.tr("All entries of the book")), Choice("some", some))
        several = len(self._ids) > 1
        self.scope.set_choices(choices[: 1 + several], "some" if several else "all")
        self.scope.picked.connect(self._refresh)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnStretch(1, 1)
        for at, (name, line) in enumerate(
            ((self.tr("Find"), self.words), (self.tr("Replace with"), self.new))
        ):
            title = label(name)
            title.setBuddy(line)
            grid.addWidget(title, at, 0)
            grid.addWidget(line, at, 1)
        grid.addLayout(row(self.case, self.whole, self.pattern, spacing=SPACE_L), 2, 1)
        grid.addWidget(label(self.tr("In")), 3, 0)
        grid.addLayout(row(*self._parts.values(), self.scope, spacing=SPACE_L), 3, 1)
        self.body.addLayout(grid)
        self.body.addSpacing(SPACE_S)
        shown = Card(margin=SPACE_S)
        shown.body.addWidget(self.places)
        self.body.addWidget(shown, 1)
        self.words.setFocus()

    @Slot()
    def _refresh(self) -> None:
        self._looker.ask()

    async def _look(self) -> None:
        from cardforge_desktop.books.editing.replacing import PatternError, Replaced, replace_text

        if not self.is_there:
            return
        search, new, whole = self.search, self.new.text(), self.scope.current == "all"
        known = self._entries.get(whole)

        def work(ws: Workspace) -> tuple[tuple[Entry, ...], Replaced | PatternError]:
            entries = self._read(ws, whole=whole) if known is None else known
            try:
                return entries, replace_text(entries, search, new)
            except PatternError as error:
                return entries, error

        self._entries[whole], found = await self._services.background.call(work)
        if self.is_there:
            self._tell(Replaced(()) if not search.text else found)

    def _read(self, ws: Workspace, *, whole: bool) -> tuple[Entry, ...]:
        return ws.books.entries(self._book_id) if whole else ws.books.some_entries(self._ids)

    def _tell(self, found: Replaced | PatternError) -> None:
        if isinstance(found, ValueError):
            self.places.show_places(())
            self.yes.setText(self.tr("Replace"))
            self.say(self._why(found), wrong=True)
            return
        self.places.show_places(found.shown)
        count = found.entries
        self.yes.setText(self.tr("Replace") if not count else self.tr("Replace in %Ln entry(s)", None, count))
        if not self.words.text():
            self.say(self.tr("Write what to look for."), possible=False)
        elif not self.search.parts:
            self.say(self.tr("Choose where to look: in texts, titles or keys."), possible=False)
        else:
            self.say(self._result(found), possible=bool(found.steps))

    def _result(self, found: Replaced) -> str:
        if not found.places and not found.left:
            return self.tr("Nothing would change.")
        told = self.tr("%1 will change at %Ln place(s).", None, found.places)
        told = told.replace("%1", entries_text(found.entries))
        if found.places > len(found.shown):
            first = self.tr("The first %1 are shown.").replace("%1", formatting.number(len(found.shown)))
            told = f"{told} {first}"
        if found.left:
            left = self.tr(
                "%Ln place(s) in keys will stay: the key would be no pattern any more.", None, found.left
            )
            told = f"{told} {left}"
        return told

    def _why(self, error: PatternError) -> str:
        if error.kind == "slow":
            return self.tr("The expression takes too long. Make it simpler, or look in fewer entries.")
        if error.kind == "large":
            return self.tr("The expression is too large.")
        return self.tr("The expression can't be read: %1.").replace("%1", str(error))

    @Slot()
    def _replace(self) -> None:
        from cardforge_desktop.books.editing.replacing import PatternError, replace_text

        search, new = self.search, self.new.text()

        def make(entries: tuple[Entry, ...]) -> Steps:
            try:
                return replace_text(entries, search, new).steps
            except PatternError:  # it was fast enough a moment ago
                return ()

        if self.scope.current == "all":
            plan = planning.changing_all(self._book_id, deed_words.replace, make)
        else:
            plan = planning.changing(self._ids, deed_words.replace, make)
        self._session.plan(plan)
