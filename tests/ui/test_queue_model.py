"""The queue's item model keeps to Qt's rules and to the core's values."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QPersistentModelIndex, Qt

from cardforge_desktop.batches.model import (
    BatchOptions,
    BatchStatus,
    BatchSummary,
    Counts,
    ErrorInfo,
    ItemStatus,
)
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Progress
from cardforge_desktop.ui.batch.columns import Column, Role
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.batch.sieve import Filter
from cardforge_desktop.ui.batch.state import Group, group_of
from cardforge_desktop.ui.batch.tally import NEW
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
        st.tuples(st.just("sort"), st.integers(-1, 8)),
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


def test_thousands_of_rows_are_sorted_bit_by_bit(qapp, qtbot):
    model = QueueModel()
    model.replace([item(number) for number in range(COUNT)])
    model.sort(Column.TOKENS, Qt.SortOrder.DescendingOrder)
    assert positions(model)[:2] == [0, 1]
    model.update([item(COUNT - 1, estimate_input=1)])
    model.forget([f"item_{COUNT - 2}"])
    order = [*range(COUNT - 3, -1, -1), COUNT - 1]
    qtbot.waitUntil(lambda: positions(model) == order)
    model.sort(Column.TOKENS)
    assert positions(model) == order[::-1]


def test_waiting_rows_of_a_paused_batch_are_sorted_by_the_state_they_show(qapp, qtbot):
    model = QueueModel()
    model.replace([item(number, ItemStatus.QUEUED, batch_id=f"batch_{number % 2}") for number in range(4)])
    model.set_batches([batch("batch_0"), batch("batch_1", BatchStatus.PAUSED)])
    model.sort(Column.STATE)
    assert positions(model) == [1, 3, 0, 2]
    model.set_batches([batch("batch_0", BatchStatus.PAUSED), batch("batch_1")])
    qtbot.waitUntil(lambda: positions(model) == [0, 2, 1, 3])


@pytest.mark.parametrize(
    ("stage", "word"),
    [("waiting", "Waiting"), ("writing", "Writing"), ("repairing", "Repairing"), ("saving", "Saving")],
)
def test_a_running_row_says_its_stage_in_words(qapp, stage, word):
    model = QueueModel()
    model.replace([item(1, ItemStatus.PROCESSING)])
    model.move_on([Progress("item_1", stage, "first_mes", "Hello", 0.25)])
    assert model.index(0, Column.STATE).data() == word
    assert model.index(0, Column.PROGRESS).data() == "First message · 25%"
    assert model.index(0, Column.PROGRESS).data(Role.FRACTION) == 0.25
    assert word in model.index(0, Column.STATE).data(Qt.ItemDataRole.AccessibleTextRole)


def test_an_error_is_told_without_the_name_the_row_shows_already(qapp):
    model = QueueModel()
    model.replace([item(1, ItemStatus.FAILED)])
    assert model.index(0, Column.PROGRESS).data() == "It is empty."


def batch(batch_id: str, status: BatchStatus = BatchStatus.PROCESSING) -> BatchSummary:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    return BatchSummary(batch_id, f"Name of {batch_id}", status, BatchOptions(), Counts(), moment, moment)


def positions(model: QueueModel) -> list[int]:
    return [model.index(row, 0).data(Role.ITEM).position for row in range(model.rowCount())]


def test_rows_come_and_go_as_their_state_does(qapp):
    model = QueueModel()
    model.replace([item(1), item(2, ItemStatus.QUEUED), item(3, ItemStatus.QUEUED), item(4)])
    model.show_only(Filter(group=Group.WAITING))
    assert positions(model) == [2, 3]
    model.update([item(1, ItemStatus.QUEUED), item(2, ItemStatus.PROCESSING), item(4, ItemStatus.QUEUED)])
    assert positions(model) == [1, 3, 4]
    assert [model.count(group) for group in (Group.WAITING, Group.RUNNING, Group.READY)] == [3, 1, 0]
    model.forget(["item_3"])
    assert positions(model) == [1, 4]
    assert model.count() == 3


def test_rows_of_one_batch_and_of_none_are_told_apart(qapp):
    model = QueueModel()
    rows = [
        item(1, ItemStatus.COMPLETED),
        item(2, batch_id="draft"),
        item(3, ItemStatus.FAILED, batch_id="draft"),
    ]
    model.replace(rows)
    model.set_batches([batch("batch_1")])
    model.show_only(Filter(batch="batch_1"))
    assert positions(model) == [1]
    assert model.index(0, Column.BATCH).data() == "Name of batch_1"
    model.show_only(Filter(batch=NEW))
    assert positions(model) == [2, 3]
    assert model.index(0, Column.BATCH).data() == "New"
    assert (model.count(batch=NEW), model.count(Group.FAILED, NEW)) == (2, 1)


def test_waiting_rows_of_a_paused_batch_say_so_and_count_so(qapp):
    model = QueueModel()
    model.replace(
        [item(1, ItemStatus.QUEUED), item(2, ItemStatus.QUEUED, held=True), item(3, ItemStatus.PROCESSING)]
    )
    model.set_batches([batch("batch_1")])
    assert [model.index(row, Column.STATE).data() for row in range(3)] == ["Queued", "Paused", "Writing"]
    model.set_batches([batch("batch_1", BatchStatus.PAUSED)])
    assert [model.index(row, Column.STATE).data() for row in range(3)] == ["Paused", "Paused", "Pausing"]
    assert (model.count(Group.PAUSED), model.count(Group.WAITING)) == (2, 0)
    model.set_batches([batch("batch_1")])
    assert (model.count(Group.PAUSED), model.count(Group.WAITING)) == (1, 1)
    # A limit pauses no local engine.
    model.update([item(1, ItemStatus.QUEUED, local=False), item(3, ItemStatus.QUEUED, local=True)])
    reason = ErrorInfo("The next call may pass today's limit.", ErrorCode.LIMIT_REACHED)
    stopped = dataclasses.replace(batch("batch_1", BatchStatus.PAUSED), reason=reason)
    model.set_batches([stopped])
    assert [model.index(row, Column.STATE).data() for row in range(3)] == ["Paused", "Paused", "Queued"]
    model.set_batches([dataclasses.replace(stopped, reason=None)])
    assert [model.index(row, Column.STATE).data() for row in range(3)] == ["Paused"] * 3


_states = st.sampled_from(list(ItemStatus))
_updates = st.lists(st.lists(st.tuples(st.integers(1, 10), _states, st.booleans()), max_size=6), max_size=8)


@given(updates=_updates, group=st.sampled_from(list(Group)), sorted_by=st.integers(-1, 8))
def test_filtered_rows_are_those_that_match_whatever_changed(qapp, updates, group, sorted_by):
    model, known = QueueModel(), {number: item(number) for number in range(1, 11)}
    model.replace(list(known.values()))
    model.show_only(Filter(group=group))
    model.sort(sorted_by)
    for update in updates:
        changed = {number: item(number, status, held=held) for number, status, held in update}
        known |= changed
        model.update(list(changed.values()))
        wanted = [number for number, each in known.items() if group in (Group.ALL, group_of(each))]
        assert sorted(positions(model)) == wanted
        if sorted_by < 0:
            assert positions(model) == wanted
        assert model.count(group) == len(wanted)
        assert all(model.row_of(f"item_{number}") == row for row, number in enumerate(positions(model)))


def test_a_sorted_row_finds_its_place_after_a_while(qapp, qtbot):
    model = QueueModel()
    model.replace([item(1, estimate_input=10), item(2, estimate_input=20), item(3, estimate_input=30)])
    model.sort(Column.TOKENS)
    model.update([item(1, estimate_input=99)])
    assert positions(model) == [1, 2, 3]
    qtbot.waitUntil(lambda: positions(model) == [2, 3, 1])


def test_a_running_row_tells_field_share_and_pace(qapp):
    model = QueueModel()
    model.replace([item(1, ItemStatus.PROCESSING)])
    model.move_on([Progress("item_1", "writing", "first_mes", "Hello", 0.25, tokens_per_second=33.6)])
    assert model.index(0, Column.PROGRESS).data() == "First message · 25% · 34 tokens/s"
    assert model.pace("batch_1") == 33.6
    assert model.pace("batch_2") is None


def test_a_selection_stays_on_its_items_when_rows_are_sorted(qapp):
    model = QueueModel()
    model.replace([item(number) for number in range(6)])
    selection = QItemSelectionModel(model)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (1, 2):
        selection.select(model.index(row, 0), flags)
    model.sort(Column.TOKENS, Qt.SortOrder.DescendingOrder)
    assert sorted(index.data(Role.ITEM).position for index in selection.selectedRows()) == [1, 2]
