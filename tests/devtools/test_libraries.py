"""Missing system libraries: found, named, installed or the command said."""

import sysconfig
from pathlib import Path

import pytest

from devtools import libraries
from devtools.steps import SetupError

MISSING_EGL = (
    "\tlibEGL.so.1 => not found\n\tlibz.so.1 => /lib/libz.so.1 (0x00007f)\n\tlibEGL.so.1 => not found\n"
)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder in which programs are looked for."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A site-packages with the files that are asked."""
    folder = tmp_path / "site-packages"
    for name in (*libraries.CORE_FILES, *libraries.WINDOW_FILES, *libraries.ENGINE_FILES):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def write_tool(folder: Path, name: str, script: str) -> None:
    """A program of that name; it sees the system's usual folders."""
    path = folder / name
    path.write_text(f"#!/bin/sh\nPATH=/usr/bin:/bin\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def write_ldd(folder: Path, library: str, of: str) -> None:
    """An ldd that misses `library` when it is asked about a file whose path holds `of`."""
    write_tool(folder, "ldd", f'case "$*" in *{of}*) echo "{library} => not found";; esac')


def test_what_ldd_does_not_find_is_named_once() -> None:
    assert libraries.parse_ldd(MISSING_EGL) == ["libEGL.so.1"]


def test_where_these_tests_run_nothing_of_qt_is_missing() -> None:
    installed = Path(sysconfig.get_path("purelib"))
    assert all((installed / name).exists() for name in (*libraries.CORE_FILES, *libraries.WINDOW_FILES))
    assert libraries.missing_libraries(installed, libraries.CORE_FILES) == []


def test_sonames_become_apt_packages() -> None:
    assert libraries.apt_packages(
        ["libxcb-cursor.so.0", "libEGL.so.1", "libglib-2.0.so.0", "libodd.so.7"]
    ) == [
        "libegl1",
        "libglib2.0-0",
        "libxcb-cursor0",
    ]
    assert libraries.apt_packages(["libgthread-2.0.so.0", "libglib-2.0.so.0"]) == ["libglib2.0-0"]


@pytest.mark.parametrize(
    ("tool", "words"),
    [
        ("apt-get", "apt-get install -y --no-install-recommends libegl1"),
        ("dnf", "dnf install -y libEGL.so.1()(64bit)"),
        ("zypper", "zypper install -y libEGL.so.1()(64bit)"),
    ],
)
def test_the_command_is_that_of_the_distribution(tools: Path, tool: str, words: str) -> None:
    write_tool(tools, tool, "")
    assert libraries.install_command(["libEGL.so.1"]) == words.split()


def test_pacman_gets_the_names_of_its_own(tools: Path) -> None:
    write_tool(tools, "pacman", "")
    command = libraries.install_command(["libxcb-cursor.so.0"])
    assert command is not None
    assert command[:3] == ["pacman", "-S", "--needed"]
    assert "xcb-util-cursor" in command


@pytest.mark.usefixtures("tools")
def test_without_a_known_package_manager_the_libraries_are_named() -> None:
    assert libraries.install_command(["libEGL.so.1"]) is None
    assert "distribution" in libraries.libraries_advice(None)


def test_the_advice_can_be_typed_into_a_shell() -> None:
    advice = libraries.libraries_advice(["dnf", "install", "-y", "libEGL.so.1()(64bit)"])
    assert "sudo dnf install -y 'libEGL.so.1()(64bit)'" in advice


def test_qt_without_its_libraries_stops_with_the_command(tools: Path, packages: Path) -> None:
    write_ldd(tools, "libEGL.so.1", of="QtGui")
    write_tool(tools, "dnf", "exit 1")
    with pytest.raises(SetupError, match=r"libEGL\.so\.1(.|\n)*sudo dnf install"):
        libraries.provide_libraries(packages)


@pytest.mark.parametrize(
    ("library", "of"), [("libxcb-cursor.so.0", "libqxcb"), ("libgomp.so.1", "xllamacpp")]
)
def test_without_window_or_engine_the_rest_still_works(
    tools: Path, packages: Path, capsys: pytest.CaptureFixture[str], library: str, of: str
) -> None:
    write_ldd(tools, library, of=of)
    libraries.provide_libraries(packages)
    assert library in capsys.readouterr().out


def test_nothing_missing_says_nothing(
    tools: Path, packages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tool(tools, "ldd", "")
    libraries.provide_libraries(packages)
    assert capsys.readouterr().out == ""


def test_root_installs_with_apt_and_fetches_old_lists_first(
    tools: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tools / "log"
    updated = tools / "updated"
    write_ldd(tools, "libEGL.so.1", of="QtGui")
    write_tool(tools, "env", 'shift; exec "$@"')
    script = f'echo "$@" >> {log}; if [ "$1" = update ]; then touch {updated}; else test -e {updated}; fi'
    write_tool(tools, "apt-get", script)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    # `env` of the tools folder has to see apt-get there.
    write_tool(tools, "env", f'shift; PATH={tools}:/usr/bin:/bin exec "$@"')
    libraries.provide_libraries(packages)
    install = "install -y --no-install-recommends libegl1"
    assert log.read_text(encoding="utf-8").splitlines() == [install, "update", install]


def test_without_rights_apt_is_not_started(
    tools: Path, packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_ldd(tools, "libEGL.so.1", of="QtGui")
    write_tool(tools, "apt-get", f"touch {tools / 'started'}")
    write_tool(tools, "sudo", "exit 1")  # asks for a password
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(SetupError, match="sudo apt-get install -y --no-install-recommends libegl1"):
        libraries.provide_libraries(packages)
    assert not (tools / "started").exists()


def test_a_missing_tool_of_the_build_is_named_with_its_package(tools: Path) -> None:
    write_tool(tools, "strip", "")
    libraries.provide_tools({"strip": "binutils"})
    with pytest.raises(SetupError, match=r"sudo apt-get install .*binutils"):
        libraries.provide_tools({"objdump": "binutils"})
