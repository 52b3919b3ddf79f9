"""The line at the head of the form: how much is wrong, and on to the next of it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLabel, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.finding_lines import ICONS, TONES


class FindingsLine(QWidget):
    """Counts of errors and warnings, or that there are none, or that it is still being checked.

    Signals:
        next_wanted(): go to the next finding.
    """

    next_wanted = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.setProperty("role", "page")
        self._icon = QLabel()
        self._text = label("", "caption")
        self.next_button = button(
            self.tr("Next"), "link", tip=self.tr("Go to the next one (F8)"), name=self.tr("Next finding")
        )
        self._checking = label(self.tr("Checking…"), "caption")
        self.next_button.clicked.connect(self.next_wanted)
        self.setLayout(row(self._icon, self._text, self.next_button, self._checking, None, spacing=SPACE_S))
        self.setMinimumHeight(self.next_button.sizeHint().height())  # what is below stands still
        self.show_state(0, 0, checking=True, known=False)

    @property
    def text(self) -> str:
        """What it says."""
        shown = (self._text, self._checking)
        return " ".join(each.text() for each in shown if not each.isHidden() and each.text())

    @Slot()
    def show_state(self, errors: int, warnings: int, *, checking: bool, known: bool) -> None:
        """Say it.

        Args:
            known: it was checked at least once.
        """
        found = bool(errors or warnings)
        self._checking.setVisible(checking)
        self.next_button.setVisible(found)
        self._icon.setVisible(known)
        self._text.setVisible(known)
        if not known:
            return
        if found:
            severity = "error" if errors else "warning"
            self._icons.put_on_label(self._icon, ICONS[severity], TONES[severity], 14)
        else:
            self._icons.put_on_label(self._icon, "circle-check", Tone.OK, 14)
        self._text.setText(self._said(errors, warnings))

    def _said(self, errors: int, warnings: int) -> str:
        wrong = self.tr("%n error(s)", None, errors)
        doubtful = self.tr("%n warning(s)", None, warnings)
        if errors and warnings:
            return self.tr("%1, %2").replace("%1", wrong).replace("%2", doubtful)
        if errors:
            return wrong
        return doubtful if warnings else self.tr("Nothing is wrong")
