"""Books in files: taken from lorebooks and cards, each file on its own, and written for other apps."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Literal

from sqlalchemy import select

from cardforge_desktop.books.becoming import Becoming, grown, replaced
from cardforge_desktop.books.card_books import book_hash
from cardforge_desktop.books.merging import merged
from cardforge_desktop.books.rows import BOOK, book_row, entries_of, entry_of, is_there, whole_book
from cardforge_desktop.books.service import Books
from cardforge_desktop.cards.contents import without_surrogates
from cardforge_desktop.cards.formats import BOOK_FORMATS, CardFile, Format, Loss, read_file, read_path
from cardforge_desktop.cards.formats.books import for_v3
from cardforge_desktop.cards.formats.json_text import LARGEST_TEXT
from cardforge_desktop.cards.importing import Source, each_taken
from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.naming import names_after
from cardforge_desktop.profiles.names import name_key
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.files import MAX_NUMBER, FilesError, write_new_files

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TakenBook:
    """What became of one file.

    Attributes:
        name: of the file.
        status: added; duplicate: there is such a book already; empty: a card without a book; failed.
        book_id, book_name: of the new book, or of the one that is there; "" otherwise.
        entries: how many it has.
        message: for people; "" where nothing is to be said.
        warnings: what was mended or left out.
        source: where it was read from.
        beside: id of the book that has the name already, where the new one got another; "" otherwise.
    """

    name: str
    status: Literal["added", "duplicate", "empty", "failed"]
    book_id: str = ""
    book_name: str = ""
    entries: int = 0
    message: str = ""
    warnings: tuple[str, ...] = ()
    source: Source | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class BookImport:
    """What became of each file, in the order they were read in. `cancelled`: the rest was not looked at."""

    items: tuple[TakenBook, ...]
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class WrittenBook:
    """What became of one book.

    Attributes:
        name: in the file, which may have a number that the book has not.
        path: of the file, None where it failed.
        status: written; kept: the file is there with just this content; failed.
    """

    book_id: str
    name: str
    path: Path | None
    status: Literal["written", "kept", "failed"]
    message: str = ""


class BookFiles:
    """Books from files and into files. Thread-safe; slow: off the window's thread."""

    def __init__(self, store: Store, books: Books) -> None:
        self._store = store
        self._books = books

    # In

    def take(
        self,
        sources: Iterable[Source],
        progress: Callable[[int, int], None] | None = None,
        cancelled: threading.Event | None = None,
    ) -> BookImport:
        """Take the books of files, and of those in folders (natural order, hidden ones passed over).

        A lorebook becomes a book, and so does the one in a card. Each is stored by itself: what was read
        before a cancellation, or beside a bad file, stays.

        Args:
            progress: told how many files are done, and of how many.
            cancelled: looked at before each file.
        """
        items, stopped = each_taken(sources, self._take, progress, cancelled)
        return BookImport(items, cancelled=stopped)

    def read(self, source: Source) -> tuple[CharacterBook, tuple[str, ...]]:
        """The book in a file, named, and what was mended or left out; nothing is stored.

        Raises:
            CardFormatError: it can't be read; CARD_WITHOUT_BOOK: it is a card that has none.
        """
        file = read_path(source) if isinstance(source, Path) else read_file(source.data, source.name)
        return _named(file, source.name), file.warnings

    def into(self, book_id: str, book: CharacterBook, how: Literal["replace", "merge"]) -> Becoming:
        """What a book from a file would make of one that is there; `Books.change` does it.

        Args:
            how: replace: everything but the name is as in the file; merge: what the file tells besides is
                added, and no entry changes that somebody wrote (`merging.merged`).

        Raises:
            BookError: BOOK_NOT_FOUND.
        """
        with self._store.read() as session:
            row = book_row(session, book_id)
            known = [entry_of(each) for each in entries_of(session, row.number)]
            before = whole_book(session, row)
        if how == "replace":
            return replaced(book_id, known, before, book)
        return grown(book_id, known, before, merged(before, book).book)

    def _take(self, source: Source) -> TakenBook:
        item = TakenBook(without_surrogates(source.name), "failed", source=source)
        try:
            book, warnings = self.read(source)
            return self._keep(book, replace(item, warnings=warnings))
        except CardForgeError as error:
            is_empty = error.code is ErrorCode.CARD_WITHOUT_BOOK
            return replace(item, status="empty" if is_empty else "failed", message=error.message)
        except Exception:
            _log.exception("a book could not be imported")
            message = "something went wrong inside CardForge. The log has the details; please report it."
            return replace(item, message=f"{item.name}: {message}")

    def _keep(self, book: CharacterBook, item: TakenBook) -> TakenBook:
        item = replace(item, entries=len(book.entries))
        known = self._equal(book)
        if known is not None:
            book_id, name = known
            message = f"{item.name} is there already, as the book “{name}”."
            return replace(item, status="duplicate", book_id=book_id, book_name=name, message=message)
        added = self._books.create(book)
        message = beside = ""
        if book.name and name_key(added.name) != name_key(book.name):
            message = f"It is called “{added.name}”, since there is another book “{book.name}”."
            beside = self._named_so(book.name)
        item = replace(item, status="added", book_id=added.id, book_name=added.name)
        return replace(item, message=message, beside=beside)

    def _named_so(self, name: str) -> str:
        """Id of the book that stands by itself under a name, "" for none."""
        wanted = select(BOOK.c.id, BOOK.c.name).where(is_there(), BOOK.c.card_id.is_(None))
        with self._store.read() as session:
            rows = session.execute(wanted.order_by(BOOK.c.created_at)).all()
        return next((str(row.id) for row in rows if name_key(row.name) == name_key(name)), "")

    def _equal(self, book: CharacterBook) -> tuple[str, str] | None:
        """Id and name of the book that was made of such a file before and still is as it was; None: none."""
        wanted = select(BOOK).where(is_there(), BOOK.c.card_id.is_(None))
        wanted = wanted.where(BOOK.c.entries == len(book.entries))
        content = _content_hash(book)
        with self._store.read() as session:
            for row in session.execute(wanted.order_by(BOOK.c.created_at)).all():
                may_be = _comes_of(row.name, book.name or "")
                if may_be and _content_hash(whole_book(session, row)) == content:
                    return row.id, row.name
        return None

    # Out

    def losses(self, ids: Collection[str], format_name: str) -> tuple[Loss, ...]:
        """What would have no effect, or would not come back, of these books in a format of `BOOK_FORMATS`.

        Raises:
            BookError: BOOK_NOT_FOUND.
            CardFormatError: one of them can't be written at all.
        """
        found: dict[Loss, None] = {}
        for book_id in ids:
            book = self._books.whole(book_id)
            package = _package(book)
            losses = BOOK_FORMATS[format_name].losses(package)
            found.update(dict.fromkeys(loss for loss in losses if loss.field != "card"))
            if len(BOOK_FORMATS[format_name].write(package)) > LARGEST_TEXT:
                megabytes = LARGEST_TEXT // 1024**2
                reason = f"makes a file of more than {megabytes} MB, which CardForge does not read back"
                found[Loss("character_book.entries", reason)] = None
        return tuple(found)

    def content(self, book_id: str, format_name: str) -> bytes:
        """A book as the bytes of a file in a format of `BOOK_FORMATS`.

        Raises:
            BookError: BOOK_NOT_FOUND.
            CardFormatError: CARD_UNWRITABLE.
        """
        return BOOK_FORMATS[format_name].write(_package(self._books.whole(book_id)))

    def write(
        self, ids: Sequence[str], folder: Path, format_name: str, *, overwrite: bool = False
    ) -> tuple[WrittenBook, ...]:
        """Write each book to a file of its own in a folder; one that fails keeps none of the others out.

        SillyTavern keeps a book under the name of its file, or the one in it, and overwrites an equal name.
        So no two files get one name, and where a name is taken (“Old Tarn 2”), it is so in the file too.

        Args:
            overwrite: files that have the names are replaced, but for those written here.
        """
        taken: set[str] = set()
        return tuple(
            self._write(book_id, Path(folder), BOOK_FORMATS[format_name], taken, overwrite=overwrite)
            for book_id in ids
        )

    def write_file(
        self, book_id: str, path: Path, format_name: str, *, overwrite: bool = False
    ) -> WrittenBook:
        """Write one book to the file that somebody chose.

        Args:
            overwrite: a file that is there is replaced.

        Raises:
            FilesError: FILES_NO_NAME_FREE: it is there; or it can't be written.
            BookError, CardFormatError: as `content`.
        """
        book = self._books.whole(book_id)
        content = BOOK_FORMATS[format_name].write(_package(book))
        if _holds(path, content):
            return _kept(book_id, book.name or "", path)
        if path.exists() and not overwrite:
            raise FilesError(ErrorCode.FILES_NO_NAME_FREE, f"{path} is there already.", {"file": str(path)})
        _write_one(path, content, overwrite=overwrite)
        return WrittenBook(book_id, book.name or "", path, "written")

    def _write(
        self, book_id: str, folder: Path, format_: Format, taken: set[str], *, overwrite: bool
    ) -> WrittenBook:
        book = CharacterBook()
        try:
            book = self._books.whole(book_id)
            for name, file in _names(book.name or "", format_):
                path = folder / file
                content = format_.write(_package(book.model_copy(update={"name": name})))
                is_ours = name_key(file) in taken
                if not is_ours and _holds(path, content):
                    taken.add(name_key(file))
                    return _kept(book_id, name, path)
                if is_ours or (path.exists() and not (overwrite and path.is_file())):
                    continue
                taken.add(name_key(file))
                _write_one(path, content, overwrite=overwrite)
                return WrittenBook(book_id, name, path, "written")
            raise FilesError(
                ErrorCode.FILES_NO_NAME_FREE,
                f"{folder} already holds {MAX_NUMBER} books of this name. Choose another folder.",
                {"folder": str(folder)},
            )
        except CardForgeError as error:
            return WrittenBook(book_id, book.name or "", None, "failed", error.message)


