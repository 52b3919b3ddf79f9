"""What the card tells the model beside the character itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.field_box import FieldBox
from cardforge_desktop.ui.library.editor.sections.section import Section
from cardforge_desktop.ui.theme import SPACE_M
from cardforge_desktop.ui.widgets.basics import row
from cardforge_desktop.ui.widgets.value_fields import Captioned, Selection, number_field

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.package import CardPackage

_NOTE = "extensions.depth_prompt.prompt"
#: As SillyTavern fills in what a card leaves out.
_NEW_NOTE: dict[str, Any] = {"prompt": "", "depth": 4, "role": "system"}


class InstructionsSection(Section):
    """System prompt, post-history instructions and SillyTavern's character's note."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._add_text(
            "system_prompt",
            self.tr("System prompt"),
            self.tr("Replaces the reader's own, which {{original}} puts back in"),
        )
        self._add_text(
            "post_history_instructions",
            self.tr("Post-history instructions"),
            self.tr("Sent behind the chat, where models listen best"),
        )
        self._add_text(
            _NOTE,
            self.tr("Character's note"),
            self.tr("SillyTavern puts this into the chat, some messages above its end"),
        ).write_as(lambda card, text: with_note(card, "prompt", text))
        self.note_depth = number_field(bench)
        self.note_role = Selection(
            bench,
            self.tr("Role"),
            ((None, self.tr("Not set")), ("system", "system"), ("user", "user"), ("assistant", "assistant")),
        )
        self.talkativeness = number_field(bench)
        self._lay_out_values()
        self.column.addStretch(1)
        self.note_depth.given.connect(lambda value: self._set_note("depth", value))
        self.note_role.given.connect(lambda value: self._set_note("role", value))
        self.talkativeness.given.connect(
            lambda value: bench.session.edit(
                "extensions.talkativeness", lambda card: _with_talkativeness(card, value), typed=True
            )
        )

    def show_package(self, package: CardPackage) -> None:
        """The fields and the values."""
        super().show_package(package)
        note = _note(package.card)
        self.note_depth.show_value(_number(note.get("depth")))
        self.note_role.show_value(note.get("role"))
        self.talkativeness.show_value(_number(package.card.extensions.get("talkativeness")))

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """Also to the values."""
        controls: dict[str, QWidget] = {
            "extensions.depth_prompt.depth": self.note_depth,
            "extensions.depth_prompt.role": self.note_role,
            "extensions.talkativeness": self.talkativeness,
        }
        if path in controls:
            self.bring_up(controls[path])
            if focus:
                controls[path].setFocus()
            return True
        return super().go_to(path, start, end, focus=focus)

    def _add_text(self, path: str, name: str, hint: str) -> FieldBox:
        return self.add(FieldBox(self.bench, path, name, hint=hint))

    def _set_note(self, name: str, value: Any) -> None:
        path = f"extensions.depth_prompt.{name}"
        self.bench.session.edit(path, lambda card: with_note(card, name, value), typed=True)

    def _lay_out_values(self) -> None:
        for field in (self.note_depth, self.talkativeness):
            field.setMaximumWidth(120)
        self.column.addLayout(
            row(
                Captioned(
                    self.tr("Depth of the note"),
                    self.note_depth,
                    self.tr("Messages that stand below it: 0 is the end of the chat"),
                ),
                Captioned(self.tr("Role of the note"), self.note_role),
                Captioned(
                    self.tr("Talkativeness"),
                    self.talkativeness,
                    self.tr("How often the character speaks in a group, 0 to 1"),
                ),
                None,
                spacing=SPACE_M,
            )
        )


def with_note(card: Card, name: str, value: Any) -> Card:
    """The card with one value of the character's note; None takes it out. Others stay as they are."""
    note = {**(_note(card) or _NEW_NOTE), name: value}
    if value is None:
        del note[name]
    return card.model_copy(update={"extensions": {**card.extensions, "depth_prompt": note}})


def _note(card: Card) -> dict[str, Any]:
    note = card.extensions.get("depth_prompt")
    return note if isinstance(note, dict) else {}


def _number(value: Any) -> int | float | None:
    """A number, also one that an app wrote as a text."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _with_talkativeness(card: Card, value: int | float | None) -> Card:
    extensions = dict(card.extensions)
    if value is None:
        extensions.pop("talkativeness", None)
    else:  # SillyTavern writes it as a text, and reads both
        was_text = isinstance(extensions.get("talkativeness"), str)
        extensions["talkativeness"] = str(value) if was_text else value
    return card.model_copy(update={"extensions": extensions})
