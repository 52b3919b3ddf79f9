"""A batch that a limit stops on the command line: what is said, and how it goes on."""

from pathlib import Path

import pytest

from cardforge_desktop.engines.base import Connection, Engine, Traits
from cardforge_desktop.engines.openai import OpenAIEngine
from cardforge_desktop.engines.registry import KINDS, EngineKind, Key
from tests.cli.conftest import Call
from tests.support.app import open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step

USAGE = {"prompt_tokens": 6_900, "completion_tokens": 100}


def test_it_ends_with_the_reason_and_the_way_out_and_resume_goes_on(
    call: Call, scripted_server: ScriptedServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def build(connection: Connection, key: Key) -> Engine:
        return OpenAIEngine(connection, key, traits=Traits())  # not free, though its server is here

    monkeypatch.setitem(KINDS, "cloud", EngineKind("Cloud", True, build))  # type: ignore[arg-type]
    scripted_server.add(Step("answer", times=0, usage=USAGE))
    with open_workspace() as workspace:
        workspace.engines.add(Connection("Cloud", "cloud", scripted_server.url, "scripted-1"), None)
    write_sources(tmp_path / "in", 2)
    how = ["--engine", "Cloud", "--format", "json", "--no-include-book", "--concurrency", "1"]
    ended = call("generate", "in", *how, "--limit-tokens", "0")
    assert ended.code == 1
    assert scripted_server.calls == ()
    assert "0 of 2 cards made." in ended.err
    assert "Stopped: The next call may pass this batch's limit: 0 of 0 tokens are used" in ended.err
    batch_id = ended.err.partition("cardforge batches cancel ")[2].split()[0]
    assert f"With another limit:        cardforge batches resume {batch_id} --limit-tokens …" in ended.err
    # With money instead, and a model that nobody knows the price of.
    ended = call("batches", "resume", batch_id, "--limit-tokens", "none", "--limit-cost", "$2.50")
    assert ended.code == 1
    assert "To give it a price first:  cardforge prices set scripted-1 --engine Cloud --input" in ended.err
    priced = call("prices", "set", "scripted-1", "--engine", "Cloud", "--input", "10", "--output", "10")
    assert priced.code == 0
    # The first of two cards leaves too little of the day for the second.
    assert call("limits", "--day-tokens", "8,700").code == 0
    ended = call("batches", "resume", batch_id, "--limit-cost", "none")
    assert ended.code == 1
    assert "1 of 2 cards made." in ended.err
    assert ended.err.count("nearly used up: Limit today: 8,700 tokens  7,000 tokens used") == 1
    assert "To raise the limit first:  cardforge limits --day-tokens …" in ended.err
    assert call("batches", "pause", batch_id).err == f"Paused {batch_id}.\n", (
        "nor does it go on by itself now"
    )
    assert call("batches", "pause", batch_id).err == f"{batch_id} is paused already.\n"
    assert call("limits", "--day-tokens", "none").code == 0
    ended = call("batches", "resume", batch_id)
    assert ended.code == 0
    assert len(scripted_server.calls) == 2
