"""The tables below the chart: by model, profile, batch and engine, the days, and the dearest cards."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Slot

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.costs.figures import Figures, Line, Table, read_lines
from cardforge_desktop.ui.costs.models import DayRows, LineRows
from cardforge_desktop.ui.costs.tables import CostTable
from cardforge_desktop.ui.theme import SPACE_S
from cardforge_desktop.ui.widgets.basics import Card
from cardforge_desktop.ui.widgets.side_tabs import SideTabs, Tab

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cardforge_desktop.ui.costs.series import Measure
    from cardforge_desktop.ui.services import Services

_READ_MS = 300
_SHOWN = "costs/table"


class GroupsCard(Card):
    """Reads the table that is in sight, and no other."""

    def __init__(self, services: Services) -> None:
        super().__init__(margin=SPACE_S)
        self._services = services
        self._figures: Figures | None = None
        self._measure: Measure = "cost"
        self.tabs = SideTabs(services.icons, self._make_tabs(), wraps=True)
        self.body.addWidget(self.tabs)
        self._reader = Paced(services.background, _READ_MS, self._read)
        self.tabs.shown.connect(self._on_shown)

    def begin(self) -> None:
        """Show the table of the last time."""
        kept = self._services.memory.text(_SHOWN, "model")
        self.tabs.show_pane(kept if kept in self.tabs.tabs else "model")

    def table(self, key: str) -> CostTable:
        """The table of a tab."""
        return cast("CostTable", self.tabs.pane(key))

    def show_month(self, figures: Figures) -> None:
        """What is in sight is read anew; the models are there already."""
        self._figures = figures
        if self.tabs.current == "model":
            self._show_lines("model", figures.models)
        else:
            self._on_shown(self.tabs.current)

    @Slot(str)
    def show_measure(self, measure: Measure) -> None:
        """The days show what the chart shows."""
        self._measure = measure
        self._show_days()

    @Slot(object)
    def show_day(self, day: date) -> None:
        """Go to the row of a day; on a day without calls to the last one before it, or the first of all."""
        self.tabs.show_pane("day")
        table = self.table("day")
        if days := [row.day for row in table.rows.rows]:
            nearest = max((each for each in days if each <= day), default=min(days))
            table.setCurrentIndex(table.rows.index(days.index(nearest), 0))
        table.setFocus()

    def copy(self) -> None:
        """The chosen rows."""
        self.table(self.tabs.current).copy()

    def keep_state(self) -> None:
        """Remember which table is shown."""
        self._services.memory.keep(_SHOWN, self.tabs.current)

    def _make_tabs(self) -> tuple[Tab, ...]:
        tr = self.tr
        texts = (
            ("model", tr("Models"), "cpu", tr("What each model took")),
            ("profile", tr("Profiles"), "sliders-horizontal", tr("What was made with each profile")),
            ("batch", tr("Batches"), "layers", tr("What each batch took")),
            ("engine", tr("Engines"), "server", tr("What each engine was asked for")),
            ("day", tr("Days"), "rows-2", tr("The numbers of the chart")),
            ("card", tr("Dearest cards"), "images", tr("The finished cards that cost most")),
        )
        return tuple(
            Tab(key, text, icon, tip, lambda key=key, tip=tip: self._make_table(key, tip))  # type: ignore[misc]
            for key, text, icon, tip in texts
        )

    def _make_table(self, key: str, name: str) -> QWidget:
        rows = DayRows(self) if key == "day" else LineRows(cast("Table", key), self)
        no_card = self.tr("No card that was finished in this month cost anything")
        empty = no_card if key == "card" else self.tr("No calls in this month")
        made = CostTable(self._services.theme, rows, name, empty)
        desk = self._services.desk
        if key == "card":
            made.opened.connect(desk.open_card)
        elif key == "batch":
            made.opened.connect(desk.show_batch)
        return made

    @Slot(str)
    def _on_shown(self, key: str) -> None:
        if key == "day":
            self._show_days()
        elif self._figures is not None:
            self._reader.ask()

    def _show_days(self) -> None:
        if self._figures is not None and (table := self.tabs.made("day")) is not None:
            cast("DayRows", cast("CostTable", table).rows).show_days(self._figures.days[self._measure])

    async def _read(self) -> None:
        key, figures = self.tabs.current, self._figures
        if figures is None or key == "day":
            return
        month = figures.month
        lines = await self._services.background.call(lambda ws: read_lines(ws, cast("Table", key), month))
        if self._figures is not None and self._figures.month == month:
            self._show_lines(key, lines)

    def _show_lines(self, key: str, lines: tuple[Line, ...]) -> None:
        cast("LineRows", self.table(key).rows).show_lines(lines)
