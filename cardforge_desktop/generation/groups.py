"""Several people in one card by a small model: each with sentences and talk of their own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import groupby

from cardforge_desktop.generation import retelling
from cardforge_desktop.generation.facts import Facts, sentences_of, with_name
from cardforge_desktop.generation.names import Character
from cardforge_desktop.generation.persons import PersonTeller, question
from cardforge_desktop.generation.retelling import Spot
from cardforge_desktop.generation.sentences import SPEAKER, Sentence, speech, words
from cardforge_desktop.sources.model import SourceText

#: The frame is ours, in the shipped model's language.
_GROUP = "{{{{char}}}} is {names} together; each of them speaks and acts for themselves."
#: Words of source in the part of one who is not the main character.
_PART = 60


@dataclass(frozen=True, slots=True)
class Part:
    """What a source says of one of the people.

    Attributes:
        named: sentences of narration that name them, as they stand.
        told: the same, each understood alone.
        spoken: lines that are surely theirs.
    """

    person: Character
    named: tuple[str, ...]
    told: tuple[str, ...]
    spoken: tuple[str, ...]


def parts_of(source: SourceText, facts: Facts, others: Sequence[Character]) -> tuple[Part, ...]:
    """What a source says of people beside the one whose `facts` are known."""
    sentences = sentences_of(source)
    return tuple(_part(sentences, facts, person) for person in others)


def without_parts(facts: Facts, parts: Sequence[Part]) -> Facts:
    """The main character's facts without the sentences that are all a source has of another."""
    given = {part.named[0] for part in parts if len(part.named) == 1}
    kept = {
        name: tuple(text for text in sentences if text not in given)
        for name, sentences in facts.by_field.items()
    }
    return replace(facts, by_field={name: kept[name] or facts.by_field[name] for name in kept})


@dataclass(frozen=True, slots=True)
class GroupTeller:
    """A card about several people.

    Attributes:
        main: writes the first of them as one person is written.
        parts: what is known of the others.
    """

    main: PersonTeller
    parts: tuple[Part, ...]

    def prose(self, name: str, before: tuple[str, ...]) -> str:
        """The first one's field; description with a paragraph for each of the others."""
        pen, facts = self.main.pen, self.main.facts
        told = self.main.prose(name, before)
        if name == "scenario":
            return told
        paragraphs = [f"{facts.character.name}: {told}"]
        if name == "description":
            for part in self.parts:
                said = self._of(part, name, "\n\n".join(paragraphs))
                paragraphs += [f"{part.person.name}: {said}"] if said else []
            if facts.english:
                paragraphs.insert(0, _GROUP.format(names=self._names()))
        text = "\n\n".join(paragraphs)
        pen.watch.field(name, text, pen.fraction)
        return text

    def greeting(self, name: str, number: int) -> str:
        """A moment of the first, then a line of each who says something in the source."""
        pen = self.main.pen
        greeting = self._with_name(self.main.greeting(name, number))
        for part in self.parts[:2]:
            short = part.person.short
            if number >= len(part.spoken):
                continue
            spot = Spot(f"{name}:{short}", name, f'{greeting}\n\n{short}: "')
            said = retelling.repeat(pen, spot, part.spoken[number])
            greeting += f'\n\n{short}: "{said}"' if said else ""
        pen.watch.field(name, greeting, pen.fraction)
        return greeting

    def examples(self) -> str:
        """Blocks of the first, then one of each of the others."""
        blocks = [self._with_name(self.main.examples())]
        for part in self.parts:
            step = f"mes_example:{part.person.short}"
            before = "\n".join([*blocks, "<START>\n{{user}}: "])
            said = self._answer(part, f"{step}:answer", before)
            if said:
                asked = question(self.main.pen, self.main.facts, f"{step}:question", before, said)
                blocks.append(f'<START>\n{{{{user}}}}: {asked}\n{{{{char}}}}: {part.person.short}: "{said}"')
        return "\n".join(blocks)

    def _with_name(self, text: str) -> str:
        """The first one's name before what they say: in a group it is always said who speaks."""
        return re.sub(r'(?m)^((?:\{\{char\}\}: )?)(?=")', rf"\1{self.main.facts.character.short}: ", text)

    def _names(self) -> str:
        """“Mirela Voss and Tobin”, “Ilka Dravin, Anselm Reutter and Bishop”."""
        *first, last = [self.main.facts.character.name, *(part.person.name for part in self.parts)]
        return f"{', '.join(first)} and {last}"

    def _of(self, part: Part, name: str, before: str) -> str:
        """What is told of one of the others, "" when nothing held."""
        # Of some only their own words are known. Each sentence alone: of two, a small model makes one.
        material = part.told or part.spoken[:2]
        told: list[str] = []
        with self._as(part.person if part.told else replace(part.person, narrates=True)):
            for number, sentence in enumerate(material, 1):
                spot = Spot(f"{name}:{part.person.short}:{number}", name, before, self._framed(part, told))
                said = retelling.retell(self.main.pen, spot, (sentence,))
                told += [said] if said else []
        return " ".join(told)

    def _framed(self, part: Part, told: Sequence[str]) -> Callable[[str], str]:
        """How the part is shown while it grows."""
        so_far = "".join(f"{text} " for text in told)
        return lambda text: f"\n\n{part.person.name}: {so_far}{text}"

    def _answer(self, part: Part, step: str, before: str) -> str:
        """A line of the source, else a fact in their mouth."""
        pen = self.main.pen
        for line in part.spoken[:2]:
            said = retelling.repeat(pen, Spot(step, "mes_example", before), line)
            if said:
                return said
        if not self.main.facts.english:
            return ""
        with self._as(part.person):
            named = (retelling.named(part.person, fact) for fact in part.told if len(words(fact)) < 32)
            for number, fact in enumerate(filter(None, named), 1):
                said = retelling.as_spoken(pen, Spot(f"{step}{number}", "mes_example", before), fact)
                if said:
                    return said
        return ""

    @contextmanager
    def _as(self, person: Character) -> Iterator[None]:
        """What is written meanwhile is checked as being of this person."""
        pen = self.main.pen
        main, pen.character = pen.character, person
        try:
            yield
        finally:
            pen.character = main


