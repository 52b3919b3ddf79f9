"""One card under edit: its states, and how the newest of them gets into the library and stays there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cardforge_desktop.cards.field_paths import with_value
from cardforge_desktop.cards.package import CardPackage, with_picture
from cardforge_desktop.cards.revisions import EDITED
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.edit_history import EditHistory, State
from cardforge_desktop.ui.edit_status import Status
from cardforge_desktop.ui.library.editor import saving
from cardforge_desktop.ui.library.editor.sheet import Sheet

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import Card
    from cardforge_desktop.cards.service import CardSummary, StoredCard
    from cardforge_desktop.events import Changed
    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.ui.core_events import CoreEvents

#: What is typed is saved this long after the first change; of a kill no more than that is lost.
AUTOSAVE_MS = 1_500
_LOOK_MS = 100


class CardSession(QObject):
    """Holds the card that is edited, and saves it. Lives on the window's thread; no widgets here.

    Signals:
        opened(): another card is there, or it can't be read (`status`).
        changed(str): path of the field that changed, "" for several.
        went(str): undo or redo changed the field at this path: show it.
        status_changed(): `status` or what the library says of the card.
        replaced_elsewhere(): somebody else's version was taken over, as nothing was unsaved.
    """

    opened = Signal()
    changed = Signal(str)
    went = Signal(str)
    status_changed = Signal()
    replaced_elsewhere = Signal()

    def __init__(self, background: Background, events: CoreEvents) -> None:
        super().__init__(background)
        self._background = background
        self._sheet: Sheet | None = None
        self._wanted = ""
        self._failure: Exception | None = None
        self._left: list[Sheet] = []  # being saved, though no longer open
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(AUTOSAVE_MS)
        self._timer.timeout.connect(self.save)
        self._look = Paced(background, _LOOK_MS, self._look_again)
        events.changed.connect(self._on_changed)

    @property
    def card_id(self) -> str:
        """Id of the card that is open or being opened, "" for none."""
        return self._wanted

    @property
    def is_open(self) -> bool:
        """Whether there is a card to edit."""
        return self._sheet is not None

    @property
    def package(self) -> CardPackage:
        """The card as it stands in the editor. Only while `is_open`."""
        return self._open.history.value

    @property
    def card(self) -> Card:
        """The card in `package`."""
        return self.package.card

    @property
    def summary(self) -> CardSummary:
        """What the library says of the card. Only while `is_open`."""
        return self._open.summary

    @property
    def saved_at(self) -> datetime:
        """When the card was last saved. Only while `is_open`."""
        return self._open.saved_at

    @property
    def error(self) -> Exception | None:
        """Why the card could not be read or saved."""
        return self._failure if self._sheet is None else self._sheet.error

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._sheet is not None and self._sheet.history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._sheet is not None and self._sheet.history.can_redo

    @property
    def status(self) -> Status:
        """How the card stands to the library."""
        if self._sheet is None:
            return Status.MISSING if self._failure is not None else Status.LOADING
        return self._sheet.status

    def open(self, card_id: str) -> None:
        """Read a card; the one before is saved first. `opened` tells when it is there."""
        if card_id == self._wanted and self._failure is None:
            return
        self.leave()
        self._wanted, self._failure = card_id, None
        self._background.start(self._read(card_id))
        self.status_changed.emit()

    def leave(self) -> None:
        """Save what is unsaved, whoever saved meanwhile; no card is open then. Closing waits for it."""
        self._timer.stop()
        sheet, self._sheet, self._wanted = self._sheet, None, ""
        if sheet is not None:
            sheet.is_left = True
            sheet.error = None
            self._begin_saving(sheet)
            if sheet.is_saving or sheet.may_save:
                self._left.append(sheet)

    def set(self, path: str, value: Any, *, typed: bool = False) -> None:
        """Put `value` at `path`; see `EditHistory.push` for `typed`."""
        self.edit(path, lambda card: with_value(card, path, value), typed=typed)

    def edit(self, path: str, change: Callable[[Card], Card], *, typed: bool = False) -> None:
        """Change the card; nothing happens where `change` gives the same card back."""
        if self._sheet is not None and (card := change(self.card)) is not self.card:
            self.put(replace(self.package, card=card), path, typed=typed)

    def set_picture(self, picture: bytes) -> None:
        """Give the card another picture (a PNG), also where an asset carries the old one."""
        if self._sheet is not None:
            self.put(with_picture(self.package, picture), "picture")

    def put(self, package: CardPackage, path: str, *, typed: bool = False) -> None:
        """Make `package` the card, as one step of undo."""
        sheet = self._open
        sheet.history.push(package, path, time.monotonic(), typed=typed)
        sheet.error = None
        self._told(path)

    @Slot()
    def undo(self) -> None:
        """Take the last step back."""
        if self._sheet is not None:
            self._go(self._sheet.history.undo())

    @Slot()
    def redo(self) -> None:
        """Take the step again that was taken back."""
        if self._sheet is not None:
            self._go(self._sheet.history.redo())

    @Slot()
    def save(self) -> None:
        """Save now what is unsaved."""
        self._timer.stop()
        if self._sheet is not None:
            self._sheet.error = None
            self._begin_saving(self._sheet)

    def keep_mine(self) -> None:
        """In a conflict: save what is in the editor over what others saved; that stays in the history."""
        sheet = self._sheet
        if sheet is not None and sheet.theirs is not None:
            self._background.finish(self._settle(sheet, lambda: self._write(sheet, saving.keep_mine)))

    def load_theirs(self) -> None:
        """In a conflict: take what somebody else saved; what is in the editor stays in the history."""
        sheet = self._sheet
        if sheet is not None and sheet.theirs is not None:
            self._background.finish(self._settle(sheet, lambda: self._yield(sheet)))

    def bring_back(self) -> None:
        """Of a deleted card: have it in the library again, with what is in the editor."""
        sheet = self._sheet
        if sheet is not None and sheet.is_deleted:
            self._background.finish(self._settle(sheet, lambda: self._write(sheet, saving.bring_back)))

    def save_as_new(self) -> None:
        """Of a deleted card: have what is in the editor in the library as another card, and open that."""
        sheet = self._sheet
        if sheet is not None and sheet.is_deleted:
            self._background.finish(self._add(sheet))

    def restore(self, package: CardPackage) -> None:
        """Make an earlier version the card; it is a version of its own in the history."""
        if self._sheet is not None:
            self._sheet.reason = "restored"
            self.put(package, "")
            self.save()

    async def saved_to_the_end(self) -> None:
        """Wait until the library has what is in the editor, as far as it takes it now."""
        sheet = self._sheet
        if sheet is None:
            return
        self.save()
        if sheet.is_saving or sheet.may_save:
            await self._end_of_saving(sheet)

    @property
    def _open(self) -> Sheet:
        if self._sheet is None:
            raise LookupError("no card is open")
        return self._sheet

    async def _read(self, card_id: str) -> None:
        for sheet in [sheet for sheet in self._left if sheet.id == card_id]:
            await self._end_of_saving(sheet)
        try:
            stored = await self._background.call(lambda ws: ws.library.card(card_id))
        except Exception as error:
            if card_id == self._wanted:
                self._failure = error
                self.opened.emit()
                self.status_changed.emit()
            return
        if card_id == self._wanted and self._sheet is None:
            package = stored.package
            self._sheet = Sheet(
                *(card_id, EditHistory(package), package),
                *(stored.version, stored.summary, stored.summary.updated_at),
            )
            self.opened.emit()
            self.status_changed.emit()

    def _told(self, path: str) -> None:
        if not self._timer.isActive():  # not begun anew: who never pauses would never be saved
            self._timer.start()
        self.changed.emit(path)
        self.status_changed.emit()

    def _go(self, state: State[CardPackage] | None) -> None:
        if state is not None:
            self._told(state.field)
            self.went.emit(state.field)

    def _begin_saving(self, sheet: Sheet) -> None:
        if not sheet.is_saving and sheet.may_save:
            self._background.finish(self._save(sheet))

    @staticmethod
    async def _end_of_saving(sheet: Sheet) -> None:
        waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        sheet.waiting.append(waiting)
        await waiting

    async def _save(self, sheet: Sheet) -> None:
        """Save until the library has the newest state."""
        sheet.is_saving = True
        try:
            while sheet.may_save:
                self._tell(sheet)
                await self._save_once(sheet)
        finally:
            sheet.is_saving = False
            if sheet in self._left:
                self._left.remove(sheet)
            waiting, sheet.waiting = sheet.waiting, []
            for each in waiting:
                if not each.done():
                    each.set_result(None)
            self._tell(sheet)

    async def _save_once(self, sheet: Sheet) -> None:
        package, base, left = sheet.history.value, sheet.saved, sheet.is_left
        order = saving.Order(sheet.id, package, base, sheet.version, sheet.reason, overrules=left)
        try:
            outcome = await self._background.call(lambda ws: saving.save(ws.library, order))
        except Exception as error:
            sheet.error = error
            if sheet.is_left:
                raise
            return
        if isinstance(outcome, saving.Gone):
            sheet.is_deleted = True
        elif isinstance(outcome, saving.Theirs):
            sheet.theirs = outcome.stored
        elif outcome.joined:
            self._join(sheet, outcome, package)
        else:
            self._note(sheet, outcome.stored, package)

    def _join(self, sheet: Sheet, outcome: saving.Saved, package: CardPackage) -> None:
        """Show what somebody else changed beside what is written."""
        now, saved = sheet.history.value, outcome.put_into(package)
        if outcome.touches(now, package):
            sheet.theirs = outcome.stored
        else:
            self._put_into(sheet, saved if now is package else outcome.put_into(now), outcome.stored, saved)

    def _note(self, sheet: Sheet, stored: StoredCard, package: CardPackage) -> None:
        """The library has `package`, as `stored`."""
        sheet.saved, sheet.version, sheet.summary = package, stored.version, stored.summary
        sheet.saved_at = datetime.now(UTC)
        sheet.theirs, sheet.is_deleted, sheet.error = None, False, None
        sheet.reason = EDITED

    async def _settle(self, sheet: Sheet, way: Callable[[], Any]) -> None:
        """Go one way out of a conflict, then save what was written meanwhile."""
        if sheet.is_saving:
            return
        sheet.is_saving = True
        self._tell(sheet)
        try:
            await way()
        except Exception as error:
            sheet.error = error
        finally:
            sheet.is_saving = False
        await self._save(sheet)

    async def _yield(self, sheet: Sheet) -> None:
        package, card_id = sheet.history.value, sheet.id
        stored = await self._background.call(lambda ws: saving.load_theirs(ws.library, card_id, package))
        self._take(sheet, stored)

    async def _write(self, sheet: Sheet, way: Callable[..., StoredCard]) -> None:
        package, card_id = sheet.history.value, sheet.id
        stored = await self._background.call(lambda ws: way(ws.library, card_id, package))
        self._note(sheet, stored, package)

    async def _add(self, sheet: Sheet) -> None:
        package = sheet.history.value
        try:
            card_id = await self._background.call(lambda ws: saving.add_as_new(ws, package))
        except Exception as error:
            sheet.error = error
            self._tell(sheet)
            return
        if sheet is self._sheet:
            self._sheet = None  # what was written is in the new card
            self.open(card_id)

    def _take(self, sheet: Sheet, stored: StoredCard) -> None:
        """Show what the library has."""
        package = stored.package
        self._put_into(sheet, package, stored, package)

    def _put_into(self, sheet: Sheet, now: CardPackage, stored: StoredCard, saved: CardPackage) -> None:
        """Another state, as a step that can be undone; the library has `saved`, as `stored`."""
        sheet.history.push(now, "", time.monotonic())
        self._note(sheet, stored, saved)
        if sheet is self._sheet:
            self.changed.emit("")
            self.status_changed.emit()

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        ids = ids_of(Kind.CARD, changes)
        if self._sheet is not None and ids is not None and (not ids or self._sheet.id in ids):
            self._look.ask()

    async def _look_again(self) -> None:
        """Somebody changed the card, or its files: see what it is now."""
        sheet = self._sheet
        if sheet is None or sheet.is_saving:
            return
        found = await self._background.call(lambda ws: saving.look(ws.library, sheet.id))
        if sheet is not self._sheet or sheet.is_saving:
            return
        was_deleted, sheet.is_deleted = sheet.is_deleted, found is None
        if found is not None and found.version > sheet.version:
            if sheet.is_dirty:
                self._begin_saving(sheet)  # beside theirs, or it is asked
            else:
                self._take(sheet, found)
                self.replaced_elsewhere.emit()
        elif found is not None:
            sheet.summary = found.summary
            if was_deleted:
                self._begin_saving(sheet)
        self._tell(sheet)

    def _tell(self, sheet: Sheet) -> None:
        if sheet is self._sheet:
            self.status_changed.emit()
