"""From the list to the fields of an entry beside it: to write in a new one, to cut one at the cursor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot

from cardforge_desktop.ui.services import Notice

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.commands import EntryCommands
    from cardforge_desktop.ui.books.entry.pane import EntryPane
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.books.side import SidePane
    from cardforge_desktop.ui.services import Services


class EntryWriting(QObject):
    """Brings the pane of the entry into sight, and the focus into it. Lives as long as the panel."""

    def __init__(
        self,
        services: Services,
        session: BookSession,
        commands: EntryCommands,
        side: SidePane,
        show: Callable[[], object],
    ) -> None:
        """`show` brings the pane into sight."""
        super().__init__(side)
        self._services, self._session, self._commands = services, session, commands
        self._side, self._show = side, show
        commands.begun.connect(self.begin)

    @Slot(str)
    def begin(self, entry_id: str) -> None:
        """In the title of a new entry: what is typed takes the place of the one it was given."""
        self._show()
        self._pane().begin(entry_id, "title", select=True)

    @Slot()
    def edit(self) -> None:
        """The selected entry."""
        self._show()
        if len(self._session.selection) == 1:
            self._pane().begin(self._session.selection[0], "title")

    def split_here(self) -> None:
        """The selected entry at the cursor in its content, or around what is selected there."""
        self._show()
        place = self._pane().cut()
        if place is not None:
            self._commands.split_at(*place)
            return
        text = self.tr(
            "Put the cursor into the content where the entry is to be split, or select there what is to be "
            "an entry of its own."
        )
        self._services.desk.notice.emit(Notice(text, lasting=False))

    def keep_undecided(self) -> None:
        """The app closes: what could not be stored as it was written is kept beside what stands there."""
        if self._side.made("entry") is not None:
            self._pane().keep_undecided()

    def _pane(self) -> EntryPane:
        return cast("EntryPane", self._side.pane("entry"))
