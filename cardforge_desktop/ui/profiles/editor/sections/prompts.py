"""The words a model is given."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
from cardforge_desktop.ui.profiles.editor.template_box import TemplateFormField


class PromptsSection(FormSection):
    """System prompt, task, examples."""

    def parts(self) -> Iterator[None]:
        """See `FormSection.parts`."""
        bench = self.bench
        self.add(
            TemplateFormField(
                bench,
                "prompts.system",
                least=5,
                most=24,
                placeholder=self.tr("Who the model is, and what always holds"),
            )
        )
        yield
        self.add(
            TemplateFormField(
                bench,
                "prompts.task",
                least=6,
                most=24,
                placeholder=self.tr("What it is to do; {source} and {fields} stand in it"),
            )
        )
        yield
        self.add(
            TemplateFormField(
                bench,
                "prompts.examples",
                least=4,
                most=24,
                placeholder=self.tr("Texts that show how it is meant, or nothing"),
            )
        )
        self.column.addStretch(1)
