"""The frame: panels at their first visit, commands, theme, drops, notices, memory, the last question."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLineEdit, QTextEdit, QWidget

from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ui import frame, panels
from cardforge_desktop.ui.command_palette import CommandPalette, ShortcutsHelp, matches
from cardforge_desktop.ui.failures import Failures, notice_of
from cardforge_desktop.ui.panels import PANELS, PanelImports, PanelSpec
from cardforge_desktop.ui.services import Link, Notice
from cardforge_desktop.ui.widgets.question import Question
from tests.support.app import write_sources
from tests.support.scripted_server import ScriptedServer, Step
from tests.support.windows_shown import windows_shown


def test_a_panel_is_built_at_its_first_visit(run_window):
    with windows_shown() as shown:
        running = run_window()
        assert running.window.built_panels() == ("batch",)
        for at, spec in enumerate(PANELS, start=1):
            running.session.services.actions[f"view.{spec.key}"].trigger()
            running.until(lambda key=spec.key: running.window.current == key)
            assert len(running.window.built_panels()) == at
    assert {*shown} == {running.window}
    running.workspace  # noqa: B018 - wait for it


def test_panels_are_imported_ahead_while_no_worker_is_busy(run_window, monkeypatch):
    running = run_window()
    background = running.session.background
    running.workspace  # noqa: B018 - wait for it
    running.until(lambda: not background.is_busy)
    loaded: list[str] = []
    monkeypatch.setattr(PanelSpec, "load", lambda spec: loaded.append(spec.key))
    ahead, go_on = PanelImports(background, running.session), threading.Event()
    ahead._spare.setInterval(0)
    busy = background.start(background.run(go_on.wait))
    running.until(lambda: background.is_busy)
    ahead.begin()
    looks: list[None] = []
    ahead._spare.timeout.connect(lambda: looks.append(None))
    running.until(lambda: len(looks) > 3)
    assert loaded == []
    go_on.set()
    running.until(lambda: len(loaded) == len(PANELS))
    running.until(busy.done)
    assert loaded == [spec.key for spec in PANELS]


def test_one_panel_is_imported_at_a_time(monkeypatch):
    begun, inside, most = threading.Barrier(len(PANELS) + 1), [], []

    def slow(_module: str) -> SimpleNamespace:
        inside.append(None)
        for _ in range(200):
            time.sleep(0)  # let the others in, if they may
        most.append(len(inside))
        inside.pop()
        return SimpleNamespace(**{spec.name: spec.name for spec in PANELS})

    monkeypatch.setattr(panels, "import_module", slow)
    with ThreadPoolExecutor(len(PANELS)) as pool:
        loads = [pool.submit(lambda spec=spec: (begun.wait(), spec.load())[1]) for spec in PANELS]
        begun.wait()
        assert [load.result() for load in loads] == [spec.name for spec in PANELS]
    assert most == [1] * len(PANELS)


def test_what_the_log_is_said_to_hold_is_in_it(caplog):
    assert notice_of(ValueError("torn"), "It broke. The log holds the details.").text.startswith("It broke.")
    (record,) = caplog.records
    assert "torn" in caplog.text
    assert record.exc_info is not None
    notice_of(CardForgeError(ErrorCode.BOOK_NOT_FOUND, "Gone."), "")  # says it all itself
    assert len(caplog.records) == 1


def test_of_two_panels_the_one_that_was_chosen_last_is_shown(run_window):
    running = run_window()
    actions, background = running.session.services.actions, running.session.services.background
    running.workspace  # noqa: B018 - wait for it
    running.until(lambda: not background.is_busy)
    for key in ("library", "costs", "batch"):
        actions[f"view.{key}"].trigger()
    running.until(lambda: not background.is_busy)
    assert running.window.built_panels() == ("batch",)
    actions["view.library"].trigger()
    actions["view.costs"].trigger()
    running.until(lambda: running.window.current == "costs")
    assert running.window.built_panels() == ("batch", "costs")


def test_the_palette_finds_and_runs_a_command(run_window, qtbot):
    running = run_window()
    running.session.services.actions["view.palette"].trigger()
    palette = running.window.findChild(CommandPalette)
    qtbot.waitUntil(palette.isVisible)
    edit = palette.findChild(QLineEdit)
    everything = len(palette.shown)
    QTest.keyClicks(edit, "go costs")
    assert 0 < len(palette.shown) < everything
    edit.clear()
    QTest.keyClicks(edit, "view costs")
    assert palette.shown == ["View: Costs"]
    QTest.keyClick(edit, Qt.Key.Key_Return)
    running.until(lambda: running.window.current == "costs")


def test_letters_in_their_order_are_enough():
    assert matches("vwcst", "View: Costs")
    assert matches("costs view", "View: Costs")
    assert not matches("xyz", "View: Costs")
    assert matches("go costs", "View: Costs", "Go to Costs")


def test_help_lists_every_command(run_window, qtbot):
    running = run_window()
    running.session.services.actions["help.shortcuts"].trigger()
    shown = running.window.findChild(ShortcutsHelp)
    texts = {label.text() for label in shown.findChildren(QWidget) if hasattr(label, "text")}
    for _, action in running.session.services.actions:
        assert action.text().replace("&", "").removesuffix("…") in texts
    shown.close()


def test_no_two_commands_share_a_shortcut_and_each_has_a_tip(run_window):
    running = run_window()
    keys: dict[str, str] = {}
    for spec, action in running.session.services.actions:
        assert action.statusTip(), spec.key
        assert action.statusTip() in action.toolTip()
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)
        if shortcut:
            assert shortcut not in keys, (spec.key, keys.get(shortcut))
            keys[shortcut] = spec.key


def test_every_control_has_a_name_for_screen_readers(run_window, qtbot):
    running = run_window()
    kinds = (QAbstractButton, QAbstractItemView, QLineEdit, QTextEdit)
    nameless = []
    for spec in PANELS:
        running.window.open_panel(spec.key)
        qtbot.wait(50)
        panel = running.window.panel
        nameless += [
            (spec.key, type(each).__name__)
            for each in panel.findChildren(QWidget)
            if isinstance(each, kinds)
            and each.focusPolicy() != Qt.FocusPolicy.NoFocus
            and not (each.accessibleName() or (isinstance(each, QAbstractButton) and each.text()))
        ]
    assert nameless == []


def test_the_theme_is_switched_and_remembered(run_window):
    running = run_window()
    running.workspace  # noqa: B018 - wait for it
    dark = running.session.theme.tokens.dark
    running.session.services.actions["view.theme"].trigger()
    assert running.session.theme.tokens.dark is not dark
    wanted = "light" if dark else "dark"
    running.until(lambda: running.workspace.settings.get().theme == wanted)
    running.close()
    again = run_window()
    again.until(lambda: again.session.theme.choice == wanted)
    again.session.theme.choose("system")
    again.workspace.settings.update(theme="system")
    again.until(lambda: again.session.theme.choice == "system")


def test_another_face_changes_the_theme_of_the_window(run_window):
    running = run_window()
    running.workspace.settings.update(theme="dark")
    running.until(lambda: running.session.theme.tokens.dark)
    running.workspace.settings.update(theme="system")
    running.until(lambda: running.session.theme.choice == "system")


def test_the_overlay_covers_the_window_while_dragging(run_window):
    running = run_window()
    data = QMimeData()
    data.setText("Tessa Marrow keeps the lamp.")
    position, rest = (
        running.window.rect().center(),
        (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
    )
    running.window.dragEnterEvent(QDragEnterEvent(position, Qt.DropAction.CopyAction, data, *rest))
    overlay = running.window._overlay
    assert overlay.isVisible()
    assert overlay.geometry() == running.window.rect()
    running.window.dragLeaveEvent(None)
    assert not overlay.isVisible()


def test_a_notice_can_be_acted_on_and_dismissed(run_window):
    running, done = run_window(), []
    notice = Notice("It went wrong.", "error", details="CODE", links=(Link("Do it", lambda: done.append(1)),))
    running.session.desk.notice.emit(notice)
    bar = running.window.notices
    assert bar.text == "It went wrong."
    buttons = {each.text(): each for each in bar.findChildren(QAbstractButton)}
    buttons["Do it"].click()
    assert done == [1]
    assert "Copy details" in buttons
    bar.dismiss()
    assert bar.text == ""


def test_an_error_nobody_caught_is_a_notice_not_a_traceback(qapp, qtbot, tmp_path):
    failures, notices = Failures(tmp_path), []
    failures.notice.connect(notices.append)
    failures.report(CardForgeError("SOME_CODE", "The way out.", {"place": "here"}))
    failures.report(ValueError("secret detail"))
    qtbot.waitUntil(lambda: len(notices) == 2)
    assert notices[0].text == "The way out."
    assert "SOME_CODE" in notices[0].details
    assert "secret detail" not in notices[1].text
    assert "ValueError" in notices[1].details
    failures.close()
    assert not (tmp_path / "crash.log").exists()


def test_closing_with_work_running_asks_once_and_goes_on_at_the_next_start(run_window, tmp_path, qtbot):
    with ScriptedServer([Step("stall", times=1)]) as server:
        running = run_window(server.url)
        running.session.frame.add(write_sources(tmp_path, 1))
        running.until(lambda: running.statuses() == ["draft"])
        running.session.services.actions["queue.start"].trigger()
        running.until(lambda: "1 running" in running.window.status.queue_text)
        server.wait_until(lambda calls: len(calls) == 1)
        running.window.close()
        running.window.close()
        (question,) = running.window.findChildren(Question)
        question.no.click()
        assert running.window.isVisible()
        running.window.close()
        (question,) = [each for each in running.window.findChildren(Question) if each.isVisible()]
        question.yes.click()
        running.close()
        again = run_window(server.url)
        again.until(lambda: again.statuses() == ["completed"])


def test_geometry_and_panel_are_remembered(run_window):
    running = run_window()
    running.workspace  # noqa: B018 - wait for it
    running.window.resize(820, 600)
    running.window.open_panel("settings")
    running.close()
    again = run_window()
    again.workspace  # noqa: B018 - wait for it
    assert (again.window.width(), again.window.height()) == (820, 600)
    assert again.window.current == "settings"


def test_actions_of_another_panel_do_not_reach_hidden_rows(run_window, scripted_server, tmp_path):
    running = run_window(scripted_server.url)
    running.session.frame.add(write_sources(tmp_path, 1))
    running.until(lambda: running.statuses() == ["draft"])
    running.batch.table.selectRow(0)
    remove: QAction = running.session.services.actions["queue.remove"]
    assert remove.isEnabled()
    running.window.open_panel("costs")
    assert not remove.isEnabled()


def test_pasting_from_an_empty_clipboard_does_nothing(run_window, monkeypatch):
    running = run_window()
    clipboard = SimpleNamespace(mimeData=lambda: None)
    monkeypatch.setattr(frame.QGuiApplication, "clipboard", lambda: clipboard)
    running.session.services.actions["edit.paste"].trigger()
    assert running.window.notices.isHidden()
