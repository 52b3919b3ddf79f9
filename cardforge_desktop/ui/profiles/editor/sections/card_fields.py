"""The fields of the card: a list of them, and one field's length and instruction beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy

from cardforge_desktop.profiles.model import FIELD_NAMES, FieldName
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.profiles.editor.fields import NumberFormField, SwitchFormField
from cardforge_desktop.ui.profiles.editor.found import Found
from cardforge_desktop.ui.profiles.editor.sections.plan_list import PlanList
from cardforge_desktop.ui.profiles.editor.sections.section import FormSection
from cardforge_desktop.ui.profiles.editor.template_box import TemplateFormField
from cardforge_desktop.ui.theme import SPACE_S
from cardforge_desktop.ui.widgets.basics import label, row

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.profiles.validation import Finding

_FIRST = FIELD_NAMES[0]


class CardFieldsSection(FormSection):
    """All eleven fields at one glance, one of them to be changed."""

    def parts(self) -> Iterator[None]:
        """See `FormSection.parts`."""
        bench = self.bench
        self.list = PlanList(bench)
        self.beside.insertWidget(0, self.list)
        yield
        self._heading = label("", "title")
        self.column.setSpacing(SPACE_S)
        plan = f"config.fields.{_FIRST}"
        self._write = self.take(SwitchFormField(bench, f"{plan}.write", self.tr("Write this field")))
        self._write.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.column.addLayout(row(self._heading, None, self._write))
        self._unwritten = label(
            self.tr("The card leaves this field empty; what stands below has no effect."),
            "caption",
            wrap=True,
        )
        self.column.addWidget(self._unwritten)
        yield
        self._numbers = {
            "words": NumberFormField(
                bench,
                f"{plan}.words",
                whole=True,
                empty=0,
                behind=self.tr("words asked for"),
                hint=self.tr("The model is asked for about so many. Empty: as the instruction says."),
            ),
            "min_words": NumberFormField(
                bench,
                f"{plan}.min_words",
                whole=True,
                empty=0,
                behind=self.tr("words at least"),
                hint=self.tr("A shorter answer is asked for again. Empty: the field may be empty."),
            ),
            "max_tokens": NumberFormField(
                bench,
                f"{plan}.max_tokens",
                whole=True,
                required=True,
                behind=self.tr("tokens at most"),
                hint=self.tr("The answer ends there; of greetings each."),
            ),
        }
        for number in self._numbers.values():
            self.add(number)
        yield
        self._instruction = self.add(
            TemplateFormField(
                bench,
                f"prompts.fields.{_FIRST}",
                title=self.tr("Instruction"),
                least=6,
                placeholder=self.tr("What belongs into this field. Empty: its name says it all."),
            )
        )
        yield
        self.column.addStretch(1)
        self._found: Mapping[str, Sequence[Found]] = {}
        self.list.chosen.connect(self._choose)
        self.list.ticked.connect(self._tick)
        self._name(_FIRST)

    def show_values(self, values: Mapping[str, Any], *, only: str = "", but: object = None) -> None:
        """The list tells of all fields."""
        if not only or only.startswith("config.fields."):
            self.list.show_values(values)
        super().show_values(values, only=only, but=but)
        self._unwritten.setVisible(not values[self._write.path])

    def show_found(self, found: Mapping[str, Sequence[Found]], content: ProfileContent) -> None:
        """The list tells of all fields."""
        self._found = found
        severities: dict[str, str] = {}
        for path, listed in found.items():
            if (name := _field_of(path)) is not None:
                wrong = any(each.severity == "error" for each in listed)
                severities[name] = "error" if wrong else severities.get(name, "warning")
        self.list.show_marks(severities)
        super().show_found(found, content)

    def shows(self, path: str) -> bool:
        """The fields that are not chosen are marked in the list."""
        return _field_of(path) is not None

    def go_to(self, path: str, finding: Finding | None = None) -> bool:
        """Choose the field first."""
        name = _field_of(path)
        if name is None:
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        self.list.choose(name)
        return super().go_to(path, finding)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list stands beside the chosen field, or where there is little room above it."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """A larger font needs more room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "_heading"):
            self._arrange()

    def _arrange(self) -> None:
        beside = self.list.fontMetrics().averageCharWidth() * 25 + 40
        compact = self.width() < 2.8 * beside
        direction = QBoxLayout.Direction.TopToBottom if compact else QBoxLayout.Direction.LeftToRight
        self.beside.setDirection(direction)
        width = self.width() if compact else beside
        self.list.arrange(width, compact=compact, highest=self.height() * 2 // 5)

    @Slot(str)
    def _choose(self, name: FieldName) -> None:
        self._name(name)
        plan = f"config.fields.{name}"
        self._write.rebind(f"{plan}.write")
        for part, field in self._numbers.items():
            field.rebind(f"{plan}.{part}")
        self._instruction.rebind(f"prompts.fields.{name}")
        self.area.verticalScrollBar().setValue(0)
        if self.bench.session.is_open:
            content = self.bench.session.content
            self.show_values(fields_of(content))
            self.show_found(self._found, content)
            self.show_tokens(self.bench.checker.tokens)

    def _name(self, name: FieldName) -> None:
        self._heading.setText(formatting.field_label(name))

    @Slot(str, bool)
    def _tick(self, name: str, written: bool) -> None:
        self.given.emit(self.list, f"config.fields.{name}.write", written, False)


def _field_of(path: str) -> FieldName | None:
    """The card field that a path is about."""
    parts = path.split(".")
    known = len(parts) > 2 and parts[1] == "fields" and parts[2] in FIELD_NAMES
    return cast("FieldName", parts[2]) if known else None
