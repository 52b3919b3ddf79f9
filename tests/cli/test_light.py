"""The commands for card files start without what they do not need."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.files import write_card
from tests.support.app import variables

_HEAVY = ("PySide6", "shiboken6", "qasync", "sqlmodel", "sqlalchemy", "alembic", "httpx", "keyring")
_RUN = (
    "import sys; from cardforge_desktop.cli import main; main(sys.argv[1:]); print(*sys.modules, sep='\\n')"
)


@pytest.mark.parametrize(
    "arguments",
    [
        [
            "convert",
            "a.json",
            "--format",
            "charx",
            "--format",
            "tavernai",
            "--out",
            "out",
            "--pattern",
            "default",
        ],
        ["inspect", "a.json", "--losses"],
        ["inspect", "."],
        ["lint", "a.json", "--fix", "--out", "out"],
    ],
)
def test_neither_qt_nor_the_store_is_loaded(arguments: list[str], tmp_path: Path) -> None:
    write_card(tmp_path / "a.json")
    ended = subprocess.run(
        [sys.executable, "-c", _RUN, *arguments],
        cwd=tmp_path, env=variables(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    loaded = {name.partition(".")[0] for name in ended.stdout.splitlines()}
    assert "cardforge_desktop" in loaded
    assert loaded.isdisjoint(_HEAVY)
    assert "cardforge_desktop.workspace" not in ended.stdout.splitlines()


def test_the_commands_themselves_load_next_to_nothing() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, cardforge_desktop.cli; print(*sys.modules, sep='\\n')"],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert "cardforge_desktop.cli.doctor" in loaded
    assert {"importlib.metadata", "pydantic", "cardforge_desktop.workspace"}.isdisjoint(loaded)
