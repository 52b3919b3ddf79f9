"""Edits a naming pattern and shows, as it is typed, the names that come of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from cardforge_desktop.naming import (
    DEFAULT_RULES,
    PATTERNS,
    PLACEHOLDERS,
    NameRules,
    NameValues,
    Placeholder,
    file_names,
    pattern_template,
    placeholders_in,
)
from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS, Theme
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, label, row, set_role
from cardforge_desktop.ui.widgets.pattern_line import PatternLine
from cardforge_desktop.ui.widgets.picker import Choice, Picker

if TYPE_CHECKING:
    from cardforge_desktop.workspace import Workspace

#: What the shipped profile writes.
_FORMATS = {"json": "json", "v2": "json", "tavernai": "png"}
_MOST_FORMATS = 4
_OWN = "own"


class PatternEditor(QWidget):
    """A pattern is typed, put together from placeholders, or picked from the four of the specification.

    Works by itself: needs no panel and no workspace, and reads nothing; what it shows of real cards is given
    to it with `set_samples` (`newest_samples` reads them, on a worker thread). Used so::

        editor = PatternEditor(services.icons, services.theme, inherit=self.tr("As the profile says"))
        editor.set_inherited(profile.config.naming_pattern)
        editor.set_pattern(item.pattern)
        editor.set_formats({name: FORMATS[name].extension for name in item.formats})
        editor.entered.connect(lambda pattern: drafts_change(pattern=pattern))

    Signals:
        edited(str): the text is another one now, by the person, usable or not.
        entered(str): the person is done with a change (Return, another place, a choice) and it can be used.
    """

    edited = Signal(str)
    entered = Signal(str)

    def __init__(self, icons: Icons, theme: Theme, *, inherit: str = "") -> None:
        """`inherit` is what an empty pattern means, in words for a choice; "" = the default pattern."""
        super().__init__()
        self._inherit, self._inherited = inherit, "default"
        self._formats: Mapping[str, str] = _FORMATS
        self._rules = DEFAULT_RULES
        self._samples: tuple[NameValues, ...] = ()
        self._with_long = True
        self._told = ""
        self.line = PatternLine(theme, self.tr("File name pattern"))
        self.choices = Picker(icons, self.tr("Pattern"))
        self.insert_button = button(
            self.tr("Insert…"),
            tip=self.tr("Put a placeholder in where the cursor is"),
            name=self.tr("Insert placeholder"),
        )
        icons.put(self.insert_button, "braces", size=16)
        self.message = label("", "error", wrap=True)
        self.fix_button = button("", "link")
        self.names: list[ElidedLabel] = []
        self._preview = QVBoxLayout()
        self._make_menu()
        self._make_choices()
        self._lay_out()
        self.choices.picked.connect(self._pick)
        self.line.textChanged.connect(self._on_text)
        self.line.entered.connect(self._enter)
        self.fix_button.clicked.connect(self._fix)
        self._refresh()

    # What others ask and say

    @property
    def pattern(self) -> str:
        """The pattern as it stands there; "" = what is inherited."""
        return self.line.text.strip()

    @property
    def is_valid(self) -> bool:
        """Whether names can be made of it."""
        return self._unknown() is None

    def set_pattern(self, pattern: str) -> None:
        """Show another pattern, a name or a template, without telling anyone."""
        text = pattern_template(pattern) if pattern else ""
        self._told = text
        if text != self.pattern:
            self.line.blockSignals(True)
            self.line.set_text(text)
            self.line.blockSignals(False)
        self._refresh()

    def set_inherited(self, pattern: str) -> None:
        """The pattern that counts while this one is empty."""
        if pattern != self._inherited:
            self._inherited = pattern
            self._refresh()

    def set_formats(self, formats: Mapping[str, str]) -> None:
        """The formats whose names are shown: name → extension without a dot."""
        if (formats or _FORMATS) != self._formats:
            self._formats = formats or _FORMATS
            self._refresh()

    def set_rules(self, rules: NameRules) -> None:
        """How names are made of values."""
        self._rules = rules
        self._refresh()

    def set_samples(self, samples: Sequence[NameValues], *, with_long: bool = True) -> None:
        """Cards whose names are shown: of the first in each format. Without any, a made-up one is.

        Args:
            with_long: show what becomes of a long name of another script, too.
        """
        self._samples, self._with_long = tuple(samples), with_long
        self._refresh()

    # Making

    def _make_menu(self) -> None:
        meanings = {
            "character_name": self.tr("the character's name"),
            "world": self.tr("the world of the story, “unknown” where there is none"),
            "class": self.tr("the character's trade or role, “unknown” where there is none"),
            "timestamp": self.tr("when the card was made, in seconds since 1970"),
            "date": self.tr("the day on which the card was made"),
            "format": self.tr("the format of the file, such as tavernai"),
            "version": self.tr("the card's own version"),
            "batch_id": self.tr("the batch, eight letters and digits"),
            "index": self.tr("the card's place in its batch, three digits"),
        }
        self._menu = QMenu(self)
        for name in PLACEHOLDERS:
            text = self.tr("%1 – %2").replace("%2", meanings[name]).replace("%1", f"{{{name}}}")
            action = self._menu.addAction(text)
            action.setData(name)
        self._menu.triggered.connect(lambda action: self.insert(action.data()))
        self.insert_button.clicked.connect(self._open_menu)

    def _make_choices(self) -> None:
        names = {
            "default": self.tr("Name and time"),
            "detailed": self.tr("Name, world, class and date"),
            "versioned": self.tr("Name, version and format"),
            "batch": self.tr("Batch, number and name"),
        }
        self._choices = [Choice(PATTERNS[name], text, PATTERNS[name]) for name, text in names.items()]
        if self._inherit:
            self._choices.insert(0, Choice("", self._inherit))

    def _lay_out(self) -> None:
        self._preview.setSpacing(2)
        self.heading = label("", "caption")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_S)
        layout.addLayout(row(self.choices, self.insert_button, None))
        layout.addWidget(self.line)
        wrong = row(self.message, self.fix_button)
        wrong.setStretch(0, 1)
        layout.addLayout(wrong)
        layout.addWidget(self.heading)
        self._preview.setContentsMargins(SPACE_XS, 0, 0, 0)
        layout.addLayout(self._preview)
        for part, after in pairwise((self.choices, self.insert_button, self.line, self.fix_button)):
            self.setTabOrder(part, after)

    # What happens

    def insert(self, name: str) -> None:
        """Put a placeholder in the place of what is selected, and go on typing there."""
        self.line.insertPlainText(f"{{{name}}}")
        self.line.setFocus()

    @Slot()
    def _open_menu(self) -> None:
        self._menu.popup(self.insert_button.mapToGlobal(self.insert_button.rect().bottomLeft()))

    @Slot(str)
    def _pick(self, template: str) -> None:
        if template != _OWN:
            self.line.set_text(template)
            self._enter()

    @Slot()
    def _fix(self) -> None:
        """Put what is probably meant in the place of the unknown placeholder."""
        unknown = self._unknown()
        if unknown is not None and unknown.meant:
            text = self.line.text
            self.line.set_text(f"{text[: unknown.start]}{{{unknown.meant}}}{text[unknown.end :]}")
            self.line.setFocus()

    @Slot()
    def _on_text(self) -> None:
        self._refresh()
        self.edited.emit(self.pattern)

    @Slot()
    def _enter(self) -> None:
        if self.is_valid and self.pattern != self._told:
            self._told = self.pattern
            self.entered.emit(self.pattern)

    def _unknown(self) -> Placeholder | None:
        return next((each for each in placeholders_in(self.line.text) if not each.known), None)

    def _refresh(self) -> None:
        """Say what is wrong, or show the names."""
        self._show_choice()
        unknown = self._unknown()
        loose = "" if unknown else _loose_brace(self.line.text)
        text = ""
        if unknown is not None:
            text = self.tr("There is no placeholder %1.").replace("%1", f"{{{unknown.name}}}")
        elif loose:
            text = self.tr("“%1” stands alone and is kept as it is: a placeholder has two braces.")
            text = text.replace("%1", loose)
        self.message.setText(text)
        set_role(self.message, "error" if unknown else "warn")
        self.message.setVisible(bool(text))
        meant = unknown.meant if unknown else ""
        self.fix_button.setVisible(bool(meant))
        self.fix_button.setText(self.tr("Use %1").replace("%1", f"{{{meant}}}"))
        self.fix_button.setAccessibleName(self.fix_button.text())
        self.line.set_wrong(is_wrong=unknown is not None, reason=text)
        if unknown is None:
            self.heading.setText(self.tr("Names will look like this:"))
            self._show_names(self._names())
        else:
            self.heading.setText(self.tr("No names can be made of this."))
            self._show_names([""] * len(self.names))  # as many lines as before: nothing jumps

    def _show_choice(self) -> None:
        own = Choice(_OWN, self.tr("A pattern of your own"))
        current = self.pattern
        if not current and not self._inherit:
            current = PATTERNS["default"]
        known = any(choice.key == current for choice in self._choices)
        self.choices.set_choices(
            self._choices if known else [*self._choices, own], current if known else _OWN
        )
        self.line.setPlaceholderText(pattern_template(self._inherited))

    def _names(self) -> list[str]:
        """Of a card in each format, and of others in the first one."""
        pattern = self.pattern or self._inherited
        first, *others = self._samples or (_gandalf(),)
        shown = dict(list(self._formats.items())[:_MOST_FORMATS])
        names = list(file_names(pattern, first, shown, rules=self._rules).values())
        one = dict(list(shown.items())[:1])
        for sample in (*others, *([_long_name()] if self._with_long else [])):
            names += file_names(pattern, sample, one, rules=self._rules).values()
        return names

    def _show_names(self, names: Sequence[str]) -> None:
        while len(self.names) < len(names):
            made = ElidedLabel("", "", Qt.TextElideMode.ElideMiddle)
            self.names.append(made)
            self._preview.addWidget(made)
        for at, shown in enumerate(self.names):
            shown.setVisible(at < len(names))
            shown.set_whole(names[at] if at < len(names) else "")


def newest_samples(workspace: Workspace) -> tuple[NameValues, ...]:
    """The newest card of the library as a sample; none where it is empty. Slow: for a worker thread."""
    from cardforge_desktop.cards.naming import name_values

    newest = workspace.card_search.newest()
    if newest is None:
        return ()
    card = workspace.library.card(newest.id).card
    return (name_values(card, newest.created_at, batch_id=newest.batch_id),)


def _loose_brace(text: str) -> str:
    """A brace that belongs to no placeholder, "" = there is none."""
    for found in reversed(placeholders_in(text)):
        text = text[: found.start] + text[found.end :]
    return next((brace for brace in text if brace in "{}"), "")


def _gandalf() -> NameValues:
    """The specification's own example."""
    return NameValues(
        "Gandalf the Grey",
        datetime.now().astimezone(),
        world="Middle-earth",
        character_class="Wizard",
        version="3",
        batch_id="batch_a1b2c3d4",
    )


def _long_name() -> NameValues:
    """A name that is long, in another script, with what no file name can hold."""
    return NameValues(
        "Ярга Вантуровна “Ведьма” из-за Карских ворот / третья дочь капитана",
        datetime.now().astimezone(),
        world="龍の島",
        character_class="Капитан: дозор?",
        version="1.0",
        batch_id="batch_a1b2c3d4",
        index=2,
    )
