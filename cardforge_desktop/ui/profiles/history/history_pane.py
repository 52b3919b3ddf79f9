"""The history of a profile: what it was, what changed, what was set aside, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
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
from cardforge_desktop.ui.profiles.authors import author_text
from cardforge_desktop.ui.profiles.history import words
from cardforge_desktop.ui.profiles.history.history_model import EntryRole, HistoryModel
from cardforge_desktop.ui.profiles.history.reading import Compared, Entry, compare, read_history
from cardforge_desktop.ui.theme import SPACE_M, SPACE_S, SPACE_XS
from cardforge_desktop.ui.widgets.basics import Card, ElidedLabel, button, in_lines, label, row
from cardforge_desktop.ui.widgets.diff_view import DiffView
from cardforge_desktop.ui.widgets.history_rows import HistoryDelegate

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.profiles.editor.session import ProfileSession
    from cardforge_desktop.ui.services import Services

_PACE_MS = 200


class HistoryPane(QWidget):
    """Shows the versions of the profile that is edited, and what differs. What is not in sight is not read.

    An older state goes into the form as a step of undo; saving it makes a new version, by the same
    compare-and-set as every save.
    """

    def __init__(self, services: Services, session: ProfileSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self._shown_id = ""  # of the profile whose history is shown
        self._chosen = ""
        self._is_stale = True  # the list is to be read again
        self._compared: Compared | None = None
        self.model = HistoryModel(self)
        self.list = QListView()
        self.diff = DiffView(services.theme, services.icons, read_only=True)
        self.title = ElidedLabel("", "strong")
        self.facts = label("", "caption", wrap=True)
        self.error = label("", "error", wrap=True, selectable=True)
        self.note = label("", "caption", wrap=True)
        self._make_buttons()
        self._lay_out()
        self._paced = Paced(services.background, _PACE_MS, self._read)
        self._connect()
        self._show_nothing()

    @property
    def chosen(self) -> str:
        """Key of the entry that is looked at, "" = none."""
        return self._chosen

    def choose(self, key: str) -> None:
        """Look at an entry."""
        row_ = self.model.row_of(key)
        if row_ is not None:
            self.list.setCurrentIndex(self.model.index(row_))

    def showEvent(self, event: QShowEvent) -> None:
        """What changed meanwhile is read now."""
        super().showEvent(event)
        self._ask()

    # Making

    def _make_buttons(self) -> None:
        self.restore = button("")
        self.copy = button(
            self.tr("Save as a copy"), tip=self.tr("Make another profile of this; the form stays as it is")
        )
        self.cards = button("", "link", tip=self.tr("Show the cards of this profile in the library"))
        self.with_before = self._way(self.tr("Before"), self.tr("What this version changed"))
        self.with_form = self._way(self.tr("Form"), self.tr("What differs from what stands in the form"))
        self.with_before.setChecked(True)
        self._ways = QButtonGroup(self)
        for way in (self.with_before, self.with_form):
            self._ways.addButton(way)

    def _way(self, text: str, tip: str) -> QPushButton:
        made = button(text, "toggle", tip=tip, name=tip)
        made.setCheckable(True)
        return made

    def _lay_out(self) -> None:
        services = self._services
        self.list.setModel(self.model)
        self.list.setItemDelegate(HistoryDelegate(services.theme, services.icons, self.list, has_facts=True))
        self.list.setAccessibleName(self.tr("History of the profile, newest first"))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        entries = Card(margin=SPACE_XS)
        entries.body.addWidget(self.list)
        entries.setMinimumHeight(96)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setHandleWidth(SPACE_M)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(entries)
        self.splitter.addWidget(self._make_below())
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([230, 440])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def _make_below(self) -> QWidget:
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addWidget(self.cards, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(in_lines(self.restore, self.copy))
        compared = label(self.tr("Compared with"), "muted")
        column.addLayout(row(compared, self.with_before, self.with_form, None, spacing=SPACE_XS))
        for widget in (self.error, self.note):
            column.addWidget(widget)
        column.addWidget(self.diff, 1_000)
        column.addStretch(1)  # takes the room where there is no diff
        return below

    def _connect(self) -> None:
        session = self._session
        self.list.selectionModel().currentChanged.connect(self._on_current)
        self._ways.buttonClicked.connect(self._ask)
        self.restore.clicked.connect(self._put_into_form)
        self.copy.clicked.connect(self._save_copy)
        self.cards.clicked.connect(self._show_cards)
        session.opened.connect(self._on_opened)
        session.changed.connect(self._on_edited)
        session.status_changed.connect(self._refresh)
        self._services.events.changed.connect(self._on_changed)

    # Reading

    @Slot()
    def _ask(self) -> None:
        self._paced.ask()

    async def _read(self) -> None:
        """Read the list, and what differs; dropped where something else is wanted meanwhile."""
        session = self._session
        if not isValid(self) or not self.isVisible() or not session.is_open:
            return
        profile_id = session.profile_id
        try:
            if self._is_stale:
                self._is_stale = False
                entries = await self._services.background.call(lambda ws: read_history(ws, profile_id))
                if not isValid(self) or profile_id != session.profile_id:
                    return
                self._show_entries(profile_id, entries)
            await self._compare(profile_id)
        except CardForgeError as error:
            if isValid(self) and profile_id == session.profile_id:
                self._show_nothing()
                self._is_stale = True
                self.error.setText(error.message)
                self.error.show()

    async def _compare(self, profile_id: str) -> None:
        entry, with_form = self._entry, self.with_form.isChecked()
        if entry is None or not self._session.is_open:
            self._show_nothing()
            return
        form = self._session.content if with_form else None
        compared = await self._services.background.call(lambda ws: compare(ws, profile_id, entry, form))
        if not isValid(self):
            return
        if (profile_id, entry.key) == (
            self._shown_id,
            self._chosen,
        ) and with_form is self.with_form.isChecked():
            self._compared = compared
            self._show_entry(entry, compared)

    @property
    def _entry(self) -> Entry | None:
        entry: Entry | None = self.list.currentIndex().data(EntryRole.ENTRY)
        return entry

    # Showing

    def _show_entries(self, profile_id: str, entries: tuple[Entry, ...]) -> None:
        """Show the list; what was looked at stays so, else the newest is."""
        keys = [entry.key for entry in entries]
        if profile_id != self._shown_id or self._chosen not in keys:
            self._chosen = keys[0] if keys else ""
        self._shown_id = profile_id
        at = self.list.verticalScrollBar().value()
        self.model.replace(entries)
        row_ = self.model.row_of(self._chosen)
        if row_ is not None and self.list.currentIndex().row() != row_:
            self.list.setCurrentIndex(self.model.index(row_))
            self.list.verticalScrollBar().setValue(at)

    def _show_nothing(self) -> None:
        self._compared = None
        self.title.set_whole("")
        for widget in (self.facts, self.cards, self.error, self.note, self.diff, self.restore, self.copy):
            widget.hide()
        for each in (self.with_form, self.with_before):
            each.setEnabled(False)

    def _show_entry(self, entry: Entry, compared: Compared) -> None:
        is_draft = entry.draft is not None
        self.title.set_whole(words.title(entry))
        text = self.tr("%1, %2").replace("%2", formatting.ago(entry.at), 1)
        self.facts.setText(text.replace("%1", author_text(entry.by), 1))
        self.facts.setToolTip(formatting.moment(entry.at))
        self.facts.show()
        self.cards.setText(self.tr("%n card(s) were made with it", None, entry.cards))
        self.cards.setAccessibleName(self.cards.text())
        self.cards.setVisible(entry.cards > 0)
        self.error.hide()
        for each in (self.with_form, self.with_before):
            each.setEnabled(True)
        tip = self.tr("Put this version into the form; saving it makes it the newest. Undo takes it back.")
        if is_draft:
            tip = self.tr("Put what was set aside into the form. Undo takes it back.")
        self.restore.setText(self.tr("Put into the form") if is_draft else self.tr("Restore"))
        self.restore.setAccessibleName(self.restore.text())
        self.restore.setToolTip(tip)
        self.restore.setStatusTip(tip)
        self.restore.show()
        self.copy.show()
        self._show_diff(entry, compared)
        self._refresh()

    def _show_diff(self, entry: Entry, compared: Compared) -> None:
        if self.with_form.isChecked():
            self.diff.set_titles(self.tr("This version"), self.tr("The form"))
        elif entry.draft is not None:
            text = self.tr("Version %1").replace("%1", formatting.number(entry.before), 1)
            self.diff.set_titles(text, self.tr("Set aside"))
        else:
            self.diff.set_titles(self.tr("The one before"), self.tr("This version"))
        diff = compared.diff
        self.diff.setVisible(diff is not None and diff.sections > 0)
        self.diff.show_hunks(
            () if diff is None else diff.hunks, headings={} if diff is None else diff.headings
        )

    @Slot()
    def _refresh(self) -> None:
        """What can be done with it, and what there is to say of it."""
        compared, session = self._compared, self._session
        if compared is None or not session.is_open:
            return
        is_there = compared.content == session.content
        self.restore.setEnabled(not is_there)
        text = self._note(compared, is_there=is_there)
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _note(self, compared: Compared, *, is_there: bool) -> str:
        if is_there and self._session.is_dirty:
            return self.tr("This stands in the form now. Save it to make it the newest version.")
        if compared.diff is None:
            return self.tr("This is the first version: nothing came before it.")
        if is_there and self.with_form.isChecked():
            return self.tr("This is what stands in the form.")
        if not compared.diff.sections:
            return self.tr("Nothing differs.")
        if compared.diff.left_out:
            return self.tr("%n more field(s) not shown here.", None, compared.diff.left_out)
        return ""

    # What happens

    @Slot()
    def _put_into_form(self) -> None:
        entry = self._entry
        if self._compared is None or entry is None:
            return
        if entry.draft is None:
            self._session.restore(self._compared.content, entry.number)
        else:
            self._session.put(self._compared.content)

    @Slot()
    def _save_copy(self) -> None:
        if self._compared is not None:
            self._session.save_copy(self._compared.content)

    @Slot()
    def _show_cards(self) -> None:
        entry = self._entry
        if entry is not None:
            self._services.desk.open_made_with.emit(entry.name)

    @Slot()
    def _on_edited(self) -> None:
        """The form is another one: it matters where an entry is compared with it."""
        if self.with_form.isChecked():
            self._ask()
        self._refresh()

    @Slot()
    def _on_opened(self) -> None:
        self._is_stale = True
        if self._session.profile_id != self._shown_id:
            self._shown_id, self._chosen = "", ""
            self.model.replace(())
            self._show_nothing()
        self._ask()

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, index: QModelIndex, _before: QModelIndex) -> None:
        entry: Entry | None = index.data(EntryRole.ENTRY)
        if entry is not None and entry.key != self._chosen:
            self._chosen = entry.key
            self._ask()

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        ids = ids_of(Kind.PROFILE, changes)
        if (ids is not None and (not ids or self._shown_id in ids)) or ids_of(Kind.CARD, changes) is not None:
            self._is_stale = True
            self._ask()
