"""The whole card in one answer, for models that can: read, checked, mended, asked again a bounded time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.engines.base import Prompt
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.generation import checks
from cardforge_desktop.generation.book import book_of
from cardforge_desktop.generation.growth import Growth
from cardforge_desktop.generation.model import Answer, Ask, Draft, GenerationError, Order, Watcher
from cardforge_desktop.generation.noted import noted
from cardforge_desktop.generation.parse import as_text, as_texts, entries_of, parse_answer, partial_fields
from cardforge_desktop.generation.plan import Plan, plan_source, prompt_tokens, split_text
from cardforge_desktop.generation.prompts import (
    NOTES_TOKENS,
    again_prompt,
    card_prompt,
    fields_prompt,
    notes_prompt,
)
from cardforge_desktop.generation.schema import answer_names, field_plan, wanted_fields, wants_book
from cardforge_desktop.generation.sentences import words
from cardforge_desktop.profiles.model import REQUIRED, FieldName

#: Further asks after an answer that can't be used, and for fields that fail their checks.
_MORE_ASKS = 2
_MOST_NOTE_ROUNDS = 3
#: Share of a card that is written before fields are asked for again.
_BEFORE_REPAIRS = 0.95


@dataclass(slots=True)
class _Work:
    """One card on its way."""

    order: Order
    ask: Ask
    watch: Watcher
    source: str = ""
    done: float = 0.0
    warnings: list[str] = field(default_factory=list)


def write_whole(order: Order, ask: Ask, watch: Watcher) -> Draft:
    """Write the card with one call, plus one for each part of a source longer than the context.

    Raises:
        GenerationError: no usable card after the bounded asks; ``details["raw_answer"]`` is the last answer.
        EngineError: a call failed for good.
    """
    plan = plan_source(order)
    work = _Work(order, ask, watch)
    watch.stage("writing", 0.0)
    work.source = plan.parts[0] if plan.whole else _notes(work, plan)
    values = _values(work, plan.output_tokens)
    values = _checked(work, values)
    return Draft(_card(work, values), tuple(dict.fromkeys(work.warnings)))


def _notes(work: _Work, plan: Plan) -> str:
    """Notes on each part of a long source, noted again while they are themselves too long."""
    parts = plan.parts
    note_tokens = len(parts) * NOTES_TOKENS
    share = note_tokens / (note_tokens + plan.output_tokens)
    for round_number in range(1, _MOST_NOTE_ROUNDS + 1):
        told: list[str] = []
        for number, part in enumerate(parts, 1):
            prompt = notes_prompt(work.order, part, number, len(parts))
            answer = work.ask(f"notes:{round_number}:{number}", prompt, lambda _: None)
            _refused(answer)
            told.append(answer.text.strip())
            work.done = share * number / len(parts)
            work.watch.stage("writing", work.done)
        notes = "\n\n".join(told)
        noted = replace(work.order.source, text=notes, sections=())
        try:
            next_plan = plan_source(replace(work.order, source=noted))
        except GenerationError:
            break
        if next_plan.whole:
            work.warnings.append(
                "The source is longer than the context; "
                f"the card was written from notes on its {len(plan.parts)} parts."
            )
            return notes
        parts = split_text(work.order, notes, work.order.traits.context_tokens // 2 - NOTES_TOKENS // 2)
    raise GenerationError(
        ErrorCode.SOURCE_TOO_LONG,
        f"Even the notes on {work.order.source.name} do not fit this engine's context. "
        "Choose an engine with a larger one.",
        {"parts": len(plan.parts)},
    )


def _values(work: _Work, room: int) -> dict[str, Any]:
    """The fields of the first answer that has any, asking again with what was wrong."""
    prompt = card_prompt(work.order, work.source, room)
    error = GenerationError(ErrorCode.INVALID_ANSWER, "The model gave no usable answer.", {"raw_answer": ""})
    widened = False
    for attempt in range(1, _MORE_ASKS + 2):
        show = _preview(work, answer_names(work.order), (work.done, _BEFORE_REPAIRS))
        answer = work.ask("card" if attempt == 1 else f"card:{attempt}", prompt, show)
        try:
            return _read(work, answer)
        except GenerationError as problem:
            error = problem
        if error.code == ErrorCode.REFUSED or (error.code == ErrorCode.ANSWER_TRUNCATED and widened):
            break
        work.watch.stage("repairing", work.done, restarted=True)
        if error.code == ErrorCode.ANSWER_TRUNCATED:
            widened = True
            prompt = card_prompt(work.order, work.source, _wider(work.order, prompt))
        elif error.code == ErrorCode.INVALID_ANSWER:
            raw = str(error.details.get("raw_answer", ""))
            prompt = again_prompt(work.order, work.source, raw, [error.message], prompt.max_tokens)
        else:
            prompt = again_prompt(work.order, work.source, "", ["It was empty."], prompt.max_tokens)
    raise error


def _wider(order: Order, prompt: Prompt) -> int:
    """Twice the room for the answer, as far as the context reaches."""
    left = order.traits.context_tokens - prompt_tokens(order, prompt)
    return max(prompt.max_tokens + 1, min(2 * prompt.max_tokens, left))


def _refused(answer: Answer) -> None:
    if answer.reason == "refusal" or checks.refuses(answer.text):
        raise GenerationError(
            ErrorCode.REFUSED,
            "The model refused to write this card. Another model, or a milder source, may do it.",
            {"raw_answer": answer.text},
        )


def _read(work: _Work, answer: Answer) -> dict[str, Any]:
    """The fields of an answer that is whole enough to be mended."""
    _refused(answer)
    try:
        values = parse_answer(answer.text)
    except GenerationError as problem:
        if answer.reason == "length":
            raise _truncated(answer) from problem
        raise
    missing = [
        name for name in REQUIRED if name in wanted_fields(work.order) and not as_text(values.get(name))
    ]
    if answer.reason == "length" and (missing or wants_book(work.order)):
        raise _truncated(answer)
    if work.order.profile.type == "lorebook" and work.order.target is None and _book(work, values) is None:
        told = "The answer has no book entry with a key that stands in the source."
        raise GenerationError(ErrorCode.INVALID_ANSWER, told, {"raw_answer": answer.text})
    if len(missing) > 3:
        told = f"The answer lacks the fields {', '.join(missing)}."
        raise GenerationError(ErrorCode.INVALID_ANSWER, told, {"raw_answer": answer.text})
    values["raw"] = answer.text
    return values


def _truncated(answer: Answer) -> GenerationError:
    return GenerationError(
        ErrorCode.ANSWER_TRUNCATED,
        "The answer was cut off by the token limit. "
        "Shorten the profile's fields or choose an engine with more room.",
        {"raw_answer": answer.text},
    )


def _preview(
    work: _Work, names: Sequence[str], span: tuple[float, float], *, repairing: bool = False
) -> Callable[[str], None]:
    """Shows the field that is growing, from JSON that is not finished.

    Args:
        names: what the answer holds.
        span: from where to where in 0..1 of the card the answer leads.
        repairing: the fields shown so far stand, but for those of this answer.
    """
    shown: dict[str, str] = {}
    growth = Growth(work.order, names)
    start, end = span

    def show(text: str) -> None:
        nonlocal growth
        if not text:  # the text so far turned void
            if shown and not repairing:
                work.watch.stage("writing", start, restarted=True)
            shown.clear()
            growth = Growth(work.order, names)
            return
        fields = partial_fields(text)
        fraction = start + (end - start) * growth.fraction(text, fields)
        grown = [name for name in names if fields.get(name) and shown.get(name) != fields[name]]
        for name in grown:
            shown[name] = fields[name]
            work.watch.field(name, fields[name], fraction)
        if not grown:
            work.watch.stage("repairing" if repairing else "writing", fraction)

    return show


def _checked(work: _Work, values: dict[str, Any]) -> dict[str, Any]:
    """Fields that fail their checks are asked for again, only they; what still fails is cut or given up."""
    values = _mended(work, values)
    for attempt in range(1, _MORE_ASKS + 1):
        problems = _problems(work.order, values)
        if not problems:
            return values
        work.watch.stage("repairing", _BEFORE_REPAIRS)
        rest = {name: value for name, value in values.items() if name not in problems and name != "raw"}
        card = json.dumps(rest, ensure_ascii=False)
        prompt = fields_prompt(work.order, work.source, card, tuple(problems), tuple(problems.values()))
        show = _preview(work, tuple(problems), (_BEFORE_REPAIRS, 1.0), repairing=True)
        answer = work.ask(f"fields:{attempt}", prompt, show)
        _refused(answer)
        try:
            better = _mended(work, parse_answer(answer.text))
        except GenerationError:
            continue
        values |= {name: better[name] for name in problems if better.get(name)}
    return _last_resort(work, values)


def _mended(work: _Work, values: dict[str, Any]) -> dict[str, Any]:
    """Each field in its own type, trimmed, in the frame it needs; unknown ones left out."""
    mended: dict[str, Any] = {key: as_text(values[key]) for key in ("world", "class") if key in values}
    mended |= {"raw": values["raw"]} if "raw" in values else {}
    mended |= {"book": entries_of(values["book"])} if "book" in values else {}
    for name in wanted_fields(work.order):
        if name in ("alternate_greetings", "tags"):
            mended[name] = as_texts(values.get(name)) if name == "tags" else _greetings(values.get(name))
        else:
            mended[name] = as_text(values.get(name))
    called = str(mended.get("name") or (work.order.target.name if work.order.target else ""))
    called = work.order.wished_name or called
    if mended.get("mes_example"):
        names = [called, called.split(" ", maxsplit=1)[0]]
        mended["mes_example"] = checks.mended_example(mended["mes_example"], [name for name in names if name])
    mended["name"] = " ".join(called.split())[:100]
    return mended


def _greetings(value: Any) -> list[str]:
    """Greetings as a list; one long string is one greeting, not a list by commas."""
    return (
        [as_text(value)]
        if isinstance(value, str) and value.strip()
        else []
        if isinstance(value, str)
        else as_texts(value)
    )


def _problems(order: Order, values: dict[str, Any]) -> dict[FieldName, str]:
    """For each field that can't stand: what is wrong, as the model is told."""
    problems: dict[FieldName, str] = {}
    for name in wanted_fields(order):
        text = as_text(values.get(name))
        problem = _problem(name, text, field_plan(order, name).min_words, values)
        if problem:
            problems[name] = problem
    return problems


