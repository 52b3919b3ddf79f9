"""One command for everything: python3 dev.py COMMAND

  setup [--python 3.12]   make or renew the environment .venv (the others do it by themselves)
  run [FILE...]           the window
  test [--long] [...]     every quality gate and all tests; what follows goes to pytest
  bench                   every benchmark, each against its baseline
  shots [...]             pictures of every screen
  build                   the frozen app in dist/, and its self-test
  lock                    remake requirements.lock from pyproject.toml (needs uv)

Standard library only, and in a syntax that Python 3.6 can read, so that an old Python can start another
one or say what is needed. Whatever goes wrong ends in a plain sentence and what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from devtools import pythons


def start_with_another_python() -> int:
    """Run this file again under a Python that fits; exit code of that run, or 1 with advice."""
    python = pythons.find_python()
    if not python:
        sys.stderr.write(pythons.python_needed(sys.version_info[:2]) + "\n")
        return 1
    return subprocess.call([python, str(ROOT / "dev.py"), *sys.argv[1:]])


if __name__ == "__main__" and not pythons.is_supported(sys.version_info[:2]):
    sys.exit(start_with_another_python())

from devtools import libraries, lock
from devtools.beside import Beside
from devtools.environment import set_up, site_packages, venv_python
from devtools.steps import SetupError, say

ENVIRONMENT = ROOT / ".venv"
PYTHON = str(venv_python(ENVIRONMENT))

# The scripts that are in no package; the package itself is named in pyproject.toml.
SCRIPTS = ("dev.py", "devtools", "packaging/smoke_test.py")
# Screens of Qt that need no display.
SCREENLESS = ("offscreen", "minimal", "vnc", "linuxfb", "eglfs", "minimalegl")


def setup(arguments: list[str]) -> int:
    """Make or renew the environment."""
    wanted = ""
    if arguments[:1] == ["--python"] and len(arguments) == 2:
        wanted = arguments[1]
        if not pythons.is_supported(tuple(int(part) for part in wanted.split(".") if part.isdigit())):
            raise SetupError(f"CardForge runs on Python 3.11, 3.12 and 3.13, not on {wanted}.")
    elif arguments:
        return wrong_use(f"setup does not know {' '.join(arguments)}")
    set_up(ROOT, wanted)
    say(f"Ready: {PYTHON}")
    return 0


def run(arguments: list[str]) -> int:
    """Open the window; the arguments are files to open."""
    set_up(ROOT)
    if sys.platform.startswith("linux"):
        check_screen()
    return become([PYTHON, "-P", "-m", "cardforge_desktop", *arguments])


def check_screen() -> None:
    """Say what to do where no window can open, before Qt aborts."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "").split(":")[0].split(";")[0]
    if chosen in SCREENLESS:
        return
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        raise SetupError(
            "There is no display here, so no window can open (DISPLAY and WAYLAND_DISPLAY are not set).\n"
            "Sit at the machine itself, come in with `ssh -X`, or start it in a virtual one:\n"
            "    xvfb-run -a python3 dev.py run        (sudo apt-get install xvfb)\n"
            "Cards are made without a window too: .venv/bin/cardforge generate FILE"
        )
    missing = libraries.missing_libraries(site_packages(ENVIRONMENT), libraries.WINDOW_FILES)
    if missing:
        raise SetupError(
            f"The window needs system libraries that are not here: {', '.join(missing)}. "
            + libraries.libraries_advice(libraries.install_command(missing))
        )


def test(arguments: list[str]) -> int:
    """Every quality gate, and the tests meanwhile; all of them run, whatever fails.

    The gates need one core for half a minute, in which the other ones had nothing to do.
    """
    set_up(ROOT)
    long = "--long" in arguments
    rest = [word for word in arguments if word != "--long"]
    checks = Beside(gates(), ROOT)
    tests = {
        name: call(pytest_command(chosen, long=long), test_environment(long=long))
        for name, chosen in test_runs(rest).items()
    }
    results = {**checks.codes(), **tests}
    failed = [name for name, code in results.items() if code != 0]
    say("Gates: " + ", ".join(f"{name} {'FAILED' if code else 'ok'}" for name, code in results.items()))
    return 1 if failed else 0


