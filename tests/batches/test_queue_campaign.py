"""Whatever the queue can be asked for, in any order, from two sides, while an engine answers or fails.

The engine is in this process and answers when it is told to; the store, the threads and the files are real.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import col, select

from cardforge_desktop.batches.model import (
    BatchOptions,
    BatchStatus,
    BatchSummary,
    ItemStatus,
    Options,
    Priority,
)
from cardforge_desktop.batches.queue import Queue
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.cards.tables import CardFileRow, CardRow
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.base import (
    Connection,
    EngineError,
    Finished,
    Health,
    Piece,
    Prompt,
    TextPiece,
    Traits,
    Usage,
)
from cardforge_desktop.engines.registry import KINDS, EngineKind
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace
from tests.conftest import LONG
from tests.support.app import write_sources
from tests.support.scripted_answers import answer_for

ENGINE = "Told"
OPEN = {BatchStatus.QUEUED, BatchStatus.PROCESSING, BatchStatus.PAUSED}
#: How a call can end: answered, or with an error of this code.
ENDS = (
    "answer",
    "answer",
    "garbage",
    "garbage",
    ErrorCode.ENGINE_BAD_REQUEST,
    ErrorCode.ENGINE_RATE_LIMITED,
    ErrorCode.ENGINE_SERVER,
    ErrorCode.ENGINE_AUTH,
)


class Switchboard:
    """Every call that was made, and those that wait to be told how they end. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[str]]] = []
        self.lets_through = False

    async def end_of_call(self) -> str:
        """How the call of this task ends; waits until somebody says."""
        loop = asyncio.get_running_loop()
        told: asyncio.Future[str] = loop.create_future()
        place = (loop, told)
        with self._lock:
            if self.lets_through:
                return "answer"
            self._waiting.append(place)
        try:
            return await told
        finally:
            with self._lock:
                if place in self._waiting:
                    self._waiting.remove(place)

    def tell(self, end: str) -> bool:
        """End the call that waits longest; False when none does."""
        with self._lock:
            if not self._waiting:
                return False
            loop, told = self._waiting.pop(0)
        loop.call_soon_threadsafe(lambda: None if told.done() else told.set_result(end))
        return True

    def let_all_through(self, *, on: bool = True) -> None:
        """From now on every call is answered at once."""
        with self._lock:
            self.lets_through = on
        while on and self.tell("answer"):
            pass


class ToldEngine:
    """An engine that does what its switchboard says."""

    traits = Traits(context_tokens=32_000)

    def __init__(self, connection: Connection, board: Switchboard) -> None:
        self.connection = connection
        self._board = board

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        end = await self._board.end_of_call()
        if end not in ("answer", "garbage"):
            raise EngineError(ErrorCode(end), f"It says {end}.")
        messages = [{"role": one.role, "content": one.content} for one in prompt.messages]
        form = {"json_schema": {"schema": prompt.schema}} if prompt.schema else None
        text = answer_for({"messages": messages, "response_format": form})
        yield TextPiece(text if end == "answer" else "I would rather not say.")
        yield Finished("stop", Usage(10, 20), "told-1")

    async def check(self) -> Health:
        return Health(True, "It answers.")

    async def close(self) -> None:
        pass


class World:
    """Two processes' worth of workspaces on one store, and the engine they share."""

    def __init__(self, folder: Path) -> None:
        self.board = Switchboard()
        self.output = folder / "out"
        self.sources = write_sources(folder / "in", 3)
        self.sides = [Workspace.open(find_paths(), 2) for _ in range(2)]
        self.sides[0].engines.add(Connection(ENGINE, "told", "http://127.0.0.1:1/v1", "told-1"), None)
        for side in self.sides:
            side.take_up()

    def restart(self, side: int) -> None:
        """Close one of them, whatever it has in hand, and open it anew."""
        self.sides[side].close()
        self.sides[side] = Workspace.open(find_paths(), 2)
        self.sides[side].take_up()

    def close(self) -> None:
        for side in self.sides:
            side.close()


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch, home: Path, tmp_path: Path) -> Iterator[World]:
    def build(connection: Connection, _key: object) -> ToldEngine:
        return ToldEngine(connection, world.board)

    monkeypatch.setitem(KINDS, "told", EngineKind("Told", needs_url=True, build=build))  # type: ignore[arg-type]
    with closing(World(tmp_path)) as world:
        yield world


sides = st.sampled_from([0, 0, 0, 1])
picks = st.integers(0, 99)


