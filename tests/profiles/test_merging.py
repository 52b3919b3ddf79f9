"""Two people changed one profile: all that either did is in the merge, or is shown to be in conflict."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.profiles.merging import Side, merge, merge_lists
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of, with_value, with_values
from cardforge_desktop.profiles.text_merging import merge_texts
from cardforge_desktop.text_diff import hunks

BASE = "The old keeper lives by the sea. He sings at night.\n\nNobody knows his name.\n"
vocabulary = st.sampled_from(["sea", "old", "he", "霧", "{{char}}", " ", " ", "\n", ".", "ß", "a"])
texts = st.lists(vocabulary, max_size=25).map("".join) | st.text(max_size=30)


OLD, SINGS, NOBODY = "old", " He sings at night.", "Nobody"


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (
            BASE.replace(OLD, "young"),
            BASE.replace("sea", "moor"),
            BASE.replace(OLD, "young").replace("sea", "moor"),
        ),
        (
            BASE + "It is late.\n",
            BASE.replace(NOBODY, "Hardly anybody"),
            BASE.replace(NOBODY, "Hardly anybody") + "It is late.\n",
        ),
        (BASE.replace(SINGS, ""), "Once. " + BASE, "Once. " + BASE.replace(SINGS, "")),
        (BASE.replace(OLD, "young"), BASE.replace(OLD, "young"), BASE.replace(OLD, "young")),
    ],
)
def test_changes_of_both_at_different_places_are_in_one_text(mine: str, theirs: str, merged: str) -> None:
    merge = merge_texts(BASE, mine, theirs)
    assert (merge.text, merge.is_clean) == (merged, True)


def test_two_wordings_of_one_place_both_stay_and_are_found() -> None:
    merge = merge_texts("She is old.", "She is young.", "She is ancient.")
    assert merge.text == "She is young / ancient."
    (overlap,) = merge.overlaps
    assert merge.text[overlap.start : overlap.mine_end] == "young"
    assert merge.text[overlap.theirs_start : overlap.end] == "ancient"
    assert not merge.is_clean


def test_what_both_wrote_anew_is_there_once_and_the_rest_beside_it() -> None:
    merge = merge_texts("Rules.", "Rules. Be short and wry.", "Rules. Be short and kind.")
    assert merge.text == "Rules. Be short and wry / kind."


def test_two_paragraphs_at_one_place_stand_on_lines_of_their_own() -> None:
    merge = merge_texts("A.\n", "A.\nMine one.\nMine two.\n", "A.\nTheirs.\n")
    assert not merge.is_clean
    assert "/" not in merge.text
    assert merge.text.splitlines() == ["A.", "Mine one.", "Mine two.", "Theirs."]


def test_what_one_took_out_and_the_other_changed_stays_and_is_looked_at() -> None:
    merge = merge_texts(
        "Come in. Mind the old step. Sit.", "Come in. Sit.", "Come in. Mind the worn step. Sit."
    )
    assert "worn" in merge.text
    (overlap,) = merge.overlaps
    assert overlap.start == overlap.mine_end, "mine is empty here"


@given(texts, texts)
def test_who_changed_nothing_does_not_matter(base: str, changed: str) -> None:
    assert merge_texts(base, changed, base) == merge_texts(base, base, changed)
    assert merge_texts(base, changed, base).text == changed
    assert merge_texts(base, changed, changed).text == changed
    assert merge_texts(base, changed, changed).is_clean


@given(texts, texts, texts)
def test_nothing_that_either_added_is_lost(base: str, mine: str, theirs: str) -> None:
    merge = merge_texts(base, mine, theirs)
    for side in (mine, theirs):
        for hunk in hunks(base, side):
            missing = Counter(hunk.new) - Counter(merge.text) if hunk.kind == "changed" else None
            assert not missing
    other_way = merge_texts(base, theirs, mine)
    assert merge.is_clean == other_way.is_clean
    if merge.is_clean:
        assert merge.text == other_way.text


@given(texts, texts, texts)
def test_every_overlap_names_the_words_of_both(base: str, mine: str, theirs: str) -> None:
    merge = merge_texts(base, mine, theirs)
    end = 0
    for overlap in merge.overlaps:
        assert end <= overlap.start <= overlap.mine_end <= overlap.theirs_start <= overlap.end
        end = overlap.end
        own = merge.text[overlap.start : overlap.mine_end]
        other = merge.text[overlap.theirs_start : overlap.end]
        assert own in mine
        assert other in theirs
        assert own != other
    assert end <= len(merge.text)


@given(st.data())
def test_changes_of_different_lines_are_always_clean(data: st.DataObject) -> None:
    lines = [f"Line {number} of the template stands here.\n" for number in range(12)]
    places = data.draw(st.lists(st.integers(0, 11), min_size=2, max_size=8, unique=True))
    new = [f"{data.draw(st.sampled_from(['Altered', 'Änderung', '変更']))} {place}.\n" for place in places]
    split = data.draw(st.integers(1, len(places) - 1))
    mine, theirs, both = list(lines), list(lines), list(lines)
    for index, (place, line) in enumerate(zip(places, new, strict=True)):
        both[place] = line
        (mine if index < split else theirs)[place] = line
    merge = merge_texts("".join(lines), "".join(mine), "".join(theirs))
    assert merge.is_clean
    assert merge.text == "".join(both)


@pytest.mark.timeout(20)  # of the worst, far over what it takes: cubic time would be hours
@pytest.mark.parametrize("word", ["keeper lamp sea ", "a ", " ", "x", "\n", "霧"])
def test_texts_of_a_hundred_kilobytes_are_merged_in_bounded_time(word: str) -> None:
    base = word * (100_000 // len(word.encode()))
    middle = len(base) // 2
    mine = base[: middle // 2] + "MINE " + base[middle // 2 :]
    theirs = base[:middle] + base[middle + 500 :] + " THEIRS"
    merge = merge_texts(base, mine, theirs)
    assert "MINE" in merge.text
    assert "THEIRS" in merge.text


names = st.sampled_from(["json", "v2", "v3", "tavernai", "lorebook"])
lists = st.lists(names, unique=True).map(tuple)


@given(lists, lists, lists)
def test_of_lists_additions_and_removals_of_both_happen(
    base: tuple[str, ...], mine: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    merged = merge_lists(base, mine, theirs)
    added = (set(mine) | set(theirs)) - set(base)
    taken_out = set(base) - (set(mine) & set(theirs))
    assert set(merged) == (set(base) | added) - taken_out
    assert len(merged) == len(set(merged))
    assert set(merge_lists(base, theirs, mine)) == set(merged)


def test_a_profile_is_merged_field_by_field() -> None:
    base = ProfileContent(name="Prose")
    mine = with_values(base, {"name": "Mine", "prompts.task": "{fields}", "config.formats": ("json", "v3")})
    theirs = with_values(base, {"name": "Theirs", "config.greetings": 5, "config.formats": ("json", "v2")})
    merged = merge(base, mine, theirs)
    sides = {field.path: field.side for field in merged.changed}
    assert sides == {
        "name": Side.CONFLICT,
        "prompts.task": Side.MINE,
        "config.greetings": Side.THEIRS,
        "config.formats": Side.CONFLICT,
    }
    assert [field.path for field in merged.conflicts if not field.is_clean] == ["name"]
    assert not merged.is_clean
    result = merged.result({"name": "Both"})
    assert (result.name, result.prompts.task, result.config.greetings) == ("Both", "{fields}", 5)
    assert result.config.formats == ("json", "v3")


paths = st.sampled_from(
    ["name", "description", "prompts.system", "prompts.fields.tags", "config.greetings", "type"]
)


@st.composite
def contents(draw: st.DrawFn) -> ProfileContent:
    content = ProfileContent(name="Base", description="What it is for, in a few words.")
    for path in draw(st.lists(paths, max_size=4, unique=True)):
        if path == "config.greetings":
            content = with_value(content, path, draw(st.integers(0, 20)))
        elif path == "type":
            content = with_value(content, path, draw(st.sampled_from(["character", "group"])))
        else:
            content = with_value(content, path, draw(texts))
    return content


@given(contents(), contents(), contents())
def test_of_any_three_profiles_a_profile_is_made(
    base: ProfileContent, mine: ProfileContent, theirs: ProfileContent
) -> None:
    merged = merge(base, mine, theirs)
    result = merged.result()
    assert set(fields_of(result)) == set(fields_of(base))
    assert merge(base, mine, mine).result() == mine
    assert merge(base, base, theirs).result() == theirs
    other_way = merge(base, theirs, mine)
    assert merged.is_clean == other_way.is_clean
    if merged.is_clean:
        assert result == other_way.result()
    assert merged.result({field.path: field.mine for field in merged.fields}) == mine
    assert merged.result({field.path: field.theirs for field in merged.fields}) == theirs
