"""The line above the buttons: what is still to be decided, or what keeps the result from being saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cardforge_desktop.ui.profiles.conflict import words
from cardforge_desktop.ui.profiles.editor.field_names import name_of
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row, set_role

if TYPE_CHECKING:
    from cardforge_desktop.ui.profiles.conflict.resolving import Resolving

_MOST_ERRORS = 3


class Standing(QWidget):
    """An icon, a sentence, and a way to what it speaks of.

    Signals:
        next_wanted(): show the next field that needs a decision.
        field_wanted(str): show the field of this path.
    """

    next_wanted = Signal()
    field_wanted = Signal(str)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._icons = services.icons
        self._path = ""
        self._icon = QLabel()
        self.text = label("", "muted")
        self.text.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.link = button(self.tr("Show"), "link")
        self.link.clicked.connect(self._show)
        self._layout = row(self._icon, self.text, self.link, None, spacing=SPACE_S)
        self.setLayout(self._layout)

    def show_state(self, resolving: Resolving) -> None:
        """Say how the result stands."""
        left = len(resolving.decisions.undecided)
        validation = resolving.validation
        if resolving.is_deleted:
            self.hide()
            return
        self.show()
        self._path = ""
        if left:
            self._say("triangle-alert", Tone.WARN, self.tr("%n decision(s) left", None, left))
            self.link.setText(self.tr("Next (N)"))
            self.link.setAccessibleName(self.tr("Go to the next field that needs a decision"))
            self.link.show()
            return
        unread = resolving.unread
        if unread:
            text = self.tr("%1: what is written there is no number.").replace("%1", name_of(unread[0]), 1)
            self._show_error(text, unread[0])
        elif validation is None:
            self._say("loader", Tone.MUTED, self.tr("Checking the result…"))
        elif validation.errors:
            told = " ".join(words.finding_text(each) for each in validation.errors[:_MOST_ERRORS])
            self._show_error(told, validation.errors[0].field)
        else:
            self._say("circle-check", Tone.OK, self.tr("All is decided: the result can be saved."))
        self.link.setVisible(bool(self._path))

    def _show_error(self, text: str, path: str) -> None:
        self._say("circle-x", Tone.ERROR, text)
        self._path = path
        self.link.setText(self.tr("Show"))
        self.link.setAccessibleName(self.tr("Go to the field with the error"))

    def _say(self, icon: str, tone: Tone, text: str) -> None:
        self._icons.put_on_label(self._icon, icon, tone, 16)
        self.text.setText(text)
        is_error = tone is Tone.ERROR  # what may be long
        set_role(self.text, "error" if is_error else "muted")
        self.text.setWordWrap(is_error)
        self._layout.setStretch(1, 1 if is_error else 0)
        self._layout.setStretch(3, 0 if is_error else 1)

    def _show(self) -> None:
        if self._path:
            self.field_wanted.emit(self._path)
        else:
            self.next_wanted.emit()
