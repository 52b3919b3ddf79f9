"""What running items tell of themselves: forward only, through every stage, with their speed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.batches.live import ItemWatcher, LiveItems, Speedometer
from cardforge_desktop.batches.model import Options
from cardforge_desktop.engines.base import Message, Prompt
from cardforge_desktop.events import Hub, Progress
from cardforge_desktop.generation.model import Answer
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import Pace, ScriptedServer, Step

ITEM = "item_1"
PROMPT = Prompt((Message("user", "Write."),), 100)


class Clock:
    """A clock that stands until it is moved on."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def listened() -> tuple[LiveItems, list[Progress]]:
    hub = Hub()
    told: list[Progress] = []
    hub.progress.connect(told.append)
    return LiveItems(hub), told


stages = st.sampled_from(["reading", "waiting", "writing", "repairing", "saving"])


@given(st.lists(st.tuples(stages, st.floats(-1, 2), st.sampled_from(["", "description"]), st.booleans())))
def test_progress_goes_back_only_when_it_is_begun_anew(
    steps: list[tuple[str, float, str, bool]],
) -> None:
    live, told = listened()
    for stage, fraction, name, restarted in steps:
        if name:
            live.field(ITEM, name, "text", fraction)
        else:
            live.stage(ITEM, stage, fraction, restarted=restarted)
    reached = 0.0
    for progress in told:
        assert 0 <= progress.fraction <= 1
        assert progress.restarted or progress.fraction >= reached
        reached = progress.fraction
    assert live.fraction(ITEM) == (told[-1].fraction if told else None)


def test_every_stage_has_its_share_and_the_end_is_the_whole() -> None:
    live, told = listened()
    for stage in ("reading", "waiting", "writing", "saving"):
        live.stage(ITEM, stage, 0.0)
        live.stage(ITEM, stage, 1.0)
    fractions = [progress.fraction for progress in told]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    assert fractions[-1] == 1
    assert fractions[5] - fractions[4] > 0.9  # writing is what takes the time


def test_what_is_void_is_forgotten() -> None:
    live, _ = listened()
    live.field(ITEM, "name", "Mirela", 0.5)
    assert live.fields(ITEM) == {"name": "Mirela"}
    live.stage(ITEM, "repairing", 0.0, restarted=True)
    assert live.fields(ITEM) == {}
    assert live.fraction(ITEM) == pytest.approx(0.05)
    live.forget(ITEM)
    assert live.fraction(ITEM) is None


def test_an_item_waits_until_its_first_word_and_no_more_after_it() -> None:
    live, told = listened()
    watcher = ItemWatcher(live, ITEM)

    def ask(step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        for text in ("She", "She keeps", "She keeps the lamp."):
            on_text(text)
            watcher.field("description", text, 0.1)
        return Answer("She keeps the lamp.", "stop")

    asking = watcher.listening(ask)
    asking("card", PROMPT, lambda _: None)
    asking("card:2", PROMPT, lambda _: None)
    assert [progress.stage for progress in told] == ["waiting", *["writing"] * 6]
    assert watcher.fraction == told[-1].fraction > 0.05


@given(st.floats(1, 200), st.integers(2, 100))
def test_the_speed_is_that_of_the_last_seconds(per_second: float, pieces: int) -> None:
    clock = Clock()
    speed = Speedometer(clock)
    told = None
    for at in range(pieces + 20):
        told = speed.reached(round(at * 4 * per_second * 0.05))
        clock.now += 0.05
    assert told == pytest.approx(per_second, rel=0.05, abs=3)


def test_a_slower_pace_is_told_within_seconds() -> None:
    clock = Clock()
    speed = Speedometer(clock)
    written = 0
    for step in range(400):
        written += 20 if step < 200 else 2
        told = speed.reached(written)
        clock.now += 0.05
    assert told == pytest.approx(10)


def test_an_answer_that_is_there_at_once_has_no_speed() -> None:
    """One kept from before a crash, or of an engine that sends it in one piece."""
    clock = Clock()
    speed = Speedometer(clock)
    clock.now += 30
    assert speed.reached(8_000) is None
    speed.begin()
    clock.now += 30
    assert speed.reached(9_000) is None


def test_the_speed_is_told_with_the_progress_and_ends_with_the_writing() -> None:
    live, told = listened()
    live.stage(ITEM, "reading", 0.0, restarted=True)
    live.speed(ITEM, 31.5)
    live.field(ITEM, "name", "Mirela", 0.2)
    live.stage(ITEM, "saving", 1.0)
    assert [progress.tokens_per_second for progress in told] == [None, 31.5, None]


def test_a_real_card_goes_forward_to_its_end_with_a_speed(home: Path, tmp_path: Path) -> None:
    with (
        ScriptedServer(pace=Pace(first=0.2, total=2.0, pieces=40)) as server,
        open_workspace(server.url) as workspace,
    ):
        told: list[Progress] = []
        workspace.hub.progress.connect(told.append)
        workspace.queue.submit(
            write_sources(tmp_path / "in", 1), Options(output=tmp_path / "out", engine=ENGINE)
        )
        assert workspace.queue.wait_idle(30)
        stages = list(dict.fromkeys(progress.stage for progress in told))
        assert [stage for stage in stages if stage != "repairing"] == [
            "reading",
            "waiting",
            "writing",
            "saving",
        ]
        fractions = [progress.fraction for progress in told]
        assert fractions == sorted(fractions)
        assert fractions[-1] == 1
        assert len([one for one in fractions if 0.1 < one < 0.9]) > 5
        assert max(progress.tokens_per_second or 0 for progress in told) > 10
        (item,) = workspace.batches.items()
        assert item.progress == 1


def test_a_retry_of_the_network_begins_the_fields_anew(home: Path, tmp_path: Path) -> None:
    with (
        ScriptedServer([Step("cut", after=15)], pace=Pace(total=1.0, pieces=20)) as server,
        open_workspace(server.url) as workspace,
    ):
        told: list[Progress] = []
        workspace.hub.progress.connect(told.append)
        workspace.queue.submit(
            write_sources(tmp_path / "in", 1), Options(output=tmp_path / "out", engine=ENGINE)
        )
        assert workspace.queue.wait_idle(60)
        restarts = [at for at, progress in enumerate(told) if progress.restarted]
        assert len(restarts) == 2  # its own beginning, and the answer that was cut
        again = told[restarts[1]]
        assert again.fraction < told[restarts[1] - 1].fraction
        assert told[-1].fraction == 1
