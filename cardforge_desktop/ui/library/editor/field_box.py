"""A text of the card with its name, tokens, tools and findings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from cardforge_desktop.cards.field_paths import value_at, with_value
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.finding_lines import LintLines, marks_of
from cardforge_desktop.ui.services import Notice
from cardforge_desktop.ui.theme import SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import icon_button, row
from cardforge_desktop.ui.widgets.highlighter import CardHighlighter
from cardforge_desktop.ui.widgets.text_field import LineField, TextField
from cardforge_desktop.ui.widgets.token_bar import TokenCount

if TYPE_CHECKING:
    from cardforge_desktop.cards.lint import Finding
    from cardforge_desktop.cards.model import Card


class FieldBox(QWidget):
    """One text field, bound to a place in the card.

    Args:
        path: of the field in the card; findings are told by it.
        prose: highlighted, counted, and offered to be written anew; else a plain value.
        line: of one line as a rule.
        hint: a short sentence, shown while the field is empty.
        read, write: where the place is not simply at `path`.
    """

    def __init__(
        self,
        bench: Bench,
        path: str,
        name: str,
        *,
        prose: bool = True,
        line: bool = False,
        hint: str = "",
        least: int = 3,
        most: int = 18,
        read: Callable[[Card], str] | None = None,
        write: Callable[[Card, str], Card] | None = None,
    ) -> None:
        super().__init__()
        self._bench = bench
        self.path, self.name = path, name
        self.setProperty("rewrites", prose)
        self._read = read or (lambda card: str(value_at(card, self.path) or ""))
        self._write = write or (lambda card, text: with_value(card, self.path, text))
        self.field = LineField(bench.theme, name, least=1, most=3) if line else self._long(least, most)
        self.field.document().setUndoRedoEnabled(False)
        bench.without_undo(self.field)
        self.highlighter = (
            CardHighlighter(self.field.document(), bench.theme, bench.pace) if prose and not line else None
        )
        self.tokens = TokenCount()
        self.findings = LintLines(bench)
        self._lay_out(hint, prose)
        self.field.edited.connect(self._on_edited)

    def write_as(self, write: Callable[[Card, str], Card]) -> None:
        """Write the text in another way than simply at `path`."""
        self._write = write

    def show_card(self, card: Card) -> None:
        """Show what stands in the card; cursor and scroll bar stay where they can."""
        try:
            text = self._read(card)
        except LookupError:
            text = ""
        self.field.show_text(text)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Underline and say what was found in this field."""
        self.field.mark(marks_of(findings))
        self.findings.show_findings(findings)

    def go_to(self, start: int, end: int, *, focus: bool) -> None:
        """Select a part (-1: go to the field only)."""
        if start >= 0:
            self.field.select(start, end)
        if focus:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _long(self, least: int, most: int) -> TextField:
        return TextField(self._bench.theme, self.name, least=least, most=most)

    def _lay_out(self, hint: str, prose: bool) -> None:
        icons = self._bench.icons
        title = QLabel(self.name)
        title.setProperty("role", "strong")
        title.setBuddy(self.field)
        head = row(title, spacing=SPACE_S)
        if hint:
            title.setToolTip(hint)
            self.field.setPlaceholderText(hint)
            self.field.setAccessibleDescription(hint)
        head.addStretch(1)
        head.addWidget(self.tokens)
        copy = icon_button(icons, "copy", self.tr("Copy %1").replace("%1", self.name))
        copy.clicked.connect(self._copy)
        tools = [copy]
        if prose:
            rewrite = icon_button(
                icons, "sparkles", self.tr("Rewrite %1 with a hint…").replace("%1", self.name)
            )
            rewrite.setObjectName("rewrite")
            rewrite.clicked.connect(self._rewrite)
            tools.append(rewrite)
        for tool in tools:
            tool.setMaximumHeight(26)
            tool.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # Tab goes from text to text; Ctrl+G rewrites
        head.addLayout(row(*tools, spacing=0))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_XS)
        layout.addLayout(head)
        layout.addWidget(self.field)
        layout.addWidget(self.findings)

    @Slot(object)
    def _on_edited(self, text: str) -> None:
        self._bench.session.edit(self.path, lambda card: self._write(card, text), typed=True)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.field.text)
        text = self.tr("Copied: %1").replace("%1", self.name)
        self._bench.services.desk.notice.emit(Notice(text, "ok", lasting=False))

    @Slot()
    def _rewrite(self) -> None:
        self._bench.rewrite_wanted.emit(self.path, self.name)
