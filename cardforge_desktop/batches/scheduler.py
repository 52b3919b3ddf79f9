"""Which item runs next, on which pool thread."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from cardforge_desktop.batches import claiming, transitions
from cardforge_desktop.batches.insisting import PASSING
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.batches.worker import Tools, Worker
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.errors import CardForgeError

_log = logging.getLogger(__name__)
#: Seconds; for each error in a row so much longer.
_PAUSE_AFTER_ERROR = 1.0
_LONGEST_PAUSE_AFTER_ERRORS = 10.0
#: Failed claims in a row after which the waiting items are left for the next click or start.
_MOST_ERRORS = 30
#: Generations beyond the concurrency: while as many as it allows wait for answers, these prepare the next
#: calls and save finished cards.
_BETWEEN_CALLS = 4
#: How many of those may be generations that have not called yet.
_AHEAD = 2


@dataclass(slots=True, eq=False)
class _Run:
    """A claimed item on its way; `calling` until its last call is answered."""

    item: ItemRow
    cancellation: Cancellation
    calling: bool = True


class Scheduler:
    """The bounded pool of generation threads, and the one thread that hands items to them.

    At most `concurrency` calls go to engines at once, and of each batch at most as many as it allows
    (`CallingPlaces`); of an engine with a limit of its own, at most so many generations run. Owns its
    threads; `wake` after anything that may have made an item ready.
    """

    def __init__(self, tools: Tools, worker_id: str, concurrency: int) -> None:
        self._tools = tools
        self._worker_id = worker_id
        self._changed = threading.Condition()
        self._concurrency = concurrency
        self._runs: list[_Run] = []  # all that have a thread
        self._running: dict[str, _Run] = {}  # item id → its newest run
        self._passed_over = 0  # slots in a row without one for a lower priority; scheduler thread alone
        self._waits_for_engine = False  # items wait for an engine that is held back
        self._awake = False  # somebody asked to look for work
        self._looking = False
        self._errors = 0  # failed claims in a row; scheduler thread alone
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
            for places in (self._tools.places, self._tools.turns):
                places.set_limit(concurrency)
            if self._pool is not None:
                self._replaced.append(self._pool)  # its generations finish; no new one begins there
                self._pool = ThreadPoolExecutor(concurrency + _BETWEEN_CALLS, "cardforge-generation")
        self.wake_if_started()

    def limit_batch(self, batch_id: str, limit: int) -> None:
        """Change how many calls of a batch go out at once while it runs here."""
        with self._changed:
            if any(run.item.batch_id == batch_id for run in self._runs):
                self._bound(batch_id, limit)
        self.wake_if_started()

    def wake_if_started(self) -> None:
        """`wake`, unless nothing was ever started."""
        if self._thread is not None:
            self.wake()

    def cancel(self, item_ids: Collection[str]) -> None:
        """Stop those of the items that run in this process and were cancelled in the store.

        One that was retried since, and runs again already, goes on.
        """
        with self._changed:
            running = {item_id: self._running[item_id] for item_id in item_ids if item_id in self._running}
        self._stop_lost(running)

    def look_again(self) -> None:
        """After another process wrote to the store: stop items that are no longer ours, look for work."""
        with self._changed:
            running = dict(self._running)
        self._stop_lost(running)
        self.wake()  # what was held when this process began may go on by now

    def _stop_lost(self, running: Mapping[str, _Run]) -> None:
        """Stop those whose items this process has no longer in hand."""
        if running:
            with self._tools.store.read() as session:
                own = transitions.in_hand(session, self._worker_id, running)
            for item_id in running.keys() - own:
                running[item_id].cancellation.cancel()

    def wait_idle(self, timeout: float | None = None) -> bool:
        """Wait until nothing runs and nothing waits; False when the time was over first.

        What is paused does not count; what waits for an engine that is held back does.
        """
        with self._changed:
            return self._changed.wait_for(self._idle, timeout)

    def _idle(self) -> bool:
        return not (self._running or self._awake or self._looking or self._waits_for_engine)

    def stop(self) -> None:
        """Interrupt what runs and end the threads; what was interrupted is queued for the next start."""
        with self._changed:
            self._stopping = True
            running = [run.cancellation for run in self._runs]
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
                # The end of an engine's pause makes no noise of its own.
                pause = self._tools.holds.seconds_left()
                self._changed.wait_for(lambda: self._awake or self._stopping, pause)
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
        except Exception as error:
            # A mistake of ours: this thread must live on, or no item ever runs again.
            passing = isinstance(error, CardForgeError) and error.code in PASSING
            _log.warning("no item could be taken", exc_info=None if passing else error)
        else:
            self._errors = 0
            return found
        self._errors += 1
        pause = min(self._errors * _PAUSE_AFTER_ERROR, _LONGEST_PAUSE_AFTER_ERRORS)
        with self._changed:
            self._changed.wait_for(lambda: self._stopping, timeout=pause)
        # A store that is busy or full may be so for a night: it is asked again for as long as it takes.
        return passing or self._errors % _MOST_ERRORS != 0

    def _start_next(self) -> bool:
        """Claim one item and give it to the pool; False when there is no room or no item."""
        with self._changed:
            calling = [run.item for run in self._runs if run.calling]
            if self._pool is None or self._stopping or len(calling) >= self._concurrency + _AHEAD:
                return False
        taken = self._taken(calling)
        # A power cut may take back a claim of which nothing was sent yet: its item is in the queue again.
        with self._tools.store.write(lasting=False) as session:
            claim = claiming.claim_next(session, self._worker_id, taken, self._passed_over)
            if claim is None:
                held = [hold.engine for hold in self._tools.holds.all()]
                self._waits_for_engine = claiming.waits_for(session, self._worker_id, held)
                over = self._tools.holds.over()
                unused = [name for name in over if not claiming.waits_for(session, self._worker_id, [name])]
            else:
                session.expunge(claim.item)
        if claim is None:
            self._tools.holds.drop(unused)
            return False
        item = claim.item
        self._passed_over = claim.passed_over
        self._tools.holds.admit(item.engine, item.id)
        self._bound(item.batch_id, claim.batch_limit)
        run = _Run(item, Cancellation())
        with self._changed:
            earlier = self._running.get(item.id)
            self._submit(run)
        if earlier is not None:  # it was taken from us and queued again before we heard of that
            earlier.cancellation.cancel()
        return True

    def _taken(self, calling: Collection[ItemRow]) -> claiming.Taken:
        of_engines = Counter(item.engine for item in calling)
        full = {name for name, count in of_engines.items() if count >= self._limit(name)}
        return claiming.Taken(
            engines=full | self._tools.holds.closed(),
            batches=Counter(item.batch_id for item in calling),
            concurrency=self._concurrency,
            tried=self._tools.holds.tried(),
        )

    def _submit(self, run: _Run) -> None:
        # Claimed in the moment of stopping: the next start finds its worker gone and queues it again.
        if self._pool is not None and not self._stopping:
            self._runs.append(run)
            self._running[run.item.id] = run
            self._pool.submit(self._run, run)

    def _run(self, run: _Run) -> None:
        """On a pool thread."""

        def release_call() -> None:
            if run.calling:
                run.calling = False
                self.wake()

        stopped: Collection[str] = ()
        try:
            stopped = Worker(self._tools, run.item, run.cancellation).work(release_call)
        finally:
            release_call()
            with self._changed:
                self._runs.remove(run)
                # Cancelled and retried meanwhile, the item may run again already: that one stays.
                if self._running.get(run.item.id) is run:
                    del self._running[run.item.id]
                if all(other.item.batch_id != run.item.batch_id for other in self._runs):
                    self._bound(run.item.batch_id, None)
                self._changed.notify_all()
        self.cancel(stopped)

    def _bound(self, batch_id: str, limit: int | None) -> None:
        for places in (self._tools.places, self._tools.turns):
            places.set_batch_limit(batch_id, limit)

    def _limit(self, engine: str) -> int:
        """The engine's own bound; one whose connection is gone has none (its items fail with the reason)."""
        try:
            limit = self._tools.engines.traits(engine).max_concurrent
        except CardForgeError:
            limit = None
        return self._concurrency + _AHEAD if limit is None else limit
