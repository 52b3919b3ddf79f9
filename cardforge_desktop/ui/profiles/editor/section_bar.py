"""The sections of the form in a row of buttons, with what was found in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QStyle, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Theme
from cardforge_desktop.ui.widgets.basics import FlowLayout
from cardforge_desktop.ui.widgets.finding_lines import ICONS, TONES

_MARK = 13
_GAP = 4


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """A section of the form."""

    key: str
    name: str


class _SectionButton(QPushButton):
    """The name of a section; behind it the number of its errors, or of its warnings."""

    def __init__(self, theme: Theme, icons: Icons, name: str) -> None:
        super().__init__(name)
        self._theme, self._icons, self._name = theme, icons, name
        self._severity, self._count = "", ""
        self.setProperty("role", "section")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_counts(self, errors: int, warnings: int) -> None:
        """Say how much was found."""
        self._severity = "error" if errors else "warning" if warnings else ""
        self._count = formatting.number(errors or warnings) if self._severity else ""
        parts = [self._name]
        if errors:
            parts.append(self.tr("%n error(s)", None, errors))
        if warnings:
            parts.append(self.tr("%n warning(s)", None, warnings))
        said = ", ".join(parts)
        self.setAccessibleName(said)
        self.setToolTip(said if self._severity else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """With room for the mark."""
        return super().sizeHint() + QSize(self._extra(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name stands at the left where there is a mark."""
        super().paintEvent(event)
        if not self._severity:
            return
        painter = QPainter(self)
        inner = self.rect().adjusted(0, 0, -6, 0)
        painter.setFont(self._theme.font(0.92, bold=True, tabular=True))
        width = painter.fontMetrics().horizontalAdvance(self._count)
        count = QRect(inner.right() - width, 0, width + 2, self.height())
        mark = QRect(QPoint(count.left() - _MARK - 3, (self.height() - _MARK) // 2), QSize(_MARK, _MARK))
        tone = TONES[self._severity]
        pixmap = self._icons.pixmap(ICONS[self._severity], tone, _MARK, self.devicePixelRatioF())
        painter.drawPixmap(QStyle.visualRect(self.layoutDirection(), self.rect(), mark), pixmap)
        painter.setPen(self._theme.tokens.tone(tone))
        count = QStyle.visualRect(self.layoutDirection(), self.rect(), count)
        painter.drawText(count, int(Qt.AlignmentFlag.AlignCenter), self._count)

    def _extra(self) -> int:
        if not self._severity:
            return 0
        return _MARK + _GAP + self.fontMetrics().horizontalAdvance(self._count) + 4


class SectionBar(QWidget):
    """Chooses a section. One of the buttons takes Tab, arrows go on from there.

    Signals:
        chosen(str): key of the section.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, icons: Icons, sections: Sequence[SectionSpec]) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAccessibleName(self.tr("Sections of the profile"))
        self._keys = tuple(each.key for each in sections)
        self.buttons = {each.key: _SectionButton(theme, icons, each.name) for each in sections}
        self._group = QButtonGroup(self)
        flow = FlowLayout(1)
        self.setLayout(flow)
        for key, made in self.buttons.items():
            self._group.addButton(made)
            flow.addWidget(made)
            made.clicked.connect(lambda _checked=False, key=key: self.choose(key))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._current = self._keys[0]
        self._show_current()

    @property
    def current(self) -> str:
        """Key of the chosen section."""
        return self._current

    def choose(self, key: str) -> None:
        """Choose a section."""
        changed = key != self._current
        self._current = key
        self._show_current()
        if changed:
            self.chosen.emit(key)

    def step(self, by: int) -> None:
        """To the next section, or the one before."""
        self.choose(self._keys[(self._keys.index(self._current) + by) % len(self._keys)])

    def show_counts(self, counts: Mapping[str, tuple[int, int]]) -> None:
        """Errors and warnings by section."""
        for key, made in self.buttons.items():
            made.show_counts(*counts.get(key, (0, 0)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go along the row."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        by = steps.get(Qt.Key(event.key()), 0)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft and event.key() in (
            Qt.Key.Key_Right,
            Qt.Key.Key_Left,
        ):
            by = -by
        if not by:
            super().keyPressEvent(event)
            return
        self.step(by)
        self.buttons[self._current].setFocus(Qt.FocusReason.TabFocusReason)

    @Slot()
    def _show_current(self) -> None:
        for key, made in self.buttons.items():
            made.setChecked(key == self._current)
            policy = Qt.FocusPolicy.TabFocus if key == self._current else Qt.FocusPolicy.NoFocus
            made.setFocusPolicy(policy)
