"""What is written into an entry comes to the store, whatever the store and others do meanwhile."""

import threading
from typing import Any

import pytest

from cardforge_desktop.books.model import Remove
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.books.entry.draft import EntryDraft
from tests.ui.books.entries import Reading, entry
from tests.ui.library.preview.conftest import Desktop, desktop, empty_store, open_desktop

__all__ = ["desktop", "empty_store", "open_desktop"]


class Writing(Reading):
    """A draft of the first entry that is told of the store as the pane tells it."""

    def __init__(self, desktop: Desktop) -> None:
        super().__init__(
            desktop, CharacterBook(entries=[entry("Quay", "quay", content="Dry."), entry("Pier")])
        )
        self.draft = EntryDraft(self.session, self.stored())
        self.changed: list[frozenset[str]] = []
        self.draft.changed.connect(self.changed.append)
        self.session.entries_changed.connect(self._refresh)
        self.session.flushing.connect(self.draft.flush)

    def _refresh(self) -> None:
        found = self.books.some_entries([self.draft.id])
        self.draft.refresh(found[0] if found else None)

    def type(self, text: str, field: str = "content") -> None:
        for end in range(1, len(text) + 1):
            self.draft.write(field, text[:end], typed=True)

    def settle(self) -> None:
        self.draft.flush()
        self.until(lambda: self.draft.is_settled)


@pytest.fixture
def writing(desktop: Desktop) -> Writing:
    return Writing(desktop)


def test_what_is_typed_is_stored_after_a_moment_and_undone_field_by_field(writing: Writing) -> None:
    writing.type("Wet.")
    assert writing.stored().entry.content == "Dry."
    writing.until(lambda: writing.stored().entry.content == "Wet.")
    # another field stores the one before at once, and is a step of its own
    writing.type("Pier", "title")
    writing.draft.write("enabled", False)
    writing.until(lambda: writing.draft.is_settled)
    assert (writing.stored().entry.name, writing.stored().entry.enabled) == ("Pier", False)
    assert writing.session.undo_text == "Change “Switched on”"
    for wanted in (("Pier", "Wet.", True), ("Quay", "Wet.", True), ("Quay", "Dry.", True)):
        writing.session.undo()
        writing.until(lambda: not writing.session.is_busy)
        held = writing.draft.entry
        assert (held.name, held.content, held.enabled) == wanted
    assert writing.session.undo_text == ""


def test_undo_takes_what_is_only_typed_yet(writing: Writing) -> None:
    writing.type("Wet.")
    writing.session.undo()
    writing.until(lambda: not writing.session.is_busy)
    assert (writing.draft.entry.content, writing.stored().entry.content) == ("Dry.", "Dry.")
    writing.session.redo()
    writing.until(lambda: not writing.session.is_busy)
    assert writing.draft.entry.content == "Wet."


def test_no_letter_is_lost_while_the_store_is_slow(writing: Writing, monkeypatch: pytest.MonkeyPatch) -> None:
    change, begun, go_on = writing.books.change, threading.Event(), threading.Event()

    def wait(*steps: Any) -> Any:
        begun.set()
        assert go_on.wait(30)
        return change(*steps)

    monkeypatch.setattr(writing.books, "change", wait)
    writing.type("A")
    writing.draft.flush()
    writing.until(begun.is_set)
    writing.type("A very long sentence.")
    writing.draft.flush()
    writing.type("Pier", "title")
    writing.type("A very long sentence. And more.")
    go_on.set()
    writing.settle()
    stored = writing.stored().entry
    assert (stored.name, stored.content) == ("Pier", "A very long sentence. And more.")
    assert (stored, writing.draft.trouble) == (writing.draft.entry, None)


def test_changes_of_others_in_other_fields_are_taken_in(writing: Writing) -> None:
    writing.type("Wet.")
    writing.change_elsewhere(keys=["pier"], name="Pier")
    writing.settle()
    writing.until(lambda: writing.stored().entry.content == "Wet.")
    assert (writing.stored().entry.keys, writing.stored().entry.name) == (["pier"], "Pier")
    assert (writing.draft.entry, writing.draft.trouble) == (writing.stored().entry, None)
    assert {"title", "keys"} <= frozenset().union(*writing.changed)


def test_of_one_field_it_is_asked_whose_stays(writing: Writing) -> None:
    for keep_mine, wanted in ((True, "Mine."), (False, "Theirs.")):
        writing.type("Mine.")
        writing.change_elsewhere(content="Theirs.")
        writing.draft.flush()
        writing.until(lambda: writing.draft.trouble is not None)
        # what is written meanwhile waits with the rest
        assert (writing.draft.entry.content, writing.stored().entry.content) == ("Mine.", "Theirs.")
        (writing.draft.keep_mine if keep_mine else writing.draft.show_theirs)()
        writing.until(lambda: writing.draft.is_settled and writing.draft.trouble is None)
        assert writing.draft.entry.content == writing.stored().entry.content == wanted
        writing.draft.write("content", "Dry.")
        writing.settle()


def test_an_entry_that_was_deleted_is_brought_back_or_let_go(writing: Writing) -> None:
    writing.type("Mine.")
    held = writing.stored()
    writing.books.change([Remove(writing.summary.id, (held.id,))])
    writing.draft.flush()
    writing.until(lambda: writing.draft.trouble is not None)
    assert writing.draft.trouble is not None
    assert writing.draft.trouble.kind == "gone"
    writing.draft.keep_mine()
    writing.until(lambda: writing.draft.is_settled)
    assert (writing.stored().id, writing.stored().entry.content, writing.stored(1).entry.name) == (
        held.id,
        "Mine.",
        "Pier",
    )


def test_what_the_store_refused_is_kept_and_tried_again(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    change = writing.books.change

    def refuse(*_: object) -> object:
        from cardforge_desktop.books.errors import book_not_found

        raise book_not_found("book")

    monkeypatch.setattr(writing.books, "change", refuse)
    writing.type("Mine.")
    writing.draft.flush()
    writing.until(lambda: writing.draft.trouble is not None)
    assert writing.draft.trouble is not None
    assert isinstance(writing.draft.trouble.error, CardForgeError)
    monkeypatch.setattr(writing.books, "change", change)
    writing.type("Mine. More.")
    writing.settle()
    assert writing.stored().entry.content == "Mine. More."
    assert (writing.draft.trouble is None) is True


def test_what_is_as_it_was_is_no_change(writing: Writing) -> None:
    writing.draft.write("keys", ["quay"])
    writing.draft.write("position", None)
    assert (writing.draft.is_settled, writing.session.is_busy) == (True, False)
    # what stands in two places is told as changed in both
    writing.draft.write("position", 4)
    assert writing.changed == [frozenset({"extensions"})]
