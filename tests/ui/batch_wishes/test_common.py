"""What drafts have in common, whatever drafts they are."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.ui.batch.wishes.common import VARIOUS, common_of, formats_with
from cardforge_desktop.ui.batch.wishes.estimate import sum_text
from cardforge_desktop.ui.batch.wishes.update import fields_of, fields_shown, fields_with
from tests.ui.items import item

_FORMATS = ("json", "v3", "tavernai", "charx")
rows = st.lists(
    st.builds(
        lambda at, more: item(at, **more),
        st.integers(1, 10**6),
        st.fixed_dictionaries(
            {
                "profile": st.sampled_from(("Default", "Compact")),
                "engine": st.sampled_from(("A", "B")),
                "overwrite": st.booleans(),
                "output": st.sampled_from((Path("/one"), Path("/two"))),
                "formats": st.lists(st.sampled_from(_FORMATS), min_size=1, unique=True).map(tuple),
                "local": st.booleans(),
                "estimate_input": st.none() | st.integers(1, 10**6),
                "estimate_output": st.integers(1, 10**6),
                "estimate_cost": st.none() | st.decimals(0, 10, places=4),
            }
        ),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row.id,
)


@given(rows)
def test_a_value_is_shown_just_when_all_have_it(drafts) -> None:
    common = common_of(drafts)
    for name in ("profile", "engine", "overwrite", "output"):
        values = {getattr(draft, name) for draft in drafts}
        assert getattr(common, name) == (values.pop() if len(values) == 1 else VARIOUS)
    for name in _FORMATS:
        having = [name in draft.formats for draft in drafts]
        assert (name in common.formats) == any(having)
        assert common.formats.get(name, False) == all(having)


@given(rows, st.sampled_from(_FORMATS), st.booleans())
def test_ticking_a_format_leaves_the_others_of_each_row(drafts, name, wanted) -> None:
    parts = formats_with(drafts, name, wanted=wanted)
    assert sorted(each for ids in parts.values() for each in ids) == sorted(draft.id for draft in drafts)
    after = {item_id: formats for formats, ids in parts.items() for item_id in ids}
    for draft in drafts:
        assert (name in after[draft.id]) is wanted
        assert [each for each in after[draft.id] if each != name] == [
            each for each in draft.formats if each != name
        ]


@given(rows)
def test_the_sum_counts_each_row_once_and_nothing_unknown_as_free(drafts) -> None:
    total = common_of(drafts).sum
    known = [draft for draft in drafts if draft.estimate_input is not None]
    assert total.tokens == sum(draft.estimate_input + draft.estimate_output for draft in known)
    assert total.waiting + len(known) == len(drafts)
    paid = [draft for draft in known if not draft.local]
    assert total.cost == sum((draft.estimate_cost or Decimal(0) for draft in paid), Decimal(0))
    assert total.unpriced == sum(draft.estimate_cost is None for draft in paid)


def test_a_price_nobody_knows_is_not_called_free() -> None:
    unknown = item(1, local=False, estimate_cost=None)
    assert "free" not in sum_text(common_of([unknown]).sum)
    assert "free" in sum_text(common_of([replace(unknown, local=True)]).sum)
    assert "1" in sum_text(common_of([unknown, item(2, local=False, estimate_cost=Decimal(1))]).sum)


_KNOWN = {"Default": ("description", "personality", "book"), "Compact": ("description",)}
updates = st.lists(
    st.builds(
        lambda at, more: item(at, **more),
        st.integers(1, 10**6),
        st.fixed_dictionaries(
            {
                "profile": st.sampled_from(tuple(_KNOWN)),
                "target": st.sampled_from(("", "old.png")),
                "include_book": st.booleans(),
                "fields": st.lists(st.sampled_from(_KNOWN["Default"]), unique=True).map(tuple),
            }
        ),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda row: row.id,
)


@given(updates, st.sampled_from(_KNOWN["Default"]), st.booleans())
def test_ticking_a_field_changes_it_alone_and_only_where_the_profile_asks_for_it(
    drafts, name, wanted
) -> None:
    parts = fields_with(drafts, name, _KNOWN, wanted=wanted)
    after = {item_id: fields for fields, ids in parts.items() for item_id in ids}
    for draft in drafts:
        possible = [each for each in _KNOWN[draft.profile] if each != "book" or draft.include_book]
        assert (draft.id in after) == (bool(draft.target) and name in possible)
        if draft.id not in after or after[draft.id] == ("",):
            continue
        fields = fields_of(replace(draft, fields=after[draft.id]), _KNOWN)
        assert (name in fields) is wanted
        before = fields_of(draft, _KNOWN)
        assert [each for each in fields if each != name] == [each for each in before if each != name]


@given(updates)
def test_a_field_is_ticked_just_when_all_that_can_write_it_do(drafts) -> None:
    shown = fields_shown(drafts, _KNOWN)
    for name in _KNOWN["Default"]:
        can = [
            d for d in drafts if d.target and name in _KNOWN[d.profile] and (name != "book" or d.include_book)
        ]
        having = {name in fields_of(draft, _KNOWN) for draft in can}
        assert shown.get(name) == (None if not can else VARIOUS if len(having) > 1 else having.pop())
