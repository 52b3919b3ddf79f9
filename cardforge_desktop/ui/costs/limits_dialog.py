"""What may be spent at most: each day, each month, or for one batch."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QCoreApplication, Qt, Slot
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.costs.limit_fields import LimitFields
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP
from cardforge_desktop.ui.widgets.basics import button, label, row, set_role

if TYPE_CHECKING:
    from decimal import Decimal

    from cardforge_desktop.costs.limits import Limit
    from cardforge_desktop.workspace import Workspace

_CONTEXT = "LimitsDialog"
#: Scopes and their names, of the limits that hold for everything; as `costs.limits.DAY` and `MONTH`.
EVERYTHING = (
    ("day", QT_TRANSLATE_NOOP("LimitsDialog", "Each day")),
    ("month", QT_TRANSLATE_NOOP("LimitsDialog", "Each month")),
)


class LimitsDialog(QDialog):
    """Shows and changes the limits of some scopes."""

    def __init__(
        self,
        parent: QWidget,
        services: Services,
        scopes: Sequence[tuple[str, str]] = EVERYTHING,
        title: str = "",
    ) -> None:
        """Args:
        scopes: of `costs.limits`, each with its name (a source text of this context, or any other text).
        title: "" = of the limits for everything.
        """
        super().__init__(parent)
        self._services = services
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        heading = title or self.tr("Limits")
        self.setWindowTitle(heading)
        self.fields = {scope: LimitFields(_told(name)) for scope, name in scopes}
        self._used = {scope: label("", "caption", wrap=True) for scope in self.fields}
        self._said = label("", "muted", wrap=True)
        self.save = button(self.tr("Save"), "primary", tip=self.tr("The limits count from the next call on"))
        self.save.setDefault(True)
        self.save.setEnabled(False)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._on_save)
        about = label(
            self.tr(
                "Leave a field empty for no limit. Before each call the most it may take is kept for it, so "
                "that a limit is never passed. Engines of your own machine do not count."
            ),
            "muted",
            wrap=True,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(heading, "heading", wrap=True))
        layout.addWidget(about)
        layout.addLayout(self._grid(scopes))
        layout.addWidget(self._said)
        layout.addStretch(1)
        layout.addLayout(row(None, cancel, self.save))
        self.setMinimumWidth(520)
        services.background.start(self._load())

    @property
    def said(self) -> str:
        """What is wrong, "" when nothing is."""
        return self._said.text()

    def _grid(self, scopes: Sequence[tuple[str, str]]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_M)
        grid.setVerticalSpacing(SPACE_S)
        for column, text in enumerate((self.tr("US dollars"), self.tr("Tokens")), start=1):
            grid.addWidget(label(text, "caption"), 0, column)
            grid.setColumnStretch(column, 1)
        for line, (scope, name) in enumerate(scopes):
            fields = self.fields[scope]
            grid.addWidget(label(_told(name)), 2 * line + 1, 0)
            grid.addWidget(fields.money, 2 * line + 1, 1)
            grid.addWidget(fields.tokens, 2 * line + 1, 2)
            grid.addWidget(self._used[scope], 2 * line + 2, 1, 1, 2)
        return grid

    async def _load(self) -> None:
        found = await self._services.background.call(partial(_limits_and_used, scopes=tuple(self.fields)))
        if not shiboken6.isValid(self):  # closed meanwhile
            return
        for scope, (limit, (tokens, cost)) in found.items():
            self.fields[scope].show_limit(limit)
            text = self.tr("Used so far: %1 · %2").replace("%1", formatting.money(cost))
            self._used[scope].setText(text.replace("%2", formatting.tokens_text(tokens)))
        self.save.setEnabled(True)
        next(iter(self.fields.values())).money.setFocus()

    @Slot()
    def _on_save(self) -> None:
        limits = {scope: fields.read() for scope, fields in self.fields.items()}
        told = {scope: limit for scope, limit in limits.items() if limit is not None}
        if len(told) < len(limits):
            self._say(self.tr("Write amounts such as 2.50, and tokens such as 500k or 1,000,000."))
            return
        self.save.setEnabled(False)
        self._services.background.start(self._store(told))

    async def _store(self, limits: dict[str, Limit]) -> None:
        try:
            await self._services.background.call(partial(_set, limits=limits))
        except CardForgeError as error:
            if not shiboken6.isValid(self):
                raise
            self._say(error.message)
            self.save.setEnabled(True)
            return
        self._services.desk.notice.emit(
            Notice(_told(QT_TRANSLATE_NOOP("LimitsDialog", "The limits are kept.")), "ok", lasting=False)
        )
        if shiboken6.isValid(self):
            self.accept()

    def _say(self, text: str) -> None:
        self._said.setText(text)
        set_role(self._said, "error")


def _told(text: str) -> str:
    return QCoreApplication.translate(_CONTEXT, text)


def _limits_and_used(
    workspace: Workspace, scopes: Sequence[str]
) -> dict[str, tuple[Limit, tuple[int, Decimal]]]:
    limits = workspace.limits
    return {scope: (limits.get(scope), limits.used(scope)) for scope in scopes}


def _set(workspace: Workspace, limits: dict[str, Limit]) -> None:
    from cardforge_desktop.costs.limits import DAY, MONTH

    for scope, limit in limits.items():
        if scope in (DAY, MONTH):
            workspace.limits.set(scope, limit)
        else:
            workspace.queue.change_batch(scope, limit=limit)
