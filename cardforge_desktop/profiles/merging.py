"""Two people changed one profile: what each did, and what both together make. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of, is_prose, with_values
from cardforge_desktop.profiles.text_merging import Overlap, TextMerge, merge_texts


class Side(StrEnum):
    """Who changed a field."""

    NOBODY = "nobody"
    MINE = "mine"
    THEIRS = "theirs"
    BOTH_ALIKE = "both alike"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class FieldMerge:
    """One field of the three.

    Attributes:
        merged: what becomes of it without a decision: the changed value; in a conflict of texts both changes
            in one text (`text_merging`), of lists what either added and without what either took out, of
            anything else mine.
        is_clean: `merged` does what both wanted; False = somebody must look at it.
        overlaps: of a text, the places of `merged` where both changed the same words.
    """

    path: str
    base: Any
    mine: Any
    theirs: Any
    side: Side
    merged: Any
    is_clean: bool = True
    overlaps: tuple[Overlap, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """All fields, in the order of a form."""

    mine: ProfileContent
    fields: tuple[FieldMerge, ...]

    @property
    def changed(self) -> tuple[FieldMerge, ...]:
        """Those that anybody changed."""
        return tuple(field for field in self.fields if field.side is not Side.NOBODY)

    @property
    def conflicts(self) -> tuple[FieldMerge, ...]:
        """Those that both changed in different ways: to be decided, or at least looked at (`is_clean`)."""
        return tuple(field for field in self.fields if field.side is Side.CONFLICT)

    @property
    def is_clean(self) -> bool:
        """Whether the result without a decision does all that both wanted."""
        return all(field.is_clean for field in self.fields)

    def result(self, decided: dict[str, Any] | None = None) -> ProfileContent:
        """The merged profile; `decided` has values that take the place of `merged`, by path."""
        values = {field.path: field.merged for field in self.fields} | (decided or {})
        return with_values(self.mine, values)


def merge(
    base: ProfileContent, mine: ProfileContent, theirs: ProfileContent, before: Merge | None = None
) -> Merge:
    """Three-way merge, field by field; a long text takes some milliseconds.

    Args:
        before: an earlier one: what it says of fields that are the same now is taken over.
    """
    old, own, other = fields_of(base), fields_of(mine), fields_of(theirs)
    known = {field.path: field for field in before.fields} if before is not None else {}

    def merged(path: str) -> FieldMerge:
        sides, field = (old[path], own[path], other[path]), known.get(path)
        if field is not None and (field.base, field.mine, field.theirs) == sides:
            return field
        return _field(path, *sides)

    return Merge(mine, tuple(merged(path) for path in own))


def _field(path: str, base: Any, mine: Any, theirs: Any) -> FieldMerge:
    if mine == theirs:
        side = Side.NOBODY if mine == base else Side.BOTH_ALIKE
        return FieldMerge(path, base, mine, theirs, side, mine)
    if mine == base:
        return FieldMerge(path, base, mine, theirs, Side.THEIRS, theirs)
    if theirs == base:
        return FieldMerge(path, base, mine, theirs, Side.MINE, mine)
    return _conflict(path, base, mine, theirs)


def _conflict(path: str, base: Any, mine: Any, theirs: Any) -> FieldMerge:
    if is_prose(path):
        merge: TextMerge = merge_texts(base, mine, theirs)
        return FieldMerge(path, base, mine, theirs, Side.CONFLICT, merge.text, merge.is_clean, merge.overlaps)
    if isinstance(mine, tuple):
        return FieldMerge(path, base, mine, theirs, Side.CONFLICT, merge_lists(base, mine, theirs))
    return FieldMerge(path, base, mine, theirs, Side.CONFLICT, mine, is_clean=False)


def merge_lists(base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    """Mine without what they took out, then what they added; each part once."""
    taken_out = set(base) - set(theirs)
    added = [part for part in theirs if part not in base]
    return tuple(dict.fromkeys([part for part in mine if part not in taken_out] + added))
