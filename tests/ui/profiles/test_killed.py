"""kill -9 before any commit of what the editor does to the store: nothing is lost, and nothing is doubled."""

import os
import shutil
import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from cardforge_desktop.paths import find_paths
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.names import name_key
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.store.database import Store
from cardforge_desktop.ui.profiles.editor import storing
from cardforge_desktop.workspace import Workspace
from tests.conftest import LONG
from tests.profiles.stores import content
from tests.support.app import open_workspace
from tests.support.cradle import Cradle, say

LIFE = "tests.ui.profiles.test_killed:live"
MINE, LOST = "Mine.", "Lost."


def prepare() -> None:
    """Rain with three versions and a dead process's draft, chosen in the app; Gone, which is deleted."""
    with open_workspace() as workspace:
        profiles = workspace.profiles
        first = profiles.create(content("Drizzle"))
        second = profiles.save(first.id, content("Rain"), base_of(first))
        profiles.save(first.id, content("Rain", description="Theirs."), base_of(second))
        gone = profiles.create(content("Gone"))
        profiles.delete(gone.id)
        workspace.settings.update(profile="Rain")
        workspace.unsaved_profiles.keep(first.id, 2, content("Rain", description=LOST))


def rain(ws: Workspace) -> Profile:
    return ws.profiles.by_name("Rain")


def under_edit(ws: Workspace, base: Profile, **changes: object) -> ProfileContent:
    """What stands in the editor, kept."""
    mine = base.content.model_copy(update={"description": MINE} | changes)
    ws.unsaved_profiles.keep(base.id, base.version, mine)
    return mine


def save(ws: Workspace) -> Iterator[None]:
    before = rain(ws)
    mine = under_edit(ws, before, name="Snow")
    yield
    storing.save(ws, mine, before, "saved")


def save_merged(ws: Workspace) -> Iterator[None]:
    theirs = rain(ws)
    base = ws.profiles.at(theirs.id, 2)
    mine = under_edit(ws, base)
    merged = theirs.content.model_copy(update={"description": "Both.", "name": "Snow"})
    yield
    storing.save(ws, merged, theirs, "merged", (base.version, mine))


def set_aside(ws: Workspace) -> Iterator[None]:
    base = rain(ws)
    mine = under_edit(ws, base)
    yield
    ws.unsaved_profiles.set_aside(base.id, base.version, mine)


def bring_back(ws: Workspace) -> Iterator[None]:
    (gone,) = deleted(ws)
    mine = under_edit(ws, gone)
    yield
    storing.bring_back(ws, mine, gone)


def copy(ws: Workspace) -> Iterator[None]:
    mine = under_edit(ws, rain(ws))
    yield
    ws.profiles.copy(mine)


def restore_lost(ws: Workspace) -> Iterator[None]:
    lost = storing.find(ws, rain(ws).id).lost
    assert lost is not None
    yield
    storing.restore(ws, lost)


def restore_version(ws: Workspace) -> Iterator[None]:
    newest = rain(ws)
    yield
    ws.profiles.restore(newest.id, 1, base_of(newest))


def delete(ws: Workspace) -> Iterator[None]:
    chosen = rain(ws)
    yield
    ws.profiles.delete(chosen.id)


#: Each goes on behind its ``yield`` with what may be killed.
WRITING = (save, save_merged, set_aside, bring_back, copy)
ACTS = {act.__name__: act for act in (*WRITING, restore_lost, restore_version, delete)}


def live(plan: dict[str, Any]) -> None:
    """A process that does one thing, and is killed when it has begun so many steps of it."""
    os.environ["CARDFORGE_HOME"] = plan["home"]
    act = ACTS[plan["act"]](Workspace.open(find_paths()))
    next(act)
    steps = count(1)

    def step(*_: object) -> None:
        if next(steps) == plan["step"]:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute" if plan["statements"] else "commit", step)
    next(act, None)
    say(done=True)
    os.kill(os.getpid(), signal.SIGKILL)


def deleted(ws: Workspace) -> list[Profile]:
    """The profiles that are in the store and in no list."""
    there = {each.id for each in ws.profiles.profiles()}
    return [ws.profiles.at(*head) for head in heads(ws) if head[0] not in there]


def heads(ws: Workspace) -> list[tuple[str, int]]:
    """Id and newest version of every profile, as the table says."""
    store = Store(ws.paths.store)
    with store.read() as session:
        rows = session.connection().exec_driver_sql("SELECT id, version FROM profile").all()
    store.close()
    return [(row[0], row[1]) for row in rows]


def check_sound(ws: Workspace) -> None:
    """The history has no holes, names are told apart, and the profile that is chosen is there."""
    for profile_id, version in heads(ws):
        numbers = [each.number for each in ws.profiles.history(profile_id)]
        assert numbers == list(range(version, 0, -1))
        assert ws.profiles.at(profile_id, version).version == version
    names = [name_key(each.name) for each in ws.profiles.profiles()]
    assert len(set(names)) == len(names)
    assert ws.profiles.by_name(ws.settings.get().profile)


def places_of(ws: Workspace, text: str) -> list[str]:
    """Where a text is that somebody wrote: offered after a crash, in a history, or saved."""
    found: list[str] = []
    there = {each.id for each in ws.profiles.profiles()}
    for profile_id, newest in heads(ws):
        if profile_id in there:
            storing.find(ws, profile_id)  # clears away what needs not be offered
        saved = (ws.profiles.at(profile_id, number) for number in range(1, newest + 1))
        found += ["saved" for each in saved if each.description == text]
        drafts = ws.unsaved_profiles.of_profile(profile_id)
        places = {True: "lost", False: "aside"}
        found += [places[bool(each.owner)] for each in drafts if each.content.description == text]
    return found


@pytest.mark.parametrize("act", ACTS)
def test_whenever_the_process_is_killed_what_was_written_is_found_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    prepared = tmp_path / "prepared"
    monkeypatch.setenv("CARDFORGE_HOME", str(prepared))
    prepare()
    is_done = False
    with Cradle(LIFE) as cradle:
        for step in count(1):
            home = tmp_path / str(step)
            shutil.copytree(prepared, home)
            life = cradle.live({"home": str(home), "act": act, "step": step, "statements": LONG})
            is_done = life.wait_for("done")
            life.wait_for("status")
            assert life.killed
            monkeypatch.setenv("CARDFORGE_HOME", str(home))
            with open_workspace() as workspace:
                check_sound(workspace)
                assert places_of(workspace, LOST) == ["lost"]
                if act in [each.__name__ for each in WRITING]:
                    places = places_of(workspace, MINE)
                    # A copy is another profile: the one that was copied is left as it is.
                    assert len(places) == (2 if act == "copy" and is_done else 1), f"found at {places}"
            if is_done:
                break
