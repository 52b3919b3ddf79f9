"""The frame around the panels: rail, menus, status bar, notices, drops on the whole window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui.icons import Icons, app_icon
from cardforge_desktop.ui.memory import Memory
from cardforge_desktop.ui.panel import OWN_DRAG, Panel
from cardforge_desktop.ui.panels import PANELS
from cardforge_desktop.ui.rail import Rail
from cardforge_desktop.ui.status_bar import StatusBar
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XL, Theme

_PNG = "image/png"

if TYPE_CHECKING:
    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.ui.widgets.drop_zone import DropOverlay


class MainWindow(QMainWindow):
    """Shows one panel at a time. Made and painted before anything heavy is imported.

    Signals:
        painted(): the first frame is on the screen.
        closing(): the person asked to close the window; the owner decides.
        dropped(list, str): files (paths) or a text were dropped on the window.
        pictured(object): a picture without a file was dropped: its bytes, or a `QImage`.
    """

    painted = Signal()
    closing = Signal()
    dropped = Signal(list, str)
    pictured = Signal(object)

    def __init__(self, theme: Theme, icons: Icons, memory: Memory) -> None:
        super().__init__()
        self._theme, self._icons, self._memory = theme, icons, memory
        self._services: Services | None = None
        self._panels: dict[str, Panel] = {}
        self._current = ""
        self._wanted = ""  # a panel that is shown as soon as it is imported
        self._painted = False
        self._may_close = False
        self._overlay: DropOverlay | None = None
        self.rail = Rail(icons)
        self.status = StatusBar(theme)
        self._stack = QStackedWidget()
        self._page = QVBoxLayout()
        self._page.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        self._page.setSpacing(SPACE_M)
        self._page.addWidget(self._stack, 1)
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        across.addLayout(self._page, 1)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)
        self.setWindowTitle("CardForge")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(820, 520)
        self._restore()
        self.rail.chosen.connect(self.go_to)
        middle.setFocus()  # else the first button of the rail has it, and shows a ring
        key = memory.text("window/panel", "batch")
        self.rail.show_current(key if key in {spec.key for spec in PANELS} else "batch")

    @property
    def current(self) -> str:
        """Key of the open panel, "" before there is one."""
        return self._current

    @property
    def panel(self) -> Panel | None:
        """The open panel."""
        return self._panels.get(self._current)

    def built_panels(self) -> tuple[str, ...]:
        """Keys of the panels visited so far."""
        return tuple(self._panels)

    def furnish(self, services: Services) -> None:
        """Give the frame its menus, notices and the panel of the last time."""
        from cardforge_desktop.ui.widgets.notice_bar import NoticeBar
        from cardforge_desktop.ui.widgets.notice_queue import NoticeQueue

        self._services = services
        self.notices = NoticeBar(self._icons)
        self._page.insertWidget(0, self.notices)
        queue = NoticeQueue(self.notices)
        services.desk.notice.connect(queue.say)
        services.desk.notice_over.connect(queue.take_back)
        services.desk.open_panel.connect(self.open_panel)
        self._add_panel_actions(services)
        key = self._memory.text("window/panel", "batch")
        self.open_panel(key if key in {spec.key for spec in PANELS} else "batch")

    @Slot(str)
    def go_to(self, key: str) -> None:
        """Show a panel that the person chose; at the first visit it is imported before, on a worker."""
        if self._services is None:
            return
        self._wanted = key
        if key in self._panels:
            self.open_panel(key)
        else:
            self.rail.show_current(key)
            self._services.background.start(self._visit(key, self._services.background))

    async def _visit(self, key: str, background: Background) -> None:
        spec = next(spec for spec in PANELS if spec.key == key)
        await background.run(spec.load)
        if self._wanted == key:
            self.open_panel(key)

    @Slot(str)
    def open_panel(self, key: str) -> None:
        """Show a panel; built when it is the first visit."""
        self._wanted = ""
        if self._services is None:
            return
        self.rail.show_current(key)
        if key == self._current:
            return
        if (before := self.panel) is not None:
            before.deactivated()
        if key not in self._panels:
            spec = next(spec for spec in PANELS if spec.key == key)
            self._panels[key] = spec.build(self._services, self._stack)
            self._stack.addWidget(self._panels[key])
        self._current = key
        self._stack.setCurrentWidget(self._panels[key])
        self._panels[key].activated()

    def built(self, key: str) -> Panel:
        """The panel with this key, opened."""
        self.open_panel(key)
        return self._panels[key]

    def keep_state(self) -> None:
        """Remember geometry, panel and what each panel wants kept."""
        self._memory.keep("window/geometry", self.saveGeometry())
        self._memory.keep("window/panel", self._current or "batch")
        for panel in self._panels.values():
            panel.keep_state()

    def let_close(self) -> None:
        """The next close is final."""
        self._may_close = True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint, and say so the first time."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask the owner, which may have work under way."""
        if self._may_close:
            event.accept()
            return
        event.ignore()
        self.closing.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the system's font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._theme.restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the overlay over everything."""
        super().resizeEvent(event)
        if self._overlay is not None:
            self._overlay.setGeometry(self.rect())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Say what a drop would do."""
        data = event.mimeData()
        if not (_takes(data) or (_is_picture(data) and self._takes_pictures())):
            return
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if self.panel is not None:
            self.show_overlay(self.panel.drop_text(len(data.urls())))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Everywhere is fine."""
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002
        """Take the overlay away."""
        self.hide_overlay()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand the files over."""
        self.hide_overlay()
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        self.take(event.mimeData())

    def take(self, data: QMimeData) -> None:
        """Files, a text or a picture from a drop or the clipboard."""
        if self.panel is not None and self.panel.take_data(data):
            return
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if not paths and _is_picture(data) and self._takes_pictures():
            # As bytes it may have a card in it; an image has pixels only.
            self.pictured.emit(bytes(data.data(_PNG).data()) or data.imageData())
            return
        text = data.text() if not paths and data.hasText() else ""
        if paths or text.strip():
            self.dropped.emit(paths, text)

    def show_overlay(self, text: str) -> None:
        """Lay the drop overlay over the window."""
        from cardforge_desktop.ui.widgets.drop_zone import DropOverlay

        if self._overlay is None:
            self._overlay = DropOverlay(self._theme, self._icons, self)
        self._overlay.cover(text)

    def hide_overlay(self) -> None:
        """Take the drop overlay away."""
        if self._overlay is not None:
            self._overlay.hide()

    def _takes_pictures(self) -> bool:
        return self.panel is not None and self.panel.takes_pictures()

    def _add_panel_actions(self, services: Services) -> None:
        from cardforge_desktop.ui.actions import ActionSpec

        for at, spec in enumerate(PANELS, start=1):
            text = QCoreApplication.translate("Panels", spec.text)
            action = services.actions.add(
                ActionSpec(
                    f"view.{spec.key}",
                    "view",
                    text,
                    self.tr("Go to %1").replace("%1", text),
                    f"Ctrl+{at}",
                    spec.icon,
                    separated=at == 1,
                )
            )
            action.triggered.connect(lambda _checked=False, key=spec.key: self.go_to(key))
            self.rail.describe(spec.key, action)

    def _restore(self) -> None:
        geometry = self._memory.state("window/geometry")
        if geometry is None or not self.restoreGeometry(geometry):
            self.resize(1280, 800)


def _is_picture(data: QMimeData) -> bool:
    return (data.hasImage() or data.hasFormat(_PNG)) and not data.hasFormat(OWN_DRAG)


def _takes(data: QMimeData) -> bool:
    if data.hasFormat(OWN_DRAG):
        return False
    return any(url.isLocalFile() for url in data.urls()) or (data.hasText() and not data.hasUrls())
