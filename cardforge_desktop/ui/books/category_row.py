"""The chips above the entries: states that are filtered by, and the categories with their counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QStyle, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.theme import SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import button

if TYPE_CHECKING:
    from cardforge_desktop.ui.icons import Icons

#: Chips that are made; the picker above has every category.
_MOST = 16
_LONGEST = 24


class CategoryRow(QWidget):
    """One line of chips, as many as fit.

    Counts change with every key, so the chips are made once and say something else then.

    Signals:
        picked(object): filter by this category, None for all.
        removed(str): no longer filter by this state.
        more_wanted(): all categories are asked for, as not all fit.
    """

    picked = Signal(object)
    removed = Signal(str)
    more_wanted = Signal()

    def __init__(self, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self._states: list[QPushButton] = []
        self._chips: list[QPushButton] = []
        self._shown: list[str | None] = []
        self._state_keys: list[str] = []
        self._beyond = 0  # categories without a chip
        self.more = button("", "segment")
        self.more.setParent(self)
        self.more.clicked.connect(lambda _checked=False: self.more_wanted.emit())
        self.hide()

    @property
    def chips(self) -> list[QPushButton]:
        """The chips of categories that are in use, whether they fit or not."""
        return self._chips[: len(self._shown)]

    def show_states(self, states: Mapping[str, str]) -> None:
        """These states (texts by key) are filtered by."""
        self._state_keys = list(states)
        while len(self._states) < len(states):
            self._states.append(self._make_state(len(self._states)))
        for made, text in zip(self._states, states.values(), strict=False):
            made.setText(text)
            made.setToolTip(self.tr("Remove this filter: %1").replace("%1", text))
            made.setAccessibleName(self.tr("Remove the filter %1").replace("%1", text))
        self._place()

    def show_categories(self, counted: Sequence[tuple[str, int]], total: int, current: str | None) -> None:
        """Categories with their counts, the chosen one among them; none where no entry has a category."""
        named = [each for each in counted if each[0]]
        without = [each for each in counted if not each[0]]
        most = sorted(named, key=lambda each: (each[0] != current, -each[1]))[: _MOST - 2]
        kept = [each for each in named if each in most]
        self._shown = [None, *(name for name, _ in kept + without)] if named else []
        self._beyond = len(named) - len(kept) if named else 0
        counts = [total, *(count for _, count in kept + without)]
        while len(self._chips) < len(self._shown):
            self._chips.append(self._make_chip(len(self._chips)))
        for made, name, count in zip(self._chips, self._shown, counts, strict=False):
            text = self.tr("All") if name is None else name or words.without_category()
            short = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
            said = self.tr("%1 %2").replace("%2", formatting.number(count)).replace("%1", short)
            made.setText(said.replace("&", "&&"))
            made.setToolTip(text if short != text else "")
            made.setAccessibleName(words.counted(text, count))
            made.setChecked(name == current)
        self._place()

    def sizeHint(self) -> QSize:
        """As high as a chip."""
        made = next(iter((*self._states, *self._chips)), None)
        return QSize(100, made.sizeHint().height() if made is not None else 0)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(40, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Others fit."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        used = [*self._states[: len(self._state_keys)], *self.chips]
        widths = [made.sizeHint().width() + SPACE_XS for made in used]
        fitting = len(used)
        if self._beyond or sum(widths) - SPACE_XS > self.width():
            self._say_more(self._beyond + len(used))  # as wide as it can become
            room = self.width() - self.more.sizeHint().width()
            fitting = sum(end <= room for end in accumulate(widths))
        hidden = self._beyond + len(used) - fitting
        self._say_more(hidden)
        placed = [*used[:fitting], *([self.more] if hidden else [])]
        left = 0
        for made in (*self._states, *self._chips, self.more):
            made.setVisible(made in placed)
        for made in placed:
            place = QRect(QPoint(left, 0), made.sizeHint())
            made.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
            left += place.width() + SPACE_XS
        self.setVisible(bool(used))

    def _say_more(self, count: int) -> None:
        self.more.setText(f"+{formatting.number(count)}")
        told = self.tr("%Ln more category(s)", None, count)
        self.more.setToolTip(told)
        self.more.setAccessibleName(told)

    def _make_chip(self, at: int) -> QPushButton:
        made = button("", "segment")
        made.setParent(self)
        made.setCheckable(True)
        made.clicked.connect(lambda _checked=False: self._pick(at))
        return made

    def _make_state(self, at: int) -> QPushButton:
        made = button("", "filter")
        made.setParent(self)
        made.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._icons.put(made, "x", Tone.ACCENT, 12)
        made.clicked.connect(lambda _checked=False: self.removed.emit(self._state_keys[at]))
        return made

    def _pick(self, at: int) -> None:
        self._chips[at].setChecked(True)
        for each in self._chips:
            if each is not self._chips[at]:
                each.setChecked(False)
        self.picked.emit(self._shown[at])
