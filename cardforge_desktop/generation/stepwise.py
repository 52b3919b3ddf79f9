"""A card field by field, for models too small to write it in one answer."""

from __future__ import annotations

import json
from dataclasses import replace

from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.generation import recipes, retelling
from cardforge_desktop.generation.book import retold_book, things_for_book
from cardforge_desktop.generation.card_source import card_text
from cardforge_desktop.generation.checks import vocabulary
from cardforge_desktop.generation.facts import NO_TAGS, PROSE, Facts, read_facts
from cardforge_desktop.generation.groups import GroupTeller, parts_of, without_parts
from cardforge_desktop.generation.model import Ask, Draft, GenerationError, Order, Watcher
from cardforge_desktop.generation.names import Character
from cardforge_desktop.generation.noted import read_off
from cardforge_desktop.generation.persons import PersonTeller, Teller
from cardforge_desktop.generation.retelling import Pen, Spot
from cardforge_desktop.generation.schema import wanted_fields, wants_book
from cardforge_desktop.generation.sentences import capital
from cardforge_desktop.generation.sizes import pieces, rooms
from cardforge_desktop.generation.stories import StoryTeller
from cardforge_desktop.generation.subjects import Subject, subject_of
from cardforge_desktop.generation.updating import is_its_own_source
from cardforge_desktop.profiles.model import FieldName


def write_stepwise(order: Order, ask: Ask, watch: Watcher) -> Draft:
    """Write the card one small task at a time, each answer checked against the source.

    Raises:
        GenerationError: nothing in the source can be an entry of the book that is all that is asked for.
        EngineError: a call failed for good.
    """
    order = _with_card(order)
    asked = [name for name in PROSE if _wanted(order, name)]
    subject = subject_of(order)
    facts = read_facts(order.source, subject.main, asked, rooms(order.profile.config))
    known = vocabulary(f"{order.source.title} {order.source.text}")
    pen = Pen(ask, watch, facts.character, known, expected_calls(order, facts, subject))
    watch.stage("writing", 0.0)
    if _wanted(order, "name"):
        watch.field("name", subject.name, 0.0)
    values, greetings = _told(order, _teller(order, pen, facts, subject), subject.name, facts)
    tags = _tags(pen, facts) if _wanted(order, "tags") else []
    notes = _notes(pen, facts) if _wanted(order, "creator_notes") else ""
    book = _book(order, pen, facts, subject) if wants_book(order) else None
    kept = _better_kept(order, pen)
    pen.borrowed[:] = [name for name in pen.borrowed if name not in kept]
    values |= dict.fromkeys(kept, "")
    own = read_off(facts)
    if order.profile.type != "character":
        own.pop("class", None)
    card = Card(
        **values,
        alternate_greetings=greetings,
        tags=tags,
        creator_notes=notes,
        character_book=book,
        extensions={"cardforge": own} if own else {},
    )
    return Draft(card, _warnings(order, pen, subject))


def _teller(order: Order, pen: Pen, facts: Facts, subject: Subject) -> Teller:
    """Who writes the fields that depend on what the card is about."""
    config = order.profile.config
    scenes, blocks = pieces(config, "first_mes"), pieces(config, "mes_example")
    alone = len(subject.people) == 1
    if order.profile.type == "character" or (order.profile.type == "group" and alone):
        return PersonTeller(pen, facts, scenes, blocks)
    if order.profile.type == "group":
        parts = parts_of(order.source, facts, subject.people[1:])
        own = without_parts(facts, parts)
        blocks = max(1, blocks + 1 - len(parts))
        return GroupTeller(PersonTeller(pen, own, scenes, blocks, named=True), parts)
    return StoryTeller(pen, facts, rooms(config)["description"], scenes, blocks)


