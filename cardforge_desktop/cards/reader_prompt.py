"""The prompt a reader makes of a card, in the order SillyTavern sends it by default in chat completion.

The order is that of ``promptManagerDefaultPromptOrder`` and the texts that are not the card's those of
``chatCompletionDefaultPrompts`` (``public/scripts/PromptManager.js``) and the ``default_…`` constants of
``public/scripts/openai.js``; depths are counted as its ``populationInjectionPrompts`` does, book entries
placed as ``checkWorldInfo`` does (``public/scripts/world-info.js``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cardforge_desktop.cards.book_waking import decorators, waking
from cardforge_desktop.cards.macros import substitute
from cardforge_desktop.cards.model import BookEntry, Card

_MAIN_PROMPT = "Write {{char}}'s next reply in a fictional chat between {{charIfNotGroup}} and {{user}}."
_NEW_CHAT = "[Start a new Chat]"
_NEW_EXAMPLE = "[Example Chat]"
_START = re.compile("<START>", re.IGNORECASE)
#: SillyTavern's numbers for an entry's position.
_BEFORE, _AFTER, _NOTE_TOP, _NOTE_BOTTOM, _AT_DEPTH, _EXAMPLES_TOP, _EXAMPLES_BOTTOM = range(7)
_IN_CHAT = frozenset({_NOTE_TOP, _NOTE_BOTTOM, _AT_DEPTH})
_DEFAULT_DEPTH = 4
#: From this depth on a text comes before the greeting: the user's first message is the last one then, the
#: greeting the one above it.
_ABOVE_GREETING = 2


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A stretch of the prompt.

    Attributes:
        title: what it is.
        field: the path of the card's field it comes from; "" where SillyTavern says it by itself.
        text: as it is sent, macros replaced whose value is known.
        permanent: it is sent with every message, while the others are pushed out or come and go.
        note: why something of the card is not sent here; `text` is "" then.
    """

    title: str
    field: str
    text: str
    permanent: bool
    note: str = ""


def reader_prompt(card: Card, user: str = "User", greeting: int = 0) -> tuple[PromptPart, ...]:
    """The parts of the first prompt, in order; empty ones are left out.

    The user's first message, which is not written yet, would come after the greeting. Only the greeting wakes
    entries of the book.

    Args:
        card: the card.
        user: the name that stands for {{user}}.
        greeting: 0 for the first message, from 1 on the alternate ones.

    Raises:
        IndexError: there is no such greeting.
    """
    return tuple(part for part in _Prompt(card, user, greeting).parts() if part.text or part.note)


@dataclass(frozen=True, slots=True)
class _Injection:
    """A text between the messages: `depth` of them come after it."""

    depth: int
    rank: int
    part: PromptPart


