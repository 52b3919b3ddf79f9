"""`cardforge generate --estimate`: what it would take is said, and nothing is made."""

import json
from pathlib import Path

from cardforge_desktop.engines.base import Connection
from tests.cli.conftest import Call
from tests.support.app import open_workspace, write_sources


def test_what_cards_would_take_is_told_for_each_engine(call: Call, tmp_path: Path) -> None:
    paths = write_sources(tmp_path / "in", 2)
    with open_workspace() as workspace:
        for name, url in (("Paid", "https://api.openai.com/v1"), ("Elsewhere", "https://llm.example.org/v1")):
            workspace.engines.add(Connection(name, "openai", url, "gpt-4o-mini"), None)
    asked = ("generate", *paths, "--estimate", "--engine", "Paid")
    told = call(*asked)
    assert told.code == 0
    first, same = told.out.split("\n\nThe same with\n")
    (row,) = (line.split() for line in first.splitlines()[1:])
    assert row[:4] == ["Default", "Paid", "gpt-4o-mini", "2"]
    assert row[-3:-1] == ["up", "to"]
    assert [line.split()[0] for line in same.splitlines()[1:]] == ["Built-in", "Paid", "Elsewhere"]
    assert [line.split()[-1] for line in same.splitlines()[1:]] == ["free", row[-1], "unknown"]
    assert "ten such calls" in told.err

    (empty := tmp_path / "in" / "empty.md").write_text("")
    told = call("generate", *paths, empty, "--estimate", "--together", "--engine", "Elsewhere", "--json")
    assert (told.code, "empty.md" in told.err) == (1, True)
    found = json.loads(told.out)
    assert (found["sources"], found["cards"]) == (2, 1)
    (estimate,) = found["estimates"]
    assert (estimate["cost_low"], estimate["cost_high"], estimate["cards_of_unknown_price"]) == (
        None,
        None,
        1,
    )
    free, paid, _ = found["by_engine"]
    assert (free["free"], free["cost_high"]) == (True, 0)
    assert float(paid["cost_high_exact"]) == paid["cost_high"] > 0
    with open_workspace() as workspace:
        assert workspace.batches.items() == ()
        assert workspace.costs.has_answered("Paid") is False
    assert call("generate", paths[0], "--estimate", "--engine", "Gone").code != 0
