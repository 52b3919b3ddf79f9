"""The files of cards: written once, found again after a crash, and renewed after an edit."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import delete, select

from cardforge_desktop.cards.claims import Claims
from cardforge_desktop.cards.formats import FORMATS, CardFormatError, Format, Loss
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.naming import name_values
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.cards.summaries import CARD_FILE, StoredCard
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.naming import DEFAULT_RULES, NameRules, check_pattern, file_names, numbered
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.files import FilesError, replace_file, write_new_files
from cardforge_desktop.store.types import now

#: Losses that are told of each format.
_TOLD_LOSSES = 3


@dataclass(frozen=True, slots=True)
class ExportOrder:
    """What is written where, and what its names are made of.

    Attributes:
        moment: when the card was made; gives dates in names.
        index: place of the card in its batch or selection, from 1.
        rules: how names are made of values.
        overwrite: replace files that have the names, but for those of other cards of the same batch; False:
            the card's files get the next number.
        item_id: what the card was made by; its letters and digits mark what a try left half done.
    """

    folder: Path
    pattern: str
    formats: tuple[str, ...]
    moment: datetime
    batch_id: str = ""
    index: int = 1
    rules: NameRules = DEFAULT_RULES
    overwrite: bool = False
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class FileState:
    """A file that was written for a card, as it is on the disk now.

    Attributes:
        state: current: as the card is; outdated: as we wrote it, from an earlier version of the card;
            changed: somebody else wrote it since, or it can't be read; missing: it is not there.
    """

    format: str
    path: Path
    state: Literal["current", "outdated", "changed", "missing"]


@dataclass(frozen=True, slots=True)
class ExportItem:
    """What became of one file.

    Attributes:
        path: of the file, None where none was written and none is there.
        status: written; kept: left as it is; failed.
        message: for people, why it was kept or what failed; "" where nothing is to be said.
    """

    card_id: str
    format: str
    path: Path | None
    status: Literal["written", "kept", "failed"]
    message: str = ""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What became of each file, in the order of the cards."""

    items: tuple[ExportItem, ...]

    @property
    def failed(self) -> tuple[ExportItem, ...]:
        """What could not be written."""
        return tuple(item for item in self.items if item.status == "failed")


def export(
    package: CardPackage, order: ExportOrder, claims: Claims | None = None, *, resumed: bool = False
) -> dict[str, tuple[Path, bytes]]:
    """Write the card in each format that fits it (`not_fitting`); returns format → (path, content).

    Args:
        claims: of the batch the card is of.
        resumed: an earlier try was interrupted: files it managed to write are taken over instead of being
            written a second time under the next number (`write_new_files`).

    Raises:
        CardFormatError, FilesError, NamingError: with the way out.
    """
    contents = {name: FORMATS[name].write(package) for name in order.formats if FORMATS[name].fits(package)}
    return _place(contents, package.card, order, claims, resumed=resumed) if contents else {}


def not_fitting(package: CardPackage, formats: Iterable[str]) -> tuple[str, ...]:
    """A sentence for each format that holds nothing of this card; `export` writes no file of it."""
    return tuple(
        f"No file was written as {FORMATS[name].label}: the card has no character book."
        for name in formats
        if not FORMATS[name].fits(package)
    )


def told_losses(package: CardPackage, formats: Iterable[str]) -> list[str]:
    """What the files of an updated card lack of it; that JSON has no picture needs no telling."""
    told: list[str] = []
    for name in formats:
        if not FORMATS[name].fits(package):
            continue
        losses = [loss for loss in FORMATS[name].losses(package) if loss.field != "picture"]
        told += [f"{name}: {loss.field} {loss.reason}." for loss in losses[:_TOLD_LOSSES]]
        if len(losses) > _TOLD_LOSSES:
            more = len(losses) - _TOLD_LOSSES
            told.append(f"{name}: {more} more of the card's values can't be kept in this format.")
    return told


