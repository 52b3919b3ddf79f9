"""Which limit cards will pass first, by what they are expected to take."""

from decimal import Decimal

from cardforge_desktop.batches.preparing import Expected
from cardforge_desktop.costs.limits import Limit
from cardforge_desktop.ui.batch.builder.limited import Left, beyond_text, lefts

#: 10,000 to 14,000 tokens, $4 to $6.
PAID = Expected(20, 8_000, 2_000, 6_000, Decimal(4), Decimal(6), local=False)
FREE = Expected(20, 10**9, 10**9, 10**9)


def said(dollars: str = "100", tokens: int = 10**9, own: Limit | None = None) -> str:
    limits = [Left("day", "money", Decimal(dollars)), Left("month", "tokens", Decimal(tokens))]
    return beyond_text([FREE, PAID], [*limits, *lefts((), own)])


def test_the_limit_that_stops_first_is_named_and_whether_that_is_sure() -> None:
    assert said("6", 14_000, Limit(14_000, Decimal(6))) == "", "just enough"
    assert said("5.99").startswith("That may be more than the $5.99 left today: the batch would")
    assert said("4").startswith("That may be")
    told = "That is more than the $2.00 left today: the batch will be paused, and go on tomorrow."
    assert said("2") == told
    assert said("2", 13_000, Limit(cost=Decimal(3))) == told, "the others are reached later, or perhaps"
    assert "the 2,000 tokens left this month" in said("2", 2_000)
    assert "the batch's limit of $0.50" in said("2", 2_000, Limit(cost=Decimal("0.5")))
    assert beyond_text([FREE], [Left("day", "tokens", Decimal(0))]) == ""
    unproven = Expected(20, 8_000, 0, 6_000, Decimal(0), Decimal(6), unproven=20, local=False)
    assert beyond_text([unproven], [Left("day", "money", Decimal(1))]).startswith("That may be")
