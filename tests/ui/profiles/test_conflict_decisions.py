"""Decisions: one per field, kept over a newer version where they still hold; nothing written is lost."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.profiles.merging import Side
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of, with_values
from cardforge_desktop.ui.profiles.conflict.decisions import Decisions, Way

BASE = ProfileContent(name="Hero")
SYSTEM, TASK, HEAT = "prompts.system", "prompts.task", "config.sampling.temperature"


def having(content: ProfileContent = BASE, **values: Any) -> ProfileContent:
    """The content with values by path, its dots written as double underscores."""
    return with_values(content, {path.replace("__", "."): value for path, value in values.items()})


@pytest.fixture
def decisions() -> Decisions:
    """A conflict in the system prompt, the task mine, the temperature theirs."""
    return Decisions.between(
        BASE,
        having(prompts__system="funny", prompts__task="mine"),
        having(prompts__system="tragic", config__sampling__temperature=0.8),
    )


def test_what_one_side_changed_is_merged_and_a_conflict_waits(decisions: Decisions):
    assert decisions.undecided == (SYSTEM,)
    assert decisions.way_of(SYSTEM) is None
    assert decisions.way_of(TASK) is Way.MINE
    assert decisions.way_of(HEAT) is Way.THEIRS
    assert (decisions.result.prompts.task, decisions.result.config.sampling.temperature) == ("mine", 0.8)


def test_each_way_gives_its_value(decisions: Decisions):
    assert decisions.take(SYSTEM, Way.MINE).result.prompts.system == "funny"
    assert decisions.take(SYSTEM, Way.THEIRS).result.prompts.system == "tragic"
    assert decisions.write(SYSTEM, "both").result.prompts.system == "both"
    assert decisions.write(SYSTEM, "both").undecided == ()
    assert decisions.undecided == (SYSTEM,)  # unchanged itself


def test_editing_starts_from_the_proposed_merge(decisions: Decisions):
    edited = decisions.take(SYSTEM, Way.EDITED)
    assert edited.value_of(SYSTEM) == decisions.field(SYSTEM).merged
    assert edited.undecided == ()


def test_what_was_merged_by_itself_can_be_decided_too(decisions: Decisions):
    assert decisions.take(TASK, Way.THEIRS).result.prompts.task == BASE.prompts.task
    assert decisions.take(HEAT, Way.MINE).result.config.sampling.temperature is None


def test_what_was_written_is_there_again_after_another_way(decisions: Decisions):
    back = decisions.write(SYSTEM, "both").take(SYSTEM, Way.MINE).take(SYSTEM, Way.EDITED)
    assert back.result.prompts.system == "both"


def test_a_newer_version_keeps_decisions_of_fields_it_left_alone(decisions: Decisions):
    decided = decisions.take(SYSTEM, Way.MINE).take(TASK, Way.THEIRS)
    newer = having(decided.theirs, config__sampling__temperature=0.5)
    again = decided.against(newer)
    assert again.ways == {SYSTEM: Way.MINE, TASK: Way.THEIRS}
    assert again.result.config.sampling.temperature == 0.5
    assert decided.reopened_by(newer) == ()


def test_a_newer_version_asks_again_of_a_field_it_changed_and_keeps_what_was_written(decisions: Decisions):
    decided = decisions.write(SYSTEM, "both")
    newer = having(decided.theirs, prompts__system="comic")
    again = decided.against(newer)
    assert decided.reopened_by(newer) == (SYSTEM,)
    assert again.undecided == (SYSTEM,)
    assert again.draft_of(SYSTEM) == "both"


def test_what_was_decided_before_is_taken_up_for_the_same_changes_only(decisions: Decisions):
    left = decisions.write(SYSTEM, "both")
    newer = having(left.theirs, config__style="terse")
    assert Decisions.between(left.base, left.mine, newer, left) == left.against(newer)
    other = having(left.mine, description="more")
    assert Decisions.between(left.base, other, newer, left).ways == {}


def test_the_same_version_changes_nothing(decisions: Decisions):
    assert decisions.against(decisions.theirs) is decisions


def test_an_unknown_field_is_told(decisions: Decisions):
    with pytest.raises(KeyError):
        decisions.field("prompts.nothing")


# Properties

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["Hero", "Villain", "Fool"]),
    SYSTEM: st.text(max_size=20),
    TASK: st.text(max_size=20),
    HEAT: st.one_of(st.none(), st.floats(0, 2)),
    "config.formats": st.lists(st.sampled_from(["json", "v2"]), unique=True).map(tuple),
    "config.book.include": st.booleans(),
}
contents = st.fixed_dictionaries({}, optional=VALUES).map(lambda values: with_values(BASE, values))
deeds = st.lists(st.tuples(st.sampled_from(list(VALUES)), st.sampled_from(list(Way))), max_size=8)


def decided(base: ProfileContent, mine: ProfileContent, theirs: ProfileContent, done: Any) -> Decisions:
    made = Decisions.between(base, mine, theirs)
    for path, way in done:
        made = made.take(path, way)
    return made


@given(contents, contents, contents, deeds)
def test_each_field_of_the_result_is_what_its_way_says(base, mine, theirs, done):
    made = decided(base, mine, theirs, done)
    result = fields_of(made.result)
    for each in made.merge.fields:
        assert result[each.path] == made.value_of(each.path)
        if each.path not in made.ways:
            assert result[each.path] == each.merged
        elif made.ways[each.path] is Way.MINE:
            assert result[each.path] == each.mine
        elif made.ways[each.path] is Way.THEIRS:
            assert result[each.path] == each.theirs


@given(contents, contents, contents, deeds)
def test_deciding_every_conflict_leaves_none_and_changes_nothing_else(base, mine, theirs, done):
    made = decided(base, mine, theirs, done)
    for path in made.undecided:
        made = made.take(path, Way.THEIRS)
    assert made.undecided == ()
    untouched = {each.path for each in made.merge.fields if each.side is Side.NOBODY} - set(made.ways)
    assert all(made.value_of(path) == fields_of(base)[path] for path in untouched)


@given(contents, contents, contents, contents, deeds)
def test_a_newer_version_is_as_if_it_had_been_theirs_from_the_start(base, mine, theirs, newer, done):
    again = decided(base, mine, theirs, done).against(newer)
    assert again.merge == Decisions.between(base, mine, newer).merge
    for path, way in again.ways.items():
        assert fields_of(newer)[path] == fields_of(theirs)[path]
        assert again.way_of(path) is way
    assert set(again.edits) == set(decided(base, mine, theirs, done).edits)
