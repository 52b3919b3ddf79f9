"""Undo and redo of a whole value, a card or a profile: one row of steps for all its fields. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST_STEPS = 500
#: Seconds within which typing in one field is one step.
_ONE_STEP = 1.5
#: Seconds after which a new step begins, though nobody paused: undo must not take minutes of work.
_LONGEST_STEP = 10.0


@dataclass(frozen=True, slots=True)
class State(Generic[T]):
    """The value at one moment and the path of the field that was changed to get there."""

    value: T
    field: str


class EditHistory(Generic[T]):
    """States of what is under edit, the newest last, and a place among them."""

    def __init__(self, value: T) -> None:
        self._states = [State(value, "")]
        self._at = 0
        self._typed_at = self._begun_at = float("-inf")

    @property
    def value(self) -> T:
        """It as it stands."""
        return self._states[self._at].value

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was undone and not typed over."""
        return self._at < len(self._states) - 1

    def push(self, value: T, field: str, time: float, *, typed: bool = False) -> None:
        """A new state; `typed` ones in one field shortly after each other are one step.

        Args:
            field: path of what changed, "" for several at once.
            time: seconds on any clock that only goes forward.
        """
        del self._states[self._at + 1 :]
        newest = self._states[-1]
        is_same = typed and self._at > 0 and newest.field == field
        if is_same and time - self._typed_at < _ONE_STEP and time - self._begun_at < _LONGEST_STEP:
            self._states[-1] = State(value, field)
        else:
            self._begun_at = time
            self._states.append(State(value, field))
            del self._states[: max(0, len(self._states) - _MOST_STEPS)]
        self._at = len(self._states) - 1
        self._typed_at = time if typed else float("-inf")

    def undo(self) -> State[T] | None:
        """Back to the state before; its `field` is the one that changes by it. None at the beginning."""
        if not self.can_undo:
            return None
        undone = self._states[self._at].field
        self._at -= 1
        self._typed_at = float("-inf")
        return State(self.value, undone)

    def redo(self) -> State[T] | None:
        """Forward again; None at the end."""
        if not self.can_redo:
            return None
        self._at += 1
        self._typed_at = float("-inf")
        return self._states[self._at]
