"""What the pane says of several entries, and what can be done to all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_L, SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import button, label

if TYPE_CHECKING:
    from cardforge_desktop.ui.services import Services

#: Keys of the actions that are offered, as far as there are such.
_ACTIONS = (
    *("entry.bulk", "edit.replace", "entry.toggle", "entry.merge", "entry.number", "entry.tidy_keys"),
    *("entry.duplicate", "entry.move_to", "entry.copy_to", "entry.delete"),
)


class SeveralSelected(QWidget):
    """How many are selected, and a button for each thing that can be done to them together."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._services = services
        self.buttons: dict[str, QPushButton] = {}
        self.title = label("", "title")
        text = label(
            self.tr("What you choose here is done to all of them. Undo takes it back."), "muted", wrap=True
        )
        self._column = QVBoxLayout(self)
        self._column.setSpacing(SPACE_S)
        self._column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        self._column.addWidget(self.title)
        self._column.addWidget(text)
        self._column.addSpacing(SPACE_S)
        icons = {spec.key: spec.icon for spec, _ in services.actions}
        for key in _ACTIONS:
            if key in services.actions:
                self._add(key, services.actions[key], icons[key] or "pencil")
        self._column.addStretch(1)

    def show_count(self, count: int) -> None:
        """So many are selected."""
        self.title.setText(self.tr("%Ln entry(s) are selected", None, count))

    def _add(self, key: str, action: QAction, icon: str) -> None:
        made = self.buttons[key] = button(
            "", "quiet", tip=action.statusTip(), name=action.text().replace("&", "")
        )

        def follow() -> None:
            made.setText(action.text().replace("&", ""))
            made.setEnabled(action.isEnabled())

        made.clicked.connect(action.trigger)
        action.changed.connect(follow)
        follow()
        self._services.icons.put(made, icon, Tone.MUTED, 16)
        self._column.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)
