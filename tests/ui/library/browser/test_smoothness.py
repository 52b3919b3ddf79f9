"""What keeps the window smooth with many cards leaves the same on the screen."""

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QLabel, QListView, QWidget

from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ui.library.card_model import SUMMARY
from cardforge_desktop.ui.library.finder import with_known
from cardforge_desktop.ui.library.grid import CardGrid, TileDelegate
from cardforge_desktop.ui.widgets.basics import FlowLayout, chip
from tests.ui.library.browser.cards import card, lamp_keepers, names, put, select
from tests.ui.library.browser.test_arrangement import summary


def _texts(view: QWidget) -> list[str]:
    return [each.text() for each in view.findChildren(QLabel) if each.isVisibleTo(view) and each.text()]


def test_one_pane_shows_card_after_card_and_keeps_nothing_of_the_one_before(run_window):
    running = run_window()
    entries = [BookEntry(keys=["quay"], content="The only dry quay.")]
    more = {"tags": ["sea", "fog"], "character_book": CharacterBook(entries=entries)}
    first, second = put(running.workspace, [card("Anna", **more), card("Bert", tags=["hills"])])
    library = running.library
    running.until(lambda: library.model.rowCount() == 2)
    select(running, first)
    running.until(lambda: {"Anna", "sea", "fog", "The only dry quay."} <= set(_texts(library.view)))
    library.view.verticalScrollBar().setValue(40)
    select(running, second)
    running.until(lambda: "Bert keeps a lamp." in _texts(library.view))
    assert {"Bert", "hills"} <= set(_texts(library.view))
    assert not {"Anna", "sea", "fog", "The only dry quay."} & set(_texts(library.view))
    assert library.view.verticalScrollBar().value() == 0
    running.until(lambda: not [each for each in library.view.findChildren(QLabel) if "Anna" in each.text()])


def test_a_card_that_changed_is_painted_anew_and_the_grid_is_not_laid_out(run_window, monkeypatch):
    layouts: list[int] = []
    painted: list[tuple[str, int]] = []
    paint = TileDelegate.paint

    def lay_out(grid):
        layouts.append(1)
        QListView.doItemsLayout(grid)

    def watched(delegate, painter, option, index):
        painted.append((index.data(SUMMARY).id, index.data(SUMMARY).rating))
        paint(delegate, painter, option, index)

    monkeypatch.setattr(CardGrid, "doItemsLayout", lay_out, raising=False)
    monkeypatch.setattr(TileDelegate, "paint", watched)
    running = run_window()
    ids = lamp_keepers(running, 4)
    running.until(lambda: running.library.view.card is not None and (ids[1], 0) in painted)
    assert layouts
    layouts.clear()
    running.workspace.library.rate((ids[1],), 5)
    running.until(lambda: (ids[1], 5) in painted)
    assert layouts == []


def test_cards_that_are_known_stay_the_very_objects():
    old = [summary(1), summary(2)]
    cards, known = with_known(
        (summary(1), summary(2, version=2), summary(3)), {each.id: each for each in old}
    )
    assert cards == (summary(1), summary(2, version=2), summary(3))
    assert cards[0] is old[0]
    assert cards[1] is not old[1]
    assert [known[each.id] is each for each in cards] == [True, True, True]


def test_a_search_keeps_the_chosen_card_when_all_come_back(run_window):
    running = run_window()
    ids = lamp_keepers(running, 6)
    library = running.library
    select(running, ids[3])
    library.search.setText("Keeper 003")
    running.until(lambda: names(running) == ["Keeper 003"])
    library.search.clear()
    running.until(lambda: library.model.rowCount() == 6)
    assert [each.id for each in library.browser.cards()] == [ids[3]]


def test_lines_of_chips_follow_what_the_chips_say(qtbot):
    frame = QWidget()
    qtbot.addWidget(frame)
    flow, words = FlowLayout(), [chip("fog") for _ in range(6)]
    frame.setLayout(flow)
    for word in words[:5]:
        flow.addWidget(word)
    width = sum(flow.itemAt(at).sizeHint().width() + 6 for at in range(5))
    one_line = flow.heightForWidth(width)
    flow.addWidget(words[5])
    assert flow.heightForWidth(width) > one_line
    flow.removeWidget(words[5])
    assert flow.heightForWidth(width) == one_line
    words[0].setText("a much longer word than before")
    QWidget.event(frame, QEvent(QEvent.Type.LayoutRequest))
    assert flow.heightForWidth(width) > one_line
