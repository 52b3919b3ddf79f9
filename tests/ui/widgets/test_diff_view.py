"""The diff view: nothing of a text is lost, changes are taken by key and click, in both ways of showing."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cardforge_desktop.text_diff import Hunk, hunks
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import DARK, LIGHT, Theme
from cardforge_desktop.ui.widgets.diff_pane import MOST_ROWS
from cardforge_desktop.ui.widgets.diff_view import DiffView

OLD = "The lamp burns oil.\nShe sleeps by day.\nNobody knocks at the old iron gate."
NEW = "The lamp burns gas.\nShe sleeps by day.\nSomebody knocks at the old iron gate, twice."
BOX = "\ufffc"  # what stands for a picture in a document


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> DiffView:
    return shown(DiffView(theme, Icons(theme)), qtbot)


@pytest.fixture
def reading(qtbot: QtBot, theme: Theme) -> DiffView:
    return shown(DiffView(theme, Icons(theme), read_only=True), qtbot)


def shown(view: DiffView, qtbot: QtBot) -> DiffView:
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.show()
    view.show_hunks(hunks(OLD, NEW))
    return view


def plain(view: DiffView) -> str:
    return view.pane.toPlainText().replace("\u202f", "").replace("\u200a", "")


def place_of(view: DiffView, text: str) -> QPoint:
    """The middle of a word in the viewport."""
    cursor = view.pane.document().find(text)
    assert not cursor.isNull(), text
    end = view.pane.cursorRect(cursor)
    cursor.setPosition(cursor.selectionStart())
    begin = view.pane.cursorRect(cursor)
    return QPoint((begin.center().x() + end.center().x()) // 2, begin.center().y())


def test_both_sides_stand_there_with_signs_and_boxes(view: DiffView):
    assert plain(view).startswith(f"The lamp burns {BOX}−oil+gas.\nShe sleeps by day.\n")
    assert view.summary.text() == "3 of 3 changes accepted"
    assert view.result == NEW


def test_read_only_it_has_no_boxes_and_takes_nothing(reading: DiffView, qtbot: QtBot):
    assert BOX not in plain(reading)
    reading.pane.setFocus()
    qtbot.keyClick(reading.pane, Qt.Key.Key_Down)
    qtbot.keyClick(reading.pane, Qt.Key.Key_Space)
    qtbot.mouseClick(reading.pane.viewport(), Qt.MouseButton.LeftButton, pos=place_of(reading, "gas"))
    reading.toggle(reading.changes[0])
    assert reading.result == NEW
    assert not reading.all.isVisible()


def test_changes_are_gone_through_and_taken_by_key(view: DiffView, qtbot: QtBot):
    heard: list[str] = []
    view.changed.connect(lambda: heard.append(view.result))
    view.pane.setFocus(Qt.FocusReason.TabFocusReason)
    first, second, third = view.changes
    assert view.pane.current == first
    qtbot.keyClick(view.pane, Qt.Key.Key_Space)
    assert heard == [NEW.replace("gas", "oil")]
    qtbot.keyClick(view.pane, Qt.Key.Key_Down)
    assert view.pane.current == second
    qtbot.keyClick(view.pane, Qt.Key.Key_End)
    assert view.pane.current == third
    qtbot.keyClick(view.pane, Qt.Key.Key_Down)
    assert view.pane.current == third
    qtbot.keyClick(view.pane, Qt.Key.Key_Return)
    assert view.accepted == {second}
    qtbot.keyClick(view.pane, Qt.Key.Key_Home)
    qtbot.keyClick(view.pane, Qt.Key.Key_Up)
    assert view.pane.current == first
    qtbot.keyClick(view.pane, Qt.Key.Key_Space)
    assert view.accepted == {first, second}
    assert "Change 1 of 3, accepted. Removed: oil. Added: gas." in view.pane.accessibleDescription()


@pytest.mark.parametrize("beside", [False, True])
def test_a_click_on_a_change_takes_it_and_on_other_text_does_nothing(view: DiffView, qtbot: QtBot, beside):
    view.set_side_by_side(beside)
    for word, expected in (("sleeps", NEW), ("gas", NEW.replace("gas", "oil")), ("oil", NEW)):
        qtbot.mouseClick(view.pane.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, word))
        assert view.result == expected


def test_drawing_over_a_change_selects_and_takes_nothing(view: DiffView, qtbot: QtBot):
    port = view.pane.viewport()
    begin, end = place_of(view, "burns"), place_of(view, "gas")
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=begin)
    qtbot.mouseMove(port, end)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)
    assert view.pane.textCursor().hasSelection()
    assert view.result == NEW


def test_all_and_none(view: DiffView):
    view.reject_all()
    assert view.result == OLD
    assert not view.none.isEnabled()
    view.all.click()
    assert view.result == NEW
    assert not view.all.isEnabled()


def test_side_by_side_each_line_has_its_row(view: DiffView):
    view.set_titles("Was", "Is")
    view.beside.click()
    cells = plain(view).strip("\n").split("\n")
    assert cells[:2] == ["Was", "Is"]
    assert f"The lamp burns {BOX}+gas." in cells
    assert "The lamp burns −oil." in cells
    assert cells.count("She sleeps by day.") == 2


def test_too_many_lines_stay_in_one_text(view: DiffView):
    view.set_side_by_side(True)
    long = "line\n" * (MOST_ROWS + 5)
    view.show_hunks(hunks(long + "a", long + "b"))
    assert not view.beside.isEnabled()
    assert plain(view).startswith("line\nline\n")
    view.set_side_by_side(True)
    assert view.inline.isChecked()
    view.show_hunks(hunks(OLD, NEW))
    assert view.beside.isEnabled()


def test_equal_texts_say_so(view: DiffView):
    view.show_hunks(hunks(OLD, OLD))
    assert view.same.isVisible()
    assert not view.pane.isVisible()
    assert view.result == OLD


def test_blanks_that_came_or_went_alone_can_be_seen(view: DiffView):
    view.show_hunks(
        (
            Hunk("same", "a", "a"),
            Hunk("changed", "", "  "),
            Hunk("changed", "\n\n", ""),
            Hunk("same", "b", "b"),
        )
    )
    assert "+··" in plain(view)
    assert "−¶" in plain(view)
    assert view.result == "a  b"


@pytest.mark.parametrize("beside", [False, True])
def test_headings_part_texts_that_are_shown_together(reading: DiffView, beside):
    first, second = hunks("old name", "new name"), hunks("one two", "one three")
    reading.set_side_by_side(beside)
    reading.show_hunks((*first, *second), headings={0: "Name", len(first): "Notes"})
    lines = [line for line in plain(reading).split("\n") if line]
    assert lines.index("Name") < lines.index("Notes")
    between = lines[lines.index("Name") + 1 : lines.index("Notes")]
    assert any("name" in line for line in between)
    assert not any("three" in line for line in between)
    reading.pane.step(1)
    reading.pane.step(1)
    assert reading.pane.current == len(first) + 1


def test_html_is_text_here(view: DiffView):
    view.show_hunks(hunks("<b>bold</b> a", "<b>bold</b> <img src='file:///etc/passwd'>"))
    assert "<b>bold</b>" in plain(view)
    assert "<img" in plain(view)


def test_what_is_taken_looks_different_in_light_and_in_dark(view: DiffView, theme: Theme):
    def colour(word: str) -> str:
        cursor = view.pane.document().find(word)
        return cursor.charFormat().foreground().color().name()

    assert (colour("gas"), colour("oil")) == (QColor(LIGHT.ok).name(), QColor(LIGHT.error).name())
    theme.choose("dark")
    assert (colour("gas"), colour("oil")) == (QColor(DARK.ok).name(), QColor(DARK.error).name())
    view.reject_all()
    assert view.pane.document().find("gas").charFormat().fontStrikeOut()
    assert not view.pane.document().find("oil").charFormat().fontStrikeOut()


def test_the_current_change_stays_current_when_the_way_of_showing_changes(view: DiffView):
    view.pane.go_to(view.changes[1])
    view.set_side_by_side(True)
    assert view.pane.current == view.changes[1]


def test_mirrored_a_click_finds_its_change(view: DiffView, qtbot: QtBot):
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    view.set_side_by_side(True)
    qtbot.mouseClick(view.pane.viewport(), Qt.MouseButton.LeftButton, pos=place_of(view, "gas"))
    assert view.result == NEW.replace("gas", "oil")


def test_a_huge_text_is_shown_in_bounded_time(view: DiffView):
    old = "word " * 40_000
    new = old.replace("word word word word", "word word other word")
    found = hunks(old, new)
    began = time.thread_time()
    view.show_hunks(found)
    view.pane.step(1)
    view.toggle(view.changes[0])
    assert time.thread_time() - began < 5
    assert view.result != new


@given(st.text(max_size=40), st.text(max_size=40), st.data())
@settings(max_examples=40)
def test_any_choice_gives_the_text_of_that_choice(theme: Theme, old: str, new: str, data):
    view = DiffView(theme, Icons(theme))
    view.show_hunks(hunks(old, new))
    assert view.result == new
    for index in data.draw(st.lists(st.sampled_from(view.changes), max_size=3)) if view.changes else ():
        view.toggle(index)
    parts = [hunk.new if index in view.accepted else hunk.old for index, hunk in enumerate(view.hunks)]
    assert view.result == "".join(parts)
    view.reject_all()
    assert view.result == old
    view.deleteLater()
