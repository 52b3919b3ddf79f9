"""What a profile is tried on: the source and the engine, one choice for the prompt and for trying."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.core_events import ids_of

if TYPE_CHECKING:
    from cardforge_desktop.batches.trials import KnownSource, Trial
    from cardforge_desktop.events import Changed
    from cardforge_desktop.sources.model import SourceText
    from cardforge_desktop.ui.profiles.editor.open_profile import OpenProfile
    from cardforge_desktop.ui.services import Services
    from cardforge_desktop.workspace import Workspace

#: Key of a source that is none of those known by name: a file, or a pasted text.
OWN = "own"
_REMEMBERED = "profiles/trial_source"


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen.

    Attributes:
        engines: (name, as screens name it).
    """

    sources: tuple[KnownSource, ...]
    engines: tuple[tuple[str, str], ...]


class TrialChoice(QObject):
    """Holds the choice. Lives on the window's thread.

    Signals:
        listed(): what can be chosen is known, or is something else now.
        changed(): another source or engine is chosen.
        failed(str): why a source can't be read; the one before stays chosen.
    """

    listed = Signal()
    changed = Signal()
    failed = Signal(str)

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self.choices = Choices((), ())
        self.key = ""
        self.engine = ""
        self._source: SourceText | None = None
        self._asked = 0
        services.events.changed.connect(self._on_changed)

    @property
    def source(self) -> SourceText | None:
        """The text that is chosen, None before one is read."""
        return self._source

    @property
    def is_reading(self) -> bool:
        """Whether a source is on its way."""
        return self._asked > 0

    def trial(self, session: OpenProfile) -> Trial | None:
        """What would be tried now; None while there is no profile or no source."""
        from cardforge_desktop.batches.trials import Trial

        if self._source is None or not session.is_open:
            return None
        profile = session.profile
        return Trial(
            session.content, self._source, self.engine, profile.id, profile.version, session.is_dirty
        )

    @Slot()
    def refresh(self) -> None:
        """Look what can be chosen; the first time, choose what was chosen last."""
        self._services.background.start(self._list())

    def choose(self, key: str) -> None:
        """Choose a source by its key."""
        if key in ("", OWN, self.key):
            return
        if key.startswith("example:"):
            self._services.memory.keep(_REMEMBERED, key)
        self._begin(key, lambda ws: ws.trials.load(key))

    def open_file(self, path: Path) -> None:
        """Choose a file."""
        self._begin(OWN, lambda ws: ws.trials.read(path))

    def paste(self, text: str) -> None:
        """Choose a text, named by its first words."""
        first = text.strip().partition("\n")[0].strip("# \t")[:40]
        name = first or self.tr("Pasted text")
        self._begin(OWN, lambda ws: ws.trials.pasted(name, text))

    def choose_engine(self, name: str) -> None:
        """Choose an engine, "" = the profile's own, or the one chosen in the app."""
        if name != self.engine:
            self.engine = name
            self.changed.emit()

    def _begin(self, key: str, read: Callable[[Workspace], SourceText]) -> None:
        self._asked += 1
        self._services.background.start(self._read(key, read, self._asked))

    async def _read(self, key: str, read: Callable[[Workspace], SourceText], number: int) -> None:
        """Read a source; one that was asked for later wins."""
        try:
            found = await self._services.background.call(read)
        except CardForgeError as error:
            if shiboken6.isValid(self) and number == self._asked:
                self._asked = 0
                self.failed.emit(error.message)
                self.listed.emit()  # the picker shows what is still chosen
            return
        if shiboken6.isValid(self) and number == self._asked:
            self._asked = 0
            self.key, self._source = key, found
            self.changed.emit()

    async def _list(self) -> None:
        found = await self._services.background.call(_choices)
        if not shiboken6.isValid(self):
            return
        self.choices = found
        if self.engine and all(self.engine != name for name, _ in found.engines):
            self.engine = ""
            self.changed.emit()
        self.listed.emit()
        if self._source is None and not self.is_reading and found.sources:
            last = self._services.memory.text(_REMEMBERED)
            known = [source.key for source in found.sources]
            self.choose(last if last in known else known[0])

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if self.choices.engines and ids_of(Kind.CONNECTION, changes) is not None:
            self.refresh()
        if ids_of(Kind.SETTING, changes) is not None:
            self.changed.emit()  # the engine of the app, or its model, may be another one


def _choices(workspace: Workspace) -> Choices:
    names = [known.name for known in workspace.engines.connections()]
    engines = tuple((name, workspace.engines.label(name)) for name in names)
    return Choices(workspace.trials.sources(), engines)
