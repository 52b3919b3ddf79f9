"""The sentences of a source that matter to each field of a card."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cardforge_desktop.books.kinds import word_set
from cardforge_desktop.generation.names import Character, is_script, named_things, spoken_by
from cardforge_desktop.generation.sentences import (
    SPEAKER,
    Sentence,
    is_english,
    read_sentences,
    split_sentences,
    terms,
    words,
)
from cardforge_desktop.profiles.model import FieldName
from cardforge_desktop.sources.model import SourceText

_APPEARANCE = word_set(
    """
    eye eyes hair haired beard bearded moustache face faced skin skinned tall short broad slim thin
    lean stocky scar scarred hand hands finger fingers nose ear ears cheek brow wears wore wearing
    worn dressed dress coat cloak boots hat hood gloves jacket robe apron waistcoat uniform
    spectacles glasses braid braided aged age old young years build built shoulders shouldered voice
    tattoo tattooed small big large heavy pale dark freckled freckles grey gray white black brown
    blue green red silver ring necklace thong cord belt limp wings tail horns fur metal steel chrome
    teeth jaw handsome beautiful ugly plain looks looked height
    """
)
#: What everybody has, and parts of any room: nobody looks for a card by them.
NO_TAGS = _APPEARANCE | word_set(
    """
    neck head foot feet side back top bottom end name names time times year years day days night
    nights hour hours way thing things door doors window room wall floor table desk chair step steps
    turn people person somebody man woman first last next other
    """
)
_TRAITS = word_set(
    """
    patient stubborn kind cruel shy proud honest lonely gentle fierce calm nervous quiet talkative
    curious brave cowardly greedy generous cheerful grumpy gruff bitter warm cold loyal vain modest
    sarcastic dry humoured witty courteous exact nosy impulsive careful careless clever naive bold
    reserved polite rude ruthless tender moody never always hates hate hated loves love loved fears
    fear feared afraid likes liked dislikes distrusts trusts believes believed considers habit
    habits temper laughs hums sings counts talks speaks lies prefers enjoys wants wanted dreams
    secretly secret insists refuses collects cannot can't rarely often usually tends given thinks
    thinking slowly virtue hides pretends worries jokes swears remembers forgets superstitious
    devout ambitious optimistic pessimistic stern strict playful protective jealous
    """
)
_SITUATION = word_set(
    """
    tonight now today currently just recently ago late gone missing lost arrived arrives arrive
    stranger strangers waiting waits must threat war siege storm flood winter ordered hunted hunting
    looking searching since week weeks days month door gate inn tavern village town city station
    castle ship road pass harbour island forest mountain kingdom empire world street house school
    plague famine strike notice begins began soon before night morning dawn midnight october
    november letter message signal
    """
)
_SCENE = re.compile(
    r"\b(?:(?:was|is|were|are)\s+\w+ing|sits?|sat|stands?|stood|tonight|now|today|has just|came to|"
    r"waiting|this morning)\b",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"\b(?:is|was|are|am)\s+(?:a|an|the|one|in fact)\b|"
    r"\b(?:keeps|runs|works|serves|lives|born|owner|keeper|hired)\b",
    re.IGNORECASE,
)
_HEADINGS = {
    "description": re.compile(
        r"(?i)appear|looks|descri|profile|biograph|overview|aussehen|apparence|aspecto"
    ),
    "personality": re.compile(r"(?i)personal|character|trait|habit|temper|likes|charakter|caract"),
    "scenario": re.compile(r"(?i)current|situation|scenario|setting|plot|present|event|lage|now"),
    "past": re.compile(r"(?i)history|background|past|origin|geschichte|histoire"),
    "aside": re.compile(
        r"(?i)places?|people|things|trivia|gallery|reference|see also|quot|relation|faction|orte|personen"
    ),
}
#: ``The Silent Ledger: the Guild's secret book …``
_ENTRY = re.compile(r"([A-Z][\w'’-]*(?: [\w'’-]+){0,4}): (?=[a-z])")
#: Fields told in prose from sentences of their own.
PROSE: tuple[FieldName, ...] = ("description", "personality", "scenario")
#: Words a field's sentences may hold together: what its calls can retell well and a card reads well with.
ROOM: Mapping[str, int] = MappingProxyType({"description": 120, "personality": 75, "scenario": 80})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a source says, laid out for a card.

    Attributes:
        by_field: description, personality, scenario: sentences in the source's order, none twice.
        scenes: sentences that show the character in a moment, best first.
        spoken: what the character says, best greeting first.
        about: sentences whose subject is the character, in order: material for examples.
        english: whether the source is in the shipped model's language.
    """

    character: Character
    sentences: tuple[Sentence, ...]
    by_field: dict[str, tuple[str, ...]]
    scenes: tuple[str, ...]
    spoken: tuple[str, ...]
    about: tuple[str, ...]
    english: bool


