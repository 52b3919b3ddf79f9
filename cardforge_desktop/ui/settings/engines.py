"""The engines at hand: whether each answers, checking, adding, removing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.engines.base import Connection, Health
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_M, Tone
from cardforge_desktop.ui.widgets.basics import (
    Card,
    ElidedLabel,
    button,
    chip,
    icon_button,
    label,
    line,
    row,
    set_tone,
)
from cardforge_desktop.ui.widgets.question import Question

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed


class _EngineRow(QWidget):
    """One engine: state, name, where it is, buttons."""

    def __init__(self, services: Services, connection: Connection, text: str) -> None:
        super().__init__()
        self.connection = connection
        icon = QLabel()
        services.icons.put_on_label(icon, "cpu" if connection.kind == "builtin" else "server", Tone.MUTED, 20)
        self._chip = chip(self.tr("not checked"))
        self._chip.setAccessibleName(self.tr("State"))
        self.check = button(self.tr("Check"), tip=self.tr("Ask the engine whether it answers"))
        self.check.setAccessibleName(self.tr("Check %1").replace("%1", connection.name))
        self.remove: QPushButton | None = None
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(ElidedLabel(text, "strong"))
        self._where = ElidedLabel(self._place(), "caption")
        words.addWidget(self._where)
        layout = row(icon, spacing=SPACE_M)
        layout.addLayout(words, 1)
        layout.addWidget(self._chip)
        layout.addWidget(self.check)
        if connection.kind != "builtin":
            self.remove = icon_button(
                services.icons, "trash-2", self.tr("Remove %1").replace("%1", connection.name)
            )
            layout.addWidget(self.remove)
        self.setLayout(layout)

    def show_checking(self) -> None:
        """A check is under way."""
        self._chip.setText(self.tr("checking…"))
        set_tone(self._chip, "info")
        self.check.setEnabled(False)

    def show_health(self, health: Health) -> None:
        """What the check said."""
        self._chip.setText(self.tr("✓ answers") if health.ok else self.tr("✕ does not answer"))
        set_tone(self._chip, "ok" if health.ok else "error")
        self._chip.setToolTip(health.message)
        self._where.set_whole(self._place() if health.ok else health.message)
        self.check.setEnabled(True)

    def _place(self) -> str:
        if self.connection.kind == "builtin":
            return self.tr("On this machine, free")
        where = self.tr("%1 at %2").replace("%1", self.connection.model or self.tr("any model"))
        return where.replace("%2", self.connection.url)


class EngineList(Card):
    """All engines, and a dialog for a new one."""

    def __init__(self, services: Services) -> None:
        super().__init__(self.tr("Engines"))
        self._services = services
        self._rows: dict[str, _EngineRow] = {}
        self._shown: tuple[tuple[Connection, str], ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(SPACE_M)
        add = button(self.tr("Add engine…"), tip=self.tr("Add a server that speaks OpenAI's protocol"))
        add.clicked.connect(lambda _checked=False: self.open_dialog())
        hint = label(
            self.tr("OpenAI, OpenRouter, LM Studio, Ollama, KoboldCpp, llama.cpp and others"),
            "caption",
            wrap=True,
        )
        self.body.setSpacing(SPACE_M)
        self.body.addLayout(self._list)
        foot = row(add, hint, spacing=SPACE_M)
        foot.setStretch(1, 1)
        self.body.addLayout(foot)
        services.events.changed.connect(self._on_changed)
        services.background.start(self._load())

    def check_all(self) -> None:
        """Ask every server; the built-in engine only on demand: asking loads its model."""
        for shown in self._rows.values():
            if shown.check.isEnabled() and shown.connection.kind != "builtin":
                self._services.background.start(self._check(shown.connection.name))

    def open_dialog(self) -> QWidget:
        """Open the dialog for a new engine."""
        from cardforge_desktop.ui.settings.engine_dialog import EngineDialog

        dialog = EngineDialog(self, self._services)
        dialog.open()
        return dialog

    async def _load(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        found = await self._services.cache.read(
            Topic(Kind.CONNECTION, "rows"),
            lambda ws: tuple((each, ws.engines.label(each.name)) for each in ws.engines.connections()),
        )
        if found == self._shown:
            return
        self._shown = found
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self._rows.clear()
        for connection, text in found:
            if self._rows:
                self._list.addWidget(line())
            made = _EngineRow(self._services, connection, text)
            made.check.clicked.connect(lambda _checked=False, name=connection.name: self._ask(name))
            if made.remove is not None:
                made.remove.clicked.connect(lambda _checked=False, name=connection.name: self._remove(name))
            self._rows[connection.name] = made
            self._list.addWidget(made)
        self.check_all()

    def _ask(self, name: str) -> None:
        self._services.background.start(self._check(name))

    async def _check(self, name: str) -> None:
        if (asked := self._rows.get(name)) is None:
            return
        asked.show_checking()
        try:
            health = await self._services.background.call(lambda ws: ws.engines.check(name))
        except CardForgeError as error:  # removed meanwhile
            health = Health(False, error.message)
        if (shown := self._rows.get(name)) is not None:
            shown.show_health(health)

    def _remove(self, name: str) -> None:
        question = Question(
            self,
            self.tr("Remove the engine “%1”?").replace("%1", name),
            self.tr("Its address and its key are forgotten. Cards it wrote stay."),
            yes=self.tr("Remove"),
            no=self.tr("Cancel"),
        )
        background = self._services.background
        question.accepted.connect(
            lambda: background.start(background.call(lambda ws: ws.engines.remove(name)))
        )
        question.open()

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.CONNECTION, changes) is not None or ids_of(Kind.SETTING, changes) is not None:
            self._services.background.start(self._load())
