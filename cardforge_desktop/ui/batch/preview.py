"""The pane at the right: a card's fields as the model writes them, what it waits for, or why it failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from cardforge_desktop.batches.model import ItemStatus, ItemView
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.batch import state
from cardforge_desktop.ui.batch.compare import FEWEST, MOST
from cardforge_desktop.ui.batch.details import RAW_ANSWER
from cardforge_desktop.ui.batch.fields_view import FieldsView
from cardforge_desktop.ui.batch.file_list import Entry, FileList
from cardforge_desktop.ui.batch.item_parts import FailurePart, ProgressPart, WaitingPart
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import (
    Card,
    ElidedLabel,
    Page,
    button,
    chip,
    in_lines,
    label,
    row,
    set_tone,
)
from cardforge_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cardforge_desktop.batches.holds import Hold
    from cardforge_desktop.batches.waiting import Waiting
    from cardforge_desktop.events import Progress
    from cardforge_desktop.workspace import Workspace

_CHIP_TONES = {
    Tone.OK: "ok",
    Tone.WARN: "warn",
    Tone.ERROR: "error",
    Tone.INFO: "info",
    Tone.ACCENT: "accent",
}
#: A row that waits is looked at again at most so often, however many others move on.
_LOOK_MS = 400
#: The part above the fields takes at most this share of the pane, and scrolls beyond it.
_HEAD_SHARE = 0.55


class PreviewPane(Card):
    """Shows one item of the queue.

    Signals:
        asked(str, str): a button was pressed: item id and ``cancel``, ``retry``, ``details``, ``copy``,
            or ``open``.
        compare_asked(object): show the cards of these items side by side.
    """

    asked = Signal(str, str)
    compare_asked = Signal(object)

    def __init__(self, services: Services) -> None:
        super().__init__(margin=0)
        self._services = services
        self._item: ItemView | None = None
        self._name = ""
        self._paused = False
        self._beside: tuple[str, ...] = ()
        self.setAccessibleName(self.tr("Live preview"))
        self.fields = FieldsView(services.theme)
        self.progress = ProgressPart(services.theme)
        self.waiting = WaitingPart()
        self.failure = FailurePart()
        self.files = FileList(services.icons, self.tr("Files of the card"))
        self._title = ElidedLabel("", "title")
        self._chip = chip("")
        self._about = ElidedLabel("", "caption")
        self._remarks = label("", "warn", wrap=True, selectable=True)
        self._remarks.setAccessibleName(self.tr("Warnings"))
        self._looking = Paced(services.background, _LOOK_MS, self._look)
        self._make_buttons()
        empty = EmptyState(
            services.theme,
            services.icons,
            "eye",
            title=self.tr("Live preview"),
            text=self.tr("Select a row to see its card here, while it is written and after."),
        )
        self._pages = QStackedLayout()
        self.body.addLayout(self._pages)  # before there is a page: it shows the first, in a window if need be
        self._pages.addWidget(empty)
        self._pages.addWidget(self._lay_out())

    def _make_buttons(self) -> None:
        self._buttons = {
            "cancel": button(self.tr("Cancel"), tip=self.tr("Stop this card")),
            "retry": button(self.tr("Retry"), tip=self.tr("Try this card again")),
            "details": button(self.tr("Details…"), tip=self.tr("Its calls, what happened, the raw answer")),
            "copy": button(self.tr("Copy"), tip=self.tr("Copy what happened, for a bug report")),
            "compare": button(self.tr("Compare…"), tip=self.tr("Beside the other cards of this source")),
            "open": button(self.tr("Open in library"), tip=self.tr("Read the card in the library")),
        }
        for key, made in self._buttons.items():
            if key != "compare":
                made.clicked.connect(lambda _checked=False, key=key: self._ask(key))
        self._buttons["compare"].clicked.connect(lambda: self.compare_asked.emit(self._beside))
        self._buttons["compare"].hide()

    def _lay_out(self) -> QWidget:
        about = Page()
        inner = QVBoxLayout(about)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(2)
        for part in (self.progress, self.waiting, self.failure, self._remarks, self.files):
            inner.addWidget(part)
        inner.addStretch(1)
        self._head = _Head()
        self._head.setWidget(about)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(2)
        column.addLayout(row(self._title, self._chip))
        column.addWidget(self._about)
        column.addSpacing(SPACE_XS)
        column.addWidget(self._head)
        column.addSpacing(SPACE_XS)
        column.addWidget(self.fields, 1_000)
        column.addStretch(1)  # while there is no field to show
        column.addSpacing(SPACE_S)
        column.addWidget(in_lines(*self._buttons.values()))
        return page

    @property
    def item_id(self) -> str:
        """Id of the item that is shown, "" = none."""
        return self._item.id if self._item is not None else ""

    def show_nothing(self) -> None:
        """No item."""
        self._item = None
        self.fields.show_fields({})
        self._pages.setCurrentIndex(0)

    def show_item(self, item: ItemView, progress: Progress | None, *, paused: bool = False) -> None:
        """Show where an item is; its fields come by `show_fields` and `move_on`. `paused` = its batch is."""
        if self._item is None or self._item.id != item.id:
            self._show_beside(())
            self.fields.show_fields({})
            self._name = ""
            self.waiting.say("")
        self._item, self._paused = item, paused
        raw = item.error.details.get(RAW_ANSWER) if item.error is not None else None
        if raw:
            self.fields.show_fields({RAW_ANSWER: str(raw)})
        self._pages.setCurrentIndex(1)
        self._title.set_whole(item.card_name or self._name or item.source)
        self._show_state(progress)
        about = self.tr("%1 · %2 · %3").replace("%1", state.source_text(item)).replace("%2", item.profile)
        self._about.set_whole(about.replace("%3", item.engine))
        self.failure.show_error(item)
        self._remarks.setText("\n".join(item.warnings))
        self._remarks.setVisible(bool(item.warnings))
        self.files.setVisible(bool(item.files))
        self.files.show_entries(_file_entries(item))
        self._show_buttons(item)
        self._show_or_hide_fields()
        self._look_around(item)
        self._head.fit()

    def _show_beside(self, item_ids: Sequence[str]) -> None:
        """The shown item, and other finished ones of its source."""
        self._beside = tuple(item_ids)
        self._buttons["compare"].setVisible(len(item_ids) >= FEWEST)

    def show_name(self, name: str) -> None:
        """The card's name, as soon as it is known, takes the place of the source's."""
        self._name = name
        if self._item is not None and name:
            self._title.set_whole(self._item.card_name or name)

    def move_on(self, progresses: tuple[Progress, ...]) -> None:
        """Let the fields of the shown item grow."""
        last = None
        for progress in progresses:
            if self._item is None or progress.item_id != self._item.id:
                continue
            if progress.restarted:
                self.fields.show_fields({})
            if progress.field == "name":
                self.show_name(progress.text)
            elif progress.field:
                self.fields.grow(progress.field, progress.text)
            last = progress
        if last is not None:
            self._show_or_hide_fields()
            self._show_state(last)

    def show_fields(self, texts: dict[str, str]) -> None:
        """Show these fields in the place of what was shown."""
        self.fields.show_fields(texts)
        self._show_or_hide_fields()

    def _show_or_hide_fields(self) -> None:
        is_running = self._item is not None and self._item.status is ItemStatus.PROCESSING
        self.fields.setVisible(is_running or bool(self.fields.texts))

    def _show_state(self, progress: Progress | None) -> None:
        if self._item is None:
            return
        shown = state.state_of(self._item, progress, paused=self._paused)
        writing = self._item.status is ItemStatus.PROCESSING and shown.icon == "pen-line"
        text = self.tr("writing…") if writing else shown.text
        if text != self._chip.text():
            self._chip.setText(text)
            set_tone(self._chip, _CHIP_TONES.get(shown.tone, ""))
        self.progress.show_item(self._item, progress, paused=self._paused)

    def _show_buttons(self, item: ItemView) -> None:
        ended_badly = item.status in (ItemStatus.FAILED, ItemStatus.CANCELLED)
        shown = {
            "cancel": item.status in (ItemStatus.QUEUED, ItemStatus.PROCESSING),
            "retry": ended_badly,
            "details": item.status is not ItemStatus.DRAFT,
            "copy": item.error is not None,
            "open": item.card_id is not None,
        }
        for key, wanted in shown.items():
            self._buttons[key].setVisible(wanted)

    def _look_around(self, item: ItemView) -> None:
        """What a queued item waits for, what stands beside a finished one."""
        if item.status is ItemStatus.QUEUED or item.card_id is not None:
            self._looking.ask()
        if item.status is ItemStatus.CANCELLED and item.error is None:
            self.waiting.say(self.tr("You cancelled this row. Retry has its card made after all."))
        elif item.status is not ItemStatus.QUEUED:
            self.waiting.say("")

    async def _look(self) -> None:
        item = self._item
        if item is None:
            return
        if item.status is ItemStatus.QUEUED:
            waiting, hold = await self._services.background.call(lambda ws: _waiting(ws, item))
            if self._item is item:
                self.waiting.show_waiting(waiting, hold)
                self._head.fit()
        elif item.card_id is not None:
            found = await self._services.background.call(lambda ws: ws.batches.same_source(item.id, MOST))
            if self.item_id == item.id:
                self._show_beside(found)

    def _ask(self, key: str) -> None:
        if self._item is not None:
            self.asked.emit(self._item.id, key)


class _Head(QScrollArea):
    """What stands above the fields: as high as it needs to be, up to a share of the pane."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._height = -1

    def fit(self) -> None:
        """Take the height that is needed at this width."""
        page, pane = self.widget(), self.parentWidget()
        layout = page.layout() if page is not None else None
        if layout is None or pane is None:
            return
        layout.activate()
        wanted = max(0, layout.heightForWidth(self.viewport().width()))
        height = min(wanted, max(80, round(pane.height() * _HEAD_SHARE)))
        if height != self._height:
            self._height = height
            self.setFixedHeight(height)

    def resizeEvent(self, event: object) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self.fit()


def _file_entries(item: ItemView) -> Sequence[Entry]:
    return [Entry(path.name, path) for _, path in item.files]


def _waiting(workspace: Workspace, item: ItemView) -> tuple[Waiting | None, Hold | None]:
    holds = {hold.engine: hold for hold in workspace.queue.holds()}
    return workspace.batches.waiting(item.id), holds.get(item.engine)
