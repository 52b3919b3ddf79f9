"""Rows of the batch builder: put together, taken apart, moved; none is lost on the way."""

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.batches.finding import NewSource
from cardforge_desktop.ui.batch.builder.source_model import Entry, SourceModel

PLACES = st.lists(st.integers(0, 9), max_size=10)
STEPS = st.lists(st.tuples(st.sampled_from(["merge", "split", "up", "down"]), PLACES), max_size=8)


def filled(count: int = 10) -> SourceModel:
    model = SourceModel()
    model.append([Entry(NewSource(f"source-{number}.md", None), tokens=number) for number in range(count)])
    return model


def names(model: SourceModel) -> list[list[str]]:
    return [[entry.source.name for entry in row.entries] for row in model.rows()]


@given(STEPS)
def test_whatever_is_done_every_source_stays_once(steps: list[tuple[str, list[int]]]) -> None:
    model = filled()
    for step, places in steps:
        chosen = [at for at in places if at < model.rowCount()]
        match step:
            case "merge":
                model.merge(chosen)
            case "split":
                model.split(chosen)
            case "up":
                model.move(chosen, -1)
            case _:
                model.move(chosen, 1)
        found = sorted(name for row in names(model) for name in row)
        assert found == [f"source-{number}.md" for number in range(10)]
        assert all(row for row in names(model))


@given(PLACES)
def test_what_was_put_together_comes_apart_in_its_order(places: list[int]) -> None:
    model = filled()
    model.merge(places)
    model.split(range(model.rowCount()))
    flat = [name for row in names(model) for name in row]
    chosen = sorted(set(places))
    rest = [at for at in range(10) if at not in chosen]
    expected = list(range(10)) if len(chosen) < 2 else [*rest[: chosen[0]], *chosen, *rest[chosen[0] :]]
    assert flat == [f"source-{at}.md" for at in expected]


@given(PLACES, st.sampled_from([-1, 1]))
def test_moved_rows_keep_their_order_among_themselves(places: list[int], step: int) -> None:
    model = filled()
    before = [model.rows()[at] for at in sorted(set(places))]
    after = model.move(places, step)
    assert [model.rows()[at] for at in after] == before


def test_tokens_and_errors_of_several_sources_are_those_of_all() -> None:
    model = filled(3)
    model.merge([0, 1, 2])
    (row,) = model.rows()
    assert (row.name, row.tokens, row.error) == ("source-0.md + 2", 3, "")
    assert len(model.usable()) == 1
    row.entries[1].tokens, row.entries[1].error = None, "the file is empty."
    assert row.tokens is None
    assert row.error == "source-1.md: the file is empty."
    model.tell()
    assert model.usable() == []
