"""Ctrl+K: type a few letters of any command and run it. F1: all of them with their keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, Slot
from PySide6.QtGui import (
    QAction,
    QColor,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLineEdit,
    QListView,
    QScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.ui.actions import Actions
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Theme, Tone
from cardforge_desktop.ui.widgets.basics import Page, button, chip, label, line, row
from cardforge_desktop.ui.widgets.fitting import resize_within_screen

#: Role of the `QAction` behind a line, and of its keys as text.
ACTION_ROLE = Qt.ItemDataRole.UserRole
KEYS_ROLE = Qt.ItemDataRole.UserRole + 1


def matches(query: str, text: str, tip: str = "") -> bool:
    """Whether every word of `query` occurs in `text` or `tip`, or its letters in `text` in their order."""
    text, query = text.casefold(), query.casefold().strip()
    if all(word in text or word in tip.casefold() for word in query.split()):
        return True
    letters = iter(text)
    return all(letter in letters for letter in query.replace(" ", ""))


class CommandPalette(QDialog):
    """A list of the commands that are available now, narrowed while typing."""

    def __init__(self, parent: QWidget, actions: Actions, theme: Theme) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Command palette"))
        self.setModal(True)
        self._actions = actions
        self._edit = QLineEdit()
        self._edit.setProperty("role", "palette")
        self._edit.setPlaceholderText(self.tr("Type a command"))
        self._edit.setAccessibleName(self.tr("Command"))
        self._edit.textChanged.connect(self._narrow)
        self._edit.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setAccessibleName(self.tr("Commands"))
        self._list.setModel(self._model)
        self._list.setItemDelegate(_CommandDelegate(theme, self))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.clicked.connect(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        layout.setSpacing(SPACE_S)
        layout.addWidget(self._edit)
        layout.addWidget(line())
        layout.addWidget(self._list)
        resize_within_screen(self, 560, 420)
        self._narrow("")
        self._edit.setFocus()

    @property
    def shown(self) -> list[str]:
        """The commands in the list."""
        return [self._model.item(at).text() for at in range(self._model.rowCount())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys and Return work while typing."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(
                Qt.Key(event.key())
            )
            if step is not None and self._model.rowCount():
                at = self._list.currentIndex().row() + step
                at = max(0, min(self._model.rowCount() - 1, at))
                self._list.setCurrentIndex(self._model.index(at, 0))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self._list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    @Slot(str)
    def _narrow(self, query: str) -> None:
        self._model.clear()
        for spec, action in self._actions:
            text = action.text().replace("&", "").removesuffix("…")
            line_text = f"{self._actions.menu_text(spec.menu)}: {text}"
            if (
                not action.isEnabled()
                or not matches(query, line_text, action.statusTip())
                or spec.key == "view.palette"
            ):
                continue
            item = QStandardItem(line_text)
            item.setEditable(False)
            item.setData(action, ACTION_ROLE)
            item.setData(action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), KEYS_ROLE)
            item.setToolTip(action.statusTip())
            self._model.appendRow(item)
        if self._model.rowCount():
            self._list.setCurrentIndex(self._model.index(0, 0))

    @Slot(QModelIndex)
    def _run(self, index: QModelIndex) -> None:
        action = index.data(ACTION_ROLE)
        self.close()
        if isinstance(action, QAction):
            action.trigger()


class _CommandDelegate(QStyledItemDelegate):
    """The command at the left, its keys at the right."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex) -> QSize:  # type: ignore[override]  # noqa: ARG002
        """One comfortable line."""
        return QSize(100, option.fontMetrics.height() + 16)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        """Draw one line."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = self._theme.tokens
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.selection))
            painter.drawRoundedRect(option.rect, 6, 6)
        inner = option.rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        painter.setFont(self._theme.font())
        painter.setPen(tokens.tone(Tone.TEXT))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), index.data())
        painter.setPen(tokens.tone(Tone.MUTED))
        painter.drawText(
            inner,
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight),
            index.data(KEYS_ROLE) or "",
        )
        painter.restore()


class ShortcutsHelp(QDialog):
    """Every command with its keys and what it does, menu by menu."""

    def __init__(self, parent: QWidget, actions: Actions) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        page = Page()
        grid = QGridLayout(page)
        grid.setHorizontalSpacing(SPACE_XL)
        grid.setVerticalSpacing(SPACE_S)
        menu = ""
        for spec, action in actions:
            at = grid.rowCount()
            if spec.menu != menu:
                menu = spec.menu
                heading = label(actions.menu_text(menu), "title")
                heading.setContentsMargins(0, SPACE_M, 0, 0)
                grid.addWidget(heading, at, 0, 1, 3)
                at += 1
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            grid.addWidget(label(action.text().replace("&", "").removesuffix("…")), at, 0)
            grid.addWidget(chip(keys or "—"), at, 1, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(label(action.statusTip(), "muted", wrap=True), at, 2)
        grid.setColumnStretch(2, 1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setAccessibleName(self.tr("Keyboard shortcuts"))
        close = button(self.tr("Close"))
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.addWidget(label(self.tr("Keyboard shortcuts"), "heading"))
        layout.addWidget(area, 1)
        layout.addLayout(row(None, close))
        resize_within_screen(self, 780, 620)
