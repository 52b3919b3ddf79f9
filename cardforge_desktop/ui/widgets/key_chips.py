"""Keys of a book entry as chips: added by typing, changed in place, with what is the matter with each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QMenu, QVBoxLayout

from cardforge_desktop.cards.formats.key_lists import is_regex, split_keys
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import FlowLayout, button, set_tone
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.key_chip import ChipNote, KeyChip

#: More chips than that are shown when asked for: each is a widget.
_MOST = 60
_NARROWEST = 130


def is_ended(text: str) -> bool:
    """Whether a comma after `text` ends a key; inside a regular expression that is begun it does not."""
    told = text.strip()
    return not told.startswith("/") or is_regex(told)


def keys_in(text: str) -> list[str]:
    """The keys in what a person wrote or pasted: one a line, or with commas between them."""
    return [key for line in text.splitlines() for key in split_keys(line)]


class _Line(QLineEdit):
    """Where a key is written.

    Signals:
        ended(): the key is whole.
        left(): towards the chips: Left at the beginning.
        emptied(): Backspace in the empty line.
        pasted(str): several keys at once.
        escaped(): Esc.
    """

    ended = Signal()
    left = Signal()
    emptied = Signal()
    pasted = Signal(str)
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A comma ends a key as Enter does, but inside a regular expression."""
        back = (
            Qt.Key.Key_Right if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else Qt.Key.Key_Left
        )
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or (
            event.text() == "," and is_ended(self.text()[: self.cursorPosition()])
        ):
            self.ended.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.emptied.emit()
        elif event.key() == back and not self.text():
            self.left.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.escaped.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            text = QGuiApplication.clipboard().text()
            if len(keys_in(text)) > 1 or "\n" in text:
                self.pasted.emit(text)
            else:
                super().keyPressEvent(event)
        else:
            super().keyPressEvent(event)


