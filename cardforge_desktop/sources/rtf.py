"""Rich Text Format (.rtf), as Word, WordPad, LibreOffice and TextEdit write it."""

from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.blocks import Blocks
from cardforge_desktop.sources.encoding import signature_of
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.plain import source_text
from cardforge_desktop.sources.rtf_text import RtfText

_MARK = b"{\\rtf"
_MARK_WITHIN = 64  # bytes before the mark that readers accept: a byte order mark, empty lines


def read_rtf(path: Path, data: bytes) -> SourceText:
    """The prose of an RTF document: headings as ``# H``, lists, tables, footnotes at the end.

    Pictures, comments, hidden text and deletions that are still tracked are left out.

    Raises:
        SourceError: SOURCE_DAMAGED, SOURCE_TOO_LARGE, SOURCE_EMPTY.
    """
    start = data.find(_MARK, 0, _MARK_WITHIN)
    if start < 0:
        really = signature_of(data)
        but = f" but {really}. Give it its own ending." if really else ". If it is plain text, name it .txt."
        raise SourceError.of(ErrorCode.SOURCE_DAMAGED, path, f"this is not an RTF document{but}")
    blocks = Blocks(path)
    document = RtfText(path, data, start, blocks)
    document.read()
    return source_text(
        path.name,
        "rtf",
        blocks.text(),
        title=blocks.first_heading or document.title,
        encoding=document.encoding,
        warnings=document.warnings(),
    )
