"""A card made to try the profile under edit: as it grows, what it took, and beside the one before."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.batch.details import RAW_ANSWER
from cardforge_desktop.ui.batch.fields_view import FieldsView
from cardforge_desktop.ui.costs.ways_out import way_out
from cardforge_desktop.ui.profiles.preview import words
from cardforge_desktop.ui.profiles.preview.choice_bar import ChoiceBar
from cardforge_desktop.ui.profiles.preview.remark import Remark
from cardforge_desktop.ui.profiles.preview.trial_desk import TrialDesk
from cardforge_desktop.ui.profiles.preview.try_progress import TryProgress
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, label, row
from cardforge_desktop.ui.widgets.diff_view import DiffView
from cardforge_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cardforge_desktop.batches.trials import Preview
    from cardforge_desktop.events import Progress
    from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile

_SECOND_MS = 1_000


class TryPane(QWidget):
    """Tries need no save and store nothing but what they cost, until the card is kept."""

    def __init__(self, services: Services, session: OpenProfile) -> None:
        super().__init__()
        self._services, self._session = services, session
        desk = TrialDesk.of(services, session)
        self._previewing, self.trying = desk.previewing, desk.trying
        self._choice = desk.choice
        self.choice = ChoiceBar(services, desk.choice)
        self.costs = label("", "caption", wrap=True)
        self.about = label("", "caption", wrap=True)
        self.progress = TryProgress(services.theme)
        self.problem = Remark(services.icons, Tone.ERROR)
        self.warnings = Remark(services.icons, Tone.WARN)
        self.fields = FieldsView(services.theme)
        self.diff = DiffView(services.theme, services.icons, read_only=True)
        self.diff.set_titles(self.tr("The one before"), self.tr("This try"))
        self.title = ElidedLabel("", "title")
        self._seconds = QTimer(self)
        self._seconds.setInterval(_SECOND_MS)
        self._seconds.timeout.connect(self._say_taken)
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._refresh()

    def _make_buttons(self) -> None:
        self.go = button(
            self.tr("Try it"), tip=self.tr("Make one card with the profile as it stands here, saved or not")
        )
        self._services.icons.put(self.go, "play", Tone.TEXT, 16)
        self.cancel = button(self.tr("Cancel"), tip=self.tr("Stop making this card"))
        self.card_way = self._way(self.tr("Card"), self.tr("The card of the last try"))
        self.diff_way = self._way(
            self.tr("Compare"), self.tr("What differs from the try before, word by word")
        )
        self._ways = QButtonGroup(self)
        for page, way in enumerate((self.card_way, self.diff_way)):
            self._ways.addButton(way, page)
        self.card_way.setChecked(True)
        self.keep = button(self.tr("Keep this card"), tip=self.tr("Put the card into the library"))
        self.open = button(self.tr("Open in library"), tip=self.tr("Read the kept card in the library"))

    def _lay_out(self) -> None:
        empty = EmptyState(
            self._services.theme,
            self._services.icons,
            "sparkles",
            title=self.tr("Try this profile"),
            text=self.tr(
                "One card is made of the chosen source with the profile as it stands here, with your unsaved "
                "changes. Nothing is stored but what it costs."
            ),
        )
        read = Card(margin=SPACE_M)
        read.body.addWidget(self.fields)
        self.pages = QStackedWidget()
        for page in (empty, read, self.diff):
            self.pages.addWidget(page)
        head = row(self.title, self.card_way, self.diff_way, spacing=SPACE_XS)
        head.setStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_S, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.choice)
        column.addWidget(self.costs)
        begin = row(self.go, self.cancel, self.about)
        begin.setStretch(2, 1)
        column.addLayout(begin)
        for part in (self.progress, self.problem, self.warnings):
            column.addWidget(part)
        column.addLayout(head)
        column.addWidget(self.pages, 1)
        column.addLayout(row(None, self.open, self.keep))

    def _connect(self) -> None:
        self.go.clicked.connect(self.trying.begin)
        self.cancel.clicked.connect(self.trying.cancel)
        self.keep.clicked.connect(lambda _checked=False: self.trying.keep())
        self.open.clicked.connect(lambda _checked=False: self._open_card())
        self._ways.idClicked.connect(self._turn)
        self._previewing.add_viewer(self)
        self._previewing.shown.connect(self._on_preview)
        self._previewing.failed.connect(self._on_no_preview)
        self._previewing.emptied.connect(self._refresh)
        self._session.status_changed.connect(self._say_about)
        self._choice.changed.connect(self._refresh)
        self.trying.changed.connect(self._refresh)
        self.trying.moved_on.connect(self._move_on)
        if self._previewing.last is not None:
            self._on_preview(self._previewing.last)

    @Slot(object)
    def _on_preview(self, preview: Preview) -> None:
        self.choice.show_engine(words.engine_used(preview, self._session.content))
        self.costs.setText(words.costs(preview))
        self.costs.setVisible(preview.estimate is not None and preview.problem is None)

    @Slot(str)
    def _on_no_preview(self, _message: str) -> None:
        self.costs.hide()

    @Slot()
    def _refresh(self) -> None:
        trying = self.trying
        running, done = trying.is_running, trying.last
        self.go.setVisible(not running)
        self.go.setEnabled(trying.can_begin)
        self.go.setText(self.tr("Try again") if done is not None else self.tr("Try it"))
        self.cancel.setVisible(running)
        self.choice.setEnabled(not running)
        self._show_ways()
        self.keep.setVisible(done is not None and not running)
        self.keep.setEnabled(done is not None and not done.card_id)
        self.keep.setText(
            self.tr("Kept in the library") if done is not None and done.card_id else self.tr("Keep this card")
        )
        self.open.setVisible(done is not None and bool(done.card_id) and not running)
        self._say_problem()
        self._say_taken()
        self._say_about()
        if running:
            self._begin_showing()
        else:
            self._seconds.stop()
            self._show_done()

    def _begin_showing(self) -> None:
        if not self._seconds.isActive():
            self._seconds.start()
            self.title.set_whole("")
            self.fields.show_fields({})
            self.progress.begin()
            self.card_way.setChecked(True)
            self.pages.setCurrentIndex(1)

    def _show_done(self) -> None:
        """The newest card, which after a failure is the one of before; or what there is instead of one."""
        done = self.trying.last
        raw = getattr(self.trying.error, "details", {}).get(RAW_ANSWER)
        if raw:
            self.title.set_whole(self.tr("What the model answered"))
            self.fields.show_fields({RAW_ANSWER: str(raw)})
            self.pages.setCurrentIndex(1)
        elif done is not None:
            name = done.tried.draft.card.name
            before = self.tr("%1, of the try before").replace("%1", name, 1)
            self.title.set_whole(before if self._has_failed else name)
            self.fields.show_fields(dict(done.texts))
            self.pages.setCurrentIndex(2 if self.diff_way.isChecked() else 1)
        elif not self.fields.texts:
            self.title.set_whole("")
            self.pages.setCurrentIndex(0)

    @property
    def _has_failed(self) -> bool:
        """Whether the last try brought no card."""
        return self.trying.error is not None or self.trying.was_cancelled

    def _show_ways(self) -> None:
        shown = len(self.trying.tries) > 1 and not self.trying.is_running and not self._has_failed
        for way in (self.card_way, self.diff_way):
            way.setVisible(shown)
        if shown and self.diff_way.isChecked():
            self._services.background.start(self._compare())
        elif not shown:
            self.card_way.setChecked(True)

    def _say_problem(self) -> None:
        error, done = self.trying.error, self.trying.last
        if isinstance(error, CardForgeError):
            way = way_out(self._services, error)  # says what the advice would
            self.problem.say(error.message, "" if way else words.advice(error), way)
        else:
            self.problem.say("")
        told = done.tried.draft.warnings if done is not None and error is None else ()
        self.warnings.say("" if self.trying.is_running else "\n".join(told))

    @Slot()
    def _say_taken(self) -> None:
        trying = self.trying
        seconds = time.monotonic() - trying.began if trying.is_running else trying.seconds
        last = self._previewing.last
        local = trying.last.tried.local if trying.last is not None and not trying.is_running else False
        local = local or (last is not None and last.local)
        text = words.taken(seconds, trying.spent, local=local) if trying.began else ""
        if trying.was_cancelled and not trying.is_running:
            text = self.tr("Cancelled after %1").replace("%1", text, 1)
        self.progress.say_taken(text, running=trying.is_running)

    @Slot()
    def _say_about(self) -> None:
        if self._session.is_open and self._session.is_dirty:
            text = self.tr("With your unsaved changes; trying needs no save.")
        else:
            text = self.tr("With the profile as it is saved.")
        self.about.setText(text)

    @Slot(object)
    def _move_on(self, progresses: tuple[Progress, ...]) -> None:
        for progress in progresses:
            if progress.restarted:
                self.fields.show_fields({})
            if progress.field == "name":
                self.title.set_whole(progress.text)
            elif progress.field:
                self.fields.grow(progress.field, progress.text)
        self.progress.show_progress(progresses[-1])

    @Slot(int)
    def _turn(self, page: int) -> None:
        if page:
            self._services.background.start(self._compare())
        else:
            self.pages.setCurrentIndex(1)

    async def _compare(self) -> None:
        found = await self.trying.compare()
        if found is not None and self.diff_way.isChecked():
            self.diff.show_hunks(found.hunks, headings=found.headings)
            self.pages.setCurrentIndex(2)

    def _open_card(self) -> None:
        if self.trying.last is not None:
            self._services.desk.open_card.emit(self.trying.last.card_id)

    @staticmethod
    def _way(text: str, tip: str) -> QPushButton:
        made = button(text, "toggle", tip=tip)
        made.setCheckable(True)
        return made
