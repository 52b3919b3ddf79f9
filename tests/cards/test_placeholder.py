import io

import pytest
from hypothesis import given, settings
from PIL import Image, ImageStat

from cardforge_desktop.cards.avatar import draw_placeholder, load_avatar
from cardforge_desktop.cards.placeholder import SIZE, initials
from tests.support.cards import texts


def drawn(name: str) -> Image.Image:
    return Image.open(io.BytesIO(draw_placeholder(name)))


def test_the_same_name_has_the_same_picture_and_another_name_another():
    assert draw_placeholder("Mirela Vântu") == draw_placeholder(" mirela vântu ")
    assert len({draw_placeholder(name) for name in ("Mirela", "Marek", "漢字", "字漢", "")}) == 5


@settings(max_examples=25)
@given(texts)
def test_any_name_has_a_portrait_that_is_no_plain_area(name):
    data = draw_placeholder(name)
    assert load_avatar(data) == data
    picture = drawn(name)
    assert (picture.size, picture.mode) == (SIZE, "RGB")
    assert min(ImageStat.Stat(picture.convert("L")).stddev) > 8


@pytest.mark.parametrize("name", ["Mirela Vântu", "I", "漢字", "Ж", "W W"])
def test_the_middle_stands_out_from_the_medallion(name):
    """Light letters or lines on a dark disc, at a contrast of at least 4.5 (WCAG's relative luminance)."""
    middle = (
        drawn(name)
        .crop((120, 200, 280, 364))
        .convert("L")
        .point([(v / 255) ** 2.2 * 255 for v in range(256)])
    )
    darkest, lightest = middle.getextrema()
    assert (lightest / 255 + 0.05) / (darkest / 255 + 0.05) > 4.5


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Mirela Vântu", "MV"),
        ("the Keeper of Lanterns", "KL"),
        ("Émile", "E"),
        ("Jean-Luc de la Tour", "JT"),
        ("the", "T"),
        ("R2-D2", "RD"),
        ("“Old” Tom 3", "OT"),
        ("Łukasz", ""),
        ("Ada Жукова", ""),
        ("漢字", ""),
        ("123", ""),
        ("", ""),
    ],
)
def test_initials_are_letters_the_font_has_or_none(name, letters):
    assert initials(name) == letters
