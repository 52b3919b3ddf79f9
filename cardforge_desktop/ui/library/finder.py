"""Finds the cards to show, beside the window's thread; what comes late is dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.library.arrangement import Order, arranged, change_between, query_in
from cardforge_desktop.ui.library.card_model import CardModel
from cardforge_desktop.ui.services import Services

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from cardforge_desktop.cards.search import CardQuery, Facets
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.library.arrangement import Change
    from cardforge_desktop.workspace import Workspace

#: A batch that ends cards one after the other does not have the list read more often than this.
_LIST_MS, _FACETS_MS = 250, 1_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by.

    Attributes:
        total: cards in the library.
        began: when the first card of each batch was made.
    """

    facets: Facets
    total: int
    began: dict[str, datetime]


class CardFinder(QObject):
    """Keeps the model in step with the library, a query and an order. Lives on the window's thread.

    Signals:
        found(object): the model is about to become what this `Change` says; `applied` follows.
        applied(object): it has.
        choices_read(object): `Choices`.
        failed(str): the library can't be read, and why.
    """

    found = Signal(object)
    applied = Signal(object)
    choices_read = Signal(object)
    failed = Signal(str)

    def __init__(self, services: Services, model: CardModel) -> None:
        from cardforge_desktop.cards.search import CardQuery

        super().__init__(model)
        self._services, self._model = services, model
        self._query, self._order = CardQuery(), Order()
        self._number = 0
        self._known: dict[str, CardSummary] = {}
        self._list = Paced(services.background, _LIST_MS, self._read)
        self._choices = Paced(services.background, _FACETS_MS, self._read_choices)
        services.events.changed.connect(self._on_changed)

    @property
    def query(self) -> CardQuery:
        """What was asked for last."""
        return self._query

    @property
    def order(self) -> Order:
        """The order that was asked for last."""
        return self._order

    def want(self, query: CardQuery, order: Order) -> None:
        """Find these cards at once."""
        self._query, self._order = query, order
        self._services.background.start(self._read())

    @Slot()
    def refresh(self) -> None:
        """Read everything again."""
        self._list.ask()
        self._choices.ask()

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.CARD, changes) is not None:
            self.refresh()

    async def _read(self) -> None:
        self._number += 1
        number, query, order = self._number, query_in(self._query, self._order), self._order
        base, known = self._model.cards, self._known

        def find(workspace: Workspace) -> tuple[Change, dict[str, CardSummary]]:
            cards, kept = with_known(arranged(workspace.card_search.cards(query), order), known)
            return change_between(base, cards), kept

        try:
            change, kept = await self._services.background.call(find)
        except CardForgeError as error:
            if number == self._number:
                self.failed.emit(error.message)
            return
        if number != self._number:
            return  # something else was asked for since
        self._known = kept
        self.found.emit(change)
        self._model.apply(change)
        self.applied.emit(change)

    async def _read_choices(self) -> None:
        try:
            choices = await self._services.background.call(_choices)
        except CardForgeError as error:
            self.failed.emit(error.message)
            return
        self.choices_read.emit(choices)


def with_known(
    cards: Sequence[CardSummary], known: Mapping[str, CardSummary]
) -> tuple[tuple[CardSummary, ...], dict[str, CardSummary]]:
    """`cards`, those that are known already as the very objects; and what is known then, by id.

    The copies end on the worker that made them. On the window's thread it would take longer than a frame to
    let go of ten thousand, and to look through ten thousand new ones for garbage.
    """
    found = tuple(was if (was := known.get(card.id)) == card else card for card in cards)
    return found, {**known, **{card.id: card for card in found}}


def _choices(workspace: Workspace) -> Choices:
    from cardforge_desktop.cards.search import CardQuery

    cards: tuple[CardSummary, ...] = workspace.card_search.cards(CardQuery(sort="oldest"))
    began = {card.batch_id: card.created_at for card in reversed(cards) if card.batch_id}
    return Choices(workspace.card_search.facets(), len(cards), began)
