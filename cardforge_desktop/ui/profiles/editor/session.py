"""One profile under edit: its states, how they get into the store, and what others do to it meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, SignalInstance, Slot

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui.background import Paced
from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.edit_history import EditHistory, State
from cardforge_desktop.ui.profiles.editor import storing
from cardforge_desktop.ui.profiles.editor.keeping import Keeper, Unsaved
from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile
from cardforge_desktop.ui.profiles.editor.sheet import Sheet

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.profiles.model import Profile, ProfileContent
    from cardforge_desktop.profiles.unsaved import Draft
    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.ui.core_events import CoreEvents
    from cardforge_desktop.workspace import Workspace

#: What is typed is kept this long after the first change; of a kill no more than that is lost.
KEPT_AFTER_MS = 1_000
_LOOK_MS = 100


class ProfileSession(OpenProfile):
    """Holds the profile that is edited. Lives on the window's thread; no widgets here.

    Who leaves a profile with unsaved changes finds them again: they stay here, and in the store.
    """

    def __init__(self, background: Background, events: CoreEvents) -> None:
        super().__init__(background)
        self._background = background
        self._keeper = Keeper(background)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEPT_AFTER_MS)
        self._timer.timeout.connect(self.keep)
        self._look = Paced(background, _LOOK_MS, self._look_again)
        self._keeper.failed.connect(self._on_keep_failed)
        self._keeper.kept.connect(self._on_kept)
        events.changed.connect(self._on_changed)

    # Which one

    def open(self, profile_id: str) -> None:
        """Read a profile; unsaved changes of the one before are kept. `opened` tells when it is there."""
        if profile_id == self._wanted and self._failure is None:
            return
        self._leave()
        self._wanted, self._failure = profile_id, None
        self._sheet = self._left.pop(profile_id, None)
        if self._sheet is not None:
            self._sheet.is_deleted = False  # it may be back; the look tells
            self.opened.emit()
            self._look.ask()
        else:
            self._background.start(self._read(profile_id))
        self.status_changed.emit()

    def close(self) -> None:
        """Keep what is unsaved; no profile is open then. Closing the app waits for it."""
        self._leave()
        self._wanted, self._failure = "", None
        self.status_changed.emit()

    # Changing

    def set(self, path: str, value: Any, *, typed: bool = False) -> None:
        """Change one field; see `EditHistory.push` for `typed`.

        Raises:
            KeyError: there is no field of that path.
            pydantic.ValidationError: the value has a wrong type.
        """
        from cardforge_desktop.profiles.paths import with_value

        self.put(with_value(self.content, path, value), path, typed=typed)

    def put(self, content: ProfileContent, path: str = "", *, typed: bool = False) -> None:
        """Make `content` what stands in the editor, as one step of undo."""
        sheet = self._open
        if content != sheet.content:
            sheet.history.push(content, path, time.monotonic(), typed=typed)
            sheet.error = None
            self._told(path)

    def restore(self, content: ProfileContent, number: int) -> None:
        """Put an earlier version into the editor, as one step of undo; saved as it is, it says so."""
        self._open.restored = (number, content)
        self.put(content)

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

    # Into the store

    def save(self, reason: str = "saved") -> None:
        """Save what is unsaved on top of `profile`; `saved`, `conflict` or `failed` tells how it went."""
        sheet = self._sheet
        if sheet is None or not sheet.is_dirty:
            return
        if sheet.is_saving:
            sheet.saves_again = True
        else:
            self._begin_saving(sheet, sheet.content, sheet.profile, sheet.reason_for(reason))

    def save_over(
        self, content: ProfileContent, current: Profile, reason: str, *, gives_way: Unsaved | None = None
    ) -> None:
        """Save `content` on top of what somebody else saved, a step of undo; signals as `save`.

        Args:
            gives_way: what it takes the place of, which is put into the history with it.
        """
        sheet = self._open
        if not sheet.is_saving:
            self._begin_saving(sheet, content, current, reason, gives_way)

    def save_copy(self, content: ProfileContent) -> None:
        """Make another profile of `content`; `copied` or `failed` tells how it went."""
        self._background.finish(self._copy(content))

    def load(self, profile: Profile, *, undoable_from: ProfileContent | None = None) -> None:
        """Show another version and go on from it; undo brings `undoable_from` back."""
        sheet = self._open
        if undoable_from is None:
            sheet.history = EditHistory(profile.content)
        else:
            for content in (undoable_from, profile.content):
                if content != sheet.content:
                    sheet.history.push(content, "", time.monotonic())
        self._note(sheet, profile)
        self._told("")
        self._look.ask()  # it may be old news

    def set_aside(self, content: ProfileContent) -> None:
        """Put `content` into the profile's history for good: it gives way to another one."""
        sheet = self._open
        self._keeper.set_aside(Unsaved(sheet.id, sheet.profile.version, content))

    def bring_back(self, seen: Profile | None = None) -> None:
        """Of a deleted profile: have it again, with what stands in the editor; signals as `save`.

        Args:
            seen: the version that it may take the place of; None = `profile`, from which it was made.
        """
        sheet = self._sheet
        if sheet is not None and sheet.is_deleted and not sheet.is_saving:
            content, before = sheet.content, seen or sheet.profile
            self._begin(sheet, lambda ws: storing.bring_back(ws, content, before))

    def restore_lost(self) -> None:
        """Show what a process that died left unsaved: it is unsaved here, then."""
        sheet = self._sheet
        if sheet is not None and sheet.lost is not None:
            lost, sheet.lost = sheet.lost, None
            self._background.finish(self._restore(sheet, lost))

    def decline_lost(self) -> None:
        """Leave it in the history."""
        sheet = self._sheet
        if sheet is not None and sheet.lost is not None:
            lost, sheet.lost = sheet.lost, None
            self._background.finish(self._background.call(lambda ws: ws.unsaved_profiles.take_over(lost.id)))
            self.status_changed.emit()

    @Slot()
    def keep(self) -> None:
        """Put what is unsaved where no crash reaches it, now."""
        self._timer.stop()
        if self._sheet is not None:
            self._keep(self._sheet)

    # Inner

    def _leave(self) -> None:
        sheet = self._sheet
        if sheet is not None:
            self.keep()
            if sheet.is_dirty or sheet.is_saving:
                self._left[sheet.id] = sheet
        self._sheet = None

    def _keep(self, sheet: Sheet) -> None:
        if sheet.is_dirty:
            self._keeper.keep(Unsaved(sheet.id, sheet.profile.version, sheet.content))
        else:
            self._keeper.drop(sheet.id)

    async def _read(self, profile_id: str) -> None:
        try:
            found = await self._background.call(lambda ws: storing.find(ws, profile_id))
        except Exception as error:
            if profile_id == self._wanted and self._sheet is None:
                self._failure = error
                self.opened.emit()
                self.status_changed.emit()
            return
        if profile_id == self._wanted and self._sheet is None:
            history = EditHistory(found.profile.content)
            self._sheet = Sheet(found.profile, history, lost=found.lost)
            self.opened.emit()
            self.status_changed.emit()

    def _told(self, path: str) -> None:
        if not self.is_dirty:
            self.keep()
        elif not self._timer.isActive():  # not begun anew: who never pauses would never be safe
            self._timer.start()
        self.changed.emit(path)
        self.status_changed.emit()

    def _go(self, state: State[ProfileContent] | None) -> None:
        if state is not None:
            self._told(state.field)
            self.went.emit(state.field)

    def _begin_saving(
        self,
        sheet: Sheet,
        content: ProfileContent,
        before: Profile,
        reason: str,
        gives_way: Unsaved | None = None,
    ) -> None:
        aside = (gives_way.base_version, gives_way.content) if gives_way is not None else None
        self._begin(sheet, lambda ws: storing.save(ws, content, before, reason, aside))

    def _begin(self, sheet: Sheet, work: Callable[[Workspace], Profile]) -> None:
        sheet.is_saving, sheet.error = True, None
        self._tell(sheet)
        self._background.finish(self._save(sheet, sheet.content, work))

    async def _save(self, sheet: Sheet, shown: ProfileContent, work: Callable[[Workspace], Profile]) -> None:
        """Save by `work`, which was begun when `shown` stood in the editor, and tell how it went."""
        from cardforge_desktop.profiles.errors import ProfileConflict

        outcome: tuple[SignalInstance, object]
        try:
            profile = await self._background.call(work)
        except ProfileConflict as error:
            sheet.newer, sheet.is_deleted, outcome = error.current, False, (self.conflict, error)
        except Exception as error:
            sheet.error, outcome = error, (self.failed, error)
            sheet.is_deleted = sheet.is_deleted or _says(error, ErrorCode.PROFILE_DELETED)
        else:
            outcome = (self.saved, profile)
            self._show_saved(sheet, shown, profile)
        again, sheet.saves_again, sheet.is_saving = sheet.saves_again, False, False
        self._tell(sheet)
        if sheet is self._sheet:
            signal, told = outcome
            signal.emit(told)
            self._look.ask()
        if again and sheet.error is None and sheet.newer is None and sheet.is_dirty:
            self._begin_saving(sheet, sheet.content, sheet.profile, "saved")

    def _show_saved(self, sheet: Sheet, shown: ProfileContent, profile: Profile) -> None:
        """The store has `profile`: that stands here now, unless `shown` was written on while it was saved."""
        was = sheet.content
        self._note(sheet, profile)
        if was == shown != profile.content:
            sheet.history.push(profile.content, "", time.monotonic())
        self._keep(sheet)
        if sheet is self._sheet and was != sheet.content:
            self.changed.emit("")
        elif sheet is not self._sheet and not sheet.is_dirty:
            self._left.pop(sheet.id, None)

    @staticmethod
    def _note(sheet: Sheet, profile: Profile) -> None:
        sheet.profile, sheet.newer, sheet.error, sheet.is_deleted = profile, None, None, False

    async def _copy(self, content: ProfileContent) -> None:
        try:
            profile = await self._background.call(lambda ws: ws.profiles.copy(content))
        except Exception as error:
            self.failed.emit(error)
            return
        self.copied.emit(profile)

    async def _restore(self, sheet: Sheet, lost: Draft) -> None:
        mine = (sheet.profile.version, sheet.content) if sheet.is_dirty else None
        try:
            found = await self._background.call(lambda ws: storing.restore(ws, lost, mine))
        except Exception as error:
            sheet.lost = lost
            self.failed.emit(error)
            self._tell(sheet)
            return
        self._note(sheet, found.base)
        sheet.newer = found.newest if found.newest != found.base else None
        sheet.history.push(lost.content, "", time.monotonic())
        self._keep(sheet)
        if sheet is self._sheet:
            self._told("")
        else:
            self._left[sheet.id] = sheet

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        ids = ids_of(Kind.PROFILE, changes)
        if self._sheet is not None and ids is not None and (not ids or self._sheet.id in ids):
            self._look.ask()

    async def _look_again(self) -> None:
        """Somebody changed the profile: see what it is now. A save under way looks by itself at its end."""
        sheet = self._sheet
        if sheet is None or sheet.is_saving:
            return
        before = sheet.profile
        found = await self._background.call(lambda ws: storing.look(ws, sheet.id))
        if sheet is not self._sheet or sheet.is_saving:
            return
        if sheet.profile is not before:  # saved or loaded meanwhile: what was found may be older
            self._look.ask()
            return
        sheet.is_deleted = found is None
        if found is not None and found not in (sheet.profile, sheet.newer):
            self._take(sheet, found)
        self._tell(sheet)

    def _take(self, sheet: Sheet, found: Profile) -> None:
        """Show what somebody else saved, as a step of undo; only note it where something is unsaved."""
        if sheet.is_dirty and found.content != sheet.content:
            sheet.newer = found
        else:
            self._note(sheet, found)
            if found.content != sheet.content:
                sheet.history.push(found.content, "", time.monotonic())
                self.changed.emit("")
        self.saved_elsewhere.emit(found)

    @Slot(str)
    def _on_kept(self, profile_id: str) -> None:
        self._note_keeping(profile_id, None)

    @Slot(str, object)
    def _on_keep_failed(self, profile_id: str, error: Exception) -> None:
        self._note_keeping(profile_id, error)

    def _note_keeping(self, profile_id: str, error: Exception | None) -> None:
        for sheet in (self._sheet, self._left.get(profile_id)):
            if sheet is not None and sheet.id == profile_id and sheet.keep_error != error:
                sheet.keep_error = error
                self._tell(sheet)

    def _tell(self, sheet: Sheet) -> None:
        if sheet is self._sheet:
            self.status_changed.emit()


def _says(error: Exception, code: ErrorCode) -> bool:
    return isinstance(error, CardForgeError) and error.code == code
