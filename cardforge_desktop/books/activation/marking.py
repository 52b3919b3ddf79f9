"""What of a chat woke entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from cardforge_desktop.books.activation.buffer import Buffer
from cardforge_desktop.books.activation.model import Fired, Mark
from cardforge_desktop.books.activation.reading import ScanEntry
from cardforge_desktop.cards.js_expressions import GivenUpError
from cardforge_desktop.cards.key_matching import Key

#: Of one key, and of all.
_MOST_OF_KEY, _MOST = 50, 2_000


def marks_of(
    entries: Sequence[ScanEntry],
    fired: Mapping[int, Fired],
    keys: Mapping[int, Sequence[Key]],
    buffer: Buffer,
    depth: int,
) -> tuple[Mark, ...]:
    """Every place of the keys that woke entries, in the messages that were searched for them."""

    def found() -> Iterator[Mark]:
        for entry in entries:
            if entry.index in fired:
                reach = depth if entry.scan_depth is None else int(entry.scan_depth)
                for key in keys.get(entry.index, ()):
                    yield from islice(_of_key(entry.index, key, buffer, reach), _MOST_OF_KEY)

    return tuple(islice(found(), _MOST))


def _of_key(index: int, key: Key, buffer: Buffer, depth: int) -> Iterator[Mark]:
    try:
        for place in buffer.all_in_chat(key, depth):
            if place.end > place.start:
                yield Mark(place.message, place.start, place.end, index, place.in_name)
    except GivenUpError:
        return
