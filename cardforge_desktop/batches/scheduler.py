"""Which item runs next, on which pool thread."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.batches.worker import Tools, Worker
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.errors import CardForgeError

_log = logging.getLogger(__name__)
_PAUSE_AFTER_ERROR = 1.0
#: Failed claims in a row after which the waiting items are left for the next click or start.
_MOST_ERRORS = 30
#: Generations beyond the concurrency: while as many as it allows wait for answers, these prepare the next
#: calls and save finished cards.
_BETWEEN_CALLS = 4
#: How many of those may be generations that have not called yet.
_AHEAD = 2


class Scheduler:
    """The bounded pool of generation threads, and the one thread that hands items to them.

    At most `concurrency` calls go to engines at once (`CallingPlaces`); of an engine with a limit of its own,
    at most so many generations run. Owns its threads; `wake` after anything that may have made an item ready.
    """

    def __init__(self, tools: Tools, worker_id: str, concurrency: int) -> None:
        self._tools = tools
        self._worker_id = worker_id
        self._changed = threading.Condition()
        self._concurrency = concurrency
        self._calling: Counter[str] = Counter()  # engine name → generations with calls to make
        self._running: dict[str, Cancellation] = {}  # item id → its cancellation
        self._awake = False  # somebody asked to look for work
        self._looking = False
        self._errors = 0  # failed claims in a row; touched by the scheduler thread alone
        self._stopping = False
        self._pool: ThreadPoolExecutor | None = None
        self._replaced: list[ThreadPoolExecutor] = []
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Look for work; starts the threads at the first call."""
        with self._changed:
            if self._stopping:
                return
            self._awake = True
            if self._thread is None:
                self._pool = ThreadPoolExecutor(self._concurrency + _BETWEEN_CALLS, "cardforge-generation")
                self._thread = threading.Thread(
                    target=self._hand_out, name="cardforge-scheduler", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    @property
    def concurrency(self) -> int:
        """How many generations call at once."""
        return self._concurrency

    def set_concurrency(self, concurrency: int) -> None:
        """Change how many generations call at once; running ones go on."""
        with self._changed:
            if concurrency == self._concurrency:
                return
            self._concurrency = concurrency
            self._tools.places.set_limit(concurrency)
            if self._pool is not None:
                self._replaced.append(self._pool)  # its generations finish; no new one begins there
                self._pool = ThreadPoolExecutor(concurrency + _BETWEEN_CALLS, "cardforge-generation")
        self.wake_if_started()

    def wake_if_started(self) -> None:
        """`wake`, unless nothing was ever started."""
        if self._thread is not None:
            self.wake()

    def cancel(self, item_ids: Collection[str]) -> None:
        """Stop items that run in this process; nothing happens for those that do not."""
        with self._changed:
            running = [self._running[item_id] for item_id in item_ids if item_id in self._running]
        for cancellation in running:
            cancellation.cancel()

    def look_again(self) -> None:
        """After another process wrote to the store: stop items that are no longer ours, look for work."""
        with self._changed:
            running = dict(self._running)
        if running:
            with self._tools.store.read() as session:
                own = transitions.in_hand(session, self._worker_id, running)
            for item_id in running.keys() - own:
                running[item_id].cancel()
        self.wake_if_started()

    def wait_idle(self, timeout: float | None = None) -> bool:
        """Wait until nothing runs and nothing waits; False when the time was over first."""
        with self._changed:
            return self._changed.wait_for(self._idle, timeout)

    def _idle(self) -> bool:
        return not (self._running or self._awake or self._looking)

    def stop(self) -> None:
        """Interrupt what runs and end the threads; what was interrupted is queued for the next start."""
        with self._changed:
            self._stopping = True
            running = list(self._running.values())
            pool, thread = self._pool, self._thread
            pools, self._replaced = [*self._replaced, *([pool] if pool else [])], []
            self._changed.notify_all()
        for cancellation in running:
            cancellation.interrupt()
        if thread is not None:
            thread.join()
        for each in pools:
            each.shutdown(wait=True)

    def _hand_out(self) -> None:
        """The scheduler thread."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._awake or self._stopping)
                if self._stopping:
                    return
                self._awake, self._looking = False, True
            found = self._looked()
            with self._changed:
                self._looking = False
                self._awake = self._awake or found
                self._changed.notify_all()

    def _looked(self) -> bool:
        """`_start_next`; True also when the store could not be asked: after a pause it is asked again."""
        try:
            found = self._start_next()
        except Exception:
            # Busy, full, or a mistake of ours: this thread must live on, or no item ever runs again.
            _log.exception("no item could be taken")
        else:
            self._errors = 0
            return found
        self._errors += 1
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, timeout=_PAUSE_AFTER_ERROR)
        return self._errors % _MOST_ERRORS != 0

    def _start_next(self) -> bool:
        """Claim one item and give it to the pool; False when there is no room or no item."""
        with self._changed:
            calling = Counter(self._calling)
            pool = self._pool
            if pool is None or self._stopping or calling.total() >= self._concurrency + _AHEAD:
                return False
        full = [name for name, count in calling.items() if count >= self._limit(name)]
        with self._tools.store.write() as session:
            item = transitions.claim_next(session, self._worker_id, full)
            if item is None:
                return False
            session.expunge(item)
        cancellation = Cancellation()
        with self._changed:
            self._calling[item.engine] += 1
            earlier = self._running.get(item.id)
            self._running[item.id] = cancellation
            self._pool_submit(item, cancellation)
        if earlier is not None:  # it was taken from us and queued again before we heard of that
            earlier.cancel()
        return True

    def _pool_submit(self, item: ItemRow, cancellation: Cancellation) -> None:
        if self._pool is not None and not self._stopping:
            self._pool.submit(self._run, item, cancellation)
        else:
            # Claimed in the moment of stopping: the next start finds its worker gone and queues it again.
            self._running.pop(item.id, None)

    def _run(self, item: ItemRow, cancellation: Cancellation) -> None:
        """On a pool thread."""
        released = False

        def release_call() -> None:
            nonlocal released
            if released:
                return
            released = True
            with self._changed:
                self._calling[item.engine] -= 1
                if self._calling[item.engine] <= 0:
                    del self._calling[item.engine]
            self.wake()

        try:
            Worker(self._tools, item, cancellation).work(release_call)
        finally:
            release_call()
            with self._changed:
                # Cancelled and retried meanwhile, the item may run again already: that one stays.
                if self._running.get(item.id) is cancellation:
                    del self._running[item.id]
                self._changed.notify_all()

    def _limit(self, engine: str) -> int:
        """The engine's own bound; one whose connection is gone has none (its items fail with the reason)."""
        try:
            limit = self._tools.engines.traits(engine).max_concurrent
        except CardForgeError:
            limit = None
        return self._concurrency + _AHEAD if limit is None else limit
