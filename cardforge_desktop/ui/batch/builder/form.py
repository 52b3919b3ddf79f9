"""The right side of the batch builder: with which profiles and engines, and what the cards are made with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.batches.model import BatchOptions, Options, Priority
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.builder.book_picker import BookPicker
from cardforge_desktop.ui.batch.builder.choice_list import ChoiceList, Line
from cardforge_desktop.ui.batch.builder.same_batch import SameBatch
from cardforge_desktop.ui.batch.builder.target_picker import TargetPicker
from cardforge_desktop.ui.costs.limit_fields import LimitFields
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.basics import Card, button, label, line, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.pattern_editor import PatternEditor
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import Profile
    from cardforge_desktop.settings import Settings
    from cardforge_desktop.workspace import Workspace

#: How many cards of the batch may be written at once.
_PLACES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
_BOOK = {"profile": None, "with": True, "without": False}


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from; `own_engines`: profile → the engine it asks for, where there is that."""

    settings: Settings
    profiles: tuple[Profile, ...]
    engines: tuple[tuple[str, str], ...]
    own_engines: dict[str, str]
    books: tuple[tuple[str, str], ...]


def read_choices(workspace: Workspace) -> Choices:
    """The profiles and engines. Slow."""
    from cardforge_desktop.batches.engine_choice import own_engines

    names = [known.name for known in workspace.engines.connections()]
    engines = tuple((name, workspace.engines.label(name)) for name in names)
    profiles = workspace.profiles.profiles()
    own = own_engines(profiles, names)
    return Choices(workspace.settings.get(), profiles, engines, own, workspace.books.standing())


