"""Small-model writing, checked sentence by sentence: what is not in the source is cut or asked for again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from cardforge_desktop.books.kinds import word_set
from cardforge_desktop.engines.base import Prompt
from cardforge_desktop.generation import recipes
from cardforge_desktop.generation.checks import (
    loops,
    same_facts,
    speaks_for_user,
    strangers,
    support,
    whole_sentences,
)
from cardforge_desktop.generation.model import Ask, Watcher
from cardforge_desktop.generation.names import FEMALE, MALE, Character
from cardforge_desktop.generation.sentences import (
    FUNCTION_WORDS,
    capital,
    plain_text,
    split_sentences,
    term,
    terms,
    words,
)

#: What the model says before it starts; not shown, and no part of an answer.
_PREAMBLE = re.compile(r"(?m)^\s*(?:Rewrite|Here is)\b[^\n]*\n*")
#: Tries of one small task, each a little freer than the one before.
TRIES = 3
#: Words of source in one rewriting task: more, and the model drops facts.
_CHUNK_WORDS = 55
#: Characters of an answer to a small task, about, and the most of one that is thought written before its end.
_USUAL_ANSWER = 160
_MOST_OF_CALL = 0.9
#: Share of a sentence's words that must come from its notes.
_GROUNDED = 0.8
#: Share of a sentence's words that a note holds which it tells of.
_ABOUT = 0.3
#: Terms a question may hold that its answer lacks.
_TALK = frozenset(
    term(word) for word in word_set("call tell think happen mean like know feel go come say want use find")
)
#: Words about the task instead of an answer.
_OF_TASK = re.compile(
    r"(?i)\b(?:rewrit|(?:the|from) notes|original (?:notes?|text|sentence)|same facts|"
    r"(?:first|third) person|should read)"
)
#: "I never opens the mail."
_WRONG_PERSON = re.compile(r"I (?:never |always |also )?(?!was\b|always\b|perhaps\b)\w*[^\Ws]s\b")
_DENIALS = word_set(
    """
    not no never nobody nothing none without cannot neither nor nowhere hardly kein keine nicht nie
    niemand
    """
)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an answer goes: the step's name, the field, and what the field shows before and around it."""

    step: str
    field: str
    before: str = ""
    frame: Callable[[str], str] = str

    def after(self, told: list[str]) -> Spot:
        """The same place once `told` stands there."""
        return replace(self, before=" ".join([self.before.rstrip(" "), *told]).lstrip(" "))

    def again(self, attempt: int) -> Spot:
        """The same place, another try or part."""
        return replace(self, step=f"{self.step}:try{attempt + 1}") if attempt else self


@dataclass(slots=True)
class Pen:
    """Asks for the pieces of one card, shows them as they grow, and keeps count.

    Attributes:
        known: vocabulary of the whole source: names outside it are inventions.
        total: calls expected, for the fraction shown.
        asked: calls that were answered.
        coming: how much of the call under way is, 0..1, about.
        borrowed: fields whose tries all failed and that hold the source's own sentences.
    """

    ask: Ask
    watch: Watcher
    character: Character
    known: frozenset[str]
    total: int
    asked: int = 0
    coming: float = 0.0
    borrowed: list[str] = field(default_factory=list)

    def write(self, spot: Spot, prompt: Prompt) -> str:
        """One answer, with the words it was begun with, shown in its place as it grows."""
        begun = prompt.messages[-1].content if prompt.messages[-1].role == "assistant" else ""
        gap = "" if not spot.before or spot.before[-1] in '\n"* ' else " "

        def show(text: str) -> None:
            self.coming = min(_MOST_OF_CALL, len(text) / _USUAL_ANSWER)
            self.watch.field(
                spot.field,
                spot.before + gap + spot.frame(_PREAMBLE.sub("", _begun_with(begun, text))),
                self.fraction,
            )

        answer = self.ask(spot.step, prompt, show)
        self.asked += 1
        self.coming = 0.0
        text = _begun_with(begun, answer.text)
        return whole_sentences(text) if answer.reason == "length" else text.strip()

    @property
    def fraction(self) -> float:
        """How much of the card is written, 0..1."""
        return min(0.99, (self.asked + self.coming) / max(1, self.total))

    def sound(self, sentence: str) -> bool:
        """Whether a sentence may stand in a card at all, whatever it tells."""
        low = {word.lower() for word in words(sentence)}
        copied = (low & recipes.EXAMPLE_WORDS) - self.known
        told_of_task = _OF_TASK.search(sentence)
        asked_more = sentence.rstrip().endswith(":")
        return not (
            copied
            or told_of_task
            or asked_more
            or strangers(sentence, self.known)
            or speaks_for_user(sentence)
        )


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


