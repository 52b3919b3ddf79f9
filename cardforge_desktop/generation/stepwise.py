"""A card field by field, for models too small to write it in one answer."""

from __future__ import annotations

import json
from dataclasses import replace

from cardforge_desktop.cards.model import Card
from cardforge_desktop.generation import recipes, retelling
from cardforge_desktop.generation.book import retold_book
from cardforge_desktop.generation.card_source import card_text
from cardforge_desktop.generation.checks import vocabulary, without_speaking_for_user
from cardforge_desktop.generation.facts import Facts, read_facts
from cardforge_desktop.generation.model import Ask, Draft, Order, Watcher
from cardforge_desktop.generation.names import Character, main_character
from cardforge_desktop.generation.noted import read_off
from cardforge_desktop.generation.retelling import Pen, Spot
from cardforge_desktop.generation.schema import wanted_fields, wants_book
from cardforge_desktop.generation.sentences import FUNCTION_WORDS, capital, words
from cardforge_desktop.generation.updating import is_its_own_source
from cardforge_desktop.profiles.model import FieldName

#: What the free answers of a thin source are asked for.
_ASKED = {
    "description": "Who is {name} and what does {name} look like?",
    "personality": "What is {name} like as a person?",
    "scenario": "Where is {name} now and what is {name} doing?",
}
#: Fields told in prose from sentences of their own.
PROSE: tuple[FieldName, ...] = ("description", "personality", "scenario")
#: Blocks of example messages; each costs two or three calls.
EXAMPLES = 2


def write_stepwise(order: Order, ask: Ask, watch: Watcher) -> Draft:
    """Write the card one small task at a time, each answer checked against the source.

    Raises:
        EngineError: a call failed for good.
    """
    order = _with_card(order)
    asked = [name for name in PROSE if _wanted(order, name)]
    facts = read_facts(order.source, character_of(order), asked)
    known = vocabulary(f"{order.source.title} {order.source.text}")
    pen = Pen(ask, watch, facts.character, known, expected_calls(order, facts))
    watch.stage("writing", 0.0)
    values: dict[str, str] = {"name": facts.character.name}
    if _wanted(order, "name"):
        watch.field("name", facts.character.name, 0.0)
    for name in PROSE:
        if _wanted(order, name):
            values[name] = _prose(pen, facts, name, tuple(values.values()))
    if _wanted(order, "first_mes"):
        values["first_mes"] = _greeting(pen, facts, "first_mes", 0)
    if _wanted(order, "mes_example"):
        values["mes_example"] = _examples(pen, facts)
    greetings = _alternates(order, pen, facts, values.get("first_mes", ""))
    tags = _tags(pen, facts) if _wanted(order, "tags") else []
    notes = _notes(pen, facts) if _wanted(order, "creator_notes") else ""
    book = retold_book(order, pen, facts) if wants_book(order) else None
    kept = _better_kept(order, pen)
    pen.borrowed[:] = [name for name in pen.borrowed if name not in kept]
    values |= dict.fromkeys(kept, "")
    own = read_off(facts)
    card = Card(
        **values,
        alternate_greetings=greetings,
        tags=tags,
        creator_notes=notes,
        character_book=book,
        extensions={"cardforge": own} if own else {},
    )
    return Draft(card, _warnings(pen, facts))


def _better_kept(order: Order, pen: Pen) -> list[str]:
    """Fields of an update for which no try held: what stands in the card is better than a stray sentence."""
    target = order.target
    return [] if target is None else [name for name in dict.fromkeys(pen.borrowed) if getattr(target, name)]


def expected_calls(order: Order, facts: Facts) -> int:
    """Calls the card will take when most first tries hold."""
    calls = {name: max(1, len(retelling.chunks(facts.by_field[name]))) for name in PROSE}
    calls |= {"first_mes": 2, "mes_example": 3 * EXAMPLES, "tags": 1, "creator_notes": 1}
    calls["alternate_greetings"] = 2 * min(1, order.profile.config.greetings)
    book = min(order.profile.config.book.max_entries, 6) if wants_book(order) else 0
    return sum(count for name, count in calls.items() if _wanted(order, name)) + book


