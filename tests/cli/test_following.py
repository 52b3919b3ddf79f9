"""Following a batch on the terminal."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pytest

from cardforge_desktop.batches.model import Options
from cardforge_desktop.cli.following import Follower
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    """Standard output as a pipe; yields its other end."""
    reader, writer = os.pipe()
    with (
        os.fdopen(reader, encoding="utf-8") as lines,
        os.fdopen(writer, "w", encoding="utf-8") as stream,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(sys, "stdout", stream)
        yield lines


def test_items_that_somebody_holds_back_are_waited_for(
    scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall"))
    write_sources(tmp_path / "in", 2)
    with open_workspace(scripted_server.url, concurrency=1) as workspace, _standard_output() as lines:
        follower = Follower(workspace, quiet=False)
        options = Options(tmp_path / "out", engine=ENGINE, formats=("v2",))
        batch_id = workspace.queue.submit([tmp_path / "in"], options)
        scripted_server.wait_until(lambda calls: len(calls) == 1)
        # Either may have come first to the one place for calls.
        first_calls = "Marrow1" in str(scripted_server.calls[0].body)
        following = threading.Thread(target=follower.follow, args=([batch_id],), daemon=True)
        following.start()
        items = workspace.batches.items(batch_id=batch_id)
        calling, other = items if first_calls else reversed(items)
        workspace.queue.pause([other.id])
        workspace.queue.cancel([calling.id])
        said = {lines.readline() for _ in range(3)}
        assert said == {
            f"cancelled  {calling.source}\n",
            f"paused     1 card of {batch_id}\n",
            f"    To go on: cardforge batches resume {batch_id}\n",
        }
        workspace.queue.resume([other.id])
        assert lines.readline() == f"going on   with {batch_id}\n"
        assert lines.readline().startswith(f"done       {other.source}: ")
        following.join()
