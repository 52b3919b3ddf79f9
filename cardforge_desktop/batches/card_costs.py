"""What finished cards cost: the typical one, and the dearest. Read from the columns that items keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Float, and_, bindparam, cast, func, select

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.batches.spending import spent_by_item
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.cards.tables import CardRow
from cardforge_desktop.costs.days import ALWAYS, Period
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

_ITEMS, _CARDS = core_table(ItemRow), core_table(CardRow)
#: To sort by alone; what is told is the exact text.
_AMOUNT = cast(_ITEMS.c.cost, Float)
_KNOWN = and_(_ITEMS.c.unknown_calls == 0, _ITEMS.c.cost.is_not(None))
_FINISHED = and_(
    _ITEMS.c.status == ItemStatus.COMPLETED,
    _ITEMS.c.finished_at >= bindparam("start"),
    _ITEMS.c.finished_at < bindparam("end"),
)
_COUNTS = select(func.count(), func.count().filter(_KNOWN), func.count().filter(_KNOWN, _AMOUNT > 0)).where(
    _FINISHED
)
_MIDDLE = (
    select(_ITEMS.c.cost)
    .where(_FINISHED, _KNOWN, _AMOUNT > 0)
    .order_by(_AMOUNT)
    .limit(bindparam("most"))
    .offset(bindparam("before"))
)
_DEAREST = (
    select(
        _ITEMS.c.id,
        _ITEMS.c.batch_id,
        _ITEMS.c.card_id,
        _ITEMS.c.source_name,
        _ITEMS.c.finished_at,
        _CARDS.c.name,
    )
    .outerjoin(_CARDS, _CARDS.c.id == _ITEMS.c.card_id)
    .where(_FINISHED, (_AMOUNT > 0) | (_ITEMS.c.unknown_calls > 0))
    .order_by(func.coalesce(_AMOUNT, 0).desc(), _ITEMS.c.finished_at.desc())
    .limit(bindparam("most"))
)
#: Later than any card.
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class TypicalCost:
    """What a finished card cost, all tries of it together.

    Attributes:
        cost: US dollars, the median of `cards`; None where there are none.
        cards: finished ones that cost something, all of it known.
        free: finished ones that cost nothing.
        unknown: finished ones with a call that nobody knows the cost of: left out.
    """

    cost: Decimal | None = None
    cards: int = 0
    free: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class DearCard:
    """A finished card and what making it took.

    Attributes:
        card_id: "" = it is no longer in the library.
        name: the card's; of one that is gone its source.
        spent: all tries; `unknown_calls` are not in its cost.
    """

    card_id: str
    name: str
    item_id: str
    batch_id: str
    finished_at: datetime
    spent: Spending


class CardCosts:
    """Reads what cards cost. Thread-safe; off the window's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def median(self, period: Period = ALWAYS) -> TypicalCost:
        """Of the cards that were finished in a period."""
        values = _values(period)
        with self._store.read() as session:
            finished, known, cards = session.execute(_COUNTS, values).one()
            middle = {"most": 2 - cards % 2, "before": (cards - 1) // 2}
            amounts = session.execute(_MIDDLE, values | middle).scalars().all() if cards else ()
        cost = sum(amounts, Decimal(0)) / len(amounts) if amounts else None
        return TypicalCost(cost, cards, known - cards, finished - known)

    def dearest(self, period: Period = ALWAYS, limit: int = 10) -> tuple[DearCard, ...]:
        """The cards finished in a period that cost most, the dearest first; free ones are left out."""
        with self._store.read() as session:
            rows = session.execute(_DEAREST, _values(period) | {"most": limit}).all()
            spent = spent_by_item(session, [row.id for row in rows])
        return tuple(
            DearCard(
                card_id="" if row.name is None else row.card_id,
                name=row.source_name if row.name is None else row.name,
                item_id=row.id,
                batch_id=row.batch_id,
                finished_at=row.finished_at,
                spent=spent.get(row.id, Spending()),
            )
            for row in rows
        )


def _values(period: Period) -> dict[str, Any]:
    return {"start": period.start, "end": period.end or _FOR_EVER}
