"""What a card by a small model is called and whom it tells of: one person, a story, several people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from cardforge_desktop.generation.model import Order
from cardforge_desktop.generation.names import Character, main_character, named_things, people
from cardforge_desktop.generation.sentences import capital, is_english, read_sentences, words
from cardforge_desktop.sources.model import SourceText

#: More people than this in one card are told apart by no model.
_MOST_PEOPLE = 4
#: A longer title is a sentence, no name.
_LONGEST_NAME = 60
_PARTS_OF_TITLE = re.compile(r"\s[–—|·]\s|\s-\s")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a card is about.

    Attributes:
        name: what it is called.
        people: whom it tells of, the most important first, at least one; a story's main character too.
        found: the name is the source's own, not made up from its title or its file's name.
    """

    name: str
    people: tuple[Character, ...]
    found: bool = True

    @property
    def main(self) -> Character:
        """Whom most of the source is about."""
        return self.people[0]


def subject_of(order: Order) -> Subject:
    """Read off the source; a wished name and that of a card that is updated go before."""
    main = character_of(order)
    if order.profile.type == "character":
        return Subject(main.name, (main,), main.found)
    given = order.target.name if order.target else order.wished_name
    if order.profile.type == "group":
        group = people(order.source, _MOST_PEOPLE)
        return Subject(given or _together(group, is_english(order.source.text)), group)
    main = main_character(order.source)
    return Subject(given or story_name(order.source, main), (main,))


def character_of(order: Order) -> Character:
    """Who the card is about: whom the card to update, the person, or the card that is the source names."""
    found = main_character(order.source)
    title = order.source.title if order.source.kind == "card" else ""
    name = order.target.name if order.target else order.wished_name or title
    if not name.strip():
        return found
    short = found.short if found.short in name.split() else name.split()[0]
    return replace(found, name=name, short=short, found=True)


def story_name(source: SourceText, main: Character) -> str:
    """The source's title, else the place it tells most of, else its file's name; no person's name."""
    title = _PARTS_OF_TITLE.split(source.title.strip())[0].strip()
    stem = re.sub(r"[-_.\s]+", " ", PurePath(source.name).stem).strip()
    file_name = " ".join(capital(word) for word in stem.split())
    several = file_name if " " in file_name else ""
    candidates: tuple[str, ...] = (title, several, _place(source, main), file_name)
    for name in candidates:
        if name and len(name) <= _LONGEST_NAME and not _is_person(name, main):
            return name
    return f"The World of {main.name}" if is_english(source.text) else f"{main.name} …"


def _is_person(name: str, main: Character) -> bool:
    """Whether nothing stands in a name but parts of the main character's."""
    if not main.found:
        return False
    own = {word.lower() for word in words(main.name)}
    return {word.lower() for word in words(name)} <= own


def _place(source: SourceText, main: Character) -> str:
    """What stands most where places stand, "in Hallow Quay"; "" when nothing does."""
    places = [
        found
        for found in named_things(read_sentences(source.text))
        if found.place and found.place >= found.person and not main.is_in(found.name)
    ]
    places.sort(key=lambda found: found.article - 2 * found.place - 0.5 * found.count)
    return next((found.name for found in places), "")


def _together(group: Sequence[Character], english: bool) -> str:
    """“Mirela and Tobin”, “Ilka, Anselm and Bishop”."""
    names = [one.short for one in group] if len(group) > 1 else [group[0].name]
    last = " and " if english else " & "
    return last.join([*([", ".join(names[:-1])] if names[:-1] else []), names[-1]])
