"""Where a person goes who is told that a limit stopped a call, or that a price is missing."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui.services import Link, Services
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

_WAYS: Mapping[str, tuple[str, str]] = {
    ErrorCode.LIMIT_REACHED: (QT_TRANSLATE_NOOP("Limits", "Limits…"), "costs.limits"),
    ErrorCode.LIMIT_NO_PRICE: (QT_TRANSLATE_NOOP("Limits", "Prices…"), "costs.prices"),
}


def way_out(services: Services, error: BaseException | None) -> Link | None:
    """The link to where what the error says can be changed; None = it is of no limit."""
    way = _WAYS.get(error.code) if isinstance(error, CardForgeError) else None
    if way is None:
        return None
    text, action = way
    return Link(QCoreApplication.translate("Limits", text), services.actions[action].trigger)
