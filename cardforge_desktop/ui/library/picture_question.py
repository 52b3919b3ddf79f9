"""Pictures came in that hold no card: asks, once for all of them, what they are for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, row

_SIDE = 96
_WIDTH = 500


class PictureQuestion(QDialog):
    """Accepted when a picture is to be the card's; `chosen` says which of them."""

    def __init__(self, parent: QWidget, pictures: Sequence[tuple[str, QImage]], card_name: str) -> None:
        """
        Args:
            pictures: name and a small image of each.
            card_name: of the card that could have one, "" = there is none.
        """
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = len(pictures)
        title = self.tr("%n picture(s) without a character card", None, count)
        self.setWindowTitle(title)
        self.setModal(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pictures"))
        self.list.setIconSize(QSize(48, 48))
        for name, image in pictures:
            item = QListWidgetItem(name)
            item.setIcon(QPixmap.fromImage(image))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(count > 1)
        self.list.setMaximumHeight(220)
        self.use = button(self.tr("Use as its picture"), "primary", name=self.tr("Use as the card's picture"))
        self.use.setVisible(bool(card_name))
        self.use.clicked.connect(self.accept)
        self.ignore = button(self.tr("Ignore"))
        self.ignore.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL - SPACE_S)
        layout.setSpacing(SPACE_S)
        words = QVBoxLayout()
        words.setSpacing(SPACE_S)
        words.addWidget(label(title, "title", wrap=True))
        words.addWidget(label(self._text(card_name, count), "muted", wrap=True))
        words.addStretch(1)
        head = row(spacing=SPACE_L)
        if count == 1:
            head.addWidget(_small(pictures[0][1]))
        head.addLayout(words, 1)
        layout.addLayout(head)
        layout.addWidget(self.list)
        layout.addSpacing(SPACE_M)
        layout.addLayout(row(None, self.ignore, self.use))
        self.setFixedWidth(_WIDTH)
        self.setMinimumHeight(layout.totalHeightForWidth(_WIDTH))
        (self.use if card_name else self.ignore).setFocus()

    @property
    def chosen(self) -> int:
        """Which of the pictures."""
        return max(0, self.list.currentRow())

    def _text(self, card_name: str, count: int) -> str:
        hint = self.tr(
            "To have a card written with a picture, put a text of the same name beside it and drop both "
            "in Batch."
        )
        if not card_name:
            first = self.tr("There is nothing to import in it. Select a card first to give it a new picture.")
            return f"{first}\n\n{hint}"
        if count > 1:
            first = self.tr("Shall the picture chosen below become the one of %1?")
        else:
            first = self.tr("Shall it become the picture of %1? You can undo that.")
        return f"{first.replace('%1', card_name)}\n\n{hint}"


def _small(image: QImage) -> QLabel:
    made = QLabel()
    made.setPixmap(QPixmap.fromImage(image))
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    made.setFixedWidth(_SIDE)
    return made


def small_image(data: bytes) -> QImage:
    """A picture's bytes as an image for the question. Slow: off the window's thread."""
    from cardforge_desktop.cards.avatar import AvatarError, load_avatar

    try:
        image = QImage.fromData(load_avatar(data))
    except AvatarError:
        return QImage()
    return image.scaled(
        _SIDE, _SIDE, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
