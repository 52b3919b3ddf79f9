"""E-books in EPUB 2 and 3: https://www.w3.org/TR/epub-33/ and https://idpf.org/epub/20/spec/OPF_2.0.1_draft.htm."""

import posixpath
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.blocks import LONGEST_TEXT, text_too_long
from cardforge_desktop.sources.html import read_html
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.plain import source_text
from cardforge_desktop.sources.xml_part import XmlHandler, parse_part
from cardforge_desktop.sources.zip_file import ZipKind, ZipParts

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_KIND = ZipKind(
    "an EPUB book", _CONTAINER, "Convert it or save it again with a program for e-books, such as Calibre."
)
_PACKAGE_TYPE = "application/oebps-package+xml"
_LARGEST_CHAPTER = 16 * 1024 * 1024  # bytes
# Of all chapters together: reading a million takes some five seconds.
_MOST_TAGS = 3_000_000
_NAMED = 5  # parts in a warning


def read_epub(path: Path, data: bytes) -> SourceText:
    """The prose of an e-book, chapter by chapter in the order of its spine, without tables of contents.

    Raises:
        SourceError: SOURCE_ENCRYPTED (DRM), SOURCE_DAMAGED, SOURCE_TOO_LARGE, SOURCE_EMPTY.
    """
    parts = ZipParts(path, data, _KIND)
    container = _Container()
    parse_part(parts, _CONTAINER, container)
    package_name = _resolved("", container.package)
    if package_name not in parts:
        raise parts.damaged()
    package = _Package()
    parse_part(parts, package_name, package)
    names = package.chapters(posixpath.dirname(package_name))
    _check_rights(parts, {package_name, *names})
    chapters = _Chapters(parts)
    for name in names:
        chapters.read(name)
    if not chapters.texts and chapters.unreadable:
        raise parts.damaged()
    return source_text(
        path.name, "epub", "\n\n".join(chapters.texts), title=package.title, warnings=chapters.warnings()
    )


class _Chapters:
    """The chapters read so far.

    Attributes:
        texts: of those with words.
        unreadable: sentences about those that can't be read.
    """

    def __init__(self, parts: ZipParts) -> None:
        self.texts: list[str] = []
        self.unreadable: list[str] = []
        self._parts = parts
        self._missing: list[str] = []
        self._notes: list[str] = []
        self._length = 0
        self._tags = 0

    def read(self, name: str) -> None:
        """Take one chapter; a page without words (a cover) adds nothing.

        Raises:
            SourceError: SOURCE_TOO_LARGE for the book as a whole; SOURCE_DAMAGED for its archive.
        """
        if name not in self._parts:
            self._missing.append(name)
            return
        data = self._parts.read(name)
        self._tags += data.count(b"<")
        if self._tags > _MOST_TAGS:
            raise self._parts.too_large(f"more than {_MOST_TAGS} tags")
        if len(data) > _LARGEST_CHAPTER:
            limit = _LARGEST_CHAPTER // 1024**2
            self.unreadable.append(f"{name}: a chapter of more than {limit} MB is not read.")
            return
        try:
            chapter = read_html(Path(name), data)
        except SourceError as error:
            if error.code != ErrorCode.SOURCE_EMPTY:
                self.unreadable.append(f"{name}: {error.message.removeprefix(f'{Path(name).name}: ')}")
            return
        self._notes += [f"{name}: {note}" for note in chapter.warnings]
        self._length += len(chapter.text)
        if self._length > LONGEST_TEXT:
            raise text_too_long(self._parts.path)
        self.texts.append(chapter.text)

    def warnings(self) -> list[str]:
        """Sentences about everything that was guessed or left out."""
        found = [_shortened("Parts the book lists are not in its file", self._missing, ", ", ".")]
        found.append(_shortened("Parts of the book were left out", self.unreadable, " ", ""))
        return [sentence for sentence in found if sentence] + self._notes[:_NAMED]


def _shortened(sentence: str, names: list[str], between: str, end: str) -> str:
    """``sentence (7): a, b, c, d, e …`` or "" without names."""
    more = " …" if len(names) > _NAMED else end
    return f"{sentence} ({len(names)}): {between.join(names[:_NAMED])}{more}" if names else ""


class _Container(XmlHandler):
    """META-INF/container.xml: where the package document is; the first of several."""

    def __init__(self) -> None:
        super().__init__()
        self.package = ""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a package."""
        is_package = attributes.get("media-type", _PACKAGE_TYPE).strip() == _PACKAGE_TYPE
        if name == "rootfile" and is_package and not self.package:
            self.package = attributes.get("full-path", "")


class _Package(XmlHandler):
    """The package document (.opf).

    Attributes:
        title: the first dc:title.
    """

    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self._title: list[str] | None = None
        self._items: dict[str, str] = {}
        self._spine: list[str] = []
        self._left_out: set[str] = set()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note items of the manifest, the spine and the guide."""
        address = attributes.get("href", "")
        if name == "title" and not self.title:
            self._title = []
        elif name == "item":
            self._items[attributes.get("id", "")] = address
            is_page = not attributes.get("media-type", "").startswith("image/")
            if "nav" in attributes.get("properties", "").split() or not is_page:
                self._left_out.add(address)
        elif name == "itemref":
            self._spine.append(attributes.get("idref", ""))
        elif name == "reference" and attributes.get("type", "").lower() == "toc":
            self._left_out.add(address.partition("#")[0])

    def words(self, text: str) -> None:
        """Gather the title."""
        if self._title is not None:
            self._title.append(text)

    def end(self, name: str) -> None:
        """The title is whole."""
        if name == "title" and self._title is not None:
            self.title = "".join(self._title).strip()
            self._title = None

    def chapters(self, folder: str) -> list[str]:
        """Names of the parts to read, in order, each once; an item the manifest lacks keeps its bare id."""
        addresses = [self._items.get(item, item) for item in self._spine]
        wanted = (address for address in addresses if address and address not in self._left_out)
        return list(dict.fromkeys(_resolved(folder, address) for address in wanted))


class _Encrypted(XmlHandler):
    """META-INF/encryption.xml: addresses of the encrypted parts, from the root of the archive."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Note a part."""
        if name == "CipherReference":
            self.names.add(_resolved("", attributes.get("URI", "")))


def _check_rights(parts: ZipParts, names: set[str]) -> None:
    """Refuse books whose words are encrypted; fonts and pictures may be."""
    if _ENCRYPTION not in parts:
        return
    encrypted = _Encrypted()
    parse_part(parts, _ENCRYPTION, encrypted)
    if encrypted.names & names:
        raise SourceError.of(
            ErrorCode.SOURCE_ENCRYPTED,
            parts.path,
            "the book is protected (DRM): only the shop's own programs can open it. Use an unprotected copy.",
        )


def _resolved(folder: str, address: str) -> str:
    """The name of the part an address in `folder` leads to; out of the archive there are none."""
    bare = unquote(address.partition("#")[0]).strip()
    joined = posixpath.normpath(posixpath.join(folder, bare)) if bare else ""
    return joined.removeprefix("/")
