"""How files of finished cards are named: the pattern of new rows, and the rules behind every pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QGridLayout

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.naming import (
    LONGEST_STEM_BYTES,
    SHORTEST_STEM_BYTES,
    NameRules,
    NameValues,
    pattern_template,
)
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M
from cardforge_desktop.ui.widgets.basics import Card, label, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.pattern_editor import PatternEditor, newest_samples
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.workspace import Workspace

_LENGTHS = {SHORTEST_STEM_BYTES, 40, 60, 80, 100, 120, LONGEST_STEM_BYTES}


@dataclass(frozen=True, slots=True)
class Naming:
    """What is shown.

    Attributes:
        inherited, formats: of the profile that new rows start with; format → extension.
    """

    pattern: str
    rules: NameRules
    inherited: str
    formats: Mapping[str, str]
    samples: tuple[NameValues, ...]


def read_naming(workspace: Workspace) -> Naming:
    """The settings, and what a preview of them needs. Slow: for a worker thread."""
    from cardforge_desktop.cards.formats import FORMATS

    settings = workspace.settings.get()
    try:
        config = workspace.profiles.by_name(settings.profile).config
    except CardForgeError:  # it is gone: the usual pattern is shown
        return Naming(settings.pattern, settings.name_rules, "", {}, newest_samples(workspace))
    formats = {name: FORMATS[name].extension for name in config.formats if name in FORMATS}
    samples = newest_samples(workspace)
    return Naming(settings.pattern, settings.name_rules, config.naming_pattern, formats, samples)


class Names(Card):
    """Every change is kept at once, for batches that are started from then on."""

    def __init__(self, services: Services) -> None:
        super().__init__(self.tr("File names"))
        self._services = services
        self._stored = ""
        self._is_typed = False
        self.pattern = PatternEditor(services.icons, services.theme, inherit=self.tr("As the profile says"))
        self.sanitise = CheckBox(
            services.theme, services.icons, self.tr("Small letters, with _ in the place of blanks and signs")
        )
        self.sanitise.setStatusTip(self.tr("Write gandalf_the_grey instead of Gandalf the Grey"))
        self.sanitise.setToolTip(self.sanitise.statusTip())
        self.longest = Picker(services.icons, self.tr("Longest name"))
        self._lay_out()
        self.pattern.edited.connect(self._on_typed)
        self.pattern.entered.connect(self._on_entered)
        self.sanitise.clicked.connect(lambda is_on: self._update(sanitise_names=is_on))
        self.longest.picked.connect(lambda key: self._update(longest_name=int(key)))
        services.events.changed.connect(self._on_changed)
        services.background.start(self._load())

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_M)
        pattern = label(self.tr("Pattern"))
        pattern.setContentsMargins(0, 7, 0, 0)
        grid.addWidget(pattern, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.pattern, 0, 1)
        grid.addWidget(label(self.tr("Spelling")), 1, 0)
        grid.addWidget(self.sanitise, 1, 1)
        grid.addWidget(label(self.tr("Longest name")), 2, 0)
        hint = label(
            self.tr("Without the extension. A letter takes one byte, of other scripts two to four."),
            "caption",
            wrap=True,
        )
        together = row(self.longest, hint, spacing=SPACE_M)
        together.setStretch(1, 1)
        grid.addLayout(together, 2, 1)
        grid.setColumnMinimumWidth(0, 130)
        grid.setColumnStretch(1, 1)
        self.body.setSpacing(SPACE_M)
        self.body.addLayout(grid)
        self.setTabOrder(self.pattern.fix_button, self.sanitise)
        self.setTabOrder(self.sanitise, self.longest)

    async def _load(self) -> None:
        self._show(await self._services.background.call(read_naming))

    def _show(self, naming: Naming) -> None:
        self.pattern.set_inherited(naming.inherited or "default")
        self.pattern.set_formats(naming.formats)
        self.pattern.set_samples(naming.samples)
        self.pattern.set_rules(naming.rules)
        if not self._is_typed or self.pattern.pattern == self._stored:
            self._is_typed = False
            self.pattern.set_pattern(naming.pattern)
        self._stored = pattern_template(naming.pattern) if naming.pattern else ""
        self.sanitise.setChecked(naming.rules.sanitise)
        lengths = sorted(_LENGTHS | {naming.rules.max_bytes})
        choices = [Choice(str(length), self.tr("%n byte(s)", None, length)) for length in lengths]
        self.longest.set_choices(choices, str(naming.rules.max_bytes))

    @Slot()
    def _on_typed(self) -> None:
        self._is_typed = True  # nothing takes its place before it is done

    @Slot(str)
    def _on_entered(self, pattern: str) -> None:
        self._is_typed = False
        self._update(pattern=pattern)

    def _update(self, **changes: object) -> None:
        background = self._services.background
        background.start(background.call(lambda ws: ws.settings.update(**changes)))

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.SETTING, changes) is not None or ids_of(Kind.CARD, changes) is not None:
            self._services.background.start(self._load())
