"""The ledger: what every call used and cost, and the answers an unfinished item already paid for."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from decimal import Decimal

from sqlalchemy import bindparam, case
from sqlalchemy import select as core_select
from sqlmodel import Session, col, delete, insert, select, update

from cardforge_desktop.costs.errors import LimitError, RoomTakenError
from cardforge_desktop.costs.history import kind_of
from cardforge_desktop.costs.limits import NOTHING_HELD, Held, Limits
from cardforge_desktop.costs.prices import Priceable, Prices
from cardforge_desktop.costs.tables import IS_OUT, CallRow, CallSumRow
from cardforge_desktop.engines.base import FinishReason, Usage
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

_CALLS = core_table(CallRow)
_INSERT = insert(_CALLS)
_WITHDRAW = delete(_CALLS).where(_CALLS.c.id == bindparam("call_id"), IS_OUT)
_BEGAN = core_select(_CALLS.c.started_at).where(_CALLS.c.id == bindparam("call_id"))
_END = update(_CALLS).where(_CALLS.c.id == bindparam("call_id"), IS_OUT)
_WORKERS_OUT = core_select(_CALLS.c.worker_id).where(IS_OUT).distinct()
_SETTLE = (
    update(_CALLS)
    .where(_CALLS.c.item_id == bindparam("of_item"))
    .values(answer=None, card_id=case((_CALLS.c.card_id == "", bindparam("of_card")), else_=_CALLS.c.card_id))
)


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls what: the part of a ledger row known before the answer.

    Attributes:
        batch_id, item_id: "" = outside of the queue.
        card_id: the card that exists already, "" = none.
        profile_id, profile_version: of a profile that is not stored "" and 0.
        updates: it writes some fields of a card anew; its history is another one.
        url: its price depends on it.
    """

    batch_id: str
    item_id: str
    worker_id: str
    run: int
    step: str
    digest: str
    engine: str
    model: str
    url: str
    local: bool
    card_id: str = ""
    profile_id: str = ""
    profile_version: int = 0
    updates: bool = False

    def priceable(self, model: str = "") -> Priceable:
        """What its price depends on; `model`: as the provider named it in the answer."""
        return Priceable(self.engine, model or self.model, self.url, self.local)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a call ended; `status` as in `CallRow`.

    Attributes:
        usage: None where nobody knows what it took.
        counted: the provider did not report `usage`: it is what we counted.
    """

    status: str
    usage: Usage | None = None
    counted: bool = False
    model: str = ""
    reason: str = ""
    answer: str | None = None
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class PaidAnswer:
    """An answer kept from an earlier run of the same item."""

    text: str
    reason: FinishReason


@dataclass(frozen=True, slots=True)
class Spending:
    """A sum over calls. `cost` counts the known ones only; `unknown_calls` says how many are not in it."""

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    unknown_calls: int = 0

    def __add__(self, other: Spending) -> Spending:
        """Both together."""
        return Spending(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost + other.cost,
            self.unknown_calls + other.unknown_calls,
        )


@dataclass(frozen=True, slots=True)
class PastCall:
    """A row of the ledger for reading; fields as in `CallRow`.

    Attributes:
        cost: US dollars; None = unknown, or still in flight.
    """

    id: str
    started_at: datetime
    finished_at: datetime | None
    run: int
    step: str
    engine: str
    model: str
    local: bool
    status: str
    input_tokens: int | None
    output_tokens: int | None
    cached_tokens: int | None
    reasoning_tokens: int | None
    cost: Decimal | None
    error_code: str
    reason: str
    cache_write_tokens: int | None = None
    tokens_from: str = ""
    price_source: str = ""


_PAST = [_CALLS.c[field.name] for field in fields(PastCall)]


class Ledger:
    """Writes and sums the calls. Thread-safe."""

    def __init__(
        self,
        store: Store,
        hub: Hub,
        prices: Prices,
        limits: Limits,
        clock: Callable[[], datetime] = now,
        *,
        is_alive: Callable[[str], bool] = lambda _: True,
    ) -> None:
        """`is_alive`: whether the worker of that id still runs; by default they live for ever."""
        self._store, self._hub = store, hub
        self._prices, self._limits, self._clock = prices, limits, clock
        self._is_alive = is_alive

    def most(self, call: Call, input_tokens: int, output_tokens: int) -> Held:
        """The most a call may take, by the most tokens it may take; nothing for a local one."""
        if call.local:
            return NOTHING_HELD
        cost = self._prices.worst(input_tokens, output_tokens, call.priceable(), self._clock())
        return Held(input_tokens + output_tokens, cost)

    def begin(
        self, call: Call, held: Held = NOTHING_HELD, check: Callable[[Session], None] = lambda _: None
    ) -> str:
        """Note that a call goes out now, and keep for it what it may take; returns the row's id.

        Args:
            check: asked in the same transaction; what it raises keeps the call from being noted and sent.

        Raises:
            LimitError, RoomTakenError: a limit would be passed (`Limits.admit`); nothing is noted.
        """
        values = asdict(call)
        del values["url"], values["updates"]  # only its price, and its kind, depend on them
        call_id = new_id("call")
        values |= {"id": call_id, "status": "sent", "tokens_from": ""}
        values |= {"step_kind": kind_of(call.step, updates=call.updates), "asked_model": call.model}
        values |= {"held_tokens": held.tokens, "held_cost": held.cost, "currency": "USD"}
        values |= {"price_source": "", "price": "", "error_code": "", "reason": ""}
        with self._store.write() as session:
            check(session)
            # Read when nobody else writes: a call counts for the very day that it was let out on.
            values["started_at"] = moment = self._clock()
            if not call.local:
                self._limits.admit(session, call.batch_id, held, call.priceable(), moment)
            session.execute(_INSERT, values)
        return call_id

    def has_room(self, call: Call, held: Held) -> bool:
        """Whether `begin` has not to wait for calls that are out: it goes out, or a limit is reached."""
        try:
            with self._store.read() as session:
                self._limits.admit(session, call.batch_id, held, call.priceable())
        except RoomTakenError:
            return False
        except LimitError:
            pass  # for `begin` to tell
        return True

    def confirm(self, call: Call, held: Held) -> None:
        """Ask again before a call goes out that had to wait: others may have taken more than they held.

        Raises:
            LimitError: a limit is used up by now.
        """
        with suppress(RoomTakenError), self._store.read() as session:  # taken by what it holds itself
            self._limits.admit(session, call.batch_id, held, call.priceable())

    def lose_dead(self) -> None:
        """Calls that were out when their process died are lost: nobody waits any longer for what they hold.

        It counts as used. Their items are left to who takes them over.
        """
        with self._store.read() as session:
            out = session.execute(_WORKERS_OUT).scalars().all()
        dead = [worker_id for worker_id in out if not self._is_alive(worker_id)]
        if dead:
            with self._store.write() as session:
                self.mark_lost(session, dead)
            self._hub.changed.emit(Changed(Kind.CALL))

    def withdraw(self, call_id: str) -> None:
        """Take back the note of a call that did not go out after all."""
        with self._store.write() as session:
            session.execute(_WITHDRAW, {"call_id": call_id})

    def end(self, call_id: str, call: Call, outcome: Outcome) -> Spending:
        """Note how a call ended, with its usage, price and answer, in one transaction; what it took."""
        usage = outcome.usage
        began = None if call.local else self._began(call_id)
        priced = self._prices.cost(usage, call.priceable(outcome.model), call.model, began)
        values = {
            "finished_at": self._clock(),
            "status": outcome.status,
            "model": outcome.model or call.model,
            "cost": priced.cost,
            "price_source": priced.source,
            "price": "" if priced.price is None else priced.price.as_json(),
            "error_code": outcome.error_code,
            "reason": outcome.reason,
            "answer": outcome.answer,
        }
        if usage is not None:
            values |= {
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
                "cached_tokens": usage.cached_tokens,
                "cache_write_tokens": usage.cache_write_tokens,
                "reasoning_tokens": usage.reasoning_tokens,
                "tokens_from": "counted" if outcome.counted else "provider",
            }
        with self._store.write() as session:
            session.execute(_END, {"call_id": call_id, **values})
        self._hub.changed.emit(Changed(Kind.CALL, frozenset({call_id})))
        return Spending(
            calls=1,
            input_tokens=0 if usage is None else usage.input_tokens,
            output_tokens=0 if usage is None else usage.output_tokens,
            cost=priced.cost or Decimal(0),
            unknown_calls=int(priced.cost is None),
        )

    def _began(self, call_id: str) -> datetime | None:
        """When a call was noted: at that moment's price it was held, and is paid."""
        with self._store.read() as session:
            return session.execute(_BEGAN, {"call_id": call_id}).scalar_one_or_none()

    def has_answered(self, engine: str) -> bool:
        """Whether a call to the engine of that name was ever answered; asked of the sums, which are few."""
        answered = select(CallSumRow.slot).where(CallSumRow.engine == engine, CallSumRow.output_tokens > 0)
        with self._store.read() as session:
            return session.exec(answered.limit(1)).first() is not None

    def paid_answer(self, item_id: str, run: int, step: str, digest: str) -> PaidAnswer | None:
        """The answer of the same step and prompt from before a crash, if there is one."""
        wanted = (
            select(CallRow.answer, CallRow.reason)
            .where(CallRow.item_id == item_id, CallRow.run == run, CallRow.step == step)
            .where(CallRow.digest == digest, CallRow.status == "completed")
        )
        with self._store.read() as session:
            found = session.exec(wanted).first()
        if found is None or found[0] is None:
            return None
        reason: FinishReason = found[1]  # type: ignore[assignment]  # written by `end` from a FinishReason
        return PaidAnswer(found[0], reason)

    @staticmethod
    def settle_item(session: Session, item_id: str, card_id: str) -> None:
        """In the transaction that stores an item's card: its calls were for that card, and their answers
        are no longer needed.
        """
        session.execute(_SETTLE, {"of_item": item_id, "of_card": card_id})

    @staticmethod
    def mark_lost(session: Session, worker_ids: Collection[str]) -> None:
        """Calls in flight of workers that died: made, of unknown cost unless the engine is local (free)."""
        lost = update(CallRow).where(col(CallRow.worker_id).in_(worker_ids), IS_OUT)
        free = {"status": "lost", "cost": Decimal(0), "price_source": "local"}
        session.execute(lost.where(col(CallRow.local)).values(**free))
        session.execute(lost.values(status="lost", price_source="unknown"))

    def of_items(self, item_ids: Collection[str]) -> dict[str, Spending]:
        """Sums per item; items without a call are absent."""
        calls: dict[str, list[CallRow]] = {}
        with self._store.read() as session:
            rows = session.exec(select(CallRow).where(col(CallRow.item_id).in_(item_ids))).all()
        for row in rows:
            calls.setdefault(row.item_id, []).append(row)
        return {item_id: sum_calls(rows) for item_id, rows in calls.items()}

    def calls_of(self, item_id: str) -> tuple[PastCall, ...]:
        """Every try of every call that was made for an item, oldest first."""
        wanted = core_select(*_PAST).where(_CALLS.c.item_id == item_id)
        with self._store.read() as session:
            rows = session.execute(wanted.order_by(_CALLS.c.started_at, _CALLS.c.id)).all()
        return tuple(PastCall(*row) for row in rows)


def sum_calls(rows: Collection[CallRow]) -> Spending:
    """The sum of some rows; calls still in flight count as calls, not as unknown costs."""
    known = [row.cost for row in rows if row.cost is not None]
    return Spending(
        calls=len(rows),
        input_tokens=sum(row.input_tokens or 0 for row in rows),
        output_tokens=sum(row.output_tokens or 0 for row in rows),
        cost=sum(known, Decimal(0)),
        unknown_calls=sum(1 for row in rows if row.cost is None and row.status != "sent"),
    )
