"""The window beside another process on the same store: it shows what that one does, and goes on after it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.app import ENGINE, write_sources
from tests.support.cradle import Cradle
from tests.support.scripted_server import ScriptedServer, Step
from tests.support.window import IGNORED, Running

pytestmark = IGNORED


@pytest.fixture
def cradle() -> Iterator[Cradle]:
    with Cradle("tests.e2e.kill_campaign.life:live") as cradle:
        yield cradle


# The other process knows kinds of engines that the window does not, as a newer version would.
def test_an_open_window_shows_a_command_line_at_work_and_goes_on_when_it_is_killed(
    run_window: Callable[..., Running],
    cradle: Cradle,
    scripted_server: ScriptedServer,
    tmp_path: Path,
    home: Path,
) -> None:
    scripted_server.add(Step("stall", match="Marrow2"))
    running = run_window(scripted_server.url)
    running.until(lambda: running.session.workspace is not None)
    sources = [str(path) for path in write_sources(tmp_path / "in", 2)]
    batch = {"name": "theirs", "priority": "low", "engine": ENGINE, "sources": sources}
    batch |= {"together": False, "overwrite": False}
    plan = {"home": str(home), "url": scripted_server.url, "out": str(tmp_path / "out"), "batches": [batch]}
    life = cradle.live({**plan, "takes_over": False})
    running.until(lambda: sorted(running.statuses()) == ["completed", "processing"])
    life.kill()
    running.until(lambda: running.statuses() == ["completed", "completed"])
    assert len(scripted_server.calls) == 3
    assert len(list((tmp_path / "out").iterdir())) == 6
