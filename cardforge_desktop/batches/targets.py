"""Cards to update, kept in the store as the files they came in until no item needs them any more."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete, select

from cardforge_desktop.batches.model import CardRef
from cardforge_desktop.batches.tables import ItemRow, TargetRow
from cardforge_desktop.cards.formats import FORMATS, CardFile, read_file
from cardforge_desktop.cards.formats.reading import file_bytes
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.profiles.budget import BOOK, parts_of_update
from cardforge_desktop.profiles.model import FIELD_NAMES, Profile
from cardforge_desktop.sources.model import readable_name


class UpdateError(CardForgeError):
    """A card can't be updated so.

    Codes: TARGET_NO_CARD, TARGET_LOST, FIELD_UNKNOWN, FIELDS_WITHOUT_UPDATE, FIELDS_WITHOUT_BOOK.
    """


@dataclass(frozen=True, slots=True)
class Target:
    """A card to update.

    Attributes:
        name: of its file, or its own when it is one of the library.
        path: of its file, absolute; None: a card of the library.
        data: the bytes of a file with it.
        file: what is in them.
    """

    name: str
    path: Path | None
    data: bytes
    file: CardFile


def read_target(update: Path | CardRef | None, library: CardLibrary) -> Target | None:
    """The card to update, of a file or as it is in the library; None when there is none. Slow.

    Raises:
        CardFormatError: the file can't be read.
        UpdateError: TARGET_NO_CARD, it holds a lorebook alone.
        LibraryError: there is no such card in the library.
    """
    if update is None:
        return None
    if isinstance(update, CardRef):
        package = library.card(update.id).package
        data = _as_file(package)
        return Target(package.card.name, None, data, read_file(data, package.card.name))
    path = update.expanduser().absolute()
    data = file_bytes(path)
    file = read_file(data, path.name)
    if file.holds == "book":
        told = f"{path.name}: this is a lorebook without a character; only cards can be updated."
        raise UpdateError(ErrorCode.TARGET_NO_CARD, told, {"path": str(path)})
    return Target(readable_name(path.name), path, data, file)


def _as_file(package: CardPackage) -> bytes:
    """The bytes of the file that keeps most of a card: a PNG, unless CHARX loses less."""
    kinds = [FORMATS["tavernai"], FORMATS["charx"]]
    return min(kinds, key=lambda kind: len(kind.losses(package))).write(package)


def keep_target(session: Session, target: Target) -> str:
    """Store a card file unless it is there already; returns its address."""
    digest = hashlib.sha256(target.data).hexdigest()
    row = {"sha256": digest, "data": target.data}
    session.execute(insert(TargetRow).values(**row).on_conflict_do_nothing())
    return digest


def load_target(session: Session, item: ItemRow) -> CardPackage | None:
    """The card an item updates, as its file held it; None: it makes a new card.

    Raises:
        UpdateError: TARGET_LOST, the store has forgotten it.
    """
    if not item.target_name:
        return None
    row = None if item.target is None else session.get(TargetRow, item.target)
    if row is None:
        raise UpdateError(
            ErrorCode.TARGET_LOST, f"{item.target_name} is no longer in the queue. Add it again."
        )
    return read_file(row.data, item.target_name).package


def kept_targets(session: Session, addresses: Collection[str]) -> None:
    """Check that card files are still kept.

    Raises:
        UpdateError: TARGET_LOST.
    """
    for address in addresses:
        if session.get(TargetRow, address) is None:
            raise UpdateError(ErrorCode.TARGET_LOST, "The card to update is no longer kept. Choose it again.")


def forget_targets(session: Session) -> None:
    """Remove the card files no item needs any more."""
    needed = select(ItemRow.target).where(col(ItemRow.target).is_not(None))
    session.execute(delete(TargetRow).where(col(TargetRow.sha256).not_in(needed)))


def known_fields(fields: Sequence[str]) -> list[str]:
    """Names of fields, each once; the profile of a draft may change until it is started.

    Raises:
        UpdateError: FIELD_UNKNOWN, no profile can ask for it.
    """
    for name in fields:
        if name not in (*FIELD_NAMES, BOOK):
            known = ", ".join((*FIELD_NAMES, BOOK))
            raise UpdateError(ErrorCode.FIELD_UNKNOWN, f"There is no field “{name}”. There are: {known}.")
    return list(dict.fromkeys(fields))


def chosen_fields(
    profile: Profile, fields: Sequence[str], *, is_update: bool, include_book: bool | None
) -> list[str]:
    """The fields an update asks for, checked; empty = all the profile asks for.

    Args:
        fields: names of card fields; the book is ``book`` or ``character_book``.
        include_book: True asks for the book besides, False for none.

    Raises:
        UpdateError: FIELD_UNKNOWN, FIELDS_WITHOUT_UPDATE, FIELDS_WITHOUT_BOOK.
    """
    if fields and not is_update:
        raise UpdateError(
            ErrorCode.FIELDS_WITHOUT_UPDATE, "Fields can be chosen only when a card is updated."
        )
    known = list(parts_of_update(profile))
    fields = [BOOK if name == "character_book" else name for name in fields]
    for name in fields:
        if name not in known:
            raise UpdateError(
                ErrorCode.FIELD_UNKNOWN,
                f"The profile “{profile.name}” does not ask for the field “{name}”. "
                f"It asks for: {', '.join(known)}.",
            )
    if BOOK in fields and include_book is False:
        raise UpdateError(
            ErrorCode.FIELDS_WITHOUT_BOOK,
            "The book can't be both asked for and left out: take it out of the fields, or let it be written.",
        )
    book = [BOOK] if fields and include_book else []
    return list(dict.fromkeys([*fields, *book]))
