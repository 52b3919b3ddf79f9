"""The body of an OpenDocument text, event by event, as blocks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from cardforge_desktop.sources.blocks import Blocks
from cardforge_desktop.sources.xml_part import XmlHandler

_ODF = "urn:oasis:names:tc:opendocument:xmlns"
PREFIXES: Mapping[str, str] = {
    **{
        f"{_ODF}:{name}:1.0": f"{name}:"
        for name in ("office", "text", "table", "style", "manifest", "meta", "form", "script")
    },
    f"{_ODF}:drawing:1.0": "draw:",
    f"{_ODF}:svg-compatible:1.0": "svg:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}
# Inside a paragraph none of these is the author's prose.
_DROPPED = frozenset(
    {
        "office:annotation",
        "office:forms",
        "svg:title",
        "svg:desc",
        "table:covered-table-cell",
        "text:alphabetical-index",
        "text:hidden-paragraph",
        "text:hidden-text",
        "text:illustration-index",
        "text:object-index",
        "text:ruby-text",
        "text:table-index",
        "text:table-of-content",
        "text:tracked-changes",  # holds what was deleted
        "text:user-index",
    }
)
_CELLS = ("table:table-cell", "table:covered-table-cell")
_PARAGRAPHS = ("text:p", "text:h")
# XML may not contain these, so that they can stand for the blanks that are meant until the others are joined.
_SPACE, _TAB, _BREAK = "\x01", "\x02", "\x03"
_MEANT = str.maketrans({_SPACE: " ", _TAB: "\t", _BREAK: "\n"})
_BLANKS = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 20  # an attribute says how many, a billion if it likes
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(slots=True)
class _List:
    """An open list.

    Attributes:
        style: its own or inherited style, "" without.
        number: of the item that is open.
        marker: what the next paragraph begins with, "" when it goes on.
    """

    style: str
    number: int = 0
    marker: str = ""


@dataclass(slots=True)
class _Paragraph:
    """An open paragraph; text boxes and notes put one into another.

    Attributes:
        level: of a heading, else 0.
    """

    level: int
    pieces: list[str] = field(default_factory=list)


class _Styles:
    """What the automatic styles of the document say about titles, hidden words and numbers."""

    def __init__(self) -> None:
        self.titles = {"Title"}
        self.hidden: set[str] = set()
        self.numbered: set[tuple[str, int]] = set()
        self._style = ""

    def note(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take an element of the styles."""
        if name == "style:style":
            self._style = attributes.get("style:name", "")
            if attributes.get("style:parent-style-name") == "Title":
                self.titles.add(self._style)
        elif name == "text:list-style":
            self._style = attributes.get("style:name", "")
        elif name == "style:text-properties" and attributes.get("text:display") == "none":
            self.hidden.add(self._style)
        elif name == "text:list-level-style-number" and attributes.get("style:num-format"):
            self.numbered.add((self._style, _number(attributes, "text:level", 1)))


