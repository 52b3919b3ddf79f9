"""HTML files, saved web and wiki pages."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.encoding import decode
from cardforge_desktop.sources.model import SourceError, SourceText
from cardforge_desktop.sources.plain import source_text

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CHARSET = re.compile(
    rb"<(?:meta[^>]{0,200}charset|\?xml[^>]{0,200}encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DROPPED = _words(
    "head script style noscript template nav footer aside form button select input textarea svg math "
    "iframe object audio video canvas dialog map"
)
_BLOCKS = _words(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure header "
    "hgroup hr html legend li main menu ol p pre section summary table tbody tfoot thead tr ul "
    "caption"
)
# Inside a table's cell these divide words, not paragraphs, so that a row stays one line.
_SOFT_IN_CELL = _words("p div center section")
_DROPPED_CLASSES = _words(
    "mw-editsection editsection edit-link noprint navbox toc mw-jump-link catlinks reference sr-only "
    "visually-hidden breadcrumb breadcrumbs"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACE = re.compile(r"\s+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})")
# Elements that end by themselves or have no end.
_SHALLOW = _words(
    "p li td th tr dt dd option br img hr input meta link wbr area base col source track embed tbody "
    "thead tfoot colgroup param rt rp"
)
# The parser takes quadratic time in the depth of elements and in the attributes of one: a second for 20,000
# levels or 10,000 attributes, minutes for ten times that.
_DEEPEST = 5000
_MOST_ATTRIBUTES = 1000
# An element takes some 300 bytes in the parser and five microseconds here.
_MOST_TAGS = 1_200_000
_LONG_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+""")
# XHTML ends an element in its own tag, which HTML takes for its beginning: <title/> would swallow the page.
_XHTML = re.compile(r"<\?xml\s|<html[^<>]{0,500}http://www\.w3\.org/1999/xhtml")
_ENDED_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,20})(\s[^<>]{0,2000})?/>")
_VOID = _words("area base br col embed hr img input link meta param source track wbr")
_ATTRIBUTE = re.compile(r"""[^\s"'=<>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?""")


def read_html(path: Path, data: bytes) -> SourceText:
    """The prose of an HTML file; its title is the first h1, else the page's title.

    Raises:
        SourceError: SOURCE_BINARY, SOURCE_EMPTY, SOURCE_TOO_LARGE, SOURCE_DAMAGED (nested too deeply).
    """
    charset = _CHARSET.search(data[:4096])
    decoded = decode(path, data, charset[1].decode("ascii") if charset else "")
    if decoded.text.count("<") > _MOST_TAGS:
        raise SourceError.of(
            ErrorCode.SOURCE_TOO_LARGE,
            path,
            f"it has more than {_MOST_TAGS} tags. Split it into several files.",
        )
    if nesting(decoded.text) > _DEEPEST:
        raise SourceError.of(
            ErrorCode.SOURCE_DAMAGED, path, f"its elements are nested more than {_DEEPEST} deep."
        )
    if _most_attributes(decoded.text) > _MOST_ATTRIBUTES:
        raise SourceError.of(
            ErrorCode.SOURCE_DAMAGED, path, f"an element in it has more than {_MOST_ATTRIBUTES} attributes."
        )
    title, text = html_text(_as_html(decoded.text))
    return source_text(
        path.name, "html", text, title=title, encoding=decoded.encoding, warnings=decoded.warnings
    )


def _as_html(page: str) -> str:
    """XHTML with elements that end in their own tag given an end of their own; other pages as they are."""
    if not _XHTML.search(page[:4096]):
        return page
    return _ENDED_TAG.sub(
        lambda tag: tag[0] if tag[1].lower() in _VOID else f"<{tag[1]}{tag[2] or ''}></{tag[1]}>", page
    )


def html_text(html: str) -> tuple[str, str]:
    """(title, text) of a page: headings as ``# H``, lists with ``-``, rows of tables with `` | ``.

    Scripts, navigation, footers, hidden parts and edit links are left out.
    """
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(html)
    writer = _Writer()
    if tree.body is not None:
        for node, enters in _walk(tree.body):
            writer.write(node, enters)
    writer.end_block()
    page_title = tree.css_first("title")
    own_title = page_title.text() if page_title is not None else ""
    return writer.first_heading or own_title, "\n\n".join(writer.blocks).replace("\n\n\0", "\n")


def nesting(html: str) -> int:
    """An upper bound of how deep elements are nested, found without parsing."""
    opened: Counter[str] = Counter()
    depth = deepest = 0
    for closing, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _SHALLOW:
            continue
        if not closing:
            opened[tag] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif opened[tag]:
            opened[tag] -= 1
            depth -= 1
    return deepest


