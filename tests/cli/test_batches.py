"""``cardforge batches``: what it prints of batches, and which ids it takes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardforge_desktop.batches.model import BatchOptions, Options
from cardforge_desktop.workspace import Workspace
from tests.cli.conftest import Call
from tests.cli.files import HOSTILE, has_controls
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    """The workspace that the commands open as well, as the window would have it open."""
    with open_workspace(scripted_server.url) as opened:
        yield opened


def _made(workspace: Workspace, folder: Path, name: str = "", count: int = 1) -> str:
    """A batch that has ended."""
    write_sources(folder / name, count)
    options = Options(folder / "out", engine=ENGINE, formats=("v2",))
    batch_id = workspace.queue.submit([folder / name], options, batch=BatchOptions(name))
    assert workspace.queue.wait_idle(timeout=60)
    return batch_id


def test_the_newest_batch_is_listed_first_and_removed_ones_on_demand(
    workspace: Workspace, call: Call, tmp_path: Path
) -> None:
    assert call("batches", "list").err == (
        "There are no batches yet. Make one: cardforge generate SOURCE...\n"
    )
    first = _made(workspace, tmp_path, "First")
    second = _made(workspace, tmp_path, "Second", count=3)
    heading, *lines = call("batches", "list").out.splitlines()
    assert heading.split() == ["ID", "STATUS", "DONE", "FAILED", "COST", "CREATED", "NAME"]
    assert [line.split()[0] for line in lines] == [second, first]
    assert lines[0].split()[1:3] == ["completed", "3/3"]
    assert lines[0].endswith("  Second")
    workspace.queue.remove_batches([second])
    assert second not in call("batches", "list").out
    listed = json.loads(call("batches", "list", "--all", "--json").out)
    assert [batch["batch_id"] for batch in listed] == [second, first]
    assert listed[0]["progress"] == {
        "total": 3, "completed": 3, "failed": 0, "processing": 0, "queued": 0, "cancelled": 0,
    }  # fmt: skip


def test_a_batch_is_shown_with_files_and_errors(workspace: Workspace, call: Call, tmp_path: Path) -> None:
    (tmp_path / "Mixed").mkdir()
    (tmp_path / "Mixed" / "empty.md").write_text(" \n", encoding="utf-8")
    batch_id = _made(workspace, tmp_path, "Mixed")
    shown = call("batches", "show", batch_id)
    assert shown.code == 0
    assert f"{batch_id}  Mixed\n  completed: 2 cards, 1 completed, 1 failed\n" in shown.out
    assert "SOURCE_EMPTY: empty.md" in shown.out
    (file,) = (tmp_path / "out").iterdir()
    assert f"      {file}\n" in shown.out
    report = json.loads(call("batches", "show", batch_id, "--json").out)
    assert [item["status"] for item in report["items"]] == ["failed", "completed"]
    assert report["items"][1]["downloads"] == {"v2": str(file)}


def test_a_batch_is_named_by_the_beginning_of_its_id(
    workspace: Workspace, call: Call, tmp_path: Path
) -> None:
    batch_id = _made(workspace, tmp_path)
    for text in (batch_id, batch_id[:-1], batch_id.removeprefix("batch_"), "batch_"):
        assert batch_id in call("batches", "show", text).out, text
    _made(workspace, tmp_path)
    both = call("batches", "show", "batch_")
    assert both.code == 2
    assert "2 batches" in both.err
    assert batch_id in both.err


@pytest.mark.parametrize("action", ["show", "pause", "resume", "retry", "cancel"])
@pytest.mark.parametrize("text", ["nothing", "batch_%", "", "batch_0000000"])
def test_an_unknown_id_is_wrong_use(workspace: Workspace, call: Call, action: str, text: str) -> None:
    ended = call("batches", action, text)
    assert ended.code == 2
    assert f"there is no batch “{text}”" in ended.err
    assert ended.out == ""


def test_what_stops_a_command_has_its_code_in_the_json(workspace: Workspace, call: Call) -> None:
    ended = call("batches", "show", "nothing", "--json")
    assert ended.code == 2
    assert "there is no batch" in ended.err
    error = json.loads(ended.out)["error"]
    assert (error["code"], error["details"]) == ("BATCH_NOT_FOUND", {"batch_id": "nothing"})
    assert json.loads(call("generate", "missing.md", "--json").out)["error"]["code"] == "USAGE_NO_SUCH_FILE"


@pytest.mark.parametrize("action", ["pause", "resume", "retry", "cancel"])
def test_an_ended_batch_stays_as_it_is(workspace: Workspace, call: Call, tmp_path: Path, action: str) -> None:
    batch_id = _made(workspace, tmp_path)
    ended = call("batches", action, batch_id, "--json")
    assert ended.code == 0
    assert batch_id in ended.err
    (batch,) = json.loads(ended.out)
    assert batch["status"] == "completed"


def test_resume_without_an_id_says_when_nothing_waits(workspace: Workspace, call: Call) -> None:
    ended = call("batches", "resume")
    assert ended.code == 0
    assert ended.err == "No batch is paused or was interrupted.\n"


def test_resume_goes_on_with_paused_batches_and_held_items_that_nobody_runs(
    scripted_server: ScriptedServer, call: Call, tmp_path: Path
) -> None:
    write_sources(tmp_path / "in", 3)
    scripted_server.add(Step("stall", times=3))
    with open_workspace(scripted_server.url, concurrency=3) as workspace:
        batch_id = workspace.queue.submit(
            [tmp_path / "in"], Options(tmp_path / "out", engine=ENGINE, formats=("v2",))
        )
        scripted_server.wait_until(lambda calls: len(calls) == 3)
        workspace.queue.pause_batches([batch_id])
        workspace.queue.pause([workspace.batches.items()[1].id])
    assert " held " in call("batches", "show", batch_id).out
    ended = call("batches", "resume")
    assert ended.code == 0, ended.err
    assert f"{batch_id}: going on with 3 cards." in ended.err
    assert "3 of 3 cards made." in ended.err
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_nothing_of_a_name_reaches_the_terminal_raw(workspace: Workspace, call: Call, tmp_path: Path) -> None:
    batch_id = _made(workspace, tmp_path)
    workspace.queue.change_batch(batch_id, name=f"Tessa {HOSTILE}")
    for arguments in (["list"], ["show", batch_id], ["list", "--json"], ["show", batch_id, "--json"]):
        ended = call("batches", *arguments)
        assert "Tessa" in ended.out
        assert not has_controls(ended.out + ended.err)
