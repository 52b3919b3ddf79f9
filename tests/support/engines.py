"""Fixtures around engines; `tests/conftest.py` makes them known everywhere."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.scripted_server import ScriptedServer


@pytest.fixture
def scripted_server(tmp_path: Path) -> Iterator[ScriptedServer]:
    """A running server that answers validly until steps are added; its log is ``tmp_path/scripted.jsonl``."""
    with ScriptedServer(log=tmp_path / "scripted.jsonl") as server:
        yield server
