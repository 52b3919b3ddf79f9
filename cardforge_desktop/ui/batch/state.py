"""The word, icon and tone for where an item is."""

from __future__ import annotations

from dataclasses import dataclass
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


_READING = State(QT_TRANSLATE_NOOP("State", "Reading"), "file-search", Tone.INFO, 4)
_BY_STATUS = {
    ItemStatus.DRAFT: State(QT_TRANSLATE_NOOP("State", "Ready"), "circle-dashed", Tone.MUTED, 5),
    ItemStatus.QUEUED: State(QT_TRANSLATE_NOOP("State", "Queued"), "clock", Tone.MUTED, 3),
    ItemStatus.PROCESSING: State(QT_TRANSLATE_NOOP("State", "Writing"), "pen-line", Tone.ACCENT, 0),
    ItemStatus.COMPLETED: State(QT_TRANSLATE_NOOP("State", "Done"), "circle-check", Tone.OK, 6),
    ItemStatus.FAILED: State(QT_TRANSLATE_NOOP("State", "Failed"), "circle-x", Tone.ERROR, 1),
    ItemStatus.CANCELLED: State(QT_TRANSLATE_NOOP("State", "Cancelled"), "ban", Tone.MUTED, 7),
}
_BY_STAGE = {
    "reading": _READING,
    "waiting": State(QT_TRANSLATE_NOOP("State", "Waiting"), "hourglass", Tone.INFO, 0),
    "writing": _BY_STATUS[ItemStatus.PROCESSING],
    "repairing": State(QT_TRANSLATE_NOOP("State", "Repairing"), "wrench", Tone.WARN, 0),
    "saving": State(QT_TRANSLATE_NOOP("State", "Saving"), "save", Tone.ACCENT, 0),
}


def state_of(item: ItemView, progress: Progress | None = None) -> State:
    """The state to show; a running item's stage comes from its newest progress."""
    if item.status is ItemStatus.PROCESSING:
        stage = progress.stage if progress is not None else item.stage
        return _BY_STAGE.get(stage, _BY_STATUS[ItemStatus.PROCESSING])
    if item.status is ItemStatus.DRAFT and item.stage == "reading":
        return _READING
    return _BY_STATUS[item.status]


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


def progress_text(item: ItemView, progress: Progress | None) -> str:  # noqa: PLR0911
    """One line that says what is going on, or what came out."""
    match item.status:
        case ItemStatus.FAILED:
            return error_text(item)
        case ItemStatus.COMPLETED:
            return item.card_name
        case ItemStatus.QUEUED:
            return translate("State", "Waits for its turn")
        case ItemStatus.DRAFT if item.stage == "reading":
            return translate("State", "Reading the source…")
        case ItemStatus.DRAFT:
            return item.warnings[0] if item.warnings else translate("State", "Waits for Start")
        case ItemStatus.PROCESSING if progress is not None and progress.field:
            return formatting.field_label(progress.field)
        case ItemStatus.PROCESSING:
            return translate("State", "Waiting for the first words…")
        case _:
            return translate("State", "Cancelled by you")


def total_tokens(item: ItemView) -> tuple[int | None, bool]:
    """Tokens of the item, input and output together, and whether that is an estimate."""
    if item.input_tokens is not None:
        return item.input_tokens + (item.output_tokens or 0), False
    if item.estimate_input is None:
        return None, True
    return item.estimate_input + (item.estimate_output or 0), True


def tokens_text(item: ItemView) -> str:
    """Tokens as the table shows them."""
    count, estimate = total_tokens(item)
    return formatting.tokens(count, estimate=estimate)


def cost_text(item: ItemView) -> str:
    """Cost as the table shows it: estimated before, real after."""
    if item.local:
        return formatting.cost(None, local=True)
    if item.input_tokens is not None:
        return formatting.cost(item.cost, local=False)
    if item.estimate_input is None:
        return "—"
    return formatting.cost(item.estimate_cost, local=False, estimate=True)
