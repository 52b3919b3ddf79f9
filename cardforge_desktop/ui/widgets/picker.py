"""A button that shows a choice and opens the list of choices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import Tone


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a picker: `key` is stored, `text` shown."""

    key: str
    text: str
    tip: str = ""


class Picker(QPushButton):
    """Shows one of several choices.

    Signals:
        picked(str): the person chose the one with this key.
    """

    picked = Signal(str)

    def __init__(self, icons: Icons, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icons = icons
        self._name = name
        self._choices: tuple[Choice, ...] = ()
        self._current = ""
        self._whole = ""
        self._extra: list[QAction] = []
        self.setProperty("role", "picker")
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._menu = QMenu(self)
        self.clicked.connect(self._open)
        self._group = QActionGroup(self)
        self._group.triggered.connect(self._pick)

    @property
    def current(self) -> str:
        """Key of the choice that is shown, "" before there is one."""
        return self._current

    @property
    def shown(self) -> str:
        """The words of the choice, however many of them fit."""
        return self._whole

    def set_choices(self, choices: Iterable[Choice], current: str) -> None:
        """Replace the list; an unknown `current` is shown by its key."""
        choices = tuple(choices)
        if choices != self._choices:
            self._choices = choices
            self._fill()
        self.show_choice(current)

    def add_command(self, action: QAction) -> None:
        """A command below the choices ("Add engine…")."""
        self._extra.append(action)
        self._fill()

    def show_choice(self, key: str, text: str = "") -> None:
        """Show a choice without telling anyone; `text` is shown in the place of the choice's own."""
        self._current = key
        self._whole = text or next((choice.text for choice in self._choices if choice.key == key), key)
        for action in self._group.actions():
            action.setChecked(action.data() == key)
        self.setToolTip(f"{self._name}: {self._whole}")
        self.setAccessibleDescription(self._whole)
        self.updateGeometry()
        self._shorten()

    def sizeHint(self) -> QSize:
        """Wide enough for the choice, within reason."""
        width = self.fontMetrics().horizontalAdvance(self._whole) + 52
        return QSize(min(max(width, 110), 260), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """May be shortened."""
        return QSize(90, super().minimumSizeHint().height())

    def resizeEvent(self, event: object) -> None:
        """Shorten the text anew."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._shorten()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The button with a small arrow at its right."""
        super().paintEvent(event)
        painter = QPainter(self)
        side = 16
        left = 10 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else self.width() - side - 10
        arrow = self._icons.pixmap("chevron-down", Tone.MUTED, side, self.devicePixelRatioF())
        painter.drawPixmap(QRect(left, (self.height() - side) // 2, side, side), arrow)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow down opens the list, as in every such control."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4):
            self._open()
            return
        super().keyPressEvent(event)

    @Slot()
    def _open(self) -> None:
        self._menu.setMinimumWidth(self.width())
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        if (chosen := self._group.checkedAction()) is not None:
            self._menu.setActiveAction(chosen)  # where the arrow keys begin

    def _shorten(self) -> None:
        room = max(20, self.width() - 48)
        text = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(text.replace("&", "&&"))

    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for action in self._group.actions():
            self._group.removeAction(action)
        for choice in self._choices:
            action = menu.addAction(choice.text.replace("&", "&&"))
            action.setData(choice.key)
            action.setCheckable(True)
            action.setStatusTip(choice.tip)
            self._group.addAction(action)
        if self._extra:
            menu.addSeparator()
            menu.addActions(self._extra)

    @Slot(QAction)
    def _pick(self, action: QAction) -> None:
        key = str(action.data())
        self.show_choice(key)
        self.picked.emit(key)
