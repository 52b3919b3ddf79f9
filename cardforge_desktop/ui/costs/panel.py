"""The costs panel: today, this month, the limits, a chart of the days, and tables of what took what."""

from __future__ import annotations

from asyncio import Future
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.costs import words
from cardforge_desktop.ui.costs.days_card import DaysCard
from cardforge_desktop.ui.costs.exporting import LedgerExport
from cardforge_desktop.ui.costs.figures import read_figures, read_typical
from cardforge_desktop.ui.costs.groups_card import GroupsCard
from cardforge_desktop.ui.costs.tiles import CardTile, LimitTile, SpendingTile, TileRow
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.library.progress_strip import ProgressStrip
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L
from cardforge_desktop.ui.widgets.basics import button, label, row
from cardforge_desktop.ui.widgets.empty_state import EmptyState
from cardforge_desktop.ui.widgets.focus_order import move_focus
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.batches.card_costs import TypicalCost
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.ui.costs.figures import Figures

    _Readings = tuple[Future[Figures], Future[TypicalCost]]

_READ_MS = 500
#: A day that is over by the clock is looked for so soon, and a new one so late.
_SOON_MS = 250
_MEASURE = "costs/measure"
_KEYS = ("costs.export", "costs.export_all")


def _begin(background: Background, month: date | None) -> _Readings:
    """Read side by side, from now on; what a card takes comes later than the rest."""
    figures = background.begin(lambda ws: read_figures(ws, month))
    return figures, background.begin(lambda ws: read_typical(ws, month))


