"""The window's services, for widgets on their own."""

from collections.abc import Callable

import pytest

from cardforge_desktop.ui.services import Services
from tests.support.scripted_server import ScriptedServer
from tests.support.window import Running


@pytest.fixture
def running(run_window: Callable[..., Running], scripted_server: ScriptedServer) -> Running:
    """The window with the scripted server as its engine."""
    made = run_window(scripted_server.url)
    assert made.workspace is not None
    return made


@pytest.fixture
def services(running: Running) -> Services:
    return running.batch._services
