"""The main job as a person does it: the real window, the real built-in engine, real files."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent

from cardforge_desktop.resources import resource
from tests.cards.readers import as_sillytavern
from tests.generation.sources import ONE_LINE, SMITH
from tests.support.window import IGNORED, Running

pytestmark = IGNORED


def drop(running: Running, paths: list[Path]) -> None:
    """What the window gets when somebody lets files go over it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPoint(200, 200),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    running.window.dropEvent(event)


@pytest.mark.timeout(600)
def test_dropped_sources_become_cards_that_are_there_at_the_next_start(
    run_window: Callable[..., Running], tmp_path: Path, home: Path
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "mirela.md").write_bytes(resource("examples", "mirela.md").read_bytes())
    # Short ones: what the model makes of chapters is looked at in tests/generation/test_stepwise.py.
    (sources / "borin.html").write_text(f"<h1>Borin Axebeard</h1><p>{SMITH}</p>", encoding="utf-8")
    (sources / "hobart.txt").write_text(ONE_LINE, encoding="utf-8")
    Image.new("RGB", (60, 90), "teal").save(sources / "mirela.png")

    running = run_window()
    assert running.workspace.settings.get().output == home / "output"
    drop(running, [sources])
    running.until(lambda: running.statuses() == ["draft"] * 3)
    running.until(lambda: all(row.estimate_input for row in running.batch.controller.model.items()))
    running.session.services.actions["queue.start"].trigger()

    seen: set[str] = set()
    running.workspace.hub.progress.connect(lambda progress: seen.add(progress.field))
    running.until(lambda: running.statuses() == ["completed"] * 3, seconds=540)
    assert {"description", "personality", "scenario", "first_mes", "mes_example"} <= seen

    items = {item.source: item for item in running.batch.controller.model.items()}
    names = {source: item.card_name for source, item in items.items()}
    assert names == {
        "mirela.md": "Mirela Voss",
        "borin.html": "Borin Axebeard",
        "hobart.txt": "Hobart",
    }
    for item in items.values():
        check_files(dict(item.files), home / "output")
    with Image.open(dict(items["mirela.md"].files)["tavernai"]) as portrait:
        assert portrait.size == (60, 90)

    before = {item.id: (item.status, item.card_name, item.files) for item in items.values()}
    running.close()
    again = run_window()
    again.until(lambda: len(again.statuses()) == 3)
    assert {
        item.id: (item.status, item.card_name, item.files) for item in again.batch.controller.model.items()
    } == before
    assert sorted(card.name for card in again.workspace.library.cards()) == sorted(names.values())


def check_files(files: dict[str, Path], folder: Path) -> None:
    """All three formats hold the same whole card; the PNG reads as SillyTavern reads it."""
    assert set(files) == {"json", "v2", "tavernai"}
    assert all(path.parent == folder for path in files.values())
    data = json.loads(files["v2"].read_text(encoding="utf-8"))["data"]
    for field in ("name", "description", "personality", "scenario", "first_mes", "mes_example"):
        assert data[field].strip(), field
    assert json.loads(files["json"].read_text(encoding="utf-8"))["data"] == data
    shown = as_sillytavern(files["tavernai"].read_bytes())["data"]
    assert {key: shown[key] for key in ("name", "description", "first_mes")} == {
        key: data[key] for key in ("name", "description", "first_mes")
    }
