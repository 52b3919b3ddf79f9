"""The pane of one entry: shows what is selected, stores what is written, tells what keys meet."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from cardforge_desktop.books.model import Remove
from cardforge_desktop.cards.model import CharacterBook
from cardforge_desktop.ui.action_list import SPECS
from cardforge_desktop.ui.books.entry import key_watch
from cardforge_desktop.ui.books.entry.pane import EntryPane
from cardforge_desktop.ui.services import Notice
from tests.support.windows_shown import windows_shown
from tests.ui.books.entries import Reading, entry
from tests.ui.library.preview.conftest import Desktop, desktop, empty_store, open_desktop

__all__ = ["desktop", "empty_store", "open_desktop"]

BOOK = CharacterBook(
    name="Old Tarn",
    token_budget=100,
    entries=[
        entry("Quay", "quay", "/la(mp/", content="@@depth 4\nThe **dry** quay of {{char}}.", id=7),
        entry("Quay of Lamps", "Quay", "the dry quay", extensions={"cardforge": {"category": "Places"}}),
        entry("Guild", x_mood={"level": [1]}, extensions={"chub": {"id": 3}}, position="before_char"),
    ],
)


class Pane(Reading):
    """The pane in sight, with the first entry selected."""

    def __init__(self, desktop: Desktop, qtbot: QtBot) -> None:
        for spec in SPECS:
            if spec.key.startswith(("entry.", "edit.undo", "edit.redo")):
                desktop.services.actions.add(spec)
        super().__init__(desktop, BOOK)
        self.pane = EntryPane(desktop.services, self.session)
        self.qtbot = qtbot
        desktop.mount(self.pane)
        self.ids = [each.id for each in self.books.entries(self.summary.id)]
        self.select(0)

    def select(self, number: int) -> None:
        self.session.select([self.ids[number]])
        self.until(lambda: self.pane.draft is not None and self.pane.draft.id == self.ids[number])

    def lines(self) -> list[str]:
        return [line.message for line in self.pane.form.keys.lines.lines]

    def until_stored(self) -> None:
        self.until(lambda: self.pane.draft is not None and self.pane.draft.is_settled)


@pytest.fixture
def opened(desktop: Desktop, qtbot: QtBot) -> Iterator[Pane]:
    made = Pane(desktop, qtbot)
    yield made
    made.pane.close()


def test_it_shows_what_is_selected_and_stores_on_the_way_out(opened: Pane) -> None:
    pane, form = opened.pane, opened.pane.form
    assert form.controls["title"].text() == "Quay"
    assert form.keys.chips.keys == ["quay", "/la(mp/"]
    opened.until(lambda: form.content.share.text() != "")
    assert form.content.tokens.text().endswith("tokens")
    # letters and a key that is not ended are stored when another entry is selected
    QTest.keyClicks(form.content.field, "Wet. ")
    QTest.keyClicks(form.keys.chips.line, "pier")
    opened.select(1)
    opened.until(lambda: opened.stored().entry.keys == ["quay", "/la(mp/", "pier"])
    assert opened.stored().entry.content.startswith("Wet. @@depth 4")
    assert form.category.text() == "Places"
    # and when the pane is hidden
    QTest.keyClicks(form.content.field, "Lamps.")
    pane.hide()
    opened.until(lambda: opened.stored(1).entry.content == "Lamps.")
    # out of sight nothing is read
    opened.session.select([opened.ids[2]])
    pane.show()
    opened.until(lambda: form.controls["title"].text() == "Guild")


def test_while_it_is_made_no_part_of_it_is_a_window(opened: Pane) -> None:
    with windows_shown() as shown:
        EntryPane(opened.pane._services, opened.session).deleteLater()
    assert shown == []


def test_several_and_none_have_a_page_of_their_own(opened: Pane) -> None:
    pane = opened.pane
    opened.session.select(opened.ids[:2])
    assert pane.several.isVisible()
    assert pane.several.title.text().startswith("2 ")
    assert "entry.merge" in pane.several.buttons
    opened.session.select(())
    assert pane.nothing.isVisible()
    assert pane.draft is None
    # an entry that somebody deletes leaves nothing to write into
    opened.select(0)
    opened.books.change([Remove(opened.summary.id, (opened.ids[0],))])
    opened.until(pane.nothing.isVisible)


def test_keys_are_told_what_is_the_matter_and_lead_to_the_others(
    opened: Pane, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[str] = []
    opened.session.wanted.connect(wanted.append)
    opened.until(lambda: len(opened.lines()) == 3)
    broken, equal, part = opened.lines()
    assert broken.startswith("“/la(mp/” is no regular expression: a “(” is never closed.")
    assert equal == "“quay” also stands in Quay of Lamps."
    # from the keys to the text it is two steps of Tab; Up and Down go through what mends the keys
    form = opened.pane.form
    mends = form.keys.lines.findChildren(QPushButton)
    form.keys.chips.line.setFocus()
    visited = []
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Tab):
        at = opened.pane.focusWidget()
        assert at is not None
        QTest.keyClick(at, key)
        visited.append(opened.pane.focusWidget())
    assert visited == [*mends[:2], form.content.field, form.content.modes["write"]]
    assert part.startswith("“quay” is part of “the dry quay” in Quay of Lamps")
    box = opened.pane.form.keys
    assert box.chips.chip(0).note is not None
    box.lines.fix_wanted.emit(1)
    assert wanted == [opened.ids[1]]
    # the others change, and it is told anew; of a large book as soon as workers are at rest
    monkeypatch.setattr(key_watch, "_MANY", 1)
    opened.change_elsewhere(1, keys=["lamps"])
    opened.until(opened.pane._watch._rest.isActive)
    opened.until(lambda: opened.lines() == [broken])
    box.chips.take(1)
    assert opened.lines() == []
    QTest.keyClicks(box.chips.line, "QUAY,lamps,")
    opened.until(lambda: len(opened.lines()) == 1 and opened.lines()[0].startswith("“lamps” also"))


def test_the_index_of_a_large_book_waits_for_who_types_in_the_search(
    opened: Pane, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened.until(lambda: len(opened.lines()) == 3)
    clock, looks = [100.0], []
    monkeypatch.setattr(key_watch, "time", SimpleNamespace(monotonic=lambda: clock[0], sleep=looks.append))
    monkeypatch.setattr(key_watch, "_MANY", 1)
    monkeypatch.setattr(key_watch, "_SLICE", 1)
    opened.change_elsewhere(1, keys=["lamps"])
    rest = opened.pane._watch._rest
    opened.until(rest.isActive)
    opened.until(lambda: rest.remainingTime() < rest.interval() - 100)
    opened.session.sought.emit()
    assert rest.remainingTime() > rest.interval() - 100  # not yet begun it begins later
    opened.until(
        lambda: key_watch._LOOK in looks
    )  # and what is begun looks now and then whether it may go on
    assert len(opened.lines()) == 3
    clock[0] += 1
    opened.until(lambda: len(opened.lines()) == 1)


def test_undo_leads_to_the_field_and_others_changes_are_shown(opened: Pane) -> None:
    form = opened.pane.form
    form.groups["recursion"].unfold()
    form.controls["exclude_recursion"].click()
    opened.until_stored()
    assert opened.stored().entry.extensions == {"exclude_recursion": True}
    form.groups["recursion"].head.setChecked(False)
    form.content.field.setFocus()
    opened.session.undo()
    opened.until(lambda: opened.pane.focusWidget() is form.controls["exclude_recursion"])
    opened.until(lambda: not form.controls["exclude_recursion"].isChecked())
    assert opened.stored().entry.extensions == {}
    opened.change_elsewhere(content="Written elsewhere.")
    opened.until(lambda: form.content.field.text == "Written elsewhere.")
    # in the same field one is asked
    QTest.keyClicks(form.content.field, "Mine: ")
    opened.change_elsewhere(content="Again.")
    opened.until(opened.pane.bar.isVisible)
    assert "changed elsewhere" in opened.pane.bar.text
    notices: list[Notice] = []
    opened.desktop.services.desk.notice.connect(notices.append)
    opened.pane.bar.theirs.click()
    opened.until(lambda: form.content.field.text == "Again.")
    assert opened.pane.bar.isHidden()
    notices[-1].links[0].do()  # nothing that was written is lost
    opened.until(lambda: opened.stored().entry.content.startswith("Mine: "))
    opened.session.undo()
    opened.until(lambda: opened.stored().entry.content == "Again." and form.content.field.text == "Again.")
    # also in an entry that was left meanwhile
    QTest.keyClicks(form.content.field, "Once more: ")
    opened.select(1)
    form.controls["title"].setFocus()
    opened.session.undo()
    opened.until(lambda: opened.stored().entry.content == "Again.")
    opened.select(0)
    opened.until(lambda: opened.pane.focusWidget() is form.content.field)
    # and where the app is closed before anybody decided
    opened.until_stored()
    QTest.keyClicks(form.content.field, "Late: ")
    opened.change_elsewhere(content="Theirs.")
    opened.until(opened.pane.bar.isVisible)
    opened.pane.keep_undecided()
    opened.until(lambda: len(opened.books.entries(opened.summary.id)) == 4)
    kept = opened.books.entries(opened.summary.id)[-1].entry
    assert (kept.name, kept.enabled, "Late: " in kept.content) == ("Quay (what you wrote)", False, True)
    assert opened.stored().entry.content == "Theirs."


@pytest.mark.qt_log_ignore(
    "does not support (raise|propagateSizeHints|grabbing the keyboard)", extend=True
)  # of a menu, offscreen
def test_a_cut_is_where_the_cursor_is(opened: Pane) -> None:
    content, pane = opened.pane.form.content.field, opened.pane
    content.setFocus()
    content.insertPlainText("𝔇𝔯𝔶 quay.\nLamps.")
    for start, end, found in ((10, 10, True), (0, 10, True), (0, 0, False), (9, 10, True)):
        content.select(start, end)
        assert content.chosen == (start, end)
        assert (pane.cut() == (opened.ids[0], start, end)) is found, (start, end)
    content.selectAll()
    assert pane.cut() is None, "nothing would be left"
    content.customContextMenuRequested.emit(content.rect().center())
    (menu,) = content.findChildren(QMenu)
    for key in ("edit.undo", "edit.redo", "entry.split_here"):
        assert opened.desktop.services.actions[key] in menu.actions()
    menu.close()


def test_every_field_is_shown_and_what_cannot_be_read_is_not_stored(opened: Pane) -> None:
    opened.select(2)
    form = opened.pane.form
    for group in form.groups.values():
        group.unfold()
    controls = form.controls
    assert controls["position"].shown == "Before the character"
    assert (controls["depth"].isVisible(), controls["probability"].text()) == (False, "100")
    controls["position"].picked.emit("4")
    assert controls["depth"].isVisible()
    opened.until_stored()
    held = opened.stored(2).entry
    assert (held.position, held.extensions) == ("after_char", {"chub": {"id": 3}, "position": 4})
    # the JSON beside it says so, too
    assert '"position": 4' in controls["extensions"].field.text
    for name, text in (("probability", "101"), ("sticky", "-1"), ("insertion_order", "soon")):
        controls[name].setText(text)
        controls[name].textEdited.emit(text)
        assert "has to be a number" in controls[name].accessibleDescription()
    controls["unknown"].field.set_text("")
    QTest.keyClicks(controls["unknown"].field, '{"content": 1}')
    assert not controls["unknown"].is_valid
    opened.pane.flush()
    opened.until_stored()
    assert opened.stored(2).entry == held
    for name, control in controls.items():
        assert (control.focusProxy() or control).accessibleName(), name


def test_the_content_is_previewed_without_steering_lines_images_and_macros(opened: Pane) -> None:
    box = opened.pane.form.content
    box.modes["preview"].click()
    opened.until(lambda: "dry" in box.reading.toPlainText())
    assert box.reading.toPlainText() == "The dry quay of Character."
    assert (box.head.text(), box.field.isVisible()) == ("@@depth 4", False)
    opened.select(2)
    opened.until(box.empty.isVisible)
    opened.pane.resize(900, 640)
    box.modes["both"].click()
    assert (box.field.isVisible(), box.mode) == (True, "both")
    # kept for the next time
    assert opened.desktop.services.memory.text("books/entry/content") == "both"


def test_a_category_is_chosen_from_those_of_the_book(opened: Pane) -> None:
    field = opened.pane.form.category
    opened.until(lambda: field.categories == (("Places", 1),))
    menu = field.menu()
    assert [action.text() for action in menu.actions()[:2]] == ["Places\t1", "People"]
    menu.actions()[0].trigger()
    opened.until(lambda: opened.stored().entry.extensions == {"cardforge": {"category": "Places"}})
    opened.until(lambda: field.categories == (("Places", 2),))
    field.setText("  Harbour ")
    field.editingFinished.emit()
    opened.until(lambda: opened.stored().entry.extensions == {"cardforge": {"category": "Harbour"}})
    menu.close()


def test_tab_goes_through_the_fields_in_the_order_they_are_seen(opened: Pane, qapp: QApplication) -> None:
    form = opened.pane.form
    opened.pane.activateWindow()
    form.groups["goes"].unfold()
    form.controls["title"].setFocus()
    seen = []
    for _ in range(11):
        seen.append(opened.pane.focusWidget())
        QTest.keyClick(opened.pane.focusWidget(), Qt.Key.Key_Tab)
    common = [form.controls[name] for name in ("title", "enabled", "constant")]
    wanted = [*common, form.keys.chips.line]
    assert seen[:4] == wanted
    assert seen.index(form.content.field) < seen.index(form.category) < seen.index(form.controls["priority"])
