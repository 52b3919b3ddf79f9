"""The asyncio thread: pieces cross to the caller's thread in order, and cancelling closes the stream."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.engines.base import AttemptFailed, EngineError, Finished, Piece, TextPiece
from cardforge_desktop.engines.network import Cancellation, CancelledByUser, Network

END = Finished("stop", None, "model")


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    network = Network()
    yield network
    network.close()


async def _stream(texts: list[str]) -> AsyncIterator[Piece]:
    for text in texts:
        yield TextPiece(text)
        await asyncio.sleep(0)
    yield END


@given(texts=st.lists(st.text(max_size=5), max_size=40))
def test_text_arrives_whole_and_in_order(network: Network, texts: list[str]) -> None:
    *pieces, last = network.stream(_stream(texts), Cancellation())
    assert "".join(piece.text for piece in pieces) == "".join(texts)
    assert last == END


def test_an_engine_error_is_raised_where_the_pieces_are_taken(network: Network) -> None:
    async def failing() -> AsyncIterator[Piece]:
        yield TextPiece("so far")
        raise EngineError("ENGINE_SERVER", "no")

    pieces = network.stream(failing(), Cancellation())
    assert next(pieces) == TextPiece("so far")
    with pytest.raises(EngineError, match="no"):
        next(pieces)


def test_cancelling_closes_a_stalled_stream_and_wakes_its_reader(network: Network) -> None:
    closed = threading.Event()
    started = threading.Event()

    async def stalled() -> AsyncIterator[Piece]:
        try:
            started.set()
            await asyncio.Event().wait()
            yield END
        finally:
            closed.set()

    cancellation = Cancellation()
    outcome: list[BaseException] = []

    def read() -> None:
        try:
            list(network.stream(stalled(), cancellation))
        except CancelledByUser as cancelled:
            outcome.append(cancelled)

    reader = threading.Thread(target=read)
    reader.start()
    assert started.wait(5)
    cancellation.cancel()
    reader.join(5)
    assert closed.wait(5)
    assert len(outcome) == 1


def test_leaving_early_closes_the_stream(network: Network) -> None:
    closed = threading.Event()

    async def endless() -> AsyncIterator[Piece]:
        try:
            while True:
                yield TextPiece("x")
                await asyncio.sleep(0.001)
        finally:
            closed.set()

    pieces = network.stream(endless(), Cancellation())
    next(pieces)
    pieces.close()
    assert closed.wait(5)


def test_a_cancelled_generation_starts_no_stream(network: Network) -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    stream = _stream(["never"])
    with pytest.raises(CancelledByUser):
        next(network.stream(stream, cancellation))
    network.run(stream.aclose())


def test_closing_cancels_what_still_runs() -> None:
    network = Network()
    started = threading.Event()
    ended = threading.Event()

    async def forever() -> AsyncIterator[Piece]:
        try:
            started.set()
            await asyncio.Event().wait()
            yield END
        finally:
            ended.set()

    def read() -> None:
        with pytest.raises(CancelledByUser):
            list(network.stream(forever(), Cancellation()))

    reader = threading.Thread(target=read)
    reader.start()
    assert started.wait(5)
    network.close()
    reader.join(5)
    assert ended.is_set()
    assert not reader.is_alive()


def test_the_next_try_begins_after_the_failed_one_was_dealt_with(network: Network) -> None:
    begun = threading.Event()
    failed = AttemptFailed(EngineError("ENGINE_SERVER", "no"), 0.0)

    async def retried() -> AsyncIterator[Piece]:
        yield TextPiece("first")
        yield failed
        begun.set()
        yield END

    pieces = network.stream(retried(), Cancellation())
    assert next(pieces) == TextPiece("first")
    assert next(pieces) == failed
    network.run(asyncio.sleep(0.05))  # the loop had every chance
    assert not begun.is_set()
    assert next(pieces) == END


def test_a_try_that_is_not_wanted_any_more_never_begins(network: Network) -> None:
    begun, closed = threading.Event(), threading.Event()

    async def retried() -> AsyncIterator[Piece]:
        try:
            yield AttemptFailed(EngineError("ENGINE_SERVER", "no"), 0.0)
            begun.set()
            yield END
        finally:
            closed.set()

    pieces = network.stream(retried(), Cancellation())
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]  # a generator
    assert closed.wait(20)
    assert not begun.is_set()
