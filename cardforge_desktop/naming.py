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
from difflib import get_close_matches

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
# With the longest `_{format}`, a number and the extension, 23 bytes together, a name has 143 bytes at most:
# where encrypted home folders (eCryptfs) stop. Windows stops at 260 characters a path.
DEFAULT_STEM_BYTES = 120
#: Room for the fixed parts of the default patterns and a few letters.
SHORTEST_STEM_BYTES = 24
#: HFS+ takes 255 UTF-16 units of decomposed text, which are up to 1.5 for a byte of UTF-8 (U+0390).
LONGEST_STEM_BYTES = 150
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
#: Placeholders whose values are texts of any length; the others are never cut.
_TEXTS = frozenset({"character_name", "world", "class"})
_SMALLEST_VALUE = 4
_LONGEST_TEXT = 1000  # sorting a megabyte of combining marks would take minutes


#: What people write for a placeholder.
_OTHER_WORDS = {
    "name": "character_name",
    "char": "character_name",
    "character": "character_name",
    "card": "character_name",
    "card_name": "character_name",
    "title": "character_name",
    "setting": "world",
    "universe": "world",
    "role": "class",
    "job": "class",
    "character_class": "class",
    "time": "timestamp",
    "datetime": "timestamp",
    "unix": "timestamp",
    "day": "date",
    "today": "date",
    "type": "format",
    "extension": "format",
    "ext": "format",
    "v": "version",
    "character_version": "version",
    "batch": "batch_id",
    "id": "batch_id",
    "number": "index",
    "no": "index",
    "nr": "index",
    "i": "index",
    "n": "index",
    "counter": "index",
    "position": "index",
}


class NamingError(CardForgeError):
    """A pattern can't be used. Code: NAMING_UNKNOWN_PLACEHOLDER."""


@dataclass(frozen=True, slots=True)
class NameRules:
    """How names are made of values, whatever the pattern (specification 5.1: ``sanitize``, ``maxLength``).

    Attributes:
        sanitise: ``gandalf_the_grey``; False: ``Gandalf the Grey``, with all that every system allows.
        max_bytes: of a name in UTF-8, without extension and without the ``_{format}`` and number that tell
            equal names apart; `SHORTEST_STEM_BYTES` to `LONGEST_STEM_BYTES`.
    """

    sanitise: bool = True
    max_bytes: int = DEFAULT_STEM_BYTES


DEFAULT_RULES = NameRules()


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder as it stands in a pattern.

    Attributes:
        name: what is between the braces.
        start, end: its place, braces included.
        known: whether it stands for something.
        meant: of an unknown one, what is probably meant, "" = no idea.
    """

    name: str
    start: int
    end: int
    known: bool
    meant: str = ""


@dataclass(frozen=True, slots=True)
class NameValues:
    """What the placeholders of a pattern stand for; texts as they are, made safe when they enter a name.

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


def placeholders_in(template: str) -> tuple[Placeholder, ...]:
    """The placeholders of a template, known or not, in the order they stand."""
    return tuple(
        Placeholder(
            found[1],
            found.start(),
            found.end(),
            found[1] in PLACEHOLDERS,
            "" if found[1] in PLACEHOLDERS else _meant(found[1]),
        )
        for found in _PLACEHOLDER.finditer(template)
    )


def _meant(name: str) -> str:
    """The placeholder somebody means who writes `name`; "" when nothing is near."""
    plain = re.sub(r"[\W_]+", "_", name.lower()).strip("_")
    if plain in PLACEHOLDERS:
        return plain
    near = get_close_matches(
        plain, [*PLACEHOLDERS, *(word for word in _OTHER_WORDS if len(word) > 3)], 1, 0.7
    )
    chosen = plain if plain in _OTHER_WORDS else near[0] if near else ""
    return _OTHER_WORDS.get(chosen, chosen)


