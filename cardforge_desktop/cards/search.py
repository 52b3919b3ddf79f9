"""Finding cards: by their text, by what is known about them, in any order; ten thousand at once."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Select, column, func, or_, select, table, text

from cardforge_desktop.cards.summaries import (
    CARD,
    CARD_FILE,
    CardSummary,
    file_columns,
    files_by_card,
    summary_columns,
    summary_of,
)
from cardforge_desktop.cards.tables import CardTextRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.full_text import Search, search_for
from cardforge_desktop.store.table import core_table

Sort = Literal["newest", "oldest", "name", "edited", "rating", "tokens"]

_FEW = 500
_TEXT = core_table(CardTextRow)
_INDEX = table("card_search", column("rowid"))


@dataclass(frozen=True, slots=True)
class CardQuery:
    """Which cards, and in which order. Everything that is set has to fit.

    Attributes:
        text: words that stand anywhere in the card, the last one perhaps not typed to its end.
        tags: the card has all of them.
        profile, batch: the name of a profile, the id of a batch.
        format: a file of this format was written for it, or it came as this one (`CardSummary.spec`).
        rating_from: stars it has at least.
        sort: `edited`, `rating` and `tokens` (permanent ones) begin with the newest and the most.
        descending: None takes the order's own direction.
    """

    text: str = ""
    tags: tuple[str, ...] = ()
    profile: str = ""
    batch: str = ""
    format: str = ""
    rating_from: int = 0
    sort: Sort = "newest"
    descending: bool | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """What there is to filter by, each with the number of its cards, the most frequent first."""

    tags: tuple[tuple[str, int], ...]
    profiles: tuple[tuple[str, int], ...]
    batches: tuple[tuple[str, int], ...]
    formats: tuple[tuple[str, int], ...]


class CardSearch:
    """Reads lists of cards, never the cards or pictures themselves. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def cards(self, query: CardQuery) -> tuple[CardSummary, ...]:
        """The cards that fit `query`, in its order."""
        wanted = summary_columns().where(*_conditions(query))
        with self._store.read() as session:
            rows = session.execute(wanted).all()
            files = files_by_card(session.execute(_files_of(rows)))
        found = [summary_of(row, files.get(row[0], ())) for row in rows]
        return tuple(_sorted(found, query))

    def newest(self) -> CardSummary | None:
        """The card that was made last, without its files; None: there is no card."""
        wanted = summary_columns().order_by(CARD.c.created_at.desc(), CARD.c.id.desc()).limit(1)
        with self._store.read() as session:
            row = session.execute(wanted).first()
        return None if row is None else summary_of(row, ())

    def made_with(self, profile_id: str) -> dict[int, int]:
        """How many cards were made with a profile, by its version, the newest first."""
        wanted = select(CARD.c.profile_version, func.count()).group_by(CARD.c.profile_version)
        wanted = wanted.where(CARD.c.profile_id == profile_id, CARD.c.deleted_at.is_(None))
        with self._store.read() as session:
            rows = session.execute(wanted.order_by(CARD.c.profile_version.desc())).all()
        return {row[0]: row[1] for row in rows}

    def facets(self) -> Facets:
        """The tags, profiles, batches and formats of all cards."""
        wanted = select(CARD.c.id, CARD.c.tags, CARD.c.profile, CARD.c.batch_id, CARD.c.spec)
        with self._store.read() as session:
            rows = session.execute(wanted.where(CARD.c.deleted_at.is_(None))).all()
            written = session.execute(select(CARD_FILE.c.card_id, CARD_FILE.c.format).distinct()).all()
        there = {row.id for row in rows}
        formats = {(card_id, name) for card_id, name in written if card_id in there}
        formats |= {(row.id, row.spec) for row in rows}
        return Facets(
            tags=_counted(tag for row in rows for tag in set(row.tags)),
            profiles=_counted(row.profile for row in rows),
            batches=_counted(row.batch_id for row in rows),
            formats=_counted(name for _, name in formats),
        )


def _files_of(rows: Sequence[Any]) -> Select[Any]:
    # From a few hundred on, those of all cards are read faster than those of named ones.
    if len(rows) > _FEW:
        return file_columns()
    return file_columns().where(CARD_FILE.c.card_id.in_([row[0] for row in rows]))


def _conditions(query: CardQuery) -> Iterable[ColumnElement[bool]]:
    if query.text.strip():
        yield CARD.c.id.in_(_cards_with(search_for(query.text)))
    for tag in query.tags:
        tags = func.json_each(CARD.c.tags).table_valued("value")
        yield select(tags.c.value).where(tags.c.value == tag).exists()
    if query.profile:
        yield CARD.c.profile == query.profile
    if query.batch:
        yield CARD.c.batch_id == query.batch
    if query.format:
        written = select(CARD_FILE.c.card_id).where(CARD_FILE.c.format == query.format)
        yield or_(CARD.c.spec == query.format, CARD.c.id.in_(written))
    if query.rating_from:
        yield CARD.c.rating >= query.rating_from


def _cards_with(search: Search) -> Any:
    """Selects the ids of the cards in whose text everything is."""
    wanted = select(_TEXT.c.card_id)
    if search.match:
        found = select(_INDEX.c.rowid).where(text("card_search MATCH :match").bindparams(match=search.match))
        wanted = wanted.where(_TEXT.c.number.in_(found))
    for piece in search.pieces:
        wanted = wanted.where(func.instr(_TEXT.c.search_text, piece) > 0)
    return wanted


def _sorted(cards: list[CardSummary], query: CardQuery) -> list[CardSummary]:
    key, descending = _ORDERS[query.sort]
    # Equal ones stand in the order they were made in, the newest first.
    cards.sort(key=lambda card: (card.created_at, card.id), reverse=True)
    cards.sort(key=key, reverse=descending if query.descending is None else query.descending)
    return cards


def _name_key(card: CardSummary) -> str:
    """Small letters without accents, so that Émile stands by Emil."""
    folded = card.name.casefold()
    if folded.isascii():
        return folded
    letters = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


#: Each order's key, and whether it begins with the highest.
_ORDERS: dict[str, tuple[Callable[[CardSummary], Any], bool]] = {
    "newest": (lambda card: card.created_at, True),
    "oldest": (lambda card: card.created_at, False),
    "name": (_name_key, False),
    "edited": (lambda card: card.updated_at, True),
    "rating": (lambda card: card.rating, True),
    "tokens": (lambda card: card.permanent_tokens or 0, True),
}


def _counted(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].casefold(), pair[0])))
