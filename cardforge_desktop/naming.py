"""File names of finished cards: patterns with placeholders (specification, section 5). Pure.

A name is safe on Windows, macOS and Linux at once, whichever of them it is made on, since people copy their
cards between machines.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cardforge_desktop.errors import CardForgeError, ErrorCode

PATTERNS: Mapping[str, str] = {
    "default": "{character_name}_{timestamp}",
    "detailed": "{character_name}_{world}_{class}_{date}",
    "versioned": "{character_name}_v{version}_{format}",
    "batch": "batch_{batch_id}_{index}_{character_name}",
}
PLACEHOLDERS = (
    "character_name",
    "world",
    "class",
    "timestamp",
    "date",
    "format",
    "version",
    "batch_id",
    "index",
)

MAX_NAME_BYTES = 255
# Room for the longest `_{format}`, a number and the extension; encrypted home folders (eCryptfs) stop at 143
# bytes a name and Windows at 260 characters a path.
MAX_STEM_BYTES = 120
UNNAMED = "unnamed"
UNKNOWN = "unknown"

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_FORBIDDEN = frozenset(
    '<>:"/\\|?*\u2044\u2215\u29f8\uff0f\uff3c\u2028\u2029'
)  # look-alikes of separators, line ends
_APOSTROPHES = frozenset("'\u2018\u2019\u02bc\uff07`")
# Letters and marks that draw nothing: fillers, joiners, variation selectors.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\Z", re.IGNORECASE)
_OUTER = re.compile(r"\A[\s.]+|[\s.]+\Z")  # leading dots hide a file, Windows drops trailing dots and spaces
_SMALLEST_VALUE = 8
_LONGEST_TEXT = 1000  # sorting a megabyte of combining marks would take minutes


class NamingError(CardForgeError):
    """A pattern can't be used. Code: NAMING_UNKNOWN_PLACEHOLDER."""


@dataclass(frozen=True, slots=True)
class NameValues:
    """What the placeholders of a pattern stand for; texts as they are, sanitised when they enter a name.

    Attributes:
        moment: when the card was finished, with its time zone; gives {timestamp} in Unix seconds and {date}
            as the calendar day in that time zone.
        character_class: {class}; "" becomes ``unknown``, like an empty `world`.
        version: the card's own version; "" becomes ``1``.
        batch_id: with or without its ``batch_`` prefix.
        index: place of the card in its batch, from 1.
    """

    character_name: str
    moment: datetime
    world: str = ""
    character_class: str = ""
    version: str = "1"
    batch_id: str = ""
    index: int = 1


