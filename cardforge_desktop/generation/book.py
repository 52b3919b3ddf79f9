"""The character book: entries whose keys really occur in the text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cardforge_desktop.books.kinds import word_set
from cardforge_desktop.books.merging import merged
from cardforge_desktop.cards.book_fields import with_category, with_made
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.generation import retelling
from cardforge_desktop.generation.categories import (
    OTHER,
    category_of_name,
    category_of_thing,
    category_said,
)
from cardforge_desktop.generation.checks import same_facts
from cardforge_desktop.generation.facts import Facts, with_name
from cardforge_desktop.generation.model import Order
from cardforge_desktop.generation.names import Character, NamedThing, named_things
from cardforge_desktop.generation.retelling import Pen, Spot
from cardforge_desktop.generation.sentences import FUNCTION_WORDS, Sentence, words
from cardforge_desktop.generation.sizes import entry_words

_MAX_KEYS = 5
#: Every chat is full of them: as keys they would wake an entry each time.
_COMMON = FUNCTION_WORDS | word_set(
    """
    man woman men women boy girl child people person someone somebody everyone nobody thing things place
    time day night today tonight way name word life world story character user char yes okay
    """
)


def book_of(name: str, raw: Iterable[Mapping[str, Any]], text: str, limit: int) -> CharacterBook | None:
    """A book from a model's entries: keys kept that occur in `text`, entries without any dropped.

    Entries about one thing are made one, each is marked as written by CardForge. None when nothing is left.
    Names are unique per card, since readers overwrite a world of the same name.
    """
    book = CharacterBook(name=f"{name}'s Lorebook")
    for given in raw:
        title = str(given.get("name") or "").strip()
        content = str(given.get("content") or "").strip()
        keys = keys_in_text([title, *_strings(given.get("keys"))], text)
        if not content or not keys:
            continue
        said = category_said(str(given.get("category") or ""))
        category = category_of_name(title or keys[0]) if said is None else said
        entry = with_category(_entry(title or keys[0], keys, content), category)
        book = merged(book, CharacterBook(entries=[with_made(entry)])).book
        if len(book.entries) >= limit:
            break
    return book if book.entries else None


def keys_in_text(candidates: Iterable[str], text: str) -> list[str]:
    """Those candidates that occur in the text as whole words, each once, at most five; no commas.

    Words that every chat is full of are no keys. Plain keys can't hold commas in SillyTavern and RisuAI: what
    stands between them is tried instead.
    """
    found: dict[str, str] = {}
    pieces = (piece.strip(" \t\"'“”*.") for candidate in candidates for piece in candidate.split(","))
    for piece in pieces:
        if len(piece) > 1 and piece.lower() not in found and not _is_common(piece) and occurs(piece, text):
            found[piece.lower()] = piece
    return list(found.values())[:_MAX_KEYS]


def _is_common(key: str) -> bool:
    return all(word.lower() in _COMMON for word in words(key))


def occurs(key: str, text: str) -> bool:
    """Whether a reader's keyword scan would find the key: whole words, case aside, white space folded."""
    pattern = r"\s+".join(re.escape(part) for part in key.split())
    start, end = (r"(?<!\w)", r"(?!\w)") if key.isascii() else ("", "")
    return re.search(start + pattern + end, text, re.IGNORECASE) is not None


def things_for_book(facts: Facts, people: Sequence[Character]) -> list[NamedThing]:
    """The names of a source that can get an entry, most frequent first; not those of `people`."""
    return [
        thing
        for thing in named_things(list(facts.sentences))
        if _stands_out(thing, facts.english) and not any(person.is_in(thing.name) for person in people)
    ]


def retold_book(
    order: Order, pen: Pen, facts: Facts, name: str, people: Sequence[Character]
) -> CharacterBook | None:
    """Entries for the names of the source but those of `people`, each retold from the sentences that name it.

    Args:
        name: what the card is called.
    """
    raw: list[dict[str, Any]] = []
    limit = order.profile.config.book.max_entries
    for thing in things_for_book(facts, people):
        if len(raw) >= limit:
            break
        keys = [thing.name, *sorted(thing.parts - {thing.name})]
        about = [s.text for s in facts.sentences if _tells_of(s, keys)]
        about.sort(key=lambda text: -_defines(text, keys))
        first = _first_words(about, entry_words(order.profile.config))
        chosen = tuple(with_name(facts, text) for text in first)  # an entry is read alone
        content = (
            retelling.retell(pen, Spot(f"book:{thing.name}", "character_book"), chosen) if chosen else ""
        )
        twin = next((entry for entry in raw if same_facts(entry["content"], content) >= 0.8), None)
        if twin is not None:
            twin["keys"] += keys
        elif any(key in content for key in keys):
            category = category_of_thing(thing, about, english=facts.english) or OTHER
            raw.append({"name": thing.name, "category": category, "keys": keys, "content": content})
    return book_of(name, raw, order.source.text, limit)


def _tells_of(sentence: Sentence, keys: list[str]) -> bool:
    """Whether the narration names one of them and is most of the sentence."""
    told = sentence.narration
    return len(told) > 0.6 * len(sentence.text) and any(key in told for key in keys)


def _stands_out(thing: NamedThing, english: bool) -> bool:
    """Whether a capital makes a name here: not at a sentence's start, not on a noun of another language."""
    if english:
        return thing.inside > 0 or thing.count > 1 or " " in thing.name
    return not thing.article and bool(thing.place or thing.person or thing.count > 1 or " " in thing.name)


def _defines(text: str, keys: list[str]) -> int:
    """Sentences that say what a thing is come first."""
    return sum(
        2 * text.startswith((key, f"The {key}"))
        + bool(re.search(rf"{re.escape(key)},? (?:is|was|the|a)\b", text))
        for key in keys
    )


def _first_words(sentences: list[str], room: int) -> tuple[str, ...]:
    kept: list[str] = []
    for sentence in sentences:
        room -= len(words(sentence))
        if kept and room < 0:
            break
        kept.append(sentence)
    return tuple(kept)


def _entry(title: str, keys: list[str], content: str) -> BookEntry:
    """The title also in `comment`: without it readers show no name."""
    return BookEntry(name=title, comment=title, keys=keys, content=content)


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []
