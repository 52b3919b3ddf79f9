"""The queue's item model keeps to Qt's rules and to the core's values."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.events import Progress
from cardforge_desktop.ui.batch.queue_model import Column, QueueModel, Role
from tests.ui.items import item

COUNT = 10_000


def sources(model: QueueModel) -> list[str]:
    return [model.index(row, Column.SOURCE).data() for row in range(model.rowCount())]


def test_it_keeps_qts_rules(qtmodeltester, qapp):
    model = QueueModel()
    model.replace([item(1), item(2, ItemStatus.PROCESSING), item(3, ItemStatus.FAILED)])
    qtmodeltester.check(model)
    model.update([item(4), item(1, ItemStatus.COMPLETED)])
    model.forget(["item_2"])
    model.sort(Column.SOURCE, Qt.SortOrder.DescendingOrder)
    model.narrow("source")
    assert sources(model) == ["source-00004.md", "source-00003.md", "source-00001.md"]


def test_an_update_names_the_card_beside_its_source(qapp):
    model = QueueModel()
    model.replace([item(1), item(2, source="mirela.md", target="old.png")])
    assert sources(model) == ["source-00001.md", "mirela.md → old.png"]
    model.narrow("old.png")
    assert sources(model) == ["mirela.md → old.png"]


_steps = st.lists(
    st.one_of(
        st.tuples(st.just("replace"), st.lists(st.integers(1, 12), unique=True)),
        st.tuples(st.just("update"), st.lists(st.integers(1, 12), unique=True)),
        st.tuples(st.just("forget"), st.lists(st.integers(1, 12), unique=True)),
        st.tuples(st.just("sort"), st.integers(-1, 6)),
        st.tuples(st.just("narrow"), st.sampled_from(["", "1", "0001", "nothing"])),
    ),
    max_size=12,
)


@given(steps=_steps)
def test_any_order_of_changes_ends_with_the_same_rows(qapp, steps):
    model, known, needle = QueueModel(), {}, ""
    for kind, value in steps:
        if kind == "replace":
            known = {number: item(number) for number in value}
            model.replace(list(known.values()))
        elif kind == "update":
            fresh = {number: item(number, estimate_input=number * 7) for number in value}
            known |= fresh
            model.update(list(fresh.values()))
        elif kind == "forget":
            known = {number: each for number, each in known.items() if number not in value}
            model.forget([f"item_{number}" for number in value])
        elif kind == "sort":
            model.sort(value)
        else:
            needle = value
            model.narrow(value)
    shown = {each.id for each in known.values() if needle in each.source}
    rows = [model.index(row, 0).data(Role.ITEM) for row in range(model.rowCount())]
    assert {each.id for each in rows} == shown
    assert all(known[each.position] == each for each in rows)
    assert all(model.row_of(each.id) == row for row, each in enumerate(rows))


def test_the_order_of_the_queue_is_followed(qapp):
    model = QueueModel()
    model.replace([item(1), item(2), item(3)])
    model.replace([item(3), item(1), item(2)])
    assert [model.index(row, 0).data(Role.ITEM).position for row in range(3)] == [3, 1, 2]


def test_ten_thousand_rows_one_change_one_repaint(qapp):
    model = QueueModel()
    rows = [item(number) for number in range(COUNT)]
    model.replace(rows)
    changes: list[tuple[int, int]] = []
    resets: list[bool] = []
    model.dataChanged.connect(lambda first, last: changes.append((first.row(), last.row())))
    model.modelReset.connect(lambda: resets.append(True))
    rows[5_000] = dataclasses.replace(rows[5_000], status=ItemStatus.COMPLETED)
    model.replace(rows)
    model.move_on([Progress("item_77", "writing", "name", "Mirela", 0.5)])
    assert changes == [(5_000, 5_000), (77, 77)]
    assert resets == []


def test_many_changes_are_announced_in_one_signal(qapp):
    model = QueueModel()
    model.replace([item(number) for number in range(100)])
    changes: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changes.append((first.row(), last.row())))
    model.update([item(number, ItemStatus.QUEUED) for number in (3, 4, 5, 9, 40, 41)])
    assert changes == [(3, 41)]


def test_sorting_keeps_the_current_row_on_its_item(qapp):
    model = QueueModel()
    model.replace([item(number) for number in range(50)])
    kept = QPersistentModelIndex(model.index(7, 0))
    model.sort(Column.TOKENS, Qt.SortOrder.DescendingOrder)
    assert model.index(0, 0).data(Role.ITEM).position == 49
    assert kept.data(Role.ITEM).position == 7
    model.sort(-1)
    assert kept.row() == 7


@pytest.mark.parametrize(
    ("stage", "word"),
    [("waiting", "Waiting"), ("writing", "Writing"), ("repairing", "Repairing"), ("saving", "Saving")],
)
def test_a_running_row_says_its_stage_in_words(qapp, stage, word):
    model = QueueModel()
    model.replace([item(1, ItemStatus.PROCESSING)])
    model.move_on([Progress("item_1", stage, "first_mes", "Hello", 0.25)])
    assert model.index(0, Column.STATE).data() == word
    assert model.index(0, Column.PROGRESS).data() == "First message"
    assert model.index(0, Column.PROGRESS).data(Role.FRACTION) == 0.25
    assert word in model.index(0, Column.STATE).data(Qt.ItemDataRole.AccessibleTextRole)


def test_an_error_is_told_without_the_name_the_row_shows_already(qapp):
    model = QueueModel()
    model.replace([item(1, ItemStatus.FAILED)])
    assert model.index(0, Column.PROGRESS).data() == "It is empty."
