"""The list of greetings: written in, sorted by mouse and by key, folded, added to and taken from."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme, Tone
from cardforge_desktop.ui.widgets.sortable_list import GreetingList, ListWords
from cardforge_desktop.ui.widgets.text_field import Mark

WORDS = ListWords("Greeting %1", "Add a greeting", "No other greetings.", "*The door opens…*")
ALT = Qt.KeyboardModifier.AltModifier
THREE = ["first one", "second\none", "third 😀"]


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def made(qtbot: QtBot, theme: Theme):
    listed = GreetingList(theme, Icons(theme), WORDS)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(listed)
    qtbot.addWidget(area)
    area.resize(500, 700)
    area.show()
    listed.set_texts(THREE)
    QApplication.processEvents()
    yield listed
    area.close()


@pytest.fixture
def told(made: GreetingList) -> list[list[str]]:
    heard: list[list[str]] = []
    made.changed.connect(lambda texts: heard.append(list(texts)))
    return heard


def drag(made: GreetingList, item: int, to: QPoint, *, drop: bool = True) -> None:
    """Take an item by its handle to a place in the list."""
    handle = made.items[item].handle
    port = handle.mapFrom(made, to)
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())
    QTest.mouseMove(handle, port)
    if drop:
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=port)


def above(made: GreetingList, item: int) -> QPoint:
    return QPoint(40, made.items[item].geometry().top() + 3)


def below(made: GreetingList, item: int) -> QPoint:
    return QPoint(40, made.items[item].geometry().bottom() - 3)


def test_setting_texts_is_no_change_and_writing_is(made: GreetingList, told, qtbot: QtBot):
    assert made.texts == THREE
    assert told == []
    field = made.items[1].field
    field.setFocus()
    qtbot.keyClicks(field, "X")
    assert told == [["first one", "Xsecond\none", "third 😀"]]


def test_items_are_named_by_their_places(made: GreetingList):
    assert [item.field.accessibleName() for item in made.items] == ["Greeting 1", "Greeting 2", "Greeting 3"]
    made.move_text(0, 2)
    assert [item.field.accessibleName() for item in made.items] == ["Greeting 1", "Greeting 2", "Greeting 3"]
    assert [item.up.isEnabled() for item in made.items] == [False, True, True]
    assert [item.down.isEnabled() for item in made.items] == [True, True, False]
    for item in made.items:
        for tool in (item.fold, item.up, item.down, item.remove):
            assert item.title.text() in tool.accessibleName()
            assert tool.toolTip() == tool.accessibleName()


@pytest.mark.parametrize(
    ("item", "place", "order"),
    [
        (0, (below, 2), [1, 2, 0]),
        (2, (above, 0), [2, 0, 1]),
        (0, (below, 1), [1, 0, 2]),
        (1, (above, 1), [0, 1, 2]),
        (1, (above, 2), [0, 1, 2]),
    ],
)
def test_an_item_is_dragged_by_its_handle(made: GreetingList, told, item, place, order):
    where, other = place
    drag(made, item, where(made, other))
    expected = [THREE[at] for at in order]
    assert made.texts == expected
    assert told == ([expected] if order != [0, 1, 2] else [])
    assert not made._marker.isVisible()


def test_a_drag_shows_where_it_would_end_and_is_given_up_with_escape(made: GreetingList, told, qtbot: QtBot):
    drag(made, 0, below(made, 2), drop=False)
    assert made._marker.isVisible()
    assert abs(made._marker.y() - made.items[2].geometry().bottom()) < 12
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    assert not made._marker.isVisible()
    assert made.texts == THREE
    assert told == []


def test_an_item_that_goes_while_it_is_dragged_leaves_the_others_in_peace(made: GreetingList):
    drag(made, 2, above(made, 0), drop=False)
    handle = made.items[2].handle
    made.set_texts(THREE[:2])  # an undo meanwhile
    assert not made._marker.isVisible()
    assert not handle.isVisible()
    QApplication.processEvents()
    drag(made, 1, above(made, 0))
    assert made.texts == [THREE[1], THREE[0]]


def test_dragging_at_the_edge_scrolls_the_page(made: GreetingList, qtbot: QtBot):
    made.set_texts([f"Text {number}\n" * 5 for number in range(12)])
    area = made.window()
    assert isinstance(area, QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    drag(made, 0, QPoint(40, 690), drop=False)
    assert area.verticalScrollBar().value() > 0
    QTest.mouseRelease(made.items[0].handle, Qt.MouseButton.LeftButton)


def test_the_keys_move_the_one_that_is_written_in_and_the_cursor_stays(made, told, qtbot: QtBot):
    field = made.items[2].field
    field.setFocus()
    cursor = field.textCursor()
    cursor.setPosition(5)
    field.setTextCursor(cursor)
    qtbot.keyClick(field, Qt.Key.Key_Up, ALT)
    qtbot.keyClick(field, Qt.Key.Key_Up, ALT)
    assert made.texts == [THREE[2], THREE[0], THREE[1]]
    assert field.hasFocus()
    assert field.textCursor().position() == 5
    qtbot.keyClick(field, Qt.Key.Key_Up, ALT)  # there is no further up
    qtbot.keyClick(field, Qt.Key.Key_Down, ALT)
    assert made.texts == [THREE[0], THREE[2], THREE[1]]
    assert len(told) == 3


def test_a_button_that_moves_its_item_to_the_end_gives_the_focus_to_the_field(
    made: GreetingList, qtbot: QtBot
):
    item = made.items[1]
    item.down.setFocus()
    qtbot.keyClick(item.down, Qt.Key.Key_Space)
    assert made.items[2] is item
    assert item.field.hasFocus()


def test_one_is_added_and_written_at_once(made: GreetingList, told, qtbot: QtBot):
    made.add_button.click()
    field = made.items[3].field
    assert field.hasFocus()
    assert field.placeholderText() == WORDS.placeholder
    qtbot.keyClicks(field, "Hi")
    assert told[0] == [*THREE, ""]
    assert told[-1] == [*THREE, "Hi"]


def test_removing_tells_what_it_was_and_can_be_undone(made: GreetingList, told, qtbot: QtBot):
    removed: list[tuple[int, str]] = []
    made.removed.connect(lambda at, text: removed.append((at, text)))
    made.items[1].remove.setFocus()
    qtbot.keyClick(made.items[1].remove, Qt.Key.Key_Space)
    assert removed == [(1, THREE[1])]
    assert made.texts == [THREE[0], THREE[2]]
    assert made.items[1].remove.hasFocus()
    made.insert(*removed[0])
    assert made.texts == THREE
    assert told[-1] == THREE
    for _ in THREE:
        made.items[0].remove.setFocus()
        made.items[0].remove.click()
    assert made.empty.isVisible()
    assert made.add_button.hasFocus()


def test_folded_the_first_line_is_shown(made: GreetingList):
    item = made.items[1]
    item.fold.click()
    assert not item.field.isVisible()
    assert item.first_line.accessibleName() == "second"
    made.set_texts(["a", "other\ntext", "c"])
    assert item.first_line.accessibleName() == "other"
    made.fold_all.click()
    assert all(each.is_folded for each in made.items)
    made.fold_all.click()
    assert not any(each.is_folded for each in made.items)


def test_folding_all_says_what_it_does_next(made: GreetingList):
    for item in made.items:
        item.fold.click()
    assert made.fold_all.text() == "Unfold all"
    made.items[0].fold.click()
    assert made.fold_all.text() == "Fold all"


def test_texts_that_stay_keep_their_undo(made: GreetingList, qtbot: QtBot):
    field = made.items[0].field
    field.setFocus()
    qtbot.keyClicks(field, "A")
    made.set_texts(["Afirst one", "other"])
    assert field.document().isUndoAvailable()
    assert made.texts == ["Afirst one", "other"]


def test_tokens_and_marks_are_shown(made: GreetingList):
    made.set_tokens(1, 12, estimate=True)
    assert made.items[1].tokens.text().startswith("≈ 12 token")
    made.mark(0, [Mark(0, 5, Tone.WARN, "why")])
    assert made.items[0].field.extraSelections()


def test_mirrored_the_handle_stands_at_the_right_and_drags(made: GreetingList):
    made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    item = made.items[0]
    assert item.handle.geometry().center().x() > item.width() // 2
    drag(made, 0, below(made, 2))
    assert made.texts == [THREE[1], THREE[2], THREE[0]]


class Sorting(RuleBasedStateMachine):
    """The list against a plain list."""

    def __init__(self) -> None:
        super().__init__()
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.theme = Theme(app, "light")
        self.list = GreetingList(self.theme, Icons(self.theme), WORDS)
        self.texts: list[str] = []

    def teardown(self) -> None:
        self.list.deleteLater()
        self.theme.deleteLater()

    @rule(at=st.integers(0, 4), text=st.text(max_size=3))
    def insert(self, at: int, text: str) -> None:
        self.list.insert(at, text)
        self.texts.insert(min(at, len(self.texts)), text)

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def remove(self, data) -> None:
        at = data.draw(st.integers(0, len(self.texts) - 1))
        self.list.remove(at)
        del self.texts[at]

    @precondition(lambda self: self.texts)
    @rule(data=st.data())
    def move(self, data) -> None:
        start, end = (data.draw(st.integers(0, len(self.texts) - 1)) for _ in range(2))
        self.list.move_text(start, end)
        self.texts.insert(end, self.texts.pop(start))

    @invariant()
    def same(self) -> None:
        assert self.list.texts == self.texts


Sorting.TestCase.settings = settings(max_examples=10, stateful_step_count=12)


@pytest.mark.usefixtures("qapp")
class TestSorting(Sorting.TestCase):
    """Run with an application."""
