"""What this is, which version, and where it keeps its files."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPixmap
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton

import cardforge_desktop
from cardforge_desktop.resources import resource
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, label, row


class About(Card):
    """Name, version, licences and folders."""

    def __init__(self, services: Services) -> None:
        super().__init__(self.tr("About"))
        picture = QLabel()
        pixmap = QPixmap(str(resource("icons", "app-128.png")))
        pixmap.setDevicePixelRatio(128 / 44)
        picture.setPixmap(pixmap)
        name = label(
            self.tr("CardForge %1").replace("%1", cardforge_desktop.__version__), "strong", selectable=True
        )
        licences = label(
            self.tr("MIT licence. Icons by Lucide (ISC). Built-in model SmolLM2 (Apache 2.0)."),
            "caption",
            wrap=True,
        )
        words = QGridLayout()
        words.setVerticalSpacing(2)
        words.addWidget(name, 0, 0)
        words.addWidget(licences, 1, 0)
        head = row(picture, spacing=SPACE_M)
        head.addLayout(words, 1)
        self.body.setSpacing(SPACE_M)
        self.body.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnStretch(1, 1)
        folders = (
            (self.tr("Data"), services.paths.data),
            (self.tr("Logs"), services.paths.logs),
            (self.tr("Models"), services.paths.models),
        )
        for at, (title, path) in enumerate(folders):
            grid.addWidget(label(title), at, 0)
            where = ElidedLabel(str(path), "muted", Qt.TextElideMode.ElideMiddle)
            grid.addLayout(row(where, self._open(title, path)), at, 1)
        self.body.addLayout(grid)

    def _open(self, title: str, path: Path) -> QPushButton:
        made = button(self.tr("Open"), "link", name=self.tr("Open the folder: %1").replace("%1", title))
        made.clicked.connect(lambda _checked=False: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))
        return made