def _wanted(order: Order, name: FieldName) -> bool:
    if order.target is not None:
        return name in wanted_fields(order)
    return order.profile.config.fields[name].write


def _with_card(order: Order) -> Order:
    """The order, its source followed by what the card to update says: small tasks show nothing besides."""
    if order.target is None or is_its_own_source(order):
        return order
    text = f"{order.source.text}\n\n{card_text(order.target)}"
    return replace(order, source=replace(order.source, text=text, sections=()))


def character_of(order: Order) -> Character:
    """Who the card is about: whom the card to update, the person, or the card that is the source names."""
    found = main_character(order.source)
    title = order.source.title if order.source.kind == "card" else ""
    name = order.target.name if order.target else order.wished_name or title
    if not name.strip():
        return found
    short = found.short if found.short in name.split() else name.split()[0]
    return replace(found, name=name, short=short, found=True)


def _prose(pen: Pen, facts: Facts, name: str, before: tuple[str, ...]) -> str:
    sentences = facts.by_field[name]
    told = retelling.retell_all(pen, name, sentences) if sentences else ""
    if told:
        return told
    known = " ".join(sentences or facts.about[:4] or tuple(one.text for one in facts.sentences[:4]))
    asked = _ASKED[name].format(name=facts.character.short)
    told = retelling.imagine(pen, name, asked, known, before) if known else ""
    return told or _borrow(pen, name, sentences or facts.about or tuple(one.text for one in facts.sentences))


def _borrow(pen: Pen, name: str, sentences: tuple[str, ...]) -> str:
    """The source's own words where no try of the model held; told to the person."""
    pen.borrowed.append(name)
    at = {"personality": 1, "scenario": -1}.get(name, 0)
    chosen = sentences[at] if -len(sentences) <= at < len(sentences) else (sentences or ("",))[0]
    return without_speaking_for_user(chosen)[:600] or pen.character.name


def _greeting(pen: Pen, facts: Facts, name: str, number: int) -> str:
    """A moment of the character as narration, then what they say in it; a narrator only speaks."""
    materials = (facts.scenes[2 * number : 2 * number + 2], facts.by_field["scenario"][:2], facts.about[:2])
    # A card as the source names {{user}}, whose part a greeting leaves to the person.
    free = (tuple(text for text in material if "{{user}}" not in text) for material in materials)
    scenes = next(filter(None, free), ())
    told = ""
    if scenes and not pen.character.narrates:
        ordered = tuple(
            sorted(scenes, key=lambda text: next(s.index for s in facts.sentences if s.text == text))
        )
        told = retelling.retell(pen, Spot(f"{name}:scene", name, "", "*{}*".format), ordered)
    before = f'*{told}*\n\n"' if told else '"'
    said = _utterance(pen, facts, name, before, number)
    greeting = f"*{told}*" + (f'\n\n"{said}"' if said else "") if told else f'"{said}"' if said else ""
    if not greeting and not number:
        greeting = f"*{_borrow(pen, name, scenes or tuple(one.text for one in facts.sentences))}*"
    pen.watch.field(name, greeting, pen.fraction)
    return greeting


def _utterance(pen: Pen, facts: Facts, name: str, before: str, number: int) -> str:
    """Words of the character: like what they say in the source, else a fact in their mouth."""
    if pen.character.narrates and facts.scenes[number:]:
        said = retelling.repeat(
            pen, Spot(f"{name}:speech", name, before), " ".join(facts.scenes[number : number + 2])
        )
        if said:
            return said
    if number < len(facts.spoken):
        said = retelling.repeat(pen, Spot(f"{name}:speech", name, before), facts.spoken[number])
        if said:
            return said
    if not facts.english:
        return ""
    candidates = [
        named
        for fact in reversed(facts.about)
        if len(words(fact)) < 30 and (named := retelling.named(facts.character, fact))
    ]
    for tried, fact in enumerate(candidates[2 * number : 2 * number + 2]):
        said = retelling.as_spoken(pen, Spot(f"{name}:speech{tried + 1}", name, before), fact)
        if said:
            return said
    return ""


