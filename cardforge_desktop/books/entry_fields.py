"""The fields of an entry as an editor shows them: each read from, and written to, all places it stands in.

Some things stand in two places, for V2 and V3 and for SillyTavern: position, case, title. Here both are kept
saying the same, as `cards.formats.world_info` reads and writes them. Everything else of SillyTavern's lives
in `extensions` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cardforge_desktop.cards.book_fields import category_of, with_category
from cardforge_desktop.cards.model import BookEntry

#: SillyTavern's `world_info_position`.
BEFORE, AFTER, NOTE_TOP, NOTE_BOTTOM, AT_DEPTH, EXAMPLES_TOP, EXAMPLES_BOTTOM, OUTLET = range(8)
#: SillyTavern's `world_info_logic`.
AND_ANY, NOT_ALL, NOT_ANY, AND_ALL = range(4)

#: What SillyTavern takes for a field that is absent (`newWorldInfoEntryDefinition`), where it is not None.
_ABSENT: Mapping[str, Any] = MappingProxyType(
    {
        "selectiveLogic": AND_ANY,
        "probability": 100,
        "useProbability": True,
        "depth": 4,
        "role": 0,
        "outlet_name": "",
        "group": "",
        "group_override": False,
        "group_weight": 100,
        "exclude_recursion": False,
        "prevent_recursion": False,
        "vectorized": False,
        "ignore_budget": False,
        "automation_id": "",
        "match_persona_description": False,
        "match_character_description": False,
        "match_character_personality": False,
        "match_character_depth_prompt": False,
        "match_scenario": False,
        "match_creator_notes": False,
    }
)
_WITHOUT_DEFAULT = ("match_whole_words", "use_group_scoring", "scan_depth", "sticky", "cooldown", "delay")
_PLAIN = ("content", "keys", "enabled", "insertion_order", "priority", "use_regex", "id", "extensions")


@dataclass(frozen=True, slots=True)
class EntryField:
    """How one field is read and put into an entry."""

    read: Callable[[BookEntry], Any]
    put: Callable[[BookEntry, Any], BookEntry]

    def write(self, entry: BookEntry, value: Any) -> BookEntry:
        """The entry with this value; the very entry where it says that already."""
        held = self.read(entry)
        same = type(held) is type(value) and held == value
        return entry if same else self.put(entry, value)


def title_shown(entry: BookEntry) -> str:
    """The title: the name, or SillyTavern's, which is the comment. A name that is "" leaves it a comment."""
    return (entry.comment or "") if entry.name is None else entry.name


def with_title(entry: BookEntry, title: str) -> BookEntry:
    """The entry with another title; a comment that was the title goes with it."""
    if comment_shown(entry):
        return entry.model_copy(update={"name": title})
    both = {"comment": title or None} if entry.comment else {}
    if entry.name is None and both:
        return entry.model_copy(update=both)
    return entry.model_copy(update={"name": title or None, **both})


def comment_shown(entry: BookEntry) -> str:
    """The comment where it is not the title."""
    return entry.comment if entry.name is not None and entry.comment and entry.comment != entry.name else ""


def with_comment(entry: BookEntry, comment: str) -> BookEntry:
    """The entry with another comment; the title stays what it was."""
    title = title_shown(entry)
    return entry.model_copy(update={"name": title if comment else title or None, "comment": comment or None})


def position_of(entry: BookEntry) -> Any:
    """A number of SillyTavern's, None where nothing is set; what only others know as it is."""
    held = entry.extensions.get("position")
    if isinstance(held, str) and held.isascii() and held.isdigit():
        return int(held)
    if held is not None:
        return held
    return {"before_char": BEFORE, "after_char": AFTER, None: None}[entry.position]


def with_position(entry: BookEntry, position: int | None) -> BookEntry:
    """The entry at another position; readers that know two of them get the nearer one."""
    known = None if position is None else "before_char" if position == BEFORE else "after_char"
    return with_extension(entry.model_copy(update={"position": known}), "position", position)


def case_of(entry: BookEntry) -> bool | None:
    """Whether the case of letters counts, None for as the reader has it."""
    held = entry.extensions.get("case_sensitive")
    return entry.case_sensitive if held is None else bool(held)


