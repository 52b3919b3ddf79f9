"""What is the matter with a field, in lines under it, each with its one click that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import button, label, row

#: By severity, the gravest first.
TONES = {"error": Tone.ERROR, "warning": Tone.WARN, "hint": Tone.INFO}
ICONS = {"error": "circle-x", "warning": "triangle-alert", "hint": "info"}
_MOST = 3
_MOST_OF_ALL = 40
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class FindingLine:
    """What one line says.

    Attributes:
        severity: ``error``, ``warning`` or ``hint``.
        fix: what the click that mends it is called, "" = there is none.
    """

    severity: str
    message: str
    fix: str = ""


class FindingLines(QWidget):
    """Up to three lines; of the rest only the number. Tab stops once, Up and Down go through the buttons.

    Signals:
        fix_wanted(int): mend what the line at this place, counted from 0, says.
        all_wanted(): show those, too, that find no room.
    """

    fix_wanted = Signal(int)
    all_wanted = Signal()

    def __init__(self, theme: Theme, icons: Icons, *, toned: bool = False) -> None:
        """`toned`: errors and warnings are written in their colours."""
        super().__init__()
        self._drawn, self._toned = icons, toned
        self._lines: tuple[FindingLine, ...] = ()
        self._icons: list[tuple[QLabel, str]] = []
        self._buttons: list[QPushButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        theme.changed.connect(self._paint)
        self.hide()

    @property
    def lines(self) -> tuple[FindingLine, ...]:
        """What is to be said, also what finds no room."""
        return self._lines

    def show_lines(self, lines: Sequence[FindingLine]) -> None:
        """Say this and nothing else."""
        wanted = tuple(lines)
        if wanted != self._lines:
            self._lines = wanted
            self._fill(_MOST)

    @Slot()
    def show_all(self) -> None:
        """Give all lines room, or as many as anybody reads."""
        self._fill(_MOST_OF_ALL)

    def focus_parts(self) -> Iterable[QWidget]:
        """One of the buttons."""
        return [each for each in self._buttons if each.hasFocus()] or self._buttons[:1]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down go to the next button."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            at = next((at for at, each in enumerate(self._buttons) if each is watched), None)
            if step is not None and at is not None:
                to = self._buttons[min(max(at + step, 0), len(self._buttons) - 1)]
                to.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _watch(self, made: QPushButton) -> QPushButton:
        made.installEventFilter(self)
        self._buttons.append(made)
        return made

    def _fill(self, most: int) -> None:
        self._icons, self._buttons = [], []
        while (item := self._layout.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for at, line in enumerate(self._lines[:most]):
            self._layout.addWidget(self._made(at, line))
        if len(self._lines) > most:
            more = self._watch(button(self.tr("%n more finding(s)", None, len(self._lines) - most), "link"))
            more.clicked.connect(self.all_wanted)
            self._layout.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)
        self._paint()
        self.setVisible(bool(self._lines))

    def _made(self, at: int, line: FindingLine) -> QWidget:
        made, icon = QWidget(), QLabel()
        made.setProperty("role", "page")
        icon.setAccessibleName(self._word(line.severity))
        self._icons.append((icon, line.severity))
        role = {"error": "error", "warning": "warn"}.get(line.severity) if self._toned else None
        text = label(line.message, role or "caption", wrap=True)
        inner = row(icon, spacing=SPACE_XS + 2)
        inner.setContentsMargins(SPACE_XS, 2, 0, 2)
        inner.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        inner.addWidget(text, 1)
        if line.fix:
            fix = self._watch(button(line.fix, "link", tip=line.message))
            fix.clicked.connect(lambda _checked=False: self.fix_wanted.emit(at))
            inner.addSpacing(SPACE_S)
            inner.addWidget(fix, 0, Qt.AlignmentFlag.AlignTop)
        made.setLayout(inner)
        return made

    def _word(self, severity: str) -> str:
        words = {"error": self.tr("Error"), "warning": self.tr("Warning")}
        return words.get(severity, self.tr("Hint"))

    @Slot()
    def _paint(self) -> None:
        for icon, severity in self._icons:
            icon.setPixmap(self._drawn.pixmap(ICONS[severity], TONES[severity], 14))
