"""A person's fields by a small model: prose, greetings, example messages, each piece checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cardforge_desktop.generation import retelling
from cardforge_desktop.generation.checks import without_speaking_for_user
from cardforge_desktop.generation.facts import Facts, with_name
from cardforge_desktop.generation.retelling import Pen, Spot
from cardforge_desktop.generation.sentences import FUNCTION_WORDS, capital, words

#: What the free answers of a thin source are asked for.
_ASKED = {
    "description": "Who is {name} and what does {name} look like?",
    "personality": "What is {name} like as a person?",
    "scenario": "Where is {name} now and what is {name} doing?",
}


class Teller(Protocol):
    """Writes the fields whose form depends on what the card is about."""

    def prose(self, name: str, before: tuple[str, ...]) -> str:
        """Description, personality or scenario; `before`: the texts of the fields written so far."""

    def greeting(self, name: str, number: int) -> str:
        """A first message from the source's moment of that number, from 0; "" when none can be told."""

    def examples(self) -> str:
        """The example messages."""


@dataclass(frozen=True, slots=True)
class PersonTeller:
    """A card about one person.

    Attributes:
        scenes: sentences of narration in a greeting.
        blocks: example messages.
        named: a moment begins with their name, not with "she": a card of several people, or of a place.
    """

    pen: Pen
    facts: Facts
    scenes: int
    blocks: int
    named: bool = False

    def prose(self, name: str, before: tuple[str, ...]) -> str:
        """The field's own sentences of the source told again; else a free answer, else they themselves."""
        sentences = self.facts.by_field[name]
        sentences = self._begun(sentences) if name == "scenario" else sentences
        told = retelling.retell_all(self.pen, name, sentences) if sentences else ""
        if told:
            return told
        known = " ".join(sentences or self.facts.about[:4] or self._all()[:4])
        asked = _ASKED[name].format(name=self.facts.character.short)
        told = retelling.imagine(self.pen, name, asked, known, before) if known else ""
        return told or borrow(self.pen, name, sentences or self.facts.about or self._all())

    def greeting(self, name: str, number: int) -> str:
        """A moment of the character as narration, then what they say in it; one who narrates only speaks."""
        told = ""
        scenes = self._begun(scenes_of(self.facts, number, self.scenes))
        if scenes and not self.pen.character.narrates:
            told = retelling.retell(self.pen, Spot(f"{name}:scene", name, "", "*{}*".format), scenes)
        before = f'*{told}*\n\n"' if told else '"'
        said = self._utterance(name, before, number)
        greeting = f"*{told}*" + (f'\n\n"{said}"' if said else "") if told else f'"{said}"' if said else ""
        if not greeting and not number:
            greeting = f"*{borrow(self.pen, name, scenes or self._all())}*"
        self.pen.watch.field(name, greeting, self.pen.fraction)
        return greeting

    def examples(self) -> str:
        """Blocks of a question and the character's answer; the frame is ours, the words are the model's."""
        blocks: list[str] = []
        for number, material in enumerate(self._example_material(), 1):
            if len(blocks) == self.blocks:
                break
            before = "\n".join([*blocks, "<START>\n{{user}}: "])
            said = self._answer(f"mes_example:{number}:answer", before, material)
            if not said:
                continue
            asked = question(self.pen, self.facts, f"mes_example:{number}:question", before, said)
            blocks.append(f"<START>\n{{{{user}}}}: {asked}\n{{{{char}}}}: {said}")
        if not blocks:
            told = borrow(self.pen, "mes_example", self.facts.about or self.facts.by_field["description"])
            blocks.append(f"<START>\n{{{{user}}}}: {self.facts.character.short}?\n{{{{char}}}}: *{told}*")
        return "\n".join(blocks)

    def _begun(self, sentences: tuple[str, ...]) -> tuple[str, ...]:
        return begun_with_name(self.facts, sentences) if self.named else sentences

    def _all(self) -> tuple[str, ...]:
        return tuple(one.text for one in self.facts.sentences)

    def _utterance(self, name: str, before: str, number: int) -> str:
        """Words of the character: like what they say in the source, else a fact in their mouth."""
        pen, facts = self.pen, self.facts
        spot = Spot(f"{name}:speech", name, before)
        lines = [" ".join(facts.scenes[number : number + 2])] if pen.character.narrates else []
        for line in (*lines, *facts.spoken[number : number + 1]):
            if line and (said := retelling.repeat(pen, spot, line)):
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

    def _example_material(self) -> list[tuple[str, bool]]:
        """(fact, it is speech of the character), the most telling first."""
        facts, character = self.facts, self.facts.character
        told = dict.fromkeys(
            (*facts.by_field["personality"], *facts.by_field["description"][:1], *facts.about)
        )
        facts_of = [
            (named, False)
            for fact in told
            if 5 < len(words(fact)) < 32 and (named := retelling.named(character, fact))
        ]
        own = facts_of if facts.english and not character.narrates else [(fact, False) for fact in told]
        spoken = [(line, True) for line in facts.spoken[1:3]]
        return [*own[:1], *spoken[:1], *own[1:5], *spoken[1:]]

    def _answer(self, step: str, before: str, material: tuple[str, bool]) -> str:
        fact, spoken = material
        narrates = self.pen.character.narrates
        if self.facts.english and not spoken and not narrates:
            said = retelling.as_spoken(self.pen, Spot(step, "mes_example", before), fact)
            return f'"{said}"' if said else ""
        said = retelling.repeat(self.pen, Spot(step, "mes_example", before), fact)
        return (f'"{said}"' if spoken or narrates else f"*{said}*") if said else ""


def begun_with_name(facts: Facts, sentences: tuple[str, ...]) -> tuple[str, ...]:
    """The first of them by name: nobody else says who "she" is."""
    return (with_name(facts, sentences[0]), *sentences[1:]) if sentences else ()


def borrow(pen: Pen, name: str, sentences: tuple[str, ...]) -> str:
    """The source's own words where no try of the model held; told to the person."""
    pen.borrowed.append(name)
    at = {"personality": 1, "scenario": -1}.get(name, 0)
    chosen = sentences[at] if -len(sentences) <= at < len(sentences) else (sentences or ("",))[0]
    return without_speaking_for_user(chosen)[:600] or pen.character.name


def scenes_of(facts: Facts, number: int, count: int) -> tuple[str, ...]:
    """The sentences of a source's moment, `count` at most, in the source's order."""
    materials = (
        facts.scenes[count * number : count * (number + 1)],
        facts.by_field["scenario"][:count],
        facts.about[:count],
    )
    # A card as the source names {{user}}, whose part a greeting leaves to the person.
    free = (tuple(text for text in material if "{{user}}" not in text) for material in materials)
    place = {sentence.text: sentence.index for sentence in facts.sentences}
    return tuple(sorted(next(filter(None, free), ()), key=lambda text: place.get(text, 0)))


def question(pen: Pen, facts: Facts, step: str, before: str, said: str) -> str:
    """The visitor's line; where no try holds, the rarest thing of the answer as a bare question."""
    spot = Spot(step, "mes_example", before)
    asked = retelling.question(pen, spot, said.strip('"*')) if facts.english else ""
    if asked:
        return asked
    told = [
        word for word in words(said) if word.lower() not in FUNCTION_WORDS and not pen.character.is_in(word)
    ]
    things = (
        retelling.telling_words(said) if facts.english else [word for word in told[1:] if word[0].isupper()]
    )
    return f"{capital(max(things or told, key=len, default=facts.character.short))}?"
