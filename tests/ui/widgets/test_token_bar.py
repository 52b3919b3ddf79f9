"""The token bar: what it says, what it draws, when it warns, and that it can be used without a pointer."""

import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.tokens import TokenBudget, token_budget
from cardforge_desktop.tokens import TOKENIZERS
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import DARK, LIGHT, Theme
from cardforge_desktop.ui.widgets.token_bar import TokenBar, TokenCount, tokenizer_text


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def bar(qtbot: QtBot, theme: Theme) -> TokenBar:
    made = TokenBar(theme, Icons(theme))
    qtbot.addWidget(made)
    made.resize(900, made.sizeHint().height())
    made.show()
    return made


def budget(permanent: int, temporary: int = 0) -> TokenBudget:
    """A word is a token here."""
    card = Card(description="word " * permanent, first_mes="word " * temporary)
    return token_budget(card, lambda text: len(text.split()))


def colours_along(bar: TokenBar, *shares: float) -> list[str]:
    image = bar.meter.grab().toImage()
    return [
        QColor(image.pixel(round(3 + share * (image.width() - 6)), image.height() // 2)).name().upper()
        for share in shares
    ]


def test_both_parts_are_told_with_words_and_numbers(bar: TokenBar):
    bar.set_budget(budget(1204, 380))
    assert "1,204 permanent, 380 temporary, 1,584 of 8,192" in bar.text


def test_both_parts_are_as_long_as_they_are_large_and_of_different_tones(bar: TokenBar):
    bar.set_context(1000)
    bar.set_budget(budget(250, 400))
    permanent, temporary, rest = colours_along(bar, 0.2, 0.3, 0.7)
    assert [permanent, temporary] == [colour.upper() for colour in bar.meter.colours()]
    assert colours_along(bar, 0.01, 0.24, 0.26, 0.64, 0.66, 0.98) == [
        *[permanent] * 2,
        *[temporary] * 2,
        *[rest] * 2,
    ]
    assert len({permanent, temporary, rest}) == 3


def test_in_right_to_left_the_bar_begins_at_the_right(bar: TokenBar):
    bar.set_context(1000)
    bar.set_budget(budget(250))
    plain = colours_along(bar, 0.1, 0.9)
    bar.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert colours_along(bar, 0.9, 0.1) == plain


@pytest.mark.parametrize(
    ("permanent", "temporary", "said", "role"),
    [
        (500, 500, "1,000 of 1,000", "muted"),
        (501, 0, "permanent is more than half of 1,000", "error"),
        (500, 501, "together more than 1,000", "warn"),
        (10**7, 0, "permanent is more than half of 1,000", "error"),
    ],
)
def test_it_warns_in_words_above_half_of_the_context(bar: TokenBar, permanent, temporary, said, role):
    bar.set_context(1000)
    bar.set_budget(
        TokenBudget(
            dict.fromkeys(budget(0).fields, 0) | {"description": permanent, "first_mes": temporary},
            (),
            (),
        )
    )
    assert f", {said}, " in bar.text
    assert bar._said.property("role") == role
    assert bar._warning.isVisible() == (role != "muted")
    assert (bar.meter.colours()[0] == LIGHT.error) == (role == "error")


def test_nothing_is_claimed_while_counting(bar: TokenBar):
    bar.set_budget(budget(5000))
    bar.set_budget(None)
    assert "— permanent" in bar.text
    assert "5,000" not in bar.text
    assert bar.meter.table == ""


def test_estimates_are_marked(bar: TokenBar):
    bar.set_budget(budget(7))
    assert "≈" not in bar.text
    bar.set_tokenizer("claude")
    assert "≈ 7 permanent" in bar.text
    assert "≈ 7" in bar.meter.table
    assert bar.chooser.accessibleDescription() == "Claude · estimate"
    assert {tokenizer_text(each).rsplit(" · ")[1] for each in TOKENIZERS.values() if each.exact} == {"exact"}


def test_choosing_a_tokenizer_is_told_setting_one_is_not(bar: TokenBar):
    chosen: list[str] = []
    bar.tokenizer_chosen.connect(chosen.append)
    bar.set_tokenizer("gemini")
    assert chosen == []
    action = next(each for each in bar.chooser._group.actions() if each.data() == "cl100k")
    action.trigger()
    assert chosen == ["cl100k"]
    assert bar.tokenizer == "cl100k"


def test_an_unknown_tokenizer_of_another_version_is_the_first(bar: TokenBar):
    bar.set_tokenizer("o900k")
    assert bar.tokenizer == bar.chooser.current == "o200k"


def test_the_table_has_every_field_and_what_counts_besides(bar: TokenBar):
    card = Card(
        name="one",
        description="one two",
        scenario="w " * 3,
        first_mes="w " * 4,
        mes_example="w " * 5,
        system_prompt="w " * 6,
        alternate_greetings=["w", "w " * 7],
        character_book=CharacterBook(entries=[BookEntry(content="w " * 8), BookEntry(content="w")]),
    )
    bar.set_budget(token_budget(card, lambda text: len(text.split())))
    rows = re.findall(r"<td>([^<]+?)(?:&nbsp;)+</td><td align=right>(\d+)</td>", bar.meter.table)
    assert dict(rows) == {
        "Name": "1",
        "Description": "2",
        "Personality": "0",
        "Scenario": "3",
        "First message": "4",
        "Example messages": "5",
        "System prompt": "6",
        "Longest alternate greeting": "7",
        "Character book, all entries": "9",
    }
    assert all(f"{title} {count}" in bar.text for title, count in rows)


@pytest.mark.qt_log_ignore("does not support (raise|propagateSizeHints)")  # the offscreen platform
def test_the_table_is_shown_by_key_and_by_pointer(bar: TokenBar, qtbot: QtBot):
    bar.set_budget(budget(7))
    bar.meter.setFocus()
    qtbot.keyClick(bar.meter, Qt.Key.Key_Space)
    assert QToolTip.text() == bar.meter.table
    bar.chooser.setFocus()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_it_follows_the_theme(bar: TokenBar, theme: Theme):
    bar.set_budget(budget(4000))
    assert colours_along(bar, 0.1) == [LIGHT.accent]
    theme.choose("dark")
    assert colours_along(bar, 0.1) == [DARK.accent]
    assert bar._keys[0].grab().toImage().pixelColor(QPoint(4, 4)).name().upper() == DARK.accent


def test_numbers_stay_whole_when_there_is_little_room(bar: TokenBar):
    bar.set_budget(budget(5000, 100))
    bar.resize(bar.minimumSizeHint())
    for words in (bar._permanent, bar._temporary):
        assert words.width() >= words.sizeHint().width()


def test_the_count_of_one_field(qtbot: QtBot):
    count = TokenCount()
    qtbot.addWidget(count)
    count.set_count(1480)
    assert count.text().startswith("1,480 token")
    count.set_count(1480, estimate=True)
    assert count.text().startswith("≈ 1,480 token")
    count.set_count(None)
    assert count.text() == ""
