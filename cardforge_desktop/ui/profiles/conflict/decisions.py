"""What a person decided of two changed profiles, and the profile that makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from cardforge_desktop.profiles.merging import FieldMerge, Merge, Side, merge
from cardforge_desktop.profiles.model import ProfileContent


class Way(StrEnum):
    """What becomes of a field."""

    MINE = "mine"
    THEIRS = "theirs"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Decisions:
    """The three contents and what was decided; every change gives another one.

    Attributes:
        base: what both started from.
        mine: what this person wrote.
        theirs: the newest version.
        merge: the three, field by field.
        ways: what was decided, by path.
        edits: values that were written here, by path; kept when another way is taken, so that coming back
            to `Way.EDITED` loses nothing.
    """

    base: ProfileContent
    mine: ProfileContent
    theirs: ProfileContent
    merge: Merge
    ways: Mapping[str, Way] = field(default_factory=dict)
    edits: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def between(
        cls,
        base: ProfileContent,
        mine: ProfileContent,
        theirs: ProfileContent,
        before: Decisions | None = None,
    ) -> Decisions:
        """What only one side changed is merged, and nothing decided yet.

        Args:
            before: what was decided of the same changes earlier, and left: taken up where it still holds.
        """
        if before is not None and (before.base, before.mine) == (base, mine):
            return before.against(theirs)
        return cls(base, mine, theirs, merge(base, mine, theirs))

    @property
    def undecided(self) -> tuple[str, ...]:
        """Paths of the conflicts that nothing was decided of, in the order of a form."""
        return tuple(each.path for each in self.merge.conflicts if each.path not in self.ways)

    @property
    def result(self) -> ProfileContent:
        """The merged profile; of an undecided field what `FieldMerge.merged` proposes."""
        return self.merge.result({path: self.value_of(path) for path in self.ways})

    def field(self, path: str) -> FieldMerge:
        """The field at a path.

        Raises:
            KeyError: there is none.
        """
        found = next((each for each in self.merge.fields if each.path == path), None)
        if found is None:
            raise KeyError(path)
        return found

    def way_of(self, path: str) -> Way | None:
        """What becomes of a field, decided or merged by itself; None = still to be decided."""
        if path in self.ways:
            return self.ways[path]
        side = self.field(path).side
        if side is Side.CONFLICT:
            return None
        return Way.MINE if side is Side.MINE else Way.THEIRS

    def value_of(self, path: str) -> Any:
        """The value of a field in the result."""
        each, way = self.field(path), self.ways.get(path)
        if way is Way.EDITED:
            return self.edits[path]
        if way is None:
            return each.merged
        return each.mine if way is Way.MINE else each.theirs

    def draft_of(self, path: str) -> Any:
        """What editing a field starts from: what was written here before, else the proposed merge."""
        return self.edits[path] if path in self.edits else self.field(path).merged

    def take(self, path: str, way: Way) -> Decisions:
        """Decide a field; `Way.EDITED` takes its draft."""
        edits = self.edits
        if way is Way.EDITED:
            edits = {**edits, path: self.draft_of(path)}
        return replace(self, ways={**self.ways, path: way}, edits=edits)

    def write(self, path: str, value: Any) -> Decisions:
        """Decide a field by a value of its own."""
        return replace(self, ways={**self.ways, path: Way.EDITED}, edits={**self.edits, path: value})

    def against(self, newer: ProfileContent) -> Decisions:
        """The same with a version that came meanwhile as theirs.

        A decision stays where their value is the one it was made against. Texts that were written here
        stay all the same, to be taken up again.
        """
        if newer == self.theirs:
            return self
        again = merge(self.base, self.mine, newer, self.merge)
        before = {each.path: each.theirs for each in self.merge.fields}
        unchanged = {each.path for each in again.fields if each.theirs == before[each.path]}
        ways = {path: way for path, way in self.ways.items() if path in unchanged}
        return replace(self, theirs=newer, merge=again, ways=ways)

    def reopened_by(self, newer: ProfileContent) -> tuple[str, ...]:
        """Paths whose decision `against(newer)` takes back, as their value is another one now."""
        kept = self.against(newer).ways
        return tuple(path for path in self.ways if path not in kept)
