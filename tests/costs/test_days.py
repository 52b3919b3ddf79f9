"""Days and months begin at local midnight, whatever clocks do, and none is missed or counted twice."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cardforge_desktop.costs.days import ALWAYS, SLOT, day_at, day_of, local_date, month_at, month_of, slot_of

#: Midnights that were left out or came twice, half and quarter hours, a day that never was, and changes of
#: 20 minutes, two hours and three.
ODD = (
    *(
        "America/Sao_Paulo",
        "America/Havana",
        "Africa/Cairo",
        "Asia/Beirut",
        "America/Asuncion",
        "Asia/Tehran",
    ),
    *("Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns"),
    *("Pacific/Apia", "Antarctica/Troll", "Antarctica/Casey", "America/Nuuk", "Africa/Casablanca"),
)
ZONES = st.sampled_from(ODD) | st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
#: From 1996 to 2036.
MOMENTS = st.integers(26 * 365, 67 * 365).flatmap(
    lambda day: st.integers(0, 86_400 * 10**6).map(
        lambda micro: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(days=day, microseconds=micro)
    )
)


@given(ZONES, MOMENTS)
@settings(max_examples=300, deadline=None)
@example("America/Sao_Paulo", datetime(2018, 11, 4, 3, 0, tzinfo=UTC))  # 00:00 → 01:00
@example("America/Havana", datetime(2025, 11, 2, 5, 30, tzinfo=UTC))  # 01:00 → 00:00, the second time
@example("America/St_Johns", datetime(2010, 11, 7, 2, 45, tzinfo=UTC))  # 00:01 → 23:01
@example("Pacific/Apia", datetime(2011, 12, 30, 10, 0, tzinfo=UTC))  # from the 29th to the 31st
@example("Antarctica/Casey", datetime(2010, 3, 4, 15, 30, tzinfo=UTC))  # 02:00 → 23:00
@example("Antarctica/Troll", datetime(2025, 3, 30, 1, 0, tzinfo=UTC))
def test_days_and_months_follow_each_other_and_contain_their_moments(name: str, moment: datetime) -> None:
    zone = ZoneInfo(name)
    for of in (day_of, month_of):
        period = of(moment, zone)
        assert period.end is not None
        assert moment in period
        assert moment in ALWAYS
        last = period.end - timedelta(microseconds=1)
        assert of(period.start, zone) == of(last, zone) == period
        assert of(period.end, zone).start == period.end, "the next one begins where this one ends"
        assert of(period.start - timedelta(microseconds=1), zone).end == period.start
    day, month = day_of(moment, zone), month_of(moment, zone)
    assert month.start <= day.start
    assert month.end is not None
    assert day.end is not None
    assert day.end <= month.end
    assert day.slots == (slot_of(day.start), slot_of(day.end))
    if moment.year > 2011:  # changes a minute after midnight are history
        assert local_date(moment, zone) == local_date(day.start, zone)
        assert day.start.timestamp() % SLOT == 0, "sums are kept by quarter hours"
        began = day.start.astimezone(zone)
        before = (day.start - timedelta(seconds=1)).astimezone(zone)
        assert before.date() < began.date()
        assert began.time() == time() or began.replace(tzinfo=None) - before.replace(tzinfo=None) > timedelta(
            seconds=1
        ), "midnight, or where the clock jumped over it"


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/Sao_Paulo", date(2018, 11, 4), 23),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Kathmandu", date(2026, 1, 1), 24),
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_day_is_as_long_as_the_clock_says(name: str, day: date, hours: float) -> None:
    period = day_at(day, ZoneInfo(name))
    assert period.end is not None
    assert period.end - period.start == timedelta(hours=hours)


def test_a_month_goes_from_its_first_midnight_to_the_next_ones() -> None:
    zone = ZoneInfo("Europe/Berlin")
    month = month_at(date(2026, 3, 31), zone)
    assert (month.start, month.end) == (
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),
    )
    assert month_at(date(2026, 12, 5), zone).end == datetime(2026, 12, 31, 23, tzinfo=UTC)
