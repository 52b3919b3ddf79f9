"""JSON as cards carry it: strict on the way out, guarded and lenient on the way in."""

import json
from operator import is_
from typing import Any

from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.errors import ErrorCode

#: Bytes of JSON that are read. Characters beyond Latin-1 take four times their bytes in memory.
LARGEST_TEXT = 32 * 1024 * 1024
#: Values in it, counted from above by the marks between them: 32 MB of ``[],`` would fill gigabytes.
MOST_VALUES = 1_500_000
#: Byte order marks, and the blanks a text may begin with, in UTF-8, 16 and 32.
MARKS = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
#: Levels of nesting. Cards have some ten; further on everything that walks a value has to recurse.
DEEPEST = 120
#: Levels of a value that becomes a card by being turned, which may put parts of it some levels deeper.
DEEPEST_TURNED = 100
_ALWAYS_INDENTED = 64 * 1024  # characters


def dump(value: Any, *, indent: int | None = None) -> bytes:
    """UTF-8 JSON of `value`, characters not escaped; indented unless that makes it huge.

    A lone surrogate becomes U+FFFD: UTF-8 has no place for it.

    Raises:
        CardFormatError: CARD_UNWRITABLE: NaN, an infinity, or something that is no JSON value.
    """
    try:
        return _text(value, indent).encode()
    except UnicodeEncodeError:
        # As values: two names may become one by it.
        return _text(mended(value, Notes()), indent).encode()
    except (ValueError, TypeError, RecursionError) as error:
        raise CardFormatError(
            ErrorCode.CARD_UNWRITABLE,
            "the card holds a value that JSON has no form for. Look for it in the extensions of the card.",
            {"reason": str(error)},
        ) from error


def load(data: bytes, notes: Notes | None = None) -> Any:
    """The value in `data` (UTF-8, 16 or 32, with or without a mark; else Windows-1252).

    A lone surrogate becomes U+FFFD; NaN and infinities, which JSON has not, become null, each with a note.

    Raises:
        CardFormatError: CARD_DAMAGED: no JSON, nested too deep, or more of it than a card has;
            CARD_TOO_LARGE.
    """
    notes = notes or Notes()
    _check_size(data)
    try:
        value = json.loads(
            decoded(data, notes),
            parse_constant=lambda name: _no_number(name, notes),
            parse_float=lambda digits: _finite(digits, notes),
            object_pairs_hook=lambda pairs: _object(pairs, notes),
        )
        return mended(value, notes)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise CardFormatError(
            ErrorCode.CARD_DAMAGED,
            f"the JSON is broken ({_place(error)}). Export the card again.",
            {"reason": str(error)},
        ) from error


def _text(value: Any, indent: int | None) -> str:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    if indent is None:
        return text
    return _indented(value, indent, min(4 * len(text) + _ALWAYS_INDENTED, LARGEST_TEXT)) or text


def _indented(value: Any, indent: int, longest: int) -> str:
    """ "" where it would be longer: many values, nested deep, are hardly anything but blanks."""
    pieces: list[str] = []
    length = 0
    for piece in json.JSONEncoder(ensure_ascii=False, allow_nan=False, indent=indent).iterencode(value):
        pieces.append(piece)
        length += len(piece)
        if length > longest:
            return ""
    return "".join(pieces)


def _check_size(data: bytes) -> None:
    if len(data) > LARGEST_TEXT:
        megabytes = len(data) / 1024**2
        raise CardFormatError(
            ErrorCode.CARD_TOO_LARGE,
            f"{megabytes:.0f} MB of JSON are more than a card may have ({LARGEST_TEXT // 1024**2} MB).",
            {"bytes": len(data)},
        )
    if sum(data.count(mark) for mark in (b",", b"[", b"{")) > MOST_VALUES:
        raise CardFormatError(ErrorCode.CARD_TOO_LARGE, f"the JSON holds more than {MOST_VALUES:,} values.")


def decoded(data: bytes, notes: Notes) -> str:
    """The text in `data`: UTF-8, 16 or 32, else Windows-1252, with a note.

    Raises:
        ValueError: the bytes are no text.
    """
    encoding = json.detect_encoding(data)
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        if encoding not in ("utf-8", "utf-8-sig"):
            raise
        notes.add("", f"The text was not UTF-8 (byte {error.start}) and is read as Windows-1252")
        return data.decode("cp1252", "replace")


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return f"no text at byte {error.start}"
    return "a number of thousands of digits"  # Python's own limit, sys.int_info


def _object(pairs: list[tuple[str, Any]], notes: Notes) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                notes.add(_without_lone_surrogates(name[:100]), "stood there twice; the last is kept")
            seen.add(name)
    return fields


def _no_number(name: str, notes: Notes) -> None:
    notes.add("", f"The value {name}, which is no JSON, became null")


def _finite(digits: str, notes: Notes) -> float | None:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        _no_number(digits[:20], notes)
        return None
    return number


def _without_lone_surrogates(text: str) -> str:
    if text.isascii():
        return text
    # Through UTF-16 two halves that stand side by side become the character they mean.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def mended(value: Any, notes: Notes) -> Any:
    """`value` with U+FFFD for each lone surrogate, which UTF-8 has no place for.

    Raises:
        CardFormatError: CARD_DAMAGED: nested deeper than `DEEPEST`.
    """
    return _mended(value, notes, 0)


def _mended(value: Any, notes: Notes, depth: int) -> Any:
    if isinstance(value, str):
        return _whole(value, notes)
    if depth > DEEPEST:
        raise _too_deep()
    # What is right stays the same object: a copy of everything would take the memory twice.
    if isinstance(value, list):
        items = [_mended(item, notes, depth + 1) for item in value]
        return value if all(map(is_, items, value)) else items
    if isinstance(value, dict):
        fields = {_whole(key, notes): _mended(item, notes, depth + 1) for key, item in value.items()}
        same = all(map(is_, fields, value)) and all(map(is_, fields.values(), value.values()))
        return value if same and len(fields) == len(value) else fields
    return value


def check_depth(value: Any) -> None:
    """Refuse what is nested too deep to be turned into a card.

    Raises:
        CardFormatError: CARD_DAMAGED: deeper than `DEEPEST_TURNED`.
    """
    if _is_deeper(value, DEEPEST_TURNED):
        raise _too_deep()


def _is_deeper(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return False
    inside = value.values() if isinstance(value, dict) else value
    return levels < 0 or any(_is_deeper(item, levels - 1) for item in inside)


def _whole(text: str, notes: Notes) -> str:
    whole = _without_lone_surrogates(text)
    if whole == text:
        return text
    if whole.count("\ufffd") > text.count("\ufffd"):
        notes.add("", "Half characters (lone surrogates), which no file can hold, became �")
    return whole


def _too_deep() -> CardFormatError:
    return CardFormatError(ErrorCode.CARD_DAMAGED, "the JSON is nested too deep to be a card.")
