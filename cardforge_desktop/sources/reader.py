"""The one door to all sources: which reader reads what, and which files of a folder are sources."""

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.docx import read_docx
from cardforge_desktop.sources.epub import read_epub
from cardforge_desktop.sources.html import read_html
from cardforge_desktop.sources.markdown import markdown_text, read_markdown
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.odt import read_odt
from cardforge_desktop.sources.pdf import read_pdf
from cardforge_desktop.sources.plain import source_text
from cardforge_desktop.sources.rtf import read_rtf
from cardforge_desktop.sources.text import read_text

LARGEST_FILE = 50 * 1024 * 1024  # bytes

# A reader gets the path for its messages and the bytes of the file; it is called from any thread.
_READERS: Mapping[str, Callable[[Path, bytes], SourceText]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".docx": read_docx,
    ".odt": read_odt,
    ".rtf": read_rtf,
    ".epub": read_epub,
    ".pdf": read_pdf,
}
_AVATAR_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


def supported_suffixes() -> tuple[str, ...]:
    """Endings of files that can be read, lower case, with their dot."""
    return tuple(_READERS)


def read(path: Path) -> SourceText:
    """The text of a file. Any thread; takes seconds for large files, so never the window's.

    Raises:
        SourceError: every reason a source can't be read, with its code (see there).
    """
    reader = _READERS.get(path.suffix.lower())
    _check_file(path)
    if reader is None:
        kinds = ", ".join(supported_suffixes())
        raise SourceError.of(
            ErrorCode.SOURCE_UNKNOWN_KIND,
            path,
            f"this kind of file can't be read. Known: {kinds}, and character cards and lorebooks.",
        )
    data = _content(path)
    if not data.strip():
        raise SourceError.of(ErrorCode.SOURCE_EMPTY, path, "the file is empty.")
    return reader(path, data)


def from_text(name: str, text: str) -> SourceText:
    """Pasted text as a source; a name that ends in .md makes it Markdown.

    Raises:
        SourceError: SOURCE_EMPTY, SOURCE_TOO_LARGE.
    """
    if len(text) > LARGEST_FILE:
        raise SourceError.of(ErrorCode.SOURCE_TOO_LARGE, Path(name), _too_large(len(text)))
    if name.lower().endswith((".md", ".markdown")):
        return markdown_text(name, text)
    return source_text(name, "text", text)


def find_sources(paths: Iterable[Path], also: Callable[[Path], bool] = lambda _: False) -> tuple[Path, ...]:
    """The files to read: named files as they are, folders walked.

    A named file is kept even if it can't be read: its row shows why. In folders hidden files, unknown kinds,
    and folders that may not be opened, are passed over. Folders come in natural order (``page 2`` before
    ``page 10``), files before the folders beside them; a file that is reached twice comes once.

    Args:
        also: asked for the files in folders that nothing here reads, whether they are sources all the same.
    """
    found: dict[str, Path] = {}
    for path in paths:
        for file in _walk(path, also) if _is(path.is_dir) else (path,):
            found.setdefault(os.path.realpath(file), file)
    return tuple(found.values())


def avatars_beside(paths: Iterable[Path]) -> dict[Path, Path | None]:
    """For each source the picture with its own name, ``mirela.png`` by ``mirela.md``; None = there is none.

    PNG first, then JPEG, WebP. Each folder is listed once, however many of its files are asked for.
    """
    folders: dict[Path, dict[tuple[str, str], Path]] = {}
    found: dict[Path, Path | None] = {}
    for path in paths:
        if path.parent not in folders:
            folders[path.parent] = _pictures_in(path.parent)
        pictures = folders[path.parent]
        wanted = [(_same_name(path.stem), suffix) for suffix in _AVATAR_SUFFIXES]
        found[path] = next((pictures[name] for name in wanted if name in pictures), None)
    return found


