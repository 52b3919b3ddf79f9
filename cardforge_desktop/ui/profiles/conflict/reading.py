"""Makes readable rows of a merge: every field that somebody changed, with its words marked. On a worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cardforge_desktop.profiles.merging import FieldMerge, Merge
from cardforge_desktop.text_diff import Hunk, hunks
from cardforge_desktop.ui.profiles.conflict.excerpts import (
    Piece,
    base_pieces,
    bounded,
    changed_spans,
    excerpt,
    kept_spans,
    pieces,
)
from cardforge_desktop.ui.profiles.editor.field_names import name_of, value_text

#: Longer texts are marked as a whole only: nobody reads on.
_MOST_COMPARED = 60_000


@dataclass(frozen=True, slots=True)
class Texts:
    """The three sides of one field as they are shown."""

    base: tuple[Piece, ...]
    mine: tuple[Piece, ...]
    theirs: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """One field that somebody changed.

    Attributes:
        name: what it is called.
        mine, theirs: the values in words.
        whole: all of the texts.
        folded: the changed places of long ones; None where all of it is short.
        lines: of the longest side.
    """

    field: FieldMerge
    name: str
    mine: str
    theirs: str
    whole: Texts
    folded: Texts | None
    lines: int


def read_fields(merge: Merge) -> tuple[FieldTexts, ...]:
    """The changed fields in the order of a form; some milliseconds for each long text."""
    return tuple(_texts(field) for field in merge.changed)


def _texts(field: FieldMerge) -> FieldTexts:
    base, mine, theirs = (value_text(field.path, each) for each in (field.base, field.mine, field.theirs))
    own = _compared(base, mine, by_words=_has_words(field.base, field.mine))
    other = _compared(base, theirs, by_words=_has_words(field.base, field.theirs))
    changed = changed_spans(own, other)
    whole = Texts(*(bounded(each) for each in (base_pieces(base, changed), pieces(own), pieces(other))))
    kept = kept_spans(base, changed, max(len(mine), len(theirs)))
    folded = None
    if kept is not None:
        same = tuple(
            Hunk("same" if piece.kind == "same" else "changed", piece.text, "")
            for piece in base_pieces(base, changed)
        )
        folded = Texts(excerpt(same, kept), excerpt(own, kept), excerpt(other, kept))
    lines = max(text.count("\n") + 1 for text in (base, mine, theirs))
    return FieldTexts(field, name_of(field.path), mine, theirs, whole, folded, lines)


def _has_words(base: Any, side: Any) -> bool:
    """Texts and lists are compared word by word; a number or a choice is another one as a whole."""
    return isinstance(base, (str, tuple)) and bool(base) and bool(side)


def _compared(base: str, side: str, *, by_words: bool) -> tuple[Hunk, ...]:
    if base == side:
        return (Hunk("same", base, side),)
    if by_words and max(len(base), len(side)) <= _MOST_COMPARED:
        return hunks(base, side)
    return (Hunk("changed", base, side),)
