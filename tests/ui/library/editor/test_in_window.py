"""The editor in the window: its keys work where it is in sight, and only there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.ui.widgets.text_field import TextField
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


def test_tab_goes_as_the_eye_goes(bench, qtbot):
    editor = bench.editor
    bench.until(lambda: editor.side.current == "preview")
    opening = bench.section("opening")
    bench.until(lambda: len(opening.findChildren(TextField)) == 3)
    editor.navigator.setFocus()
    passed = [editor.navigator]
    while not editor.side.isAncestorOf(passed[-1]):
        passed.append(tab(editor, qtbot))
    texts = [each.accessibleName() for each in passed if isinstance(each, TextField)]
    assert texts == ["First message", "Greeting 1", "Greeting 2"]
    assert passed[1] is opening.boxes[0].field
    back = [tab(editor, qtbot, Qt.Key.Key_Backtab) for _ in passed[1:]]
    assert back == [*reversed(passed[:-1])]


def test_tab_leaves_the_editor_at_its_end(run_window, qtbot):
    running = run_window()
    with running.workspace._store.write() as session:
        card_id = running.workspace.library.add(session, CardPackage(CARD, PICTURE), ORIGIN).summary.id
    running.library.edit(card_id)
    editor = running.library.editor
    running.until(lambda: editor.session.is_open)
    editor.context.setFocus()
    qtbot.keyClick(editor.context, Qt.Key.Key_Tab)
    outside = running.window.focusWidget()
    assert not editor.isAncestorOf(outside)
    qtbot.keyClick(outside, Qt.Key.Key_Backtab)
    assert editor.isAncestorOf(running.window.focusWidget())


def tab(editor, qtbot, key: Qt.Key = Qt.Key.Key_Tab) -> QWidget:
    """What has the focus after the key."""
    qtbot.keyClick(editor.window().focusWidget(), key)
    return editor.window().focusWidget()
