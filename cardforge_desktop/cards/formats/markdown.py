"""A card as Markdown (CommonMark), for people to read: it is never read back.

Texts of the card stand in block quotes, which nothing in them can leave: no heading, no HTML, no link to
elsewhere, no picture that a viewer would fetch. Emphasis, lists and tables in them stay.
"""

import re
from collections.abc import Iterable, Iterator

from cardforge_desktop.cards.formats.losses import Loss
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage

_TEXTS = (
    ("Description", "description"),
    ("Personality", "personality"),
    ("Scenario", "scenario"),
    ("First message", "first_mes"),
)
_MORE_TEXTS = (
    ("System prompt", "system_prompt"),
    ("Post-history instructions", "post_history_instructions"),
    ("Creator notes", "creator_notes"),
)
_ACTIVE = re.compile(r"[\\`<>\[#&~]")
_ACTIVE_IN_LINES = re.compile(r"[\\`*_{}\[\]<>#+!|&~$^=-]")
_EMPTY_ITEM = re.compile(r"^(\d*)([-+*.)])$")
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_EXAMPLE = re.compile(r"<start>", re.IGNORECASE)


def write(package: CardPackage) -> bytes:
    """The text, UTF-8: every field of the specifications that says something, the book with its keys."""
    return ("\n\n".join(_blocks(package.card)) + "\n").encode()


def losses(package: CardPackage) -> tuple[Loss, ...]:
    """What the text leaves out; it is for reading, so the first is that it can't become a card again."""
    card = package.card
    found = [Loss("card", "can't be read back from this format: it is for people")]
    if card.extensions or card.model_extra or card.beside_data:
        found.append(Loss("extensions", "stay out, like all fields that no card specification names"))
    if package.picture is not None:
        found.append(Loss("picture", "is left out: this format has no place for one"))
    if card.assets or package.files:
        found.append(Loss("assets", "are left out with their files"))
    return tuple(found)


def _blocks(card: Card) -> Iterator[str]:
    yield f"# {_line(card.name) or 'Unnamed character'}"
    about = (("Nickname", card.nickname), ("Creator", card.creator), ("Version", card.character_version))
    facts = [f"- {name}: {_line(text)}" for name, text in about if text]
    if card.tags:
        facts.append(f"- Tags: {', '.join(map(_code, card.tags))}")
    facts += [f"- Source: {_code(source)}" for source in card.source or ()]
    if facts:
        yield "\n".join(facts)
    yield from _texts(card, _TEXTS)
    yield from _numbered("Alternate greetings", "Greeting", card.alternate_greetings)
    yield from _numbered("Group greetings", "Group greeting", card.group_only_greetings)
    yield from _numbered("Example messages", "Example", _EXAMPLE.split(card.mes_example))
    yield from _texts(card, _MORE_TEXTS)
    for language, notes in (card.creator_notes_multilingual or {}).items():
        if notes.strip():
            yield f"## Creator notes ({_line(language)})"
            yield _quoted(notes)
    if card.character_book is not None:
        yield from _book(card.character_book)


def _texts(card: Card, fields: Iterable[tuple[str, str]]) -> Iterator[str]:
    for heading, field in fields:
        if text := getattr(card, field).strip():
            yield f"## {heading}"
            yield _quoted(text)


def _numbered(heading: str, name: str, texts: Iterable[str]) -> Iterator[str]:
    said = [text for text in texts if text.strip()]
    if said:
        yield f"## {heading}"
    for number, text in enumerate(said, 1):
        yield f"### {name} {number}"
        yield _quoted(text)


def _book(book: CharacterBook) -> Iterator[str]:
    yield f"## Character book{': ' if book.name else ''}{_line(book.name or '')}"
    if book.description and book.description.strip():
        yield _quoted(book.description)
    settings = (
        ("Messages searched", book.scan_depth),
        ("Token budget", book.token_budget),
        ("Entries wake each other", book.recursive_scanning),
    )
    facts = [f"- {name}: {_plain(value)}" for name, value in settings if value is not None]
    if facts:
        yield "\n".join(facts)
    for number, entry in enumerate(book.entries, 1):
        yield from _entry(entry, number)


def _entry(entry: BookEntry, number: int) -> Iterator[str]:
    yield f"### {_line(entry.name or entry.comment or '') or f'Entry {number}'}"
    facts = [f"- Keys: {', '.join(map(_code, entry.keys)) or 'none'}"]
    if entry.secondary_keys:
        needed = "one of them has to appear too" if entry.selective else "not in use"
        facts.append(f"- Secondary keys ({needed}): {', '.join(map(_code, entry.secondary_keys))}")
    if entry.constant:
        facts.append("- Always in the prompt")
    if not entry.enabled:
        facts.append("- Switched off")
    facts.append(f"- Order: {_plain(entry.insertion_order)}")
    if entry.name and entry.comment and entry.comment != entry.name:
        facts.append(f"- Comment: {_line(entry.comment)}")
    yield "\n".join(facts)
    if entry.content.strip():
        yield _quoted(entry.content)


def _plain(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """A text of the card in a block quote, its lines kept apart."""
    lines = [_quoted_line(line) for line in text.strip("\r\n").splitlines()]
    quoted = []
    for at, line in enumerate(lines):
        end = "  " if line and any(lines[at + 1 : at + 2]) else ""  # without it Markdown joins the two
        quoted.append(f"> {line}{end}" if line else ">")
    return "\n".join(quoted)


def _quoted_line(line: str) -> str:
    plain = _ACTIVE.sub(r"\\\g<0>", _CONTROLS.sub("\ufffd", line)).rstrip()
    text = plain.lstrip()
    if text and not text.strip("=-"):  # it would make a heading of the line above
        text = f"\\{text}"
    text = _EMPTY_ITEM.sub(r"\1\\\2", text)
    # Four blanks would make code of it.
    return "\u00a0" * (len(plain) - len(plain.lstrip())) + text


def _line(text: str) -> str:
    """A text on one line, nothing in it active."""
    return _ACTIVE_IN_LINES.sub(r"\\\g<0>", _one_line(text))


def _code(text: str) -> str:
    """A text as it is, in a code span that it can't close."""
    plain = _one_line(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", plain)), default=0) + 1)
    return f"{fence} {plain} {fence}" if "`" in plain or not plain else f"{fence}{plain}{fence}"


def _one_line(text: str) -> str:
    return _CONTROLS.sub("\ufffd", " ".join(text.split()))