class CostsPanel(Panel):
    """Reads the sums when it comes into sight, when something changed, and when a day begins."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._begun: _Readings | None = _begin(services.background, None)
        self.figures: Figures | None = None
        self._month: date | None = None  # the one that was picked; None = this one, whichever it is
        self._day_ends = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._reader = Paced(services.background, _READ_MS, self._read)
        self.months = Picker(services.icons, self.tr("Month"))
        self.strip = ProgressStrip(services.background, self.tr("Stop; no file is written"))
        self.export = LedgerExport(services, self.strip, self)
        self._pages, self._area = QStackedWidget(), QScrollArea()
        self._empty: QWidget | None = None
        self.failure: EmptyState | None = None
        self._lay_out()
        self.today = SpendingTile(self.tr("Today"))
        self.this_month = SpendingTile(self.tr("This month"))
        self.limit = LimitTile(services.theme)
        self.per_card = CardTile(self.tr("Per finished card"))
        self._tiles = TileRow((self.today, self.this_month, self.limit, self.per_card), self.limit)
        self.days = DaysCard(services.theme)
        self.groups = GroupsCard(services)
        self._fill()
        self._connect()
        self._reader.ask()

    def activated(self) -> None:
        """The chart's keys are one Tab away; what can be exported, can."""
        super().activated()
        self._refresh_actions(here=True)

    def deactivated(self) -> None:
        """The actions go with the panel."""
        self._refresh_actions(here=False)

    def showEvent(self, event: QShowEvent) -> None:
        """Out of sight nothing was read."""
        super().showEvent(event)
        self._reader.ask()

    def copy(self) -> None:
        """The chosen rows of the table."""
        self.groups.copy()

    def keep_state(self) -> None:
        """Remember which table is shown, and in which measure."""
        self._services.memory.keep(_MEASURE, self.days.measure if self.days.is_chosen else "")
        self.groups.keep_state()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as the eye goes, through parts that were made late too."""
        if not move_focus(self, forward=next):
            return super().focusNextPrevChild(next)
        focused = self.focusWidget()
        if focused is not None and self._area.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused)
        return True

    # Reading

    async def _read(self) -> None:
        if not self.isVisible() and self.figures is not None:
            return  # asked again when it comes into sight
        month = self._month
        (figures, typical), self._begun = self._begun or _begin(self._services.background, month), None
        try:
            found = await figures
        except Exception as error:
            typical.cancel()
            self._tell_failure(error)
            return
        if month == self._month:
            self._show(found)
        each = await typical  # beside all that is shown: a failure is told as any other that nobody caught
        if month == self._month:
            self.per_card.show_typical(each)

    def _show(self, figures: Figures) -> None:
        self.figures = figures
        choices = [Choice(first.isoformat(), words.month_text(first)) for first in figures.months]
        self.months.set_choices(choices, figures.month.isoformat())
        self.today.show_sum(figures.today)
        self.this_month.show_sum(figures.this_month)
        self.limit.show_standings(figures.standings)
        self._tiles.fit()
        self.days.show_figures(figures)
        self.groups.show_month(figures)
        self._pages.setCurrentWidget(self._empty_page() if figures.is_empty else self._area)
        self._refresh_actions(here=self.isVisible())
        if figures.day_ends is not None:
            left = (figures.day_ends - datetime.now(UTC)).total_seconds()
            self._day_ends.start(max(_SOON_MS, round(left * 1_000) + _SOON_MS))

    def _tell_failure(self, error: Exception) -> None:
        if self.figures is None:
            self._show_failure(notice_of(error, self.tr("The log holds the details.")).text)
        else:
            sentence = self.tr("The costs could not be read. The log holds the details.")
            self._services.desk.notice.emit(notice_of(error, sentence))

    @Slot(str)
    def _pick_month(self, key: str) -> None:
        first = date.fromisoformat(key)
        is_this = self.figures is not None and first == self.figures.months[0]
        self._month = None if is_this else first
        self._reader.ask()

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if any(ids_of(kind, changes) is not None for kind in (Kind.CALL, Kind.LIMIT, Kind.PRICE)):
            self._reader.ask()

    # Parts

    def _lay_out(self) -> None:
        """From outside in: see `Panel`."""
        actions = self._services.actions
        self._export = button(
            self.tr("Export CSV…"), tip=self.tr("Write the calls to a file for spreadsheets")
        )
        self._prices = button(self.tr("Prices…"), tip=actions["costs.prices"].statusTip())
        self._limits = button(self.tr("Limits…"), tip=actions["costs.limits"].statusTip())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        heading = label(self.tr("Costs"), "heading")
        layout.addLayout(row(heading, None, self.months, self._export, self._prices, self._limits))
        layout.addWidget(self.strip)
        layout.addWidget(self._pages, 1)
        self._pages.addWidget(self._area)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setAccessibleName(self.tr("Costs"))

    def _fill(self) -> None:
        page = QWidget()
        page.setProperty("role", "page")
        self._area.setWidget(page)
        inside = QVBoxLayout(page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(SPACE_L)
        inside.addWidget(self._tiles)
        inside.addWidget(self.days, 3)
        inside.addWidget(self.groups, 2)
        self.groups.begin()

    def _empty_page(self) -> QWidget:
        """What is shown before the first call."""
        if self._empty is None:
            self._empty = self._make_empty()
            self._pages.addWidget(self._empty)
        return self._empty

    def _make_empty(self) -> EmptyState:
        act = button(self.tr("Go to the queue"), tip=self.tr("Cards are made there"))
        act.clicked.connect(lambda: self._services.desk.open_panel.emit("batch"))
        return EmptyState(
            self._services.theme,
            self._services.icons,
            "wallet",
            title=self.tr("Nothing was spent yet"),
            text=self.tr(
                "Every call to a model is listed here with its tokens and price. The built-in engine is free."
            ),
            act=act,
        )

    def _show_failure(self, text: str) -> None:
        """In the place of everything: nothing was read yet."""
        if self.failure is None:
            again = button(self.tr("Try again"))
            again.clicked.connect(self._reader.ask)
            self.failure = EmptyState(
                self._services.theme,
                self._services.icons,
                "triangle-alert",
                title=self.tr("The costs could not be read"),
                text=text,
                act=again,
            )
            self._pages.addWidget(self.failure)
        self.failure.say(text)
        self._pages.setCurrentWidget(self.failure)

    def _connect(self) -> None:
        services, actions = self._services, self._services.actions
        self.months.picked.connect(self._pick_month)
        self._export.clicked.connect(self._open_exports)
        self._prices.clicked.connect(actions["costs.prices"].trigger)
        for wish in (self._limits.clicked, self.limit.wanted):
            wish.connect(actions["costs.limits"].trigger)
        actions.handle("costs.export", lambda: self.export.browse(self._shown_month()))
        actions.handle("costs.export_all", lambda: self.export.browse(None))
        self.days.opened.connect(self.groups.show_day)
        self.days.choose(services.memory.text(_MEASURE))
        self.days.measured.connect(self.groups.show_measure)
        self._day_ends.timeout.connect(self._reader.ask)
        services.events.changed.connect(self._on_changed)

    def _shown_month(self) -> date | None:
        return None if self.figures is None else self.figures.month

    @Slot()
    def _open_exports(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions([self._services.actions[key] for key in _KEYS])
        menu.popup(self._export.mapToGlobal(self._export.rect().bottomLeft()))

    def _refresh_actions(self, *, here: bool) -> None:
        possible = here and self.figures is not None and not self.figures.is_empty
        for key in _KEYS:
            self._services.actions[key].setEnabled(possible)
        self._export.setEnabled(possible)
