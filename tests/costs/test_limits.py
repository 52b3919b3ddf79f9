"""What was spent and what calls hold never passes a limit, whatever happens, in one process and in two."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardforge_desktop.costs.days import ALWAYS, Period, day_of, month_of
from cardforge_desktop.costs.errors import LimitError, RoomTakenError
from cardforge_desktop.costs.ledger import Call, Ledger, Outcome
from cardforge_desktop.costs.limits import DAY, MONTH, Held, Limit, Limits, Standing, reached
from cardforge_desktop.costs.price_list import PriceList
from cardforge_desktop.costs.prices import Prices
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.events import Hub
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from tests.costs.spender import CLOUD, MODEL, PRICE, call, open_ledger, spend
from tests.support.cradle import Cradle

ZONE = ZoneInfo("Atlantic/Azores")
BATCHES = ("a", "b")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    migrate(store)
    yield store
    store.close()


@dataclass
class Made:
    """A call as the model of the test knows it; `used` None = still out."""

    id: str
    call: Call
    began: datetime
    held: Held
    used: tuple[int, Decimal] | None = None


_AMOUNTS = st.integers(0, 4_000)
_STEPS = st.one_of(
    st.tuples(
        st.just("limit"), st.sampled_from([DAY, MONTH, *BATCHES]), st.none() | _AMOUNTS, st.none() | _AMOUNTS
    ),
    st.tuples(st.just("begin"), st.sampled_from(BATCHES), st.integers(0, 900), st.integers(1, 900)),
    st.tuples(st.just("begin"), st.sampled_from(BATCHES), st.integers(0, 900), st.integers(1, 900)),
    st.tuples(st.just("end"), st.integers(0, 9), st.integers(0, 100), st.integers(0, 100)),
    st.tuples(st.just("unknown"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.just("withdraw"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.just("die"), st.just(0), st.just(0), st.just(0)),
    st.tuples(st.just("wait"), st.integers(0, 30 * 3600), st.just(0), st.just(0)),
)


@dataclass
class Life:
    """The services over one store, and beside them plain lists of what should be in it."""

    store: Store
    clock: datetime
    names: dict[str, str]
    limits_kept: dict[str, Limit] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    refused: int = 0

    def __post_init__(self) -> None:
        hub = Hub()
        self.limits = Limits(self.store, hub, lambda: self.clock, ZONE)
        self.worker = new_id("worker")
        prices = Prices(self.store, hub, PriceList(Path("none.json")))
        prices.set_own(CLOUD, MODEL, PRICE)
        self.ledger = Ledger(
            self.store,
            hub,
            prices,
            self.limits,
            lambda: self.clock,
            is_alive=lambda name: name == self.worker,
        )

    def period(self, scope: str) -> Period:
        if scope == DAY:
            return day_of(self.clock, ZONE)
        return month_of(self.clock, ZONE) if scope == MONTH else ALWAYS

    def sums(self, scope: str) -> tuple[int, int, Decimal, Decimal]:
        """Tokens used and held, dollars used and held: by the plain lists."""
        counted = [
            made
            for made in self.made
            if made.began in self.period(scope) and scope in (DAY, MONTH, made.call.batch_id)
        ]
        ended = [made.used for made in counted if made.used is not None]
        out = [made.held for made in counted if made.used is None]
        return (
            sum(tokens for tokens, _ in ended),
            sum(held.tokens for held in out),
            sum((cost for _, cost in ended), Decimal(0)),
            sum((held.cost or Decimal(0) for held in out), Decimal(0)),
        )

    def do(self, what: str, which: str | int, first: int | None, second: int | None) -> None:
        """One step; `which` and the amounts as in `_STEPS`."""
        if what == "limit":
            scope = self.names.get(str(which), str(which))
            limit = Limit(first, None if second is None else Decimal(second) / 1000)
            self.limits.set(scope, limit)
            self.limits_kept[scope] = limit
        elif what == "begin":
            self._begin(self.names[str(which)], first or 0, second or 0)
        elif what == "wait":
            self.clock += timedelta(seconds=int(which))
        elif what == "die":
            self.worker = new_id("worker")
            self.ledger.lose_dead()
            for made in self.made:
                if made.used is None:
                    made.used = (made.held.tokens, made.held.cost or Decimal(0))
        else:
            out = [made for made in self.made if made.used is None]
            if out:
                self._end(out[int(which) % len(out)], what, first or 0, second or 0)

    def _begin(self, batch_id: str, read: int, written: int) -> None:
        wanted = call(batch_id, self.worker)
        held = self.ledger.most(wanted, read, written)
        before = {scope: self.sums(scope) for scope in (DAY, MONTH, batch_id)}
        reached, taken = False, False
        for scope, (tokens, tokens_held, cost, cost_held) in before.items():
            limit = self.limits_kept.get(scope, Limit())
            for most, used, out, needed in (
                (limit.tokens, tokens, tokens_held, held.tokens),
                (limit.cost, cost, cost_held, held.cost),
            ):
                reached = reached or (most is not None and used + needed > most)
                taken = taken or (most is not None and used + out + needed > most)
        if not taken:
            call_id = self.ledger.begin(wanted, held)
            self.made.append(Made(call_id, wanted, self.clock, held))
            return
        self.refused += 1
        with pytest.raises(LimitError if reached else RoomTakenError):
            self.ledger.begin(wanted, held)
        assert self.ledger.has_room(wanted, held) is reached

    def _end(self, made: Made, what: str, read: int, written: int) -> None:
        if what == "withdraw":
            self.ledger.withdraw(made.id)
            self.made.remove(made)
        elif what == "unknown":
            self.ledger.end(made.id, made.call, Outcome("cancelled"))
            made.used = (made.held.tokens, made.held.cost or Decimal(0))
        else:
            tokens_in = made.held.tokens * read // 200
            usage = Usage(tokens_in, made.held.tokens * written // 200, cached_tokens=tokens_in // 2)
            spent = self.ledger.end(made.id, made.call, Outcome("completed", usage))
            assert made.held.cost is not None
            assert spent.cost <= made.held.cost, "what was held is the most it could cost"
            made.used = (usage.input_tokens + usage.output_tokens, spent.cost)

    def check(self) -> None:
        """What the store tells is what the plain lists add up to."""
        told: dict[tuple[str, str], Standing] = {}
        for batch_id in self.names.values():
            told |= {(each.scope, each.unit): each for each in self.limits.standings(batch_id)}
        for scope, limit in self.limits_kept.items():
            tokens, tokens_held, cost, cost_held = self.sums(scope)
            for unit, most, used, held in (
                ("tokens", limit.tokens, tokens, tokens_held),
                ("money", limit.cost, cost, cost_held),
            ):
                if most is None:
                    assert (scope, unit) not in told
                    continue
                standing = told[scope, unit]
                assert (standing.limit, standing.used, standing.held) == (most, used, held)
                assert standing.left == max(0, most - used - held)
                assert standing.is_near == (used >= most * Decimal("0.8"))
                assert standing.is_reached == (used >= most)


_EXAMPLES = itertools.count()


@given(st.lists(_STEPS, min_size=8, max_size=24))
@settings(max_examples=settings.default.max_examples // 2)
def test_no_schedule_of_one_process_passes_a_limit(store: Store, steps: list[tuple]) -> None:
    # Each example has days, batches and limits of its own. Clocks change in some, and a month may end.
    number = next(_EXAMPLES)
    clock = datetime(2026 + number // 4, (3, 6, 8, 10)[number % 4], 25, 20, tzinfo=ZONE).astimezone(UTC)
    life = Life(store, clock, {name: new_id("batch") for name in BATCHES})
    for scope in (DAY, MONTH):
        life.do("limit", scope, 3_000, 2_500)
    for step in steps:
        life.do(*step)
        life.check()
    life.do("die", 0, 0, 0)
    for scope in (DAY, MONTH):
        life.limits.set(scope, Limit())


#: Keeps, at each change of a call, the limits as they are then and what counts against them: by the calls
#: themselves, not by the sums that the app keeps.
_WITNESS = """
CREATE TABLE seen (begins INTEGER, limit_tokens INTEGER, limit_cost INTEGER, tokens INTEGER, cost INTEGER,
                   worker TEXT)
