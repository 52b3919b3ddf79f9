"""Wrong use ends with 2 and one sentence that names what was wrong."""

from pathlib import Path

from tests.cli.conftest import Call
from tests.support.app import write_sources

WRONG: tuple[tuple[list[str], str], ...] = (
    (["generate", "missing.md"], "missing.md"),
    (["generate", "in", "--profile", "Nobody"], "Nobody"),
    (["generate", "in", "--engine", "Nowhere"], "Nowhere"),
    (["generate", "in", "--format", "docx"], "docx"),
    (["generate", "in", "--pattern", "{colour}"], "{colour}"),
    (["generate", "in", "--concurrency", "0"], "concurrency"),
    (["generate", "nothing-in-here"], "nothing-in-here"),
    (["generate"], "--update"),
    (["generate", "--update", "missing.png"], "missing.png"),
    (["generate", "--update", "in/source-001.md"], "source-001.md"),
    (["generate", "in", "--fields", "description"], "updated"),
    (["generate", "--update", "in/source-001.md", "--fields", ","], "at least one field"),
    (["generate", "in", "--concurrency", "many"], "'many' is no whole number"),
    (["engines", "add", "X", "--kind", "openai", "--url", "ftp://x", "--model", "m"], "ftp://x"),
    (["engines", "remove", "Built-in"], "built-in"),
    (["generate", "in", "--max-concurrent", "33"], "1 to 32"),
    (["generate", "in", "--priority", "urgent"], "urgent"),
    (["generate", "in", "--limit-cost", "-1"], "US dollars"),
    (["generate", "in", "--limit-cost", "nan"], "US dollars"),
    (["generate", "in", "--limit-tokens", "-1"], "no number of tokens"),
    (["generate", "in", "--limit-cost", "9000000"], "US dollars from 0"),
    (["generate", "in", "--engine", "Built-in", "--engine", "Nowhere"], "Nowhere"),
    (["batches"], "ACTION"),
    (["batches", "pause"], "ID"),
    (["frobnicate"], "frobnicate"),
)


def test_wrong_use_says_what_and_exits_with_2(call: Call, tmp_path: Path) -> None:
    write_sources(tmp_path / "in", 1)
    (tmp_path / "nothing-in-here").mkdir()
    for arguments, words in WRONG:
        ended = call(*arguments)
        assert ended.code == 2, arguments
        assert words in ended.err, arguments
        assert "Traceback" not in ended.err, arguments
