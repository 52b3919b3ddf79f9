"""OpenDocument texts, as LibreOffice writes them: https://docs.oasis-open.org/office/OpenDocument/v1.3/part3."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.blocks import Blocks
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.odt_text import PREFIXES, Body
from cardforge_desktop.sources.plain import source_text
from cardforge_desktop.sources.xml_part import XmlHandler, parse_part
from cardforge_desktop.sources.zip_file import ZipKind, ZipParts

_CONTENT = "content.xml"
_META = "meta.xml"
_MANIFEST = "META-INF/manifest.xml"
# LibreOffice 24.8 and later encrypt the whole archive as one part, with no content.xml beside it.
_ENCRYPTED_WHOLE = "encrypted-package"
_KIND = ZipKind("an OpenDocument text", _MANIFEST, "Open it in LibreOffice or Word and save it again.")


def read_odt(path: Path, data: bytes) -> SourceText:
    """The prose of an OpenDocument text: headings as ``# H``, lists, tables, footnotes at the end.

    Comments, deletions that are still tracked, hidden parts and tables of contents are left out.

    Raises:
        SourceError: SOURCE_ENCRYPTED, SOURCE_DAMAGED (also: a spreadsheet), SOURCE_TOO_LARGE, SOURCE_EMPTY.
    """
    parts = ZipParts(path, data, _KIND)
    manifest = _Manifest()
    parse_part(parts, _MANIFEST, manifest)
    if manifest.is_encrypted or _ENCRYPTED_WHOLE in parts:
        raise SourceError.of(
            ErrorCode.SOURCE_ENCRYPTED,
            path,
            "it is protected with a password. Save it without one in LibreOffice.",
        )
    blocks = Blocks(path)
    body = Body(blocks)
    parse_part(parts, _CONTENT, body)
    if not body.is_text:
        raise SourceError.of(
            ErrorCode.SOURCE_DAMAGED,
            path,
            "this is an OpenDocument file but no text (a spreadsheet or drawing?). Save its words as a text.",
        )
    body.finish()
    return source_text(path.name, "odt", blocks.text(), title=blocks.first_heading or _title(parts))


def _title(parts: ZipParts) -> str:
    """The title in the document's properties; a document can do without them."""
    meta = _Meta()
    if _META in parts:
        parse_part(parts, _META, meta)
    return "".join(meta.pieces)


class _Manifest(XmlHandler):
    """META-INF/manifest.xml: which parts are encrypted."""

    prefixes: ClassVar[Mapping[str, str]] = PREFIXES

    def __init__(self) -> None:
        super().__init__()
        self.is_encrypted = False
        self._part = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note the protection of the words."""
        if name == "manifest:file-entry":
            self._part = attributes.get("manifest:full-path", "")
        elif name == "manifest:encryption-data" and self._part in (_CONTENT, _ENCRYPTED_WHOLE):
            self.is_encrypted = True


class _Meta(XmlHandler):
    """meta.xml: the words of the title."""

    prefixes: ClassVar[Mapping[str, str]] = PREFIXES

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._inside = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the base's shape
        """Note where the title begins."""
        self._inside = name == "dc:title"

    def end(self, name: str) -> None:  # noqa: ARG002
        """No other element is inside a title."""
        self._inside = False

    def words(self, text: str) -> None:
        """Gather the title."""
        if self._inside:
            self.pieces.append(text)
