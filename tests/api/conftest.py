"""The local API as another program meets it: the real app on a real socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn

from cardforge_desktop.api.server import listening, make_app
from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    workspace = Workspace.open(find_paths(), face="local API")
    yield workspace
    workspace.close()


@pytest.fixture
def api(workspace: Workspace) -> Iterator[httpx.Client]:
    """A client of a server that runs as long as the test."""
    listener = listening(0)
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    pool = ThreadPoolExecutor()
    app = make_app(workspace, pool)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    with httpx.Client(base_url=address, trust_env=False) as client:
        yield client
    server.should_exit = True
    thread.join()
    pool.shutdown()
    listener.close()
