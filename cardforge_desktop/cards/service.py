"""The card library: every card the app made, with its picture, revisions and files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, func, select

from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.tables import CardFileRow, CardRevisionRow, CardRow, ImageRow
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

_INSERT_IMAGE = insert(core_table(ImageRow)).on_conflict_do_nothing()
_INSERT_CARD = insert(core_table(CardRow))
_INSERT_REVISION = insert(core_table(CardRevisionRow))
_INSERT_FILE = insert(core_table(CardFileRow))
# A file somebody deleted may be written again under its old name, for another card.
_ADD_FILE = _INSERT_FILE.on_conflict_do_update(
    index_elements=["path"],
    set_={name: _INSERT_FILE.excluded[name] for name in ("card_id", "format", "sha256", "written_at")},
)


class LibraryError(CardForgeError):
    """A card can't be found. Code: CARD_NOT_FOUND."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a generated card comes from."""

    profile: str
    profile_version: int
    engine: str
    draft: bool
    source: str
    batch_id: str
    item_id: str


@dataclass(frozen=True, slots=True)
class CardSummary:
    """A row of the library. `files`: (format, path) as written."""

    id: str
    name: str
    profile: str
    engine: str
    source: str
    draft: bool
    created_at: datetime
    tags: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A whole card and its picture (PNG)."""

    summary: CardSummary
    card: Card
    avatar: bytes


class CardLibrary:
    """Keeps and finds cards. Thread-safe; the session methods join the caller's transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, session: Session, card: Card, avatar: bytes, origin: Origin) -> StoredCard:
        """Store a new card with its picture and first revision."""
        time, card_id = now(), new_id("card")
        picture = hashlib.sha256(avatar).hexdigest()
        data = card.model_dump(mode="json", exclude_unset=True)
        row = {
            "id": card_id,
            "name": card.name,
            "revision": 1,
            "data": data,
            "avatar": picture,
            "created_at": time,
            "updated_at": time,
            **asdict(origin),
        }
        revision = {"card_id": card_id, "revision": 1, "data": data, "created_at": time}
        session.execute(_INSERT_IMAGE, {"sha256": picture, "data": avatar})
        session.execute(_INSERT_CARD, row)
        session.execute(_INSERT_REVISION, {**revision, "reason": "generated"})
        return StoredCard(_summary(CardRow(**row), ()), card, avatar)

    def with_own_book_name(self, session: Session, card: Card) -> Card:
        """The card, its book renamed when another card of that name has a book of the same name.

        SillyTavern keeps embedded books under their name and overwrites an equal one without a question.
        """
        book = card.character_book
        if book is None or not book.name:
            return card
        name_of_book = func.json_extract(CardRow.data, "$.character_book.name")
        taken = set(session.exec(select(name_of_book).where(CardRow.name == card.name)))
        number, name = 1, book.name
        while name in taken:
            number += 1
            name = f"{book.name} {number}"
        renamed = book.model_copy(update={"name": name})
        return card.model_copy(update={"character_book": renamed})

    def add_files(self, session: Session, card_id: str, files: Mapping[str, tuple[Path, bytes]]) -> None:
        """Remember the files written for a card: {format: (path, content)}."""
        time = now()
        rows = [
            {
                "path": str(path),
                "card_id": card_id,
                "format": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "written_at": time,
            }
            for name, (path, content) in files.items()
        ]
        session.execute(_ADD_FILE, rows)

    def cards(self) -> tuple[CardSummary, ...]:
        """All cards, newest first."""
        with self._store.read() as session:
            rows = session.exec(select(CardRow).order_by(col(CardRow.created_at).desc())).all()
            files = _files(session.exec(select(CardFileRow)).all())
        return tuple(_summary(row, files.get(row.id, ())) for row in rows)

    def card(self, card_id: str) -> StoredCard:
        """One card, whole.

        Raises:
            LibraryError: it is not there.
        """
        with self._store.read() as session:
            row = session.get(CardRow, card_id)
            if row is None:
                raise LibraryError(
                    "CARD_NOT_FOUND", "This card is no longer in the library.", {"card_id": card_id}
                )
            image = session.get_one(ImageRow, row.avatar)
            files = _files(session.exec(select(CardFileRow).where(CardFileRow.card_id == card_id)).all())
        return StoredCard(_summary(row, files.get(card_id, ())), Card.model_validate(row.data), image.data)

    def thumbnail(self, card_id: str, size: int) -> bytes:
        """The card's picture as a PNG of at most `size` pixels a side. Slow: off the window's thread."""
        from cardforge_desktop.cards.avatar import thumbnail

        return thumbnail(self.card(card_id).avatar, size)


def _files(rows: Iterable[CardFileRow]) -> dict[str, tuple[tuple[str, Path], ...]]:
    files: dict[str, tuple[tuple[str, Path], ...]] = {}
    for row in rows:
        files[row.card_id] = (*files.get(row.card_id, ()), (row.format, Path(row.path)))
    return files


def _summary(row: CardRow, files: tuple[tuple[str, Path], ...]) -> CardSummary:
    return CardSummary(
        id=row.id,
        name=row.name,
        profile=row.profile,
        engine=row.engine,
        source=row.source,
        draft=row.draft,
        created_at=row.created_at,
        tags=tuple(row.data.get("tags", ())),
        files=files,
    )
