"""The word, icon and tone for where an item is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import Tone
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.events import Progress

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class State:
    """How a state is shown: never by its colour alone.

    Attributes:
        word: not yet translated.
        icon: Lucide name.
        order: place in a table sorted by state.
    """

    word: str
    icon: str
    tone: Tone
    order: int

    @property
    def text(self) -> str:
        """The word in the user's language."""
        return translate("State", self.word)


class Group(StrEnum):
    """What the rows of the table are filtered by. Each item is in exactly one, `ALL` apart."""

    ALL = ""
    READY = "ready"
    RUNNING = "running"
    WAITING = "waiting"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_GROUPS = {
    ItemStatus.DRAFT: Group.READY,
    ItemStatus.QUEUED: Group.WAITING,
    ItemStatus.PROCESSING: Group.RUNNING,
    ItemStatus.COMPLETED: Group.DONE,
    ItemStatus.FAILED: Group.FAILED,
    ItemStatus.CANCELLED: Group.CANCELLED,
}


def group_of(item: ItemView, *, paused: bool = False) -> Group:
    """The group of an item; `paused` = its batch is."""
    if item.status is ItemStatus.QUEUED and (paused or item.held):
        return Group.PAUSED
    return _GROUPS[item.status]


_READING = State(QT_TRANSLATE_NOOP("State", "Reading"), "file-search", Tone.INFO, 4)
_BY_STATUS = {
    ItemStatus.DRAFT: State(QT_TRANSLATE_NOOP("State", "Ready"), "circle-dashed", Tone.MUTED, 5),
    ItemStatus.QUEUED: State(QT_TRANSLATE_NOOP("State", "Queued"), "clock", Tone.MUTED, 3),
    ItemStatus.PROCESSING: State(QT_TRANSLATE_NOOP("State", "Writing"), "pen-line", Tone.ACCENT, 0),
    ItemStatus.COMPLETED: State(QT_TRANSLATE_NOOP("State", "Done"), "circle-check", Tone.OK, 6),
    ItemStatus.FAILED: State(QT_TRANSLATE_NOOP("State", "Failed"), "circle-x", Tone.ERROR, 1),
    ItemStatus.CANCELLED: State(QT_TRANSLATE_NOOP("State", "Cancelled"), "ban", Tone.MUTED, 7),
}
_PAUSED = State(QT_TRANSLATE_NOOP("State", "Paused"), "circle-pause", Tone.WARN, 2)
_STOPPING = State(QT_TRANSLATE_NOOP("State", "Pausing"), "circle-pause", Tone.WARN, 1)
_BY_STAGE = {
    "reading": _READING,
    "waiting": State(QT_TRANSLATE_NOOP("State", "Waiting"), "hourglass", Tone.INFO, 0),
    "writing": _BY_STATUS[ItemStatus.PROCESSING],
    "repairing": State(QT_TRANSLATE_NOOP("State", "Repairing"), "wrench", Tone.WARN, 0),
    "saving": State(QT_TRANSLATE_NOOP("State", "Saving"), "save", Tone.ACCENT, 0),
}


def state_of(item: ItemView, progress: Progress | None = None, *, paused: bool = False) -> State:
    """The state to show; a running item's stage comes from its newest progress. `paused` = its batch is."""
    if item.status is ItemStatus.QUEUED and (paused or item.held):
        return _PAUSED
    if item.status is ItemStatus.PROCESSING:
        if paused or item.held:
            return _STOPPING
        stage = progress.stage if progress is not None else item.stage
        return _BY_STAGE.get(stage, _BY_STATUS[ItemStatus.PROCESSING])
    if item.status is ItemStatus.DRAFT and item.stage == "reading":
        return _READING
    return _BY_STATUS[item.status]


def stage_text(stage: str) -> str:
    """The word for a stage of a card that is being made."""
    return _BY_STAGE.get(stage, _BY_STATUS[ItemStatus.PROCESSING]).text


def states_with(needle: str) -> frozenset[State]:
    """The states whose word holds a folded text; none for ""."""
    states = {*_BY_STATUS.values(), *_BY_STAGE.values(), _PAUSED, _STOPPING}
    return frozenset(state for state in states if needle and needle in state.text.casefold())


def source_text(item: ItemView) -> str:
    """The source, and the card that is updated from it."""
    if not item.target:
        return item.source
    return translate("State", "%1 → %2").replace("%1", item.source).replace("%2", item.target)


