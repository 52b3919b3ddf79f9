"""Wishes are carried one after the other; until they are read back, they are shown as made."""

from dataclasses import replace

import pytest

from cardforge_desktop.ui.batch.wishes.changing import Changing, Part
from tests.ui.batch_wishes.conftest import Sheet


@pytest.fixture
def changing(sheet: Sheet) -> Changing:
    return sheet.form.changing


def wish(changing: Changing, item_id: str, **values: object) -> None:
    changing.wish(next(iter(values)), [Part((item_id,), values, dict(values))])  # type: ignore[arg-type]


def test_older_values_that_come_in_late_do_not_flip_what_was_chosen(sheet: Sheet, changing) -> None:
    (one,) = sheet.add(1)
    old = sheet.read(one)
    wish(changing, one, overwrite=True)
    wish(changing, one, pattern="batch")
    assert changing.shown([old]) == (replace(old, overwrite=True, pattern="batch"),)
    sheet.until(lambda: not changing.is_busy)
    assert changing.shown([old]) == (replace(old, overwrite=True, pattern="batch"),)
    new = sheet.read(one)
    assert (new.overwrite, new.pattern) == (True, "batch")
    assert changing.shown([new]) == (new,)
    other = replace(new, pattern="detailed")  # somebody else changed it: nothing is laid over it any more
    assert changing.shown([other]) == (other,)


def test_wishes_arrive_in_the_order_they_were_made(sheet: Sheet, changing) -> None:
    (one,) = sheet.add(1)
    for number in range(40):
        wish(changing, one, character_name=f"Tessa {number}")
    sheet.until(lambda: not changing.is_busy)
    assert sheet.read(one).character_name == "Tessa 39"


def test_what_waits_for_a_wish_is_dropped_when_it_is_refused(sheet: Sheet, changing) -> None:
    (one,) = sheet.add(1)
    old, done, refused = sheet.read(one), [], []
    changing.refused.connect(lambda key, error: refused.append((key, str(error.code))))
    wish(changing, one, engine="Gone")
    changing.then(lambda: done.append("started"))
    sheet.until(lambda: not changing.is_busy)
    assert done == []
    assert [key for key, _ in refused] == ["engine"]
    assert changing.shown([old]) == (old,)
    assert not changing.can_undo
    changing.then(lambda: done.append("again"))
    assert done == ["again"]


def test_of_a_wish_with_several_parts_all_is_done_or_nothing(sheet: Sheet, changing) -> None:
    one, two = sheet.add(2)
    parts = [Part((one,), {"formats": ("v3",)}, {}), Part((two,), {"formats": ("no such",)}, {})]
    changing.wish("formats", parts)
    sheet.until(lambda: not changing.is_busy)
    assert [item.formats for item in sheet.items()] == [("json",), ("json",)]


def test_a_change_on_its_way_is_taken_back_when_it_has_arrived(sheet: Sheet, changing) -> None:
    (one,) = sheet.add(1)
    wish(changing, one, pattern="batch")
    changing.undo()
    sheet.until(lambda: not changing.is_busy)
    assert sheet.read(one).pattern == "default"


def test_what_can_be_taken_back_is_told_in_the_order_of_the_wishes_and_dropped_when_refused(
    sheet: Sheet, changing
) -> None:
    (one,) = sheet.add(1)
    told: list[tuple[str, str]] = []
    changing.changed.connect(lambda change: told.append(("made", change.key)))
    changing.dropped.connect(lambda change: told.append(("dropped", change.key)))
    wish(changing, one, pattern="batch")
    wish(changing, one, engine="Gone")
    assert told == [("made", "pattern"), ("made", "engine")], "told at once, not when it is stored"
    sheet.until(lambda: not changing.is_busy)
    changing.undo()
    sheet.until(lambda: not changing.is_busy)
    assert told[2:] == [("dropped", "engine"), ("dropped", "pattern")]
    assert sheet.read(one).pattern == "default"
