"""The history of a card: what it was, what changed since, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.library.preview.revision_list import RevisionModel, RevisionRole, reason_text
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import Card as Frame
from cardforge_desktop.ui.widgets.basics import ElidedLabel, button, label, row
from cardforge_desktop.ui.widgets.diff_view import DiffView
from cardforge_desktop.ui.widgets.history_rows import HistoryDelegate

if TYPE_CHECKING:
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.cards.revisions import Revision
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.library.preview.card_diff import CardDiff
    from cardforge_desktop.workspace import Workspace

_PACE_MS = 200
_PICTURE_HEIGHT = 132


class HistoryPane(QWidget):
    """Shows the versions of a card and what differs. What is not in sight is not read.

    Signals:
        restore_wanted(int): make the version of this number the card again.
    """

    restore_wanted = Signal(int)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._card_id = ""
        self._package: CardPackage | None = None
        self._chosen = 0
        self.model = RevisionModel(self)
        self.list = QListView()
        self.diff = DiffView(services.theme, services.icons, read_only=True)
        self.title = ElidedLabel("", "strong")
        self.error = label("", "error", wrap=True, selectable=True)
        self.note = label("", "caption", wrap=True)
        self.restore = button(self.tr("Restore"), tip=self.tr("Make this version the card again"))
        self.pictures = (QLabel(), QLabel())
        self._make_switch()
        self._lay_out()
        self._paced = Paced(services.background, _PACE_MS, self._read)
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self.restore.clicked.connect(lambda _checked=False: self.restore_wanted.emit(self._chosen))
        services.events.changed.connect(self._on_changed)

    @property
    def chosen(self) -> int:
        """Number of the version that is looked at, 0 = none."""
        return self._chosen

    def show_history(self, card_id: str, package: CardPackage) -> None:
        """Show the history of a card; `package` is its state in the editor, saved or not."""
        if card_id != self._card_id:
            self._chosen = 0
            self.model.replace(())
            self._show_nothing()
        self._card_id, self._package = card_id, package
        self._paced.ask()

    def choose(self, number: int) -> None:
        """Look at a version."""
        row_ = self.model.row_of(number)
        if row_ is not None:
            self.list.setCurrentIndex(self.model.index(row_))

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read now."""
        super().showEvent(event)
        self._paced.ask()

    def _make_switch(self) -> None:
        self.with_now = self._way(self.tr("Now"), self.tr("What changed since this version"))
        self.with_before = self._way(self.tr("The one before"), self.tr("What this version changed"))
        self.with_now.setChecked(True)
        self._ways = QButtonGroup(self)
        for way in (self.with_now, self.with_before):
            self._ways.addButton(way)
        self._ways.buttonClicked.connect(self._on_switched)

    def _switch_row(self) -> QHBoxLayout:
        made = row(label(self.tr("Compared with"), "muted"), self.with_now, self.with_before, None)
        made.setSpacing(SPACE_XS)
        made.insertSpacing(1, SPACE_XS)
        return made

    def _way(self, text: str, tip: str) -> QPushButton:
        made = button(text, "toggle", tip=tip, name=tip)
        made.setCheckable(True)
        return made

    def _lay_out(self) -> None:
        theme, icons = self._services.theme, self._services.icons
        self.list.setModel(self.model)
        self.list.setItemDelegate(HistoryDelegate(theme, icons, self.list))
        self.list.setAccessibleName(self.tr("Versions of the card, newest first"))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        versions = Frame(margin=SPACE_XS)
        versions.body.addWidget(self.list)
        versions.setMinimumHeight(96)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(row(self.title, self.restore))
        column.addLayout(self._switch_row())
        column.addWidget(self._picture_row())
        for widget in (self.error, self.note):
            widget.hide()
            column.addWidget(widget)
        column.addWidget(self.diff, 1)
        column.addStretch(0)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(SPACE_M)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(versions)
        self.splitter.addWidget(below)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([170, 500])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._show_nothing()

    def _picture_row(self) -> QWidget:
        self._pictures_row = QWidget()
        columns = row(spacing=SPACE_L)
        for picture, title in zip(
            self.pictures, (self.tr("Picture before"), self.tr("Picture after")), strict=True
        ):
            picture.setAccessibleName(title)
            column = QVBoxLayout()
            column.setSpacing(SPACE_XS)
            column.addWidget(label(title, "caption"))
            column.addWidget(picture)
            columns.addLayout(column)
        columns.addStretch(1)
        self._pictures_row.setLayout(columns)
        return self._pictures_row

    async def _read(self) -> None:
        """Read the list, and what differs; dropped where something else is wanted meanwhile."""
        card_id, package = self._card_id, self._package
        if not isValid(self) or package is None or not self.isVisible():
            return
        try:
            revisions = await self._services.background.call(lambda ws: ws.library.revisions(card_id))
            if not isValid(self) or card_id != self._card_id:
                return
            self._show_revisions(revisions)
            await self._compare(card_id, package, revisions)
        except CardForgeError as error:
            if isValid(self) and card_id == self._card_id:
                self._show_nothing()
                self.error.setText(error.message)
                self.error.show()

    async def _compare(self, card_id: str, package: CardPackage, revisions: tuple[Revision, ...]) -> None:
        number, with_now = self._chosen, self.with_now.isChecked()
        if not number:
            self._show_nothing()
            return
        before = next((one.number for one in revisions if one.number < number), None)
        diff = None
        if with_now or before is not None:
            diff = await self._services.background.call(
                lambda ws: _diff(ws, card_id, number, package if with_now else before)
            )
        if not isValid(self):
            return
        if (card_id, number, with_now) == (self._card_id, self._chosen, self.with_now.isChecked()):
            self._show_diff(diff, newest=number == revisions[0].number)

    def _show_revisions(self, revisions: tuple[Revision, ...]) -> None:
        """Show the list; without a choice, the last version but the newest is looked at."""
        numbers = [one.number for one in revisions]
        if self._chosen not in numbers:
            self._chosen = numbers[min(1, len(numbers) - 1)] if numbers else 0
        at = self.list.verticalScrollBar().value()
        self.model.replace(revisions)
        row_ = self.model.row_of(self._chosen)
        if row_ is not None and self.list.currentIndex().row() != row_:
            self.list.setCurrentIndex(self.model.index(row_))
            self.list.verticalScrollBar().setValue(at)

    def _show_nothing(self) -> None:
        self.title.set_whole("")
        for widget in (self.error, self.note, self._pictures_row, self.diff):
            widget.hide()
        for each in (self.restore, self.with_now, self.with_before):
            each.setEnabled(False)

    def _show_diff(self, diff: CardDiff | None, *, newest: bool) -> None:
        revision: Revision = self.list.currentIndex().data(RevisionRole.REVISION)
        text = self.tr("Version %1 · %2").replace("%1", formatting.number(revision.number), 1)
        self.title.set_whole(text.replace("%2", reason_text(revision.reason), 1))
        self.error.hide()
        for each in (self.with_now, self.with_before):
            each.setEnabled(True)
        with_now = self.with_now.isChecked()
        self.restore.setEnabled(not newest or (with_now and diff is not None and not diff.empty))
        if with_now:
            self.diff.set_titles(self.tr("This version"), self.tr("Now"))
        else:
            self.diff.set_titles(self.tr("The one before"), self.tr("This version"))
        self.diff.setVisible(diff is not None and bool(diff.fields or diff.empty))
        self.diff.show_hunks(
            () if diff is None else diff.hunks, headings={} if diff is None else diff.headings
        )
        self._show_pictures(None if diff is None else diff.pictures)
        self._show_note(diff)

    def _show_note(self, diff: CardDiff | None) -> None:
        text = ""
        if diff is None:
            text = self.tr("This is the first version: nothing came before it.")
        elif diff.left_out:
            text = self.tr("%n more field(s) not shown here.", None, diff.left_out)
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _show_pictures(self, pictures: tuple[QImage, QImage] | None) -> None:
        self._pictures_row.setVisible(pictures is not None)
        ratio = self.devicePixelRatioF()
        for place, picture in zip(self.pictures, pictures or (), strict=False):
            pixmap = QPixmap.fromImage(picture).scaledToHeight(
                round(_PICTURE_HEIGHT * ratio), Qt.TransformationMode.SmoothTransformation
            )
            pixmap.setDevicePixelRatio(ratio)
            place.setPixmap(pixmap)

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        revision: Revision | None = index.data(RevisionRole.REVISION)
        if revision is not None and revision.number != self._chosen:
            self._chosen = revision.number
            self._paced.ask()

    @Slot()
    def _on_switched(self) -> None:
        self._paced.ask()

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        ids = ids_of(Kind.CARD, changes)
        if ids is not None and (not ids or self._card_id in ids):
            self._paced.ask()


def _diff(workspace: Workspace, card_id: str, number: int, other: CardPackage | int | None) -> CardDiff:
    """A version against the card as it stands (a package), or against the version before (its number)."""
    from cardforge_desktop.cards.package import CardPackage
    from cardforge_desktop.ui.library.preview.card_diff import card_diff

    this = workspace.library.revision(card_id, number)
    if isinstance(other, CardPackage):
        return card_diff(this, other)
    return card_diff(workspace.library.revision(card_id, other or 1), this)
