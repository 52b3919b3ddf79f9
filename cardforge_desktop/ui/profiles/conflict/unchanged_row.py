"""A field that nobody changed, in the table of a conflict."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame

from cardforge_desktop.profiles.merging import FieldMerge
from cardforge_desktop.ui.profiles.conflict.row import NAME_WIDTH, RESULT_WIDTH
from cardforge_desktop.ui.profiles.editor.field_names import name_of, value_text
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S
from cardforge_desktop.ui.widgets.basics import ElidedLabel, label, row

#: Characters of a value that one line can show at all.
_MOST = 300


class UnchangedRow(QFrame):
    """Its name and its value, in one line."""

    def __init__(self, services: Services, field: FieldMerge) -> None:
        super().__init__()
        self._theme = services.theme
        name = label(name_of(field.path), "muted", wrap=True)
        name.setFixedWidth(NAME_WIDTH)
        value = ElidedLabel(" ".join(value_text(field.path, field.base)[:_MOST].split()), "muted")
        told = label(self.tr("Nobody changed it"), "caption")
        told.setFixedWidth(RESULT_WIDTH)
        layout = row(name, value, told, spacing=SPACE_L)
        layout.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_S)
        self.setLayout(layout)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line below."""
        painter = QPainter(self)
        rule = QRect(0, self.height() - 1, self.width(), 1)
        painter.fillRect(rule, QColor(self._theme.tokens.border))