class Campaign(RuleBasedStateMachine):
    """What persons and command lines do; `world` is set by the test."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.sizes: dict[str, int] = {}  # of the batches that were submitted

    def queue(self, side: int) -> Queue:
        return self.world.sides[side].queue

    def batches(self) -> list[BatchSummary]:
        return list(self.world.sides[0].batches.batches(list(self.sizes)))

    def items(self) -> list[str]:
        found = self.world.sides[0].batches
        return [item.id for batch_id in self.sizes for item in found.items(batch_id=batch_id)]

    def an_item(self, pick: int) -> list[str]:
        items = self.items()
        return [items[pick % len(items)]] if items else []

    def a_batch(self, pick: int) -> list[str]:
        return [list(self.sizes)[pick % len(self.sizes)]] if self.sizes else []

    @rule(
        side=sides,
        count=st.integers(1, 3),
        priority=st.sampled_from(Priority),
        limit=st.integers(1, 3),
        goes_on=st.booleans(),
    )
    def submit(self, side: int, count: int, priority: Priority, limit: int, goes_on: bool) -> None:
        options = Options(output=self.world.output, engine=ENGINE, formats=("json",), include_book=False)
        batch = BatchOptions("", priority, limit, goes_on)
        sources = self.world.sources[:count]
        self.sizes[self.queue(side).submit(sources, options, batch=batch)] = count

    @rule(side=sides, end=st.sampled_from(ENDS), in_a_pause=st.booleans())
    def end_a_call(self, side: int, end: str, in_a_pause: bool) -> None:
        """Of the call that waits longest; when there is none, of the next that goes out."""
        if in_a_pause:
            self.queue(side).pause(self.items())
        while not self.world.board.tell(end):
            if self.queue(side).wait_idle(0.02) or self.queue(side).holds():
                return

    @rule(side=sides, pick=picks, what=st.sampled_from(["pause", "resume", "cancel", "retry"]))
    def ask_for_an_item(self, side: int, pick: int, what: str) -> None:
        getattr(self.queue(side), what)(self.an_item(pick))

    @rule(side=sides, pick=picks, what=st.sampled_from(["pause", "resume", "cancel", "retry"]))
    def ask_for_a_batch(self, side: int, pick: int, what: str) -> None:
        getattr(self.queue(side), f"{what}_batches")(self.a_batch(pick))

    @rule(side=sides, pick=picks, before=picks)
    def reorder(self, side: int, pick: int, before: int) -> None:
        self.queue(side).reorder(self.an_item(pick), "".join(self.an_item(before)))
        self.queue(side).reorder_batches(list(reversed(self.sizes)))

    @rule(side=sides, pick=picks, priority=st.sampled_from(Priority), limit=st.integers(1, 3))
    def change(self, side: int, pick: int, priority: Priority, limit: int) -> None:
        for batch_id in self.a_batch(pick):
            self.queue(side).change_batch(batch_id, priority=priority, max_concurrent=limit)

    @rule(side=sides, concurrency=st.none() | st.integers(1, 4))
    def turn_the_process(self, side: int, concurrency: int | None) -> None:
        if concurrency is None:
            self.world.restart(side)
        else:
            self.world.sides[side]._scheduler.set_concurrency(concurrency)

    @rule(side=sides)
    def try_now(self, side: int) -> None:
        self.queue(side).try_now()

    @invariant()
    def batches_are_in_states_that_their_items_explain(self) -> None:
        for batch in self.batches():
            assert batch.counts.total == self.sizes[batch.id]
            check_state(batch)

    def teardown(self) -> None:
        """Let everything that waits run to its end, and look at what became of it."""
        self.world.board.let_all_through()
        for _ in range(600):
            self.queue(0).resume(self.items())
            self.queue(0).resume_batches(list(self.sizes))
            for side in (0, 1):
                self.queue(side).try_now()
            idle = [self.queue(side).wait_idle(0.1) for side in (0, 1)]
            if all(idle) and not any(batch.status in OPEN for batch in self.batches()):
                break
        else:
            pytest.fail(f"it never ends: {self.batches()}")
        check_nothing_twice(self.world, list(self.sizes))
        self.world.board.let_all_through(on=False)


def check_state(batch: BatchSummary) -> None:
    """Against the issue's text, from counts read in one transaction."""
    counts = batch.counts
    is_open = bool(counts.queued or counts.processing)
    assert (batch.status in OPEN) == is_open, batch
    assert (batch.finished_at is None) == is_open, batch
    assert is_open or not batch.owner, batch
    if batch.status is BatchStatus.COMPLETED:
        assert counts.completed
    elif batch.status is BatchStatus.FAILED:
        assert counts.failed
        assert not counts.completed or not batch.options.continue_on_error
    elif batch.status is BatchStatus.CANCELLED:
        assert counts.cancelled == counts.total


def check_nothing_twice(world: World, batch_ids: list[str]) -> None:
    with world.sides[0]._store.read() as session:
        items = session.exec(select(ItemRow).where(col(ItemRow.batch_id).in_(batch_ids))).all()
        calls = session.exec(select(CallRow).where(col(CallRow.batch_id).in_(batch_ids))).all()
        cards = session.exec(select(CardRow.item_id).where(col(CardRow.batch_id).in_(batch_ids))).all()
        files = session.exec(select(CardFileRow.path)).all()
    assert Counter(cards) == Counter(item.id for item in items if item.card_id is not None)
    assert {item.id for item in items if item.status == ItemStatus.COMPLETED} <= set(cards)
    assert {call.status for call in calls} <= {"completed", "failed", "cancelled"}
    answered = [call for call in calls if call.status == "completed"]
    answers = Counter((call.item_id, call.run, call.step, call.digest) for call in answered)
    assert set(answers.values()) <= {1}, "an answer was paid for twice"
    spent = world.sides[0].costs.of_items([item.id for item in items])
    for item in items:
        took = spent[item.id].output_tokens if item.id in spent else None
        settled = item.status == ItemStatus.COMPLETED or item.input_tokens is not None
        assert item.output_tokens == took or not settled, (item.status, item.output_tokens, took)
    assert sorted(files) == sorted(str(path) for path in world.output.glob("*"))


def test_whatever_is_asked_of_the_queue_nothing_is_lost_or_made_twice(world: World) -> None:
    class Here(Campaign):
        pass

    Here.world = world
    run_state_machine_as_test(
        Here, settings=settings(max_examples=300 if LONG else 12, stateful_step_count=40 if LONG else 20)
    )
