"""How an item ends when the store, or what lies beside the source, is not as it should be."""

from __future__ import annotations

import threading
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.cards.avatar import LARGEST_FILE
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.store.database import StoreError
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        yield workspace


def test_closing_does_not_wait_for_a_store_that_stays_busy(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = threading.Event()

    def busy(*_: object, **values: object) -> None:
        asked.set()
        raise StoreError("STORE_BUSY", "busy")

    monkeypatch.setattr(transitions, "fail_own", busy)
    scripted_server.add(Step("status", status=400, times=0))
    with open_workspace(scripted_server.url) as workspace:
        workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
        assert asked.wait(20)
        asked.clear()
        assert asked.wait(20), "asked again after half a second; the next pause takes two"
        started = time.monotonic()
    assert time.monotonic() - started < 1.5


def test_an_end_that_fails_by_a_mistake_of_ours_is_noted_all_the_same(
    scripted_server: ScriptedServer,
    workspace: Workspace,
    options: Options,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = transitions.fail_own

    def mistaken(*_: object, **values: object) -> None:
        monkeypatch.setattr(transitions, "fail_own", real)
        raise RuntimeError("a mistake")

    monkeypatch.setattr(transitions, "fail_own", mistaken)
    scripted_server.add(Step("status", status=400, times=0))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.items()[0].status is ItemStatus.FAILED


def test_a_picture_that_is_too_large_is_not_read_to_its_end(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    (source,) = write_sources(tmp_path / "in", 1)
    with source.with_suffix(".png").open("wb") as file:
        file.truncate(8 * LARGEST_FILE)
    tracemalloc.start()
    try:
        workspace.queue.submit([source], options)
        assert workspace.queue.wait_idle(60)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (item,) = workspace.batches.items()
    assert item.status is ItemStatus.COMPLETED
    assert any("64 MB" in warning for warning in item.warnings)
    assert peak < 3 * LARGEST_FILE


def test_a_lorebook_of_a_card_without_a_book_is_left_out_with_a_warning(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    wanted = replace(options, formats=("worldinfo", "json"))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), wanted)
    assert workspace.queue.wait_idle(30)
    (item,) = workspace.batches.items()
    assert item.status is ItemStatus.COMPLETED
    assert [name for name, _ in item.files] == ["json"]
    assert "No file was written as SillyTavern world info (JSON): the card has no character book." in (
        item.warnings
    )


def test_only_closing_shortens_a_pause() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    assert cancellation.pause(0.001)
    cancellation.interrupt()
    assert not cancellation.pause(60)
