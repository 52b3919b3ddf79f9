"""What the same batch would cost with each engine: a menu to compare, and to choose another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from cardforge_desktop.ui.batch.builder.summary import cost_text
from cardforge_desktop.ui.widgets.basics import button

if TYPE_CHECKING:
    from cardforge_desktop.batches.preparing import Expected
    from cardforge_desktop.ui.batch.builder.costing import Sums


#: Pixels of a line's name.
_WIDEST = 420


@dataclass(frozen=True, slots=True)
class Offer:
    """The batch with one engine. `models`: those that it would be asked for, "" = its own file."""

    engine: str
    models: tuple[str, ...]
    expected: Expected


class SameBatch(QWidget):
    """A button with the menu; hidden while there is nothing to choose from.

    Signals:
        picked(str): the engine that was chosen.
    """

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._offers: tuple[Offer, ...] = ()
        self._chosen: tuple[str, ...] = ()
        self._labels: Mapping[str, str] = {}
        self._open: QMenu | None = None
        self.button = button(
            self.tr("The same batch with…"), "link", tip=self.tr("What it would cost with each engine")
        )
        self.button.clicked.connect(self._show_menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.button)
        layout.addStretch(1)
        self.hide()

    def show_offers(self, offers: Sequence[Offer], chosen: Sequence[str], labels: Mapping[str, str]) -> None:
        """Offer these, cheapest first; `labels`: what the engines are called on the screen."""
        self._offers, self._chosen, self._labels = tuple(offers), tuple(chosen), labels
        self.setVisible(len(offers) > 1)

    def make_menu(self) -> QMenu:
        """A line for each engine: ``✓ OpenAI · gpt-4o-mini    $0.40``."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.setAccessibleName(self.tr("The same batch with another engine"))
        for offer in self._offers:
            named = " · ".join((self._labels.get(offer.engine, offer.engine), *filter(None, offer.models)))
            short = menu.fontMetrics().elidedText(named, Qt.TextElideMode.ElideMiddle, _WIDEST)
            # What stands behind the tab has a column of its own, as shortcuts have.
            action = menu.addAction(f"{short.replace('&', '&&')}\t{cost_text(offer.expected)}")
            action.setToolTip(named)
            action.setCheckable(True)
            action.setChecked(self._chosen == (offer.engine,))
            action.triggered.connect(partial(self._pick, offer.engine))
        return menu

    def _pick(self, engine: str, _checked: bool = False) -> None:
        self.picked.emit(engine)

    @Slot()
    def _show_menu(self) -> None:
        if self._open is not None:
            self._open.deleteLater()
        self._open = self.make_menu()
        self._open.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))


def offers_of(sums: Sums, profiles: Sequence[str]) -> list[Offer]:
    """The batch with each engine that was counted: free ones first, then by price, unknown ones last."""
    found = []
    for engine in dict.fromkeys(engine for _, engine in sums.ways):
        ways = [(profile, engine) for profile in profiles if (profile, engine) in sums.ways]
        if not ways:
            continue
        parts = [sums.ways[way] for way in ways]
        models = tuple(dict.fromkeys(sums.models.get(way, "") for way in ways))
        found.append(Offer(engine, models, sum(parts[1:], parts[0])))
    return sorted((offer for offer in found if offer.expected.cards), key=_rank)


def _rank(offer: Offer) -> tuple[object, ...]:
    return (*offer.expected.rank, offer.engine.casefold())


def unpriced_models(sums: Sums, profiles: Sequence[str], engines: Sequence[str]) -> list[tuple[str, str]]:
    """Engines and models of the chosen ways that nobody knows the price of."""
    ways = [(profile, engine) for profile in profiles for engine in engines]
    found = [
        (engine, sums.models.get((profile, engine), "") or engine)
        for profile, engine in ways
        if (expected := sums.ways.get((profile, engine))) is not None and expected.unpriced
    ]
    return list(dict.fromkeys(found))
