"""Documents that are zip archives (.docx, .epub, .odt): their parts within bounds, in memory only."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.encoding import signature_of
from cardforge_desktop.sources.model import SourceError

LARGEST_UNPACKED = 64 * 1024 * 1024  # bytes of all parts that are read; a million words take about 20 MB
_MOST_PARTS = 20_000
_PIECE = 256 * 1024  # bytes unpacked at once
_ENTRY = b"PK\x01\x02"
# The others (bzip2, LZMA) unpack a whole block at once, a thousand times its size, and none of the formats
# allows them.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_IS_ENCRYPTED = 0x1  # of an entry's flags, APPNOTE.TXT 4.4.4


@dataclass(frozen=True, slots=True)
class ZipKind:
    """What the errors about a kind of document say.

    Attributes:
        name: with its article, ``an EPUB book``.
        mark: the part every document of the kind has, ``content.xml``.
        remedy: a sentence with the way out for a damaged one.
        other: a sentence about archives without the mark.
    """

    name: str
    mark: str
    remedy: str
    other: str = ""

    @property
    def noun(self) -> str:
        """The name without its article."""
        return self.name.split(" ", 1)[1]


class ZipParts:
    """The parts of one document by name.

    Nothing is written to disk, so that names like ``../x`` and links lead nowhere.
    """

    def __init__(self, path: Path, data: bytes, kind: ZipKind) -> None:
        """Read the directory of the archive.

        Raises:
            SourceError: SOURCE_DAMAGED, SOURCE_TOO_LARGE, SOURCE_ENCRYPTED.
        """
        self.path = path
        self.kind = kind
        self._left = LARGEST_UNPACKED
        if not data.startswith(b"PK"):
            really = signature_of(data)
            but = f" but {really}" if really else ""
            raise self._error(ErrorCode.SOURCE_DAMAGED, f"this is not {kind.name}{but}.")
        # The directory takes ten times its size in memory: its entries are counted before it is read.
        if data.count(_ENTRY) > _MOST_PARTS:
            raise self._error(
                ErrorCode.SOURCE_TOO_LARGE, f"it has more than {_MOST_PARTS} parts. {kind.remedy}"
            )
        with self._errors_named():
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._entries = {entry.filename: entry for entry in self._archive.infolist()}
        if kind.mark not in self._entries:
            sentence = f"this is a zip archive but not {kind.name}. {kind.other}"
            raise self._error(ErrorCode.SOURCE_DAMAGED, sentence.strip())

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all parts in the order of the archive's directory."""
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def read(self, name: str) -> bytes:
        """The bytes of a part; every read counts towards the limit of the document.

        Raises:
            SourceError: SOURCE_DAMAGED (also: no such part), SOURCE_TOO_LARGE, SOURCE_ENCRYPTED.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise self.damaged()
        if entry.flag_bits & _IS_ENCRYPTED:
            raise self._error(
                ErrorCode.SOURCE_ENCRYPTED, "it is protected with a password. Save a copy without one."
            )
        if entry.compress_type not in _METHODS:
            raise self.damaged()
        self._spend(entry.file_size)
        # Piece by piece: unpacked at once, an entry that lies about its size would fill the memory first.
        with self._errors_named(), self._archive.open(entry) as part:
            return b"".join(iter(lambda: part.read(_PIECE), b""))

    def copy(self, wanted: Callable[[str], bool]) -> bytes:
        """A sound archive of some parts, for libraries that unpack without bounds.

        Raises:
            SourceError: as `read`.
        """
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
            for name in filter(wanted, self._entries):
                target.writestr(zipfile.ZipInfo(name), self.read(name))
        return buffer.getvalue()

    def damaged(self) -> SourceError:
        """The error for whatever can't be read in the document."""
        return self._error(ErrorCode.SOURCE_DAMAGED, f"the {self.kind.noun} is damaged. {self.kind.remedy}")

    def too_large(self, what: str) -> SourceError:
        """The error for a document with too much of something, ``more than a million elements``."""
        return self._error(ErrorCode.SOURCE_TOO_LARGE, f"it has {what}. Split it into several files.")

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            limit = LARGEST_UNPACKED // 1024**2
            raise self._error(
                ErrorCode.SOURCE_TOO_LARGE,
                f"it unpacks to more than {limit} MB of text, the limit. Split it into several files.",
            )

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        """Turn what zipfile runs into into a sentence."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ArithmeticError) as error:
            raise self.damaged() from error
        except (
            NotImplementedError,
            RuntimeError,
            ValueError,
            LookupError,
        ) as error:  # odd versions
            raise self.damaged() from error

    def _error(self, code: ErrorCode, sentence: str) -> SourceError:
        return SourceError.of(code, self.path, sentence)