class BuilderForm(QWidget):
    """Everything but the sources.

    Signals:
        changed(): something that tokens, cost or the number of cards depend on is another one now.
    """

    changed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._profiles: tuple[Profile, ...] = ()
        self._own_engines: dict[str, str] = {}
        self._had: tuple[str, ...] = ()
        self.is_filled = False
        self._make_ways()
        self._make_cards()
        self._make_batch()
        self._lay_out()
        self._connect()

    # What was chosen

    def options(self) -> Options:
        """What each card is made with; profile and engine are the first chosen ones."""
        formats = () if self.as_profile.isChecked() else tuple(self._ticked_formats())
        return Options(
            output=Path(self.folder.text().strip()).expanduser(),
            profile=self.profiles.chosen[0],
            engine=self.engines.chosen[0],
            formats=formats,
            include_book=_BOOK[self.book.current],
            pattern=self.pattern.pattern,
            update=self.target.target,
            character_name=self.character.text().strip() if self.character.isEnabled() else "",
            overwrite=self.overwrite.isChecked(),
            shared_book=self.shared.current,
            book_tokens=self.shared.cap,
        )

    def batch_options(self) -> BatchOptions:
        """How the batch is run."""
        places = int(self.places.current) if self.places.current else None
        return BatchOptions(
            name=self.name.text().strip(),
            priority=Priority(self.priority.current),
            max_concurrent=places,
            continue_on_error=not self.stop_at_error.isChecked(),
            limit=self.limit.read(),
        )

    def problem(self) -> str:
        """What is still to be chosen, "" = nothing."""
        if not self.profiles.chosen:
            return self.tr("Choose at least one profile.")
        if not self.engines.chosen:
            return self.tr("Choose at least one engine.")
        if not self.as_profile.isChecked() and not self._ticked_formats():
            return self.tr("Choose at least one format.")
        if not self.folder.text().strip():
            return self.tr("Choose an output folder.")
        if self.limit.read() is None:
            return self.tr("The limit of the batch can't be read: write 2.50, or 500k tokens.")
        return "" if self.pattern.is_valid else self.tr("The pattern of the file names can't be used.")

    def _ticked_formats(self) -> list[str]:
        return [name for name, box in self.formats.items() if box.isChecked()]

    # What is shown

    def fill(self, choices: Choices) -> None:
        """Show what there is; the first time with the choices in force."""
        settings = choices.settings
        self._profiles = choices.profiles
        self.profiles.show_lines(
            [Line(each.name, each.name) for each in choices.profiles], [settings.profile]
        )
        self.engines.show_lines([Line(name, text) for name, text in choices.engines], [settings.engine])
        self.shared.show_books(choices.books)
        self._own_engines, self._had = choices.own_engines, self.profiles.chosen
        if not self.is_filled:
            self.folder.setText(str(settings.output))
        self.is_filled = True
        self._show_inherited()
        self.changed.emit()

    def allow_name(self, allowed: bool) -> None:
        """A character can be named for one card only."""
        self.character.setEnabled(allowed)
        self.character.setPlaceholderText(
            self.tr("As the source says") if allowed else self.tr("As each source says")
        )

    @Slot()
    def _follow_profiles(self) -> None:
        """A profile that was ticked brings its engine along: instead of the others if it is alone."""
        chosen = self.profiles.chosen
        new = [name for name in chosen if name not in self._had and name in self._own_engines]
        self._had = chosen
        for name in new:
            self.engines.choose(self._own_engines[name], alone=len(chosen) == 1)

    @Slot()
    def _show_inherited(self) -> None:
        """The formats and the pattern of the first profile."""
        chosen = set(self.profiles.chosen)
        profile = next((each for each in self._profiles if each.name in chosen), None)
        if profile is None:
            return
        self.pattern.set_inherited(profile.config.naming_pattern)
        as_profile = self.as_profile.isChecked()
        for name, box in self.formats.items():
            box.setEnabled(not as_profile)
            if as_profile:
                box.setChecked(name in profile.config.formats)
        shown = self._ticked_formats() or list(profile.config.formats)
        self.pattern.set_formats({name: FORMATS[name].extension for name in shown if name in FORMATS})

    # Making

    def _make_ways(self) -> None:
        self.profiles = ChoiceList(self._services, self.tr("Profiles"))
        self.engines = ChoiceList(self._services, self.tr("Engines"))
        self.same_batch = SameBatch()

    def _make_cards(self) -> None:
        icons = self._services.icons
        self.as_profile = self._box(self.tr("As the profile says"))
        self.as_profile.setChecked(True)
        self.formats: dict[str, CheckBox] = {}
        for format_ in FORMATS.values():
            self.formats[format_.name] = self._box(format_.label)
        self.book = Picker(icons, self.tr("Character book"))
        self.book.set_choices(
            [
                Choice("profile", self.tr("As the profile says")),
                Choice("with", self.tr("With a book")),
                Choice("without", self.tr("Without a book")),
            ],
            "profile",
        )
        self.shared = BookPicker(self._services)
        self.character = QLineEdit()
        self.character.setAccessibleName(self.tr("Character name"))
        self.target = TargetPicker(self._services)
        self.folder = QLineEdit()
        self.folder.setAccessibleName(self.tr("Output folder"))
        self.browse = button(self.tr("Browse…"), tip=self.tr("Choose the folder of the files"))
        self.pattern = PatternEditor(icons, self._services.theme, inherit=self.tr("As the profile says"))
        self.overwrite = self._box(self.tr("Replace files of the same name"))
        self.overwrite.setToolTip(self.tr("Otherwise new files get a number"))

    def _make_batch(self) -> None:
        self.name = QLineEdit()
        self.name.setPlaceholderText(self.tr("Made from its sources"))
        self.name.setAccessibleName(self.tr("Name of the batch"))
        self.priority = Picker(self._services.icons, self.tr("Priority"))
        self.priority.set_choices(
            [
                Choice(Priority.HIGH, self.tr("High")),
                Choice(Priority.STANDARD, self.tr("Standard")),
                Choice(Priority.LOW, self.tr("Low")),
            ],
            Priority.STANDARD,
        )
        self.places = Picker(self._services.icons, self.tr("Cards at once"))
        numbers = [Choice(str(count), formatting.number(count)) for count in _PLACES]
        self.places.set_choices([Choice("", self.tr("As in the settings")), *numbers], "")
        self.limit = LimitFields(self.tr("Limit of the batch"))
        self.stop_at_error = self._box(self.tr("Stop at the first card that fails"))

    def _box(self, text: str) -> CheckBox:
        return CheckBox(self._services.theme, self._services.icons, text)

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        column.setSpacing(SPACE_M)
        for title, widget in ((self.tr("Profiles"), self.profiles), (self.tr("Engines"), self.engines)):
            card = Card(title, margin=SPACE_M)
            card.body.addWidget(widget)
            if widget is self.engines:
                card.body.addWidget(self.same_batch)
            column.addWidget(card)
        column.addWidget(self._cards_card())
        column.addWidget(self._batch_card())
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)

    def _cards_card(self) -> Card:
        card = Card(self.tr("Cards"), margin=SPACE_M)
        card.body.addWidget(label(self.tr("Formats"), "strong"))
        card.body.addWidget(self.as_profile)
        boxes = QGridLayout()
        boxes.setContentsMargins(SPACE_L, 0, 0, 0)
        boxes.setVerticalSpacing(2)
        for at, box in enumerate(self.formats.values()):
            boxes.addWidget(box, at // 2, at % 2)
        card.body.addLayout(boxes)
        card.body.addWidget(line())
        card.body.addLayout(
            _fields(
                (self.tr("Character book"), self.book),
                (self.tr("Shared book"), self.shared),
                (self.tr("Character name"), self.character),
                (self.tr("Card to update"), self.target),
            )
        )
        card.body.addWidget(line())
        card.body.addWidget(label(self.tr("Output folder"), "strong"))
        card.body.addLayout(row(self.folder, self.browse))
        card.body.addWidget(label(self.tr("File names"), "strong"))
        card.body.addWidget(self.pattern)
        card.body.addWidget(self.overwrite)
        return card

    def _batch_card(self) -> Card:
        card = Card(self.tr("Batch"), margin=SPACE_M)
        card.body.addLayout(
            _fields(
                (self.tr("Name"), self.name),
                (self.tr("Priority"), self.priority),
                (self.tr("Cards at once"), self.places),
                (self.tr("At most, in US dollars"), self.limit.money),
                (self.tr("At most, in tokens"), self.limit.tokens),
            )
        )
        card.body.addWidget(self.stop_at_error)
        card.body.addWidget(
            label(
                self.tr("These count for Start; rows added to the queue are started there."),
                "caption",
                wrap=True,
            )
        )
        return card

    def _connect(self) -> None:
        for choices in (self.profiles, self.engines):
            choices.changed.connect(self.changed)
        self.profiles.changed.connect(self._follow_profiles)
        self.profiles.changed.connect(self._show_inherited)
        self.as_profile.toggled.connect(self._show_inherited)
        for box in (self.as_profile, *self.formats.values()):
            box.toggled.connect(self.changed)
        self.book.picked.connect(self.changed)
        self.shared.picked.connect(self.changed)
        self.shared.capped.connect(self.changed)
        self.target.picked.connect(self.changed)
        self.folder.textChanged.connect(self.changed)
        self.pattern.edited.connect(self.changed)
        for field in (self.limit.money, self.limit.tokens):
            field.textChanged.connect(self.changed)
        self.browse.clicked.connect(self._browse)

    @Slot()
    def _browse(self) -> None:
        dialog = QFileDialog(self, self.tr("Output folder"), self.folder.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.folder.setText)
        dialog.open()


def _fields(*fields: tuple[str, QWidget]) -> QGridLayout:
    """Names at the left, fields at the right."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE_M)
    grid.setVerticalSpacing(SPACE_S)
    grid.setColumnStretch(1, 1)
    for at, (name, widget) in enumerate(fields):
        said = label(name, "muted")
        said.setBuddy(widget)
        said.setMinimumHeight((widget.focusProxy() or widget).sizeHint().height())  # beside its first line
        grid.addWidget(said, at, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(widget, at, 1)
    return grid
