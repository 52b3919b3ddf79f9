"""Batches that one process runs and another one pauses, cancels, takes over or makes again."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.engines.base import Connection
from tests.support.app import ENGINE, cardforge, command, open_workspace, variables, write_sources
from tests.support.screen import Screen
from tests.support.scripted_server import Pace, ScriptedServer, Step


@pytest.fixture
def engine(scripted_server: ScriptedServer) -> ScriptedServer:
    """The scripted server, known as `ENGINE`."""
    with open_workspace(scripted_server.url):
        pass
    return scripted_server


@contextmanager
def _started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """``cardforge generate ARGUMENTS`` as it runs, one card at a time."""
    with subprocess.Popen(
        command("generate", *arguments, "--engine", ENGINE, "--concurrency", "1", "--format", "v2"),
        cwd=folder, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


def _read_until(process: subprocess.Popen[str], start: str) -> str:
    """The next line of standard output that begins so."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(start):
            return line
    raise AssertionError(f"it ended without saying “{start}”")


def _batches(folder: Path) -> list[dict[str, Any]]:
    listed = cardforge("batches", "list", "--json", cwd=folder)
    assert listed.returncode == 0, listed.stderr
    batches: list[dict[str, Any]] = json.loads(listed.stdout)
    return batches


def _shown(folder: Path, batch_id: str) -> dict[str, Any]:
    shown = cardforge("batches", "show", batch_id, "--json", cwd=folder)
    assert shown.returncode == 0, shown.stderr
    batch: dict[str, Any] = json.loads(shown.stdout)
    return batch


def test_another_process_pauses_a_running_batch_and_lets_it_go_on(tmp_path: Path) -> None:
    write_sources(tmp_path / "in", 60)
    with ScriptedServer(pace=Pace(total=1.0)) as server:
        with open_workspace(server.url):
            pass
        with _started(tmp_path, "in", "--out", "cards") as process:
            server.wait_until(lambda calls: len(calls) == 1)
            (batch,) = _batches(tmp_path)
            paused = cardforge("batches", "pause", batch["batch_id"][:12], cwd=tmp_path)
            assert paused.returncode == 0, paused.stderr
            assert f"Paused {batch['batch_id']}" in paused.stderr
            _read_until(process, "paused")
            server.wait_until(lambda calls: all(call.outcome for call in calls))
            made = len(server.calls)
            assert all(call.outcome == "answer" for call in server.calls), "a paid call was thrown away"
            assert _batches(tmp_path)[0]["status"] == "paused"
            assert len(server.calls) == made, "a paused batch began a call"
            resumed = cardforge("batches", "resume", batch["batch_id"], cwd=tmp_path)
            assert resumed.returncode == 0, resumed.stderr
            assert "in the process that runs it" in resumed.stderr
            _read_until(process, "going on")
            _read_until(process, "done")
            assert len(server.calls) > made
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 130


def test_another_process_cancels_a_running_batch(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step("stall", times=0))
    write_sources(tmp_path / "in", 3)
    with _started(tmp_path, "in", "--json") as process:
        engine.wait_until(lambda calls: len(calls) == 1)
        (batch,) = _batches(tmp_path)
        cancelled = cardforge("batches", "cancel", batch["batch_id"], "--json", cwd=tmp_path)
        assert cancelled.returncode == 0, cancelled.stderr
        assert json.loads(cancelled.stdout)[0]["status"] == "cancelled"
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 1, errors
    assert json.loads(output)["progress"]["cancelled"] == 3
    engine.wait_until(lambda calls: calls[0].outcome == "disconnected")


