"""What calls cost, to the last trillionth of a dollar; and a fetched price list can be anything."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.costs.errors import PriceError
from cardforge_desktop.costs.price_list import SHIPPED_DAY, SHIPPED_VERSION, PriceList
from cardforge_desktop.costs.prices import MOST, Price, Priceable, Prices
from cardforge_desktop.engines.base import Usage
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate

OPENAI, CLAUDE = "https://api.openai.com/v1", "https://api.anthropic.com/v1"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai"
DEEPSEEK, OPENROUTER = "https://api.deepseek.com/v1", "https://openrouter.ai/api/v1"
MINI = Priceable("Cloud", "gpt-4o-mini", OPENAI, local=False)
#: 100,000 tokens in, 60,000 of them cached, and 2,000 out.
USAGE = Usage(100_000, 2_000, cached_tokens=60_000)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(tmp_path_factory.mktemp("store") / "store.db")
    migrate(store)
    yield store
    store.close()


@pytest.fixture(scope="module")
def prices(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Prices:
    return Prices(store, Hub(), PriceList(tmp_path_factory.mktemp("list") / "prices.json"))


def cost(prices: Prices, model: str, url: str, usage: Usage = USAGE) -> Decimal | None:
    return prices.cost(usage, Priceable("Cloud", model, url, local=False)).cost


def test_known_prices_are_the_published_ones(prices: Prices) -> None:
    assert version("genai-prices") == SHIPPED_VERSION, "its day stands in SHIPPED_DAY"
    assert cost(prices, "gpt-4o-mini", OPENAI) == Decimal("0.0117")
    assert cost(prices, "claude-sonnet-4-5", CLAUDE) == Decimal("0.168")
    assert cost(prices, "gemini-2.5-flash", GEMINI) == Decimal("0.0188")
    # As providers name them in their answers.
    assert cost(prices, "gpt-4o-mini-2024-07-18", OPENAI) == Decimal("0.0117")
    assert cost(prices, "claude-sonnet-4-5-20250929", CLAUDE) == Decimal("0.168")
    assert cost(prices, "models/gemini-2.5-flash", GEMINI) == Decimal("0.0188")
    # Written to the cache: a quarter more than read plainly.
    kept = Usage(100_000, 2_000, cache_write_tokens=60_000)
    assert cost(prices, "claude-sonnet-4-5", CLAUDE, kept) == Decimal("0.375")


def test_a_tier_counts_from_its_first_token_on_and_prices_go_by_the_time_of_the_call(prices: Prices) -> None:
    at, over = Usage(200_000, 1_000), Usage(200_001, 1_000)
    assert cost(prices, "gemini-2.5-pro", GEMINI, at) == Decimal("0.26")
    assert cost(prices, "gemini-2.5-pro", GEMINI, over) == Decimal("0.5150025")
    pro = Priceable("Cloud", "gemini-2.5-pro", GEMINI, local=False)
    below, above = (prices.price(pro, tokens) for tokens in (200_000, 200_001))
    assert below is not None
    assert above is not None
    assert (below.of(at), above.of(over)) == (Decimal("0.26"), Decimal("0.5150025"))
    flash = Priceable("Cloud", "deepseek-v4-flash", DEEPSEEK, local=False)
    by_hour = {
        hour: prices.cost(USAGE, flash, at=datetime(2026, 11, 20, hour, tzinfo=UTC)).cost for hour in (2, 12)
    }
    assert by_hour[2] != by_hour[12]
    # One that goes out shortly before a dearer hour is reckoned with its price.
    before = datetime(2026, 11, 20, 0, 59, 59, tzinfo=UTC)
    dear = prices.cost(Usage(1_000, 1_000), flash, at=before + timedelta(seconds=2)).cost
    assert prices.worst(1_000, 1_000, flash, before) == dear
    assert prices.worst(1_000, 1_000, flash, before - timedelta(hours=1)) < dear


def test_what_has_no_price_is_unknown_and_never_free(prices: Prices) -> None:
    assert cost(prices, "no-such-model", OPENAI) is None
    assert cost(prices, "gpt-4o-mini", "http://127.0.0.1:1234/v1") is None, "the same name elsewhere"
    # In the list without a rate for what they write, or without any.
    assert cost(prices, "text-embedding-3-small", OPENAI) is None
    assert cost(prices, "qwen-3-coder-480b", "https://api.cerebras.ai/v1") is None
    assert cost(prices, "agentica-org/deepcoder-14b-preview:free", OPENROUTER) == 0
    assert prices.cost(None, MINI).cost is None


def test_more_cached_than_there_was_still_has_a_price(prices: Prices) -> None:
    assert cost(prices, "gpt-4o-mini", OPENAI, Usage(10, 0, cached_tokens=50)) == Decimal("0.00000075")
    assert cost(prices, "gpt-4o-mini", OPENAI, Usage(10, 1, cache_write_tokens=50)) == Decimal("0.0000021")


def test_the_providers_figure_wins_then_ones_own_then_the_list(prices: Prices) -> None:
    before = prices.cost(USAGE, MINI)
    own = Price(Decimal(1), Decimal(2), Decimal("0.5"), Decimal(3), "")
    prices.set_own("Cloud", "gpt-4o-mini", own)
    try:
        mine = prices.cost(
            USAGE, Priceable("Cloud", "gpt-4o-mini-2024-07-18", OPENAI, local=False), MINI.model
        )
        assert (mine.cost, mine.source) == (Decimal("0.074"), "yours")
        told = prices.cost(Usage(10, 10, cost=Decimal("0.123")), MINI)
        assert (told.cost, told.source) == (Decimal("0.123"), "provider")
        other = Priceable("Another", "gpt-4o-mini", OPENAI, local=False)
        local = Priceable("Cloud", "gpt-4o-mini", "", local=True)
        known = [price and price.source for _, price in prices.known([MINI, other, local])]
        assert known == ["yours", f"genai-prices {SHIPPED_VERSION} ({SHIPPED_DAY})", None]
        assert prices.cost(USAGE, local).cost == 0
        # All of it could be written to the cache, which is dearer here than reading it plainly.
        assert prices.worst(1_000_000, 1_000_000, MINI) == 5
    finally:
        prices.forget_own("Cloud", "gpt-4o-mini")
    assert prices.cost(USAGE, MINI) == before
    # One call of more dollars than the store could add up some hundred times is a mistake.
    prices.set_own("Cloud", "gpt-4o-mini", Price(*[MOST] * 4, source="yours"))
    assert prices.cost(Usage(10**6, 0), MINI).cost is prices.worst(10**6, 0, MINI) is None
    prices.forget_own("Cloud", "gpt-4o-mini")
    for rate in ("-1", "NaN", "Infinity", str(MOST + 1)):
        with pytest.raises(PriceError):
            prices.set_own("Cloud", "any", Price(*[Decimal(rate)] * 4, source=""))


RATES = st.decimals(0, MOST, places=12)
TOKENS = st.integers(0, 10**12)


@given(st.builds(Price, RATES, RATES, RATES, RATES, st.just("yours")), TOKENS, TOKENS, TOKENS, TOKENS)
def test_a_cost_is_exact_and_grows_with_the_tokens(
    price: Price, plain: int, cached: int, kept: int, written: int
) -> None:
    usage = Usage(plain + cached + kept, written, cached_tokens=cached, cache_write_tokens=kept)
    rates = (price.input, price.cached, price.cache_write, price.output)
    whole = sum(
        (Fraction(n) * Fraction(rate) for n, rate in zip((plain, cached, kept, written), rates, strict=True)),
        Fraction(0),
    )
    assert Fraction(price.of(usage)) == Fraction(round(whole / 10**6 * 10**12), 10**12)
    more = Usage(usage.input_tokens + 1, written + 1, cached_tokens=cached, cache_write_tokens=kept)
    assert price.of(more) >= price.of(usage)


@given(
    st.sampled_from(
        [
            ("gpt-4o-mini", OPENAI),
            ("claude-sonnet-4-5", CLAUDE),
            ("gemini-2.5-pro", GEMINI),
            ("sonar", "https://api.perplexity.ai"),
        ]
    ),
    st.tuples(*[st.integers(0, 300_000)] * 4),
)
def test_the_rates_that_are_told_explain_the_cost(
    prices: Prices, model: tuple[str, str], tokens: tuple[int, int, int, int]
) -> None:
    of = Priceable("Cloud", *model, local=False)
    plain, cached, kept, written = tokens
    usage = Usage(plain + cached + kept + 1, written, cached_tokens=cached, cache_write_tokens=kept)
    priced = prices.cost(usage, of)
    assert priced.price is not None
    assert priced.price.of(usage) == priced.cost
    planned = Usage(usage.input_tokens, written)
    assert prices.tariff(of).expected(usage.input_tokens, written) == prices.cost(planned, of).cost


def provider(name: str = "openai", **fields: object) -> dict[str, object]:
    """A provider as the project publishes them, with one model."""
    model = {"id": "m-1", "match": {"equals": "m-1"}, "prices": {"input_mtok": 1, "output_mtok": 2}}
    return {"id": name, "name": name, "api_pattern": r"https://api\.openai\.com", "models": [model | fields]}


class Publisher:
    """Serves one answer after the other."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, dict[str, str], bytes]] = []

    @contextmanager
    def served(self) -> Iterator[str]:
        answers = self.answers

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, headers, body = answers.pop(0)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/data.json"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def body_of(value: object) -> bytes:
    return json.dumps(value).encode()


