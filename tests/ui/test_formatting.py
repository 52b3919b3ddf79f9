"""Numbers, money and times as people write them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import QLocale

from cardforge_desktop.profiles.model import FieldName
from cardforge_desktop.ui import formatting


@pytest.fixture(autouse=True)
def american():
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    yield
    QLocale.setDefault(before)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.00003", "< $0.0001"),
        ("0.0044", "$0.0044"),
        ("0.021", "$0.021"),
        ("0.75", "$0.75"),
        ("1.324", "$1.32"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_money_shows_the_digits_that_matter(amount, text):
    assert formatting.money(Decimal(amount)) == text


def test_costs_nobody_knows_are_not_free():
    assert formatting.cost(None, local=False) == "unknown"
    assert formatting.cost(None, local=True) == "free"
    assert formatting.cost(Decimal("0.0079"), local=False, estimate=True) == "≈ $0.0079"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        ("0.012", "0.020", "$0.012–0.020"),
        (None, "0.05", "up to $0.05"),
        (None, "0.000001", "up to $0.0001"),
        (None, None, "unknown"),
        (None, "0", "$0.00"),
        ("0", "0.05", "$0.00–0.05"),
        ("0.0085", "0.012", "$0.0085–0.0120"),
        ("0.004", "1234.5", "$0.004–1,234.50"),
        ("0.012", "0.0121", "≈ $0.012"),
        ("0.00001", "0.00003", "< $0.0001"),
    ],
)
def test_what_something_will_cost(low, high, text):
    assert formatting.expected_cost(low and Decimal(low), high and Decimal(high)) == text
    assert formatting.expected_cost(low and Decimal(low), high and Decimal(high), local=True) == "free"


def test_tokens_that_will_be_written():
    assert formatting.expected_tokens(None, 2_000) == "up to 2,000"
    assert formatting.expected_tokens(900, 1_200) == "900–1,200"
    assert formatting.expected_tokens(900, 900) == "≈ 900"


def test_tokens():
    assert formatting.tokens(None) == "—"
    assert formatting.tokens(3_100, estimate=True) == "≈ 3,100"
    assert formatting.tokens(1_870) == "1,870"
    assert formatting.tokens_text(None) == "—"
    assert formatting.tokens_text(1_870, estimate=True).startswith("≈ 1,870 token")


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (8, "8 s"), (41, "40 s"), (150, "2 min"), (7_300, "2 h")]
)
def test_durations_are_rough(seconds, text):
    assert formatting.duration(seconds) == text


@pytest.mark.parametrize(
    ("before", "text"), [(20, "just now"), (200, "3 min ago"), (7_300, "2 h ago"), (3 * 86_400, "3 d ago")]
)
def test_how_long_ago(before, text):
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert formatting.ago(now - timedelta(seconds=before), now) == text
    assert formatting.ago((now - timedelta(seconds=before)).replace(tzinfo=None), now) == text


def test_every_field_a_profile_can_ask_for_has_a_label():
    assert set(FieldName.__args__) <= set(formatting.FIELD_LABELS)
    assert formatting.field_label("alternate_greetings:2") == "Alternate greetings 2"
