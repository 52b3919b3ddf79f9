"""``cardforge doctor``: what works on this machine and what does not, with the way out."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from cardforge_desktop import __version__
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.paths import Paths, find_paths


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `ok` None is a plain fact."""

    topic: str
    text: str
    ok: bool | None = None


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("doctor", help="what works on this machine and what does not")
    parser.set_defaults(run=run)


def run(_arguments: argparse.Namespace) -> int:
    """Print the findings; exit code 1 when something does not work."""
    sound = True
    for finding in examine():
        mark = {True: "ok  ", False: "FAIL", None: "    "}[finding.ok]
        print(f"{mark} {finding.topic:<12} {finding.text}", flush=True)
        sound = sound and finding.ok is not False
    return 0 if sound else 1


def examine() -> Iterator[Finding]:
    """Look at everything the app needs, cheapest first."""
    yield Finding("CardForge", __version__)
    yield Finding("Python", f"{platform.python_version()} on {platform.platform()}")
    for name in ("PySide6-Essentials", "xllamacpp", "httpx", "sqlmodel"):
        yield _package(name)
    paths = find_paths()
    for name in ("data", "logs", "cache", "models", "output"):
        yield Finding(name, str(getattr(paths, name)))
    yield _display()
    yield _tokenizer()
    yield from _workspace(paths)


def _package(name: str) -> Finding:
    from importlib.metadata import PackageNotFoundError, version  # slow: no other command needs it

    try:
        return Finding(name, version(name))
    except PackageNotFoundError:
        # A frozen app carries the modules without their metadata.
        module = {"PySide6-Essentials": "PySide6"}.get(name, name)
        return Finding(name, "inside the app" if find_spec(module) else "not installed")


def _display() -> Finding:
    if sys.platform in ("win32", "darwin"):
        return Finding("display", "the desktop's own", ok=True)
    for variable in ("WAYLAND_DISPLAY", "DISPLAY"):
        if os.environ.get(variable):
            return Finding("display", f"{variable}={os.environ[variable]}", ok=True)
    return Finding("display", "none: the window can't open here, the command line works")


def _tokenizer() -> Finding:
    from cardforge_desktop.tokens import tokenizer_for

    tokenizer = tokenizer_for("gpt-4o")
    sound = tokenizer.count("tiktoken is great!") == 6
    return Finding("tokenizer", f"{tokenizer.name}, offline", ok=sound)


def _workspace(paths: Paths) -> Iterator[Finding]:
    """The store, the keyring and each engine."""
    from cardforge_desktop.workspace import Workspace

    try:
        workspace = Workspace.open(paths, face="command line")
    except (CardForgeError, OSError) as error:
        yield Finding("store", str(error), ok=False)
        return
    try:
        yield Finding("store", f"{paths.store} opens", ok=True)
        backend = workspace.keychain.backend()
        yield Finding("keyring", backend or "none here: API keys last until the app closes")
        for connection in workspace.engines.connections():
            health = workspace.engines.check(connection.name)
            yield Finding(
                "engine", f"{workspace.engines.label(connection.name)}: {health.message}", health.ok
            )
    finally:
        workspace.close()
