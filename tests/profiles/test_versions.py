"""Versions only grow: of two who save on one version one wins, and the other is told and loses nothing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Hub
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileError, ProfileInvalid
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.paths import with_value
from cardforge_desktop.profiles.rows import Base
from cardforge_desktop.profiles.service import Profiles, base_of
from cardforge_desktop.store import database
from cardforge_desktop.store.database import Store, StoreError
from tests.profiles.stores import content, face, store_at
from tests.profiles.test_rules import contents


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_at(tmp_path / "store.db") as store:
        yield store


def reasons(profiles: Profiles, profile_id: str) -> list[tuple[int, str, str]]:
    return [(each.number, each.reason, each.saved_by) for each in profiles.history(profile_id)]


def test_every_save_is_a_version_and_all_of_them_stay(store: Store) -> None:
    profiles = face(store)
    first = profiles.create(content(description="One"))
    second = profiles.save(first.id, content(description="Two"), base_of(first))
    third = profiles.save(first.id, content("Snow", description="Three"), base_of(second), "merged")
    assert (third.version, profiles.get(first.id)) == (3, third)
    assert [profiles.at(first.id, number).description for number in (1, 2, 3)] == ["One", "Two", "Three"]
    assert [each.name for each in profiles.history(first.id)] == ["Snow", "Rain", "Rain"]
    assert reasons(profiles, first.id) == [
        (3, "merged", "ana, window"),
        (2, "saved", "ana, window"),
        (1, "created", "ana, window"),
    ]


@given(contents())
def test_what_the_rules_allow_is_saved_and_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, typed: ProfileContent
) -> None:
    with store_at(tmp_path_factory.getbasetemp() / "allowed.db") as store:
        profiles = face(store)
        if not profiles.validate(typed).valid:
            with pytest.raises(ProfileInvalid):
                profiles.create(typed)
            return
        saved = profiles.create(typed)
        assert saved.content == typed.model_copy(update={"name": typed.name.strip()})
        assert face(store).get(saved.id) == saved
        again = profiles.save(saved.id, with_value(typed, "description", "Changed"), base_of(saved))
        assert face(store).at(saved.id, 1) == saved
        assert again.version == (1 if typed.description == "Changed" else 2)
        profiles.save(saved.id, with_value(again.content, "name", saved.id), base_of(again))


def test_a_save_that_changes_nothing_is_no_version(store: Store) -> None:
    profiles = face(store)
    first = profiles.create(content(" Rain "))
    assert first.name == "Rain"
    assert profiles.save(first.id, content("Rain  "), base_of(first)) == first
    assert len(profiles.history(first.id)) == 1


def test_a_save_on_an_older_version_is_refused_and_tells_whose_the_newest_is(store: Store) -> None:
    ana, ben = face(store), face(store, "ben, command line")
    first = ana.create(content())
    theirs = ben.save(first.id, content(description="Theirs"), base_of(first))
    with pytest.raises(ProfileConflict) as caught:
        ana.save(first.id, content(description="Mine"), base_of(first))
    conflict = caught.value
    assert conflict.code is ErrorCode.PROFILE_VERSION_CONFLICT
    assert conflict.details == {
        "profile_id": first.id,
        "current_version": 2,
        "your_version": 1,
        "updated_by": "ben, command line",
        "updated_at": theirs.updated_at.isoformat(),
    }
    assert conflict.current == theirs
    assert ana.get(first.id) == theirs
    over = ana.save(first.id, content(description="Mine"), base_of(conflict.current), "overwritten")
    assert (over.version, ben.at(first.id, 2).description) == (3, "Theirs")


def test_a_number_that_came_again_after_a_backup_is_not_taken_for_the_same(
    store: Store, tmp_path: Path
) -> None:
    first = face(store).create(content())
    with closing(sqlite3.connect(store.path)) as live, closing(sqlite3.connect(tmp_path / "b.db")) as backup:
        live.backup(backup)
    loaded = face(store).save(first.id, content(description="Lost by the backup"), base_of(first))
    with store_at(tmp_path / "b.db") as restored:
        profiles = face(restored, "ben, window")
        again = profiles.save(first.id, content(description="After the backup"), base_of(first))
        assert again.version == loaded.version
        with pytest.raises(ProfileConflict) as caught:
            profiles.save(first.id, content(description="Mine"), base_of(loaded))
        assert caught.value.current == again
        assert (caught.value.your_version, caught.value.current.version) == (2, 2)


def test_a_version_without_its_time_is_compared_by_its_number(store: Store) -> None:
    """``--if-match 1`` of a command line knows no more."""
    profiles = face(store)
    first = profiles.create(content())
    assert profiles.save(first.id, content(description="Two"), Base(1)).version == 2
    with pytest.raises(ProfileConflict):
        profiles.save(first.id, content(description="Three"), Base(1))
    with pytest.raises(ProfileConflict):
        profiles.save(first.id, content(description="Three"), Base(9))
    late = profiles.get(first.id).updated_at + timedelta(microseconds=1)
    with pytest.raises(ProfileConflict):
        profiles.save(first.id, content(description="Three"), Base(2, late))


def test_the_time_of_a_version_is_the_same_from_the_save_and_from_the_store(store: Store) -> None:
    profiles = face(store)
    created = profiles.create(content())
    assert profiles.get(created.id) == created
    saved = profiles.save(created.id, content(description="Two"), base_of(profiles.get(created.id)))
    assert face(store).get(created.id) == saved == profiles.at(created.id, 2)


def test_a_restored_version_is_a_new_one(store: Store) -> None:
    profiles = face(store)
    first = profiles.create(content(description="One"))
    second = profiles.save(first.id, content("Snow", description="Two"), base_of(first))
    with pytest.raises(ProfileConflict):
        profiles.restore(first.id, 1, base_of(first))
    third = profiles.restore(first.id, 1, base_of(second))
    assert (third.version, third.content) == (3, first.content)
    assert reasons(profiles, first.id)[0] == (3, "restored 1", "ana, window")
    assert profiles.at(first.id, 2) == second
    with pytest.raises(ProfileError):
        profiles.restore(first.id, 9, base_of(third))


def test_a_restored_version_leaves_its_name_to_who_has_it_now(store: Store) -> None:
    profiles = face(store)
    first = profiles.create(content(description="One"))
    second = profiles.save(first.id, content("Snow", description="Two"), base_of(first))
    profiles.create(content("RAIN"))
    third = profiles.restore(first.id, 1, base_of(second))
    assert (third.name, third.description) == ("Snow", "One")


def test_a_copy_gets_a_name_that_is_free(store: Store) -> None:
    profiles = face(store)
    profiles.create(content("Straße"))
    assert profiles.copy(content("STRASSE")).name == "STRASSE 2"
    assert profiles.copy(content("straße")).name == "straße 3"
    long = profiles.create(content("x" * 100))
    copied = profiles.copy(long.content)
    assert len(copied.name) == 100
    assert copied.name.endswith(" 2")


@pytest.mark.parametrize("other", ["strasse", "STRASSE", " Straße", "stra\u00dfe"])
def test_a_name_is_taken_in_any_case_and_form(store: Store, other: str) -> None:
    profiles = face(store)
    profiles.create(content("Straße"))
    mine = profiles.create(content("Mine"))
    with pytest.raises(ProfileInvalid) as caught:
        profiles.create(content(other))
    assert caught.value.code is ErrorCode.PROFILE_INVALID
    assert [each.code for each in caught.value.validation.errors] == ["DUPLICATE_NAME"]
    with pytest.raises(ProfileInvalid):
        profiles.save(mine.id, content(other), base_of(mine))
    assert profiles.get(mine.id) == mine
    assert profiles.by_name(other).name == "Straße"


@pytest.mark.parametrize(
    ("one", "other"), [("Café", "CAFE\u0301"), ("İ two", "i\u0307 two"), ("Ångström", "A\u030angstro\u0308m")]
)
def test_composed_and_decomposed_names_are_one(store: Store, one: str, other: str) -> None:
    profiles = face(store)
    first = profiles.create(content(one))
    with pytest.raises(ProfileInvalid):
        profiles.create(content(other))
    renamed = profiles.save(first.id, content(other), base_of(first))
    assert renamed.name == other, "one's own name may be written anew"


def test_a_name_that_is_taken_between_the_rules_and_the_save_is_refused_as_taken(tmp_path: Path) -> None:
    """Another process saves while the rules are asked; the index on names must not be what says so."""
    with store_at(tmp_path / "store.db") as mine, store_at(tmp_path / "store.db") as theirs:
        other = face(theirs)
        around = face(mine)._surroundings

        def taken_meanwhile() -> object:
            if not any(each.name == "Rain" for each in other.profiles()):
                other.create(content("Rain"))
            return around()

        hub = Hub()
        profiles = Profiles(mine, hub, "ana, window", taken_meanwhile)  # type: ignore[arg-type]
        with pytest.raises(ProfileInvalid) as caught:
            profiles.create(content("RAIN"))
        assert [each.code for each in caught.value.validation.errors] == ["DUPLICATE_NAME"]


def test_what_the_rules_refuse_changes_nothing(store: Store) -> None:
    profiles = face(store)
    first = profiles.create(content())
    for bad in (content(""), content(prompts__task="no fields"), content(config__greetings=99)):
        with pytest.raises(ProfileInvalid) as caught:
            profiles.save(first.id, bad, base_of(first))
        assert caught.value.details == caught.value.validation.report()
        with pytest.raises(ProfileInvalid):
            profiles.create(bad)
    assert profiles.profiles() == (first,)


def test_a_deleted_profile_keeps_its_versions_and_comes_back_with_them(store: Store) -> None:
    profiles = face(store)
    other = profiles.create(content("Other"))
    first = profiles.create(content())
    second = profiles.save(first.id, content(description="Two"), base_of(first))
    profiles.delete(first.id)
    assert profiles.profiles() == (other,)
    assert len(profiles.history(first.id)) == 2
    assert face(store).at(first.id, 1) == first
    with pytest.raises(ProfileError) as caught:
        profiles.save(first.id, content(description="Mine"), base_of(second))
    assert caught.value.code is ErrorCode.PROFILE_DELETED
    taken = profiles.create(content("RAIN"))
    back = profiles.bring_back(first.id)
    assert (back.name, back.version, back.description) == ("Rain 2", 3, "Two")
    assert {each.name for each in profiles.profiles()} == {"Other", taken.name, "Rain 2"}
    assert profiles.bring_back(first.id) == back, "it is there already"


def test_the_last_profile_stays(store: Store) -> None:
    profiles = face(store)
    only = profiles.create(content())
    with pytest.raises(ProfileError) as caught:
        profiles.delete(only.id)
    assert caught.value.code is ErrorCode.PROFILE_LAST
    with pytest.raises(ProfileError) as caught:
        profiles.delete("profile_none")
    assert caught.value.code is ErrorCode.PROFILE_NOT_FOUND


def test_a_delete_of_an_older_version_is_refused(store: Store) -> None:
    profiles = face(store)
    profiles.create(content("Other"))
    first = profiles.create(content())
    second = profiles.save(first.id, content(description="Two"), base_of(first))
    with pytest.raises(ProfileConflict):
        profiles.delete(first.id, base_of(first))
    assert profiles.get(first.id) == second
    profiles.delete(first.id, base_of(second))


def test_a_saved_version_is_read_once(store: Store) -> None:
    profiles = face(store)
    first = profiles.create(content(description="One"))
    known = profiles.at(first.id, 1)
    profiles.save(first.id, content(description="Two"), base_of(first))
    assert profiles.at(first.id, 1) is known
    assert profiles.at(first.id, 2).description == "Two"
    with pytest.raises(ProfileError):
        profiles.at(first.id, 3)
    third = face(store).save(first.id, content(description="Three"), base_of(profiles.get(first.id)))
    assert profiles.at(first.id, 3) == third, "that it was not there is not remembered"


@pytest.mark.parametrize("by", ["this process", "another"])
def test_a_version_that_comes_again_after_a_restored_backup_is_the_new_one(store: Store, by: str) -> None:
    profiles = face(store)
    first = profiles.create(content(description="One"))
    with closing(sqlite3.connect(store.path)) as live, closing(sqlite3.connect(":memory:")) as backup:
        live.backup(backup)
        profiles.save(first.id, content(description="Two"), base_of(first))
        assert profiles.at(first.id, 2).description == "Two"
        backup.backup(live)
    writer = profiles if by == "this process" else face(store)
    again = writer.save(first.id, content(description="Another two"), base_of(first))
    if by == "another":
        assert profiles.get(first.id) == again  # as whoever is told of a change reads it
    assert profiles.at(first.id, 2) == again


def test_a_save_tells_the_window_and_one_that_fails_does_not(store: Store) -> None:
    hub, heard = Hub(), list[Changed]()
    hub.changed.connect(heard.append)
    profiles = Profiles(store, hub, "ana, window")
    first = profiles.create(content())
    profiles.save(first.id, content(description="Two"), base_of(first))
    assert [each.ids for each in heard] == [frozenset({first.id})] * 2
    with pytest.raises(ProfileConflict):
        profiles.save(first.id, content(description="Three"), base_of(first))
    profiles.save(first.id, content(description="Two"), base_of(profiles.get(first.id)))
    assert len(heard) == 2


def test_a_store_that_is_busy_refuses_the_save_and_takes_it_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 30)
    with store_at(tmp_path / "store.db") as store:
        profiles = face(store)
        first = profiles.create(content())
        mine = content(description="Mine")
        with closing(sqlite3.connect(store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreError) as caught:
                profiles.save(first.id, mine, base_of(first))
            assert caught.value.code is ErrorCode.STORE_BUSY
            assert profiles.get(first.id) == first, "reading goes on"
            other.execute("ROLLBACK")
        assert profiles.save(first.id, mine, base_of(first)).version == 2


def test_of_many_threads_one_wins_each_round(tmp_path: Path) -> None:
    """Each with a store of its own on one file, as processes have."""
    path, count, rounds = tmp_path / "store.db", 4, 6
    with store_at(path) as store:
        first = face(store).create(content())
    together = threading.Barrier(count, timeout=60)
    won: list[Profile] = []
    lost: list[ProfileConflict] = []

    def write(number: int) -> None:
        with store_at(path) as store:
            profiles = face(store, f"writer {number}")
            for turn in range(rounds):
                base = base_of(profiles.get(first.id))
                together.wait()
                try:
                    won.append(profiles.save(first.id, content(description=f"{turn} {number}"), base))
                except ProfileConflict as conflict:
                    lost.append(conflict)
                together.wait()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store_at(path) as store:
        profiles = face(store)
        assert sorted(each.version for each in won) == [*range(2, rounds + 2)]
        assert len(lost) == (count - 1) * rounds
        assert all(profiles.at(first.id, each.version).content == each.content for each in won)
        assert all(each.current.version == each.your_version + 1 for each in lost)
        winners = {each.version: each.updated_by for each in won}
        assert all(each.current.updated_by == winners[each.current.version] for each in lost)


def test_a_profile_knows_who_made_it_and_who_changed_it(store: Store) -> None:
    first = face(store).create(content())
    second = face(store, "ben, local API").save(first.id, content(description="Two"), base_of(first))
    assert (second.created_by, second.updated_by) == ("ana, window", "ben, local API")
    assert second.created_at == first.created_at < second.updated_at
    assert replace(base_of(second), saved_at=None) == Base(2)
