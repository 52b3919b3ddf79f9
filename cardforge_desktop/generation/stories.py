"""A place and its story by a small model: a narrator's fields, told from what the source says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cardforge_desktop.generation import retelling
from cardforge_desktop.generation.facts import Facts
from cardforge_desktop.generation.names import NamedThing, named_things
from cardforge_desktop.generation.persons import PersonTeller, begun_with_name, borrow, scenes_of
from cardforge_desktop.generation.retelling import Pen, Spot
from cardforge_desktop.generation.sentences import Sentence, words

#: The frame is ours, in the shipped model's language; a card named after a place must say who speaks.
_NARRATOR = (
    "{{char}} is the narrator of this story and no person in it. {{char}} tells what {{user}} sees and "
    "hears, and speaks for everyone but {{user}}."
)
_LOOK = "*I look around.*"
#: Sentences of the source in an answer of the examples.
_TOLD = 2
#: A sentence of less worth tells of nothing that has a name.
_NAMES_SOMETHING = 1.5
_IS = re.compile(r"\b(?:is|was|are|were|keeps|lies|stands|stood|has been|wanted|ordered|believes)\b")


@dataclass(frozen=True, slots=True)
class StoryTeller:
    """A card that is a narrator.

    Attributes:
        room: words of source that the description may retell.
        scenes: sentences of narration in a greeting.
        blocks: example messages.
    """

    pen: Pen
    facts: Facts
    room: int
    scenes: int
    blocks: int

    def prose(self, name: str, before: tuple[str, ...]) -> str:
        """The description tells of the world; the other fields are those of the main character's story."""
        if name != "description":
            person = PersonTeller(self.pen, self.facts, self.scenes, self.blocks, named=True)
            return person.prose(name, before)
        chosen = self._of_the_world()
        told = retelling.retell_all(self.pen, name, begun_with_name(self.facts, chosen)) if chosen else ""
        told = told or borrow(self.pen, name, chosen or tuple(one.text for one in self.facts.sentences))
        return f"{_NARRATOR}\n\n{told}" if self.facts.english else told

    def greeting(self, name: str, number: int) -> str:
        """A moment as plain narration, and what somebody says in it."""
        scenes = begun_with_name(self.facts, scenes_of(self.facts, number, self.scenes))
        told = retelling.retell(self.pen, Spot(f"{name}:scene", name), scenes) if scenes else ""
        if not told and not number:
            told = borrow(self.pen, name, scenes or tuple(one.text for one in self.facts.sentences))
        said = self._speech(name, f"{told}\n\n", number) if told else ""
        greeting = f"{told}\n\n{said}".strip()
        self.pen.watch.field(name, greeting, self.pen.fraction)
        return greeting

    def examples(self) -> str:
        """What somebody does or asks, and what the narrator tells then."""
        blocks: list[str] = []
        used: set[str] = set()
        for number, (asked, about) in enumerate(self._asked(), 1):
            fresh = tuple(text for text in about if text not in used)[:_TOLD]
            if len(blocks) == self.blocks or not fresh:
                continue
            block = f"<START>\n{{{{user}}}}: {asked}\n{{{{char}}}}: "
            before = "\n".join([*blocks, block])
            spot = Spot(f"mes_example:{number}:answer", "mes_example", before)
            told = retelling.retell(self.pen, spot, begun_with_name(self.facts, fresh))
            if told:
                used.update(fresh)
                blocks.append(block + told)
        if not blocks:
            told = borrow(self.pen, "mes_example", tuple(one.text for one in self.facts.sentences))
            blocks.append(f"<START>\n{{{{user}}}}: {self._look()}\n{{{{char}}}}: {told}")
        return "\n".join(blocks)

    def _speech(self, name: str, before: str, number: int) -> str:
        """A line of the main character, and whose it is."""
        if number >= len(self.facts.spoken) or self.pen.character.narrates:
            return ""
        said = retelling.repeat(self.pen, Spot(f"{name}:speech", name, before), self.facts.spoken[number])
        who = self.facts.character.short
        if not said:
            return ""
        if not self.facts.english:
            return f'{who}: "{said}"'
        return f'"{said[:-1]}," says {who}.' if said.endswith(".") else f'"{said}" says {who}.'

    def _of_the_world(self) -> tuple[str, ...]:
        """Sentences on places, powers and people, as many as there is room for, in the source's order."""
        things = named_things(list(self.facts.sentences))
        kept_back = set(self.facts.by_field["scenario"])
        usable = [one for one in self.facts.sentences if _tells(one) and one.text not in kept_back]
        ranked = sorted(usable, key=lambda one: (-_worth(one, things), one.index))
        chosen: list[Sentence] = []
        left = self.room
        for sentence in ranked:
            size = len(words(sentence.text))
            enough = _worth(sentence, things) < _NAMES_SOMETHING and left < self.room // 2
            if (size <= left and not enough) or not chosen:
                chosen.append(sentence)
                left -= size
        return tuple(one.text for one in sorted(chosen, key=lambda one: one.index))

    def _look(self) -> str:
        return _LOOK if self.facts.english else "*…*"

    def _asked(self) -> list[tuple[str, tuple[str, ...]]]:
        """What is asked in the examples, and the sentences that answer it, the most telling first."""
        facts = self.facts
        seen = facts.scenes[self.scenes :][:_TOLD] or facts.scenes[:1]
        asked = [(self._look(), seen)] if seen else []
        for thing in named_things(list(facts.sentences)):
            about = [
                one
                for one in facts.sentences
                if _tells(one) and any(part in one.narration for part in thing.parts)
            ]
            if about and not thing.article:
                question = f'"What do I know of {thing.name}?"' if facts.english else f"{thing.name}?"
                asked.append((question, tuple(one.text for one in about)))
        return asked


def _tells(sentence: Sentence) -> bool:
    """Narration with something in it, no talk."""
    return len(words(sentence.narration)) > 4 and len(sentence.narration) > 0.8 * len(sentence.text)


def _worth(sentence: Sentence, things: list[NamedThing]) -> float:
    """How much a sentence says of the world: names in it, what is, an early place, a fitting heading."""
    named = sum(any(part in sentence.narration for part in thing.parts) for thing in things)
    score = 1.5 * min(named, 3) + 1.0 * bool(_IS.search(sentence.narration))
    score += (
        2.0 if re.search(r"(?i)places?|people|things|setting|world|histor|orte|welt", sentence.heading) else 0
    )
    return score + (1.0 if sentence.position < 0.15 else 0)
