"""Names of books, each of its own: SillyTavern keeps a book under its name and overwrites an equal one."""

from __future__ import annotations

from itertools import count

from sqlalchemy import select
from sqlmodel import Session

from cardforge_desktop.books.rows import BOOK, is_there
from cardforge_desktop.cards.contents import without_surrogates
from cardforge_desktop.profiles.names import LONGEST_NAME, name_key

UNNAMED = "Unnamed book"


def free_book_name(session: Session, name: str, but: str = "") -> str:
    """The name, or the first of “Name 2”, “Name 3” … that no other book has, in cards or by itself.

    Args:
        but: id of a book whose own name counts for nothing.
    """
    wanted = without_surrogates(name).strip() or UNNAMED
    there = select(BOOK.c.name).where(is_there(), BOOK.c.id != but)
    taken = {name_key(each) for each in session.execute(there).scalars()}
    # Names that are longer than what is compared of them must differ before that ends.
    numbered = (wanted if number == 1 else f"{wanted[:LONGEST_NAME]} {number}" for number in count(1))
    return next(each for each in numbered if name_key(each) not in taken)
