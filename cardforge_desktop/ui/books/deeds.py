"""What was done to books and can be taken back or done again. No Qt here."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardforge_desktop.books.model import Step

Way = Literal["do", "undo", "redo"]

_MOST_STEPS = 500
_FREED_AT_ONCE = 500
#: Entries that all ways back hold together: some gigabytes else, after a few changes of a large book.
_MOST_ENTRIES = 200_000
#: Seconds within which typing in one field is one step of undo, and the longest such step.
_ONE_STEP, _LONGEST_STEP = 1.5, 10.0


@dataclass(frozen=True, slots=True)
class Deed:
    """One step of undo or redo.

    Attributes:
        text: what was done, for menus: “Delete 3 entries”.
        steps: what takes it back.
        typed: the field that was typed in, "" for anything else.
        begun: seconds on a clock that only goes forward.
        book_id: the book that was open.
    """

    text: str
    steps: tuple[Step, ...]
    typed: str
    begun: float
    book_id: str

    @property
    def entries(self) -> int:
        """How many entries it holds."""
        from cardforge_desktop.books.model import Put

        return sum(len(step.entries) for step in self.steps if isinstance(step, Put))


class Deeds:
    """Two rows of deeds, the newest last: those to take back, and those taken back."""

    def __init__(self) -> None:
        self._undo: list[Deed] = []
        self._redo: list[Deed] = []
        self._typed_at = float("-inf")

    def next(self, way: Way) -> Deed | None:
        """What `undo` or `redo` would do now."""
        deeds = self._redo if way == "redo" else self._undo
        return deeds[-1] if deeds else None

    def note(self, way: Way, deed: Deed) -> list[Deed]:
        """It was done, by one of the three ways; `deed` takes it back. Returns those that are forgotten."""
        gone: list[Deed] = []
        if way == "undo":
            gone.append(self._undo.pop())
            self._redo.append(deed)
        elif way == "redo":
            gone.append(self._redo.pop())
            self._undo.append(deed)
        else:
            gone += self._redo
            self._redo.clear()
            if not self._continues(deed):
                self._undo.append(deed)
        self._typed_at = deed.begun if deed.typed and way == "do" else float("-inf")
        return gone + self._forget_oldest()

    def drop(self, way: Way) -> None:
        """What `undo` or `redo` would do can never be done again."""
        (self._redo if way == "redo" else self._undo).pop()

    def _continues(self, deed: Deed) -> bool:
        """Whether it goes on with what was typed just before: the older way back leads back before both."""
        if not self._undo or not deed.typed:
            return False
        last = self._undo[-1]
        return (
            last.typed == deed.typed
            and deed.begun - self._typed_at < _ONE_STEP
            and deed.begun - last.begun < _LONGEST_STEP
        )

    def _forget_oldest(self) -> list[Deed]:
        """The last deed stays, however large it is."""
        entries, kept = 0, 0
        for deed in reversed(self._undo):
            entries += deed.entries
            if kept and (entries > _MOST_ENTRIES or kept == _MOST_STEPS):
                break
            kept += 1
        gone = self._undo[: len(self._undo) - kept]
        del self._undo[: len(gone)]
        return gone


def let_go(things: list[Any]) -> None:
    """Free many things in parts: to free 50,000 entries in one go stops all threads for half a second."""
    while things:
        del things[-_FREED_AT_ONCE:]
        time.sleep(0)


def changed_fields(steps: Sequence[Step], undo: Sequence[Step]) -> frozenset[str]:
    """Names of the fields of an entry that `steps` changed; none where they did more, or something else."""
    from cardforge_desktop.books.entry_fields import FIELDS
    from cardforge_desktop.books.model import Put

    if len(steps) != 1 or len(undo) != 1:
        return frozenset()
    now, before = steps[0], undo[0]
    if not (isinstance(now, Put) and isinstance(before, Put)) or len(now.entries) != 1:
        return frozenset()
    if [state.id for state in now.entries] != [state.id for state in before.entries]:
        return frozenset()
    one, other = now.entries[0].entry, before.entries[0].entry
    return frozenset(name for name, field in FIELDS.items() if field.read(one) != field.read(other))
