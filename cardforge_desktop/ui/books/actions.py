"""Joins the actions of the books panel to what does them, and switches on what can be done now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.book_commands import BookCommands
    from cardforge_desktop.ui.books.commands import EntryCommands
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services

_ENTRY_MENU = (
    *("entry.bulk", "entry.toggle", "entry.number", "entry.tidy_keys", "edit.replace", ""),
    *("entry.split", "entry.merge", "entry.duplicate", "", "entry.cut", "edit.copy", "edit.paste", ""),
    *("entry.up", "entry.down", "entry.move_to", "entry.copy_to", "", "entry.delete"),
)
_BOOK_MENU = (
    *("book.edit", "book.duplicate", "book.own", "book.rename_category", ""),
    *("book.put", "book.copies", "book.export", ""),
    *("book.delete", "book.undo_deletion", "", "book.new", "book.import", "book.import_into"),
)


class PanelActions(QObject):
    """Lives as long as the panel. Out of sight, undo and paste are another panel's."""

    def __init__(  # noqa: PLR0917  # the panel's parts
        self,
        services: Services,
        session: BookSession,
        entries: EntryCommands,
        books: BookCommands,
        page: QWidget,
        others: Mapping[str, Callable[[], object]],
    ) -> None:
        """`others`: what does further actions."""
        super().__init__(page)
        self._actions, self._session = services.actions, session
        self._entries, self._books, self._page, self._others = entries, books, page, others
        self._active = False
        self._tips = {key: self._actions[key].statusTip() for key in ("edit.undo", "edit.redo")}
        handlers = self._handlers()
        self._keys = tuple(handlers)
        for key, do in handlers.items():
            self._actions.handle(key, do, page)
        for signal in (session.opened, session.book_changed, session.undo_changed, books.deleted):
            signal.connect(self.refresh)
        session.selected.connect(lambda _ids: self.refresh())

    def set_active(self, active: bool) -> None:
        """The panel came, or went: its actions with it."""
        self._active = active
        if active:
            self.refresh()
            return
        for key in self._keys:
            self._actions[key].setEnabled(False)
        for key, tip in self._tips.items():
            self._say(key, tip)

    @Slot()
    def refresh(self) -> None:
        """What can be done now."""
        if not self._active:
            return
        session, book, chosen = self._session, self._session.book, len(self._session.selection)
        possible = {
            "edit.undo": session.undo_text != "",
            "edit.redo": session.redo_text != "",
            "edit.replace": book is not None,
            "book.new": True,
            "book.import": True,
            "book.put": book is not None and book.summary.card_id == "",
            "book.copies": book is not None and book.summary.card_id == "",
            "book.own": book is not None and book.summary.card_id != "",
            "book.undo_deletion": bool(self._books.deleted_ids),
            "entry.new": book is not None,
            "entry.split": chosen == 1,
            "entry.split_here": chosen == 1,
            "entry.merge": chosen > 1,
        }
        for key in self._keys:
            default = chosen > 0 if key.startswith("entry.") else book is not None
            self._actions[key].setEnabled(possible.get(key, default))
        self._tell("edit.undo", self.tr("Undo: %1"), session.undo_text)
        self._tell("edit.redo", self.tr("Redo: %1"), session.redo_text)

    def run(self, key: str) -> None:
        """As if it was chosen in a menu; nothing happens while it is off."""
        self._actions[key].trigger()

    def entry_menu(self) -> QMenu:
        """The context menu of the selected entries."""
        return self._menu(_ENTRY_MENU)

    def book_menu(self) -> QMenu:
        """The context menu of the open book."""
        return self._menu(_BOOK_MENU)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        session, entries, books = self._session, self._entries, self._books
        return {
            "edit.undo": session.undo,
            "edit.redo": session.redo,
            "edit.replace": entries.replace,
            "book.new": books.new,
            "book.edit": books.edit,
            "book.duplicate": books.duplicate,
            "book.own": books.make_own,
            **self._others,
            "book.rename_category": entries.rename_category,
            "book.delete": books.delete,
            "book.undo_deletion": books.undo_deletion,
            "entry.new": entries.new,
            "entry.duplicate": entries.duplicate,
            "entry.cut": entries.cut,
            "entry.split": entries.split,
            "entry.merge": entries.merge,
            "entry.bulk": entries.edit,
            "entry.toggle": entries.toggle,
            "entry.number": entries.number,
            "entry.tidy_keys": entries.tidy_keys,
            "entry.up": lambda: entries.step(-1),
            "entry.down": lambda: entries.step(1),
            "entry.move_to": lambda: entries.choose_book(copy=False),
            "entry.copy_to": lambda: entries.choose_book(copy=True),
            "entry.delete": entries.delete,
        }

    def _menu(self, keys: tuple[str, ...]) -> QMenu:
        menu = QMenu(self._page)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key in keys:
            if key:
                menu.addAction(self._actions[key])
            else:
                menu.addSeparator()
        return menu

    def _tell(self, key: str, text: str, deed: str) -> None:
        """Tip and status tip say what undo would take back."""
        self._say(key, text.replace("%1", deed) if deed else self._tips[key])

    def _say(self, key: str, tip: str) -> None:
        self._actions[key].setStatusTip(tip)
        self._actions[key].setToolTip(tip)
