"""dev.py's commands: what they ask of others, and what they tell."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev
from devtools import libraries
from devtools.steps import SetupError


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment stands already: the tests run in it."""
    monkeypatch.setattr(dev, "set_up", lambda root, wanted="": None)


def exit_with(code: int) -> list[str]:
    return [sys.executable, "-c", f"raise SystemExit({code})"]


def test_without_a_command_the_ways_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 2
    assert dev.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {command} " in out for command in dev.COMMANDS)


def test_an_unknown_command_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["fly"]) == 2
    assert "no command 'fly'" in capsys.readouterr().err


@pytest.mark.parametrize("version", ["3.9", "3.14", "banana"])
def test_a_python_that_cannot_run_it_is_refused(version: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["setup", "--python", version]) == 1
    assert f"not on {version}" in capsys.readouterr().err


@pytest.mark.usefixtures("ready")
@pytest.mark.parametrize(
    ("broken", "code"), [("", 0), ("ruff check", 1), *((name, 1) for name in dev.test_runs([]))]
)
def test_every_gate_runs_and_one_that_fails_fails_all(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], broken: str, code: int
) -> None:
    gates = {name: exit_with(3 if name == broken else 0) for name in dev.gates()}
    monkeypatch.setattr(dev, "gates", lambda: gates)
    runs = dev.test_runs([])
    monkeypatch.setattr(
        dev, "pytest_command", lambda rest, long: exit_with(5 if rest == runs.get(broken) else 0)
    )
    assert dev.main(["test"]) == code
    lines = capfd.readouterr().out.strip().splitlines()
    assert lines[-1].startswith("Gates: ")
    endings = {name: "FAILED" if name == broken else "ok" for name in [*gates, *runs]}
    assert all(f"{name} {ending}" in lines[-1] for name, ending in endings.items())
    told = [line for line in lines if line.startswith("== ")]
    assert told == [f"== {name}: {endings[name]}" for name in gates]


def test_the_runs_together_are_all_tests() -> None:
    core, window = dev.test_runs([]).values()
    assert core == [f"--ignore={folder}" for folder in window]
    assert dev.test_runs(["-k", "x"]) == {"pytest": ["-k", "x"]}


def test_the_gates_are_those_of_the_project() -> None:
    words = {word for command in dev.gates().values() for word in command}
    assert {"ruff", "mypy"} <= words
    assert any("lint-imports" in word for word in words)


def test_long_campaigns_run_only_when_asked_for() -> None:
    short = dev.pytest_command(["-k", "x"], long=False)
    assert "not long" in short
    assert short[-2:] == ["-k", "x"]
    assert "not long" not in dev.pytest_command([], long=True)
    assert dev.test_environment(long=True)["CARDFORGE_LONG"] == "1"
    assert dev.test_environment(long=False)["CARDFORGE_LONG"] == "0"


def test_without_a_display_the_ways_out_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SetupError, match="no display"):
        dev.check_screen()
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    dev.check_screen()


def test_a_window_without_its_libraries_is_refused_with_the_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plugin = tmp_path / "lib" / "python3.11" / "site-packages" / libraries.WINDOW_FILES[0]
    plugin.parent.mkdir(parents=True)
    plugin.touch()
    ldd = tmp_path / "ldd"
    ldd.write_text("#!/bin/sh\necho 'libxcb-cursor.so.0 => not found'\n", encoding="utf-8")
    ldd.chmod(0o755)
    (tmp_path / "apt-get").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(dev, "ENVIRONMENT", tmp_path)
    with pytest.raises(SetupError, match=r"sudo apt-get install .*libxcb-cursor0"):
        dev.check_screen()


def test_what_the_system_refuses_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(arguments: list[str]) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(dev.COMMANDS, "build", full)
    assert dev.main(["build"]) == 1
    assert "free some space" in capsys.readouterr().err


def test_an_interruption_has_its_own_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(dev.COMMANDS, "build", interrupted)
    assert dev.main(["build"]) == 130


def test_the_checks_of_a_submission_run_everything() -> None:
    script = Path(dev.ROOT, ".ci", "run")
    assert "python3 dev.py test" in script.read_text(encoding="utf-8")
    subprocess.run(["bash", "-n", script], check=True)
