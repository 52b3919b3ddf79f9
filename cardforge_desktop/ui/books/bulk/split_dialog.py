"""One entry into several: at its headings, at blank lines, or where one puts the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QWidget

from cardforge_desktop.ui.books import deed_words, planning
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.qt_positions import signs
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M
from cardforge_desktop.ui.widgets.basics import label, row
from cardforge_desktop.ui.widgets.radio_button import RadioButton

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardforge_desktop.books.model import Entry
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services

_LONGEST = 90


class SplitDialog(BulkDialog):
    """Shows the parts before they are made."""

    def __init__(self, services: Services, session: BookSession, entry: Entry, parent: QWidget) -> None:
        from cardforge_desktop.books import editing
        from cardforge_desktop.cards.book_fields import title_of

        super().__init__(parent)
        self._session, self._entry = session, entry
        title = self.tr("Split “%1”").replace("%1", title_of(entry.entry)[:_LONGEST])
        about = self.tr(
            "Each part keeps all settings, and the keys that occur in it; all of them where none does."
        )
        self.set_texts(title, about, self.tr("Split"))
        content = entry.entry.content
        self._cuts = {
            "heading": editing.pieces_by_heading(content),
            "paragraph": editing.pieces_by_paragraph(content),
        }
        self.text = QPlainTextEdit(content)
        self.parts = label("", "muted", wrap=True)
        self.ways = {way: RadioButton(services.theme, text) for way, text in self._ways().items()}
        self._group = QButtonGroup(self)
        self._lay_out()
        self.resize(640, 560)
        self.accepted.connect(self._split)

    @property
    def pieces(self) -> Sequence[str]:
        """The contents of the parts."""
        from cardforge_desktop.books.editing import pieces_at

        way = next(way for way, chosen in self.ways.items() if chosen.isChecked())
        if way in self._cuts:
            return self._cuts[way]
        cursor, content = self.text.textCursor(), self.text.toPlainText()
        start, end = (signs(content, at) for at in (cursor.selectionStart(), cursor.selectionEnd()))
        return pieces_at(self._entry.entry.content, start, end)

    def _ways(self) -> dict[str, str]:
        return {
            "heading": self.tr("At headings"),
            "paragraph": self.tr("At blank lines"),
            "cursor": self.tr("At the cursor, or around what is selected"),
        }

    def _lay_out(self) -> None:
        self.text.setProperty("role", "editor")
        self.text.setReadOnly(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Text of the entry"))
        for way, chosen in self.ways.items():
            self._group.addButton(chosen)
            chosen.setEnabled(way == "cursor" or len(self._cuts[way]) > 1)
            chosen.toggled.connect(self._refresh)
        first = next(way for way, chosen in self.ways.items() if chosen.isEnabled())
        self.ways[first].setChecked(True)
        self.text.cursorPositionChanged.connect(self._on_cursor)
        self.text.selectionChanged.connect(self._on_cursor)
        self.body.addLayout(row(*self.ways.values(), None, spacing=SPACE_L))
        self.body.addWidget(self.text, 1)
        self.body.addSpacing(SPACE_M)
        self.body.addWidget(self.parts)

    @Slot()
    def _on_cursor(self) -> None:
        if self.text.hasFocus():
            self.ways["cursor"].setChecked(True)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        from cardforge_desktop.books.editing import split
        from cardforge_desktop.cards.book_fields import title_of

        pieces = self.pieces
        if len(pieces) < 2:
            self.parts.setText("")
            self.say(self.tr("Put the cursor where the text is to be cut."), possible=False)
            return
        told = []
        for state in split(self._entry, pieces)[:8]:
            line = self.tr("%1 — keys: %2").replace("%2", ", ".join(state.entry.keys) or self.tr("none"))
            told.append(line.replace("%1", title_of(state.entry))[:_LONGEST])
        if len(pieces) > len(told):
            told.append("…")
        self.parts.setText("\n".join(told))
        self.say(self.tr("%Ln entry(s) are made of one.", None, len(pieces)))

    @Slot()
    def _split(self) -> None:
        pieces, shown = tuple(self.pieces), self._entry.entry.content

        def cut(content: str) -> Sequence[str]:
            return pieces if content == shown else ()  # changed elsewhere: it would be lost

        self._session.plan(planning.splitting(self._entry.id, cut, deed_words.split))
