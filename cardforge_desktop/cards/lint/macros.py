"""Rules on macros: unknown ones, half-braced ones, and the name where {{char}} could stand."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

from cardforge_desktop.cards.lint.model import LintContext, Place, Problem
from cardforge_desktop.cards.lint.places import prompt_texts, replace_spans
from cardforge_desktop.cards.macros import KNOWN, Macro, find_macros
from cardforge_desktop.cards.model import Card

# Macros that somebody who writes {one} or {{one} can only have meant.
_FREQUENT = ("original", "persona", "user", "char")
_HALF = re.compile(rf"\{{{{1,2}}[ \t]{{0,3}}({'|'.join(_FREQUENT)})[ \t]{{0,3}}\}}{{1,2}}", re.IGNORECASE)
_SHORTEST_GUESS = 4
_LONGEST_GUESS = 30
_LONGEST_NAME = 100
# Scripts that put nothing between words.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")


def unknown_macros(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Macros that no app fills in; one finding for each name in a field."""
    for place, text in prompt_texts(card):
        if "{{" not in text:
            continue
        unknown: dict[str, list[Macro]] = {}
        for macro in find_macros(text):
            if not macro.known:
                unknown.setdefault(macro.name, []).append(macro)
        for name, macros in unknown.items():
            yield _unknown(place, text, name, macros)


def _unknown(place: Place, text: str, name: str, macros: list[Macro]) -> Problem:
    guess = _guess(name)
    spans = [
        (macro.start, macro.end, text[macro.start : macro.end], f"{{{{{guess}}}}}")
        for macro in macros
        if not macro.argument
    ]
    fix = (
        replace_spans(f"Write {{{{{guess}}}}}", place, spans) if guess and len(spans) == len(macros) else None
    )
    shown = name if len(name) <= _LONGEST_GUESS else f"{name[:_LONGEST_GUESS]}…"
    meant = f" Is {{{{{guess}}}}} meant?" if guess else ""
    message = f"No app knows the macro {{{{{shown}}}}}: it stands in the prompt as it is.{meant}"
    return Problem(place, message, "warning", macros[0].start, macros[0].end, fix)


def _guess(name: str) -> str:
    """The known macro one slip of the hand away, or ""."""
    if not 3 <= len(name) <= _LONGEST_GUESS:
        return ""
    return next((_slips()[form] for form in (name, *_shorter(name)) if form in _slips()), "")


@cache
def _slips() -> Mapping[str, str]:
    """Known macros by themselves and by what is left of them when a letter is missing."""
    names = sorted(name for name in KNOWN if len(name) >= _SHORTEST_GUESS and name.isidentifier())
    # The last one wins: what nearly everybody means.
    shorter = {form: name for name in (*names, *_FREQUENT) for form in _shorter(name)}
    return MappingProxyType({**shorter, **{name: name for name in names}})


def _shorter(name: str) -> list[str]:
    return [name[:at] + name[at + 1 :] for at in range(len(name))]


def half_macros(card: Card, _context: LintContext) -> Iterator[Problem]:
    """{char}, {{char} and {char}}."""
    for place, text in prompt_texts(card):
        if "{" not in text:
            continue
        half = [match for match in _HALF.finditer(text) if _is_half(match, text)]
        if half:
            spans = [(*match.span(), match.group(), f"{{{{{match.group(1)}}}}}") for match in half]
            told = half[0].group()
            message = (
                f"“{told}” lacks a brace: macros have two on each side, else they are sent as they stand."
            )
            fix = replace_spans(f"Write {{{{{half[0].group(1)}}}}}", place, spans)
            yield Problem(place, message, "warning", *half[0].span(), fix)


def _is_half(match: re.Match[str], text: str) -> bool:
    told = match.group()
    around = text[max(0, match.start() - 1) : match.start()] + text[match.end() : match.end() + 1]
    return not (told.startswith("{{") and told.endswith("}}")) and not set("{}") & set(around)


def written_names(card: Card, _context: LintContext) -> Iterator[Problem]:
    """What {{char}} stands for, written out; one finding for a field."""
    name = (card.nickname or card.name).strip()
    if len(name) < 2 or len(name) > _LONGEST_NAME or set("{}<>\n") & set(name):
        return
    pattern = re.escape(name) if _UNSPACED.search(name) else rf"(?<!\w){re.escape(name)}(?!\w)"
    written = re.compile(pattern)
    whole = card.name.strip() if name in card.name else ""  # of "Mira Voss", "Mira" is no name by itself
    for place, text in prompt_texts(card):
        if name not in text:
            continue
        spans = _outside_of_macros(written, text)
        if whole and whole != name:
            spans = [span for span in spans if not _is_part(whole, text, *span)]
        if spans:
            times = "" if len(spans) == 1 else f" {len(spans)} times"
            message = f"“{name}” is written out{times}; {{{{char}}}} would follow a new name."
            fix = replace_spans(
                "Write {{char}}", place, [(start, end, name, "{{char}}") for start, end in spans]
            )
            yield Problem(place, message, "hint", *spans[0], fix)


def _is_part(whole: str, text: str, start: int, end: int) -> bool:
    """Whether a part of a text stands within `whole` there."""
    return text.find(whole, max(0, end - len(whole)), start + len(whole)) >= 0


def _outside_of_macros(written: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Where the name stands, but not in a macro's argument and not between single braces."""
    macros: list[tuple[int, int]] = []  # the outermost ones, in order
    for macro in find_macros(text) if "{" in text or "<" in text else ():
        if not macros or macro.start >= macros[-1][1]:
            macros.append((macro.start, macro.end))
    spans: list[tuple[int, int]] = []
    for match in written.finditer(text):
        start, end = match.span()
        before = bisect_right(macros, (start, len(text))) - 1
        inside = before >= 0 and start < macros[before][1]
        if not inside and not set("{}") & set(text[max(0, start - 1) : start] + text[end : end + 1]):
            spans.append((start, end))
    return spans
