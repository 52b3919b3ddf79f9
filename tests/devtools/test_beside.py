"""Commands that run beside the tests: each is told whole, in order, with its exit code."""

import sys
from pathlib import Path

import pytest

from devtools.beside import Beside


def test_what_each_prints_is_shown_whole_in_order_and_all_run(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "here.txt").write_text("in the folder", encoding="utf-8")
    script = "import sys; print(open('here.txt').read(), flush=True); sys.stderr.write('wröng'); sys.exit(3)"
    commands = {
        "bad": [sys.executable, "-X", "utf8", "-c", script],
        "missing": [str(tmp_path / "nothing")],
        "good": [sys.executable, "-c", "import sys; assert sys.stdin.read() == ''"],
    }
    assert Beside(commands, tmp_path).codes() == {"bad": 3, "missing": 127, "good": 0}
    bad, missing, good = capfd.readouterr().out.split("\n== ")[1:]
    assert bad.splitlines() == ["bad: FAILED", "in the folder", "wröng"]
    assert missing.startswith("missing: FAILED\n")
    assert "nothing" in missing
    assert good.strip() == "good: ok"
