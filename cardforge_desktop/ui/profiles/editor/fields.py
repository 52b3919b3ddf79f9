"""The fields of the profile form: each shows the value of one path, changes it, and says what was found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cardforge_desktop.profiles.validation import Finding, FindingCode
from cardforge_desktop.ui.profiles.editor.field_names import choices_of, empty_text, name_of
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.found import Found, line_of, said
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import ElidedLabel, row, set_tone
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.finding_lines import FindingLines
from cardforge_desktop.ui.widgets.picker import Choice, Picker
from cardforge_desktop.ui.widgets.text_field import LineField, TextField
from cardforge_desktop.ui.widgets.value_fields import ParsedField

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import ProfileContent


class FormField(QWidget):
    """A name, a control for the value at `path`, and lines on what was found there.

    Signals:
        given(object, bool): the person made this the value; True = by typing, a letter at a time.
    """

    given = Signal(object, bool)

    def __init__(
        self,
        bench: FormBench,
        path: str,
        control: QWidget,
        *,
        title: str | None = None,
        hint: str = "",
        tools: Sequence[QWidget] = (),
    ) -> None:
        """`control` takes the focus; `title` is shown where the path's own name is too long, "" = none."""
        super().__init__()
        self.setProperty("role", "page")
        self.bench, self.path, self.control = bench, path, control
        self._hint = hint
        self._found: tuple[Found, ...] = ()
        self.title = QLabel(name_of(path) if title is None else title)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        self.title.setProperty("role", "strong")
        self.title.setBuddy(control)
        if not self.title.text():
            self.title.hide()
        self.findings = FindingLines(bench.theme, bench.icons, toned=True)
        self.findings.fix_wanted.connect(self._fix)
        self.findings.all_wanted.connect(self.findings.show_all)
        self.setFocusProxy(control)
        self._name_control()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACE_XS)
        if self.title.text() or tools:
            self.column.addLayout(row(self.title, None, *tools))
        self.column.addLayout(self._placed(control))
        self.column.addWidget(self.findings)

    @property
    def found(self) -> tuple[Found, ...]:
        """What is said of this field."""
        return self._found

    def show_value(self, value: Any) -> None:
        """Show a value without telling anyone; cursor and selection stay where they can."""
        raise NotImplementedError

    def forget(self) -> None:
        """What is written belongs to another profile now: the next value is shown anew."""

    def rebind(self, path: str) -> None:
        """Be the field of another path of the same kind."""
        if path != self.path:
            self.forget()
            self.path = path
            self._name_control()

    def show_found(self, found: Sequence[Found], content: ProfileContent) -> None:
        """Say this below the field, and to those who hear it."""
        self._found = tuple(found)
        self.findings.show_lines([line_of(each, content) for each in found])
        wrong = any(each.severity == "error" for each in found)
        set_tone(self.control, "error" if wrong else "")
        self.control.setAccessibleDescription(" ".join(part for part in (said(found), self._hint) if part))

    def go_to(self, finding: Finding | None = None) -> None:
        """Give it the focus, and select the place of a finding."""
        del finding
        self.control.setFocus(Qt.FocusReason.OtherFocusReason)

    def _placed(self, control: QWidget) -> QHBoxLayout:
        """Where the control stands: over the whole width."""
        made = row()
        made.addWidget(control, 1)
        return made

    def _name_control(self) -> None:
        self.control.setAccessibleName(name_of(self.path))
        self.control.setAccessibleDescription(self._hint)
        self.control.setToolTip(self._hint)
        self.control.setStatusTip(self._hint)
        self.title.setToolTip(self._hint)

    @Slot(int)
    def _fix(self, at: int) -> None:
        if at < len(self._found):
            self.bench.fix_wanted.emit(self._found[at].finding)


class TextFormField(FormField):
    """A text: of one line as a rule, or of several."""

    def __init__(
        self,
        bench: FormBench,
        path: str,
        *,
        lines: int = 1,
        title: str | None = None,
        hint: str = "",
        placeholder: str = "",
    ) -> None:
        name = name_of(path)
        self.field: TextField = (
            LineField(bench.theme, name, least=1, most=3)
            if lines == 1
            else TextField(bench.theme, name, least=lines, most=4 * lines)
        )
        super().__init__(bench, path, self.field, title=title, hint=hint)
        self.field.document().setUndoRedoEnabled(False)
        self.field.setPlaceholderText(placeholder)
        bench.without_undo(self.field)
        self.field.edited.connect(self._tell)

    def show_value(self, value: Any) -> None:
        """Show a text."""
        self.field.show_text(value)

    @Slot(object)
    def _tell(self, text: str) -> None:
        self.given.emit(text, True)


