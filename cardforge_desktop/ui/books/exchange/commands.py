"""What is done with the files of books, and with their copies in cards. Dialogs are imported when opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.books import words
from cardforge_desktop.ui.failures import told
from cardforge_desktop.ui.services import Link, Notice

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping, Sequence
    from typing import Any

    from cardforge_desktop.books.becoming import Becoming
    from cardforge_desktop.books.copies import How, PutItem
    from cardforge_desktop.books.exchange import BookImport, TakenBook, WrittenBook
    from cardforge_desktop.books.model import BookSummary, Change
    from cardforge_desktop.cards.importing import Source
    from cardforge_desktop.ui.books.exchange.copies_dialog import CopiesDialog
    from cardforge_desktop.ui.books.exchange.export_dialog import BookExportDialog
    from cardforge_desktop.ui.books.exchange.into_dialog import IntoDialog
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.library.progress_strip import ProgressStrip
    from cardforge_desktop.ui.services import Services

_LONGEST_NAME = 60


class ExchangeCommands(QObject):
    """Works on workers, and says what came of it. Lives on the window's thread.

    Signals:
        made(str): a book with this id came in: show it.
    """

    made = Signal(str)

    def __init__(self, services: Services, session: BookSession, strip: ProgressStrip, over: QWidget) -> None:
        super().__init__(over)
        self._services, self._session, self._strip, self._over = services, session, strip, over
        self._waiting: list[tuple[Source, ...]] = []

    # In

    @Slot()
    def browse(self) -> None:
        """Choose files in the system's dialog."""
        dialog = self._file_dialog(self.tr("Import books"), QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda files: self.take([Path(file) for file in files]))
        dialog.open()

    @Slot()
    def browse_into(self) -> None:
        """Choose a file for the open book in the system's dialog, and see what would change."""
        book = self._session.book
        if book is not None:
            text = self.tr("Import into “%1”").replace("%1", words.book_name(book.summary)[:_LONGEST_NAME])
            dialog = self._file_dialog(text, QFileDialog.FileMode.ExistingFile)
            dialog.fileSelected.connect(lambda file: self.bring(book.summary, Path(file)))
            dialog.open()

    def bring(self, book: BookSummary, source: Source, instead_of: str = "") -> IntoDialog:
        """Show what a file would make of a book, and do it when that is wanted.

        Args:
            instead_of: id of a book that the file was imported as: it is deleted then.
        """
        from cardforge_desktop.ui.books.exchange.into_dialog import IntoDialog

        self._session.flush()
        dialog = IntoDialog(self._over, self._services, book, source)
        dialog.given.connect(lambda becoming: self._bring(becoming, instead_of))
        dialog.open()
        return dialog

    def _bring(self, becoming: Becoming, instead_of: str) -> None:
        def delete_other() -> None:
            if instead_of:
                self._do(self._services.background.call(lambda ws: ws.books.delete([instead_of])))

        self._become(self.tr("Import into a book"), becoming, delete_other)

    def _become(self, naming: str, becoming: Becoming, then: Callable[[], object] | None = None) -> None:
        """Do what was seen, and say so: the notice of an earlier deed would offer to undo that one."""

        def hear(answer: Change | CardForgeError) -> None:
            if isinstance(answer, CardForgeError):
                self._session.failed.emit(answer)
                return
            self.made.emit(becoming.book_id)
            text = self.tr("“%1” was changed. Undo takes it back.")
            self._say(Notice(text.replace("%1", becoming.after.name or ""), "ok", lasting=False))
            if then is not None:
                then()

        self._session.do(naming, becoming.steps, expected=becoming.expected, heard=hear)

    def bring_taken(self, item: TakenBook) -> None:
        """A file whose book got another name goes into the one that has the name, once that was seen."""
        self._do(self._bring_taken(item))

    async def _bring_taken(self, item: TakenBook) -> None:
        source = item.source
        book = await self._services.background.call(lambda ws: ws.books.book(item.beside))
        if source is not None:
            self.bring(book.summary, source, item.book_id)

    def _file_dialog(self, title: str, mode: QFileDialog.FileMode) -> QFileDialog:
        from cardforge_desktop.cards.formats.headers import CARD_SUFFIXES

        dialog = QFileDialog(self._over, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(mode)
        patterns = " ".join(f"*{suffix}" for suffix in (*CARD_SUFFIXES, ".lorebook"))
        dialog.setNameFilters(
            [
                self.tr("Lorebooks, and cards with one (%1)").replace("%1", patterns),
                self.tr("All files (*)"),
            ]
        )
        return dialog

    def take(self, sources: Sequence[Source]) -> None:
        """Import files, and those in folders; one load after the other."""
        self._waiting.append(tuple(sources))
        if len(self._waiting) == 1:
            self._do(self._take_all())

    async def _take_all(self) -> None:
        while self._waiting:
            try:
                self._tell_taken(await self._take(self._waiting[0]))
            finally:
                self._waiting.pop(0)

    async def _take(self, sources: Sequence[Source]) -> BookImport:
        return await self._strip.follow(
            self.tr("Importing books…"),
            lambda ws, progress, cancelled: ws.book_files.take(sources, progress, cancelled),
        )

    def _tell_taken(self, report: BookImport) -> None:
        added = [item for item in report.items if item.book_id]
        if added:
            self.made.emit(added[0].book_id)
        if not report.items:
            self._say(Notice(self.tr("There are no lorebooks or cards in what was given."), "warn"))
        elif len(report.items) > 1 or report.items[0].warnings:
            self._report(report)
        elif added:
            item = added[0]
            text = self.tr("“%1” was imported.").replace("%1", item.book_name)
            tone = "ok" if item.status == "added" else "info"
            links = (self._offer(item),) if item.beside else ()
            self._say(Notice(item.message or text, tone, links=links, lasting=bool(links)))
        else:
            self._say(Notice(report.items[0].message, "warn"))

    def _offer(self, item: TakenBook) -> Link:
        return Link(self.tr("Merge into that book instead…"), lambda: self.bring_taken(item))

    def _report(self, report: BookImport) -> None:
        from cardforge_desktop.ui.books.exchange.report import BookCounts, book_lines
        from cardforge_desktop.ui.library.report_dialog import ReportDialog

        title = self.tr("Import cancelled") if report.cancelled else self.tr("Import finished")
        dialog = ReportDialog(
            self._over,
            self._services.theme,
            self._services.icons,
            title=title,
            lines=book_lines(report.items),
            chips=BookCounts().chips(report.items),
        )
        dialog.show_book.connect(self.made)
        beside = {item.book_id: item for item in report.items if item.beside}
        dialog.merge_book.connect(lambda book_id: self.bring_taken(beside[book_id]))
        dialog.open()

    # Out

    @Slot()
    def export(self) -> BookExportDialog | None:
        """Ask how and where to, and write the open book."""
        from cardforge_desktop.ui.books.exchange.export_dialog import BookExportDialog

        book = self._session.book
        if book is None:
            return None
        self._session.flush()
        dialog = BookExportDialog(self._over, self._services, book.summary)
        dialog.given.connect(
            lambda folder, name: self._do(self._export(book.id, folder, name, overwrite=False))
        )
        dialog.open()
        return dialog

    async def _export(self, book_id: str, folder: Path, format_name: str, *, overwrite: bool) -> None:
        (written,) = await self._services.background.call(
            lambda ws: ws.book_files.write([book_id], folder, format_name, overwrite=overwrite)
        )
        self._tell_written(written)

    def _tell_written(self, item: WrittenBook) -> None:
        if item.path is None:
            self._say(Notice(item.message, "error"))
            return
        text = self.tr("Exported to %1.").replace("%1", str(item.path))
        folder = item.path.parent
        link = Link(self.tr("Open folder"), lambda: _open(folder))
        self._say(Notice(item.message if item.status == "kept" else text, "ok", links=(link,)))

    # Copies in cards

    @Slot()
    def copies(self) -> CopiesDialog | None:
        """The cards that carry copies of the open book, and those that could."""
        from cardforge_desktop.ui.books.exchange.copies_dialog import CopiesDialog

        book = self._session.book
        if book is None or book.summary.card_id:
            return None
        self._session.flush()
        dialog = CopiesDialog(self._over, self._services, book.summary)
        dialog.put_wanted.connect(lambda versions, how: self._do(self._put(book.id, versions, how)))
        dialog.back_wanted.connect(self._take_back)
        dialog.open()
        return dialog

    @Slot()
    def put(self) -> None:
        """As `copies`, a card to be chosen first."""
        dialog = self.copies()
        if dialog is not None:
            dialog.add_cards()

    async def _put(self, book_id: str, versions: Mapping[str, int], how: How) -> None:
        items = await self._services.background.call(lambda ws: ws.card_copies.put(book_id, versions, how))
        failed = [item for item in items if item.status == "failed"]
        done = [item for item in items if item.status == "put"]
        text = self.tr("The book was put into %n card(s).", None, len(done))
        if failed:
            told = "\n".join(f"{item.card_name}: {item.message}" for item in failed)
            left = self.tr("%n card(s) were left as they are.", None, len(failed))
            text = f"{text} {left} {failed[0].message}"
            self._say(Notice(text, "warn", told, self._undo_link(book_id, done)))
        else:
            self._say(Notice(text, "ok", links=self._undo_link(book_id, done)))

    def _undo_link(self, book_id: str, done: Sequence[PutItem]) -> tuple[Link, ...]:
        if not done:
            return ()
        return (Link(self.tr("Undo"), lambda: self._do(self._undo(book_id, done))),)

    async def _undo(self, book_id: str, done: Sequence[PutItem]) -> None:
        items = await self._services.background.call(lambda ws: ws.card_copies.undo(book_id, done))
        failed = [item for item in items if item.status == "failed"]
        if failed:
            text = self.tr("%n card(s) were changed since and stay as they are.", None, len(failed))
            self._say(Notice(text, "warn"))
        else:
            self._say(Notice(self.tr("The cards are as they were."), "ok", lasting=False))

    def _take_back(self, becoming: Becoming) -> None:
        self._become(self.tr("Take changes back from a card"), becoming)

    # On workers

    def _do(self, work: Coroutine[Any, Any, None]) -> None:
        sentence = self.tr("That could not be done with the book. The log holds the details.")
        self._services.background.start(told(self._services, work, sentence))

    def _say(self, notice: Notice) -> None:
        self._services.desk.notice.emit(notice)


def _open(folder: Path) -> None:
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def handlers(commands: ExchangeCommands) -> Mapping[str, Callable[[], object]]:
    """What does the actions of the panel that are about files and cards."""
    return {
        "book.import": commands.browse,
        "book.import_into": commands.browse_into,
        "book.export": commands.export,
        "book.put": commands.put,
        "book.copies": commands.copies,
    }
