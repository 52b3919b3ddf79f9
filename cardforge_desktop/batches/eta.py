"""How long a batch, or the whole queue, will still take. Pure: times and sizes in, seconds out.

An item's weight is the size of its work in tokens. What ended lately, and how far the running items are,
tells the pace (seconds of running for each weight) and how many ran side by side; both are measured only
while something ran, so that pauses and a closed app do not count. The rest of the work is then dealt out to
as many places as there were: at the end fewer items than places are left, and the last takes its own time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from statistics import fmean, median

#: The engine and the profile (its id): items of one kind keep one pace.
Kind = tuple[str, str]

#: So many of the latest items tell the pace: enough to even out chance, few enough to follow a change.
WINDOW = 48
#: Reading a token takes a model this share of the time of writing one.
INPUT_SHARE = 0.05
#: Up to it an item's progress says nothing yet: it is being read, or waits for its first word.
_FIRST_PROGRESS = 0.05
#: An item that took so many times as long as is usual was held up (the machine slept, the network was gone).
_HELD_UP = 4.0
#: By the clock alone an item is never thought to be further than this.
_MOST_BY_CLOCK = 0.9
#: Rounds of equal items at the end that are dealt out one by one.
_LAST_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Finished:
    """An item that ended well; times in seconds since the epoch, `weight` (at least 1) None = unknown."""

    kind: Kind
    weight: float | None
    started: float
    ended: float


@dataclass(frozen=True, slots=True)
class Running:
    """An item in hand. `progress` 0..1, None = not known here (another process runs it)."""

    kind: Kind
    weight: float | None
    started: float
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """All items of one kind that wait: how many, how many of them have a known weight, and its sum.

    What was done of an item before it was queued again is taken off its weight.
    """

    kind: Kind
    count: int
    sized: int
    weight: float


@dataclass(frozen=True, slots=True)
class Usual:
    """What an item of a kind took on the mean: seconds, and its weight where that was known."""

    seconds: float
    weight: float | None


@dataclass(frozen=True, slots=True)
class Work:
    """What is known of the work.

    Attributes:
        finished: at least the `WINDOW` + 1 latest ones, or all.
        places: how many run side by side, for the time before any ended.
        history: what items took in earlier batches, for kinds of which none ended here.
    """

    finished: Sequence[Finished] = ()
    running: Sequence[Running] = ()
    waiting: Sequence[Waiting] = ()
    places: int = 1
    history: Mapping[Kind, Usual] | None = None


def weight_of(estimate_input: int | None, estimate_output: int | None) -> float | None:
    """The weight of an item with these estimates (tokens); None while its source is not read."""
    if estimate_output is None:
        return None
    return max(1.0, estimate_output + INPUT_SHARE * (estimate_input or 0))


def seconds_left(work: Work, now: float) -> float | None:
    """Seconds until all running and waiting items have ended, if nothing stops them.

    Returns:
        0 when none is left; None when nothing tells the pace yet.
    """
    if not work.running and not any(pile.count for pile in work.waiting):
        return 0.0
    sizes = _Sizes(work)
    done, since = _latest(work.finished)
    usual = _Usual(done, sizes)
    done = [replace(one, started=usual.earliest(one, one.ended)) for one in done]
    running = [replace(one, started=usual.earliest(one, now)) for one in work.running]
    paces = _Paces(done, running, work.history or {}, sizes, now)
    try:
        rest = [_rest(one, sizes.of(one) * paces.of(one.kind), now) for one in running]
        piles = [
            (pile.count, sizes.of_pile(pile) * paces.of(pile.kind) / pile.count)
            for pile in work.waiting
            if pile.count
        ]
    except _NoPaceError:
        return None
    side_by_side = _side_by_side(done, running, since, now)
    if not done or side_by_side is None:
        side_by_side = float(len(running) or max(1, min(work.places, sum(count for count, _ in piles))))
    return _dealt_out(rest, piles, side_by_side)


def usual_of(finished: Sequence[Finished]) -> Usual | None:
    """The means of items of one kind, of those of known weight where there are any."""
    sized = [(one.weight, one.ended - one.started) for one in finished if one.weight is not None]
    if sized:
        weights, seconds = zip(*sized, strict=True)
        return Usual(max(0.0, fmean(seconds)), fmean(weights))
    if finished:
        return Usual(max(0.0, fmean([one.ended - one.started for one in finished])), None)
    return None


class _Sizes:
    """Weights, with the mean of its kind (else of all, else 1) for an item whose own is not known."""

    def __init__(self, work: Work) -> None:
        known: dict[Kind, list[tuple[int, float]]] = {}
        in_hand = [(one.kind, one.weight) for one in work.finished]
        in_hand += [(one.kind, one.weight) for one in work.running]
        for kind, weight in in_hand:
            if weight is not None:
                known.setdefault(kind, []).append((1, weight))
        for pile in work.waiting:
            if pile.sized:
                known.setdefault(pile.kind, []).append((pile.sized, pile.weight))
        for kind, usual in (work.history or {}).items():
            if usual.weight is not None:
                known.setdefault(kind, [(1, usual.weight)])
        self._means = {kind: _mean(weights) for kind, weights in known.items()}
        self._mean = _mean([one for weights in known.values() for one in weights]) if known else 1.0

    def mean(self, kind: Kind) -> float:
        """The weight of an item of a kind on the mean."""
        return self._means.get(kind, self._mean)

    def of(self, one: Finished | Running) -> float:
        """The weight of an item."""
        return self.mean(one.kind) if one.weight is None else one.weight

    def of_pile(self, pile: Waiting) -> float:
        """The weight of all items of a pile."""
        return pile.weight + (pile.count - pile.sized) * self.mean(pile.kind)


def _mean(weights: Sequence[tuple[int, float]]) -> float:
    return max(1e-9, sum(whole for _, whole in weights) / sum(count for count, _ in weights))


def _latest(finished: Sequence[Finished]) -> tuple[list[Finished], float]:
    """The items that tell the pace, and the moment from which all that ran is known."""
    # A clock that was set back may let an item end before it began.
    sound = [replace(one, started=min(one.started, one.ended)) for one in finished]
    ordered = sorted(sound, key=lambda one: one.ended)
    if len(ordered) <= WINDOW:
        return ordered, float("-inf")
    return ordered[-WINDOW:], ordered[-WINDOW - 1].ended


class _Usual:
    """The median seconds for each weight, by kind: what is far from it was held up."""

    def __init__(self, done: Sequence[Finished], sizes: _Sizes) -> None:
        found: dict[Kind, list[float]] = {}
        for one in done:
            found.setdefault(one.kind, []).append((one.ended - one.started) / sizes.of(one))
        self._by_kind = {kind: median(paces) for kind, paces in found.items()}
        self._all = median([pace for paces in found.values() for pace in paces]) if found else 0.0
        self._sizes = sizes

    def earliest(self, one: Finished | Running, end: float) -> float:
        """When an item that is at work until `end` began, its hold-up left out."""
        most = _HELD_UP * self._by_kind.get(one.kind, self._all) * self._sizes.of(one)
        return max(one.started, end - most) if most > 0 else one.started


class _Paces:
    """Seconds for each weight, by kind."""

    def __init__(
        self,
        done: Sequence[Finished],
        running: Sequence[Running],
        history: Mapping[Kind, Usual],
        sizes: _Sizes,
        now: float,
    ) -> None:
        seconds: dict[Kind, float] = {}
        weights: dict[Kind, float] = {}
        for one in done:
            seconds[one.kind] = seconds.get(one.kind, 0.0) + one.ended - one.started
            weights[one.kind] = weights.get(one.kind, 0.0) + sizes.of(one)
        # Those that ended first were the short ones: how far the others came sets that right.
        for other in running:
            progress = other.progress or 0.0
            if progress > _FIRST_PROGRESS and (other.kind in weights or other.kind not in history):
                seconds[other.kind] = seconds.get(other.kind, 0.0) + max(0.0, now - other.started)
                weights[other.kind] = weights.get(other.kind, 0.0) + progress * sizes.of(other)
        self._own = {kind: seconds[kind] / weights[kind] for kind in weights}
        self._all = sum(seconds.values()) / sum(weights.values()) if weights else None
        self._history = {
            kind: usual.seconds / (usual.weight or sizes.mean(kind)) for kind, usual in history.items()
        }

    def of(self, kind: Kind) -> float:
        """Of this batch, else of earlier ones, else of the other kinds. Raises: _NoPaceError."""
        pace = self._own.get(kind, self._history.get(kind, self._all))
        if pace is None:
            raise _NoPaceError
        return pace


class _NoPaceError(Exception):
    """Nothing of any kind tells a pace."""


def _rest(one: Running, whole: float, now: float) -> float:
    """Seconds a running item still takes of its `whole`: by how far it says it is, else by the clock."""
    if one.progress is not None and one.progress > _FIRST_PROGRESS:
        return max(0.0, whole * (1 - one.progress))
    return max(whole * (1 - _MOST_BY_CLOCK), whole - max(0.0, now - one.started))


def _side_by_side(
    done: Sequence[Finished], running: Sequence[Running], since: float, now: float
) -> float | None:
    """How many items ran at once on the mean, of the time in which any did; None when none ever did."""
    spans = [(max(one.started, since), one.ended) for one in done]
    spans += [(max(one.started, since), now) for one in running]
    busy = active = 0.0
    reached = float("-inf")
    for start, end in sorted(spans):
        if end > start:
            busy += end - start
            active += max(0.0, end - max(start, reached))
            reached = max(reached, end)
    return max(1.0, busy / active) if active else None


def _dealt_out(rest: Sequence[float], piles: Sequence[tuple[int, float]], side_by_side: float) -> float:
    """When the last item ends, each waiting one beginning when a place is free.

    Args:
        rest: seconds the running items still take.
        piles: how many items wait, and the seconds each takes.
        side_by_side: places on the mean; a part of one makes items take longer on whole ones.
    """
    count = sum(number for number, _ in piles)
    if not count:
        return max(rest, default=0.0)
    places = max(1, round(side_by_side))
    each = fmean([seconds for _, seconds in piles], [number for number, _ in piles]) * places / side_by_side
    free = sorted(rest)[-places:]
    free = [*free, *[0.0] * (places - len(free))]
    free_at = [sum(sorted(rest)[:-places]) / places + moment for moment in free]
    rounds = max(0, count // places - _LAST_ROUNDS)
    free_at = [moment + rounds * each for moment in free_at]
    heapify(free_at)
    for _ in range(count - rounds * places):
        heappush(free_at, heappop(free_at) + each)
    return max(free_at)
