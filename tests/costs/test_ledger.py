"""Every call has its row; sums are exact; unknown stays unknown, local is free."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from cardforge_desktop.costs.ledger import Call, Ledger, Outcome, PaidAnswer
from cardforge_desktop.costs.limits import Limits
from cardforge_desktop.costs.price_list import PriceList
from cardforge_desktop.costs.prices import Priceable, Prices
from cardforge_desktop.costs.sums import Spendings
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.events import Hub
from cardforge_desktop.ids import new_id
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from tests.support.ledger import make

OPENAI = "https://api.openai.com/v1"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    migrate(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def prices(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Prices:
    return Prices(store, Hub(), PriceList(tmp_path_factory.mktemp("prices") / "prices.json"))


@pytest.fixture
def ledger(store: Store, prices: Prices) -> Ledger:
    return Ledger(store, Hub(), prices, Limits(store, Hub()))


def call(item_id: str, *, local: bool = False, step: str = "card", digest: str = "d", run: int = 1) -> Call:
    return Call("batch_1", item_id, "worker_1", run, step, digest, "Cloud", "gpt-4o-mini", OPENAI, local)


def cost(
    prices: Prices, usage: Usage | None, model: str = "gpt-4o-mini", url: str = OPENAI
) -> Decimal | None:
    return prices.cost(usage, Priceable("Cloud", model, url, False)).cost


@given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**6)), min_size=1, max_size=6))
def test_the_sum_of_an_item_is_the_sum_of_its_calls(
    store: Store, prices: Prices, tokens: list[tuple[int, int]]
) -> None:
    ledger, spendings = Ledger(store, Hub(), prices, Limits(store, Hub())), Spendings(store)
    item_id = new_id("item")
    before = spendings.total()
    for used_in, used_out in tokens:
        make(ledger, call(item_id), Outcome("completed", Usage(used_in, used_out)))
    spent = ledger.of_items([item_id])[item_id]
    expected = sum(
        (cost(prices, Usage(*used)) or 0 for used in tokens),
        Decimal(0),
    )
    assert (spent.calls, spent.cost, spent.unknown_calls) == (len(tokens), expected, 0)
    assert spent.input_tokens == sum(used for used, _ in tokens)
    assert spendings.total().cost - before.cost == expected


def test_a_known_price_is_the_published_one(prices: Prices) -> None:
    # FIELD: 100k input of which 60k cached + 2k output of gpt-4o-mini cost $0.0117.
    usage = Usage(100_000, 2_000, cached_tokens=60_000)
    assert cost(prices, usage) == Decimal("0.0117")


@pytest.mark.parametrize(
    ("usage", "of", "wanted"),
    [
        (Usage(10, 10), ("no-such-model", OPENAI, False), None),
        (None, ("gpt-4o-mini", OPENAI, False), None),
        # A model of that name on somebody's own server has no known price.
        (Usage(10, 10), ("gpt-4o-mini", "http://127.0.0.1:1234/v1", False), None),
        (Usage(10, 10), ("smollm2", "", True), Decimal(0)),
        (None, ("smollm2", "", True), Decimal(0)),
        (Usage(10, 10, cost=Decimal("0.5")), ("any", "https://openrouter.ai/api/v1", False), Decimal("0.5")),
    ],
)
def test_unknown_is_unknown_and_local_is_free(prices, usage, of, wanted) -> None:
    assert prices.cost(usage, Priceable("Any", *of)).cost == wanted


def test_an_unknown_cost_is_counted_but_not_added(ledger: Ledger) -> None:
    item_id = new_id("item")
    make(ledger, call(item_id), Outcome("failed", error_code="ENGINE_SERVER"))
    make(ledger, call(item_id), Outcome("completed", Usage(1000, 0)))
    spent = ledger.of_items([item_id])[item_id]
    assert (spent.calls, spent.unknown_calls) == (2, 1)
    assert spent.cost > 0


def test_an_answer_is_found_again_by_step_prompt_and_run_until_it_is_forgotten(
    ledger: Ledger, store: Store
) -> None:
    item_id = new_id("item")
    make(ledger, call(item_id), Outcome("completed", Usage(1, 1), reason="stop", answer="the answer"))
    assert ledger.paid_answer(item_id, 1, "card", "d") == PaidAnswer("the answer", "stop")
    assert ledger.paid_answer(item_id, 1, "book", "d") is None
    assert ledger.paid_answer(item_id, 1, "card", "other prompt") is None
    assert ledger.paid_answer(item_id, 2, "card", "d") is None, "a retry by the user asks anew"
    with store.write() as session:
        Ledger.settle_item(session, item_id, "card_1")
    assert ledger.paid_answer(item_id, 1, "card", "d") is None


def test_a_call_in_flight_of_a_dead_worker_is_of_unknown_cost(ledger: Ledger, store: Store) -> None:
    item_id = new_id("item")
    ledger.begin(call(item_id))
    assert ledger.of_items([item_id])[item_id].unknown_calls == 0
    with store.write() as session:
        Ledger.mark_lost(session, ["worker_1"])
    assert ledger.of_items([item_id])[item_id].unknown_calls == 1


def test_the_calls_of_an_item_are_told_with_those_in_flight_at_a_crash(
    ledger: Ledger, store: Store, prices: Prices
) -> None:
    item_id = new_id("item")
    make(ledger, call(item_id), Outcome("failed", error_code="ANSWER_TRUNCATED", reason="length"))
    make(ledger, call(item_id, run=2), Outcome("completed", Usage(100, 20, cached_tokens=60), reason="stop"))
    ledger.begin(call(item_id, run=2, step="book"))
    make(ledger, call(new_id("item")), Outcome("completed", Usage(1, 1)))
    with store.write() as session:
        ledger.mark_lost(session, ["worker_1"])
    told = ledger.calls_of(item_id)
    assert [(each.run, each.step, each.status) for each in told] == [
        (1, "card", "failed"),
        (2, "card", "completed"),
        (2, "book", "lost"),
    ]
    failed, done, lost = told
    assert (failed.error_code, failed.reason) == ("ANSWER_TRUNCATED", "length")
    assert (done.input_tokens, done.output_tokens, done.cached_tokens) == (100, 20, 60)
    assert done.cost == cost(prices, Usage(100, 20, cached_tokens=60))
    assert lost.cost is None
    assert lost.finished_at is None
    assert all(each.started_at.tzinfo is not None for each in told)
    assert ledger.calls_of("item_unknown") == ()


def test_a_call_that_has_ended_is_never_changed_and_never_removed(ledger: Ledger, store: Store) -> None:
    item_id = new_id("item")
    made = call(item_id)
    make(ledger, made, Outcome("completed", Usage(100, 20), answer="kept"))
    call_id = ledger.calls_of(item_id)[0].id
    for sql in ("UPDATE call SET cost = 0", "UPDATE call SET status = 'failed'", "DELETE FROM call"):
        with pytest.raises(IntegrityError), store.write() as session:
            session.connection().exec_driver_sql(f"{sql} WHERE id = ?", (call_id,))
    for card_id in ("card_1", "card_2"):
        with store.write() as session:
            Ledger.settle_item(session, item_id, card_id)
    with store.read() as session:
        row = session.get_one(CallRow, call_id)
        assert (row.card_id, row.answer, row.input_tokens) == ("card_1", None, 100)
