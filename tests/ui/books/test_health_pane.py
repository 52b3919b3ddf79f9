"""The health of the open book in the real window: found, shown, mended, taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cardforge_desktop.books.model import EntryState, Put
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ui.books.health.pane import HealthPane
from cardforge_desktop.ui.books.panel import BooksPanel
from cardforge_desktop.ui.library.preview.checks_list import ChecksRole
from tests.support.window import Running

_WELL = BookEntry(id=1, name="Gate", keys=["gate"], content="A raven sits on it.", insertion_order=10)


def _entry(number: int, **fields: object) -> BookEntry:
    usual = {"id": number, "name": f"Oar {number}", "keys": [f"oar {number}"], "content": f"Text {number}."}
    return BookEntry.model_validate({**usual, "insertion_order": number * 10, **fields})


def _opened(running: Running, name: str) -> tuple[BooksPanel, HealthPane]:
    running.window.open_panel("books")
    panel = running.window.built("books")
    assert isinstance(panel, BooksPanel)
    running.until(lambda: any(book.name == name for book in panel.list.model.books))
    panel.show_book(next(book.id for book in panel.list.model.books if book.name == name))
    running.until(lambda: panel.session.book is not None and panel.session.book.summary.name == name)
    panel.side.show_pane("health")
    pane = panel.side.pane("health")
    assert isinstance(pane, HealthPane)
    assert pane.pages.currentWidget() is not pane.well, "before it was looked at nobody knows"
    return panel, pane


def _told(pane: HealthPane) -> list[str]:
    return [str(pane.model.index(at).data()) for at in range(pane.model.rowCount())]


def _choose(pane: HealthPane, rule: str) -> None:
    rows = (pane.model.index(at) for at in range(pane.model.rowCount()))
    found = (row for row in rows if (finding := row.data(ChecksRole.FINDING)) and finding.rule == rule)
    pane.list.setCurrentIndex(next(found))


def test_what_is_wrong_is_found_mended_and_taken_back(run_window: Callable[..., Running]) -> None:
    running = run_window()
    sick = [_entry(2, keys=["oar, paddle"]), _entry(3, keys=["a, b c", "d, e f"]), _entry(4, keys=[" net "])]
    made = running.workspace.books.create(CharacterBook(name="Tarn", entries=[_WELL, *sick]))
    running.workspace.books.create(CharacterBook(name="Well", entries=[_WELL]))
    panel, pane = _opened(running, "Tarn")
    running.until(lambda: pane.health.counts.get("key-comma") == 3)
    assert _told(pane)[0] == "Blanks around a key · 1"
    assert "Key with a comma · 3" in _told(pane)

    wanted: list[str] = []
    panel.session.wanted.connect(wanted.append)
    _choose(pane, "key-spaces")
    QTest.keyClick(pane.list, Qt.Key.Key_Return)
    spaced = next(each for each in running.workspace.books.entries(made.id) if each.entry.name == "Oar 4")
    assert wanted == [spaced.id]
    QTest.keyClick(pane.list, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    running.until(lambda: "key-spaces" not in pane.health.counts)
    (mended,) = running.workspace.books.some_entries([spaced.id])
    assert mended.entry.keys == ["net"]

    _choose(pane, "key-comma")
    assert "3" in pane.fix_all.text()
    pane.fix_all.click()
    running.until(lambda: "key-comma" not in pane.health.counts)
    running.until(lambda: not panel.session.is_busy)
    panel.session.undo()
    running.until(lambda: pane.health.counts.get("key-comma") == 3)
    panel.session.redo()
    running.until(lambda: "key-comma" not in pane.health.counts)

    panel.show_book(next(book.id for book in panel.list.model.books if book.name == "Well"))
    running.until(lambda: pane.pages.currentWidget() is pane.well)


def test_it_follows_changes_while_it_is_in_sight_and_shows_by_severity(
    run_window: Callable[..., Running],
) -> None:
    running = run_window()
    books = running.workspace.books
    made = books.create(CharacterBook(name="Tarn", entries=[_WELL, _entry(2), _entry(3, enabled=False)]))
    panel, pane = _opened(running, "Tarn")
    running.until(lambda: pane.health.counts == {"entry-disabled": 1})
    books.change([Put(made.id, (EntryState("entry_new", _entry(9, keys=["/(/"])),))])
    running.until(lambda: pane.health.counts == {"entry-disabled": 1, "key-regex": 1})
    pane.severities["error"].click()
    assert _told(pane)[0].partition(" · ")[0] == "Regular expression that does not compile"
    assert pane.model.rowCount() == 2
    _choose(pane, "key-regex")
    pane.fix.click()
    running.until(lambda: "key-regex" not in pane.health.counts)
    assert pane.severities[None].isChecked(), "nothing is left of the kind that was shown"

    panel.side.show_pane("testing")
    before = pane.health
    books.change([Put(made.id, (EntryState("entry_late", _entry(11, keys=[" late "])),))])
    running.until(lambda: panel.session.book is not None and panel.session.book.summary.entries == 5)
    assert pane.health is before, "it rests while nobody sees it"
    panel.side.show_pane("health")
    running.until(lambda: "key-spaces" in pane.health.counts)


def test_long_names_and_many_findings_are_listed_in_part(run_window: Callable[..., Running]) -> None:
    running = run_window()
    many = [_entry(number, keys=[f" key {number} "], name="Long " * 60) for number in range(1, 61)]
    running.workspace.books.create(CharacterBook(name="Tarn", entries=many))
    panel, pane = _opened(running, "Tarn")
    running.until(lambda: pane.health.counts.get("key-spaces") == 60)
    assert "And 35 more of this kind" in _told(pane)
    _choose(pane, "key-spaces")
    pane.fix_all.click()
    running.until(lambda: "key-spaces" not in pane.health.counts)

    # What is found of an older state is given up, and it is said that the book is being looked at.
    pane._examiner.ask()
    older = pane._cancelled
    assert not older.is_set()
    pane._say_busy(True)
    assert "checked" in pane.busy.text()
    pane._of_book = "book_other"
    pane._say_busy(True)
    assert (pane.pages.currentWidget() is pane.first, "checked" in pane.first.text()) == (True, True)
    looked: list[bool] = []
    pane.examined.connect(lambda: looked.append(True))
    panel.session.entries_changed.emit(frozenset())
    assert older.is_set()
    running.until(lambda: looked)
    assert (pane.busy.isHidden(), pane.first.text()) == (True, "")