def error_text(item: ItemView) -> str:
    """The error's sentence without the file's name in front, which the row shows already."""
    if item.error is None:
        return ""
    text = item.error.message.removeprefix(f"{item.source}: ")
    return text[:1].upper() + text[1:]


def progress_text(item: ItemView, progress: Progress | None, shown: State | None = None) -> str:  # noqa: PLR0911
    """One line that says what is going on, or what came out."""
    match item.status:
        case ItemStatus.FAILED:
            return error_text(item)
        case ItemStatus.COMPLETED:
            return item.card_name
        case ItemStatus.QUEUED if item.held:
            return translate("State", "Waits until you resume it")
        case ItemStatus.QUEUED if shown is _PAUSED:
            return translate("State", "Waits until its batch goes on")
        case ItemStatus.QUEUED:
            return translate("State", "Waits for its turn")
        case ItemStatus.DRAFT if item.stage == "reading":
            return translate("State", "Reading the source…")
        case ItemStatus.DRAFT:
            return item.warnings[0] if item.warnings else translate("State", "Waits for Start")
        case ItemStatus.PROCESSING if progress is not None and progress.field:
            return _field_text(progress)
        case ItemStatus.PROCESSING:
            return translate("State", "Waiting for the first words…")
        case _:
            return error_text(item) or translate("State", "Cancelled by you")


def _field_text(progress: Progress) -> str:
    """``First message · 61% · 34 tokens/s``; the pace only when it is known."""
    field = formatting.field_label(progress.field)
    percent = str(round(100 * min(1.0, max(0.0, progress.fraction))))
    pace = progress.tokens_per_second
    whole = translate("State", "%1 · %2%") if not pace else translate("State", "%1 · %2% · %3 tokens/s")
    return (
        whole.replace("%3", formatting.number(round(pace or 0))).replace("%2", percent).replace("%1", field)
    )


def seconds(item: ItemView, now: datetime | None = None) -> float | None:
    """How long an item ran, or runs by now; None before its start."""
    if item.started_at is None or item.status in (ItemStatus.QUEUED, ItemStatus.DRAFT):
        return None
    if item.finished_at is None and item.status is not ItemStatus.PROCESSING:
        return None
    end = item.finished_at or now or datetime.now(UTC)
    return max(0.0, (_aware(end) - _aware(item.started_at)).total_seconds())


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def time_text(item: ItemView) -> str:
    """How long an item ran, as the table shows it."""
    ran = seconds(item)
    return "—" if ran is None else formatting.duration(ran)


def total_tokens(item: ItemView) -> tuple[int | None, bool]:
    """Tokens of the item, input and output together, and whether that is an estimate.

    Of a range it is the middle; where there is none, the most there may be.
    """
    if item.input_tokens is not None:
        return item.input_tokens + (item.output_tokens or 0), False
    if item.estimate_input is None:
        return None, True
    low, high = item.estimate_output_low, item.estimate_output or 0
    return item.estimate_input + (high if low is None else (low + high) // 2), True


def tokens_text(item: ItemView) -> str:
    """Tokens as the table shows them: what may be needed before, what was used after."""
    count, estimate = total_tokens(item)
    if estimate and count is not None and item.estimate_output_low is None:
        return formatting.up_to(formatting.number(count), short=True)
    return formatting.tokens(count, estimate=estimate)


def cost_text(item: ItemView) -> str:
    """Cost as the table shows it: estimated before, real after."""
    if item.local:
        return formatting.cost(None, local=True)
    if item.input_tokens is not None:
        return formatting.cost(item.cost, local=False)
    if item.estimate_input is None:
        return "—"
    return formatting.expected_cost(item.estimate_cost_low, item.estimate_cost, short=True)


def expected_text(item: ItemView) -> str:
    """``3,100 tokens in, 900–1,200 out: $0.012–0.020``; "" while it is read, and with real figures."""
    if item.input_tokens is not None or item.estimate_input is None or item.estimate_output is None:
        return ""
    text = translate("Queue", "%1 tokens in, %2 out: %3")
    for mark, part in (
        ("%1", formatting.tokens(item.estimate_input, estimate=not item.estimate_exact)),
        ("%2", formatting.expected_tokens(item.estimate_output_low, item.estimate_output)),
        ("%3", formatting.expected_cost(item.estimate_cost_low, item.estimate_cost, local=item.local)),
    ):
        text = text.replace(mark, part, 1)
    if item.estimate_output_low is not None:
        return text
    hint = translate("Queue", "After ten such calls it is known better than by the profile's limits.")
    return f"{text}\n{hint}"
