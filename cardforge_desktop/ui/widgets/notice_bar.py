"""The message at the top of the window; nothing modal for what a line can say."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QSizePolicy, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import FlowLayout, button, icon_button, label, set_tone

_ICONS = {"info": "info", "ok": "circle-check", "warn": "triangle-alert", "error": "circle-x"}
#: A text beside links has room for so many in a line, or for all of it.
_CHARACTERS = 34


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
        layout = self._grid = QGridLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        layout.setVerticalSpacing(SPACE_XS)
        layout.setColumnStretch(1, 1)
        self._icon = QLabel()
        self._text = label(wrap=True, selectable=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._beside = QWidget()  # the links; below the text where it is narrow
        self._links = FlowLayout(SPACE_XS)
        self._beside.setLayout(self._links)
        self._is_narrow = False
        close = icon_button(icons, "x", self.tr("Close this message"))
        close.clicked.connect(self.dismiss)
        layout.addWidget(self._icon, 0, 0)
        layout.addWidget(self._text, 0, 1)
        layout.addWidget(self._beside, 0, 2, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(close, 0, 3)
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
        self._beside.setVisible(self._links.count() > 0)
        set_tone(self, notice.tone)
        self._arrange()
        self.show()
        if not notice.lasting:
            self._timer.start()

    @Slot()
    def dismiss(self) -> None:
        """Hide the message."""
        self._timer.stop()
        self.hide()
        self.gone.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Links go below a text that has no room beside them."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs another width."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def _arrange(self) -> None:
        metrics = self.fontMetrics()
        wanted = min(metrics.horizontalAdvance(self._text.text()), metrics.averageCharWidth() * _CHARACTERS)
        links = [self._links.itemAt(at) for at in range(self._links.count())]
        in_line = sum(link.sizeHint().width() + SPACE_XS for link in links if link is not None)
        others = in_line + 4 * self._icon.sizeHint().width()
        is_narrow = bool(links) and self.width() - others < wanted
        self._beside.setMinimumWidth(0 if is_narrow else in_line)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._grid.removeWidget(self._beside)
            if is_narrow:
                self._grid.addWidget(self._beside, 1, 1, 1, 3)
            else:
                self._grid.addWidget(self._beside, 0, 2, Qt.AlignmentFlag.AlignVCenter)

    def _link_button(self, link: Link) -> QPushButton:
        made = button(link.text, "link")
        made.clicked.connect(lambda _checked=False: link.do())
        return made
