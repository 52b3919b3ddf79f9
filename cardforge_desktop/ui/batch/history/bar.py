"""The bar above the table: how the chosen batch goes on, or how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget

from cardforge_desktop.batches.model import BatchStatus, BatchSummary, Counts, ErrorInfo
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.history import words
from cardforge_desktop.ui.batch.history.painting import paint_progress
from cardforge_desktop.ui.services import Link, Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import (
    Card,
    ElidedLabel,
    button,
    chip,
    icon_button,
    label,
    row,
    set_tone,
)

if TYPE_CHECKING:
    from cardforge_desktop.batches.holds import Hold
    from cardforge_desktop.ui.batch.history.commands import BatchCommands

_CHIP_TONES = {tone: tone.value for tone in (Tone.OK, Tone.WARN, Tone.ERROR, Tone.INFO, Tone.ACCENT)}
#: Below this width of the bar there is none for the state's word.
_ROOM_FOR_CHIP = 420
_TROUBLES = {"info": "hourglass", "warn": "triangle-alert", "error": "circle-x"}
#: Errors whose way out is in the settings.
_SETTINGS = (
    ErrorCode.ENGINE_AUTH,
    ErrorCode.ENGINE_CREDIT,
    ErrorCode.ENGINE_BAD_MODEL,
    ErrorCode.ENGINE_MISSING,
    ErrorCode.ENGINE_KIND,
)


class BatchBar(Card):
    """One batch: name, state, progress, time left, cost, and what can be done with it.

    Signals:
        dismissed(str): the person does not want to see this ended batch any more.
    """

    dismissed = Signal(str)

    def __init__(self, services: Services, commands: BatchCommands) -> None:
        super().__init__(margin=SPACE_M)
        self._services, self._commands = services, commands
        self._batch: BatchSummary | None = None
        self.setAccessibleName(self.tr("Batch"))
        self.body.setSpacing(6)
        self._name = ElidedLabel("", "strong", Qt.TextElideMode.ElideMiddle)
        self._chip = chip("")
        self.pause_button = self._acting("batch.pause", self.tr("Pause"), "pause")
        self.resume_button = self._acting("batch.resume", self.tr("Resume"), "play")
        self.cancel_button = self._acting("batch.cancel", self.tr("Cancel"))
        self.retry_button = self._acting("batch.retry", self.tr("Retry failed"), role="link")
        self.output_button = self._acting("batch.output", self.tr("Open output folder"), role="link")
        self.library_button = self._acting("batch.library", self.tr("Show in library"), role="link")
        self.more_button = icon_button(services.icons, "ellipsis", self.tr("More about this batch"))
        self.more_button.clicked.connect(self.open_menu)
        self.close_button = icon_button(services.icons, "x", self.tr("Put this summary away"))
        self.close_button.clicked.connect(lambda _checked=False: self.dismissed.emit(self.batch_id))
        buttons = row(
            self.resume_button,
            self.pause_button,
            self.cancel_button,
            self.more_button,
            self.close_button,
            spacing=SPACE_XS,
        )
        head = row(self._name, self._chip)
        head.setStretch(0, 1)
        head.addLayout(buttons)
        self._links = QWidget()
        self._links.setLayout(
            row(self.output_button, self.library_button, self.retry_button, None, spacing=SPACE_M)
        )
        self._progress = _ProgressLine(services.theme)
        self._counts = ElidedLabel("", "caption")
        self._facts = label("", "caption")
        self._trouble = _Trouble(services)
        self._holds = _Trouble(services)
        self.body.addLayout(head)
        self.body.addWidget(self._progress)
        self.body.addLayout(row(self._counts, self._facts, spacing=SPACE_M))
        self.body.addWidget(self._links)
        self.body.addWidget(self._trouble)
        self.body.addWidget(self._holds)
        self.hide()

    @property
    def batch_id(self) -> str:
        """Id of the batch that is shown, "" = none."""
        return self._batch.id if self._batch is not None else ""

    @property
    def summary_text(self) -> str:
        """The line below the progress: counts, or the outcome."""
        return self._counts.whole

    @property
    def state_text(self) -> str:
        """How the batch is, and how many run where it stands for all of them."""
        return self._chip.text()

    @property
    def trouble_text(self) -> str:
        """Why it does not go on, "" = it does."""
        return self._trouble.text

    @property
    def ways_out(self) -> tuple[QPushButton, ...]:
        """What is offered beside that."""
        return self._trouble.links

    @property
    def hold_text(self) -> str:
        """Which engine is held back, "" = none."""
        return self._holds.text

    def show_batch(
        self, batch: BatchSummary | None, holds: tuple[Hold, ...], pace: float | None, running: int = 0
    ) -> None:
        """Show how a batch is.

        Args:
            pace: tokens a second of its running cards, None = unknown.
            running: how many batches run, where it stands for all of them.
        """
        self._batch = batch
        self.setVisible(batch is not None)
        if batch is None:
            return
        goes_on = words.is_open(batch)
        state = words.state_of(batch)
        self._name.set_whole(batch.name)
        several = batch.status is BatchStatus.PROCESSING and running > 1
        count = formatting.number(running)
        self._chip.setText(self.tr("1 of %1 running").replace("%1", count) if several else state.text)
        tip = self.tr(
            "%n batch(es) are running. Choose one in the list of batches to see it here.", None, running
        )
        self._chip.setToolTip(tip if several else "")
        set_tone(self._chip, _CHIP_TONES.get(state.tone, ""))
        self._progress.show_counts(batch.counts, words.counts_text(batch))
        self._counts.set_whole(words.counts_text(batch) if goes_on else words.outcome_text(batch))
        facts = [
            words.left_text(batch),
            words.cost_text(batch),
            words.rest_text(batch),
            self._pace_text(pace),
        ]
        self._facts.setText(" · ".join(text for text in facts if text and goes_on))
        self.pause_button.setVisible(goes_on and batch.status is not BatchStatus.PAUSED)
        self.resume_button.setVisible(batch.status is BatchStatus.PAUSED)
        self.cancel_button.setVisible(goes_on)
        self.retry_button.setVisible(not goes_on and bool(batch.counts.failed))
        self.library_button.setVisible(not goes_on and bool(batch.counts.completed))
        self._links.setVisible(not goes_on)
        self.close_button.setVisible(not goes_on)
        self._show_trouble(batch)
        self._show_holds(holds if goes_on else ())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where room is scarce, the state goes: buttons and counts say it too."""
        super().resizeEvent(event)
        self._chip.setVisible(event.size().width() >= _ROOM_FOR_CHIP)

    @Slot()
    def open_menu(self) -> QMenu:
        """Everything that can be done with the batch."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands.fill_menu(menu)
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))
        return menu

    def _show_trouble(self, batch: BatchSummary) -> None:
        reason = batch.reason
        if reason is None:
            self._trouble.hide()
            return
        tone = "warn" if batch.status is BatchStatus.PAUSED else "error"
        self._trouble.say(reason.message, tone, self._ways_out(reason))

    def _ways_out(self, reason: ErrorInfo) -> list[Link]:
        actions = self._services.actions
        if reason.code in _SETTINGS:
            return [Link(self.tr("Open settings"), lambda: self._services.desk.open_panel.emit("settings"))]
        if reason.code == ErrorCode.LIMIT_NO_PRICE:
            return [Link(self.tr("Prices…"), actions["costs.prices"].trigger)]
        if reason.code == ErrorCode.LIMIT_REACHED:
            of_all = reason.details.get("scope") in ("day", "month")
            return [
                Link(
                    self.tr("Raise the limit…"), actions["costs.limits" if of_all else "batch.limit"].trigger
                )
            ]
        return []

    def _show_holds(self, holds: tuple[Hold, ...]) -> None:
        if not holds:
            self._holds.hide()
            return
        hold = min(holds, key=lambda each: each.until)
        if hold.until > datetime.now(UTC):
            text = self.tr("%1 does not answer. It is tried again at %2.")
            if hold.error.code == ErrorCode.ENGINE_RATE_LIMITED:
                text = self.tr("%1 asked for a pause. Goes on at %2.")
            moment = QDateTime.fromSecsSinceEpoch(int(hold.until.timestamp())).time()
            text = text.replace("%2", QLocale().toString(moment, QLocale.FormatType.ShortFormat))
        else:
            text = self.tr("%1 is tried again with one card.")
        background = self._services.background
        try_now = lambda: background.start(background.call(lambda ws: ws.queue.try_now(hold.engine)))  # noqa: E731
        self._holds.say(text.replace("%1", hold.engine), "info", [Link(self.tr("Try now"), try_now)])
        self._holds.setToolTip(hold.error.message)

    def _pace_text(self, pace: float | None) -> str:
        return self.tr("%n token(s)/s", None, round(pace)) if pace else ""

    def _acting(self, key: str, text: str, icon: str = "", role: str = "") -> QPushButton:
        action = self._services.actions[key]
        made = button(text, role, tip=action.toolTip())
        if icon:
            self._services.icons.put(made, icon, Tone.MUTED, 16)
        made.clicked.connect(lambda _checked=False: action.trigger())
        return made


class _ProgressLine(QWidget):
    """The batch's progress as one line in parts."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._counts = Counts()
        self.setFixedHeight(6)
        theme.changed.connect(self.update)

    def show_counts(self, counts: Counts, text: str) -> None:
        """As many of each state; `text` says the same."""
        if counts != self._counts:
            self._counts = counts
            self.update()
        self.setToolTip(text)
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(120, 6)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The parts."""
        painter = QPainter(self)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        paint_progress(painter, self._theme, self.rect(), self._counts, mirrored=mirrored)


class _Trouble(QWidget):
    """A line with an icon that says why something does not go on, and what to do."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._icon = QLabel()
        self._text = label("", wrap=True, selectable=True)
        self._line = row(self._icon, self._text)
        self._line.setStretch(1, 1)
        self.setLayout(self._line)
        self._links: list[QPushButton] = []
        self._said: tuple[str, str] = ("", "")
        self.hide()

    @property
    def text(self) -> str:
        """What is said, "" when hidden."""
        return "" if self.isHidden() else self._said[0]

    @property
    def links(self) -> tuple[QPushButton, ...]:
        """The words that do something."""
        return tuple(self._links)

    def say(self, text: str, tone: str, links: Sequence[Link]) -> None:
        """Show `text`; what stands already is left alone, so that a link keeps its focus."""
        if (text, tone) != self._said:
            self._said = (text, tone)
            self._text.setText(text)
            self._services.icons.put_on_label(self._icon, _TROUBLES[tone], Tone(tone), 16)
            for old in self._links:
                old.deleteLater()
            self._links = [self._link(link) for link in links]
        self.show()

    def _link(self, link: Link) -> QPushButton:
        made = button(link.text, "link")
        made.clicked.connect(lambda _checked=False: link.do())
        self._line.addWidget(made)
        self._line.setSpacing(SPACE_S)
        return made
