"""What the start imports, one window per store, the self-test's parts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cardforge_desktop.__main__ import main
from cardforge_desktop.ui.single_instance import SingleInstance
from tests.support.app import ROOT

_AT_FIRST_PAINT = """
import sys
from cardforge_desktop.paths import find_paths
from cardforge_desktop.ui import app
seen = []
paint_first = app._paint_first
def watch(session):
    session.window.painted.connect(lambda: seen.extend(sys.modules))
    paint_first(session)
app._paint_first = watch
def live(*_):
    raise SystemExit
app._live = live
try:
    app.run(find_paths(), [], ["cardforge-desktop"])
finally:
    import json
    print(json.dumps(seen))
"""


def test_nothing_heavy_is_imported_before_the_first_paint(home: Path):
    done = subprocess.run(
        [sys.executable, "-c", _AT_FIRST_PAINT],
        env={**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    modules = set(json.loads(done.stdout.splitlines()[-1]))
    assert "cardforge_desktop.ui.main_window" in modules, done.stderr
    heavy = "asyncio qasync psygnal pydantic sqlmodel sqlalchemy httpx tiktoken PIL json PySide6.QtNetwork"
    assert modules & set(heavy.split()) == set()
    panels = [name for name in modules if name.startswith("cardforge_desktop.ui.batch.")]
    assert panels == []


def test_a_second_start_hands_its_files_over(qapp, qtbot, tmp_path):
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.take()
    first.listen()
    called = []
    first.called.connect(called.append)
    assert not second.take()
    files = [tmp_path / "müßig.md", tmp_path / "b.txt"]
    assert second.hand_over(files)
    qtbot.waitUntil(lambda: bool(called))
    assert called == [tuple(files)]
    first.close()
    assert second.take()
    second.close()


def test_two_stores_have_two_windows(qapp, tmp_path):
    one, two = SingleInstance(tmp_path / "one"), SingleInstance(tmp_path / "two")
    assert one.take()
    assert two.take()
    one.close()
    two.close()


def test_files_of_the_command_line_go_into_the_queue(run_window, scripted_server, tmp_path):
    source = tmp_path / "mirela.md"
    source.write_text("# Mirela\n\nMirela keeps the lamp shop on the quay.", encoding="utf-8")
    running = run_window(scripted_server.url, files=[source])
    running.until(lambda: running.statuses() == ["draft"])


@pytest.mark.parametrize(("flag", "says"), [("--version", "CardForge "), ("--help", "usage:")])
def test_flags_answer_without_a_window(capsys, flag, says):
    assert main(["cardforge-desktop", flag]) == 0
    assert capsys.readouterr().out.startswith(says)