"""
_WATCH = """
CREATE TRIGGER seen_{event} AFTER {event} ON call WHEN NOT new.local BEGIN
  INSERT INTO seen SELECT {begins}, l.tokens, l.cost,
    sum(iif(c.input_tokens IS NULL, c.held_tokens, c.input_tokens + c.output_tokens)),
    sum(coalesce(c.cost, c.held_cost)), new.worker_id
  FROM spending_limit l JOIN call c ON NOT c.local AND l.scope IN ('day', c.batch_id) GROUP BY l.scope;
END
"""
_COUNTED = """
SELECT sum(iif(input_tokens IS NULL, held_tokens, input_tokens + output_tokens)),
  sum(coalesce(cost, held_cost)) FROM call WHERE NOT local
"""


@pytest.fixture(scope="module")
def cradle() -> Iterator[Cradle]:
    with Cradle("tests.costs.spender:live") as cradle:
        yield cradle


def test_two_processes_together_never_pass_a_limit_also_when_one_of_them_dies(
    cradle: Cradle, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store.db")
    migrate(store)
    ledger, limits = open_ledger(store, is_alive=lambda name: name == "ours")
    limits.set(DAY, Limit(4_000, Decimal(3)))
    with closing(sqlite3.connect(store.path)) as third:
        third.execute(_WITNESS)
        for event, begins in (("INSERT", 1), ("UPDATE", 0)):
            third.execute(_WATCH.format(event=event, begins=begins))
        life = cradle.live({"store": str(store.path), "worker": "theirs", "seed": 1, "steps": 250})
        life.wait_for("open")
        ours = spend(ledger, limits, "ours", 2, 250)
        life.wait_until(lambda: life.over)
        ledger.lose_dead()
        seen = third.execute("SELECT * FROM seen").fetchall()
        (out,) = third.execute("SELECT count(*) FROM call WHERE status = 'sent' AND worker_id = 'theirs'")
        (counted,) = third.execute(_COUNTED)
    assert out == (0,), "what the dead process held is used, and held no longer"
    _check_seen(seen)
    for came in (ours, life.said["came"]):
        assert min(came.values()) > 5, "each was let out, refused and told to wait"
    tokens, money = limits.standings()
    assert (tokens.used + tokens.held, (money.used + money.held).scaleb(12)) == counted
    store.close()


def _check_seen(seen: list[tuple]) -> None:
    """What was let out was within the limits of that moment."""
    begun = [row for row in seen if row[0]]
    for _, tokens_most, cost_most, tokens, cost, _ in begun:
        assert tokens <= tokens_most
        assert cost <= cost_most
    assert max(tokens / most for _, most, _, tokens, _, _ in begun if most) > 0.9, "they came close"
    turns = [(before[-1], after[-1]) for before, after in itertools.pairwise(seen)]
    assert turns.count(("ours", "theirs")) > 5, "they took turns, or this proves nothing"


def test_what_a_provider_reports_counts_also_where_it_is_more_than_was_held(store: Store) -> None:
    life = Life(store, datetime(2020, 6, 1, tzinfo=UTC), {})
    life.limits.set("b", Limit(tokens=300))
    made = call("b", life.worker)
    held = life.ledger.most(made, 50, 50)
    first, second = (life.ledger.begin(made, held) for _ in range(2))
    life.ledger.confirm(made, held)  # nothing has changed since it was noted
    life.ledger.end(first, made, Outcome("completed", Usage(400, 100)))
    with pytest.raises(LimitError, match="500 of 300 tokens are used"):
        life.ledger.confirm(made, held)  # right before it is sent
    life.ledger.withdraw(second)
    (standing,) = life.limits.standings("b")
    assert (standing.used, standing.left, standing.share, standing.is_reached) == (500, 0, 1.0, True)
    with pytest.raises(LimitError, match="this batch's limit: 500 of 300 tokens are used"):
        life.ledger.begin(made, Held())
    for wrong in (
        Limit(tokens=-1),
        Limit(cost=Decimal(-1)),
        Limit(cost=Decimal("NaN")),
        Limit(tokens=10**16),
    ):
        with pytest.raises(LimitError, match="is no limit"):
            life.limits.set("b", wrong)
    assert life.limits.get("b") == Limit(tokens=300)


def test_money_is_told_as_one_writes_it() -> None:
    standing = Standing(DAY, "money", ALWAYS, Decimal("0.5"), Decimal("0.1317"), Decimal(0))
    assert "$0.1317 of $0.50 are used, and it may take $2.00." in reached(standing, Decimal(2)).message
