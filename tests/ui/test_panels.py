"""Library, costs and settings over the real workspace; the preview pane by itself."""

import threading
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlmodel import update

from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.ui.batch.fields_view import FieldsView
from cardforge_desktop.ui.costs.panel import CostsPanel
from cardforge_desktop.ui.library.card_model import CardModel
from cardforge_desktop.ui.settings.engine_dialog import EngineDialog
from cardforge_desktop.ui.settings.panel import SettingsPanel
from cardforge_desktop.ui.theme import Theme
from tests.support.app import ENGINE, write_sources


def finish(running, tmp_path, count: int) -> None:
    """Let the scripted server write some cards."""
    running.session.frame.add(write_sources(tmp_path, count))
    running.until(lambda: running.statuses() == ["draft"] * count)
    running.session.services.actions["queue.start"].trigger()
    running.until(lambda: running.statuses() == ["completed"] * count)


def test_the_library_lists_and_finds_cards_and_keeps_qts_rules(
    run_window, scripted_server, tmp_path, qtmodeltester
):
    running = run_window(scripted_server.url)
    finish(running, tmp_path, 3)
    library = running.library
    running.until(lambda: library.model.rowCount() == 3)
    qtmodeltester.check(library.model)
    running.until(lambda: library.view.card is not None)
    library.search.setText("source-002")
    running.until(lambda: library.model.rowCount() == 1)
    running.until(lambda: library.view.card.summary.source == "source-002.md")
    library.search.setText("nothing like it")
    running.until(lambda: library.model.rowCount() == 0)


def test_a_new_card_appears_in_the_open_library(run_window, scripted_server, tmp_path):
    running = run_window(scripted_server.url)
    library = running.library
    assert not library.browser.grid.isVisible()
    finish(running, tmp_path, 1)
    running.until(lambda: library.model.rowCount() == 1)


def test_costs_follow_the_calls(run_window, scripted_server, tmp_path, qtmodeltester):
    running = run_window(scripted_server.url)
    costs = running.window.built("costs")
    assert isinstance(costs, CostsPanel)
    finish(running, tmp_path, 2)
    running.window.open_panel("costs")
    models = costs.groups.table("model").rows
    running.until(lambda: models.rowCount() == 1)
    qtmodeltester.check(models)
    assert models.index(0, 0).data() == "scripted-1"
    running.until(lambda: models.index(0, 2).data() == str(len(scripted_server.calls)))
    # The scripted server is on this machine, and so free: its cards have cost something all the same.
    with running.workspace._store.write() as session:
        session.execute(update(core_table(ItemRow)).values(cost=Decimal("0.50")))
    running.workspace.hub.changed.emit(Changed(Kind.CALL))
    running.until(lambda: costs.per_card.figure.text() == "$0.50")
    costs.groups.tabs.show_pane("card")
    cards = costs.groups.table("card")
    running.until(lambda: cards.rows.rowCount() == 2)
    cards.selectRow(0)
    QTest.keyClick(cards, Qt.Key.Key_Return)
    running.until(lambda: running.window.current == "library")
    running.window.open_panel("costs")
    costs.groups.tabs.show_pane("batch")
    batches = costs.groups.table("batch")
    running.until(lambda: batches.rows.rowCount() == 1)
    place = batches.visualRect(batches.rows.index(0, 0)).center()
    QTest.mouseClick(batches.viewport(), Qt.MouseButton.LeftButton, pos=place)
    running.until(lambda: running.window.current == "batch")
    assert running.batch.batches.list.current == running.workspace.batches.batches()[0].id


def test_an_engine_is_added_tested_and_removed(run_window, scripted_server, qtbot):
    running = run_window()
    panel = running.window.built("settings")
    assert isinstance(panel, SettingsPanel)
    dialog = panel.engines.open_dialog()
    assert isinstance(dialog, EngineDialog)
    dialog.name.setText("Mine")
    dialog.url.setText(scripted_server.url)
    dialog.model.setText("scripted-1")
    dialog.key.setText("sk-not-shown")
    qtbot.mouseClick(dialog._add, Qt.MouseButton.LeftButton)
    running.until(lambda: running.window.notices.text)
    assert "sk-not-shown" not in running.window.notices.text
    assert [each.name for each in running.workspace.engines.connections()] == ["Built-in", "Mine"]
    running.until(lambda: "Mine" in panel.engines._rows)
    running.workspace.engines.remove("Mine")
    running.until(lambda: "Mine" not in panel.engines._rows)


def test_a_name_that_is_taken_is_said_in_the_dialog(run_window, scripted_server, qtbot):
    running = run_window(scripted_server.url)
    panel = running.window.built("settings")
    dialog = panel.engines.open_dialog()
    dialog.name.setText(ENGINE)
    dialog.url.setText(scripted_server.url)
    running.workspace  # noqa: B018 - wait for it
    qtbot.mouseClick(dialog._add, Qt.MouseButton.LeftButton)
    running.until(lambda: ENGINE in dialog.said and "Asking" not in dialog.said)
    assert dialog.isVisible()
    dialog.close()


def test_settings_are_kept_at_once_and_shown_when_another_changes_them(run_window):
    running = run_window()
    panel = running.window.built("settings")
    panel.concurrency.picked.emit("8")
    running.until(lambda: running.workspace.settings.get().concurrency == 8)
    running.workspace.settings.update(concurrency=2)
    running.until(lambda: panel.concurrency.current == "2")


def test_pickers_learn_of_new_engines(run_window, scripted_server):
    running = run_window()
    picker = running.batch.engine
    running.until(lambda: picker.current == "Built-in")
    running.workspace.engines.add(Connection("Mine", "openai", scripted_server.url, "m"), None)
    running.until(lambda: "Mine" in [choice.key for choice in picker._choices])


def test_a_growing_field_is_appended_not_written_again(qapp, qtbot):
    theme = Theme(qapp)
    view = FieldsView(theme)
    qtbot.addWidget(view)
    text = "Word after word. " * 1_800
    removed = []
    view.document().contentsChange.connect(lambda _at, gone, _new: removed.append(gone))
    view.grow("description", text[:10])
    removed.clear()
    for end in range(1_000, len(text), 1_000):
        view.grow("description", text[:end])
    assert sum(removed) == 0
    assert view.texts["description"].startswith("Word after word.")
    assert text[:20_000] in view.toPlainText()
    view.grow("personality", "Calm.")
    view.grow("description", "Another beginning.")
    assert view.toPlainText().split("\n")[1] == "Another beginning."
    theme.deleteLater()


def test_an_empty_card_list_keeps_qts_rules(qapp, qtmodeltester):
    qtmodeltester.check(CardModel())


def test_the_window_never_waits_for_the_store(run_window, scripted_server, tmp_path, monkeypatch):
    threads: set[str] = set()
    for name in ("read", "write"):
        whole = getattr(Store, name)

        def watched(self, whole=whole, **how):
            threads.add(threading.current_thread().name)
            return whole(self, **how)

        monkeypatch.setattr(Store, name, watched)
    running = run_window(scripted_server.url)
    finish(running, tmp_path, 2)
    running.batch.table.selectRow(0)
    running.session.services.actions["queue.open"].trigger()
    running.until(lambda: running.library.view.card is not None)
    for key in ("costs", "settings"):
        running.window.open_panel(key)
    running.until(lambda: running.window.panel.concurrency.current == "3")
    running.close()
    assert "window-worker_0" in threads
    assert "MainThread" not in threads
