"""Card files from outside into the library: dropped, pasted, chosen, opened; then a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui.library.import_report import ImportCounts, report_lines
from cardforge_desktop.ui.library.picture_question import PictureQuestion, small_image
from cardforge_desktop.ui.library.progress_strip import ProgressStrip
from cardforge_desktop.ui.library.report_dialog import ReportDialog
from cardforge_desktop.ui.services import Link, Notice, Services

if TYPE_CHECKING:
    import threading

    from cardforge_desktop.books.exchange import TakenBook
    from cardforge_desktop.cards.importing import ImportItem, ImportReport, Source
    from cardforge_desktop.cards.summaries import CardSummary
    from cardforge_desktop.workspace import Workspace

#: Pictures one is asked about; of a folder of photos the first ones will do.
_MOST_PICTURES = 20


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What came of one load: cards, and the lorebooks among the files, which are handed on to the books."""

    cards: ImportReport
    books: tuple[TakenBook, ...]


class Importer(QObject):
    """Imports, one load after the other, and says what came of it.

    Signals:
        show_card(str): select this card.
        open_card(str): open this card in the editor.
    """

    show_card = Signal(str)
    open_card = Signal(str)

    def __init__(
        self,
        services: Services,
        strip: ProgressStrip,
        over: QWidget,
        selected: Callable[[], CardSummary | None],
    ) -> None:
        """`over`: what dialogs lie over. `selected`: the card a picture could be for."""
        super().__init__(over)
        self._services, self._strip, self._over, self._selected = services, strip, over, selected
        self._waiting: list[tuple[tuple[Source, ...], bool]] = []

    def take(self, sources: Sequence[Source], *, opening: bool = False) -> None:
        """Import files, and the card files in folders.

        Args:
            opening: open the card in the editor when it is only one.
        """
        self._waiting.append((tuple(sources), opening))
        if len(self._waiting) == 1:
            self._services.background.start(self._work())

    @Slot()
    def browse(self) -> None:
        """Choose card files in the system's dialog."""
        from cardforge_desktop.cards.formats.headers import CARD_SUFFIXES

        dialog = QFileDialog(self._over, self.tr("Import cards"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        patterns = " ".join(f"*{suffix}" for suffix in CARD_SUFFIXES)
        dialog.setNameFilters(
            [self.tr("Character cards (%1)").replace("%1", patterns), self.tr("All files (*)")]
        )
        self._open(dialog)

    @Slot()
    def browse_folder(self) -> None:
        """Choose a folder of card files."""
        dialog = QFileDialog(self._over, self.tr("Import a folder of cards"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        self._open(dialog)

    def _open(self, dialog: QFileDialog) -> None:
        from PySide6.QtCore import Qt

        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda files: self.take([Path(file) for file in files]))
        dialog.open()

    async def _work(self) -> None:
        while self._waiting:
            sources, opening = self._waiting[0]
            try:
                await self._tell(await self._import(sources), opening)
            finally:
                self._waiting.pop(0)

    async def _import(self, sources: Sequence[Source]) -> _Loaded:
        return await self._strip.follow(
            self.tr("Importing cards…"),
            lambda ws, progress, cancelled: _take(ws, sources, progress, cancelled),
        )

    async def _tell(self, loaded: _Loaded, opening: bool) -> None:
        report = loaded.cards
        pictures = [item for item in report.items if item.status == "picture"]
        if opening and len(report.items) == 1 and report.items[0].card_id:
            self.open_card.emit(report.items[0].card_id)
            if report.items[0].warnings:
                self._report(loaded)
            return
        if pictures and not opening:
            question = await self._ask(pictures[:_MOST_PICTURES])
            if len(pictures) < len(report.items):
                question.finished.connect(lambda _result: self._report(loaded))
        elif not self._say_shortly(loaded):
            self._report(loaded)

    def _say_shortly(self, loaded: _Loaded) -> bool:
        """Whether a line was enough."""
        items, say = loaded.cards.items, self._services.desk.notice.emit
        if len(items) == len(loaded.books) == 1 and not loaded.books[0].warnings:
            self._say_book(loaded.books[0])
            return True
        if not items:
            say(Notice(self.tr("There are no card files in what was given."), "warn"))
            return True
        if len(items) > 1 or loaded.books or items[0].warnings or items[0].status == "picture":
            return False
        item = items[0]
        show = (Link(self.tr("Show"), lambda: self.show_card.emit(item.card_id)),) if item.card_id else ()
        if item.status == "added":
            text = item.message or self.tr("%1 is in the library now.").replace("%1", item.name)
            say(Notice(text, "ok", links=show, lasting=False))
            self.show_card.emit(item.card_id)
        else:
            known = item.status == "duplicate"
            say(Notice(item.message, "info" if known else "warn", links=show, lasting=not known))
        return True

    def _say_book(self, book: TakenBook) -> None:
        """A lorebook alone was dropped on the library: it is a book now."""
        text, desk = book.message, self._services.desk
        if book.status == "added":
            text = self.tr("%1 holds a lorebook without a character. It is the book “%2” now.")
            text = text.replace("%2", book.book_name).replace("%1", book.name)
        links = (Link(self.tr("Show"), lambda: desk.open_book.emit(book.book_id)),) if book.book_id else ()
        if book.beside:
            text = f"{text} {book.message}"
            links = (
                *links,
                Link(self.tr("Merge into that book instead…"), lambda: desk.merge_book.emit(book)),
            )
        tone = {"added": "ok", "duplicate": "info"}.get(book.status, "warn")
        desk.notice.emit(Notice(text, tone, links=links))

    def _report(self, loaded: _Loaded) -> ReportDialog:
        from cardforge_desktop.ui.books.exchange.report import BookCounts, book_lines

        services, report = self._services, loaded.cards
        title = self.tr("Import cancelled") if report.cancelled else self.tr("Import finished")
        dialog = ReportDialog(
            self._over,
            services.theme,
            services.icons,
            title=title,
            lines=[*report_lines(report), *book_lines(loaded.books)],
            chips=[*ImportCounts().chips(report), *BookCounts().chips(loaded.books)],
        )
        dialog.show_card.connect(self.show_card)
        dialog.show_book.connect(services.desk.open_book)
        beside = {item.book_id: item for item in loaded.books if item.beside}
        dialog.merge_book.connect(lambda book_id: services.desk.merge_book.emit(beside[book_id]))
        dialog.open()
        return dialog

    # Pictures without a card

    async def _ask(self, pictures: Sequence[ImportItem]) -> PictureQuestion:
        images = await self._services.background.run(
            lambda: [(item.name, small_image(_content(item))) for item in pictures]
        )
        card = self._selected()
        question = PictureQuestion(self._over, images, card.name if card is not None else "")
        if card is not None:
            question.accepted.connect(lambda: self._give(pictures[question.chosen], card))
        question.open()
        return question

    def _give(self, picture: ImportItem, card: CardSummary) -> None:
        self._services.background.start(self._set_picture(picture, card))

    async def _set_picture(self, picture: ImportItem, card: CardSummary) -> None:
        background = self._services.background
        number, version = await background.call(lambda ws: _set_picture(ws, card.id, _content(picture)))

        def undo() -> None:
            background.start(background.call(lambda ws: ws.library.restore(card.id, number, version)))

        text = self.tr("%1 has a new picture.").replace("%1", card.name)
        self._services.desk.notice.emit(Notice(text, "ok", links=(Link(self.tr("Undo"), undo),)))


def _take(
    workspace: Workspace,
    sources: Sequence[Source],
    progress: Callable[[int, int], None],
    cancelled: threading.Event,
) -> _Loaded:
    """Import cards; what is a lorebook alone becomes a book."""
    report = workspace.card_imports.take(sources, progress, cancelled)
    alone = [item.source for item in report.items if item.status == "book" and item.source is not None]
    books = workspace.book_files.take(alone).items if alone else ()
    return _Loaded(report, books)


def _content(item: ImportItem) -> bytes:
    """The picture's bytes. Slow."""
    from cardforge_desktop.cards.avatar import LARGEST_FILE

    if isinstance(item.source, Path):
        try:
            with item.source.open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        except OSError as error:
            text = f"{item.name} can't be read: {error.strerror or error}."
            raise CardForgeError(ErrorCode.PICTURE_UNREADABLE, text) from error
    return item.source.data if item.source is not None else b""


def _set_picture(workspace: Workspace, card_id: str, data: bytes) -> tuple[int, int]:
    """Give a card a picture; the revision to go back to, and the version the card has then."""
    from cardforge_desktop.cards.avatar import load_avatar

    stored = workspace.library.card(card_id)
    before = workspace.library.revisions(card_id)[0].number
    package = replace(stored.package, picture=load_avatar(data))
    saved = workspace.library.save(card_id, package, stored.version, "new picture")
    return before, saved.version
