"""What is the matter with a field, in lines under it, each with its one click that mends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal, Slot
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


class _Row(QWidget):
    """One line: an icon, the words, and the click that mends it."""

    def __init__(self, line: FindingLine, word: str, *, toned: bool) -> None:
        super().__init__()
        self.line = line
        self.setProperty("role", "page")
        self.icon = QLabel()
        self.icon.setAccessibleName(word)
        role = {"error": "error", "warning": "warn"}.get(line.severity) if toned else None
        inner = row(self.icon, spacing=SPACE_XS + 2)
        inner.setContentsMargins(SPACE_XS, 2, 0, 2)
        inner.setAlignment(self.icon, Qt.AlignmentFlag.AlignTop)
        inner.addWidget(label(line.message, role or "caption", wrap=True), 1)
        self.fix = button(line.fix, "link", tip=line.message) if line.fix else None
        if self.fix is not None:
            inner.addSpacing(SPACE_S)
            inner.addWidget(self.fix, 0, Qt.AlignmentFlag.AlignTop)
        self.setLayout(inner)


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
        self._rows: list[_Row] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._more: QPushButton | None = None
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
        buttons = self._buttons()
        return [each for each in buttons if each.hasFocus()] or buttons[:1]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down go to the next button."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = _STEPS.get(Qt.Key(event.key()))
            buttons = self._buttons()
            at = next((at for at, each in enumerate(buttons) if each is watched), None)
            if step is not None and at is not None:
                to = buttons[min(max(at + step, 0), len(buttons) - 1)]
                to.setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)

    def _buttons(self) -> list[QPushButton]:
        return [each for each in (*(row.fix for row in self._rows), self._more) if each is not None]

    def _watch(self, made: QPushButton) -> QPushButton:
        made.installEventFilter(self)
        return made

    def _fill(self, most: int) -> None:
        """Lines that are still said keep their widgets: the keyboard may be on one of them."""
        focused = next((at for at, each in enumerate(self._buttons()) if each.hasFocus()), None)
        there, self._rows = self._rows, []
        for line in self._lines[:most]:
            same = next((each for each in there if each.line == line), None)
            if same is not None:
                there.remove(same)
            self._rows.append(same or self._made(line))
        for gone in (*there, self._more):
            if gone is not None:
                gone.hide()
                self._layout.removeWidget(gone)
                gone.deleteLater()
        for at, each in enumerate(self._rows):
            self._layout.insertWidget(at, each)
            each.show()  # at once: Tab passes by what waits for the layout
        self._more = None
        if len(self._lines) > most:
            # Not `tr`: of a subclass it would look among the subclass's own texts.
            count = len(self._lines) - most
            text = QCoreApplication.translate("FindingLines", "%n more finding(s)", None, count)
            self._more = self._watch(button(text, "link"))
            self._more.clicked.connect(self.all_wanted)
            self._layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
            self._more.show()
        self._paint()
        self.setVisible(bool(self._lines))
        if focused is not None:
            self._keep_focus(focused)

    def _keep_focus(self, at: int) -> None:
        """The keyboard was on a button that is gone: to what stands in its place, or to the field above."""
        buttons = self._buttons()
        if not buttons:
            self.focusPreviousChild()
        elif not any(each.hasFocus() for each in buttons):
            buttons[min(at, len(buttons) - 1)].setFocus(Qt.FocusReason.TabFocusReason)

    def _made(self, line: FindingLine) -> _Row:
        made = _Row(line, self._word(line.severity), toned=self._toned)
        if made.fix is not None:
            self._watch(made.fix).clicked.connect(lambda: self.fix_wanted.emit(self._rows.index(made)))
        return made

    def _word(self, severity: str) -> str:
        words = {"error": self.tr("Error"), "warning": self.tr("Warning")}
        return words.get(severity, self.tr("Hint"))

    @Slot()
    def _paint(self) -> None:
        for each in self._rows:
            severity = each.line.severity
            each.icon.setPixmap(self._drawn.pixmap(ICONS[severity], TONES[severity], 14))
