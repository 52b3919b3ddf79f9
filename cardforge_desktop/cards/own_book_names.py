"""Names of books in cards, each of its own: SillyTavern keeps a card's book under the book's name."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlmodel import Session

from cardforge_desktop.cards.contents import without_surrogates
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.summaries import CARD
from cardforge_desktop.cards.tables import CardRevisionRow
from cardforge_desktop.store.table import core_table

_REVISION = core_table(CardRevisionRow)


def with_own_book_name(session: Session, card: Card) -> Card:
    """The card, its book renamed when another card of that name has a book of the same name.

    SillyTavern keeps embedded books under their name and overwrites an equal one without a question.
    """
    book = card.character_book
    if book is None or not book.name:
        return card
    newest = (CARD.c.id == _REVISION.c.card_id) & (CARD.c.revision == _REVISION.c.revision)
    name_of_book = select(func.json_extract(_REVISION.c.data, "$.character_book.name")).join(CARD, newest)
    taken = set(session.execute(name_of_book.where(CARD.c.name == without_surrogates(card.name))).scalars())
    number, name = 1, book.name
    while name in taken:
        number += 1
        name = f"{book.name} {number}"
    renamed = book.model_copy(update={"name": name})
    return card.model_copy(update={"character_book": renamed})
