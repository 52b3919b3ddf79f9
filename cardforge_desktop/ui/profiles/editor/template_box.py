"""A template in the form: its name, its tokens, a menu of placeholders, the text, what was found in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QMenu

from cardforge_desktop.profiles.validation import Finding
from cardforge_desktop.ui.profiles.editor.fields import FormField
from cardforge_desktop.ui.profiles.editor.form_bench import FormBench
from cardforge_desktop.ui.profiles.editor.found import Found
from cardforge_desktop.ui.profiles.editor.placeholder_words import suggestions
from cardforge_desktop.ui.widgets.basics import button
from cardforge_desktop.ui.widgets.finding_lines import TONES
from cardforge_desktop.ui.widgets.template_field import TemplateField
from cardforge_desktop.ui.widgets.text_field import Mark
from cardforge_desktop.ui.widgets.token_bar import TokenCount

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.ui.profiles.editor.validating import Tokens


class TemplateFormField(FormField):
    """A `TemplateField` bound to a path."""

    def __init__(
        self,
        bench: FormBench,
        path: str,
        *,
        title: str | None = None,
        hint: str = "",
        placeholder: str = "",
        least: int = 4,
        most: int = 20,
    ) -> None:
        self.field = TemplateField(
            bench.theme, "", suggestions(path), pace=bench.pace, least=least, most=most
        )
        self.tokens = TokenCount()
        self.insert_button = button(
            self.tr("Insert…"),
            "quiet",
            tip=self.tr("Put a placeholder in where the cursor is (Ctrl+Space, or type a brace)"),
        )
        bench.icons.put(self.insert_button, "braces", size=16)
        super().__init__(
            bench, path, self.field, title=title, hint=hint, tools=(self.tokens, self.insert_button)
        )
        self.field.setPlaceholderText(placeholder)
        self.field.document().setUndoRedoEnabled(False)
        bench.without_undo(self.field)
        self.field.edited.connect(self._tell)
        self._menu = QMenu(self.insert_button)
        for each in self.field.known:
            text = self.tr("%1 – %2").replace("%2", each.meaning).replace("%1", f"{{{each.word}}}")
            self._menu.addAction(text).setData(each.word)
        self._menu.triggered.connect(lambda action: self.field.insert(action.data()))
        self.insert_button.clicked.connect(self._open_menu)

    def show_value(self, value: Any) -> None:
        """Show a template."""
        self.field.show_text(value)

    def show_tokens(self, tokens: Tokens) -> None:
        """Show how long it is."""
        self.tokens.set_count(tokens.of_paths.get(self.path), estimate=tokens.is_estimate)

    def show_found(self, found: Sequence[Found], content: ProfileContent) -> None:
        """Underline the places, too."""
        super().show_found(found, content)
        self.field.mark(
            [
                Mark(each.finding.start, each.finding.end, TONES[each.severity], each.finding.message)
                for each in found
                if each.finding.start is not None and each.finding.end is not None
            ]
        )

    def go_to(self, finding: Finding | None = None) -> None:
        """Select what is wrong."""
        if finding is not None and finding.start is not None and finding.end is not None:
            self.field.select(finding.start, finding.end)
        super().go_to(finding)

    def _name_control(self) -> None:
        super()._name_control()
        text = self.tr("Insert a placeholder into: %1").replace("%1", self.control.accessibleName())
        self.insert_button.setAccessibleName(text)

    @Slot(object)
    def _tell(self, text: str) -> None:
        self.given.emit(text, True)

    @Slot()
    def _open_menu(self) -> None:
        self._menu.popup(self.insert_button.mapToGlobal(self.insert_button.rect().bottomLeft()))
