"""The card library: every card that was made or imported, with its picture, history and files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.cards import revisions
from cardforge_desktop.cards.contents import (
    count_tokens,
    search_text,
)
from cardforge_desktop.cards.housekeeping import catch_up, purge
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.revisions import EDITED, Revision, State
from cardforge_desktop.cards.rows import (
    SUMMARY,
    TEXT,
    LibraryError,
    Ready,
    columns_of,
    made_ready,
    package_of,
    replace,
    row_at,
    row_of,
    state_of,
    stored_card,
    write,
)
from cardforge_desktop.cards.search import CardQuery, CardSearch
from cardforge_desktop.cards.summaries import (
    CARD,
    CARD_FILE,
    CardSummary,
    StoredCard,
    summary_of,
)
from cardforge_desktop.cards.tables import CardRevisionRow, ImageRow
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

__all__ = ["CardLibrary", "CardSummary", "LibraryError", "Origin", "Revision", "StoredCard"]

#: Cards that one transaction changes: other writers get their turn in between.
_AT_ONCE = 200

_IMAGE = core_table(ImageRow)
_REVISION = core_table(CardRevisionRow)
_INSERT_CARD = insert(CARD)
_INSERT_TEXT = insert(TEXT)
_INSERT_FILE = insert(CARD_FILE)
# A file somebody deleted may be written again under its old name, for another card.
_ADD_FILE = _INSERT_FILE.on_conflict_do_update(
    index_elements=["path"],
    set_={
        name: _INSERT_FILE.excluded[name]
        for name in ("card_id", "format", "sha256", "written_at", "card_version")
    },
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a generated card comes from."""

    profile: str
    profile_id: str
    profile_version: int
    engine: str
    draft: bool
    source: str
    batch_id: str
    item_id: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where an imported card comes from.

    Attributes:
        spec: what it came as: v1, v2, v3 …
        source: the name of its file.
        imported_from: the file's path, or its name again where it has none.
    """

    spec: str
    source: str
    imported_from: str


class CardLibrary:
    """Keeps cards. Thread-safe; the methods that take a session join the caller's transaction."""

    def __init__(self, store: Store, hub: Hub) -> None:
        self._store = store
        self._hub = hub

    def add(
        self, session: Session, package: CardPackage, origin: Origin, reason: str = "generated"
    ) -> StoredCard:
        """Store a generated card with its first revision, and why it is there; `package` has a picture."""
        return self._add(session, package, reason, asdict(origin))

    def add_imported(self, session: Session, package: CardPackage, arrival: Arrival) -> StoredCard:
        """Store an imported card; `package` has a picture."""
        return self._add(session, package, "imported", asdict(arrival))

    def _add(
        self, session: Session, package: CardPackage, reason: str, facts: Mapping[str, Any]
    ) -> StoredCard:
        time, card_id = now(), new_id("card")
        state = revisions.keep(session, package)
        row = {**_NO_FACTS, **facts, **columns_of(package.card, count_tokens(package.card))}
        row |= {"id": card_id, "revision": 1, "avatar": state.avatar, "version": 1}
        session.execute(_INSERT_CARD, {**row, "created_at": time, "updated_at": time})
        revisions.write_revision(session, card_id, 0, state, reason=reason, time=time)
        text = search_text(package.card, (row["source"], row["profile"]))
        session.execute(_INSERT_TEXT, {"card_id": card_id, "search_text": text})
        summary = summary_of(session.execute(SUMMARY, {"of_card": card_id}).one(), ())
        return StoredCard(summary, package.card, package.picture or b"", package.files)

    def add_files(
        self, session: Session, card_id: str, files: Mapping[str, tuple[Path, bytes]], version: int
    ) -> None:
        """Remember the files written for a card: {format: (path, content)}, and of which version they are."""
        time = now()
        rows = [
            {
                "path": str(path),
                "card_id": card_id,
                "format": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "written_at": time,
                "card_version": version,
            }
            for name, (path, content) in files.items()
        ]
        if rows:
            session.execute(_ADD_FILE, rows)

    def cards(self) -> tuple[CardSummary, ...]:
        """All cards, newest first."""
        return CardSearch(self._store).cards(CardQuery())

    def card(self, card_id: str) -> StoredCard:
        """One card, whole.

        Raises:
            LibraryError: it is not there.
        """
        with self._store.read() as session:
            return stored_card(session, card_id)

    def save(self, card_id: str, package: CardPackage, version: int, reason: str = EDITED) -> StoredCard:
        """Replace a card by `package`, with a new revision; nothing happens where nothing differs.

        Args:
            package: its picture is a PNG; None keeps the one that is there.
            version: of the card that was changed (`StoredCard.version`).
            reason: shown in the history. Of what is “edited” within five minutes there is one revision.

        Raises:
            LibraryError: CARD_CHANGED: the card has another version by now; CARD_NOT_FOUND.
        """
        counts = count_tokens(package.card)
        with self._store.write() as session:
            before = row_at(session, card_id, version)
            after = revisions.keep(session, package, avatar=before.avatar)
            changed = replace(session, before, after, reason=reason, counts=counts)
            stored = stored_card(session, card_id)
        if changed:
            self._announce([card_id])
        return stored

    @staticmethod
    def with_book(session: Session, card_id: str, version: int, book: CharacterBook | None) -> Ready:
        """A card with another book, or without one, for `put_book`. Slow where the book has many entries.

        Raises:
            LibraryError: as `save` does.
        """
        before = row_at(session, card_id, version)
        state = state_of(session, card_id, before.revision)
        card = state.card.model_copy(update={"character_book": book})
        return made_ready(before, state, State(card, state.avatar, state.files), count_tokens(card))

    @staticmethod
    def put_book(session: Session, card_id: str, version: int, ready: Ready, reason: str = EDITED) -> int:
        """Put a book into a card in the caller's transaction, or take its own away; returns its new version.

        Nobody is told of the change: that is the caller's, once it is committed.

        Args:
            ready: `with_book` of this version, best worked out before the transaction.

        Raises:
            LibraryError: as `save` does.
        """
        changed = write(session, row_at(session, card_id, version), ready, reason=reason)
        return version + 1 if changed else version

    def revisions(self, card_id: str) -> tuple[Revision, ...]:
        """The history of a card, newest first."""
        with self._store.read() as session:
            return revisions.list_revisions(session, card_id)

    def revision(self, card_id: str, number: int) -> CardPackage:
        """The card as it was, whole.

        Raises:
            LibraryError: REVISION_NOT_FOUND.
        """
        with self._store.read() as session:
            return package_of(session, card_id, number)

    def restore(self, card_id: str, number: int, version: int) -> StoredCard:
        """Make an earlier revision the newest one, as a new revision.

        Raises:
            LibraryError: as `save` and `revision` do.
        """
        return self.save(card_id, self.revision(card_id, number), version, "restored")

    def rate(self, ids: Collection[str], rating: int) -> None:
        """Give cards 1 to 5 stars, or with 0 none.

        Raises:
            LibraryError: RATING_INVALID.
        """
        if rating not in range(6):
            raise LibraryError(
                ErrorCode.RATING_INVALID, "A rating is 1 to 5 stars, or 0 for none.", {"rating": rating}
            )
        self._set(ids, {"rating": rating})

    def tag(self, ids: Collection[str], add: Sequence[str] = (), remove: Collection[str] = ()) -> None:
        """Add tags to cards and take others away; a card that had them so keeps its version."""
        changed: list[str] = []
        for some in _slices(ids):
            with self._store.write() as session:
                changed += [card_id for card_id in some if _tag(session, card_id, add, remove)]
        self._announce(changed)

    def delete(self, ids: Collection[str]) -> None:
        """Take cards out of the library; for 30 days `undelete` brings them back. Their files stay."""
        self._set(ids, {"deleted_at": now()}, deleted=False)

    def undelete(self, ids: Collection[str]) -> None:
        """Bring deleted cards back as they were."""
        self._set(ids, {"deleted_at": None}, deleted=True)

    def purge(self) -> None:
        """Forget what was deleted more than 30 days ago, and pictures and files nothing uses any more."""
        purge(self._store)

    def catch_up(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Work out what is missing about cards of earlier versions of the app; ends early when `stopped`."""
        if catch_up(self._store, stopped):
            self._hub.changed.emit(Changed(Kind.CARD))

    def thumbnail(self, card_id: str, size: int) -> bytes:
        """The card's picture as a PNG of at most `size` pixels a side. Slow: off the window's thread.

        Raises:
            LibraryError: CARD_NOT_FOUND.
        """
        from cardforge_desktop.cards.avatar import thumbnail

        with self._store.read() as session:
            avatar = row_of(session, card_id).avatar
            picture = session.execute(select(_IMAGE.c.data).where(_IMAGE.c.sha256 == avatar)).scalar_one()
        return thumbnail(picture, size)

    def _set(self, ids: Collection[str], values: Mapping[str, Any], deleted: bool | None = None) -> None:
        """Set columns that are no part of the card; `deleted`: only of those that are, or are not."""
        for some in _slices(ids):
            wanted = update(CARD).where(CARD.c.id.in_(some))
            if deleted is not None:
                gone = CARD.c.deleted_at.is_not(None)
                wanted = wanted.where(gone if deleted else ~gone)
            with self._store.write() as session:
                session.execute(wanted.values(**values))
        self._announce(ids)

    def _announce(self, ids: Collection[str]) -> None:
        if ids:
            self._hub.changed.emit(Changed(Kind.CARD, frozenset(ids)))


#: What only generated, or only imported cards have.
_NO_FACTS: Mapping[str, Any] = {
    **{"profile": "", "profile_id": "", "profile_version": 0, "engine": "", "draft": False, "source": ""},
    **{"batch_id": "", "item_id": "", "spec": "", "imported_from": "", "rating": 0},
}


def _tag(session: Session, card_id: str, add: Sequence[str], remove: Collection[str]) -> bool:
    """Whether the card's tags changed."""
    row = session.execute(select(CARD).where(CARD.c.id == card_id, CARD.c.deleted_at.is_(None))).one_or_none()
    if row is None:
        return False
    state = state_of(session, card_id, row.revision)
    kept = [tag for tag in state.card.tags if tag not in remove]
    tags = [*kept, *(tag for tag in dict.fromkeys(add) if tag not in kept)]
    after = State(state.card.model_copy(update={"tags": tags}), state.avatar, state.files)
    return replace(session, row, after, reason="tagged", counts=None)


def _slices(ids: Collection[str]) -> Iterator[list[str]]:
    every = list(ids)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]
