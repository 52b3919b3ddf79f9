"""The figures at the top of the costs panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.costs import words
from cardforge_desktop.ui.spent_today import left_text, limit_name, used_text
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Theme, Tone
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, label, row, set_tone
from cardforge_desktop.ui.widgets.thin_bar import ThinBar

if TYPE_CHECKING:
    from cardforge_desktop.batches.card_costs import TypicalCost
    from cardforge_desktop.costs.limits import Standing
    from cardforge_desktop.costs.sums import Sum


_LEAST_LIMIT = 270


class Tile(Card):
    """A figure with a name above and a line below."""

    def __init__(self, title: str) -> None:
        super().__init__(margin=SPACE_M)
        self.body.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self.setAccessibleName(title)
        self.body.setSpacing(SPACE_XS)
        self.title = label(title, "caption")
        self.figure = label("–", "figure")
        self.below = ElidedLabel("", "caption")
        for part in (self.title, self.figure, self.below):
            self.body.addWidget(part)
        self.body.addStretch(1)

    @property
    def needed_width(self) -> int:
        """With less its words are shortened."""
        return self.sizeHint().width()

    def tell(self, figure: str, below: str) -> None:
        """Show both, and say them."""
        self.figure.setText(figure)
        self.below.set_whole(below)
        self.setAccessibleDescription(f"{figure}, {below}")


class SpendingTile(Tile):
    """What a day or a month took."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.unknown = label("", "caption")
        set_tone(self.unknown, "warn")
        self.unknown.hide()
        self.body.insertWidget(3, self.unknown)

    def show_sum(self, shown: Sum) -> None:
        """What is unknown is said, and not counted as nothing."""
        spending = shown.spending
        all_unknown = bool(spending.unknown_calls) and spending.unknown_calls == spending.calls
        amount = formatting.cost(None if all_unknown else spending.cost, local=shown.free)
        self.tell(amount, words.calls_text(spending))
        self.unknown.setText(words.unknown_text(spending.unknown_calls))
        self.unknown.setVisible(bool(spending.unknown_calls) and not all_unknown)
        exact = words.exact_cost(spending, free=shown.free)
        tokens_in, tokens_out = map(formatting.number, (spending.input_tokens, spending.output_tokens))
        tip = self.tr("%1 tokens in, %2 tokens out").replace("%1", tokens_in).replace("%2", tokens_out)
        self.setToolTip(f"{exact}\n{tip}")


class CardTile(Tile):
    """What a finished card costs.

    Attributes:
        is_told: it was read.
    """

    is_told = False

    def show_typical(self, typical: TypicalCost) -> None:
        """The median; how many cards are not in it is told in the tooltip."""
        self.is_told = True
        if typical.cost is None and typical.free:
            self.tell(formatting.cost(None, local=True), self.tr("%Ln card(s)", None, typical.free))
        elif typical.cost is None:
            self.tell("–", self.tr("no finished cards"))
        else:
            below = self.tr("median of %Ln card(s)", None, typical.cards)
            self.tell(formatting.money(typical.cost), below)
        left_out = []
        if typical.free:
            left_out.append(self.tr("%Ln free card(s) left out", None, typical.free))
        if typical.unknown:
            left_out.append(self.tr("%Ln card(s) of unknown cost left out", None, typical.unknown))
        self.setToolTip("\n".join(left_out))


class LimitTile(Tile):
    """What is left of the limit that is nearest to its end; the others below it.

    Signals:
        wanted(): the person wants to set limits.
    """

    wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("")
        self.set_title(self.tr("Limit"))
        self.bar = ThinBar(theme, self.tr("Left of the limit"))
        self.set_one = button(
            self.tr("Set one…"), "link", tip=self.tr("Limit what a day or a month may take")
        )
        self.set_one.clicked.connect(self.wanted)
        self.others = QVBoxLayout()
        self.others.setSpacing(SPACE_XS)
        self.body.insertWidget(2, self.bar)
        self._none = QWidget()
        self._none.setLayout(row(label(self.tr("No limit"), "muted"), self.set_one, None))
        self.body.insertWidget(4, self._none)
        self.body.insertLayout(5, self.others)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for part in (self.bar, self._none):  # till it is known which limits there are
            part.hide()

    def set_title(self, title: str) -> None:
        """The limit's name."""
        self.title.setText(title)
        self.setAccessibleName(title)

    @property
    def needed_width(self) -> int:
        """What is used and when it resets may be shortened: it is in the tooltip."""
        return max(_LEAST_LIMIT, self.figure.sizeHint().width() + 2 * SPACE_L)

    def show_standings(self, standings: Sequence[Standing]) -> None:
        """All limits there are."""
        ordered = sorted(standings, key=lambda each: -each.share)
        self._clear_others()
        for part in (self.bar, self.figure, self.below):
            part.setVisible(bool(ordered))
        self._none.setVisible(not ordered)
        if not ordered:
            self.set_title(self.tr("Limit"))
            self.tell(self.tr("No limit"), "")
            self.setToolTip("")
            return
        self._show_nearest(ordered[0])
        for standing in ordered[1:]:
            text = self.tr("%1: %2").replace("%1", limit_name(standing)).replace("%2", left_text(standing))
            made = ElidedLabel(text, "caption")
            set_tone(made, "warn" if standing.is_near else "")
            made.setToolTip(_details(standing))
            self.others.addWidget(made)

    def _show_nearest(self, standing: Standing) -> None:
        self.set_title(limit_name(standing))
        tone = Tone.ERROR if standing.is_reached else Tone.WARN if standing.is_near else Tone.ACCENT
        self.bar.set_tone(tone)
        self.bar.set_fraction(1 - standing.share)
        below = " · ".join(filter(None, (used_text(standing), words.reset_text(standing.period.end))))
        set_tone(self.figure, "error" if standing.is_reached else "")
        if standing.is_reached:
            self.tell(self.tr("Used up"), below)
        else:
            self.tell(left_text(standing), below)
        self.setToolTip(_details(standing))

    def _clear_others(self) -> None:
        while (item := self.others.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()


class TileRow(QWidget):
    """The tiles side by side; two by two where that is too narrow."""

    def __init__(self, tiles: Sequence[Tile], wide: Tile) -> None:
        """`wide`: takes the room that is left."""
        super().__init__()
        self._tiles, self._wide = tuple(tiles), wide
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_L)
        self._arrange(len(self._tiles))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All in a row, or not."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Look again whether all fit in a row: they say something else."""
        needed = sum(tile.needed_width for tile in self._tiles) + SPACE_L * (len(self._tiles) - 1)
        self._arrange(len(self._tiles) if needed <= self.width() else 2)

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for at in range(len(self._tiles)):
            self._grid.setColumnStretch(at, 0)
        for at, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, at // columns, at % columns)
            is_wide = columns == 2 or tile is self._wide
            if at < columns:
                self._grid.setColumnStretch(at, int(is_wide))


def _details(standing: Standing) -> str:
    end = words.reset_text(standing.period.end)
    return "\n".join(filter(None, (limit_name(standing), used_text(standing), end)))
