"""A list of tags to tick, with a field that narrows it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, Theme
from cardforge_desktop.ui.widgets.tick_rows import TickDelegate, turn_tick

#: More tags than these are found by typing, not by scrolling.
_MOST = 300
_WIDTH = 260
#: Rows in sight; more are scrolled to.
_ROWS = 10


class TagPopup(QFrame):
    """Stays open while tags are ticked. Return in the field ticks the first one; Down goes to the list.

    Signals:
        changed(tuple): the ticked tags, in the order of the list.
    """

    changed = Signal(tuple)

    def __init__(
        self,
        theme: Theme,
        icons: Icons,
        parent: QWidget,
        tags: Sequence[tuple[str, int]],
        ticked: Collection[str],
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("role", "card")
        self.setAccessibleName(self.tr("Tags"))
        self._tags, self._ticked = tags, [tag for tag, _ in tags if tag in ticked]
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a tag"))
        self.search.setAccessibleName(self.tr("Find a tag"))
        self.search.setClearButtonEnabled(True)
        self._model = QStandardItemModel(self)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Tags"))
        self.list.setModel(self._model)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setItemDelegate(TickDelegate(theme, icons, self.list))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_S, SPACE_S, SPACE_S, SPACE_S)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self._fill("")
        rows = max(1, min(len(tags), _ROWS))
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + 2 if tags else 2)
        self.setFixedSize(_WIDTH, layout.sizeHint().height())
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._tick_first)
        for each in (self.search, self.list):
            each.installEventFilter(self)
        self._model.itemChanged.connect(self._tick)
        self.search.setFocus()

    def open_below(self, widget: QWidget) -> None:
        """Show it at a widget's foot."""
        self.move(widget.mapToGlobal(QPoint(0, widget.height() + 2)))
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down from the field into the list, Up from its first row back; Return ticks in the list, too."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        key, at = event.key(), self.list.currentIndex()
        if watched is self.search and key == Qt.Key.Key_Down and self._model.rowCount():
            self.list.setFocus()
            if not at.isValid():
                self.list.setCurrentIndex(self._model.index(0, 0))
        elif watched is self.list and key == Qt.Key.Key_Up and at.row() <= 0:
            self.search.setFocus()
        elif watched is self.list and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at.isValid():
            turn_tick(self._model, at)
        else:
            return super().eventFilter(watched, event)
        return True

    @Slot()
    def _tick_first(self) -> None:
        if self._model.rowCount():
            turn_tick(self._model, self._model.index(0, 0))

    def _fill(self, needle: str) -> None:
        wanted = needle.casefold().strip()
        fitting = [(tag, count) for tag, count in self._tags if wanted in tag.casefold()]
        fitting.sort(key=lambda pair: pair[0] not in self._ticked)
        self._model.clear()
        for tag, count in fitting[:_MOST]:
            text = self.tr("%1 (%2)").replace("%2", str(count)).replace("%1", tag)
            item = QStandardItem(text)
            item.setData(tag)
            item.setCheckable(True)
            item.setEditable(False)
            item.setCheckState(Qt.CheckState.Checked if tag in self._ticked else Qt.CheckState.Unchecked)
            self._model.appendRow(item)

    def _tick(self, item: QStandardItem) -> None:
        tag = str(item.data())
        is_on = item.checkState() is Qt.CheckState.Checked
        if is_on != (tag in self._ticked):
            self._ticked = [*self._ticked, tag] if is_on else [each for each in self._ticked if each != tag]
            self.changed.emit(tuple(self._ticked))
