"""Two people changed one profile: what each did, and what both together make. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of, with_values


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
            in one text as far as they can be (`merge_texts`), else mine.
    """

    path: str
    base: Any
    mine: Any
    theirs: Any
    side: Side
    merged: Any


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
        """Those that need a decision."""
        return tuple(field for field in self.fields if field.side is Side.CONFLICT)

    def result(self, decided: dict[str, Any] | None = None) -> ProfileContent:
        """The merged profile; `decided` has values that take the place of `merged`, by path."""
        values = {field.path: field.merged for field in self.fields} | (decided or {})
        return with_values(self.mine, values)


def merge(base: ProfileContent, mine: ProfileContent, theirs: ProfileContent) -> Merge:
    """Three-way merge, field by field."""
    old, own, other = fields_of(base), fields_of(mine), fields_of(theirs)
    return Merge(mine, tuple(_field(path, old[path], own[path], other[path]) for path in own))


def _field(path: str, base: Any, mine: Any, theirs: Any) -> FieldMerge:
    if mine == theirs:
        side = Side.NOBODY if mine == base else Side.BOTH_ALIKE
        return FieldMerge(path, base, mine, theirs, side, mine)
    if mine == base:
        return FieldMerge(path, base, mine, theirs, Side.THEIRS, theirs)
    if theirs == base:
        return FieldMerge(path, base, mine, theirs, Side.MINE, mine)
    return FieldMerge(path, base, mine, theirs, Side.CONFLICT, mine)
