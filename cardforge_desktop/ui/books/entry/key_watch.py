"""What the keys of the shown entry meet in the other entries of its book, worked out on workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced

if TYPE_CHECKING:
    from cardforge_desktop.books.keys import KeyIndex, KeyStanding
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_EVERY_MS = 250
#: Entries from which on the index of a book is made while nobody does anything: it takes a second of Python.
_MANY = 2_000
#: Without an answer from any worker, so long; and so often it may be put off.
_REST_MS, _MOST_WAITS = 600, 30
#: Entries that are taken in before other threads get their turn: a millisecond.
_SLICE = 100
#: Seconds between looks whether somebody still types.
_LOOK = 0.05


class _Kept:
    """The index of one book, kept until its entries change. Used on one worker at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held_till = 0.0
        self._book_id = ""
        self._index: KeyIndex | None = None

    def hold(self) -> None:
        """Somebody types: an index that is being made waits, for the list wants every key at once."""
        self._held_till = time.monotonic() + _REST_MS / 1000

    def standings(
        self, ws: Workspace, book_id: str, stale: Collection[str] | None, asked: tuple[str, tuple[str, ...]]
    ) -> Mapping[str, KeyStanding]:
        """What each of the keys meets; `stale`: entries that changed since the last time, None for any."""
        entry_id, keys = asked
        with self._lock:
            if self._index is None or stale is None or book_id != self._book_id:
                from cardforge_desktop.books.keys import KeyIndex

                self._book_id, self._index = book_id, KeyIndex()
                for at, entry in enumerate(ws.books.keyed_entries(book_id)):
                    self._index.put(entry)
                    if at % _SLICE == _SLICE - 1:
                        time.sleep(0.001)
                        while time.monotonic() < self._held_till:
                            time.sleep(_LOOK)
            elif stale:
                self._renew(ws, stale)
            return {key: self._index.standing(key, entry_id) for key in keys}

    def _renew(self, ws: Workspace, stale: Collection[str]) -> None:
        from cardforge_desktop.books.keys import KeyedEntry
        from cardforge_desktop.cards.book_fields import title_of

        there = {entry.id: entry for entry in ws.books.some_entries(stale)}
        for entry_id in stale:
            found = there.get(entry_id)
            if self._index is None:
                return
            if found is None:
                self._index.drop(entry_id)
            else:
                keys = tuple(found.entry.keys)
                self._index.put(KeyedEntry(entry_id, title_of(found.entry), keys))


class KeyWatch(QObject):
    """Answers what keys meet in the open book. Window's thread.

    The index is made once for a book, changed entry by entry, and made anew only when entries come or go;
    of a large book while nothing else is done, for the list has to keep up with who types in the search.

    Signals:
        found(object): (id of the entry, mapping of key to `KeyStanding`).
    """

    found = Signal(object)

    def __init__(self, services: Services, session: BookSession, parent: QObject) -> None:
        super().__init__(parent)
        self._background, self._session = services.background, session
        self._kept = _Kept()
        self._stale: set[str] | None = None
        self._asked: tuple[str, tuple[str, ...]] | None = None
        self._paced = Paced(services.background, _EVERY_MS, self._look)
        self._rest, self._waits = QTimer(self, singleShot=True, interval=_REST_MS), 0
        self._rest.timeout.connect(self._paced.ask)
        services.background.answered.connect(self._put_off)
        session.sought.connect(self._hold)
        session.opened.connect(lambda: self._on_changed(frozenset()))
        session.entries_changed.connect(self._on_changed)

    def ask(self, entry_id: str, keys: Collection[str]) -> None:
        """What do these keys of an entry meet? `found` answers the newest question."""
        self._asked = (entry_id, tuple(dict.fromkeys(keys)))
        self._ask()

    def forget(self) -> None:
        """Nothing is asked any more."""
        self._asked = None

    @Slot(object)
    def _on_changed(self, ids: frozenset[str]) -> None:
        if not ids or self._stale is None:
            self._stale = None
        else:
            self._stale |= ids
        # An entry's own keys do not matter to what they meet.
        if self._asked is not None and ids != {self._asked[0]}:
            self._ask()

    def _ask(self) -> None:
        book = self._session.book
        if self._stale is None and book is not None and book.summary.entries >= _MANY:
            self._waits = 0
            self._rest.start()
        else:
            self._paced.ask()

    @Slot()
    def _hold(self) -> None:
        self._kept.hold()
        if self._rest.isActive():
            self._waits = 0
            self._rest.start()

    @Slot()
    def _put_off(self) -> None:
        if self._rest.isActive() and self._waits < _MOST_WAITS:
            self._waits += 1
            self._rest.start()

    async def _look(self) -> None:
        asked, book_id, stale, kept = self._asked, self._session.book_id, self._stale, self._kept
        if asked is None or not book_id:
            return
        self._stale = set()
        try:
            standings = await self._background.call(lambda ws: kept.standings(ws, book_id, stale, asked))
        except CardForgeError:  # the book is gone, which others tell
            self._stale = None
            return
        if shiboken6.isValid(self) and asked == self._asked:
            self.found.emit((asked[0], standings))
