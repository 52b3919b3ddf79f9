"""Long texts are laid out by and by, and nothing of them is lost or mixed up."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.fields_view import FieldsView
from cardforge_desktop.ui.theme import Theme

LONG = "The lamp of the north tower is kept by Tessa Marrow and nobody in the harbour sings. " * 400


@pytest.fixture(scope="module")
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> FieldsView:
    made = FieldsView(theme)
    qtbot.addWidget(made)
    made.resize(320, 500)
    made.show()
    return made


def whole(texts: dict[str, str]) -> str:
    return "\n".join(f"{formatting.field_label(name)}\n{text}" for name, text in texts.items())


def test_a_long_card_comes_in_parts_and_is_whole_in_the_end(view: FieldsView, qtbot: QtBot) -> None:
    texts = {"description": LONG, "personality": "Calm.", "first_mes": LONG, "scenario": LONG}
    view.show_fields(texts)
    assert not view.is_whole, "100,000 characters at once would hold the window up"
    assert view.texts == texts
    qtbot.waitUntil(lambda: view.is_whole)
    assert view.toPlainText() == whole(texts)


def test_what_grows_while_the_rest_still_comes_is_put_behind_it(view: FieldsView, qtbot: QtBot) -> None:
    view.show_fields({"description": LONG, "personality": LONG})
    view.grow("first_mes", "Hello")
    view.grow("first_mes", "Hello there.")
    qtbot.waitUntil(lambda: view.is_whole)
    assert view.toPlainText() == whole(
        {"description": LONG, "personality": LONG, "first_mes": "Hello there."}
    )


def test_another_card_takes_the_place_of_one_that_still_comes(view: FieldsView, qtbot: QtBot) -> None:
    view.show_fields({"description": LONG})
    view.show_fields({"scenario": "Short."})
    qtbot.waitUntil(lambda: view.is_whole)
    assert view.toPlainText() == whole({"scenario": "Short."})


def test_who_reads_at_the_top_stays_there_and_who_is_at_the_end_follows(
    view: FieldsView, qtbot: QtBot
) -> None:
    bar = view.verticalScrollBar()
    view.grow("description", LONG[:8_000])
    qtbot.waitUntil(lambda: view.is_whole and bar.maximum() > 0)
    assert bar.value() == bar.maximum()
    view.grow("description", LONG[:12_000])
    qtbot.waitUntil(lambda: view.is_whole)
    assert bar.value() == bar.maximum()
    bar.setValue(10)
    view.grow("description", LONG[:16_000])
    qtbot.waitUntil(lambda: view.is_whole)
    assert bar.value() == 10


@given(
    st.lists(
        st.tuples(st.sampled_from(("description", "scenario", "first_mes")), st.text("ab\n", max_size=12)),
        max_size=12,
    )
)
def test_whatever_comes_is_shown_as_it_came_last(theme: Theme, steps) -> None:
    view = FieldsView(theme)
    expected: dict[str, str] = {}
    for name, text in steps:
        view.grow(name, text)
        if text:
            expected[name] = text
    while not view.is_whole:
        QApplication.processEvents()
    assert view.toPlainText() == whole(expected)
    view.deleteLater()
