"""Files with their names: to open, to find in their folder, to drag into another program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import SourceView
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.panel import OWN_DRAG
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import ElidedLabel, icon_button, label, row, set_role

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
    """A line for each. Lines are kept for what comes next: making one takes as long as showing many."""

    def __init__(self, icons: Icons, name: str) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAccessibleName(name)
        self._icons = icons
        self._entries: tuple[Entry, ...] = ()
        self._lines: list[_Line] = []
        self._more = label("", "caption")
        self._more.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self._more)

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
        shown = entries[:_LINES]
        while len(self._lines) < len(shown):
            self._column.insertWidget(len(self._lines), line := _Line(self._icons))
            self._lines.append(line)
        for line, entry in zip(self._lines, shown, strict=False):
            line.show_entry(entry)
        for line in self._lines[len(shown) :]:
            line.hide()
        more = len(entries) - len(shown)
        self._more.setText(self.tr("and %n more file(s)", None, more) if more else "")
        self._more.setVisible(bool(more))


class _Line(QWidget):
    """One file; dragged by its name."""

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._path: Path | None = None
        self._pressed: QPoint | None = None
        self._name = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle)
        self._note = label("", "caption")
        self._open = icon_button(icons, "external-link", "")
        self._open.clicked.connect(lambda: self._open_path(lambda path: path))
        self._find = icon_button(icons, "folder-open", "")
        self._find.clicked.connect(lambda: self._open_path(lambda path: path.parent))
        layout = row(self._name, self._note, self._open, self._find, spacing=SPACE_XS)
        layout.setStretch(0, 1)
        self.setLayout(layout)

    def show_entry(self, entry: Entry) -> None:
        """Be the line of this file."""
        set_role(self._name, "caption" if entry.is_quiet else "")
        self._path = entry.path
        self._name.set_whole(entry.text)
        self._note.setText(entry.note)
        self._note.setVisible(bool(entry.note))
        file = entry.path.name if entry.path is not None else ""
        _rename(self._open, self.tr("Open %1").replace("%1", file))
        _rename(self._find, self.tr("Show %1 in its folder").replace("%1", file))
        for each in (self._open, self._find):
            each.setVisible(entry.path is not None)
        self.setToolTip("" if entry.path is None else str(entry.path))
        self.show()

    def _open_path(self, which: Callable[[Path], Path]) -> None:
        if self._path is not None:
            open_path(which(self._path))

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


def _rename(button: QPushButton, text: str) -> None:
    button.setAccessibleName(text)
    button.setToolTip(text)
    button.setStatusTip(text)


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
