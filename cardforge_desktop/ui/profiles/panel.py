"""The profiles panel: all profiles, the one that is edited, and what stands beside its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout

from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.profiles.editor.profile_editor import ProfileEditor
from cardforge_desktop.ui.profiles.side import SidePane
from cardforge_desktop.ui.theme import SPACE_L

if TYPE_CHECKING:
    from cardforge_desktop.ui.services import Services


class ProfilesPanel(Panel):
    """Lays list, editor and side out."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.editor = ProfileEditor(services)
        self.side = SidePane(services, self.editor.session)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(SPACE_L)
        self._splitter.setChildrenCollapsible(False)
        for part in (self.editor, self.side):
            self._splitter.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def keep_state(self) -> None:
        """What is unsaved is kept."""
        self.editor.session.close()
