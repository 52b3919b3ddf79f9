"""What finished cards cost, and what those are called who spent it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from sqlmodel import col, delete, update

from cardforge_desktop.batches.card_costs import CardCosts, TypicalCost
from cardforge_desktop.batches.group_names import GroupNames
from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.cards.tables import CardRow
from cardforge_desktop.costs.days import ALWAYS, Period
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from tests.support.filled_store import START, Filling, fill


def test_the_typical_and_the_dearest_card(tmp_path: Path) -> None:
    store = Store(tmp_path / "store.db")
    migrate(store)
    costs, names = CardCosts(store), GroupNames(store)
    assert (costs.median(), costs.dearest()) == (TypicalCost(), ())
    prices = {"a": "0.02", "b": "0.1", "c": "0.000000000003", "d": "0"}
    (a, b, _c, _d) = (
        fill(store, Filling(items=1, calls=2, price=Decimal(price), mark=mark, cards=True))[0]
        for mark, price in prices.items()
    )
    (unknown,) = fill(store, Filling(items=1, mark="e", cards=True))
    fill(store, Filling(items=3, status=ItemStatus.FAILED, mark="f", price=Decimal(9)))
    with store.write() as session:
        session.execute(update(ItemRow).where(col(ItemRow.batch_id) == unknown).values(unknown_calls=1))
    assert costs.median() == TypicalCost(Decimal("0.04"), cards=3, free=1, unknown=1)
    assert [card.spent.cost for card in costs.dearest()][:2] == [Decimal("0.2"), Decimal("0.04")]
    assert len(costs.dearest()) == 4, "all but the free one"
    (dear,) = costs.dearest(limit=1)
    assert (dear.name, dear.batch_id, dear.spent.calls) == ("Tessa Marrow 1", b, 2)
    assert (dear.spent.input_tokens, dear.spent.output_tokens) == (1_820, 2_400)

    with store.write() as session:  # of two in the middle the mean
        session.execute(update(ItemRow).where(col(ItemRow.batch_id) == unknown).values(unknown_calls=0))
        session.execute(update(ItemRow).where(col(ItemRow.batch_id) == unknown).values(cost=Decimal("0.05")))
        session.execute(delete(CardRow).where(col(CardRow.batch_id) == b))
        session.execute(update(BatchRow).where(col(BatchRow.id) == a).values(name="Mine", hidden=True))
    assert costs.median() == TypicalCost(Decimal("0.045"), cards=4, free=1)
    (gone,) = costs.dearest(limit=1)
    assert (gone.card_id, gone.name) == ("", "keeper-of-the-lamp-00001.md")
    ended = gone.finished_at
    assert costs.median(Period(START, ended)) == TypicalCost(), "its end is not in a period"
    assert costs.median(Period(ended, ended + timedelta(seconds=1))).cards == 4
    assert costs.median(ALWAYS) == costs.median()

    several = fill(store, Filling(items=3, mark="g"))[0]
    assert names.of("batch", [a, b, several, "", "gone"]) == {
        a: "Mine",
        b: "keeper-of-the-lamp-00001.md",
        several: "keeper-of-the-lamp-00001.md + 2",
    }
    assert names.of("model", ["gpt-4o", ""]) == {"gpt-4o": "gpt-4o"}
    store.close()