class NumberFormField(FormField):
    """A number. What is none is an error of the form, and the profile keeps the number before."""

    def __init__(
        self,
        bench: FormBench,
        path: str,
        *,
        whole: bool = False,
        empty: Any = None,
        required: bool = False,
        title: str | None = None,
        behind: str = "",
        hint: str = "",
    ) -> None:
        """Make it.

        Args:
            empty: the value of an empty field, unless that is not allowed (`required`).
            behind: what is said behind the number in the place of a title above it: "words at least".
        """
        self._empty, self._required, self._behind = empty, required, behind
        problem = self.tr("This has to be a whole number.") if whole else self.tr("This has to be a number.")
        self.field = ParsedField(bench, int if whole else _real, _told, required=required, problem=problem)
        if not required:
            self.field.setPlaceholderText("—" if behind else empty_text(path))
        super().__init__(bench, path, self.field, title="" if behind else title, hint=hint)
        self.field.given.connect(self._tell)
        self.field.troubled.connect(self._trouble)

    def show_value(self, value: Any) -> None:
        """Show a number."""
        self.field.show_value(None if not self._required and value == self._empty else value)

    def forget(self) -> None:
        """What is written belongs to another profile, or another field."""
        self.field.forget()

    def _placed(self, control: QWidget) -> QHBoxLayout:
        digits = 8 if self._behind else 22
        control.setMaximumWidth(control.fontMetrics().horizontalAdvance("0" * digits) + 2 * SPACE_S)
        made = row()
        made.addWidget(control, 1)
        if self._behind:
            said = ElidedLabel(self._behind)
            said.setBuddy(control)
            made.addWidget(said, 3)
        else:
            made.addStretch(0)
        return made

    @Slot(object)
    def _tell(self, value: Any) -> None:
        self.given.emit(self._empty if value is None else value, True)

    @Slot(str)
    def _trouble(self, problem: str) -> None:
        finding = Finding(self.path, problem, FindingCode.BAD_TYPE) if problem else None
        self.bench.note(self.path, finding)


class ChoiceFormField(FormField):
    """One of several values."""

    def __init__(
        self,
        bench: FormBench,
        path: str,
        *,
        title: str | None = None,
        hint: str = "",
    ) -> None:
        self.picker = Picker(bench.icons, name_of(path))
        self.picker.set_choices((Choice(key, text) for key, text in choices_of(path)), "")
        super().__init__(bench, path, self.picker, title=title, hint=hint)
        self.picker.picked.connect(self._tell)

    def show_value(self, value: Any) -> None:
        """Show a choice."""
        self.picker.show_choice(value)

    def show_found(self, found: Sequence[Found], content: ProfileContent) -> None:
        """The picker's own description is what is chosen."""
        super().show_found(found, content)
        parts = (self.picker.shown, said(found))
        self.picker.setAccessibleDescription(". ".join(part for part in parts if part))

    def _placed(self, control: QWidget) -> QHBoxLayout:
        return row(control, None)

    @Slot(str)
    def _tell(self, key: str) -> None:
        self.given.emit(key, False)


class SwitchFormField(FormField):
    """Yes or no."""

    def __init__(self, bench: FormBench, path: str, text: str, *, hint: str = "") -> None:
        self.box = CheckBox(bench.theme, bench.icons, text)
        super().__init__(bench, path, self.box, title="", hint=hint)
        self.box.clicked.connect(self._tell)

    def show_value(self, value: Any) -> None:
        """Show whether."""
        self.box.setChecked(value)

    @Slot(bool)
    def _tell(self, value: bool) -> None:
        self.given.emit(value, False)


def _real(text: str) -> float:
    value = float(text.replace(",", "."))
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _told(value: float) -> str:
    """A number as it is typed, without the ``.0`` that makes a whole number one of another kind."""
    return str(int(value)) if math.isfinite(value) and value == int(value) else str(value)
