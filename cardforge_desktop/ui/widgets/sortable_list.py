"""A list of texts (greetings, examples) that is written in, sorted, folded, added to and taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, icon_button, label, row
from cardforge_desktop.ui.widgets.highlighter import CardHighlighter, Pace
from cardforge_desktop.ui.widgets.text_field import Mark, TextField
from cardforge_desktop.ui.widgets.token_bar import TokenCount

_EDGE = 40  # how near to the edge of the page the pointer scrolls it, in pixels


@dataclass(frozen=True, slots=True)
class ListWords:
    """What a list says; the caller translates.

    Attributes:
        item: name of one text, ``%1`` being its number ("Greeting %1").
        add: the button below the list.
        empty: what belongs here, shown while there is none.
        placeholder: shown in an empty text.
    """

    item: str
    add: str
    empty: str
    placeholder: str = ""


class _Handle(QLabel):
    """Is dragged to move its item."""

    def __init__(self, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._icons = icons
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(self.tr("Drag to move (Alt+Up, Alt+Down)"))
        theme.changed.connect(self._draw)
        self._draw()

    @Slot()
    def _draw(self) -> None:
        self.setPixmap(self._icons.pixmap("grip-vertical", Tone.MUTED, 16))


class TextItem(Card):
    """One text of the list: a head with its number and tools, and the field.

    Signals:
        folded: it is shown whole or not any more.
    """

    folded = Signal()

    def __init__(self, theme: Theme, icons: Icons, pace: Pace) -> None:
        super().__init__(margin=SPACE_S)
        self.handle = _Handle(theme, icons)
        self._icons = icons
        self.fold = icon_button(icons, "chevron-down", "")
        self.title = label("", "strong")
        self.title.setContentsMargins(0, 0, SPACE_S, 0)
        self.first_line = ElidedLabel("", "muted")
        self.tokens = TokenCount()
        self.up = icon_button(icons, "arrow-up", "")
        self.down = icon_button(icons, "arrow-down", "")
        self.remove = icon_button(icons, "trash-2", "")
        self.field = TextField(theme, "", least=3, most=14)
        self.highlighter = CardHighlighter(self.field.document(), theme, pace)
        head = row(self.handle, self.fold, self.title, self.first_line, spacing=SPACE_XS)
        head.setStretch(3, 1)
        head.addSpacing(SPACE_S)
        for widget in (self.tokens, self.up, self.down, self.remove):
            head.addWidget(widget)
        self.body.addLayout(head)
        self.body.addWidget(self.field)
        self.fold.clicked.connect(lambda _checked=False: self.set_folded(not self.is_folded))
        self._folded = False
        self._name = ""
        self.set_folded(False)

    @property
    def is_folded(self) -> bool:
        """Is only the first line shown?"""
        return self._folded

    def set_folded(self, folded: bool) -> None:
        """Show the whole text or its first line."""
        self._folded = folded
        self.first_line.set_whole(self.field.text.strip().partition("\n")[0].strip() if folded else "")
        self.field.setVisible(not folded)
        self._icons.put(self.fold, "chevron-right" if folded else "chevron-down", Tone.MUTED, 16)
        self._name_fold()
        self.folded.emit()

    def set_place(self, name: str, place: int, count: int) -> None:
        """Name the item by its place, and let the buttons know what they can do."""
        self._name = name
        self.title.setText(name)
        self.field.setAccessibleName(name)
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)
        for tool, text in (
            (self.up, self.tr("Move %1 up (Alt+Up)")),
            (self.down, self.tr("Move %1 down (Alt+Down)")),
            (self.remove, self.tr("Remove %1")),
        ):
            _name(tool, text.replace("%1", name))
        self._name_fold()

    def _name_fold(self) -> None:
        text = self.tr("Show all of %1") if self._folded else self.tr("Show only the first line of %1")
        _name(self.fold, text.replace("%1", self._name))


class GreetingList(QWidget):
    """Texts one below the other. Alt+Up and Alt+Down move the one that has the focus.

    Signals:
        changed(list): the person changed the texts to these (str), their order or their number.
        removed(int, str): the person removed the text at this place; `insert` brings it back.
    """

    changed = Signal(object)
    removed = Signal(int, object)

    def __init__(self, theme: Theme, icons: Icons, words: ListWords) -> None:
        super().__init__()
        self._theme, self._icons, self._words = theme, icons, words
        self._items: list[TextItem] = []
        self._pace = Pace(self)
        self._dragged: TextItem | None = None
        self._target = 0
        self._marker = QFrame(self)
        self._marker.setProperty("role", "drop-line")
        self._marker.hide()
        self.empty = label(words.empty, "muted", wrap=True)
        self.add_button = button(words.add, tip=words.add)
        icons.put(self.add_button, "plus", Tone.TEXT, 16)
        self.fold_all = button("", "quiet")
        self.add_button.clicked.connect(lambda _checked=False: self.add())
        self.fold_all.clicked.connect(self._fold_all)
        self._column = QVBoxLayout()
        self._column.setSpacing(SPACE_S)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self.empty)
        layout.addLayout(self._column)
        layout.addLayout(row(self.add_button, None, self.fold_all))
        for key, by in (("Alt+Up", -1), ("Alt+Down", 1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda by=by: self._move_focused(by))
        self._number()

    @property
    def texts(self) -> list[str]:
        """The texts in their order."""
        return [item.field.text for item in self._items]

    @property
    def items(self) -> tuple[TextItem, ...]:
        """The items in their order; their fields can be searched and marked."""
        return tuple(self._items)

    def set_texts(self, texts: Sequence[str]) -> None:
        """Show these; texts that stay where they are keep cursor and undo."""
        while len(self._items) > len(texts):
            self._drop(self._items[-1])
        while len(self._items) < len(texts):
            self._make(len(self._items))
        for item, text in zip(self._items, texts, strict=True):
            item.field.set_text(text)
            item.set_folded(item.is_folded)
        self._number()

    def set_tokens(self, at: int, count: int | None, *, estimate: bool = False) -> None:
        """How many tokens a text has; None, while it is not known, shows nothing."""
        self._items[at].tokens.set_count(count, estimate=estimate)

    def mark(self, at: int, marks: Sequence[Mark]) -> None:
        """Underline parts of a text."""
        self._items[at].field.mark(marks)

    def add(self) -> None:
        """A new text at the end, ready to be written."""
        item = self._make(len(self._items))
        self._number()
        item.field.setFocus()
        self._tell()

    def insert(self, at: int, text: str) -> None:
        """Put a text at a place, as when removing it is undone."""
        self._make(min(max(at, 0), len(self._items))).field.set_text(text)
        self._number()
        self._tell()

    def remove(self, at: int) -> None:
        """Take a text away; `removed` tells what it was."""
        item = self._items[at]
        text, had_focus = item.field.text, item.isAncestorOf(self.focusWidget() or self)
        self._drop(item)
        self._number()
        if had_focus:
            (self._items[min(at, len(self._items) - 1)].remove if self._items else self.add_button).setFocus()
        self._tell()
        self.removed.emit(at, text)

    def move_text(self, start: int, end: int) -> None:
        """Move the text at `start` so that it stands at `end`."""
        end = min(max(end, 0), len(self._items) - 1)
        if start == end:
            return
        focused = self.focusWidget()
        item = self._items.pop(start)
        self._items.insert(end, item)
        self._column.removeWidget(item)
        self._column.insertWidget(end, item)
        self._number()
        if focused is not None and item.isAncestorOf(focused):
            (focused if focused.isEnabled() else item.field).setFocus()
        self._tell()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Dragging by the handle."""
        item = next((item for item in self._items if item.handle is watched), None)
        if item is None or not isinstance(event, QMouseEvent):
            return False
        at = self.mapFromGlobal(event.globalPosition().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if event.type() == QEvent.Type.MouseButtonPress and left:
            self._begin_drag(item)
        elif event.type() == QEvent.Type.MouseMove and self._dragged is not None:
            self._drag_to(at)
        elif event.type() == QEvent.Type.MouseButtonRelease and left and self._dragged is not None:
            self._end_drag(drop=True)
        else:
            return False
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc gives a drag up."""
        if event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._end_drag(drop=False)
            return
        super().keyPressEvent(event)

    def _make(self, at: int) -> TextItem:
        item = TextItem(self._theme, self._icons, self._pace)
        item.field.setPlaceholderText(self._words.placeholder)
        item.field.edited.connect(self._tell)
        item.folded.connect(self._name_fold_all)
        item.up.clicked.connect(lambda _checked=False: self._move_item(item, -1))
        item.down.clicked.connect(lambda _checked=False: self._move_item(item, 1))
        item.remove.clicked.connect(lambda _checked=False: self.remove(self._items.index(item)))
        item.handle.installEventFilter(self)
        self._items.insert(at, item)
        self._column.insertWidget(at, item)
        return item

    def _drop(self, item: TextItem) -> None:
        if item is self._dragged:
            self._end_drag(drop=False)
        self._items.remove(item)
        self._column.removeWidget(item)
        item.hide()
        item.deleteLater()

    def _number(self) -> None:
        for place, item in enumerate(self._items):
            item.set_place(self._words.item.replace("%1", str(place + 1)), place, len(self._items))
        self.empty.setVisible(not self._items)
        self.fold_all.setVisible(len(self._items) > 1)
        self._name_fold_all()

    @Slot()
    def _tell(self) -> None:
        self.changed.emit(self.texts)

    @Slot()
    def _fold_all(self) -> None:
        fold = any(not item.is_folded for item in self._items)
        for item in self._items:
            item.set_folded(fold)

    @Slot()
    def _name_fold_all(self) -> None:
        fold = any(not item.is_folded for item in self._items)
        self.fold_all.setText(self.tr("Fold all") if fold else self.tr("Unfold all"))
        tip = self.tr("Show only the first lines") if fold else self.tr("Show the whole texts")
        _name(self.fold_all, tip)
        self.fold_all.setAccessibleName(self.fold_all.text())

    def _move_item(self, item: TextItem, by: int) -> None:
        at = self._items.index(item)
        self.move_text(at, at + by)

    def _move_focused(self, by: int) -> None:
        focused = self.focusWidget()
        item = next((item for item in self._items if focused and item.isAncestorOf(focused)), None)
        if item is not None:
            self._move_item(item, by)

    def _begin_drag(self, item: TextItem) -> None:
        self._dragged, self._target = item, self._items.index(item)
        item.handle.setCursor(Qt.CursorShape.ClosedHandCursor)
        item.setProperty("dragged", "yes")
        _polish(item)
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # Esc comes here

    def _drag_to(self, point: QPoint) -> None:
        """Show where the item would come to stand; the page scrolls with the pointer."""
        self._target = sum(point.y() > item.geometry().center().y() for item in self._items)
        above = self._items[self._target - 1].geometry().bottom() + 1 if self._target else None
        y = above + SPACE_S // 2 if above is not None else self._items[0].geometry().top() - SPACE_S // 2
        self._marker.setGeometry(0, max(0, y - 1), self.width(), 3)
        self._marker.show()
        self._marker.raise_()
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if isinstance(parent, QScrollArea) and (page := parent.widget()) is not None:
            there = self.mapTo(page, point)
            parent.ensureVisible(there.x(), there.y(), 0, _EDGE)

    def _end_drag(self, *, drop: bool) -> None:
        item, self._dragged = self._dragged, None
        self._marker.hide()
        if item is None:
            return
        item.handle.setCursor(Qt.CursorShape.OpenHandCursor)
        item.setProperty("dragged", "")
        _polish(item)
        if drop:
            start = self._items.index(item)
            self.move_text(start, self._target - (self._target > start))


def _name(tool: QWidget, text: str) -> None:
    tool.setToolTip(text)
    tool.setStatusTip(text)
    tool.setAccessibleName(text)


def _polish(widget: QWidget) -> None:
    widget.style().unpolish(widget)
    widget.style().polish(widget)
