"""The time left: close on simulated batches, never negative, deaf to pauses, and silent without evidence."""

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.batches.eta import (
    WINDOW,
    Finished,
    Running,
    Usual,
    Waiting,
    Work,
    seconds_left,
    usual_of,
    weight_of,
)

KIND = ("Built-in", "profile_1")
OTHER = ("Far away", "profile_1")


@dataclass(frozen=True)
class Moment:
    """A batch at one moment, and how long it really took from there."""

    work: Work
    now: float
    left: float


def simulate(
    seed: int, count: int, places: int, done: int, *, unknown: float = 0.0, slower_from: int | None = None
) -> Moment:
    """A batch of items of different sizes, each ± 30 % off its size's time, at the end of its `done`-th item.

    Args:
        unknown: share of items whose size is not known.
        slower_from: items from this one on take three times as long.
    """
    chance = random.Random(seed)
    weights = [chance.uniform(500, 2_000) for _ in range(count)]
    seconds = [0.02 * weight * chance.uniform(0.7, 1.3) for weight in weights]
    if slower_from is not None:
        seconds = [each * (3 if at >= slower_from else 1) for at, each in enumerate(seconds)]
    free = [1_000.0] * places
    spans = []
    for each in seconds:
        start = heapq.heappop(free)
        spans.append((start, start + each))
        heapq.heappush(free, start + each)
    now = sorted(end for _, end in spans)[done - 1]
    told = [None if chance.random() < unknown else weight for weight in weights]
    finished = [Finished(KIND, told[at], start, end) for at, (start, end) in enumerate(spans) if end <= now]
    running = [
        Running(KIND, told[at], start, (now - start) / (end - start))
        for at, (start, end) in enumerate(spans)
        if start <= now < end
    ]
    waiting = [told[at] for at, (start, _) in enumerate(spans) if start > now]
    known = [weight for weight in waiting if weight is not None]
    pile = Waiting(KIND, len(waiting), len(known), sum(known))
    return Moment(Work(finished, running, (pile,), places), now, max(end for _, end in spans) - now)


def error(moment: Moment) -> float:
    """How far off the estimate is, as a share of the true time."""
    told = seconds_left(moment.work, moment.now)
    assert told is not None
    return abs(told - moment.left) / moment.left


