"""Who a source is about: found from the text itself, never asked of a small model."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import PurePath

from cardforge_desktop.books.called import HONORIFICS
from cardforge_desktop.books.kinds import word_set
from cardforge_desktop.generation.sentences import (
    SPEAKER,
    Sentence,
    capital,
    read_sentences,
    speech,
    words,
)
from cardforge_desktop.sources.model import SourceText

#: “Nurse Ilse”, “Old Tarn”: what stands before a person's name, the last three sometimes a part of it.
_HONORIFICS = HONORIFICS | word_set("nurse old young")
_NOT_NAMES = word_set(
    """
    the a an and but or if when while then there this that these those his her their its my our your
    he she it they we you i in on at by for from with to of as so no not yes after before during
    since until once what who why how where which although because every some any all most many each
    both one two three four five six seven eight nine ten tonight today tomorrow yesterday now never
    always perhaps maybe monday tuesday wednesday thursday friday saturday sunday january february
    march april may june july august september october november december god hell chapter part oh ah
    well please let do did does is was are were has had have can could will would should people
    everyone someone nobody nothing something here still just even only also twice again overhead
    below above towards later soon sometimes often der die das ein eine er sie es und aber ich wir
    ihr sein seine ihre im in am um vor nach mit von zu auf als wenn den dem des wie was wer le la
    les un une il elle et mais el los las una y pero él ella en de da do os as um uma ele ela e mas
    son sa ses su sus note notes hey thanks okay look listen sorry down up out
    """
)
_DETERMINERS = word_set(
    """
    the a an this that der die das den dem des ein eine einen einer eines le la les l un une el los
    las una o os as um uma
    """
)
#: "Der Uhrmacher Konrad Weiß": what follows the article is a trade.
_GERMAN_ARTICLES = frozenset({"der", "die", "das", "ein", "eine"})
_PLACE_BEFORE = word_set(
    """
    in at from to near on into toward towards of over through across beyond around outside inside
    below aus bei bis à en
    """
)
_KIND_BEFORE = word_set(
    """
    named called is am become heißt hieß namens appelle llama chamado chamada name
    """
)
_PERSON_VERBS = word_set(
    """
    said says asked asks answered replied whispered shouted was is had has keeps kept wears wore
    looked looks thought thinks knew knows felt feels loves loved hates hated lives lived works
    worked smiled laughed nodded went goes came sat stood took turned told wanted wants never always
    pulled walked runs ran speaks spoke who ist war hat hatte sagte sagt lebt fragte est était dit
    es era dijo vive sagte wohnt arbeitet liebt spricht trägt travaille porte habite trabaja tiene
    lleva
    """
)
_NAME_PART = r"[^\W\d_][\w]*(?:[-'’][^\W\d_][\w]*)*"
_TOKEN = re.compile(rf"{_NAME_PART}|[^\w\s]")
_INTRODUCED = re.compile(
    r"\b(?:my name is|i am called|they call me|call me|i'm|i am|ich heiße|mein name ist|je m'appelle|"
    r"me llamo)\s+"
    r"([^\W\d_][\w'’-]*(?:\s[A-Z][\w'’-]*){0,2})",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"\b(?:named|called|name is|name:|namens|nommée?|llamad[oa])\s+([^\W\d_][\w'’-]*(?:\s[A-Z][\w'’-]*)?)",
    re.IGNORECASE,
)
#: Words that tell of a woman, of a man.
FEMALE = frozenset({"she", "her", "hers", "herself"})
MALE = frozenset({"he", "him", "his", "himself"})


@dataclass(frozen=True, slots=True)
class Character:
    """The main character of a source.

    Attributes:
        name: the fullest form of the name, ``Mirela Voss``.
        short: how sentences call them, ``Mirela``.
        pronoun: ``she``, ``he`` or ``they``.
        narrates: the source is told by the character ("I").
        found: False when the name is only the title or the file name.
    """

    name: str
    short: str
    pronoun: str = "they"
    narrates: bool = False
    found: bool = True

    def is_in(self, text: str) -> bool:
        """Whether the text calls the character by a part of the name."""
        parts = {part.lower() for part in self.name.split() if len(part) > 2 and part[0].isupper()} or {
            self.name.lower()
        }
        return any(re.sub(r"['’]s?$", "", word.lower()) in parts for word in words(text)) or self.name in text


@dataclass(slots=True)
class NamedThing:
    """A capitalised name: how often it stands, and what speaks for a person or a place."""

    name: str
    count: int = 0
    inside: int = 0  # not at the start of a sentence
    person: int = 0
    place: int = 0
    article: int = 0
    first: int = 10**9
    parts: set[str] = field(default_factory=set)


def main_character(source: SourceText) -> Character:
    """Who the source is about; the title or the file name when the text names nobody."""
    sentences = read_sentences(source.text)
    told = _introduced(sentences)
    if told and _told_by_i(sentences):
        return Character(told, told.split()[0], "they", narrates=True)
    candidates = named_things(sentences)
    speakers = _speakers(source.text)
    best, best_score = "", 0.0
    for candidate in candidates:
        score = _person_score(candidate, source, speakers, len(sentences))
        if score > best_score:
            best, best_score = candidate.name, score
    if best:
        return _character(best, sentences)
    loose = _NAMED.search(source.text) if len(source.text) < 20_000 else None
    if loose and loose.group(1).lower() not in _NOT_NAMES:
        return _character(_title_case(loose.group(1)), sentences)
    return _from_title(source, _told_by_i(sentences))


def people(source: SourceText, most: int) -> tuple[Character, ...]:
    """The main people of a source, the most important first; one where it names no other.

    A third has to be in it about a third as often as the first: of the many that a story names in passing
    there is nothing to tell.
    """
    sentences, first = read_sentences(source.text), main_character(source)
    speakers = _speakers(source.text)
    others = [
        (_person_score(found, source, speakers, len(sentences)), found)
        for found in named_things(sentences)
        if found.person > max(found.place, found.article) and not first.is_in(found.name)
    ]
    ranked = [found for _, found in sorted(others, key=lambda row: -row[0])]
    often = max(3, sum(first.is_in(sentence.text) for sentence in sentences) // 3)
    chosen = ranked[:1] + [found for found in ranked[1:most] if found.count >= often]
    return (first, *(_character(found.name, sentences) for found in chosen[: most - 1]))


def named_things(sentences: list[Sentence]) -> list[NamedThing]:
    """Every name of the text, short forms folded into the fullest one, most frequent first."""
    raw: dict[str, NamedThing] = {}
    for sentence in sentences:
        for name, before, after, at_start in _names_in(sentence.text):
            _note(raw.setdefault(name, NamedThing(name)), sentence.index, before, after, at_start)
    kept = {name: found for name, found in raw.items() if found.inside or " " in name or found.person}
    return sorted(_fold(kept), key=lambda found: (-found.count, found.first))


def _names_in(text: str) -> list[tuple[str, str, str, bool]]:
    """(name, word before, word after, stands at a start) for every run of capitalised words."""
    tokens = _TOKEN.findall(text)
    found: list[tuple[str, str, str, bool]] = []
    at = 0
    while at < len(tokens):
        if not _may_name(tokens[at]):
            at += 1
            continue
        end = at + 1
        while end < len(tokens) and _continues(tokens, end):
            end += 1 if tokens[end][0].isupper() else 2
        trade = end - at > 2 and at > 0 and tokens[at - 1].lower() in _GERMAN_ARTICLES
        name = _clean(tokens[at + trade : end])
        before = tokens[at - 1] if at else ""
        after = tokens[end] if end < len(tokens) else ""
        if name:
            found.append((name, before.lower(), after.lower(), not before or before in '.!?"“„«:—*>'))
        at = end
    return found


def _may_name(token: str) -> bool:
    # "I'm" and "I've" are no names, O'Brien and D'Artagnan are.
    shortened = token[:2] in {"I'", "I’"}
    return token[0].isupper() and len(token) > 1 and token.lower() not in _NOT_NAMES and not shortened


def _continues(tokens: list[str], at: int) -> bool:
    if tokens[at - 1].endswith(("'s", "’s")) and tokens[at][0].isupper():
        return _may_name(tokens[at])
    if _may_name(tokens[at]):
        return True
    link = tokens[at] in {"of", "de", "da", "del", "von", "van", "der", "la", "du", "the"}
    return link and at + 1 < len(tokens) and _may_name(tokens[at + 1])


def _clean(parts: list[str]) -> str:
    name = re.sub(r"['’]s?$", "", " ".join(parts))
    return _title_case(name) if name.isupper() and len(name) > 3 else name


def _note(found: NamedThing, index: int, before: str, after: str, at_start: bool) -> None:
    found.count += 1
    found.inside += not at_start
    found.first = min(found.first, index)
    found.article += before in _DETERMINERS
    found.place += before in _PLACE_BEFORE
    honoured = found.name.split()[0].lower() in _HONORIFICS or before in _HONORIFICS
    found.person += (
        honoured
        + (after in _PERSON_VERBS)
        + (after == ":" and at_start)
        + (before in _KIND_BEFORE)
        + (before in {"said", "asked"})
    )


def _fold(raw: dict[str, NamedThing]) -> list[NamedThing]:
    """Short forms join the fullest name that holds them as whole words."""
    by_length = sorted(raw.values(), key=lambda found: -len(found.name.split()))
    full: list[NamedThing] = []
    for found in by_length:
        plain = [word for word in found.name.split() if word.lower() not in _HONORIFICS] or [found.name]
        holders = [other for other in full if all(word in other.name.split() for word in plain)]
        if not holders:
            found.parts.add(found.name)
            full.append(found)
            continue
        holder = max(holders, key=lambda other: (other.person, other.count))
        holder.parts.add(found.name)
        holder.count += found.count
        holder.inside += found.inside
        holder.person += found.person
        holder.place += found.place
        holder.article += found.article
        holder.first = min(holder.first, found.first)
    return full


def _person_score(found: NamedThing, source: SourceText, speakers: Counter[str], sentences: int) -> float:
    title = re.split(r"\s[–—|·:-]\s|:\s", source.title)[0].lower()
    stem = re.sub(r"[-_.]+", " ", PurePath(source.name).stem).lower()
    parts = {part.lower() for name in found.parts for part in name.split()}
    score = found.count + 2.0 * found.person - 1.5 * found.place - 1.5 * found.article
    score += 3.0 * max(
        (speakers[part] for part in {p.upper() for p in found.parts} | {found.name.upper()}), default=0
    )
    score += 2.0 * (1 - found.first / max(1, sentences))
    if found.name.lower() == title or title in {name.lower() for name in found.parts}:
        score += 12 + sentences / 4
    elif parts & set(re.findall(r"\w+", title)):
        score += 4
    if parts & set(stem.split()):
        score += 6 + sentences / 8
    return score if found.person > 0 or score > 2 else score - 1


def _speakers(text: str) -> Counter[str]:
    """How many lines each speaker of a script has, by upper-case name."""
    matches = (SPEAKER.match(line) for line in text.splitlines())
    return Counter(
        match.group(1).strip().upper() for match in matches if match and match.group(1)[0].isupper()
    )


def _introduced(sentences: list[Sentence]) -> str:
    for sentence in sentences:
        match = _INTRODUCED.search(sentence.narration)
        if match and match.group(1)[0].isupper() and match.group(1).split()[0].lower() not in _NOT_NAMES:
            return match.group(1).strip()
    return ""


def is_script(sentences: list[Sentence]) -> bool:
    """Whether most of the source is lines of speakers, ``NADIA: You are late.``"""
    return sum(SPEAKER.match(sentence.text) is not None for sentence in sentences) > len(sentences) / 2


def _told_by_i(sentences: list[Sentence]) -> bool:
    prose = [sentence.narration for sentence in sentences if not SPEAKER.match(sentence.text)]
    if is_script(sentences):
        return False  # everyone says I
    told = [text for text in prose if re.search(r"\b(?:I|my|me|ich|mein|je|yo)\b", text)]
    return len(told) > len(prose) * 0.3


def _character(name: str, sentences: list[Sentence]) -> Character:
    parts = [part for part in name.split() if part.lower() not in _HONORIFICS]
    name = " ".join(parts) if len(parts) > 1 else name
    short = parts[0] if parts and parts[0][0].isupper() else name
    counts: Counter[str] = Counter()
    near = 0
    for sentence in sentences:
        near = 3 if short in sentence.text else near - 1
        if near > 0:
            counts.update(word.lower() for word in words(sentence.narration))
    female, male = sum(counts[word] for word in FEMALE), sum(counts[word] for word in MALE)
    pronoun = "they" if female == male else "she" if female > male else "he"
    return Character(
        name, short, pronoun, narrates=_told_by_i(sentences) and not _third_person(sentences, short)
    )


def _third_person(sentences: list[Sentence], short: str) -> bool:
    return sum(short in sentence.narration for sentence in sentences) > len(sentences) * 0.1


def _from_title(source: SourceText, narrates: bool) -> Character:
    """The title if it is short enough to be a name, else the file name made readable."""
    title = re.split(r"\s[–—|·-]\s|:\s", source.title.strip())[0].strip()
    stem = re.sub(r"[-_.\s]+", " ", PurePath(source.name).stem).strip()
    name = title if title and len(title) <= 40 and len(title.split()) <= 4 else ""
    name = name or (_title_case(stem) if stem.islower() else stem) or "Unnamed"
    return Character(name[:60], name[:60], narrates=narrates, found=False)


def _title_case(text: str) -> str:
    return " ".join(capital(word.lower()) for word in text.split())


def spoken_by(character: Character, sentences: list[Sentence], alone: bool) -> list[str]:
    """What the character says in the source, paragraph by paragraph, nickname quotations left out.

    A paragraph's speech is the character's when its narration names them, or holds their pronoun and no
    other person's; `alone`: the source has no other person, so that every quotation is theirs.
    """
    lines: list[str] = []
    for _, group in groupby(sentences, key=lambda sentence: (sentence.paragraph, sentence.heading)):
        paragraph = list(group)
        lines += _script_lines(character, paragraph)
        told = " ".join(sentence.narration for sentence in paragraph)
        quoted = bool(re.search(r"(?i)quot|zitat|saying|citation", paragraph[0].heading))
        if alone or quoted or _tells_of(character, told):
            line = _joined([part for sentence in paragraph for part in speech(sentence.text)])
            lines += [line] if len(line.split()) > 3 else []
    return lines


def _joined(parts: list[str]) -> str:
    """One utterance from the pieces between `she said`: `Sit by the stove. You can be a liar…`"""
    line = ""
    for part in parts:
        broken = line.endswith(",") and part[:1].isupper() and not part.startswith("I ")
        line = (line[:-1] + "." if broken else line) + (" " if line else "") + part
    return line[:-1] + "." if line.endswith(",") else line


def _script_lines(character: Character, paragraph: list[Sentence]) -> list[str]:
    matches = ((SPEAKER.match(sentence.text), sentence.text) for sentence in paragraph)
    return [
        text[match.end() :].strip(' "“”')
        for match, text in matches
        if match and character.is_in(match.group(1))
    ]


def _tells_of(character: Character, told: str) -> bool:
    if character.is_in(told):
        return True
    others = MALE if character.pronoun == "she" else FEMALE if character.pronoun == "he" else frozenset[str]()
    low = {word.lower() for word in words(told)}
    return character.pronoun in low and not low & others and not _other_name(told)


def _other_name(told: str) -> bool:
    return any(not at_start for _, _, _, at_start in _names_in(told))
