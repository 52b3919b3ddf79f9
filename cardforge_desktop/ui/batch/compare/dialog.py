"""Two to four finished cards side by side, mostly of one source by several profiles or models."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.compare.cell import Cell
from cardforge_desktop.ui.batch.compare.reading import Column, field_names, read_columns
from cardforge_desktop.ui.batch.state import source_text
from cardforge_desktop.ui.services import Link, Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, Page, button, label, line, row
from cardforge_desktop.ui.widgets.check_box import CheckBox
from cardforge_desktop.ui.widgets.fitting import resize_within_screen


class CompareDialog(QDialog):
    """One column for each card; fields of one name stand in one line and scroll together.

    Open it with `open`.
    """

    def __init__(self, parent: QWidget, services: Services, item_ids: Sequence[str]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Compare cards"))
        self._services = services
        self._closed = False
        self.columns: tuple[Column, ...] = ()
        self.cells: dict[str, list[Cell]] = {}
        theme, icons = services.theme, services.icons
        self.marking = CheckBox(theme, icons, self.tr("Mark what differs from the first card"))
        self.marking.setToolTip(self.tr("Words of the other cards that the first one does not have"))
        self.marking.setChecked(services.memory.text("batch/compare-marks") == "yes")
        self.marking.toggled.connect(self._mark)
        self.only_different = CheckBox(theme, icons, self.tr("Hide what is the same in all"))
        self.only_different.toggled.connect(self._narrow)
        self._heads = QHBoxLayout()
        self._heads.setSpacing(SPACE_M)
        self._grid = QGridLayout()
        self._names: dict[str, tuple[QWidget, ...]] = {}
        self._same: set[str] = set()
        self._lay_out()
        services.background.start(self._load(tuple(item_ids)))

    def done(self, result: int) -> None:
        """Remember the choice."""
        self._closed = True
        self._services.memory.keep("batch/compare-marks", "yes" if self.marking.isChecked() else "no")
        super().done(result)

    def _lay_out(self) -> None:
        page = Page()
        self._grid.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_M)
        self._grid.setHorizontalSpacing(SPACE_L + SPACE_M)
        self._grid.setVerticalSpacing(SPACE_S)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setAccessibleName(self.tr("Fields of the cards"))
        self.area.setWidget(page)
        frame = Card(margin=0)
        frame.body.addWidget(self.area)
        close = button(self.tr("Close"))
        close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        layout.setSpacing(SPACE_M)
        layout.addWidget(label(self.tr("Compare cards"), "heading"))
        layout.addLayout(self._heads)
        layout.addWidget(frame, 1)
        layout.addLayout(row(self.marking, self.only_different, None, close, spacing=SPACE_L))
        self.setMinimumSize(720, 440)
        resize_within_screen(self, 1180, 740)

    async def _load(self, item_ids: Sequence[str]) -> None:
        columns = await self._services.background.call(lambda ws: read_columns(ws, item_ids))
        if not self._closed:
            self._fill(columns)

    def _fill(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        one_source = len({_source(column.item) for column in columns}) == 1
        for column in columns:
            self._heads.addWidget(self._head(column, one_source=one_source), 1)
        for at, _ in enumerate(columns):
            self._grid.setColumnStretch(at, 1)
        for name in field_names(columns):
            self._add_field(name)
        self._mark(self.marking.isChecked())
        self.area.setFocus()

    def _head(self, column: Column, *, one_source: bool) -> Card:
        """Who wrote it, and what it took; of which source and without Keep where they are not of the same."""
        item = column.item
        head = Card(margin=SPACE_M)
        head.setAccessibleName(column.name)
        head.body.addWidget(ElidedLabel(column.name, "title"))
        if not one_source:
            head.body.addWidget(ElidedLabel(source_text(item), "", Qt.TextElideMode.ElideMiddle))
        made = self.tr("%1 by %2").replace("%2", item.engine).replace("%1", item.profile, 1)
        head.body.addWidget(ElidedLabel(made, ""))
        head.body.addWidget(ElidedLabel(self._took(item), "caption"))
        head.body.addWidget(ElidedLabel(self._size(column), "caption"))
        open_card = button(self.tr("Open in library"), tip=self.tr("Read and edit this card in the library"))
        open_card.clicked.connect(lambda _checked=False: self._open(column.card_id))
        keep = button(
            self.tr("Keep this one"),
            tip=self.tr("Delete the other cards from the library; it can be undone, and files stay"),
        )
        keep.clicked.connect(lambda _checked=False: self._keep(column.card_id))
        if not one_source:
            keep.hide()
        for each in (open_card, keep):
            each.setAccessibleName(f"{each.text()}: {column.name}, {made}")
        head.body.addLayout(row(open_card, keep, None))
        return head

    def _took(self, item: ItemView) -> str:
        """``2,310 tokens, $0.0044, 12 s``."""
        used = (item.input_tokens or 0) + (item.output_tokens or 0)
        parts = [
            formatting.tokens_text(used),
            formatting.cost(item.cost, local=item.local),
        ]
        if item.started_at is not None and item.finished_at is not None:
            parts.append(formatting.duration((item.finished_at - item.started_at).total_seconds()))
        return " · ".join(parts)

    def _size(self, column: Column) -> str:
        parts = [self.tr("%n entry(s) in its book", None, column.entries)]
        if column.permanent is not None:
            tokens = self.tr("%1 permanent tokens").replace("%1", formatting.number(column.permanent), 1)
            parts.insert(0, tokens)
        return " · ".join(parts)

    def _add_field(self, name: str) -> None:
        texts = [column.texts.get(name) for column in self.columns]
        same = len(set(texts)) == 1
        at = self._grid.rowCount()
        title = label(formatting.field_label(name), "strong")
        parts: list[QWidget] = [title]
        if same:
            self._same.add(name)
            parts.append(label(self.tr("the same in all"), "caption"))
        holder = QWidget()
        holder.setLayout(row(*parts, None))
        rule = line()
        self._grid.addWidget(holder, at, 0, 1, len(self.columns))
        cells: list[Cell] = []
        for place, column in enumerate(self.columns):
            spoken = self.tr("%1 of %2").replace("%2", column.item.engine)
            spoken = spoken.replace("%1", formatting.field_label(name), 1)
            cell = Cell(self._services.theme, spoken, column.texts.get(name), column.marks.get(name, ()))
            cells.append(cell)
            self._grid.addWidget(cell, at + 1, place, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(rule, at + 2, 0, 1, len(self.columns))
        self.cells[name] = cells
        self._names[name] = (holder, rule, *cells)

    # What the person does

    @Slot(bool)
    def _mark(self, marked: bool) -> None:
        for cells in self.cells.values():
            for cell in cells:
                cell.mark(marked)

    @Slot(bool)
    def _narrow(self, only_different: bool) -> None:
        for name in self._same:
            for widget in self._names[name]:
                widget.setVisible(not only_different)

    def _open(self, card_id: str) -> None:
        self.accept()
        self._services.desk.open_card.emit(card_id)

    def _keep(self, card_id: str) -> None:
        """Take the others out of the library; a notice brings them back."""
        others = tuple({column.card_id for column in self.columns} - {card_id})
        services = self._services
        services.background.start(services.background.call(lambda ws: ws.library.delete(others)))

        back = self.tr("%n card(s) are back.", None, len(others))

        def undo() -> None:  # the dialog is gone by then
            services.background.start(services.background.call(lambda ws: ws.library.undelete(others)))
            services.desk.notice.emit(Notice(back, "ok", lasting=False))

        text = self.tr("%n other card(s) were deleted. Their files stay where they are.", None, len(others))
        services.desk.notice.emit(Notice(text, links=(Link(self.tr("Undo"), undo),)))
        self.accept()


def _source(item: ItemView) -> tuple[str, ...]:
    """What tells that two items are of the same source."""
    return tuple(source.digest for source in item.sources)
