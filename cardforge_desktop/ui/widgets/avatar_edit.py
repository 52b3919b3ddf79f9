"""The card's picture, large, and the ways to another one: drop, paste, choose, crop, draw."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLabel, QMenu, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Background
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import button, in_lines, label, row
from cardforge_desktop.ui.widgets.crop_dialog import PORTRAIT, CropDialog
from cardforge_desktop.ui.widgets.portrait import Portrait

if TYPE_CHECKING:
    from cardforge_desktop.cards.avatar import Box

_SHOWN = 960  # pixels of the longest side that are decoded to be shown
_CROPPED = 1600  # … and to be cropped
_IMAGES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.avif"


class PictureError(CardForgeError):
    """What was dropped or chosen can't be read. Code: PICTURE_UNREADABLE."""


class AvatarEdit(QWidget):
    """Shows a card's picture and offers to replace it. Files and pixels are read on worker threads.

    Signals:
        replaced(object): `bytes` of the new picture, a PNG for a card. It is shown already.
    """

    replaced = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, background: Background) -> None:
        super().__init__()
        self._theme, self._icons, self._background = theme, icons, background
        self._data: bytes | None = None
        self._name = ""
        self._shows = self._tries = 0  # what is begun for another picture ends in vain
        self._dialog: CropDialog | None = None
        self.portrait = Portrait(theme, icons)
        self.portrait.given.connect(self.take)
        self.portrait.menu_wanted.connect(self._open_menu)
        self._size = label("", "caption", wrap=True)
        self._replace = button(self.tr("Replace…"), tip=self.tr("Choose another picture"))
        self._crop = button(self.tr("Crop…"), tip=self.tr("Keep a part of the picture"))
        self._draw = button(
            self.tr("Draw a placeholder"), "link", tip=self.tr("Draw a picture from the card's name")
        )
        self._replace.clicked.connect(self.browse)
        self._crop.clicked.connect(self.crop)
        self._draw.clicked.connect(self.draw)
        self._error, self._error_icon = label("", "error", wrap=True), QLabel()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.portrait)
        layout.addWidget(self._size)
        complaint = row(self._error_icon, spacing=SPACE_XS + 2)
        complaint.setAlignment(self._error_icon, Qt.AlignmentFlag.AlignTop)
        complaint.addWidget(self._error, 1)
        layout.addLayout(complaint)
        # Two lines where a language or a font has no room for one.
        layout.addWidget(in_lines(self._replace, self._crop))
        layout.addLayout(row(self._draw, None))
        layout.addStretch(1)
        theme.changed.connect(self._paint_error)
        self._complain("")
        self._offer()

    @property
    def error(self) -> str:
        """What went wrong with the last picture, "" when nothing did."""
        return self._error.text()

    def set_picture(self, data: bytes | None, name: str) -> None:
        """Show another card's picture; `name` is the card's. None shows an empty frame."""
        self._name = name
        self.portrait.setAccessibleName(
            self.tr("Picture of %1").replace("%1", name) if name else self.tr("Picture")
        )
        self._complain("")
        if self._dialog is not None:
            self._dialog.reject()
        self._tries += 1
        self._data = data
        self._present(QImage(), (0, 0))
        if data is not None:
            self._background.start(self._shown(data, self._shows))

    def set_name(self, name: str) -> None:
        """The card is called otherwise now: the next placeholder is drawn for that name."""
        self._name = name

    @Slot(object)
    def take(self, mime: QMimeData) -> None:
        """A picture from a drop or the clipboard: the first file, else an image."""
        files = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if files:
            self._replace_with(lambda: _from_file(files[0]), files[0].name)
        elif mime.hasImage():
            image = QImage(mime.imageData())
            self._replace_with(lambda: _from_image(image), self.tr("The pasted picture"))
        elif mime.hasUrls():
            self._complain(
                self.tr("Pictures are not fetched from the web. Save it first, then drop the file.")
            )
        else:
            self._complain(self.tr("There is no picture in the clipboard. Copy a picture or an image file."))

    @Slot()
    def paste(self) -> None:
        """Take the picture in the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData())

    @Slot()
    def browse(self) -> None:
        """Choose a file in the system's dialog."""
        dialog = QFileDialog(self, self.tr("Choose a picture"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Pictures (%1)").replace("%1", _IMAGES), self.tr("All files (*)")])
        dialog.fileSelected.connect(self._take_file)
        dialog.open()

    @Slot()
    def draw(self) -> None:
        """Draw a placeholder for the card's name."""
        from cardforge_desktop.cards.avatar import draw_placeholder

        name = self._name
        self._replace_with(lambda: draw_placeholder(name), "")

    @Slot()
    def crop(self) -> None:
        """Ask for the part to keep."""
        if self._data is not None and self._dialog is None:
            self._background.start(self._ask(self._data))

    @Slot(str)
    def _take_file(self, path: str) -> None:
        self._replace_with(lambda: _from_file(Path(path)), Path(path).name)

    def _replace_with(self, make: Callable[[], bytes], source: str) -> None:
        self._tries += 1
        self._background.start(self._replaced_with(make, source, self._tries))

    async def _replaced_with(self, make: Callable[[], bytes], source: str, number: int) -> None:
        try:
            data = await self._background.run(make)
            image, size = await self._background.run(lambda: _decoded(data, _SHOWN))
        except CardForgeError as error:
            if number == self._tries:
                text = self.tr("%1: %2").replace("%1", source) if source else "%2"
                self._complain(text.replace("%2", error.message))
            return
        if number == self._tries:
            self._complain("")
            self._data = data
            self._present(image, size)
            self.replaced.emit(data)

    async def _shown(self, data: bytes, number: int) -> None:
        try:
            image, size = await self._background.run(lambda: _decoded(data, _SHOWN))
        except CardForgeError as error:
            if number == self._shows:
                self._complain(error.message)
            return
        if number == self._shows:
            self._present(image, size)

    async def _ask(self, data: bytes) -> None:
        number = self._shows
        try:
            image, size = await self._background.run(lambda: _decoded(data, _CROPPED))
        except CardForgeError as error:
            self._complain(error.message)
            return
        if number != self._shows or self._dialog is not None:
            return
        self._dialog = dialog = CropDialog(self, self._theme, image, size)
        dialog.chosen.connect(self._keep)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    @Slot(object)
    def _keep(self, box: Box) -> None:
        from cardforge_desktop.cards.avatar import crop

        data = self._data
        if data is not None:
            self._replace_with(lambda: crop(data, box), "")

    @Slot()
    def _forget_dialog(self) -> None:
        self._dialog = None

    def _present(self, image: QImage, size: tuple[int, int]) -> None:
        self._shows += 1
        self.portrait.set_image(image)
        self._size.setText(_size_text(*size) if not image.isNull() else "")
        self._offer()

    def _offer(self) -> None:
        self._crop.setEnabled(self.portrait.has_image)

    def _complain(self, text: str) -> None:
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self._error_icon.setVisible(bool(text))
        self._paint_error()

    @Slot()
    def _paint_error(self) -> None:
        self._error_icon.setPixmap(self._icons.pixmap("circle-x", Tone.ERROR, 16))

    @Slot(object)
    def _open_menu(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, do, possible in (
            (self.tr("Replace…"), self.browse, True),
            (self.tr("Paste picture"), self.paste, True),
            (self.tr("Crop…"), self.crop, self._crop.isEnabled()),
            (self.tr("Draw a placeholder"), self.draw, True),
        ):
            action = QAction(text, menu)
            action.triggered.connect(do)
            action.setEnabled(possible)
            menu.addAction(action)
        menu.popup(event.globalPos())


def _size_text(width: int, height: int) -> str:
    from PySide6.QtCore import QCoreApplication

    translate = QCoreApplication.translate
    if abs(width / height - PORTRAIT) < 0.02:
        text = translate("AvatarEdit", "%1 × %2 pixels")
    elif width / height > PORTRAIT:
        text = translate("AvatarEdit", "%1 × %2 pixels; SillyTavern cuts the sides off")
    else:
        text = translate("AvatarEdit", "%1 × %2 pixels; SillyTavern cuts top and bottom off")
    return text.replace("%1", formatting.number(width)).replace("%2", formatting.number(height))


# On worker threads:


def _decoded(data: bytes, longest_side: int) -> tuple[QImage, tuple[int, int]]:
    """The picture made small enough to show, and its whole size."""
    from cardforge_desktop.cards.avatar import dimensions, thumbnail

    return QImage.fromData(thumbnail(data, longest_side)), dimensions(data)


def _from_file(path: Path) -> bytes:
    """The PNG for a card of an image file; no more of it is read than may be."""
    from cardforge_desktop.cards.avatar import LARGEST_FILE, load_avatar

    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise PictureError(
            ErrorCode.PICTURE_UNREADABLE,
            f"The file can't be read ({error.strerror or error}). Choose another one.",
        ) from error
    return load_avatar(data)


def _from_image(image: QImage) -> bytes:
    """The PNG for a card of an image in the clipboard."""
    from cardforge_desktop.cards.avatar import load_avatar

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise PictureError(
            ErrorCode.PICTURE_UNREADABLE, "It can't be read as a picture. Save it to a file and drop that."
        )
    return load_avatar(bytes(buffer.data().data()))
