"""The place that invites files: tall when there is nothing else, a slim strip beside rows."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Theme, Tokens, Tone, mix
from cardforge_desktop.ui.widgets.basics import button, label, row, set_role


def paint_dashes(widget: QWidget, theme: Theme, ground: str) -> None:
    """A dashed, softly filled frame around `widget`."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.tokens.tone(Tone.ACCENT), 1.6, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([5, 3.5])
    painter.setPen(pen)
    painter.setBrush(QColor(ground))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), 10, 10)


def _large_ground(tokens: Tokens) -> str:
    """Fainter than a strip's ground: the same colour on a whole panel shouts."""
    return mix(tokens.surface, tokens.accent, 0.07 if tokens.dark else 0.05)


class DropZone(QWidget):
    """Says what can be dropped, and offers to browse or to try an example.

    The whole window takes drops; this only invites them.

    Signals:
        browse(): choose files in a dialog.
        example(): add the shipped examples.
    """

    browse = Signal()
    example = Signal()

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._theme, self._icons = theme, icons
        self.setAccessibleName(self.tr("Drop zone"))
        self._picture = QLabel()
        self._title = label(self.tr("Drop source files or folders anywhere on the window"), "title")
        self._what = label(
            self.tr("Texts, documents, e-books or cards. Or paste text with Ctrl+V."), "muted", wrap=True
        )
        self._what.setToolTip(
            self.tr(
                "Plain text, Markdown, HTML, Word, OpenDocument, RTF, EPUB and PDF; character cards and "
                "lorebooks as PNG, JSON, CHARX and YAML"
            )
        )
        self._browse = button(self.tr("Browse…"), tip=self.tr("Choose source files"))
        self._browse.clicked.connect(self.browse)
        self._example = button(
            self.tr("Try an example"), tip=self.tr("Add the three sources that come with CardForge")
        )
        self._example.clicked.connect(self.example)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._words = QVBoxLayout()
        self._words.setSpacing(2)
        self._words.addWidget(self._title)
        self._words.addWidget(self._what)
        self._buttons = row(self._example, self._browse)
        self._box.addStretch(1)
        self._box.addWidget(self._picture)
        self._box.addLayout(self._words)
        self._box.addLayout(self._buttons)
        self._box.addStretch(1)
        theme.changed.connect(self._repaint)
        self._slim = True
        self.set_slim(False)

    @property
    def is_slim(self) -> bool:
        """Whether it is a strip."""
        return self._slim

    def set_slim(self, slim: bool) -> None:
        """A strip above the rows, or the whole empty panel."""
        if slim == self._slim:
            return
        self._slim = slim
        across = QBoxLayout.Direction.LeftToRight if slim else QBoxLayout.Direction.TopToBottom
        self._box.setDirection(across)
        self._box.setSpacing(SPACE_L if slim else SPACE_M)
        self._box.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._box.setStretch(0, 0 if slim else 1)
        self._box.setStretch(2, 1 if slim else 0)
        self._box.setStretch(4, 0 if slim else 1)
        self._words.setSpacing(2 if slim else SPACE_S)
        place = Qt.AlignmentFlag.AlignLeft if slim else Qt.AlignmentFlag.AlignHCenter
        for part in (self._title, self._what):
            part.setAlignment(place | Qt.AlignmentFlag.AlignVCenter)
        self._what.setWordWrap(not slim)
        self._box.setAlignment(self._picture, place if not slim else Qt.AlignmentFlag.AlignVCenter)
        self._box.setAlignment(self._buttons, place if not slim else Qt.AlignmentFlag.AlignVCenter)
        self._buttons.setContentsMargins(0, 0 if slim else SPACE_S, 0, 0 if slim else SPACE_XL)
        self._example.setVisible(not slim)
        set_role(self._browse, "" if slim else "primary")
        self._repaint()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The dashed frame."""
        tokens = self._theme.tokens
        paint_dashes(self, self._theme, tokens.soft(Tone.ACCENT) if self._slim else _large_ground(tokens))

    def _repaint(self) -> None:
        self._picture.setPixmap(self._icons.pixmap("upload", Tone.ACCENT, 24 if self._slim else 44))
        self.update()


class DropOverlay(QWidget):
    """Laid over the window while something is dragged over it."""

    def __init__(self, theme: Theme, icons: Icons, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._icons = theme, icons
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Drop here"))
        self._over = parent
        self.text = ""
        self.hide()

    def cover(self, text: str) -> None:
        """Lie over the whole parent and say `text`."""
        self.text = text
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """A veil, a dashed frame and what would happen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(self._theme.tokens.background)
        veil.setAlphaF(0.93)
        painter.fillRect(self.rect(), veil)
        pen = QPen(self._theme.tokens.tone(Tone.ACCENT), 2.4, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([5, 3.5])
        painter.setPen(pen)
        painter.setBrush(QColor(_large_ground(self._theme.tokens)))
        inner = QRectF(self.rect()).adjusted(SPACE_XL, SPACE_XL, -SPACE_XL, -SPACE_XL)
        painter.drawRoundedRect(inner, 14, 14)
        side = 56
        centre = inner.center()
        picture = self._icons.pixmap("upload", Tone.ACCENT, side, self.devicePixelRatioF())
        painter.drawPixmap(round(centre.x() - side / 2), round(centre.y() - side - SPACE_M), picture)
        painter.setFont(self._theme.font(1.5, bold=True))
        painter.setPen(self._theme.tokens.tone(Tone.TEXT))
        words = inner.adjusted(0, inner.height() / 2 + SPACE_S, 0, 0)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop), self.text)
