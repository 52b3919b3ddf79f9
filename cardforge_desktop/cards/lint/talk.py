"""Rules on greetings and example messages: who speaks, and in what frame."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from cardforge_desktop.cards.lint.model import Fix, LintContext, Place, Problem
from cardforge_desktop.cards.lint.places import greetings, prompt_texts, replace_spans, splice
from cardforge_desktop.cards.lint.words import COMMON_NAMES
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.user_acting import acts_of_user

_LINE = re.compile(r"[^\n]+")
_START = re.compile(r"<START>", re.IGNORECASE)
#: What people and models write for it: "<start>", "START>", "</START>", "[START]", "{{START}}", "<START/>".
_NEARLY_START = re.compile(
    r"^[ \t]{0,9}((?:<|</|\[|\{\{?|\*\*)?[ \t]?START[ \t]?(?:>|/>|\]|\}\}?|\*\*)?)[ \t]{0,9}$",
    re.IGNORECASE | re.MULTILINE,
)
_USER_SPEAKS = re.compile(r"[ \t]{0,9}\*{0,3}(?:\{\{user\}\}|<user>|user|you)\*{0,3}[ \t]?:", re.IGNORECASE)
_CHAR_SPEAKS = re.compile(r"[ \t]{0,9}\*{0,3}(?:\{\{char\}\}|<bot>|<char>|char)\*{0,3}[ \t]?:", re.IGNORECASE)
_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?![ \t]*\n)[^\n]+)*")
# Bold, list marks, escaped stars and lines of stars open nothing.
_NO_EMPHASIS = re.compile(r"\*{2,}|\\\*|^[ \t]{0,9}\*(?=[ \t])|(?<=\s)\*(?=\s)", re.MULTILINE)
# In the middle of a word it is a letter left out ("f*ck"), shown as it stands.
_IN_WORD = re.compile(r"(?<=\w)\*(?=\w)")
_INCHES = re.compile(r"(?<=\d)\"")


def speaks_for_user(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Greetings, and examples where {{user}} is not the speaker, that act for {{user}}."""
    for place, text in (*greetings(card), (("mes_example",), _others_talk(card.mes_example))):
        spans = list(acts_of_user(text))
        if spans:
            start, end = spans[0]
            more = f" (and {len(spans) - 1} more)" if len(spans) > 1 else ""
            message = f"“{text[start:end].strip()}”{more} decides for {{{{user}}}}. Tell only what others do."
            yield Problem(place, message, "warning", start, end)


def _others_talk(examples: str) -> str:
    """The examples with the lines of {{user}} blanked out, every character in its place."""
    parts, behind, theirs = [], 0, False
    for line in _LINE.finditer(examples):
        if _USER_SPEAKS.match(line.group()):
            theirs = True
        elif _CHAR_SPEAKS.match(line.group()) or _START.search(line.group()):
            theirs = False
        if theirs:
            parts += [examples[behind : line.start()], " " * len(line.group())]
            behind = line.end()
    return "".join([*parts, examples[behind:]])


