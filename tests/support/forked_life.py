"""What runs in the forks of `tests.support.forked`."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from typing import Any

from cardforge_desktop.cli import main

#: What commands import when they need it, modules and packages with all that is in them.
ROOMS = ("workspace", "api", "books", "batches", "generation", "cards", "profiles", "sources", "cli")


def import_rooms() -> None:
    """Import all of `ROOMS`."""
    for room in ROOMS:
        module = importlib.import_module(f"cardforge_desktop.{room}")
        for found in pkgutil.walk_packages(getattr(module, "__path__", []), module.__name__ + "."):
            importlib.import_module(found.name)


def live(plan: dict[str, Any]) -> None:
    """In the fork: what a new process for this command would be, and the command."""
    os.chdir(plan["folder"])
    os.environ.clear()
    os.environ.update(plan["environment"])
    writing = os.O_WRONLY | os.O_CREAT
    for number, (path, flags) in enumerate(
        ((os.devnull, os.O_RDONLY), (plan["stdout"], writing), (plan["stderr"], writing))
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = ["-c", *plan["arguments"]]
    sys.exit(main())


import_rooms()
