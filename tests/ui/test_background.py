"""Blocking calls leave the window's thread; tasks end in order; the cache reads once."""

import asyncio
import contextlib
import gc
import threading
import weakref

import pytest
import shiboken6

from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.ui import background as background_module
from cardforge_desktop.ui.background import Background, Paced, WindowGarbage
from cardforge_desktop.ui.cache import Cache, Topic


class Counting:
    """Stands where the workspace stands; counts how often it is read."""

    def __init__(self) -> None:
        self.reads = 0
        self.threads: set[str] = set()
        self.gate = threading.Event()
        self.gate.set()

    def read(self) -> int:
        self.gate.wait(10)
        self.threads.add(threading.current_thread().name)
        self.reads += 1
        return self.reads


@pytest.fixture
def background(loop, qtbot):
    made = Background()
    yield made
    closing = asyncio.ensure_future(made.close())
    qtbot.waitUntil(closing.done)
    closing.result()


def test_calls_wait_for_the_workspace_and_run_on_workers(background, qtbot):
    counting = Counting()
    task = background.start(background.call(lambda ws: ws.read()))
    qtbot.wait(30)
    assert not task.done()
    background.provide(counting)
    qtbot.waitUntil(task.done)
    assert task.result() == 1
    assert all(name.startswith("window-worker") for name in counting.threads)


def test_an_error_nobody_awaits_is_told(background, qtbot):
    failed = []
    background.failed.connect(failed.append)
    background.provide(Counting())
    background.start(background.call(lambda ws: ws.missing))
    qtbot.waitUntil(lambda: bool(failed))
    assert isinstance(failed[0], AttributeError)


def test_closing_cancels_tasks_and_runs_the_last_call(loop, qtbot):
    background, last = Background(), []
    task = background.start(background.call(lambda ws: ws.read()))
    closing = asyncio.ensure_future(
        background.close(last=lambda: last.append(threading.current_thread().name))
    )
    qtbot.waitUntil(closing.done)
    assert task.cancelled()
    assert last[0].startswith("window-worker")
    assert background.start(asyncio.sleep(0)) is None


def test_closing_does_not_wait_for_what_does_not_end(loop, qtbot, monkeypatch):
    monkeypatch.setattr(background_module, "_PATIENCE_S", 0.01)
    background, over = Background(), asyncio.Event()

    async def stubborn() -> None:
        while not over.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await over.wait()

    task = background.start(stubborn())
    closing = asyncio.ensure_future(background.close())
    qtbot.waitUntil(closing.done)
    assert not task.done()
    over.set()
    qtbot.waitUntil(task.done)


def test_closing_waits_for_what_has_to_be_finished(loop, qtbot):
    background, counting, done = Background(), Counting(), []
    counting.gate.clear()
    background.provide(counting)

    async def save_twice() -> None:
        for _ in range(2):
            done.append(await background.call(lambda ws: ws.read()))

    background.finish(save_twice())
    closing = asyncio.ensure_future(background.close())
    qtbot.wait(20)
    assert not closing.done()
    counting.gate.set()
    qtbot.waitUntil(closing.done)
    closing.result()
    assert done == [1, 2]


def test_closing_does_not_wait_for_a_workspace_that_never_opened(loop, qtbot):
    background = Background()
    background.finish(background.call(lambda ws: ws.read()))
    closing = asyncio.ensure_future(background.close())
    qtbot.waitUntil(closing.done)
    closing.result()


def test_the_same_reading_is_made_once(background, qtbot):
    counting, cache = Counting(), Cache(background)
    counting.gate.clear()
    background.provide(counting)
    topic = Topic(Kind.CARD, "list")
    tasks = [background.start(cache.read(topic, lambda ws: ws.read())) for _ in range(5)]
    qtbot.wait(20)
    counting.gate.set()
    qtbot.waitUntil(lambda: all(task.done() for task in tasks))
    assert [task.result() for task in tasks] == [1] * 5
    assert counting.reads == 1


def test_a_change_during_a_reading_makes_it_anew(background, qtbot):
    counting, cache = Counting(), Cache(background)
    counting.gate.clear()
    background.provide(counting)
    task = background.start(cache.read(Topic(Kind.CARD, "list"), lambda ws: ws.read()))
    qtbot.wait(20)
    cache.drop((Changed(Kind.CARD, frozenset({"card_1"})),))
    counting.gate.set()
    qtbot.waitUntil(task.done)
    assert task.result() == 2


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        (Changed(Kind.CARD, frozenset({"card_2"})), True),
        (Changed(Kind.CARD, frozenset({"card_1"})), False),
        (Changed(Kind.CARD), False),
        (Changed(Kind.ITEM), True),
    ],
)
def test_only_what_changed_is_forgotten(background, qtbot, change, kept):
    cache, topic = Cache(background), Topic(Kind.CARD, "whole", "card_1")
    background.provide(Counting())
    task = background.start(cache.read(topic, lambda ws: ws.read()))
    qtbot.waitUntil(task.done)
    cache.drop((change,))
    assert cache.known(topic) is kept


