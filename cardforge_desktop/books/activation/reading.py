"""An entry as SillyTavern sees it once it has imported the book.

Source: SillyTavern 1.18.0, public/scripts/world-info.js, `convertCharacterBook` (what is where in a card, and
what stands for an absent value) and `getSortedEntries` (the order). Values of the wrong kind, which no card
of SillyTavern has, count as absent ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

from cardforge_desktop.books.activation.model import AFTER, BEFORE, SOURCES, ScanSettings
from cardforge_desktop.cards.book_waking import decorators, key_rules, logic_of, orders
from cardforge_desktop.cards.key_matching import Key, KeyRules, key_of
from cardforge_desktop.cards.macros import substitute
from cardforge_desktop.cards.model import BookEntry, CharacterBook

#: `DEFAULT_DEPTH`, `DEFAULT_WEIGHT` and `MAX_SCAN_DEPTH` there.
DEFAULT_DEPTH, DEFAULT_WEIGHT, MAX_SCAN_DEPTH = 4, 100, 1000
#: Where our reader keeps what world info has and character books have not (`cards.formats.world_info`).
_WORLD_INFO = "world_info"


@dataclass(frozen=True, slots=True, eq=False)
class ScanEntry:
    """What the scan asks of an entry.

    Attributes:
        scan_depth: None for the setting.
        sources: which texts of the card it searches besides.
        delay_level: 0 for not delayed until recursion.
        selective: its secondary keys count.
        groups: the names of its inclusion groups; `group` is the field as it is written.
        scored: whether it takes part in group scoring; None for the setting.
        characters: names that it is for, or not for if `excludes_characters`.
    """

    index: int
    enabled: bool
    orders: frozenset[str]
    constant: bool
    keys: tuple[Key, ...]
    secondary: tuple[Key, ...]
    selective: bool
    logic: object
    scan_depth: float | None
    sources: tuple[str, ...]
    delay_level: float
    excludes_recursion: bool
    prevents_recursion: bool
    probability: float
    group: str
    groups: tuple[str, ...]
    group_priority: bool
    group_weight: float
    scored: bool | None
    sticky: float
    cooldown: float
    delay: float
    triggers: tuple[str, ...]
    characters: tuple[str, ...]
    excludes_characters: bool
    ignores_budget: bool
    order: float
    priority: float
    position: int
    depth: int
    role: int
    outlet: str
    raw_content: str


class Reader:
    """Reads entries under settings."""

    def __init__(self, settings: ScanSettings) -> None:
        self.settings = settings
        self._rules = KeyRules(settings.case_sensitive, settings.match_whole_words)
        names = {"user": settings.user, "char": settings.char} if settings.char else {"user": settings.user}
        self.values: Mapping[str, str] = {**settings.values, **names}

    def content(self, entry: ScanEntry) -> str:
        """What enters the prompt: without decorators, macros replaced."""
        text = decorators(entry.raw_content)[1]
        return substitute(text, self.values) if "{{" in text or "<" in text else text

    def entry(self, index: int, entry: BookEntry) -> ScanEntry:
        """One entry."""
        held = entry.extensions
        is_drawn = held.get("useProbability") is None or bool(held["useProbability"])
        characters, excludes = _characters(held)
        group = _text(held, "group")
        return ScanEntry(
            index=index,
            enabled=entry.enabled,
            orders=orders(entry.content),
            constant=bool(entry.constant),
            keys=self._keys(entry, entry.keys),
            secondary=self._keys(entry, entry.secondary_keys or []),
            selective=bool(entry.selective and entry.secondary_keys),
            logic=logic_of(entry),
            scan_depth=None if held.get("scan_depth") is None else number(held["scan_depth"], None),
            sources=tuple(name for name in SOURCES if held.get(name)),
            delay_level=max(0.0, number(held.get("delay_until_recursion"), 0) or 0),
            excludes_recursion=bool(held.get("exclude_recursion")),
            prevents_recursion=bool(held.get("prevent_recursion")),
            probability=min(100.0, max(0.0, _number(held, "probability", 100))) if is_drawn else 100,
            group=group,
            groups=_groups(group),
            group_priority=bool(held.get("group_override")),
            group_weight=max(0.0, _number(held, "group_weight", DEFAULT_WEIGHT)),
            scored=None if held.get("use_group_scoring") is None else bool(held["use_group_scoring"]),
            sticky=_number(held, "sticky", 0),
            cooldown=_number(held, "cooldown", 0),
            delay=_number(held, "delay", 0),
            triggers=_texts(held.get("triggers")),
            characters=characters,
            excludes_characters=excludes,
            ignores_budget=bool(held.get("ignore_budget")),
            order=number(entry.insertion_order, 100) or 0.0,
            priority=number(entry.priority, 0) or 0.0,
            position=_position(entry),
            depth=int(_number(held, "depth", DEFAULT_DEPTH)),
            role=int(_number(held, "role", 0)),
            outlet=_text(held, "outlet_name"),
            raw_content=entry.content,
        )

    def _keys(self, entry: BookEntry, keys: Sequence[str]) -> tuple[Key, ...]:
        rules = key_rules(entry, self._rules)
        if self.settings.follows_book and entry.use_regex:
            keys = [key if key.startswith("/") else f"/{key.replace('/', chr(92) + '/')}/" for key in keys]
        return tuple(key_of(key, rules, self.values) for key in keys)


def sorted_entries(book: CharacterBook, settings: ScanSettings, reader: Reader) -> list[ScanEntry]:
    """All entries in the order in which SillyTavern tries them: a higher insertion order first.

    Of the same order the smaller id comes first, since the file is an object with ids for names, which
    JavaScript walks by number. Where the book counts, a higher priority comes before all of that.
    """
    entries = [reader.entry(index, entry) for index, entry in enumerate(book.entries)]
    ids = [entry.id for entry in book.entries]
    numbered = all(isinstance(each, int) and each >= 0 for each in ids) and len(set(ids)) == len(ids)
    tie: list[Any] = ids if numbered else list(range(len(entries)))
    by_priority = settings.follows_book

    def rank(entry: ScanEntry) -> tuple[float, float, Any]:
        return (-entry.priority if by_priority else 0, -entry.order, tie[entry.index])

    return sorted(entries, key=rank)


def number(value: Any, default: float | None) -> float | None:
    """A number as JavaScript would calculate with it; `default` for what is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return default
    if isinstance(value, (bool, int, float)):
        try:
            made = float(value)
        except OverflowError:
            return default
        return made if isfinite(made) else default
    return default


def _number(held: dict[str, Any], name: str, default: float) -> float:
    found = number(held.get(name), default)
    return default if found is None else found


def _text(held: dict[str, Any], name: str) -> str:
    value = held.get(name)
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _groups(group: str) -> tuple[str, ...]:
    names = (name.lstrip() if at else name for at, name in enumerate(group.split(",")))
    return tuple(dict.fromkeys(name for name in names if name))


def _position(entry: BookEntry) -> int:
    position = entry.extensions.get("position")
    if position is None:
        return BEFORE if entry.position == "before_char" else AFTER
    return position if isinstance(position, int) and not isinstance(position, bool) else -1


def _characters(held: dict[str, Any]) -> tuple[tuple[str, ...], bool]:
    world_info = held.get(_WORLD_INFO)
    chosen = world_info.get("characterFilter") if isinstance(world_info, dict) else None
    if not isinstance(chosen, dict):
        return (), False
    return _texts(chosen.get("names")), bool(chosen.get("isExclude"))
