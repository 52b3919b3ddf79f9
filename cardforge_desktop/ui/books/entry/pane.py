"""The pane that shows the selected entry and stores what is written into it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from cardforge_desktop.books.entry_fields import FIELDS
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.books.entry.draft import EntryDraft
from cardforge_desktop.ui.books.entry.form import EntryForm
from cardforge_desktop.ui.books.entry.key_watch import KeyWatch
from cardforge_desktop.ui.books.entry.several import SeveralSelected
from cardforge_desktop.ui.books.entry.trouble_bar import TroubleBar
from cardforge_desktop.ui.books.entry.undecided import had_back, kept_beside
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.theme import SPACE_S
from cardforge_desktop.ui.widgets.empty_state import EmptyState
from cardforge_desktop.ui.widgets.field_bench import FieldBench
from cardforge_desktop.ui.widgets.focus_order import move_focus

if TYPE_CHECKING:
    from cardforge_desktop.books.keys import KeyStanding
    from cardforge_desktop.books.model import Entry
    from cardforge_desktop.ui.books.session import BookSession
    from cardforge_desktop.ui.services import Services

#: Entries are read at most so often while somebody goes through a list, or the store changes.
_READ_MS, _LOOK_MS = 60, 40
#: Pixels; two fields stand side by side.
_NARROWEST = 270


@dataclass(frozen=True, slots=True)
class _Target:
    """A field to go to when its entry is shown."""

    entry_id: str
    field: str
    select: bool = False
    takes_focus: bool = True


class EntryPane(QWidget):
    """Follows the selection of a session. It reads only while it is in sight.

    Signals:
        opened(str): the entry with this id is shown, "" for none.
    """

    opened = Signal(str)

    def __init__(self, services: Services, session: BookSession) -> None:
        super().__init__()
        self._services, self._session = services, session
        self._bench = FieldBench(services, self)
        self._draft: EntryDraft | None = None
        self._unsettled: dict[str, EntryDraft] = {}
        self._wanted = ""
        self._went = False
        self._target: _Target | None = None
        self._make_pages()
        self._watch = KeyWatch(services, session, self)
        self._watch.found.connect(self._on_keys)
        self._reader = Paced(services.background, _READ_MS, self._read)
        self._looker = Paced(services.background, _LOOK_MS, self._look)
        session.opened.connect(self._follow)
        session.selected.connect(self._follow)
        session.entries_changed.connect(self._on_entries)
        session.went.connect(self._on_went)
        session.flushing.connect(self.flush)
        self.setMinimumWidth(_NARROWEST)
        self._follow()

    @property
    def draft(self) -> EntryDraft | None:
        """What is shown and written."""
        return self._draft

    @Slot()
    def flush(self) -> None:
        """Have all stored that is written, also what was not ended with Enter."""
        self.form.settle()
        if self._draft is not None:
            self._draft.flush()

    def go_to(self, name: str) -> None:
        """Bring a field of the shown entry into sight, with the focus in it."""
        self.form.go_to(name)

    def begin(self, entry_id: str, name: str, *, select: bool = False) -> None:
        """Go to a field as soon as this entry is shown, with all of it selected where `select` says so."""
        self._target = _Target(entry_id, name, select=select)
        self._go_to_target()

    def cut(self) -> tuple[str, int, int] | None:
        """The shown entry, and what is selected in its content, or where the cursor is in it.

        None where that would cut nothing off. What is written is on its way to the store.
        """
        start, end = self.form.content.field.chosen
        text = self.form.content.field.text
        if self._draft is None or not (text[:start].strip() or text[end:].strip()):
            return None
        if start == end and not (text[:start].strip() and text[end:].strip()):
            return None
        self.flush()
        return self._draft.id, start, end

    def showEvent(self, event: QShowEvent) -> None:
        """What was selected meanwhile is read now."""
        super().showEvent(event)
        self._follow()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is written is stored, also when the window closes."""
        super().hideEvent(event)
        self.flush()

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab goes as the eye goes, through parts that were made late too."""
        return move_focus(self, forward=next) or super().focusNextPrevChild(next)

    def _make_pages(self) -> None:
        services = self._services
        self.form = EntryForm(self._bench, self._session)
        self.bar = TroubleBar(services.icons)
        self._page = QWidget()
        self._page.setProperty("role", "page")
        page = QVBoxLayout(self._page)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(SPACE_S)
        page.addWidget(self.bar)
        page.addWidget(self.form, 1)
        self.nothing = EmptyState(
            services.theme,
            services.icons,
            "pen-line",
            title=self.tr("No entry selected"),
            text=self.tr("Select an entry of the book to read and change it here."),
        )
        self.several = SeveralSelected(services)
        self._pages = QStackedWidget()
        for part in (self.nothing, self.several, self._page):
            self._pages.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._pages)
        self.form.written.connect(self._on_written)
        self.bar.mine_wanted.connect(self._keep_mine)
        self.bar.theirs_wanted.connect(self._show_theirs)

    # Which entry

    @Slot()
    def _follow(self) -> None:
        """To what is selected; what was written in the entry before is stored first."""
        self.flush()
        ids = self._session.selection
        self._wanted = ids[0] if len(ids) == 1 else ""
        if self._wanted:
            if self.isVisible() and (self._draft is None or self._draft.id != self._wanted):
                self._reader.ask()
            return
        self._open(None)
        if len(ids) > 1:
            self.several.show_count(len(ids))
        self._pages.setCurrentWidget(self.several if len(ids) > 1 else self.nothing)

    async def _read(self) -> None:
        wanted = self._wanted
        if not wanted or (self._draft is not None and self._draft.id == wanted):
            return
        try:
            stored = await self._services.background.call(lambda ws: ws.books.entry(wanted))
        except CardForgeError:  # it is gone meanwhile, which the list shows
            return
        if shiboken6.isValid(self) and wanted == self._wanted:
            self._open(self._unsettled.pop(wanted, None) or EntryDraft(self._session, stored, self))

    def _open(self, draft: EntryDraft | None) -> None:
        self._leave()
        self._draft, self._went = draft, False
        if draft is None:
            self._watch.forget()
        else:
            draft.changed.connect(self._on_changed)
            draft.edited.connect(self._on_edited)
            draft.troubled.connect(self._on_trouble)
            self.form.keys.show_standings({})
            self.form.show_entry(draft.entry)
            self._watch.ask(draft.id, draft.entry.keys)
            self._pages.setCurrentWidget(self._page)
        self._on_trouble()
        self._go_to_target()
        self.opened.emit(draft.id if draft is not None else "")

    def _leave(self) -> None:
        """Part from the shown entry; what of it the store does not have yet goes on without being shown."""
        self.flush()
        draft, self._draft = self._draft, None
        if draft is None:
            return
        for signal in (draft.changed, draft.edited, draft.troubled):
            signal.disconnect()
        if draft.is_settled:
            draft.deleteLater()
        else:
            self._unsettled[draft.id] = draft
            draft.settled.connect(lambda: self._settled(draft))
            draft.troubled.connect(lambda: self._tell_trouble(draft))

    def _settled(self, draft: EntryDraft) -> None:
        if self._unsettled.get(draft.id) is draft:
            del self._unsettled[draft.id]
            draft.deleteLater()

    def _tell_trouble(self, draft: EntryDraft) -> None:
        """An entry that is no longer shown could not be stored as it was written."""
        if draft.trouble is None or self._unsettled.get(draft.id) is not draft:
            return
        text = self.tr("What you wrote in “%1” is not stored: it was changed elsewhere meanwhile.")
        links: tuple[Link, ...] = (
            Link(self.tr("Keep mine"), draft.keep_mine),
            Link(self.tr("Keep theirs"), lambda: self._drop_mine(draft)),
            Link(self.tr("Show it"), lambda: self._session.wanted.emit(draft.id)),
        )
        if draft.trouble.kind == "gone":
            text = self.tr("What you wrote in “%1” is not stored: it was deleted elsewhere meanwhile.")
            links = (
                Link(self.tr("Bring it back with mine"), draft.keep_mine),
                Link(self.tr("Let it go"), lambda: self._drop_mine(draft)),
            )
        self._tell(text, draft, links)

    def _tell(self, text: str, draft: EntryDraft, links: tuple[Link, ...]) -> None:
        title = FIELDS["title"].read(draft.entry) or self.tr("an entry without a title")
        self._services.desk.notice.emit(Notice(text.replace("%1", title, 1), "warn", links=links))

    def _drop_mine(self, draft: EntryDraft) -> None:
        """What somebody else wrote stays; what was written here can still be had back."""
        stored, written = draft.stored, draft.written
        draft.show_theirs()
        if written:
            plan = had_back(stored, written, self.tr("Have back what was let go"))
            links = (Link(self.tr("Have it back"), lambda: self._session.plan(plan)),)
            self._tell(self.tr("What you wrote in “%1” was let go."), draft, links)

    def keep_undecided(self) -> None:
        """The app closes: what is in the way of somebody else's change is kept as an entry beside it."""
        for draft in self._drafts():
            if draft.trouble is not None and draft.trouble.kind != "failed":
                title = self.tr("%1 (what you wrote)").replace("%1", FIELDS["title"].read(draft.entry))
                text = self.tr("Keep what was written")
                self._session.plan(kept_beside(draft.stored, draft.entry, title, text))

    # What is written

    @Slot(str, object, bool)
    def _on_written(self, name: str, value: Any, letters: bool) -> None:
        if self._draft is not None:
            self._draft.write(name, value, typed=letters)

    @Slot()
    def _on_edited(self) -> None:
        draft = self._draft
        if draft is not None:
            self._went = False
            self.form.note(draft.entry)
            self._watch.ask(draft.id, draft.entry.keys)

    @Slot(object)
    def _on_changed(self, names: frozenset[str]) -> None:
        draft = self._draft
        if draft is None:
            return
        self.form.show_fields(draft.entry, names)
        if "keys" in names:
            self._watch.ask(draft.id, draft.entry.keys)
        if self._went:
            self._went = False
            self.form.go_to(_first(names), focus=self._has_focus())

    @Slot()
    def _on_trouble(self) -> None:
        self.bar.show_trouble(self._draft.trouble if self._draft is not None else None)

    @Slot()
    def _keep_mine(self) -> None:
        if self._draft is not None:
            self._draft.keep_mine()

    @Slot()
    def _show_theirs(self) -> None:
        if self._draft is not None:
            self._drop_mine(self._draft)

    @Slot(object)
    def _on_keys(self, found: tuple[str, dict[str, KeyStanding]]) -> None:
        if self._draft is not None and self._draft.id == found[0]:
            self.form.keys.show_standings(found[1])

    # What the store says

    @Slot(object)
    def _on_entries(self, ids: frozenset[str]) -> None:
        drafts = {draft.id for draft in self._drafts()}
        if drafts and (not ids or ids & drafts):
            self._looker.ask()

    @Slot(object, object)
    def _on_went(self, ids: tuple[str, ...], names: frozenset[str]) -> None:
        self._went = not names and self._draft is not None and self._draft.id in ids
        if names:
            self._target = _Target(ids[0], _first(names), takes_focus=self._has_focus())
            self._go_to_target()

    def _go_to_target(self) -> None:
        target = self._target
        if target is None or self._draft is None or self._draft.id != target.entry_id:
            return
        self._target = None
        self.form.go_to(target.field, focus=target.takes_focus)
        if target.select and isinstance(control := self.focusWidget(), QLineEdit):
            control.selectAll()

    def _has_focus(self) -> bool:
        return self.isAncestorOf(self.window().focusWidget() or self)  # its own is where the focus once was

    def _drafts(self) -> list[EntryDraft]:
        shown = [self._draft] if self._draft is not None else []
        return [*shown, *self._unsettled.values()]

    async def _look(self) -> None:
        ids = [draft.id for draft in self._drafts()]
        found = await self._services.background.call(lambda ws: ws.books.some_entries(ids))
        if not shiboken6.isValid(self):
            return
        stored: dict[str, Entry] = {entry.id: entry for entry in found}
        for draft in self._drafts():
            if draft.id in ids:
                draft.refresh(stored.get(draft.id))
                if draft is self._draft and draft.id not in stored and draft.is_settled:
                    self._open(None)
                    self._pages.setCurrentWidget(self.nothing)


def _first(names: frozenset[str]) -> str:
    """The field that is seen first; the extensions hold most of the others."""
    return min(names, key=lambda name: (name == "extensions", list(FIELDS).index(name)))
