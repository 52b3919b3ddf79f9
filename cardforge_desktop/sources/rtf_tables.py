"""What the tables at the beginning of an RTF document say: code pages of fonts, levels of styles."""

import codecs
import re
from functools import cache

LARGEST_TABLE = 1024 * 1024  # bytes; Word's own style sheet has 50,000
_FONT = re.compile(rb"\\f([0-9]{1,6})(?![0-9])|\\fcharset([0-9]{1,3})(?![0-9])")
_STYLE = re.compile(rb"\\s([0-9]{1,6})(?![0-9])")
_OUTLINE_LEVEL = re.compile(rb"\\outlinelevel([0-8])(?![0-9])")
_CONTROLS = re.compile(rb"\\[a-zA-Z]{1,32}-?[0-9]{0,10} ?|\\.|[{}\r\n]", re.DOTALL)
_MAC_PAGES = {10000: "mac_roman", 10006: "mac_greek", 10007: "mac_cyrillic", 10029: "mac_latin2"}
_HEADING = re.compile(rb"heading ([1-9])", re.IGNORECASE)


def font_encodings(table: bytes) -> dict[int, str]:
    """Number of a font → Python's name of its encoding; fonts that follow the document are not in it."""
    found: dict[int, str] = {}
    font = -1
    for number, charset in _FONT.findall(table):
        if number:
            font = int(number)
        elif encoding := _charset(int(charset)):
            found[font] = encoding
    return found


def heading_levels(table: bytes) -> dict[int, int]:
    """Number of a style → level of the headings it makes, from the style sheet."""
    found: dict[int, int] = {}
    for definition in table.split(b";"):
        style = _STYLE.search(definition)
        if not style:
            continue
        number = int(style[1])
        outline = _OUTLINE_LEVEL.search(definition)
        name = _CONTROLS.sub(b"", definition[style.end() :]).strip()
        heading = _HEADING.fullmatch(name)
        if heading:
            found[number] = int(heading[1])
        elif name.lower() == b"title":
            found[number] = 1
        elif outline:
            found[number] = int(outline[1]) + 1
    return found


def code_page(number: int) -> str:
    """Python's name of a code page, "" for one it does not know."""
    name = _MAC_PAGES.get(number, f"cp{number}")
    return name if _is_known(name) else ""


@cache
def _charset(number: int) -> str:
    """The encoding of a font's character set, "" for unknown ones and for "the default"."""
    from striprtf.striprtf import charset_map

    name = charset_map.get(number, "")
    return name if name and _is_known(name) else ""


def _is_known(encoding: str) -> bool:
    try:
        codecs.lookup(encoding)
    except LookupError:
        return False
    return True
