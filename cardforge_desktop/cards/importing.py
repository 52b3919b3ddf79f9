"""Card files into the library: each on its own, known ones told from new ones, and a report of all."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from sqlalchemy import select
from sqlmodel import Session

from cardforge_desktop.cards import revisions
from cardforge_desktop.cards.contents import card_hash, without_surrogates
from cardforge_desktop.cards.formats import CardFile, CardFormatError, png_chunks, read_file, read_path
from cardforge_desktop.cards.formats.headers import card_files
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Arrival, CardLibrary
from cardforge_desktop.cards.summaries import CARD
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.store.database import Store

T = TypeVar("T")

_log = logging.getLogger(__name__)

# How the pictures begin that can be a card's avatar.
_PICTURES = ((0, b"\x89PNG\r\n\x1a\n"), (0, b"\xff\xd8\xff"), (8, b"WEBP"), (0, b"GIF8"), (4, b"ftypavif"))
_NO_CARD = (ErrorCode.CARD_MISSING, ErrorCode.CARD_UNKNOWN_FORMAT)


@dataclass(frozen=True, slots=True)
class NamedBytes:
    """A file that is in no folder: pasted, or dropped by a browser."""

    name: str
    data: bytes


Source = Path | NamedBytes


@dataclass(frozen=True, slots=True)
class ImportItem:
    """What became of one file.

    Attributes:
        name: of the file.
        status: added; duplicate: the library has this very card; picture: an image without a card; book: a
            lorebook without a card; failed.
        card_id: of the new card, or of the one that is there already; "" otherwise.
        message: for people; "" where nothing is to be said.
        warnings: what was mended or left out.
        source: where it was read from.
    """

    name: str
    status: Literal["added", "duplicate", "picture", "book", "failed"]
    card_id: str = ""
    message: str = ""
    warnings: tuple[str, ...] = ()
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of each file, in the order they were read in. `cancelled`: the rest was not looked at."""

    items: tuple[ImportItem, ...]
    cancelled: bool = False


