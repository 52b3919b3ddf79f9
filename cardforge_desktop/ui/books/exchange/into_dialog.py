"""A book from a file, brought into one that is there: what would change of it is seen first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.books.exchange.book_diff import book_diff
from cardforge_desktop.ui.widgets.basics import label
from cardforge_desktop.ui.widgets.diff_view import DiffView
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.radio_button import RadioButton

if TYPE_CHECKING:
    from cardforge_desktop.books.becoming import Becoming
    from cardforge_desktop.books.copies import How
    from cardforge_desktop.books.difference import Difference
    from cardforge_desktop.books.model import BookSummary
    from cardforge_desktop.cards.importing import Source
    from cardforge_desktop.ui.library.preview.card_diff import CardDiff
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the dialog shows."""

    becoming: Becoming
    difference: Difference
    diff: CardDiff
    warnings: tuple[str, ...]


class IntoDialog(BulkDialog):
    """Open it with `open`. What is seen is what would be done.

    Signals:
        given(object): the `Becoming` that was looked at; the dialog closes.
    """

    given = Signal(object)

    def __init__(self, parent: QWidget, services: Services, book: BookSummary, source: Source) -> None:
        super().__init__(parent)
        self._services, self._book, self._source = services, book, source
        self._seen: _Seen | None = None
        title = self.tr("Import into “%1”").replace("%1", words.book_name(book)[:_LONGEST_NAME])
        about = self.tr("From %1. Below is what changes in the book; undo takes it back.")
        self.set_texts(title, about.replace("%1", source.name[:_LONGEST_NAME]), "")
        self.merge = RadioButton(
            services.theme, self.tr("Merge: the book keeps its entries, what the file has besides is added")
        )
        self.replace = RadioButton(
            services.theme, self.tr("Replace: the book becomes what the file says, but keeps its name")
        )
        self.note = label("", "muted", wrap=True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.diff = DiffView(services.theme, services.icons, read_only=True)
        self.merge.setChecked(True)
        for part in (self.merge, self.replace, self.note):
            self.body.addWidget(part)
        self.body.addWidget(self.diff, 1)
        self._looker = Paced(services.background, 0, self._look)
        self._looker.setParent(self)
        for choice in (self.merge, self.replace):
            choice.toggled.connect(self._on_chosen)
        services.events.changed.connect(self._on_changed)
        resize_within_screen(self, 760, 620)
        self.merge.setFocus()
        self._ask()

    @property
    def how(self) -> How:
        """What is to be done with the book's own entries."""
        return "merge" if self.merge.isChecked() else "replace"

    def accept(self) -> None:
        """Ask for what was seen, and close."""
        if self._seen is not None and self._seen.becoming.steps:
            self.given.emit(self._seen.becoming)
            super().accept()

    @Slot(bool)
    def _on_chosen(self, checked: bool) -> None:
        if checked:
            self._ask()

    @Slot(object)
    def _on_changed(self, _changes: object) -> None:
        if self.is_there:
            self._looker.ask()

    def _ask(self) -> None:
        """Until the difference is on screen nothing can be done."""
        self._seen = None
        self.yes.setText(self.tr("Merge") if self.how == "merge" else self.tr("Replace"))
        self.say(self.tr("Reading…"), possible=False)
        self._looker.ask()

    async def _look(self) -> None:
        if not self.is_there:
            return
        book_id, source, how = self._book.id, self._source, self.how
        try:
            seen = await self._services.background.call(lambda ws: _look_at(ws, book_id, source, how))
        except CardForgeError as error:
            if self.is_there:
                self._show_problem(error.message)
            return
        if self.is_there and how == self.how:
            self._show(seen)

    def _show(self, seen: _Seen) -> None:
        self._seen = seen
        self.diff.show_hunks(seen.diff.hunks, headings=seen.diff.headings)
        self.diff.setVisible(not seen.diff.empty)
        lines = [*seen.warnings]
        if seen.diff.left_out:
            lines.append(self.tr("%Ln more difference(s) are not shown.", None, seen.diff.left_out))
        if not seen.becoming.steps:
            lines.append(self.tr("Nothing would change: the book has all of it already."))
        self.note.setText("\n".join(lines))
        self.note.setVisible(bool(lines))
        self.say(words.difference_text(seen.difference), possible=bool(seen.becoming.steps))

    def _show_problem(self, text: str) -> None:
        self._seen = None
        self.diff.hide()
        self.note.hide()
        self.say(text, wrong=True)


def _look_at(ws: Workspace, book_id: str, source: Source, how: How) -> _Seen:
    """What the file would make of the book. Slow."""
    from cardforge_desktop.books.difference import difference

    book, warnings = ws.book_files.read(source)
    becoming = ws.book_files.into(book_id, book, how)
    counted = difference(becoming.before, becoming.after)
    return _Seen(becoming, counted, book_diff(becoming.before, becoming.after), warnings)