def _place(
    contents: Mapping[str, bytes],
    card: Card,
    order: ExportOrder,
    claims: Claims | None = None,
    *,
    resumed: bool = False,
) -> dict[str, tuple[Path, bytes]]:
    extensions = {name: FORMATS[name].extension for name in contents}
    values = name_values(card, order.moment, batch_id=order.batch_id, index=order.index)
    first = file_names(order.pattern, values, extensions, rules=order.rules)

    def names(number: int) -> Mapping[str, str]:
        return numbered(first, extensions, number)

    def claim(paths: Collection[Path], replaced: Collection[Path]) -> bool:
        return claims is None or claims.claim(
            order.batch_id, order.item_id, paths, replaced, lasting=order.overwrite
        )

    paths = write_new_files(
        order.folder,
        contents,
        names,
        mark=order.item_id.replace("_", ""),
        resumed=resumed,
        overwrite=order.overwrite,
        claim=claim,
    )
    return {name: (paths[name], contents[name]) for name in contents}


class CardFiles:
    """Writes cards of the library to files and knows what became of those. Thread-safe; may block."""

    def __init__(self, store: Store, library: CardLibrary, hub: Hub) -> None:
        self._store = store
        self._library = library
        self._hub = hub

    def state(self, card_id: str) -> tuple[FileState, ...]:
        """Every file that was written for a card, compared with what is on the disk.

        Raises:
            LibraryError: CARD_NOT_FOUND.
        """
        stored = self._library.card(card_id)
        return tuple(_state(file, stored.version) for file in self._files(card_id))

    def losses(self, card_id: str, formats: Collection[str]) -> dict[str, tuple[Loss, ...]]:
        """What each of the formats can't hold of the card.

        Raises:
            LibraryError: CARD_NOT_FOUND.
            CardFormatError: the card can't be written at all.
        """
        package = self._library.card(card_id).package
        return {name: FORMATS[name].losses(package) for name in formats}

    def export(
        self,
        ids: Sequence[str],
        formats: Sequence[str],
        folder: Path,
        pattern: str,
        *,
        rules: NameRules = DEFAULT_RULES,
        record: bool = True,
        progress: Callable[[int, int], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> ExportReport:
        """Write cards into a folder; one that fails does not keep the others from being written.

        A file that somebody changed since we wrote it is no longer the card's once the card has a new one of
        its format: else the card would say for ever that its files are out of date.

        Args:
            rules: how names are made of values.
            record: remember the files as the cards' own; False for copies, such as what is dragged out.
            progress: told how many cards are done, and of how many.
            cancelled: looked at before each card; what is written stays.

        Raises:
            NamingError: the pattern can't be used.
        """
        check_pattern(pattern)
        order = ExportOrder(folder, pattern, tuple(formats), now(), rules=rules)
        items: list[ExportItem] = []
        for index, card_id in enumerate(ids, 1):
            if cancelled is not None and cancelled.is_set():
                break
            items += self._export(card_id, replace(order, index=index), record)
            if progress is not None:
                progress(index, len(ids))
        if record:
            self._announce(item.card_id for item in items if item.status == "written")
        return ExportReport(tuple(items))

    def re_export(self, card_id: str) -> ExportReport:
        """Renew the files of a card that are as we wrote them; missing ones are written again.

        A file that somebody changed since stays as it is, and the report says so.

        Raises:
            LibraryError: CARD_NOT_FOUND.
        """
        stored = self._library.card(card_id)
        items = tuple(self._renew(stored, file) for file in self._files(card_id))
        self._announce(item.card_id for item in items if item.status == "written")
        return ExportReport(items)

    def _export(self, card_id: str, order: ExportOrder, record: bool) -> list[ExportItem]:
        try:
            stored = self._library.card(card_id)
        except CardForgeError as error:
            return [ExportItem(card_id, name, None, "failed", error.message) for name in order.formats]
        contents, items = _written(stored, order.formats)
        made = replace(order, moment=stored.summary.created_at, batch_id=stored.summary.batch_id)
        try:
            files = _place(contents, stored.card, made) if contents else {}
            if record:
                self._forget_changed(stored, files)
                self._record(stored, files)
        except CardForgeError as error:
            return items + [ExportItem(card_id, name, None, "failed", error.message) for name in contents]
        return items + [ExportItem(card_id, name, path, "written") for name, (path, _) in files.items()]

    def _renew(self, stored: StoredCard, file: _WrittenFile) -> ExportItem:
        card_id, found = stored.summary.id, _state(file, stored.version)
        kept = ExportItem(card_id, file.format, file.path, "kept")
        if found.state == "current":
            return kept
        if found.state == "changed":
            return _left(kept)
        try:
            content = _format(file.format).write(stored.package)
            if found.state == "missing":
                path = _written_again(file, content)
            else:
                path = file.path
                replace_file(path, content, file.sha256)
            self._record(stored, {file.format: (path, content)})
        except FilesError as error:
            if error.code == ErrorCode.FILES_CHANGED:
                return _left(kept)
            return ExportItem(card_id, file.format, file.path, "failed", error.message)
        except CardForgeError as error:
            return ExportItem(card_id, file.format, file.path, "failed", error.message)
        return ExportItem(card_id, file.format, path, "written")

    def _files(self, card_id: str) -> list[_WrittenFile]:
        wanted = select(CARD_FILE.c.format, CARD_FILE.c.path, CARD_FILE.c.sha256, CARD_FILE.c.card_version)
        with self._store.read() as session:
            rows = session.execute(wanted.where(CARD_FILE.c.card_id == card_id)).all()
        return [_WrittenFile(name, Path(path), sha256, version) for name, path, sha256, version in rows]

    def _record(self, stored: StoredCard, files: Mapping[str, tuple[Path, bytes]]) -> None:
        if files:
            with self._store.write() as session:
                self._library.add_files(session, stored.summary.id, files, stored.version)

    def _forget_changed(self, stored: StoredCard, formats: Collection[str]) -> None:
        """Files of these formats that somebody changed are no longer the card's; they stay on the disk."""
        gone = [
            str(file.path)
            for file in self._files(stored.summary.id)
            if file.format in formats and _state(file, stored.version).state == "changed"
        ]
        if gone:
            with self._store.write() as session:
                session.execute(
                    delete(CARD_FILE).where(
                        CARD_FILE.c.card_id == stored.summary.id, CARD_FILE.c.path.in_(gone)
                    )
                )

    def _announce(self, ids: Iterable[str]) -> None:
        changed = frozenset(ids)
        if changed:
            self._hub.changed.emit(Changed(Kind.CARD, changed))


@dataclass(frozen=True, slots=True)
class _WrittenFile:
    """A row of `card_file`."""

    format: str
    path: Path
    sha256: str
    version: int


def _state(file: _WrittenFile, version: int) -> FileState:
    found = _sha256(file.path)
    if found is None:
        return FileState(file.format, file.path, "missing")
    if found != file.sha256:
        return FileState(file.format, file.path, "changed")
    return FileState(file.format, file.path, "current" if file.version >= version else "outdated")


def _sha256(path: Path) -> str | None:
    """Of a file's content; None: there is nothing; "": it is no file of ours, or can't be read."""
    try:
        if path.is_symlink() or not path.is_file():
            return "" if path.is_symlink() or path.exists() else None
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except OSError:
        return ""


def _written(stored: StoredCard, formats: Sequence[str]) -> tuple[dict[str, bytes], list[ExportItem]]:
    """The card in each format, and what became of those it can't be written in."""
    contents: dict[str, bytes] = {}
    failed: list[ExportItem] = []
    for name in formats:
        try:
            contents[name] = _format(name).write(stored.package)
        except CardForgeError as error:
            failed.append(ExportItem(stored.summary.id, name, None, "failed", error.message))
    return contents, failed


def _format(name: str) -> Format:
    """The format; one that an earlier or later version of the app wrote may be unknown."""
    if name not in FORMATS:
        raise CardFormatError(
            ErrorCode.CARD_UNWRITABLE, f"This version of CardForge does not write “{name}”."
        )
    return FORMATS[name]


def _written_again(file: _WrittenFile, content: bytes) -> Path:
    """Under its old name, or the next free one when something took that in this moment."""

    def names(number: int) -> Mapping[str, str]:
        suffix = f"_{number}" if number > 1 else ""
        return {file.format: f"{file.path.stem}{suffix}{file.path.suffix}"}

    return write_new_files(file.path.parent, {file.format: content}, names)[file.format]


def _left(item: ExportItem) -> ExportItem:
    name = item.path.name if item.path else item.format
    message = (
        f"{name} was changed since CardForge wrote it and stays as it is. Export the card to get a new file."
    )
    return replace(item, message=message)
