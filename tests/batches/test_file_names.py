"""The files of a batch: named by the rules of its Start, overwriting only what is not of the batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.cards.claims import Claims
from cardforge_desktop.naming import NameRules, sanitise
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(
        output=tmp_path / "out",
        engine=ENGINE,
        formats=("json",),
        include_book=False,
        pattern="One Name",
        overwrite=True,
    )


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        yield workspace


def run(workspace: Workspace, sources: list[Path], options: Options) -> dict[str, str]:
    """Run a batch; name of each of its files → name of the character in it."""
    batch_id = workspace.queue.submit(sources, options)
    assert workspace.queue.wait_idle(60)
    items = workspace.batches.batch(batch_id).items
    assert {item.status for item in items} == {ItemStatus.COMPLETED}
    found = {path.name: item.card_name for item in items for _, path in item.files}
    for name, character in found.items():
        card = json.loads((options.output / name).read_text(encoding="utf-8"))
        assert card["data"]["name"] == character
    return found


def test_cards_of_one_batch_never_replace_each_other_but_those_of_earlier_ones(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 3)
    names = {"One Name.json", "One Name_2.json", "One Name_3.json"}
    assert run(workspace, sources, options).keys() == names
    (options.output / "One Name.json").write_text("by hand")
    second = run(workspace, sources, options)
    assert second.keys() == names
    assert {path.name for path in options.output.iterdir()} == names
    third = run(workspace, sources, replace(options, overwrite=False))
    assert third.keys() == {"One Name_4.json", "One Name_5.json", "One Name_6.json"}
    for name, character in second.items():
        assert json.loads((options.output / name).read_text(encoding="utf-8"))["data"]["name"] == character


def test_what_a_batch_wrote_is_known_after_a_restart(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    with open_workspace(scripted_server.url) as workspace:
        run(workspace, write_sources(tmp_path / "in", 1), options)
        (item,) = workspace.batches.items()
    with open_workspace() as workspace:
        claims, path = Claims(workspace._store), options.output / "one name.JSON"
        assert not claims.claim(item.batch_id, "item_other", [path], [path])
        assert claims.claim(item.batch_id, item.id, [path], [path])
        assert claims.claim("batch_other", "item_other", [path], [path])


def test_what_another_process_wrote_into_the_batch_meanwhile_does_not_give_way(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    run(workspace, write_sources(tmp_path / "in", 1), options)
    (item,) = workspace.batches.items()
    claims, theirs = Claims(workspace._store), options.output / "theirs.json"
    assert claims.claim(item.batch_id, "item_ours", [options.output / "ours.json"])
    assert item.card_id is not None
    with workspace._store.write() as session:
        workspace.library.add_files(session, item.card_id, {"v2": (theirs, b"{}")}, 1)
    assert not claims.claim(item.batch_id, "item_ours", [theirs], [theirs])
    assert claims.claim(item.batch_id, item.id, [theirs], [theirs])


def test_a_name_that_is_taken_is_anothers_before_it_is_noted(workspace: Workspace, tmp_path: Path) -> None:
    claims, one, two = Claims(workspace._store), tmp_path / "É.json", tmp_path / "b.json"
    assert claims.claim("batch_1", "item_1", [one])
    assert not claims.claim("batch_1", "item_2", [two, one], [tmp_path / "e\u0301.json"])
    assert claims.claim("batch_1", "item_3", [two], [two]), "a claim that failed has taken nothing"


def test_a_started_batch_keeps_the_rules_of_its_start(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    options = replace(options, pattern="", overwrite=False)
    workspace.settings.update(pattern="{character_name}-{index}")
    workspace.drafts.add(write_sources(tmp_path / "in", 1), options)
    workspace.settings.update(sanitise_names=False, pattern="{index}", concurrency=1)
    workspace.queue.start()
    workspace.settings.update(sanitise_names=True, longest_name=24)
    assert workspace.queue.wait_idle(60)
    (item,) = workspace.batches.items()
    ((_, path),) = item.files
    assert path.name == f"{item.card_name}-001.json"
    assert path.name != path.name.lower()


def test_options_of_one_run_go_over_the_settings(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    options = replace(options, pattern="{character_name}", rules=NameRules(sanitise=False, max_bytes=24))
    ((name, character),) = run(workspace, write_sources(tmp_path / "in", 1), options).items()
    assert name == f"{character[:24]}.json"
    copy = workspace.drafts.duplicate([workspace.batches.items()[0].id])
    workspace.queue.start(copy)
    assert workspace.queue.wait_idle(60)
    ((_, path),) = workspace.batches.item(copy[0]).files
    assert path.name == path.name.lower(), "a copy follows the settings again"


def test_world_and_class_of_the_answer_come_into_the_names(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    options = replace(options, pattern="{world}+{class}")
    ((name, _),) = run(workspace, write_sources(tmp_path / "in", 1), options).items()
    data = json.loads((options.output / name).read_text(encoding="utf-8"))["data"]
    own = data["extensions"]["cardforge"]
    assert own["engine"] == ENGINE, "what we note of the making does not push them out"
    assert name == f"{sanitise(own['world'])}+{sanitise(own['class'])}.json"
    assert "world" not in data["extensions"]


def test_a_file_that_was_written_and_not_noted_is_known_after_a_crash(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "one.json"
    before, after = Claims(workspace._store), Claims(workspace._store)
    assert before.claim("batch_1", "item_1", [path], lasting=True)
    assert not after.claim("batch_1", "item_2", [path], [path], lasting=True)
    assert after.claim("batch_1", "item_1", [path], [path], lasting=True)
    with workspace._store.write() as session:
        Claims.forget(session, "item_1")
    assert Claims(workspace._store).claim("batch_1", "item_2", [path], [path])
