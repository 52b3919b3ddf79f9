"""The character book."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge_desktop.ui.profiles.editor.fields import NumberFormField, SwitchFormField
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
from cardforge_desktop.ui.profiles.editor.template_box import TemplateFormField


class BookSection(FormSection):
    """Whether, how many entries, how long, about what."""

    def parts(self) -> Iterator[None]:
        """See `FormSection.parts`."""
        bench = self.bench
        self.add(
            SwitchFormField(
                bench,
                "config.book.include",
                self.tr("Write a character book"),
                hint=self.tr("Who starts a card can still decide otherwise for it."),
            )
        )
        yield
        limits = {
            "max_entries": self.tr("entries at most"),
            "max_tokens": self.tr("tokens at most for each entry"),
        }
        for name, text in limits.items():
            path = f"config.book.{name}"
            self.add(NumberFormField(bench, path, whole=True, required=True, behind=text))
            yield
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