class CardImport:
    """Takes card files into the library. Thread-safe; slow: off the window's thread."""

    def __init__(self, store: Store, library: CardLibrary, hub: Hub) -> None:
        self._store = store
        self._library = library
        self._hub = hub

    def take(
        self,
        sources: Iterable[Source],
        progress: Callable[[int, int], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> ImportReport:
        """Import files, and the card files in folders (natural order, hidden ones passed over).

        Each card is stored by itself: what was read before a cancellation, or beside a bad file, stays.

        Args:
            progress: told how many files are done, and of how many.
            cancelled: looked at before each file.
        """
        self._library.catch_up()  # equal cards are found by what it works out
        items, stopped = each_taken(sources, self._take, progress, cancelled)
        changed = frozenset(item.card_id for item in items if item.status == "added")
        if changed:
            self._hub.changed.emit(Changed(Kind.CARD, changed))
        return ImportReport(items, cancelled=stopped)

    def _take(self, source: Source) -> ImportItem:
        item = ImportItem(without_surrogates(source.name), "failed", source=source)
        try:
            file = read_path(source) if isinstance(source, Path) else read_file(source.data, source.name)
            return self._keep(source, file, replace(item, warnings=file.warnings))
        except CardForgeError as error:
            if error.code in _NO_CARD and _is_picture(source):
                message = f"{item.name} is a picture without a character card in it."
                return replace(item, status="picture", message=message)
            return replace(item, message=error.message)
        except Exception:
            _log.exception("a card file could not be imported")
            message = "something went wrong inside CardForge. The log has the details; please report it."
            return replace(item, message=f"{item.name}: {message}")

    def _keep(self, source: Source, file: CardFile, item: ImportItem) -> ImportItem:
        if file.holds == "book":
            message = f"{item.name} holds a lorebook without a character: a book, no card."
            return replace(item, status="book", message=message)
        package, warnings = with_png(file.package)
        item = replace(item, warnings=(*item.warnings, *warnings))
        path = str(source.absolute()) if isinstance(source, Path) else item.name
        arrival = Arrival(file.spec, item.name, path)
        with self._store.write() as session:
            equal = _equal_card(session, package)
            if equal is None:
                stored = self._library.add_imported(session, with_any_picture(package), arrival)
                return replace(item, status="added", card_id=stored.summary.id)
            if equal.deleted_at is None:
                message = f"{item.name} is in the library already."
                return replace(item, status="duplicate", card_id=equal.id, message=message)
            session.execute(CARD.update().where(CARD.c.id == equal.id).values(deleted_at=None))
            message = f"{item.name} had been deleted from the library and is back."
            return replace(item, status="added", card_id=equal.id, message=message)


def _equal_card(session: Session, package: CardPackage) -> Any:
    """The card that has everything `package` has, one that is not deleted before others; None: a new one.

    A file without a picture, or without the assets' files, is equal to a card that has them besides.
    """
    wanted = select(CARD.c.id, CARD.c.revision, CARD.c.deleted_at).where(
        CARD.c.content_hash == card_hash(package.card)
    )
    if package.picture is not None:
        wanted = wanted.where(CARD.c.avatar == hashlib.sha256(package.picture).hexdigest())
    files = {path: hashlib.sha256(content).hexdigest() for path, content in package.files.items()}
    for row in session.execute(wanted.order_by(CARD.c.deleted_at.is_not(None), CARD.c.created_at)):
        state = revisions.read_state(session, row.id, row.revision)
        if state is not None and files.items() <= state.files.items():
            return row
    return None


def with_png(package: CardPackage) -> tuple[CardPackage, tuple[str, ...]]:
    """The package, its picture a whole PNG: one that is stays byte for byte, however large.

    A picture that can't be read is left out, with a warning.
    """
    from cardforge_desktop.cards.avatar import AvatarError, load_avatar

    picture = package.picture
    if picture is None or _is_whole_png(picture):
        return package, ()
    try:
        return replace(package, picture=load_avatar(picture)), ()
    except AvatarError as error:
        return replace(package, picture=None), (f"The card's picture is left out. {error.message}",)


def _is_whole_png(picture: bytes) -> bool:
    try:
        png_chunks.split(picture)
    except CardFormatError:
        return False
    return True


def with_any_picture(package: CardPackage) -> CardPackage:
    """The package, with a drawn picture where it has none."""
    from cardforge_desktop.cards.avatar import draw_placeholder

    return (
        package
        if package.picture is not None
        else replace(package, picture=draw_placeholder(package.card.name))
    )


def _is_picture(source: Source) -> bool:
    try:
        if isinstance(source, NamedBytes):
            head = source.data[:16]
        else:
            with source.open("rb") as file:
                head = file.read(16)
    except OSError:
        return False
    return any(head.startswith(magic, at) for at, magic in _PICTURES)


def each_taken(
    sources: Iterable[Source],
    take: Callable[[Source], T],
    progress: Callable[[int, int], None] | None,
    cancelled: threading.Event | None,
) -> tuple[tuple[T, ...], bool]:
    """What `take` made of each file, and whether it was cancelled before the last one.

    Args:
        progress: told how many files are done, and of how many.
        cancelled: looked at before each file.
    """
    files = list(walked(sources))
    items: list[T] = []
    for source in files:
        if cancelled is not None and cancelled.is_set():
            break
        items.append(take(source))
        if progress is not None:
            progress(len(items), len(files))
    return tuple(items), len(items) < len(files)


def walked(sources: Iterable[Source]) -> Iterator[Source]:
    """The sources with folders walked; a file that is reached twice comes once."""
    seen: set[str] = set()
    for source in sources:
        if isinstance(source, NamedBytes):
            yield source
            continue
        for path in card_files(source) if source.is_dir() else (source,):
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                yield path