def _problem(name: FieldName, text: str, least: int, values: dict[str, Any]) -> str:
    if not text:
        return f"{name} is empty" if name in REQUIRED else ""
    if name not in ("tags", "name") and len(words(text)) < least:
        return f"{name} has fewer than {least} words"
    if name not in ("tags", "name", "mes_example") and checks.loops(text):
        return f"{name} repeats itself"
    if name == "mes_example":
        return checks.example_problem(text)
    if name in ("first_mes", "alternate_greetings"):
        offence = next((found for one in _texts(values[name]) if (found := checks.speaks_for_user(one))), "")
        return f"{name} speaks, acts or feels for {{{{user}}}} in: {offence}" if offence else ""
    return ""


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def _last_resort(work: _Work, values: dict[str, Any]) -> dict[str, Any]:
    """What the asks did not mend: sentences for {{user}} are cut, optional fields dropped, else it fails."""
    for name, problem in _problems(work.order, values).items():
        text = as_text(values.get(name))
        if name in ("first_mes", "alternate_greetings") and "{{user}}" in problem:
            kept = [checks.without_speaking_for_user(one) for one in _texts(values[name])]
            values[name] = [one for one in kept if one] if name == "alternate_greetings" else kept[0]
            work.warnings.append(f"Sentences of {name} that spoke for {{{{user}}}} were cut.")
            text = as_text(values[name])
        if name in REQUIRED and (not text or _broken(name, text)):
            raise GenerationError(
                ErrorCode.INVALID_ANSWER,
                f"The model's card can't be used: {problem}.",
                {"raw_answer": values.get("raw", "")},
            )
        if problem and name not in REQUIRED and "{{user}}" not in problem:
            values[name] = [] if isinstance(values.get(name), list) else ""
        work.warnings.append(f"{name} stayed as it is although {problem}.") if "fewer" in problem else None
    return values


