"""Times and money, short enough for a line of a terminal."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal


def clock(moment: datetime, now: datetime | None = None) -> str:
    """The moment on the clock of this machine: ``14:32`` for today's, else ``2026-11-26 14:32``."""
    local = moment.astimezone()
    today = (now or datetime.now(UTC)).astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%Y-%m-%d %H:%M}"


def duration(seconds: float) -> str:
    """A rough time to come: ``40 s``, ``14 min``, ``2 h 14 min``."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def expected_dollars(low: Decimal | None, high: Decimal) -> str:
    """What something will cost: ``$0.0120–0.0200``; ``up to $0.0500`` where only the most is known."""
    if low is None:
        return f"up to {dollars(high)}"
    first, last = dollars(low), dollars(high)
    return last if first == last or first.startswith("<") else f"{first}–{last.removeprefix('$')}"


def dollars(amount: Decimal) -> str:
    """US dollars: cents from a dollar up, four digits below, so that a single call is no $0.00."""
    if Decimal(0) < amount < Decimal("0.0001"):
        return "< $0.0001"
    fine = round(amount, 4)
    return f"${amount:,.2f}" if fine >= 1 or fine == 0 else f"${fine:.4f}"