def _examples(pen: Pen, facts: Facts) -> str:
    """Blocks of a question and the character's answer; the frame is ours, the words are the model's."""
    blocks: list[str] = []
    for number, material in enumerate(_example_material(facts), 1):
        if len(blocks) == EXAMPLES:
            break
        before = "\n".join(blocks) + "\n<START>\n{{user}}: " if blocks else "<START>\n{{user}}: "
        said = _answer(pen, facts, f"mes_example:{number}:answer", before, material)
        if not said:
            continue
        asked = _question(pen, facts, number, before, said)
        blocks.append(f"<START>\n{{{{user}}}}: {asked}\n{{{{char}}}}: {said}")
    if not blocks:
        told = _borrow(pen, "mes_example", facts.about or facts.by_field["description"])
        blocks.append(f"<START>\n{{{{user}}}}: {facts.character.short}?\n{{{{char}}}}: *{told}*")
    return "\n".join(blocks)


def _question(pen: Pen, facts: Facts, number: int, before: str, said: str) -> str:
    """The visitor's line; where no try holds, the rarest thing of the answer as a bare question."""
    asked = (
        retelling.question(
            pen, Spot(f"mes_example:{number}:question", "mes_example", before), said.strip('"*')
        )
        if facts.english
        else ""
    )
    if asked:
        return asked
    told = [
        word for word in words(said) if word.lower() not in FUNCTION_WORDS and not pen.character.is_in(word)
    ]
    things = (
        retelling.telling_words(said) if facts.english else [word for word in told[1:] if word[0].isupper()]
    )
    return f"{capital(max(things or told, key=len, default=facts.character.short))}?"


def _example_material(facts: Facts) -> list[tuple[str, bool]]:
    """(fact, it is speech of the character), the most telling first."""
    told = dict.fromkeys((*facts.by_field["personality"], *facts.by_field["description"][:1], *facts.about))
    character = facts.character
    facts_of = [
        (named, False)
        for fact in told
        if 5 < len(words(fact)) < 32 and (named := retelling.named(character, fact))
    ]
    own = facts_of if facts.english and not character.narrates else [(fact, False) for fact in told]
    spoken = [(line, True) for line in facts.spoken[1:3]]
    return [*own[:1], *spoken[:1], *own[1:5], *spoken[1:]]


def _answer(pen: Pen, facts: Facts, step: str, before: str, material: tuple[str, bool]) -> str:
    fact, spoken = material
    if facts.english and not spoken and not pen.character.narrates:
        said = retelling.as_spoken(pen, Spot(step, "mes_example", before), fact)
        return f'"{said}"' if said else ""
    said = retelling.repeat(pen, Spot(step, "mes_example", before), fact)
    quoted = spoken or pen.character.narrates
    return (f'"{said}"' if quoted else f"*{said}*") if said else ""


def _alternates(order: Order, pen: Pen, facts: Facts, first: str) -> list[str]:
    """At most one more greeting, where the source has a second moment."""
    if (
        not order.profile.config.greetings
        or not _wanted(order, "alternate_greetings")
        or len(facts.scenes) < 3
    ):
        return []
    other = _greeting(pen, facts, "alternate_greetings", 1)
    return [other] if other and other != first else []


def _tags(pen: Pen, facts: Facts) -> list[str]:
    known = " ".join(
        text for name in ("description", "personality", "scenario") for text in facts.by_field[name]
    )
    choice = tuple(retelling.telling_words(known)[:40])
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


def _warnings(pen: Pen, facts: Facts) -> tuple[str, ...]:
    told = []
    if not facts.character.found:
        told.append(
            "The source names no main character; the card is called after its title: "
            f"{capital(facts.character.name)}."
        )
    if pen.borrowed:
        fields = ", ".join(dict.fromkeys(pen.borrowed))
        told.append(f"The model's tries for {fields} did not hold; the source's own sentences stand there.")
    return tuple(told)
