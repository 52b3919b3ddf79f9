"""The details of an item: its calls, those that were lost too, its settings, the raw answer, JSON."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from cardforge_desktop.batches.model import BookChanges, ItemStatus, Options
from cardforge_desktop.costs.ledger import Call, PastCall
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.ui.batch.call_table import call_texts
from cardforge_desktop.ui.batch.details import DetailsDialog, report
from cardforge_desktop.ui.batch.facts import options_used
from tests.support.app import ENGINE, write_sources
from tests.support.scripted_server import ScriptedServer, Step
from tests.ui.items import item
from tests.ui.library.preview.conftest import Desktop, empty_store, open_desktop

__all__ = ["empty_store", "open_desktop"]


@pytest.fixture
def desktop(open_desktop, scripted_server) -> Desktop:
    return open_desktop(scripted_server.url)


def cells(dialog: DetailsDialog, column: int) -> list[str]:
    model = dialog.calls.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def made(desktop: Desktop, tmp_path: Path, url: str = "", **more):
    """An item that has ended."""
    workspace = desktop.workspace
    if url:
        workspace.engines.add(Connection("Other", "openai", url, "scripted-1"), None)
    options = Options(output=tmp_path / "out", engine="Other" if url else ENGINE, **more)
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(60)
    return workspace.batches.batch(batch_id).items[0]


def test_every_call_is_listed_with_what_it_took_and_how_it_ended(desktop, tmp_path: Path) -> None:
    with ScriptedServer([Step("garbage", times=0)]) as server:
        ended = made(desktop, tmp_path, server.url)
        dialog = DetailsDialog(desktop.window, desktop.services, ended)
        dialog.open()
        desktop.until(lambda: dialog.calls.model().rowCount())
        calls = desktop.workspace.costs.calls_of(ended.id)
        assert len(calls) == len(server.calls) >= 2
    assert cells(dialog, 2) == ["scripted-1"] * len(calls)
    assert cells(dialog, 6) == ["Answered"] * len(calls)
    tokens = sum((call.input_tokens or 0) + (call.output_tokens or 0) for call in calls)
    assert f"{tokens:,}" in dialog.total.text()
    assert dialog.tabs.tabText(0) == "Raw answer of the model"
    assert dialog.raw.toPlainText() == ended.error.details["raw_answer"]
    assert dialog.failure.code.text() == ended.error.code
    dialog.close()


def test_a_call_that_was_in_flight_when_the_app_died_is_told_so_and_of_unknown_cost(
    desktop, tmp_path
) -> None:
    ended = made(desktop, tmp_path)
    ledger = desktop.workspace.costs
    ledger.begin(
        Call(
            ended.batch_id, ended.id, "worker_dead", 1, "card:2", "d", "Cloud", "gpt", "https://x.test", False
        )
    )
    with desktop.workspace._store.write() as session:
        ledger.mark_lost(session, ["worker_dead"])
    dialog = DetailsDialog(desktop.window, desktop.services, desktop.workspace.batches.item(ended.id))
    dialog.open()
    desktop.until(lambda: "Lost when the app died" in cells(dialog, 6))
    row = cells(dialog, 6).index("Lost when the app died")
    assert cells(dialog, 5)[row] == "unknown"
    tip = dialog.calls.model().index(row, 6).data(Qt.ItemDataRole.ToolTipRole)
    assert "in flight" in tip
    assert "1 call(s) of unknown cost" in dialog.total.text() or "unknown" in dialog.total.text()
    dialog.close()


def test_an_open_dialog_follows_its_item(desktop, tmp_path: Path) -> None:
    workspace = desktop.workspace
    with ScriptedServer([Step("stall", match="Marrow1")]) as server:
        workspace.engines.add(Connection("Slow", "openai", server.url, "scripted-1"), None)
        batch_id = workspace.queue.submit(
            write_sources(tmp_path / "in", 1), Options(output=tmp_path / "out", engine="Slow")
        )
        desktop.until(lambda: server.calls)
        dialog = DetailsDialog(desktop.window, desktop.services, workspace.batches.batch(batch_id).items[0])
        dialog.open()
        desktop.until(lambda: "On its way" in cells(dialog, 6))
        workspace.queue.cancel_batches([batch_id])
        desktop.until(lambda: "Stopped" in cells(dialog, 6))
        assert dialog._about.text().startswith("Cancelled")
        assert workspace.queue.wait_idle(30)
    dialog.close()


def test_details_and_json_are_copied(desktop, tmp_path: Path, qtbot) -> None:
    ended = made(desktop, tmp_path, formats=("v3",), character_name="Tessa")
    dialog = DetailsDialog(desktop.window, desktop.services, ended)
    dialog.open()
    desktop.until(lambda: dialog.calls.model().rowCount())
    buttons = {each.text(): each for each in dialog.findChildren(QPushButton)}
    qtbot.mouseClick(buttons["Copy JSON"], Qt.MouseButton.LeftButton)
    told = json.loads(QGuiApplication.clipboard().text())
    assert (told["item_id"], told["status"]) == (ended.id, "completed")
    assert told["result"]["files"]["v3"] == str(ended.files[0][1])
    qtbot.mouseClick(buttons["Copy details"], Qt.MouseButton.LeftButton)
    text = QGuiApplication.clipboard().text()
    assert "call: " in text
    assert ended.engine in text
    facts = dict(dialog.facts.facts)
    assert facts["Formats"] == "Character Card V3 (JSON)"
    assert facts["Character"] == "Tessa"
    assert facts["Output folder"] == str(tmp_path / "out")
    assert dialog.tabs.tabText(0) == "Calls", "there is no raw answer to show"
    dialog.close()


def test_a_dialog_that_is_closed_at_once_leaves_no_error(desktop, tmp_path: Path) -> None:
    ended = made(desktop, tmp_path)
    dialog = DetailsDialog(desktop.window, desktop.services, ended)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    dialog.close()
    desktop.workspace.costs.end(
        desktop.workspace.costs.begin(call := _call(ended)), call, _outcome()
    )  # announces a change nobody is there to hear


def _call(ended) -> Call:
    return Call(ended.batch_id, ended.id, "worker_1", 1, "card", "d", "Cloud", "gpt", "https://x.test", False)


def _outcome():
    from cardforge_desktop.costs.ledger import Outcome

    return Outcome("cancelled")


@pytest.mark.parametrize(
    ("status", "reason", "code", "told"),
    [
        ("completed", "stop", "", "Answered"),
        ("completed", "length", "", "Cut off at the limit of tokens"),
        ("completed", "refusal", "", "Refused"),
        ("failed", "", "ENGINE_TIMEOUT", "Failed: ENGINE_TIMEOUT"),
        ("cancelled", "", "", "Stopped"),
        ("sent", "", "", "On its way"),
        ("lost", "", "", "Lost when the app died"),
    ],
)
def test_how_a_call_ended_is_said_in_words(status: str, reason: str, code: str, told: str) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    call = PastCall(
        "call_1", moment, None, 1, "notes:1:2", "Cloud", "gpt", False, status, 5, 6, None, None,
        Decimal("0.01"), code, reason,
    )  # fmt: skip
    texts = call_texts(call)
    assert texts[-1] == told
    assert texts[1] == "Notes on a long source (1:2)"
    assert texts[5] == ("—" if status == "sent" else "$0.01")


def test_only_what_is_known_stands_among_the_facts() -> None:
    names = [name for name, _ in options_used(item(1, ItemStatus.QUEUED))]
    assert "Card to update" not in names
    assert "Begun" not in names
    facts = dict(options_used(item(1, target="old.png", fields=("personality", "book"))))
    assert facts["Card to update"] == "old.png"
    assert facts["Fields to update"] == "Personality, Character book"
    waiting = dict(options_used(item(1, shared_book="book_1", book_tokens=500)))
    assert "500" in waiting["Shared book"]
    changes = BookChanges("World", added=("Brenn", "Tarn"), known=("Ilka",))
    facts = dict(options_used(item(1, shared_book="book_1", book_changes=changes)))
    assert facts["Shared book"] == "World\nadded: Brenn, Tarn\nknown already: Ilka"


def test_the_report_for_a_bug_names_the_error_without_the_raw_answer() -> None:
    from cardforge_desktop.batches.model import ErrorInfo

    error = ErrorInfo("No.", "REFUSED", {"raw_answer": "secret story", "attempts": 3})
    text = report(item(1, ItemStatus.FAILED, error=error))
    assert "REFUSED" in text
    assert '"attempts": 3' in text
    assert "secret story" not in text
