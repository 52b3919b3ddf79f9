"""The left side of the batch builder: which sources, in which order, together or each for itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QMimeData, Qt, Signal, Slot
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHeaderView,
    QLabel,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.batch.builder.found import found_notice
from cardforge_desktop.ui.batch.builder.reading import Found, Reading, find_new
from cardforge_desktop.ui.batch.builder.source_lines import SourceLines
from cardforge_desktop.ui.batch.builder.source_model import Column, Entry, SourceModel
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Tone, mix
from cardforge_desktop.ui.widgets.basics import Card, button, icon_button, label, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.drop_zone import paint_dashes
from cardforge_desktop.ui.widgets.notice_bar import NoticeBar
from cardforge_desktop.ui.widgets.table_head import part_from_selection

if TYPE_CHECKING:
    from cardforge_desktop.batches.finding import NewSource
    from cardforge_desktop.batches.model import CardRef
    from cardforge_desktop.workspace import Workspace


class SourcePane(Card):
    """Takes dropped files, folders and texts, and what is pasted.

    Signals:
        changed(): sources came, went, moved, or were read.
    """

    changed = Signal()

    def __init__(self, services: Services) -> None:
        super().__init__(margin=SPACE_M)
        self._services = services
        self._closed = False
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Sources"))
        self.model = SourceModel(self)
        self.reading = Reading(services, self.model, self)
        self.notice = NoticeBar(services.icons)
        self._make_table()
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def together(self) -> bool:
        """Whether all sources make one card."""
        return self.all_in_one.isChecked() and self.all_in_one.isEnabled()

    def close_down(self) -> None:
        """The dialog closes: nothing is waited for any more."""
        self._closed = True
        self.reading.stop()

    # Adding

    def add_paths(self, paths: Sequence[Path]) -> None:
        """Add files and what is in folders."""
        if paths:
            self._services.background.start(self._find(tuple(paths)))

    def add_text(self, text: str) -> None:
        """Add a text."""
        if text.strip():
            self._services.background.start(self._take_text(text))

    def add_card(self, card: Path | CardRef) -> None:
        """Add a card that is to be updated."""
        self._services.background.start(self._take(lambda ws: ws.preparing.own_source(card)))

    @Slot()
    def paste(self) -> None:
        """Add what is on the clipboard: files, or a text."""
        data: QMimeData | None = QGuiApplication.clipboard().mimeData()  # None for one that is empty
        urls = data.urls() if data is not None else []
        paths = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
        if paths:
            self.add_paths(paths)
        elif data is not None and data.text().strip():
            self.add_text(data.text())
        else:
            self.notice.say(Notice(self.tr("There is no text on the clipboard."), lasting=False))

    async def _find(self, paths: Sequence[Path]) -> None:
        here = frozenset(self.model.paths())
        found = await self._services.background.call(lambda ws: find_new(ws, paths, here))
        if self._closed:
            return
        self.model.append([Entry(source) for source in found.new])
        self._tell(found)

    def _tell(self, found: Found) -> None:
        """Ask about sources that are there already; say what was passed over."""
        notice = found_notice(found, lambda: self._add_known(found), self.notice.dismiss)
        if notice is not None:
            self.notice.say(notice)

    def _add_known(self, found: Found) -> None:
        self.notice.dismiss()
        self.model.append([Entry(source) for source in found.known])

    async def _take_text(self, text: str) -> None:
        name = text.strip().splitlines()[0].strip("# \t")[:40] or self.tr("Pasted text")
        await self._take(lambda ws: ws.preparing.pasted(name, text))

    async def _take(self, find: Callable[[Workspace], NewSource]) -> None:
        try:
            source = await self._services.background.call(find)
        except CardForgeError as error:
            self.notice.say(Notice(error.message, "error"))
        else:
            if not self._closed:
                self.model.append([Entry(source)])

    # Making

    def _make_table(self) -> None:
        services = self._services
        self.table = QTableView()
        self.table.setModel(self.model)
        lines = SourceLines(services.theme, services.icons, self.model, self)
        self.table.setItemDelegate(lines)
        self.table.setAccessibleName(self.tr("Sources"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setCornerButtonEnabled(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(lines.row_height())
        self.table.horizontalHeader().setSectionResizeMode(Column.SOURCE, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(Column.TOKENS, QHeaderView.ResizeMode.Fixed)
        self.table.setColumnWidth(Column.TOKENS, self.fontMetrics().horizontalAdvance("≈ 0,000,000") + 24)
        self.table.horizontalHeader().setHighlightSections(False)
        part_from_selection(self.table)
        self.target = _Target(services)

    def _make_buttons(self) -> None:
        icons = self._services.icons
        self.add_files = button(self.tr("Add files…"), tip=self.tr("Choose source files"))
        self.add_folder = button(self.tr("Add folder…"), tip=self.tr("Add every source in a folder"))
        self.paste_button = button(
            self.tr("Paste"), tip=self.tr("Add the text or the files on the clipboard")
        )
        self.one_card = button(
            self.tr("Make one card of these"),
            tip=self.tr("The selected sources make one card together (Ctrl+J)"),
        )
        self.split = button(self.tr("Split"), tip=self.tr("Each of these sources makes a card of its own"))
        self.up = icon_button(icons, "arrow-up", self.tr("Move up (Alt+Up)"))
        self.down = icon_button(icons, "arrow-down", self.tr("Move down (Alt+Down)"))
        self.remove = icon_button(icons, "trash-2", self.tr("Take out of the list (Del)"))
        self.all_in_one = CheckBox(self._services.theme, icons, self.tr("All sources make one card"))
        self.all_in_one.setToolTip(self.tr("One card is written from all sources together, in this order"))

    def _lay_out(self) -> None:
        self.body.addLayout(
            row(label(self.tr("Sources"), "title"), None, self.paste_button, self.add_folder, self.add_files)
        )
        self.body.addWidget(self.notice)
        self.body.addWidget(self.target, 1)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.all_in_one)
        line = row(self.one_card, self.split, None, self.up, self.down, self.remove, spacing=SPACE_S)
        self.body.addLayout(line)

    def _connect(self) -> None:
        self.model.changed.connect(self._refresh)
        self.model.changed.connect(self.changed)
        self.table.selectionModel().selectionChanged.connect(self._refresh)
        self.add_files.clicked.connect(
            lambda _checked=False: self._browse(QFileDialog.FileMode.ExistingFiles)
        )
        self.add_folder.clicked.connect(lambda _checked=False: self._browse(QFileDialog.FileMode.Directory))
        self.paste_button.clicked.connect(self.paste)
        self.one_card.clicked.connect(self._merge)
        self.split.clicked.connect(lambda _checked=False: self.model.split(self._places()))
        self.up.clicked.connect(lambda _checked=False: self._move(-1))
        self.down.clicked.connect(lambda _checked=False: self._move(1))
        self.remove.clicked.connect(self._remove)
        self.all_in_one.toggled.connect(self.changed)
        for keys, do in (
            ("Del", self._remove),
            ("Alt+Up", lambda: self._move(-1)),
            ("Alt+Down", lambda: self._move(1)),
            ("Ctrl+J", self._merge),
        ):
            shortcut = QShortcut(QKeySequence(keys), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(do)

    # What happens

    def _places(self) -> list[int]:
        return [index.row() for index in self.table.selectionModel().selectedRows()]

    @Slot()
    def _merge(self) -> None:
        places = self._places()
        self.model.merge(places)
        if places:
            self._select([min(places)])

    @Slot()
    def _remove(self) -> None:
        places = self._places()
        self.model.remove(places)
        if places and self.model.rowCount():
            self._select([min(*places, self.model.rowCount() - 1)])

    def _move(self, step: int) -> None:
        self._select(self.model.move(self._places(), step))

    def _select(self, places: Sequence[int]) -> None:
        selection = self.table.selectionModel()
        selection.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for at in places:
            selection.select(self.model.index(at, 0), flags)
        if places:
            index = self.model.index(places[0], 0)
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.table.scrollTo(index)

    @Slot()
    def _refresh(self) -> None:
        rows, places = self.model.rows(), self._places()
        places = [at for at in places if at < len(rows)]
        for widget in (
            self.table,
            self.all_in_one,
            self.one_card,
            self.split,
            self.up,
            self.down,
            self.remove,
        ):
            widget.setVisible(bool(rows))
        self.target.setVisible(not rows)
        self.all_in_one.setEnabled(len(rows) > 1)
        self.one_card.setEnabled(len(places) > 1)
        self.split.setEnabled(any(len(rows[at].entries) > 1 for at in places))
        for widget in (self.up, self.down, self.remove):
            widget.setEnabled(bool(places))

    def _browse(self, mode: QFileDialog.FileMode) -> None:
        dialog = QFileDialog(self, self.tr("Add sources"))
        dialog.setFileMode(mode)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filesSelected.connect(lambda files: self.add_paths([Path(file) for file in files]))
        dialog.open()

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and texts are welcome."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()
            self.setProperty("dragged", "yes")
            self.style().polish(self)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:  # noqa: ARG002
        """As before."""
        self._settle()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        data = event.mimeData()
        event.acceptProposedAction()
        self._settle()
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        if paths:
            self.add_paths(paths)
        else:
            self.add_text(data.text())

    def _settle(self) -> None:
        self.setProperty("dragged", "")
        self.style().polish(self)


class _Target(QWidget):
    """Where to drop, as long as there is nothing else to see."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._theme, self._icons = services.theme, services.icons
        self.setAccessibleName(self.tr("Drop zone"))
        self._picture = QLabel()
        what = self.tr("Texts, documents, e-books or cards; or paste a text with Ctrl+V.")
        lines = (label(self.tr("Drop files or folders here"), "title"), label(what, "muted", wrap=True))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        layout.setSpacing(SPACE_S)
        layout.addStretch(1)
        for each in (self._picture, *lines):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(each)
        layout.addStretch(1)
        services.theme.changed.connect(self._repaint)
        self._repaint()

    @Slot()
    def _repaint(self) -> None:
        self._picture.setPixmap(self._icons.pixmap("upload", Tone.ACCENT, 36))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """The dashed frame."""
        tokens = self._theme.tokens
        paint_dashes(self, self._theme, mix(tokens.surface, tokens.accent, 0.07 if tokens.dark else 0.05))
