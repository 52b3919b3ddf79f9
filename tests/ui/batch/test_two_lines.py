"""Long names in the table are told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import QApplication

from cardforge_desktop.ui.batch.two_lines import two_lines

WIDTH = 114


@pytest.fixture(scope="module")
def font(qapp: QApplication) -> QFont:
    return QApplication.font()


def test_names_of_one_beginning_and_end_are_told_apart(font: QFont) -> None:
    first, second = two_lines("note 4612 of the archive of the lighthouse.md", font, WIDTH)
    assert first.startswith("note 4612")
    assert second.endswith(".md")


def test_a_short_name_takes_one_line(font: QFont) -> None:
    assert two_lines("mirela.md", font, WIDTH) == ("mirela.md", "")


NAMES = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="…"),
    min_size=1,
    max_size=60,
)


@given(name=NAMES)
def test_both_lines_fit_and_are_the_ends_of_the_name(qapp: QApplication, name: str) -> None:
    font = QApplication.font()
    first, second = two_lines(name, font, WIDTH)
    assert name.startswith(first)
    assert name.endswith(second.rpartition("…")[2])
    assert QFontMetrics(font).horizontalAdvance(second) <= WIDTH
