"""Colours can be read, in both schemes; the stylesheet is whole."""

import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QPushButton

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.stylesheet import stylesheet
from cardforge_desktop.ui.theme import DARK, LIGHT, Theme, Tokens, Tone

READABLE = 4.5
TONES = (Tone.TEXT, Tone.MUTED, Tone.ACCENT, Tone.OK, Tone.WARN, Tone.ERROR, Tone.INFO)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("tone", TONES)
def test_text_can_be_read_on_every_ground_it_stands_on(tokens: Tokens, tone: Tone):
    colour = getattr(tokens, tone.value)
    grounds = [tokens.background, tokens.surface, tokens.raised, tokens.soft(tone)]
    if tone in (Tone.TEXT, Tone.MUTED, Tone.ACCENT):
        grounds += [tokens.selection, tokens.hover]
    for ground in grounds:
        assert contrast(colour, ground) >= READABLE, (tone, ground)
    assert contrast(tokens.on_accent, tokens.accent) >= READABLE


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_every_token_of_the_stylesheet_has_a_value(tokens: Tokens):
    text = stylesheet(tokens, 10.0)
    assert "$" not in text
    assert not re.search(r"font-size: \d+px", text)


def test_choosing_a_theme_tells_once_and_recolours_icons(qapp, qtbot):
    theme = Theme(qapp, "light")
    icons = Icons(theme)
    light = icons.pixmap("play", Tone.TEXT).toImage()
    label = QLabel()
    qtbot.addWidget(label)
    icons.put_on_label(label, "play")
    changes = []
    theme.changed.connect(lambda: changes.append(theme.tokens.dark))
    theme.choose("dark")
    theme.choose("dark")
    assert changes == [True]
    assert icons.pixmap("play", Tone.TEXT).toImage() != light
    assert label.pixmap().toImage() == icons.pixmap("play", Tone.TEXT).toImage()
    assert qapp.palette().window().color().name().upper() == DARK.background
    theme.choose("light")
    theme.deleteLater()


def test_an_icon_before_a_text_has_air_around_it_in_every_theme(qapp, qtbot):
    theme = Theme(qapp, "light")
    icons = Icons(theme)
    alone, before_text, larger = QPushButton(), QPushButton("Import"), QPushButton("Library")
    larger.setIconSize(QSize(18, 18))
    for made in (alone, before_text, larger):
        qtbot.addWidget(made)
        icons.put(made, "play")
    for scheme in ("light", "dark"):
        theme.choose(scheme)
        image = before_text.icon().pixmap(before_text.iconSize()).toImage()
        drawn = [x for x in range(image.width()) if any(image.pixelColor(x, y).alpha() for y in range(16))]
        assert min(drawn) >= 3
        assert max(drawn) < image.width() - 3
        assert alone.icon().actualSize(QSize(16, 16)) == QSize(16, 16)
        assert larger.icon().actualSize(larger.iconSize()) == QSize(18, 18)
    theme.choose("light")
    theme.deleteLater()
