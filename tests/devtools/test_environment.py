"""When `.venv` is left alone, renewed or made anew."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from devtools import environment
from devtools.steps import SetupError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout whose environment stands, with the stamp of a finished setup."""
    folder = tmp_path / "checkout"
    python = environment.venv_python(folder / ".venv")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    version = ".".join(str(part) for part in sys.version_info[:3])
    (folder / ".venv" / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n", encoding="utf-8")
    (folder / "requirements.lock").write_text("one==1.0\n", encoding="utf-8")
    (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    write_stamp(folder)
    return folder


def write_stamp(root: Path) -> None:
    stamp = json.dumps(environment.fingerprint(root))
    (root / ".venv" / environment.STAMP).write_text(stamp, encoding="utf-8")


@pytest.fixture
def no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting any program fails the test."""

    def refuse(command: Any, *_: Any, **__: Any) -> None:
        raise AssertionError(f"started {command}")

    monkeypatch.setattr(subprocess, "Popen", refuse)


def test_the_interpreter_lies_where_each_system_puts_it() -> None:
    folder = Path("x")
    assert environment.venv_python(folder, "nt") == folder / "Scripts" / "python.exe"
    assert environment.venv_python(folder, "posix") == folder / "bin" / "python"


@pytest.mark.usefixtures("no_programs")
def test_a_second_setup_starts_nothing(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    environment.set_up(root)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_asks_for_a_renewal(root: Path, name: str) -> None:
    assert environment.is_ready(root)
    (root / name).write_text("two==2.0\n", encoding="utf-8")
    assert not environment.is_ready(root)
    assert environment.is_usable(root, "")


def test_another_python_asks_for_a_renewal(root: Path) -> None:
    (root / ".venv" / "pyvenv.cfg").write_text("version_info = 3.12.99\n", encoding="utf-8")
    assert environment.environment_version(root / ".venv") == "3.12.99"
    assert not environment.is_ready(root)
    assert environment.is_usable(root, "3.12")
    assert not environment.is_usable(root, "3.13")


def test_a_moved_checkout_gets_a_new_environment(root: Path, tmp_path: Path) -> None:
    moved = root.rename(tmp_path / "elsewhere")
    assert not environment.is_ready(moved)
    assert not environment.is_usable(moved, "")


def test_an_interrupted_setup_is_noticed(root: Path) -> None:
    (root / ".venv" / environment.STAMP).unlink()
    assert environment.is_usable(root, "")  # somebody's own environment: brought up to date
    (root / ".venv" / environment.UNFINISHED).touch()
    assert not environment.is_ready(root)
    assert not environment.is_usable(root, "")  # our own, half made: from nothing


@pytest.mark.parametrize("damage", ["no folder", "no settings", "no python", "dead python"])
def test_a_broken_environment_is_made_anew(root: Path, damage: str) -> None:
    folder = root / ".venv"
    python = environment.venv_python(folder)
    if damage == "no folder":
        folder.rename(root / "old")
    elif damage == "no settings":
        (folder / "pyvenv.cfg").unlink()
    else:
        python.unlink()
        if damage == "dead python":
            python.symlink_to(root / "gone")
    assert not environment.is_ready(root)
    assert not environment.is_usable(root, "")


@pytest.mark.parametrize("content", ["", "{", "[]", "null"])
def test_a_damaged_stamp_counts_as_none(root: Path, content: str) -> None:
    (root / ".venv" / environment.STAMP).write_text(content, encoding="utf-8")
    assert environment.read_stamp(root) == {}
    assert not environment.is_ready(root)


def test_a_full_disk_is_said_before_anything_is_removed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "DISK_NEEDED", 10**18)
    with pytest.raises(SetupError, match="free some"):
        environment.make_environment(root, "")
    assert environment.is_ready(root)


def test_a_failing_installation_says_why_and_keeps_what_is_there(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "pyproject.toml").write_text("[project]\nname = 'changed'\n", encoding="utf-8")
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho 'error: Failed to fetch alembic'; exit 2\n", encoding="utf-8")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match=r"Failed to fetch alembic(.|\n)*check the network"):
        environment.set_up(root)
    assert not environment.is_ready(root)
    assert environment.is_usable(root, "")


def test_an_interruption_leaves_its_mark(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(root: Path) -> None:
        raise KeyboardInterrupt

    (root / "pyproject.toml").write_text("[project]\nname = 'changed'\n", encoding="utf-8")
    monkeypatch.setattr(environment, "install_packages", interrupted)
    with pytest.raises(KeyboardInterrupt):
        environment.set_up(root)
    assert not environment.is_ready(root)
    assert not environment.is_usable(root, "")
