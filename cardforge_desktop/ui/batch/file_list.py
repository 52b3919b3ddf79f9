"""Files with their names: to open, to find in their folder, to drag into another program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import SourceView
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.panel import OWN_DRAG
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import ElidedLabel, icon_button, label, row

#: Files that get a line of their own.
_LINES = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A line: `path` is None for what is no file; `note` stands at the end of the line."""

    text: str
    path: Path | None
    note: str = ""
    is_quiet: bool = False


class FileList(QWidget):
    """A line for each; nothing is made anew when they are the same."""

    def __init__(self, icons: Icons, name: str) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAccessibleName(name)
        self._icons = icons
        self._entries: tuple[Entry, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is listed."""
        return self._entries

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """List these."""
        entries = tuple(entries)
        if entries == self._entries:
            return
        self._entries = entries
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for entry in entries[:_LINES]:
            self._column.addWidget(_Line(self._icons, entry))
        if len(entries) > _LINES:
            more = self.tr("and %n more file(s)", None, len(entries) - _LINES)
            self._column.addWidget(label(more, "caption"))


class _Line(QWidget):
    """One file; dragged by its name."""

    def __init__(self, icons: Icons, entry: Entry) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._path = entry.path
        self._pressed: QPoint | None = None
        name = ElidedLabel(entry.text, "caption" if entry.is_quiet else "", Qt.TextElideMode.ElideMiddle)
        layout = row(name, spacing=SPACE_XS)
        layout.setStretch(0, 1)
        if entry.note:
            layout.addWidget(label(entry.note, "caption"))
        if entry.path is not None:
            path = entry.path
            opened = icon_button(icons, "external-link", self.tr("Open %1").replace("%1", path.name))
            opened.clicked.connect(lambda _checked=False: open_path(path))
            found = icon_button(
                icons, "folder-open", self.tr("Show %1 in its folder").replace("%1", path.name)
            )
            found.clicked.connect(lambda _checked=False: open_path(path.parent))
            layout.addWidget(opened)
            layout.addWidget(found)
            self.setToolTip(str(path))
        self.setLayout(layout)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Maybe the beginning of a drag."""
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the file out."""
        if self._path is None or self._pressed is None:
            return
        moved = event.position().toPoint() - self._pressed
        if moved.manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
            drag = QDrag(self)
            drag.setMimeData(file_data([self._path]))
            drag.exec(Qt.DropAction.CopyAction)


def file_data(paths: Sequence[Path]) -> QMimeData:
    """Files for another program; marked so that this window does not take them itself."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    data.setData(OWN_DRAG, b"1")
    return data


def open_path(path: Path) -> None:
    """Open a file, or a folder, with the program the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def source_entries(sources: Sequence[SourceView], pasted: str) -> list[Entry]:
    """The files a row is made of; of an only one its folder, as its name stands above already."""
    is_only = len(sources) == 1
    return [
        Entry(source.name, None, pasted)
        if source.path is None
        else Entry(str(source.path.parent) if is_only else source.name, source.path, is_quiet=is_only)
        for source in sources
    ]
