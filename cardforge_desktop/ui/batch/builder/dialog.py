"""The batch builder: sources × profiles × engines, what they would take, and into the queue with them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.batch.builder.costing import Costing, Question, Sums
from cardforge_desktop.ui.batch.builder.form import BuilderForm, read_choices
from cardforge_desktop.ui.batch.builder.limited import beyond_text, lefts
from cardforge_desktop.ui.batch.builder.same_batch import offers_of, unpriced_models
from cardforge_desktop.ui.batch.builder.source_pane import SourcePane
from cardforge_desktop.ui.batch.builder.summary import (
    cost_text,
    engines_text,
    product_text,
    short_tokens_text,
    tokens_text,
)
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.services import Link, Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XL, Tone
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, label, line, row, set_role
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar

if TYPE_CHECKING:
    from cardforge_desktop.batches.finding import NewSource
    from cardforge_desktop.batches.model import BatchOptions, CardRef, Options
    from cardforge_desktop.batches.preparing import Expected
    from cardforge_desktop.events import Changed
    from cardforge_desktop.workspace import Workspace


class BuilderDialog(QDialog):
    """Open it with `open`; what is dropped on the panel can be given to it with `add`.

    Signals:
        added(object): ids of the new rows; the dialog closes.
    """

    added = Signal(object)

    def __init__(self, parent: QWidget, services: Services) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(self.tr("New batch"))
        self._services = services
        self._closed = False
        self._adding = False
        self._sums: Sums | None = None
        self._unpriced: list[tuple[str, str]] = []
        self.sources = SourcePane(services)
        self.form = BuilderForm(services)
        self.costing = Costing(services, self)
        self._make_foot()
        self._lay_out()
        self._connect()
        self._refresh()
        self.sources.add_files.setFocus()
        services.background.start(self._fill())

    def add(self, paths: Sequence[Path], text: str = "") -> None:
        """Add files, folders or a text to the sources."""
        self.sources.add_paths(paths)
        if text:
            self.sources.add_text(text)

    def done(self, result: int) -> None:
        """Nothing is read or counted any more."""
        self._closed = True
        self.form.shared.forget_made(but=self.form.shared.current if self._adding else "")
        self.sources.close_down()
        self.costing.stop()
        super().done(result)

    # Making

    def _make_foot(self) -> None:
        self.notice = NoticeBar(self._services.icons)
        self.unpriced = NoticeBar(self._services.icons)
        self.product = ElidedLabel("", "strong")
        self.expected = label("", "muted", wrap=True)
        self.expected.setAlignment(Qt.AlignmentFlag.AlignTop)
        # Room for two lines from the start: the whole dialog would be laid out anew with the second one.
        self.expected.setMinimumHeight(2 * self.fontMetrics().lineSpacing())
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(120, 4)
        self.bar.setAccessibleName(self.tr("Reading and counting"))
        self.cancel = button(self.tr("Cancel"))
        self.queue_button = button(self.tr("Add to queue"))
        self.start_button = button(
            "", "primary", tip=self.tr("Add these cards and start them now (Ctrl+Return)")
        )
        self._services.icons.put(self.start_button, "play", Tone.ON_ACCENT, 16)

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        sides.setSpacing(SPACE_L)
        sides.addWidget(self.sources, 11)
        sides.addWidget(self.form, 10)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.product)
        words.addWidget(self.expected)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_M)
        foot.addLayout(words, 1)
        foot.addWidget(self.bar)
        foot.addLayout(row(self.cancel, self.queue_button, self.start_button))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(self.tr("New batch"), "heading"))
        layout.addWidget(self.notice)
        layout.addWidget(self.unpriced)
        layout.addLayout(sides, 1)
        layout.addWidget(line())
        layout.addLayout(foot)
        self.setMinimumSize(800, 460)
        resize_within_screen(self, 1180, 730)

    def _connect(self) -> None:
        self.sources.changed.connect(self._on_sources)
        self.sources.reading.ended.connect(self._ask)
        self.form.changed.connect(self._ask)
        self.form.same_batch.picked.connect(lambda engine: self.form.engines.choose(engine, alone=True))
        self.form.target.picked.connect(self._offer_own_source)
        self._services.events.changed.connect(self._on_changed)
        self.costing.told.connect(self._take_sums)
        self.costing.failed.connect(self._fail)
        self.cancel.clicked.connect(self.reject)
        self.queue_button.clicked.connect(lambda _checked=False: self._submit(start=False))
        self.start_button.clicked.connect(lambda _checked=False: self._submit(start=True))
        for keys, do in (
            (QKeySequence("Ctrl+Return"), self.start_button.click),
            (QKeySequence(QKeySequence.StandardKey.Paste), self.sources.paste),
        ):
            QShortcut(keys, self).activated.connect(do)

    async def _fill(self) -> None:
        choices = await self._services.background.call(read_choices)
        if not self._closed:
            self.form.fill(choices)

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if any(ids_of(kind, changes) is not None for kind in (Kind.CONNECTION, Kind.PROFILE)):
            self._services.background.start(self._fill())
        elif ids_of(Kind.BOOK, changes) is not None:
            self._services.background.start(self._fill_books())
        if any(ids_of(kind, changes) is not None for kind in (Kind.PRICE, Kind.LIMIT)):
            self._ask()

    async def _fill_books(self) -> None:
        books = await self._services.background.call(lambda ws: ws.books.standing())
        if not self._closed:
            self.form.shared.show_books(books)

    @Slot(object)
    def _offer_own_source(self, target: Path | CardRef | None) -> None:
        """A card to update is its own source as long as there is no other."""
        if target is not None and not self.sources.model.rowCount():
            self.sources.add_card(target)

    # What is counted

    @Slot()
    def _on_sources(self) -> None:
        self.form.allow_name(len(self._items()) == 1)
        self._ask()

    @Slot()
    def _ask(self) -> None:
        """Have what can be counted counted anew, and say how it stands."""
        if self._closed:
            return
        if self.form.engines.chosen:
            self.sources.reading.go_on(self.form.engines.chosen[0])
        self._sums = None
        question = self._question()
        if question is not None:
            self.costing.ask(question)
        self._refresh()

    def _items(self) -> list[tuple[NewSource, ...]]:
        items = self.sources.model.usable()
        if self.sources.together and items:
            return [tuple(source for item in items for source in item)]
        return items

    def _question(self) -> Question | None:
        items = self._items()
        if (
            not items
            or not self.form.is_filled
            or not self.form.profiles.chosen
            or not self.form.engines.chosen
        ):
            return None
        return Question(
            tuple(items),
            self.form.options(),
            self.form.profiles.chosen,
            self.form.engines.chosen,
            tuple(self.form.engines.boxes),
        )

    @Slot(object)
    def _take_sums(self, sums: Sums) -> None:
        self._sums = sums
        self._refresh()

    @Slot(str)
    def _fail(self, message: str) -> None:
        self._sums = None
        self._refresh(message)

    # What is shown

    def _refresh(self, failure: str = "") -> None:
        items = self._items()
        profiles, engines = self.form.profiles.chosen, self.form.engines.chosen
        cards = len(items) * len(profiles) * len(engines)
        problem = failure or (self.form.problem() if self.form.is_filled else "")
        self.product.set_whole(product_text(len(items), len(profiles), len(engines)))
        set_role(self.expected, "error" if problem and items else "muted")
        self.expected.setText(problem if problem and items else self._expected_text())
        self._show_ways()
        self._show_unpriced()
        self._show_progress(len(items))
        ready = bool(cards) and not problem and not self._adding
        self._show_queue_button(ready)
        self.start_button.setEnabled(ready)
        self.start_button.setText(self.tr("Start %n card(s)", None, cards) if cards else self.tr("Start"))

    def _show_queue_button(self, ready: bool) -> None:
        """Rows of the queue have no batch yet, which a limit would belong to: it is not to be lost unseen."""
        is_limited = bool(self.form.limit.read())
        self.queue_button.setEnabled(ready and not is_limited)
        if is_limited:
            tip = self.tr("A limit of the batch counts from Start on: start the cards here, or take it out")
        else:
            tip = self.tr("Add these cards to the queue without starting them")
        self.queue_button.setToolTip(tip)
        self.queue_button.setAccessibleDescription(tip)

    def _expected_text(self) -> str:
        failed = self.sources.model.rowCount() - len(self.sources.model.usable())
        parts: list[str] = []
        if not self.sources.model.rowCount():
            return self.tr("Add sources to see what they would take.")
        if self._sums is not None and (chosen := self._chosen_sums()):
            whole = sum(chosen[1:], chosen[0])
            by_engine = [self._of_engine(name) for name in self.form.engines.chosen]
            known = [each for each in by_engine if each is not None]
            parts = [tokens_text(whole), cost_text(whole), engines_text(known)]
        elif self.costing.under_way or self.sources.reading.under_way:
            parts = [self.tr("Counting…")]
        if failed:
            parts.append(self.tr("%n source(s) can't be read and are left out", None, failed))
        text = " · ".join(part for part in parts if part)
        return "\n".join(line for line in (text, self._beyond_text()) if line)

    def _beyond_text(self) -> str:
        """Which limit will pause the batch before its end; "" = none, as far as it is known."""
        if self._sums is None:
            return ""
        return beyond_text(self._chosen_sums(), lefts(self._sums.standings, self.form.limit.read()))

    def _chosen_sums(self) -> list[Expected]:
        sums = {} if self._sums is None else self._sums.ways
        ways = [
            (profile, engine) for profile in self.form.profiles.chosen for engine in self.form.engines.chosen
        ]
        return [sums[way] for way in ways if way in sums]

    def _of_engine(self, engine: str) -> Expected | None:
        sums = {} if self._sums is None else self._sums.ways
        found = [sums[profile, engine] for profile in self.form.profiles.chosen if (profile, engine) in sums]
        return sum(found[1:], found[0]) if found else None

    def _show_ways(self) -> None:
        for engine in self.form.engines.boxes:
            expected = self._of_engine(engine)
            counted = expected is not None and expected.cards
            self.form.engines.say(engine, cost_text(expected) if counted and expected else "")
        sums = {} if self._sums is None else self._sums.ways
        for profile in self.form.profiles.boxes:
            found = [
                sums[profile, engine] for engine in self.form.engines.chosen if (profile, engine) in sums
            ]
            whole = sum(found[1:], found[0]) if found else None
            self.form.profiles.say(profile, short_tokens_text(whole) if whole and whole.cards else "")

        offers = [] if self._sums is None else offers_of(self._sums, self.form.profiles.chosen)
        if offers or not self.costing.under_way:  # else the button would come and go while one writes
            self.form.same_batch.show_offers(offers, self.form.engines.chosen, self.form.engines.labels)

    def _show_unpriced(self) -> None:
        """Where money is limited, a model without a price is not asked: said before Start."""
        limit, sums = self.form.limit.read(), self._sums
        if sums is None:
            return
        is_limited = sums.is_money_limited or (limit is not None and limit.cost is not None)
        chosen = (self.form.profiles.chosen, self.form.engines.chosen)
        unpriced = unpriced_models(sums, *chosen) if is_limited else []
        if unpriced == self._unpriced:
            return
        self._unpriced = unpriced
        if unpriced:
            self.unpriced.say(self._no_price_notice(unpriced))
        else:
            self.unpriced.dismiss()

    def _no_price_notice(self, unpriced: list[tuple[str, str]]) -> Notice:
        text = self.tr(
            "Money is limited, and nobody knows what %1 costs: its cards would not be started. Give it a "
            "price, or limit tokens instead."
        )
        models = ", ".join(dict.fromkeys(model for _, model in unpriced))
        give = Link(self.tr("Give it a price…"), lambda: self._give_price(unpriced[0]))
        return Notice(text.replace("%1", models, 1), "warn", links=(give,), lasting=True)

    def _give_price(self, model: tuple[str, str]) -> None:
        from cardforge_desktop.ui.costs.prices_dialog import PricesDialog

        PricesDialog(self, self._services, model).open()

    def _show_progress(self, total: int) -> None:
        done = self._sums.done if self._sums is not None else 0
        busy = self.costing.under_way or self.sources.reading.under_way
        self.bar.setVisible(bool(total) and busy)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)

    # Into the queue

    def _submit(self, *, start: bool) -> None:
        if not self.start_button.isEnabled():
            return
        self._adding = True
        self._refresh()
        items, options = self._items(), self.form.options()
        ways = (self.form.profiles.chosen, self.form.engines.chosen)
        batch = self.form.batch_options() if start else None
        self._services.background.start(self._add(items, options, ways, batch))

    async def _add(
        self,
        items: Sequence[Sequence[NewSource]],
        options: Options,
        ways: tuple[Sequence[str], Sequence[str]],
        batch: BatchOptions | None,
    ) -> None:
        def work(workspace: Workspace) -> tuple[str, ...]:
            ids = workspace.drafts.add_items(items, options, *ways)
            if batch is not None:
                workspace.queue.start(ids, batch)
            return ids

        try:
            ids = await self._services.background.call(work)
        except CardForgeError as error:
            self._adding = False
            if not self._closed:
                self.notice.say(notice_of(error, error.message))
                self._refresh()
            return
        self.added.emit(ids)
        if not self._closed:
            self.accept()