def _begun_with(begun: str, text: str) -> str:
    """Servers answer with or without the words the answer was begun with."""
    if not begun or text.lstrip().startswith(begun):
        return text.lstrip() if begun else text
    return begun + ("" if text[:1] in " ,.;:'’-" else " ") + text


def retell_all(pen: Pen, name: str, sentences: tuple[str, ...]) -> str:
    """A field's prose: its sentences of the source, told again group by group."""
    told = ""
    groups = [(one,) for one in sentences] if pen.character.narrates else chunks(sentences)
    for number, group in enumerate(groups, 1):
        first = (
            named(pen.character, group[0])
            if number > 1 or name == "personality" or "named" in group[0]
            else ""
        )
        notes = (first or group[0], *group[1:])
        piece = retell(pen, Spot(f"{name}:{number}", name, told), notes)
        told = f"{told} {piece}".strip()
        pen.watch.field(name, told, pen.fraction)
    return told


def retell(pen: Pen, spot: Spot, group: tuple[str, ...]) -> str:
    """A group of sentences in the model's telling, in the source's order.

    What the best try of the whole group left out is asked for once more, sentence by sentence.
    """
    told = _retell_once(pen, spot, group)
    if len(group) > 1:
        missing = [one for one in group if not any(same_facts(one, other) >= 0.5 for other in told)]
        for number, one in enumerate(missing, 1):
            told += _retell_once(pen, replace(spot.after(told), step=f"{spot.step}:left{number}"), (one,))
    told.sort(key=lambda sentence: max(range(len(group)), key=lambda at: support(sentence, group[at])))
    text = " ".join(told)
    return "" if loops(text) else text


def _retell_once(pen: Pen, spot: Spot, group: tuple[str, ...]) -> list[str]:
    notes = " ".join(group)
    best: list[str] = []
    for attempt in range(TRIES):
        answer = pen.write(spot.again(attempt), _retelling(pen, notes, attempt))
        kept = _kept(pen, answer, group, spot, attempt)
        if _covered(kept, notes) > _covered(best, notes):
            best = kept
        if _covered(best, notes) >= (0.5 if len(group) > 1 else 0.7):
            break
    return best


def _retelling(pen: Pen, notes: str, attempt: int) -> Prompt:
    room = 40 + 3 * len(words(notes))
    if attempt == TRIES - 1:
        return recipes.repeat(notes, 0, room)
    if pen.character.narrates and re.search(r"\b(?:I|my|me)\b", notes):
        return recipes.as_told(pen.character.short, notes, attempt)
    return recipes.retell(notes, attempt, room)


def repeat(pen: Pen, spot: Spot, line: str) -> str:
    """A line of speech as the model gives it back, "" when it changed too much."""
    for attempt in range(TRIES - 1):
        prompt = recipes.repeat(line, attempt, 40 + 3 * len(words(line)))
        answer = plain_text(pen.write(spot.again(attempt), prompt)).strip('"“” ')
        kept = [one for one in split_sentences(answer) if _tells(one, (line,)) and pen.sound(one)]
        text = " ".join(dict.fromkeys(kept))
        if _covered([text], line) > 0.6 and not loops(text):
            return text.replace('"', "")
    return ""


