"""Any mix of saves, conflicts, restores, copies, deletes and drafts by two faces: nothing ever disappears."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.errors import ProfileConflict, ProfileError, ProfileInvalid
from cardforge_desktop.profiles.merging import merge
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.names import name_key
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate
from tests.conftest import LONG
from tests.profiles.stores import content, face, unsaved

NAMES = ("Rain", "rain", "Straße", "STRASSE", "Café", "Cafe\u0301", " Snow ", "Snow")
texts = st.sampled_from(["", "For rainy days.", "For sunny days.", "For all days.", "For rainy, cold days."])
prompts = st.sampled_from(["You write cards.", "You write good cards.", "You write cards of {character}."])
contents = st.builds(
    lambda name, text, prompt: content(name, description=text, prompts__system=prompt),
    st.sampled_from(NAMES),
    texts,
    prompts,
)
#: What a save changes; most keep the name.
edits = st.fixed_dictionaries(
    {"description": texts, "prompts.system": prompts}, optional={"name": st.sampled_from(NAMES)}
)
OWNERS = ("ana", "ben")
faces = st.sampled_from([0, 1])


@cache
def empty_store() -> tempfile.TemporaryDirectory[str]:
    """A folder with a store that is copied for each run: making one takes longer than a run."""
    folder = tempfile.TemporaryDirectory(prefix="cardforge-machine-")
    store = Store(Path(folder.name) / "store.db")
    migrate(store)
    store.close()
    return folder


class History(RuleBasedStateMachine):
    """Two faces on one file, each with a store of its own, against a model of what was ever saved."""

    ids = Bundle("ids")
    loaded = Bundle("loaded")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="cardforge-machine-"))
        shutil.copy(Path(empty_store().name) / "store.db", self.folder)
        self.stores = [Store(self.folder / "store.db") for _ in range(2)]
        self.faces = [face(store, author) for store, author in zip(self.stores, OWNERS, strict=True)]
        self.drafts = [unsaved(store, owner) for store, owner in zip(self.stores, OWNERS, strict=True)]
        self.versions: dict[str, list[ProfileContent]] = {}
        self.deleted: set[str] = set()
        self.aside: Counter[tuple[str, str]] = Counter()
        self.kept: dict[tuple[str, int], str] = {}

    def teardown(self) -> None:
        for store in self.stores:
            store.close()
        shutil.rmtree(self.folder)

    def taken(self, name: str, profile_id: str = "") -> bool:
        others = (each for each in self.versions if each not in self.deleted and each != profile_id)
        return name_key(name) in {name_key(self.versions[each][-1].name) for each in others}

    def saved(self, profile: Profile) -> None:
        """A version is in the model from its save on."""
        versions = self.versions.setdefault(profile.id, [])
        if not versions or profile.content != versions[-1]:
            versions.append(profile.content)
        assert profile.version == len(versions)

    @initialize(target=loaded)
    def begin(self) -> Profile:
        """One that is loaded by whoever saves on it first and last."""
        profile = self.faces[0].create(content())
        self.saved(profile)
        return profile

    @rule(target=ids, base=loaded)
    def know(self, base: Profile) -> str:
        return base.id

    @rule(target=ids, who=faces, new=contents)
    def create(self, who: int, new: ProfileContent) -> object:
        try:
            profile = self.faces[who].create(new)
        except ProfileInvalid:
            assert self.taken(new.name)
            return multiple()
        assert not self.taken(new.name)
        self.saved(profile)
        return profile.id

    @rule(target=ids, who=faces, new=contents)
    def copy(self, who: int, new: ProfileContent) -> str:
        profile = self.faces[who].copy(new)
        assert not self.taken(profile.name)
        self.saved(profile)
        return profile.id

    @rule(target=loaded, who=faces, profile_id=ids)
    def load(self, who: int, profile_id: str) -> object:
        if profile_id in self.deleted:
            return multiple()
        return self.faces[who].get(profile_id)

    @rule(target=loaded, who=faces, base=loaded, edit=edits)
    def save(self, who: int, base: Profile, edit: dict[str, str]) -> object:
        new = with_values(base.content, edit)
        return self.put(who, base, new, lambda: self.faces[who].save(base.id, new, base_of(base)))

    @rule(target=loaded, who=faces, base=loaded, number=st.integers(1, 6))
    def restore(self, who: int, base: Profile, number: int) -> object:
        versions = self.versions[base.id]
        if number > len(versions) or base.id in self.deleted:
            with pytest.raises(ProfileError):
                self.faces[who].restore(base.id, number, base_of(base))
            return multiple()
        old = versions[number - 1]
        if self.taken(old.name, base.id):
            old = old.model_copy(update={"name": versions[-1].name})
        return self.put(who, base, old, lambda: self.faces[who].restore(base.id, number, base_of(base)))

    def put(self, who: int, base: Profile, new: ProfileContent, write: Callable[[], Profile]) -> object:
        """A save on the version `base`: it wins, or loses for a reason that the model knows."""
        is_newest = base.version == len(self.versions[base.id])
        if self.taken(new.name, base.id):
            with pytest.raises(ProfileInvalid):
                write()
        elif base.id in self.deleted:
            with pytest.raises(ProfileError) as refused:
                write()
            assert refused.value.code is ErrorCode.PROFILE_DELETED
        elif not is_newest:
            with pytest.raises(ProfileConflict) as caught:
                write()
            assert caught.value.your_version == base.version
            assert caught.value.current.version == len(self.versions[base.id])
            return self.resolve(who, base, new, caught.value)
        else:
            profile = write()
            self.saved(profile)
            return profile
        return multiple()

    def resolve(self, who: int, base: Profile, mine: ProfileContent, conflict: ProfileConflict) -> object:
        """As the dialog does: mine goes to the history, the merge is saved on theirs."""
        self.drafts[who].set_aside(base.id, base.version, mine)
        self.aside[base.id, str(mine)] += 1
        self.kept.pop((base.id, who), None)
        merged = merge(base.content, mine, conflict.current.content)
        result = merged.result({"name": conflict.current.name})
        profile = self.faces[who].save(base.id, result, base_of(conflict.current), "merged")
        self.saved(profile)
        return profile

    @rule(who=faces, profile_id=ids)
    def delete(self, who: int, profile_id: str) -> None:
        there = set(self.versions) - self.deleted
        if profile_id in there and len(there) > 1:
            self.faces[who].delete(profile_id)
            self.deleted.add(profile_id)
        else:
            with pytest.raises(ProfileError):
                self.faces[who].delete(profile_id)

    @rule(who=faces, profile_id=ids)
    def bring_back(self, who: int, profile_id: str) -> None:
        profile = self.faces[who].bring_back(profile_id)
        self.deleted.discard(profile_id)
        self.saved(profile)

    @rule(who=faces, base=loaded, new=contents)
    def keep(self, who: int, base: Profile, new: ProfileContent) -> None:
        self.drafts[who].keep(base.id, base.version, new)
        self.kept[base.id, who] = str(new)

    @rule(who=faces, base=loaded)
    def drop(self, who: int, base: Profile) -> None:
        self.drafts[who].drop(base.id)
        self.kept.pop((base.id, who), None)

    @invariant()
    def every_version_is_there(self) -> None:
        for store in self.stores:
            fresh = face(store)
            for profile_id, versions in self.versions.items():
                numbers = [each.number for each in fresh.history(profile_id)]
                assert numbers == list(range(len(versions), 0, -1))
                found = [fresh.at(profile_id, number).content for number in sorted(numbers)]
                assert found == versions

    @invariant()
    def names_are_told_apart(self) -> None:
        names = [name_key(each.name) for each in self.faces[0].profiles()]
        assert len(set(names)) == len(names) == len(self.versions) - len(self.deleted)

    @invariant()
    def what_is_unsaved_is_there(self) -> None:
        for profile_id in self.versions:
            drafts = self.drafts[0].of_profile(profile_id)
            aside = Counter(str(each.content) for each in drafts if not each.owner)
            assert aside == Counter({text: n for (of, text), n in self.aside.items() if of == profile_id})
            kept = {(each.owner, str(each.content)) for each in drafts if each.owner}
            assert kept == {(OWNERS[who], text) for (of, who), text in self.kept.items() if of == profile_id}


History.TestCase.settings = settings(max_examples=300 if LONG else 15, stateful_step_count=25)
TestHistory = History.TestCase
