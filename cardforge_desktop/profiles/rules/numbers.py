"""Numbers: each in its bounds, and lengths that go together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cardforge_desktop.profiles.budget import fields_of_profile
from cardforge_desktop.profiles.model import FieldPlan
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.rules.subject import Subject, Verdict, error, warning
from cardforge_desktop.profiles.validation import FindingCode

#: Tokens of a word of English prose, with what stands around it; other languages take more.
_TOKENS_A_WORD = 1.3


class Bounds(NamedTuple):
    """What a number may be.

    Attributes:
        above: the lowest is not allowed itself.
    """

    lowest: float
    highest: float
    above: bool = False


_SAMPLING = {
    # As the servers have them: OpenAI's API reference for the first two and the penalties, llama.cpp's
    # server for the others.
    "temperature": Bounds(0, 2),
    "top_p": Bounds(0, 1),
    "min_p": Bounds(0, 1),
    "top_k": Bounds(0, 1_000),
    "frequency_penalty": Bounds(-2, 2),
    "presence_penalty": Bounds(-2, 2),
    "repeat_penalty": Bounds(0, 2, above=True),
    "seed": Bounds(0, 2**32 - 1),
}
_LENGTHS = {"words": Bounds(0, 5_000), "min_words": Bounds(0, 5_000), "max_tokens": Bounds(1, 8_000)}
_OTHERS = {
    "config.greetings": Bounds(0, 20),
    "config.book.max_entries": Bounds(0, 200),
    "config.book.max_tokens": Bounds(1, 8_000),
}


def bounds_of(path: str) -> Bounds | None:
    """The bounds of a number; None = the field is none."""
    group, _, name = path.rpartition(".")
    if group == "config.sampling":
        return _SAMPLING.get(name)
    return _LENGTHS.get(name) if group.startswith("config.fields.") else _OTHERS.get(path)


def ranges(subject: Subject) -> Iterator[Verdict]:
    """What servers and cards can take."""
    for path, value in fields_of(subject.content).items():
        bounds = bounds_of(path)
        if bounds is not None and value is not None and not _is_within(value, bounds):
            yield error(path, _told(path, bounds), FindingCode.BAD_RANGE)


def lengths_fit(subject: Subject) -> Iterator[Verdict]:
    """A field that is written can be as long as it is asked to be."""
    for name in fields_of_profile(subject.content):
        plan, path = subject.content.config.fields[name], f"config.fields.{name}"
        if not all(_is_within(getattr(plan, each), bounds) for each, bounds in _LENGTHS.items()):
            continue
        yield from _length_fits(plan, path)


def _length_fits(plan: FieldPlan, path: str) -> Iterator[Verdict]:
    if plan.words and plan.min_words > plan.words:
        told = f"At least {plan.min_words} words are asked for, but only about {plan.words} in all. Lower it."
        yield error(f"{path}.min_words", told, FindingCode.BAD_RANGE)
    elif plan.min_words > plan.max_tokens:
        told = (
            f"At least {plan.min_words} words do not fit {plan.max_tokens} tokens. "
            f"Allow {_tokens(plan.min_words)} or more."
        )
        yield error(f"{path}.max_tokens", told, FindingCode.BAD_RANGE)
    elif _tokens(max(plan.words, plan.min_words)) > plan.max_tokens:
        words = max(plan.words, plan.min_words)
        told = (
            f"{words} words take about {_tokens(words)} tokens, and the text breaks off at "
            f"{plan.max_tokens}. Allow more tokens or fewer words."
        )
        yield warning(f"{path}.max_tokens", told, FindingCode.BAD_RANGE)


def _tokens(words: int) -> int:
    return round(words * _TOKENS_A_WORD)


def _is_within(value: float, bounds: Bounds) -> bool:
    """False for NaN too; whole numbers of any size can be compared."""
    return bounds.lowest <= value <= bounds.highest and not (bounds.above and value == bounds.lowest)


def _told(path: str, bounds: Bounds) -> str:
    if path == "config.sampling.seed":
        return f"A seed is from 0 to {bounds.highest:,}. Leave it empty for another answer each time."
    least = f"above {bounds.lowest:g}" if bounds.above else f"from {bounds.lowest:g}"
    return f"This must be {least} to {bounds.highest:,g}."
