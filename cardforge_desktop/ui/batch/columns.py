"""The columns of the batch table: their heads, their texts, what they are sorted by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch import state
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from datetime import datetime

    from cardforge_desktop.events import Progress

translate = QCoreApplication.translate


class Column(IntEnum):
    """Columns in their order."""

    STATE = 0
    SOURCE = 1
    BATCH = 2
    PROFILE = 3
    ENGINE = 4
    PROGRESS = 5
    TOKENS = 6
    TIME = 7
    COST = 8


class Role(IntEnum):
    """What a delegate or a panel may ask for beside Qt's own roles.

    ITEM: the `ItemView` of the row. STATE: its `State`. FRACTION: 0..1 of a running item, else None.
    SORT: the value the column is sorted by.
    """

    ITEM = Qt.ItemDataRole.UserRole
    STATE = Qt.ItemDataRole.UserRole + 1
    FRACTION = Qt.ItemDataRole.UserRole + 2
    SORT = Qt.ItemDataRole.UserRole + 3


HEADERS: Mapping[Column, str] = {
    Column.STATE: QT_TRANSLATE_NOOP("Queue", "State"),
    Column.SOURCE: QT_TRANSLATE_NOOP("Queue", "Source"),
    Column.BATCH: QT_TRANSLATE_NOOP("Queue", "Batch"),
    Column.PROFILE: QT_TRANSLATE_NOOP("Queue", "Profile"),
    Column.ENGINE: QT_TRANSLATE_NOOP("Queue", "Engine"),
    Column.PROGRESS: QT_TRANSLATE_NOOP("Queue", "Progress"),
    Column.TOKENS: QT_TRANSLATE_NOOP("Queue", "Tokens"),
    Column.TIME: QT_TRANSLATE_NOOP("Queue", "Time"),
    Column.COST: QT_TRANSLATE_NOOP("Queue", "Cost"),
}
#: Numbers.
RIGHT = (Column.TOKENS, Column.TIME, Column.COST)
#: What a column is sorted by; state and batch are not here: the item alone does not tell them.
SORT_KEYS: Mapping[Column, Callable[[ItemView], Any]] = {
    Column.SOURCE: lambda item: state.source_text(item).casefold(),
    Column.PROFILE: lambda item: item.profile.casefold(),
    Column.ENGINE: lambda item: item.engine.casefold(),
    Column.PROGRESS: lambda item: (state.state_of(item).order, item.card_name.casefold()),
    Column.TOKENS: lambda item: state.total_tokens(item)[0] or 0,
    Column.TIME: lambda item: state.seconds(item) or 0.0,
    Column.COST: lambda item: Decimal(0) if item.local else item.cost or item.estimate_cost or Decimal(0),
}


def head(column: Column) -> str:
    """The name of a column in the user's language."""
    return translate("Queue", HEADERS[column])


def text(item: ItemView, column: Column, shown: state.State, progress: Progress | None) -> str:  # noqa: PLR0911
    """What a cell says; the batch's name is the model's to know."""
    match column:
        case Column.STATE:
            return shown.text
        case Column.SOURCE:
            return state.source_text(item)
        case Column.PROFILE:
            return item.profile
        case Column.ENGINE:
            return item.engine
        case Column.PROGRESS:
            return state.progress_text(item, progress, shown)
        case Column.TOKENS:
            return state.tokens_text(item)
        case Column.TIME:
            return state.time_text(item)
        case Column.COST:
            return state.cost_text(item)
        case _:
            return ""


def tip(item: ItemView, column: Column, shown: state.State, progress: Progress | None) -> str:
    """What a cell says when the pointer rests on it."""
    if column is Column.SOURCE and any(source.path for source in item.sources):
        paths = [str(source.path or source.name) for source in item.sources]
        return "\n".join([*paths, *([state.source_text(item)] if item.target else [])])
    if column is Column.PROGRESS:
        lines = [state.progress_text(item, progress, shown), *item.warnings]
        return "\n".join(dict.fromkeys(lines))
    if column in (Column.TOKENS, Column.COST) and (amounts := _amounts(item, column)):
        return amounts
    if column is Column.TIME and item.started_at is not None:
        return _times(item.started_at, item.finished_at)
    return text(item, column, shown, progress)


def _amounts(item: ItemView, column: Column) -> str:
    """What will be taken, or was; "" = no more than the cell says."""
    if expected := state.expected_text(item):
        return expected
    if column is Column.TOKENS and item.input_tokens is not None:
        return (
            translate("Queue", "%1 in, %2 out")
            .replace("%1", formatting.tokens(item.input_tokens))
            .replace("%2", formatting.tokens(item.output_tokens))
        )
    if column is Column.COST and item.unknown_calls:
        return translate(
            "Queue", "%n call(s) of unknown cost: the answer was cut off", None, item.unknown_calls
        )
    return ""


def _times(began: datetime, ended: datetime | None) -> str:
    first = translate("Queue", "Began %1").replace("%1", formatting.moment(began))
    if ended is None:
        return first
    return "\n".join((first, translate("Queue", "Ended %1").replace("%1", formatting.moment(ended))))
