"""Which entries of a book a text wakes, as SillyTavern's defaults have it (``public/scripts/world-info.js``).

Keys without regard to case and as whole words (``default/content/settings.json``), secondary keys by
`selectiveLogic`, ``/keys/i`` as regular expressions. Entries do not wake each other here, and no budget, dice
or inclusion group drops one that woke: `books.activation` knows all of that, by the same keys and logic.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cardforge_desktop.cards.js_expressions import Expressions, GivenUpError
from cardforge_desktop.cards.key_matching import Haystack, KeyRules, key_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook

_NO_VALUES: Mapping[str, str] = MappingProxyType({})
_DEFAULT_RULES = KeyRules()
#: What SillyTavern puts before each text it searches.
MESSAGE_MARK = "\x01"
#: SillyTavern's numbers for selectiveLogic.
AND_ANY, NOT_ALL, NOT_ANY, AND_ALL = range(4)
#: The decorators that SillyTavern knows.
ACTIVATE, DONT_ACTIVATE = "@@activate", "@@dont_activate"


@dataclass(frozen=True, slots=True)
class Waking:
    """What a text does to a book.

    Attributes:
        woken: indices of the entries that enter the prompt, those included that always do.
        untried: (index of the entry, key) of the expressions that were given up: too long, too slow, or not
            to be translated from JavaScript.
    """

    woken: tuple[int, ...]
    untried: tuple[tuple[int, str], ...] = ()


def waking(book: CharacterBook, text: str, values: Mapping[str, str] = _NO_VALUES) -> Waking:
    """Who wakes at `text`; `values` stand for the macros in keys. Takes seconds at most."""
    scan = _Scan(text, values)
    woken = tuple(index for index, entry in enumerate(book.entries) if scan.wakes(index, entry))
    return Waking(woken, tuple(scan.untried))


def decorators(content: str) -> tuple[list[str], str]:
    """The ``@@`` lines at the head of an entry and the text below them, which alone is sent."""
    if not content.startswith("@@"):
        return [], content
    lines = content.split("\n")
    below = next((at for at, line in enumerate(lines) if not line.startswith("@@")), None)
    return (lines, content) if below is None else (lines[:below], "\n".join(lines[below:]))


def orders(content: str) -> frozenset[str]:
    """Those of SillyTavern's decorators that an entry's content begins with.

    A line with three ``@`` counts only after one that SillyTavern does not know (`parseDecorators`).
    """
    found: set[str] = set()
    fallback = False
    for line in decorators(content)[0]:
        if line.startswith("@@@") and not fallback:
            continue
        told = line[1:] if line.startswith("@@@") else line
        fallback = not told.startswith((ACTIVATE, DONT_ACTIVATE))
        found |= {told} & {ACTIVATE, DONT_ACTIVATE}
    return frozenset(found)


class _Scan:
    """One text, and the time that is left for expressions."""

    def __init__(self, text: str, values: Mapping[str, str]) -> None:
        self._haystack = Haystack(f"{MESSAGE_MARK}{text}")
        self._values = values
        self._expressions = Expressions()
        self.untried: list[tuple[int, str]] = []

    def wakes(self, index: int, entry: BookEntry) -> bool:
        if _sleeps(entry):
            return False
        ordered = orders(entry.content)
        if ordered:
            return ACTIVATE in ordered
        if entry.constant:
            return True
        rules = key_rules(entry)
        if not any(self._matches(index, rules, key) for key in entry.keys):
            return False
        if not (entry.selective and entry.secondary_keys):
            return True
        found = (self._matches(index, rules, key) for key in entry.secondary_keys)
        return secondary_met(logic_of(entry), found)

    def _matches(self, index: int, rules: KeyRules, key: str) -> bool:
        made = key_of(key, rules, self._values)
        if made.expression is None:
            return self._haystack.find(made) is not None
        try:
            return self._expressions.search(made.expression, self._haystack.text) is not None
        except GivenUpError:
            self.untried.append((index, key))
            return False


def _sleeps(entry: BookEntry) -> bool:
    """Whether nothing in a first message can wake it: off, never drawn, or held back."""
    held = entry.extensions
    never_drawn = held.get("probability") == 0 and held.get("useProbability") is not False
    delay = held.get("delay")
    too_early = isinstance(delay, (int, float)) and delay > 1
    return not entry.enabled or never_drawn or too_early or bool(held.get("delay_until_recursion"))


def key_rules(entry: BookEntry, default: KeyRules = _DEFAULT_RULES) -> KeyRules:
    """How an entry's keys are compared; `default` where it does not say.

    SillyTavern reads the case from `extensions`, where cards written by CardForge have it too; of other cards
    V2's own field counts.
    """
    case = entry.extensions.get("case_sensitive")
    case = entry.case_sensitive if case is None else case
    words = entry.extensions.get("match_whole_words")
    return KeyRules(
        default.case_sensitive if case is None else bool(case),
        default.whole_words if words is None else bool(words),
    )


def logic_of(entry: BookEntry) -> object:
    """SillyTavern's number for what has to be true of the secondary keys; any value in a damaged card."""
    logic = entry.extensions.get("selectiveLogic")
    return AND_ANY if logic is None else logic


def secondary_met(logic: object, found: Iterable[bool]) -> bool:
    """Whether secondary keys allow an entry, of each of which is told whether it was found."""
    ways: dict[object, Callable[[Iterable[bool]], bool]] = {
        AND_ANY: any,
        NOT_ALL: lambda each: not all(each),
        NOT_ANY: lambda each: not any(each),
        AND_ALL: all,
    }
    return not isinstance(logic, (bool, str, list, dict)) and logic in ways and ways[logic](found)
