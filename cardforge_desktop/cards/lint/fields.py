"""Rules on single fields: empty ones, and what a machine left in them."""

import re
from collections.abc import Iterator

from cardforge_desktop.cards.lint.model import LintContext, Problem, Severity
from cardforge_desktop.cards.lint.places import greetings, prompt_texts, set_value, splice
from cardforge_desktop.cards.model import Card

_REQUIRED: tuple[tuple[str, Severity, str], ...] = (
    ("name", "error", "The card has no name. Give it one: apps show it and put it in place of {{char}}."),
    ("description", "warning", "The description is empty. Say who the character is."),
    ("first_mes", "warning", "There is no first message. Write how a chat begins."),
    (
        "personality",
        "hint",
        "The personality is empty. A line of traits helps, unless the description has them.",
    ),
    ("scenario", "hint", "The scenario is empty. A line on where and when a chat plays helps."),
    ("mes_example", "hint", "There are no example messages. A few lines of talk show the character's voice."),
)
#: People are called these.
_NAMES = frozenset({"nan", "nil", "todo"})
_NULLS = frozenset(
    {
        "null",
        "none",
        "undefined",
        "nan",
        "n/a",
        "[object object]",
        "nil",
        "[]",
        "{}",
        "todo",
        "tbd",
        "lorem ipsum",
    }
)
# What begins a line here stands outside of quotation marks, so that a robot's “As an AI” and a barkeeper's
# “Sure, here is your drink” are left in peace; so are refusals that name nothing a model is asked for.
_LINE_START = r"^[^\w\n\"“„«'‘]{0,3}"
_CANNOT = r"i (?:cannot|can['’]t|am unable to|won['’]t)"
_WHAT_MODELS_WRITE = (
    "card|character|description|profile|persona|greeting|scenario|lorebook|json|rewrite|rewritten|revised|"
    "version|examples?"
)
_LEFTOVER = re.compile(
    rf"\bas an? (?:ai|large|artificial intelligence) language model\b|"
    rf"{_LINE_START}as an (?:ai|artificial intelligence)(?: model| assistant)?,|"
    rf"\bi['’]?m sorry, but (?:as an ai\b|{_CANNOT} (?:fulfill?|comply|assist|generate|create|provide)\b)|"
    rf"\b{_CANNOT} (?:fulfill?|comply with|assist with|help with|generate|create) "
    rf"(?:this|that|your|such|the|any|explicit)\b[^.\n]{{0,30}}?\b(?:requests?|content|prompts?|material)\b|"
    rf"{_LINE_START}(?:certainly|sure|of course|absolutely)[!,.] here(?:['’]s| is| are)\b"
    rf"[^.\n]{{0,60}}?\b(?:{_WHAT_MODELS_WRITE})\b|"
    r"\bhere (?:is|['’]s) (?:the|your|a) (?:character card|character description|rewritten)\b|"
    r"\blet me know if you(?:['’]d| would) like (?:me to (?:adjust|change|modify|expand|add|revise|rewrite)|"
    r"any (?:changes|adjustments|edits|revisions|modifications))\b|"
    rf"{_LINE_START}i hope this helps[!.]|"
    r"</?think>|\[insert [^\]\n]{1,40}\]|\[object object\]|<\|(?:im_end|endoftext|eot_id)\|>",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"^[ \t]{0,3}```[^\n`]*$", re.MULTILINE)


def empty_fields(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Fields that every app shows or sends."""
    for name, severity, message in _REQUIRED:
        if not getattr(card, name).strip():
            yield Problem((name,), message, severity)


def empty_greetings(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Greetings beside the first that say nothing."""
    for place, text in greetings(card):
        if len(place) > 1 and not text.strip():
            fix = splice("Take the greeting out", place, text)
            yield Problem(place, "This greeting is empty: swiping to it shows nothing.", "warning", fix=fix)


def literal_nulls(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Fields whose whole text is a programmer's word for nothing."""
    for place, text in (
        *prompt_texts(card),
        (("name",), card.name),
        (("creator_notes",), card.creator_notes),
    ):
        word = text.strip()
        if len(word) > 20 or word.lower() not in _NULLS or (place == ("name",) and word.lower() in _NAMES):
            continue
        fix = (
            splice("Take it out", place, text)
            if isinstance(place[-1], int)
            else set_value("Empty it", place, text, "")
        )
        yield Problem(
            place,
            f"The whole text is “{word}”: a program's word for nothing, sent as it stands.",
            "warning",
            0,
            len(text),
            None if place == ("name",) else fix,
        )


def leftovers(card: Card, _context: LintContext) -> Iterator[Problem]:
    """What a model said to its user instead of about the character."""
    for place, text in prompt_texts(card):
        found = _LEFTOVER.search(text)
        if found:
            words = found.group().strip()
            message = (
                f"“{words}” looks like a model talking to its user, left in the text. Rewrite the sentence."
            )
            yield Problem(place, message, "warning", found.start(), found.end())


def code_fences(card: Card, _context: LintContext) -> Iterator[Problem]:
    """A text wrapped in ``` as chat apps show code, or a fence that nothing closes."""
    for place, text in prompt_texts(card):
        if "```" not in text:
            continue
        fences = [match.span() for match in _FENCE.finditer(text)]
        if len(fences) % 2:
            start, end = fences[-1]
            message = (
                "This code fence is never closed: all that follows is shown as code. Close it or take it out."
            )
            yield Problem(place, message, "warning", start, end)
        elif len(fences) == 2 and not text[: fences[0][0]].strip() and not text[fences[1][1] :].strip():
            inner = text[fences[0][1] : fences[1][0]].strip("\n")
            message = "The whole text stands in a code fence, as models wrap their answers."
            fix = set_value("Take the code fence off", place, text, inner)
            yield Problem(place, message, "warning", 0, len(text), fix)
