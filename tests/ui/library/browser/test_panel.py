"""Browser and editor take turns; the selection stays, and so do what keys do."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.library.browser.cards import lamp_keepers, select


def test_a_card_opens_in_the_editor_and_esc_comes_back_to_it(run_window):
    running = run_window()
    ids = lamp_keepers(running, 3)
    library, actions = running.library, running.session.services.actions
    select(running, ids[1])
    actions["card.edit"].trigger()
    running.until(lambda: library.editor is not None and library.editor.session.is_open)
    assert library.editor.card_id == ids[1]
    assert not library.browser.isVisible()
    assert not actions["card.delete"].isEnabled()
    QTest.keyClick(library.editor, Qt.Key.Key_Escape)
    running.until(lambda: library.editor is None)
    assert [each.id for each in library.browser.cards()] == [ids[1]]
    assert actions["card.delete"].isEnabled()


def test_the_last_cards_come_back_by_the_keyboard(run_window):
    running = run_window()
    lamp_keepers(running, 2)
    library, window = running.library, running.window
    library.browser.grid.selectAll()
    running.session.services.actions["card.delete"].trigger()
    running.until(lambda: not library.browser.grid.isVisible())
    focused = window.focusWidget()
    assert library.isAncestorOf(focused)
    QTest.keyClick(focused, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    running.until(lambda: library.model.rowCount() == 2)


def test_what_was_edited_is_saved_and_shown_on_the_way_back(run_window):
    running = run_window()
    ids = lamp_keepers(running, 2)
    library = running.library
    library.edit(ids[0])
    running.until(lambda: library.editor is not None and library.editor.session.is_open)
    library.editor.session.set("name", "Renamed")
    QTest.keyClick(library.editor, Qt.Key.Key_Escape)
    running.until(lambda: library.model.card(ids[0]).name == "Renamed")
    running.until(lambda: library.view.card is not None and library.view.card.summary.name == "Renamed")


def test_open_card_leaves_the_editor_and_shows_the_card(run_window):
    running = run_window()
    ids = lamp_keepers(running, 3)
    library = running.library
    library.edit(ids[0])
    running.until(lambda: library.editor is not None and library.editor.session.is_open)
    running.window.open_panel("batch")
    running.session.services.desk.open_card.emit(ids[2])
    running.until(lambda: [each.id for each in library.browser.cards()] == [ids[2]])
    assert library.editor is None
    running.until(lambda: library.view.card is not None and library.view.card.summary.id == ids[2])


def test_open_card_finds_it_behind_a_search(run_window):
    running = run_window()
    ids = lamp_keepers(running, 3)
    library = running.library
    library.browser.filters.filter(text="Keeper 000")
    running.until(lambda: library.model.rowCount() == 1)
    library.open_card(ids[2])
    running.until(lambda: [each.id for each in library.browser.cards()] == [ids[2]])
    assert library.model.rowCount() == 3


def test_the_editor_stays_open_while_another_panel_is_looked_at(run_window):
    running = run_window()
    ids = lamp_keepers(running, 2)
    library = running.library
    library.edit(ids[0])
    running.until(lambda: library.editor is not None and library.editor.session.is_open)
    running.window.open_panel("batch")
    running.window.open_panel("library")
    assert library.editor is not None
    assert library.editor.card_id == ids[0]


def test_several_cards_show_how_many_they_are(run_window):
    running = run_window()
    ids = lamp_keepers(running, 3)
    details = running.library.browser.details
    select(running, *ids)
    assert details.currentWidget() is details.several
    details.several.stars._rate(3)
    model = running.library.model
    running.until(lambda: all(model.card(card_id).rating == 3 for card_id in ids))
    select(running, ids[0])
    running.until(lambda: details.currentWidget() is details.view)
