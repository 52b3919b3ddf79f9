"""What is done with the selected cards: export, tag, rate, delete, copy, renew their files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu

from cardforge_desktop.ui.library.browser import Browser
from cardforge_desktop.ui.library.carrying import Carrier
from cardforge_desktop.ui.library.export_dialog import ExportDialog
from cardforge_desktop.ui.library.files_section import open_folder
from cardforge_desktop.ui.library.marks import MOST_STARS
from cardforge_desktop.ui.library.progress_strip import ProgressStrip
from cardforge_desktop.ui.library.report_dialog import ReportDialog, ReportLine
from cardforge_desktop.ui.library.tag_dialog import TagDialog
from cardforge_desktop.ui.services import Link, Notice, Services
from cardforge_desktop.ui.theme import Tone

if TYPE_CHECKING:
    from cardforge_desktop.cards.exporting import ExportItem, ExportReport
    from cardforge_desktop.workspace import Workspace

_MENU = (
    ("card.edit", "card.book"),
    ("card.export", "card.copy_file", "card.re_export", "card.folder"),
    ("card.tag",),
    ("card.delete",),
)
_RATES = tuple(f"card.rate_{stars}" for stars in range(MOST_STARS + 1))
#: Usable with one or more cards selected.
_WITH_CARDS = ("card.export", "card.copy_file", "card.copy_v2", "card.tag", "card.delete", *_RATES)


class CardCommands(QObject):
    """Handles the card actions while the browser is open.

    Signals:
        edit(str): open this card in the editor.
    """

    edit = Signal(str)

    def __init__(self, services: Services, browser: Browser, strip: ProgressStrip) -> None:
        super().__init__(browser)
        self._services, self._browser, self._strip = services, browser, strip
        self.carrier = Carrier(services, browser)
        self._undo: list[tuple[str, ...]] = []
        self._active = False
        handlers: dict[str, Callable[[], object]] = {
            "card.edit": self._edit,
            "card.book": self.open_book,
            "card.export": self.export,
            "card.re_export": self.re_export,
            "card.copy_file": self.copy_files,
            "card.copy_v2": lambda: self.carrier.copy(browser.cards(), "tavernai-v2"),
            "card.copy_text": self._copy_text,
            "card.folder": self._show_folder,
            "card.tag": self.tag,
            "card.delete": self.delete,
            "card.undo": self.undo,
            "card.show_all": browser.show_all,
            "card.grid": lambda: browser.show_as("grid"),
            "card.table": lambda: browser.show_as("table"),
        }
        for stars, key in enumerate(_RATES):
            handlers[key] = partial(self.rate, stars)
        for key, do in handlers.items():
            services.actions.handle(key, do)
        browser.selected.connect(self.refresh)
        browser.details.shown.connect(self.refresh)
        browser.view.rated.connect(self.rate)
        browser.view.re_export.connect(self.re_export)
        browser.view.edit.connect(self._edit)
        browser.details.several.rated.connect(self.rate)
        for view in (browser.grid, browser.table):
            view.removal_wanted.connect(self.delete)
            view.undo_wanted.connect(self.undo)
            view.drag_wanted.connect(self._drag)
            view.menu_wanted.connect(self.show_menu)

    def set_active(self, active: bool) -> None:
        """Whether the keys are the browser's: not while the editor or another panel is open."""
        self._active = active
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Enable what can be done with the selection."""
        cards = self._browser.cards() if self._active else ()
        actions = self._services.actions
        for key in _WITH_CARDS:
            actions[key].setEnabled(bool(cards))
        actions["card.edit"].setEnabled(len(cards) == 1)
        actions["card.book"].setEnabled(len(cards) == 1)
        actions["card.copy_text"].setEnabled(len(cards) == 1)
        actions["card.folder"].setEnabled(any(card.files for card in cards))
        actions["card.re_export"].setEnabled(any(card.files for card in cards))
        for key in ("card.show_all", "card.grid", "card.table"):
            actions[key].setEnabled(self._active)
        actions["card.undo"].setEnabled(self._active and bool(self._undo))

    @Slot(QPoint)
    def show_menu(self, place: QPoint) -> QMenu:
        """The context menu of the selected cards, at a point of the screen."""
        menu = QMenu(self._browser)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for part in _MENU:
            if menu.actions():
                menu.addSeparator()
            menu.addActions([self._services.actions[key] for key in part])
            if part == ("card.tag",):
                stars = menu.addMenu(self.tr("Rate"))
                stars.setEnabled(self._services.actions[_RATES[0]].isEnabled())
                stars.addActions([self._services.actions[key] for key in reversed(_RATES)])
        menu.popup(place)
        return menu

    # Each command

    @Slot()
    def open_book(self) -> None:
        """The book of the selected card in the books panel."""
        if cards := self._browser.cards():
            self._services.background.start(self._open_book(cards[0].id))

    async def _open_book(self, card_id: str) -> None:
        book_id = await self._services.background.call(lambda ws: ws.card_copies.in_card(card_id))
        if book_id:
            self._services.desk.open_book.emit(book_id)
        else:
            text = self.tr("This card has no book. The Books panel makes one, and puts it into cards.")
            self._services.desk.notice.emit(Notice(text, lasting=False))

    @Slot()
    def copy_files(self) -> None:
        """The selected cards to the clipboard, as files."""
        self.carrier.copy(self._browser.cards())

    @Slot(int)
    def rate(self, stars: int) -> None:
        """Give the selected cards stars."""
        ids = self._ids()
        self._do(lambda ws: ws.library.rate(ids, stars))

    @Slot()
    def tag(self) -> None:
        """Ask which tags to add and to take away."""
        self._services.background.start(self._tag())

    async def _tag(self) -> None:
        cards = self._browser.cards()
        facets = await self._services.background.call(lambda ws: ws.card_search.facets())
        if not cards:
            return
        services, known = self._services, [tag for tag, _ in facets.tags]
        dialog = TagDialog(services.theme, services.icons, self._browser.window(), cards, known)
        ids = tuple(card.id for card in cards)

        def change() -> None:
            added, removed = dialog.added, dialog.removed
            if added or removed:
                self._do(lambda ws: ws.library.tag(ids, added, removed))

        dialog.accepted.connect(change)
        dialog.open()

    @Slot()
    def delete(self) -> None:
        """Take the selected cards out of the library; a notice offers to bring them back."""
        cards = self._browser.cards()
        if not cards or not self._active:
            return
        ids = tuple(card.id for card in cards)
        self._undo.append(ids)
        self._do(lambda ws: ws.library.delete(ids))
        if len(cards) == 1:
            text = self.tr("%1 was deleted. Its files stay where they are.").replace("%1", cards[0].name)
        else:
            text = self.tr("%n card(s) were deleted. Their files stay where they are.", None, len(cards))
        link = Link(self.tr("Undo"), lambda: self.bring_back(ids))
        self._services.desk.notice.emit(Notice(text, "info", links=(link,)))
        self.refresh()

    @Slot()
    def undo(self) -> None:
        """Bring back what was deleted last."""
        if self._undo:
            self.bring_back(self._undo[-1])

    def bring_back(self, ids: tuple[str, ...]) -> None:
        """Undo a deletion; a second time nothing happens."""
        if ids not in self._undo:
            return
        self._undo.remove(ids)
        self._do(lambda ws: ws.library.undelete(ids))
        text = self.tr("%n card(s) are back.", None, len(ids))
        self._services.desk.notice.emit(Notice(text, "ok", lasting=False))
        self.refresh()

    @Slot()
    def export(self) -> None:
        """Ask how, then write the selected cards."""
        self._services.background.start(self._ask_export())

    async def _ask_export(self) -> None:
        ids = self._ids()
        settings = await self._services.background.call(lambda ws: ws.settings.get())
        if not ids:
            return
        dialog = ExportDialog(self._browser.window(), self._services, ids, settings.output)
        dialog.accepted.connect(
            lambda: self._services.background.start(
                self._export(ids, dialog.formats, dialog.folder, dialog.pattern)
            )
        )
        dialog.open()

    async def _export(self, ids: Sequence[str], formats: Sequence[str], folder: Any, pattern: str) -> None:
        report = await self._strip.follow(
            self.tr("Exporting cards…"),
            lambda ws, progress, cancelled: ws.card_files.export(
                ids,
                formats,
                folder,
                pattern,
                rules=ws.settings.get().name_rules,
                progress=progress,
                cancelled=cancelled,
            ),
        )
        self._tell(report, self.tr("Export finished"))

    @Slot()
    def re_export(self) -> None:
        """Renew the files of the selected cards, as far as nobody changed them."""
        ids = tuple(card.id for card in self._browser.cards() if card.files)
        if ids:
            self._services.background.start(self._re_export(ids))

    async def _re_export(self, ids: Sequence[str]) -> None:
        report = await self._strip.follow(
            self.tr("Writing the files again…"),
            lambda ws, progress, cancelled: _re_export(ws, ids, progress, cancelled),
        )
        self._browser.details.refresh()
        self._tell(report, self.tr("Re-export finished"))

    # Parts

    def _ids(self) -> tuple[str, ...]:
        return tuple(card.id for card in self._browser.cards())

    def _do(self, work: Callable[[Workspace], object]) -> None:
        self._services.background.start(self._services.background.call(work))

    @Slot()
    def _edit(self) -> None:
        cards = self._browser.cards()
        if len(cards) == 1:
            self.edit.emit(cards[0].id)

    @Slot()
    def _copy_text(self) -> None:
        self._browser.view.copy_all()

    @Slot()
    def _show_folder(self) -> None:
        path = next((card.files[0][1] for card in self._browser.cards() if card.files), None)
        if path is not None:
            open_folder(path)

    @Slot()
    def _drag(self) -> None:
        cards = self._browser.cards()
        if cards:
            self.carrier.drag(cards, self._browser.pictures.picture(cards[0].id))

    def _tell(self, report: ExportReport, title: str) -> None:
        """A line when all went well, else a report."""
        remarks = [item for item in report.items if item.message]
        written = [item for item in report.items if item.status == "written"]
        if remarks:
            services = self._services
            lines = [self._line(item) for item in (*remarks, *written)]
            chips = [(self.tr("%n file(s) written", None, len(written)), "ok")]
            kept = sum(1 for item in remarks if item.status == "kept")
            if kept:
                chips.append((self.tr("%n left as they are", None, kept), "warn"))
            if report.failed:
                chips.append((self.tr("%n failed", None, len(report.failed)), "error"))
            ReportDialog(
                self._browser.window(), services.theme, services.icons, title=title, lines=lines, chips=chips
            ).open()
            return
        if not written:
            self._services.desk.notice.emit(Notice(self.tr("All files are up to date."), "ok", lasting=False))
            return
        text = self.tr("%n file(s) written.", None, len(written))
        folder = next(item.path for item in written if item.path is not None)
        link = Link(self.tr("Show in folder"), lambda: open_folder(folder))
        self._services.desk.notice.emit(Notice(text, "ok", links=(link,)))

    def _line(self, item: ExportItem) -> ReportLine:
        words = {
            "written": (self.tr("Written"), "circle-check", Tone.OK),
            "kept": (self.tr("Left as it is"), "file-pen", Tone.WARN),
            "failed": (self.tr("Failed"), "circle-x", Tone.ERROR),
        }
        card = self._browser.model.card(item.card_id)
        name = item.path.name if item.path is not None else (card.name if card is not None else "")
        return ReportLine(*words[item.status], name, item.message, item.card_id)


def _re_export(workspace: Workspace, ids: Sequence[str], progress: Any, cancelled: Any) -> ExportReport:
    from cardforge_desktop.cards.exporting import ExportReport

    items: list[ExportItem] = []
    for at, card_id in enumerate(ids, 1):
        if cancelled.is_set():
            break
        items += workspace.card_files.re_export(card_id).items
        progress(at, len(ids))
    return ExportReport(tuple(items))
