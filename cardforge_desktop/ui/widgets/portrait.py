"""A card's picture in the shape readers show it in, to be dropped and pasted on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme, Tone, mix
from cardforge_desktop.ui.widgets.crop_dialog import PORTRAIT

_RADIUS = 10


class Portrait(QWidget):
    """The picture in the shape SillyTavern shows; takes drops, and a paste while it has the focus.

    Signals:
        given(object): the `QMimeData` of a drop or a paste.
        menu_wanted(object): the `QContextMenuEvent` that asks for a menu.
    """

    given = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme, self._icons = theme, icons
        self._image = QImage()
        self._over = False
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Picture"))
        self.setAccessibleDescription(self.tr("Drop or paste a picture here."))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    @property
    def has_image(self) -> bool:
        """Whether there is a picture."""
        return not self._image.isNull()

    def set_image(self, image: QImage) -> None:
        """Show a picture; a null one shows what could be dropped."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        """Large."""
        return QSize(240, 360)

    def minimumSizeHint(self) -> QSize:
        """Small enough for a narrow window."""
        return QSize(120, 180)

    def heightForWidth(self, width: int) -> int:
        """2:3."""
        return round(width / PORTRAIT)

    def hasHeightForWidth(self) -> bool:
        """The shape is fixed."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The picture with round corners; a frame while something is dragged over it or it has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place, tokens = self.picture_place(), self._theme.tokens
        shape = QPainterPath()
        shape.addRoundedRect(place, _RADIUS, _RADIUS)
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(place, QColor(tokens.hover))
        if self.has_image:
            painter.drawImage(place, self._image, _covering(self._image.size(), place.size().toSize()))
        if self._over:
            veil = QColor(tokens.surface)
            veil.setAlphaF(0.85)
            painter.fillRect(place, veil)
        painter.restore()
        if self._over or not self.has_image:
            self._paint_invitation(painter, place)
        self._paint_edge(painter, place)

    def picture_place(self) -> QRectF:
        """Where the picture is drawn: as large as fits, at the top."""
        width = min(float(self.width()), self.height() * PORTRAIT)
        return QRectF((self.width() - width) / 2, 0, width, width / PORTRAIT)

    def _paint_edge(self, painter: QPainter, place: QRectF) -> None:
        tokens = self._theme.tokens
        pen = QPen(tokens.tone(Tone.ACCENT), 2)
        if not (self.hasFocus() or self._over):
            if self.has_image:
                return
            pen = QPen(QColor(mix(tokens.surface, tokens.muted, 0.6)), 1.4, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5, 3.5])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)

    def _paint_invitation(self, painter: QPainter, place: QRectF) -> None:
        tone = Tone.ACCENT if self._over else Tone.MUTED
        picture = self._icons.pixmap("image-up", tone, 32, self.devicePixelRatioF())
        painter.drawPixmap(round(place.center().x() - 16), round(place.center().y() - 40), picture)
        painter.setPen(self._theme.tokens.tone(tone))
        text = self.tr("Drop to replace the picture") if self._over else self.tr("Drop or paste a picture")
        words = place.adjusted(12, place.height() / 2 + 4, -12, -4)
        painter.drawText(
            words,
            int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap),
            text,
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and images; say no to text, so that the window may have it."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002
        """As before."""
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand it over."""
        self._set_over(False)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.given.emit(event.mimeData())

    def event(self, event: QEvent) -> bool:
        """Paste is ours while we have the focus, not the window's."""
        paste = isinstance(event, QKeyEvent) and event.matches(QKeySequence.StandardKey.Paste)
        if paste and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self.given.emit(QGuiApplication.clipboard().mimeData())
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu."""
        self.menu_wanted.emit(event)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()


def _covering(size: QSize, place: QSize) -> QRectF:
    """The part of a picture that fills the place, from its middle: what SillyTavern shows."""
    part = QSize(place).scaled(size, Qt.AspectRatioMode.KeepAspectRatio)
    return QRectF(
        (size.width() - part.width()) / 2, (size.height() - part.height()) / 2, part.width(), part.height()
    )
