"""Amounts are read as people write them; what may mean two things, or nothing, is no amount."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.costs.amounts import read_dollars, read_tokens


@given(st.decimals(0, 10**9, places=6))
def test_dollars_come_back_however_they_are_written(amount: Decimal) -> None:
    for text in (f"{amount:f}", f"${amount:f}", f" {amount:f} $ ", f"{amount:,f}"):
        assert read_dollars(text) == amount
    assert read_dollars(f"{amount:f}".replace(".", ",")) == amount


@given(st.integers(0, 10**15 - 1))
def test_tokens_come_back_however_they_are_written(tokens: int) -> None:
    for text in (str(tokens), f"{tokens:,}", f"{tokens:,}".replace(",", "\u00a0"), f" {tokens} "):
        assert read_tokens(text) == tokens


def is_refused(read: Callable[[str], object], text: str) -> bool:
    try:
        read(text)
    except ValueError:
        return True
    return False


@given(st.text(max_size=12))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    assert is_refused(read_dollars, text) or read_dollars(text) >= 0
    assert is_refused(read_tokens, text) or read_tokens(text) >= 0


def test_short_forms() -> None:
    assert read_tokens("500k") == 500_000
    assert read_tokens("1.5 M") == 1_500_000
    assert read_tokens("1.000") == 1_000
    assert read_dollars("2,5") == Decimal("2.5")
    assert all(is_refused(read_tokens, text) for text in ("", "-1", "1.2345k", "1,00,000", "two", "1e9", "٣"))
    assert all(is_refused(read_dollars, text) for text in ("", "-1", "1.2.3", "$", "nan", "1,000,00"))