def with_case(entry: BookEntry, case_sensitive: bool | None) -> BookEntry:
    """The entry with another care for the case of letters."""
    changed = entry.model_copy(update={"case_sensitive": case_sensitive})
    return with_extension(changed, "case_sensitive", case_sensitive)


def recursion_level_of(entry: BookEntry) -> int | float | None:
    """From which step of a recursion on it may wake, None for from the start. `true` is the first step."""
    held = entry.extensions.get("delay_until_recursion")
    if not held:
        return None
    return 1 if held is True or not isinstance(held, int | float) else held


def with_recursion_level(entry: BookEntry, level: float | None) -> BookEntry:
    """The entry held back until this step; 1 is written as SillyTavern's tick is."""
    return with_extension(entry, "delay_until_recursion", True if level == 1 else level or None)


def triggers_of(entry: BookEntry) -> tuple[str, ...]:
    """The kinds of generation it is for, none for all; also such as only other apps know."""
    held = entry.extensions.get("triggers")
    return tuple(each for each in held if isinstance(each, str)) if isinstance(held, list) else ()


def with_triggers(entry: BookEntry, triggers: tuple[str, ...]) -> BookEntry:
    """The entry for other kinds of generation."""
    return with_extension(entry, "triggers", list(triggers) or None)


def with_extension(entry: BookEntry, name: str, value: Any) -> BookEntry:
    """The entry with a value in its extensions; None takes it away."""
    others = {key: held for key, held in entry.extensions.items() if key != name}
    extensions = others if value is None else {**entry.extensions, name: value}
    return entry.model_copy(update={"extensions": extensions})


def without_defaults(extensions: Mapping[str, Any]) -> dict[str, Any]:
    """Extensions without what says no more than if it was absent."""
    optional = (*_WITHOUT_DEFAULT, "case_sensitive", "triggers", "delay_until_recursion")
    return {
        name: held
        for name, held in extensions.items()
        if not (held == _ABSENT[name] if name in _ABSENT else name in optional and not held)
    }


def with_unknown(entry: BookEntry, unknown: Mapping[str, Any]) -> BookEntry:
    """The entry with these fields of no specification and no others."""
    known = {name: getattr(entry, name) for name in entry.model_fields_set if name in BookEntry.model_fields}
    return BookEntry.model_validate({**known, **unknown})


def _read_extension(entry: BookEntry, name: str) -> Any:
    held = entry.extensions.get(name)
    return _ABSENT.get(name) if held is None else held


def _plain(name: str) -> EntryField:
    return EntryField(
        lambda entry: getattr(entry, name), lambda entry, value: entry.model_copy(update={name: value})
    )


def _tick(name: str) -> EntryField:
    """Yes or no, where absent means no."""
    return EntryField(lambda entry: bool(getattr(entry, name)), _plain(name).put)


def _extension(name: str) -> EntryField:
    return EntryField(
        lambda entry: _read_extension(entry, name), lambda entry, value: with_extension(entry, name, value)
    )


def _secondary(entry: BookEntry, keys: list[str]) -> BookEntry:
    """With the first of them they count, as whoever writes them means them to."""
    first = {"selective": True} if keys and not entry.secondary_keys else {}
    return entry.model_copy(update={"secondary_keys": keys or None, **first})


#: Every field of an entry, by a name of its own.
FIELDS: Mapping[str, EntryField] = MappingProxyType(
    {
        **{name: _plain(name) for name in _PLAIN},
        **{name: _tick(name) for name in ("constant", "selective")},
        **{name: _extension(name) for name in (*_ABSENT, *_WITHOUT_DEFAULT)},
        "title": EntryField(title_shown, with_title),
        "comment": EntryField(comment_shown, with_comment),
        "category": EntryField(category_of, with_category),
        "secondary_keys": EntryField(lambda entry: entry.secondary_keys or [], _secondary),
        "position": EntryField(position_of, with_position),
        "case_sensitive": EntryField(case_of, with_case),
        "delay_until_recursion": EntryField(recursion_level_of, with_recursion_level),
        "triggers": EntryField(triggers_of, with_triggers),
        "unknown": EntryField(lambda entry: dict(entry.model_extra or {}), with_unknown),
    }
)
