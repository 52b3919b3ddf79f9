"""What the person does with the queue, and what the queue does meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.batches.model import ItemStatus, ItemView, Options
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.services import Notice, Services

if TYPE_CHECKING:
    from cardforge_desktop.batches.drafts import Wishes
    from cardforge_desktop.batches.finding import NewSource
    from cardforge_desktop.events import Changed, Progress
    from cardforge_desktop.settings import Settings
    from cardforge_desktop.workspace import Workspace

#: Above this many changed items the whole queue is read.
_AT_ONCE = 500
#: So many changed rows are put into the table before the window may do something else.
_CHUNK = 250
_BETWEEN = 0.004
_STARTED = (ItemStatus.QUEUED, ItemStatus.PROCESSING, ItemStatus.COMPLETED)
#: Pause before a store that was busy is read again.
_AGAIN_MS = 1_000


class QueueController(QObject):
    """Keeps the model in step with the core and carries the person's wishes to it.

    Signals:
        loaded(): the first reading of the queue is in the model.
        refreshed(): items changed.
        moved_on(object): tuple of `Progress`.
        added(object): ids of new rows.
    """

    loaded = Signal()
    refreshed = Signal()
    moved_on = Signal(object)
    added = Signal(object)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self.model = QueueModel(self)
        self._wanted: set[str] | None = set()
        self._new: tuple[str, ...] = ()
        self._reading = False
        self._is_loaded = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._read_again)
        services.events.changed.connect(self._on_changed)
        services.events.progressed.connect(self._on_progress)
        self._want(None)

    @property
    def is_loaded(self) -> bool:
        """Whether the queue was read at all."""
        return self._is_loaded

    def drafts(self) -> tuple[str, ...]:
        """Ids of the items that wait for Start."""
        return tuple(item.id for item in self.model.items() if item.status is ItemStatus.DRAFT)

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Put files and folders into the queue."""
        chosen = tuple(paths)
        self._services.background.start(self._add_files(chosen))

    def add_text(self, text: str, name: str) -> None:
        """Put a pasted text into the queue."""
        self._services.background.start(
            self._add(lambda ws, options: ws.drafts.add_text(name, text, options))
        )

    def start(self, item_ids: Sequence[str] | None) -> None:
        """Start drafts; None = all of them."""
        ids = None if item_ids is None else tuple(item_ids)
        self._do(lambda ws: ws.queue.start(ids))

    def cancel(self, item_ids: Sequence[str]) -> None:
        """Stop items that run or wait."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.queue.cancel(ids))

    def retry(self, item_ids: Sequence[str]) -> None:
        """Try failed or cancelled items again."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.queue.retry(ids))

    def pause(self, item_ids: Sequence[str]) -> None:
        """Hold items back."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.queue.pause(ids))

    def resume(self, item_ids: Sequence[str]) -> None:
        """Let held items go on."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.queue.resume(ids))

    def move(self, item_ids: Sequence[str], before: str | None) -> None:
        """Put waiting items of one batch before another one of it; None = to its end."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.queue.reorder(ids, before))

    def duplicate(self, item_ids: Sequence[str]) -> None:
        """Make new drafts like these items."""
        self._services.background.start(self._duplicate(tuple(item_ids)))

    async def _duplicate(self, ids: tuple[str, ...]) -> None:
        self._expect(await self._services.background.call(lambda ws: ws.drafts.duplicate(ids)))

    def remove(self, item_ids: Sequence[str], stop: Sequence[str] = ()) -> None:
        """Take rows out of the queue, after those in `stop` were stopped."""
        ids, under_way = tuple(item_ids), tuple(stop)

        def work(workspace: Workspace) -> None:
            if under_way:
                workspace.queue.cancel(under_way)
            workspace.drafts.remove(ids)

        self._do(work)

    def restore(self, item_ids: Sequence[str]) -> None:
        """Bring rows back that were removed."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.drafts.restore(ids))

    def change(self, item_ids: Sequence[str], **wishes: Unpack[Wishes]) -> None:
        """Change what drafts are made with."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.drafts.change(ids, **wishes))

    def keep_choice(self, **what: str) -> None:
        """Make a ``profile`` or an ``engine`` the choice for what comes next."""
        self._do(lambda ws: ws.settings.update(**what))

    async def settings(self) -> Settings:
        """The settings in force."""
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        return await self._services.cache.read(Topic(Kind.SETTING, "all"), lambda ws: ws.settings.get())

    def _do(self, work: Callable[[Workspace], Any]) -> None:
        self._services.background.start(self._services.background.call(work))

    async def _add_files(self, paths: Sequence[Path]) -> None:
        from cardforge_desktop.ui.batch.builder.found import found_notice
        from cardforge_desktop.ui.batch.builder.reading import find_new

        found = await self._services.background.call(lambda ws: find_new(ws, paths))
        if found.new:
            await self._add_sources(found.new)
        notice = found_notice(found, lambda: self._add_anyway(found.known))
        if notice is not None:
            self._services.desk.notice.emit(notice)

    def _add_anyway(self, sources: Sequence[NewSource]) -> None:
        self._services.background.start(self._add_sources(sources))
        text = self.tr("%n source(s) added.", None, len(sources))
        self._services.desk.notice.emit(Notice(text, "ok", lasting=False))

    async def _add_sources(self, sources: Sequence[NewSource]) -> None:
        items = [(source,) for source in sources]
        await self._add(lambda ws, options: ws.drafts.add_items(items, options))

    async def _add(self, add: Callable[[Workspace, Options], tuple[str, ...]]) -> None:
        settings = await self.settings()
        options = Options(output=settings.output, profile=settings.profile, engine=settings.engine)
        self._expect(await self._services.background.call(lambda ws: add(ws, options)))

    def _expect(self, made: tuple[str, ...]) -> None:
        # Not read here: a reading that is under way could bring older values after newer ones.
        self._new = made
        self._want(set(made))

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        ids = ids_of(Kind.ITEM, changes)
        if ids is not None:
            self._want(set(ids) or None)

    @Slot(object)
    def _on_progress(self, progress: tuple[Progress, ...]) -> None:
        self.model.move_on(progress)
        self.moved_on.emit(progress)

    def _want(self, ids: set[str] | None) -> None:
        """Read these items (None = all) as soon as the reading under way is done."""
        self._remember(ids)
        if not self._reading:
            self._reading = True
            self._services.background.start(self._catch_up())

    def _remember(self, ids: set[str] | None) -> None:
        self._wanted = None if ids is None or self._wanted is None else self._wanted | ids

    @Slot()
    def _read_again(self) -> None:
        self._want(set())

    async def _catch_up(self) -> None:
        from cardforge_desktop.store.database import StoreError

        try:
            while self._wanted is None or self._wanted:
                wanted, self._wanted = self._wanted, set()
                try:
                    await self._read(wanted)
                except Exception:
                    self._remember(wanted)  # nobody tells of these changes a second time
                    raise
        except StoreError as error:
            if error.code == ErrorCode.STORE_BUSY:
                self._again.start()
            raise
        finally:
            self._reading = False

    async def _read(self, ids: set[str] | None) -> None:
        if ids is None or len(ids) > _AT_ONCE:
            await self._read_all()
        else:
            some = tuple(ids)
            found = await self._services.background.call(lambda ws: ws.batches.items(some))
            if any(self._stands_elsewhere(item) for item in found):
                await self._read_all()
            else:
                self.model.update(found)
                self.model.forget(ids - {item.id for item in found})
        if not self._is_loaded:
            self._is_loaded = True
            self.loaded.emit()
        self.refreshed.emit()
        if self._new and all(self.model.item(item_id) is not None for item_id in self._new):
            new, self._new = self._new, ()
            self.added.emit(new)

    def _stands_elsewhere(self, item: ItemView) -> bool:
        """Whether an item changed its place, or comes between others: of those nobody tells."""
        before = self.model.item(item.id)
        if before is not None:
            return (before.batch_id, before.rank) != (item.batch_id, item.rank)
        last = self.model.last
        return last is not None and (item.batch_id != last.batch_id or item.rank < last.rank)

    async def _read_all(self) -> None:
        before = self.model.snapshot()
        found = await self._services.background.call(lambda ws: compare(before, ws.batches.items()))
        self.model.forget(found.gone)
        for at in range(0, len(found.changed), _CHUNK):
            if at:
                await asyncio.sleep(_BETWEEN)  # the window paints and takes keys in between
            self.model.update(found.changed[at : at + _CHUNK])
        if found.order is not None:
            self.model.reorder(found.order)


@dataclass(frozen=True, slots=True)
class Found:
    """What a reading of the whole queue brought; `order` None = as before, with new ones at the end."""

    changed: list[ItemView]
    gone: list[str]
    order: list[str] | None


def compare(before: dict[str, ItemView], items: Sequence[ItemView]) -> Found:
    """What differs between the rows that are shown and those that were read.

    What was never started comes last: its batch is as old as the first draft in it.
    """
    started = {item.batch_id for item in items if item.attempts or item.status in _STARTED}
    items = sorted(items, key=lambda item: item.batch_id not in started)
    order = [item.id for item in items]
    known = set(order)
    stays = [item_id for item_id in before if item_id in known]
    expected = [*stays, *(item_id for item_id in order if item_id not in before)]
    return Found(
        changed=[item for item in items if before.get(item.id) != item],
        gone=[item_id for item_id in before if item_id not in known],
        order=None if order == expected else order,
    )
