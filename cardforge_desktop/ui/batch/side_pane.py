"""The pane at the right: the settings of the selected drafts, else the card that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui.batch.wishes.form import WishesForm
from cardforge_desktop.ui.services import Services

if TYPE_CHECKING:
    from cardforge_desktop.ui.batch.preview import PreviewPane
    from cardforge_desktop.ui.batch.removals import Removals
    from cardforge_desktop.ui.batch.table import QueueTable


class SidePane(QStackedWidget):
    """Follows the selection of the table.

    Signals:
        left(): Escape: the rows are to have the focus again.
    """

    left = Signal()

    def __init__(
        self, services: Services, table: QueueTable, preview: PreviewPane, removals: Removals
    ) -> None:
        super().__init__()
        self._table, self._removals = table, removals
        self.preview = preview
        self.wishes = WishesForm(services)
        self.addWidget(preview)
        self.addWidget(self.wishes)
        self.wishes.left.connect(self.left)
        self.wishes.start_asked.connect(services.actions["queue.start_selected"].trigger)
        self.wishes.changing.changed.connect(self._remember)
        self.wishes.changing.dropped.connect(removals.forget)
        self.wishes.undone.connect(self._show_undone)

    @property
    def shows_wishes(self) -> bool:
        """Whether drafts, and nothing else, are selected."""
        return self.currentWidget() is self.wishes

    @Slot()
    def refresh(self) -> None:
        """Other rows are selected, or they changed."""
        first = self._table.first_selected()
        drafts: tuple[ItemView, ...] = ()
        if first is not None and first.status is ItemStatus.DRAFT:
            drafts = self._table.selected()
        if drafts and all(item.status is ItemStatus.DRAFT for item in drafts):
            self.wishes.show_items(drafts)
            self.setCurrentWidget(self.wishes)
        elif self.shows_wishes:
            focused = QApplication.focusWidget()
            had_focus = focused is not None and self.wishes.isAncestorOf(focused)
            self.wishes.leave()
            self.setCurrentWidget(self.preview)
            if had_focus:
                self.left.emit()

    def edit(self) -> None:
        """Put the focus into the form, if it is shown."""
        if self.shows_wishes:
            self.wishes.begin()

    @Slot(object)
    def _remember(self, change: object) -> None:
        """Ctrl+Z goes through changes and removals in the order they were made."""
        self._removals.remember(change, lambda: self.wishes.changing.undo(change))

    @Slot(object, object)
    def _show_undone(self, _change: object, ids: tuple[str, ...]) -> None:
        if {item.id for item in self._table.selected()} != set(ids):
            self._table.select(set(ids))
