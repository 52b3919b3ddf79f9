"""What others do to profiles is news of exactly those profiles."""

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.paths import find_paths
from cardforge_desktop.profiles.news import ProfileNews
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.store.database import Store
from cardforge_desktop.workspace import Workspace
from tests.support.profiles import add_profile


@pytest.fixture
def workspace(home: Path) -> Iterator[Workspace]:
    made = Workspace.open(find_paths())
    yield made
    made.close()


def test_each_change_is_told_once_and_of_its_profile_only(workspace: Workspace) -> None:
    store = Store(workspace.paths.store)
    news = ProfileNews(store)
    assert news.ids() == frozenset()
    add_profile(workspace, "Mine")
    mine = workspace.profiles.by_name("Mine")
    assert news.ids() == {mine.id}
    changed = mine.content.model_copy(update={"description": "Another."})
    workspace.profiles.save(mine.id, changed, base_of(mine))
    assert news.ids() == {mine.id}
    workspace.settings.update(concurrency=1)
    assert news.ids() == frozenset()
    workspace.profiles.delete(mine.id)
    assert news.ids() == {mine.id}
    workspace.profiles.bring_back(mine.id)
    assert news.ids() == {mine.id}
    store.close()


def test_a_workspace_that_watches_hears_first_which_profile_somebody_else_saved(workspace: Workspace) -> None:
    other = Workspace.open(workspace.paths, face="command line")
    heard: SimpleQueue[Changed] = SimpleQueue()
    workspace.hub.changed.connect(heard.put)
    workspace.watch()
    profile = other.profiles.by_name("Default")
    other.profiles.save(profile.id, profile.content.model_copy(update={"description": "2"}), base_of(profile))
    assert heard.get(timeout=20) == Changed(Kind.PROFILE, frozenset({profile.id}))
    other.close()
