"""Every test gets a home of its own and an offscreen screen; none reaches the network or a user's keyring.

A module that leaves one of the app's threads behind fails.
"""

import gc
import ipaddress
import os
import signal
import socket
import sqlite3
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import inspect

from cardforge_desktop.store import migrate as migrations
from cardforge_desktop.store.database import Store
from tests.support.engines import scripted_server
from tests.support.window import loop, qt_loop, run_window

__all__ = ["loop", "qt_loop", "run_window", "scripted_server"]  # fixtures of more than one room

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets what it runs in the background ignore Ctrl+C, and every process that a test starts inherits
    # that: it would never hear that it is interrupted, and the test would wait for it in vain.
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: `dev.py test --long` runs the long campaigns whole.
LONG = os.environ.get("CARDFORGE_LONG") == "1"

# The same examples at every run: a red main is then somebody's change, not chance. `--long` explores.
_shared = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
}
settings.register_profile("normal", derandomize=True, max_examples=40, database=None, **_shared)
settings.register_profile("long", max_examples=2_000, **_shared)
settings.load_profile("long" if LONG else "normal")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Leave all tests and what they import out of the collector's rounds.

    They stay to the end: going through them took a third of the time of collecting, and 0.2 s at each round
    that a test asked for.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """`Sharing` in place of xdist's."""
    from tests.support.sharing import Sharing

    return Sharing(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the campaigns that take an hour out of a run that was not asked for them."""
    if LONG or config.option.markexpr:
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store that the scripts made, once for each test process."""
    path = tmp_path_factory.mktemp("migrated") / "store.db"
    store = Store(path)
    migrations.migrate(store)
    store.close()
    return path


@pytest.fixture(autouse=True)
def quick_first_start(migrated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new store is a copy of the one that the scripts made: they would take 0.2 s of each test.

    Stores that hold something, other processes and the tests of the store itself run them.
    """
    scripts = migrations._run_scripts

    def copy_or_run(store: Store, config: Any) -> None:
        if inspect(store.engine).get_table_names():
            scripts(store, config)
            return
        with closing(sqlite3.connect(migrated)) as made, closing(sqlite3.connect(store.path)) as copy:
            made.backup(copy)

    monkeypatch.setattr(migrations, "_run_scripts", copy_or_run)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """CARDFORGE_HOME of this test; the user's own home is out of reach."""
    folder = tmp_path / "home"
    monkeypatch.setenv("CARDFORGE_HOME", str(folder))
    monkeypatch.setenv("HOME", str(tmp_path / "user"))
    return folder


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Connecting anywhere but to this machine fails the test."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
            pytest.fail(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(autouse=True, scope="module")
def no_thread_left() -> Iterator[None]:
    """The app's own threads end with what started them."""
    yield
    left = [thread.name for thread in threading.enumerate() if thread.name.startswith("cardforge-")]
    assert left == []