class _Prompt:
    def __init__(self, card: Card, user: str, greeting: int) -> None:
        self._card = card
        self._names = _names(card, user)
        self._values = macro_values(card, user)
        greetings = {"first_mes": card.first_mes}
        greetings |= {f"alternate_greetings[{at}]": text for at, text in enumerate(card.alternate_greetings)}
        self._greeting_field, text = list(greetings.items())[greeting]
        self._greeting = self._filled(text)
        self._placed: dict[int, list[tuple[BookEntry, PromptPart]]] = {}
        self._untried: list[PromptPart] = []
        self._wake()

    def parts(self) -> Iterator[PromptPart]:
        yield self._override("Main prompt", "system_prompt", _MAIN_PROMPT)
        yield from self._entries(_BEFORE)
        for title, field in (
            ("Description", "description"),
            ("Personality", "personality"),
            ("Scenario", "scenario"),
        ):
            yield PromptPart(title, field, self._filled(getattr(self._card, field)), permanent=True)
        yield from self._entries(_AFTER)
        for part in self._entries(_EXAMPLES_TOP):
            yield from self._examples(part.title, part.field, part.text)
        yield from self._examples("Example messages", "mes_example", self._filled(self._card.mes_example))
        for part in self._entries(_EXAMPLES_BOTTOM):
            yield from self._examples(part.title, part.field, part.text)
        yield PromptPart("Start of the chat", "", _NEW_CHAT, permanent=True)
        injections = self._injections()
        yield from (one.part for one in injections if one.depth >= _ABOVE_GREETING)
        yield PromptPart("Greeting", self._greeting_field, self._greeting, permanent=False)
        yield from (one.part for one in injections if one.depth < _ABOVE_GREETING)
        yield self._override("Post-history instructions", "post_history_instructions", "")
        yield from self._untried

    def _filled(self, text: str) -> str:
        return substitute(text.strip(), self._values)

    def _override(self, title: str, field: str, original: str) -> PromptPart:
        own = getattr(self._card, field).strip()
        values = {**self._values, "original": self._filled(original)}
        return PromptPart(title, field if own else "", substitute(own or original, values), permanent=True)

    def _wake(self) -> None:
        book = self._card.character_book
        if book is None:
            return
        # SillyTavern searches messages with the name of who says them.
        found = waking(book, f"{self._names['char']}: {self._greeting}", self._values)
        # Of the same order, the later one comes first in SillyTavern.
        for index in sorted(found.woken, key=lambda index: (book.entries[index].insertion_order, -index)):
            entry = book.entries[index]
            part = PromptPart(
                f"World info: {_title(entry, index)}",
                f"character_book.entries[{index}].content",
                self._filled(decorators(entry.content)[1]),
                permanent=bool(entry.constant),
            )
            self._placed.setdefault(_position(entry), []).append((entry, part))
        for index, key in found.untried:
            note = f"The key {key[:80]} was not tried: it takes too long, or only a browser understands it."
            title = f"World info: {_title(book.entries[index], index)}"
            field = f"character_book.entries[{index}].keys"
            self._untried.append(PromptPart(title, field, "", permanent=False, note=note))

    def _entries(self, position: int) -> list[PromptPart]:
        return [part for _, part in self._placed.get(position, ())]

    def _examples(self, title: str, field: str, text: str) -> Iterator[PromptPart]:
        blocks = [block.strip() for block in _START.split(text)]
        said = tuple(f"{name}:" for name in self._names.values())
        for number, block in enumerate([block for block in blocks if block], 1):
            if any(line.startswith(said) for line in block.split("\n")):
                yield PromptPart(f"{title} {number}", field, f"{_NEW_EXAMPLE}\n{block}", permanent=False)
            else:
                note = (
                    "SillyTavern does not send this block: no line of it begins with {{char}}: or {{user}}:."
                )
                yield PromptPart(f"{title} {number}", field, "", permanent=False, note=note)

    def _injections(self) -> list[_Injection]:
        """The deepest first; at one depth the texts of the assistant, then the user's, then the system's."""
        found: list[_Injection] = []
        note = self._card.extensions.get("depth_prompt")
        if isinstance(note, dict) and isinstance(note.get("prompt"), str):
            depth = _number(note.get("depth"), _DEFAULT_DEPTH)
            text = self._filled(note["prompt"])
            part = PromptPart(
                f"Character's note at depth {depth}", "extensions.depth_prompt.prompt", text, permanent=True
            )
            found.append(_Injection(depth, _ROLES.get(str(note.get("role")), 0), part))
        for position in sorted(_IN_CHAT):
            for entry, part in self._placed.get(position, ()):
                own = position == _AT_DEPTH
                depth = _number(entry.extensions.get("depth"), _DEFAULT_DEPTH) if own else _DEFAULT_DEPTH
                rank = _number(entry.extensions.get("role"), 0) if own else 0
                found.append(_Injection(depth, rank, part))
        return sorted(found, key=lambda one: (-one.depth, -one.rank))


#: SillyTavern's numbers for who says a text between the messages.
_ROLES = {"system": 0, "user": 1, "assistant": 2}


def _names(card: Card, user: str) -> dict[str, str]:
    return {"char": card.nickname or card.name, "user": user}


def macro_values(card: Card, user: str = "User") -> dict[str, str]:
    """What macros stand for (`macros.substitute`): the names, and fields in which the names are replaced."""
    names = _names(card, user)
    fields = {
        "description": card.description,
        "personality": card.personality,
        "scenario": card.scenario,
        "mesexamples": card.mes_example,
        "mesexamplesraw": card.mes_example,
        "charprompt": card.system_prompt,
        "charinstruction": card.post_history_instructions,
        "charjailbreak": card.post_history_instructions,
        "charcreatornotes": card.creator_notes,
        "creatornotes": card.creator_notes,
        "charfirstmessage": card.first_mes,
        "greeting": card.first_mes,
        "charversion": card.character_version,
    }
    told = {name: substitute(text.strip(), names) for name, text in fields.items()}
    same = {"chardescription": "description", "charpersonality": "personality", "charscenario": "scenario"}
    return {**names, **told, **{name: told[field] for name, field in same.items()}}


def _position(entry: BookEntry) -> int:
    position = entry.extensions.get("position")
    if isinstance(position, int):
        return position
    return _BEFORE if entry.position == "before_char" else _AFTER


def _title(entry: BookEntry, index: int) -> str:
    return (
        entry.comment or entry.name or next((key for key in entry.keys if key.strip()), "") or str(index + 1)
    )


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) else default
