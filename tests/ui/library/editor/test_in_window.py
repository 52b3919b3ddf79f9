"""The editor in the window: its keys work where it is in sight, and only there."""

from PySide6.QtCore import Qt

from cardforge_desktop.cards.package import CardPackage
from tests.cards.library import ORIGIN, PICTURE
from tests.ui.library.editor.conftest import CARD


def test_the_keys_of_the_editor_work_while_it_is_in_sight(run_window, qtbot):
    running = run_window()
    library = running.workspace.library
    with running.workspace._store.write() as session:
        card_id = library.add(session, CardPackage(CARD, PICTURE), ORIGIN).summary.id
    panel, actions = running.library, running.session.services.actions
    panel.edit(card_id)
    editor = panel.editor
    assert editor is not None
    running.until(lambda: editor.session.is_open)
    qtbot.keyClicks(editor.section("character").boxes[0].field, "1")
    assert actions["edit.undo"].isEnabled()
    assert not actions["card.undo"].isEnabled()
    assert not actions["card.rate_1"].isEnabled()
    running.window.open_panel("batch")
    assert not actions["edit.undo"].isEnabled()
    running.window.open_panel("library")
    assert actions["edit.undo"].isEnabled()
    actions["edit.find"].trigger()
    assert editor.find_bar.isVisible()
    qtbot.keyClick(editor.find_bar.words, Qt.Key.Key_Escape)
    assert not editor.find_bar.isVisible()
    assert panel.editor is editor
    actions["editor.next"].trigger()
    assert editor.navigator.current == "opening"
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert panel.editor is None
    assert not actions["edit.undo"].isEnabled()
    running.until(lambda: library.card(card_id).card.name == f"1{CARD.name}")


def test_the_page_one_was_on_is_there_at_the_next_start(run_window):
    running = run_window()
    with running.workspace._store.write() as session:
        card_id = running.workspace.library.add(session, CardPackage(CARD, PICTURE), ORIGIN).summary.id
    running.library.edit(card_id)
    editor = running.library.editor
    running.until(lambda: editor.session.is_open)
    editor.navigator.choose("book")
    running.close()
    again = run_window()
    again.library.edit(card_id)
    opened = again.library.editor
    again.until(lambda: opened.session.is_open)
    assert opened.navigator.current == "book"
