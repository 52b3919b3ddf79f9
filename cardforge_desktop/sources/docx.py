"""Word documents (.docx)."""

import io
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from cardforge_desktop.sources.encoding import signature_of
from cardforge_desktop.sources.html import html_text, nesting
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.plain import source_text

# XML inside, unpacked; reading it takes some twenty times as much memory. A million words take about 20 MB.
_LARGEST_XML = 64 * 1024 * 1024  # bytes
_MOST_PARTS = 20_000
_DEEPEST = 5000
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CORE = "docProps/core.xml"


class _DoctypeFoundError(Exception):
    """A part declares a document type, which Word never does: entities may expand without end."""


def read_docx(path: Path, data: bytes) -> SourceText:
    """The prose of a Word document, its headings as ``# H``; pictures and comments are left out.

    Raises:
        SourceError: SOURCE_ENCRYPTED, SOURCE_UNKNOWN_KIND (an old .doc), SOURCE_DAMAGED, SOURCE_TOO_LARGE (a
            small file that unpacks to a huge one), SOURCE_EMPTY.
    """
    if data.startswith(_OLE):
        raise _old_container(path, data)
    if not data.startswith(b"PK"):
        really = signature_of(data)
        raise SourceError.of(
            "SOURCE_DAMAGED", path, f"this is not a Word document{f' but {really}' if really else ''}."
        )
    title = _checked_title(path, data)
    heading, text = html_text(_html(path, data))
    return source_text(path.name, "docx", text, title=heading or title)


def _old_container(path: Path, data: bytes) -> SourceError:
    """Encrypted documents and those of Word 97 share the container of their files."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return SourceError.of(
            "SOURCE_ENCRYPTED", path, "it is protected with a password. Save it without one in Word."
        )
    return SourceError.of(
        "SOURCE_UNKNOWN_KIND", path, "this is an old Word document (.doc). Open it and save it as .docx."
    )


def _checked_title(path: Path, data: bytes) -> str:
    """The title in the document's properties, once every part is known to be harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(path, entries)
            title = ""
            for entry in entries:
                if entry.filename.endswith((".xml", ".rels")):
                    found = _scan(archive.read(entry))
                    title = found if entry.filename == _CORE else title
            return title
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, OSError, ValueError) as error:
        raise _damaged(path) from error
    except (NotImplementedError, RuntimeError) as error:  # an unknown compression, an encrypted entry
        raise _damaged(path) from error
    except _DoctypeFoundError as error:
        raise SourceError.of(
            "SOURCE_DAMAGED", path, "it declares XML entities, which no Word document does."
        ) from error


def _check_entries(path: Path, entries: list[zipfile.ZipInfo]) -> None:
    if not any(entry.filename == "[Content_Types].xml" for entry in entries):
        raise SourceError.of("SOURCE_DAMAGED", path, "this is a zip archive but no Word document.")
    # A zip never yields more of an entry than the size it declares: the declared sizes can be trusted.
    unpacked = sum(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    if unpacked > _LARGEST_XML or len(entries) > _MOST_PARTS:
        raise SourceError.of(
            "SOURCE_TOO_LARGE",
            path,
            f"it unpacks to {unpacked / 1024**2:.0f} MB of text in {len(entries)} parts; the limit is"
            f" {_LARGEST_XML // 1024**2} MB. Split it into several files.",
        )


def _scan(xml: bytes) -> str:
    """Refuse document types and parts that are not well formed; returns the text of a dc:title."""
    pieces: list[str] = []
    inside = False
    depth = 0

    def refuse(*_declaration: object) -> None:
        raise _DoctypeFoundError

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal inside, depth
        inside = name == "dc:title"
        depth += 1
        if depth > _DEEPEST:
            raise ValueError("nested too deeply")

    def end(_name: str) -> None:
        nonlocal inside, depth
        inside = False
        depth -= 1

    def characters(text: str) -> None:
        if inside:
            pieces.append(text)

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.Parse(xml, True)
    return "".join(pieces)


def _html(path: Path, data: bytes) -> str:
    """The document as mammoth's HTML, without pictures and comments."""
    import mammoth

    try:
        result = mammoth.convert_to_html(
            io.BytesIO(data),
            style_map=_STYLES,
            convert_image=_no_picture,
            include_embedded_style_map=False,
        )
    # mammoth has no errors of its own: what a broken document runs into is anything at all.
    except Exception as error:
        raise _damaged(path) from error
    html = str(result.value)
    if nesting(html) > _DEEPEST:
        raise _damaged(path)
    return html


def _no_picture(_image: object) -> list[object]:
    """Nothing in a picture's place."""
    return []


def _damaged(path: Path) -> SourceError:
    return SourceError.of(
        "SOURCE_DAMAGED",
        path,
        "the Word document is damaged. Open it in Word or LibreOffice and save it again.",
    )