def starts(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Example messages as blocks, each behind <START>."""
    place, text = ("mes_example",), card.mes_example
    misspelt = [match.span(1) for match in _NEARLY_START.finditer(text) if match.group(1) != "<START>"]
    if misspelt:
        start, end = misspelt[0]
        fix = replace_spans(
            "Write <START>", place, [(one, other, text[one:other], "<START>") for one, other in misspelt]
        )
        message = f"“{text[start:end]}” is not <START>: not every app sees that a new example begins."
        yield Problem(place, message, "warning", start, end, fix)
        return
    marks = [match.span() for match in _START.finditer(text)]
    first = marks[0][0] if marks else len(text)
    if text[:first].strip():
        message = (
            "The text before the first <START> belongs to no example. Begin it with <START>."
            if marks
            else "No <START> stands before the examples, so not every app sees where one begins."
        )
        fix = Fix("Put <START> in front", replace_spans("", place, [(0, 0, "", "<START>\n")]).apply)
        yield Problem(place, message, "warning", 0, first, fix)
    yield from _empty_blocks(place, text, marks)


def _empty_blocks(place: Place, text: str, marks: list[tuple[int, int]]) -> Iterator[Problem]:
    ends = [*marks, (len(text), len(text))] if marks else []
    empty = [mark for mark, following in pairwise(ends) if not text[mark[1] : following[0]].strip()]
    if empty:
        spans = [(start, end, text[start:end], "") for start, end in empty]
        message = "A <START> with nothing behind it: an empty example. Take it out, or write one."
        fix = replace_spans("Take the empty ones out", place, spans)
        yield Problem(place, message, "warning", *empty[0], fix)


def unclosed_marks(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Asterisks and quotation marks in greetings that open and never close."""
    for place, text in greetings(card):
        yield from _unclosed_stars(place, text)
        yield from _unclosed_quotes(place, text)


def _unclosed_stars(place: Place, text: str) -> Iterator[Problem]:
    if "*" not in text:
        return
    for paragraph in _PARAGRAPH.finditer(text):
        plain = _NO_EMPHASIS.sub(lambda match: " " * len(match.group()), paragraph.group())
        if plain.count("*") % 2 == 0 or _IN_WORD.search(plain):
            continue
        start, end = (
            paragraph.start() + plain.rindex("*"),
            paragraph.start() + len(paragraph.group().rstrip()),
        )
        fix = None
        if (
            plain.count("*") == 1
            and plain.lstrip().startswith("*")
            and not set('\n"“”*') & set(plain[plain.index("*") + 1 :])
        ):
            fix = replace_spans("Close it at the end", place, [(end, end, "", "*")])
        message = "This asterisk has no partner: the paragraph is shown wrongly. Close it or take it out."
        yield Problem(place, message, "warning", start, start + 1, fix)
        return


def _unclosed_quotes(place: Place, text: str) -> Iterator[Problem]:
    paragraphs = list(_PARAGRAPH.finditer(text))
    for at, paragraph in enumerate(paragraphs):
        said = _INCHES.sub(" ", paragraph.group())
        opened = said.count('"') % 2 == 1 or said.count("“") > said.count("”") + said.count("„")
        follows = paragraphs[at + 1].group().lstrip()[:1] if at + 1 < len(paragraphs) else ""
        # Speech that goes on in the next paragraph is opened again there and closed only at its end.
        if not opened or follows in ('"', "“"):
            continue
        start = paragraph.start() + max(said.rfind('"'), said.rfind("“"))
        message = (
            "This quotation mark has no partner: apps that colour speech colour the wrong part. Close it."
        )
        yield Problem(place, message, "hint", start, start + 1)
        return


def same_greetings(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Alternate greetings that another greeting is word by word."""
    seen = {card.first_mes.strip(): "the first message"}
    for index, text in enumerate(card.alternate_greetings):
        told = text.strip()
        if told and told in seen:
            place = ("alternate_greetings", index)
            fix = splice("Take the greeting out", place, text)
            yield Problem(place, f"This greeting is the same as {seen[told]}.", "warning", fix=fix)
        else:
            seen[told] = f"alternate greeting {index + 1}"


# A capitalised word in the middle of a sentence, and those that follow it: a name in most languages.
_NAME = re.compile(
    r"(?<=[a-zà-öø-ÿ,;] )([A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{2,30}(?: [A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ]{2,30}){0,2})(?![\w'’])"
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def canon_in_examples(card: Card, _context: LintContext) -> Iterator[Problem]:
    """Names that come up again and again in the examples and stand nowhere else.

    Silent for languages that write common nouns with a capital.
    """
    text = card.mes_example
    names = [match for match in _NAME.finditer(text) if match.group(1).lower() not in COMMON_NAMES]
    if not names or len(names) * 10 > len(_WORD.findall(text)):
        return
    elsewhere = {word.lower() for words in _words_elsewhere(card) for word in words}
    counts = Counter(match.group(1) for match in names)
    unknown = [
        match
        for match in names
        if counts[match.group(1)] > 1 and not elsewhere & {word.lower() for word in match.group(1).split()}
    ]
    if unknown:
        told = list(dict.fromkeys(match.group(1) for match in unknown))
        shown = ", ".join(f"“{name}”" for name in told[:3]) + (" …" if len(told) > 3 else "")
        message = f"{shown} is named only in the examples. Say in the description or the book what it is."
        yield Problem(("mes_example",), message, "hint", unknown[0].start(1), unknown[0].end(1))


def _words_elsewhere(card: Card) -> Iterator[list[str]]:
    for place, text in prompt_texts(card):
        if place != ("mes_example",):
            yield _WORD.findall(text)
    yield _WORD.findall(f"{card.name} {card.nickname or ''} {' '.join(card.tags)}")
    for entry in () if card.character_book is None else card.character_book.entries:
        yield _WORD.findall(" ".join((*entry.keys, entry.name or "", entry.comment or "")))
