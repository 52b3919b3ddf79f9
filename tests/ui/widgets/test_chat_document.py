"""A message as a chat shows it: Markdown is read, HTML is not, nothing is fetched, time is bounded."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QImage, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QApplication, QTextBrowser
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.theme import DARK, LIGHT, Theme
from cardforge_desktop.ui.widgets.chat_document import MOST_MARKDOWN, MOST_SHOWN, chat_document


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


def form_at(document: QTextDocument, word: str) -> QTextCharFormat:
    cursor = document.find(word)
    assert not cursor.isNull(), word
    return cursor.charFormat()


def colour_at(document: QTextDocument, word: str) -> str:
    return form_at(document, word).foreground().color().name().upper()


MESSAGE = '*She looks up.* "Who is **there**?" `a code "word"` [link](https://example.org) ~~gone~~ plain'


@pytest.mark.parametrize(("choice", "tokens"), [("light", LIGHT), ("dark", DARK)])
def test_actions_speech_code_and_links_have_their_looks(theme: Theme, choice, tokens):
    theme.choose(choice)
    document = chat_document(MESSAGE, theme).document
    assert form_at(document, "looks").fontItalic()
    assert colour_at(document, "looks") == tokens.muted
    assert colour_at(document, "Who") == tokens.info
    assert colour_at(document, "there") == tokens.info
    assert form_at(document, "there").fontWeight() > 500
    assert colour_at(document, "link") == tokens.accent
    assert form_at(document, "gone").fontStrikeOut()
    assert colour_at(document, "word") != tokens.info  # quotation marks in code are no speech
    assert form_at(document, "code").background().color() == QColor(tokens.soft("muted"))
    assert not form_at(document, "plain").fontItalic()


@pytest.mark.parametrize("said", ["“Wer da?”", "„Wer da?“", "«Wer da?»", "「Wer da?」", '"Wer da?"'])
def test_speech_of_any_language_is_coloured(theme: Theme, said):
    document = chat_document(f"Er fragt: {said} und wartet.", theme).document
    assert colour_at(document, "Wer da") == LIGHT.info
    assert colour_at(document, "wartet") != LIGHT.info


def test_single_underscores_are_emphasis_outside_code(theme: Theme):
    document = chat_document("An _old_ word, __lined__, snake_case_name and `_code_`.", theme).document
    assert document.toPlainText() == "An old word, lined, snake_case_name and _code_."
    assert form_at(document, "old").fontItalic()
    assert not form_at(document, "old").fontUnderline()
    assert form_at(document, "lined").fontUnderline()
    assert not form_at(document, "case").fontItalic()


def test_each_line_stays_a_line(theme: Theme):
    document = chat_document("one\ntwo  \n\nthree\\\nfour", theme).document
    assert document.toPlainText() == "one\ntwo\nthree\nfour"


@pytest.mark.parametrize(
    "wrap", ["{}", "- item\n- other\n\n{}", "# Head\n\n{}", "*action*\nmore\n\n{}", "> {}"]
)
def test_lines_of_a_paragraph_stand_closer_than_paragraphs(theme: Theme, wrap):
    text = wrap.replace("{}", 'one *bold*\n"two"\n\nthree')
    document = chat_document(text, theme).document
    document.setTextWidth(400)
    document.size()

    def top(word: str) -> float:
        block = document.find(word).block()
        return block.layout().position().y()

    assert top("two") > top("one")
    assert top("three") - top("two") >= top("two") - top("one") + 5


def test_lists_tables_quotes_and_headings_are_read(theme: Theme):
    text = "# Title\n\n- a\n- b\n\n> said\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n1. one"
    read = chat_document(text, theme).document.toPlainText()
    assert not any(mark in read for mark in ("#", "- a", "> said", "|", "1. one"))


def test_html_is_shown_as_it_is_written(theme: Theme):
    text = 'a <b>bold</b> <img src="file:///etc/passwd"> <script>alert(1)</script> &lt;'
    document = chat_document(text, theme).document
    assert "<b>bold</b>" in document.toPlainText()
    assert "<script>" in document.toPlainText()
    assert form_at(document, "bold").fontWeight() <= 500


class Fetching(QTextBrowser):
    """Notes what a document asks for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def loadResource(self, kind: int, name: QUrl) -> object:  # noqa: N802
        self.asked.append(name.toString())
        return None


@pytest.mark.parametrize("address", ["https://example.org/x.png", "file:///{path}", "{path}", "x.png"])
def test_images_are_named_and_never_looked_for(qtbot: QtBot, theme: Theme, tmp_path: Path, address):
    path = tmp_path / "x.png"
    picture = QImage(300, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    picture.save(str(path))
    where = address.replace("{path}", str(path))
    message = f"before ![a *tall* lighthouse]({where}) ![]({where}) behind"
    document = chat_document(message, theme).document
    view = Fetching()
    qtbot.addWidget(view)
    view.setDocument(document)
    view.resize(400, 400)
    view.show()
    image = view.grab().toImage()
    assert view.asked == []
    assert "\ufffc" not in document.toPlainText()
    assert "[image: a tall lighthouse]" in document.toPlainText()
    colours = {image.pixelColor(x, y).name() for x in range(0, 400, 10) for y in range(0, 400, 10)}
    assert "#ff0000" not in colours


def test_two_images_side_by_side_are_two(theme: Theme):
    read = chat_document("![one](a.png)![two](b.png)", theme).document.toPlainText()
    assert read == "[image: one][image: two]"


def test_too_much_is_plain_text_and_says_so(theme: Theme):
    long = "*a* " * (MOST_MARKDOWN // 4 + 1)
    found = chat_document(long, theme)
    assert found.document.toPlainText() == long
    assert "plain text" in found.note
    longer = chat_document("b" * (MOST_SHOWN + 10), theme)
    assert len(longer.document.toPlainText()) == MOST_SHOWN
    assert "Only the beginning" in longer.note
    assert chat_document("short", theme).note == ""


@pytest.mark.parametrize(
    "text",
    [
        "1. a\n" * 4_000,
        "a\n" * 10_000,
        "| a " * 5_000,
        "|a|b|\n|-|-|\n" + "|1|2|\n" * 3_000,
        "*a*" * 6_000,
        "[" * 20_000,
        "![" * 9_000,
        "> " * 9_000,
        "`" * 20_000,
        "_" * 20_000,
        "\n" * 20_000,
        '"' * 20_000,
        "- " * 9_000,
        "<" * 20_000,
        "\\" * 20_000,
        ("  " * 50 + "- x\n") * 190,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_texts_are_shown_in_bounded_time(theme: Theme, text):
    began = time.thread_time()
    document = chat_document(text, theme).document
    document.setTextWidth(400)
    document.size()
    assert time.thread_time() - began < 2


@given(st.text(alphabet='*_`~[]()<>!|#-+.12"“”\n\\ aé漢😀{}', max_size=60))
@settings(max_examples=100)
def test_any_text_can_be_shown(theme: Theme, text: str):
    document = chat_document(text, theme).document
    assert "\ufffc" not in document.toPlainText()
