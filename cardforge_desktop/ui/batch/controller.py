"""What the person does with the queue, and what the queue does meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.services import Notice, Services

if TYPE_CHECKING:
    from cardforge_desktop.batches.drafts import Wishes
    from cardforge_desktop.events import Changed, Progress
    from cardforge_desktop.settings import Settings
    from cardforge_desktop.workspace import Workspace

#: Above this many changed items the whole queue is read.
_AT_ONCE = 500
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

    def remove(self, item_ids: Sequence[str]) -> None:
        """Take rows out of the queue."""
        ids = tuple(item_ids)
        self._do(lambda ws: ws.drafts.remove(ids))

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
        passed_over: list[str] = []
        await self._add(lambda ws, options: ws.drafts.add(paths, options, passed_over.append))
        if passed_over:
            text = self.tr("Passed over %n file(s) that did not hold a card.", None, len(passed_over))
            notice = Notice(text, details="\n".join(passed_over))
            self._services.desk.notice.emit(notice)

    async def _add(self, add: Callable[[Workspace, Options], tuple[str, ...]]) -> None:
        settings = await self.settings()
        options = Options(output=settings.output, profile=settings.profile, engine=settings.engine)
        made = await self._services.background.call(lambda ws: add(ws, options))
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
            self.model.replace(await self._services.background.call(lambda ws: ws.batches.items()))
        else:
            some = tuple(ids)
            found = await self._services.background.call(lambda ws: ws.batches.items(some))
            self.model.update(found)
            self.model.forget(ids - {item.id for item in found})
        if not self._is_loaded:
            self._is_loaded = True
            self.loaded.emit()
        self.refreshed.emit()
        if self._new and all(self.model.item(item_id) is not None for item_id in self._new):
            new, self._new = self._new, ()
            self.added.emit(new)
