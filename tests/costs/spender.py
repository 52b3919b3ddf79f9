"""A process that makes calls as the dice say, and holds to the limits of a store that others use, too."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from cardforge_desktop.costs.errors import LimitError, RoomTakenError
from cardforge_desktop.costs.ledger import Call, Ledger, Outcome
from cardforge_desktop.costs.limits import DAY, Limit, Limits
from cardforge_desktop.costs.price_list import PriceList
from cardforge_desktop.costs.prices import Price, Prices
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.events import Hub
from cardforge_desktop.store.database import Store
from tests.support.cradle import say

CLOUD, MODEL = "Cloud", "some-model"
#: Each kind of token costs something else.
PRICE = Price(Decimal(400), Decimal(1000), Decimal(100), Decimal(500), "yours")
NOON = datetime(2026, 3, 29, 12, tzinfo=UTC)
BATCH = "batch_shared"


@dataclass(frozen=True, slots=True)
class _Out:
    """A call that is out, and the most tokens that it may take."""

    id: str
    call: Call
    read: int
    written: int


def call(batch_id: str, worker_id: str, *, local: bool = False) -> Call:
    """A call of a worker for a batch."""
    return Call(batch_id, "item", worker_id, 1, "card", "d", CLOUD, MODEL, "https://example.test/v1", local)


def open_ledger(store: Store, is_alive: Callable[[str], bool] = lambda _: True) -> tuple[Ledger, Limits]:
    """At noon of a certain day, for ever."""
    hub = Hub()
    limits = Limits(store, hub, lambda: NOON, UTC)
    prices = Prices(store, hub, PriceList(store.path.with_name("prices.json")))
    prices.set_own(CLOUD, MODEL, PRICE)
    return Ledger(store, hub, prices, limits, lambda: NOON, is_alive=is_alive), limits


def spend(ledger: Ledger, limits: Limits, worker_id: str, seed: int, steps: int) -> dict[str, int]:
    """Begin, end and withdraw calls and change limits; how often each came out."""
    dice, out = random.Random(seed), list[_Out]()
    came = {"begun": 0, "reached": 0, "taken": 0}
    for _ in range(steps):
        if out and (len(out) > 3 or dice.random() < 0.45):
            _end(ledger, dice, out.pop(dice.randrange(len(out))))
            continue
        wanted = call(BATCH, worker_id, local=dice.random() < 0.1)
        read, written = dice.randint(1, 900), dice.randint(1, 900)
        try:
            call_id = ledger.begin(wanted, ledger.most(wanted, read, written))
        except LimitError:
            came["reached"] += 1
            if dice.random() < 0.3:
                _change(limits, dice)
        except RoomTakenError:
            came["taken"] += 1
        else:
            came["begun"] += 1
            out.append(_Out(call_id, wanted, read, written))
    return came


def _change(limits: Limits, dice: random.Random) -> None:
    """Up most of the time; also below what is used already."""
    for scope in (DAY, BATCH):
        tokens, cost = limits.used(scope)
        more = dice.randint(-1_000, 8_000)
        limits.set(scope, Limit(max(0, tokens + more), max(Decimal(0), cost + Decimal(more) / 2_000)))


def _end(ledger: Ledger, dice: random.Random, one: _Out) -> None:
    came = dice.random()
    if came < 0.1:
        ledger.withdraw(one.id)
    elif came < 0.3:
        ledger.end(one.id, one.call, Outcome("failed"))  # nobody knows what it took
    else:
        usage = Usage(dice.randint(0, one.read), dice.randint(0, one.written))
        ledger.end(one.id, one.call, Outcome("completed", usage))


def live(plan: dict[str, Any]) -> None:
    """One life: spend, then die with what is out."""
    store = Store(Path(plan["store"]))
    ledger, limits = open_ledger(store)
    say(open=True)
    came = spend(ledger, limits, plan["worker"], plan["seed"], plan["steps"])
    ledger.begin(call(BATCH, plan["worker"], local=True))
    say(came=came)
    os.kill(os.getpid(), signal.SIGKILL)