def test_a_failed_reading_is_not_kept(background, qtbot):
    cache, topic = Cache(background), Topic(Kind.CARD, "list")
    background.provide(Counting())
    task = background.start(cache.read(topic, lambda ws: ws.missing))
    background.failed.connect(lambda _: None)
    qtbot.waitUntil(task.done)
    assert isinstance(task.exception(), AttributeError)
    assert not cache.known(topic)


def test_many_wishes_are_met_first_and_last(background, qtbot):
    done = []

    async def work() -> None:
        done.append(len(done))

    paced = Paced(background, 40, work)
    for _ in range(50):
        paced.ask()
    qtbot.waitUntil(lambda: len(done) == 1)
    paced.ask()
    assert len(done) == 1
    qtbot.waitUntil(lambda: len(done) == 2)
    qtbot.wait(100)
    assert len(done) == 2


def test_work_that_ends_after_its_pace_is_gone_fails_nobody(background, qtbot):
    failed, gate, ended = [], asyncio.Event(), []
    background.failed.connect(failed.append)

    async def work() -> None:
        await gate.wait()
        ended.append(True)

    paced = Paced(background, 10, work)
    paced.ask()
    qtbot.wait(20)
    shiboken6.delete(paced)
    gate.set()
    qtbot.waitUntil(lambda: bool(ended))
    qtbot.wait(20)
    assert failed == []


class Cycle:
    """Only the collector frees it."""

    def __init__(self) -> None:
        self.itself = self


def make_garbage() -> "weakref.ref[Cycle]":
    return [weakref.ref(Cycle()) for _ in range(1_000)][-1]


@pytest.fixture
def garbage(background):
    made = WindowGarbage(background)
    made.follow(background)
    yield made
    made.stop()


def test_garbage_waits_while_a_worker_reads(background, garbage, qtbot):
    counting = Counting()
    counting.gate.clear()
    background.provide(counting)
    task = background.start(background.call(lambda ws: ws.read()))
    qtbot.waitUntil(lambda: background.is_busy)
    left = make_garbage()
    garbage._collect()
    assert left() is not None
    counting.gate.set()
    qtbot.waitUntil(task.done)
    qtbot.waitUntil(lambda: left() is None)


def test_garbage_does_not_wait_for_ever(background, garbage, qtbot):
    counting = Counting()
    counting.gate.clear()
    background.provide(counting)
    background.start(background.call(lambda ws: ws.read()))
    qtbot.waitUntil(lambda: background.is_busy)
    left = make_garbage()
    for _ in range(WindowGarbage._MOST_WAITS + 1):
        garbage._collect()
    assert left() is None
    counting.gate.set()


def test_what_a_worker_brings_in_bulk_is_not_gone_through_again(background, garbage, qtbot):
    background.provide(Counting())
    frozen = gc.get_freeze_count()
    task = background.start(background.call(lambda _ws: [[] for _ in range(20_000)]))
    qtbot.waitUntil(task.done)
    assert gc.get_freeze_count() - frozen >= 20_000
    few = background.start(background.call(lambda _ws: [[] for _ in range(20)]))
    frozen = gc.get_freeze_count()
    qtbot.waitUntil(few.done)
    assert gc.get_freeze_count() <= frozen  # some of what was left out may be freed meanwhile


def test_what_a_busy_worker_reads_in_bulk_is_not_gone_through(background, garbage, qtbot):
    counting = Counting()
    counting.gate.clear()
    background.provide(counting)
    background.start(background.call(lambda ws: ws.read()))
    qtbot.waitUntil(lambda: background.is_busy)
    frozen, read = gc.get_freeze_count(), [[] for _ in range(20_000)]
    garbage._collect()
    assert gc.get_freeze_count() - frozen >= len(read)
    # objects that are freed lower Python's count of young ones: it says less than there are
    old = [[] for _ in range(40_000)]
    gc.freeze()
    read = [[] for _ in range(20_000)]
    del old[18_000:]
    assert gc.get_count()[0] < 5_000
    read += [[] for _ in range(2_000)]
    frozen = gc.get_freeze_count()
    for _ in range(WindowGarbage._MOST_WAITS + 1):
        garbage._collect()
    assert gc.get_freeze_count() - frozen >= 20_000
    counting.gate.set()
