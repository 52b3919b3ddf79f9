"""The library panel: the browser of all cards, and the editor of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, Slot
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.ui.library.browser import Browser
from cardforge_desktop.ui.library.card_commands import CardCommands
from cardforge_desktop.ui.library.card_model import CardModel
from cardforge_desktop.ui.library.card_view import CardView
from cardforge_desktop.ui.library.importer import Importer
from cardforge_desktop.ui.library.progress_strip import ProgressStrip
from cardforge_desktop.ui.panel import Panel
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_M

if TYPE_CHECKING:
    from cardforge_desktop.cards.importing import Source
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.ui.library.editor.card_editor import CardEditor


class LibraryPanel(Panel):
    """Shows the browser, and in its place the editor while a card is open."""

    def __init__(self, services: Services, parent: QWidget) -> None:
        super().__init__(parent)
        self._services = services
        self._active = False
        self._editor: CardEditor | None = None
        self.browser = Browser(services)
        self.strip = ProgressStrip(services.background)
        self.commands = CardCommands(services, self.browser, self.strip)
        self.importer = Importer(services, self.strip, self, self._only_card)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.browser)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addWidget(self.strip)
        layout.addWidget(self._pages, 1)
        self.browser.opened.connect(self.edit)
        self.commands.edit.connect(self.edit)
        self.importer.show_card.connect(self.open_card)
        self.importer.open_card.connect(self.edit)
        self.view.copied.connect(self._say_copied)
        services.background.start(services.background.run(_import_editor))

    @property
    def model(self) -> CardModel:
        """The cards that are shown."""
        return self.browser.model

    @property
    def view(self) -> CardView:
        """The chosen card."""
        return self.browser.view

    @property
    def search(self) -> QLineEdit:
        """The search field."""
        return self.browser.search

    @property
    def editor(self) -> CardEditor | None:
        """The editor, while a card is open in it."""
        return self._editor if self._pages.currentWidget() is self._editor else None

    @Slot(str)
    def open_card(self, card_id: str) -> None:
        """Select this card, once it is in the list, and show it."""
        if self.editor is not None:
            self.editor.leave()
            self._show_browser()
        self.browser.open_card(card_id)

    @Slot(str)
    def edit(self, card_id: str) -> None:
        """Open a card in the editor; the browser selects it too."""
        if self._editor is None:
            self._editor = self._make_editor()
        self.browser.open_card(card_id)
        self.commands.set_active(False)
        self._pages.setCurrentWidget(self._editor)
        self._editor.open(card_id)

    def _make_editor(self) -> CardEditor:
        from cardforge_desktop.ui.library.editor.card_editor import CardEditor

        made = CardEditor(self._services)
        made.closed.connect(self._show_browser)
        self._pages.addWidget(made)
        return made

    @Slot()
    def _show_browser(self) -> None:
        self._pages.setCurrentWidget(self.browser)
        self.commands.set_active(self._active)
        self.browser.details.refresh()
        if self._active:
            self.browser.focus()

    def activated(self) -> None:
        """The cards get the focus, once there are any; or the card that is being edited."""
        super().activated()
        self._active = True
        if self.editor is not None:
            self.editor.refresh_actions()
            self.editor.setFocus()
            return
        self.commands.set_active(True)
        self.browser.details.refresh()
        self.browser.focus()

    def deactivated(self) -> None:
        """The cards' actions go with the panel."""
        self._active = False
        self.commands.set_active(False)

    def begin_search(self) -> None:
        """Among the cards, or in the card that is being edited."""
        (self.editor or self.browser).begin_search()

    def copy(self) -> None:
        """The selected cards, as files."""
        if self.editor is None:
            self.commands.copy_files()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Z brings back what was deleted, also where no card is left that could have the focus."""
        if self.editor is None and event.matches(QKeySequence.StandardKey.Undo):
            self.commands.undo()
            return
        super().keyPressEvent(event)

    def keep_state(self) -> None:
        """Remember splitter, columns and view; save what is being edited."""
        if self.editor is not None:
            self.editor.leave()
        self.browser.keep_state()

    def takes_drops(self) -> bool:
        """Card files become cards here."""
        return True

    def drop_text(self, count: int) -> str:
        """What a drop of so many files would do."""
        if count:
            return self.tr("Drop to import %n file(s) into the library", None, count)
        return self.tr("Drop to import this into the library")

    def takes_pictures(self) -> bool:
        """It asks what they are for; the editor takes them by itself."""
        return self.editor is None

    def take_drop(self, paths: Sequence[Path], text: str) -> None:
        """Files and folders, or the text of a card."""
        from cardforge_desktop.cards.importing import NamedBytes

        pasted = NamedBytes(self.tr("Pasted text"), text.encode("utf-8", "replace"))
        self.take(tuple(paths) or (pasted,))

    def take_picture(self, picture: object) -> None:
        """A picture without a file: the bytes of a PNG, or a `QImage`."""
        self._services.background.start(self._take_picture(picture))

    async def _take_picture(self, picture: object) -> None:
        from cardforge_desktop.cards.importing import NamedBytes

        data = picture if isinstance(picture, bytes) else b""
        if isinstance(picture, QImage):
            data = await self._services.background.run(lambda: _as_png(picture))
        if data:
            self.take((NamedBytes(self.tr("Pasted picture"), data),))

    def take(self, sources: Sequence[Source], *, opening: bool = False) -> None:
        """Import card files; `opening` opens the card when it is one."""
        self.importer.take(sources, opening=opening)

    def _only_card(self) -> CardSummary | None:
        cards = self.browser.cards() if self.editor is None else ()
        return cards[0] if len(cards) == 1 else None

    @Slot(str)
    def _say_copied(self, what: str) -> None:
        text = self.tr("Copied: %1").replace("%1", what)
        self._services.desk.notice.emit(Notice(text, "ok", lasting=False))


def _import_editor() -> None:
    """Slow; beside the browser, so that the first card opens at once."""
    from cardforge_desktop.ui.library.editor import card_editor, pages

    del card_editor
    pages.warm_up()


def _as_png(image: QImage) -> bytes:
    """Slow."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, b"PNG")
    return bytes(buffer.data().data())
