"""In which language and manner cards are written."""

from __future__ import annotations

from cardforge_desktop.ui.profiles.editor.field_names import empty_text
from cardforge_desktop.ui.profiles.editor.fields import ChoiceFormField, NumberFormField, TextFormField
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection


class WritingSection(FormSection):
    """Language, point of view, tense, style, content rating, alternate greetings."""

    def __init__(self, bench: FormBench) -> None:
        super().__init__(bench)
        self.add(TextFormField(bench, "config.language", placeholder=empty_text("config.language")))
        self.add_grid(
            [
                ChoiceFormField(bench, "config.point_of_view"),
                ChoiceFormField(bench, "config.tense"),
                ChoiceFormField(bench, "config.content_rating"),
            ]
        )
        self.add(
            TextFormField(
                bench,
                "config.style",
                lines=2,
                placeholder=self.tr("In free words: terse, wry"),
            )
        )
        self.add_text(
            self.tr(
                "What is said up to here is added to the prompt in whole sentences, unless a template names "
                "its placeholder, such as {style}."
            )
        )
        self.add(
            NumberFormField(
                bench,
                "config.greetings",
                whole=True,
                required=True,
                behind=self.tr("alternate greetings"),
                hint=self.tr("First messages to choose from besides the first one; 0 for none."),
            )
        )
        self.column.addStretch(1)
