"""Which item the preview shows: the selected one, else one that is being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, Signal, Slot

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.ui.card_texts import card_texts
from cardforge_desktop.ui.services import Services

if TYPE_CHECKING:
    from cardforge_desktop.batches.model import ItemView
    from cardforge_desktop.events import Progress
    from cardforge_desktop.ui.batch.preview import PreviewPane
    from cardforge_desktop.ui.batch.queue_model import QueueModel
    from cardforge_desktop.ui.batch.table import QueueTable

#: A card stays in the preview at least so long before the next one that is written takes its place.
_LINGER_MS = 1_500


class PreviewFollower(QObject):
    """Keeps the preview on the item that matters, and reads its fields.

    Signals:
        followed(str): another item is shown, "" = none.
    """

    followed = Signal(str)

    def __init__(
        self, services: Services, model: QueueModel, table: QueueTable, preview: PreviewPane
    ) -> None:
        super().__init__(preview)
        self._services, self._model, self._table, self._preview = services, model, table, preview
        self._complete = False
        self._shown_for = QElapsedTimer()

    @Slot()
    def refresh(self) -> None:
        """The first selected row, else the one that is being written."""
        item = self._wanted()
        before = self._preview.item_id
        if item is None:
            self._preview.show_nothing()
            if before:
                self.followed.emit("")
            return
        is_new = item.id != before
        ended = not is_new and item.status is ItemStatus.COMPLETED and not self._complete
        self._show(item)
        if is_new:
            self._shown_for.start()
            self.followed.emit(item.id)
        if is_new or ended:
            self._complete = item.status is ItemStatus.COMPLETED
            self._services.background.start(self._load_fields(item.id))

    @Slot(object)
    def move_on(self, progresses: tuple[Progress, ...]) -> None:
        """Running items moved on."""
        if not self._preview.item_id:
            self.refresh()
        self._preview.move_on(progresses)

    def _wanted(self) -> ItemView | None:
        selected = self._table.first_selected()
        if selected is not None:
            return selected
        item = self._model.item(self._preview.item_id)
        if item is not None and (item.status is ItemStatus.PROCESSING or self._lingers()):
            return item
        return next(self._model.running(), item)

    def _lingers(self) -> bool:
        return self._shown_for.isValid() and not self._shown_for.hasExpired(_LINGER_MS)

    def _show(self, item: ItemView) -> None:
        self._preview.show_item(item, self._model.progress(item.id), paused=self._model.is_paused(item))

    async def _load_fields(self, item_id: str) -> None:
        item = self._model.item(item_id)
        card_id = item.card_id if item is not None else None
        if card_id is None:
            fields = await self._services.background.call(lambda ws: ws.batches.preview(item_id))
        else:
            fields = await self._services.background.call(
                lambda ws: card_texts(ws.library.card(card_id).card)
            )
        if self._preview.item_id != item_id:
            return
        shown = self._preview.fields.texts
        if card_id is None:  # what came meanwhile is newer than what was read
            fields |= {name: text for name, text in shown.items() if len(text) > len(fields.get(name, ""))}
        self._preview.show_name(fields.pop("name", ""))
        self._preview.fields.show_fields(fields)
        if (item := self._model.item(item_id)) is not None:
            self._show(item)
