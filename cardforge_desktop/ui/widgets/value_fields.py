"""Fields for values that are no prose: numbers, dates, yes and no, choices."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from math import isfinite
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_XS, Tone
from cardforge_desktop.ui.widgets.basics import set_tone
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.picker import Choice, Picker
from cardforge_desktop.ui.widgets.text_field import TextField

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import Number


class Captioned(QWidget):
    """A small name above a control."""

    def __init__(self, name: str, control: QWidget, hint: str = "") -> None:
        super().__init__()
        self.control = control
        title = QLabel(name)
        title.setProperty("role", "caption")
        title.setBuddy(control)
        control.setAccessibleName(name)
        if hint:
            control.setToolTip(hint)
            title.setToolTip(hint)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addWidget(title)
        layout.addWidget(control)


class ParsedField(QLineEdit):
    """A line that is a value or nothing; what cannot be read is marked and changes nothing.

    Signals:
        given(object): the person wrote this value; None = nothing.
        troubled(str): why what is written cannot be read; "" = it can again.
    """

    given = Signal(object)
    troubled = Signal(str)

    def __init__(
        self,
        bench: FieldBench,
        parse: Callable[[str], Any],
        tell: Callable[[Any], str],
        *,
        required: bool = False,
        problem: str = "",
    ) -> None:
        super().__init__()
        self._parse, self._tell = parse, tell
        self._required, self._problem = required, problem
        self._value: Any = None
        self._is_wrong = False
        bench.without_undo(self)
        self.textEdited.connect(self._on_edited)
        self.editingFinished.connect(self._settle)

    def show_value(self, value: Any) -> None:
        """Show a value; what is just being written stays as it is written while it means the same."""
        if value == self._value and self.text():
            self._value = value
            return
        self._value = value
        self.setText("" if value is None else self._tell(value))
        if not self.hasFocus():
            self.home(False)  # of a long text the beginning is seen
        self._complain(False)

    def forget(self) -> None:
        """What is written belongs to another thing now: the next value is shown anew."""
        self._value = None
        self.setText("")
        self._complain(False)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        try:
            value = self._parse(text.strip()) if text.strip() else None
        except ValueError:
            self._complain(True)
            return
        wrong = value is None and self._required
        self._complain(wrong)
        if not wrong and (type(value) is not type(self._value) or value != self._value):
            self._value = value
            self.given.emit(value)

    @Slot()
    def _settle(self) -> None:
        if not self._is_wrong:
            self.setText("" if self._value is None else self._tell(self._value))

    def _complain(self, wrong: bool) -> None:
        set_tone(self, "error" if wrong else "")
        self.setAccessibleDescription(self._problem if wrong else "")
        if wrong:
            self.setToolTip(self._problem)
        if wrong != self._is_wrong:
            self._is_wrong = wrong
            self.troubled.emit(self._problem if wrong else "")


def number_field(bench: FieldBench, *, required: bool = False) -> ParsedField:
    """A field for a number, whole ones staying whole."""
    problem = QCoreApplication.translate("ValueFields", "This has to be a number, such as 4 or 0.5.")
    return ParsedField(bench, number_of, json.dumps, required=required, problem=problem)


def number_of(text: str) -> Number:
    """The number a person wrote.

    Raises:
        ValueError: it is none.
    """
    try:
        return int(text)
    except ValueError:
        value = float(text.replace(",", "."))
        if not isfinite(value):
            raise ValueError(text) from None
        return value


def id_field(bench: FieldBench) -> ParsedField:
    """A field for the id of a book entry: a number where it is one, else a text."""
    return ParsedField(bench, _id_of, lambda value: value if isinstance(value, str) else json.dumps(value))


def _id_of(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def moment_field(bench: FieldBench) -> ParsedField:
    """A field for a moment, shown in local time; its value is in unix seconds."""
    problem = QCoreApplication.translate(
        "ValueFields", "Write the date as year-month-day hours:minutes, such as 2026-11-26 10:42."
    )
    field = ParsedField(bench, _seconds, _local, problem=problem)
    field.setPlaceholderText(QCoreApplication.translate("ValueFields", "Not set"))
    field.setMinimumWidth(field.fontMetrics().horizontalAdvance("0000-00-00 00:00:00") + 36)
    return field


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone().timestamp())


def _local(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")  # noqa: DTZ006
    except (OverflowError, OSError, ValueError):
        return json.dumps(seconds)


class TriState(Picker):
    """Yes, no, or not set.

    Signals:
        given(object): True, False or None.
    """

    given = Signal(object)

    def __init__(self, bench: FieldBench, name: str) -> None:
        super().__init__(bench.icons, name)
        self.set_choices(
            (Choice("", self.tr("Not set")), Choice("yes", self.tr("Yes")), Choice("no", self.tr("No"))), ""
        )
        self.picked.connect(self._on_picked)

    def show_value(self, value: bool | None) -> None:
        """Show a value."""
        self.show_choice("" if value is None else "yes" if value else "no")

    @Slot(str)
    def _on_picked(self, key: str) -> None:
        self.given.emit({"": None, "yes": True, "no": False}[key])


class Switch(QPushButton):
    """Yes or no: a box with a tick, drawn as icons are, and a name.

    Signals:
        given(object): what it is now.
    """

    given = Signal(object)

    def __init__(self, bench: FieldBench, name: str) -> None:
        super().__init__(name)
        self._icons = bench.icons
        self.setProperty("role", "quiet")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.toggled.connect(self._draw)
        self.clicked.connect(self._tell)
        self._draw()

    def show_value(self, value: bool) -> None:
        """Show a value."""
        self.setChecked(bool(value))

    @Slot()
    def _draw(self) -> None:
        self._icons.put(self, "square-check" if self.isChecked() else "square", Tone.MUTED, 18)

    @Slot(bool)
    def _tell(self, checked: bool) -> None:
        self.given.emit(checked)


class Selection(Picker):
    """One of several values, or one that only other apps know.

    Signals:
        given(object): the value.
    """

    given = Signal(object)

    def __init__(self, bench: FieldBench, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__(bench.icons, name)
        self._values = {json.dumps(value): value for value, _ in choices}
        self.set_choices(
            (Choice(json.dumps(value), text) for value, text in choices), json.dumps(choices[0][0])
        )
        self.picked.connect(lambda key: self.given.emit(self._values[key]))

    def show_value(self, value: Any) -> None:
        """Show a value."""
        self.show_choice(json.dumps(value))


class LinesField(QWidget):
    """A list of short texts, one a line.

    Signals:
        given(object): the list.
    """

    given = Signal(object)

    def __init__(self, bench: FieldBench, name: str, placeholder: str = "") -> None:
        super().__init__()
        self._value: list[str] = []
        self._showing = False
        self.field = TextField(bench.theme, name, least=1, most=8)
        self.field.setPlaceholderText(placeholder)
        self.field.document().setUndoRedoEnabled(False)
        bench.without_undo(self.field)
        self.setFocusProxy(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.field)
        self.field.edited.connect(self._on_edited)

    def show_value(self, value: Sequence[str] | None) -> None:
        """Show a list."""
        if list(value or ()) != self._value:
            self._value = list(value or ())
            self._showing = True
            self.field.set_text("\n".join(self._value))
            self._showing = False

    def forget(self) -> None:
        """What is written belongs to another thing now."""
        self.show_value(())

    @Slot(object)
    def _on_edited(self, text: str) -> None:
        if not self._showing:
            self._value = [line.strip() for line in text.splitlines() if line.strip()]
            self.given.emit(list(self._value))
