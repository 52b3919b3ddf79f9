"""How far an answer is while it comes: close to the truth whatever share of its limits a model uses."""

import json
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.generation.growth import Growth
from cardforge_desktop.generation.parse import partial_fields
from cardforge_desktop.generation.schema import answer_names, answer_tokens
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.profiles.budget import planned_tokens
from tests.generation.orders import Script, Watched, card, order

ORDER = order()
NAMES = answer_names(ORDER)


def answer(share: float, wobbles: list[float]) -> str:
    """A card each of whose fields takes this share of its limit, more or less, the book too."""
    values: dict[str, Any] = {}
    for name, wobble in zip(NAMES, wobbles, strict=True):
        words = "keeps the lamp " * max(
            1, round(planned_tokens(ORDER.profile, name) * share * wobble * 4 / 15)
        )
        values[name] = words if name != "book" else [{"name": "Rock", "keys": ["Rock"], "content": words}]
    return json.dumps(values)


@given(st.floats(0.2, 1.0), st.lists(st.floats(0.75, 1.25), min_size=len(NAMES), max_size=len(NAMES)))
def test_the_told_part_is_near_the_true_one(share: float, wobbles: list[float]) -> None:
    text = answer(share, wobbles)
    growth = Growth(ORDER, NAMES)
    for percent in (2, 10, 20, 35, 50, 60, 75, 90, 100):
        so_far = text[: len(text) * percent // 100]
        told = growth.fraction(so_far, partial_fields(so_far))
        assert 0 <= told < 1
        assert abs(told - percent / 100) < (0.3 if percent < 50 else 0.2), (percent, told)


def test_the_book_is_part_of_the_way() -> None:
    """It is a good part of the answer, and no field shows it."""
    text = answer(0.5, [1.0] * len(NAMES))
    before = text[: text.index('"book"')]
    growth = Growth(ORDER, NAMES)
    at_book = growth.fraction(before, partial_fields(before))
    at_end = growth.fraction(text, partial_fields(text))
    assert 0.3 < at_book < 0.8
    assert at_end > 0.9


def test_the_bound_of_an_answer_is_the_sum_of_its_parts() -> None:
    assert sum(planned_tokens(ORDER.profile, name) for name in NAMES) < answer_tokens(ORDER)
    assert "book" in NAMES
    assert "book" not in answer_names(order(include_book=False))


def test_an_answer_that_can_not_be_used_is_begun_anew_by_name() -> None:
    """What was shown of it is void, which only a restart says."""

    class Restarts(Watched):
        def stage(self, stage: str, fraction: float, *, restarted: bool = False) -> None:
            super().stage(f"{stage}!" if restarted else stage, fraction)

    watched = Restarts()
    write_card(ORDER, Script([json.dumps({"name": "Mirela"}), card()]), watched)
    assert [stage for stage in watched.stages if stage.endswith("!")] == ["repairing!"]


def test_progress_never_goes_back_within_an_answer() -> None:
    watched = Watched()
    write_card(ORDER, Script([card()]), watched)
    fractions = [fraction for _, _, fraction in watched.fields]
    assert len(set(fractions)) > 10
    assert all(later >= earlier - 0.05 for earlier, later in pairwise(fractions))
