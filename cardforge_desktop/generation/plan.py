"""How a source is brought into an engine's context, and what that will cost. Counts, asks nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cardforge_desktop.engines.base import Prompt
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.generation.facts import PROSE
from cardforge_desktop.generation.model import Estimate, GenerationError, Order, PlannedCalls
from cardforge_desktop.generation.prompts import NOTES_TOKENS, card_prompt
from cardforge_desktop.generation.schema import answer_tokens, wanted_fields, wants_book
from cardforge_desktop.generation.sizes import pieces
from cardforge_desktop.generation.wording import times_told
from cardforge_desktop.profiles.budget import SAFE_SHARE
from cardforge_desktop.profiles.model import FieldName

#: Tokens of a small model's calls on top of the sentences they hold, measured over the examples.
_STEP_OVERHEAD = 110
#: Tokens that such a call writes.
_STEP_ANSWER = 40
_MOST_PARTS = 400
#: Tokens that a message takes besides its text, at most.
_MARKS = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """Parts of the source that each fit a call.

    Attributes:
        whole: the card is written from the source itself, which is the one part; else from notes on the
            parts. Notes leave more room for the source than the card does: one part may need them too.
    """

    parts: tuple[str, ...]
    output_tokens: int
    whole: bool


def plan_source(order: Order) -> Plan:
    """Give the source whole when it fits with prompt and answer, else in parts for notes.

    Raises:
        GenerationError: SOURCE_TOO_LONG, hundreds of parts or a context too small for the profile.
    """
    output = answer_tokens(order)
    room = room_for_source(order, output)
    text = order.source.text
    if order.count_tokens(text) <= room:
        return Plan((text,), output, whole=True)
    part_room = int(order.traits.context_tokens * SAFE_SHARE) - NOTES_TOKENS - 250
    parts = split_text(order, text, part_room) if part_room > 200 and room > NOTES_TOKENS else ()
    if not parts or len(parts) > _MOST_PARTS:
        raise GenerationError(
            ErrorCode.SOURCE_TOO_LONG,
            f"{order.source.name} does not fit this engine's context of "
            f"{order.traits.context_tokens:,} tokens. "
            "Choose an engine with a larger context, or a profile with shorter fields.",
            {"context_tokens": order.traits.context_tokens, "room": room},
        )
    return Plan(parts, output, whole=False)


def room_for_source(order: Order, output_tokens: int) -> int:
    """Tokens the source may take beside the prompt's own words and the answer, wherever it is named."""
    own_words = prompt_tokens(order, card_prompt(order, ""))
    left = int(order.traits.context_tokens * SAFE_SHARE) - own_words - output_tokens
    return left // times_told(order.profile)


def prompt_tokens(order: Order, prompt: Prompt) -> int:
    """What a prompt takes of the context, with the marks around its messages."""
    return sum(order.count_tokens(message.content) + _MARKS for message in prompt.messages)


def split_text(order: Order, text: str, room: int) -> tuple[str, ...]:
    """Parts of at most `room` tokens, cut between paragraphs, else between sentences, else anywhere."""
    parts: list[str] = []
    gathered: list[str] = []
    used = 0
    for paragraph in re.split(r"\n\s*\n", text):
        for piece in _small_enough(order, paragraph, room):
            size = order.count_tokens(piece) + 2
            if gathered and used + size > room:
                parts.append("\n\n".join(gathered))
                gathered, used = [], 0
            gathered.append(piece)
            used += size
    return (*parts, "\n\n".join(gathered)) if gathered else tuple(parts)


def _small_enough(order: Order, paragraph: str, room: int) -> list[str]:
    if order.count_tokens(paragraph) + 2 <= room:
        return [paragraph]
    middle = len(paragraph) // 2
    ends = [match.end() for match in re.finditer(r"[.!?。！？…\n]\s*", paragraph)]
    cut = min(
        (end for end in ends if 0 < end < len(paragraph)), key=lambda end: abs(end - middle), default=middle
    )
    if cut <= 0:
        return [paragraph]
    return _small_enough(order, paragraph[:cut], room) + _small_enough(order, paragraph[cut:], room)


def estimate(order: Order) -> Estimate:
    """The calls of a card: what is read in each of them, and the profile's limits of what is written.

    Never raises: a source that can't be planned is estimated as if its context were large enough.
    """
    if order.traits.stepwise:
        return _estimate_stepwise(order)
    output = answer_tokens(order)
    source, times = order.count_tokens(order.source.text), times_told(order.profile)
    own_words = prompt_tokens(order, card_prompt(order, ""))
    if source <= room_for_source(order, output):
        return Estimate((PlannedCalls("card", 1, source * times + own_words, output),))
    part = max(200, int(order.traits.context_tokens * SAFE_SHARE) - NOTES_TOKENS - 250)
    parts = -(-source // part)
    notes = parts * NOTES_TOKENS
    return Estimate(
        (
            PlannedCalls("notes", parts, source + parts * 200, notes),
            PlannedCalls("card", 1, notes * times + own_words, output),
        )
    )


def _estimate_stepwise(order: Order) -> Estimate:
    """Small tasks of a few sentences each; a long source adds entries to the book, not longer calls."""
    size = order.count_tokens(order.source.text)
    told, config = min(size, 420), order.profile.config
    calls: dict[str, int] = {name: _small_tasks(order, name, told) for name in wanted_fields(order)}
    if wants_book(order):
        calls["book"] = min(config.book.max_entries, 1 + size // 60)
    calls = {kind: count for kind, count in calls.items() if count}
    share = 3 * told // max(1, sum(calls.values()))
    return Estimate(
        tuple(
            PlannedCalls(kind, count, count * (_STEP_OVERHEAD + share), count * _STEP_ANSWER)
            for kind, count in calls.items()
        )
    )


def _small_tasks(order: Order, name: FieldName, told: int) -> int:
    """Calls for a field by a source that tells so many tokens; see `stepwise.expected_calls`."""
    config = order.profile.config
    if name == "name":
        return 0
    if name in PROSE:
        return 1 + told // 180
    if name == "mes_example":
        return 2 * pieces(config, name)
    return {"first_mes": 2, "alternate_greetings": 2 * min(1, config.greetings)}.get(name, 1)
