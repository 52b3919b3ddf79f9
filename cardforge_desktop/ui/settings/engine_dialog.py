"""Add an engine: any server that speaks OpenAI's chat completions."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_XL
from cardforge_desktop.ui.widgets.basics import button, label, row, set_role
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.picker import Choice, Picker

#: Servers people use, with the address they answer at.
_SERVERS = (
    ("", "Other"),
    ("http://127.0.0.1:1234/v1", "LM Studio"),
    ("http://127.0.0.1:11434/v1", "Ollama"),
    ("http://127.0.0.1:5001/v1", "KoboldCpp"),
    ("http://127.0.0.1:8080/v1", "llama.cpp"),
    ("https://api.openai.com/v1", "OpenAI"),
    ("https://openrouter.ai/api/v1", "OpenRouter"),
)


class EngineDialog(QDialog):
    """Asks for name, address, model and key; adds the engine and says whether it answers."""

    def __init__(self, parent: QWidget, services: Services) -> None:
        super().__init__(parent)
        self._services = services
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Add engine"))
        self.setModal(True)
        self.server = Picker(services.icons, self.tr("Server"))
        self.name = self._edit(self.tr("Name"), self.tr("Your name for it"))
        self.url = self._edit(self.tr("Address"), "http://127.0.0.1:1234/v1")
        self.model = self._edit(self.tr("Model"), self.tr("The model's id at the server"))
        self.key = self._edit(self.tr("API key"), self.tr("Empty when the server asks for none"))
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self._said = label("", "muted", wrap=True)
        self._said.setMinimumHeight(self._said.fontMetrics().height() * 3)
        self._said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._add = button(
            self.tr("Add and test"), "primary", tip=self.tr("Keep the engine and ask whether it answers")
        )
        self._add.setDefault(True)
        cancel = button(self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self._add.clicked.connect(lambda _checked=False: self._try())
        form = QFormLayout()
        form.setHorizontalSpacing(SPACE_L)
        form.setVerticalSpacing(SPACE_M)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Server"), self.server)
        form.addRow(self.tr("Name"), self.name)
        form.addRow(self.tr("Address"), self.url)
        form.addRow(self.tr("Model"), self.model)
        form.addRow(self.tr("API key"), self.key)
        hint = label(
            self.tr("The key goes to the system's keyring, never into a file."), "caption", wrap=True
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(self.tr("Add engine"), "heading"))
        layout.addLayout(form)
        layout.addWidget(hint)
        layout.addWidget(self._said)
        layout.addStretch(1)
        layout.addLayout(row(None, cancel, self._add))
        choices = [Choice(url, name if url else self.tr("Other")) for url, name in _SERVERS]
        self.server.set_choices(choices, "")
        self.server.picked.connect(self._fill)
        for edit in (self.name, self.url):
            edit.textChanged.connect(self._refresh)
        resize_within_screen(self, 520, 440)
        self._refresh()

    @property
    def said(self) -> str:
        """What the dialog says about the last try."""
        return self._said.text()

    def _edit(self, name: str, hint: str) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setPlaceholderText(hint)
        return made

    def _fill(self, url: str) -> None:
        if url:
            self.url.setText(url)
            self.name.setText(next(name for address, name in _SERVERS if address == url))
            self.model.setFocus()

    def _refresh(self) -> None:
        self._add.setEnabled(bool(self.name.text().strip() and self.url.text().strip()))

    def _try(self) -> None:
        connection = Connection(
            self.name.text().strip(), "openai", self.url.text().strip(), self.model.text().strip()
        )
        self._say(self.tr("Asking %1…").replace("%1", connection.url), "muted")
        self._add.setEnabled(False)
        self._services.background.start(self._add_and_check(connection, self.key.text().strip() or None))

    async def _add_and_check(self, connection: Connection, key: str | None) -> None:
        background = self._services.background
        try:
            kept = await background.call(lambda ws: ws.engines.add(connection, key))
        except CardForgeError as error:
            self._say(error.message, "error")
            self._refresh()
            return
        health = await background.call(lambda ws: ws.engines.check(connection.name))
        text = health.message
        if key is not None and not kept:
            text = self.tr(
                "%1 This machine has no keyring: the key is forgotten when CardForge closes."
            ).replace("%1", text)
        self._services.desk.notice.emit(Notice(text, "ok" if health.ok else "warn", lasting=not health.ok))
        self.accept()

    def _say(self, text: str, role: str) -> None:
        self._said.setText(text)
        set_role(self._said, role)
