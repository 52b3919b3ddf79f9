"""What cards will take: what such calls wrote before, in tokens and in money; else what they may at most."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.batches.estimating import Asked, CardEstimate, CardPlan, Rates
from cardforge_desktop.batches.preparing import Expected
from cardforge_desktop.cards.model import Card
from cardforge_desktop.costs.history import FEWEST, NEWEST, History, kind_of, reach_of, spread_of
from cardforge_desktop.costs.ledger import Call, Ledger, Outcome
from cardforge_desktop.costs.limits import Limits
from cardforge_desktop.costs.price_list import PriceList
from cardforge_desktop.costs.prices import Price, Prices
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.base import Connection, Usage
from cardforge_desktop.engines.registry import build_engine
from cardforge_desktop.events import Hub
from cardforge_desktop.generation.model import PlannedCalls
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from tests.generation.orders import profile

OPENAI = "https://api.openai.com/v1"
CLOUD = Connection("Cloud", "openai", OPENAI, "gpt-4o-mini")
#: One call of 1,000 tokens in and at most 2,000 out: $0.00015 to read, $0.0012 at most to write.
CARD = CardPlan((PlannedCalls("card", 1, 1_000, 2_000),), exact=True)
READ = Decimal("0.00015")


class Past:
    """A store with calls in it, and estimates made of them."""

    def __init__(self, folder: Path) -> None:
        self.store = Store(folder / "store.db")
        migrate(self.store)
        self.prices = Prices(self.store, Hub(), PriceList(folder / "prices.json"))
        self.history = History(self.store)
        self._cards = 0
        self._ledger = Ledger(self.store, Hub(), self.prices, Limits(self.store, Hub()))

    def write(self, *tokens: int, step: str = "card", who: str = "p", status: str = "completed") -> None:
        """Calls that wrote so many tokens each; the provider names its model in its own way."""
        for count in tokens:
            call = Call(
                *("batch_1", "item_1", "worker_1", 1, step, "d"),
                engine="Cloud",
                model="gpt-4o-mini",
                url=OPENAI,
                local=False,
                profile_id=who,
            )
            outcome = Outcome(status, Usage(1_000, count), model="gpt-4o-mini-2024-07-18")
            self._ledger.end(self._ledger.begin(call), call, outcome)

    def finish(self, *answers: tuple[str, int, int], who: str, card_id: str = "card_1") -> None:
        """A card of its own that took these calls: their steps, what they read and what they wrote."""
        self._cards += 1
        item = f"item_of_{who}_{self._cards}"
        for step, read, written in answers:
            call = Call("batch_1", item, "worker_1", 1, step, "d", "Cloud", "gpt-4o-mini", OPENAI, False)
            call = replace(call, profile_id=who)
            outcome = Outcome("completed", Usage(read, written), model="gpt-4o-mini-2024-07-18")
            self._ledger.end(self._ledger.begin(call), call, outcome)
        if card_id:
            with self.store.write() as session:
                self._ledger.settle_item(session, item, card_id)

    def of(
        self, plan: CardPlan, connection: Connection = CLOUD, who: str = "p", **asked: object
    ) -> CardEstimate:
        """What a card of the profile `who` will take."""
        return self.rates(connection, who, **asked).of(plan)

    def rates(self, connection: Connection = CLOUD, who: str = "p", **asked: object) -> Rates:
        """What cards of the profile `who` take."""
        made_with = profile().model_copy(update={"id": who})
        engine = build_engine(connection, lambda: None)
        wanted = Asked(made_with, engine, include_book=False, **asked)  # type: ignore[arg-type]
        return Rates(wanted, self.prices, self.history)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Past]:
    past = Past(tmp_path_factory.mktemp("past"))
    yield past
    past.store.close()


def test_from_the_tenth_call_on_a_card_takes_what_such_cards_took(past: Past) -> None:
    limit = CardEstimate(1_000, None, 2_000, True, None, READ + Decimal("0.0012"), False)
    assert past.of(CARD, who="new") == limit
    past.write(*range(100, 1_000, 100), who="new")
    past.write(1, 2, 3, who="new", status="failed")
    past.write(1, 2, 3, who="another")
    past.write(1, step="notes:1:1", who="new")
    assert past.of(CARD, who="new") == limit, "nine calls say nothing yet"
    past.write(1_000, who="new")
    known = past.of(CARD, who="new")
    assert (known.output_low, known.output_high) == (100, 900)
    assert (known.cost_low, known.cost_high) == (READ + Decimal("0.00006"), READ + Decimal("0.00054"))
    assert past.of(CARD, who="other") == limit
    assert past.of(CARD, replace(CLOUD, model="gpt-4o"), who="new").output_low is None
    # Some fields of a card that exists are less than a card, and the other way round.
    assert past.of(CARD, who="new", target=Card(name="Mirela")).output_low is None
    assert past.of(CardPlan((PlannedCalls("card", 1, 1_000, 300),), exact=True), who="new").output_high == 300


def test_only_the_newest_calls_count(past: Past) -> None:
    with past.store.write() as session:  # each for itself would take seconds
        for number, count in enumerate([2_000] * 15 + [500] * NEWEST):
            names = {"profile_id": "changed", "asked_model": "gpt-4o-mini", "step_kind": "card"}
            session.add(
                CallRow(
                    id=f"call_{number}",
                    started_at=datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=number),
                    output_tokens=count,
                    status="completed",
                    **dict.fromkeys(("batch_id", "item_id", "worker_id", "step", "digest", "engine"), ""),
                    **names,
                    model="",
                    run=1,
                    local=False,
                )
            )
    found = past.history.spread("changed", "gpt-4o-mini", "card")
    assert found is not None
    assert (found.low, found.high, found.calls) == (500, 500, NEWEST)


def test_every_call_of_a_card_counts_and_one_without_history_leaves_only_the_most(past: Past) -> None:
    notes = PlannedCalls("notes", 30, 300_000, 21_000)
    past.write(*[600] * FEWEST, who="long")
    plan = CardPlan((notes, *CARD.calls), exact=True)
    expected = past.of(plan, who="long")
    assert (expected.input_tokens, expected.output_low, expected.output_high) == (301_000, None, 21_600)
    past.write(*[400] * FEWEST, step="notes:1:7", who="long")
    expected = past.of(plan, who="long")
    assert expected.output_low == expected.output_high == 30 * 400 + 600
    assert expected.cost_high == Decimal("0.15") * 301_000 / 10**6 + Decimal("0.6") * 12_600 / 10**6


def test_a_card_without_a_price_is_no_free_card_and_a_local_one_is(past: Past) -> None:
    elsewhere = replace(CLOUD, name="Elsewhere", url="https://llm.example.org/v1")
    unknown, free = past.of(CARD, elsewhere), past.of(CARD, Connection("Built-in", "builtin"))
    assert (unknown.cost_low, unknown.cost_high, unknown.local) == (None, None, False)
    assert (free.cost_high, free.local) == (0, True)
    both = sum((Expected.of(each) for each in (unknown, free, past.of(CARD))), Expected())
    assert (both.cards, both.unpriced, both.unproven, both.local) == (3, 1, 3, False)
    assert both.cost_high == READ + Decimal("0.0012")
    past.prices.set_own("Elsewhere", "gpt-4o-mini", Price(*[Decimal(100_000)] * 4, source=""))
    assert past.of(CARD, elsewhere).cost_high == 300, "as soon as it has one"


def test_what_cards_were_asked_for_again_is_foreseen_once_ten_of_them_tell(past: Past) -> None:
    thrice = (("card", 1_000, 600), ("fields:1", 1_200, 300), ("fields:2", 1_100, 100))
    long = (
        ("notes:1:1", 5_000, 500),
        ("notes:1:2", 5_000, 500),
        ("card", 1_000, 600),
        ("card:2", 1_400, 600),
    )
    for _ in range(FEWEST - 1):
        past.finish(*thrice, who="again")
        past.finish(*long, who="noted")
    past.finish(*thrice, who="again", card_id="")
    rates = past.rates(who="again")
    before = rates.of(CARD)
    assert (before.input_tokens, before.output_low, before.exact) == (1_000, 600, True), "nine cards"
    assert not rates.has_less_history
    past.finish(*thrice, who="again")
    assert rates.has_less_history, "what was told before is told anew"
    known = past.of(CARD, who="again")
    assert (known.input_tokens, known.output_low, known.output_high) == (3_300, 1_000, 1_000)
    assert known.cost_low == known.cost_high == (Decimal("0.15") * 3_300 + Decimal("0.6") * 1_000) / 10**6
    assert (known.exact, known.again) == (False, 2_300)
    # A source twice as long is told twice as long, each time; what is asked of an update is another thing.
    longer = CardPlan((PlannedCalls("card", 1, 2_000, 2_000),), exact=True)
    assert past.of(longer, who="again").input_tokens == 3 * 2_000 + 200 + 100
    assert past.of(CARD, who="again", target=Card(name="Mirela")).input_tokens == 1_000
    # Notes on a long source are planned; the second answer is not.
    past.finish(*long, who="noted")
    noted = CardPlan((PlannedCalls("notes", 2, 10_000, 1_400), *CARD.calls), exact=True)
    expected = past.of(noted, who="noted")
    assert (expected.input_tokens, expected.output_high) == (12_400, 2 * 500 + 600 + 600)


def test_what_few_cards_take_besides_widens_the_range(past: Past) -> None:
    once = ("card", 1_000, 600)
    for number in range(20):
        again = [("fields:1", 1_000, 200)] if number < 5 else []
        past.finish(once, *again, who="rare")
    expected = past.of(CARD, who="rare")
    assert (expected.input_tokens, expected.output_low, expected.output_high) == (1_250, 600, 800)
    assert expected.cost_low == READ + Decimal("0.00036")
    assert expected.cost_high == 2 * READ + Decimal("0.00048")


counts = st.lists(st.integers(0, 3_000), min_size=FEWEST, max_size=40)


@given(counts, st.integers(1, 5_000), st.integers(0, 2_000))
def test_the_range_lies_within_what_was_seen_and_holds_most_of_it(
    seen: list[int], more: int, at: int
) -> None:
    spread = spread_of(seen)
    assert min(seen) <= spread.low <= spread.high <= max(seen)
    inside = sum(spread.low <= count <= spread.high for count in seen)
    assert inside >= 0.8 * len(seen)
    low, high = reach_of(seen)
    assert low <= spread.low <= spread.high <= high
    assert low * len(seen) <= sum(seen) <= high * len(seen), "many together stay within the sum of the ends"
    grown = [*seen]
    grown[at % len(seen)] += more
    longer = spread_of(grown)
    assert longer.low >= spread.low, "who writes more is not expected to write less"
    assert longer.high >= spread.high


def test_a_kind_is_what_calls_of_a_step_have_in_common() -> None:
    assert {kind_of(step) for step in ("notes", "notes:1:2", "notes:2:31")} == {"notes"}
    assert kind_of("card:2", updates=True) != kind_of("card:2") == kind_of("card")
