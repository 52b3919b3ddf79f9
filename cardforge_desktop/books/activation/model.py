"""The values of an activation test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

#: Why an entry fired.
Cause = Literal["key", "constant", "decorator", "sticky"]
#: Why an entry did not fire; told in sentences by the faces.
Reason = Literal[
    "off",
    "trigger",
    "character",
    "delay",
    "cooldown",
    "delayed_until_recursion",
    "excluded_from_recursion",
    "dont_activate",
    "no_keys",
    "no_depth",
    "secondary_missing",
    "secondary_present",
    "logic_unknown",
    "never_drawn",
    "group_taken",
    "group_priority",
    "group_score",
    "group_weight",
    "group_sticky",
    "case",
    "part_of_word",
    "too_deep",
    "not_woken_by_entry",
    "expression_broken",
    "expression_slow",
    "not_found",
]
#: The fields of a card that an entry may ask to be searched too: names as in `extensions`.
SOURCES = (
    "match_persona_description",
    "match_character_description",
    "match_character_personality",
    "match_character_depth_prompt",
    "match_scenario",
    "match_creator_notes",
)
#: SillyTavern's numbers for where an entry goes.
BEFORE, AFTER, NOTE_TOP, NOTE_BOTTOM, AT_DEPTH, EXAMPLES_TOP, EXAMPLES_BOTTOM, OUTLET = range(8)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat.

    Attributes:
        name: who says it, "" for unknown.
        start: where `text` stands in the text it was read from; -1 where it does not stand there as it is.
        name_start: as `start`, of the name.
    """

    name: str
    text: str
    start: int = -1
    name_start: int = -1


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """SillyTavern's settings of world info, with the values a new installation has.

    Those are in its default/content/settings.json (`world_info_…`, `max_context`); what is not in there has
    the value of its variable in public/scripts/world-info.js.

    Attributes:
        scan_depth: messages that are searched, from the newest.
        context: tokens of the model's context.
        budget_percent: of the context, for all entries together.
        budget_cap: tokens; 0 for none.
        max_recursion_steps: 0 for no end.
        min_activations: look further back until so many entries fired; 0 for not at all.
        min_activations_depth: no further back than so many messages; 0 for no end.
        follows_book: the book's scan_depth, token_budget and recursive_scanning and its entries' priority
            and use_regex count, as V2 and V3 have it. SillyTavern knows none of them.
        trigger: what the reply is made for: normal, continue, impersonate, swipe, regenerate, quiet.
        user, char: the names that stand for the macros, and by which entries are filtered.
        values: what other macros stand for.
        sources: texts of the card that entries may ask for, by the names in `SOURCES`.
    """

    scan_depth: int = 2
    context: int = 8192
    budget_percent: float = 25
    budget_cap: int = 0
    recursive: bool = True
    max_recursion_steps: int = 0
    min_activations: int = 0
    min_activations_depth: int = 0
    include_names: bool = True
    case_sensitive: bool = False
    match_whole_words: bool = True
    use_group_scoring: bool = False
    follows_book: bool = False
    trigger: str = "normal"
    user: str = "User"
    char: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key was found.

    Attributes:
        key: as it is written in the book.
        message: index in the chat; -1 where it is in no message.
        depth: 1 for the newest message.
        start, end: in the message's text, or in its name where `in_name`.
        source: one of `SOURCES`, "" for none.
        entry: index of the entry whose content holds it; -1 for none.
    """

    key: str
    message: int = -1
    depth: int = 0
    start: int = 0
    end: int = 0
    in_name: bool = False
    source: str = ""
    entry: int = -1


@dataclass(frozen=True, slots=True)
class Rivalry:
    """An inclusion group in which several entries fired at once, of which SillyTavern draws one.

    Attributes:
        rivals: indices of all of them, this entry too.
        chance: of this entry, 0..1.
    """

    group: str
    rivals: tuple[int, ...]
    chance: float


@dataclass(frozen=True, slots=True)
class Fired:
    """An entry that fires, if all dice fall for it.

    Attributes:
        index: in the book's entries.
        cause: why.
        place: where its key was found; None where no key woke it.
        secondary: where the secondary keys were found that its logic asks for.
        step: 1 for the first scan; each later one is a step of recursion or of minimum activations.
        probability: its own, in percent.
        chance: 0..1: its own, its groups', and that of the entry that woke it.
        certain: nothing was drawn on the way to it.
        content: what enters the prompt.
        tokens: of `content` and the line end behind it.
        order: insertion order.
        position: SillyTavern's number; -1 for none it knows: nothing enters the prompt.
        depth, role: for position 4: how many messages come after it; 0 system, 1 user, 2 assistant.
        outlet: for position 7.
        wakes_others: its content is searched in later steps.
    """

    index: int
    cause: Cause
    place: Place | None
    secondary: tuple[Place, ...]
    step: int
    probability: float
    chance: float
    content: str
    tokens: int
    order: float
    position: int
    depth: int
    role: int
    outlet: str
    ignores_budget: bool
    wakes_others: bool
    rivalries: tuple[Rivalry, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether nothing is drawn on the way to it."""
        return self.chance >= 1


@dataclass(frozen=True, slots=True)
class Asleep:
    """An entry that does not fire.

    Attributes:
        place: the nearest a key came: what was found, or would be with another rule.
        key: the key that decided, "" for none.
        number: what `reason` is about: messages of a delay, the scan depth, a step, a score.
        others: indices of the entries it lost to, or whose content it was not shown.
    """

    index: int
    reason: Reason
    place: Place | None = None
    key: str = ""
    number: int = 0
    others: tuple[int, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of a message that woke an entry; in the name where `in_name`."""

    message: int
    start: int
    end: int
    entry: int
    in_name: bool = False


@dataclass(frozen=True, slots=True)
class Activation:
    """What a chat does to a book.

    Attributes:
        fired: what enters the prompt, as it stands there from top to bottom within each position.
        cut: what fired but found no room in the budget, in the order of trying.
        asleep: all others, in the book's order.
        budget: tokens that all entries may take together.
        used: tokens of what fired, if of each group the longest is drawn.
        steps: scans until nothing new was found.
        messages: of the chat.
        scanned: how many messages were searched, counted from the newest.
        marks: what of the messages woke entries.
    """

    fired: tuple[Fired, ...]
    cut: tuple[Fired, ...]
    asleep: tuple[Asleep, ...]
    budget: int
    used: int
    steps: int
    messages: int
    scanned: int
    marks: tuple[Mark, ...] = ()
