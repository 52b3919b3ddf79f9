"""Work that blocks runs on a few threads; its value comes back to the window's thread."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

T = TypeVar("T")
_PATIENCE_S = 3.0


class Background(QObject):
    """Owns the worker threads, the tasks of the window and the way to the workspace.

    Lives on the window's thread; made inside a running asyncio loop. Every call to the core goes through
    `call`, so that nothing of it (files, database, tokenizer) runs on the window's thread.

    Signals:
        failed(object): an exception nobody awaited; shown as a notice.
        answered(): a worker is done; what it brought is about to be used.
    """

    failed = Signal(object)
    answered = Signal()
    _finished = Signal(object, object)

    def __init__(self, threads: int = 4) -> None:
        super().__init__()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="window-worker")
        self._tasks: set[asyncio.Task[Any]] = set()
        self._last: set[asyncio.Task[Any]] = set()
        self._loop = asyncio.get_running_loop()
        self._workspace: asyncio.Future[Workspace] = self._loop.create_future()
        self._closing = False
        self._under_way = 0
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a worker is at work."""
        return self._under_way > 0

    def provide(self, workspace: Workspace) -> None:
        """The workspace is open: calls that waited for it go on."""
        self._workspace.set_result(workspace)

    async def call(self, work: Callable[[Workspace], T]) -> T:
        """`work(workspace)` on a worker thread, as soon as the workspace is open."""
        workspace = await asyncio.shield(self._workspace)
        return await self.run(lambda: work(workspace))

    def begin(self, work: Callable[[Workspace], T]) -> asyncio.Future[T]:
        """As `call`, but it is begun now, while what asks for it goes on to build what shows it."""
        if self._workspace.done():
            workspace = self._workspace.result()
            return self._submitted(lambda: work(workspace))
        return asyncio.ensure_future(self.call(work))

    async def run(self, work: Callable[[], T]) -> T:
        """`work()` on a worker thread; it must not touch a widget."""
        return await self._submitted(work)

    def _submitted(self, work: Callable[[], T]) -> asyncio.Future[T]:
        waiting: asyncio.Future[T] = self._loop.create_future()

        def done(future: Future[T]) -> None:
            if not future.cancelled():
                self._finished.emit(waiting, future)

        self._pool.submit(work).add_done_callback(done)
        self._under_way += 1
        return waiting

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any] | None:
        """Run a coroutine for its effect; kept alive here, its error goes to `failed`."""
        if self._closing:
            work.close()
            return None
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    def finish(self, work: Coroutine[Any, Any, Any]) -> None:
        """As `start`, but closing waits for its end: what a person wrote is saved so. It must not hang."""
        task = self.start(work)
        if task is not None:
            self._last.add(task)
            task.add_done_callback(self._last.discard)

    async def close(self, last: Callable[[], object] | None = None) -> None:
        """Cancel what needs no end, wait for the ends of all, call `last` on a worker, stop the threads.

        What does not end though it was cancelled is not waited for, or the app would never close.
        """
        self._closing = True
        kept = set(self._last) if self._workspace.done() else set()
        for task in (cancelled := self._tasks - kept):
            task.cancel()
        if cancelled:
            await asyncio.wait(cancelled, timeout=_PATIENCE_S)
        await asyncio.gather(*kept, return_exceptions=True)
        if not self._workspace.done():
            self._workspace.cancel()
        try:
            if last is not None:
                await self.run(last)
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    @Slot(object, object)
    def _deliver(self, waiting: asyncio.Future[Any], future: Future[Any]) -> None:
        self._under_way -= 1
        self.answered.emit()
        if waiting.done():
            return
        error = future.exception()
        if error is not None:
            waiting.set_exception(error)
        else:
            waiting.set_result(future.result())

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.failed.emit(error)


class Paced(QObject):
    """Does something at most once in an interval, however often it is asked for; never two at once.

    The first wish after a pause is met at once, the last one always.
    """

    def __init__(
        self, background: Background, interval_ms: int, work: Callable[[], Coroutine[Any, Any, None]]
    ) -> None:
        super().__init__(background)
        self._background, self._work = background, work
        self._wanted = self._running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(interval_ms)
        self._timer.timeout.connect(self._next)

    @Slot()
    def ask(self) -> None:
        """Have it done."""
        self._wanted = True
        self._next()

    def set_interval(self, interval_ms: int) -> None:
        """Do it at most so often from the next time on."""
        self._timer.setInterval(interval_ms)

    @Slot()
    def _next(self) -> None:
        if self._wanted and not self._running and not self._timer.isActive():
            self._wanted, self._running = False, True
            self._background.start(self._do())

    async def _do(self) -> None:
        try:
            await self._work()
        finally:
            self._running = False
            if shiboken6.isValid(self._timer):  # a task may end when the window's objects are gone
                self._timer.start()


class WindowGarbage(QObject):
    """Collects garbage on the window's thread only.

    A cycle that holds a widget would else be collected, and the widget destroyed, on whichever worker
    thread happens to allocate (PySide6 crashes then). Python's own collector is off while this lives.

    Looks often: all threads allocate, and what a round has to go through is what came since the last one.
    It waits while the window's workers are at work, as what they are just reading is no garbage, but not
    for ever; and what they read in bulk (5,000 rows are 46,000 objects) is left out of all rounds: going
    through it while 50,000 entries changed held the window for 20 to 170 ms again and again. The oldest
    generation waits ten times longer than Python's collector would have it, as going through it takes longer
    than a frame.
    """

    _EVERY_MS = 100
    _MOST_WAITS = 20
    _BULK = 5_000
    _OLDEST_AFTER = 100

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        young, middle, _ = gc.get_threshold()
        self._thresholds = (young, middle, self._OLDEST_AFTER)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(self._EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()
        self._background: Background | None = None
        self._waits = 0

    def follow(self, background: Background) -> None:
        """Give way to these workers."""
        self._background = background
        background.answered.connect(self._keep_bulk)

    @Slot()
    def settle(self) -> None:
        """What start-up made stays for good: leave it out, so that later rounds are short."""
        gc.freeze()

    def stop(self) -> None:
        """Give the work back to Python's collector."""
        self._timer.stop()
        gc.enable()
        gc.unfreeze()

    @Slot()
    def _keep_bulk(self) -> None:
        # Young objects that are alive: those made less those freed. Rows have no cycles: they are freed all
        # the same when nobody holds them any more.
        if gc.get_count()[0] > self._BULK:
            gc.freeze()

    @Slot()
    def _collect(self) -> None:
        if self._background is not None and self._background.is_busy:
            self._keep_bulk()
            if self._waits < self._MOST_WAITS:
                self._waits += 1
                return
        self._waits = 0
        young, *_ = self._thresholds
        # The count alone does not tell: freeing old objects lowers it, however many young ones there are.
        if gc.get_count()[0] > young and len(gc.get_objects(0)) > self._BULK:
            gc.freeze()
        for generation, (count, threshold) in reversed(
            list(enumerate(zip(gc.get_count(), self._thresholds, strict=True)))
        ):
            if count > threshold:
                gc.collect(generation)
                return
