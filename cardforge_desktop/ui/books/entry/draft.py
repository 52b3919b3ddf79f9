"""One entry under edit: as it is stored, what is written over it, and how that comes to the store."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.books.entry_fields import FIELDS
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.books.entry.words import deed_text

if TYPE_CHECKING:
    from cardforge_desktop.books.model import Change, Entry
    from cardforge_desktop.cards.model import BookEntry
    from cardforge_desktop.ui.books.session import BookSession

#: What is typed waits so long to be stored, from the first letter on.
HELD_MS = 500


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why what is written is not stored.

    Attributes:
        kind: ``changed``: somebody else changed the same field meanwhile; ``gone``: the entry was deleted;
            ``failed``: the store refused, see `error`.
        theirs: the entry as somebody else left it, None where it is gone or unchanged.
    """

    kind: str
    theirs: Entry | None = None
    error: CardForgeError | None = None


@dataclass(slots=True)
class _Sent:
    """What is on its way to the store: these fields, with which the entry is so."""

    fields: dict[str, Any]
    entry: BookEntry = field(repr=False)


class EntryDraft(QObject):
    """Holds what is written until the store has it; nothing of it is dropped unless a person says so.

    Others' changes of other fields are taken in; of a field that is being written, one is asked (`trouble`).
    Window's thread; no widgets, and nothing is read here: `refresh` is told how the entry is stored.

    Signals:
        changed(object): frozenset of the names of fields that are others now than they were shown, not by
            being written themselves.
        edited(): something was written.
        troubled(): `trouble` is another.
        settled(): all that was written is stored.
    """

    changed = Signal(object)
    edited = Signal()
    troubled = Signal()
    settled = Signal()

    def __init__(self, session: BookSession, stored: Entry, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._stored = stored
        self._entry = stored.entry
        self._pending: dict[str, Any] = {}
        self._sent: deque[_Sent] = deque()
        self._error: CardForgeError | None = None
        self._is_due = False
        self.trouble: Trouble | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(HELD_MS)
        self._timer.timeout.connect(self._on_time)

    @property
    def id(self) -> str:
        """The entry's."""
        return self._stored.id

    @property
    def stored(self) -> Entry:
        """The entry as it is in the store, as far as is known."""
        return self._stored

    @property
    def entry(self) -> BookEntry:
        """The entry as it is written."""
        return self._entry

    @property
    def written(self) -> Mapping[str, Any]:
        """The fields that were written and are not on their way to the store."""
        return dict(self._pending)

    @property
    def is_settled(self) -> bool:
        """Whether all that was written is stored."""
        return not self._pending and not self._sent

    def value(self, name: str) -> Any:
        """What a field of `entry_fields.FIELDS` says now."""
        return FIELDS[name].read(self._entry)

    def write(self, name: str, value: Any, *, typed: bool = False) -> None:
        """A person wrote this into a field; `typed`: letter by letter, so that it may wait a little."""
        written = FIELDS[name].write(self._entry, value)
        if written is self._entry:
            return
        if any(other != name for other in self._pending):
            self.flush()  # each field is a step of undo of its own
        before, self._entry = self._entry, written
        self._pending[name] = value
        others = _differing(before, written) - {name}
        if others:
            self.changed.emit(others)
        self.edited.emit()
        if not typed:
            self.flush(typed=False)
        elif not self._timer.isActive():
            self._timer.start()

    def flush(self, *, typed: bool = True) -> None:
        """Have the store asked for all that is written, in the order of what else is asked of the session."""
        from cardforge_desktop.books.model import EntryState, Put

        self._timer.stop()
        self._is_due = False
        if not self._pending or (self.trouble is not None and self.trouble.kind != "failed"):
            return
        fields, self._pending = self._pending, {}
        sent = _Sent(fields, self._entry)
        name, stored = next(reversed(fields)), self._stored
        self._sent.append(sent)
        self._session.do(
            deed_text(name),
            [Put(stored.book_id, (EntryState(stored.id, sent.entry),))],
            typed=f"{stored.id}:{name}" if typed else "",
            expected={stored.id: stored.version},
            heard=self._hear,
        )

    def refresh(self, stored: Entry | None) -> None:
        """The entry is stored so, None = it is no more."""
        if self._sent or (stored is not None and stored.version < self._stored.version):
            return  # read before the store had what is on its way: it will be told again
        if stored is None:
            if self._pending:
                self._set_trouble(Trouble("gone"))
        elif stored.version > self._stored.version:
            self._take_over(stored)
        elif self._error is not None:
            self._set_trouble(Trouble("failed", error=self._error))
        self._error = None

    def keep_mine(self) -> None:
        """Store what is written over what somebody else wrote; of a deleted entry, bring it back."""
        trouble = self.trouble
        if trouble is None:
            return
        self._set_trouble(None)
        if trouble.theirs is not None:
            self._show(trouble.theirs, self._pending)
        if trouble.kind == "gone":
            self._bring_back()
        else:
            self.flush(typed=False)

    def show_theirs(self) -> None:
        """Drop what is written for what somebody else wrote."""
        trouble = self.trouble
        if trouble is not None:
            self._timer.stop()
            self._pending = {}
            self._show(trouble.theirs or self._stored, {})
            self._set_trouble(None)
            self.settled.emit()

    # The store

    def _hear(self, answer: Change | CardForgeError) -> None:
        if not shiboken6.isValid(self):  # the window is gone; what was asked for is stored all the same
            return
        sent = self._sent.popleft()
        if isinstance(answer, CardForgeError):
            later = {name for each in self._sent for name in each.fields} | set(self._pending)
            back = {name: value for name, value in sent.fields.items() if name not in later}
            self._pending = {**back, **self._pending}
            self._error = answer
        else:
            version = answer.versions.get(self.id, self._stored.version)
            self._stored = replace(self._stored, entry=sent.entry, version=version)
            self._error = None
            self._set_trouble(None)
        if self._sent:
            return
        if self._is_due and self._error is None:
            self.flush()
        if self.is_settled:
            self.settled.emit()

    def _bring_back(self) -> None:
        from cardforge_desktop.books.model import EntryState, Put

        fields, self._pending = self._pending, {}
        stored, entry = self._stored, self._entry
        self._sent.append(_Sent(fields, entry))
        back = Put(stored.book_id, (EntryState(stored.id, entry, stored.place),))
        self._session.do(self.tr("Bring an entry back"), [back], heard=self._hear)

    def _take_over(self, theirs: Entry) -> None:
        """Somebody else's change: beside what is written here, or in the way of it."""
        clashing = [
            name
            for name, value in self._pending.items()
            if (new := FIELDS[name].read(theirs.entry)) != FIELDS[name].read(self._stored.entry)
            and new != value
        ]
        if clashing:
            self._set_trouble(Trouble("changed", theirs, self._error))
            return
        self._show(theirs, self._pending)
        self._set_trouble(None)
        if self._pending and not self._timer.isActive():
            self._timer.start()

    def _show(self, stored: Entry, written: Mapping[str, Any]) -> None:
        before = self._entry
        self._stored, self._entry = stored, stored.entry
        for name, value in written.items():
            self._entry = FIELDS[name].write(self._entry, value)
        if differing := _differing(before, self._entry):
            self.changed.emit(differing)

    def _set_trouble(self, trouble: Trouble | None) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self.troubled.emit()

    @Slot()
    def _on_time(self) -> None:
        if self._sent:  # a slow store: what is typed meanwhile goes in one
            self._is_due = True
        else:
            self.flush()


def _differing(one: BookEntry, other: BookEntry) -> frozenset[str]:
    reads: Mapping[str, Callable[[BookEntry], Any]] = {name: each.read for name, each in FIELDS.items()}
    return frozenset(name for name, read in reads.items() if read(one) != read(other))
