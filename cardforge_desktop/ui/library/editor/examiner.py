"""Has the card under edit counted and checked whenever it, or what it is measured by, changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.library.editor.examining import Counter, Examination

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.library.editor.session import CardSession
    from cardforge_desktop.ui.services import Services

_EVERY_MS = 300


class Examiner(QObject):
    """Examines on a worker, never two at once. Lives on the window's thread.

    Signals:
        examined(object): an `Examination` of the open card, perhaps of an earlier state of it.
    """

    examined = Signal(object)

    def __init__(self, services: Services, session: CardSession) -> None:
        super().__init__(session)
        self._background, self._session = services.background, session
        self._counter = Counter()
        self._paced = Paced(services.background, _EVERY_MS, self._examine)
        self.last: Examination | None = None
        session.opened.connect(self._begin)
        session.changed.connect(self._paced.ask)
        services.events.changed.connect(self._on_core_changed)

    @Slot()
    def _begin(self) -> None:
        self.last = None
        self._paced.ask()

    async def _examine(self) -> None:
        session, counter = self._session, self._counter
        card_id = session.card_id
        if session.is_open:
            card = session.card
            made = await self._background.call(lambda ws: counter.examine(card, ws.settings.get()))
            if self._shows(card_id):
                self.last = made
                self.examined.emit(made)

    def _shows(self, card_id: str) -> bool:
        return self._session.is_open and self._session.card_id == card_id

    @Slot(object)
    def _on_core_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.SETTING, changes) is not None:
            self._paced.ask()
