"""What a profile is called, what it is for, what it makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cardforge_desktop.ui.profiles.editor.fields import ChoiceFormField, TextFormField
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
from cardforge_desktop.ui.widgets.basics import label


class TypeFormField(ChoiceFormField):
    """The type, with a sentence on what it makes."""

    def __init__(self, bench: FormBench) -> None:
        super().__init__(bench, "type")
        self._sentences = {
            "character": self.tr("A person: the card tells who they are and how they speak."),
            "scenario": self.tr("A place or a story that a narrator tells; the card is named after it."),
            "group": self.tr("Several people in one card."),
            "lorebook": self.tr("A book of people, places and things, without a character."),
        }
        self.sentence = label("", "caption", wrap=True)
        self.column.addWidget(self.sentence)
        self.picker.picked.connect(self._explain)

    def show_value(self, value: Any) -> None:
        """Show a type."""
        super().show_value(value)
        self._explain(value)

    def _explain(self, value: str) -> None:
        self.sentence.setText(self._sentences.get(value, ""))


class GeneralSection(FormSection):
    """Name, type, description."""

    def parts(self) -> Iterator[None]:
        """See `FormSection.parts`."""
        bench = self.bench
        self.add(TextFormField(bench, "name"))
        yield
        self.add(TypeFormField(bench))
        yield
        self.add(
            TextFormField(
                bench,
                "description",
                lines=3,
                placeholder=self.tr("What this profile is for, for the one who chooses"),
            )
        )
        self.column.addStretch(1)
