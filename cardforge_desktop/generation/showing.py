"""The prompts of a card, shown before anything is sent: the real writing asks, and nobody answers it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cardforge_desktop.engines.base import Message, Prompt
from cardforge_desktop.generation.model import Answer, GenerationError, Order
from cardforge_desktop.generation.plan import prompt_tokens
from cardforge_desktop.generation.writer import write_card

#: Prompts that are shown at most, and seconds that are spent on finding them.
MOST_PROMPTS = 40
MOST_SECONDS = 2.0
#: Second tries and what is asked besides, when an answer was not good enough.
_FURTHER_TRY = re.compile(r":(?:try\d+|left\d+(?::try\d+)?)$")
#: How the answer of a small task begins that has the character speak; nobody else may stand in it.
_AS_SPOKEN = Message("assistant", "I")
_PRONOUNS = re.compile(r"(?i)\b(?:she|her|hers|herself|he|him|his|himself)\b ?")
_NOTES = re.compile(r"This is part (\d+) of (\d+) of a long source\.")


@dataclass(frozen=True, slots=True)
class ShownPrompt:
    """One call of a card.

    Attributes:
        step: its name within the card: ``card``, ``notes:1:2``, ``description:1``.
        tokens: of its messages, as the order counts.
        certain: it is sent exactly so; else an answer of before stands in it, which is not known yet.
    """

    step: str
    prompt: Prompt
    tokens: int
    certain: bool

    @property
    def messages(self) -> tuple[Message, ...]:
        """What is said, in order."""
        return self.prompt.messages


@dataclass(frozen=True, slots=True)
class ShownPrompts:
    """The calls of a card, in order.

    Attributes:
        unknown: a sentence or two on what can't be known before.
    """

    prompts: tuple[ShownPrompt, ...]
    unknown: str


def shown_prompts(order: Order, *, most: int = MOST_PROMPTS, seconds: float = MOST_SECONDS) -> ShownPrompts:
    """The prompts as they would be sent if every first answer were good. Asks no engine.

    Args:
        most: prompts.
        seconds: after so long what is found until then is returned.

    Raises:
        GenerationError: no card can be made so, as in `write_card`.
    """
    asked = _asked(order, _echo, most, seconds)
    certain = _asked(order, _nothing, most, seconds).prompts.items() if len(asked.prompts) > 1 else None
    shown = [
        ShownPrompt(step, prompt, prompt_tokens(order, prompt), is_certain)
        for step, prompt in asked.prompts.items()
        if (is_certain := certain is None or (step, prompt) in certain) or not order.traits.stepwise
    ]
    return ShownPrompts(tuple(shown), _unknown(order, shown, cut=asked.is_cut))


class _Enough(Exception):  # noqa: N818  # an outcome, not an error
    """No more prompts are wanted."""


@dataclass(slots=True)
class _Asking:
    """An `Ask` that keeps what it is asked; `answer` makes up what the model could say."""

    answer: Callable[[Prompt], str]
    most: int
    deadline: float
    prompts: dict[str, Prompt] = field(default_factory=dict)
    is_cut: bool = False

    def __call__(self, step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        del on_text
        if len(self.prompts) >= self.most or (self.prompts and time.monotonic() > self.deadline):
            self.is_cut = True
            raise _Enough
        if not _FURTHER_TRY.search(step):
            self.prompts.setdefault(step, prompt)
        if step == "card":  # what follows it only mends
            raise _Enough
        return Answer(self.answer(prompt), "stop")


class _Deaf:
    """A `Watcher` that looks at nothing."""

    def field(self, name: str, text: str, fraction: float) -> None:
        """See `Watcher`."""

    def stage(self, stage: str, fraction: float, *, restarted: bool = False) -> None:
        """See `Watcher`."""


def _asked(order: Order, answer: Callable[[Prompt], str], most: int, seconds: float) -> _Asking:
    asking = _Asking(answer, most, time.monotonic() + seconds)
    try:
        write_card(order, asking, _Deaf())
    except _Enough:
        pass
    except GenerationError:
        if not asking.prompts:
            raise
    return asking


def _echo(prompt: Prompt) -> str:
    """An answer that small tasks take for good: what is to be told again. For notes: where they will be."""
    task = next(message.content for message in reversed(prompt.messages) if message.role == "user")
    if found := _NOTES.match(task):
        return f"[The model's notes on part {found[1]} of {found[2]}]"
    told = task.rpartition("\n\n")[2] if "\n\n" in task else task.partition(": ")[2]
    if prompt.messages[-1] == _AS_SPOKEN:
        return "I, " + _PRONOUNS.sub("", told).partition(" ")[2]
    return told


def _nothing(_prompt: Prompt) -> str:
    """The other extreme: a prompt that is the same after it depends on no answer."""
    return ""


def _unknown(order: Order, shown: list[ShownPrompt], *, cut: bool) -> str:
    if order.traits.stepwise:
        told = (
            "A small model writes in many small steps. Shown are the first tries; what is asked again, and "
            "what is made of an earlier answer, is known only when the answers are there."
        )
    elif any(prompt.step.startswith("notes:") for prompt in shown):
        told = (
            "The source is longer than the engine's context: the model takes notes on each part first. The "
            "card is then asked for with these notes in the place of the source, and what fails its checks "
            "is asked for again."
        )
    else:
        told = "What fails its checks is asked for again, with what was wrong."
    return f"{told} Only the first {len(shown)} calls are shown." if cut else told
