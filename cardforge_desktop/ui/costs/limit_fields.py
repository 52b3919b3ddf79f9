"""Two fields in which a limit is written: US dollars and tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.widgets.basics import set_tone

if TYPE_CHECKING:
    from cardforge_desktop.costs.limits import Limit

translate = QCoreApplication.translate
_WRONG: Any = object()


class LimitFields:
    """Two fields for one limit: US dollars and tokens; nothing in them = no limit. Not a widget itself."""

    def __init__(self, name: str) -> None:
        self.money = _field(translate("LimitsDialog", "%1: US dollars").replace("%1", name))
        self.tokens = _field(translate("LimitsDialog", "%1: tokens").replace("%1", name))

    def show_limit(self, limit: Limit) -> None:
        """Show a limit."""
        self.money.setText("" if limit.cost is None else f"{limit.cost.normalize():f}")
        self.tokens.setText("" if limit.tokens is None else formatting.number(limit.tokens))

    def read(self) -> Limit | None:
        """What is written; None where it is no limit: the field is marked then."""
        from cardforge_desktop.costs.amounts import read_dollars, read_tokens
        from cardforge_desktop.costs.limits import Limit

        cost, tokens = _read(self.money, read_dollars), _read(self.tokens, read_tokens)
        for field, value in ((self.money, cost), (self.tokens, tokens)):
            set_tone(field, "error" if value is _WRONG else "")
        return None if _WRONG in (cost, tokens) else Limit(tokens, cost)


def _read(field: QLineEdit, read: Callable[[str], Any]) -> Any:
    text = field.text().strip()
    try:
        return read(text) if text else None
    except ValueError:
        return _WRONG


def _field(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(translate("LimitsDialog", "No limit"))
    return made
