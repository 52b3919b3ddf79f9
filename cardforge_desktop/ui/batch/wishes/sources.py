"""The files a row is made of, to open and to find again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.batches.model import SourceView
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import ElidedLabel, icon_button, label, row

#: Files that get a line of their own.
_LINES = 20


class SourceList(QWidget):
    """A line for each file; pasted texts have nothing to open."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._services = services
        self._shown: tuple[SourceView, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setAccessibleName(self.tr("Sources"))

    @property
    def shown(self) -> tuple[SourceView, ...]:
        """The sources that are listed."""
        return self._shown

    def show_sources(self, sources: Sequence[SourceView]) -> None:
        """List these; nothing is made anew when they are the same."""
        sources = tuple(sources)
        if sources == self._shown:
            return
        self._shown = sources
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for source in sources[:_LINES]:
            self._column.addWidget(self._line(source, is_only=len(sources) == 1))
        if len(sources) > _LINES:
            more = label(self.tr("and %n more file(s)", None, len(sources) - _LINES), "caption")
            self._column.addWidget(more)

    def _line(self, source: SourceView, *, is_only: bool) -> QWidget:
        """The name; of the only file its folder, as the form's title is its name."""
        made = QWidget()
        made.setProperty("role", "page")
        shown = str(source.path.parent) if is_only and source.path is not None else source.name
        name = ElidedLabel(shown, "caption" if is_only else "", Qt.TextElideMode.ElideMiddle)
        if source.path is None:
            layout = row(name, label(self.tr("pasted"), "caption"), spacing=SPACE_XS)
        else:
            path = source.path
            icons = self._services.icons
            opened = icon_button(icons, "external-link", self.tr("Open %1").replace("%1", source.name))
            opened.clicked.connect(lambda _checked=False: open_path(path))
            found = icon_button(
                icons, "folder-open", self.tr("Show %1 in its folder").replace("%1", source.name)
            )
            found.clicked.connect(lambda _checked=False: open_path(path.parent))
            layout = row(name, opened, found, spacing=0)
            made.setToolTip(str(path))
        made.setLayout(layout)
        return made


def open_path(path: Path) -> None:
    """Open a file, or a folder, with the program the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
