"""A text as sentences: where each stands, under which heading, and which of it is speech."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cardforge_desktop.books.kinds import word_set

#: Words that carry no fact; a sentence is compared by the others. English: the shipped model's language.
FUNCTION_WORDS = word_set(
    """
    a about above after again against all also although am an and any are as at away back be because
    been before behind being below beneath between both but by can could did do does doing done down
    during each either enough even ever every few for from further get gets got had has have having
    he her here hers herself him himself his how however i if in into is it its itself just like
    made make many may me might more most much must my myself near never no nor not now of off often
    on once one only onto or other our out over own rather same shall she should so some something
    such than that the their them themselves then there these they this those though through till to
    too toward towards under until up upon us very was we well were what when where whether which
    while who whom whose why will with within without would yes yet you your yours yourself s t d ll
    m re ve don didn doesn isn wasn aren hasn hadn won
    """
)

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|St|Sr|Jr|Prof|Capt|Lt|Col|Gen|No|vs|etc|e\.g|i\.e|z\.B|bzw|ca)|\b[A-Z])\.$"
)
_END = re.compile(r"[.!?…]+[\"”’'»“*_)\]]*(?=\s)|[。！？]+[」』”]*")
_LIST_MARK = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_HEADING_MARK = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_MARKUP = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|!?\[([^\]]*)\]\([^)]*\)")
_RULE = re.compile(r"^\s*(?:[-*_=~#]\s*){3,}$")
_SPEECH = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|„([^„“”]+)[“”]|«([^«»]+)»|「([^「」]+)」")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a source.

    Attributes:
        text: without markup, white space folded.
        index: place among all sentences, from 0.
        paragraph: number of its paragraph.
        heading: the nearest heading above, "".
        position: 0..1 of the way through the source.
    """

    text: str
    index: int
    paragraph: int
    heading: str
    position: float

    @property
    def narration(self) -> str:
        """The sentence without what stands in quotation marks."""
        return _SPEECH.sub(" ", self.text).strip()


def split_sentences(text: str) -> list[str]:
    """Sentences of one paragraph in order; an abbreviation's or initial's full stop ends none."""
    sentences: list[str] = []
    start = 0
    for match in _END.finditer(text):
        piece = text[start : match.end()]
        follows = text[match.end() :].lstrip()[:1]
        if _ABBREVIATION.search(piece) or (follows and follows.islower()):
            continue
        if _inside_quotes(piece) and "\n" not in piece:
            continue
        sentences.append(piece.strip())
        start = match.end()
    rest = text[start:].strip()
    if rest:
        sentences.append(rest)
    return [sentence for sentence in sentences if sentence]


def read_sentences(text: str) -> list[Sentence]:
    """All sentences of a source; headings are no sentences, they are told with those under them."""
    found: list[tuple[str, int, str]] = []
    heading = ""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text)):
        for block in _blocks(paragraph):
            plain = plain_text(block)
            marked = _HEADING_MARK.match(block)
            if marked or _looks_like_heading(plain):
                heading = plain_text(marked.group(1)) if marked else plain
                continue
            line = SPEAKER.match(plain) and len(plain) < 400
            pieces = [plain] if line else split_sentences(plain)
            found += [(sentence, number, heading) for sentence in pieces]
    total = max(1, len(found))
    return [
        Sentence(sentence, index, paragraph, above, index / total)
        for index, (sentence, paragraph, above) in enumerate(found)
    ]


def plain_text(text: str) -> str:
    """One line of prose: emphasis, links and list marks taken off, white space folded."""
    without = _MARKUP.sub(lambda match: match.group(1) or "", _LIST_MARK.sub("", text))
    return re.sub(r"\s+", " ", without.replace("> ", "")).strip()


def speech(text: str) -> list[str]:
    """What stands in quotation marks, in order, without the marks."""
    spoken = ("".join(part or "" for part in match.groups()) for match in _SPEECH.finditer(text))
    return [re.sub(r"\s+", " ", part).strip() for part in spoken if part.strip()]


def words(text: str) -> list[str]:
    """Words as they stand; a run of an unspaced script counts as one word for each two characters."""
    if _UNSPACED.search(text):
        return [piece for run in _WORD.findall(text) for piece in _bigrams(run)]
    return _WORD.findall(text)


def term(word: str) -> str:
    """What two forms of a word share: lower case, no possessive, an English or German ending cut off."""
    low = re.sub(r"['’]s$", "", word.lower()).replace("’", "'")
    for ending in ("ings", "ing", "edly", "ed", "ies", "ers", "es", "ly", "en", "er", "s", "e", "y"):
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            low = low[: -len(ending)]
            break
    if len(low) > 3 and low[-1] == low[-2]:
        low = low[:-1]
    return low[:-1] + "i" if low.endswith("y") and len(low) > 3 else low


def terms(text: str) -> list[str]:
    """The terms of the words that carry a fact, in order, with repetitions."""
    return [term(word) for word in words(text) if word.lower() not in FUNCTION_WORDS and len(word) > 1]


def is_english(text: str) -> bool:
    """Whether enough of the words are English function words."""
    found = [word.lower() for word in words(text[:20_000])]
    if not found:
        return True
    common = {
        "the",
        "of",
        "and",
        "to",
        "a",
        "is",
        "was",
        "she",
        "he",
        "her",
        "his",
        "with",
        "who",
        "that",
        "it",
    }
    return sum(word in common for word in found) / len(found) > 0.1


def capital(text: str) -> str:
    """The same text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _blocks(paragraph: str) -> list[str]:
    """Lines of a paragraph joined, except headings, list items and `NAME: words` lines of a script."""
    blocks: list[str] = []
    for line in paragraph.splitlines():
        if _RULE.match(line) or not line.strip():
            continue
        alone = _HEADING_MARK.match(line) or _LIST_MARK.match(line) or SPEAKER.match(line)
        if blocks and not alone and not _HEADING_MARK.match(blocks[-1]):
            blocks[-1] += "\n" + line
        else:
            blocks.append(line)
    return blocks


#: `Ilka: What do you carry?` in a script or a chat log.
SPEAKER = re.compile(r"^\s*\**([^\W\d_][\w.'’ -]{0,28}?)\**\s*:\**\s+(?=\S)")


def _looks_like_heading(block: str) -> bool:
    return len(block.split()) <= 8 and block[-1:].isalnum() and bool(block) and not SPEAKER.match(block)


def _inside_quotes(piece: str) -> bool:
    return (
        piece.count('"') % 2 == 1
        or piece.count("“") > piece.count("”")
        or piece.count("«") > piece.count("»")
    )


def _bigrams(run: str) -> list[str]:
    if not _UNSPACED.search(run) or len(run) < 2:
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]
