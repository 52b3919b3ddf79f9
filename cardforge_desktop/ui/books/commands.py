"""What is done with the selected entries of the open book."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.books import clipboard, deed_words, planning
from cardforge_desktop.ui.services import Notice

if TYPE_CHECKING:
    from cardforge_desktop.books.editing import Steps
    from cardforge_desktop.books.model import Change, Entry
    from cardforge_desktop.books.search import EntryQuery
    from cardforge_desktop.cards.model import BookEntry
    from cardforge_desktop.ui.books.planning import Naming, Planner, Spot
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace


class EntryCommands(QObject):
    """Asks the session, which stores it with a way back. Window's thread; nothing is read there.

    Signals:
        made(object): tuple of ids of entries that are new, in their order: show them.
        begun(str): after `made`, the entry with this id is new and nothing is written in it yet.
    """

    made = Signal(object)
    begun = Signal(str)

    def __init__(
        self,
        services: Services,
        session: BookSession,
        over: QWidget,
        query: Callable[[], EntryQuery | None],
    ) -> None:
        """`query` tells what the list of entries shows now."""
        super().__init__(over)
        self._services, self._session, self._over = services, session, over
        self._query = query

    # On their own

    @Slot()
    def new(self) -> None:
        """An entry behind the selected one, else at the end; it is shown."""
        from cardforge_desktop.cards.book_fields import with_category
        from cardforge_desktop.cards.model import BookEntry

        query = self._query()
        entry = BookEntry(name=self.tr("New entry"))
        if query is not None and query.category:
            entry = with_category(entry, query.category)  # else it would not be seen
        after = self._session.selection[-1:] or ("",)
        book_id = self._session.book_id
        if book_id:
            plan = planning.adding(book_id, [entry], after[0], deed_words.new_entry)
            self._do(plan, self._show_begun)

    @Slot()
    def duplicate(self) -> None:
        """Another one of each."""
        self._do(planning.duplicating(self._session.selection, deed_words.duplicate), self._show_made)

    @Slot()
    def delete(self) -> None:
        """Without a question: undo brings them back."""
        from cardforge_desktop.books.editing import removed

        self.change(deed_words.delete, removed)

    @Slot()
    def toggle(self) -> None:
        """On and off."""
        from cardforge_desktop.books.editing import toggle_enabled

        self.change(deed_words.toggle, toggle_enabled)

    @Slot()
    def number(self) -> None:
        """Insertion orders 10, 20, 30 … as the entries are shown."""
        from cardforge_desktop.books.editing import number_order

        self.change(deed_words.number, number_order)

    @Slot()
    def tidy_keys(self) -> None:
        """No blanks around keys, no empty ones, none twice."""
        from cardforge_desktop.books.editing import changed
        from cardforge_desktop.books.editing.edits import with_trimmed_keys

        self.change(deed_words.tidy, lambda entries: changed(entries, with_trimmed_keys))

    def set_category(self, category: str) -> None:
        """All into one, "" for none."""
        from cardforge_desktop.books.editing import set_category

        self.change(deed_words.category, lambda entries: set_category(entries, category))

    def change(self, naming: Naming, make: Callable[[tuple[Entry, ...]], Steps]) -> None:
        """Change the selected entries as `make` says, on a worker."""
        self._do(planning.changing(self._session.selection, naming, make))

    # With a dialog

    @Slot()
    def edit(self) -> None:
        """Several fields of all selected entries."""
        from cardforge_desktop.ui.books.bulk.edit_dialog import EditDialog

        ids = self._session.selection
        if ids:
            dialog = EditDialog(self._services, self._session.book_id, ids, self._over)
            dialog.accepted.connect(
                lambda: self._do(planning.changing(ids, deed_words.change, dialog.change.steps))
            )
            dialog.open()

    @Slot()
    def replace(self) -> None:
        """Find and replace, in the selected entries or in all."""
        from cardforge_desktop.ui.books.bulk.replace_dialog import ReplaceDialog

        if self._session.book_id:
            self._session.flush()
            ReplaceDialog(self._services, self._session, self._over).open()

    @Slot()
    def split(self) -> None:
        """The selected entry into several."""
        from cardforge_desktop.ui.books.bulk.split_dialog import SplitDialog

        if len(self._session.selection) == 1:
            self._with_entries(lambda found: SplitDialog(self._services, self._session, found[0], self._over))

    def split_at(self, entry_id: str, start: int, end: int) -> None:
        """An entry around a part of its content (in characters), or at a place of it: both are the same."""
        from cardforge_desktop.books.editing import pieces_at

        cut = partial(pieces_at, start=start, end=end)
        self._do(planning.splitting(entry_id, cut, deed_words.split), self._show_made)

    @Slot()
    def merge(self) -> None:
        """The selected entries into one."""
        from cardforge_desktop.ui.books.bulk.merge_dialog import MergeDialog

        if len(self._session.selection) > 1:
            self._with_entries(lambda found: MergeDialog(self._services, self._session, found, self._over))

    @Slot()
    def rename_category(self) -> None:
        """In the whole book."""
        from cardforge_desktop.ui.books.bulk.category_dialog import CategoryDialog

        if self._session.book_id:
            CategoryDialog(self._services, self._session, self._over).open()

    def choose_book(self, *, copy: bool) -> None:
        """Ask for a book, then move or copy the selected entries there."""
        from cardforge_desktop.ui.books.bulk.target_dialog import TargetDialog

        ids = self._session.selection
        if ids:
            dialog = TargetDialog(self._services, self._session.book_id, len(ids), self._over, copy=copy)
            dialog.accepted.connect(
                lambda: self.move(ids, dialog.chosen.id, None, copy=copy, name=dialog.chosen.name)
            )
            dialog.open()

    # Moving

    def move(
        self, ids: Sequence[str], book_id: str, spot: Spot | None, *, copy: bool, name: str = ""
    ) -> None:
        """Entries to a spot in a book, None = to its end. `name`: of another book, to tell of."""
        naming = deed_words.copy if copy else deed_words.move
        plan = planning.moving(ids, book_id, spot, naming, copy=copy)

        def tell(_change: Change) -> None:
            if book_id != self._session.book_id:
                text = (
                    self.tr("%Ln entry(s) were copied to “%1”.", None, len(ids))
                    if copy
                    else self.tr("%Ln entry(s) were moved to “%1”.", None, len(ids))
                )
                self._say(text.replace("%1", name))

        self._do(plan, tell)

    def step(self, by: int) -> None:
        """The selected entries one up (-1) or down (1); or say why that can't be."""
        query = self._query()
        if query is None or not self._session.selection:
            return
        if reason := self.why_fixed():
            self._say(reason)
            return
        self._do(planning.stepping(query, self._session.selection, by, deed_words.move))

    def why_fixed(self) -> str:
        """Why entries cannot be put into another order now, "" if they can.

        Filters are no obstacle: an entry then goes behind the one it is shown behind.
        """
        query = self._query()
        if query is None:
            return self.tr("No book is open.")
        if query.sort != "place" or query.descending:
            return self.tr("Sort by the order of the book to move entries in it.")
        if query.text.strip():
            return self.tr("Clear the search to move entries: what is found stands in an order of its own.")
        return ""

    # The clipboard

    @Slot()
    def copy(self) -> None:
        """The selected entries, whole and as a lorebook."""
        if self._session.selection:
            self._session.flush()
            self._services.background.start(self._copy(self._session.selection))

    @Slot()
    def cut(self) -> None:
        """Copy the selected entries, then take them out of the book; undo brings them back there."""
        if self._session.selection:
            self._session.flush()
            self._services.background.start(self._cut(self._session.selection))

    def take(self, data: QMimeData) -> bool:
        """Add what was copied behind the selected entry: entries, or a text as one. False: it is no such."""
        is_ours = data.hasFormat(clipboard.ENTRIES)
        if not is_ours and (data.hasUrls() or not clipboard.is_for_book(data.text(), self._session.book_id)):
            return False
        own = bytes(data.data(clipboard.ENTRIES).data()).decode() if data.hasFormat(clipboard.ENTRIES) else ""
        self._services.background.start(self._paste(self._session.book_id, own, data.text()))
        return True

    async def _cut(self, ids: Sequence[str]) -> None:
        from cardforge_desktop.books.editing import removed

        if await self._copy(ids, cut=True):
            self._do(planning.changing(ids, deed_words.cut, removed))

    async def _copy(self, ids: Sequence[str], *, cut: bool = False) -> bool:
        """Whether they are on the clipboard now."""
        made = await self._services.background.call(lambda ws: clipboard.copied(ws, ids))
        if not made.own:
            self._say(self.tr("That is too much for the clipboard. Export the book to a file."), "warn")
            return False
        data = QMimeData()
        data.setData(clipboard.ENTRIES, made.own.encode())
        data.setText(made.text)
        QGuiApplication.clipboard().setMimeData(data)
        text = self.tr("%Ln entry(s) were copied.", None, made.count)
        self._say(self.tr("%Ln entry(s) were cut.", None, made.count) if cut else text, "ok")
        return True

    async def _paste(self, book_id: str, own: str, text: str) -> None:
        found = await self._services.background.run(lambda: clipboard.pasted(own, text))
        if not found.entries:
            self._say(found.problem, "warn")
        elif not book_id:
            self._say(self.tr("Open a book to paste entries into it."), "warn")
        else:
            after = self._session.selection[-1:] or ("",)
            entries: Sequence[BookEntry] = found.entries
            self._do(planning.adding(book_id, entries, after[0], deed_words.paste), self._show_made)

    # How it goes

    def _do(self, plan: Planner, then: Callable[[Change], object] | None = None) -> None:
        if self._session.book_id:
            self._session.plan(plan, lambda answer: self._hear(answer, then), self._say_idle)

    def _hear(self, answer: Change | CardForgeError, then: Callable[[Change], object] | None) -> None:
        if isinstance(answer, CardForgeError):
            self._session.failed.emit(answer)
        elif then is not None:
            then(answer)

    def _show_made(self, change: Change) -> None:
        """Go to what is new: taking the change back would remove it."""
        from cardforge_desktop.books.model import Remove

        self.made.emit(
            tuple(entry_id for step in change.undo if isinstance(step, Remove) for entry_id in step.ids)
        )

    def _show_begun(self, change: Change) -> None:
        self._show_made(change)
        self.begun.emit(next(iter(change.versions)))

    def _with_entries(self, make: Callable[[Sequence[Entry]], QDialog]) -> None:
        """Open a dialog with the selected entries, once all is stored that was typed."""
        ids = self._session.selection
        found: list[Entry] = []

        def read(ws: Workspace) -> None:
            found.extend(ws.books.some_entries(ids))

        self._session.plan(read, idle=lambda: make(found).open() if found else None)

    def _say_idle(self) -> None:
        self._say(self.tr("There was nothing to change."))

    def _say(self, text: str, tone: str = "info") -> None:
        self._services.desk.notice.emit(Notice(text, tone, lasting=False))
