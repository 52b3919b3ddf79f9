"""The open book under a person's hands: undo across books, typing, others who change it, closing."""

from __future__ import annotations

import threading
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from cardforge_desktop.books.model import EntryState, Put, Remove, SetHead
from cardforge_desktop.books.parts import PART
from cardforge_desktop.books.service import Books
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui.books.deeds import Deed, Deeds
from cardforge_desktop.ui.books.session import BookSession
from cardforge_desktop.ui.books.wishes import Plan
from cardforge_desktop.ui.library.progress_strip import ProgressStrip
from cardforge_desktop.workspace import Workspace
from tests.books.shelves import book_of
from tests.support.window import Running

if TYPE_CHECKING:
    from cardforge_desktop.ui.books.session import Outcome, Working


class Desk:
    """A session of its own on a real workspace, and what it said."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.books: Books = running.workspace.books
        self.session = BookSession(running.session.services, running.window)
        self.told: list[Any] = []
        self.failures: list[CardForgeError] = []
        self.session.entries_changed.connect(self.told.append)
        self.session.failed.connect(self.failures.append)

    def open(self, book_id: str) -> None:
        self.session.open(book_id)
        self.running.until(lambda: self.is_open(book_id))

    def is_open(self, book_id: str) -> bool:
        return self.session.book is not None and self.session.book.id == book_id

    def settle(self) -> None:
        self.running.until(lambda: not self.session.is_busy)

    def content(self, entry_id: str) -> str:
        return self.books.some_entries([entry_id])[0].entry.content

    def type(self, book_id: str, entry_id: str, content: str, version: int = 1) -> None:
        put = Put(book_id, (EntryState(entry_id, BookEntry(name="Mill", content=content)),))
        self.session.do("Type", [put], typed=f"{entry_id}:content", expected={entry_id: version})


@pytest.fixture
def desk(run_window: Callable[..., Running]) -> Desk:
    return Desk(run_window())


def test_undo_leads_back_through_all_books(desk: Desk) -> None:
    """Typing is one step, each deed in the book it was done in, and the book is shown again."""
    session = desk.session
    one, two = (desk.books.create(book_of("Mill", "Tarn", name=name)) for name in ("One", "Two"))
    mill, tarn = (entry.id for entry in desk.books.entries(one.id))
    other = desk.books.entries(two.id)[0].id
    before = {book.id: desk.books.whole(book.id) for book in (one, two)}
    wanted: list[str] = []
    session.book_wanted.connect(wanted.append)
    session.book_wanted.connect(session.open)
    desk.open(one.id)
    for text in ("A", "A m", "A mill"):
        desk.type(one.id, mill, text)
    session.do("Delete", [Remove(one.id, (tarn,))])
    session.open(two.id)  # while both are still on their way
    desk.settle()
    assert session.undo_text == "Delete"
    session.plan(lambda ws: _emptied(ws, other))
    desk.settle()
    assert desk.content(other) == ""
    for text, at in (("Empty", two.id), ("Delete", one.id), ("Type", one.id)):
        assert session.undo_text == text
        session.undo()
        desk.settle()
        desk.running.until(partial(desk.is_open, at))
    assert session.undo_text == ""
    assert {book.id: desk.books.whole(book.id) for book in (one, two)} == before
    assert wanted == [one.id]
    for _ in range(3):
        session.redo()
        desk.settle()
    assert (desk.content(mill), desk.content(other)) == ("A mill", "")
    assert desk.failures == []


def _emptied(ws: Workspace, entry_id: str) -> Plan:
    entry = ws.books.some_entries([entry_id])[0]
    state = EntryState(entry_id, entry.entry.model_copy(update={"content": ""}))
    return Plan("Empty", (Put(entry.book_id, (state,)),), {entry_id: entry.version})


def test_a_plan_reads_what_was_typed_before_it(desk: Desk) -> None:
    """It works with what is stored by then, and with nothing to do nothing is done."""
    session = desk.session
    book = desk.books.create(book_of("Mill"))
    mill = desk.books.entries(book.id)[0].id
    desk.open(book.id)
    read: list[str] = []

    def make(ws: Workspace) -> None:
        read.append(ws.books.some_entries([mill])[0].entry.content)

    def flush() -> None:
        desk.type(book.id, mill, "typed")

    session.flushing.connect(flush)
    session.plan(make)
    desk.settle()
    assert read == ["typed"]
    assert session.undo_text == "Type"
    session.flushing.disconnect(flush)
    _others_at_the_same_moment(desk)
    _a_long_change_is_followed_and_can_be_ended(desk)


def _others_at_the_same_moment(desk: Desk) -> None:
    """What they did is read too."""
    session = desk.session
    book = desk.books.create(book_of("Mill", "Tarn"))
    mill, tarn = (entry.id for entry in desk.books.entries(book.id))
    desk.open(book.id)
    desk.type(book.id, mill, "alone")
    desk.settle()
    assert desk.told[-1] == frozenset({mill})

    def both(ws: Workspace) -> Plan:
        ws.books.change([Put(book.id, (EntryState(tarn, BookEntry(name="Tarn", content="theirs")),))])
        return Plan("Mine", (Put(book.id, (EntryState(mill, BookEntry(name="Mill")),)),))

    session.plan(both)
    desk.settle()
    assert desk.told[-1] == frozenset(), "any may have changed"


def _a_long_change_is_followed_and_can_be_ended(desk: Desk) -> None:
    """Ended, it leaves all as it was, and undo works as if it had never begun."""
    session, strip = desk.session, ProgressStrip(desk.running.session.services.background)
    book = desk.books.create(book_of(*(f"E{at}" for at in range(PART + 1))))
    before = desk.books.whole(book.id)
    seen: list[tuple[int, int]] = []
    ended: list[None] = []
    session.cancelled.connect(lambda: ended.append(None))

    def follow(work: Working) -> Awaitable[Outcome]:
        def watched(ws: Workspace, told: Callable[[int, int], None], cancelled: threading.Event) -> Outcome:
            def tell(done: int, of: int) -> None:
                told(done, of)
                seen.append((done, of))
                if len(seen) == 1:
                    cancelled.set()

            return work(ws, tell, cancelled)

        return strip.follow("Changing", watched, lambda done, of: f"Changing {done} of {of}")

    def empty(ws: Workspace) -> Plan:
        states = (EntryState(entry.id, BookEntry()) for entry in ws.books.entries(book.id))
        return Plan("Empty", (Put(book.id, tuple(states)),))

    desk.open(book.id)
    session.follow_with(follow)
    text = session.undo_text
    session.plan(empty)
    desk.settle()
    assert (ended, session.undo_text, desk.books.whole(book.id)) == ([None], text, before)
    session.plan(empty)
    desk.settle()
    assert seen == [(done, PART + 1) for done in (PART, 0, PART, PART + 1)]
    strip._tell()
    assert strip._text.text() == f"Changing {PART + 1} of {PART + 1}"
    session.undo()
    desk.settle()
    assert desk.books.whole(book.id) == before
    assert desk.failures == []


def test_nobody_is_written_over_unasked(desk: Desk) -> None:
    """Another process changed the entry: it is told, views read anew, and a second undo is meant."""
    session = desk.session
    book = desk.books.create(book_of("Mill", "Tarn"))
    mill, tarn = (entry.id for entry in desk.books.entries(book.id))
    desk.open(book.id)
    desk.type(book.id, mill, "mine")
    desk.settle()
    theirs = Put(book.id, (EntryState(mill, BookEntry(name="Mill", content="theirs")),))
    desk.books.change([theirs])
    desk.running.until(lambda: session.book is not None and session.book.summary.revision == 3)
    desk.type(book.id, mill, "mine again")
    desk.settle()
    assert desk.content(mill) == "theirs"
    assert [error.code for error in desk.failures] == [ErrorCode.BOOK_CHANGED]
    assert desk.told[-1] == frozenset()
    session.undo()
    desk.settle()
    assert desk.content(mill) == "theirs"
    assert len(desk.failures) == 2
    session.undo()
    desk.settle()
    assert desk.content(mill) == "About Mill."
    session.redo()
    desk.settle()
    assert desk.content(mill) == "theirs", "redo brings back what undo took"
    session.do("Rename", [SetHead(book.id, CharacterBook(name="Old"))])
    desk.settle()
    answers: list[object] = []
    stale = Put(book.id, (EntryState(tarn, BookEntry()),))
    session.do("Empty", [stale], expected={tarn: 7}, heard=answers.append)
    desk.settle()
    assert isinstance(answers[0], CardForgeError)
    assert len(desk.failures) == 2, "who asked to hear is told alone"


def test_a_deleted_book_does_not_stand_in_the_way_of_undo(desk: Desk) -> None:
    session = desk.session
    one, two = (desk.books.create(book_of("Mill", name=name)) for name in ("One", "Two"))
    mill, other = (desk.books.entries(book.id)[0].id for book in (one, two))
    desk.open(one.id)
    desk.type(one.id, mill, "first")
    desk.open(two.id)
    desk.type(two.id, other, "second")
    desk.settle()
    desk.books.delete([two.id])
    desk.running.until(lambda: session.book is None)
    assert session.book_id == ""
    session.undo()
    desk.settle()
    assert [error.code for error in desk.failures] == [ErrorCode.BOOK_NOT_FOUND]
    session.undo()
    desk.settle()
    assert desk.content(mill) == "About Mill."


def test_closing_waits_for_what_was_asked(run_window: Callable[..., Running]) -> None:
    """Three changes are on their way when the window closes; the next start has them."""
    desk = Desk(run_window())
    book = desk.books.create(book_of("Mill", "Tarn"))
    mill, tarn = (entry.id for entry in desk.books.entries(book.id))
    desk.open(book.id)
    desk.type(book.id, mill, "A")
    desk.type(book.id, mill, "A mill")
    desk.session.do("Delete", [Remove(book.id, (tarn,))])
    assert desk.session.is_busy
    desk.running.close()
    entries = run_window().workspace.books.entries(book.id)
    assert [(entry.id, entry.entry.content) for entry in entries] == [(mill, "A mill")]


def test_old_deeds_of_large_books_are_forgotten_first() -> None:
    """Typing that is one step has one way back; the last deed stays, however large."""

    def deed(text: str, begun: float, typed: str = "", entries: int = 1) -> Deed:
        states = (EntryState("e", BookEntry()),) * entries
        return Deed(text, (Put("b", states),), typed, begun, "b")

    deeds = Deeds()
    for begun, typed in ((0.0, "a"), (1.0, "a"), (2.4, "a"), (4.0, "a"), (4.1, "b"), (4.2, "")):
        deeds.note("do", deed(str(begun), begun, typed))
    told = []
    while (last := deeds.next("undo")) is not None:
        told.append(last.text)
        deeds.note("undo", deed(last.text, 5.0))
    assert told == ["4.2", "4.1", "4.0", "0.0"]
    deeds.note("redo", deed("0.0", 6.0, "a"))
    deeds.note("do", deed("after redo", 6.1, "a"))
    assert (deeds.next("undo") or told).text == "after redo"  # type: ignore[union-attr]
    assert deeds.next("redo") is None
    for at in range(21):
        deeds.note("do", deed(f"large {at}", 10.0 + at, entries=20_000))
    kept = 0
    while deeds.next("undo") is not None:
        deeds.drop("undo")
        kept += 1
    assert kept == 10
    deeds.note("do", deed("huge", 99.0, entries=200_001))
    assert deeds.next("undo") is not None
