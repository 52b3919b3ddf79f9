"""Entries that stay for some messages, or rest for some, known from the turns of the chat.

Source: SillyTavern 1.18.0, public/scripts/world-info.js, `WorldInfoTimedEffects`. SillyTavern writes down at
each reply what fired; a pasted chat has no such notes, so each of its turns is scanned in order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from cardforge_desktop.books.activation.model import Message
from cardforge_desktop.books.activation.reading import ScanEntry

#: Turns that are looked back on: no more than that many scans.
MOST_TURNS = 40


@dataclass(frozen=True, slots=True)
class Running:
    """Indices of the entries that stay and that rest at a turn, with the length of chat that ends it."""

    sticky: dict[int, int]
    cooldown: dict[int, int]


NOTHING_RUNS = Running({}, {})


@dataclass(frozen=True, slots=True)
class _Effect:
    start: int
    end: int
    protected: bool = False


class Effects:
    """What runs, from turn to turn."""

    def __init__(self, entries: Sequence[ScanEntry]) -> None:
        self._entries = {entry.index: entry for entry in entries if entry.sticky or entry.cooldown}
        self._sticky: dict[int, _Effect] = {}
        self._cooldown: dict[int, _Effect] = {}

    @staticmethod
    def turns(chat: Sequence[Message], user: str) -> Iterator[int]:
        """Lengths of the chat at which a reply was made: what follows is not by the user."""
        lengths = [at for at in range(1, len(chat)) if not user or chat[at].name != user]
        yield from lengths[-MOST_TURNS:]

    def note(self, length: int, fired: Collection[int]) -> None:
        """These fired at a turn, whatever the dice said; what runs already goes on as it is."""
        for index in fired:
            entry = self._entries.get(index)
            if entry is not None and entry.sticky:
                self._sticky.setdefault(index, _Effect(length, length + int(entry.sticky)))
            if entry is not None and entry.cooldown:
                self._cooldown.setdefault(index, _Effect(length, length + int(entry.cooldown)))

    def at(self, length: int) -> Running:
        """What runs when the chat has `length` messages. What has ended begins anew only when it fires."""
        for index in self._ended(self._sticky, length):
            cooldown = self._entries[index].cooldown
            if cooldown:  # resting begins when staying ends
                self._cooldown[index] = _Effect(length, length + int(cooldown), protected=True)
        self._ended(self._cooldown, length)
        return Running(
            {index: effect.end for index, effect in self._sticky.items()},
            {index: effect.end for index, effect in self._cooldown.items()},
        )

    def _ended(self, effects: dict[int, _Effect], length: int) -> list[int]:
        """Take out what is over, and what the chat has not gone on since; tells what is over."""
        over = [index for index, effect in effects.items() if length >= effect.end]
        still = [i for i, each in effects.items() if length <= each.start and not each.protected]
        for index in {*over, *still}:
            del effects[index]
        return over
