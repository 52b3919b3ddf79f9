"""The part of the status bar that tells what today cost and what is left of the nearest limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from cardforge_desktop.ui.theme import SPACE_S, Theme, Tone
from cardforge_desktop.ui.widgets.basics import button, set_tone
from cardforge_desktop.ui.widgets.thin_bar import ThinBar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.costs.limits import Standing

_BAR_WIDTH = 110


class SpentToday(QWidget):
    """“Today $0.021”, a bar, “855,000 tokens left”; one click leads to the costs.

    Signals:
        wanted(): the person wants to see more.
    """

    wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.today = self._word()
        self.left = self._word()
        self._bar = ThinBar(theme, self.tr("Left of the limit"))
        self._bar.setFixedWidth(_BAR_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, SPACE_S, 0)
        layout.setSpacing(SPACE_S)
        for part in (self.today, self._bar, self.left):
            layout.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self._bar.hide()
        self.left.hide()

    def show_spent(self, spending: Spending, standings: Sequence[Standing]) -> None:
        """Today's cost, and the limit that is nearest to its end."""
        from cardforge_desktop.ui import formatting

        is_unknown = bool(spending.calls) and spending.unknown_calls == spending.calls
        told = formatting.money(None if is_unknown else spending.cost)
        text = self.tr("Today %1").replace("%1", told)
        if spending.unknown_calls and not is_unknown:
            text = self.tr("%1 and %n call(s) of unknown price", None, spending.unknown_calls).replace(
                "%1", text
            )
        self.today.setText(text)
        tip = self.tr("%1 tokens in, %2 tokens out today").replace(
            "%1", formatting.number(spending.input_tokens)
        )
        self.today.setToolTip(tip.replace("%2", formatting.number(spending.output_tokens)))
        nearest = max(standings, key=lambda standing: standing.share, default=None)
        self._bar.setVisible(nearest is not None)
        self.left.setVisible(nearest is not None)
        if nearest is not None:
            self._show_left(nearest)

    def _show_left(self, standing: Standing) -> None:
        tone = Tone.ERROR if standing.is_reached else Tone.WARN if standing.is_near else Tone.ACCENT
        self._bar.set_tone(tone)
        self._bar.set_fraction(1 - standing.share)
        self.left.setText(left_text(standing))
        set_tone(self.left, "" if tone is Tone.ACCENT else tone.value)
        self.left.setToolTip("\n".join((limit_name(standing), used_text(standing))))

    def _word(self) -> QPushButton:
        made = button("", "quiet")
        made.clicked.connect(self.wanted)
        made.setAccessibleDescription(self.tr("Show the costs"))
        return made


def limit_name(standing: Standing) -> str:
    """“Limit of the day”."""
    translate = QCoreApplication.translate
    if standing.scope == "day":
        return translate("Limits", "Limit of the day")
    if standing.scope == "month":
        return translate("Limits", "Limit of the month")
    return translate("Limits", "Limit of the batch")


def left_text(standing: Standing) -> str:
    """“855,000 tokens left”, “$1.20 left”."""
    from cardforge_desktop.ui import formatting

    translate = QCoreApplication.translate
    if standing.unit == "tokens":
        left = formatting.number(int(standing.left))
        return translate("Limits", "%1 tokens left").replace("%1", left)
    return translate("Limits", "%1 left").replace("%1", formatting.money(standing.left))


def used_text(standing: Standing) -> str:
    """“145,000 of 1,000,000 tokens used”, “$0.80 of $2.00 used, $0.35 reserved” for calls under way."""
    from cardforge_desktop.ui import formatting

    translate = QCoreApplication.translate
    is_tokens = standing.unit == "tokens"

    def told(amount: Decimal) -> str:
        return formatting.number(int(amount)) if is_tokens else formatting.money(amount)

    of_tokens, of_money = translate("Limits", "%1 of %2 tokens used"), translate("Limits", "%1 of %2 used")
    text = of_tokens if is_tokens else of_money
    text = text.replace("%1", told(standing.used)).replace("%2", told(standing.limit))
    if not standing.held:
        return text
    both = translate("Limits", "%1, %2 reserved").replace("%2", told(standing.held))
    return both.replace("%1", text)
