"""Numbers, money, times and states in the words of the user's locale."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

translate = QCoreApplication.translate

#: Names of the card fields, for the screen.
FIELD_LABELS: dict[str, str] = {
    "name": QT_TRANSLATE_NOOP("Format", "Name"),
    "nickname": QT_TRANSLATE_NOOP("Format", "Nickname"),
    "description": QT_TRANSLATE_NOOP("Format", "Description"),
    "personality": QT_TRANSLATE_NOOP("Format", "Personality"),
    "scenario": QT_TRANSLATE_NOOP("Format", "Scenario"),
    "first_mes": QT_TRANSLATE_NOOP("Format", "First message"),
    "mes_example": QT_TRANSLATE_NOOP("Format", "Example messages"),
    "alternate_greetings": QT_TRANSLATE_NOOP("Format", "Alternate greetings"),
    "system_prompt": QT_TRANSLATE_NOOP("Format", "System prompt"),
    "post_history_instructions": QT_TRANSLATE_NOOP("Format", "Post-history instructions"),
    "tags": QT_TRANSLATE_NOOP("Format", "Tags"),
    "creator_notes": QT_TRANSLATE_NOOP("Format", "Creator notes"),
    "creator": QT_TRANSLATE_NOOP("Format", "Creator"),
    "character_version": QT_TRANSLATE_NOOP("Format", "Character version"),
    "character_book": QT_TRANSLATE_NOOP("Format", "Character book"),
    "raw_answer": QT_TRANSLATE_NOOP("Format", "Raw answer of the model"),
    "book": QT_TRANSLATE_NOOP("Format", "Character book"),
}


def field_label(name: str) -> str:
    """What the field is called on the screen; parts of a field keep their number."""
    head, _, part = name.partition(":")
    label = FIELD_LABELS.get(head)
    text = translate("Format", label) if label else head.replace("_", " ").capitalize()
    return translate("Format", "%1 %2").replace("%1", text).replace("%2", part) if part.isdigit() else text


@lru_cache(maxsize=4_096)
def number(value: int) -> str:
    """A whole number with the locale's group marks; the locale stays as it is at the start (`language`).

    Asked again and again while cards are made. Each call into Qt lets other threads run, and with a busy pool
    the window's then waits for its turn: up to 2 ms for one number.
    """
    return QLocale().toString(value)


def tokens(value: int | None, *, estimate: bool = False) -> str:
    """A count of tokens, ``≈ 3,100`` when estimated, a dash when there is none."""
    if value is None:
        return "—"
    return f"≈ {number(value)}" if estimate else number(value)


@lru_cache(maxsize=4_096)  # as `number`
def tokens_text(value: int | None, *, estimate: bool = False) -> str:
    """“1 token”, “≈ 3,100 tokens”; a dash when it is not known."""
    if value is None:
        return "—"
    if estimate:
        return translate("Format", "≈ %Ln token(s)", None, value)
    return translate("Format", "%Ln token(s)", None, value)


#: Dollars; less is not told apart.
_LEAST = Decimal("0.0001")


def money(amount: Decimal | None, *, estimate: bool = False) -> str:
    """US dollars with as many digits as matter; None = unknown."""
    if amount is None:
        return translate("Format", "unknown")
    if Decimal(0) < amount < _LEAST:
        return translate("Format", "< $0.0001")
    text = f"${_with_digits(amount, _digits(amount))}"
    return f"≈ {text}" if estimate else text


def _digits(*amounts: Decimal) -> int:
    """Digits that matter of amounts that are shown alike."""
    digits = max(
        2 if amount == 0 or amount >= 1 else 3 if amount >= Decimal("0.01") else 4 for amount in amounts
    )
    while digits > 2 and all(round(amount, digits) == round(amount, digits - 1) for amount in amounts):
        digits -= 1
    return digits


def expected_cost(
    low: Decimal | None, high: Decimal | None, *, local: bool = False, short: bool = False
) -> str:
    """What something will cost: ``$0.012–0.020``, ``up to $0.05``, ``free``, ``unknown``.

    Args:
        low: None = only the most it may be is known.
        high: None = no price is known.
        short: ``≤ $0.05``, for cells of a table.
    """
    if local or high is None:
        return cost(high, local=local)
    if low is None and high:
        return up_to(money(max(high, _LEAST)), short=short)
    if low is None or high < _LEAST or money(low) == money(high):
        return money(high, estimate=high >= _LEAST)
    if low < _LEAST:
        low = Decimal(0)
    digits = _digits(low, high) if high < 10 * max(low, _LEAST) else 0
    first, last = (_with_digits(amount, digits or _digits(amount)) for amount in (low, high))
    return translate("Format", "$%1–%2").replace("%2", last).replace("%1", first)


def up_to(amount: str, *, short: bool = False) -> str:
    """``up to $0.05``; `short`: ``≤ $0.05``."""
    return f"≤ {amount}" if short else translate("Format", "up to %1").replace("%1", amount)


def expected_tokens(low: int | None, high: int) -> str:
    """Tokens that will be written: ``900–1,200``, or ``up to 2,000`` where `low` is None."""
    if low is None:
        return up_to(number(high))
    if low == high:
        return tokens(high, estimate=True)
    return translate("Format", "%1–%2").replace("%2", number(high)).replace("%1", number(low))


@lru_cache(maxsize=4_096)
def _with_digits(amount: Decimal, digits: int) -> str:
    return QLocale().toString(float(amount), "f", digits)


def cost(amount: Decimal | None, *, local: bool, estimate: bool = False) -> str:
    """The cost of an item: local work is free."""
    return translate("Format", "free") if local else money(amount, estimate=estimate)


def duration(seconds: float) -> str:
    """A rough time to come: ``40 s``, ``3 min``, ``2 h``."""
    if seconds < 60:
        step = 5 if seconds > 10 else 1
        return translate("Format", "%n s", None, max(1, round(seconds / step) * step))
    if seconds < 3_600:
        return translate("Format", "%n min", None, round(seconds / 60))
    return translate("Format", "%n h", None, round(seconds / 3_600))


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, in words; a naive time is taken as UTC."""
    then = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = ((now or datetime.now(UTC)) - then).total_seconds()
    if seconds < 60:
        return translate("Format", "just now")
    if seconds < 3_600:
        return translate("Format", "%n min ago", None, int(seconds // 60))
    if seconds < 86_400:
        return translate("Format", "%n h ago", None, int(seconds // 3_600))
    if seconds < 7 * 86_400:
        return translate("Format", "%n d ago", None, int(seconds // 86_400))
    return QLocale().toString(_local(then).date(), QLocale.FormatType.ShortFormat)


def moment(when: datetime) -> str:
    """The full local time, for tooltips."""
    then = when if when.tzinfo else when.replace(tzinfo=UTC)
    return QLocale().toString(_local(then), QLocale.FormatType.LongFormat)


def clock(when: datetime) -> str:
    """The local time of day, to the second."""
    return QLocale().toString(_local(when).time(), "HH:mm:ss")


def _local(moment: datetime) -> QDateTime:
    return QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
