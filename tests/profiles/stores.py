"""Stores with profiles, and faces on them."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from cardforge_desktop.events import Hub
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.service import Profiles
from cardforge_desktop.profiles.shipped import shipped_profiles
from cardforge_desktop.profiles.unsaved import UnsavedProfiles
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate


@contextmanager
def store_at(path: Path) -> Iterator[Store]:
    """The store of that file, made where there is none."""
    store = Store(path)
    try:
        migrate(store)
        yield store
    finally:
        store.close()


def face(store: Store, author: str = "ana, window") -> Profiles:
    """The profiles as one face has them."""
    return Profiles(store, Hub(), author)


def unsaved(store: Store, owner: str, *dead: str) -> UnsavedProfiles:
    """What is not saved, as the process `owner` has it; those of `dead` have ended."""
    return UnsavedProfiles(store, Hub(), f"{owner}, window", owner, lambda other: other not in dead)


def content(name: str = "Rain", **values: object) -> ProfileContent:
    """A profile that can be saved; `values` by path, a dot written as two underscores."""
    paths = {path.replace("__", "."): value for path, value in values.items()}
    return with_values(_default(), {"name": name, **paths})


@cache
def _default() -> ProfileContent:
    return next(each.content for each in shipped_profiles() if each.id == "profile_default")
