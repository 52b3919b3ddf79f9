"""What every reader returns and raises."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cardforge_desktop.errors import CardForgeError, ErrorCode

SourceKind = Literal["text", "markdown", "html", "docx", "pdf", "epub", "odt", "rtf", "card"]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text under it: ``text[start:end]``, half-open, in characters; heading "" = none."""

    heading: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceText:
    """The readable text of one source.

    Attributes:
        name: file name without folder, ``mirela.md``.
        kind: which reader read it; ``card``: a card file, of which this room knows nothing more.
        text: NFC, ``\\n`` line ends, paragraphs divided by an empty line, no markup that is not prose
            (Markdown headings and lists stay as they are).
        title: the document's own title or first heading, "" when it has none.
        sections: in order, cover the text without gaps.
        encoding: as detected, "" where the format has none of its own.
        warnings: sentences for the person about what was guessed or left out.
    """

    name: str
    kind: SourceKind
    text: str
    title: str = ""
    sections: tuple[Section, ...] = ()
    encoding: str = ""
    warnings: tuple[str, ...] = ()


def readable_name(name: str) -> str:
    """A file's name as text; bytes that are none (old encodings on Linux) show as �."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


class SourceError(CardForgeError):
    """A source can't be read.

    Codes: SOURCE_NOT_FOUND, SOURCE_UNREADABLE (permission, I/O), SOURCE_EMPTY, SOURCE_TOO_LARGE,
    SOURCE_BINARY, SOURCE_UNKNOWN_KIND, SOURCE_SCANNED, SOURCE_ENCRYPTED, SOURCE_DAMAGED.
    """

    @classmethod
    def of(cls, code: ErrorCode, path: Path, sentence: str) -> "SourceError":
        """An error whose message names the file: ``scan.pdf: <sentence>``."""
        return cls(code, f"{readable_name(path.name)}: {sentence}", {"path": str(path)})
