"""The control of each field of an entry, with its name and a line on what it is for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cardforge_desktop.books import entry_fields as fields
from cardforge_desktop.cards.model import BookEntry
from cardforge_desktop.ui.books.entry.words import hint_of, label_of
from cardforge_desktop.ui.library.editor.sections.other import known_names
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import label, row, set_role
from cardforge_desktop.ui.widgets.check_box import BOX_SIDE, CheckBox
from cardforge_desktop.ui.widgets.json_field import JsonField
from cardforge_desktop.ui.widgets.key_chips import KeyChips
from cardforge_desktop.ui.widgets.value_fields import ParsedField, Selection, TriState, id_field, number_of

if TYPE_CHECKING:
    from cardforge_desktop.ui.widgets.field_bench import FieldBench

translate = QCoreApplication.translate

SWITCHES = frozenset(
    {"enabled", "constant", "selective", "useProbability", "vectorized", "ignore_budget", "group_override"}
    | {"exclude_recursion", "prevent_recursion", "use_regex", "match_persona_description"}
    | {"match_character_description", "match_character_personality", "match_character_depth_prompt"}
    | {"match_scenario", "match_creator_notes"}
)
_TRI_STATES = frozenset({"case_sensitive", "match_whole_words", "use_group_scoring"})
_LINES = frozenset({"title", "comment", "outlet_name", "group", "automation_id"})
#: The least and the most of a number; None = no bound.
_NUMBERS: Mapping[str, tuple[float | None, float | None]] = {
    "insertion_order": (None, None),
    "priority": (None, None),
    "probability": (0, 100),
    "scan_depth": (0, None),
    "depth": (0, None),
    "group_weight": (1, None),
    "sticky": (0, None),
    "cooldown": (0, None),
    "delay": (0, None),
    "delay_until_recursion": (1, None),
}


class Hinted(QWidget):
    """A control with its name above it and, below it, what it is for or why it can't be read."""

    def __init__(self, name: str, control: QWidget, *, caption: bool = True) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.control = control
        self._hint = hint_of(name)
        control.setAccessibleName(label_of(name))
        control.setAccessibleDescription(self._hint)
        control.setToolTip(self._hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS - 1)
        if caption:
            title = label(label_of(name), "strong", wrap=True)
            title.setBuddy(control)
            layout.addWidget(title)
        layout.addWidget(control)
        self.said = label(self._hint, "caption", wrap=True)
        if not self._hint:  # shown before it has a parent it would be a window
            self.said.hide()
        below = row(spacing=0)
        below.addSpacing(0 if caption else BOX_SIDE + SPACE_S + 3)  # below the text, not below the box
        below.addWidget(self.said, 1)
        layout.addLayout(below)
        layout.addStretch(1)
        if isinstance(control, ParsedField):
            control.troubled.connect(self._complain)

    @Slot(str)
    def _complain(self, problem: str) -> None:
        set_role(self.said, "error" if problem else "caption")
        self.said.setText(problem or self._hint)
        self.said.setVisible(bool(problem or self._hint))


