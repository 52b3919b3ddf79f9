"""The crop dialog, used with the pointer and with keys alone."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.crop_dialog import CropDialog
from cardforge_desktop.ui.widgets.crop_frame import Grip


@pytest.fixture
def theme(qapp: QApplication):
    made = Theme(qapp, "light")
    yield made
    made.deleteLater()


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme):
    """Over a picture of 6000 × 3000, of which a tenth is at hand."""
    parent = QWidget()
    qtbot.addWidget(parent)
    image = QImage(600, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    made = CropDialog(parent, theme, image, (6000, 3000))
    made.open()
    yield made
    parent.close()


def drag(qtbot: QtBot, dialog: CropDialog, start: QPointF, end: QPointF) -> None:
    canvas = dialog.canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start.toPoint())
    qtbot.mouseMove(canvas, end.toPoint())
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end.toPoint())


def on_canvas(dialog: CropDialog, x: int, y: int) -> QPointF:
    place = dialog.canvas.place()
    return place.topLeft() + QPointF(x, y) * (place.width() / 6000)


def near(box: tuple[int, ...], wanted: tuple[int, ...], dialog: CropDialog) -> bool:
    """A point of the screen is some pixels of a large picture."""
    slack = 2 * 6000 / dialog.canvas.place().width()
    return all(abs(one - other) <= slack for one, other in zip(box, wanted, strict=True))


def test_it_begins_with_the_largest_portrait_in_the_middle(dialog: CropDialog):
    assert dialog.box == (2000, 0, 2000, 3000)
    assert dialog.canvas.accessibleDescription() == "2,000 × 3,000 pixels"


def test_a_large_picture_is_seen_whole(dialog: CropDialog):
    place = dialog.canvas.place()
    assert dialog.canvas.rect().contains(place.toAlignedRect())
    assert place.width() / place.height() == pytest.approx(2)


def test_dragging_a_corner_and_the_middle(dialog: CropDialog, qtbot: QtBot):
    qtbot.mouseClick(dialog.shapes.button(2), Qt.MouseButton.LeftButton)  # free
    drag(qtbot, dialog, dialog.canvas.grip_places()[Grip.TOP_LEFT], on_canvas(dialog, 2500, 1000))
    assert near(dialog.box, (2500, 1000, 1500, 2000), dialog)
    drag(qtbot, dialog, on_canvas(dialog, 3000, 2000), on_canvas(dialog, 2000, 1500))
    assert near(dialog.box, (1500, 500, 1500, 2000), dialog)


def test_beside_the_frame_nothing_is_dragged(dialog: CropDialog, qtbot: QtBot):
    before = dialog.box
    drag(qtbot, dialog, on_canvas(dialog, 500, 500), on_canvas(dialog, 3000, 2000))
    assert dialog.box == before


def test_letting_go_ends_the_drag(dialog: CropDialog, qtbot: QtBot):
    drag(qtbot, dialog, on_canvas(dialog, 3000, 1500), on_canvas(dialog, 3500, 1500))
    before = dialog.box
    qtbot.mouseMove(dialog.canvas, QPoint(5, 5))
    assert dialog.box == before


def test_keys_move_and_resize_by_a_pixel_and_by_ten(dialog: CropDialog, qtbot: QtBot):
    canvas = dialog.canvas
    qtbot.mouseClick(dialog.shapes.button(2), Qt.MouseButton.LeftButton)
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(canvas, Qt.Key.Key_Left)
    assert dialog.box == (1999, 0, 2000, 3000)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, shift)
    assert dialog.box == (2009, 0, 2000, 3000)
    qtbot.keyClick(canvas, Qt.Key.Key_Up, control | shift)
    assert dialog.box == (2009, 0, 2000, 2990)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, control)
    assert dialog.box == (2009, 0, 2001, 2990)
    qtbot.keyClick(canvas, Qt.Key.Key_Down)
    assert dialog.box == (2009, 1, 2001, 2990)


def test_shapes_and_the_largest_part(dialog: CropDialog, qtbot: QtBot):
    qtbot.mouseClick(dialog.shapes.button(1), Qt.MouseButton.LeftButton)
    assert dialog.box == (2000, 500, 2000, 2000)
    dialog._largest()
    assert dialog.box == (1500, 0, 3000, 3000)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_the_part_is_told_when_accepted_only(dialog: CropDialog, qtbot: QtBot, key: Qt.Key):
    chosen: list[object] = []
    dialog.chosen.connect(chosen.append)
    qtbot.keyClick(dialog.canvas, key)
    assert chosen == ([(2000, 0, 2000, 3000)] if key == Qt.Key.Key_Return else [])


def test_what_is_cut_away_lies_under_a_veil(dialog: CropDialog):
    image = dialog.canvas.grab().toImage()
    inside = image.pixelColor(on_canvas(dialog, 2300, 1200).toPoint())
    outside = image.pixelColor(on_canvas(dialog, 1000, 1200).toPoint())
    assert inside.lightness() > 240
    assert outside.lightness() < 140
