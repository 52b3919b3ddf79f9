"""The main job in the real window: drop, start, watch, open, come back."""

import json
from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.cards.formats.headers import CARD_SUFFIXES
from cardforge_desktop.sources.reader import supported_suffixes
from cardforge_desktop.ui.batch.columns import Column
from tests.support.app import ENGINE, write_sources
from tests.support.profiles import add_profile
from tests.support.scripted_server import Pace, ScriptedServer, Step


def drop(window, paths: list[Path]) -> None:
    """What the window gets when a person drops files on it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    centre = window.rect().center()
    rest = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    window.dragEnterEvent(QDragEnterEvent(centre, *rest))
    window.dropEvent(QDropEvent(QPointF(centre), *rest))


def test_dropped_files_and_folders_become_rows_with_estimates(run_window, scripted_server, tmp_path):
    running = run_window(scripted_server.url)
    folder = tmp_path / "folder"
    drop(running.window, [*write_sources(tmp_path / "files", 2), folder] if write_sources(folder, 3) else [])
    model = running.batch.controller.model
    running.until(lambda: model.rowCount() == 5)
    running.until(lambda: all(item.estimate_input for item in model.items()))
    assert running.batch.start_button.text() == "Start 5 cards"
    assert model.index(0, Column.TOKENS).data().startswith("≤ ")  # no such card was made before
    assert model.index(0, Column.ENGINE).data() == "Scripted"


def test_a_card_is_written_live_and_opened_with_its_files(run_window, tmp_path, qtbot: QtBot):
    with ScriptedServer(pace=Pace(first=0.05, total=0.6, pieces=40)) as server:
        running = run_window(server.url)
        (source,) = write_sources(tmp_path, 1)
        drop(running.window, [source])
        running.until(lambda: running.statuses() == ["draft"] and running.batch.start_button.isEnabled())
        seen: list[int] = []
        running.batch.controller.moved_on.connect(
            lambda _: seen.append(sum(map(len, running.batch.preview.fields.texts.values())))
        )
        qtbot.mouseClick(running.batch.start_button, Qt.MouseButton.LeftButton)
        running.until(lambda: running.statuses() == ["completed"])
    assert seen == sorted(seen)
    assert len({length for length in seen if length}) > 3, "the card was not seen growing"
    item = next(iter(running.batch.controller.model.items()))
    running.until(lambda: running.batch.preview.fields.texts.get("first_mes"))
    running.batch.table.selectRow(0)
    running.session.services.actions["queue.open"].trigger()
    assert running.window.current == "library"
    running.until(lambda: running.library.view.card is not None)
    stored = running.library.view.card
    assert stored is not None
    assert stored.summary.id == item.card_id
    assert {name for name, _ in stored.summary.files} == {"json", "v2", "tavernai"}
    for _, path in stored.summary.files:
        assert path.is_file()
    running.library.view.copy_all()
    assert stored.card.description in QGuiApplication.clipboard().text()
    assert json.loads(stored.summary.files[0][1].read_text("utf-8"))["name"] == item.card_name


def test_one_of_three_is_cancelled_and_the_others_finish(run_window, tmp_path):
    with ScriptedServer([Step("stall", times=0, match="Marrow2")]) as server:
        running = run_window(server.url)
        drop(running.window, write_sources(tmp_path, 3))
        running.until(lambda: running.statuses() == ["draft"] * 3)
        running.session.services.actions["queue.start"].trigger()
        running.until(lambda: sorted(running.statuses()) == ["completed", "completed", "processing"])
        running.batch.table.selectRow(1)
        running.session.services.actions["queue.cancel"].trigger()
        running.until(lambda: running.statuses()[1] == "cancelled")
    running.until(lambda: running.window.status.queue_text.startswith("2 of 3 done"))


def test_a_row_that_fails_says_why_and_can_be_tried_again(run_window, tmp_path):
    binary = tmp_path / "notes.txt"
    binary.write_bytes(bytes(range(256)) * 40)
    with ScriptedServer([Step("garbage", times=0, match="Marrow1")]) as server:
        running = run_window(server.url)
        model = running.batch.controller.model
        drop(running.window, [*write_sources(tmp_path / "good", 1), binary])
        running.until(lambda: sorted(running.statuses()) == ["draft", "failed"])
        running.session.services.actions["queue.start"].trigger()
        running.until(lambda: running.statuses() == ["failed", "failed"])
        answered, unread = model.items()
        assert unread.error is not None
        assert unread.error.code == "SOURCE_BINARY"
        assert answered.error is not None
        running.batch.table.selectRow(0)
        shown = running.batch.preview.fields.texts
        assert shown["raw_answer"] == answered.error.details["raw_answer"]
        dialog = running.batch.commands.show_details(answered)
        assert answered.source in dialog.windowTitle()
        dialog.close()
        assert model.index(
            1, Column.PROGRESS
        ).data() in unread.error.message or unread.error.message.endswith(
            model.index(1, Column.PROGRESS).data()[1:]
        )
        before = len(server.calls)
        running.batch.table.delegate.link.emit(answered.id, "retry")
        running.until(lambda: len(server.calls) > before)


def test_everything_is_there_at_the_next_start(run_window, scripted_server, tmp_path):
    running = run_window(scripted_server.url)
    drop(running.window, write_sources(tmp_path, 2))
    running.until(lambda: running.statuses() == ["draft", "draft"])
    running.batch.table.selectRow(0)
    running.session.services.actions["queue.start_selected"].trigger()
    running.until(lambda: sorted(running.statuses()) == ["completed", "draft"])
    running.window.open_panel("library")
    running.close()
    again = run_window(scripted_server.url)
    assert again.window.current == "library"
    again.until(lambda: again.library.model.rowCount() == 1)
    again.until(lambda: sorted(again.statuses()) == ["completed", "draft"])


def test_pasted_text_becomes_a_row(run_window, scripted_server):
    running = run_window(scripted_server.url)
    QGuiApplication.clipboard().setText("# Tessa Marrow\n\nTessa Marrow keeps the lamp of the north tower.")
    running.session.services.actions["edit.paste"].trigger()
    running.until(lambda: running.statuses() == ["draft"])
    assert "Tessa Marrow" in running.batch.controller.model.index(0, Column.SOURCE).data()


def test_the_profile_and_engine_of_selected_drafts_change(run_window, scripted_server, tmp_path):
    running = run_window(scripted_server.url)
    drop(running.window, write_sources(tmp_path, 2))
    running.until(lambda: running.statuses() == ["draft", "draft"])
    running.batch.table.selectRow(0)
    running.batch.engine.picked.emit("Built-in")
    model = running.batch.controller.model
    running.until(lambda: [item.engine for item in model.items()] == ["Built-in", "Scripted"])
    running.until(lambda: running.workspace.settings.get().engine == "Built-in")
    assert model.index(0, Column.COST).data() == "free"


def test_the_file_dialog_offers_every_kind_of_source(run_window, qtbot: QtBot):
    running = run_window()
    panel = running.batch
    panel.browse()
    qtbot.waitUntil(lambda: panel.findChild(QFileDialog) is not None)
    dialog = panel.findChild(QFileDialog)
    offered = dialog.nameFilters()[0]
    kinds = {*supported_suffixes(), *CARD_SUFFIXES}
    assert {suffix for suffix in kinds if f"*{suffix} " not in offered.replace(")", " ")} == set()
    dialog.reject()


def test_the_examples_fill_an_empty_queue(run_window):
    running = run_window()
    running.batch.drop_zone.example.emit()
    running.until(lambda: len(running.statuses()) == 3)
    running.until(
        lambda: all(item.status is ItemStatus.DRAFT for item in running.batch.controller.model.items())
    )
    running.batch.table.selectAll()
    running.session.services.actions["queue.remove"].trigger()
    running.until(lambda: running.statuses() == [])
    assert not running.batch.table.isVisible()


def test_an_empty_window_does_not_decide_how_the_width_is_shared(run_window, tmp_path):
    run_window().close()
    running = run_window()
    running.window.resize(1280, 800)
    drop(running.window, write_sources(tmp_path, 1))
    running.until(running.batch.side.isVisible)
    assert running.batch.side.width() >= 280


def test_a_small_window_has_room_for_how_far_a_card_is(run_window, tmp_path):
    running = run_window()
    running.window.resize(853, 533)
    drop(running.window, write_sources(tmp_path, 1))
    running.until(running.batch.side.isVisible)
    table = running.batch.table
    running.until(lambda: table.horizontalScrollBar().maximum() == 0)
    assert table.columnWidth(Column.PROGRESS) >= 80


def test_a_profile_chosen_in_the_header_brings_its_engine_and_another_can_be_chosen(
    run_window, scripted_server, tmp_path
):
    running = run_window(scripted_server.url)
    add_profile(running.workspace, "Gone", engine="No such engine")
    add_profile(running.workspace, "Own", engine="Built-in")
    panel = running.batch
    running.until(lambda: "Own" in panel._own_engines)
    drop(running.window, write_sources(tmp_path, 1))
    running.until(lambda: running.statuses() == ["draft"])

    def chosen() -> tuple[str, str]:
        settings = running.workspace.settings.get()
        return settings.profile, settings.engine

    panel.table.selectRow(0)
    panel.profile.picked.emit("Own")
    assert panel.engine.current == "Built-in"
    running.until(lambda: chosen() == ("Own", "Built-in"))
    running.until(lambda: running.workspace.batches.items()[0].engine == "Built-in")
    panel.engine.picked.emit(ENGINE)
    running.until(lambda: chosen() == ("Own", ENGINE))
    panel.profile.picked.emit("Gone")
    running.until(lambda: chosen() == ("Gone", ENGINE))
