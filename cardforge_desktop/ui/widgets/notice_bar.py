"""The message at the top of the window; nothing modal for what a line can say."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import button, icon_button, label, set_tone

_ICONS = {"info": "info", "ok": "circle-check", "warn": "triangle-alert", "error": "circle-x"}


class NoticeBar(QFrame):
    """Shows one `Notice` at a time, hidden when there is none.

    Signals:
        gone(): the message was closed, or its time is over.
    """

    gone = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.setProperty("role", "notice")
        self.setAccessibleName(self.tr("Message"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        self._icon = QLabel()
        self._text = label(wrap=True, selectable=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._links = QHBoxLayout()
        close = icon_button(icons, "x", self.tr("Close this message"))
        close.clicked.connect(self.dismiss)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addLayout(self._links)
        layout.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(6_000)
        self._timer.timeout.connect(self.dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """What is being said, "" when hidden."""
        return self._text.text() if not self.isHidden() else ""

    @Slot(object)
    def say(self, notice: Notice) -> None:
        """Show `notice` in the place of the one before."""
        self._timer.stop()
        tone = Tone(notice.tone)
        self._icon.setPixmap(self._icons.pixmap(_ICONS[notice.tone], tone, 18))
        self._text.setText(notice.text)
        while (item := self._links.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for link in notice.links:
            self._links.addWidget(self._link_button(link))
        if notice.details:
            self._links.addWidget(
                self._link_button(
                    Link(self.tr("Copy details"), lambda: QGuiApplication.clipboard().setText(notice.details))
                )
            )
        set_tone(self, notice.tone)
        self.show()
        if not notice.lasting:
            self._timer.start()

    @Slot()
    def dismiss(self) -> None:
        """Hide the message."""
        self._timer.stop()
        self.hide()
        self.gone.emit()

    def _link_button(self, link: Link) -> QPushButton:
        made = button(link.text, "link")
        made.clicked.connect(lambda _checked=False: link.do())
        return made
