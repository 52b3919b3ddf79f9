"""One side of a conflict asks for as much room as its text needs now."""

from PySide6.QtWidgets import QLabel

from cardforge_desktop.ui.profiles.conflict.excerpts import Piece
from cardforge_desktop.ui.profiles.conflict.side_text import SideText
from cardforge_desktop.ui.theme import Theme


def test_its_height_follows_text_width_and_font(qapp, qtbot):
    side = SideText(Theme(qapp))
    qtbot.addWidget(side)
    side.show_pieces([Piece("same", "A short one.")])
    short = side.heightForWidth(200)
    side.show_pieces([Piece("same", "Many words of a prompt. " * 50), Piece("new", "And some more. " * 20)])
    tall = side.heightForWidth(200)
    assert tall > 5 * short
    assert side.heightForWidth(400) < tall
    assert side.heightForWidth(200) == QLabel.heightForWidth(side, 200)
    font = side.font()
    font.setPointSizeF(2 * font.pointSizeF())
    side.setFont(font)
    assert side.heightForWidth(200) > tall
    assert side.heightForWidth(200) == QLabel.heightForWidth(side, 200)
