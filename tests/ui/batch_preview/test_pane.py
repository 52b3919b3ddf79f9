"""The pane says of each row where it is, what it waits for, what to do, and what came out."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from cardforge_desktop.batches.holds import Hold
from cardforge_desktop.batches.model import BatchOptions, ErrorInfo, ItemStatus, Options, Priority
from cardforge_desktop.batches.waiting import Waiting
from cardforge_desktop.events import Progress
from cardforge_desktop.ui.batch.advice import ADVICE
from cardforge_desktop.ui.batch.file_list import file_data
from cardforge_desktop.ui.panel import OWN_DRAG
from tests.support.app import ENGINE, ROOT, write_sources
from tests.support.scripted_server import ScriptedServer, Step
from tests.ui.items import item

REFUSED = ErrorInfo("The key was refused.", "ENGINE_AUTH")


def shown(pane) -> set[str]:
    """Texts of the buttons below."""
    return {each.text() for each in pane._buttons.values() if not each.isHidden()}


def test_a_running_row_shows_stage_share_speed_time_and_what_it_took(pane) -> None:
    row = item(
        1,
        ItemStatus.PROCESSING,
        local=False,
        started_at=datetime.now(UTC) - timedelta(seconds=40),
        input_tokens=1_000,
        output_tokens=204,
        cost=Decimal("0.0031"),
    )
    pane.show_item(row, Progress("item_1", "writing", "first_mes", "Hello", 0.61, tokens_per_second=34.4))
    part = pane.progress
    assert part.doing.accessibleName() == "Writing: First message · 34 tokens/s"
    assert part.percent.text() == "61%"
    assert part.bar.fraction == 0.61
    assert "1,204 tokens" in part.taken.text()
    assert "$0.0031" in part.taken.text()
    assert re.match(r"\d+ s ", part.taken.text())
    pane.move_on((Progress("item_1", "repairing", "first_mes", "Hello there", 0.7),))
    assert part.doing.accessibleName() == "Repairing: First message"
    assert pane.fields.texts == {"first_mes": "Hello there"}
    assert shown(pane) == {"Cancel", "Details…"}


def test_a_call_that_was_cut_off_is_not_called_free(pane) -> None:
    pane.show_item(item(1, ItemStatus.PROCESSING, input_tokens=1, output_tokens=1, unknown_calls=1), None)
    assert "cost unknown" in pane.progress.taken.text()
    assert "free" not in pane.progress.taken.text()


@pytest.mark.parametrize(
    ("waiting", "hold", "expected"),
    [
        (Waiting(14, 3, False, False), None, "14"),
        (Waiting(0, 3, False, False), None, "one of 3 running"),
        (Waiting(0, 0, False, False), None, "begins in a moment"),
        (Waiting(0, 0, True, False), None, "You paused this row"),
        (Waiting(0, 0, False, True), None, "You paused its batch"),
        (
            Waiting(0, 0, False, True, ErrorInfo("The key was refused.", "ENGINE_AUTH")),
            None,
            "The key was refused.",
        ),
        (Waiting(2, 0, False, False), "later", "held back for another 4 min: Too many calls."),
        (Waiting(2, 0, False, False), "now", "being tried again: Too many calls."),
    ],
)
def test_what_a_row_waits_for_is_a_sentence(pane, waiting, hold, expected) -> None:
    if hold is not None:
        until = datetime.now(UTC) + timedelta(minutes=4 if hold == "later" else -1)
        hold = Hold("Cloud", until, ErrorInfo("Too many calls.", "ENGINE_RATE_LIMITED"))
    pane.waiting.show_waiting(waiting, hold)
    assert expected in pane.waiting.text.text()
    pane.waiting.show_waiting(None, None)
    assert pane.waiting.isHidden()


def test_the_place_in_the_queue_is_read_from_the_store(pane, desktop, tmp_path: Path) -> None:
    workspace = desktop.workspace
    with ScriptedServer([Step("stall", times=0)]) as server:
        from cardforge_desktop.engines.base import Connection

        workspace.engines.add(Connection("Slow", "openai", server.url, "scripted-1", max_concurrent=1), None)
        options = Options(output=tmp_path / "out", engine="Slow")
        low = workspace.queue.submit(
            write_sources(tmp_path / "low", 2), options, batch=BatchOptions(priority=Priority.LOW)
        )
        desktop.until(lambda: server.calls)
        standard = workspace.queue.submit(write_sources(tmp_path / "standard", 3), options)
        ids = [each.id for each in workspace.batches.batch(standard).items]
        last = workspace.batches.item(ids[-1])
        pane.show_item(last, None)
        desktop.until(lambda: re.search(r"\b2 .* come before", pane.waiting.text.text()))
        workspace.queue.pause([ids[0], ids[1]])
        pane.show_item(workspace.batches.item(ids[-1]), None)
        desktop.until(lambda: "next one" in pane.waiting.text.text())
        workspace.queue.pause_batches([standard])
        pane.show_item(workspace.batches.item(ids[-1]), None)
        desktop.until(lambda: "You paused its batch" in pane.waiting.text.text())
        waits = [each for each in workspace.batches.batch(low).items if each.status is ItemStatus.QUEUED]
        assert [workspace.batches.waiting(each.id).ahead for each in waits] == list(range(len(waits)))
        workspace.queue.cancel_batches([low, standard])
        assert workspace.queue.wait_idle(30)
    assert workspace.batches.waiting(ids[-1]) is None


def test_a_failed_row_says_what_to_do_and_offers_it(pane, qtbot) -> None:
    error = ErrorInfo("Cloud refused the key.", "ENGINE_AUTH", {"raw_answer": "half an ans"})
    pane.show_item(item(1, ItemStatus.FAILED, error=error), None)
    assert pane.failure.message.text() == "Cloud refused the key."
    assert pane.failure.code.text() == "ENGINE_AUTH"
    assert "Set the key" in pane.failure.advice.text()
    assert pane.fields.texts == {"raw_answer": "half an ans"}
    assert shown(pane) == {"Retry", "Details…", "Copy"}
    asked: list[tuple[str, str]] = []
    pane.asked.connect(lambda *what: asked.append(what))
    for key in ("retry", "details", "copy"):
        qtbot.mouseClick(pane._buttons[key], Qt.MouseButton.LeftButton)
    assert asked == [("item_1", "retry"), ("item_1", "details"), ("item_1", "copy")]


def test_the_advice_is_that_of_the_documentation() -> None:
    rows = re.findall(
        r"^\| `([A-Z_]+)` \| .*? \| (.*?) \|$", (ROOT / "docs/error-codes.md").read_text(), re.M
    )
    documented = {code: text.replace("`", "") for code, text in rows}
    different = {code for code, text in ADVICE.items() if documented[code] != text}
    assert different == {"CONNECTION_NOT_FOUND"}, "there the documentation names a command"
    assert {code for code in documented if code.startswith(("SOURCE_", "ENGINE_"))} <= ADVICE.keys()


def test_a_finished_row_lists_its_files_and_warnings(pane, tmp_path: Path) -> None:
    files = (("json", tmp_path / "mirela.json"), ("tavernai", tmp_path / "mirela.png"))
    row = item(
        1, ItemStatus.COMPLETED, card_id="card_1", card_name="Mirela", files=files, warnings=("One.", "Two.")
    )
    pane.show_item(row, None)
    assert [entry.path for entry in pane.files.entries] == [path for _, path in files]
    assert pane._remarks.text() == "One.\nTwo."
    names = {each.accessibleName() for each in pane.files.findChildren(QPushButton)}
    assert names == {
        "Open mirela.json",
        "Show mirela.json in its folder",
        "Open mirela.png",
        "Show mirela.png in its folder",
    }
    assert shown(pane) == {"Details…", "Open in library"}


def test_a_file_is_dragged_out_as_itself_and_not_into_this_window(tmp_path: Path) -> None:
    data = file_data([tmp_path / "mirela.png"])
    assert [url.toLocalFile() for url in data.urls()] == [str(tmp_path / "mirela.png")]
    assert data.hasFormat(OWN_DRAG)


def test_nothing_of_the_row_before_is_left(pane) -> None:
    failed = item(1, ItemStatus.FAILED)
    pane.show_item(failed, None)
    pane.show_item(item(2, ItemStatus.CANCELLED), None)
    assert pane.failure.isHidden()
    assert pane.files.isHidden()
    assert "You cancelled this row" in pane.waiting.text.text()
    assert pane.fields.isHidden()
    pane.show_item(item(3, ItemStatus.PROCESSING), None)
    assert pane.waiting.isHidden()
    assert not pane.fields.isHidden()
    assert pane.item_id == "item_3"


@pytest.mark.parametrize("width", [240, 420])
def test_all_of_it_fits_into_a_narrow_pane(pane, desktop, tmp_path: Path, width: int) -> None:
    name = "Donaudampfschifffahrtsgesellschaftskapitän" * 3
    error = ErrorInfo(
        f"{name}: the file ends in the middle of page 3 and can't be repaired.", "SOURCE_DAMAGED"
    )
    desktop.window.layout().setContentsMargins(0, 0, 0, 0)
    desktop.window.resize(width, 640)
    pane.show_item(
        item(1, ItemStatus.FAILED, source=name, error=error, files=(("json", tmp_path / f"{name}.json"),)),
        None,
    )
    desktop.until(lambda: pane.width() == width)
    assert pane.minimumSizeHint().width() <= 240
    for each in pane.findChildren(QPushButton):
        if each.isVisible():
            right = each.mapTo(pane, each.rect().topRight()).x()
            assert right < width, each.accessibleName()


def test_cards_of_the_same_text_are_offered_to_be_compared(pane, desktop, tmp_path: Path, qtbot) -> None:
    workspace = desktop.workspace
    options = Options(output=tmp_path / "out", engine=ENGINE)
    one, two = write_sources(tmp_path / "in", 2)
    batch = workspace.batches.batch(workspace.queue.submit([one], options))
    assert workspace.queue.wait_idle(60)
    again = workspace.batches.batch(workspace.queue.submit([one, two], options))
    assert workspace.queue.wait_idle(60)
    first, second, other = (workspace.batches.item(each.id) for each in (*batch.items, *again.items))
    pane.show_item(other, None)
    desktop.until(lambda: pane._beside)
    assert "Compare…" not in shown(pane)
    pane.show_item(first, None)
    desktop.until(lambda: "Compare…" in shown(pane))
    asked: list[tuple[str, ...]] = []
    pane.compare_asked.connect(asked.append)
    qtbot.mouseClick(pane._buttons["compare"], Qt.MouseButton.LeftButton)
    assert asked == [(first.id, second.id)]
