"""Editing a profile over the window's real services and a real store."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.ui.profiles.editor.session import ProfileSession
from cardforge_desktop.workspace import Workspace
from tests.ui.library.preview.conftest import Desktop, desktop, empty_store, open_desktop

__all__ = ["desktop", "empty_store", "open_desktop"]


@dataclass
class Editing:
    """A session with a profile open, and what it told."""

    desktop: Desktop
    session: ProfileSession
    told: list[tuple[str, object]] = field(default_factory=list)

    @property
    def workspace(self) -> Workspace:
        """The workspace that the window is over."""
        return self.desktop.workspace

    @property
    def stored(self) -> Profile:
        """The profile in the store."""
        return self.workspace.profiles.get(self.session.profile_id)

    def open(self, profile_id: str) -> None:
        """Open a profile and wait for it."""
        self.session.open(profile_id)
        self.until(lambda: self.session.is_open)

    def heard(self, signal: str) -> list[object]:
        """What came with a signal so far."""
        return [value for name, value in self.told if name == signal]

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something."""
        self.desktop.until(condition)

    def kept(self) -> list[str]:
        """Descriptions that this process keeps unsaved."""
        unsaved = self.workspace.unsaved_profiles
        drafts = unsaved.of_profile(self.session.profile_id)
        return [draft.content.description for draft in drafts if draft.owner == unsaved.owner]

    def aside(self) -> list[str]:
        """Descriptions that were set aside."""
        drafts = self.workspace.unsaved_profiles.of_profile(self.session.profile_id)
        return [draft.content.description for draft in drafts if draft.owner == ""]


def save_elsewhere(workspace: Workspace, profile_id: str, **changes: object) -> Profile:
    """Somebody else saves a profile."""
    before = workspace.profiles.get(profile_id)
    return workspace.profiles.save(profile_id, before.content.model_copy(update=changes), base_of(before))


@pytest.fixture
def editing(desktop: Desktop) -> Editing:
    session = ProfileSession(desktop.background, desktop.services.events)
    made = Editing(desktop, session)
    for name in ("saved", "copied", "saved_elsewhere", "conflict", "failed", "went", "changed"):
        getattr(session, name).connect(lambda value, name=name: made.told.append((name, value)))
    made.open(desktop.workspace.profiles.by_name("Default").id)
    return made


@pytest.fixture
def neighbour(desktop: Desktop) -> Iterator[Workspace]:
    """Somebody else's workspace on the same store."""
    made = Workspace.open(desktop.workspace.paths, face="command line")
    yield made
    made.close()
