"""The colours of the models in the chart.

Made so that people who see no red, no green or no blue tell each from each other and from the grey of the
rest, and all stand out from the ground (3:1 or more, WCAG 1.4.11); tests/ui/costs/test_chart.py holds both.
The pieces of a day are apart as well, and their order is that of the legend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QColor

if TYPE_CHECKING:
    from cardforge_desktop.ui.theme import Tokens

#: The first one is the accent.
LIGHT = ("#5B4BDB", "#CF810C", "#2D9655", "#A55CB7", "#101660", "#5E1418")
DARK = ("#9A8CFF", "#2DBDCD", "#F9C04E", "#9759AE", "#A3ECC7", "#F6E7A1")
LIGHT_REST, DARK_REST = "#8E919B", "#757984"


def colour_of(tokens: Tokens, place: int, models: int) -> QColor:
    """Of the piece at `place` of a day with `models` models; what comes after those is the rest."""
    if place >= models:
        return QColor(DARK_REST if tokens.dark else LIGHT_REST)
    return QColor((DARK if tokens.dark else LIGHT)[place])
