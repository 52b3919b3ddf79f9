"""Puts what is unsaved into the store, so that no crash reaches it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from cardforge_desktop.profiles.model import ProfileContent
    from cardforge_desktop.ui.background import Background
    from cardforge_desktop.workspace import Workspace

#: A store that was busy or full is tried again after this long.
_AGAIN_MS = 3_000


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What stands in the editor, and the version it was made from."""

    profile_id: str
    base_version: int
    content: ProfileContent


class Keeper(QObject):
    """Keeps, drops and sets aside one after the other; of one profile's states only the newest matters.

    Closing the app waits for it. What failed is tried again.

    Signals:
        kept(str): the store has what there is of this profile.
        failed(str, object): of this profile it has not, and why.
    """

    kept = Signal(str)
    failed = Signal(str, object)

    def __init__(self, background: Background) -> None:
        super().__init__(background)
        self._background = background
        self._wanted: dict[str, Unsaved | None] = {}  # None = nothing is unsaved any more
        self._aside: list[Unsaved] = []
        self._stored: set[str] = set()
        self._running = False
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._begin)

    def keep(self, unsaved: Unsaved) -> None:
        """In the place of what was kept of the profile before."""
        self._wanted[unsaved.profile_id] = unsaved
        self._begin()

    def drop(self, profile_id: str) -> None:
        """Nothing of the profile is unsaved any more."""
        if profile_id in self._stored or profile_id in self._wanted:
            self._wanted[profile_id] = None
            self._begin()

    def set_aside(self, unsaved: Unsaved) -> None:
        """Into the profile's history, for good."""
        self._aside.append(unsaved)
        self._begin()

    @Slot()
    def _begin(self) -> None:
        if not self._running:
            self._running = True
            self._background.finish(self._run())

    async def _run(self) -> None:
        try:
            while self._aside or self._wanted:
                profile_id, work, done = self._next()
                try:
                    await self._background.call(work)
                except Exception as error:
                    self._again.start()
                    self.failed.emit(profile_id, error)
                    return
                done()
                self.kept.emit(profile_id)
        finally:
            self._running = False

    def _next(self) -> tuple[str, Callable[[Workspace], object], Callable[[], object]]:
        """Whose turn it is, what to do, and what to note when it is done."""
        if self._aside:
            each = self._aside[0]
            return (
                each.profile_id,
                lambda ws: ws.unsaved_profiles.set_aside(each.profile_id, each.base_version, each.content),
                lambda: self._aside.remove(each),
            )
        profile_id, wanted = next(iter(self._wanted.items()))
        if wanted is None:
            work = _dropping(profile_id)
        else:
            self._stored.add(profile_id)
            work = _keeping(wanted)
        return profile_id, work, lambda: self._note(profile_id, wanted)

    def _note(self, profile_id: str, wanted: Unsaved | None) -> None:
        if self._wanted.get(profile_id) is wanted:
            self._wanted.pop(profile_id, None)
            if wanted is None:
                self._stored.discard(profile_id)


def _keeping(unsaved: Unsaved) -> Callable[[Workspace], object]:
    return lambda ws: ws.unsaved_profiles.keep(unsaved.profile_id, unsaved.base_version, unsaved.content)


def _dropping(profile_id: str) -> Callable[[Workspace], object]:
    return lambda ws: ws.unsaved_profiles.drop(profile_id)