def _kept(pen: Pen, answer: str, group: tuple[str, ...], spot: Spot, attempt: int) -> list[str]:
    """The sentences of an answer that tell the notes, each fact once."""
    kept: list[str] = []
    told = [one for one in split_sentences(spot.before) if len(set(terms(one))) > 2]
    for line in answer.splitlines():
        for sentence in split_sentences(plain_text(line)):
            ended = sentence.rstrip('"”*) ').endswith((".", "!", "?", "…", "。", "！", "？"))
            fresh = all(same_facts(sentence, other) < 0.8 for other in [*told, *kept])
            own = pen.character.narrates and attempt < TRIES - 1 and re.search(r"\b(?:I|my|me)\b", sentence)
            about = [one for one in group if support(sentence, one) >= _ABOUT] or group
            right = _tells(sentence, group) and _same_people(pen.character, sentence, " ".join(about))
            if ended and fresh and not own and right and pen.sound(sentence):
                kept.append(capital(sentence))
    return kept


def _tells(sentence: str, group: tuple[str, ...]) -> bool:
    """Whether a sentence holds to the notes: their words, and denied where they deny."""
    notes = " ".join(group)
    if support(sentence, notes) <= _GROUNDED or len(words(sentence)) < 2:
        return False
    told, given = Counter(terms(sentence)), Counter(terms(notes))
    if any(count > max(1, given[one]) for one, count in told.items()):
        return False
    said, noted = _denied(sentence), _denied(notes)
    return said <= noted and noted & set(terms(sentence)) <= said


def _same_people(character: Character, sentence: str, notes: str) -> bool:
    """Whether nobody became a woman or a man, and the character no thing ("the Oskar")."""
    low, given = {word.lower() for word in words(sentence)}, {word.lower() for word in words(notes)}
    turned = any(low & own and not given & own and character.pronoun not in own for own in (FEMALE, MALE))
    article = f"the {character.short} ".lower()
    return not turned and (article not in f"{sentence} ".lower() or article in f"{notes} ".lower())


def _denied(text: str) -> set[str]:
    """The terms that stand right after a denial."""
    low = [word.lower().replace("’", "'") for word in words(text)]
    at = [place for place, word in enumerate(low) if word in _DENIALS or word.endswith("n't")]
    return {told[0] for place in at if (told := terms(" ".join(low[place + 1 : place + 6])))}


def _covered(kept: list[str], notes: str) -> float:
    have, wanted = set(terms(" ".join(kept))), set(terms(notes))
    return len(have & wanted) / len(wanted) if wanted else 0.0


def named(character: Character, fact: str) -> str:
    """The fact with the short name where it starts with the pronoun or the full name; "" for others."""
    epithet = re.match(rf"(An?|The) ([^,.]+?),? (?:named|called) {re.escape(character.name)}\b,? ?(.*)", fact)
    if epithet:
        return f"{character.short} is {epithet[1].lower()} {epithet[2]} {epithet[3]}"
    first, _, rest = fact.partition(" ")
    if first.lower() == character.pronoun and rest:
        return f"{character.short} {rest}"
    for name in (character.name, character.short):
        if fact.startswith(name + " "):
            return character.short + fact[len(name) :]
    return ""


def as_spoken(pen: Pen, spot: Spot, fact: str) -> str:
    """A fact that starts with the character (see `named`) as they say it, "" when no try holds."""
    for attempt in range(TRIES):
        answer = pen.write(spot.again(attempt), recipes.as_spoken(fact, attempt))
        said = [one for one in split_sentences(plain_text(answer)) if _first_person(pen, one, fact)]
        if said:
            return said[0]
    return ""