class Tick(CheckBox):
    """Yes or no.

    Signals:
        given(object): what it is now.
    """

    given = Signal(object)

    def __init__(self, bench: FieldBench, name: str) -> None:
        super().__init__(bench.theme, bench.icons, name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.clicked.connect(self._tell)

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self.setChecked(bool(value))

    @Slot(bool)
    def _tell(self, ticked: bool) -> None:
        self.given.emit(ticked)


class Triggers(QWidget):
    """The kinds of answers an entry is for, by SillyTavern's names; those that only other apps know stay.

    Source of the names: `GENERATION_TYPE_TRIGGERS` in SillyTavern's public/scripts/constants.js, commit
    04d78adee927cd921d9ff6a958093b5fd50c2c35.

    Signals:
        given(object): the tuple of names.
    """

    given = Signal(object)

    def __init__(self, bench: FieldBench, name: str) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.setAccessibleName(name)
        self._value: tuple[str, ...] = ()
        texts = {
            "normal": self.tr("Normal"),
            "continue": self.tr("Continue"),
            "impersonate": self.tr("Impersonate"),
            "swipe": self.tr("Swipe"),
            "regenerate": self.tr("Regenerate"),
            "quiet": self.tr("Quiet"),
        }
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_XS)
        self.ticks = {key: Tick(bench, text) for key, text in texts.items()}
        for at, tick in enumerate(self.ticks.values()):
            tick.given.connect(self._tell)
            grid.addWidget(tick, at // 2, at % 2)

    def show_value(self, value: tuple[str, ...]) -> None:
        """Show these."""
        self._value = value
        for key, tick in self.ticks.items():
            tick.setChecked(key in value)

    @Slot()
    def _tell(self) -> None:
        others = [each for each in self._value if each not in self.ticks]
        chosen = [key for key, tick in self.ticks.items() if tick.isChecked()]
        self._value = (*chosen, *others)
        self.given.emit(self._value)


def make_control(bench: FieldBench, name: str) -> Any:
    """The control of a field: shows by `show_value`, tells by `given`."""
    text = label_of(name)
    makers: tuple[tuple[Collection[str], Callable[[], Any]], ...] = (
        (SWITCHES, lambda: Tick(bench, text)),
        (_TRI_STATES, lambda: TriState(bench, text)),
        (_LINES, lambda: ParsedField(bench, str, str)),
        (_NUMBERS, lambda: _number(bench, name)),
        (_CHOICES, lambda: Selection(bench, text, _CHOICES[name]())),
        (("id",), lambda: id_field(bench)),
        (("triggers",), lambda: Triggers(bench, text)),
        (("secondary_keys",), lambda: KeyChips(bench, text, translate("EntryFields", "No secondary keys"))),
        (("extensions",), lambda: JsonField(bench, text, hint_of(name))),
        (("unknown",), lambda: JsonField(bench, text, hint_of(name), known_names(BookEntry))),
    )
    return next(make() for names, make in makers if name in names)


def _number(bench: FieldBench, name: str) -> ParsedField:
    least, most = _NUMBERS[name]
    problem = translate("EntryFields", "This has to be a number, such as 4 or 0.5.")
    if most is not None:
        problem = translate("EntryFields", "This has to be a number from %1 to %2.")
        problem = problem.replace("%1", str(least)).replace("%2", str(most))
    elif least is not None:
        problem = translate("EntryFields", "This has to be a number, %1 or more.").replace("%1", str(least))

    def parse(text: str) -> Any:
        value = number_of(text)
        if (least is not None and value < least) or (most is not None and value > most):
            raise ValueError(text)
        return value

    return ParsedField(bench, parse, str, required=name == "insertion_order", problem=problem)


def _positions() -> tuple[tuple[Any, str], ...]:
    return (
        (None, translate("EntryFields", "Not set: after the character")),
        (fields.BEFORE, translate("EntryFields", "Before the character")),
        (fields.AFTER, translate("EntryFields", "After the character")),
        (fields.EXAMPLES_TOP, translate("EntryFields", "Before the example messages")),
        (fields.EXAMPLES_BOTTOM, translate("EntryFields", "After the example messages")),
        (fields.NOTE_TOP, translate("EntryFields", "Before the author's note")),
        (fields.NOTE_BOTTOM, translate("EntryFields", "After the author's note")),
        (fields.AT_DEPTH, translate("EntryFields", "In the chat, at a depth")),
        (fields.OUTLET, translate("EntryFields", "In an outlet, where a macro puts it")),
    )


def _roles() -> tuple[tuple[Any, str], ...]:
    return (
        (0, translate("EntryFields", "The system")),
        (1, translate("EntryFields", "The user")),
        (2, translate("EntryFields", "The character")),
    )


def _logics() -> tuple[tuple[Any, str], ...]:
    return (
        (fields.AND_ANY, translate("EntryFields", "one of these is there, too (AND ANY)")),
        (fields.AND_ALL, translate("EntryFields", "all of these are there, too (AND ALL)")),
        (fields.NOT_ANY, translate("EntryFields", "none of these is there (NOT ANY)")),
        (fields.NOT_ALL, translate("EntryFields", "not all of these are there (NOT ALL)")),
    )


_CHOICES: Mapping[str, Callable[[], tuple[tuple[Any, str], ...]]] = {
    "position": _positions,
    "role": _roles,
    "selectiveLogic": _logics,
}
