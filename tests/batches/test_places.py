"""Places to call from: never more than the limit at once, given in order, given up by who cancels."""

import threading

import pytest

from cardforge_desktop.batches.places import CallingPlaces
from cardforge_desktop.engines.network import Cancellation, CancelledByUser


def test_never_more_than_the_limit_at_once() -> None:
    places = CallingPlaces(3)
    lock = threading.Lock()
    inside, most = 0, 0
    full = threading.Barrier(3)

    def call() -> None:
        nonlocal inside, most
        with places.one(Cancellation()):
            with lock:
                inside += 1
                most = max(most, inside)
            full.wait(10)  # only ever left by three at once
            with lock:
                inside -= 1

    threads = [threading.Thread(target=call) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most == 3
    assert inside == 0


def test_who_is_cancelled_while_waiting_leaves_the_line() -> None:
    places = CallingPlaces(1)
    cancellation = Cancellation()
    waiting = threading.Event()
    outcome: list[str] = []

    def wait_in_line() -> None:
        waiting.set()
        try:
            with places.one(cancellation):
                outcome.append("called")
        except CancelledByUser:
            outcome.append("cancelled")

    with places.one(Cancellation()):
        thread = threading.Thread(target=wait_in_line)
        thread.start()
        assert waiting.wait(5)
        cancellation.cancel()
        thread.join(5)
    assert outcome == ["cancelled"]
    with places.one(Cancellation()):
        outcome.append("next")
    assert outcome == ["cancelled", "next"]


def test_a_raised_limit_lets_the_next_in() -> None:
    places = CallingPlaces(1)
    entered = threading.Event()

    def call() -> None:
        with places.one(Cancellation()):
            entered.set()

    with places.one(Cancellation()):
        thread = threading.Thread(target=call)
        thread.start()
        places.set_limit(2)
        assert entered.wait(5)
        thread.join(5)


def test_a_place_comes_back_after_an_error() -> None:
    places = CallingPlaces(1)
    with pytest.raises(RuntimeError), places.one(Cancellation()):
        raise RuntimeError
    with places.one(Cancellation()):
        pass