class KeyChips(QFrame):
    """A list of keys, each a chip, and a line to add more.

    Left and Right move between the chips, F2 or a double click changes one, Del takes it away.

    Signals:
        given(object): the person changed the keys to this list.
        refused(str): this key is there already, "" once something else was done.
    """

    given = Signal(object)
    refused = Signal(str)

    def __init__(self, bench: FieldBench, name: str, placeholder: str = "") -> None:
        super().__init__()
        self._bench = bench
        self._name, self._placeholder = name, placeholder
        self._keys: list[str] | None = None
        self._notes: Mapping[int, ChipNote] = {}
        self._chips: list[KeyChip] = []
        self._shown = _MOST
        self.case_sensitive = False
        self.setProperty("role", "field")
        self.setAccessibleName(name)
        self.line = self._make_line("inline")
        self.line.setMinimumWidth(_NARROWEST)
        self.line.setAccessibleName(self.tr("Add a key to: %1").replace("%1", name))
        self.line.ended.connect(self.settle)
        self.line.editingFinished.connect(self.settle)
        self.line.emptied.connect(self._take_last)
        self.line.left.connect(lambda: self._focus_chip(len(self._chips) - 1))
        self.line.pasted.connect(self._add)
        self.line.escaped.connect(self.line.clear)
        self._editor: _Line | None = None
        self._edited = -1
        self.more = button("", "link", name=self.tr("Show more keys"))
        self.more.clicked.connect(self._show_more)
        self._flow = FlowLayout(SPACE_XS + 1)
        self._flow.addWidget(self.more)
        self._flow.addWidget(self.line)
        self.setFocusProxy(self.line)
        layout = self._around = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_S - 2, SPACE_S - 3, SPACE_S - 2, SPACE_S - 3)
        layout.addLayout(self._flow)
        self.show_value(())

    @property
    def keys(self) -> list[str]:
        """What is shown, without what is only being written."""
        return list(self._keys or ())

    def chip(self, at: int) -> KeyChip:
        """The chip of a key."""
        return self._chips[at]

    def show_value(self, keys: Sequence[str] | None) -> None:
        """Show these; what is just being written in the line stays."""
        if list(keys or ()) == self._keys:
            return
        self._keys, self._notes = list(keys or ()), {}
        self._end_edit()
        self._fill()

    def show_notes(self, notes: Mapping[int, ChipNote]) -> None:
        """What is the matter with keys, by their place."""
        if notes != self._notes:
            self._notes = notes
            for at, chip in enumerate(self._chips):
                chip.show_note(notes.get(at))

    def forget(self) -> None:
        """What is written belongs to another thing now."""
        self._end_edit()
        self.line.clear()
        self._shown = _MOST

    @Slot()
    def settle(self) -> None:
        """Take what is written in the line, or in a chip that is being changed, as it is."""
        if self._editor is not None:
            self._take_edit()
        text = self.line.text()
        self.line.clear()
        if text.strip():
            self._add(text)

    def edit(self, at: int) -> None:
        """Change a key where it stands."""
        self._end_edit()
        chip = self._chips[at]
        line = self._editor = self._make_line("chip")
        self._edited = at
        line.setParent(self)
        line.setText(self.keys[at])
        line.setAccessibleName(self.tr("Change the key %1").replace("%1", self.keys[at]))
        width = max(chip.width() + 20, _NARROWEST)
        left = min(chip.x(), self.width() - width - SPACE_XS)
        line.setGeometry(max(left, SPACE_XS), chip.y() - 1, width, chip.height() + 2)
        line.ended.connect(lambda: self._take_edit(stay=True))
        line.editingFinished.connect(self._take_edit)
        line.escaped.connect(lambda: self._end_edit(stay=True))
        line.show()
        line.selectAll()
        line.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The frame shows where the focus is; keys go from chip to chip."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            set_tone(self, "focus" if event.type() == QEvent.Type.FocusIn else "")
        if isinstance(watched, KeyChip) and watched in self._chips:
            at = self._chips.index(watched)
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._press(at, event)
            if event.type() == QEvent.Type.MouseButtonDblClick:
                self.edit(at)
                return True
            if event.type() == QEvent.Type.ContextMenu and isinstance(event, QContextMenuEvent):
                self._menu(at).popup(event.globalPos())
                return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Anywhere in the frame is where one writes."""
        super().mousePressEvent(event)
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """To the line."""
        super().focusInEvent(event)
        self.line.setFocus(event.reason())

    def _make_line(self, role: str) -> _Line:
        line = _Line()
        line.setProperty("role", role)
        self._bench.without_undo(line)
        line.installEventFilter(self)
        return line

    def _press(self, at: int, event: QKeyEvent) -> bool:
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        key = event.key()
        steps = {Qt.Key.Key_Left: 1 if mirrored else -1, Qt.Key.Key_Right: -1 if mirrored else 1}
        if key in steps:
            self._focus_chip(max(at + steps[Qt.Key(key)], 0))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._focus_chip(0 if key == Qt.Key.Key_Home else len(self._chips))
        elif key in (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.edit(at)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.take(at, back=key == Qt.Key.Key_Backspace)
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.keys[at])
        else:
            return False
        return True

    def _menu(self, at: int) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Change (F2)"), lambda: self.edit(at))
        menu.addAction(self.tr("Copy"), lambda: QGuiApplication.clipboard().setText(self.keys[at]))
        menu.addAction(
            self.tr("Copy all keys"), lambda: QGuiApplication.clipboard().setText(", ".join(self.keys))
        )
        menu.addSeparator()
        menu.addAction(self.tr("Take away (Del)"), lambda: self.take(at))
        return menu

    def _focus_chip(self, at: int) -> None:
        if at < len(self._chips):
            if self._chips:
                self._chips[max(at, 0)].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def take(self, at: int, *, back: bool = False) -> None:
        """Take a key away; the focus goes to the next one, or the one before."""
        keys = self.keys
        del keys[at]
        self._give(keys)
        self._focus_chip(max(at - 1, 0) if back and keys else at)

    @Slot(str)
    def _add(self, text: str) -> None:
        self._give(self._with(self.keys, len(self.keys), keys_in(text)))

    @Slot()
    def _take_last(self) -> None:
        if self._keys:
            self._give(self._keys[:-1])

    @Slot()
    def _take_edit(self, *, stay: bool = False) -> None:
        line, at = self._editor, self._edited
        if line is None:
            return
        text, keys = line.text(), self.keys
        self._end_edit()
        if text != keys[at]:
            rest, new = keys[:at] + keys[at + 1 :], keys_in(text)
            changed = self._with(rest, at, new)
            self._give(keys if new and changed == rest else changed)  # refused: it stays what it was
        if stay:
            self._focus_chip(at)

    def _end_edit(self, *, stay: bool = False) -> None:
        line, self._editor = self._editor, None
        if line is not None:
            at, self._edited = self._edited, -1
            line.blockSignals(True)
            line.hide()
            line.deleteLater()
            if stay:
                self._focus_chip(at)

    def _with(self, keys: list[str], at: int, new: Sequence[str]) -> list[str]:
        """The keys with new ones in between; of those that are there already only the name is told."""
        known = {self._same(key) for key in keys}
        added: list[str] = []
        double = ""
        for key in new:
            if self._same(key) in known:
                double = double or key
            else:
                known.add(self._same(key))
                added.append(key)
        self.refused.emit(double)
        return [*keys[:at], *added, *keys[at:]]

    def _same(self, key: str) -> str:
        told = key.strip()
        return told if self.case_sensitive or is_regex(told) else told.casefold()

    def _give(self, keys: list[str]) -> None:
        if keys != self._keys:
            self.show_value(keys)
            self.given.emit(keys)

    @Slot()
    def _show_more(self) -> None:
        self._shown = len(self.keys)
        self._fill()

    def _fill(self) -> None:
        self._around.setEnabled(False)  # or each chip that is shown would lay all of them out
        self._arrange()
        self._around.setEnabled(True)
        self._flow.invalidate()
        self.updateGeometry()

    def _arrange(self) -> None:
        keys = self.keys[: self._shown]
        while len(self._chips) > len(keys):
            chip = self._chips.pop()
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for chip, key in zip(self._chips, keys, strict=False):
            chip.show_key(key)
            chip.show_note(None)
        for key in keys[len(self._chips) :]:
            self._chips.append(self._make_chip(key))
        for last in (self.more, self.line):  # behind the chips
            self._flow.removeWidget(last)
            self._flow.addWidget(last)
        hidden = len(self.keys) - len(keys)
        self.more.setVisible(hidden > 0)
        if hidden > 0:
            self.more.setText(self.tr("Show %n more", None, hidden))
        hint = self.tr("Add a key") if keys else self._placeholder or self.tr("Add a key")
        self.line.setPlaceholderText(hint)
        self.line.setMinimumWidth(max(_NARROWEST, self.line.fontMetrics().horizontalAdvance(hint) + 20))

    def _make_chip(self, key: str) -> KeyChip:
        chip = KeyChip(self._bench.theme, self._bench.icons, key)
        chip.installEventFilter(self)
        chip.away.connect(lambda: self.take(self._chips.index(chip)))
        self._flow.addWidget(chip)
        chip.setVisible(True)  # at once: it may be given the focus
        return chip
