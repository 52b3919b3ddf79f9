"""The head of the editor: whose card it is, how it stands to the library, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, icon_button, label, row, set_role

if TYPE_CHECKING:
    from cardforge_desktop.ui.library.editor.session import CardSession
    from cardforge_desktop.ui.services import Services

_PICTURE = 36
_DECODED = 384  # pixels of the longest side: enough for the preview, too


class Head(QWidget):
    """Back, picture, name, state; undo, redo, find, and the switch of the side.

    Signals:
        back(): the person wants to leave the editor.
        re_export_wanted(): write the files anew.
        side_wanted(bool): show or hide what stands beside the fields.
    """

    back = Signal()
    re_export_wanted = Signal()
    side_wanted = Signal(bool)

    def __init__(self, services: Services, session: CardSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self._image = QImage()
        icons = services.icons
        self.back_button = icon_button(icons, "arrow-left", self.tr("Back to all cards (Esc)"), Tone.TEXT)
        self.picture = QLabel()
        self.picture.setFixedSize(_PICTURE, _PICTURE)
        self.name = ElidedLabel("", "title")
        self.icon = QLabel()
        self.state = label("", "muted")
        self.outdated = label("", "warn")
        self.re_export = button(
            self.tr("Re-export"), "link", tip=self.tr("Write the card's files anew; changed ones stay")
        )
        self.undo = self._tool("undo-2", "edit.undo")
        self.redo = self._tool("redo-2", "edit.redo")
        self.search = self._tool("search", "edit.find")
        self.side = icon_button(icons, "panel-right", self.tr("Show preview, checks and history"))
        self.side.setCheckable(True)
        self.back_button.clicked.connect(self.back)
        self.re_export.clicked.connect(self.re_export_wanted)
        self.side.clicked.connect(self.side_wanted)
        layout = row(self.back_button, self.picture, self.name, spacing=SPACE_S)
        layout.setStretch(2, 1)
        layout.addLayout(row(self.icon, self.state, spacing=SPACE_XS))
        layout.addLayout(row(self.outdated, self.re_export, spacing=SPACE_XS))
        layout.addSpacing(SPACE_M)
        layout.addLayout(row(self.undo, self.redo, self.search, self.side, spacing=SPACE_XS))
        self.setLayout(layout)
        services.theme.changed.connect(self._repaint)
        session.status_changed.connect(self.refresh)
        self._draw()

    def show_image(self, image: QImage) -> None:
        """Show the card's picture, small."""
        self._image = image
        self._draw()

    @Slot()
    def refresh(self) -> None:
        """Say how the card stands."""
        session = self._session
        name = session.card.name if session.is_open else ""
        self.name.set_whole(name or (self.tr("Unnamed card") if session.is_open else ""))
        text, icon, tone = self._told()
        self.state.setText(text)
        set_role(self.state, tone.value if tone in (Tone.ERROR, Tone.WARN) else "muted")
        if icon:
            self.icon.setPixmap(self._services.icons.pixmap(icon, tone, 16))
        self.icon.setVisible(bool(icon))
        outdated = session.is_open and session.summary.out_of_date
        pending = session.is_open and bool(session.summary.files) and session.status is not Status.SAVED
        self.outdated.setText(self.tr("Files out of date") if outdated or pending else "")
        self.outdated.setVisible(outdated or pending)
        self.re_export.setVisible(outdated or pending)

    @Slot()
    def _repaint(self) -> None:
        self.refresh()
        self._draw()

    def _told(self) -> tuple[str, str, Tone]:
        session = self._session
        status = session.status
        if status is Status.SAVED:
            saved = QDateTime.fromSecsSinceEpoch(int(session.saved_at.timestamp()))
            time = QLocale().toString(saved.time(), QLocale.FormatType.ShortFormat)
            return self.tr("Saved %1").replace("%1", time), "check", Tone.OK
        return {
            Status.LOADING: (self.tr("Opening…"), "loader", Tone.MUTED),
            Status.MISSING: ("", "", Tone.MUTED),
            Status.UNSAVED: (self.tr("Not saved yet"), "pen-line", Tone.MUTED),
            Status.SAVING: (self.tr("Saving…"), "loader", Tone.MUTED),
            Status.CONFLICT: (self.tr("Changed elsewhere"), "triangle-alert", Tone.WARN),
            Status.DELETED: (self.tr("Deleted"), "triangle-alert", Tone.WARN),
            Status.FAILED: (self.tr("Could not be saved"), "circle-x", Tone.ERROR),
        }[status]

    def _tool(self, icon: str, key: str) -> QPushButton:
        action = self._services.actions[key]
        made = icon_button(self._services.icons, icon, action.toolTip())
        made.setAccessibleName(action.text().replace("&", ""))
        made.clicked.connect(lambda _checked=False: action.trigger())
        action.enabledChanged.connect(made.setEnabled)
        made.setEnabled(action.isEnabled())
        return made

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        side = round(_PICTURE * ratio)
        pixmap = QPixmap(QSize(side, side))
        pixmap.fill(Qt.GlobalColor.transparent)
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(0, 0, _PICTURE, _PICTURE, 8, 8)
        painter.setClipPath(shape)
        if self._image.isNull():
            painter.fillRect(0, 0, _PICTURE, _PICTURE, QColor(self._services.theme.tokens.track))
        else:  # the top of the picture: faces are there
            scale = _PICTURE / min(self._image.width(), self._image.height())
            width, height = round(self._image.width() * scale), round(self._image.height() * scale)
            painter.drawImage(QRect((_PICTURE - width) // 2, 0, width, height), self._image)
        painter.end()
        self.picture.setPixmap(pixmap)


def small_picture(picture: bytes | None) -> QImage:
    """A card's picture, small enough to be quick; a null image where there is none. On a worker."""
    from cardforge_desktop.cards.avatar import AvatarError, thumbnail

    if picture is None:
        return QImage()
    try:
        return QImage.fromData(thumbnail(picture, _DECODED))
    except AvatarError:
        return QImage()
