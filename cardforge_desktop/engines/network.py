"""The one asyncio thread on which every network stream lives.

Measured against the other ways (docs/architecture.md): it keeps the window's thread freest and cancels
fastest.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import Any, TypeVar, cast

from cardforge_desktop.engines.base import AttemptFailed, Piece, TextPiece

_Result = TypeVar("_Result")
#: Text is handed over at most this often (seconds): each hand-over wakes a thread.
_HAND_OVER_EVERY = 0.05


class CancelledByUser(Exception):  # noqa: N818  # an outcome, not an error
    """The generation was cancelled."""


class Cancellation:
    """Asks a generation to stop; may be called from any thread, more than once.

    Attributes:
        interrupted: it is to go on at the next start (`interrupt`).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._closing = threading.Event()
        self.interrupted = False
        self._callbacks: list[Callable[[], object]] = []

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop what is going on, and all that would start later."""
        with self._lock:
            self._cancelled = True
            callbacks = tuple(self._callbacks)
        for callback in callbacks:
            callback()

    def interrupt(self) -> None:
        """`cancel`, since the app closes; what was not cancelled before goes on at the next start."""
        with self._lock:
            self.interrupted = self.interrupted or not self._cancelled
        self._closing.set()
        self.cancel()

    def pause(self, seconds: float) -> bool:
        """Wait on the calling thread; False at once when the app closes, whatever was cancelled before."""
        return not self._closing.wait(seconds)

    def wait(self, seconds: float) -> None:
        """Wait on the calling thread, at most until `cancel`.

        Raises:
            CancelledByUser: `cancel` was called.
        """
        cancelled = threading.Event()
        with self.calling(cancelled.set):
            cancelled.wait(seconds)
        self.check()

    def check(self) -> None:
        """Between two stages: go on or not.

        Raises:
            CancelledByUser: `cancel` was called.
        """
        if self._cancelled:
            raise CancelledByUser

    @contextmanager
    def calling(self, callback: Callable[[], object]) -> Iterator[None]:
        """Within the block, `cancel` also calls `callback` (at once when it was called before)."""
        with self._lock:
            self._callbacks.append(callback)
            late = self._cancelled
        try:
            if late:
                callback()
            yield
        finally:
            with self._lock:
                self._callbacks.remove(callback)


class Network:
    """Owns the asyncio thread, started at its first use. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Run a coroutine on the asyncio thread and wait for its result; never call it from that thread."""
        return asyncio.run_coroutine_threadsafe(work, self._running_loop()).result()

    def stream(self, pieces: AsyncIterator[Piece], cancellation: Cancellation) -> Iterator[Piece]:
        """The pieces of an engine's stream, on the calling thread; text comes joined, some 20 times a second.

        After an `AttemptFailed` the engine waits until the next piece is asked for: its next try can be
        noted, or prevented, before it begins.

        Leaving the iteration early closes the connection.

        Raises:
            EngineError: as the stream raised it.
            CancelledByUser: cancelled; the connection is closed.
        """
        cancellation.check()
        inbox = _Inbox()
        task = asyncio.run_coroutine_threadsafe(_pump(pieces, inbox), self._running_loop())
        try:
            with cancellation.calling(task.cancel):
                yield from inbox.pieces()
        finally:
            task.cancel()
        cancellation.check()

    def close(self) -> None:
        """Cancel what runs, stop the thread and wait for it."""
        with self._lock:
            self._closed = True
            loop, thread = self._loop, self._thread
        if loop is not None and thread is not None:
            loop.call_soon_threadsafe(loop.stop)
            thread.join()

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._closed:
                raise RuntimeError("the network thread is closed")
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(
                    target=_serve, args=(self._loop,), name="cardforge-network", daemon=True
                )
                self._thread.start()
            return self._loop


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """The thread's whole life: until the loop is stopped, then every task is cancelled and waited for."""
    asyncio.set_event_loop(loop)
    try:
        loop.run_forever()
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.close()


async def _pump(pieces: AsyncIterator[Piece], inbox: _Inbox) -> None:
    """Carry a stream into an inbox; whatever ends it closes the inbox."""
    try:
        # Engines' streams are async generators: closing them closes the connection now, not at collection.
        async with aclosing(cast("Any", pieces)) as stream:
            async for piece in stream:
                if isinstance(piece, AttemptFailed):
                    await inbox.hand_over(piece)
                else:
                    inbox.put(piece)
        inbox.close(None)
    except asyncio.CancelledError:
        inbox.close(CancelledByUser())
        raise
    except Exception as error:
        # Not swallowed: it is raised again where the pieces are taken, on the pool thread.
        inbox.close(error)


def _set(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


class _Inbox:
    """Pieces on their way from the asyncio thread to one pool thread, text joined on the way."""

    def __init__(self) -> None:
        self._ready = threading.Condition()
        self._pieces: list[Piece] = []
        self._closed = False
        self._error: BaseException | None = None
        self._wake_up: asyncio.TimerHandle | None = None
        self._handled: asyncio.Future[None] | None = None

    async def hand_over(self, piece: Piece) -> None:
        """`put`, and wait until its taker has done with it what it wants and comes for the next one."""
        handled = self._handled = asyncio.get_running_loop().create_future()
        self.put(piece)
        await handled

    def put(self, piece: Piece) -> None:
        """On the asyncio thread."""
        with self._ready:
            last = self._pieces[-1] if self._pieces else None
            if isinstance(piece, TextPiece) and isinstance(last, TextPiece):
                self._pieces[-1] = TextPiece(last.text + piece.text)
            else:
                self._pieces.append(piece)
        if not isinstance(piece, TextPiece):
            self._wake()
        elif self._wake_up is None:
            self._wake_up = asyncio.get_running_loop().call_later(_HAND_OVER_EVERY, self._wake)

    def close(self, error: BaseException | None) -> None:
        """On the asyncio thread; no piece comes after it."""
        with self._ready:
            self._closed = True
            self._error = error
        self._wake()

    def _wake(self) -> None:
        if self._wake_up is not None:
            self._wake_up.cancel()
            self._wake_up = None
        with self._ready:
            self._ready.notify()

    def pieces(self) -> Iterator[Piece]:
        """On the pool thread."""
        while True:
            with self._ready:
                while not self._pieces and not self._closed:
                    self._ready.wait()
                taken, self._pieces = self._pieces, []
                closed = self._closed
            yield from taken
            if self._handled is not None and any(isinstance(piece, AttemptFailed) for piece in taken):
                handled, self._handled = self._handled, None
                with suppress(RuntimeError):  # the loop is closed
                    handled.get_loop().call_soon_threadsafe(_set, handled)
            if closed:
                break
        if self._error is not None:
            raise self._error
