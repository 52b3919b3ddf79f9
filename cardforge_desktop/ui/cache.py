"""What the panels have read, kept until the core says it changed."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed, Kind
    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.workspace import Workspace

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Topic:
    """What was read: dropped when the kind changes, or, with an id, when that one does.

    Attributes:
        kind: the kind of thing it was read from.
        name: tells two readings of one kind apart (``list``, ``thumbnail:48``).
        id: the one thing it is about, "" = all of the kind.
    """

    kind: Kind
    name: str
    id: str = ""


class Cache(QObject):
    """Readings by topic; the same reading is never under way twice. Lives on the window's thread.

    Keeps the `limit` topics used last.
    """

    def __init__(self, background: Background, limit: int = 64) -> None:
        super().__init__(background)
        self._background = background
        self._limit = limit
        self._tasks: OrderedDict[Topic, asyncio.Task[Any]] = OrderedDict()

    async def read(self, topic: Topic, load: Callable[[Workspace], T]) -> T:
        """The value of `load(workspace)`, loaded now or earlier.

        A reading that is dropped while it is under way is made again, once: what comes after that is
        announced by a later change.
        """
        for _ in range(2):
            task = self._tasks.get(topic)
            if task is None:
                task = asyncio.ensure_future(self._background.call(load))
                self._tasks[topic] = task
                task.add_done_callback(lambda done: self._drop_failed(topic, done))
                while len(self._tasks) > self._limit:
                    self._tasks.popitem(last=False)
            self._tasks.move_to_end(topic)
            value = await asyncio.shield(task)
            if self._tasks.get(topic) is task:
                break
        return cast("T", value)

    def known(self, topic: Topic) -> bool:
        """Whether the value is at hand."""
        task = self._tasks.get(topic)
        return task is not None and task.done()

    def clear(self) -> None:
        """Forget everything; readings under way are cancelled."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()

    @Slot(object)
    def drop(self, changes: tuple[Changed, ...]) -> None:
        """Forget what `changes` made old."""
        for change in changes:
            for topic in [
                topic
                for topic in self._tasks
                if topic.kind == change.kind and (not change.ids or not topic.id or topic.id in change.ids)
            ]:
                del self._tasks[topic]

    def _drop_failed(self, topic: Topic, task: asyncio.Task[Any]) -> None:
        if (task.cancelled() or task.exception() is not None) and self._tasks.get(topic) is task:
            del self._tasks[topic]
