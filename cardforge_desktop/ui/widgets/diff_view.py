"""Old and new text, change by change: take some, leave others."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from cardforge_desktop.text_diff import Hunk, apply
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme
from cardforge_desktop.ui.widgets.basics import Card, button, icon_button, label, row
from cardforge_desktop.ui.widgets.diff_pane import MOST_ROWS, DiffPane, rows_of

_NO_HEADINGS: Mapping[int, str] = MappingProxyType({})
_SPOKEN = 200  # characters of a change that a screen reader is told


class DiffView(QWidget):
    """Shows the hunks of two texts; what is removed has a minus, what is added a plus.

    Signals:
        changed: the person took or left something; `result` is another text now.
    """

    changed = Signal()

    def __init__(self, theme: Theme, icons: Icons, *, read_only: bool = False) -> None:
        super().__init__()
        self._hunks: tuple[Hunk, ...] = ()
        self._headings = _NO_HEADINGS
        self._accepted: frozenset[int] = frozenset()
        self._side_by_side = False
        self._titles = (self.tr("Before"), self.tr("After"))
        self.read_only = read_only
        self.pane = DiffPane(theme, icons, read_only=read_only)
        self.summary = label("", "muted")
        self.same = label(self.tr("Both texts are the same."), "muted")
        self.same.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._make_buttons(icons)
        self._lay_out()
        self.pane.toggled.connect(self.toggle)
        self.pane.moved.connect(self._say_current)
        theme.changed.connect(self._redraw)

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """What is shown."""
        return self._hunks

    @property
    def changes(self) -> tuple[int, ...]:
        """Indices of the hunks that differ."""
        return tuple(index for index, hunk in enumerate(self._hunks) if hunk.kind == "changed")

    @property
    def accepted(self) -> frozenset[int]:
        """Indices of the hunks that are taken."""
        return self._accepted

    @property
    def result(self) -> str:
        """The text with what is taken."""
        return apply(self._hunks, self._accepted)

    def show_hunks(
        self,
        hunks: Sequence[Hunk],
        accepted: Collection[int] | None = None,
        headings: Mapping[int, str] = _NO_HEADINGS,
    ) -> None:
        """Show other hunks; without `accepted` every change is taken.

        Args:
            headings: what stands over the hunk of an index, where several texts are shown together.
        """
        self._hunks, self._headings = tuple(hunks), headings
        self._accepted = frozenset(self.changes if accepted is None else accepted) & frozenset(self.changes)
        too_long = rows_of(self._hunks, headings) > MOST_ROWS
        self.beside.setEnabled(not too_long)
        if too_long:
            self.inline.setChecked(True)
            self.beside.setToolTip(self.tr("Too many lines to stand side by side"))
        else:
            self.beside.setToolTip(self.tr("Side by side"))
        self._side_by_side = self.beside.isChecked()
        self._redraw()
        self._refresh()

    def set_titles(self, before: str, after: str) -> None:
        """What stands over the two columns."""
        self._titles = (before, after)
        self._redraw()

    def set_side_by_side(self, wanted: bool) -> None:
        """Old and new in two columns, or in one text."""
        (self.beside if wanted and self.beside.isEnabled() else self.inline).click()

    @Slot(int)
    def toggle(self, hunk: int) -> None:
        """Take a hunk that was left, leave one that was taken."""
        self._take(self._accepted ^ {hunk})

    @Slot()
    def accept_all(self) -> None:
        """Take every change."""
        self._take(frozenset(self.changes))

    @Slot()
    def reject_all(self) -> None:
        """Leave every change: the old text."""
        self._take(frozenset())

    def _make_buttons(self, icons: Icons) -> None:
        self.up = icon_button(icons, "chevron-up", self.tr("Previous change (Up)"))
        self.down = icon_button(icons, "chevron-down", self.tr("Next change (Down)"))
        self.inline = icon_button(icons, "rows-2", self.tr("In one text"))
        self.beside = icon_button(icons, "columns-2", self.tr("Side by side"))
        self._ways = QButtonGroup(self)
        for way in (self.inline, self.beside):
            way.setCheckable(True)
            self._ways.addButton(way)
        self.inline.setChecked(True)
        self.all = button(self.tr("Accept all"), tip=self.tr("Take every change"))
        self.none = button(self.tr("Reject all"), tip=self.tr("Keep the old text"))
        self.up.clicked.connect(lambda _checked=False: self.pane.step(-1))
        self.down.clicked.connect(lambda _checked=False: self.pane.step(1))
        self.all.clicked.connect(self.accept_all)
        self.none.clicked.connect(self.reject_all)
        self._ways.buttonClicked.connect(self._choose_way)

    def _lay_out(self) -> None:
        body = Card(margin=2)
        body.body.addWidget(self.pane)
        body.body.addWidget(self.same)
        self.pane.setMinimumHeight(96)
        head = row(self.summary, None)
        head.addLayout(row(self.inline, self.beside, spacing=SPACE_XS))
        head.addSpacing(SPACE_S)
        head.addLayout(row(self.up, self.down, spacing=SPACE_XS))
        head.addSpacing(SPACE_S)
        for each in (self.none, self.all):
            head.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(head)
        layout.addWidget(body, 1)

    def _take(self, accepted: frozenset[int]) -> None:
        if self.read_only or accepted == self._accepted:
            return
        self._accepted = accepted
        self.pane.set_accepted(accepted)
        self._refresh()
        if self.pane.current >= 0:
            self._say_current(self.pane.current)
        self.changed.emit()

    @Slot()
    def _choose_way(self) -> None:
        self._side_by_side = self.beside.isChecked()
        self._redraw()

    @Slot()
    def _redraw(self) -> None:
        self.pane.show_hunks(
            self._hunks,
            self._accepted,
            side_by_side=self._side_by_side,
            titles=self._titles,
            headings=self._headings,
        )

    def _refresh(self) -> None:
        count, taken = len(self.changes), len(self._accepted)
        self.pane.setVisible(count > 0)
        self.same.setVisible(count == 0)
        text = self.tr("%n change(s)", None, count) if count else ""
        if count and not self.read_only:
            text = self.tr("%1 of %2 changes accepted")
            text = text.replace("%1", str(taken)).replace("%2", str(count))
        self.summary.setText(text)
        for each in (self.up, self.down, self.inline, self.beside):
            each.setVisible(count > 0)
        for each in (self.all, self.none):
            each.setVisible(count > 0 and not self.read_only)
        self.all.setEnabled(taken < count)
        self.none.setEnabled(taken > 0)

    @Slot(int)
    def _say_current(self, hunk: int) -> None:
        """Tell a screen reader what is under the cursor; it sees a text without signs."""
        text = self.tr("Change %1 of %2. Removed: %3. Added: %4.")
        if not self.read_only:
            taken = hunk in self._accepted
            text = (
                self.tr("Change %1 of %2, accepted. Removed: %3. Added: %4.")
                if taken
                else self.tr("Change %1 of %2, rejected. Removed: %3. Added: %4.")
            )
        shown = self._hunks[hunk]
        for mark, value in (
            ("%1", str(self.changes.index(hunk) + 1)),
            ("%2", str(len(self.changes))),
            ("%3", shown.old.strip()[:_SPOKEN] or "—"),
            ("%4", shown.new.strip()[:_SPOKEN] or "—"),
        ):
            text = text.replace(mark, value, 1)
        self.pane.setAccessibleDescription(text)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.pane, text))
