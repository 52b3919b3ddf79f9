"""Texts in tiles and rows: as much as fits, laid out no further than that, with the marks in their places."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from cardforge_desktop.ui.books.marked_text import MarkedText
from cardforge_desktop.ui.theme import Theme, Tone

WORDS = (
    "lantern",
    "🐉",
    "🔥🔥🔥",
    "il",
    "iiiiiiiiii",
    "WWWMMM",
    "the",
    "x" * 70,
    "حديقة",
    "日本語",
    "é",
    "…",
    "a-b",
)
TEXTS = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=50).map(" ".join), st.sampled_from(("", "i" * 500, "i " * 300))
)


@pytest.fixture(scope="module")
def drawn(qapp: QApplication) -> Iterator[MarkedText]:
    theme = Theme(qapp, "light")
    yield MarkedText(theme, theme.font())
    theme.deleteLater()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(TEXTS, st.sampled_from((1, 30, 90, 200, 500)), st.integers(1, 4), st.booleans())
def test_a_text_is_shown_as_far_as_it_fits(
    drawn: MarkedText, text: str, width: int, lines: int, mirrored: bool
) -> None:
    laid = drawn._laid_out(text, width, lines, mirrored=mirrored)
    cut = laid.parts[0].end if lines > 1 else 0
    plain = " ".join(text.split())
    assert laid.shown[:cut] == plain[:cut]
    if lines > 1 and plain:  # no letter is lost between the lines
        layout = laid.parts[0].layout
        line = layout.lineAt(layout.lineCount() - 1)
        assert line.textStart() + line.textLength() == len(plain[:cut].encode("utf-16-le")) // 2
    if lines == 1 or cut < len(plain):
        whole = drawn.metrics.elidedText(plain[cut:], Qt.TextElideMode.ElideRight, width)
        assert laid.shown[cut:] == whole
        assert laid.parts[-1].width <= width or len(whole) <= 1
    assert sum(part.height for part in laid.parts) <= lines * drawn.metrics.height()


def painted(drawn: MarkedText, text: str, typed: str, *, mirrored: bool = False, lines: int = 1) -> QImage:
    image = QImage(200, 80, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    with QPainter(image) as painter:
        drawn.draw(painter, QRect(0, 0, 200, 80), text, typed, lines=lines, mirrored=mirrored)
    return image


def columns(image: QImage, colour: int) -> set[int]:
    return {x for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) == colour}


def test_what_was_typed_is_marked_where_it_stands(drawn: MarkedText) -> None:
    ground = drawn._mark.background().color().rgb()
    marked = columns(painted(drawn, "The lantern", "lan"), ground)
    assert min(marked) == pytest.approx(drawn.width("The "), abs=2)
    assert max(marked) == pytest.approx(drawn.width("The lan"), abs=2)
    assert not columns(painted(drawn, "The lantern", "guild"), ground)
    behind = columns(painted(drawn, "🐉🐉 lantern", "lan"), ground)  # an emoji is two of Qt's letters
    assert min(behind) == pytest.approx(drawn.width("🐉🐉 "), abs=2)
    assert max(behind) == pytest.approx(drawn.width("🐉🐉 lan"), abs=2)
    several = painted(drawn, f"{'word ' * 12}lantern", "lan", lines=3)
    assert columns(several.copy(0, drawn.metrics.height(), 200, 60), ground)
    assert not columns(several.copy(0, 0, 200, drawn.metrics.height()), ground)


def test_a_text_runs_as_its_letters_do_in_any_window(drawn: MarkedText) -> None:
    for text, is_mirrored in (("שלום עולם.", True), ("Lamp. (1)", False)):
        for lines in (1, 2):
            (part, *_) = drawn._laid_out(text, 300, lines, mirrored=False).parts
            line = part.layout.lineAt(0)
            first, last = (line.cursorToX(at) for at in (0, len(text)))
            assert (first > last) == is_mirrored, text  # the full stop is at the end of the sentence


def test_a_mirrored_text_stands_at_the_right(drawn: MarkedText) -> None:
    white = drawn._pens[Tone.TEXT].fromString("#ffffff").rgb()
    for lines in (1, 2):
        image = painted(drawn, "Quay", "", mirrored=True, lines=lines)
        inked = set(range(200)) - {
            x for x in range(200) if all(image.pixel(x, y) == white for y in range(80))
        }
        assert min(inked) > 150
        assert max(inked) > 190
