"""Asks how cards are to be exported, and says before anything is written what would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.naming import PATTERNS, PLACEHOLDERS
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.export_losses import Losses, Names, losses_in, names_for
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import Page, button, label, line, row, set_role

_NAMED_LOSSES = 3
_TYPING_MS = 150
_SIZE = QSize(580, 640)


class ExportDialog(QDialog):
    """Accepted with Export; `formats`, `folder` and `pattern` are what was chosen then."""

    def __init__(self, parent: QWidget, services: Services, ids: Sequence[str], folder: Path) -> None:
        """`folder` is proposed when none was chosen before."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services, self._ids = services, tuple(ids)
        self._number = 0
        self._asked: set[str] = set()
        self.boxes: dict[str, QCheckBox] = {}
        self.losses: dict[str, QLabel] = {}
        self._make_formats()
        self._make_place(folder)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._ask_names)
        self._lay_out(self.tr("Export %n card(s)", None, len(ids)))
        for box in self.boxes.values():
            box.toggled.connect(self._refresh)
        self.pattern_edit.editTextChanged.connect(lambda _text: self._typing.start())
        self.folder_edit.textChanged.connect(self._refresh)
        self._refresh()

    @property
    def formats(self) -> tuple[str, ...]:
        """Names of the ticked formats."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    @property
    def folder(self) -> Path:
        """Where to."""
        return Path(self.folder_edit.text().strip()).expanduser()

    @property
    def pattern(self) -> str:
        """What the files are called by."""
        return self.pattern_edit.currentText().strip()

    def accept(self) -> None:
        """Remember what was chosen."""
        memory = self._services.memory
        memory.keep("library/export-formats", ",".join(self.formats))
        memory.keep("library/export-folder", self.folder_edit.text())
        memory.keep("library/export-pattern", self.pattern)
        super().accept()

    # Making

    def _make_formats(self) -> None:
        chosen = self._services.memory.text("library/export-formats", "tavernai").split(",")
        for format_ in FORMATS.values():
            box = QCheckBox(self.tr("%1 (.%2)").replace("%2", format_.extension).replace("%1", format_.label))
            box.setChecked(format_.name in chosen)
            said = label("", "caption", wrap=True, selectable=True)
            said.setAccessibleName(self.tr("What %1 loses").replace("%1", format_.label))
            said.hide()
            self.boxes[format_.name], self.losses[format_.name] = box, said

    def _make_place(self, folder: Path) -> None:
        memory = self._services.memory
        self.folder_edit = QLineEdit(memory.text("library/export-folder") or str(folder))
        self.folder_edit.setAccessibleName(self.tr("Folder"))
        self.browse_button = button(
            self.tr("Browse…"), tip=self.tr("Choose the folder in the system's dialog")
        )
        self.browse_button.clicked.connect(self._browse)
        self.pattern_edit = QComboBox()
        self.pattern_edit.setEditable(True)
        self.pattern_edit.setAccessibleName(self.tr("File names"))
        self.pattern_edit.addItems(list(PATTERNS.values()))
        self.pattern_edit.setCurrentText(memory.text("library/export-pattern") or PATTERNS["default"])
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        self.pattern_edit.setToolTip(self.tr("Placeholders: %1").replace("%1", known))
        self.names = label("", "caption", wrap=True)
        self.names.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        self.names.setAlignment(Qt.AlignmentFlag.AlignTop)

    def _lay_out(self, title: str) -> None:
        self.setWindowTitle(title)
        self.export_button = button(self.tr("Export"), "primary")
        self.export_button.setDefault(True)
        self.export_button.clicked.connect(self.accept)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, 22)
        grid.setColumnStretch(1, 1)
        for at, name in enumerate(self.boxes):
            grid.addWidget(self.boxes[name], 2 * at, 0, 1, 2)
            grid.addWidget(self.losses[name], 2 * at + 1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL - SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addWidget(label(title, "title", wrap=True))
        layout.addWidget(label(self.tr("Formats"), "strong"))
        layout.addWidget(self._scrolled(grid), 1)
        layout.addWidget(line())
        layout.addWidget(label(self.tr("Folder"), "strong"))
        layout.addLayout(row(self.folder_edit, self.browse_button))
        layout.addWidget(label(self.tr("File names"), "strong"))
        layout.addWidget(self.pattern_edit)
        layout.addWidget(self.names)
        layout.addSpacing(SPACE_M)
        layout.addLayout(row(None, cancel, self.export_button))
        self.setMinimumWidth(480)
        self.resize(_SIZE)

    @staticmethod
    def _scrolled(grid: QGridLayout) -> QScrollArea:
        """The formats with their losses: few lines, or many."""
        page = Page()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        column.addLayout(grid)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        return area

    # What happens

    @Slot()
    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Export into"), self.folder_edit.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder_edit.setText)
        dialog.open()

    @Slot()
    def _refresh(self) -> None:
        for name, said in self.losses.items():
            is_chosen = self.boxes[name].isChecked()
            said.setVisible(is_chosen)
            if is_chosen and name not in self._asked:
                self._asked.add(name)
                said.setText(self.tr("Looking what would be lost…"))
                self._services.background.start(self._find_losses(name))
        self._allow(self.names.property("role") != "error")
        self._ask_names()

    def _allow(self, has_names: bool) -> None:
        self.export_button.setEnabled(
            has_names and bool(self.formats) and bool(self.folder_edit.text().strip())
        )

    @Slot()
    def _ask_names(self) -> None:
        self._number += 1
        self._services.background.start(self._find_names(self._number))

    async def _find_names(self, number: int) -> None:
        formats, pattern = self.formats or ("tavernai",), self.pattern
        names = await self._services.background.call(lambda ws: names_for(ws, self._ids, formats, pattern))
        if number == self._number:
            self._show_names(names)

    def _show_names(self, names: Names) -> None:
        set_role(self.names, "error" if names.problem else "caption")
        shown = list(names.names)
        if len(self._ids) * max(1, len(self.formats)) > len(shown):
            shown.append("…")
        self.names.setText(names.problem or "\n".join(shown))
        self._allow(not names.problem)

    async def _find_losses(self, name: str) -> None:
        losses = await self._services.background.call(lambda ws: losses_in(ws, self._ids, name))
        self._show_losses(self.losses[name], losses)

    def _show_losses(self, said: QLabel, losses: Losses) -> None:
        set_role(said, "warn" if losses.losing or losses.problem else "caption")
        parts = [losses.problem] if losses.problem else []
        if losses.losing:
            parts.append(self._losing(losses))
            parts += [f"• {what}" for what in losses.what[:_NAMED_LOSSES]]
            more = len(losses.what) - _NAMED_LOSSES
            if more > 0:
                parts.append(self.tr("… and %n more", None, more))
        elif not losses.problem:
            parts.append(self.tr("Nothing is lost."))
        if losses.looked_at < len(self._ids):
            text = self.tr("Looked through the first %1 of %n card(s).", None, len(self._ids))
            parts.append(text.replace("%1", formatting.number(losses.looked_at)))
        said.setText("\n".join(parts))
        said.setToolTip("\n".join(losses.what[:40]))

    def _losing(self, losses: Losses) -> str:
        if len(self._ids) == 1:
            return self.tr("Not all of the card fits into this format:")
        text = self.tr("%1 of %n card(s) lose something in this format:", None, losses.looked_at)
        return text.replace("%1", formatting.number(losses.losing))
