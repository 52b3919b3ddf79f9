"""A field for a JSON object."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import label, row
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.text_field import TextField

_NOT_SHOWN = re.compile("[\ud800-\udfff\u2028\u2029\x7f-\x9f]")


class JsonField(QWidget):
    """A JSON object as text; what cannot be read is told and changes nothing.

    Signals:
        given(object): the dict the person wrote.
    """

    given = Signal(object)

    def __init__(
        self,
        bench: FieldBench,
        name: str,
        hint: str = "",
        refuses: Callable[[dict[str, Any]], str] | None = None,
    ) -> None:
        """`refuses` says what is wrong with an object, "" for nothing."""
        super().__init__()
        self._refuses = refuses
        self._value: dict[str, Any] | None = None
        self._showing = False
        self.field = TextField(bench.theme, name, least=2, most=24)
        self.field.document().setUndoRedoEnabled(False)
        bench.without_undo(self.field)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self.setFocusProxy(self.field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        if name:
            title = label(name, "strong")
            title.setBuddy(self.field)
            layout.addLayout(row(title, label(hint, "caption"), None))
        layout.addWidget(self.field)
        layout.addWidget(self.problem)
        self.field.edited.connect(self._on_edited)

    @property
    def is_valid(self) -> bool:
        """Whether what is written is what the card holds."""
        return self.problem.isHidden()

    def show_value(self, value: dict[str, Any]) -> None:
        """Show an object, unless it says what stands there already."""
        if self._value is not None and json_text(value) == json_text(self._value):
            return
        self._value = value
        self._showing = True
        self.field.set_text(json_text(value) if value else "")
        self._showing = False
        self._complain("")

    def forget(self) -> None:
        """What is written belongs to another thing now: the next value is shown anew."""
        self._value = None

    @Slot(object)
    def _on_edited(self, text: str) -> None:
        if self._showing:
            return
        try:
            value = json_object(text) if text.strip() else {}
        except ValueError as error:
            self._complain(self._told(error))
            return
        problem = self._refuses(value) if self._refuses is not None else ""
        self._complain(problem)
        if not problem:
            self._value = value
            self.given.emit(value)

    def _told(self, error: ValueError) -> str:
        if isinstance(error, json.JSONDecodeError):
            text = self.tr("Not saved: line %1, column %2 is no JSON (%3).")
            for mark, value in (("%1", str(error.lineno)), ("%2", str(error.colno)), ("%3", error.msg)):
                text = text.replace(mark, value, 1)
            return text
        return self.tr("Not saved: this has to be a JSON object in { }.")

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))


def json_text(value: Any) -> str:
    """JSON for a person to read and change; what Qt would lose on the way is escaped."""
    return _NOT_SHOWN.sub(
        lambda found: f"\\u{ord(found.group()):04x}", json.dumps(value, ensure_ascii=False, indent=2)
    )


def json_object(text: str) -> dict[str, Any]:
    """The object in `text`.

    Raises:
        ValueError: it is no JSON object.
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value


def _refuse(name: str) -> Any:
    raise ValueError(name)
