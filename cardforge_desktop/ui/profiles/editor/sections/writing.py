"""In which language and manner cards are written."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge_desktop.ui.profiles.editor.field_names import empty_text
from cardforge_desktop.ui.profiles.editor.fields import ChoiceFormField, NumberFormField, TextFormField
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection


class WritingSection(FormSection):
    """Language, point of view, tense, style, content rating, alternate greetings."""

    def parts(self) -> Iterator[None]:
        """See `FormSection.parts`."""
        bench = self.bench
        self.add(TextFormField(bench, "config.language", placeholder=empty_text("config.language")))
        yield
        choices = []
        for path in ("config.point_of_view", "config.tense", "config.content_rating"):
            choices.append(ChoiceFormField(bench, path))
            yield
        self.add_grid(choices)
        self.add(
            TextFormField(
                bench,
                "config.style",
                lines=2,
                placeholder=self.tr("In free words: terse, wry"),
            )
        )
        yield
        self.add_text(
            self.tr(
                "What is said up to here is added to the prompt in whole sentences, unless a template names "
                "its placeholder, such as {style}."
            )
        )
        yield
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
