"""The states a card is and was in, whole: fields, picture, files. The newest one is the card."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.cards.contents import card_data
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.tables import CardAssetRow, CardRevisionRow, ContentRow, ImageRow
from cardforge_desktop.store.table import core_table

#: The reason of what an editor saves by itself while somebody writes.
EDITED = "edited"
#: Such saves within this time are one revision.
_ONE_SITTING = timedelta(minutes=5)

_REVISION = core_table(CardRevisionRow)
_ASSET = core_table(CardAssetRow)
_IMAGE = core_table(ImageRow)
_CONTENT = core_table(ContentRow)
_KEEP_IMAGE = insert(_IMAGE).on_conflict_do_nothing()
_KEEP_CONTENT = insert(_CONTENT).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True)
class Revision:
    """A line of a card's history.

    Attributes:
        number: from 1.
        reason: generated, imported, edited, tagged, restored, or what the one who saved it said.
    """

    number: int
    created_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class State:
    """A card as its rows hold it: picture and files (by path) are named by the sha256 of their content."""

    card: Card
    avatar: str
    files: Mapping[str, str]

    def says_the_same(self, other: State) -> bool:
        """Whether nothing differs, unset fields and those at their default taken as one."""
        return (
            self.avatar == other.avatar
            and self.files == other.files
            and fields_of(self.card) == fields_of(other.card)
        )


def keep(session: Session, package: CardPackage, *, avatar: str = "") -> State:
    """Store the picture and the files of `package`, unless they are there already.

    Args:
        avatar: the picture's sha256 where the package has none.
    """
    if package.picture is not None:
        avatar = hashlib.sha256(package.picture).hexdigest()
        session.execute(_KEEP_IMAGE, {"sha256": avatar, "data": package.picture})
    files = {path: hashlib.sha256(content).hexdigest() for path, content in package.files.items()}
    for path, digest in files.items():
        session.execute(_KEEP_CONTENT, {"sha256": digest, "data": package.files[path]})
    return State(package.card, avatar, files)


def write_revision(
    session: Session, card_id: str, newest: int, state: State, *, reason: str, time: datetime
) -> int:
    """Add `state` to the history of a card and return its number.

    What somebody edits in one sitting is one revision: its first save adds it, the next ones rewrite it.

    Args:
        newest: number of the newest revision, 0 if there is none yet.
    """
    number = newest
    if newest and reason == EDITED and _is_sitting(session, card_id, newest, time):
        changed = {"data": card_data(state.card), "avatar": state.avatar}
        session.execute(
            _REVISION.update().where(*_is(card_id, newest)).values(**changed),
        )
        session.execute(delete(_ASSET).where(_ASSET.c.card_id == card_id, _ASSET.c.revision == newest))
    else:
        number += 1
        row = {"card_id": card_id, "revision": number, "created_at": time, "reason": reason}
        session.execute(insert(_REVISION), {**row, "avatar": state.avatar, "data": card_data(state.card)})
    if state.files:
        key = {"card_id": card_id, "revision": number}
        rows = [{**key, "path": path, "sha256": digest} for path, digest in state.files.items()]
        session.execute(insert(_ASSET), rows)
    return number


def read_state(session: Session, card_id: str, number: int) -> State | None:
    """A state without the bytes of picture and files; None: there is no such revision."""
    row = session.execute(
        select(_REVISION.c.data, _REVISION.c.avatar).where(*_is(card_id, number))
    ).one_or_none()
    if row is None:
        return None
    assets = select(_ASSET.c.path, _ASSET.c.sha256).where(
        _ASSET.c.card_id == card_id, _ASSET.c.revision == number
    )
    files = {row.path: row.sha256 for row in session.execute(assets)}
    return State(Card.model_validate(row.data), row.avatar, files)


def load(session: Session, state: State) -> CardPackage:
    """The state with the bytes of its picture and files."""
    picture = session.execute(select(_IMAGE.c.data).where(_IMAGE.c.sha256 == state.avatar)).scalar_one()
    content = select(_CONTENT.c.data)
    files = {
        path: session.execute(content.where(_CONTENT.c.sha256 == digest)).scalar_one()
        for path, digest in state.files.items()
    }
    return CardPackage(state.card, picture, files)


def list_revisions(session: Session, card_id: str) -> tuple[Revision, ...]:
    """The history of a card, newest first."""
    wanted = select(_REVISION.c.revision, _REVISION.c.created_at, _REVISION.c.reason)
    rows = session.execute(wanted.where(_REVISION.c.card_id == card_id).order_by(_REVISION.c.revision.desc()))
    return tuple(Revision(*row) for row in rows)


def _is(card_id: str, number: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _REVISION.c.card_id == card_id, _REVISION.c.revision == number


def _is_sitting(session: Session, card_id: str, number: int, time: datetime) -> bool:
    wanted = select(_REVISION.c.created_at, _REVISION.c.reason).where(*_is(card_id, number))
    begun, reason = session.execute(wanted).one()
    return bool(reason == EDITED and begun <= time < begun + _ONE_SITTING)
