"""What items took: kept in their own columns once they are settled, else summed up from the ledger."""

from __future__ import annotations

import json
from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import ColumnElement, bindparam, func, select
from sqlmodel import Session

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import Picodollars

_ITEMS = core_table(ItemRow)
_CALLS = core_table(CallRow)
_NOT_ENDED = (ItemStatus.DRAFT, ItemStatus.QUEUED, ItemStatus.PROCESSING)
#: Items that were begun and whose own columns do not tell what they took: they are not at their end, or ended
#: while no worker had them. Few; the ledger is asked for them.
UNSETTLED = (_ITEMS.c.attempts > 0) & (_ITEMS.c.status.in_(_NOT_ENDED) | _ITEMS.c.input_tokens.is_(None))


def among(column: ColumnElement[str], parameter: str) -> ColumnElement[bool]:
    """Whether a column is one of the ids in a JSON list of any length; SQLite takes 32,766 variables."""
    listed = func.json_each(bindparam(parameter)).table_valued("value")
    return column.in_(select(listed.c.value))


_SPENT = (
    select(
        _CALLS.c.item_id,
        func.count().label("calls"),
        func.coalesce(func.sum(_CALLS.c.input_tokens), 0).label("input_tokens"),
        func.coalesce(func.sum(_CALLS.c.output_tokens), 0).label("output_tokens"),
        func.coalesce(func.sum(_CALLS.c.cost, type_=Picodollars()), Decimal(0)).label("cost"),
        func.count().filter(_CALLS.c.cost.is_(None), _CALLS.c.status != "sent").label("unknown"),
    )
    .where(among(_CALLS.c.item_id, "ids"))
    .group_by(_CALLS.c.item_id)
)


def spent_by_item(session: Session, item_ids: Collection[str]) -> dict[str, Spending]:
    """Sums of the ledger for a few items; those without a call are absent.

    A call that is still out counts as a call, not as one of unknown cost.
    """
    if not item_ids:
        return {}
    return {
        item_id: Spending(calls, input_tokens, output_tokens, cost, unknown)
        for item_id, calls, input_tokens, output_tokens, cost, unknown in session.execute(
            _SPENT, {"ids": json.dumps(list(item_ids))}
        )
    }


def sum_of(costs: str | None) -> Decimal:
    """The exact sum of amounts with blanks between them, as SQLite's `group_concat` gives them."""
    return sum(map(Decimal, costs.split()), Decimal(0)) if costs else Decimal(0)
