"""Which Python CardForge runs on, and how to find one.

Any Python from 3.6 on can read this file: it is what an unsupported one runs.
"""

import shutil
import subprocess

OLDEST = (3, 11)
NEWEST = (3, 13)


def is_supported(version: "tuple[int, ...]") -> bool:
    """Whether CardForge runs on this Python, given as (major, minor, ...)."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def python_needed(running: "tuple[int, ...]") -> str:
    """What to tell someone whose Python does not fit and who has no other one."""
    return (
        "CardForge needs Python 3.11, 3.12 or 3.13; this is Python {}.{} and no fitting one was found.\n"
        "Either install `uv` (pip install uv, brew install uv or winget install astral-sh.uv)\n"
        "and type this command again: it fetches a Python by itself.\n"
        "Or install Python 3.13 (Debian and Ubuntu: sudo apt install python3 python3-venv; Fedora: sudo dnf\n"
        "install python3.13; macOS: brew install python@3.13; Windows: winget install Python.Python.3.13)\n"
        "and start dev.py with it, e.g.: python3.13 dev.py run"
    ).format(running[0], running[1])


def find_python(wanted: str = "") -> str:
    """Path of a supported Python, of version `wanted` ("3.12") if given; "" when there is none.

    The usual names are tried first, then `uv`, which also fetches one.
    """
    for version in [wanted] if wanted else ["3.13", "3.12", "3.11"]:
        for command in (["python" + version], ["py", "-" + version]):
            path = interpreter_of(command)
            if path:
                return path
    uv = shutil.which("uv")
    if not uv:
        return ""
    known = first_line([uv, "python", "find", "--no-project", wanted or ">=3.11,<3.14"])
    if known or subprocess.call([uv, "python", "install", wanted or "3.13"]) != 0:
        return known
    return first_line([uv, "python", "find", "--no-project", wanted or "3.13"])


def interpreter_of(command: "list[str]") -> str:
    """The interpreter that `command` starts, "" when it starts none that is supported."""
    question = "import sys; print(sys.executable if %r <= sys.version_info[:2] <= %r else '')"
    return first_line([*command, "-c", question % (OLDEST, NEWEST)])


def first_line(command: "list[str]") -> str:
    """First line that a command prints, "" when it fails or is not there."""
    try:
        answer = subprocess.run(
            command,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
        )
    except OSError:
        return ""
    return answer.stdout.partition("\n")[0].strip() if answer.returncode == 0 else ""