def pattern_template(pattern: str) -> str:
    """The template behind a pattern's name; a free template is its own; "" is the default."""
    return PATTERNS.get(pattern or "default", pattern)


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that has an unknown placeholder.

    Raises:
        NamingError: names the placeholder and lists the known ones.
    """
    for found in _PLACEHOLDER.finditer(pattern_template(pattern)):
        if found[1] not in PLACEHOLDERS:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            raise NamingError(
                ErrorCode.NAMING_UNKNOWN_PLACEHOLDER,
                f"The file name pattern has an unknown placeholder {found[0]}. Known ones: {known}.",
                {"pattern": pattern, "placeholder": found[1]},
            )


def sanitise(text: str, keep: str = "", empty: str = "") -> str:
    """A text as part of a file name: "Gandalf the Grey" → ``gandalf_the_grey``.

    Lower case, NFC, letters, marks and numbers of every script; apostrophes and invisible characters fall
    away, all else becomes one underscore. Characters of `keep` may stand inside. `empty` is returned when no
    letter or number is left.
    """
    lowered = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text[:_LONGEST_TEXT]).lower())
    kept: list[str] = []
    for character in _INVISIBLE.sub("", lowered):
        category = unicodedata.category(character)
        if category[0] in "LN" or character in keep or (category[0] == "M" and kept and kept[-1] != "_"):
            kept.append(character)
        elif category != "Cf" and character not in _APOSTROPHES and kept and kept[-1] != "_":
            kept.append("_")
    result = unicodedata.normalize("NFC", "".join(kept)).strip(f"_{keep}")
    return result if any(unicodedata.category(character)[0] in "LN" for character in result) else empty


def file_stem(
    pattern: str, values: NameValues, *, format: str | None = None, max_bytes: int = MAX_STEM_BYTES
) -> str:
    """The name of a card's file without extension, never empty, at most `max_bytes` of UTF-8.

    Args:
        pattern: a key of `PATTERNS` or a template. Its own words stay as they are, as far as every system
            allows them in a name; it can't make folders.
        format: what {format} stands for; None = ``card``.

    A name that is too long loses the ends of its long values, not its timestamp or number.

    Raises:
        NamingError: the pattern has an unknown placeholder.
    """
    check_pattern(pattern)
    template = pattern_template(pattern)
    texts = _placeholder_texts(values, format)
    for limit in range(max_bytes, _SMALLEST_VALUE - 1, -1):
        stem = _render(template, texts, limit)
        if len(stem.encode()) <= max_bytes:
            return stem
    return _safe(_cut(stem, max_bytes - 1))


def file_names(
    pattern: str, values: NameValues, formats: Mapping[str, str], number: int = 1
) -> dict[str, str]:
    """The file name of each format of one card.

    Args:
        formats: format → extension without a dot, ``{"json": "json", "tavernai": "png"}``.
        number: from 2 on it is appended (``_2``) to all names alike: the writer asks for the next number
            when one of the files exists (`store.files.write_new_files`).

    Formats whose names would be equal (also in upper and lower case) get ``_{format}`` appended, each of
    them. The result does not depend on the order of `formats`.

    Raises:
        NamingError: the pattern has an unknown placeholder.
    """
    stems = {name: file_stem(pattern, values, format=name) for name in formats}
    return _told_apart(stems, formats, number)


def names_after(stem: str, formats: Mapping[str, str], number: int = 1) -> dict[str, str]:
    """`file_names` for a card that keeps the name of a file it came in, ``mirela`` of ``mirela.png``.

    What some system refuses in names becomes ``_``; a long name loses its end.
    """
    safe = _safe(stem)
    if len(safe.encode()) > MAX_STEM_BYTES:
        safe = _safe(_cut(safe, MAX_STEM_BYTES - 1))
    return _told_apart(dict.fromkeys(formats, safe), formats, number)


def _told_apart(stems: Mapping[str, str], formats: Mapping[str, str], number: int) -> dict[str, str]:
    """Whole names of the stems, in which no two are equal."""
    marked: set[str] = set()
    while True:
        plain = {
            name: f"{stems[name]}_{sanitise(name, empty=name)}" if name in marked else stems[name]
            for name in formats
        }
        keys = {name: f"{plain[name]}.{extension}".casefold() for name, extension in formats.items()}
        counts = Counter(keys.values())
        equal = {name for name, key in keys.items() if counts[key] > 1}
        if equal <= marked:
            break
        marked |= equal
    suffix = f"_{number}" if number > 1 else ""
    return {name: f"{plain[name]}{suffix}.{extension}" for name, extension in formats.items()}


def _placeholder_texts(values: NameValues, format: str | None) -> dict[str, str]:
    """Placeholder → sanitised text."""
    return {
        "character_name": sanitise(values.character_name, empty=UNNAMED),
        "world": sanitise(values.world, empty=UNKNOWN),
        "class": sanitise(values.character_class, empty=UNKNOWN),
        "timestamp": str(int(values.moment.timestamp())),
        "date": values.moment.date().isoformat(),
        "format": sanitise(format or "", empty="card"),
        "version": sanitise(values.version, keep=".-", empty="1"),
        "batch_id": sanitise(values.batch_id.removeprefix("batch_"), empty=UNKNOWN),
        "index": f"{values.index:03d}",
    }


def _render(template: str, texts: Mapping[str, str], limit: int) -> str:
    """The safe stem with every value cut to `limit` bytes."""
    filled = _PLACEHOLDER.sub(lambda found: _cut(texts[found[1]], limit), template)
    return _safe(filled)


def _safe(stem: str) -> str:
    """A stem that no system refuses or changes."""
    safe = "".join(
        "_" if _refused(character) else character for character in unicodedata.normalize("NFC", stem)
    )
    trimmed = _OUTER.sub("", safe) or UNNAMED
    base, dot, rest = trimmed.partition(".")
    return f"{base.rstrip()}_{dot}{rest}" if _RESERVED.match(base.rstrip()) else trimmed


def _refused(character: str) -> bool:
    """Separators, their look-alikes, what Windows forbids, control, bidi and invisible characters."""
    return character in _FORBIDDEN or unicodedata.category(character)[0] == "C"


def _cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, no half characters, no loose end."""
    return text.encode("utf-8", "surrogatepass")[:limit].decode("utf-8", "ignore").rstrip("_.- ")
