"""A section of the profile form: a page of fields that scrolls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.ui.profiles.editor.fields import FormField
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.found import Found, line_of
from cardforge_desktop.ui.profiles.editor.template_box import TemplateFormField
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.finding_lines import FindingLines

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.profiles.validation import Finding
    from cardforge_desktop.ui.profiles.editor.validating import Tokens

#: No text is easier to read in longer lines.
_WIDEST = 820
F = TypeVar("F", bound=FormField)


class _Page(QWidget):
    """As high as its fields, and its wrapped labels at its width, need; of any width."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")

    def minimumSizeHint(self) -> QSize:
        """Where the height follows from the width, the scroll area asks for that."""
        layout = self.layout()
        if layout is None or layout.hasHeightForWidth():
            return QSize(1, 1)
        return QSize(1, layout.minimumSize().height())


class FormSection(QWidget):
    """Shows some fields of the profile. It is filled by going through `parts`, and used only then.

    Signals:
        given(object, str, object, bool): the widget it comes from, the path, the value that the person gave
            it, and whether by typing.
    """

    given = Signal(object, str, object, bool)

    def __init__(self, bench: FormBench) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.bench = bench
        self.fields: list[FormField] = []
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = _Page()
        page.setMaximumWidth(_WIDEST)
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(2, SPACE_S, SPACE_M, SPACE_L)
        self.column.setSpacing(SPACE_L)
        around = _Page()
        self._around = QHBoxLayout(around)
        self._around.setContentsMargins(0, 0, 0, 0)
        self._around.addWidget(page)
        self.area.setWidget(around)
        self.area.viewport().setAutoFillBackground(False)
        self._rest = FindingLines(bench.theme, bench.icons, toned=True)
        self._rest.all_wanted.connect(self._rest.show_all)
        self.column.addWidget(self._rest)
        self.beside = QHBoxLayout(self)
        self.beside.setContentsMargins(0, 0, 0, 0)
        self.beside.setSpacing(SPACE_L)
        self.beside.addWidget(self.area, 1)

    def parts(self) -> Iterator[None]:
        """Fills the page, which is in `area`, in `beside`; the window can do something else at each stop."""
        raise NotImplementedError

    def begin(self) -> None:
        """Another profile comes: from the top, and nothing stays that could not be read in the one before."""
        self.area.verticalScrollBar().setValue(0)
        for field in self.fields:
            field.forget()

    def show_values(self, values: Mapping[str, Any], *, only: str = "", but: object = None) -> None:
        """Show values by their paths: all, or the one at `only`; not in the field that just told of it."""
        for field in self.fields:
            if field is not but and (not only or field.path == only):
                field.show_value(values[field.path])

    def show_found(self, found: Mapping[str, Sequence[Found]], content: ProfileContent) -> None:
        """Show what was found, by the path of the field; what has no field of its own stands at the head."""
        for field in self.fields:
            field.show_found(found.get(field.path, ()), content)
        rest = [each for path, listed in found.items() if not self.shows(path) for each in listed]
        self._rest.show_lines([line_of(each, content) for each in rest])

    def shows(self, path: str) -> bool:
        """Whether what is found at a path is told beside a field."""
        return any(field.path == path for field in self.fields)

    def show_tokens(self, tokens: Tokens) -> None:
        """Show how long the templates are."""
        for field in self.fields:
            if isinstance(field, TemplateFormField):
                field.show_tokens(tokens)

    def go_to(self, path: str, finding: Finding | None = None) -> bool:
        """Bring a field into sight and give it the focus; the first one of a path that holds several."""
        for field in self.fields:
            if field.path == path or field.path.startswith(f"{path}."):
                self._around.activate()
                field.go_to(finding)
                self.bring_up(field)
                return True
        self.area.verticalScrollBar().setValue(0)
        return False

    def bring_up(self, field: QWidget) -> None:
        """Scroll to a field."""
        self.area.ensureWidgetVisible(field, 0, SPACE_L)

    def add(self, field: F) -> F:
        """Put a field at the end of the page."""
        self.column.addWidget(self.take(field))
        return field

    def take(self, field: F) -> F:
        """Have a field shown, told and found with the others; it is placed by who calls."""
        self.fields.append(field)
        field.given.connect(lambda value, typed: self.given.emit(field, field.path, value, typed))
        return field

    def add_text(self, text: str, role: str = "caption") -> None:
        """A sentence on what follows."""
        self.column.addWidget(label(text, role, wrap=True))

    def add_grid(self, fields: Sequence[FormField], columns: int = 2) -> None:
        """Short fields side by side."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_XL)
        grid.setVerticalSpacing(SPACE_L)
        for at, field in enumerate(fields):
            self.take(field)
            grid.addWidget(field, at // columns, at % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(columns):
            grid.setColumnStretch(column, 1)
        self.column.addLayout(grid)
