"""Small-model writing, checked sentence by sentence: what is not in the source is cut or asked for again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from cardforge_desktop.engines.base import Prompt
from cardforge_desktop.generation import recipes
from cardforge_desktop.generation.checks import loops, same_facts, speaks_for_user, strangers, support, whole_sentences
from cardforge_desktop.generation.model import Ask, Watcher
from cardforge_desktop.generation.names import Character
from cardforge_desktop.generation.sentences import FUNCTION_WORDS, capital, plain_text, split_sentences, terms, words

#: Tries of one small task, each a little freer than the one before.
TRIES = 3
#: Words of source in one rewriting task: more, and the model drops facts.
_CHUNK_WORDS = 55
#: Share of a sentence's words that must come from its notes.
_GROUNDED = 0.7


@dataclass(slots=True)
class Pen:
    """Asks for the pieces of one card, shows them as they grow, and keeps count.

    Attributes:
        source: the whole source text: names outside it are inventions.
        total: calls expected, for the fraction shown.
        borrowed: fields whose tries all failed and that hold the source's own sentences.
    """

    ask: Ask
    watch: Watcher
    character: Character
    source: str
    total: int
    asked: int = 0
    borrowed: list[str] = field(default_factory=list)

    def write(self, step: str, name: str, before: str, prompt: Prompt, frame: Callable[[str], str] = str) -> str:
        """One answer as one line per paragraph; `before` and `frame` say how the field looks around it."""

        def show(text: str) -> None:
            self.watch.field(name, before + frame(text), self.fraction)

        answer = self.ask(step, prompt, show)
        self.asked += 1
        text = answer.text
        begun = prompt.messages[-1]
        if begun.role == "assistant" and not text.lstrip().startswith(begun.content):
            text = f"{begun.content} {text.lstrip()}"
        return whole_sentences(text) if answer.reason == "length" else text.strip()

    @property
    def fraction(self) -> float:
        """How much of the card is written, 0..1."""
        return min(0.99, self.asked / max(1, self.total))

    def sound(self, sentence: str) -> bool:
        """Whether a sentence may stand in a card at all, whatever it tells."""
        low = {word.lower() for word in words(sentence)}
        copied = (low & recipes.EXAMPLE_WORDS) - {word.lower() for word in words(self.source)}
        told_of_task = re.search(r"(?i)\b(?:rewrit|the notes|same facts|first person|third person)", sentence)
        asked_more = sentence.rstrip().endswith(":")
        return not (copied or told_of_task or asked_more or strangers(sentence, self.source) or speaks_for_user(sentence))


def chunks(sentences: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Sentences in groups small enough for one task, in order."""
    groups: list[list[str]] = []
    size = 0
    for sentence in sentences:
        length = len(words(sentence))
        if not groups or size + length > _CHUNK_WORDS:
            groups.append([])
            size = 0
        groups[-1].append(sentence)
        size += length
    return [tuple(group) for group in groups]


def retell_all(pen: Pen, name: str, sentences: tuple[str, ...]) -> str:
    """A field's prose: its sentences of the source, told again group by group."""
    told = ""
    for number, group in enumerate(chunks(sentences), 1):
        piece = retell(pen, f"{name}:{number}", name, told, group)
        told = f"{told} {piece}".strip()
        pen.watch.field(name, told, pen.fraction)
    return told


def retell(pen: Pen, step: str, name: str, before: str, group: tuple[str, ...], frame: Callable[[str], str] = str) -> str:
    """A group of sentences in the model's telling: the try that keeps most of the facts and invents none."""
    notes = " ".join(group)
    room = 40 + 3 * len(words(notes))
    best, best_score = "", 0.0
    for attempt in range(TRIES):
        prompt = _retelling(pen, notes, attempt, room)
        gap = before + " " if before else ""
        answer = pen.write(_try(step, attempt), name, gap, prompt, frame)
        kept = _kept(pen, answer, notes, before)
        score = _covered(kept, notes)
        if score > best_score and not loops(kept):
            best, best_score = kept, score
        if best_score >= 0.6:
            break
    return best


def _retelling(pen: Pen, notes: str, attempt: int, room: int) -> Prompt:
    if pen.character.narrates and re.search(r"\b(?:I|my|me)\b", notes):
        return recipes.as_told(pen.character.short, notes, attempt)
    return recipes.retell(notes, attempt, room)


