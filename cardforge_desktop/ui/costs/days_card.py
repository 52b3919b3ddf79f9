"""The chart of a month with its title, its legend and the switch between money and tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup

from cardforge_desktop.ui.costs import words
from cardforge_desktop.ui.costs.chart import DayChart
from cardforge_desktop.ui.costs.legend import Legend
from cardforge_desktop.ui.theme import SPACE_M, SPACE_XS, Theme
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, label, row

if TYPE_CHECKING:
    from cardforge_desktop.ui.costs.figures import Figures
    from cardforge_desktop.ui.costs.series import Measure


class DaysCard(Card):
    """Shows money, or tokens where everything was free, until the person chooses.

    Signals:
        opened(object): the row of this `date` is wanted.
        measured(str): this measure is shown now.
    """

    opened = Signal(object)
    measured = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.body.setSpacing(SPACE_M)
        self._figures: Figures | None = None
        self._chosen: Measure | None = None
        self._title = label("", "title")
        self._sum = ElidedLabel("", "caption")
        self.legend = Legend(theme)
        self.chart = DayChart(theme)
        self.chart.opened.connect(self.opened)
        self._switch = QButtonGroup(self)
        self.measures = {
            "cost": button(self.tr("Cost"), "segment", tip=self.tr("Show what each day cost")),
            "tokens": button(self.tr("Tokens"), "segment", tip=self.tr("Show the tokens of each day")),
        }
        for key, made in self.measures.items():
            made.setCheckable(True)
            made.clicked.connect(lambda _checked=False, key=key: self.choose(key))
            self._switch.addButton(made)
        head = row(self._title, self._sum)
        head.setStretch(1, 1)
        head.addLayout(row(*self.measures.values(), spacing=SPACE_XS))
        self.body.addLayout(head)
        self.body.addWidget(self.legend)
        self.body.addWidget(self.chart, 1)

    @property
    def is_chosen(self) -> bool:
        """Whether the person chose the measure."""
        return self._chosen is not None

    @property
    def measure(self) -> Measure:
        """What is shown."""
        if self._chosen is not None:
            return self._chosen
        return "tokens" if self._figures is not None and self._figures.chosen.free else "cost"

    def choose(self, measure: str) -> None:
        """Show money or tokens from now on; "" = as it fits."""
        self._chosen = "tokens" if measure == "tokens" else "cost" if measure == "cost" else None
        self._show()

    def show_figures(self, figures: Figures) -> None:
        """The month that is looked at."""
        self._figures = figures
        self._show()

    def _show(self) -> None:
        measure, figures = self.measure, self._figures
        self.measures[measure].setChecked(True)
        is_cost = measure == "cost"
        self._title.setText(
            self.tr("Cost per day, by model") if is_cost else self.tr("Tokens per day, by model")
        )
        if figures is None:
            return
        spent = figures.chosen.spending
        text = self.tr("%1: %2 · %3").replace("%1", words.month_text(figures.month))
        text = text.replace("%2", words.cost_text(spent, free=figures.chosen.free))
        self._sum.set_whole(text.replace("%3", words.calls_text(spent)))
        days = figures.days[measure]
        self.legend.show_days(days)
        self.chart.show_days(days, figures.today_date)
        self.measured.emit(measure)