class Body(XmlHandler):
    """Turns content.xml into blocks.

    Attributes:
        is_text: whether it is a text, not a spreadsheet or drawing.
    """

    prefixes: ClassVar[Mapping[str, str]] = PREFIXES

    def __init__(self, blocks: Blocks) -> None:
        super().__init__()
        self.is_text = False
        self._blocks = blocks
        self._styles = _Styles()
        self._dropped = 0  # how deep inside of something that is left out
        self._paragraphs: list[_Paragraph] = []
        self._lists: list[_List] = []
        self._last_number: dict[tuple[str, int], int] = {}
        self._rows: list[list[list[str]]] = []
        self._notes: list[str] = []
        self._note: list[str] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        if self._dropped or self._is_left_out(name, attributes):
            self._dropped += 1
        elif not self.is_text:
            self.is_text = name == "office:text"
            self._styles.note(name, attributes)
        elif name in _PARAGRAPHS:
            self._paragraphs.append(_Paragraph(self._level(name, attributes)))
        elif name in ("text:s", "text:tab", "text:line-break"):
            self._blank(name, attributes)
        elif name.startswith("table:"):
            self._start_of_table(name)
        elif name.startswith("text:list"):
            self._start_of_list(name, attributes)
        else:
            self._start_of_note(name)

    def words(self, text: str) -> None:
        """Take words; outside of paragraphs there are only blanks between elements."""
        if self._paragraphs and not self._dropped:
            self._paragraphs[-1].pieces.append(text)

    def end(self, name: str) -> None:
        """Leave an element."""
        if self._dropped:
            self._dropped -= 1
        elif name in _PARAGRAPHS and self._paragraphs:
            self._end_paragraph(self._paragraphs.pop())
        elif name == "text:list" and self._lists:
            ended = self._lists.pop()
            self._last_number[ended.style, len(self._lists) + 1] = ended.number
        elif name == "table:table-row" and self._rows:
            self._end_row(self._rows.pop())
        elif name == "text:note" and self._note is not None:
            self._notes.append(" ".join(self._note))
            self._note = None
        elif name == "text:note-citation":
            self._piece("]")

    def finish(self) -> None:
        """Add the footnotes, once the text is over."""
        for note in self._notes:
            self._blocks.paragraph(note)

    def _is_left_out(self, name: str, attributes: Mapping[str, str]) -> bool:
        if not self.is_text:
            return False
        return (
            name in _DROPPED
            or (name == "text:section" and attributes.get("text:display") == "none")
            or attributes.get("text:style-name") in self._styles.hidden
        )

    def _level(self, name: str, attributes: Mapping[str, str]) -> int:
        if name == "text:h":
            return _number(attributes, "text:outline-level", 1)
        return 1 if attributes.get("text:style-name") in self._styles.titles else 0

    def _piece(self, text: str) -> None:
        if self._paragraphs:
            self._paragraphs[-1].pieces.append(text)

    def _blank(self, name: str, attributes: Mapping[str, str]) -> None:
        count = min(_number(attributes, "text:c", 1), _MOST_SPACES)
        self._piece({"text:s": _SPACE * count, "text:tab": _TAB}.get(name, _BREAK))

    def _start_of_table(self, name: str) -> None:
        if name == "table:table-row":
            self._rows.append([])
        elif name in _CELLS and self._rows:
            self._rows[-1].append([])

    def _start_of_list(self, name: str, attributes: Mapping[str, str]) -> None:
        depth = len(self._lists)
        if name == "text:list":
            inherited = self._lists[-1].style if self._lists else ""
            style = attributes.get("text:style-name", inherited)
            goes_on = (
                attributes.get("text:continue-numbering") == "true" or "text:continue-list" in attributes
            )
            self._lists.append(_List(style, self._last_number.get((style, depth + 1), 0) if goes_on else 0))
        elif name == "text:list-item" and self._lists:
            current = self._lists[-1]
            current.number = _number(attributes, "text:start-value", current.number + 1)
            is_numbered = (current.style, depth) in self._styles.numbered
            current.marker = f"{current.number}." if is_numbered else "-"

    def _start_of_note(self, name: str) -> None:
        if name == "text:note":
            self._note = []
        elif name == "text:note-citation":
            self._piece("[")

    def _end_paragraph(self, paragraph: _Paragraph) -> None:
        text = _BLANKS.sub(" ", "".join(paragraph.pieces)).strip().translate(_MEANT)
        if self._note is not None:
            self._note.append(text)
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1].append(text)
        elif paragraph.level:
            self._blocks.heading(text, paragraph.level)
        elif self._lists and self._lists[-1].marker:
            self._blocks.item(text, len(self._lists) - 1, self._lists[-1].marker)
            self._lists[-1].marker = ""
        else:
            self._blocks.paragraph(text)

    def _end_row(self, row: list[list[str]]) -> None:
        cells = [" ".join(filter(None, cell)) for cell in row]
        if self._note is not None:
            self._note += cells
        elif self._rows and self._rows[-1]:
            self._rows[-1][-1] += cells
        else:
            self._blocks.row(cells)


def _number(attributes: Mapping[str, str], name: str, otherwise: int) -> int:
    """A small whole number an attribute gives."""
    text = attributes.get(name, "")
    return int(text) if _NUMBER.fullmatch(text) else otherwise
