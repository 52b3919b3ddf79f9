"""Which files are written, and what they are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.naming import PATTERNS
from cardforge_desktop.ui.batch.wishes.fields import FormatList
from cardforge_desktop.ui.profiles.editor.fields import FormField
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
from cardforge_desktop.ui.widgets.pattern_editor import PatternEditor, newest_samples

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.ui.profiles.editor.found import Found


class FormatsFormField(FormField):
    """The formats to tick. Those that only another version knows stay until they are left out by a click."""

    def __init__(self, bench: FormBench) -> None:
        self.list = FormatList(bench.services)
        self._value: tuple[str, ...] = ()
        super().__init__(bench, "config.formats", self.list)
        self.list.setFocusProxy(next(iter(self.list.boxes.values())))
        self.list.wished.connect(self._tell)

    def show_value(self, value: Any) -> None:
        """Tick these."""
        self._value = tuple(value)
        self.list.show_value(dict.fromkeys(value, True))

    @Slot(str, bool)
    def _tell(self, name: str, wanted: bool) -> None:
        chosen = {*self._value, name} if wanted else {*self._value} - {name}
        ordered = [each for each in FORMATS if each in chosen]
        value = (*ordered, *(each for each in self._value if each in chosen and each not in FORMATS))
        self.show_value(value)
        self.given.emit(value, False)


class PatternFormField(FormField):
    """A `PatternEditor`; a pattern of the specification is kept by its name."""

    def __init__(self, bench: FormBench) -> None:
        self.editor = PatternEditor(bench.icons, bench.theme)
        super().__init__(bench, "config.naming_pattern", self.editor)
        self.editor.setFocusProxy(self.editor.line)
        self.editor.line.document().setUndoRedoEnabled(False)
        bench.without_undo(self.editor.line)
        self.editor.edited.connect(self._tell)
        bench.services.background.start(self._read_samples())

    def show_value(self, value: Any) -> None:
        """Show a pattern."""
        self.editor.set_pattern(value)

    def show_formats(self, names: Sequence[str]) -> None:
        """Show names with the extensions of these formats."""
        self.editor.set_formats({name: FORMATS[name].extension for name in names if name in FORMATS})

    def show_found(self, found: Sequence[Found], content: ProfileContent) -> None:
        """The editor says itself, and at once, which placeholder it does not know."""
        super().show_found(found if self.editor.is_valid else (), content)

    @Slot(str)
    def _tell(self, pattern: str) -> None:
        known = {template: name for name, template in PATTERNS.items()}
        self.given.emit(known.get(pattern, pattern) or "default", True)

    async def _read_samples(self) -> None:
        samples, rules = await self.bench.services.background.call(
            lambda ws: (newest_samples(ws), ws.settings.get().name_rules)
        )
        self.editor.set_samples(samples)
        self.editor.set_rules(rules)


class FilesSection(FormSection):
    """Formats and names."""

    def parts(self) -> Iterator[None]:
        """See `FormSection.parts`."""
        bench = self.bench
        self.add(FormatsFormField(bench))
        yield
        self._pattern = self.add(PatternFormField(bench))
        self.column.addStretch(1)

    def show_values(self, values: Any, *, only: str = "", but: object = None) -> None:
        """Names are shown for the formats that are ticked."""
        super().show_values(values, only=only, but=but)
        if only in ("", "config.formats"):
            self._pattern.show_formats(values["config.formats"])