def check_pattern(pattern: str) -> None:
    """Refuse a pattern that has an unknown placeholder.

    Raises:
        NamingError: names the placeholder, what may be meant by it, and the known ones.
    """
    for found in placeholders_in(pattern_template(pattern)):
        if not found.known:
            known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
            guess = f" Do you mean {{{found.meant}}}?" if found.meant else ""
            raise NamingError(
                ErrorCode.NAMING_UNKNOWN_PLACEHOLDER,
                f"The file name pattern has an unknown placeholder {{{found.name}}}.{guess} "
                f"Known ones: {known}.",
                {"pattern": pattern, "placeholder": found.name, "meant": found.meant},
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


def tidy(text: str, empty: str = "") -> str:
    """A text as part of a file name that keeps its capitals, blanks and punctuation: ``Gandalf the Grey``.

    NFC; what draws nothing falls away, blanks in a row become one, what some system refuses becomes ``_``.
    `empty` is returned when nothing is left that tells one name from another.
    """
    normal = unicodedata.normalize("NFC", text[:_LONGEST_TEXT])
    drawn = (character for character in _INVISIBLE.sub("", normal) if unicodedata.category(character) != "Cf")
    blanks = re.sub(r"\s+", " ", "".join(drawn))
    safe = "".join("_" if _refused(character) else character for character in blanks)
    result = unicodedata.normalize("NFC", safe).strip(" ._")
    return result if any(unicodedata.category(character)[0] in "LNSP" for character in result) else empty


def file_stem(
    pattern: str, values: NameValues, *, format: str | None = None, rules: NameRules = DEFAULT_RULES
) -> str:
    """The name of a card's file without extension, never empty, as long as the rules allow at most.

    Args:
        pattern: a key of `PATTERNS` or a template. Its own words stay as they are, as far as every system
            allows them in a name; it can't make folders.
        format: what {format} stands for; None = ``card``.

    A name that is too long loses the ends of its character's name, world and class, not its timestamp,
    version or number.

    Raises:
        NamingError: the pattern has an unknown placeholder.
    """
    check_pattern(pattern)
    template = pattern_template(pattern)
    texts = _placeholder_texts(values, format, rules)
    stem = _render(template, texts, rules.max_bytes)
    if len(stem.encode()) <= rules.max_bytes:
        return stem
    # The more is left of the values, the longer is the stem: look for the most that fits.
    best, least, most = "", _SMALLEST_VALUE, rules.max_bytes - 1
    while least <= most:
        limit = (least + most) // 2
        stem = _render(template, texts, limit)
        if len(stem.encode()) <= rules.max_bytes:
            best, least = stem, limit + 1
        else:
            most = limit - 1
    return best or _safe(_cut(stem, rules.max_bytes - 1))


def file_names(
    pattern: str,
    values: NameValues,
    formats: Mapping[str, str],
    number: int = 1,
    rules: NameRules = DEFAULT_RULES,
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
    if "format" in _PLACEHOLDER.findall(pattern_template(pattern)):
        stems = {name: file_stem(pattern, values, format=name, rules=rules) for name in formats}
    else:
        stems = dict.fromkeys(formats, file_stem(pattern, values, rules=rules))
    return numbered(_told_apart(stems, formats), formats, number)


def names_after(
    stem: str, formats: Mapping[str, str], number: int = 1, rules: NameRules = DEFAULT_RULES
) -> dict[str, str]:
    """`file_names` for a card that keeps the name of a file it came in, ``mirela`` of ``mirela.png``.

    What some system refuses in names becomes ``_``; a long name loses its end. Of the rules only the length
    counts: the name is the person's own.
    """
    safe = _safe(stem)
    if len(safe.encode()) > rules.max_bytes:
        safe = _safe(_cut(safe, rules.max_bytes - 1))
    return numbered(_told_apart(dict.fromkeys(formats, safe), formats), formats, number)


def numbered(names: Mapping[str, str], formats: Mapping[str, str], number: int) -> dict[str, str]:
    """The names of the set with this number, from those of number 1; `formats` as in `file_names`."""
    if number == 1:
        return dict(names)
    endings = {name: f".{extension}" for name, extension in formats.items()}
    return {name: f"{names[name].removesuffix(ending)}_{number}{ending}" for name, ending in endings.items()}


def _told_apart(stems: Mapping[str, str], formats: Mapping[str, str]) -> dict[str, str]:
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
    return {name: f"{plain[name]}.{extension}" for name, extension in formats.items()}


def _placeholder_texts(values: NameValues, format: str | None, rules: NameRules) -> dict[str, str]:
    """Placeholder → text that may stand in a name."""

    def made(text: str, empty: str, keep: str = "") -> str:
        return sanitise(text, keep, empty) if rules.sanitise else tidy(text, empty)

    return {
        "character_name": made(values.character_name, UNNAMED),
        "world": made(values.world, UNKNOWN),
        "class": made(values.character_class, UNKNOWN),
        "timestamp": str(int(values.moment.timestamp())),
        "date": values.moment.date().isoformat(),
        "format": made(format or "", "card"),
        "version": made(values.version, "1", keep=".-"),
        "batch_id": made(values.batch_id.removeprefix("batch_"), UNKNOWN),
        "index": f"{values.index:03d}",
    }


def _render(template: str, texts: Mapping[str, str], limit: int) -> str:
    """The safe stem with every value of any length cut to `limit` bytes."""
    cut = {name: _cut(text, limit) if name in _TEXTS else text for name, text in texts.items()}
    return _safe(_PLACEHOLDER.sub(lambda found: cut[found[1]], template))


def _safe(stem: str) -> str:
    """A stem that no system refuses or changes."""
    drawn = unicodedata.normalize("NFC", _INVISIBLE.sub("", stem))
    safe = "".join("_" if _refused(character) else character for character in drawn)
    trimmed = _OUTER.sub("", safe) or UNNAMED
    base, dot, rest = trimmed.partition(".")
    return f"{base.rstrip()}_{dot}{rest}" if _RESERVED.match(base.rstrip()) else trimmed


def _refused(character: str) -> bool:
    """Separators, their look-alikes, what Windows forbids, control and bidi characters, unassigned ones."""
    return character in _FORBIDDEN or unicodedata.category(character)[0] == "C"


def _cut(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, no half characters, no loose end."""
    return text.encode("utf-8", "surrogatepass")[:limit].decode("utf-8", "ignore").rstrip("_.- ")
