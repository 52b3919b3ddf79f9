"""Profiles: the shipped ones are there at the first start, and a version never changes."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardforge_desktop.events import Hub
from cardforge_desktop.profiles.errors import ProfileError
from cardforge_desktop.profiles.service import Profiles
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "store.db")
    migrate(store)
    yield store
    store.close()


def opened(store: Store, author: str = "ana, window") -> Profiles:
    profiles = Profiles(store, Hub(), author)
    profiles.add_shipped()
    return profiles


def test_the_default_profile_ships_and_is_found_in_any_case(store: Store) -> None:
    profiles = opened(store)
    default = profiles.by_name("DEFAULT")
    assert default.name == "Default"
    assert default.version == 1
    assert default.config.formats == ("json", "v2", "tavernai")
    assert profiles.at(default.id, 1) == default


def test_the_default_profile_asks_for_every_required_field(store: Store) -> None:
    profiles = opened(store)
    profile = profiles.by_name("Default")
    fields = profile.config.fields
    required = {"name", "description", "personality", "scenario", "first_mes", "mes_example"}
    assert all(fields[name].write and profile.prompts.fields[name] for name in required)
    assert not fields["system_prompt"].write, "only where a profile asks for it"


def test_two_processes_add_the_shipped_profiles_once(store: Store) -> None:
    begin = threading.Barrier(4)

    def add() -> None:
        begin.wait(5)
        opened(store)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    names = [profile.name for profile in opened(store).profiles()]
    assert names == sorted(set(names), key=str.casefold)


def test_an_unknown_name_lists_those_that_exist(store: Store) -> None:
    profiles = opened(store)
    with pytest.raises(ProfileError, match="Default"):
        profiles.by_name("Nobody")
    with pytest.raises(ProfileError):
        profiles.at("profile_default", 99)
