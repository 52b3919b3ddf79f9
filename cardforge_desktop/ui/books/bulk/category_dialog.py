"""Renames a category of the open book, or joins it to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from cardforge_desktop.ui.books import deed_words, planning
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.completing import complete
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.books.search import Counts
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services


class CategoryDialog(BulkDialog):
    """An empty name takes the category away."""

    def __init__(self, services: Services, session: BookSession, parent: QWidget) -> None:
        super().__init__(parent)
        self.set_texts(self.tr("Rename category"), "", self.tr("Rename"))
        self._services, self._session, self._book_id = services, session, session.book_id
        self._counts: dict[str, int] = {}
        self.old = Picker(services.icons, self.tr("Category"))
        self.new = QLineEdit()
        self.new.setAccessibleName(self.tr("New name"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        for at, (text, widget) in enumerate(
            ((self.tr("Category"), self.old), (self.tr("New name"), self.new))
        ):
            title = label(text)
            title.setBuddy(widget)
            grid.addWidget(title, at, 0)
            grid.addWidget(widget, at, 1)
        self.body.addLayout(grid)
        self.setFixedWidth(440)
        self.old.picked.connect(self._on_picked)
        self.new.textChanged.connect(self._refresh)
        self.accepted.connect(self._rename)
        self.say("", possible=False)
        services.background.start(self._read())

    async def _read(self) -> None:
        from cardforge_desktop.books.search import EntryQuery

        query = EntryQuery(self._book_id)
        counts: Counts = await self._services.background.call(lambda ws: ws.book_search.counts(query))
        if not self.is_there:
            return
        self._counts = {name: count for name, count in counts.categories if name}
        names = list(self._counts)
        if not names:
            self.say(self.tr("No entry of this book has a category."), possible=False)
            return
        self.old.set_choices((Choice(name, name) for name in names), names[0])
        complete(self.new, names)
        self._on_picked(names[0])
        self.new.setFocus()

    @Slot(str)
    def _on_picked(self, name: str) -> None:
        self.new.setText(name)
        self.new.selectAll()

    @Slot()
    def _refresh(self) -> None:
        old, new = self.old.current, self.new.text().strip()
        if not old or new == old:
            self.say("", possible=False)
            return
        count = self._counts.get(old, 0)
        if not new:
            self.say(self.tr("%Ln entry(s) will be without a category.", None, count))
        elif new in self._counts:
            text = self.tr("%Ln entry(s) will join those of “%1”.", None, count)
            self.say(text.replace("%1", new))
        else:
            self.say(self.tr("%Ln entry(s) will change.", None, count))

    @Slot()
    def _rename(self) -> None:
        from cardforge_desktop.books.editing import rename_category

        old, new = self.old.current, self.new.text().strip()
        self._session.plan(
            planning.changing_all(
                self._book_id, deed_words.category, lambda entries: rename_category(entries, old, new)
            )
        )
