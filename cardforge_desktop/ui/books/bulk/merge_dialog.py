"""Several entries into one: shows it before, and says what of the others would not be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cardforge_desktop.ui.books import deed_words, planning
from cardforge_desktop.ui.books.bulk.frame import BulkDialog
from cardforge_desktop.ui.formatting import translate
from cardforge_desktop.ui.theme import SPACE_S
from cardforge_desktop.ui.widgets.basics import label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cardforge_desktop.books.editing import Steps
    from cardforge_desktop.books.model import Entry
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services

_LONGEST = 90


class MergeDialog(BulkDialog):
    """The first entry of those that are selected stays, with the texts and keys of all."""

    def __init__(
        self, _services: Services, session: BookSession, entries: Sequence[Entry], parent: QWidget
    ) -> None:
        from cardforge_desktop.books.editing import merge
        from cardforge_desktop.cards.book_fields import title_of

        super().__init__(parent)
        self._session, self._ids = session, [entry.id for entry in entries]
        merged = merge(entries)
        title = self.tr("Merge %Ln entry(s) into “%1”", None, len(entries))
        about = self.tr("The first one stays; the texts and keys of the others are added to it.")
        self.set_texts(title.replace("%1", title_of(merged.entry)[:_LONGEST]), about, self.tr("Merge"))
        self.text = QPlainTextEdit(merged.entry.content)
        self.text.setProperty("role", "editor")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Text of the merged entry"))
        keys = label(self.tr("Keys: %1").replace("%1", ", ".join(merged.entry.keys)), wrap=True)
        self.lost = label(_told(merged.lost), "warn", wrap=True)
        self.lost.setVisible(bool(merged.lost))
        self.body.addWidget(self.text, 1)
        self.body.addWidget(keys)
        self.body.addSpacing(SPACE_S)
        self.body.addWidget(self.lost)
        self.resize(600, 480)
        self.accepted.connect(self._merge)

    @Slot()
    def _merge(self) -> None:
        from cardforge_desktop.books.editing import merge

        def make(entries: tuple[Entry, ...]) -> Steps:
            return merge(entries).steps if len(entries) > 1 else ()

        self._session.plan(planning.changing(self._ids, deed_words.merge, make))


def _told(lost: Sequence[str]) -> str:
    names = {
        "category": translate("Books", "category"),
        "comment": translate("Books", "comment"),
        "decorators": translate("Books", "decorators"),
        "enabled": translate("Books", "on and off"),
        "constant": translate("Books", "always in the prompt"),
        "insertion_order": translate("Books", "insertion order"),
        "priority": translate("Books", "priority"),
        "position": translate("Books", "position"),
        "secondary_keys": translate("Books", "secondary keys"),
        "selective": translate("Books", "secondary keys"),
        "case_sensitive": translate("Books", "case"),
        "use_regex": translate("Books", "keys as patterns"),
    }
    listed = dict.fromkeys(names.get(name.removeprefix("extensions."), name) for name in lost)
    text = translate("Books", "They differ in these, and only what the first one has is kept: %1.")
    return text.replace("%1", ", ".join(listed))
