"""Places to call from: never more than the limits at once, given in order, given up by who cancels."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_a_full_batch_lets_others_pass_and_keeps_its_turn() -> None:
    places = CallingPlaces(3)
    places.set_batch_limit("narrow", 1)
    order: list[str] = []
    may_end = {name: threading.Event() for name in ("first", "second", "wide")}
    entered = {name: threading.Event() for name in may_end}

    def call(name: str, batch_id: str) -> None:
        with places.one(Cancellation(), batch_id) as waited:
            order.append(f"{name} {'waited' if waited else 'at once'}")
            entered[name].set()
            may_end[name].wait(10)

    threads = []
    for name, batch_id in (("first", "narrow"), ("second", "narrow"), ("wide", "other")):
        threads.append(threading.Thread(target=call, args=(name, batch_id)))
        threads[-1].start()
        if name != "second":
            assert entered[name].wait(5)
    assert not entered["second"].is_set()
    may_end["first"].set()
    assert entered["second"].wait(5)
    for event in may_end.values():
        event.set()
    for thread in threads:
        thread.join(10)
    assert order[:2] == ["first at once", "wide at once"]
    assert order[2].startswith("second")


def test_a_batch_whose_limit_is_raised_or_dropped_gets_more_places() -> None:
    places = CallingPlaces(3)
    places.set_batch_limit("narrow", 1)
    entered = threading.Semaphore(0)
    may_end = threading.Event()

    def call() -> None:
        with places.one(Cancellation(), "narrow"):
            entered.release()
            may_end.wait(10)

    threads = [threading.Thread(target=call) for _ in range(3)]
    for thread in threads:
        thread.start()
    assert entered.acquire(timeout=5)
    assert not entered.acquire(blocking=False)
    places.set_batch_limit("narrow", 2)
    assert entered.acquire(timeout=5)
    assert not entered.acquire(blocking=False)
    places.set_batch_limit("narrow", None)
    assert entered.acquire(timeout=5)
    may_end.set()
    for thread in threads:
        thread.join(10)


@given(
    limits=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    common=st.integers(1, 4),
    callers=st.lists(st.sampled_from([0, 1]), min_size=1, max_size=12),
)
@settings(max_examples=15)
def test_no_limit_is_passed_and_everybody_calls_in_the_end(
    limits: tuple[int, int], common: int, callers: list[int]
) -> None:
    places = CallingPlaces(common)
    for batch, limit in enumerate(limits):
        places.set_batch_limit(str(batch), limit)
    lock = threading.Lock()
    inside, done, passed = [0, 0], 0, False

    def call(batch: int) -> None:
        nonlocal done, passed
        with places.one(Cancellation(), str(batch)):
            with lock:
                inside[batch] += 1
                passed = passed or inside[batch] > limits[batch] or sum(inside) > common
            with lock:
                inside[batch] -= 1
                done += 1

    threads = [threading.Thread(target=call, args=(batch,)) for batch in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert done == len(callers)
    assert not passed


def test_a_place_comes_back_after_an_error() -> None:
    places = CallingPlaces(1)
    with pytest.raises(RuntimeError), places.one(Cancellation()):
        raise RuntimeError
    with places.one(Cancellation()):
        pass