def _broken(name: FieldName, text: str) -> bool:
    """Whether a required field is no use as it is; a short one is."""
    return bool(checks.example_problem(text)) if name == "mes_example" else checks.loops(text)


def _card(work: _Work, values: dict[str, Any]) -> Card:
    """The card from checked values; world and class go where no reader takes them for a lorebook's name."""
    told = {name: values[name] for name in wanted_fields(work.order) if name in values}
    if "tags" in told:
        told["tags"] = list(dict.fromkeys(tag.lower()[:30].strip() for tag in told["tags"] if tag.strip()))[
            :8
        ]
    if "alternate_greetings" in told:
        told["alternate_greetings"] = told["alternate_greetings"][: work.order.profile.config.greetings]
    own = noted(values)
    book = _book(work, values)
    if book is None and wants_book(work.order):
        work.warnings.append("The model gave no book entries whose keys occur in the source.")
    return Card(**told, extensions={"cardforge": own} if own else {}, character_book=book)


def _book(work: _Work, values: dict[str, Any]) -> CharacterBook | None:
    """The book as far as its entries are of use; a lorebook is called what it is itself."""
    order = work.order
    if not wants_book(order):
        return None
    name, limit = as_text(values.get("name")), order.profile.config.book.max_entries
    book = book_of(name, entries_of(values.get("book")), order.source.text, limit)
    if book is None or order.profile.type != "lorebook" or order.target is not None:
        return book
    return book.model_copy(update={"name": name})
