"""Find and replace, as a person uses it, over real fields."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.background import Background
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.find_bar import FindBar
from cardforge_desktop.ui.widgets.text_field import TextField

KEY = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Form(QWidget):
    """Two fields and the bar over them."""

    def __init__(self, theme: Theme, background: Background):
        super().__init__()
        self.parts = {name: TextField(theme, name) for name in ("description", "first_mes")}
        self.selected: list[tuple[str, str]] = []
        self.bar = FindBar(Icons(theme), background, self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.bar)
        for part in self.parts.values():
            layout.addWidget(part)

    def fields(self) -> Sequence[tuple[str, str, str]]:
        return [(path, path.title(), part.text) for path, part in self.parts.items()]

    def select(self, path: str, start: int, end: int) -> None:
        self.parts[path].select(start, end)
        self.selected.append((path, self.parts[path].textCursor().selectedText()))

    def replace(self, path: str, start: int, end: int, new: str) -> None:
        self.parts[path].replace(start, end, new)

    def texts(self) -> list[str]:
        return [part.text for part in self.parts.values()]


@pytest.fixture
def form(qapp: QApplication, qtbot: QtBot, loop) -> Iterator[Form]:
    import asyncio

    theme, background = Theme(qapp, "light"), Background(1)
    errors: list[BaseException] = []
    background.failed.connect(errors.append)
    made = Form(theme, background)
    qtbot.addWidget(made)
    made.parts["description"].set_text("😀 Mira is old. mira, MIRA!")
    made.parts["first_mes"].set_text("Mirabel waves to Mira.")
    made.show()
    yield made
    closing = asyncio.ensure_future(background.close())
    qtbot.waitUntil(closing.done)
    background.deleteLater()
    theme.deleteLater()
    assert errors == []


@pytest.fixture
def settled(form: Form, qtbot: QtBot) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: form.bar.is_settled)


def test_typing_goes_to_the_first_place_and_enter_around(form: Form, qtbot: QtBot, settled):
    form.bar.begin()
    qtbot.keyClicks(form.bar.words, "mira")
    settled()
    assert form.selected[-1] == ("description", "Mira")
    assert form.bar.count.text() == "1 of 5"
    for _ in range(3):
        qtbot.keyClick(form.bar.words, KEY.Key_Return)
    assert form.selected[-1] == ("first_mes", "Mira")
    assert form.bar.count.text() == "4 of 5"
    qtbot.keyClick(form.bar.words, KEY.Key_Return)
    qtbot.keyClick(form.bar.words, KEY.Key_F3)
    assert form.bar.count.text() == "1 of 5"
    qtbot.keyClick(form.bar.words, KEY.Key_Return, SHIFT)
    assert form.bar.count.text() == "5 of 5"
    qtbot.keyClick(form.bar.words, KEY.Key_F3, SHIFT)
    assert form.bar.count.text() == "4 of 5"


def test_enter_before_the_answer_is_not_lost(form: Form, qtbot: QtBot, settled):
    form.bar.begin()
    form.bar.words.setText("mira")
    qtbot.keyClick(form.bar.words, KEY.Key_Return)
    assert not form.bar.is_settled
    settled()
    assert form.bar.count.text() == "2 of 5", "as if the first place had been shown before"


def test_case_and_whole_words_narrow(form: Form, qtbot: QtBot, settled):
    form.bar.begin("Mira")
    form.bar.whole.click()
    settled()
    assert len(form.bar._found.hits) == 4
    form.bar.case.click()
    settled()
    assert len(form.bar._found.hits) == 2


def test_replacing_one_goes_on_behind_it(form: Form, qtbot: QtBot, settled):
    form.bar.begin("Mira", replace=True)
    settled()
    form.bar.new.setText("Mira Mira")
    form.bar.new.setFocus()
    qtbot.keyClick(form.bar.new, KEY.Key_Return)
    qtbot.waitUntil(lambda: form.texts()[0] == "😀 Mira Mira is old. mira, MIRA!")
    settled()
    assert form.selected[-1] == ("description", "mira"), "not the new text again"


def test_replacing_all_is_one_undo_for_each_field(form: Form, qtbot: QtBot, settled):
    before = form.texts()
    form.bar.begin("mira", replace=True)
    settled()
    form.bar.new.setText("Tess")
    form.bar.all.click()
    qtbot.waitUntil(lambda: form.texts() == ["😀 Tess is old. Tess, Tess!", "Tessbel waves to Tess."])
    settled()
    assert form.bar.count.text().startswith("5 place")
    for part in form.parts.values():
        part.undo()
    assert form.texts() == before


def test_a_broken_pattern_is_told_and_changes_nothing(form: Form, qtbot: QtBot, settled):
    form.bar.begin("(mira", replace=True)
    settled()
    assert form.bar.count.text() == "Nothing found"
    form.bar.pattern.click()
    settled()
    assert form.bar.problem.isVisible()
    assert "character" in form.bar.problem.text()
    assert form.bar.words.property("tone") == "error"
    form.bar.words.setText("(mira)")
    settled()
    assert not form.bar.problem.isVisible()
    assert form.bar.count.text() == "1 of 5"


def test_a_pattern_without_end_is_told(form: Form, qtbot: QtBot, settled):
    form.parts["description"].set_text("a" * 80 + "!")
    form.bar.begin("(a+)+$")
    form.bar.pattern.click()
    settled()
    assert "too long" in form.bar.problem.text()


def test_an_edit_elsewhere_keeps_the_place(form: Form, qtbot: QtBot, settled):
    form.bar.begin("mira")
    settled()
    form.bar.next()
    assert form.bar.count.text() == "2 of 5"
    selected = list(form.selected)
    form.parts["first_mes"].set_text("gone")
    form.bar.refresh()
    settled()
    assert form.bar.count.text() == "2 of 3"
    assert form.selected == selected


def test_a_text_that_changed_meanwhile_is_not_replaced_blindly(form: Form, qtbot: QtBot, settled):
    form.bar.begin("mira", replace=True)
    settled()
    form.bar.next()
    form.parts["description"].set_text("short")  # nobody told the bar
    form.bar.replace()
    settled()
    qtbot.wait(1)
    assert form.texts()[0] == "short"


def test_escape_closes(form: Form, qtbot: QtBot):
    form.bar.begin("mira")
    with qtbot.waitSignal(form.bar.closed):
        qtbot.keyClick(form.bar.words, KEY.Key_Escape)
    assert form.bar.isHidden()
