"""Orders, and the way from one list of cards to another: the model ends as the new one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt

from cardforge_desktop.cards.search import CardQuery
from cardforge_desktop.cards.summaries import CardSummary
from cardforge_desktop.ui.library.arrangement import Order, arranged, change_between, query_in, runs
from cardforge_desktop.ui.library.card_model import FALLING, SUMMARY, CardModel, Column

_START = datetime(2026, 1, 1, tzinfo=UTC)


def summary(number: int, version: int = 1, **more: object) -> CardSummary:
    """A row of a list."""
    when = _START + timedelta(minutes=number)
    values = {
        "tags": (),
        "files": (),
        "version": version,
        "permanent_tokens": number,
        "total_tokens": 2 * number,
    }
    made = CardSummary(
        f"card_{number}", f"Card {number}", "Default", "Built-in", f"{number}.md", False, when, when, (), ()
    )
    return replace(made, **(values | more))


lists = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 2)), max_size=25, unique_by=lambda pair: pair[0]
).map(lambda pairs: tuple(summary(*pair) for pair in pairs))


@given(lists, lists)
def test_whatever_the_lists_the_model_becomes_the_new_one(base, cards):
    model = CardModel()
    model.apply(change_between((), base))
    kept = [QPersistentModelIndex(model.index(row, 0)) for row in range(len(base))]
    change = change_between(base, cards)
    model.apply(change)
    assert model.cards == cards
    assert [model.index(row, 0).data(SUMMARY) for row in range(model.rowCount())] == list(cards)
    assert [model.row_of(card.id) for card in cards] == list(range(len(cards)))
    if not change.is_whole:
        still = {card.id for card in cards}
        for index, card in zip(kept, base, strict=True):
            assert index.isValid() == (card.id in still)
            if index.isValid():
                assert index.data(SUMMARY).id == card.id


def test_what_changed_is_told_and_nothing_else(qtbot):
    base = tuple(summary(at) for at in range(1_000))
    model = CardModel()
    model.apply(change_between((), base))
    told: list[tuple[str, int, int]] = []
    model.dataChanged.connect(lambda top, bottom, _roles: told.append(("data", top.row(), bottom.row())))
    model.rowsInserted.connect(lambda _parent, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _parent, first, last: told.append(("out", first, last)))
    model.layoutChanged.connect(lambda *_: told.append(("layout", 0, 0)))
    model.modelReset.connect(lambda: told.append(("reset", 0, 0)))
    edited = (*base[:500], summary(500, version=2), *base[501:])
    model.apply(change_between(base, edited))
    assert told == [("data", 500, 500)]
    told.clear()
    fewer = (summary(2_000), *edited[:10], *edited[20:])
    model.apply(change_between(edited, fewer))
    assert told == [("out", 10, 19), ("in", 0, 0)]
    told.clear()
    model.apply(change_between(fewer, fewer))
    assert told == []


def test_rows_that_change_places_keep_their_selection(qtbot):
    base = tuple(summary(at) for at in range(10))
    model = CardModel()
    model.apply(change_between((), base))
    selection = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag
    selection.select(model.index(3, 0), flags.Select | flags.Rows)
    turned = tuple(reversed(base))
    model.apply(change_between(base, turned))
    assert [index.data(SUMMARY).id for index in selection.selectedRows()] == ["card_3"]
    assert selection.selectedRows()[0].row() == 6


def test_a_filled_model_keeps_qts_rules(qtmodeltester):
    model = CardModel()
    model.apply(change_between((), tuple(summary(at, tags=("a",), rating=at % 6) for at in range(20))))
    qtmodeltester.check(model)


@pytest.mark.parametrize("key", ["newest", "oldest", "name", "edited", "rating", "tokens"])
def test_what_the_search_can_sort_is_left_to_it(key):
    assert query_in(CardQuery(text="x"), Order(key, True)) == CardQuery(text="x", sort=key, descending=True)
    cards = (summary(2), summary(1))
    assert arranged(cards, Order(key)) == cards


def test_the_other_columns_are_sorted_here():
    cards = (summary(1, source="b.md"), summary(2, source="A.md"), summary(3, source="c.md"))
    assert query_in(CardQuery(), Order("source")).sort == "newest"
    assert [card.source for card in arranged(cards, Order("source"))] == ["A.md", "b.md", "c.md"]
    assert [card.source for card in arranged(cards, Order("source", True))] == ["c.md", "b.md", "A.md"]
    marked = (summary(1), summary(2, out_of_date=True), summary(3, draft=True))
    assert [card.id for card in arranged(marked, Order("state"))] == ["card_2", "card_3", "card_1"]


def test_numbers_and_times_begin_with_the_highest():
    model = CardModel()
    for column in Column:
        order = model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.InitialSortOrderRole)
        assert (order == Qt.SortOrder.DescendingOrder) == (column in FALLING)


@given(st.sets(st.integers(0, 60)))
def test_runs_are_the_numbers_they_came_from(numbers):
    found = runs(sorted(numbers))
    assert {at for first, last in found for at in range(first, last + 1)} == numbers
    assert all(left[1] + 1 < right[0] for left, right in pairwise(found))


def test_names_are_found_by_their_beginning_from_the_current_row_on():
    model = CardModel()
    cards = tuple(summary(at, name=name) for at, name in enumerate(("Anna", "Bert", "anton", "Cleo")))
    assert model.find("a", 0) is None
    model.apply(change_between((), cards))
    assert [model.find("an", after) for after in (0, 1, 3)] == [0, 2, 0]
    assert model.find("x", 0) is None
