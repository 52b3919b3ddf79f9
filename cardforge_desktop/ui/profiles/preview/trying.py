"""Trying the profile under edit: one card at a time, the last two kept to be compared."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.card_texts import card_texts
from cardforge_desktop.ui.profiles.preview.choice import TrialChoice

if TYPE_CHECKING:
    from cardforge_desktop.batches.trials import Trial, Tried
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.engines.network import Cancellation
    from cardforge_desktop.events import Progress
    from cardforge_desktop.ui.library.preview.card_diff import CardDiff
    from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace


@dataclass(slots=True)
class FinishedTry:
    """A card that was made.

    Attributes:
        texts: its fields for reading.
        card_id: of the card in the library, "" = it is not kept.
    """

    tried: Tried
    texts: Mapping[str, str]
    card_id: str = ""


class Trying(QObject):
    """Runs tries on a worker. Lives on the window's thread.

    `spent` and `seconds` are of the running try or the one that ended last, however it ended.

    Signals:
        changed(): a try began or ended, was kept, or another profile is open.
        moved_on(object): tuple of `Progress` of the running try.
    """

    changed = Signal()
    moved_on = Signal(object)

    def __init__(
        self, services: Services, session: OpenProfile, choice: TrialChoice, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._services, self._session, self._choice = services, session, choice
        self._profile_id = session.profile_id
        self._running: Trial | None = None
        self._cancellation: Cancellation | None = None
        self.began = self.seconds = 0.0
        self.spent: Spending | None = None
        self.tries: list[FinishedTry] = []
        self.error: BaseException | None = None
        self.was_cancelled = False
        services.events.progressed.connect(self._on_progress)
        session.opened.connect(self._on_opened)

    @property
    def is_running(self) -> bool:
        """Whether a card is being made."""
        return self._running is not None

    @property
    def last(self) -> FinishedTry | None:
        """The newest card."""
        return self.tries[-1] if self.tries else None

    @property
    def can_begin(self) -> bool:
        """Whether there is something to try, and nothing is being tried."""
        return not self.is_running and self._session.is_open and self._choice.source is not None

    @Slot()
    def begin(self) -> None:
        """Make a card with the profile as it stands in the editor."""
        from cardforge_desktop.engines.network import Cancellation

        trial = self._choice.trial(self._session)
        if trial is None or self.is_running:
            return
        self._running, self._cancellation = trial, Cancellation()
        self.error, self.was_cancelled, self.began, self.spent = None, False, time.monotonic(), None
        self.changed.emit()
        self._services.background.start(self._run(trial, self._cancellation))

    @Slot()
    def cancel(self) -> None:
        """Stop; the cards of before stay."""
        if self._cancellation is not None:
            self._cancellation.cancel()

    def keep(self) -> None:
        """Put the newest card into the library."""
        done = self.last
        if done is not None and not done.card_id:
            self._services.background.finish(self._keep(done))

    async def compare(self) -> CardDiff | None:
        """What differs between the last two cards; None while there is one at most."""
        if len(self.tries) < 2:
            return None
        before, after = (done.tried.draft.card for done in self.tries[-2:])

        def work(_: Workspace) -> CardDiff:
            from cardforge_desktop.cards.package import CardPackage
            from cardforge_desktop.ui.library.preview.card_diff import card_diff

            return card_diff(CardPackage(before), CardPackage(after))

        return await self._services.background.call(work)

    async def _run(self, trial: Trial, cancellation: Cancellation) -> None:
        from cardforge_desktop.engines.network import CancelledByUser

        try:
            tried = await self._services.background.call(
                lambda ws: ws.trials.run(trial, cancellation, self._note_spent)
            )
        except CancelledByUser:
            self._end(trial, None)
        except Exception as error:
            self._end(trial, error)
            if not isinstance(error, CardForgeError):
                raise  # a mistake of ours: the window says so
        else:
            if self._is_of(trial):
                self.tries = [*self.tries[-1:], FinishedTry(tried, card_texts(tried.draft.card))]
                self._end(trial, None)
        finally:
            cancellation.cancel()  # also when the window closes around us

    def _note_spent(self, spent: Spending) -> None:
        """On the worker's thread: the newest value takes the place of the one before."""
        self.spent = spent

    def _is_of(self, trial: Trial) -> bool:
        return shiboken6.isValid(self) and self._running is trial

    def _end(self, trial: Trial, error: Exception | None) -> None:
        if not self._is_of(trial):
            return
        self.was_cancelled = self._cancellation is not None and self._cancellation.cancelled
        self._running = self._cancellation = None
        self.seconds = time.monotonic() - self.began
        self.error = error
        self.changed.emit()

    async def _keep(self, done: FinishedTry) -> None:
        stored = await self._services.background.call(lambda ws: ws.trials.keep(done.tried))
        done.card_id = stored.summary.id
        if shiboken6.isValid(self):
            self.changed.emit()

    @Slot(object)
    def _on_progress(self, progresses: tuple[Progress, ...]) -> None:
        if self._running is not None:
            mine = tuple(each for each in progresses if each.item_id == self._running.id)
            if mine:
                self.moved_on.emit(mine)

    @Slot()
    def _on_opened(self) -> None:
        """Another profile: its tries begin anew."""
        if self._session.profile_id == self._profile_id:
            return
        self._profile_id = self._session.profile_id
        self.cancel()
        self._running = self._cancellation = None
        self.tries, self.error, self.was_cancelled = [], None, False
        self.changed.emit()
