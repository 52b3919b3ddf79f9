"""Lucide icons, coloured from the palette and drawn at the screen's own resolution."""

from __future__ import annotations

from typing import Protocol, cast
from weakref import WeakKeyDictionary

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton

from cardforge_desktop.resources import resource
from cardforge_desktop.ui.theme import Theme, Tone

#: Air at both sides of an icon that stands before a button's text: Qt leaves next to none.
_AIR = 3
#: What Qt draws on buttons.
_ON_BUTTONS = 16


class _HasIcon(Protocol):
    def setIcon(self, icon: QIcon, /) -> None: ...


class Icons(QObject):
    """Draws icons and keeps the drawn ones until the theme changes. Lives on the window's thread."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme
        self._sources: dict[str, bytes] = {}
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._bound: WeakKeyDictionary[QObject, tuple[str, Tone, int]] = WeakKeyDictionary()
        self._labels: WeakKeyDictionary[QLabel, tuple[str, Tone, int]] = WeakKeyDictionary()
        theme.changed.connect(self._redraw)

    def pixmap(self, name: str, tone: Tone | QColor, size: int = 16, ratio: float | None = None) -> QPixmap:
        """The icon as a pixmap; `size` in device-independent pixels, `ratio` device pixels for each."""
        colour = self._theme.tokens.tone(tone) if isinstance(tone, Tone) else tone
        scale = ratio or self._ratio()
        key = (name, colour.name(QColor.NameFormat.HexArgb), size, scale)
        pixmap = self._pixmaps.get(key)
        if pixmap is None:
            pixmap = self._pixmaps[key] = self._draw(name, colour, size, scale)
        return pixmap

    def icon(self, name: str, tone: Tone = Tone.TEXT, checked: Tone = Tone.ACCENT, size: int = 18) -> QIcon:
        """The icon for a button or a menu: faint when disabled, in `checked` when checked."""
        icon = QIcon()
        faint = self._theme.tokens.tone(Tone.MUTED)
        faint.setAlphaF(0.5)
        icon.addPixmap(self.pixmap(name, tone, size), QIcon.Mode.Normal, QIcon.State.Off)
        icon.addPixmap(self.pixmap(name, checked, size), QIcon.Mode.Normal, QIcon.State.On)
        icon.addPixmap(self.pixmap(name, faint, size), QIcon.Mode.Disabled, QIcon.State.Off)
        return icon

    def put(self, target: QObject, name: str, tone: Tone = Tone.TEXT, size: int = 18) -> None:
        """Give `target` (a button, an action) an icon that follows the theme."""
        self._bound[target] = (name, tone, size)
        if isinstance(target, QPushButton) and target.text() and target.iconSize().width() <= _ON_BUTTONS:
            target.setIconSize(QSize(_ON_BUTTONS + 2 * _AIR, _ON_BUTTONS))
        self._set(target)

    def put_on_label(self, target: QLabel, name: str, tone: Tone = Tone.TEXT, size: int = 16) -> None:
        """Show an icon as a label's picture, in the colours of the theme as it changes."""
        self._labels[target] = (name, tone, size)
        target.setPixmap(self.pixmap(name, tone, size))

    @Slot()
    def _redraw(self) -> None:
        self._pixmaps.clear()
        for label, (name, tone, size) in list(self._labels.items()):
            if shiboken6.isValid(label):
                label.setPixmap(self.pixmap(name, tone, size))
        for target in list(self._bound):
            if shiboken6.isValid(target):
                self._set(target)

    def _set(self, target: QObject) -> None:
        name, tone, size = self._bound[target]
        icon = self.icon(name, tone, size=size)
        if isinstance(target, QPushButton) and target.iconSize().width() > target.iconSize().height():
            icon = _with_air(icon)
        cast("_HasIcon", target).setIcon(icon)

    @staticmethod
    def _ratio() -> float:
        return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)

    def _draw(self, name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
        from PySide6.QtSvg import QSvgRenderer

        source = self._sources.get(name)
        if source is None:
            source = self._sources[name] = resource("icons", "lucide", f"{name}.svg").read_bytes()
        renderer = QSvgRenderer(QByteArray(source.replace(b"currentColor", colour.name().encode())))
        pixels = round(size * ratio)
        pixmap = QPixmap(QSize(pixels, pixels))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(colour.alphaF())
        renderer.render(painter, QRectF(0, 0, pixels, pixels))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap


def _with_air(icon: QIcon) -> QIcon:
    """The icon in the middle of pixmaps that are wider than high."""
    aired = QIcon()
    for mode, state in (
        (QIcon.Mode.Normal, QIcon.State.Off),
        (QIcon.Mode.Normal, QIcon.State.On),
        (QIcon.Mode.Disabled, QIcon.State.Off),
    ):
        whole = icon.pixmap(QSize(_ON_BUTTONS, _ON_BUTTONS), Icons._ratio(), mode, state)
        ratio = whole.devicePixelRatio()
        air = round(_AIR * ratio)
        wide = QPixmap(whole.width() + 2 * air, whole.height())
        wide.fill(Qt.GlobalColor.transparent)
        whole.setDevicePixelRatio(1.0)
        painter = QPainter(wide)
        painter.drawPixmap(air, 0, whole)
        painter.end()
        wide.setDevicePixelRatio(ratio)
        aired.addPixmap(wide, mode, state)
    return aired


def app_icon() -> QIcon:
    """The icon of the application, from the drawn sizes."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        icon.addFile(str(resource("icons", f"app-{size}.png")), QSize(size, size))
    return icon
