"""The settings panel: where cards go, their names, how many at once, the look, the engines, about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.settings.about import About
from cardforge_desktop.ui.settings.engines import EngineList
from cardforge_desktop.ui.settings.names import Names
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, Page, button, label, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.settings import Settings

_WIDEST = 860


class SettingsPanel(Panel):
    """Every change is kept at once; there is nothing to save."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self.theme = Picker(services.icons, self.tr("Theme"))
        self.concurrency = Picker(services.icons, self.tr("Cards at once"))
        self._output = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self._model = ElidedLabel("", "muted", Qt.TextElideMode.ElideMiddle)
        self.keep_awake = CheckBox(
            services.theme, services.icons, self.tr("Keep this machine awake while cards are made")
        )
        self.keep_awake.setStatusTip(self.tr("The machine does not fall asleep while cards are made"))
        self.keep_awake.setToolTip(self.keep_awake.statusTip())
        self.names = Names(services)
        self.engines = EngineList(services)
        self._lay_out()
        self.theme.set_choices(
            [
                Choice("system", self.tr("Like the system")),
                Choice("light", self.tr("Light")),
                Choice("dark", self.tr("Dark")),
            ],
            services.theme.choice,
        )
        self.theme.picked.connect(self._choose_theme)
        self.concurrency.picked.connect(lambda key: self._update(concurrency=int(key)))
        self.keep_awake.clicked.connect(lambda is_on: self._update(keep_awake=is_on))
        services.events.changed.connect(self._on_changed)
        services.background.start(self._load())

    def activated(self) -> None:
        """Ask the engines how they are."""
        super().activated()
        self.engines.check_all()

    def _lay_out(self) -> None:
        page = Page()
        page.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SPACE_M, 0)
        column.setSpacing(SPACE_L)
        column.addWidget(self._general())
        column.addWidget(self.names)
        column.addWidget(self.engines)
        column.addWidget(self._builtin())
        column.addWidget(About(self._services))
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.tr("Settings"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_L)
        layout.addWidget(label(self.tr("Settings"), "heading"))
        layout.addWidget(area, 1)

    def _general(self) -> Card:
        card = Card(self.tr("General"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        change = button(self.tr("Change…"), tip=self.tr("Choose the folder for finished cards"))
        change.clicked.connect(lambda _checked=False: self._choose_output())
        show = button(self.tr("Open"), tip=self.tr("Show the folder of finished cards"))
        show.clicked.connect(self._services.actions["file.output"].trigger)
        grid.addWidget(label(self.tr("Output folder")), 0, 0)
        grid.addLayout(row(self._output, show, change), 0, 1)
        grid.addWidget(label(self.tr("Cards at once")), 1, 0)
        hint = label(
            self.tr("An engine's own limit holds too: the built-in one writes one card at a time."),
            "caption",
            wrap=True,
        )
        together = row(self.concurrency, hint, spacing=SPACE_M)
        together.setStretch(1, 1)
        grid.addLayout(together, 1, 1)
        grid.addWidget(label(self.tr("Sleep")), 2, 0)
        grid.addWidget(self.keep_awake, 2, 1)
        grid.addWidget(label(self.tr("Theme")), 3, 0)
        grid.addLayout(row(self.theme, None), 3, 1)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnStretch(1, 1)
        card.body.setSpacing(SPACE_M)
        card.body.addLayout(grid)
        return card

    def _builtin(self) -> Card:
        card = Card(self.tr("Built-in model"))
        words = label(
            self.tr(
                "Runs on this machine without a network. Any .gguf file can take the shipped one's place."
            ),
            "muted",
            wrap=True,
        )
        card.body.addWidget(words)
        choose = button(
            self.tr("Choose a .gguf file…"), tip=self.tr("Let the built-in engine run another model")
        )
        choose.clicked.connect(lambda _checked=False: self._choose_model())
        self._shipped = button(self.tr("Use the shipped model"))
        self._shipped.clicked.connect(lambda _checked=False: self._update(builtin_model=""))
        card.body.addSpacing(SPACE_S)
        card.body.addLayout(row(self._model, self._shipped, choose))
        return card

    async def _load(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        settings = await self._services.cache.read(Topic(Kind.SETTING, "all"), lambda ws: ws.settings.get())
        self._show(settings)

    def _show(self, settings: Settings) -> None:
        self._output.set_whole(str(settings.output))
        counts = sorted({1, 2, 3, 4, 6, 8, 12, 16, 24, 32, settings.concurrency})
        choices = [Choice(str(count), self.tr("%n card(s)", None, count)) for count in counts]
        self.concurrency.set_choices(choices, str(settings.concurrency))
        self.theme.show_choice(settings.theme)
        self.keep_awake.setChecked(settings.keep_awake)
        self._model.set_whole(
            settings.builtin_model or self.tr("SmolLM2 135M Instruct (shipped, draft quality)")
        )
        self._shipped.setVisible(bool(settings.builtin_model))

    @Slot(str)
    def _choose_theme(self, choice: str) -> None:
        self._services.theme.choose(choice)
        self._services.memory.keep("window/theme", choice)
        self._update(theme=choice)

    def _choose_output(self) -> None:
        dialog = QFileDialog(self, self.tr("Folder for finished cards"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self._update(output=folder))
        dialog.open()

    def _choose_model(self) -> None:
        dialog = QFileDialog(self, self.tr("Model for the built-in engine"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Models (*.gguf)"))
        dialog.setDirectoryUrl(QUrl.fromLocalFile(str(self._services.paths.models)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda file: self._update(builtin_model=file))
        dialog.open()

    def _update(self, **changes: object) -> None:
        background = self._services.background
        background.start(background.call(lambda ws: ws.settings.update(**changes)))

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.SETTING, changes) is not None:
            self._services.background.start(self._load())


def open_folder(path: object) -> None:
    """Show a folder in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
