"""Asks how a book is to be exported, and says before anything is written what would be lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QFileDialog, QLabel, QLineEdit, QWidget

from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import button, label, line, row, set_role
from cardforge_desktop.ui.widgets.radio_button import RadioButton

if TYPE_CHECKING:
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.cards.formats import Loss
    from cardforge_desktop.ui.services import Services

_NAMED_LOSSES = 4
_FORMAT, _FOLDER = "books/export-format", "books/export-folder"
#: What each format is for.
_USES = {
    "worldinfo": QT_TRANSLATE_NOOP(
        "BookFormats", "For SillyTavern's World Info. Comes back whole, also after it was changed there."
    ),
    "lorebook": QT_TRANSLATE_NOOP("BookFormats", "For apps that read V3 lorebooks."),
    "book": QT_TRANSLATE_NOOP("BookFormats", "The book as it is in a V3 card, alone in a file."),
}


class BookExportDialog(BulkDialog):
    """Open it with `open`.

    Signals:
        given(Path, str): the folder and the name of the format; the dialog closes.
    """

    given = Signal(object, str)

    def __init__(self, parent: QWidget, services: Services, book: BookSummary) -> None:
        super().__init__(parent)
        self._services, self._book = services, book
        title = self.tr("Export “%1”").replace("%1", words.book_name(book)[:60])
        self.set_texts(title, "", self.tr("Export"))
        self.choices: dict[str, RadioButton] = {}
        self.losses: dict[str, QLabel] = {}
        self._asked: set[str] = set()
        self._group = QButtonGroup(self)
        self.folder_edit = QLineEdit(services.memory.text(_FOLDER))
        self._lay_out()
        self.setMinimumWidth(560)
        self.accepted.connect(self._give)
        self.folder_edit.textChanged.connect(self._refresh)
        if not self.folder_edit.text():
            services.background.start(self._propose())
        self._refresh()
        self.choices[self.format].setFocus()

    @property
    def format(self) -> str:
        """Name of the chosen format."""
        return next(name for name, choice in self.choices.items() if choice.isChecked())

    @property
    def folder(self) -> Path:
        """Where to."""
        return Path(self.folder_edit.text().strip()).expanduser()

    def _lay_out(self) -> None:
        from cardforge_desktop.cards.formats import BOOK_FORMATS

        self.body.addWidget(label(self.tr("Format"), "strong"))
        wanted = self._services.memory.text(_FORMAT, "worldinfo")
        for name, known in BOOK_FORMATS.items():
            choice = RadioButton(self._services.theme, known.label)
            use = translate("BookFormats", _USES[name])
            choice.setToolTip(use)
            choice.setChecked(name == wanted or not self.choices)
            about, said = label(use, "caption", wrap=True), label("", "caption", wrap=True, selectable=True)
            for each in (about, said):
                each.setContentsMargins(26, 0, 0, 0)
            said.setAccessibleName(self.tr("What %1 loses").replace("%1", known.label))
            said.hide()
            self._group.addButton(choice)
            choice.toggled.connect(self._refresh)
            self.choices[name], self.losses[name] = choice, said
            for part in (choice, about, said):
                self.body.addWidget(part)
        self.body.addWidget(line())
        self.body.addWidget(label(self.tr("Folder"), "strong"))
        self.folder_edit.setAccessibleName(self.tr("Folder"))
        browse = button(self.tr("Browse…"), tip=self.tr("Choose the folder in the system's dialog"))
        browse.clicked.connect(self._browse)
        self.body.addLayout(row(self.folder_edit, browse))
        hint = self.tr("The file is named after the book. A file that is there stays as it is.")
        self.body.addWidget(label(hint, "caption", wrap=True))
        self.body.addStretch(1)

    async def _propose(self) -> None:
        settings = await self._services.background.call(lambda ws: ws.settings.get())
        if self.is_there and not self.folder_edit.text():
            self.folder_edit.setText(str(settings.output))

    @Slot()
    def _browse(self) -> None:
        from PySide6.QtCore import Qt

        dialog = QFileDialog(self, self.tr("Export into"), self.folder_edit.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder_edit.setText)
        dialog.open()

    @Slot()
    def _refresh(self) -> None:
        has_place = bool(self.folder_edit.text().strip())
        self.say("" if has_place else self.tr("Choose a folder."), possible=has_place)
        name = self.format
        if name not in self._asked:
            self._asked.add(name)
            self._services.background.start(self._find_losses(name))

    async def _find_losses(self, name: str) -> None:
        ids = [self._book.id]
        losses = await self._services.background.call(lambda ws: ws.book_files.losses(ids, name))
        if self.is_there:
            self._show_losses(self.losses[name], losses)

    def _show_losses(self, said: QLabel, losses: tuple[Loss, ...]) -> None:
        set_role(said, "warn" if losses else "caption")
        parts = [f"• {loss.field} {loss.reason}" for loss in losses[:_NAMED_LOSSES]]
        if len(losses) > _NAMED_LOSSES:
            parts.append(self.tr("… and %n more", None, len(losses) - _NAMED_LOSSES))
        if not losses:
            parts.append(self.tr("Nothing is lost."))
        said.setText("\n".join(parts))
        said.show()
        layout = self.layout()
        if layout is not None:  # a wrapped text that grows makes no dialog higher by itself
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    @Slot()
    def _give(self) -> None:
        self._services.memory.keep(_FORMAT, self.format)
        self._services.memory.keep(_FOLDER, self.folder_edit.text())
        self.given.emit(self.folder, self.format)
