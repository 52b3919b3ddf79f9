"""Parts of the pane beside the queue: how far an item is, what it waits for, why it failed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch import state
from cardforge_desktop.ui.batch.advice import advice_on
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Theme
from cardforge_desktop.ui.widgets.basics import ElidedLabel, label, row
from cardforge_desktop.ui.widgets.thin_bar import ThinBar

if TYPE_CHECKING:
    from cardforge_desktop.batches.holds import Hold
    from cardforge_desktop.batches.waiting import Waiting
    from cardforge_desktop.events import Progress

_SECOND_MS = 1_000


class ProgressPart(QWidget):
    """How far a running item is, and what it took so far; counts its seconds by itself."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._item: ItemView | None = None
        self.bar = ThinBar(theme, self.tr("Progress of the card"))
        self.doing = ElidedLabel("", "caption")
        self.percent = label("", "caption")
        self.taken = label("", "caption", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_XS, 0, SPACE_S)
        column.setSpacing(SPACE_XS)
        line = row(self.doing, self.percent)
        line.setStretch(0, 1)
        column.addLayout(line)
        column.addWidget(self.bar)
        column.addWidget(self.taken)
        self._seconds = QTimer(self)
        self._seconds.setInterval(_SECOND_MS)
        self._seconds.timeout.connect(self._say_taken)

    def show_item(self, item: ItemView, progress: Progress | None, *, paused: bool = False) -> None:
        """Show where the item is; hidden unless it runs or has run. `paused` = its batch is."""
        self._item = item
        is_running = item.status is ItemStatus.PROCESSING
        has_run = item.input_tokens is not None or item.finished_at is not None
        self.setVisible(is_running or has_run)
        for part in (self.bar, self.doing, self.percent):
            part.setVisible(is_running)
        if is_running and not self._seconds.isActive():
            self._seconds.start()
        elif not is_running:
            self._seconds.stop()
        if is_running:
            fraction = item.progress if progress is None else progress.fraction
            self.bar.set_fraction(fraction)
            self.percent.setText(self.tr("%1%").replace("%1", str(round(100 * min(1.0, max(0.0, fraction))))))
            stage = state.state_of(item, progress, paused=paused).text
            self.doing.set_whole(self._doing(stage, progress))
        self._say_taken()

    def _doing(self, stage: str, progress: Progress | None) -> str:
        if progress is None or not progress.field:
            return stage
        doing = self.tr("%1: %2").replace("%2", formatting.field_label(progress.field)).replace("%1", stage)
        pace = progress.tokens_per_second
        if not pace:
            return doing
        text = self.tr("%1 · %2 tokens/s").replace("%2", formatting.number(round(pace)))
        return text.replace("%1", doing)

    @Slot()
    def _say_taken(self) -> None:
        item = self._item
        if item is None:
            return
        tokens, cost = state.tokens_text(item), state.cost_text(item)
        if item.unknown_calls:
            text = self.tr("%1 · %2 tokens · cost unknown: a call was cut off")
        else:
            text = self.tr("%1 · %2 tokens · %3").replace("%3", cost)
        text, began = text.replace("%2", tokens), self._time(item)
        self.taken.setText(text.replace("%1", began) if began else text.removeprefix("%1 · "))

    def _time(self, item: ItemView) -> str:
        if item.started_at is None:
            return ""
        end = item.finished_at if item.status is not ItemStatus.PROCESSING else None
        seconds = ((end or datetime.now(UTC)) - item.started_at).total_seconds()
        return formatting.duration(max(0.0, seconds))


class WaitingPart(QWidget):
    """What a queued item waits for, in sentences."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.text = label("", "muted", wrap=True, selectable=True)
        self.text.setAccessibleName(self.tr("What this row waits for"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_S, 0, SPACE_S)
        column.addWidget(self.text)

    def show_waiting(self, waiting: Waiting | None, hold: Hold | None) -> None:
        """Say it; None = it does not wait any more."""
        self.say("" if waiting is None else "\n\n".join(self._sentences(waiting, hold)))

    def say(self, text: str) -> None:
        """Say this; "" = nothing."""
        self.text.setText(text)
        self.setVisible(bool(text))

    def _sentences(self, waiting: Waiting, hold: Hold | None) -> list[str]:
        said = []
        if waiting.held:
            said.append(self.tr("You paused this row. It waits until you resume it."))
        if waiting.paused and waiting.reason is not None:
            said.append(self.tr("Its batch is paused: %1").replace("%1", waiting.reason.message))
        elif waiting.paused:
            said.append(self.tr("You paused its batch. It waits until you resume it."))
        if hold is not None:
            said.append(self._hold(hold))
        if said:
            return said
        if waiting.ahead:
            return [self.tr("It waits for its turn: %n card(s) come before it.", None, waiting.ahead)]
        if waiting.running:
            return [
                self.tr(
                    "It is the next one: it begins when one of %n running card(s) ends.",
                    None,
                    waiting.running,
                )
            ]
        return [self.tr("It is the next one and begins in a moment.")]

    def _hold(self, hold: Hold) -> str:
        left = (hold.until - datetime.now(UTC)).total_seconds()
        if left > 0:
            text = self.tr("The engine %1 is held back for another %2: %3")
            text = text.replace("%2", formatting.duration(left))
        else:
            text = self.tr("The engine %1 is held back and just being tried again: %3")
        return text.replace("%1", hold.engine).replace("%3", hold.error.message)


class FailurePart(QFrame):
    """Why an item failed, and what to do."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.setProperty("tone", "error")
        self.setAccessibleName(self.tr("Error"))
        self.message = label("", "", wrap=True, selectable=True)
        self.advice = label("", "muted", wrap=True, selectable=True)
        self.code = label("", "caption", selectable=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        column.setSpacing(SPACE_XS)
        for part in (self.message, self.advice, self.code):
            column.addWidget(part)

    def show_error(self, item: ItemView) -> None:
        """Show the error of an item; hidden when it has none."""
        self.setVisible(item.error is not None)
        if item.error is None:
            return
        self.message.setText(state.error_text(item))
        advice = advice_on(item.error.code)
        self.advice.setText(self.tr("What to do: %1").replace("%1", advice))
        self.advice.setVisible(bool(advice))
        self.code.setText(item.error.code)
