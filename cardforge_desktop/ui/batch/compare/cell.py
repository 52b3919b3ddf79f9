"""One field of one card: its text, with what differs from the first card marked when that is wanted."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cardforge_desktop.text_diff import Hunk
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.theme import Theme, mix
from cardforge_desktop.ui.widgets.basics import button, label, set_role

#: Characters that are shown before "Show all" is asked for: a screenful.
SHORT = 2_500


class Cell(QWidget):
    """A wrapped, selectable text; long ones are folded."""

    def __init__(self, theme: Theme, name: str, text: str | None, marks: tuple[Hunk, ...]) -> None:
        """`text` None: this card has no such field."""
        super().__init__()
        self._theme, self._text, self._marks = theme, text, marks
        self._marked, self._open = False, False
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.text = label("", "", wrap=True, selectable=True)
        self.text.setAccessibleName(name)
        self.text.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.more = button("", "link")
        self.more.clicked.connect(self._unfold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text)
        layout.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)
        theme.changed.connect(self._show)
        self._show()

    def mark(self, marked: bool) -> None:
        """Mark what differs, or show the plain text."""
        if marked != self._marked:
            self._marked = marked
            self._show()

    @Slot()
    def _unfold(self) -> None:
        self._open = True
        self._show()
        self.text.setFocus()

    @Slot()
    def _show(self) -> None:
        folded = not self._open and len(self._text or "") > SHORT
        self.more.setVisible(folded)
        if self._text is None:
            set_role(self.text, "muted")
            self.text.setText(self.tr("This card has none."))
            return
        if folded:
            count = formatting.number(len(self._text))
            self.more.setText(self.tr("Show all %1 characters").replace("%1", count, 1))
        if self._marked and self._marks and not folded:
            self.text.setTextFormat(Qt.TextFormat.RichText)
            self.text.setText(self._marked_text())
        else:
            self.text.setTextFormat(Qt.TextFormat.PlainText)
            self.text.setText(self._text[:SHORT] + "…" if folded else self._text)

    def _marked_text(self) -> str:
        tokens = self._theme.tokens
        ground = mix(tokens.surface, tokens.accent, 0.25)
        parts = [
            html.escape(hunk.new)
            if hunk.kind == "same"
            else f'<span style="background-color:{ground}">{html.escape(hunk.new)}</span>'
            for hunk in self._marks
            if hunk.new
        ]
        return f'<span style="white-space:pre-wrap">{"".join(parts)}</span>'
