"""How much a book would change in each card of the dialog of copies, counted on workers card by card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from cardforge_desktop.books.difference import Difference
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cardforge_desktop.books.copies import How
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

#: Cards that a worker looks at before it tells.
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Counted:
    """One card.

    Attributes:
        version: of the card, as it was looked at; 0 where it can't get the book: it is gone.
    """

    version: int
    difference: Difference


class CopyCounts(QObject):
    """Lives on the window's thread.

    Signals:
        counted(): more cards are counted.
    """

    counted = Signal()

    def __init__(self, services: Services, book_id: str, parent: QObject) -> None:
        super().__init__(parent)
        self._services, self._book_id = services, book_id
        self._known: dict[tuple[str, How], Counted] = {}
        self._wanted: list[tuple[str, How]] = []
        self._round = 0
        self._counter = Paced(services.background, 0, self._count)
        self._counter.setParent(self)

    def of(self, card_id: str, how: How) -> Counted | None:
        """What was counted for a card, None = nothing yet."""
        return self._known.get((card_id, how))

    def want(self, ids: Iterable[str], how: How) -> None:
        """These cards are to be counted; what else was wished is not needed any more."""
        self._wanted = [pair for card_id in ids if (pair := (card_id, how)) not in self._known]
        if self._wanted:
            self._counter.ask()

    def forget(self) -> None:
        """Cards or the book may be others now."""
        self._known.clear()
        self._round += 1

    async def _count(self) -> None:
        some, before, book_id = self._wanted[:_AT_ONCE], self._round, self._book_id
        if not some:
            return
        found = await self._services.background.call(lambda ws: _counted(ws, book_id, some))
        if not isValid(self):  # its dialog was closed meanwhile
            return
        if before == self._round:
            self._known.update(zip(some, found, strict=True))
            self._wanted = [pair for pair in self._wanted if pair not in self._known]
            self.counted.emit()
        if self._wanted:
            self._counter.ask()


def _counted(ws: Workspace, book_id: str, pairs: Sequence[tuple[str, How]]) -> list[Counted]:
    """Slow."""
    from cardforge_desktop.books.difference import difference

    found = []
    for card_id, how in pairs:
        try:
            proposal = ws.card_copies.proposal(book_id, card_id, how)
        except CardForgeError:
            found.append(Counted(0, Difference()))
            continue
        before, after = proposal.before.character_book, proposal.after.character_book
        found.append(Counted(proposal.version, difference(before, after)))
    return found
