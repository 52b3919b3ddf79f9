"""Choose the part of a picture to keep: drag a frame, or move it with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QDialog, QSizePolicy, QVBoxLayout, QWidget

from cardforge_desktop.cards.avatar import Box
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Theme, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.crop_frame import CropFrame, Grip
from cardforge_desktop.ui.widgets.fitting import resize_within_screen

#: Width by height of portraits as SillyTavern shows them.
PORTRAIT = 2 / 3

_REACH = 12  # of a grip, in device-independent pixels around it
_MARGIN = 10
_CURSORS = {
    Grip.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Grip.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Grip.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Grip.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
}
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class CropCanvas(QWidget):
    """The picture as large as fits, what is cut away under a veil.

    Signals:
        changed(): the frame is another one.
    """

    changed = Signal()

    def __init__(self, theme: Theme, image: QImage, size: tuple[int, int]) -> None:
        super().__init__()
        self._theme, self._image = theme, image
        self.frame = CropFrame.whole(size, PORTRAIT)
        self._held: Grip | None = None
        self._moving: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Part of the picture to keep"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def set_frame(self, frame: CropFrame) -> None:
        """Show another frame."""
        if frame != self.frame:
            self.frame = frame
            self.update()
            self.changed.emit()

    def minimumSizeHint(self) -> QSize:
        """Room enough to aim."""
        return QSize(280, 280)

    def place(self) -> QRectF:
        """Where the picture is drawn; not larger than it is."""
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        width, height = self.frame.size
        scale = min(room.width() / width, room.height() / height, 4.0)
        picture = QRectF(0, 0, width * scale, height * scale)
        picture.moveCenter(room.center())
        return picture

    def frame_place(self) -> QRectF:
        """Where the frame is drawn."""
        picture, (left, top, width, height) = self.place(), self.frame.box
        scale = picture.width() / self.frame.size[0]
        return QRectF(
            picture.left() + left * scale, picture.top() + top * scale, width * scale, height * scale
        )

    def grip_places(self) -> dict[Grip, QPointF]:
        """Where each grip is drawn."""
        rect = self.frame_place()
        middle = rect.center()
        across = {-1: rect.left(), 0: middle.x(), 1: rect.right()}
        down = {-1: rect.top(), 0: middle.y(), 1: rect.bottom()}
        return {grip: QPointF(across[grip.value[0]], down[grip.value[1]]) for grip in Grip}

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Picture, veil, frame, thirds, grips."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        tokens = self._theme.tokens
        picture, frame = self.place(), self.frame_place()
        painter.fillRect(picture, QColor(tokens.track))
        painter.drawImage(picture, self._image)
        veil = QPainterPath()
        veil.addRect(picture)
        veil.addRect(frame)
        painter.fillPath(veil, QColor(0, 0, 0, 150))
        painter.setPen(QPen(QColor(255, 255, 255, 70), 1))
        for third in (1, 2):
            x, y = frame.left() + frame.width() * third / 3, frame.top() + frame.height() * third / 3
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
        # Two colours, so that it is seen on every picture. The accent tells who has the keyboard.
        white, focused = QColor(255, 255, 255), self.hasFocus()
        painter.setPen(QPen(white if focused else QColor(0, 0, 0, 120), 4))
        painter.drawRect(frame)
        painter.setPen(QPen(tokens.tone(Tone.ACCENT) if focused else white, 2))
        painter.drawRect(frame)
        painter.setPen(QPen(QColor(0, 0, 0, 150), 1))
        painter.setBrush(QColor(255, 255, 255))
        for point in self.grip_places().values():
            painter.drawEllipse(point, 5, 5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a grip, or the whole frame."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._held = self._grip_at(event.position())
        if self._held is None and self.frame_place().contains(event.position()):
            self._moving = self._pixel(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pull what is held; else show what could be."""
        pixel = self._pixel(event.position())
        if self._held is not None:
            self.set_frame(self.frame.dragged(self._held, *pixel))
        elif self._moving is not None:
            before = self._moving
            self.set_frame(self.frame.moved(pixel[0] - before[0], pixel[1] - before[1]))
            self._moving = pixel
        else:
            self._show_cursor(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        self._held = self._moving = None
        self._show_cursor(event.position())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the frame by a pixel, with Ctrl they change its size; with Shift by ten."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        pixels = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        change = (
            self.frame.grown if event.modifiers() & Qt.KeyboardModifier.ControlModifier else self.frame.moved
        )
        self.set_frame(change(step[0] * pixels, step[1] * pixels))

    def _grip_at(self, point: QPointF) -> Grip | None:
        near = {grip: (place - point).manhattanLength() for grip, place in self.grip_places().items()}
        nearest = min(near, key=lambda grip: near[grip])
        return nearest if near[nearest] <= _REACH else None

    def _pixel(self, point: QPointF) -> tuple[int, int]:
        picture = self.place()
        scale = self.frame.size[0] / picture.width()
        return round((point.x() - picture.left()) * scale), round((point.y() - picture.top()) * scale)

    def _show_cursor(self, point: QPointF) -> None:
        grip = self._grip_at(point)
        if grip is not None:
            self.setCursor(_CURSORS[grip])
        elif self.frame_place().contains(point):
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        else:
            self.unsetCursor()


