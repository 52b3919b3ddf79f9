"""A profile that ships, by the command line and the built-in engine."""

import json
from pathlib import Path

from cardforge_desktop.cards.formats import read_path
from tests.support.app import cardforge

SOURCE = """\
# The ferry at Sallow Reach

Edda Moor rows the ferry at Sallow Reach. She is tall and never speaks before noon.

The Drowned Bell hangs under the jetty at Sallow Reach. It rings before every flood.
"""


def test_the_built_in_engine_writes_a_lorebook_of_a_source_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text(SOURCE, encoding="utf-8")
    made = cardforge(
        "generate", "ferry.md", "--profile", "Lorebook only", "--engine", "Built-in", "--out", "out",
        "--json", cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (item,) = json.loads(made.stdout)["items"]
    assert set(item["downloads"]) == {"worldinfo", "lorebook"}
    for path in item["downloads"].values():
        card = read_path(Path(path)).package.card
        assert card.character_book is not None
        assert card.character_book.name == "The ferry at Sallow Reach"
        assert card.description == card.first_mes == ""
        keys = {key for entry in card.character_book.entries for key in entry.keys}
        assert {"Sallow Reach", "Edda Moor"} <= keys
        for entry in card.character_book.entries:
            assert all(key in SOURCE for key in entry.keys)
            assert any(key in entry.content for key in entry.keys)
