"""The library panel: find a card and read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QSplitter, QStackedWidget, QVBoxLayout

from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.library.card_list import CardDelegate, CardListModel, CardRole
from cardforge_desktop.ui.library.card_view import CardView
from cardforge_desktop.ui.panels import Panel
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.theme import SPACE_L, SPACE_M, SPACE_S, Tone
from cardforge_desktop.ui.widgets.basics import Card, button, label, row
from cardforge_desktop.ui.widgets.empty_state import EmptyState

if TYPE_CHECKING:
    from cardforge_desktop.cards.service import CardSummary, StoredCard
    from cardforge_desktop.events import Changed
    from cardforge_desktop.workspace import Workspace

_THUMBNAIL = 160


class LibraryPanel(Panel):
    """A list of all cards and the one that is open."""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self._services = services
        self._wanted = ""
        self.model = CardListModel(self)
        self.list = QListView()
        self.view = CardView(services)
        self.search = QLineEdit()
        self._lay_out()
        self.model.picture_wanted.connect(self._load_picture)
        self.list.selectionModel().currentChanged.connect(self._choose)
        self.search.textChanged.connect(self._narrow)
        self.view.copied.connect(self._say_copied)
        services.events.changed.connect(self._on_changed)
        services.actions.handle("card.folder", self.view.show_folder)
        services.actions.handle("card.copy_text", self.view.copy_all)
        self._reader = Paced(services.background, 250, self._load)
        self._reader.ask()

    def open_card(self, card_id: str) -> None:
        """Show this card, once it is in the list."""
        self._wanted = card_id
        self.search.clear()
        self._select_wanted()

    def activated(self) -> None:
        """The list gets the focus, once there is one."""
        super().activated()
        self._refresh_actions()
        if self._pages.currentIndex():
            self.list.setFocus()

    def deactivated(self) -> None:
        """The open card's actions go with the panel."""
        for key in ("card.folder", "card.copy_text"):
            self._services.actions[key].setEnabled(False)

    def begin_search(self) -> None:
        """To the search field."""
        self.search.setFocus()
        self.search.selectAll()

    def copy(self) -> None:
        """Copy the whole open card."""
        self.view.copy_all()

    def keep_state(self) -> None:
        """Remember the splitter."""
        self._services.memory.keep("library/splitter", self._splitter.saveState())

    def _lay_out(self) -> None:
        icons, theme = self._services.icons, self._services.theme
        self.search.setProperty("role", "search")
        self.search.setPlaceholderText(self.tr("Search cards"))
        self.search.setAccessibleName(self.tr("Search cards"))
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(260)
        glass = QAction(self.search)
        icons.put(glass, "search", Tone.MUTED, 16)
        self.search.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.list.setModel(self.model)
        self.list.setItemDelegate(CardDelegate(theme, self.list))
        self.list.setAccessibleName(self.tr("Cards"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._count = label("", "muted")
        left, right = Card(margin=SPACE_S), Card(margin=2)
        left.body.addWidget(self.list)
        right.body.addWidget(self.view)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setHandleWidth(SPACE_L)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(left)
        self._splitter.addWidget(right)
        self._splitter.setStretchFactor(1, 1)
        left.setMinimumWidth(240)
        self._splitter.setSizes([320, 720])
        state = self._services.memory.state("library/splitter")
        if state is not None:
            self._splitter.restoreState(state)
        go = button(self.tr("Go to Batch"), "primary")
        go.clicked.connect(lambda _checked=False: self._services.desk.open_panel.emit("batch"))
        empty = EmptyState(
            theme,
            icons,
            "images",
            title=self.tr("No cards yet"),
            text=self.tr("Every finished card is kept here with its picture, its book and its files."),
            act=go,
        )
        self._pages = QStackedWidget()
        self._pages.addWidget(empty)
        self._pages.addWidget(self._splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE_M)
        layout.addLayout(row(label(self.tr("Library"), "heading"), self._count, None, self.search))
        layout.addWidget(self._pages, 1)

    async def _load(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        cards = await self._services.cache.read(Topic(Kind.CARD, "list"), lambda ws: ws.library.cards())
        shown = self.view.card.summary.id if self.view.card is not None else ""
        self.model.replace(cards)
        self._pages.setCurrentIndex(1 if cards else 0)
        if cards and self.isVisible() and not self.search.hasFocus():
            self.list.setFocus()
        self.search.setVisible(bool(cards))
        self._count.setText(self.tr("%n card(s)", None, len(cards)) if cards else "")
        self._wanted = self._wanted or shown or (cards[0].id if cards else "")
        self._select_wanted()

    def _select_wanted(self) -> None:
        at = self.model.row_of(self._wanted) if self._wanted else None
        if at is not None:
            self._wanted = ""
            index = self.model.index(at)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    @Slot(str)
    def _narrow(self, needle: str) -> None:
        shown = self.view.card.summary.id if self.view.card is not None else ""
        self.model.narrow(needle)
        at = self.model.row_of(shown)
        if at is None and self.model.rowCount():
            at = 0
        if at is not None:
            self.list.setCurrentIndex(self.model.index(at))

    @Slot(QModelIndex, QModelIndex)
    def _choose(self, index: QModelIndex, _before: QModelIndex) -> None:
        summary: CardSummary | None = index.data(CardRole.SUMMARY) if index.isValid() else None
        if summary is not None:
            self._services.background.start(self._show(summary.id))

    async def _show(self, card_id: str) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        stored, avatar = await self._services.cache.read(
            Topic(Kind.CARD, "whole", card_id), lambda ws: _whole(ws, card_id)
        )
        current = self.list.currentIndex().data(CardRole.SUMMARY)
        known = self.view.card
        if current is None or current.id != card_id or (known is not None and known == stored):
            return
        self.view.show_card(stored, avatar)
        self._refresh_actions()

    def _refresh_actions(self) -> None:
        card = self.view.card
        self._services.actions["card.copy_text"].setEnabled(card is not None)
        self._services.actions["card.folder"].setEnabled(card is not None and bool(card.summary.files))

    @Slot(str)
    def _load_picture(self, card_id: str) -> None:
        self._services.background.start(self._picture(card_id))

    async def _picture(self, card_id: str) -> None:
        image = await self._services.background.call(
            lambda ws: QImage.fromData(ws.library.thumbnail(card_id, _THUMBNAIL))
        )
        self.model.set_picture(card_id, image)

    @Slot(str)
    def _say_copied(self, what: str) -> None:
        text = self.tr("Copied: %1").replace("%1", what)
        self._services.desk.notice.emit(Notice(text, "ok", lasting=False))

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if ids_of(Kind.CARD, changes) is not None:
            self._reader.ask()


def _whole(workspace: Workspace, card_id: str) -> tuple[StoredCard, QImage]:
    stored = workspace.library.card(card_id)
    return stored, QImage.fromData(stored.avatar)