def _most_attributes(html: str) -> int:
    """Attributes of the element that has most of them."""
    tags = (
        found[0] for found in _LONG_TAG.finditer(html) if found.end() - found.start() > 2 * _MOST_ATTRIBUTES
    )
    return max((len(_ATTRIBUTE.findall(tag)) - 1 for tag in tags), default=0)


def _walk(root: "LexborNode") -> Iterator[tuple["LexborNode", bool]]:
    """(node, True) when it begins and (node, False) when it ends, without the dropped ones; not recursive."""
    stack: list[tuple[LexborNode, bool]] = [(root, True)]
    while stack:
        node, enters = stack.pop()
        if enters and not _is_infobox(node) and (node.tag in _DROPPED or _is_hidden(node)):
            continue
        yield node, enters
        if not enters or node.is_text_node:
            continue
        stack.append((node, False))
        child = node.last_child
        while child is not None:
            stack.append((child, True))
            child = child.prev


def _is_hidden(node: "LexborNode") -> bool:
    if not node.is_element_node or node.tag == "body":
        return False
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") == "navigation"
        or bool(_HIDDEN_STYLE.search(attributes.get("style") or ""))
        or not _DROPPED_CLASSES.isdisjoint((attributes.get("class") or "").split())
    )


def _is_infobox(node: "LexborNode") -> bool:
    """Fandom's wikis keep a character's facts in an aside."""
    return node.tag == "aside" and "infobox" in (node.attributes.get("class") or "")


class _Writer:
    """Turns the walk over a tree into blocks of text.

    Attributes:
        blocks: finished paragraphs, headings, list items and rows; one that begins with NUL follows the block
            before it without an empty line.
        first_heading: words of the first h1, "".
    """

    def __init__(self) -> None:  # one flag for each thing the walk may be inside of
        self.blocks: list[str] = []
        self.first_heading = ""
        self._pieces: list[str] = []
        self._lists: list[int | None] = []  # the number of the next item, None in lists without numbers
        self._heading = 0
        self._item = ""
        self._tight = False
        self._row = False
        self._cells = 0
        self._verbatim = 0

    def write(self, node: "LexborNode", enters: bool) -> None:
        """Take one step of the walk."""
        tag = node.tag or ""
        if node.is_text_node:
            self._write_text(node.text_content or "")
        elif tag == "br" and enters:
            self._pieces.append(" " if self._heading or self._cells else "\n")
        elif tag in ("td", "th"):
            self._cell(enters)
        elif tag in _HEADINGS:
            self.end_block()
            self._heading = _HEADINGS[tag] if enters else 0
        elif self._cells and tag in _SOFT_IN_CELL:
            self._pieces.append(" ")
        elif tag in _BLOCKS:
            self.end_block()
            self._structure(tag, enters)
        elif tag == "img" and enters and self._pieces and not self._verbatim:
            self._pieces.append(" ")

    def end_block(self) -> None:
        """Finish the block so far."""
        text = "".join(self._pieces)
        self._pieces = []
        if not self._verbatim:
            text = "\n".join(_SPACE.sub(" ", line).strip() for line in text.split("\n")).strip()
            text = re.sub(r"^(?:\| ?)+$", "", text)
        if not text.strip():
            return
        if self._heading:
            heading = text.replace("\n", " ")
            if self._heading == 1 and not self.first_heading:
                self.first_heading = heading
            text = f"{'#' * self._heading} {heading}"
        prefix = "\0" if self._tight and self.blocks and (self._item or self._row) else ""
        self.blocks.append(prefix + self._item + text)
        self._tight = bool(self._item or self._row)
        self._item = ""

    def _write_text(self, text: str) -> None:
        if not self._verbatim:
            text = _SPACE.sub(" ", text)
        self._pieces.append(text)

    def _cell(self, enters: bool) -> None:
        if enters and self._pieces:
            self._pieces.append(" | ")
        self._cells = max(0, self._cells + (1 if enters else -1))

    def _structure(self, tag: str, enters: bool) -> None:
        if tag in ("ul", "ol", "menu"):
            if enters:
                self._lists.append(1 if tag == "ol" else None)
            elif self._lists:
                self._lists.pop()
            self._tight = self._tight and bool(self._lists)
        elif tag == "li":
            self._item = self._marker() if enters else ""
        elif tag == "tr":
            self._row = enters
        elif tag == "table":
            self._tight = False
        elif tag == "pre":
            self._verbatim = max(0, self._verbatim + (1 if enters else -1))

    def _marker(self) -> str:
        """The mark of the next list item, indented by its depth."""
        indent = "  " * (min(len(self._lists), 10) - 1)
        number = self._lists[-1] if self._lists else None
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "
