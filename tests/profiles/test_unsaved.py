"""What is written and not saved: kept while it is edited, in the history when it had to give way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.errors import ProfileError
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.store.database import Store
from tests.profiles.stores import content, face, store_at, unsaved


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with store_at(tmp_path / "store.db") as store:
        yield store


@pytest.fixture
def profile(store: Store) -> Profile:
    return face(store).create(content())


def test_what_is_under_edit_is_kept_once_for_each_process(store: Store, profile: Profile) -> None:
    ana, ben = unsaved(store, "ana"), unsaved(store, "ben")
    ana.keep(profile.id, 1, content(description="H"))
    ana.keep(profile.id, 1, content(description="Ha"))
    ben.keep(profile.id, 1, content(description="B"))
    assert {(each.owner, each.content.description) for each in ana.of_profile(profile.id)} == {
        ("ana", "Ha"),
        ("ben", "B"),
    }
    ana.drop(profile.id)
    assert [each.owner for each in ana.of_profile(profile.id)] == ["ben"]
    assert not any(each.is_lost for each in ana.of_profile(profile.id))


def test_what_gave_way_stays_whatever_is_kept_and_dropped_later(store: Store, profile: Profile) -> None:
    ana = unsaved(store, "ana")
    ana.keep(profile.id, 1, content(description="Mine"))
    aside = ana.set_aside(profile.id, 1, content(description="Mine"))
    assert ana.of_profile(profile.id) == (aside,), "it is no longer under edit"
    ana.keep(profile.id, 2, content(description="Next"))
    ana.drop(profile.id)
    ana.take_over(aside.id)
    ana.forget(aside.id)
    second = ana.set_aside(profile.id, 2, content(description="Second"))
    assert ana.of_profile(profile.id) == (second, aside), "the newest first"
    face(store).create(content("Other"))
    face(store).delete(profile.id)
    assert len(ana.of_profile(profile.id)) == 2


def test_what_a_dead_process_left_is_offered_until_somebody_decides(store: Store, profile: Profile) -> None:
    unsaved(store, "dead").keep(profile.id, 1, content(description="Half"))
    ana = unsaved(store, "ana", "dead")
    assert unsaved(store, "ben").lost_ids() == frozenset(), "to ben it is alive"
    assert ana.lost_ids() == {profile.id}
    (lost,) = ana.of_profile(profile.id)
    assert (lost.is_lost, lost.content.description) == (True, "Half")
    ana.take_over(lost.id)
    assert ana.lost_ids() == frozenset()
    assert [(each.owner, each.content.description) for each in ana.of_profile(profile.id)] == [("", "Half")]


def test_only_what_a_dead_process_left_can_be_forgotten(store: Store, profile: Profile) -> None:
    kept = unsaved(store, "ben").keep(profile.id, 1, content(description="B"))
    unsaved(store, "ana").forget(kept.id)
    unsaved(store, "ana").take_over(kept.id)
    assert unsaved(store, "ana").of_profile(profile.id) == (kept,)
    unsaved(store, "ana", "ben").forget(kept.id)
    assert unsaved(store, "ana").of_profile(profile.id) == ()


def test_of_a_profile_that_is_not_there_nothing_is_kept(store: Store) -> None:
    for keep in (unsaved(store, "ana").keep, unsaved(store, "ana").set_aside):
        with pytest.raises(ProfileError) as caught:
            keep("profile_none", 1, content())
        assert caught.value.code is ErrorCode.PROFILE_NOT_FOUND


@given(st.text(st.characters(codec=None), max_size=30), st.integers(-(10**30), 10**30))
def test_what_can_not_be_saved_yet_is_kept_as_it_is(
    tmp_path_factory: pytest.TempPathFactory, text: str, number: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "unsaved.db"
    with store_at(path) as store:
        known = face(store).profiles()
        profile = known[0] if known else face(store).create(content())
        typed = with_values(
            profile.content,
            {"name": text, "prompts.task": text, "config.greetings": number, "config.style": text},
        )
        unsaved(store, "ana").keep(profile.id, 1, typed)
        (kept,) = unsaved(store, "ana").of_profile(profile.id)
        assert kept.content == typed
