"""The pieces of the days, the scale, and the colours."""

import itertools
import math
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.costs.sums import DayModel
from cardforge_desktop.ui.costs import colours
from cardforge_desktop.ui.costs.series import MOST_SERIES, Days, arrange, days_of_month, scale
from cardforge_desktop.ui.theme import DARK, LIGHT

NOVEMBER = date(2026, 11, 1)
MONEY = st.decimals(0, 10**6, places=6)
FOUND = st.lists(
    st.builds(
        lambda day, model, money, tokens, unknown: DayModel(
            date(2026, 11, day), f"model-{model}", Spending(1 + unknown, tokens, 1, money, unknown)
        ),
        *(st.integers(1, 30), st.integers(1, 12), MONEY, st.integers(0, 10**9), st.integers(0, 2)),
    ),
    max_size=30,
)


@given(FOUND)
def test_no_amount_is_lost_between_the_pieces(found: list[DayModel]) -> None:
    total = sum((each.spending for each in found), Spending())
    money, tokens = (arrange(NOVEMBER, found, measure) for measure in ("cost", "tokens"))
    assert sum(day.total for day in money.days) == total.cost
    assert sum(day.total for day in tokens.days) == total.input_tokens + total.output_tokens
    for days in (money, tokens):
        assert [day.day for day in days.days] == list(days_of_month(NOVEMBER))
        assert sum(day.calls for day in days.days) == total.calls
        assert sum(day.unknown for day in days.days) == total.unknown_calls
        assert days.width <= MOST_SERIES
        assert all(len(day.amounts) == days.width and sum(day.amounts) == day.total for day in days.days)
        assert len(days.series) + days.others == len({each.model for each in found if _amount(each, days)})
    assert money.has_unknown == bool(total.unknown_calls)
    assert not tokens.has_unknown


def _amount(each: DayModel, days: Days) -> Decimal:
    spent = each.spending
    return spent.cost if days.measure == "cost" else Decimal(spent.input_tokens + spent.output_tokens)


def test_the_models_that_took_most_have_a_piece_and_the_rest_one_together() -> None:
    found = [
        DayModel(date(2026, 11, 3), f"model-{at}", Spending(1, 0, 0, Decimal(10 - at))) for at in range(9)
    ]
    days = arrange(NOVEMBER, found, "cost")
    assert days.series == tuple(f"model-{at}" for at in range(MOST_SERIES - 1))
    assert days.others == 4
    assert days.days[2].amounts[-1] == 5 + 4 + 3 + 2


@given(st.one_of(MONEY, st.decimals(0, Decimal("0.001"), places=9)), st.integers(1, 6))
def test_the_scale_has_few_round_lines_and_room_for_the_highest_bar(top: Decimal, lines: int) -> None:
    for measure in ("cost", "tokens"):
        ticks = scale(top, lines, measure)
        assert ticks[0] == 0
        assert ticks[-1] >= top
        assert 2 <= len(ticks) <= lines + 2
        step = ticks[1]
        assert step.normalize().as_tuple().digits in {(1,), (2,), (3,), (2, 5), (5,)}
        assert [tick - before for before, tick in itertools.pairwise(ticks)] == [step] * (len(ticks) - 1)
    assert all(tick == tick.to_integral_value() for tick in scale(top, lines, "tokens"))


#: What is left of red, green and blue light (Machado, Oliveira and Fernandes 2009, severity 1).
SIGHT = {
    "full": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.01182, 0.04294, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.3039),
    ),
}


def test_colours_are_told_apart_by_all_eyes_and_stand_out_from_the_ground() -> None:
    for tokens, models, rest in (
        (LIGHT, colours.LIGHT, colours.LIGHT_REST),
        (DARK, colours.DARK, colours.DARK_REST),
    ):
        assert models[0] == tokens.accent
        assert len(models) == MOST_SERIES
        assert all(contrast(each, tokens.surface) >= 3 for each in (*models, rest))
        for sight in SIGHT:
            seen = [lab(each, sight) for each in (*models, rest)]
            assert min(math.dist(*pair) for pair in itertools.combinations(seen, 2)) > 18, sight


def linear(colour: str) -> list[float]:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]


def contrast(one: str, other: str) -> float:
    bright = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in map(linear, (one, other))]
    return (max(bright) + 0.05) / (min(bright) + 0.05)


def lab(colour: str, sight: str) -> tuple[float, float, float]:
    """CIE 1976 L*a*b* of what is seen (D65): distances as eyes make them."""
    light = linear(colour)
    seen = [sum(part * value for part, value in zip(row, light, strict=True)) for row in SIGHT[sight]]
    red, green, blue = (min(1.0, max(0.0, each)) for each in seen)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883
    curved = [each ** (1 / 3) if each > 0.008856 else 7.787 * each + 16 / 116 for each in (x, y, z)]
    return 116 * curved[1] - 16, 500 * (curved[0] - curved[1]), 200 * (curved[1] - curved[2])