def _first_person(pen: Pen, sentence: str, fact: str) -> bool:
    low = {word.lower() for word in words(sentence)}
    own = {"she": {"she", "her", "herself"}, "he": {"he", "himself", "his"}}.get(pen.character.pronoun, set())
    return bool(
        re.match(r"I\b", sentence)
        and not _WRONG_PERSON.match(sentence)
        and sentence.endswith((".", "!", "?"))
        and not low & own
        and not pen.character.is_in(sentence)
        and _tells(sentence, (fact,))
        and _same_people(pen.character, sentence, fact)
        and not loops(sentence)
        and pen.sound(sentence)
    )


def question(pen: Pen, spot: Spot, answer: str) -> str:
    """What a visitor asks to be answered so: of the tries, the nearest to the answer; "" when none holds."""
    best, best_score = "", 0.0
    for attempt in range(TRIES):
        prompt = recipes.question(answer, attempt, _begun(answer) if attempt == TRIES - 1 else "")
        asked = plain_text(pen.write(spot.again(attempt), prompt)).strip('"“” ')
        score = _nearness(asked, answer) if _asks(pen, asked) else 0.0
        if score > best_score:
            best, best_score = asked, score
        if best_score > 0.4:
            break
    return best


def _begun(answer: str) -> str:
    """How a question starts that an answer in the first person can meet."""
    second = " ".join(answer.split()[:2]).lower()
    return {
        "i am": "Are you",
        "i'm": "Are you",
        "i was": "Were you",
        "i have": "Have you",
        "i had": "Did you",
    }.get(second, "Why do you")


def _asks(pen: Pen, asked: str) -> bool:
    low = {word.lower() for word in words(asked)}
    invented = [one for one in terms(asked) if one not in _TALK and not _near(one, pen.known)]
    about = {"he", "she", "his", "her", "him", "i"} & low
    whole = (
        asked.endswith("?") and "," not in asked and asked.count("?") == 1 and 3 <= len(words(asked)) <= 18
    )
    return whole and not invented and bool({"you", "your"} & low) and not about and pen.sound(asked)


def _nearness(asked: str, answer: str) -> float:
    said = [one for one in terms(asked) if one not in _TALK]
    return sum(_near(one, terms(answer)) for one in said) / len(said) if said else 0.0


def _near(one: str, others: Collection[str]) -> bool:
    return any(one == other or (len(one) > 4 and one[:5] == other[:5]) for other in others)


def imagine(pen: Pen, name: str, asked: str, facts: str, before: tuple[str, ...]) -> str:
    """A field that the source says nothing of: the freest try that stays nearest to what it does say."""
    best, best_score = "", -1.0
    for attempt in range(TRIES):
        prompt = recipes.imagine(pen.character.short, asked, facts, attempt, 70)
        answer = whole_sentences(pen.write(Spot(name, name).again(attempt), prompt).split("\n")[0])
        kept = [
            sentence
            for sentence in split_sentences(plain_text(answer))[:2]
            if pen.sound(sentence)
            and len(words(sentence)) > 3
            and support(sentence, facts) >= 0.34
            and sentence not in before
        ]
        text = " ".join(dict.fromkeys(kept))
        score = support(text, facts)
        if text and not loops(text) and score > best_score:
            best, best_score = text, score
        if best_score >= 0.5:
            break
    return best


def telling_words(text: str) -> list[str]:
    """Words of a text that could be a tag: nouns that close a phrase, and what somebody is said to be."""
    phrases = re.findall(
        r"(?:\b(?:a|an|the|of|his|her|their|in|at)\s+)(?:[a-z-]+\s+)?([a-z]{4,})(?=[,.;:]|\s+(?:of|in|on|at|with|and|that|who|from|before|to)\b)",
        text,
    )
    traits = re.findall(r"\b(?:is|was|and|are)\s+([a-z]{4,})(?=[,.;]|\s+and\b)", text)
    return [word for word in dict.fromkeys([*traits, *phrases]) if word not in FUNCTION_WORDS]
