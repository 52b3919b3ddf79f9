"""The rule on sentences that a card says twice."""

import re
from collections.abc import Iterator

from cardforge_desktop.cards.lint.model import LintContext, Place, Problem
from cardforge_desktop.cards.lint.places import PERMANENT, entries, greetings, path_of
from cardforge_desktop.cards.model import Card

_SENTENCE = re.compile(r"[^.!?…。！？\n]+[.!?…。！？]{0,9}")
_SPEAKER = re.compile(r"^[ \t]{0,9}(?:\{\{(?:char|user)\}\}|<(?:bot|user|start)>)[ \t]{0,3}:?", re.IGNORECASE)
_EDGES = " \t\r\"“”„«»*_'’-–—#>"
#: A shorter one is a figure of speech: "She looks at you."
_FEWEST_WORDS = 5
# Scripts without spaces: such a sentence says as much.
_FEWEST_CHARACTERS = 16


def repeated_sentences(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Sentences that stand twice in what one prompt can hold; one finding for a field.

    Greetings are compared with the other fields, not with each other: a chat begins with one of them.
    """
    seen: dict[str, Place] = {}
    lasting: list[tuple[Place, str]] = [
        ((name,), getattr(card, name)) for name in (*PERMANENT, "mes_example")
    ]
    lasting += [((*place, "content"), entry.content) for place, entry in entries(card)]
    for place, text in lasting:
        yield from _repeated(place, text, seen, seen)
    for place, text in greetings(card):
        yield from _repeated(place, text, seen, {})


def _repeated(place: Place, text: str, others: dict[str, Place], mine: dict[str, Place]) -> Iterator[Problem]:
    """Compare the sentences of `text` with others' and its own; note new ones in `mine`."""
    first: tuple[int, int, Place] | None = None
    more = 0
    for match in _SENTENCE.finditer(text):
        start = match.start()
        label = _SPEAKER.match(match.group())
        sentence = match.group()[label.end() :] if label else match.group()
        if not _counts(sentence):
            continue
        said = " ".join(sentence.split()).strip(_EDGES + ".!?…").casefold()
        before = others.get(said) or mine.get(said)
        if before is None:
            mine[said] = place
        elif first is None:
            first = start + len(match.group()) - len(sentence.lstrip()), match.end(), before
        else:
            more += 1
    if first is not None:
        start, end, before = first
        where = "further up" if before == place else f"in {path_of(before)}"
        others_too = "" if not more else " So does one more." if more == 1 else f" So do {more} more."
        message = f"This sentence already stands {where}.{others_too} Models copy repetition: say it once."
        yield Problem(place, message, "warning" if before == place else "hint", start, end)


def _counts(sentence: str) -> bool:
    words = sentence.split()
    return len(words) >= _FEWEST_WORDS or (
        len(words) == 1 and len(sentence) >= _FEWEST_CHARACTERS and not sentence.isascii()
    )