class CropDialog(QDialog):
    """Asks which part of a picture to keep; opened with `open`.

    Signals:
        chosen(object): the part, a `Box` in the picture's pixels, after the dialog was accepted.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget, theme: Theme, image: QImage, size: tuple[int, int]) -> None:
        """`image` may be smaller than the picture, which has `size` pixels."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Crop the picture"))
        self.setModal(True)
        self.canvas = CropCanvas(theme, image, size)
        self.canvas.changed.connect(self._tell)
        self._said = label("", "muted")
        self.shapes = QButtonGroup(self)
        self._ratios: list[float | None] = []
        for text, tip, ratio in (
            (self.tr("Portrait 2:3"), self.tr("The shape SillyTavern shows"), PORTRAIT),
            (self.tr("Square"), self.tr("As wide as high"), 1.0),
            (self.tr("Free"), self.tr("Any shape"), None),
        ):
            self._add_shape(text, tip, ratio)
        self.shapes.idClicked.connect(self._shape)
        whole = button(self.tr("Largest"), "link", tip=self.tr("As much of the picture as the shape allows"))
        whole.clicked.connect(self._largest)
        keys = label(
            self.tr("Arrow keys move the frame, with Ctrl they change its size, with Shift by ten pixels."),
            "caption",
            wrap=True,
        )
        keep = button(self.tr("Crop"), "primary", tip=self.tr("Keep only what is in the frame"))
        keep.setDefault(True)
        keep.clicked.connect(self.accept)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(self.tr("Crop the picture"), "heading"))
        layout.addLayout(row(*self.shapes.buttons(), whole, None, self._said, spacing=SPACE_S))
        layout.addWidget(self.canvas, 1)
        foot = row(spacing=SPACE_S)
        foot.addWidget(keys, 1)
        foot.addWidget(cancel)
        foot.addWidget(keep)
        layout.addLayout(foot)
        resize_within_screen(self, 720, 680)
        self.accepted.connect(self._choose)
        self.canvas.setFocus()
        self._tell()

    @property
    def box(self) -> Box:
        """The part in the frame."""
        return self.canvas.frame.box

    def _add_shape(self, text: str, tip: str, ratio: float | None) -> None:
        made = button(text, "toggle", tip=tip)
        made.setCheckable(True)
        made.setChecked(not self._ratios)
        self.shapes.addButton(made, len(self._ratios))
        self._ratios.append(ratio)

    @Slot(int)
    def _shape(self, number: int) -> None:
        self.canvas.set_frame(self.canvas.frame.shaped(self._ratios[number]))

    @Slot()
    def _largest(self) -> None:
        self.canvas.set_frame(CropFrame.whole(self.canvas.frame.size, self.canvas.frame.ratio))

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.box)

    @Slot()
    def _tell(self) -> None:
        _, _, width, height = self.box
        text = self.tr("%1 × %2 pixels").replace("%1", formatting.number(width))
        self._said.setText(text.replace("%2", formatting.number(height)))
        self.canvas.setAccessibleDescription(self._said.text())
