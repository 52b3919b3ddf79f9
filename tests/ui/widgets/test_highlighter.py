"""Prose is coloured by what it is, in the theme's tones, without holding the window up."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.theme import DARK, LIGHT, Theme
from cardforge_desktop.ui.widgets.highlighter import CardHighlighter, Style, parts, runs


def styled(text: str) -> dict[str, Style]:
    return {text[start:end]: style for start, end, style in runs(parts(text))}


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def edit(qtbot: QtBot) -> QPlainTextEdit:
    made = QPlainTextEdit()
    qtbot.addWidget(made)
    return made


def formats(document: QTextDocument, line: int) -> dict[str, QTextCharFormat]:
    """The formats of a line by the text they cover, which Qt counts in UTF-16."""
    block = document.findBlockByNumber(line)
    raw = block.text().encode("utf-16-le")
    return {
        raw[2 * each.start : 2 * (each.start + each.length)].decode("utf-16-le"): QTextCharFormat(each.format)
        for each in block.layout().formats()
    }


@pytest.mark.parametrize(
    ("text", "part", "style"),
    [
        ("*She nods.* Yes", "*She nods.*", Style.ACTION),
        ("_She nods._ Yes", "_She nods._", Style.ACTION),
        ("a **loud** word", "**loud**", Style.BOLD),
        ('He said "come here" twice', '"come here"', Style.SPEECH),
        ("He said “come here” twice", "“come here”", Style.SPEECH),
        ("Er sagte „komm her“ und", "„komm her“", Style.SPEECH),
        ("Il dit « viens ici » et", "« viens ici »", Style.SPEECH),
        ("彼は「ここに」と", "「ここに」", Style.SPEECH),
        ("run `*this*` now", "`*this*`", Style.CODE),
        ("## Looks", "## Looks", Style.HEADING),
        ("<START>", "<START>", Style.START),
        (" <start> ", " <start> ", Style.START),
        ("Hi {{user}}!", "{{user}}", Style.MACRO),
        ("Hi {{USER}}!", "{{USER}}", Style.MACRO),
        ("Hi {{usr_nmae}}!", "{{usr_nmae}}", Style.UNKNOWN_MACRO),
    ],
)
def test_each_kind_is_known(text: str, part: str, style: Style):
    assert styled(text)[part] == style


@pytest.mark.parametrize(
    "text", ["2 * 3 * 4", "snake_case_name", "5' 11\" tall", "a < b", "**", "* * *", "#tag"]
)
def test_what_only_looks_like_it_stays_plain(text: str):
    assert styled(text) == {}


def test_kinds_overlap():
    found = styled('*She **grins**: "Hi {{user}}."*')
    assert found["**grins**"] == Style.ACTION | Style.BOLD
    assert found["{{user}}"] == Style.ACTION | Style.SPEECH | Style.MACRO


@given(st.text(alphabet='*_`"“”„«»「」#{}<>@ aé😀\t', max_size=60))
def test_runs_are_in_order_apart_and_within_the_text(text: str):
    before = 0
    for start, end, style in runs(parts(text)):
        assert before <= start < end <= len(text)
        assert style
        before = end


@pytest.mark.parametrize(
    "piece", ["*", "_a", "**a*", "`", "“", "„", "«", "{{", "<", '"a', "***", "_ _", "# "]
)
def test_no_line_is_costly(piece: str):
    began = perf_counter()
    list(runs(parts(piece * (10_000 // len(piece)))))
    assert perf_counter() - began < 0.25


def test_colours_are_tones_stand_behind_emoji_and_follow_the_theme(
    edit: QPlainTextEdit, theme: Theme, qtbot: QtBot
):
    highlighter = CardHighlighter(edit.document(), theme)
    edit.setPlainText('😀 "Hi {{user}}" *😀 waves* {{nobody_knows}}')
    found = formats(edit.document(), 0)
    assert found["{{user}}"].foreground().color().name().upper() == LIGHT.accent
    assert found['"Hi '].foreground().color().name().upper() == LIGHT.info
    assert found["*😀 waves*"].fontItalic()
    unknown = found["{{nobody_knows}}"]
    assert unknown.foreground().color().name().upper() == LIGHT.warn
    assert unknown.underlineStyle() == QTextCharFormat.UnderlineStyle.DashUnderline
    theme.choose("dark")
    qtbot.waitUntil(lambda: highlighter.is_done)
    assert formats(edit.document(), 0)["{{user}}"].foreground().color().name().upper() == DARK.accent


def test_decorators_count_at_the_head_of_a_book_entry_only(edit: QPlainTextEdit, theme: Theme):
    highlighter = CardHighlighter(edit.document(), theme, decorators=True)
    edit.setPlainText("@@depth 4\n@@@position before_desc\nThe guild.\n@@role system")
    assert list(formats(edit.document(), 0)) == ["@@depth"]
    assert list(formats(edit.document(), 1)) == ["@@@position"]
    assert formats(edit.document(), 3) == {}
    highlighter.setDocument(None)
    CardHighlighter(edit.document(), theme)
    edit.setPlainText("@@depth 4")
    assert formats(edit.document(), 0) == {}


def test_a_line_before_the_decorators_makes_them_text(edit: QPlainTextEdit, theme: Theme):
    _highlighter = CardHighlighter(edit.document(), theme, decorators=True)
    edit.setPlainText("@@depth 4\n@@role system")
    edit.textCursor().insertText("words\n")
    assert formats(edit.document(), 1) == formats(edit.document(), 2) == {}


def test_a_code_fence_covers_its_lines(edit: QPlainTextEdit, theme: Theme):
    _highlighter = CardHighlighter(edit.document(), theme)
    edit.setPlainText("```\n*not an action*\n```\n*an action*")
    inside = formats(edit.document(), 1)["*not an action*"]
    assert not inside.fontItalic()
    assert formats(edit.document(), 3)["*an action*"].fontItalic()


def test_a_long_paste_is_coloured_in_turns_to_its_end(edit: QPlainTextEdit, theme: Theme, qtbot: QtBot):
    line = '*She looks up from **the ledger**.* "You are late, {{user}}," said {{char}}.'
    bare = QPlainTextEdit()
    qtbot.addWidget(bare)
    bare.insertPlainText(f"{line}\n" * 1_400)
    began = perf_counter()
    bare.insertPlainText(f"{line}\n" * 1_400)
    without = perf_counter() - began
    highlighter = CardHighlighter(edit.document(), theme)
    began = perf_counter()
    edit.insertPlainText(f"{line}\n" * 1_400)
    assert perf_counter() - began < without + 0.05, "done at once it takes 150 ms more"
    assert not highlighter.is_done
    qtbot.waitUntil(lambda: highlighter.is_done, timeout=10_000)
    for number in (0, 700, 1_399):
        found = formats(edit.document(), number)
        assert found["{{char}}"].foreground().color().name().upper() == LIGHT.accent
        assert found["**the ledger**"].fontWeight() == QFont.Weight.DemiBold


def test_lines_that_move_while_others_wait_are_coloured_too(edit: QPlainTextEdit, theme: Theme, qtbot: QtBot):
    highlighter = CardHighlighter(edit.document(), theme)
    edit.insertPlainText("*one* two\n" * 5_000)
    cursor = edit.textCursor()
    cursor.movePosition(cursor.MoveOperation.Start)
    for _ in range(300):
        cursor.movePosition(cursor.MoveOperation.NextBlock, cursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    qtbot.waitUntil(lambda: highlighter.is_done, timeout=20_000)
    lines = range(0, edit.blockCount() - 1, 97)
    assert all("*one*" in formats(edit.document(), number) for number in lines)
