"""Days and months as the person's clock tells them, and the quarter hours that sums are kept by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

#: Seconds. Every offset from UTC in use is a multiple of it, so that days begin where a slot does.
SLOT = 900


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to before `end`, both aware and in UTC; `end` None = for ever."""

    start: datetime
    end: datetime | None = None

    @property
    def slots(self) -> tuple[int, int]:
        """The first slot, and the first that is no longer in it."""
        return slot_of(self.start), 2**62 if self.end is None else slot_of(self.end)

    def __contains__(self, moment: datetime) -> bool:
        """Whether it is in this period."""
        return self.start <= moment and (self.end is None or moment < self.end)


#: All there ever was and will be.
ALWAYS = Period(datetime(1970, 1, 1, tzinfo=UTC))


def slot_of(moment: datetime) -> int:
    """The quarter hour of a moment, counted from 1970-01-01 00:00 UTC."""
    return int(moment.timestamp()) // SLOT


def local_date(moment: datetime, zone: tzinfo | None = None) -> date:
    """The day on the person's calendar; `zone` None = the system's."""
    return moment.astimezone(zone).date()


def beginning(day: date, zone: tzinfo | None = None) -> datetime:
    """The first moment of a local day, in UTC.

    A midnight that a clock change leaves out is where the change is; of one that comes twice it is the first
    (PEP 495, fold=0).
    """
    midnight = datetime.combine(day, time())
    aware = midnight.astimezone() if zone is None else midnight.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def day_of(moment: datetime, zone: tzinfo | None = None) -> Period:
    """The local day of a moment: as a rule 23 to 25 hours."""
    return _containing(moment, day_at, zone)


def day_at(day: date, zone: tzinfo | None = None) -> Period:
    """A local day."""
    return Period(beginning(day, zone), beginning(day + timedelta(days=1), zone))


def month_of(moment: datetime, zone: tzinfo | None = None) -> Period:
    """The local month of a moment."""
    return _containing(moment, month_at, zone)


def month_at(day: date, zone: tzinfo | None = None) -> Period:
    """The local month of a day."""
    first = day.replace(day=1)
    return Period(beginning(first, zone), beginning((first + timedelta(days=32)).replace(day=1), zone))


def _containing(moment: datetime, at: Callable[[date, tzinfo | None], Period], zone: tzinfo | None) -> Period:
    """The period of a moment.

    Where clocks went from after midnight back to before it, the old date comes again in the new day
    (America/St_Johns until 2010: 00:01 → 23:01). What counts is that days follow each other without overlap.
    """
    day = local_date(moment, zone)
    near = (at(day + timedelta(days=days), zone) for days in (0, 1, -1))
    return next(period for period in near if moment in period)