@given(st.integers(0, 10**6), st.integers(80, 500), st.integers(1, 8))
def test_after_a_tenth_of_a_uniform_batch_it_is_off_by_less_than_a_quarter(
    seed: int, count: int, places: int
) -> None:
    assert error(simulate(seed, count, places, count // 10)) < 0.25


@given(st.integers(0, 10**6), st.integers(20, 80), st.integers(1, 8))
def test_of_a_small_batch_a_tenth_tells_as_much_as_two_items_can(seed: int, count: int, places: int) -> None:
    """Of 600 batches of 20 items, 91 % (at 8 places) to 96 % (at one) are within a quarter."""
    errors = [error(simulate(seed + 7 * at, count, places, count // 10)) for at in range(40)]
    assert sum(one < 0.25 for one in errors) >= 30
    assert median(errors) < 0.2


@given(st.integers(0, 10**6), st.integers(100, 300), st.integers(1, 8))
def test_items_of_unknown_size_count_as_the_others(seed: int, count: int, places: int) -> None:
    assert error(simulate(seed, count, places, count // 5, unknown=0.3)) < 0.25


@given(st.integers(0, 10**6), st.integers(1, 8))
def test_a_change_of_pace_is_followed(seed: int, places: int) -> None:
    assert error(simulate(seed, 400, places, 100 + WINDOW + 20, slower_from=100)) < 0.25


@given(st.integers(0, 10**6), st.integers(20, 200), st.integers(2, 8))
def test_at_the_end_the_last_items_take_their_own_time(seed: int, count: int, places: int) -> None:
    """With fewer items than places, dividing the work by the places would be far too short."""
    moment = simulate(seed, count, places, count - places + 1)
    assert not moment.work.waiting[0].count
    told = seconds_left(moment.work, moment.now) or 0.0
    slack = 0.35 * 0.02 * 2_000  # of the largest item's time
    assert abs(told - moment.left) <= slack


@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(1, 8), st.floats(0, 10**6))
def test_a_pause_does_not_count(seed: int, before: int, places: int, pause: float) -> None:
    """Items ended, nothing ran for a while, others ended and run: the while changes nothing."""
    moment = simulate(seed, 60, places, 20)
    earlier = simulate(seed + 1, before, places, before)
    begun = min(one.started for one in moment.work.finished)

    def told(gap: float) -> float | None:
        shift = begun - gap - earlier.now
        shifted = [
            replace(one, started=one.started + shift, ended=one.ended + shift)
            for one in earlier.work.finished
        ]
        return seconds_left(replace(moment.work, finished=[*shifted, *moment.work.finished]), moment.now)

    assert told(pause) == pytest.approx(told(0))


def test_the_closed_app_and_the_sleeping_machine_do_not_count() -> None:
    night = 9 * 3600.0
    spans = [(at * 10.0, at * 10.0 + 10) for at in range(20)]
    finished = [Finished(KIND, 100, start, end) for start, end in spans]
    # The last one was in hand when the machine went to sleep.
    finished[-1] = replace(finished[-1], ended=finished[-1].ended + night)
    now = finished[-1].ended
    work = Work(finished, [Running(KIND, 100, now - 5, 0.5)], [Waiting(KIND, 10, 10, 1_000)])
    assert seconds_left(work, now) == pytest.approx(105, rel=0.25)


kinds = st.sampled_from([KIND, OTHER])
weights = st.none() | st.floats(1, 1e6)
moments = st.floats(-1e3, 1e9)
works = st.builds(
    Work,
    st.lists(st.builds(Finished, kinds, weights, moments, moments), max_size=70),
    st.lists(st.builds(Running, kinds, weights, moments, st.none() | st.floats(0, 1)), max_size=10),
    st.lists(
        st.builds(lambda kind, count, part, each: Waiting(kind, count, part, part * each), kinds,
                  st.integers(10, 6_000), st.integers(0, 10), st.floats(0, 1e6)),
        max_size=3,
    ),
    st.integers(1, 32),
    st.none() | st.dictionaries(kinds, st.builds(Usual, st.floats(0, 1e3), weights)),
)  # fmt: skip


@given(works, moments)
def test_it_is_never_negative_whatever_the_clock_did(work: Work, now: float) -> None:
    told = seconds_left(work, now)
    assert told is None or told >= 0


@given(st.integers(0, 10**6), st.integers(20, 100), st.integers(1, 8), st.integers(1, 50))
def test_more_work_never_takes_less(seed: int, count: int, places: int, more: int) -> None:
    moment = simulate(seed, count, places, max(2, count // 5))
    (pile,) = moment.work.waiting
    larger = replace(
        pile, count=pile.count + more, sized=pile.sized + more, weight=pile.weight + 1_000 * more
    )
    before = seconds_left(moment.work, moment.now) or 0.0
    after = seconds_left(replace(moment.work, waiting=(larger,)), moment.now) or 0.0
    # Its mean size may fall with the new ones, and with it the time of the very last item.
    assert after >= before - 0.02 * 2_000


@given(st.integers(0, 10**6), st.integers(20, 100), st.integers(1, 8))
def test_running_items_that_are_further_leave_less(seed: int, count: int, places: int) -> None:
    moment = simulate(seed, count, places, max(2, count // 5))
    further = [
        replace(one, progress=0.5 + (one.progress or 0) / 2) if (one.progress or 0) > 0.05 else one
        for one in moment.work.running
    ]
    before = seconds_left(moment.work, moment.now) or 0.0
    assert (seconds_left(replace(moment.work, running=further), moment.now) or 0.0) <= before + 1e-6


def test_before_anything_ended_earlier_batches_tell_the_pace() -> None:
    earlier = [Finished(KIND, 100, 0, 10), Finished(KIND, 300, 10, 40), Finished(KIND, None, 40, 90)]
    usual = usual_of(earlier)
    assert usual == Usual(20, 200)
    history = {KIND: usual}
    waiting = [Waiting(KIND, 8, 8, 1_600)]
    assert seconds_left(Work(waiting=waiting, places=4, history=history), 0) == pytest.approx(40)
    assert seconds_left(Work(waiting=waiting, places=4, history={OTHER: usual}), 0) is None
    assert seconds_left(Work(running=[Running(KIND, 100, 0, 0.0)], waiting=waiting), 5) is None
    assert usual_of([]) is None


@pytest.mark.parametrize("weight", [None, 500.0])
@pytest.mark.parametrize("sized", [0, 6])
def test_sizes_known_on_one_side_only_do_not_spoil_the_history(weight: float | None, sized: int) -> None:
    history = {KIND: Usual(20, weight)}
    waiting = [Waiting(KIND, 6, sized, 500 * sized)]
    assert seconds_left(Work(waiting=waiting, places=2, history=history), 0) == pytest.approx(60)


def test_how_far_the_first_item_is_tells_the_pace_when_nothing_else_does() -> None:
    work = Work(running=[Running(KIND, 100, 0, 0.25)], waiting=[Waiting(KIND, 3, 3, 300)])
    assert seconds_left(work, 15) == pytest.approx(45 + 180)


def test_each_engine_keeps_its_own_pace() -> None:
    """The fast engine's items ran first; those of the slow one are most of what is left."""
    finished = [Finished(KIND, 100, at, at + 1.0) for at in range(10)]
    finished.append(Finished(OTHER, 100, 10, 110))
    work = Work(finished, waiting=[Waiting(OTHER, 5, 5, 500)])
    assert seconds_left(work, 110) == pytest.approx(500, rel=0.01)


def test_an_item_another_process_runs_goes_by_the_clock() -> None:
    finished = [Finished(KIND, 100, 0, 100), Finished(KIND, 100, 100, 200)]
    running = [Running(KIND, 100, 200, None)]
    assert seconds_left(Work(finished, running), 240) == pytest.approx(60)
    assert seconds_left(Work(finished, running), 900) == pytest.approx(10)


def test_nothing_left_takes_no_time() -> None:
    assert seconds_left(Work([Finished(KIND, 100, 0, 100)]), 100) == 0
    assert seconds_left(Work(), 0) == 0


@pytest.mark.parametrize(
    ("given_tokens", "weight"), [((None, None), None), ((200, 100), 110), ((None, 100), 100)]
)
def test_writing_weighs_more_than_reading(given_tokens: Sequence[int | None], weight: float | None) -> None:
    assert weight_of(*given_tokens) == (None if weight is None else pytest.approx(weight))
