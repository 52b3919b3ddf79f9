"""The files of a card: icons, backgrounds, emotions and what else it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHeaderView, QTableView

from cardforge_desktop.cards.model import Asset
from cardforge_desktop.cards.package import CardPackage, embedded_path
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui.failures import notice_of
from cardforge_desktop.ui.library.editor.asset_changes import (
    with_asset,
    with_assets,
    with_file,
    with_main_icon,
    without_asset,
)
from cardforge_desktop.ui.library.editor.bench import Bench
from cardforge_desktop.ui.library.editor.sections.section import Section
from cardforge_desktop.ui.theme import SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import button, icon_button, label, row
from cardforge_desktop.ui.widgets.plain_rows import PlainRowDelegate

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_FIELDS = ("type", "name", "ext", "uri")
_ROWS = 10
#: Bytes of a file that is added; a card with more is no card any more.
LARGEST = 64 * 1024**2


class AssetFileError(CardForgeError):
    """A file can't be added. Codes: ASSET_UNREADABLE, ASSET_TOO_LARGE."""


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    data: bytes


class AssetModel(QAbstractTableModel):
    """A row for each asset, edited in place.

    Signals:
        given(int, str, str): the person changed this row's field to this text.
    """

    given = Signal(int, str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._package: CardPackage | None = None
        self._assets: list[Asset] = []
        self._heads = (self.tr("Type"), self.tr("Name"), self.tr("Ext"), self.tr("Place"), self.tr("Size"))

    def replace(self, package: CardPackage) -> None:
        """Show the assets of a card."""
        assets = list(package.card.assets or ())
        self._package = package
        if len(assets) == len(self._assets):
            self._assets = assets
            if assets:
                self.dataChanged.emit(self.index(0, 0), self.index(len(assets) - 1, len(self._heads) - 1))
            return
        self.beginResetModel()
        self._assets = assets
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Number of assets."""
        return 0 if parent.isValid() else len(self._assets)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """The fields, and the size of the file."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """Names of the columns."""
        return self._heads[section] if role == _DISPLAY and orientation is Qt.Orientation.Horizontal else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """All but the size can be written in."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() < len(_FIELDS) else flags

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """A field, or the size."""
        if not index.isValid():
            return None
        asset = self._assets[index.row()]
        if index.column() == len(_FIELDS):
            if role == int(Qt.ItemDataRole.TextAlignmentRole):
                return Qt.AlignmentFlag.AlignRight
            return self._size(asset) if role == _DISPLAY else None
        text = getattr(asset, _FIELDS[index.column()])
        if role in (_DISPLAY, int(Qt.ItemDataRole.EditRole)):
            return text if len(text) < 300 or role != _DISPLAY else text[:299] + "…"
        if role == int(Qt.ItemDataRole.ToolTipRole):
            return text[:300]
        return None

    def setData(self, index: Index, value: Any, role: int = int(Qt.ItemDataRole.EditRole)) -> bool:
        """The person wrote in a cell."""
        if role != int(Qt.ItemDataRole.EditRole) or str(value) == self.data(index, role):
            return False
        self.given.emit(index.row(), _FIELDS[index.column()], str(value))
        return True

    def _size(self, asset: Asset) -> str:
        from PySide6.QtCore import QLocale

        path = embedded_path(asset.uri)
        data = self._package.files.get(path) if self._package is not None and path is not None else None
        if data is None:
            return self.tr("missing") if path is not None else "—"
        return QLocale().formattedDataSize(len(data), 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


class _Table(QTableView):
    def sizeHint(self) -> QSize:
        """As high as its rows, up to some."""
        rows = min(max(self.model().rowCount(), 2), _ROWS)
        return QSize(320, self.horizontalHeader().sizeHint().height() + rows * self.rowHeight(0) + 6)

    def minimumSizeHint(self) -> QSize:
        """The same height at any width."""
        return QSize(120, self.sizeHint().height())


class AssetsSection(Section):
    """Lists the assets; adds, replaces, removes and sorts them."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.model = AssetModel(self)
        self.table = _Table()
        self._make_table()
        self.problem = label("", "warn", wrap=True)
        self.mend = button(self.tr("Mend"), "link", tip=self.tr("Name exactly one icon “main”"))
        self.add_file = button(self.tr("Add…"), tip=self.tr("Take a file into the card"))
        self.replace_file = button(self.tr("Replace…"), tip=self.tr("Another file for the chosen asset"))
        self.main = button(self.tr("Make main"), tip=self.tr("Readers show the icon named “main”"))
        self.up = icon_button(bench.icons, "arrow-up", self.tr("Move the asset up (Alt+Up)"))
        self.down = icon_button(bench.icons, "arrow-down", self.tr("Move the asset down (Alt+Down)"))
        self.remove = icon_button(bench.icons, "trash-2", self.tr("Remove the asset and its file (Del)"))
        bench.icons.put(self.add_file, "plus", Tone.TEXT, 16)
        intro = self.tr(
            "Pictures and sounds that travel with the card in CHARX and PNG files. The icon named “main” is "
            "the card's picture."
        )
        self.column.addWidget(label(intro, "muted", wrap=True))
        self.column.addLayout(row(self.problem, self.mend, None, spacing=SPACE_S))
        self.column.addWidget(self.table)
        self.column.addLayout(
            row(self.add_file, self.replace_file, self.main, None, self.up, self.down, self.remove)
        )
        self.column.addStretch(1)
        self._connect()

    @property
    def chosen(self) -> int:
        """Index of the chosen asset, -1 = none."""
        return self.table.currentIndex().row()

    def show_package(self, package: CardPackage) -> None:
        """The assets of the card."""
        count = self.model.rowCount()
        self.model.replace(package)
        if self.model.rowCount() != count:
            self.table.updateGeometry()
        for part in (self.table, self.replace_file, self.main, self.up, self.down, self.remove):
            part.setVisible(self.model.rowCount() > 0)
        icons = [asset for asset in package.card.assets or () if asset.type == "icon"]
        mains = sum(asset.name == "main" for asset in icons)
        wrong = bool(icons) and mains != 1
        self.problem.setText(
            self.tr("No icon is named “main”: readers do not know which one to show.")
            if not mains
            else self.tr("%n icon(s) are named “main”: readers do not know which one to show.", None, mains)
        )
        self.problem.setVisible(wrong)
        self.mend.setVisible(wrong)
        self._offer()

    def go_to(self, path: str, start: int, end: int, *, focus: bool) -> bool:
        """To an asset."""
        del start, end
        number = path.partition("[")[2].partition("]")[0]
        if number and self.model.rowCount():
            self._choose(min(int(number), self.model.rowCount() - 1))
        self.bring_up(self.table)
        if focus:
            self.table.setFocus()
        return True

    def _make_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setItemDelegate(PlainRowDelegate(self.bench.theme, table))
        table.setAccessibleName(self.tr("Assets"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 16)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        for column, width in enumerate((90, 90, 56, 0, 84)):
            if width:
                table.setColumnWidth(column, width)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)

    def _connect(self) -> None:
        self.model.given.connect(self._write)
        self.table.selectionModel().selectionChanged.connect(self._offer)
        self.add_file.clicked.connect(lambda _checked=False: self._browse(self.add_path))
        self.replace_file.clicked.connect(lambda _checked=False: self._browse(self.replace_with))
        self.main.clicked.connect(self._make_main)
        self.mend.clicked.connect(self._mend)
        self.remove.clicked.connect(self.remove_asset)
        self.up.clicked.connect(lambda _checked=False: self.move_asset(-1))
        self.down.clicked.connect(lambda _checked=False: self.move_asset(1))
        keys: tuple[tuple[str, Callable[[], None]], ...] = (
            ("Alt+Up", lambda: self.move_asset(-1)),
            ("Alt+Down", lambda: self.move_asset(1)),
            ("Del", self.remove_asset),
        )
        for key, act in keys:
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    @Slot(QItemSelection, QItemSelection)
    def _offer(self, *_: object) -> None:
        at, count = self.chosen, self.model.rowCount()
        there = 0 <= at < count
        for tool in (self.replace_file, self.main, self.remove):
            tool.setEnabled(there)
        self.up.setEnabled(at > 0)
        self.down.setEnabled(there and at < count - 1)

    def add_path(self, path: Path) -> None:
        """Take a file into the card as another asset."""
        self._with_file(path, lambda package, file: with_asset(package, file.name, file.data))

    def replace_with(self, path: Path) -> None:
        """Give the chosen asset another file."""
        at = self.chosen
        self._with_file(path, lambda package, file: with_file(package, at, file.name, file.data))

    @Slot()
    def remove_asset(self) -> None:
        """Take the chosen asset away, and its file if no other asset has it."""
        at = self.chosen
        if 0 <= at < self.model.rowCount():
            self._put(without_asset(self.bench.session.package, at))

    def move_asset(self, by: int) -> None:
        """Move the chosen asset up or down."""
        at, to = self.chosen, self.chosen + by
        if at >= 0 and 0 <= to < self.model.rowCount():
            assets = list(self.bench.session.card.assets or ())
            assets.insert(to, assets.pop(at))
            self._put(with_assets(self.bench.session.package, assets))
            self._choose(to)

    def _choose(self, at: int) -> None:
        # `selectRow` chooses nothing where the columns stand from right to left.
        self.table.setCurrentIndex(self.model.index(at, 0))

    @Slot(int, str, str)
    def _write(self, at: int, field: str, text: str) -> None:
        self.bench.session.set(f"assets[{at}].{field}", text)

    @Slot()
    def _make_main(self) -> None:
        if 0 <= self.chosen < self.model.rowCount():
            self._put(with_main_icon(self.bench.session.package, self.chosen))

    @Slot()
    def _mend(self) -> None:
        assets = self.bench.session.card.assets or ()
        icons = [at for at, asset in enumerate(assets) if asset.type == "icon"]
        first = next((at for at in icons if assets[at].name == "main"), icons[0] if icons else -1)
        if first >= 0:
            self._put(with_main_icon(self.bench.session.package, first))

    def _put(self, package: CardPackage) -> None:
        self.bench.session.put(package, "assets")

    def _browse(self, take: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self, self.tr("Choose a file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: take(Path(path)))
        dialog.open()

    def _with_file(self, path: Path, change: Callable[[CardPackage, _File], CardPackage]) -> None:
        self.bench.services.background.start(self._read(path, change))

    async def _read(self, path: Path, change: Callable[[CardPackage, _File], CardPackage]) -> None:
        card_id = self.bench.session.card_id
        try:
            file = await self.bench.services.background.run(lambda: _read_file(path))
        except CardForgeError as error:
            self.bench.services.desk.notice.emit(notice_of(error, error.message))
            return
        if self.bench.session.is_open and self.bench.session.card_id == card_id:
            self._put(change(self.bench.session.package, file))


def _read_file(path: Path) -> _File:
    """On a worker."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise AssetFileError(
            ErrorCode.ASSET_UNREADABLE,
            f"{path.name} can't be read ({error.strerror or error}). Choose another file.",
            {"path": str(path)},
        ) from error
    if len(data) > LARGEST:
        raise AssetFileError(
            ErrorCode.ASSET_TOO_LARGE,
            f"{path.name} is larger than {LARGEST // 1024**2} MB, more than a card should carry.",
            {"path": str(path)},
        )
    return _File(path.name, data)