def read_facts(
    source: SourceText, character: Character, asked: Collection[str], room: Mapping[str, int] = ROOM
) -> Facts:
    """Sort the sentences of a source by what they are good for in a card about `character`.

    Args:
        asked: the fields to be written; the others get what these leave.
        room: for each field of prose how many words its sentences may hold together.
    """
    sentences = sentences_of(source)
    english = is_english(source.text)
    script = is_script(sentences)
    if script:
        character, sentences = replace(character, narrates=True), _own_lines(character, sentences)
    subjects = _subjects(character, sentences)
    told = [sentence for sentence in sentences if _usable(sentence)]
    scores: dict[str, dict[int, float]] = {
        name: {sentence.index: _score(name, sentence, subjects) for sentence in told} for name in PROSE
    }
    first = min((one.index for one in told if one.index in subjects), default=-1)
    if first >= 0:
        scores["description"][first] += 4  # it says who they are
    by_field = _share(told, scores, asked, room) if english else _share_by_place(told, room)
    alone = not any(found.person and not character.is_in(found.name) for found in named_things(sentences))
    spoken = [one.text for one in told] if script else spoken_by(character, sentences, alone)
    about = [sentence for sentence in told if sentence.index in subjects and _free_of_speech(sentence)]
    return Facts(
        character,
        tuple(sentences),
        by_field,
        tuple(_scenes(told, subjects)),
        tuple(sorted(dict.fromkeys(spoken), key=_greeting_rank)),
        tuple(sentence.text for sentence in about),
        english,
    )


def sentences_of(source: SourceText) -> list[Sentence]:
    """The sentences of a source; an entry of its lists, ``Pim: a tube-runner of eleven``, is one too."""
    sentences = read_sentences(source.text)
    if not is_english(source.text):
        return sentences
    return [replace(one, text=_defined(one)) for one in sentences]


def _defined(sentence: Sentence) -> str:
    entry = _ENTRY.match(sentence.text) if _definition(sentence) else None
    return f"{entry[1]} is {sentence.text[entry.end() :]}" if entry else sentence.text


def with_name(facts: Facts, text: str) -> str:
    """A sentence about the main character that is understood alone: their name for the first "she"."""
    character = facts.character
    pronoun = re.search(rf"(?i)\b{character.pronoun}\b", text)
    surely = character.pronoun != "they" and text in facts.about and not character.is_in(text)
    if not pronoun or not surely or not facts.english:
        return text
    return text[: pronoun.start()] + character.short + text[pronoun.end() :]


def _own_lines(character: Character, sentences: list[Sentence]) -> list[Sentence]:
    """What the character says in a script, sentence by sentence: it is their own telling of themselves."""
    lines = [
        piece for line in spoken_by(character, sentences, alone=False) for piece in split_sentences(line)
    ]
    return [Sentence(line, at, at, "", at / max(1, len(lines))) for at, line in enumerate(lines)]


def _usable(sentence: Sentence) -> bool:
    """Narration long enough to hold a fact; lines of dialogue are kept for the examples."""
    if SPEAKER.match(sentence.text) and len(sentence.text.split()) < 40 and not _definition(sentence):
        return False
    return (
        len(words(sentence.narration)) > 3
        and len(terms(sentence.narration)) > 1
        and len(sentence.narration) > 0.6 * len(sentence.text)
    )


def _definition(sentence: Sentence) -> bool:
    return bool(_HEADINGS["aside"].search(sentence.heading))


def _free_of_speech(sentence: Sentence) -> bool:
    return sentence.narration == sentence.text


def _subjects(character: Character, sentences: list[Sentence]) -> set[int]:
    """Indices of the sentences that are about the character: by name, or by pronoun after such a sentence."""
    found: set[int] = set()
    current = True
    for sentence in sentences:
        told = sentence.narration
        first = next((word.lower() for word in words(told)), "")
        pronoun = re.search(r"\b(she|he|they|er|sie|il|elle)\b", told, re.IGNORECASE)
        named = character.is_in(told)
        if named or (character.narrates and re.search(r"\b(?:I|my|ich|je|yo)\b", told)):
            current = True
        elif pronoun and pronoun.group(1).lower() != character.pronoun and character.pronoun != "they":
            current = False
        elif not pronoun and not first:
            continue
        own_word = {"she": {"she", "her"}, "he": {"he", "his"}}.get(
            character.pronoun, {"they", "their", "it", "its"}
        )
        low = {word.lower() for word in words(told)}
        if named or (current and (low & own_word or character.narrates)):
            found.add(sentence.index)
        elif re.search(r"\b[A-Z]\w+\b", told[1:]):
            current = False
    return found


