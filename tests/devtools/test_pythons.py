"""Which Python fits, and what an old one does about it."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import pythons

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("version", "fits"),
    [((3, 6), False), ((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), True), ((3, 14), False)],
)
def test_the_supported_versions(version: tuple[int, ...], fits: bool) -> None:
    assert pythons.is_supported(version) is fits
    assert pythons.is_supported((*version, 4)) is fits


def test_whoever_has_the_wrong_python_is_told_both_ways() -> None:
    words = pythons.python_needed((3, 8))
    assert "Python 3.8" in words
    assert "3.11, 3.12 or 3.13" in words
    assert "uv" in words
    assert "sudo apt install" in words


@pytest.mark.parametrize("name", ["dev.py", "devtools/__init__.py", "devtools/pythons.py"])
def test_an_old_python_can_read_what_it_has_to(name: str) -> None:
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 7))


def run_as_python_3_10(path: str) -> subprocess.CompletedProcess[str]:
    """Start `dev.py setup --python 3.9` in a Python that says it is 3.10."""
    script = (
        "import runpy, sys; sys.version_info = (3, 10, 2, 'final', 0); "
        f"sys.argv = ['dev.py', 'setup', '--python', '3.9']; runpy.run_path({str(ROOT / 'dev.py')!r}, "
        "run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_without_another_python_the_old_one_says_what_is_needed(tmp_path: Path) -> None:
    answer = run_as_python_3_10(str(tmp_path))
    assert answer.returncode == 1
    assert answer.stderr.strip() == pythons.python_needed((3, 10))


def test_an_old_python_hands_over_to_one_that_fits(tmp_path: Path) -> None:
    fitting = tmp_path / "python3.12"
    fitting.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    fitting.chmod(0o755)
    answer = run_as_python_3_10(str(tmp_path))
    # The fitting one got the arguments: it answers to them.
    assert "not on 3.9" in answer.stderr
    assert answer.returncode == 1


def test_a_python_that_does_not_fit_is_passed_over(tmp_path: Path) -> None:
    liar = tmp_path / "python3.13"
    liar.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")  # as pyenv's shims of absent versions do
    liar.chmod(0o755)
    assert pythons.interpreter_of([str(liar)]) == ""
    assert pythons.interpreter_of([str(tmp_path / "absent")]) == ""
    assert Path(pythons.interpreter_of([sys.executable])) == Path(sys.executable)
