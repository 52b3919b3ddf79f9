"""The batch builder from the first drop to the rows in the queue."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import ItemStatus, ItemView, Options, Priority
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.costs.limits import Limit
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.ui.batch.builder.costing import Sums
from cardforge_desktop.ui.batch.builder.dialog import BuilderDialog
from cardforge_desktop.ui.costs.prices_dialog import PricesDialog
from cardforge_desktop.ui.services import Notice, Services
from tests.support.app import ENGINE, write_sources
from tests.support.profiles import add_profile
from tests.support.window import Running


@pytest.fixture
def dialog(running: Running, services: Services) -> BuilderDialog:
    add_profile(running.workspace, "Short")
    paid = Connection("Paid", "openai", "https://api.openai.com/v1", "gpt-4o")
    running.workspace.engines.add(paid, None)
    running.workspace.engines.add(
        Connection("Elsewhere", "openai", "https://llm.example.org/v1", "some-model"), None
    )
    dialog = BuilderDialog(running.window, services)
    dialog.open()
    running.until(lambda: dialog.form.is_filled)
    return dialog


def settled(running: Running, dialog: BuilderDialog, rows: int) -> None:
    running.until(
        lambda: (
            dialog.sources.model.rowCount() == rows
            and not dialog.sources.reading.under_way
            and not dialog.costing.under_way
        ),
        60,
    )


def drop(dialog: BuilderDialog, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(40, 60),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    dialog.sources.dropEvent(event)


def items(running: Running) -> tuple[ItemView, ...]:
    return running.workspace.batches.items()


def test_two_sources_two_profiles_two_engines_become_eight_rows_that_run(
    running: Running, dialog: BuilderDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    other = Connection("Scripted too", "openai", running.workspace.engines.get(ENGINE).connection.url, "m")
    running.workspace.engines.add(other, None)
    dialog.reject()
    again = BuilderDialog(running.window, running.batch._services)
    again.open()
    running.until(lambda: again.form.is_filled)
    drop(again, *write_sources(tmp_path / "in", 2))
    settled(running, again, 2)
    again.form.profiles.boxes["Short"].setChecked(True)
    again.form.engines.boxes["Scripted too"].setChecked(True)
    settled(running, again, 2)
    assert "= 8 " in again.product.accessibleName()
    again.form.name.setText("Keepers")
    again.form.priority.show_choice(Priority.HIGH)
    again.form.stop_at_error.setChecked(True)
    again.form.limit.tokens.setText("2m")
    assert not again.queue_button.isEnabled(), "rows of the queue would lose the limit"
    with qtbot.waitSignal(again.added, timeout=20_000) as told:
        qtbot.keyClick(again, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(told.args[0]) == 8
    running.until(lambda: {item.status for item in items(running)} == {ItemStatus.COMPLETED}, 60)
    assert {(item.profile, item.engine) for item in items(running)} == {
        (profile, engine) for profile in ("Default", "Short") for engine in (ENGINE, "Scripted too")
    }
    (batch,) = running.workspace.batches.batches()
    assert (batch.name, batch.options.priority, batch.options.continue_on_error) == (
        "Keepers",
        Priority.HIGH,
        False,
    )
    assert running.workspace.limits.get(batch.id) == Limit(2_000_000)


def test_a_profile_that_is_ticked_brings_its_engine_alone_or_beside_the_others(
    running: Running, services: Services
) -> None:
    add_profile(running.workspace, "Own", engine="built-in")
    dialog = BuilderDialog(running.window, services)
    dialog.open()
    running.until(lambda: dialog.form.is_filled)
    profiles, engines = dialog.form.profiles.boxes, dialog.form.engines
    assert engines.chosen == (ENGINE,)
    profiles["Own"].setChecked(True)
    assert engines.chosen == ("Built-in", ENGINE)
    engines.boxes["Built-in"].setChecked(False)
    profiles["Default"].setChecked(False)
    assert engines.chosen == (ENGINE,), "another engine may be chosen for it"
    profiles["Own"].setChecked(False)
    profiles["Own"].setChecked(True)
    assert engines.chosen == ("Built-in",)
    dialog.reject()


def test_add_to_queue_makes_drafts_with_all_that_was_chosen(
    running: Running, dialog: BuilderDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.add(write_sources(tmp_path / "in", 1))
    settled(running, dialog, 1)
    form = dialog.form
    form.as_profile.setChecked(False)
    for name, box in form.formats.items():
        box.setChecked(name in {"v3", "charx"})
    form.book.show_choice("without")
    form.character.setText("Tessa")
    form.folder.setText(str(tmp_path / "there"))
    form.pattern.set_pattern("{character_name}-{index}")
    form.overwrite.setChecked(True)
    asked = form.shared.ask_name()
    assert not asked.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    for name in ("Second thoughts", "World of Brenn"):
        asked.textValueSelected.emit(name)
        running.until(lambda name=name: form.shared.book.shown == name)
    form.shared.tokens.show_choice("500")
    with qtbot.waitSignal(dialog.added, timeout=20_000):
        dialog.queue_button.click()
    (item,) = items(running)
    assert item.status is ItemStatus.DRAFT
    assert (set(item.formats), item.include_book) == ({"v3", "charx"}, False)
    assert (item.character_name, item.overwrite) == ("Tessa", True)
    assert (item.output, item.pattern) == (tmp_path / "there", "{character_name}-{index}")
    # What was made and is of no use goes with the dialog.
    running.until(lambda: len(running.workspace.books.books()) == 1)
    (book,) = running.workspace.books.books()
    assert (book.name, item.shared_book, item.book_tokens) == ("World of Brenn", book.id, 500)


def test_tokens_and_cost_are_told_before_anything_is_added(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    dialog.add(write_sources(tmp_path / "in", 3))
    settled(running, dialog, 3)
    words = {name: word.text() for name, word in dialog.form.engines.words.items()}
    assert words[ENGINE] == words["Built-in"] == "free"
    assert words["Paid"].startswith("up to $")
    assert words["Elsewhere"] == "price unknown"
    assert "free" in dialog.expected.text()
    dialog.form.engines.boxes["Paid"].setChecked(True)
    dialog.form.engines.boxes["Elsewhere"].setChecked(True)
    settled(running, dialog, 3)
    assert words["Paid"] in dialog.expected.text()
    assert "unknown price" in dialog.expected.text()
    before = dialog.expected.text()
    dialog.sources.all_in_one.setChecked(True)
    settled(running, dialog, 3)
    assert dialog.expected.text() != before

    # The same batch with each engine, cheapest first; one that is picked takes the place of the others.
    same = dialog.form.same_batch.make_menu().actions()
    told = [action.text().split("\t") for action in same]
    assert told[0][1] == told[1][1] == "free"
    assert [name for name, _ in told[2:]] == ["Paid · gpt-4o", "Elsewhere · some-model"]
    assert told[2][1].startswith("up to $")
    assert told[3][1] == "price unknown"
    same[3].trigger()
    settled(running, dialog, 3)
    assert dialog.form.engines.chosen == ("Elsewhere",)
    assert [action.isChecked() for action in dialog.form.same_batch.make_menu().actions()] == [
        *([False] * 3),
        True,
    ]

    # Nobody knows its price: with money limited that is said before Start, until it has one.
    assert dialog.unpriced.text == ""
    dialog.form.limit.money.setText("2.50")
    running.until(lambda: "some-model" in dialog.unpriced.text)
    dialog.form.limit.money.setText("")
    running.until(lambda: not dialog.unpriced.text)
    running.workspace.limits.set("month", Limit(cost=Decimal(5)))
    running.until(lambda: "some-model" in dialog.unpriced.text)
    give = next(link for link in dialog.unpriced.findChildren(QPushButton) if "price" in link.text())
    give.click()
    (prices,) = dialog.findChildren(PricesDialog)
    running.until(lambda: "some-model" in prices._about.text())
    prices.input.setText("1")
    prices.output.setText("1")
    prices.keep.click()
    running.until(lambda: not dialog.unpriced.text)
    settled(running, dialog, 3)
    assert dialog.form.engines.words["Elsewhere"].text().startswith("up to $")
    prices.accept()
    the_limit_that_stops_them_is_told(running, dialog)
    dialog.form.engines.choose("Paid", alone=False)
    settled(running, dialog, 3)
    assert "= 3 " in dialog.product.accessibleName(), "one card by three engines"
    assert items(running) == ()
    dialog.reject()


def the_limit_that_stops_them_is_told(running: Running, dialog: BuilderDialog) -> None:
    """Before Start; of several limits the one that does first."""
    assert "more than" not in dialog.expected.text(), "$5 are enough"
    running.workspace.limits.set("month", Limit(cost=Decimal("0.001")))
    running.until(lambda: "may be more than the $0.001 left this month" in dialog.expected.text())
    dialog.form.limit.tokens.setText("20")
    running.until(lambda: "is more than the batch's limit of 20 tokens" in dialog.expected.text())
    running.workspace.limits.set("day", Limit(tokens=0))
    running.until(lambda: "0 tokens left today" in dialog.expected.text())
    dialog.form.engines.choose("Built-in", alone=True)
    settled(running, dialog, 3)
    assert "more than" not in dialog.expected.text(), "what is made here counts in no limit"
    dialog.form.limit.tokens.clear()
    dialog.form.engines.choose("Elsewhere", alone=True)
    dialog.form.engines.choose(ENGINE, alone=False)


def test_nothing_can_be_started_without_a_source_a_profile_and_an_engine(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    assert not dialog.start_button.isEnabled()
    dialog.add(write_sources(tmp_path / "in", 1))
    settled(running, dialog, 1)
    assert dialog.start_button.isEnabled()
    dialog.form.engines.boxes[ENGINE].setChecked(False)
    assert not dialog.start_button.isEnabled()
    assert "engine" in dialog.expected.text()
    dialog.form.engines.boxes["Paid"].setChecked(True)
    dialog.form.profiles.boxes["Default"].setChecked(False)
    assert not dialog.queue_button.isEnabled()
    assert "profile" in dialog.expected.text()
    dialog.form.profiles.boxes["Short"].setChecked(True)
    dialog.form.limit.money.setText("little")
    assert "2.50" in dialog.expected.text()
    dialog.form.limit.money.clear()
    dialog.form.folder.clear()
    assert "folder" in dialog.expected.text()
    dialog.reject()


def test_an_unreadable_source_says_why_and_is_left_out(
    running: Running, dialog: BuilderDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    write_sources(tmp_path / "in", 2)
    (tmp_path / "in" / "empty.md").write_bytes(b"")
    dialog.add([tmp_path / "in"])
    settled(running, dialog, 3)
    (wrong,) = [row for row in dialog.sources.model.rows() if row.error]
    assert (wrong.name, wrong.error) == ("empty.md", "the file is empty.")
    assert "left out" in dialog.expected.text()
    with qtbot.waitSignal(dialog.added, timeout=20_000):
        dialog.queue_button.click()
    assert [item.source for item in items(running)] == ["source-001.md", "source-002.md"]


def test_sources_that_are_there_already_are_asked_about(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    paths = write_sources(tmp_path / "in", 3)
    running.workspace.drafts.add(paths[:1], Options(output=tmp_path, engine=ENGINE))
    dialog.add(paths[:2])
    settled(running, dialog, 1)
    running.until(lambda: "source-001.md" in dialog.sources.notice.text)
    dialog.sources.notice._links.itemAt(0).widget().click()
    settled(running, dialog, 2)
    assert dialog.sources.notice.text == ""
    dialog.add([paths[1], paths[2]])
    settled(running, dialog, 3)
    running.until(lambda: "source-002.md" in dialog.sources.notice.text)
    dialog.sources.notice._links.itemAt(1).widget().click()
    assert dialog.sources.model.rowCount() == 3
    dialog.reject()


def test_selected_sources_make_one_card_and_the_order_is_kept(
    running: Running, dialog: BuilderDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    dialog.add(write_sources(tmp_path / "in", 4))
    settled(running, dialog, 4)
    pane = dialog.sources
    pane._select([3])
    pane.table.setFocus()
    qtbot.keyClick(pane.table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    pane._select([1, 2])
    qtbot.keyClick(pane.table, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    pane._select([2])
    qtbot.keyClick(pane.table, Qt.Key.Key_Delete)
    settled(running, dialog, 2)
    assert "= 2 " in dialog.product.accessibleName()
    with qtbot.waitSignal(dialog.added, timeout=20_000):
        dialog.queue_button.click()
    first, second = items(running)
    assert first.source == "source-001.md"
    assert [source.name for source in second.sources] == ["source-002.md", "source-004.md"]


def test_a_pasted_text_is_a_source(
    running: Running, dialog: BuilderDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("# Tessa\n\nTessa Marrow keeps the lamp of the tower. " * 4)
    dialog.sources.paste()
    settled(running, dialog, 1)
    with qtbot.waitSignal(dialog.added, timeout=20_000):
        dialog.queue_button.click()
    (item,) = items(running)
    assert (item.source, item.sources[0].path) == ("Tessa", None)


def test_a_card_of_the_library_can_be_updated(
    running: Running, dialog: BuilderDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    old = tmp_path / "old.json"
    old.write_bytes(FORMATS["v3"].write(CardPackage(Card(name="Tessa", description="Keeps a lamp."))))
    running.workspace.card_imports.take([old])
    dialog.add(write_sources(tmp_path / "in", 1))
    settled(running, dialog, 1)
    before = dialog.expected.text()
    chooser = dialog.form.target.choose_card()
    running.until(lambda: chooser.list.model().rowCount())
    chooser.choose.click()
    settled(running, dialog, 1)
    assert dialog.expected.text() != before, "the model is shown the card as well"
    with qtbot.waitSignal(dialog.added, timeout=20_000):
        dialog.queue_button.click()
    assert items(running)[0].target == "Tessa"


def test_a_card_to_update_that_can_not_be_read_says_so(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    dialog.add(write_sources(tmp_path / "in", 1))
    settled(running, dialog, 1)
    dialog.form.target._pick(tmp_path / "gone.png", "gone.png")
    running.until(lambda: "gone.png" in dialog.expected.text())
    assert not dialog.start_button.isEnabled()
    dialog.form.target.clear.click()
    running.until(dialog.start_button.isEnabled)
    dialog.reject()


def test_five_hundred_sources_leave_the_window_its_time(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    write_sources(tmp_path / "in", 500)
    ticks: list[float] = []
    timer = QTimer(dialog)
    timer.timeout.connect(lambda: ticks.append(time.monotonic()))
    timer.start(0)
    dialog.add([tmp_path / "in"])
    settled(running, dialog, 500)
    timer.stop()
    assert len(ticks) > 500, "the window went on turning all the while"
    assert "= 500 " in dialog.product.accessibleName()
    dialog.reject()


def test_closing_while_it_reads_ends_the_reading(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    write_sources(tmp_path / "in", 200)
    dialog.add([tmp_path / "in"])
    running.until(lambda: dialog.sources.model.rowCount() == 200)
    reading = dialog.sources.reading
    dialog.reject()
    running.until(lambda: not reading.under_way)
    assert items(running) == ()


def test_the_command_opens_the_builder_from_the_panels_head(running: Running) -> None:
    running.batch.layouted.new_button.click()
    dialog = running.window.findChild(BuilderDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()


def test_a_file_dropped_twice_on_the_panel_is_asked_about(
    running: Running, services: Services, tmp_path: Path
) -> None:
    notices: list[Notice] = []
    services.desk.notice.connect(notices.append)
    controller = running.batch.controller
    first, second = write_sources(tmp_path / "in", 2)
    controller.add_paths([first])
    running.until(lambda: len(controller.model.items()) == 1)
    controller.add_paths([first, second])
    running.until(lambda: bool(notices))
    running.until(lambda: len(controller.model.items()) == 2)
    assert "source-001.md" in notices[0].text
    notices[0].links[0].do()
    running.until(lambda: len(controller.model.items()) == 3)
    assert [item.source for item in items(running)] == ["source-001.md", "source-002.md", "source-001.md"]


def test_a_card_to_update_is_its_own_source_when_there_is_no_other(
    running: Running, dialog: BuilderDialog, tmp_path: Path, qtbot: QtBot
) -> None:
    old = tmp_path / "old.json"
    card = Card(name="Tessa", description="Tessa keeps the lamp of the tower. " * 3)
    old.write_bytes(FORMATS["v3"].write(CardPackage(card)))
    dialog.form.target._pick(old, "old.json")
    settled(running, dialog, 1)
    assert dialog.start_button.isEnabled()
    with qtbot.waitSignal(dialog.added, timeout=20_000):
        dialog.queue_button.click()
    (item,) = items(running)
    assert (item.source, item.target) == ("old.json", "old.json")


def test_every_control_can_be_reached_and_has_a_name(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    dialog.add(write_sources(tmp_path / "in", 2))
    settled(running, dialog, 2)
    kinds = (QAbstractButton, QAbstractItemView, QLineEdit, QPlainTextEdit)
    controls = [
        each
        for each in dialog.findChildren(QWidget)
        if isinstance(each, kinds) and each.isVisible() and not isinstance(each, QHeaderView)
    ]
    assert len(controls) > 30
    nameless = [each for each in controls if not each.accessibleName() and not getattr(each, "text", str)()]
    unreachable = [each for each in controls if not each.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert nameless == []
    assert unreachable == []
    dialog.reject()


def test_an_engine_that_comes_or_goes_while_it_is_open_is_shown_and_the_rest_stays(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    dialog.add(write_sources(tmp_path / "in", 1))
    dialog.form.engines.boxes["Paid"].setChecked(True)
    settled(running, dialog, 1)
    running.workspace.engines.remove("Elsewhere")
    running.workspace.engines.add(
        Connection("New", "openai", "https://api.openai.com/v1", "gpt-4o-mini"), None
    )
    running.until(lambda: "New" in dialog.form.engines.boxes and "Elsewhere" not in dialog.form.engines.boxes)
    settled(running, dialog, 1)
    assert set(dialog.form.engines.chosen) == {ENGINE, "Paid"}
    assert dialog.form.engines.words["New"].text().startswith("up to $")
    assert dialog.start_button.isEnabled()
    dialog.reject()


def test_an_engine_nobody_chose_that_is_gone_keeps_nothing_from_being_told(
    running: Running, dialog: BuilderDialog, tmp_path: Path
) -> None:
    dialog.add(write_sources(tmp_path / "in", 1))
    settled(running, dialog, 1)
    told: list[Sums] = []
    dialog.costing.told.connect(told.append)
    asked = dialog._question()
    assert asked is not None
    dialog.costing.ask(replace(asked, others=("Nobody",)))
    running.until(lambda: told and not dialog.costing.under_way)
    assert set(told[-1].ways) == {("Default", ENGINE)}
    dialog.reject()
