"""The list of batches at the left of the panel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QListView

from cardforge_desktop.ui.batch.history.entries import EntryDelegate
from cardforge_desktop.ui.batch.history.model import Entry, HistoryModel
from cardforge_desktop.ui.services import Services


class HistoryList(QListView):
    """One entry is always chosen.

    Signals:
        chosen(str): another entry: id of a batch, `NEW`, or "" for all.
        asked(str): a key was pressed that does something with the chosen batch: ``remove`` or ``rename``.
        undo_wanted(): Ctrl+Z.
        menu_wanted(QPoint): the context menu, at this point of the screen.
    """

    chosen = Signal(str)
    asked = Signal(str)
    undo_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, services: Services, model: HistoryModel) -> None:
        super().__init__()
        self._model = model
        self._current = ""
        self.setModel(model)
        self.setItemDelegate(EntryDelegate(services.theme, services.icons, self))
        self.setAccessibleName(self.tr("Batches"))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)
        self.selectionModel().currentChanged.connect(self._on_current)
        model.layoutChanged.connect(self._keep_chosen)
        services.theme.changed.connect(self.scheduleDelayedItemsLayout)
        self.choose("")

    @property
    def current(self) -> str:
        """Key of the chosen entry."""
        return self._current

    def choose(self, key: str) -> None:
        """Choose an entry; one that is not there is not."""
        row = self._model.row_of(key)
        if row is not None:
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self._model.index(row), flag)
            self.scrollTo(self._model.index(row))

    def event(self, event: QEvent) -> bool:
        """Keys that mean rows elsewhere mean batches here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_F2) and not event.modifiers()
            if plain or event.matches(QKeySequence.StandardKey.Undo):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete removes, F2 renames, Ctrl+Z brings back."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        elif event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.asked.emit("remove")
        elif event.key() == Qt.Key.Key_F2 and not event.modifiers():
            self.asked.emit("rename")
        else:
            super().keyPressEvent(event)

    @Slot()
    def _on_current(self) -> None:
        index = self.currentIndex()
        key = index.data(Entry.KEY) if index.isValid() else ""
        if key != self._current:
            self._current = key
            self.chosen.emit(key)

    @Slot()
    def _keep_chosen(self) -> None:
        """The chosen batch is gone: all are shown."""
        if not self.currentIndex().isValid():
            self.choose("")

    @Slot(QPoint)
    def _ask_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(self.viewport().mapToGlobal(point))