def gates() -> dict[str, list[str]]:
    """The checks of the source, by the name they are reported under."""
    lint_imports = shutil.which("lint-imports", path=str(Path(PYTHON).parent)) or "lint-imports"
    return {
        "ruff check": [PYTHON, "-m", "ruff", "check", "."],
        "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "."],
        "mypy": [PYTHON, "-m", "mypy"],
        "mypy (scripts)": [PYTHON, "-m", "mypy", *SCRIPTS],
        "import-linter": [lint_imports],
    }


def test_runs(arguments: list[str]) -> dict[str, list[str]]:
    """What goes to pytest, by the name it is reported under.

    All tests are two runs: windows are slow in processes in which thousands of other tests left what the
    collector has to go through.
    """
    if arguments:
        return {"pytest": arguments}
    return {"pytest": ["--ignore=tests/ui"], "pytest (window)": ["tests/ui"]}


def pytest_command(arguments: list[str], *, long: bool) -> list[str]:
    """pytest on all cores; without `long` a fixed sample of the campaigns (tests/conftest.py chooses it)."""
    choice = [] if long else ["-m", "not long"]
    return [PYTHON, "-m", "pytest", "-n", "auto", *choice, *arguments]


def test_environment(*, long: bool) -> dict[str, str]:
    """What the tests find in their environment: no screen, and whether the campaigns run whole."""
    return {"QT_QPA_PLATFORM": "offscreen", "CARDFORGE_LONG": "1" if long else "0"}


def bench(arguments: list[str]) -> int:
    """Every benchmark, one after the other, so that none disturbs another."""
    set_up(ROOT)
    chosen = sorted((ROOT / "benchmarks").glob("bench_*.py"))
    codes = {}
    for script in chosen:
        say(f"== {script.stem}")
        codes[script.stem] = call([PYTHON, str(script), *arguments], {"QT_QPA_PLATFORM": "offscreen"})
    failed = [name for name, code in codes.items() if code != 0]
    if failed or not chosen:
        raise SetupError(
            f"Failed: {', '.join(failed)}" if failed else "There are no benchmarks in benchmarks/."
        )
    return 0


def shots(arguments: list[str]) -> int:
    """Pictures of every screen, drawn without a display."""
    set_up(ROOT)
    script = str(ROOT / "docs" / "make_screenshots.py")
    return call([PYTHON, script, *arguments], {"QT_QPA_PLATFORM": "offscreen"})


def build(arguments: list[str]) -> int:
    """Freeze the app into dist/, then prove that the frozen one works."""
    set_up(ROOT)
    if sys.platform.startswith("linux"):
        libraries.provide_tools({"objdump": "binutils", "strip": "binutils"})
    folders = ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
    code = call([PYTHON, "-m", "PyInstaller", "--noconfirm", *folders, *arguments, "build.spec"])
    if code != 0:
        raise SetupError(f"PyInstaller stopped with exit code {code}; what it says above tells why.")
    return call([PYTHON, str(ROOT / "packaging" / "smoke_test.py"), str(ROOT / "dist" / "cardforge")])


def make_lock(arguments: list[str]) -> int:
    """Remake requirements.lock; arguments go to uv, e.g. --upgrade."""
    lock.make_lock(ROOT, arguments)
    return 0


def call(command: list[str], variables: "dict[str, str] | None" = None) -> int:
    """Run a command in the checkout and return its exit code."""
    return subprocess.call(command, cwd=ROOT, env={**os.environ, **(variables or {})})


def become(command: list[str]) -> int:
    """Go on as another program (Windows cannot: there it is waited for)."""
    if os.name != "nt":
        sys.stdout.flush()
        os.execv(command[0], command)
    return subprocess.call(command)


def wrong_use(words: str) -> int:
    """Print what was wrong and how it is meant; exit code 2."""
    print(f"{words}\n\n{__doc__}", file=sys.stderr)
    return 2


COMMANDS = {
    "setup": setup,
    "run": run,
    "test": test,
    "bench": bench,
    "shots": shots,
    "build": build,
    "lock": make_lock,
}


def main(arguments: list[str]) -> int:
    """Run one command; exit code its own, 1 for a problem, 2 for wrong use, 130 when interrupted."""
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0 if arguments else 2
    command = COMMANDS.get(arguments[0])
    if command is None:
        return wrong_use(f"There is no command '{arguments[0]}'.")
    try:
        return command(arguments[1:])
    except SetupError as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except OSError as error:
        full = (
            "The disk is full: free some space and try again."
            if error.errno == 28
            else "Put it right and try again."
        )
        print(f"\nThe system refused: {error}. {full}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
