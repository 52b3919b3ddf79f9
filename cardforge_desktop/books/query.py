"""What a person typed into the search of a book, and the words of FTS5 for it. Pure.

Every word has to be found, each by its beginning, in any order. Words in quotes stand side by side, whole;
while the second quote is not typed yet, the last of them may be half a word. Signs mean nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from cardforge_desktop.books.indexing import plain

_QUOTES = '"“”„«»'
_PARTS = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]|$)|(\\S+)")
#: Words beyond these are not looked for: nobody types so many, and FTS5 takes no end of them.
_MOST = 64


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to be found.

    Attributes:
        text: as the index has it; several words stand side by side.
        is_whole: its last word is typed to its end.
    """

    text: str
    is_whole: bool = False

    @property
    def match(self) -> str:
        """For FTS5. Quoted, so that no sign in it is one of FTS5's own."""
        quoted = '"{}"'.format(self.text.replace('"', '""'))
        return quoted if self.is_whole else f"{quoted}*"


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed.

    Attributes:
        terms: all of them have to be found.
        signs: what is looked for as it stands, where nothing that was typed has a letter or a digit.
        title: a title that says just this.
    """

    terms: tuple[Term, ...]
    signs: tuple[str, ...]
    title: str

    def match(self, columns: str) -> str:
        """For FTS5: all terms, each in any of these columns (``name keys``)."""
        return f"{{{columns}}} : ({' AND '.join(term.match for term in self.terms)})"


@lru_cache(maxsize=256)
def typed_as(text: str) -> Typed:
    """Understand what was typed."""
    terms: dict[Term, None] = {}
    signs: dict[str, None] = {}
    for part in _PARTS.finditer(text):
        word = part[3]
        told = plain(part[1] if word is None else word)
        if any(sign.isalnum() for sign in told):
            terms[Term(told, word is None and part[2] != "")] = None
        elif told:
            signs[told] = None
    title = plain(text.strip(f"{_QUOTES} "))
    return Typed(tuple(terms)[:_MOST], () if terms else tuple(signs), title)
