"""Other processes on the same profiles: real ones, that save at the same moment, and that are killed."""

import multiprocessing
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.paths import find_paths
from cardforge_desktop.profiles.errors import ProfileConflict
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.rows import Base
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.profiles.validation import Validation
from cardforge_desktop.workspace import Workspace
from tests.profiles.stores import content, face, store_at
from tests.profiles.writers import ROUNDS, WAIT, write
from tests.support.app import open_workspace
from tests.support.cradle import Cradle, say

LIFE = "tests.profiles.test_processes:live"


def test_of_processes_that_save_at_once_one_wins_and_the_others_hear_of_it(tmp_path: Path) -> None:
    path, names = tmp_path / "store.db", ("ana, window", "ben, command line", "cem, local API")
    with store_at(path) as store:
        first = face(store).create(content())
    processes = multiprocessing.get_context("spawn")
    together, said = processes.Barrier(len(names)), processes.Queue()
    writers = [processes.Process(target=write, args=(path, first.id, name, together, said)) for name in names]
    for writer in writers:
        writer.start()
    answers: list[tuple[str, Any]] = [said.get(timeout=WAIT) for _ in range(len(names) * ROUNDS)]
    for writer in writers:
        writer.join(WAIT)
    won = {version: name for name, version in answers if isinstance(version, int)}
    lost = [(name, details) for name, details in answers if not isinstance(details, int)]
    assert sorted(won) == list(range(2, ROUNDS + 2))
    assert len(lost) == (len(names) - 1) * ROUNDS
    with store_at(path) as store:
        profiles = face(store)
        history = {each.number: each for each in profiles.history(first.id)}
        assert set(history) == {1, *won}
        for version, name in won.items():
            assert history[version].saved_by == name
            assert profiles.at(first.id, version).description == f"{name} in round {version - 2}"
        for name, details in lost:
            current = history[details["current_version"]]
            assert details["your_version"] == current.number - 1
            assert details["updated_by"] == current.saved_by == won[current.number] != name
            assert details["updated_at"] == current.saved_at.isoformat()


def live(plan: dict[str, Any]) -> None:
    """A process that has a profile under edit until it is killed."""
    os.environ["CARDFORGE_HOME"] = plan["home"]
    workspace = Workspace.open(find_paths())
    profile = workspace.profiles.by_name("Default")
    changed = profile.content.model_copy(update={"description": plan["description"]})
    workspace.unsaved_profiles.keep(profile.id, profile.version, changed)
    say(kept=workspace.unsaved_profiles.owner)
    if plan["saves"]:
        workspace.profiles.save(profile.id, changed, Base(profile.version))
        say(saved=True)
    threading.Event().wait(WAIT)


def test_what_a_killed_process_had_under_edit_is_found(home: Path) -> None:
    with open_workspace() as workspace, Cradle(LIFE) as cradle:
        profile = workspace.profiles.by_name("Default")
        drafts = workspace.unsaved_profiles
        life = cradle.live({"home": str(home), "description": "Half a thought", "saves": False})
        assert life.wait_for("kept")
        (kept,) = drafts.of_profile(profile.id)
        assert (kept.owner, kept.is_lost) == (life.said["kept"], False)
        assert drafts.lost_ids() == frozenset()
        drafts.take_over(kept.id)
        drafts.forget(kept.id)
        assert drafts.of_profile(profile.id) == (kept,), "a living process's is left alone"
        life.kill()
        (lost,) = drafts.of_profile(profile.id)
        assert (lost.is_lost, lost.content.description, lost.base_version) == (True, "Half a thought", 1)
        assert drafts.lost_ids() == {profile.id}
        drafts.take_over(lost.id)
        (kept_for_good,) = drafts.of_profile(profile.id)
        assert (kept_for_good.owner, kept_for_good.is_lost) == ("", False)
        drafts.forget(lost.id)
        assert len(drafts.of_profile(profile.id)) == 1, "what is in the history stays"
        assert workspace.profiles.get(profile.id) == profile


def test_what_another_process_saved_before_it_was_killed_is_there(home: Path) -> None:
    with open_workspace() as workspace, Cradle(LIFE) as cradle:
        profile = workspace.profiles.by_name("Default")
        life = cradle.live({"home": str(home), "description": "A whole thought", "saves": True})
        assert life.wait_for("saved")
        life.kill()
        newest = workspace.profiles.get(profile.id)
        assert (newest.version, newest.description) == (2, "A whole thought")
        with pytest.raises(ProfileConflict) as caught:
            workspace.profiles.save(profile.id, profile.content.model_copy(update={"name": "Mine"}), Base(1))
        assert caught.value.current == newest


def test_the_profile_that_is_chosen_in_the_app_follows_its_name(home: Path) -> None:
    with open_workspace() as workspace:
        profiles, settings = workspace.profiles, workspace.settings
        default = profiles.by_name("Default")
        settings.update(profile="DEFAULT")
        renamed = default.content.model_copy(update={"name": "House style"})
        saved = profiles.save(default.id, renamed, base_of(default))
        assert settings.get().profile == "House style"
        compact = profiles.by_name("Compact")
        profiles.save(compact.id, compact.content.model_copy(update={"name": "Small"}), base_of(compact))
        assert settings.get().profile == "House style", "another one's name is none of its business"
        profiles.delete(saved.id)
        assert profiles.by_name(settings.get().profile)
        profiles.bring_back(saved.id)
        settings.update(profile="Group")
        profiles.delete(profiles.by_name("Group").id)
        assert settings.get().profile == "House style", "the usual one, whatever it is called now"
        settings.update(profile="Small")
        profiles.restore(compact.id, 1, base_of(profiles.get(compact.id)))
        assert settings.get().profile == "Compact"


def test_the_rules_know_the_engines_and_formats_of_the_app(home: Path) -> None:
    with open_workspace() as workspace:
        profile = workspace.profiles.by_name("Default").content
        assert workspace.profiles.validate(profile, workspace.profiles.by_name("Default").id) == Validation()
        wrong = with_values(
            profile,
            {
                "config.engine": "Built-in",
                "config.model": "m",
                "config.formats": ("worldinfo", "pdf"),
                "config.book.include": False,
            },
        )
        found = workspace.profiles.validate(wrong, workspace.profiles.by_name("Default").id)
        assert {(each.field, each.code.value) for each in found.errors + found.warnings} == {
            ("config.formats", "UNKNOWN_FORMAT"),
            ("config.formats", "NO_EFFECT"),
            ("config.model", "NO_EFFECT"),
            ("config.sampling.temperature", "NO_EFFECT"),
        }
        context = {"profile_id": workspace.profiles.by_name("Compact").id, "profile_type": "character"}
        report = workspace.profiles.validate_field("name", "default", context).report()
        assert [each["code"] for each in report["errors"]] == ["DUPLICATE_NAME"]
        own = {"profile_id": workspace.profiles.by_name("Default").id}
        assert workspace.profiles.validate_field("name", "default", own).valid
        for odd in ({}, {"profile_id": [1], "profile_type": 5}, {"profile_id": "\ud800"}):
            assert workspace.profiles.validate_field("name", "Another", odd).valid
