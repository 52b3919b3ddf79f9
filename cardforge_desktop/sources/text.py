"""Plain text files."""

from pathlib import Path

from cardforge_desktop.sources.encoding import decode
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.plain import source_text


def read_text(path: Path, data: bytes) -> SourceText:
    """The text of a .txt file.

    Raises:
        SourceError: SOURCE_BINARY, SOURCE_EMPTY.
    """
    decoded = decode(path, data)
    return source_text(path.name, "text", decoded.text, encoding=decoded.encoding, warnings=decoded.warnings)