#: What a broken, hostile or future publisher may send, instead of a list of prices.
UNREADABLE = {
    "nothing": b"",
    "a web page": b"<html>Sign in</html>",
    "cut": body_of([provider()])[:-20],
    "no list": body_of({"providers": [provider()]}),
    "an empty list": body_of([]),
    "no models": body_of([provider() | {"models": []}]),
    "other things": body_of([1, "two", None]),
    "words for a price": body_of([provider(prices={"input_mtok": "cheap", "output_mtok": 1})]),
    "a price of nan": b'[{"id": "openai", "prices": {"input_mtok": NaN}}]',
    "a match that is none": body_of([provider(match={})]),
    "a match that is a word": body_of([provider(match="m-1")]),
    "a pattern that is none": body_of([provider(match={"regex": "(("})]),
    "nested without end": b"[" * 100_000,
    "no text": b"\xff\xfe\x00",
}


def test_a_fetched_list_is_kept_and_what_is_none_changes_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher, kept, heard = Publisher(), tmp_path / "prices.json", []
    hub = Hub()
    hub.changed.connect(heard.append)
    model = Priceable("Cloud", "m-1", OPENAI, local=False)
    with publisher.served() as url:
        prices = Prices(store, hub, PriceList(kept, url))
        elsewhere = Prices(store, Hub(), PriceList(kept, url))
        assert prices.cost(USAGE, model).cost is elsewhere.cost(USAGE, model).cost is None
        assert prices.list_day == SHIPPED_DAY

        publisher.answers.append((200, {}, body_of([provider()])))
        day = prices.fetch()
        assert heard == [Changed(Kind.PRICE, frozenset())]
        assert (day, prices.list_day) == (datetime.now(UTC).date(),) * 2
        assert prices.cost(USAGE, model).cost == Decimal("0.104")
        assert elsewhere.cost(USAGE, model).cost == Decimal("0.104"), "another process hears of it"
        assert prices.price(model).source == f"genai-prices ({day})"
        # A price that can't be is found only when it is asked for.
        for rate in (-1, 10**300, "1e999999", 10**9):
            wrong = provider(prices={"input_mtok": rate, "output_mtok": 1})
            publisher.answers.append((200, {}, body_of([wrong])))
            prices.fetch()
            assert prices.cost(USAGE, model).cost is prices.worst(1, 1, model) is prices.price(model) is None
        publisher.answers += [
            (302, {"Location": "/other.json"}, b""),
            (200, {}, body_of([provider(prices={"input_mtok": 3, "output_mtok": 0})])),
        ]
        prices.fetch()

        before = kept.read_bytes()
        bad = [(200, {}, body) for body in UNREADABLE.values()]
        bad += [(404, {}, b"gone"), (500, {}, b""), (200, {"Content-Length": "999"}, b"[")]
        bad += [(302, {"Location": "ftp://somewhere/data.json"}, b"")]
        monkeypatch.setattr("cardforge_desktop.costs.price_list._LONGEST", 400_000)
        bad.append((200, {}, b"[" + b" " * 500_000 + b"]"))
        for answer in bad:
            publisher.answers.append(answer)
            with pytest.raises(PriceError) as raised:
                prices.fetch()
            assert raised.value.details["reason"], answer[2][:40]
        publisher.answers += [(302, {"Location": "/again"}, b"")] * 30
        with pytest.raises(PriceError):
            prices.fetch()
    with pytest.raises(PriceError):
        prices.fetch()  # nobody is there any more
    assert kept.read_bytes() == before
    assert len(heard) == 6
    assert PriceList(kept).cost(Usage(10**6, 0), "m-1", OPENAI)[0] == 3, "at the next start"

    older = json.dumps({"day": SHIPPED_DAY.isoformat(), "providers": [provider()]})
    newer = json.dumps({"day": date(2027, 1, 1).isoformat(), "providers": [{"odd": 1}]})
    for text in (older, newer, "{", "[]", '{"day": "soon", "providers": []}', '{"day": 5}'):
        kept.write_text(text)
        assert PriceList(kept).cost(USAGE, "gpt-4o-mini", OPENAI)[0] == Decimal("0.0117"), text