def test_an_interrupted_batch_is_kept_and_resumed(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step("stall"))
    write_sources(tmp_path / "in", 2)
    with _started(tmp_path, "in", "--out", "cards", "--json") as process:
        engine.wait_until(lambda calls: len(calls) == 1)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    report = json.loads(output)
    assert report["progress"]["queued"] == 2
    assert f"cardforge batches resume {report['batch_id']}" in errors
    assert "paused" in cardforge("batches", "list", cwd=tmp_path).stdout
    resumed = cardforge("batches", "resume", "--json", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    (again,) = json.loads(resumed.stdout)
    assert again["batch_id"] == report["batch_id"]
    assert again["status"] == "completed"
    assert len(list((tmp_path / "cards").iterdir())) == 2
    assert len(engine.calls) == 3, "one that was interrupted, and one for each card"


def test_ctrl_c_again_and_again_pauses_all_the_same(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step(), Step("stall", times=0))
    write_sources(tmp_path / "in", 2)
    with _started(tmp_path, "in", "--out", "cards") as process:
        _read_until(process, "done")
        engine.wait_until(lambda calls: len(calls) == 2)
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    (batch,) = _batches(tmp_path)
    assert batch["status"] == "paused"
    assert batch["progress"]["queued"] == 1


def test_a_batch_whose_reader_went_away_is_paused(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(*[Step()] * 2, Step("stall", times=0))
    write_sources(tmp_path / "in", 4)
    with _started(tmp_path, "in", "--out", "cards") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(timeout=60) == 130, errors
    assert "To go on:" in errors
    assert "Traceback" not in errors
    assert "BrokenPipe" not in errors
    assert _batches(tmp_path)[0]["status"] == "paused"


def test_a_batch_of_a_killed_process_is_taken_over(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step("stall"))
    write_sources(tmp_path / "in", 2)
    with _started(tmp_path, "in", "--out", "cards") as process:
        engine.wait_until(lambda calls: len(calls) == 1)
        process.kill()
        process.wait()
    (batch,) = _batches(tmp_path)
    resumed = cardforge("batches", "resume", batch["batch_id"], cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    assert resumed.stdout.count("done  ") == 2
    assert "2 of 2 cards made." in resumed.stderr


def test_what_failed_is_made_again(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step("status", status=400, match="Marrow2"))
    write_sources(tmp_path / "in", 3)
    made = cardforge("generate", "in", "--engine", ENGINE, "--out", "cards", cwd=tmp_path)
    assert made.returncode == 1
    batch_id = re.findall(r"cardforge batches retry (\w+)", made.stderr)[0]
    errors = [item["error"]["code"] for item in _shown(tmp_path, batch_id)["items"] if item.get("error")]
    assert errors == ["ENGINE_BAD_REQUEST"]
    calls = len(engine.calls)
    again = cardforge("batches", "retry", batch_id, cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert "done       source-002.md" in again.stdout
    assert "source-001.md" not in again.stdout, "what was done before is no news"
    assert len(engine.calls) == calls + 1
    assert _shown(tmp_path, batch_id)["progress"]["completed"] == 3


def test_a_refused_key_stops_the_batch_and_says_how_to_go_on(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step("status", status=401))
    write_sources(tmp_path / "in", 5)
    made = cardforge("generate", "in", "--engine", ENGINE, "--concurrency", "1", cwd=tmp_path)
    assert made.returncode == 1
    (batch,) = _batches(tmp_path)
    assert batch["status"] == "paused"
    assert batch["reason"]["code"] == "ENGINE_AUTH"
    assert "Stopped: The key was refused" in made.stderr
    assert f"cardforge batches resume {batch['batch_id']}" in made.stderr
    assert batch["progress"]["failed"] == 0
    assert cardforge("batches", "resume", cwd=tmp_path).returncode == 0


def test_a_batch_stops_at_its_first_error_when_asked_to(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step("status", status=400, match="Marrow2"))
    write_sources(tmp_path / "in", 6)
    made = cardforge(
        "generate", "in", "--engine", ENGINE, "--concurrency", "1", "--stop-on-error", "--json", cwd=tmp_path
    )
    assert made.returncode == 1
    report = json.loads(made.stdout)
    assert report["status"] == "failed"
    assert report["progress"]["failed"] == 1
    stopped = [item["error"] for item in report["items"] if item["status"] == "cancelled"]
    assert stopped
    assert all(error["code"] == "BATCH_STOPPED" and "source-002.md" in error["message"] for error in stopped)
    again = cardforge("batches", "retry", report["batch_id"], cwd=tmp_path)
    assert again.returncode == 0, again.stderr
    assert _shown(tmp_path, report["batch_id"])["progress"]["completed"] == 6


def test_an_engine_that_asks_for_a_pause_is_waited_for(engine: ScriptedServer, tmp_path: Path) -> None:
    engine.add(Step("status", status=429, headers={"retry-after": "1"}, times=8))
    write_sources(tmp_path / "in", 2)
    made = cardforge("generate", "in", "--engine", ENGINE, "--concurrency", "1", cwd=tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    assert f"waiting    for {ENGINE} until " in made.stdout
    assert f"going on   with {ENGINE}" in made.stdout


def test_every_source_in_every_way_and_all_sources_together(engine: ScriptedServer, tmp_path: Path) -> None:
    with open_workspace() as workspace:
        workspace.engines.add(Connection("Second", "openai", engine.url, "scripted-1"), None)
    write_sources(tmp_path / "in", 2)
    made = cardforge(
        "generate", "in", "--engine", ENGINE, "--engine", "Second", "--name", "Side by side",
        "--priority", "high", "--max-concurrent", "7", "--json", cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    report = json.loads(made.stdout)
    assert [(item["source"], item["engine"]) for item in report["items"]] == [
        (source, name) for source in ("source-001.md", "source-002.md") for name in (ENGINE, "Second")
    ]
    assert (report["name"], report["priority"], report["max_concurrent"]) == ("Side by side", "high", 7)
    for number in range(2):
        one = cardforge(
            "generate", "in", "--together", "--character", "Tessa", "--engine", ENGINE, "--format", "v2",
            "--pattern", "{character_name}", "--overwrite", "--out", "one", "--json", cwd=tmp_path,
        )  # fmt: skip
        assert one.returncode == 0, one.stderr
        (item,) = json.loads(one.stdout)["items"]
        assert "Marrow1" in str(engine.calls[-1].body)
        assert "Marrow2" in str(engine.calls[-1].body)
        assert item["name"] == "Tessa"
        assert len(list((tmp_path / "one").iterdir())) == 1, number


def test_a_terminal_shows_how_far_it_is_and_a_file_gets_plain_lines(
    engine: ScriptedServer, tmp_path: Path
) -> None:
    write_sources(tmp_path / "in", 3)
    arguments = ("generate", "in", "--engine", ENGINE, "--format", "v2", "--out")
    with Screen(columns=50) as screen:
        process = subprocess.Popen(
            command(*arguments, "one"), cwd=tmp_path, env=variables(),
            stdout=subprocess.PIPE, stderr=screen.stream, text=True,
        )  # fmt: skip
        output, _ = process.communicate(timeout=60)
        assert screen.lines() == ["3 of 3 cards made.", ""]
        assert " of 3 done" in screen.written
    assert output.count("done  ") == 3
    plain = cardforge(*arguments, "two", cwd=tmp_path)
    assert plain.stderr == "3 of 3 cards made.\n"


def test_after_a_kill_the_shared_book_has_everything_once_and_the_same_is_asked_again(
    engine: ScriptedServer, tmp_path: Path
) -> None:
    from cardforge_desktop.cards.model import BookEntry, CharacterBook
    from tests.generation.orders import card as whole_card

    def answer(fact: str, **more: Any) -> Step:
        book = [{"name": "The Lamp", "category": "Objects", "keys": ["lamp"], "content": fact}]
        return Step(text=json.dumps(whole_card(book=book)), **more)

    with open_workspace() as workspace:
        known = BookEntry(name="Harbour", keys=["harbour"], content="It freezes in May.")
        book_id = workspace.books.create(CharacterBook(name="World", entries=[known])).id
    first, second = (path.name for path in write_sources(tmp_path, 2))
    engine.add(answer("It burns whale oil."), answer("Never seen.", fault="stall"))
    with _started(tmp_path, first, second, "--book", "World") as process:
        _read_until(process, "done")
        engine.wait_until(lambda calls: len(calls) == 2)
        process.kill()
    engine.add(answer("Its glass was ground in Karsk."))
    resumed = cardforge("batches", "resume", cwd=tmp_path)
    assert resumed.returncode == 0, resumed.stderr
    one, two, again = engine.calls
    assert again.body == two.body
    assert "It freezes in May." in json.dumps(one.body)
    with open_workspace() as workspace:
        found = {each.name: each.content for each in workspace.books.whole(book_id).entries}
    assert found == {
        "Harbour": "It freezes in May.",
        "The Lamp": "It burns whale oil. Its glass was ground in Karsk.",
    }
