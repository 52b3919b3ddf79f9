"""The environment `.venv`: made from `requirements.lock`, renewed when what it depends on changes."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

from devtools import libraries
from devtools.pythons import find_python, interpreter_of
from devtools.steps import SetupError, run_step, say

DISK_NEEDED = 2_000_000_000  # bytes: 800 MB of packages, their downloads and the cache of the installer
STAMP = ".cardforge-ready.json"
UNFINISHED = ".cardforge-unfinished"


def venv_python(environment: Path, system: str = os.name) -> Path:
    """The interpreter of a virtual environment; `system` is "nt" on Windows."""
    return environment / "Scripts" / "python.exe" if system == "nt" else environment / "bin" / "python"


def environment_version(environment: Path) -> str:
    """Python version of a virtual environment ("3.11.7"), "" when it is not a whole one."""
    try:
        lines = (environment / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    settings = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    version = settings.get("version") or settings.get("version_info", "")  # venv's word, uv's word
    return version if venv_python(environment).exists() else ""


def fingerprint(root: Path) -> dict[str, str]:
    """What the environment of `root` depends on; it is renewed when any of it changes."""
    inputs = b"".join((root / name).read_bytes() for name in ("requirements.lock", "pyproject.toml"))
    return {
        "inputs": hashlib.sha256(inputs).hexdigest(),
        "python": environment_version(root / ".venv"),
        "place": str(root),
    }


def read_stamp(root: Path) -> dict[str, str]:
    """What the last finished setup was made for; empty when there was none."""
    try:
        stamp = json.loads((root / ".venv" / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_ready(root: Path) -> bool:
    """Whether the environment stands as the lock and the project file want it."""
    return bool(environment_version(root / ".venv")) and read_stamp(root) == fingerprint(root)


def is_usable(root: Path, wanted: str) -> bool:
    """Whether the environment can be brought up to date; else it has to be made anew.

    Not one that an interrupted setup left, that was made in another place, or whose Python is gone.
    """
    environment = root / ".venv"
    stamp = read_stamp(root)
    if (environment / UNFINISHED).exists() or stamp.get("place", str(root)) != str(root):
        return False
    version = environment_version(environment)
    if not version or (wanted and version.split(".")[:2] != wanted.split(".")[:2]):
        return False
    return bool(interpreter_of([str(venv_python(environment))]))


def set_up(root: Path, wanted: str = "") -> None:
    """Bring `.venv` of `root` to what the lock says; nothing is started when it stands already.

    An interrupted setup leaves a mark, and the next one starts from nothing; after one that failed the next
    goes on with what is there. `wanted`: a Python version.
    """
    environment = root / ".venv"
    version = environment_version(environment)
    if is_ready(root) and (not wanted or version.split(".")[:2] == wanted.split(".")[:2]):
        return
    begun = time.monotonic()
    if not is_usable(root, wanted):
        make_environment(root, wanted)
    (environment / UNFINISHED).touch()
    (environment / STAMP).unlink(missing_ok=True)
    try:
        install_packages(root)
        if sys.platform.startswith("linux"):
            libraries.provide_libraries(site_packages(environment))
        check_imports(environment)
    except SetupError:
        (environment / UNFINISHED).unlink()  # the installer ended by itself: nothing is half written
        raise
    draft = environment / (STAMP + ".new")
    draft.write_text(json.dumps(fingerprint(root)), encoding="utf-8")
    draft.replace(environment / STAMP)
    (environment / UNFINISHED).unlink()
    say(f"CardForge is set up ({time.monotonic() - begun:.0f} s).")


def make_environment(root: Path, wanted: str) -> None:
    """An empty virtual environment in `.venv`, in place of what is there."""
    environment = root / ".venv"
    if sysconfig.get_platform() == "win-arm64":
        raise SetupError(
            "Some packages have no build for Windows on ARM. Install the x86-64 Python (python.org, "
            "'Windows installer (64-bit)') and start dev.py with it: Windows runs it as it is."
        )
    if shutil.disk_usage(root).free < DISK_NEEDED:
        raise SetupError(f"Setting up needs 2 GB of free disk space at {root}: free some and try again.")
    python = find_python(wanted) if wanted else getattr(sys, "_base_executable", sys.executable)
    if not python:
        raise SetupError(f"There is no Python {wanted} here, and no uv that could fetch it.")
    say(f"Making the environment {environment}")
    if environment.is_symlink() or environment.is_file():
        environment.unlink()
    elif environment.exists():
        shutil.rmtree(environment)
    environment.mkdir()
    (environment / UNFINISHED).touch()
    uv = shutil.which("uv")
    if uv:
        command = [uv, "venv", "--quiet", "--allow-existing", "--python", python, str(environment)]
        run_step(command, "Making the environment")
        return
    if subprocess.call([python, "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
        provide_venv_module(python)
    run_step([python, "-m", "venv", str(environment)], "Making the environment")


def provide_venv_module(python: str) -> None:
    """Install the part of Python that Debian keeps in a package of its own, or say how."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    package = f"python{subprocess.check_output([python, '-c', question], text=True).strip()}-venv"
    reason = "This Python lacks the modules that make environments (venv, ensurepip)."
    if not shutil.which("apt-get"):
        raise SetupError(f"{reason} Install them with your package manager, or install uv, and try again.")
    command = ["apt-get", "install", "-y", "--no-install-recommends", package]
    if not libraries.install_with_apt(reason, command):
        raise SetupError(f"{reason} Type this, then try again:\n    sudo apt-get install {package}")


def install_packages(root: Path) -> None:
    """The lock as it stands, without resolving anything, then CardForge itself as an editable package."""
    python = str(venv_python(root / ".venv"))
    lock = str(root / "requirements.lock")
    uv = shutil.which("uv")
    checked = ["--require-hashes", "--only-binary", ":all:"]
    linked = ["--no-deps", "--no-build-isolation", "--editable", str(root)]
    say("Installing the packages of requirements.lock (about 350 MB, unless they were downloaded before)")
    if uv:
        run_step([uv, "pip", "sync", "--python", python, *checked, lock], "Installing the packages")
        run_step([uv, "pip", "install", "--python", python, *linked], "Installing CardForge")
        return
    if subprocess.call([python, "-c", "import pip"], stderr=subprocess.DEVNULL) != 0:
        run_step([python, "-m", "ensurepip", "--default-pip"], "Installing pip")  # uv made it without pip
    pip = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", "install"]
    run_step([*pip, "--no-deps", "--no-compile", *checked, "-r", lock], "Installing the packages")
    # On all cores, where pip would use one. Files that are no Python of this version are no failure.
    compiling = [python, "-m", "compileall", "-q", "-j", "0", str(site_packages(root / ".venv"))]
    subprocess.call(compiling, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run_step([*pip, "--no-index", *linked], "Installing CardForge")


def check_imports(environment: Path) -> None:
    """Load what every start needs, so that a broken installation is found here."""
    names = "PySide6.QtWidgets, PySide6.QtSvg, sqlmodel, httpx, cardforge_desktop"
    answer = subprocess.run(
        [venv_python(environment), "-c", f"import {names}"], capture_output=True, text=True, check=False
    )
    if answer.returncode != 0:
        last = (answer.stderr.strip().splitlines() or [f"exit code {answer.returncode}"])[-1]
        raise SetupError(f"The installation does not load: {last}\nDelete {environment} and try again.")


def site_packages(environment: Path) -> Path:
    """The folder of installed packages in an environment on Linux or macOS."""
    return next(environment.glob("lib/python3*/site-packages"), environment)
