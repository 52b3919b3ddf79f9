"""The files that were written for a card, each with what became of it since."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, icon_button, label, row, set_tone

if TYPE_CHECKING:
    from cardforge_desktop.cards.exporting import FileState

#: State → word, icon, tone, and what it means.
_STATES: dict[str, tuple[str, str, Tone, str]] = {
    "current": (
        QT_TRANSLATE_NOOP("FileStates", "Up to date"),
        "file-check",
        Tone.OK,
        QT_TRANSLATE_NOOP("FileStates", "The file holds the card as it is now."),
    ),
    "outdated": (
        QT_TRANSLATE_NOOP("FileStates", "Out of date"),
        "file-clock",
        Tone.WARN,
        QT_TRANSLATE_NOOP("FileStates", "The card was edited since this file was written."),
    ),
    "changed": (
        QT_TRANSLATE_NOOP("FileStates", "Changed elsewhere"),
        "file-pen",
        Tone.INFO,
        QT_TRANSLATE_NOOP(
            "FileStates", "Somebody changed this file since CardForge wrote it. Re-export leaves it alone."
        ),
    ),
    "missing": (
        QT_TRANSLATE_NOOP("FileStates", "Missing"),
        "file-x",
        Tone.ERROR,
        QT_TRANSLATE_NOOP("FileStates", "The file is gone or was moved. Re-export writes it again."),
    ),
}
_RENEWED = ("outdated", "missing")


class FilesSection(QWidget):
    """Lists the files; says when some are out of date and offers to renew them.

    Signals:
        re_export(): write those again that nobody changed.
    """

    re_export = Signal()

    def __init__(self, icons: Icons, states: Sequence[FileState]) -> None:
        super().__init__()
        self._icons = icons
        self.states = tuple(states)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(label(self.tr("Files"), "strong"))
        if not states:
            layout.addWidget(label(self.tr("No file was written for this card."), "muted", wrap=True))
        if any(state.state in _RENEWED for state in states):
            layout.addWidget(self._offer())
        for state in states:
            layout.addLayout(self._file(state))

    def _offer(self) -> QWidget:
        is_outdated = any(state.state == "outdated" for state in self.states)
        text = self.tr("Files out of date") if is_outdated else self.tr("Files are missing")
        made = Card(margin=SPACE_S)
        made.setProperty("role", "notice")
        set_tone(made, "warn")
        again = button(
            self.tr("Re-export"),
            tip=self.tr("Write the card's files again; files that somebody else changed stay as they are"),
        )
        again.clicked.connect(self.re_export)
        picture = QLabel()
        self._icons.put_on_label(picture, "file-clock", Tone.WARN)
        made.body.addLayout(row(picture, label(text, "strong"), None, again))
        return made

    def _file(self, state: FileState) -> QGridLayout:
        word, icon, tone, meaning = _STATES[state.state]
        translate = QCoreApplication.translate
        picture = QLabel()
        self._icons.put_on_label(picture, icon, tone)
        name = ElidedLabel(state.path.name, "", Qt.TextElideMode.ElideMiddle)
        name.setToolTip(str(state.path))
        said = label(translate("FileStates", word), "caption")
        for part in (picture, said):
            part.setToolTip(translate("FileStates", meaning))
        show = icon_button(
            self._icons,
            "folder-open",
            self.tr("Show %1 in its folder").replace("%1", state.path.name),
        )
        show.clicked.connect(lambda _checked=False: open_folder(state.path))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(0)
        grid.addWidget(picture, 0, 0, 2, 1)
        grid.addWidget(name, 0, 1)
        grid.addWidget(said, 1, 1)
        grid.addWidget(show, 0, 2, 2, 1)
        return grid


def open_folder(path: Path) -> None:
    """Show the folder of a file in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent)))
