"""Finds and reads the sources of a batch that is put together, off the window's thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.batch.builder.source_model import Entry, SourceModel
from cardforge_desktop.ui.services import Services

if TYPE_CHECKING:
    from cardforge_desktop.batches.finding import NewSource
    from cardforge_desktop.batches.preparing import ReadSource
    from cardforge_desktop.workspace import Workspace

#: Sources are read for so long before the rows are shown anew.
_SECONDS = 0.15
#: Sources of one go at most.
_MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """What files and folders hold.

    Attributes:
        new: sources that are neither in the queue nor in the batch.
        known: those that are.
        notes: sentences about files that were passed over.
    """

    new: tuple[NewSource, ...]
    known: tuple[NewSource, ...]
    notes: tuple[str, ...] = ()


def find_new(workspace: Workspace, paths: Sequence[Path], here: frozenset[Path] = frozenset()) -> Found:
    """Tell sources that are in the queue already (or `here`) from those that are not. Slow.

    A file that is named twice counts once.
    """
    notes: list[str] = []
    found = {source.path: source for source in workspace.preparing.find(paths, notes.append)}
    there = set(workspace.drafts.known([path for path in found if path is not None])) | here
    new = tuple(source for path, source in found.items() if path not in there)
    known = tuple(source for path, source in found.items() if path in there)
    return Found(new, known, tuple(notes))


class Reading(QObject):
    """Reads what is unread in the model, again when more comes; ends with `stop`.

    Signals:
        ended(): everything is read; the model tells of each step.
    """

    ended = Signal()

    def __init__(self, services: Services, model: SourceModel, parent: QObject) -> None:
        super().__init__(parent)
        self._services, self._model = services, model
        self._engine = ""
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def under_way(self) -> bool:
        """Whether there is something left to read."""
        return self._task is not None

    def go_on(self, engine: str) -> None:
        """Read what is unread; tokens are counted as this engine's model does."""
        self._engine = engine
        if self._task is None and not self._stopped and self._engine and self._unread():
            self._task = self._services.background.start(self._read())

    def stop(self) -> None:
        """Read no more: the dialog closes."""
        self._stopped = True

    def _unread(self) -> list[Entry]:
        return [entry for entry in self._model.entries() if entry.is_unread][:_MOST]

    async def _read(self) -> None:
        try:
            while not self._stopped and (unread := self._unread()):
                sources = tuple(entry.source for entry in unread)
                read = await self._services.background.call(partial(_read_some, sources, self._engine))
                for entry, result in zip(unread, read, strict=False):
                    _take(entry, result)
                if not self._stopped:
                    self._model.tell()
        finally:
            self._task = None
        if not self._stopped:
            self.ended.emit()


def _read_some(
    sources: Sequence[NewSource], engine: str, workspace: Workspace
) -> list[ReadSource | CardForgeError]:
    """As many of the sources as can be read in a moment, at least one."""
    until = time.monotonic() + _SECONDS
    read: list[ReadSource | CardForgeError] = []
    for source in sources:
        try:
            read.append(workspace.preparing.read(source, engine))
        except CardForgeError as error:
            read.append(error)
        if time.monotonic() > until:
            break
    return read


def _take(entry: Entry, result: ReadSource | CardForgeError) -> None:
    if isinstance(result, CardForgeError):
        entry.error = result.message.removeprefix(f"{entry.source.name}: ")
    else:
        entry.source, entry.tokens, entry.exact = result.source, result.tokens, result.exact
        entry.warnings = result.warnings
