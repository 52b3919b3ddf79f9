"""The character book."""

from __future__ import annotations

from cardforge_desktop.ui.profiles.editor.fields import NumberFormField, SwitchFormField
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
from cardforge_desktop.ui.profiles.editor.template_box import TemplateFormField


class BookSection(FormSection):
    """Whether, how many entries, how long, about what."""

    def __init__(self, bench: FormBench) -> None:
        super().__init__(bench)
        self.add(
            SwitchFormField(
                bench,
                "config.book.include",
                self.tr("Write a character book"),
                hint=self.tr("Who starts a card can still decide otherwise for it."),
            )
        )
        self.add_grid(
            [
                NumberFormField(
                    bench,
                    "config.book.max_entries",
                    whole=True,
                    required=True,
                    title=self.tr("Entries, at most"),
                ),
                NumberFormField(
                    bench,
                    "config.book.max_tokens",
                    whole=True,
                    required=True,
                    title=self.tr("Tokens an entry, at most"),
                ),
            ]
        )
        self.add(
            TemplateFormField(
                bench,
                "prompts.book",
                title=self.tr("Instruction"),
                least=6,
                placeholder=self.tr("What the entries are about"),
            )
        )
        self.column.addStretch(1)
