"""The preview: what a chat shows, what a prompt holds, and that neither keeps the window waiting."""

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.cards.reader_prompt import reader_prompt
from cardforge_desktop.tokens import TOKENIZERS
from cardforge_desktop.ui.library.preview.preview_pane import PreviewPane
from cardforge_desktop.ui.library.preview.prompt_preview import MOST_PARTS
from cardforge_desktop.ui.widgets.chat_document import MOST_SHOWN
from tests.ui.library.preview.conftest import Desktop
from tests.ui.library.preview.material import CARD


def image(colour: str) -> QImage:
    made = QImage(60, 90, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def middle(pane: PreviewPane) -> str:
    picture = pane.chat.picture.pixmap().toImage()
    return picture.pixelColor(picture.width() // 2, picture.height() // 2).name()


def start(desktop: Desktop, card=CARD, avatar=None) -> PreviewPane:
    desktop.workspace.settings.update(user_name="Ada")
    pane = desktop.mount(PreviewPane(desktop.services))
    pane.show_card(card, avatar)
    return pane


def test_the_chat_shows_the_greeting_with_macros_filled_and_markdown_read(desktop: Desktop):
    pane = start(desktop, avatar=image("#102030"))
    desktop.until(lambda: pane.chat.text == 'Tessa looks up. "You are late, Ada."')
    cursor = pane.chat.message.textCursor()
    cursor.setPosition(3)
    assert cursor.charFormat().fontItalic()
    assert pane.chat.name.accessibleName() == "Tessa"
    assert middle(pane) == "#102030"


def test_a_card_without_a_picture_shows_none_of_the_card_before(desktop: Desktop):
    pane = start(desktop, avatar=image("#102030"))
    desktop.until(lambda: middle(pane) == "#102030")
    pane.show_card(CARD.model_copy(update={"nickname": "Tess"}), None)
    desktop.until(lambda: pane.chat.name.accessibleName() == "Tess")
    assert middle(pane) != "#102030"


def test_greetings_are_swiped_through_and_empty_ones_are_told(desktop: Desktop):
    pane = start(desktop)
    desktop.until(lambda: pane.chat.text)
    assert not pane.chat.stepper.before.isEnabled()
    pane.chat.stepper.behind.click()
    desktop.until(pane.chat.empty.isVisible)
    assert "empty" in pane.chat.empty.text()
    assert not pane.chat.message.isVisible()
    pane.chat.stepper.behind.click()
    desktop.until(lambda: pane.chat.text == "The lamp is dark, Ada.")
    assert not pane.chat.stepper.behind.isEnabled()
    assert pane.chat.picker.current == "2"
    pane.chat.picker.picked.emit("0")
    desktop.until(lambda: pane.chat.text.startswith("Tessa looks up"))


def test_a_greeting_that_was_taken_out_gives_way_to_the_first(desktop: Desktop):
    pane = start(desktop)
    pane.show_greeting(2)
    desktop.until(lambda: pane.chat.text == "The lamp is dark, Ada.")
    pane.show_card(CARD.model_copy(update={"alternate_greetings": []}), None)
    desktop.until(lambda: pane.chat.text.startswith("Tessa looks up"))
    assert not pane.chat.stepper.isVisible()


def test_the_persons_name_is_written_right_there_and_kept(desktop: Desktop, qtbot: QtBot):
    pane = start(desktop)
    desktop.until(lambda: pane.user.text() == "Ada")
    pane.user.setFocus()
    pane.user.selectAll()
    qtbot.keyClicks(pane.user, "Bo")
    desktop.until(lambda: '"You are late, Bo."' in pane.chat.text)
    qtbot.keyClick(pane.user, Qt.Key.Key_Return)
    desktop.until(lambda: desktop.workspace.settings.get().user_name == "Bo")


def test_another_windows_name_is_taken_over(desktop: Desktop):
    pane = start(desktop)
    desktop.until(lambda: "Ada" in pane.chat.text)
    desktop.workspace.settings.update(user_name="Cleo")
    desktop.until(lambda: "Cleo" in pane.chat.text)
    assert pane.user.text() == "Cleo"


def test_the_prompt_is_what_a_reader_sends_counted_by_the_chosen_tokenizer(desktop: Desktop):
    pane = start(desktop)
    desktop.workspace.settings.update(tokenizer="cl100k")
    pane.show_prompt(True)
    desktop.until(lambda: pane.prompt.prompt is not None)
    expected = reader_prompt(CARD, "Ada")
    count = TOKENIZERS["cl100k"].tokenizer.count
    desktop.until(lambda: pane.prompt.prompt.tokenizer.name == "cl100k")
    assert tuple(each.part for each in pane.prompt.prompt.parts) == expected
    assert [each.tokens for each in pane.prompt.prompt.parts] == [count(part.text) for part in expected]
    shown = pane.prompt.text.toPlainText()
    places = [shown.index(part.title) for part in expected]
    assert places == sorted(places)
    assert all(part.text in shown and part.note in shown for part in expected)
    permanent = sum(count(part.text) for part in expected if part.permanent)
    assert f"{permanent} permanent" in pane.prompt.total.accessibleName()
    assert "GPT-4, GPT-3.5 · exact" in pane.prompt.counted.text()


def test_why_something_is_not_sent_is_told(desktop: Desktop):
    pane = start(desktop)
    pane.show_prompt(True)
    desktop.until(lambda: "does not send this block" in pane.prompt.text.toPlainText())
    assert "Not sent: SillyTavern" in pane.prompt.text.toPlainText()


def test_estimates_are_marked(desktop: Desktop):
    pane = start(desktop)
    desktop.workspace.settings.update(tokenizer="claude")
    pane.show_prompt(True)
    desktop.until(lambda: "≈" in pane.prompt.total.accessibleName())
    assert "permanent · ≈" in pane.prompt.text.toPlainText()


def test_the_prompt_is_built_with_the_shown_greeting(desktop: Desktop):
    pane = start(desktop)
    pane.show_prompt(True)
    pane.show_greeting(2)
    desktop.until(lambda: "The lamp is dark, Ada." in pane.prompt.text.toPlainText())
    assert "You are late" not in pane.prompt.text.toPlainText()


def test_copying_takes_the_whole_prompt_also_what_is_not_shown(desktop: Desktop):
    entries = [
        BookEntry(keys=["k"], content=f"Entry number {number}.", constant=True) for number in range(400)
    ]
    card = CARD.model_copy(update={"character_book": CharacterBook(entries=entries)})
    pane = start(desktop, card)
    pane.show_prompt(True)
    desktop.until(lambda: pane.prompt.prompt is not None)
    shown = pane.prompt.text.toPlainText()
    assert sum(f"Entry number {number}." in shown for number in range(400)) < MOST_PARTS
    left = len(pane.prompt.prompt.parts) - MOST_PARTS
    assert f"{left} more part" in shown
    pane.prompt.copy.click()
    desktop.until(lambda: "Entry number 399." in QGuiApplication.clipboard().text())


def test_a_book_of_20000_entries_keeps_the_window_alive(desktop: Desktop):
    entries = [
        BookEntry(keys=[f"key{number}"], content="Some words of it. " * 8, constant=True)
        for number in range(20_000)
    ]
    card = CARD.model_copy(update={"character_book": CharacterBook(entries=entries)})
    pane = start(desktop)
    desktop.until(lambda: pane.chat.text)
    pane.show_prompt(True)
    desktop.until(lambda: pane.prompt.prompt is not None)
    began = time.perf_counter()
    pane.show_card(card, None)
    assert time.perf_counter() - began < 0.05
    desktop.until(lambda: len(pane.prompt.prompt.parts) > 20_000)
    assert len(pane.prompt.text.toPlainText()) < 100_000


def test_a_greeting_beyond_all_measure_is_cut_and_that_is_told(desktop: Desktop):
    card = CARD.model_copy(update={"first_mes": "*word* " * 40_000})
    pane = start(desktop, card)
    desktop.until(lambda: pane.chat.text)
    assert len(pane.chat.text) == MOST_SHOWN
    assert "Only the beginning" in pane.chat.note.text()


def test_what_is_not_in_sight_is_worked_out_when_it_comes(desktop: Desktop):
    pane = start(desktop)
    desktop.until(lambda: pane.chat.text)
    pane.hide()
    pane.show_card(CARD.model_copy(update={"first_mes": "Another."}), None)
    other = desktop.mount(PreviewPane(desktop.services))
    other.show_card(CARD, None)
    desktop.until(lambda: other.chat.text)
    assert pane.chat.text.startswith("Tessa")
    pane.show()
    desktop.until(lambda: pane.chat.text == "Another.")


def test_the_newest_of_many_edits_is_what_stands_there(desktop: Desktop):
    pane = start(desktop)
    for number in range(200):
        pane.show_card(CARD.model_copy(update={"first_mes": f"Version {number}"}), None)
    desktop.until(lambda: pane.chat.text == "Version 199")


def test_showing_an_edit_keeps_the_place_that_was_read(desktop: Desktop):
    text = "A line of it.\n\n" * 200
    pane = start(desktop, CARD.model_copy(update={"first_mes": text}))
    desktop.until(lambda: pane.chat.text)
    bar = pane.chat.message.verticalScrollBar()
    at = bar.maximum() // 2
    assert at > 0
    bar.setValue(at)
    pane.show_card(CARD.model_copy(update={"first_mes": text + "End."}), None)
    desktop.until(lambda: pane.chat.text.endswith("End."))
    assert bar.value() == at


def test_colours_follow_the_theme(desktop: Desktop):
    pane = start(desktop)
    desktop.theme.choose("light")
    desktop.until(lambda: pane.chat.text)

    def action_colour() -> str:
        cursor = pane.chat.message.textCursor()
        cursor.setPosition(3)
        return cursor.charFormat().foreground().color().name()

    light = action_colour()
    desktop.theme.choose("dark")
    desktop.until(lambda: action_colour() != light)
    desktop.theme.choose("light")
