"""What one text tells that another does not, sentence by sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: A sentence ends with a stop and the white space after it, or with a line; Asian stops need none.
_SENTENCE = re.compile(r"[^\n]*?(?:[.!?…]+[\"”’'»“*_)\]]*(?=\s|$)|[。！？]+[」』”]*|(?=\n)|$)")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\u0e00-\u0e7f]")
#: So much of a word is compared: “lights” tells what “light” does, in many languages.
_STEM = 5
#: Shorter words say how a sentence is built more than what it tells.
_TELLING = 4
#: Share of a sentence's telling words that another text has, from which on it tells nothing new.
_TOLD = 0.75


def new_sentences(text: str, known: Iterable[str]) -> list[str]:
    """The sentences of `text` that tell something which none of `known` tells, each once, in their order."""
    have = set().union(*(_terms(each) for each in known))
    found: list[str] = []
    for sentence in sentences(text):
        terms = _terms(sentence)
        if terms and len(terms & have) < _TOLD * len(terms):
            found.append(sentence)
            have |= terms
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text; a line that has no stop is one."""
    return [piece for match in _SENTENCE.finditer(text) if (piece := match[0].strip())]


def _terms(text: str) -> set[str]:
    """The words that carry what a text tells; of scripts without spaces each two letters side by side."""
    terms: set[str] = set()
    short: set[str] = set()
    for word in _WORD.findall(text.casefold()):
        if _UNSPACED.search(word):
            terms |= {word[at : at + 2] for at in range(max(1, len(word) - 1))}
        elif len(word) >= _TELLING or word.isdigit():
            terms.add(word[:_STEM] if word.isalpha() else word)
        else:
            short.add(word)
    return terms or short
