"""A page of fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.field_box import FieldBox
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S
from cardforge_desktop.ui.widgets.json_field import JsonField
from cardforge_desktop.ui.widgets.value_fields import ParsedField

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.editor.examining import Examination

#: No text is easier to read in longer lines.
_WIDEST = 900


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


class Section(QScrollArea):
    """Shows a part of the card and changes it through the session. Subclasses fill the page."""

    def __init__(self, bench: Bench) -> None:
        super().__init__()
        self.bench = bench
        self.boxes: list[FieldBox] = []
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = _Page()
        page.setMaximumWidth(_WIDEST)
        self.column = QVBoxLayout(page)
        self.column.setContentsMargins(2, SPACE_S, SPACE_M, SPACE_L)
        self.column.setSpacing(SPACE_L)
        around = _Page()
        self._around = middle = QHBoxLayout(around)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addWidget(page)
        self.setWidget(around)
        self.viewport().setAutoFillBackground(False)

    def begin(self) -> None:
        """Another card comes: from the top, and nothing stays that could not be read in the one before."""
        self.verticalScrollBar().setValue(0)
        for line in self.findChildren(ParsedField):
            line.forget()
        for field in self.findChildren(JsonField):
            field.forget()

    def show_package(self, package: CardPackage) -> None:
        """Show the card as it stands."""
        for box in self.boxes:
            box.show_card(package.card)

    def show_counts(self, examination: Examination) -> None:
        """Show tokens beside the fields."""
        for box in self.boxes:
            box.tokens.set_count(examination.counts.get(box.path), estimate=examination.is_estimate)

    def show_findings(self, findings: Mapping[str, Sequence[Finding]]) -> None:
        """Show what was found, by the path of the field."""
        for box in self.boxes:
            box.show_findings(findings.get(box.path, ()))

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """Bring a place into sight, select it; False: it is not here."""
        for box in self.boxes:
            if box.path == path or path.startswith((f"{box.path}.", f"{box.path}[")):
                box.go_to(start, end, focus=focus)
                self.bring_up(box.field)
                return True
        return False

    def bring_up(self, widget: QWidget) -> None:
        """Scroll to a widget."""
        self._around.activate()
        self.ensureWidgetVisible(widget, 0, SPACE_L * 2)

    def add(self, box: FieldBox) -> FieldBox:
        """Put a field at the end of the page."""
        self.boxes.append(box)
        self.column.addWidget(box)
        return box


def plain() -> QWidget:
    """A part of a page without a ground of its own."""
    made = QWidget()
    made.setProperty("role", "page")
    return made
