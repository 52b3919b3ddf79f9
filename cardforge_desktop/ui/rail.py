"""The rail at the left: one button for each panel."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QVBoxLayout

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.panels import PANELS, PanelSpec
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import label


class Rail(QFrame):
    """Shows the panels and which one is open.

    Signals:
        chosen(str): the person wants the panel with this key.
    """

    chosen = Signal(str)

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self.setProperty("role", "rail")
        self.setFixedWidth(184)
        self.setAccessibleName(self.tr("Panels"))
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_M, SPACE_L, SPACE_M, SPACE_M)
        layout.setSpacing(SPACE_XS)
        brand = label("CardForge", "brand")
        brand.setContentsMargins(SPACE_M, 2, 0, SPACE_M)
        layout.addWidget(brand)
        for spec in PANELS:
            if spec.last:
                layout.addStretch(1)
            layout.addWidget(self._button(spec, icons))

    def show_current(self, key: str) -> None:
        """Mark the panel that is open."""
        self._buttons[key].setChecked(True)

    def describe(self, key: str, action: QAction) -> None:
        """Take the tooltip of the action that opens the same panel."""
        self._buttons[key].setToolTip(action.toolTip())
        self._buttons[key].setStatusTip(action.statusTip())

    def _button(self, spec: PanelSpec, icons: Icons) -> QPushButton:
        text = QCoreApplication.translate("Panels", spec.text)
        made = QPushButton("  " + text)
        made.setProperty("role", "rail")
        made.setCheckable(True)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setIconSize(QSize(18, 18))
        made.setAccessibleName(text)
        icons.put(made, spec.icon, Tone.MUTED)
        made.clicked.connect(lambda _checked=False: self.chosen.emit(spec.key))
        self._group.addButton(made)
        self._buttons[spec.key] = made
        return made
