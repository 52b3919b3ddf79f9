"""The line that shows and changes what a profile is tried on."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, Slot
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QVBoxLayout, QWidget

from cardforge_desktop.ui.profiles.preview.choice import OWN, TrialChoice
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.picker import Choice, Picker

#: Pixels below which the pickers stand one over the other.
_WIDE = 430


class ChoiceBar(QWidget):
    """Picks the source and the engine. Where no engine is picked, `show_engine` says which is used."""

    def __init__(self, services: Services, choice: TrialChoice) -> None:
        super().__init__()
        self._choice = choice
        self._used = ""
        self.source = Picker(services.icons, self.tr("Source"))
        self.engine = Picker(services.icons, self.tr("Engine"))
        self.open = self._command(
            self.tr("Open a file…"), self.tr("Choose a text, a document or a card to try the profile on")
        )
        self.paste = self._command(
            self.tr("Paste from the clipboard"), self.tr("Try the profile on the text of the clipboard")
        )
        self._dialog: QFileDialog | None = None
        for action in (self.open, self.paste):
            self.source.add_command(action)
        self.open.triggered.connect(self.browse)
        self.paste.triggered.connect(self.take_clipboard)
        self.problem = label("", "error", wrap=True, selectable=True)
        self.problem.setAccessibleName(self.tr("Error"))
        self.problem.hide()
        self._pickers = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._pickers.setSpacing(SPACE_S)
        for each in (self.source, self.engine):
            self._pickers.addWidget(each, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addLayout(self._pickers)
        column.addWidget(self.problem)
        self.source.picked.connect(choice.choose)
        self.engine.picked.connect(choice.choose_engine)
        choice.listed.connect(self._refresh)
        choice.changed.connect(self._on_chosen)
        choice.failed.connect(self.say_problem)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room for both names."""
        super().resizeEvent(event)
        wide = event.size().width() >= _WIDE
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if direction != self._pickers.direction():
            self._pickers.setDirection(direction)

    def show_engine(self, text: str) -> None:
        """Say which engine is used while none is picked here."""
        if text != self._used:
            self._used = text
            self._refresh()

    @Slot()
    def browse(self) -> None:
        """Choose a file in a dialog."""
        dialog = QFileDialog(self, self.tr("Choose a source"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self._choice.open_file(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def take_clipboard(self) -> None:
        """Choose what is on the clipboard: a file, or a text."""
        clipboard = QGuiApplication.clipboard()
        data: QMimeData | None = clipboard.mimeData()  # None for one that is empty
        urls = data.urls() if data is not None else []
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self._choice.open_file(paths[0])
        elif (text := clipboard.text()).strip():
            self._choice.paste(text)
        else:
            self.say_problem(self.tr("There is no text on the clipboard."))

    @Slot(str)
    def say_problem(self, text: str) -> None:
        """Say why a source can't be used; "" = nothing is wrong."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    @Slot()
    def _on_chosen(self) -> None:
        self.say_problem("")
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        choice, source = self._choice, self._choice.source
        names = {"example": self.tr("%1 (example)"), "recent": self.tr("%1 (from the queue)")}
        known = [
            Choice(each.key, names[each.group].replace("%1", each.name, 1)) for each in choice.choices.sources
        ]
        if choice.key == OWN and source is not None:
            known.insert(0, Choice(OWN, source.name))
        self.source.set_choices(known, choice.key)
        if source is None:
            self.source.show_choice("", self.tr("Choose a source"))
        own = self._used or self.tr("As the profile says")
        engines = [Choice(name, text) for name, text in choice.choices.engines]
        self.engine.set_choices([Choice("", own), *engines], choice.engine)

    def _command(self, text: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setToolTip(tip)
        action.setStatusTip(tip)
        return action