def _part(sentences: Sequence[Sentence], facts: Facts, person: Character) -> Part:
    named: list[str] = []
    left = _PART
    for sentence in sorted(sentences, key=lambda one: (-_defines(one, person), one.index)):
        size = len(words(sentence.text))
        if _tells_of(sentence, person) and (size <= left or not named):
            named.append(sentence.text)
            left -= size
    told = tuple(with_name(facts, text) for text in named)
    return Part(person, tuple(named), told, tuple(_spoken(sentences, person)))


def _tells_of(sentence: Sentence, person: Character) -> bool:
    """Whether the narration names them, and is most of the sentence."""
    told = sentence.narration
    if SPEAKER.match(sentence.text):
        return False
    return len(told) > 0.6 * len(sentence.text) and len(words(told)) > 4 and person.is_in(told)


def _defines(sentence: Sentence, person: Character) -> int:
    """Sentences that say who they are come first, then those they begin."""
    text = sentence.text
    is_one = re.search(rf"{re.escape(person.short)}\w*(?: \w+)?(?:,| is| was) (?:an?|the|one)\b", text)
    return 2 * bool(is_one) + text.startswith((person.name, person.short))


def _spoken(sentences: Sequence[Sentence], person: Character) -> list[str]:
    """Lines of a script under their name, and speech of a paragraph that says “said Anselm”."""
    lines: list[str] = []
    tag = re.compile(rf"\b(?:said|asked|says|asks)\s+{re.escape(person.short)}\b")
    for _, group in groupby(sentences, key=lambda one: (one.paragraph, one.heading)):
        paragraph = list(group)
        scripts = [(SPEAKER.match(one.text), one.text) for one in paragraph]
        lines += [
            text[script.end() :].strip(' "“”')
            for script, text in scripts
            if script and script.group(1).isupper() and person.is_in(script.group(1))
        ]
        said = [part for one in paragraph for part in speech(one.text)]
        if said and any(tag.search(one.narration) for one in paragraph):
            lines.append(" ".join(_ended(part) for part in said))
    return [line for line in lines if len(line.split()) > 3]


def _ended(part: str) -> str:
    return part[:-1] + "." if part.endswith(",") else part