def _told(order: Order, teller: Teller, called: str, facts: Facts) -> tuple[dict[str, str], list[str]]:
    """The texts that are told, and at most one more greeting, where the source has a second moment."""
    values = {"name": called}
    for name in PROSE:
        if _wanted(order, name):
            values[name] = teller.prose(name, tuple(values.values()))
    if _wanted(order, "first_mes"):
        values["first_mes"] = teller.greeting("first_mes", 0)
    if _wanted(order, "mes_example"):
        values["mes_example"] = teller.examples()
    config = order.profile.config
    more = config.greetings > 0 and _wanted(order, "alternate_greetings")
    if not more or len(facts.scenes) <= pieces(config, "first_mes"):
        return values, []
    other = teller.greeting("alternate_greetings", 1)
    return values, [other] if other and other != values.get("first_mes") else []


def _book(order: Order, pen: Pen, facts: Facts, subject: Subject) -> CharacterBook | None:
    """The book; those whom the card itself tells of are not in it. A lorebook is called what it is itself."""
    book = retold_book(order, pen, facts, subject.name, _told_in_card(order, subject))
    if order.profile.type != "lorebook":
        return book
    if book is None and order.target is None:
        raise GenerationError(
            ErrorCode.INVALID_ANSWER,
            f"{order.source.name}: no entry of a lorebook could be written from it. A small model writes "
            "them of names that the source tells of: add some sentences, or choose another engine.",
            {"raw_answer": ""},
        )
    return book and book.model_copy(update={"name": subject.name})


def _told_in_card(order: Order, subject: Subject) -> tuple[Character, ...]:
    """Whom the card itself tells of."""
    return subject.people if order.profile.type in ("character", "group") else ()


def _better_kept(order: Order, pen: Pen) -> list[str]:
    """Fields of an update for which no try held: what stands in the card is better than a stray sentence."""
    target = order.target
    return [] if target is None else [name for name in dict.fromkeys(pen.borrowed) if getattr(target, name)]


def expected_calls(order: Order, facts: Facts, subject: Subject) -> int:
    """Calls the card will take when most first tries hold."""
    config = order.profile.config
    calls = {name: max(1, len(retelling.chunks(facts.by_field[name]))) for name in PROSE}
    calls |= {"first_mes": 2, "mes_example": 3 * pieces(config, "mes_example"), "tags": 1, "creator_notes": 1}
    calls["alternate_greetings"] = 2 * min(1, config.greetings)
    things = things_for_book(facts, _told_in_card(order, subject)) if wants_book(order) else []
    book = min(config.book.max_entries, len(things))
    return sum(count for name, count in calls.items() if _wanted(order, name)) + book


def _wanted(order: Order, name: FieldName) -> bool:
    return name in wanted_fields(order)


def _with_card(order: Order) -> Order:
    """The order, its source followed by what the card to update says: small tasks show nothing besides."""
    if order.target is None or is_its_own_source(order):
        return order
    text = f"{order.source.text}\n\n{card_text(order.target)}"
    return replace(order, source=replace(order.source, text=text, sections=()))


def _tags(pen: Pen, facts: Facts) -> list[str]:
    known = " ".join(text for name in PROSE for text in facts.by_field[name])
    choice = tuple(word for word in retelling.telling_words(known)[:40] if word not in NO_TAGS)
    if len(choice) < 3:
        return []
    answer = pen.write(Spot("tags", "tags"), recipes.choose_tags(known, choice, 5))
    try:
        chosen = json.loads(answer)
    except ValueError:
        return []
    return [tag for tag in dict.fromkeys(chosen) if tag in choice] if isinstance(chosen, list) else []


def _notes(pen: Pen, facts: Facts) -> str:
    first = facts.by_field["description"][:1] or facts.about[:1]
    return retelling.retell(pen, Spot("creator_notes", "creator_notes"), first) if first else ""


def _warnings(order: Order, pen: Pen, subject: Subject) -> tuple[str, ...]:
    told = []
    if not subject.found:
        told.append(
            "The source names no main character; the card is called after its title: "
            f"{capital(subject.name)}."
        )
    if order.profile.type == "group" and len(subject.people) == 1:
        told.append(f"The source names nobody beside {subject.main.name}; the card is of one person.")
    if pen.borrowed:
        fields = ", ".join(dict.fromkeys(pen.borrowed))
        told.append(f"The model's tries for {fields} did not hold; the source's own sentences stand there.")
    return tuple(told)
