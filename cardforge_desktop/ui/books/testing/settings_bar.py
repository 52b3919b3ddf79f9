"""The settings of the reader: a line that says them, and the page on which they are set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.books.activation import ScanSettings
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.picker import Choice, Picker
from cardforge_desktop.ui.widgets.value_fields import Captioned, ParsedField

_LARGEST = 10_000_000


@dataclass(frozen=True, slots=True)
class _Number:
    """A setting that is a whole number."""

    name: str
    text: str
    tip: str
    least: int = 0


class SettingsBar(QWidget):
    """What is set; `body` is the page to set it with, shown by whoever has room for it while `fold` is down.

    Signals:
        changed(): something is set in another way.
    """

    changed = Signal()

    def __init__(self, services: Services, bench: FieldBench) -> None:
        super().__init__()
        self._services, self._bench = services, bench
        self.settings = ScanSettings()
        self.fold = button("", "quiet", tip=self.tr("Show the settings of the app that reads the book"))
        self.fold.setAccessibleName(self.tr("Settings of the test"))
        services.icons.put(self.fold, "sliders-horizontal", Tone.MUTED, 16)
        self.fold.setCheckable(True)
        self._said = ElidedLabel("", "caption")
        page = QWidget()
        page.setProperty("role", "page")
        self._make_fields(page)
        self.body = QScrollArea()
        self.body.setWidgetResizable(True)
        self.body.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.setFrameShape(QFrame.Shape.NoFrame)
        self.body.setWidget(page)
        self.setLayout(row(self.fold, self._said))
        self._tell()

    def _make_fields(self, page: QWidget) -> None:
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        grid = QGridLayout()
        column.addLayout(grid)
        column.addStretch(1)
        grid.setSpacing(SPACE_S)
        self._make_reader()
        grid.addWidget(self.reader, 0, 0, 1, 2)
        tr = self.tr
        specs = (
            _Number("scan_depth", tr("Scan depth"), tr("How many of the newest messages are searched")),
            _Number("context", tr("Context"), tr("Tokens of the model's context"), least=1),
            _Number("budget_percent", tr("Budget %"), tr("How much of the context entries may take")),
            _Number("budget_cap", tr("Budget cap"), tr("Tokens that entries may take at most; 0 = no cap")),
            _Number("max_recursion_steps", tr("Most steps"), tr("Steps of recursion at most; 0 = no end")),
            _Number("min_activations", tr("At least fire"), tr("Look further back until so many fire")),
        )
        self.numbers: dict[str, ParsedField] = {}
        for at, spec in enumerate(specs):
            self.numbers[spec.name] = field = self._number_field(spec)
            grid.addWidget(Captioned(spec.text, field, spec.tip), 1 + at // 2, at % 2)
        self._make_person()
        tip = tr("What the reply is made for: some entries are only for some kinds")
        grid.addWidget(Captioned(tr("Your name"), self.user, tr("What {{user}} stands for")), 4, 0)
        grid.addWidget(Captioned(tr("Answer"), self.trigger, tip), 4, 1)
        tip = tr("What is told of you: entries that search the persona's description look there")
        grid.addWidget(Captioned(tr("Your persona"), self.persona, tip), 5, 0, 1, 2)
        self.switches: dict[str, CheckBox] = {}
        switches = {
            "recursive": tr("Entries wake others"),
            "include_names": tr("Names of speakers are searched"),
            "match_whole_words": tr("Whole words only"),
            "case_sensitive": tr("Large and small letters differ"),
            "use_group_scoring": tr("Groups go by keys found"),
        }
        for at, (name, text) in enumerate(switches.items()):
            self.switches[name] = box = CheckBox(self._services.theme, self._services.icons, text)
            box.setChecked(bool(getattr(self.settings, name)))
            box.toggled.connect(self._setter(name))
            grid.addWidget(box, 6 + at, 0, 1, 2)

    def _make_person(self) -> None:
        """Who chats, and what the reply is made for."""
        self.user = ParsedField(self._bench, str.strip, str)
        self.user.setPlaceholderText(self.settings.user)
        self.user.given.connect(lambda name: self._set("user", name or ScanSettings().user))
        self.persona = ParsedField(self._bench, str.strip, str)
        self.persona.given.connect(
            lambda text: self._set("sources", {"match_persona_description": text} if text else {})
        )
        self.trigger = Picker(self._services.icons, self.tr("Answer"))
        texts = {
            "normal": self.tr("Normal"),
            "continue": self.tr("Continue"),
            "impersonate": self.tr("Impersonate"),
            "swipe": self.tr("Swipe"),
            "regenerate": self.tr("Regenerate"),
            "quiet": self.tr("Quiet"),
        }
        choices = tuple(Choice(key, text) for key, text in texts.items())
        self.trigger.set_choices(choices, self.settings.trigger)
        self.trigger.picked.connect(lambda key: self._set("trigger", key))

    def _make_reader(self) -> None:
        app = self.tr("The book's own depth, budget and recursion count for nothing")
        book = self.tr("The book's own depth, budget, recursion and priorities count")
        self.reader = Picker(self._services.icons, self.tr("Whose rules"))
        self.reader.set_choices(
            (
                Choice("app", self.tr("As SillyTavern"), app),
                Choice("book", self.tr("As the book says (V2, V3)"), book),
            ),
            "app",
        )
        self.reader.picked.connect(lambda key: self._set("follows_book", key == "book"))

    def _number_field(self, spec: _Number) -> ParsedField:
        problem = self.tr("This has to be a whole number, not below %1.").replace("%1", str(spec.least))
        field = ParsedField(self._bench, _whole(spec.least), str, required=True, problem=problem)
        field.show_value(int(getattr(self.settings, spec.name)))
        field.given.connect(self._setter(spec.name))
        return field

    def _setter(self, name: str) -> Callable[[Any], None]:
        return lambda value: self._set(name, value)

    @Slot(str, object)
    def _set(self, name: str, value: Any) -> None:
        self.settings = replace(self.settings, **{name: value})
        self._tell()
        self.changed.emit()

    def _tell(self) -> None:
        settings = self.settings
        if settings.follows_book:
            self._said.set_whole(self.tr("As the book says (V2, V3)"))
            return
        text = self.tr("As SillyTavern · depth %1 · %2 % of %3")
        told = text.replace("%3", formatting.number(settings.context))
        told = told.replace("%2", f"{settings.budget_percent:g}")
        self._said.set_whole(told.replace("%1", str(settings.scan_depth)))


def _whole(least: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not least <= value <= _LARGEST:
            raise ValueError(text)
        return value

    return parse
