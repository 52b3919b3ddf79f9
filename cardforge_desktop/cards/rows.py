"""The rows of one card, read and written in the caller's transaction. Only for `cards.service`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import Session

from cardforge_desktop.cards import revisions
from cardforge_desktop.cards.contents import TokenCounts, card_hash, search_text, without_surrogates
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.revisions import State
from cardforge_desktop.cards.summaries import (
    CARD,
    CARD_FILE,
    StoredCard,
    file_columns,
    files_by_card,
    summary_columns,
    summary_of,
)
from cardforge_desktop.cards.tables import CardTextRow
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

TEXT = core_table(CardTextRow)
#: Of the card with the id `of_card`.
SUMMARY = summary_columns().where(CARD.c.id == bindparam("of_card"))


class LibraryError(CardForgeError):
    """A card can't be found or changed.

    Codes: CARD_NOT_FOUND, REVISION_NOT_FOUND, CARD_CHANGED (somebody else saved it meanwhile),
    RATING_INVALID.
    """


def columns_of(card: Card, counts: TokenCounts | None) -> dict[str, Any]:
    """What `card` shows of the card in it; None leaves the counts as they are."""
    tokens = {} if counts is None else {"permanent_tokens": counts.permanent, "total_tokens": counts.total}
    return {
        "name": without_surrogates(card.name),
        "tags": card.tags,
        "content_hash": card_hash(card),
        **tokens,
    }


def row_of(session: Session, card_id: str) -> Any:
    """The card's row in `card`.

    Raises:
        LibraryError: CARD_NOT_FOUND: there is none, or it was deleted.
    """
    wanted = select(CARD).where(CARD.c.id == card_id, CARD.c.deleted_at.is_(None))
    row = session.execute(wanted).one_or_none()
    if row is None:
        raise LibraryError(
            ErrorCode.CARD_NOT_FOUND, "This card is no longer in the library.", {"card_id": card_id}
        )
    return row


def row_at(session: Session, card_id: str, version: int) -> Any:
    """The card's row, which has to be of this version.

    Raises:
        LibraryError: CARD_NOT_FOUND, CARD_CHANGED.
    """
    row = row_of(session, card_id)
    if row.version != version:
        raise _changed(card_id)
    return row


def stored_card(session: Session, card_id: str) -> StoredCard:
    """The card as it is now."""
    row = row_of(session, card_id)
    summary_row = session.execute(SUMMARY, {"of_card": card_id}).one()
    files = files_by_card(session.execute(file_columns().where(CARD_FILE.c.card_id == card_id)))
    summary = summary_of(summary_row, files.get(card_id, ()))
    package = package_of(session, card_id, row.revision)
    return StoredCard(summary, package.card, package.picture or b"", package.files)


def package_of(session: Session, card_id: str, number: int) -> CardPackage:
    """What a revision of the card holds.

    Raises:
        LibraryError: REVISION_NOT_FOUND.
    """
    return revisions.load(session, state_of(session, card_id, number))


def state_of(session: Session, card_id: str, number: int) -> State:
    """A revision of the card as it is kept.

    Raises:
        LibraryError: REVISION_NOT_FOUND.
    """
    state = revisions.read_state(session, card_id, number)
    if state is None:
        raise LibraryError(
            ErrorCode.REVISION_NOT_FOUND,
            "This version of the card is no longer there.",
            {"card_id": card_id, "revision": number},
        )
    return state


def replace(session: Session, before: Any, after: State, *, reason: str, counts: TokenCounts | None) -> bool:
    """Make `after` the newest state of the card whose row was `before`; False: it says the same.

    Raises:
        LibraryError: CARD_CHANGED: its version is another one by now.
    """
    ready = made_ready(before, state_of(session, before.id, before.revision), after, counts)
    return write(session, before, ready, reason=reason)


@dataclass(frozen=True, slots=True)
class Ready:
    """The next state of a card, and what its rows will hold: worked out before others have to wait.

    Attributes:
        changes: False: it says the same.
        columns: of `card`.
        text: that it is found by.
    """

    state: State
    changes: bool
    columns: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""


def made_ready(before: Any, known: State, after: State, counts: TokenCounts | None) -> Ready:
    """`after`, ready to be written over `known`, which the card whose row is `before` says. Slow for many
    entries of a book.
    """
    if known.says_the_same(after):
        return Ready(after, changes=False)
    text = search_text(after.card, (before.source, before.profile))
    return Ready(after, changes=True, columns=columns_of(after.card, counts), text=text)


def write(session: Session, before: Any, ready: Ready, *, reason: str) -> bool:
    """As `replace`, of what was made ready for the version of the card whose row is `before`.

    Raises:
        LibraryError: CARD_CHANGED: its version is another one by now.
    """
    if not ready.changes:
        return False
    time, state = now(), ready.state
    number = revisions.write_revision(session, before.id, before.revision, state, reason=reason, time=time)
    facts = {"revision": number, "avatar": state.avatar, "updated_at": time, **ready.columns}
    changed = session.execute(
        update(CARD)
        .where(CARD.c.id == before.id, CARD.c.version == before.version)
        .values(version=before.version + 1, **facts)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise _changed(before.id)
    session.execute(update(TEXT).where(TEXT.c.card_id == before.id).values(search_text=ready.text))
    return True


def _changed(card_id: str) -> LibraryError:
    return LibraryError(
        ErrorCode.CARD_CHANGED,
        "This card was changed elsewhere meanwhile. Look at the newer version before you save yours over it.",
        {"card_id": card_id},
    )
