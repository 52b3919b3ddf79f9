"""Which files become rows of the queue, and how each is read: texts by `sources`, card files by `cards`."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cardforge_desktop.batches.targets import Target
from cardforge_desktop.cards.formats import CardFile, CardFormatError, png_chunks, read_file, read_path
from cardforge_desktop.cards.formats.headers import CARD_SUFFIXES, read_header
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.generation.card_source import source_of_card
from cardforge_desktop.sources.model import SourceError, SourceText, readable_name
from cardforge_desktop.sources.reader import avatars_beside, find_sources, read

_JPEGS = (".jpg", ".jpeg")
_PICTURES = (".png", ".apng", *_JPEGS)
_TEXTS = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class NewSource:
    """A source on its way into the queue; pasted text has no path.

    Attributes:
        avatar: a picture, or a card file with one in it.
        text: where it is read already.
        digest: address of its text where that is kept in the store already, else "".
    """

    name: str
    path: Path | None
    avatar: Path | None = None
    text: SourceText | None = None
    digest: str = ""


def find(paths: Sequence[Path], target: Target | None, on_note: Callable[[str], None]) -> list[NewSource]:
    """The files to write cards from; folders are searched for texts and for card files.

    A picture of the same name as a source among them is that one's avatar, no source of its own. Without any
    path the card to update is its own source.

    Args:
        on_note: told, in a sentence, of each file of a folder that may have been meant but holds no card.
    """
    if not paths and target is not None:
        return [NewSource(target.name, target.path, text=source_of_card(target.file, target.name))]

    def is_card(path: Path) -> bool:
        return path.suffix.lower() in CARD_SUFFIXES and _holds_card(path, on_note)

    files = [path.absolute() for path in find_sources(paths, is_card)]
    avatars = avatars_beside(path for path in files if path.suffix.lower() not in _PICTURES)
    taken = {os.path.realpath(avatar) for avatar in avatars.values() if avatar is not None}
    return [
        NewSource(readable_name(path.name), path, avatars.get(path) or _picture_in(path))
        for path in files
        if path in avatars or os.path.realpath(path) not in taken
    ]


def _holds_card(path: Path, on_note: Callable[[str], None]) -> bool:
    """Whether a card, or a lorebook, can be read from a file that was found in a folder."""
    if path.suffix.lower() in _JPEGS and not zipfile.is_zipfile(path):
        return False  # a photo; the JPEGs that are cards have an archive behind the picture
    try:
        if path.suffix.lower() in _TEXTS:
            _check_is_meant(read_path(path), path.name)
        elif (problem := read_header(path).problem) is not None:
            raise problem
    except CardFormatError as error:
        if error.code != ErrorCode.CARD_MISSING:
            on_note(f"Passed over: {error.message}")
        return False
    return True


def _check_is_meant(file: CardFile, name: str) -> None:
    """Refuse what has a name and a description only, as the package.json of a program has.

    Raises:
        CardFormatError: CARD_UNKNOWN_FORMAT.
    """
    card = file.package.card
    told = (card.personality, card.scenario, card.first_mes, card.mes_example, card.character_book)
    if file.spec == "v1" and not any(told):
        raise CardFormatError(ErrorCode.CARD_UNKNOWN_FORMAT, f"{name}: this is no character card.")


def _picture_in(path: Path) -> Path | None:
    """The file itself where it is a card that may carry its picture."""
    return path if path.suffix.lower() in (*_PICTURES, ".charx") else None


def read_source(path: Path) -> SourceText:
    """The text of a source, or of a card file. Slow.

    Raises:
        SourceError, CardFormatError: why it can't be read; the message names the file.
    """
    if path.suffix.lower() not in CARD_SUFFIXES:
        return read(path)
    try:
        return source_of_card(read_path(path), path.name)
    except CardFormatError as error:
        if error.code != ErrorCode.CARD_MISSING:
            raise
        raise SourceError.of(
            ErrorCode.SOURCE_NO_CARD,
            path,
            "this picture has no character card in it, so there is nothing to write from. Beside a text of "
            "the same name a picture becomes that card's avatar.",
        ) from error


def read_picture(path: Path) -> bytes | None:
    """The picture to use as an avatar, as a PNG without the card it may carry; None: the file has none.

    Raises:
        AvatarError, CardFormatError, OSError: it can't be used.
    """
    from cardforge_desktop.cards.avatar import LARGEST_FILE, load_avatar

    if path.suffix.lower() == ".charx":
        picture = read_path(path).package.picture
        return None if picture is None else load_avatar(picture)
    with path.open("rb") as file:  # a file may be larger than the memory
        return load_avatar(_without_card(file.read(LARGEST_FILE + 1)))


def _without_card(data: bytes) -> bytes:
    """The picture a new card gets: not with the old card in it."""
    if not data.startswith(png_chunks.SIGNATURE):
        return data
    try:
        return read_file(data, "").package.picture or data
    except CardFormatError:
        return data
