"""What models cost: the list's prices, the person's own ones, and newer ones on request."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QDate, QLocale, Qt, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QHeaderView, QLineEdit, QTableView, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.costs.price_table import PriceTable
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, line, row, set_role, set_tone
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.plain_rows import PlainRowDelegate, dress_plain

if TYPE_CHECKING:
    from datetime import date

    from cardforge_desktop.costs.prices import Price, Priceable
    from cardforge_desktop.workspace import Workspace

_NUMBER_WIDTH, _ENGINE_WIDTH, _SOURCE_WIDTH = 90, 140, 120


class PricesDialog(QDialog):
    """Shows all models; the chosen one can be given a price."""

    def __init__(self, parent: QWidget, services: Services, wanted: tuple[str, str] = ("", "")) -> None:
        """`wanted`: engine and model that a price is wanted for."""
        super().__init__(parent)
        self._services, self._wanted = services, wanted
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(self.tr("Prices"))
        self.model = PriceTable(self)
        self.table = self._make_table()
        self._list_day = label("", "muted", wrap=True)
        self.newer = button(
            self.tr("Fetch newer prices"),
            tip=self.tr("From the genai-prices project; nothing is sent there"),
        )
        self.newer.clicked.connect(lambda _checked=False: self._do(_fetch, self.tr("Fetching…")))
        self._about = label("", "title", wrap=True)
        self.input = self._field(self.tr("Input"), self.tr("Needed"))
        self.output = self._field(self.tr("Output"), self.tr("Needed"))
        self.cached = self._field(self.tr("Cached input"), self.tr("As input"))
        self.cache_write = self._field(self.tr("Input kept in a cache"), self.tr("As input"))
        self.keep = button(self.tr("Use this price"), "primary")
        self.forget = button(self.tr("Use the list's price"), tip=self.tr("Forget the price of your own"))
        self.keep.clicked.connect(self._on_keep)
        self.forget.clicked.connect(self._on_forget)
        self._said = label("", "muted", wrap=True)
        close = button(self.tr("Close"))
        close.clicked.connect(self.accept)
        self._lay_out(close)
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._show_row())
        resize_within_screen(self, 760, 620)
        self._show_row()
        self._do(_nothing)

    @property
    def said(self) -> str:
        """What is wrong, or under way."""
        return self._said.text()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(self.tr("Prices of models"))
        dress_plain(table)
        table.setItemDelegate(PlainRowDelegate(self._services.theme, table))
        head = table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, _ENGINE_WIDTH)
        for column in range(2, 5):
            table.setColumnWidth(column, _NUMBER_WIDTH)
        table.setColumnWidth(5, _SOURCE_WIDTH)
        return table

    def _field(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        made.returnPressed.connect(self._on_keep)
        return made

    def _lay_out(self, close: QWidget) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        for column, field in enumerate((self.input, self.output, self.cached, self.cache_write)):
            caption = label(field.accessibleName(), "caption")
            caption.setBuddy(field)
            grid.addWidget(caption, 0, column)
            grid.addWidget(field, 1, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addLayout(row(label(self.tr("Prices"), "heading"), None, self.newer))
        layout.addWidget(self._list_day)
        layout.addWidget(self.table, 1)
        layout.addWidget(line())
        layout.addWidget(self._about)
        layout.addLayout(grid)
        layout.addWidget(self._said)
        layout.addLayout(row(self.keep, self.forget, None, close))

    # What is shown

    def _do(self, work: Callable[[Workspace], object], meanwhile: str = "") -> None:
        """Do something with the prices, and show them as they are after it."""
        self.newer.setEnabled(False)
        self._say(meanwhile)
        self._services.background.start(self._done(work))

    async def _done(self, work: Callable[[Workspace], object]) -> None:
        try:
            await self._services.background.call(work)
            day, rows = await self._services.background.call(_read)
        except CardForgeError as error:
            if not shiboken6.isValid(self):  # closed meanwhile
                raise
            self._say(error.message, "error")  # what was written stays as it is written
        else:
            if not shiboken6.isValid(self):
                return
            self._show(day, rows)
            self._say("")
        self.newer.setEnabled(True)

    def _show(self, day: date, rows: tuple[tuple[Priceable, Price | None], ...]) -> None:
        current = self.table.currentIndex().row()
        kept, self._wanted = self._wanted, ("", "")
        is_wanted = any(kept)
        if 0 <= current < self.model.rowCount():
            of, _price = self.model.row(current)
            kept = (of.engine, of.model)
        told = QLocale().toString(QDate(day.year, day.month, day.day), QLocale.FormatType.LongFormat)
        text = self.tr(
            "US dollars for a million tokens. The list is that of the genai-prices project, of %1. A figure "
            "that a provider sends with its answer wins over all of these."
        )
        self._list_day.setText(text.replace("%1", told))
        self.model.show_prices(rows)
        at = self.model.row_of(*kept)
        if rows:
            # `selectRow` chooses nothing where the columns stand from right to left.
            self.table.setCurrentIndex(self.model.index(max(0, at), 0))
        self._show_row()
        if is_wanted and self.input.isEnabled():
            self.input.setFocus()

    def _chosen(self) -> tuple[Priceable, Price | None] | None:
        at = self.table.currentIndex().row()
        return self.model.row(at) if 0 <= at < self.model.rowCount() else None

    def _show_row(self) -> None:
        chosen = self._chosen()
        can = chosen is not None and not chosen[0].local
        for part in (self.input, self.output, self.cached, self.cache_write, self.keep):
            part.setEnabled(can)
        price = chosen[1] if chosen is not None else None
        self.forget.setEnabled(can and price is not None and price.source == "yours")
        fields = {"input": self.input, "output": self.output}
        fields |= {"cached": self.cached, "cache_write": self.cache_write}
        for name, field in fields.items():
            set_tone(field, "")
            field.setText("" if price is None else f"{getattr(price, name).normalize():f}")
        if chosen is None:
            self._about.setText(self.tr("No model is set up that costs something."))
        elif chosen[0].local:
            self._about.setText(
                self.tr("%1 runs on your machine: it is free.").replace("%1", chosen[0].model)
            )
        else:
            text = self.tr("%1 at %2").replace("%2", chosen[0].engine)
            self._about.setText(text.replace("%1", chosen[0].model))

    # What is done

    @Slot()
    def _on_keep(self) -> None:
        chosen, price = self._chosen(), self._written()
        if chosen is None or chosen[0].local:
            return
        if price is None:
            self._say(self.tr("Write US dollars for a million tokens, such as 0.15."), "error")
            return
        of = chosen[0]
        self._do(partial(_set, engine=of.engine, model=of.model, price=price))

    @Slot()
    def _on_forget(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            of = chosen[0]
            self._do(lambda workspace: workspace.prices.forget_own(of.engine, of.model))

    def _written(self) -> Price | None:
        from cardforge_desktop.costs.prices import Price

        rates = [self._rate(field, needed=True) for field in (self.input, self.output)]
        rates += [self._rate(field, needed=False) for field in (self.cached, self.cache_write)]
        if any(rate is None for rate in rates):
            return None
        plain, output, cached, written = (rate if rate is not None else Decimal(-1) for rate in rates)
        return Price(
            plain, output, plain if cached < 0 else cached, plain if written < 0 else written, "yours"
        )

    @staticmethod
    def _rate(field: QLineEdit, *, needed: bool) -> Decimal | None:
        """What is written; -1 for nothing where that is right, None where it is no price."""
        from cardforge_desktop.costs.amounts import read_dollars

        text = field.text().strip()
        try:
            rate = read_dollars(text) if text or needed else Decimal(-1)
        except ValueError:
            rate = None
        set_tone(field, "error" if rate is None else "")
        return rate

    def _say(self, text: str, role: str = "muted") -> None:
        self._said.setText(text)
        set_role(self._said, role)


def _read(workspace: Workspace) -> tuple[date, tuple[tuple[Priceable, Price | None], ...]]:
    return workspace.prices.list_day, workspace.prices.known(workspace.usage.models())


def _fetch(workspace: Workspace) -> None:
    workspace.prices.fetch()


def _nothing(_workspace: Workspace) -> None:
    """The prices as they are."""


def _set(workspace: Workspace, engine: str, model: str, price: Price) -> None:
    workspace.prices.set_own(engine, model, price)
