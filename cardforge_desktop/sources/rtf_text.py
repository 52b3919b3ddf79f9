"""The prose of an RTF document, token by token, as blocks.

The knowledge (which groups are no prose, special characters, character sets) is striprtf's. Its own
`rtf_to_text` is not used: patterns in it take cubic time on a hostile font table, it fails on numbers out of
range, and it knows neither headings, lists, hidden text nor surrogate pairs. The format:
https://www.biblioscape.com/rtf15_spec.htm.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.sources.blocks import LONGEST_TEXT, Blocks, text_too_long
from cardforge_desktop.sources.model import SourceError
from cardforge_desktop.sources.rtf_tables import LARGEST_TABLE, code_page, font_encodings, heading_levels
from cardforge_desktop.sources.rtf_tokens import TokenKind, Tokens

_DEEPEST = 5000
_BODY_TEXT = 9  # \outlinelevel of what is no heading
_SURROGATES = re.compile("[\ud800-\udfff]")
_NUMBER_OF_ITEM = re.compile(r"\(?(?:[0-9]{1,4}|[a-zA-Z]{1,4})[.)]")
_STARRED = (b"\\footnote", b"\\ud")
_CHARACTER_SETS = {b"ansi": "cp1252", b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
_JOINERS = {b"zwj": "\u200d", b"zwnj": "\u200c"}


@dataclass(slots=True)
class _State:
    """What a group hands down to the groups inside it.

    Attributes:
        target: where its words go, None for nowhere.
        font: its number, -1 before the first.
        stand_ins: how many characters follow each Unicode character for readers that know none.
        hidden: whether it is hidden or deleted text.
        level: of a heading, else 0.
        depth: of a list in others.
        in_table: whether paragraphs belong to a cell.
        in_properties: whether it is the document's own description.
    """

    target: io.StringIO | None
    font: int = -1
    stand_ins: int = 1
    hidden: bool = False
    level: int = 0
    depth: int = 0
    in_table: bool = False
    in_properties: bool = False


class RtfText:
    """One document on its way to blocks.

    Attributes:
        encoding: Python's name of the encoding of the document, where fonts say nothing else.
    """

    def __init__(self, path: Path, data: bytes, start: int, blocks: Blocks) -> None:
        from striprtf.striprtf import destinations, specialchars

        self.encoding = "cp1252"
        self._path = path
        self._blocks = blocks
        self._tokens = Tokens(path, data, start)
        self._not_prose = frozenset(word.encode() for word in destinations)
        self._characters = {word.encode(): text for word, text in specialchars.items()} | _JOINERS
        self._words = self._meanings()
        self._body = io.StringIO()
        self._marker = io.StringIO()
        self._title = io.StringIO()
        self._note = io.StringIO()
        self._notes: list[str] = []
        self._state = _State(self._body)
        self._groups: list[_State] = []
        self._fonts: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._cells: list[str] = []
        self._pending = bytearray()
        self._to_skip = 0
        self._length = 0
        self._broken = 0
        self._default_font = -1
        self._names_page = False
        self._unknown_page = 0

    @property
    def title(self) -> str:
        """The title in the document's properties."""
        return _joined_pairs(self._title.getvalue())

    def read(self) -> None:
        """Send the whole document to the blocks.

        Raises:
            SourceError: SOURCE_DAMAGED (groups nested without end), SOURCE_TOO_LARGE.
        """
        for kind, value, number in self._tokens:
            if kind == TokenKind.TEXT:
                self._take(value)
            elif kind == TokenKind.WORD:
                self._to_skip = 0
                self._word(value, number)
            elif kind == TokenKind.BYTE:
                self._take(bytes.fromhex(value.decode("ascii")))
            elif kind == TokenKind.SYMBOL:
                self._to_skip = 0
                self._symbol(value)
            elif not self._brace(value):
                break
        self._finish()

    def warnings(self) -> list[str]:
        """Sentences about everything that was guessed or left out."""
        found = []
        if self._groups or self._tokens.is_cut:
            found.append("The file ends in the middle; what was there has been read.")
        if self._unknown_page:
            found.append(f"Its code page {self._unknown_page} is unknown; {self.encoding} was taken instead.")
        if self._broken:
            found.append(f"{self._broken} characters could not be read and are shown as \ufffd.")
        return found

    def _meanings(self) -> dict[bytes, Callable[[int], None]]:
        """What the control words do that are more than a character."""
        return {
            **dict.fromkeys((b"par", b"sect", b"page", b"column"), self._end_paragraph),
            **dict.fromkeys((b"listtext", b"pntext"), self._list_marker),
            **dict.fromkeys((b"nestcell", b"nestrow"), lambda _: self._character(" ")),
            b"cell": self._end_cell,
            b"row": self._end_row,
            b"u": self._unicode,
            b"uc": lambda number: self._set(stand_ins=max(number, 0)),
            b"f": self._font,
            b"deff": self._set_default_font,
            b"plain": lambda _: self._reset_characters(),
            b"v": lambda number: self._set(hidden=number != 0),
            b"deleted": lambda number: self._set(hidden=number != 0),
            b"pard": lambda _: self._set(level=0, depth=0, in_table=False),
            b"s": lambda number: self._set(level=self._levels.get(number, 0)),
            b"outlinelevel": lambda number: self._set(level=number + 1 if 0 <= number < _BODY_TEXT else 0),
            b"intbl": lambda number: self._set(in_table=number != 0),
            b"ilvl": lambda number: self._set(depth=max(number, 0)),
            b"fonttbl": lambda _: self._fonts.update(
                font_encodings(self._tokens.rest_of_group(LARGEST_TABLE))
            ),
            b"stylesheet": lambda _: self._levels.update(
                heading_levels(self._tokens.rest_of_group(LARGEST_TABLE))
            ),
            b"ansicpg": self._code_page,
            b"info": lambda _: self._set(target=None, in_properties=True),
            b"footnote": lambda _: self._footnote(),
            b"bin": self._tokens.pass_over,
        }

    def _word(self, word: bytes, number: int) -> None:
        if self._state.in_properties and word in (b"title", b"upr", b"ud"):
            if word == b"title":  # the second, in Unicode, is better than the first
                self._flush()
                self._title = io.StringIO()
                self._state.target = self._title
        elif meaning := self._words.get(word):
            meaning(number)
        elif word in self._not_prose:
            self._tokens.rest_of_group()
        elif word in _CHARACTER_SETS and not self._names_page:
            self.encoding = _CHARACTER_SETS[word]
        elif text := self._characters.get(word):
            self._character(text)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            # An extension; readers that do not know it are to leave it out.
            if not self._tokens.comes(_STARRED):
                self._tokens.rest_of_group()
        elif symbol in (b"\r", b"\n"):  # a paragraph's end in TextEdit
            self._end_paragraph(-1)
        elif text := self._characters.get(symbol):
            self._character(text)

    def _brace(self, brace: bytes) -> bool:
        """Enter or leave a group; False at the end of the document."""
        self._flush()
        self._to_skip = 0
        if brace == b"{":
            self._groups.append(replace(self._state))
            if len(self._groups) > _DEEPEST:
                raise SourceError.of(
                    ErrorCode.SOURCE_DAMAGED, self._path, f"its groups are nested more than {_DEEPEST} deep."
                )
        elif self._groups:
            self._state = self._groups.pop()
        return bool(self._groups)

    def _take(self, characters: bytes) -> None:
        """Bytes of text; they wait, since a character may have several."""
        if self._to_skip:
            left_out = min(self._to_skip, len(characters))
            self._to_skip -= left_out
            characters = characters[left_out:]
        if self._state.target is not None and not self._state.hidden:
            self._pending += characters

    def _flush(self) -> None:
        if not self._pending:
            return
        encoding = self._fonts.get(self._state.font, self.encoding)
        text = self._pending.decode(encoding, "replace")
        self._pending = bytearray()
        self._broken += text.count("\ufffd")
        self._write(text)

    def _character(self, text: str) -> None:
        self._flush()
        if not self._state.hidden:
            self._write(text)

    def _write(self, text: str) -> None:
        self._length += len(text)
        if self._length > LONGEST_TEXT:
            raise text_too_long(self._path)
        if self._state.target is not None:
            self._state.target.write(text)

    def _unicode(self, number: int) -> None:
        code = number + 0x10000 if number < 0 else number  # a signed 16-bit number
        self._character(chr(code) if 0 < code <= 0x10FFFF else "\ufffd")
        self._to_skip = self._state.stand_ins

    def _set(self, **values: Any) -> None:
        self._flush()
        for name, value in values.items():
            setattr(self._state, name, value)

    def _font(self, number: int) -> None:
        self._flush()
        self._state.font = number

    def _set_default_font(self, number: int) -> None:
        self._default_font = number
        self._font(number)

    def _reset_characters(self) -> None:
        self._set(hidden=False, font=self._default_font)

    def _code_page(self, number: int) -> None:
        if self._names_page or number <= 0:  # a second would be wrong, and looking many up takes time
            return
        self._flush()
        self._names_page = True
        page = code_page(number)
        self.encoding = page or self.encoding
        self._unknown_page = 0 if page else number

    def _list_marker(self, _number: int) -> None:
        self._flush()
        self._marker = io.StringIO()
        self._state.target = self._marker

    def _footnote(self) -> None:
        if self._state.target is not self._body:
            self._tokens.rest_of_group()
            return
        self._end_note()
        self._notes.append("")
        self._character(f"[{len(self._notes)}]")
        self._set(target=self._note)

    def _end_note(self) -> None:
        """The note so far is whole."""
        self._flush()
        words = " ".join(_joined_pairs(self._note.getvalue()).split())
        if words:
            self._notes[-1] = f"[{len(self._notes)}] {words}"
        self._note = io.StringIO()

    def _end_paragraph(self, _number: int) -> None:
        if self._state.target is not self._body or self._state.in_table:
            self._character(" ")
            return
        self._flush()
        self._end_row(-1)
        text, marker = self._taken(), self._marker.getvalue().strip()
        self._marker = io.StringIO()
        if self._state.level:
            self._blocks.heading(text, self._state.level)
        elif marker:
            number = _NUMBER_OF_ITEM.fullmatch(marker)
            self._blocks.item(text, self._state.depth, number[0] if number else "-")
        else:
            self._blocks.paragraph(text)

    def _end_cell(self, _number: int) -> None:
        self._flush()
        if self._state.target is self._body:
            self._cells.append(self._taken())

    def _end_row(self, _number: int) -> None:
        self._blocks.row(self._cells)
        self._cells = []

    def _taken(self) -> str:
        """The words of the body so far, which begins anew."""
        text = self._body.getvalue()
        self._body.seek(0)
        self._body.truncate()
        return _joined_pairs(text)

    def _finish(self) -> None:
        self._end_note()
        self._set(target=self._body, in_table=False)
        self._end_paragraph(-1)
        for note in self._notes:
            self._blocks.paragraph(note)


def _joined_pairs(text: str) -> str:
    """Characters beyond the basic plane come as two halves."""
    if not _SURROGATES.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
