"""The rows stay in step with the store, also when the store could not be read for a moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cardforge_desktop.store.database import StoreError
from cardforge_desktop.ui.services import Notice
from tests.support.app import write_sources
from tests.support.window import Running


@pytest.fixture
def running(run_window: Callable[..., Running], tmp_path: Path) -> Running:
    """A window with two estimated drafts, about which nothing more is to be told."""
    running = run_window()
    running.until(lambda: running.batch.controller.is_loaded)
    running.batch.controller.add_paths(write_sources(tmp_path / "in", 2))
    items = running.batch.controller.model.items
    running.until(lambda: [item.estimate_input is not None for item in items()] == [True, True])
    return running


def fail_once(running: Running, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    real = running.workspace.batches.items

    def items(*arguments: object) -> object:
        monkeypatch.setattr(running.workspace.batches, "items", real)
        raise StoreError(code, "The store can't be read.")

    monkeypatch.setattr(running.workspace.batches, "items", items)


def forgive(running: Running, code: str) -> None:
    running.until(lambda: bool(running.errors))
    assert [error.code for error in running.errors if isinstance(error, StoreError)] == [code]
    running.errors.clear()


def test_a_busy_store_is_read_again_by_itself(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    controller = running.batch.controller
    first, second = (item.id for item in controller.model.items())
    fail_once(running, monkeypatch, "STORE_BUSY")
    controller.remove([first])
    forgive(running, "STORE_BUSY")
    assert controller.model.item(first) is not None
    running.until(lambda: [item.id for item in controller.model.items()] == [second], 10.0)


def test_what_could_not_be_read_is_read_with_the_next_change(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller = running.batch.controller
    first, second = (item.id for item in controller.model.items())
    fail_once(running, monkeypatch, "STORE_UNWRITABLE")
    controller.remove([first])
    forgive(running, "STORE_UNWRITABLE")
    controller.remove([second])
    running.until(lambda: not list(controller.model.items()), 10.0)


def test_what_a_dropped_folder_holds_besides_sources_is_told(running: Running, tmp_path: Path) -> None:
    notices: list[Notice] = []
    running.session.services.desk.notice.connect(notices.append)
    write_sources(tmp_path / "more", 1)
    (tmp_path / "more" / "package.json").write_text("{}", encoding="utf-8")
    running.batch.controller.add_paths([tmp_path / "more"])
    running.until(lambda: bool(notices))
    assert notices[0].text.startswith("Passed over 1 file")
    assert "package.json" in notices[0].details
    running.until(lambda: len(running.batch.controller.model.items()) == 3)
