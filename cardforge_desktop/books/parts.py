"""Large changes in parts: each is a whole change in a transaction of its own, between which others write.

What is asked for is done whole or not at all as long as this process lives: where a part is refused, or the
change is cancelled, the parts before it are taken back. A crash leaves the parts that were done.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from sqlalchemy import select
from sqlmodel import Session

from cardforge_desktop.books.card_books import put_back
from cardforge_desktop.books.errors import ChangeCancelledError
from cardforge_desktop.books.model import Change, Place, Put, Remove, Step
from cardforge_desktop.books.rows import BOOK, ENTRY, book_row, revise, slices
from cardforge_desktop.books.steps import check_versions, do, prepare
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.types import now

_log = logging.getLogger(__name__)
#: Entries of one part: some 0.06 s; on a machine with much else to do up to ten times that.
PART = 250


@dataclass(frozen=True, slots=True)
class Watch:
    """How a long change is followed.

    Attributes:
        told: of how many entries out of how many are done; goes down while it is taken back.
        cancelled: looked at between the parts.
    """

    told: Callable[[int, int], None] = field(default=lambda _done, _of: None)
    cancelled: threading.Event = field(default_factory=threading.Event)


def size(steps: Sequence[Step]) -> int:
    """How many entries steps put, take away and place."""
    return sum(map(_size, steps))


def in_parts(steps: Sequence[Step], most: int = PART) -> Iterator[tuple[Step, ...]]:
    """The same steps in the same order, taken apart where they have more than `most` entries."""
    part: list[Step] = []
    room = most
    for step in steps:
        for piece in _pieces(step, room, most):
            if part and _size(piece) > room:
                yield tuple(part)
                part, room = [], most
            part.append(piece)
            room -= _size(piece)
    if part:
        yield tuple(part)


class PartByPart:
    """One change of books that stand by themselves, on its way."""

    def __init__(
        self,
        store: Store,
        library: CardLibrary,
        steps: Sequence[Step],
        expected: Mapping[str, int],
        watch: Watch,
    ) -> None:
        self._store, self._library, self._watch = store, library, watch
        self._steps, self._expected = steps, expected
        self._size, self._done = size(steps), 0
        self._undo: list[tuple[Step, ...]] = []  # of each part that was done
        self._touched: set[str] = set()
        self._versions: dict[str, int] = {}
        self._revisions: dict[str, int] = {}

    @property
    def books(self) -> frozenset[str]:
        """Ids of the books that were changed so far."""
        return frozenset(self._revisions)

    def carry_out(self) -> Change:
        """Do it.

        Raises:
            BookError: BOOK_NOT_FOUND, BOOK_CHANGED: all is as it was.
            ChangeCancelledError: likewise, but for the versions.
        """
        with self._store.read() as session:  # most of what is refused is so before anything is done
            check_versions(session, self._expected)
            for book_id in {step.book_id for step in self._steps}:
                book_row(session, book_id)
        try:
            for part in in_parts(self._steps):
                if self._watch.cancelled.is_set():
                    raise ChangeCancelledError(self._versions)
                self._undo.append(self._do(part, self._known(part)))
                self._tell(size(part))
        except Exception:
            self._take_all_back()
            raise
        with self._store.write():  # from now on all parts are on the disk
            pass
        undo = tuple(step for part in reversed(self._undo) for step in part)
        return Change(undo, self._versions, self._revisions)

    def _known(self, part: Sequence[Step]) -> dict[str, int]:
        """The versions that the entries of a part must have; those that earlier parts made count as well."""
        ids = _ids(part)
        known = {each: self._versions[each] for each in ids if each in self._versions}
        untouched = (each for each in ids if each not in self._touched and each in self._expected)
        return known | {each: self._expected[each] for each in untouched}

    def _do(self, part: Sequence[Step], expected: Mapping[str, int]) -> tuple[Step, ...]:
        """Do a part; returns what takes it back."""
        ready, time = prepare(part), now()
        with self._store.write(lasting=False) as session:
            check_versions(session, expected)
            done = do(session, ready, time)
            revisions = {book_id: revise(session, number, time) for book_id, number in done.books.items()}
            # None of them is a card's, unless somebody moved an entry there meanwhile.
            put_back(session, self._library, done.books.values())
            versions = versions_of(session, done.put)
        self._revisions.update(revisions)
        for each in _ids(part):
            self._touched.add(each)
            self._versions.pop(each, None)
        self._versions.update(versions)
        return tuple(done.undo)

    def _take_all_back(self) -> None:
        """What somebody else changed after its part was done stays as they made it."""
        while self._undo:
            for part in in_parts(self._undo.pop()):
                try:
                    self._do(self._still_ours(part), {})
                except CardForgeError:  # the disk is full, or the book was deleted
                    _log.exception("a part of a change could not be taken back")
                self._tell(-size(part))

    def _still_ours(self, part: Sequence[Step]) -> list[Step]:
        with self._store.read() as session:
            there = versions_of(session, _ids(part))
        ours = {each for each in _ids(part) if there.get(each) == self._versions.get(each)}
        return [_only(step, ours) for step in part]

    def _tell(self, entries: int) -> None:
        self._done += entries
        self._watch.told(max(0, self._done), self._size)


def are_of_cards(session: Session, steps: Sequence[Step]) -> bool:
    """Whether steps change a book that is kept in a card, be it that an entry leaves it."""
    kept = select(BOOK.c.number).where(BOOK.c.card_id.is_not(None))
    books = {step.book_id for step in steps}
    if session.execute(kept.where(BOOK.c.id.in_(books)).limit(1)).first() is not None:
        return True
    leaving = select(ENTRY.c.id).where(ENTRY.c.book.in_(kept)).limit(1)
    each = (leaving.where(ENTRY.c.id.in_(some)) for some in slices(_ids(steps)))
    return any(session.execute(wanted).first() is not None for wanted in each)


def versions_of(session: Session, ids: Collection[str]) -> dict[str, int]:
    """The versions that entries have; none for those that are not there."""
    found: dict[str, int] = {}
    for some in slices(ids):
        wanted = select(ENTRY.c.id, ENTRY.c.version).where(ENTRY.c.id.in_(some))
        found.update((row[0], row[1]) for row in session.execute(wanted))
    return found


def _size(step: Step) -> int:
    match step:
        case Put():
            return len(step.entries)
        case Remove():
            return len(step.ids)
        case Place():
            return len(step.places)
        case _:
            return 0


def _pieces(step: Step, room: int, most: int) -> Iterator[Step]:
    """A step in pieces, the first of which fits into what is left of a part if any of it does."""
    if _size(step) <= most:
        yield step
        return
    first = room or most
    bounds = [0, *range(first, _size(step), most), _size(step)]
    for start, end in pairwise(bounds):
        match step:
            case Put():
                yield Put(step.book_id, step.entries[start:end])
            case Remove():
                yield Remove(step.book_id, step.ids[start:end])
            case Place():
                yield Place(step.book_id, dict(islice(step.places.items(), start, end)))


def _ids(steps: Sequence[Step]) -> list[str]:
    """Ids of the entries that steps put or take away."""
    ids: list[str] = []
    for step in steps:
        match step:
            case Put():
                ids += (state.id for state in step.entries)
            case Remove():
                ids += step.ids
    return ids


def _only(step: Step, ids: Collection[str]) -> Step:
    match step:
        case Put():
            return Put(step.book_id, tuple(state for state in step.entries if state.id in ids))
        case Remove():
            return Remove(step.book_id, tuple(each for each in step.ids if each in ids))
        case _:
            return step
