"""What came of many files, one row each: to look through, to copy, to go on from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.ui.icons import Icons
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XL, Theme, Tone
from cardforge_desktop.ui.widgets.basics import Card, button, chip, in_lines, label, row
from cardforge_desktop.ui.widgets.fitting import resize_within_screen
from cardforge_desktop.ui.widgets.plain_rows import IconRowDelegate, dress_plain

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Display = Qt.ItemDataRole.DisplayRole
#: Room for a dozen rows.
_SIZE = QSize(820, 520)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One row.

    Attributes:
        word, icon, tone: what became of it, in the user's language.
        name: of the file.
        text: what is to be said of it, "" = nothing.
        card_id, book_id: the card or the book to show for it, "" = none.
        beside: id of another book that this one could be merged into, "" = none.
    """

    word: str
    icon: str
    tone: Tone
    name: str
    text: str = ""
    card_id: str = ""
    book_id: str = ""
    beside: str = ""


class ReportModel(QAbstractTableModel):
    """The rows of a report."""

    def __init__(self, lines: Sequence[ReportLine], icons: Icons, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines = tuple(lines)
        self._icons = icons

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Lines of the report."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """What became of it, file, remark."""
        return 0 if parent.isValid() else 3

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Display) -> Any:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == _Display and 0 <= section < 3:
            return (self.tr("Result"), self.tr("File"), self.tr("Remark"))[section]
        return None

    def data(self, index: Index, role: int = _Display) -> Any:
        """Texts; the whole of them as tooltip."""
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role in (_Display, Qt.ItemDataRole.ToolTipRole):
            return (line.word, line.name, line.text)[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._icons.pixmap(line.icon, line.tone, 16)
        return None


class ReportDialog(QDialog):
    """Shows a report, and below it the whole remark of the row one is on.

    Signals:
        show_card(str): the person wants to see this card.
        show_book(str): the person wants to see this book.
        merge_book(str): the person wants this book to go into the one it stands beside.
    """

    show_card = Signal(str)
    show_book = Signal(str)
    merge_book = Signal(str)

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        icons: Icons,
        *,
        title: str,
        lines: Sequence[ReportLine],
        chips: Sequence[tuple[str, str]],
    ) -> None:
        """`chips`: what is counted, each with its tone."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.model = ReportModel(lines, icons, self)
        self.table = QTableView()
        self._dress(theme)
        self.show_button = button(self.tr("Show card"))
        self.show_button.clicked.connect(self._show)
        self.merge_button = button(self.tr("Merge instead…"))
        self.merge_button.setToolTip(self.tr("See what the file would add to the book of the same name"))
        self.merge_button.clicked.connect(self._merge)
        copy = button(self.tr("Copy report"), tip=self.tr("Copy all rows as text"))
        copy.clicked.connect(self.copy)
        close = button(self.tr("Close"), "primary")
        close.clicked.connect(self.accept)
        self.remark = label("", "muted", wrap=True, selectable=True)
        self.remark.setMinimumHeight(2 * self.remark.fontMetrics().lineSpacing() + 2)
        self.remark.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        counted = in_lines(*(chip(text, tone) for text, tone in chips))
        counted.setVisible(bool(chips))
        card = Card(margin=SPACE_S)
        card.body.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL - SPACE_S)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(title, "title", wrap=True))
        layout.addWidget(counted)
        layout.addWidget(card, 1)
        layout.addWidget(self.remark)
        layout.addLayout(row(self.show_button, self.merge_button, copy, None, close))
        self.table.selectionModel().currentChanged.connect(lambda *_: self._refresh())
        if lines:
            self.table.setCurrentIndex(self.model.index(0, 0))
        self._refresh()
        resize_within_screen(self, _SIZE.width(), _SIZE.height())
        self.table.setFocus()

    def as_text(self) -> str:
        """The report for the clipboard: a line for each row, tabs between."""
        rows = ["\t".join(part for part in (line.word, line.name, line.text)) for line in self.model.lines]
        return "\n".join([self.windowTitle(), *rows])

    @Slot()
    def copy(self) -> None:
        """The whole report to the clipboard."""
        QGuiApplication.clipboard().setText(self.as_text())

    def _dress(self, theme: Theme) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegate(IconRowDelegate(theme, table))
        table.setAccessibleName(self.tr("Report"))
        dress_plain(table)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = table.horizontalHeader()
        header.setAccessibleName(self.tr("Columns"))
        header.setStretchLastSection(True)
        table.setColumnWidth(0, 190)
        table.setColumnWidth(1, 210)
        table.doubleClicked.connect(lambda _index: self._show())

    def _line(self) -> ReportLine | None:
        at = self.table.currentIndex().row()
        return self.model.lines[at] if 0 <= at < len(self.model.lines) else None

    @Slot()
    def _refresh(self) -> None:
        line = self._line()
        is_book = line is not None and bool(line.book_id)
        self.show_button.setText(self.tr("Show book") if is_book else self.tr("Show card"))
        tip = self.tr("Show the book of this row") if is_book else self.tr("Show the card in the library")
        self.show_button.setToolTip(tip)
        self.show_button.setEnabled(line is not None and bool(line.card_id or line.book_id))
        self.merge_button.setVisible(any(each.beside for each in self.model.lines))
        self.merge_button.setEnabled(line is not None and bool(line.beside))
        self.remark.setText(line.text if line is not None else "")

    @Slot()
    def _show(self) -> None:
        line = self._line()
        if line is None or not (line.card_id or line.book_id):
            return
        if line.book_id:
            self.show_book.emit(line.book_id)
        else:
            self.show_card.emit(line.card_id)
        self.accept()

    @Slot()
    def _merge(self) -> None:
        line = self._line()
        if line is not None and line.beside:
            self.merge_book.emit(line.book_id)
            self.accept()
