"""The cards in the real window: found, filtered, sorted, chosen; pictures only of those one sees."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cardforge_desktop.cards.search import CardSearch
from cardforge_desktop.cards.service import CardLibrary
from cardforge_desktop.store.database import StoreError
from tests.ui.library.browser.cards import card, lamp_keepers, names, put, select


def test_words_are_found_anywhere_in_the_card(run_window):
    running = run_window()
    put(running.workspace, [card("Anna", scenario="A drowned lighthouse."), card("Bert"), card("Cleo")])
    library = running.library
    running.until(lambda: library.model.rowCount() == 3)
    library.search.setText("drowned lightho")
    running.until(lambda: names(running) == ["Anna"])
    assert library.browser._count.text() == "1 of 3 cards"
    library.search.setText("zeppelin")
    running.until(lambda: not library.browser._splitter.isVisible())
    assert library.browser._no_match.isVisible()
    library.browser.show_all()
    running.until(lambda: len(names(running)) == 3)
    assert library.browser._splitter.isVisible()


def test_an_answer_that_comes_late_is_dropped(run_window, monkeypatch):
    running = run_window()
    lamp_keepers(running, 3)
    library, whole = running.library, CardSearch.cards
    held, go_on, answered = threading.Event(), threading.Event(), threading.Event()

    def slow(self, query):
        if query.text == "000":
            held.set()
            go_on.wait(20)
            found = whole(self, query)
            answered.set()
            return found
        return whole(self, query)

    monkeypatch.setattr(CardSearch, "cards", slow)
    library.browser.filters.filter(text="000")
    running.until(held.is_set)
    library.browser.filters.filter(text="001")
    running.until(lambda: names(running) == ["Keeper 001"])
    shown: list[list[str]] = []
    library.browser.finder.applied.connect(lambda _change: shown.append(names(running)))
    go_on.set()
    running.until(answered.is_set)
    library.browser.filters.filter(text="002")  # the next answer comes after the late one
    running.until(lambda: names(running) == ["Keeper 002"])
    assert ["Keeper 000"] not in shown


def test_typing_is_searched_once_it_pauses(run_window, monkeypatch):
    running = run_window()
    lamp_keepers(running, 3)
    library, whole, asked = running.library, CardSearch.cards, []

    def counted(self, query):
        asked.append(query.text)
        return whole(self, query)

    monkeypatch.setattr(CardSearch, "cards", counted)
    QTest.keyClicks(library.search, "keeper 002")
    running.until(lambda: names(running) == ["Keeper 002"])
    assert set(asked) == {"keeper 002"}


@pytest.mark.qt_log_ignore(
    "raise\\(\\)", "grabbing", "propagateSizeHints", extend=True
)  # of popups, offscreen
def test_filters_narrow_and_chips_take_them_away(run_window):
    running = run_window()
    ids = put(
        running.workspace,
        [card("Anna", tags=["sea", "fog"]), card("Bert", tags=["sea"]), card("Cleo", tags=["sand"])],
    )
    running.workspace.library.rate([ids[0]], 4)
    filters = running.library.browser.filters
    running.until(lambda: len(names(running)) == 3 and filters._choices is not None)
    running.until(lambda: filters._choices.facets.tags[0] == ("sea", 2))
    popup = filters.open_tags()
    assert popup._model.item(0).text() == "sea (2)"
    popup._model.item(0).setCheckState(Qt.CheckState.Checked)
    popup.close()
    running.until(lambda: sorted(names(running)) == ["Anna", "Bert"])
    filters.rating.picked.emit("3")
    running.until(lambda: names(running) == ["Anna"])
    chips = [
        chip for chip in filters.findChildren(type(filters.clear_button)) if chip.property("role") == "filter"
    ]
    shown = {chip.text(): chip for chip in chips if chip.isVisible()}
    assert set(shown) == {"sea", "3 stars or more"}
    shown["3 stars or more"].click()
    running.until(lambda: len(names(running)) == 2)
    filters.clear_button.click()
    running.until(lambda: len(names(running)) == 3)
    assert not filters.clear_button.isVisible()


def test_a_format_filter_takes_what_was_written_and_what_cards_came_as(run_window, tmp_path):
    running = run_window()
    ids = put(running.workspace, [card("Anna"), card("Bert")])
    running.workspace.card_files.export([ids[0]], ["charx"], tmp_path, "default")
    filters = running.library.browser.filters
    running.until(lambda: len(names(running)) == 2)
    filters.filter(format="charx")
    running.until(lambda: names(running) == ["Anna"])
    filters.filter(format="v3")
    running.until(lambda: len(names(running)) == 2)


def test_headers_and_the_menu_sort_alike(run_window):
    running = run_window()
    put(running.workspace, [card("Bert", description="x " * 50), card("anna"), card("Cleo", tags=["a"])])
    browser = running.library.browser
    running.until(lambda: len(names(running)) == 3)
    browser.filters.sort.picked.emit("name")
    running.until(lambda: names(running) == ["anna", "Bert", "Cleo"])
    assert browser.table.horizontalHeader().sortIndicatorSection() == 0
    browser.show_as("table")
    header = browser.table.horizontalHeader()
    at = header.sectionViewportPosition(0) + 20
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=header.viewport().rect().topLeft() + _x(at)
    )
    running.until(lambda: names(running) == ["Cleo", "Bert", "anna"])
    at = header.sectionViewportPosition(3) + 20  # permanent tokens: the most first
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=header.viewport().rect().topLeft() + _x(at)
    )
    running.until(lambda: names(running)[0] == "Bert")


def _x(at: int):
    from PySide6.QtCore import QPoint

    return QPoint(at, 10)


def test_selection_lives_through_changes_and_both_views(run_window):
    running = run_window()
    ids = lamp_keepers(running, 8)
    browser = running.library.browser
    select(running, ids[2], ids[5])
    running.workspace.library.rate([ids[0]], 5)
    running.until(lambda: browser.model.card(ids[0]).rating == 5)
    assert {each.id for each in browser.cards()} == {ids[2], ids[5]}
    browser.show_as("table")
    assert len(browser.table.selectionModel().selectedRows()) == 2
    browser.filters.sort.picked.emit("name")
    running.until(lambda: names(running)[0] == "Keeper 000")
    assert {each.id for each in browser.cards()} == {ids[2], ids[5]}
    browser.search.setText("Keeper 005")
    running.until(lambda: names(running) == ["Keeper 005"])
    assert [each.id for each in browser.cards()] == [ids[5]]
    browser.current_view.selectAll()
    browser.show_all()
    running.until(lambda: len(names(running)) == 8)
    assert [each.id for each in browser.cards()] == [ids[5]]


def test_letters_find_a_name_and_enter_opens_it(run_window):
    running = run_window()
    put(running.workspace, [card("Anna"), card("Bert"), card("Bella")])
    browser, opened = running.library.browser, []
    browser.opened.connect(opened.append)
    running.until(lambda: len(names(running)) == 3)
    browser.filters.sort.picked.emit("name")
    running.until(lambda: names(running) == ["Anna", "Bella", "Bert"])
    select(running, browser.model.cards[0].id)
    QTest.keyClicks(browser.grid, "ber")
    assert [each.name for each in browser.cards()] == ["Bert"]
    QTest.keyClick(browser.grid, Qt.Key.Key_Return)
    assert opened == [browser.cards()[0].id]


def test_pictures_are_read_only_of_cards_one_sees(run_window, monkeypatch):
    running = run_window()
    asked, whole = [], CardLibrary.thumbnail

    def counted(self, card_id, size):
        asked.append(card_id)
        return whole(self, card_id, size)

    monkeypatch.setattr(CardLibrary, "thumbnail", counted)
    running.library.browser.show_as("grid")
    ids = lamp_keepers(running, 120)
    browser = running.library.browser
    seen = {browser.model.cards[at].id for at in browser.grid.visible_rows()}
    assert 0 < len(seen) < 40
    running.until(lambda: all(browser.pictures.picture(card_id) is not None for card_id in seen))
    assert set(asked) <= seen
    bar = browser.grid.verticalScrollBar()
    for part in range(1, 10):  # flies past: what is on the way is never read
        bar.setValue(bar.maximum() * part // 10)
    bar.setValue(bar.maximum())
    end = {browser.model.cards[at].id for at in browser.grid.visible_rows()}
    running.until(lambda: all(browser.pictures.picture(card_id) is not None for card_id in end))
    assert set(asked) <= seen | end
    assert len(ids) == 120
    shown = browser.grid.indexAt(browser.grid.viewport().rect().center()).row()
    assert shown in browser.grid.visible_rows()


def test_a_library_that_cant_be_read_says_so_and_tries_again(run_window, monkeypatch):
    running = run_window()
    lamp_keepers(running, 2)
    browser, whole = running.library.browser, CardSearch.cards

    def busy(self, query):
        raise StoreError("STORE_BUSY", "The store is busy.")

    monkeypatch.setattr(CardSearch, "cards", busy)
    browser.filters.filter(text="keeper")
    running.until(lambda: browser._pages.currentWidget() is browser._unreadable)
    monkeypatch.setattr(CardSearch, "cards", whole)
    browser.finder.refresh()
    running.until(browser._splitter.isVisible)


def test_view_columns_and_sides_are_kept_between_starts(run_window):
    running = run_window()
    lamp_keepers(running, 2)
    table = running.library.browser.table
    running.library.browser.show_as("table")
    table.hideColumn(2)
    table.showColumn(7)
    running.close()
    again = run_window()
    again.until(lambda: again.library.model.rowCount() == 2)
    browser = again.library.browser
    assert browser.current_view is browser.table
    assert browser.table.isColumnHidden(2)
    assert not browser.table.isColumnHidden(7)


def test_the_name_has_what_the_other_columns_leave(run_window):
    running = run_window()
    lamp_keepers(running, 1)
    running.library.browser.show_as("table")
    running.window.resize(1600, 900)
    table = running.library.browser.table
    running.until(lambda: not table.isColumnHidden(6))
    widths = sum(table.columnWidth(column) for column in range(table.model().columnCount()))
    assert widths == table.viewport().width()
    running.window.resize(900, 600)
    running.until(lambda: table.isColumnHidden(6))
    assert table.columnWidth(0) >= 170
