"""Where a value of one's own is written into a merge: a text, a line, a number, a choice, the formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from PySide6.QtCore import QCoreApplication, QLocale, Signal, Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from cardforge_desktop.ui.profiles.editor.field_names import choices_of, empty_text, name_of, value_text
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import set_tone
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.picker import Choice, Picker
from cardforge_desktop.ui.widgets.text_field import TextField

#: Paths of whole numbers where the values may be absent.
_WHOLE = frozenset({"config.sampling.top_k", "config.sampling.seed"})
#: Texts of one line.
_LINES = frozenset({"name", "config.engine", "config.model", "config.language", "config.naming_pattern"})


class ValueEditor(Protocol):
    """A widget that edits one value: `given` is sent with what the person wrote."""

    given: Any

    def show_value(self, value: Any) -> None:
        """Show a value, telling nobody."""


def editor_of(services: Services, path: str, values: Sequence[Any]) -> QWidget:
    """An editor fit for the field at `path`, a `ValueEditor`; `values` are some it has."""
    name = QCoreApplication.translate("ConflictRow", "Merged %1").replace("%1", name_of(path), 1)
    present = next((value for value in values if value is not None), None)
    if choices_of(path) and path != "config.naming_pattern":
        return _ChoiceEditor(services, name, choices_of(path))
    if isinstance(present, bool):
        yes_no = tuple((value, value_text(path, value)) for value in (True, False))
        return _ChoiceEditor(services, name, yes_no)
    if isinstance(present, tuple):
        return _FormatsEditor(services, path, values)
    if path.startswith("config.sampling.") or isinstance(present, int):
        is_whole = path in _WHOLE or not path.startswith("config.sampling.")
        return _NumberEditor(path, name, is_whole=is_whole)
    if path in _LINES:
        return _LineEditor(path, name)
    return _TextEditor(services, name)


def is_wide(editor: QWidget) -> bool:
    """Whether an editor wants the width of the whole row."""
    return isinstance(editor, _TextEditor)


class _TextEditor(TextField):
    given = Signal(object)

    def __init__(self, services: Services, name: str) -> None:
        super().__init__(services.theme, name, least=3, most=18)
        self.edited.connect(self.given)

    def show_value(self, value: Any) -> None:
        self.set_text(value)


class _LineEditor(QLineEdit):
    given = Signal(object)

    def __init__(self, path: str, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setPlaceholderText(empty_text(path))
        self.textEdited.connect(self.given.emit)

    def show_value(self, value: Any) -> None:
        if value != self.text():
            self.setText(value)


class _NumberEditor(QLineEdit):
    """A number as the locale writes it; empty is None where that is a value. What is none is not given."""

    given = Signal(object)
    spoiled = Signal(bool)  # whether what stands in it is no value

    def __init__(self, path: str, name: str, *, is_whole: bool) -> None:
        super().__init__()
        self._may_be_none = path.startswith("config.sampling.")
        self._is_whole = is_whole
        self._value: Any = ...
        self.setAccessibleName(name)
        if self._may_be_none:
            self.setPlaceholderText(empty_text(path))
        self.textEdited.connect(self._on_edited)

    def show_value(self, value: Any) -> None:
        if value != self._value:
            self._value = value
            self.setText("" if value is None else self._said(value))
            self._complain(False)

    def _said(self, value: Any) -> str:
        return str(value) if self._is_whole else QLocale().toString(float(value), "g", 6)

    @Slot(str)
    def _on_edited(self, text: str) -> None:
        try:
            value = self._read(text.strip())
        except ValueError:
            self._complain(True)
            return
        self._complain(False)
        self._value = value
        self.given.emit(value)

    def _read(self, text: str) -> int | float | None:
        if not text:
            if self._may_be_none:
                return None
            raise ValueError(text)
        if self._is_whole:
            return int(text)
        value, is_number = QLocale().toDouble(text)
        return value if is_number else float(text.replace(",", "."))

    def _complain(self, wrong: bool) -> None:
        problem = self.tr("This has to be a whole number, such as 4.")
        if not self._is_whole:
            problem = self.tr("This has to be a number, such as 4 or 0.5.")
        set_tone(self, "error" if wrong else "")
        self.spoiled.emit(wrong)
        self.setAccessibleDescription(problem if wrong else "")
        self.setToolTip(problem if wrong else "")


class _ChoiceEditor(Picker):
    given = Signal(object)

    def __init__(self, services: Services, name: str, choices: Sequence[tuple[Any, str]]) -> None:
        super().__init__(services.icons, name)
        self._values = {str(value): value for value, _ in choices}
        self.set_choices((Choice(str(value), text) for value, text in choices), str(choices[0][0]))
        self.picked.connect(lambda key: self.given.emit(self._values[key]))

    def show_value(self, value: Any) -> None:
        self.show_choice(str(value))


class _FormatsEditor(QWidget):
    """A box for each format that either side has, in the order of the app."""

    given = Signal(object)

    def __init__(self, services: Services, path: str, values: Sequence[Any]) -> None:
        super().__init__()
        found = dict.fromkeys(each for value in values for each in value)
        self._boxes = {
            key: CheckBox(services.theme, services.icons, value_text(path, (key,))) for key in found
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        for box in self._boxes.values():
            layout.addWidget(box)
            box.clicked.connect(self._tell)
        self.setFocusProxy(next(iter(self._boxes.values())))

    def show_value(self, value: Any) -> None:
        for key, box in self._boxes.items():
            box.setChecked(key in value)

    @Slot()
    def _tell(self) -> None:
        self.given.emit(tuple(key for key, box in self._boxes.items() if box.isChecked()))