def _kept(pen: Pen, answer: str, notes: str, before: str) -> str:
    """The sentences of an answer that tell the notes, each fact once."""
    kept: list[str] = []
    told = split_sentences(before)
    for line in answer.splitlines():
        for sentence in split_sentences(plain_text(line)):
            ended = sentence.rstrip('"”*) ').endswith((".", "!", "?", "…", "。", "！", "？"))
            fresh = all(same_facts(sentence, other) < 0.8 for other in [*told, *kept])
            grounded = support(sentence, notes) >= _GROUNDED and len(words(sentence)) > 1
            if ended and fresh and grounded and pen.sound(sentence):
                kept.append(capital(sentence))
    return " ".join(kept)


def _covered(text: str, notes: str) -> float:
    have, wanted = set(terms(text)), set(terms(notes))
    return len(have & wanted) / len(wanted) if wanted else 0.0


def as_spoken(pen: Pen, step: str, name: str, before: str, fact: str) -> str:
    """A fact as the character says it, "" when no try holds."""
    for attempt in range(TRIES - 1):
        prompt = recipes.as_spoken(pen.character.name, fact, attempt)
        answer = pen.write(_try(step, attempt), name, before, prompt)
        said = [sentence for sentence in split_sentences(plain_text(answer)) if _first_person(pen, sentence, fact)]
        if said:
            return " ".join(dict.fromkeys(said))
    return ""


def _first_person(pen: Pen, sentence: str, fact: str) -> bool:
    low = {word.lower() for word in words(sentence)}
    own = {"she": {"she", "her", "herself"}, "he": {"he", "himself", "his"}}.get(pen.character.pronoun, set())
    others = len(low & own) > 0 or pen.character.short.lower() in low
    return bool(
        re.search(r"\b(?:I|I['’]\w+|[Mm]y|me)\b", sentence)
        and sentence.endswith((".", "!", "?"))
        and not others
        and support(sentence, fact) >= 0.65
        and not loops(sentence)
        and pen.sound(sentence)
    )


def question(pen: Pen, step: str, name: str, before: str, fact: str) -> str:
    """What a visitor asks so that the fact is an answer, "" when no try holds."""
    for attempt in range(TRIES):
        prompt = recipes.question(pen.character.short, fact, attempt)
        answer = pen.write(_try(step, attempt), name, before, prompt)
        asked = plain_text(answer).strip("\"“” ")
        if _asks(pen, asked, fact):
            return asked
    return ""


def _asks(pen: Pen, asked: str, fact: str) -> bool:
    low = [word.lower() for word in words(asked)]
    common = set(terms(asked)) & set(terms(fact))
    invented = [one for one in terms(asked) if one not in set(terms(pen.source))]
    to_you = bool({"you", "your"} & set(low))
    about = {"he", "she", "his", "her", "him"} & set(low)
    return bool(
        asked.endswith("?") and asked.count("?") == 1 and 3 <= len(low) <= 18
        and common and len(invented) <= 1 and to_you and not about and pen.sound(asked)
    )


def imagine(pen: Pen, name: str, asked: str, facts: str, before: tuple[str, ...]) -> str:
    """A field that the source says nothing of: the freest try that stays nearest to what it does say."""
    best, best_score = "", -1.0
    for attempt in range(TRIES):
        prompt = recipes.imagine(pen.character.short, asked, facts, attempt, 70)
        answer = whole_sentences(pen.write(_try(name, attempt), name, "", prompt).split("\n")[0])
        kept = [
            sentence
            for sentence in split_sentences(plain_text(answer))[:2]
            if pen.sound(sentence) and len(words(sentence)) > 3 and support(sentence, facts) >= 0.2
            and sentence not in before
        ]
        text = " ".join(dict.fromkeys(kept))
        score = support(text, facts)
        if text and not loops(text) and score > best_score:
            best, best_score = text, score
        if best_score >= 0.5:
            break
    return best


def _try(step: str, attempt: int) -> str:
    return step if not attempt else f"{step}:try{attempt + 1}"


def telling_words(text: str) -> list[str]:
    """Plain words of a text that could be a tag, most frequent first."""
    counts: dict[str, int] = {}
    for word in words(text):
        low = word.lower()
        if word.islower() and len(low) > 3 and low not in FUNCTION_WORDS and low.isalpha():
            counts[low] = counts.get(low, 0) + 1
    return sorted(counts, key=lambda word: -counts[word])