def _pictures_in(folder: Path) -> dict[tuple[str, str], Path]:
    """The pictures in a folder by their names, so far as these are the same, and suffixes."""
    pictures: dict[tuple[str, str], Path] = {}
    for entry in _entries(folder):
        path = folder / entry.name
        suffix = path.suffix.lower()
        if suffix in _AVATAR_SUFFIXES and _is(entry.is_file):
            pictures.setdefault((_same_name(path.stem), suffix), path)
    return pictures


def _check_file(path: Path) -> None:
    """Refuse what is no regular file within the limit before it is opened: opening a pipe waits for ever."""
    with _errors_named(path):
        status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise SourceError.of(ErrorCode.SOURCE_UNREADABLE, path, "this is a folder, not a file.")
    if not stat.S_ISREG(status.st_mode):
        raise SourceError.of(ErrorCode.SOURCE_UNREADABLE, path, "this is a device or pipe, not a file.")
    if status.st_size > LARGEST_FILE:
        raise SourceError.of(ErrorCode.SOURCE_TOO_LARGE, path, _too_large(status.st_size))


def _content(path: Path) -> bytes:
    with _errors_named(path), path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:  # it grew meanwhile
        raise SourceError.of(ErrorCode.SOURCE_TOO_LARGE, path, _too_large(len(data)))
    return data


@contextmanager
def _errors_named(path: Path) -> Iterator[None]:
    """Turn the system's errors into sentences."""
    try:
        yield
    except FileNotFoundError as error:
        raise SourceError.of(ErrorCode.SOURCE_NOT_FOUND, path, "the file is not there (any more).") from error
    except NotADirectoryError as error:
        raise SourceError.of(
            ErrorCode.SOURCE_NOT_FOUND, path, "the folder it should be in is a file."
        ) from error
    except PermissionError as error:
        raise SourceError.of(
            ErrorCode.SOURCE_UNREADABLE, path, "you are not permitted to read it."
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError.of(
            ErrorCode.SOURCE_UNREADABLE, path, f"the system can't read it: {reason}."
        ) from error


def _too_large(size: int) -> str:
    limit, megabytes = LARGEST_FILE // 1024**2, size / 1024**2
    return f"{megabytes:.0f} MB are too much; the limit is {limit} MB. Split it into several files."


def _walk(folder: Path, also: Callable[[Path], bool]) -> Iterator[Path]:
    """Readable files under a folder; each real folder once, so that links can't lead in circles."""
    seen: set[str] = set()
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        real = os.path.realpath(current)
        if real in seen:
            continue
        seen.add(real)
        folders: list[Path] = []
        for entry in sorted(_entries(current), key=lambda entry: natural_key(entry.name)):
            if _is_hidden(entry):
                continue
            path = current / entry.name
            if _is(entry.is_dir):
                folders.append(path)
            elif _is(entry.is_file) and (path.suffix.lower() in _READERS or also(path)):
                yield path
        waiting.extend(reversed(folders))


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    """What is in a folder; nothing when it can't be opened."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _is_hidden(entry: "os.DirEntry[str]") -> bool:
    """Dot files, Word's lock files, and what Windows calls hidden."""
    if entry.name.startswith((".", "~$")):
        return True
    with suppress(OSError):
        attributes: int = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
        return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)
    return False


def _is(kind: Callable[[], bool]) -> bool:
    """The answer of ``entry.is_dir`` or ``is_file``; a link that leads in a circle is neither."""
    with suppress(OSError):
        return kind()
    return False


def natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sorts ``page 2`` before ``page 10`` and capitals with small letters."""
    pieces = re.split(r"([0-9]+)", name.casefold())
    return [(0, int(piece), "") if piece.isdecimal() else (1, 0, piece) for piece in pieces if piece], name


def _same_name(stem: str) -> str:
    """Equal for names a person takes for the same, whichever way the system writes accents."""
    return unicodedata.normalize("NFC", stem).casefold()
