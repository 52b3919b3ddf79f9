"""Processes that change one profile at the same moment."""

from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from cardforge_desktop.profiles.errors import ProfileConflict
from cardforge_desktop.profiles.service import base_of
from tests.profiles.stores import content, face, store_at

WAIT = 60
ROUNDS = 5


def write(path: Path, profile_id: str, name: str, together: Barrier, said: "Queue[Any]") -> None:
    """Load and save, all at once, `ROUNDS` times; what became of each save goes to `said`.

    A win is ``(name, version)``, a conflict ``(name, details)``.
    """
    with store_at(path) as store:
        profiles = face(store, name)
        for turn in range(ROUNDS):
            base = base_of(profiles.get(profile_id))
            together.wait(WAIT)
            try:
                saved = profiles.save(profile_id, content(description=f"{name} in round {turn}"), base)
                said.put((name, saved.version))
            except ProfileConflict as conflict:
                said.put((name, conflict.details))
            together.wait(WAIT)
