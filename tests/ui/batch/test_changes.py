"""From the rows that are shown to those that were read: nothing more is announced than what differs."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.ui.batch.columns import Role
from cardforge_desktop.ui.batch.controller import compare
from cardforge_desktop.ui.batch.queue_model import QueueModel
from cardforge_desktop.ui.batch.row_changes import RowChanges, put_in, runs
from tests.ui.items import item

_rows = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from(list(ItemStatus))), unique_by=lambda row: row[0]
)


@given(_rows, _rows)
def test_what_differs_makes_the_old_rows_the_new_ones(qapp, before, after):
    model = QueueModel()
    old = [item(*row) for row in before]
    new = [item(*row) for row in after]
    for items in (old, new):
        found = compare(model.snapshot(), items)
        model.forget(found.gone)
        model.update(found.changed)
        if found.order is not None:
            model.reorder(found.order)
        assert {each.id for each in found.changed} <= {each.id for each in items}
    started = {each.batch_id for each in new if each.status.value in ("queued", "processing", "completed")}
    wanted = sorted(new, key=lambda each: each.batch_id not in started)
    assert [model.index(row, 0).data(Role.ITEM) for row in range(model.rowCount())] == wanted
    assert compare(model.snapshot(), new).changed == []


@given(st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)), st.sets(st.integers(0, 30)))
def test_announced_runs_turn_one_list_into_the_other(stay, go, come):
    before = [str(at) for at in sorted(stay | go)]
    leaving = {str(at) for at in go - stay}
    entering = {str(at) for at in come - stay - go}
    after = [each for each in before if each not in leaving]
    put_in(after, entering, {str(at): at for at in range(31)})
    changes = RowChanges(before, after, leaving, entering)
    rows = list(before)
    for first, last in reversed(changes.removed):
        del rows[first : last + 1]
    for first, last in changes.inserted:
        rows[first:first] = after[first : last + 1]
    assert rows == after == sorted(after, key=int)


@given(st.sets(st.integers(0, 60)))
def test_runs_are_as_few_and_as_long_as_can_be(numbers):
    found = runs(sorted(numbers))
    assert [at for first, last in found for at in range(first, last + 1)] == sorted(numbers)
    assert all(start > end + 1 for (_, end), (start, _) in pairwise(found))
