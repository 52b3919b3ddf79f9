"""Where the cards are put: a line, the system's dialog and the folders used lately; checked before Start."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.store.files import check_folder
from cardforge_desktop.ui.batch.wishes.common import Various
from cardforge_desktop.ui.batch.wishes.fields import TextLine
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import icon_button

_RECENT = "batch/recent-folders"
_MOST = 8


class FolderLine(QWidget):
    """Chooses the output folder.

    Signals:
        wished(object): the person chose this `Path`.
        checked(str): why files can't be written there, "" = they can.
    """

    wished = Signal(object)
    checked = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._services = services
        self._number = 0
        self._checked: tuple[Path, ...] = ()
        self.line = TextLine(self.tr("Output folder"), self.tr("(various)"))
        self.line.wished.connect(self._wish)
        self.browse_button = icon_button(services.icons, "folder-open", self.tr("Choose the output folder…"))
        self.browse_button.clicked.connect(self.browse)
        self.recent_button = icon_button(services.icons, "history", self.tr("Folders used lately"))
        self.recent_button.clicked.connect(self._show_recent)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.browse_button)
        layout.addWidget(self.recent_button)
        self.setFocusProxy(self.line)

    @property
    def recent(self) -> list[str]:
        """Folders that were chosen here, newest first."""
        return [text for text in self._services.memory.text(_RECENT).split("\n") if text]

    def show_value(self, folder: Path | Various, different: Sequence[Path]) -> None:
        """Show the folder, and check it and all others it stands for."""
        self.line.show_value(folder if isinstance(folder, Various) else str(folder))
        self.line.setToolTip("\n".join(str(each) for each in different))
        if tuple(different) != self._checked:
            self.check(different)

    def check(self, folders: Sequence[Path]) -> None:
        """Find out, off the window's thread, whether files can be written there."""
        self._checked = tuple(folders)
        self._number += 1
        self._services.background.start(self._check(self._number, self._checked))

    @Slot()
    def browse(self) -> None:
        """Choose in the system's dialog."""
        dialog = QFileDialog(self, self.tr("Output folder"), self.line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.line.put)
        dialog.open()

    @Slot()
    def _show_recent(self) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for text in self.recent:
            action = QAction(text.replace("&", "&&"), menu)
            action.triggered.connect(lambda _checked=False, text=text: self.line.put(text))
            menu.addAction(action)
        if not self.recent:
            none = QAction(self.tr("No folder was chosen here yet"), menu)
            none.setEnabled(False)
            menu.addAction(none)
        menu.popup(self.recent_button.mapToGlobal(QPoint(0, self.recent_button.height())))

    @Slot(str)
    def _wish(self, text: str) -> None:
        if not text:
            self.line.give_up()
            return
        folder = Path(text.replace("\0", "")).expanduser().absolute()
        kept = dict.fromkeys([str(folder), *self.recent])
        self._services.memory.keep(_RECENT, "\n".join(list(kept)[:_MOST]))
        self.wished.emit(folder)

    async def _check(self, number: int, folders: Sequence[Path]) -> None:
        told = await self._services.background.run(lambda: _first_problem(folders))
        if number == self._number:
            self.checked.emit(told)


async def warn_of_folders(services: Services, folders: Sequence[Path]) -> None:
    """Cards are being started: say so when files can't be written in one of their folders."""
    told = await services.background.run(lambda: _first_problem(folders))
    if told:
        services.desk.notice.emit(Notice(told, "warn"))


def _first_problem(folders: Sequence[Path]) -> str:
    for folder in folders:
        try:
            check_folder(folder)
        except CardForgeError as error:
            return error.message
    return ""
