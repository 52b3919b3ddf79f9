"""A short list of things to tick, each with a word beside it: profiles, engines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.check_box import CheckBox


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to tick: `key` is what it is called in the core."""

    key: str
    text: str
    tip: str = ""


class ChoiceList(QWidget):
    """At least one of them has to be ticked; whoever asks for `chosen` says so.

    Signals:
        changed(): the person ticked or unticked one.
    """

    changed = Signal()

    def __init__(self, services: Services, name: str) -> None:
        super().__init__()
        self._services = services
        self.setProperty("role", "page")
        self.setAccessibleName(name)
        self._lines: tuple[Line, ...] = ()
        self.boxes: dict[str, QCheckBox] = {}
        self.words: dict[str, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Keys of the ticked ones, in their order."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())

    @property
    def labels(self) -> dict[str, str]:
        """What each is called on the screen, by key."""
        return {line.key: line.text for line in self._lines}

    def show_lines(self, lines: Iterable[Line], chosen: Sequence[str]) -> None:
        """Replace the list; ticks stay where a line stays."""
        lines = tuple(lines)
        if lines == self._lines:
            return
        ticked = set(self.chosen) if self._lines else set(chosen)
        for widget in (*self.boxes.values(), *self.words.values()):
            self._grid.removeWidget(widget)
            widget.deleteLater()
        self.boxes, self.words, self._lines = {}, {}, lines
        for at, each in enumerate(lines):
            box = CheckBox(self._services.theme, self._services.icons, each.text)
            box.setToolTip(each.tip or each.text)
            box.setChecked(each.key in ticked)
            box.toggled.connect(self.changed)
            word = label("", "caption")
            word.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(box, at, 0)
            self._grid.addWidget(word, at, 1)
            self.boxes[each.key], self.words[each.key] = box, word

    def choose(self, key: str, *, alone: bool) -> None:
        """Tick one as if the person did; `alone`: untick the others."""
        if key in self.boxes:
            self.boxes[key].setChecked(True)
        for other, box in self.boxes.items():
            if alone and other != key:
                box.setChecked(False)

    def say(self, key: str, word: str) -> None:
        """What stands beside a line."""
        if key in self.words:
            self.words[key].setText(word)
            self.boxes[key].setAccessibleDescription(word)
