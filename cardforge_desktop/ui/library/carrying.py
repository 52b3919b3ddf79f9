"""Cards as files for other programs: dragged out, or copied to the clipboard."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, QPoint, Qt, QTimer, QUrl
from PySide6.QtGui import QDrag, QGuiApplication, QPixmap
from PySide6.QtWidgets import QWidget

from cardforge_desktop.ids import new_id
from cardforge_desktop.ui.panel import OWN_DRAG
from cardforge_desktop.ui.services import Notice, Services

if TYPE_CHECKING:
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.workspace import Workspace

#: Cards in a drag or on the clipboard; for more there is Export.
MOST = 100
#: Seconds that copies are kept: the program they were given to reads them when it wants to.
_KEPT = 24 * 3600
#: What begins a drag, once its files are there.
BeginDrag = Callable[[QMimeData, QPixmap | None], None]


class Carrier(QObject):
    """Writes copies of cards into the cache folder, off the window's thread, and hands them on.

    Signals: none; what can't be done is said as a notice.
    """

    def __init__(self, services: Services, source: QWidget, begin: BeginDrag | None = None) -> None:
        """`begin` takes the place of the system's drag, for tests."""
        super().__init__(source)
        self._services, self._source = services, source
        self._begin = begin or self._drag

    def copy(self, cards: Sequence[CardSummary], format_name: str = "tavernai") -> None:
        """Put the cards on the clipboard, as files of this format."""
        if cards and not self._are_too_many(cards):
            self._services.background.start(self._copy(cards, format_name))

    def drag(self, cards: Sequence[CardSummary], picture: QPixmap | None) -> None:
        """Write the cards as PNG files, then drag these if the button is still held."""
        if cards and not self._are_too_many(cards):
            self._services.background.start(self._prepare(cards, picture))

    async def _copy(self, cards: Sequence[CardSummary], format_name: str) -> None:
        data = await self._mime(cards, format_name)
        if data is None:
            return
        QGuiApplication.clipboard().setMimeData(data)
        text = self.tr(
            "Copied %n card(s) as file. Paste into a folder or another app.", None, len(data.urls())
        )
        self._services.desk.notice.emit(Notice(text, "ok", lasting=False))

    async def _prepare(self, cards: Sequence[CardSummary], picture: QPixmap | None) -> None:
        data = await self._mime(cards, "tavernai")
        if data is not None:
            data.setData(OWN_DRAG, b"1")
            # Not from here: a drag runs a loop of its own, which must not stand inside a coroutine.
            QTimer.singleShot(0, self, lambda: self._begin(data, picture))

    async def _mime(self, cards: Sequence[CardSummary], format_name: str) -> QMimeData | None:
        ids = [card.id for card in cards]
        folder = self._services.paths.cache / "copies"
        files, problem = await self._services.background.call(
            lambda ws: write_copies(ws, ids, format_name, folder)
        )
        if problem:
            self._services.desk.notice.emit(Notice(problem, "error"))
        if not files:
            return None
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
        return data

    def _drag(self, data: QMimeData, picture: QPixmap | None) -> None:
        if not QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
            return  # let go before the files were there
        drag = QDrag(self._source)
        drag.setMimeData(data)
        if picture is not None and not picture.isNull():
            small = picture.scaledToWidth(
                round(84 * picture.devicePixelRatio()), Qt.TransformationMode.SmoothTransformation
            )
            drag.setPixmap(small)
            drag.setHotSpot(QPoint(42, 56))
        drag.exec(Qt.DropAction.CopyAction)

    def _are_too_many(self, cards: Sequence[CardSummary]) -> bool:
        if len(cards) <= MOST:
            return False
        text = self.tr("Up to %n card(s) can be carried at once. Use Export for more.", None, MOST)
        self._services.desk.notice.emit(Notice(text, "warn"))
        return True


def write_copies(
    workspace: Workspace, ids: Sequence[str], format_name: str, folder: Path
) -> tuple[list[Path], str]:
    """Write the cards into a new folder inside `folder`; the files, and what went wrong ("" = nothing)."""
    _forget_old(folder)
    place = folder / new_id("copy")
    rules = workspace.settings.get().name_rules
    report = workspace.card_files.export(
        ids, [format_name], place, "{character_name}", rules=rules, record=False
    )
    files = [item.path for item in report.items if item.status == "written" and item.path is not None]
    return files, next((item.message for item in report.failed), "")


def _forget_old(folder: Path) -> None:
    if not folder.is_dir():
        return
    for old in folder.iterdir():
        if old.is_dir() and time.time() - old.stat().st_mtime > _KEPT:
            shutil.rmtree(old, ignore_errors=True)