def _write_one(path: Path, content: bytes, *, overwrite: bool) -> None:
    """Write a file under just this name.

    Raises:
        FilesError: FILES_NO_NAME_FREE: somebody else was first; or it can't be written.
    """
    names = {"book": path.name}
    write_new_files(path.parent, {"book": content}, lambda _number: names, overwrite=overwrite)


def _kept(book_id: str, name: str, path: Path) -> WrittenBook:
    return WrittenBook(book_id, name, path, "kept", f"{path} holds just this already.")


def _names(name: str, format_: Format) -> Iterator[tuple[str, str]]:
    """Names for a book, each with the file's."""
    for number in range(1, MAX_NUMBER + 1):
        numbered = name if number == 1 else f"{name} {number}".strip()
        # A name that is too long for a file loses its end, but not the number.
        stem = names_after(name, {"book": format_.extension})["book"].removesuffix(f".{format_.extension}")
        stem = stem if number == 1 else f"{stem} {number}"
        yield numbered, f"{stem}.{format_.extension}"


def _holds(path: Path, content: bytes) -> bool:
    if not path.is_file() or path.is_symlink() or path.stat().st_size != len(content):
        return False
    return path.read_bytes() == content


def _package(book: CharacterBook) -> CardPackage:
    return CardPackage(Card(character_book=book))


def _named(file: CardFile, file_name: str) -> CharacterBook:
    """The book of a file, with a name: its own, or as SillyTavern calls those without one."""
    card = file.package.card
    book = card.character_book
    if book is None:
        message = f"{without_surrogates(file_name)} is a card without a lorebook."
        raise CardForgeError(ErrorCode.CARD_WITHOUT_BOOK, message, {"file": file_name})
    if (book.name or "").strip():
        return book
    stem = without_surrogates(PurePath(file_name).stem)
    name = f"{card.name.strip()}'s Lorebook" if file.holds == "card" and card.name.strip() else stem
    return book.model_copy(update={"name": name})


def _content_hash(book: CharacterBook) -> str:
    """Equal for books that differ in their name and in numbers that a file needs, if at all."""
    return book_hash(for_v3(book.model_copy(update={"name": None})))


def _comes_of(name: str, wanted: str) -> bool:
    """Whether a book that was imported as `wanted` may have got this name."""
    without = re.sub(r" \d+\Z", "", name)
    return name_key(wanted) in (name_key(name), name_key(without))
