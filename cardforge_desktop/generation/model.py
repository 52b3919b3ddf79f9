"""What a generation is given, what it asks for, and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from cardforge_desktop.cards.model import BookEntry, Card
from cardforge_desktop.engines.base import FinishReason, Prompt, Traits
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.sources.model import SourceText


@dataclass(frozen=True, slots=True)
class Order:
    """One card to write.

    Attributes:
        count_tokens: counts a text with the engine's tokenizer (or the honest estimate of one).
        include_book: whether the card gets a character book (over the profile's own choice).
        target: a card that exists already: only the asked fields of it are written anew.
        fields: of an update, those of the profile's fields (and ``book``) that are asked for; empty = all.
        character_name: whom a new card is about and what it is called, "" = as the source says.
        known: what other cards' book tells of the source's world already; the card keeps to it.
    """

    source: SourceText
    profile: Profile
    traits: Traits
    count_tokens: Callable[[str], int]
    include_book: bool = True
    target: Card | None = None
    fields: tuple[str, ...] = ()
    character_name: str = ""
    known: tuple[BookEntry, ...] = ()

    @property
    def wished_name(self) -> str:
        """What a new card has to be called, "" = as the source says. A card that is updated has its name."""
        return self.character_name if self.target is None else ""


@dataclass(frozen=True, slots=True)
class PlannedCalls:
    """Calls of one kind that a card will take.

    Attributes:
        kind: the first word of their steps: ``card``, ``notes``, ``description``.
        input_tokens: of all of them together.
        output_tokens: the most that all of them may write; of small tasks what is usual.
    """

    kind: str
    calls: int
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The calls a card will take if every first answer is good."""

    planned: tuple[PlannedCalls, ...]

    @property
    def calls(self) -> int:
        """All of them."""
        return sum(each.calls for each in self.planned)

    @property
    def input_tokens(self) -> int:
        """Of all calls."""
        return sum(each.input_tokens for each in self.planned)

    @property
    def output_tokens(self) -> int:
        """The most that is written, or what is usual."""
        return sum(each.output_tokens for each in self.planned)


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole text of one answer and why it ended."""

    text: str
    reason: FinishReason


class Ask(Protocol):
    """Sends one prompt and waits for the whole answer, on the pool thread that owns the generation.

    The caller keeps usage, cancellation and answers of an earlier run (a step whose prompt is the same is
    answered from the store). `step` names the call within the item: ``card``, ``description``, ``book``,
    ``description:2`` for a second try. `on_text` gets the answer so far, at most some twenty times a second,
    and "" when the text so far turned void.

    Raises:
        EngineError: the call failed for good.
    """

    def __call__(self, step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer: ...


class Watcher(Protocol):
    """Told how a card grows; called on the pool thread."""

    def field(self, name: str, text: str, fraction: float) -> None:
        """`name`'s text so far; `fraction` 0..1 of the whole card."""

    def stage(self, stage: str, fraction: float, *, restarted: bool = False) -> None:
        """``writing`` or ``repairing``; `restarted`: the fields told so far are void, it is begun anew."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A finished card and what was mended on the way, in sentences for the person."""

    card: Card
    warnings: tuple[str, ...] = ()


class GenerationError(CardForgeError):
    """No usable card came out. ``details["raw_answer"]`` holds the last answer for the person to see.

    Codes: INVALID_ANSWER (not the asked-for shape after the bounded retries), EMPTY_ANSWER,
    ANSWER_TRUNCATED (cut by max_tokens), REFUSED, SOURCE_TOO_SHORT, SOURCE_TOO_LONG, NOTHING_TO_WRITE (an
    update that asks for no field the profile has; a lorebook whose book is switched off).
    """
