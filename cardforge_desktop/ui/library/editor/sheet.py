"""One card under edit: its states, and how the newest of them stands to the library."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.revisions import EDITED
from cardforge_desktop.ui.edit_history import EditHistory
from cardforge_desktop.ui.edit_status import Status

if TYPE_CHECKING:
    from cardforge_desktop.cards.service import CardSummary, StoredCard


@dataclass(slots=True, eq=False)
class Sheet:
    """The open card.

    Attributes:
        saved: the state that the library has, the very object.
        version, summary: of the card in the library, as far as it is known.
        theirs: what somebody else saved meanwhile.
        is_left: nobody can be asked any more.
        reason: of the next save, for the history.
        waiting: are told when saving has ended.
    """

    id: str
    history: EditHistory[CardPackage]
    saved: CardPackage
    version: int
    summary: CardSummary
    saved_at: datetime
    theirs: StoredCard | None = None
    error: Exception | None = None
    is_deleted: bool = False
    is_saving: bool = False
    is_left: bool = False
    reason: str = EDITED
    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    @property
    def is_dirty(self) -> bool:
        """Whether the library has another state."""
        return self.history.value is not self.saved

    @property
    def may_save(self) -> bool:
        """Whether there is something to save, and nobody has to be asked first."""
        asks = self.theirs is not None or self.is_deleted
        return self.is_dirty and self.error is None and (self.is_left or not asks)

    @property
    def status(self) -> Status:
        """How the card stands to the library."""
        for status, holds in (
            (Status.DELETED, self.is_deleted),
            (Status.CONFLICT, self.theirs is not None),
            (Status.FAILED, self.error is not None),
            (Status.SAVING, self.is_saving),
            (Status.UNSAVED, self.is_dirty),
        ):
            if holds:
                return status
        return Status.SAVED
