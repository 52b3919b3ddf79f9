"""The prose field: nothing of a text is lost, offsets are right, it grows, it is left with Tab."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.theme import DARK, LIGHT, Theme, Tone
from cardforge_desktop.ui.widgets.text_field import Mark, TextField, document_positions

AWKWARD = "a\u00a0b \u2028 c\r\nd 😀 \ud800 é\r\n\u200f שלום"


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def field(qtbot: QtBot, theme: Theme) -> TextField:
    made = TextField(theme, "Description", least=2, most=8)
    qtbot.addWidget(made)
    made.resize(400, made.height())
    made.show()
    return made


def heard(field: TextField) -> list[str]:
    texts: list[str] = []
    field.edited.connect(texts.append)
    return texts


def test_what_nobody_edits_stays_as_it_was_given(field: TextField):
    texts = heard(field)
    field.set_text(AWKWARD)
    assert field.text == AWKWARD
    assert texts == []


def test_an_edit_keeps_no_break_spaces_separators_and_the_kind_of_line_end(field: TextField, qtbot: QtBot):
    texts = heard(field)
    field.set_text("a\u00a0b\u2028c\r\nd")
    field.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(field, "!")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert texts == ["a\u00a0b\u2028c\r\nd!", "a\u00a0b\u2028c\r\nd!\r\n"]
    assert field.text == texts[-1]


def test_undo_brings_the_given_text_back_and_is_told(field: TextField, qtbot: QtBot):
    texts = heard(field)
    field.set_text(AWKWARD)
    qtbot.keyClicks(field, "x")
    field.undo()
    assert texts[-1] == field.text == AWKWARD
    field.redo()
    assert field.text != AWKWARD


def test_setting_the_same_text_keeps_cursor_and_undo_another_text_does_not(field: TextField, qtbot: QtBot):
    field.set_text("one two")
    field.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(field, "!")
    field.set_text("one two!")
    assert field.textCursor().position() == 8
    assert field.document().isUndoAvailable()
    field.set_text("another card")
    assert not field.document().isUndoAvailable()


def test_showing_nearly_the_same_text_keeps_the_cursor_and_is_no_edit(field: TextField):
    texts = heard(field)
    field.set_text("one two three four")
    cursor = field.textCursor()
    cursor.setPosition(8)
    field.setTextCursor(cursor)
    field.show_text("one two 😀 three four")
    assert field.text == "one two 😀 three four"
    field.show_text("one two four")
    assert field.textCursor().position() == 8
    field.show_text("something else")
    assert (field.text, texts) == ("something else", [])


def test_highlighting_is_no_edit(field: TextField):
    texts = heard(field)
    field.set_text("some words")
    field.mark([Mark(0, 4, Tone.ERROR, "no")])
    field.document().markContentsDirty(0, 10)
    assert texts == []


@given(text=st.text(), data=st.data())
def test_offsets_of_python_are_offsets_of_the_document(qapp: QApplication, text: str, data: st.DataObject):
    """Selecting a part and reading the selection back gives that part, for every text Qt can hold."""
    from PySide6.QtGui import QTextDocument

    text = text.replace("\r\n", "\n").replace("\r", "").replace("\ufdd0", "").replace("\ufdd1", "")
    document = QTextDocument()
    document.setPlainText(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    places = document_positions(text, (start, end))
    cursor = QTextCursor(document)
    cursor.setPosition(places[start])
    cursor.setPosition(places[end], QTextCursor.MoveMode.KeepAnchor)
    assert cursor.selectedText() == text[start:end].replace("\n", "\u2029")


def test_offsets_count_a_windows_line_end_once_and_dropped_halves_not_at_all():
    places = document_positions("a\r\nb😀c", range(7))
    assert places == {0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 5: 5, 6: 6}
    assert document_positions("\ud800x", (1, 2, 99, -1)) == {1: 0, 2: 1, 99: 1, -1: 0}


def test_marks_underline_behind_emoji_and_move_with_the_text(field: TextField, qtbot: QtBot):
    field.set_text("😀😀 bad word")
    field.mark([Mark(3, 6, Tone.ERROR, "A bad word.")])
    (selection,) = field.extraSelections()
    assert selection.cursor.selectedText() == "bad"
    assert selection.format.underlineStyle() == QTextCharFormat.UnderlineStyle.WaveUnderline
    field.moveCursor(QTextCursor.MoveOperation.Start)
    qtbot.keyClicks(field, "so ")
    assert field.extraSelections()[0].cursor.selectedText() == "bad"


def test_the_tip_of_a_mark_is_found_under_the_pointer_and_nowhere_else(field: TextField):
    field.set_text("😀 bad word\n\nlast")
    field.mark([Mark(2, 5, Tone.WARN, "A bad word.")])
    inside = field.textCursor()
    inside.setPosition(4)
    assert field.tip_at(field.cursorRect(inside).center()) == "A bad word."
    inside.setPosition(11)
    assert field.tip_at(field.cursorRect(inside).center()) == ""
    right_of_all = field.cursorRect(inside).center() + QPoint(200, 0)
    assert field.tip_at(right_of_all) == ""


def test_marks_follow_the_theme(field: TextField, theme: Theme):
    field.set_text("bad")
    field.mark([Mark(0, 3, Tone.ERROR, "No.")])
    assert field.extraSelections()[0].format.underlineColor().name().upper() == LIGHT.error
    theme.choose("dark")
    assert field.extraSelections()[0].format.underlineColor().name().upper() == DARK.error


def test_it_grows_with_its_lines_and_scrolls_only_beyond_the_most(field: TextField, qapp: QApplication):
    heights = []
    for lines in (0, 2, 5, 8, 9, 400):
        field.set_text("\n".join("line" for _ in range(lines)))
        qapp.processEvents()
        heights.append(field.height())
        assert (field.verticalScrollBar().maximum() > 0) == (lines > 8), lines
    assert heights[0] == heights[1] < heights[2] < heights[3] == heights[4] == heights[5]


def test_a_narrower_field_is_higher(field: TextField, qapp: QApplication):
    field.set_text("word " * 30)
    field.resize(600, field.height())
    qapp.processEvents()
    wide = field.height()
    field.resize(220, field.height())
    qapp.processEvents()
    assert field.height() > wide


def test_replace_is_one_undo_step_and_an_edit(field: TextField):
    field.set_text("😀 old and old")
    texts = heard(field)
    field.replace(2, 13, "new and\r\nnew")
    assert texts == ["😀 new and\nnew"]
    field.undo()
    assert field.text == "😀 old and old"


def test_tab_leaves_the_field(qtbot: QtBot, theme: Theme):
    window = QWidget()
    layout = QVBoxLayout(window)
    field, after = TextField(theme, "Scenario"), QLineEdit()
    layout.addWidget(field)
    layout.addWidget(after)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert window.focusWidget() is after
    assert field.text == ""


def test_files_are_left_to_the_window(field: TextField):
    files, words = QMimeData(), QMimeData()
    files.setUrls([QUrl("file:///tmp/card.png")])
    words.setText("words")
    assert not field.canInsertFromMimeData(files)
    assert field.canInsertFromMimeData(words)


def test_the_wheel_scrolls_the_page_unless_one_writes_in_the_field(field: TextField, qapp: QApplication):
    field.set_text("line\n" * 100)
    qapp.processEvents()

    def roll() -> QWheelEvent:
        event = QWheelEvent(
            QPointF(20, 20),
            QPointF(20, 20),
            QPoint(0, 0),
            QPoint(0, -120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        qapp.sendEvent(field.viewport(), event)
        return event

    field.clearFocus()
    assert not roll().isAccepted()
    assert field.verticalScrollBar().value() == 0
    field.activateWindow()
    field.setFocus()
    roll()
    assert field.verticalScrollBar().value() > 0


def test_a_word_without_end_does_not_hold_the_window(field: TextField):
    """Base64 of 100 kB took half a second for each key before it was wrapped anywhere."""
    from time import perf_counter

    field.set_text("x" * 100_000)
    began = perf_counter()
    field.insertPlainText("y")
    assert perf_counter() - began < 0.15


def test_hebrew_stands_at_the_right(field: TextField, qtbot: QtBot):
    field.set_text("שלום")
    assert field.cursorRect().left() > field.viewport().width() - 30
    field.selectAll()
    qtbot.keyClicks(field, "peace")
    field.moveCursor(QTextCursor.MoveOperation.Start)
    assert field.cursorRect().left() < 30
    assert field.text == "peace"


def test_lines_end_before_the_scroll_bar_from_the_first_showing_on(
    theme: Theme, qtbot: QtBot, qapp: QApplication
):
    window = QWidget()
    field = TextField(theme, "Description", least=2, most=8)
    QVBoxLayout(window).addWidget(field)
    qtbot.addWidget(window)
    field.set_text("word " * 800)
    window.resize(600, 400)
    window.show()
    qapp.processEvents()
    assert field.verticalScrollBar().isVisible()
    lines = field.document().firstBlock().layout()
    assert lines.lineAt(0).width() < field.viewport().width()
