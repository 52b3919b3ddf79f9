"""Word documents (.docx)."""

import io
import zipfile
from pathlib import Path
from xml.parsers import expat

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.html import html_text, nesting
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.plain import source_text
from cardforge_desktop.sources.zip_file import ZipKind, ZipParts

_KIND = ZipKind("a Word document", "[Content_Types].xml", "Open it in Word or LibreOffice and save it again.")
_DEEPEST = 5000
# Of all parts together, and of one that says what belongs to what: mammoth takes a kilobyte of memory for
# each element, and more for these. A novel of a million characters has some 250,000.
_MOST_ELEMENTS = 400_000
_MOST_RELATIONS = 20_000
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CORE = "docProps/core.xml"


class _DoctypeFoundError(Exception):
    """A part declares a document type, which Word never does: entities may expand without end."""


class _TooManyError(Exception):
    """More elements than are read."""


def read_docx(path: Path, data: bytes) -> SourceText:
    """The prose of a Word document, its headings as ``# H``; pictures and comments are left out.

    Raises:
        SourceError: SOURCE_ENCRYPTED, SOURCE_UNKNOWN_KIND (an old .doc), SOURCE_DAMAGED, SOURCE_TOO_LARGE (a
            small file that unpacks to a huge one), SOURCE_EMPTY.
    """
    if data.startswith(_OLE):
        raise _old_container(path, data)
    parts = ZipParts(path, data, _KIND)
    title, sound = _checked(parts)
    heading, text = html_text(_html(parts, sound))
    return source_text(path.name, "docx", text, title=heading or title)


def _old_container(path: Path, data: bytes) -> SourceError:
    """Encrypted documents and those of Word 97 share the container of their files."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return SourceError.of(
            ErrorCode.SOURCE_ENCRYPTED, path, "it is protected with a password. Save it without one in Word."
        )
    return SourceError.of(
        ErrorCode.SOURCE_UNKNOWN_KIND,
        path,
        "this is an old Word document (.doc). Open it and save it as .docx.",
    )


def _checked(parts: ZipParts) -> tuple[str, bytes]:
    """The title in the document's properties and a sound copy of it; every part is harmless."""
    sound = parts.copy(lambda name: name.endswith((".xml", ".rels")))
    title = ""
    left = _MOST_ELEMENTS
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        for name in archive.namelist():
            most = min(left, _MOST_RELATIONS) if name.endswith(".rels") else left
            try:
                found, elements = _scan(archive.read(name), most)
            except _TooManyError as error:
                raise parts.too_large(f"too many elements in {name}") from error
            except (expat.ExpatError, ValueError, LookupError) as error:
                raise parts.damaged() from error
            except _DoctypeFoundError as error:
                raise SourceError.of(
                    ErrorCode.SOURCE_DAMAGED,
                    parts.path,
                    "it declares XML entities, which no Word document does.",
                ) from error
            left -= elements
            title = found if name == _CORE else title
    return title, sound


def _scan(xml: bytes, most: int) -> tuple[str, int]:
    """Refuse document types and parts that are not well formed; returns the text of a dc:title, and how many
    elements there are, at most `most`.
    """
    pieces: list[str] = []
    inside = False
    depth = elements = 0

    def refuse(*_declaration: object) -> None:
        raise _DoctypeFoundError

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal inside, depth, elements
        inside = name == "dc:title"
        depth += 1
        elements += 1
        if elements > most:
            raise _TooManyError
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
    return "".join(pieces), elements


def _html(parts: ZipParts, data: bytes) -> str:
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
        raise parts.damaged() from error
    html = str(result.value)
    if nesting(html) > _DEEPEST:
        raise parts.damaged()
    return html


def _no_picture(_image: object) -> list[object]:
    """Nothing in a picture's place."""
    return []
