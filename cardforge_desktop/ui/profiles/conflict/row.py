"""One field in the table of a conflict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from cardforge_desktop.profiles.merging import Side
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.conflict.choice import Choice
from cardforge_desktop.ui.profiles.conflict.decisions import Decisions, Way
from cardforge_desktop.ui.profiles.conflict.reading import FieldTexts
from cardforge_desktop.ui.profiles.conflict.side_text import SideText, spoken, title_label
from cardforge_desktop.ui.profiles.conflict.value_editors import editor_of, is_wide
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import DARK, SPACE_L, SPACE_S, SPACE_XS, Tone, mix
from cardforge_desktop.ui.widgets.basics import button, label, row

#: Widths of the columns that do not stretch.
NAME_WIDTH, RESULT_WIDTH = 140, 232
_KEYS = {
    Qt.Key.Key_1: Way.MINE,
    Qt.Key.Key_2: Way.THEIRS,
    Qt.Key.Key_3: Way.EDITED,
}


class ConflictRow(QFrame):
    """Yours and theirs side by side, and what becomes of the field. 1, 2 and 3 decide it.

    Signals:
        taken(str, object): the field of this path is to go this `Way`.
        written(str, object): the person wrote this value for it.
        spoiled(str, bool): whether what stands in the editor of this path can't be read.
        stepped(int): to the row below (1) or above (-1).
        next_wanted(): to the next field that needs a decision.
        looked_at(QWidget): the person came to this part, or it changed its size: bring it into sight.
    """

    taken = Signal(str, object)
    written = Signal(str, object)
    spoiled = Signal(str, bool)
    stepped = Signal(int)
    next_wanted = Signal()
    looked_at = Signal(QWidget)

    def __init__(self, services: Services, shown: FieldTexts, parent: QWidget) -> None:
        super().__init__(parent)
        self._services, self.shown = services, shown
        self.path = shown.field.path
        self.is_conflict = shown.field.side is Side.CONFLICT
        self._is_folded = shown.folded is not None
        self._is_decided = False
        self._state_shown: Any = None
        theme = services.theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.base, self.mine, self.theirs = SideText(theme), SideText(theme), SideText(theme)
        self.choice = Choice(services, shown)
        self.choice.taken.connect(self._choose)
        self.editor: QWidget | None = None
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self._lay_out()
        self._show_texts()
        self.show_base(False)
        theme.changed.connect(self.update)

    # What is shown

    def update_from(self, decisions: Decisions) -> None:
        """Show what is decided of the field now."""
        state = (decisions.ways.get(self.path), decisions.value_of(self.path))
        if state == self._state_shown:
            return
        self._state_shown = state
        way = decisions.way_of(self.path)
        self.choice.show_way(decisions, self.path)
        self._is_decided = way is not None
        self._state_icon.setVisible(self.is_conflict)
        self._state.setVisible(self.is_conflict)
        if self.is_conflict:
            icon, tone = ("circle-check", Tone.OK) if way else ("triangle-alert", Tone.WARN)
            self._services.icons.put_on_label(self._state_icon, icon, tone, 14)
            self._state.setText(self.tr("Decided") if way else self.tr("Needs a decision"))
        self.mine.set_quiet(way is Way.THEIRS and self.is_conflict)
        self.theirs.set_quiet(way is Way.MINE and self.is_conflict)
        self._show_editor(decisions if way is Way.EDITED else None)
        self._name_for_readers(way)
        self.update()

    def show_problem(self, text: str) -> None:
        """What the rules say of the merged value, "" = nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def show_base(self, is_shown: bool) -> None:
        """The version that both started from, in a column of its own."""
        self.base.setVisible(is_shown)

    def settle(self, width: int) -> Iterator[None]:
        """Lay its texts out for columns of this width; the window can do something else at each stop."""
        self.ensurePolished()
        for each in (self.base, self.mine, self.theirs):
            if not each.isHidden():
                each.ensurePolished()
                each.lay_out(width)
                yield

    @property
    def folds(self) -> bool:
        """Whether a part of the texts can be left out."""
        return self.shown.folded is not None

    @Slot()
    def toggle_folded(self) -> None:
        """Show all of a long text, or the changed places only."""
        if self.folds:
            self._is_folded = not self._is_folded
            self._show_texts()
            self.looked_at.emit(self)

    # Inner

    def _lay_out(self) -> None:
        names = QWidget()
        names.setFixedWidth(NAME_WIDTH)
        column = QVBoxLayout(names)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addWidget(title_label(self.shown.name))
        self._state_icon, self._state = QLabel(), label("", "caption")
        column.addLayout(row(self._state_icon, self._state, None, spacing=SPACE_XS))
        column.addStretch(1)
        self.choice.setFixedWidth(RESULT_WIDTH)
        self.fold = button("", "link")
        self.fold.setVisible(self.folds)
        self.fold.clicked.connect(self.toggle_folded)
        sides = row(names, self.base, self.mine, self.theirs, self.choice, spacing=SPACE_L)
        for at in (1, 2, 3):
            sides.setStretch(at, 1)
        below = self._below = QVBoxLayout()
        below.setContentsMargins(NAME_WIDTH + SPACE_L, 0, 0, 0)
        below.setSpacing(SPACE_XS)
        below.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        below.addWidget(self.problem)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_S + 2, SPACE_L, SPACE_S + 3)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(sides)
        layout.addLayout(below)

    def _show_texts(self) -> None:
        folded = self.shown.folded
        texts = folded if self._is_folded and folded is not None else self.shown.whole
        for cell, shown in ((self.base, texts.base), (self.mine, texts.mine), (self.theirs, texts.theirs)):
            cell.show_pieces(shown)
        all_lines = self.tr("Show all %1 lines").replace("%1", formatting.number(self.shown.lines), 1)
        if self.shown.lines < 2:
            all_lines = self.tr("Show all of it")
        self.fold.setText(all_lines if self._is_folded else self.tr("Show the changes"))
        self.fold.setAccessibleName(f"{self.fold.text()}: {self.shown.name}")

    def _show_editor(self, decisions: Decisions | None) -> None:
        """The editor, where the person writes a value; it stays what it was while it is hidden."""
        if decisions is None:
            if self.editor is not None:
                if self.editor.hasFocus():  # it would go anywhere
                    self.setFocus()
                self.editor.hide()
            return
        if self.editor is None:
            field = self.shown.field
            self.editor = editor_of(self._services, self.path, (field.base, field.mine, field.theirs))
            self.editor.given.connect(lambda value: self.written.emit(self.path, value))  # type: ignore[attr-defined]
            if hasattr(self.editor, "spoiled"):
                self.editor.spoiled.connect(lambda wrong: self.spoiled.emit(self.path, wrong))
            if is_wide(self.editor):
                self._below.insertWidget(self._below.count() - 1, self.editor)
            else:
                self.choice.add_below(self.editor)
                self.choice.add_below(self.problem)
        self.editor.show_value(decisions.value_of(self.path))  # type: ignore[attr-defined]
        self.editor.show()

    def _name_for_readers(self, way: Way | None) -> None:
        name, field = self.shown.name, self.shown.field
        for cell, text, value, changed in (
            (self.mine, self.tr("Your version of %1: %2"), self.shown.mine, field.mine != field.base),
            (
                self.theirs,
                self.tr("Current version of %1: %2"),
                self.shown.theirs,
                field.theirs != field.base,
            ),
        ):
            told = text.replace("%1", name, 1).replace("%2", spoken(value), 1)
            cell.setAccessibleName(self.tr("%1, changed").replace("%1", told, 1) if changed else told)
        self.base.setAccessibleName(self.tr("Version of %1 that both started from").replace("%1", name, 1))
        results = {
            None: self.tr("%1, needs a decision"),
            Way.MINE: self.tr("%1, your version is taken"),
            Way.THEIRS: self.tr("%1, the current version is taken"),
            Way.EDITED: self.tr("%1, edited"),
        }
        self.setAccessibleName(results[way].replace("%1", name, 1))
        self.setAccessibleDescription(f"{self.mine.accessibleName()}. {self.theirs.accessibleName()}.")

    # Keys and paint

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1, 2, 3 decide; Up and Down go through the rows, N to the next decision; O opens a long text."""
        key = Qt.Key(event.key())
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _KEYS:
            self.take(_KEYS[key])
        elif key == Qt.Key.Key_O and self.folds:
            self.toggle_folded()
        elif key == Qt.Key.Key_N:
            self.next_wanted.emit()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)

    def take(self, way: Way) -> None:
        """Decide the field by key: whoever wants to edit stands in the editor then."""
        self._choose(way)
        if way is Way.EDITED and self.editor is not None:
            self.editor.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot(object)
    def _choose(self, way: Way) -> None:
        """Decide the field; the editor of a long one stands below its texts, often out of sight."""
        self.taken.emit(self.path, way)
        if way is Way.EDITED and self.editor is not None:
            self.looked_at.emit(self.editor)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where one is."""
        super().focusInEvent(event)
        self.update()
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            self.looked_at.emit(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Not here any more."""
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other heights."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground of what is to be decided, a line below, the focus."""
        tokens = self._services.theme.tokens
        painter = QPainter(self)
        if self.is_conflict:
            ground = mix(tokens.surface, DARK.warn, 0.15 if tokens.dark else 0.18)
            painter.fillRect(self.rect(), QColor(ground))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), QColor(tokens.border))
        if self.is_conflict and not self._is_decided:
            edge = self.width() - 3 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 0
            painter.fillRect(QRect(edge, 0, 3, self.height() - 1), tokens.tone(Tone.WARN))
        if self.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(tokens.tone(Tone.ACCENT), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -3), 5, 5)
