"""What a person typed into the search of a book, and the words of FTS5 for it.

Every word has to be found, each by its beginning, in any order. Words in quotes stand side by side, whole.
While the second quote is not typed yet, the last of them may be half a word. Signs mean nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cardforge_desktop.store.full_text import searchable

_QUOTES = '"“”„«»'
_PARTS = re.compile(f"[{_QUOTES}]([^{_QUOTES}]*)([{_QUOTES}]|$)|(\\S+)")


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to be found.

    Attributes:
        text: as `searchable` has it; several words stand side by side.
        is_whole: its last word is typed to its end.
    """

    text: str
    is_whole: bool

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
    """

    terms: tuple[Term, ...]
    signs: tuple[str, ...]

    def match(self, columns: str) -> str:
        """For FTS5: all terms, each in any of these columns (`name keys`)."""
        return f"{{{columns}}} : ({' AND '.join(term.match for term in self.terms)})"


def typed_as(text: str) -> Typed:
    """Understand what was typed."""
    terms: dict[Term, None] = {}
    signs: dict[str, None] = {}
    for part in _PARTS.finditer(text):
        word = part[3]
        told = searchable(part[1] if word is None else word).strip()
        if any(sign.isalnum() for sign in told):
            terms[Term(told, word is None and part[2] != "")] = None
        elif told:
            signs[told] = None
    return Typed(tuple(terms), () if terms else tuple(signs))