def _score(name: str, sentence: Sentence, subjects: set[int]) -> float:
    low = [word.lower() for word in words(sentence.narration)]
    lexicon = {"description": _APPEARANCE, "personality": _TRAITS, "scenario": _SITUATION}[name]
    hits = len(set(low) & lexicon)
    score = 2.0 * hits / (1 + len(low) / 14)
    own = sentence.index in subjects
    if name == "scenario":
        stray = not own and low[:1] and low[0] in {"he", "she", "they", "it"}
        score += (0.5 if own else 0) + (1.5 if sentence.position < 0.12 else 0) - (2.0 if stray else 0)
    else:
        score += 2.0 if own else -3.0
    if name == "description" and _IDENTITY.search(sentence.narration) and own:
        score += 1.5 + (2 if sentence.position < 0.1 else 0)
    return score + _heading_score(name, sentence.heading)


def _heading_score(name: str, heading: str) -> float:
    if not heading:
        return 0.0
    if _HEADINGS[name].search(heading):
        return 5.0
    if _HEADINGS["aside"].search(heading):
        return -6.0
    others = any(pattern.search(heading) for key, pattern in _HEADINGS.items() if key != name)
    return -2.0 if others else 0.0


def _share(
    told: list[Sentence],
    scores: dict[str, dict[int, float]],
    asked: Collection[str],
    room: Mapping[str, int],
) -> dict[str, tuple[str, ...]]:
    """Give each sentence to the field it helps most, the best ones first, while the field has room."""
    ranked = sorted(
        (
            (score, name, index)
            for name, found in scores.items()
            for index, score in found.items()
            if score > 0.8
        ),
        key=lambda row: (row[1] not in asked, -row[0], row[2]),
    )
    text = {sentence.index: sentence.text for sentence in told}
    taken: dict[int, str] = {}
    left = dict(room)
    for _, name, index in ranked:
        size = len(words(text[index]))
        if index not in taken and (left[name] >= size or left[name] == room[name]):
            taken[index] = name
            left[name] -= size
    return {name: tuple(text[index] for index in sorted(taken) if taken[index] == name) for name in PROSE}


def _share_by_place(told: list[Sentence], room: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Other languages: who comes first, then how they are, then what is going on now."""
    third = max(1, -(-len(told) // 3))
    parts = {
        "description": told[:third],
        "personality": told[third : 2 * third],
        "scenario": told[2 * third :],
    }
    for name, pattern in _HEADINGS.items():
        under = [sentence for sentence in told if pattern.search(sentence.heading)]
        if name in parts and under:
            parts[name] = under
    return {name: _fit(part, room[name]) for name, part in parts.items()}


def _fit(part: list[Sentence], room: int) -> tuple[str, ...]:
    kept: list[str] = []
    for sentence in part:
        room -= len(words(sentence.text))
        if kept and room < 0:
            break
        kept.append(sentence.text)
    return tuple(kept)


def _scenes(told: list[Sentence], subjects: set[int]) -> list[str]:
    """Moments, best first: something going on, the character in it, early or under a fitting heading."""
    ranked: list[tuple[float, int, str]] = []
    for sentence in told:
        score = 2.0 * bool(_SCENE.search(sentence.narration)) + (1.5 if sentence.index in subjects else 0)
        score += 1.0 if sentence.position < 0.15 and len(told) > 20 else 0
        score += 1.5 * bool(re.search(r"(?i)\b(?:tonight|now|today|just|this morning)\b", sentence.narration))
        score += _heading_score("scenario", sentence.heading) / 2
        score -= 2.0 * bool(_IDENTITY.search(sentence.narration)) + 0.7 * len(
            _APPEARANCE & {w.lower() for w in words(sentence.narration)}
        )
        if score >= 2 and 6 <= len(words(sentence.text)) <= 45:
            ranked.append((-score, sentence.index, sentence.text))
    return [text for _, _, text in sorted(ranked)]


def _greeting_rank(line: str) -> float:
    """Smaller is better to open a scene with: says "you", a handful of words, a whole sentence."""
    size = len(line.split())
    score = 2.0 * bool(re.search(r"(?i)\byou\b", line)) + (1.0 if line[-1:] in ".!?" else 0)
    return -(score + (2.0 if 6 <= size <= 35 else 0))
