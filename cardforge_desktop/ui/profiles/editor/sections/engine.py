"""Which model writes, and how it chooses its words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot

from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.profiles.editor.field_names import empty_text
from cardforge_desktop.ui.profiles.editor.fields import ChoiceFormField, NumberFormField, TextFormField
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
from cardforge_desktop.ui.widgets.picker import Choice

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed


class EngineFormField(ChoiceFormField):
    """The app's connections, as they are just now; one that is there no more is shown by its name."""

    def __init__(self, bench: FormBench) -> None:
        super().__init__(
            bench,
            "config.engine",
            hint=self.tr("Who starts a card can still choose another engine for it."),
        )
        self._offer(())
        bench.services.events.changed.connect(self._on_changed)
        bench.services.background.start(self._read())

    def _offer(self, engines: tuple[tuple[str, str], ...]) -> None:
        own = Choice("", empty_text(self.path))
        choices = [own, *(Choice(name, text) for name, text in engines)]
        self.picker.set_choices(choices, self.picker.current)

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.CONNECTION, changes) is not None:
            self.bench.services.background.start(self._read())

    async def _read(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        engines = await self.bench.services.cache.read(
            Topic(Kind.CONNECTION, "labels"),
            lambda ws: tuple((each.name, ws.engines.label(each.name)) for each in ws.engines.connections()),
        )
        self._offer(engines)


class EngineSection(FormSection):
    """Engine, model, sampling."""

    def parts(self) -> Iterator[None]:
        """See `FormSection.parts`."""
        bench = self.bench
        self.add(EngineFormField(bench))
        yield
        self.add(
            TextFormField(
                bench,
                "config.model",
                placeholder=empty_text("config.model"),
                hint=self.tr("Asked for at the engine in the place of the connection's own model."),
            )
        )
        yield
        self.add_text(self.tr("Sampling"), "title")
        self.add_text(
            self.tr(
                "How the model chooses its words. What is empty is left to the engine; small models have "
                "settings of their own."
            )
        )
        hints = {
            "temperature": self.tr("0 is sober, 1 is usual, above that it gets wild. Up to 2."),
            "top_p": self.tr("Only the likeliest words that make up this share, from 0 to 1."),
            "top_k": self.tr("Only so many of the likeliest words."),
            "min_p": self.tr("Only words at least this share as likely as the likeliest, from 0 to 1."),
            "frequency_penalty": self.tr("Words become less likely the more often they were used. -2 to 2."),
            "presence_penalty": self.tr("Words become less likely once they were used. -2 to 2."),
            "repeat_penalty": self.tr("1 is none; 1.1 is usual for local models."),
            "seed": self.tr("The same number gives the same words, where the engine has it."),
        }
        numbers = []
        for name, hint in hints.items():
            whole = name in ("top_k", "seed")
            numbers.append(NumberFormField(bench, f"config.sampling.{name}", whole=whole, hint=hint))
            yield
        self.add_grid(numbers)
        self.column.addStretch(1)
