"""What can be chosen for a draft: the engines and profiles there are, and what each profile says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal, Slot

from cardforge_desktop.ui.core_events import ids_of
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.widgets.picker import Choice

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed
    from cardforge_desktop.workspace import Workspace


class Choices(QObject):
    """Reads them, and again when they change.

    Attributes:
        engines, profiles: for pickers.
        books: profile → whether it writes a character book.
        patterns: profile → its naming pattern.
        fields: profile → the fields of a card to update it asks for, the book among them.
        shared: id and name of each book that cards can share.

    Signals:
        changed(): they are others now.
    """

    changed = Signal()

    def __init__(self, services: Services, parent: QObject) -> None:
        super().__init__(parent)
        self._services = services
        self.engines: tuple[Choice, ...] = ()
        self.profiles: tuple[Choice, ...] = ()
        self.books: dict[str, bool] = {}
        self.patterns: dict[str, str] = {}
        self.fields: dict[str, tuple[str, ...]] = {}
        self.shared: tuple[tuple[str, str], ...] = ()
        services.events.changed.connect(self._on_changed)
        services.background.start(self._read())

    @Slot(object)
    def _on_changed(self, changes: tuple[Changed, ...]) -> None:
        from cardforge_desktop.events import Kind

        if any(ids_of(kind, changes) is not None for kind in (Kind.CONNECTION, Kind.PROFILE, Kind.BOOK)):
            self._services.background.start(self._read())

    async def _read(self) -> None:
        from cardforge_desktop.events import Kind
        from cardforge_desktop.ui.cache import Topic

        cache = self._services.cache
        engines = await cache.read(
            Topic(Kind.CONNECTION, "labels"),
            lambda ws: tuple((each.name, ws.engines.label(each.name)) for each in ws.engines.connections()),
        )
        said = await cache.read(Topic(Kind.PROFILE, "wishes"), _what_profiles_say)
        self.shared = await cache.read(Topic(Kind.BOOK, "standing"), lambda ws: ws.books.standing())
        self.engines = tuple(Choice(name, text) for name, text in engines)
        self.profiles, self.books, self.patterns, self.fields = said
        self.changed.emit()


class _Said(NamedTuple):
    profiles: tuple[Choice, ...]
    books: dict[str, bool]
    patterns: dict[str, str]
    fields: dict[str, tuple[str, ...]]


def _what_profiles_say(workspace: Workspace) -> _Said:
    """On a worker: the profiles themselves stay there, of which there may be a thousand."""
    from cardforge_desktop.profiles.budget import parts_of_update

    profiles = workspace.profiles.profiles()
    return _Said(
        tuple(Choice(each.name, each.name) for each in profiles),
        {each.name: each.config.book.include for each in profiles},
        {each.name: each.config.naming_pattern for each in profiles},
        {each.name: parts_of_update(each) for each in profiles},
    )
