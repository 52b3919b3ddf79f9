"""The wheel, installed where no checkout is: it carries the shipped files, and one function finds them."""

import email
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def clean_python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Python of a new environment with the wheel in it; what the wheel depends on is only made visible."""
    folder = tmp_path_factory.mktemp("clean") / "environment"
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check"]
    subprocess.run([python, *install, wheel], check=True, capture_output=True)
    packages = ask(python, "import sysconfig; print(sysconfig.get_path('purelib'))")
    (Path(packages) / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def ask(python: Path, script: str, **variables: str) -> str:
    """What `script` prints when it runs away from the checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHONPATH")}
    answer = subprocess.run(
        [python, "-c", script],
        cwd=python.parent,
        env={**environment, **variables},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


def shipped_files() -> set[str]:
    """Every file of resources/, by its path in there."""
    folder = ROOT / "resources"
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_shipped_file_and_migration_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"cardforge_desktop/_resources/{name}" for name in shipped_files()} <= names
    migrations = (ROOT / "cardforge_desktop" / "store" / "migrations").rglob("*")
    scripts = {
        str(path.relative_to(ROOT).as_posix()) for path in migrations if path.suffix in (".py", ".mako")
    }
    assert any("/versions/" in script for script in scripts)
    assert scripts <= names


def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"cardforge_desktop"}


def test_the_wheel_asks_for_nothing_that_would_be_compiled(wheel: Path) -> None:
    wanted = [requirement.lower() for requirement in metadata(wheel).get_all("Requires-Dist", [])]
    assert any(requirement.startswith("pyside6-essentials") for requirement in wanted)
    assert not [requirement for requirement in wanted if "llm" in requirement or "llama" in requirement]


def metadata(wheel: Path) -> Message:
    """The wheel's METADATA."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def test_an_installed_wheel_finds_every_shipped_file(clean_python: Path) -> None:
    names = sorted(shipped_files())
    script = (
        "import json, sys; from cardforge_desktop.resources import resource; "
        f"print(json.dumps([str(resource(*name.split('/'))) for name in {names!r}]))"
    )
    found = [Path(path) for path in json.loads(ask(clean_python, script))]
    assert len(found) == len(names) > 0
    assert all(path.is_relative_to(clean_python.parents[1].resolve()) for path in found)
    assert not any(path.is_relative_to(ROOT) for path in found)


def test_an_installed_wheel_opens_a_new_store(clean_python: Path, tmp_path: Path) -> None:
    script = (
        "from cardforge_desktop.paths import find_paths; from cardforge_desktop.workspace import Workspace; "
        "workspace = Workspace.open(find_paths()); print(find_paths().store.is_file()); workspace.close()"
    )
    assert ask(clean_python, script, CARDFORGE_HOME=str(tmp_path / "user")) == "True"


def test_the_wheel_installs_both_programs(clean_python: Path) -> None:
    suffix = ".exe" if os.name == "nt" else ""
    for program in ("cardforge", "cardforge-desktop"):
        command = [clean_python.parent / f"{program}{suffix}", "--version"]
        answer = subprocess.run(
            command, capture_output=True, encoding="utf-8", check=True, cwd=clean_python.parent
        )
        assert "0.1.0" in answer.stdout
