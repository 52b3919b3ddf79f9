"""Asks how cards are to be exported, and says before anything is written what would be lost."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import (
    QCheckBox,
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
from cardforge_desktop.naming import PATTERNS
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.export_losses import Losses, losses_in, samples_for
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import Page, button, label, line, row, set_role
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.pattern_editor import PatternEditor

_NAMED_LOSSES = 3
_SIZE = QSize(600, 720)


class ExportDialog(QDialog):
    """Accepted with Export; `formats`, `folder` and `pattern` are what was chosen then."""

    def __init__(self, parent: QWidget, services: Services, ids: Sequence[str], folder: Path) -> None:
        """`folder` is proposed when none was chosen before."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._services, self._ids = services, tuple(ids)
        self._asked: set[str] = set()
        self.boxes: dict[str, QCheckBox] = {}
        self.losses: dict[str, QLabel] = {}
        self._make_formats()
        self._make_place(folder)
        self._lay_out(self.tr("Export %n card(s)", None, len(ids)))
        for box in self.boxes.values():
            box.toggled.connect(self._refresh)
        self.pattern_editor.edited.connect(self._allow)
        self.folder_edit.textChanged.connect(self._refresh)
        self._refresh()
        services.background.start(self._find_samples())

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
        """What the files are called by, "" = the default pattern."""
        return self.pattern_editor.pattern

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
            name = self.tr("%1 (.%2)").replace("%2", format_.extension).replace("%1", format_.label)
            box = CheckBox(self._services.theme, self._services.icons, name)
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
        self.pattern_editor = PatternEditor(self._services.icons, self._services.theme)
        self.pattern_editor.set_pattern(memory.text("library/export-pattern") or PATTERNS["default"])

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
        layout.addWidget(self.pattern_editor)
        layout.addSpacing(SPACE_M)
        layout.addLayout(row(None, cancel, self.export_button))
        self.setMinimumWidth(480)
        resize_within_screen(self, _SIZE.width(), _SIZE.height())

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
        extensions = {name: FORMATS[name].extension for name in self.formats or ("tavernai",)}
        self.pattern_editor.set_formats(extensions)
        self._allow()

    @Slot()
    def _allow(self) -> None:
        has_place = bool(self.folder_edit.text().strip())
        self.export_button.setEnabled(self.pattern_editor.is_valid and bool(self.formats) and has_place)

    async def _find_samples(self) -> None:
        samples, rules = await self._services.background.call(
            lambda ws: (samples_for(ws, self._ids), ws.settings.get().name_rules)
        )
        self.pattern_editor.set_rules(rules)
        self.pattern_editor.set_samples(samples, with_long=False)

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
