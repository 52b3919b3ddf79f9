"""Finished cards of one source side by side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import ItemStatus, ItemView, Options
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.ui.batch.compare import comparable
from cardforge_desktop.ui.batch.compare.cell import SHORT
from cardforge_desktop.ui.batch.compare.dialog import CompareDialog
from cardforge_desktop.ui.batch.compare.reading import Column, field_names
from cardforge_desktop.ui.services import Notice, Services
from cardforge_desktop.ui.widgets.basics import ElidedLabel
from tests.support.app import ENGINE, write_sources
from tests.support.window import Running

OTHER = "Another model with a rather long name"


@pytest.fixture
def made(running: Running, tmp_path: Path) -> tuple[ItemView, ...]:
    """One source by two engines, the second card changed by hand."""
    workspace = running.workspace
    url = workspace.engines.get(ENGINE).connection.url
    workspace.engines.add(Connection(OTHER, "openai", url, "m"), None)
    options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options, engines=[ENGINE, OTHER])
    assert workspace.queue.wait_idle(60)
    items = workspace.batches.items()
    assert {item.status for item in items} == {ItemStatus.COMPLETED}
    assert items[1].card_id is not None
    stored = workspace.library.card(items[1].card_id)
    change = {"description": stored.card.description + " She also owns a goat.", "scenario": "Long. " * 1000}
    card = stored.card.model_copy(update=change)
    package = type(stored.package)(card, stored.package.picture, stored.package.files)
    workspace.library.save(items[1].card_id, package, stored.version)
    return items


@pytest.fixture
def dialog(running: Running, services: Services, made: tuple[ItemView, ...]) -> CompareDialog:
    dialog = CompareDialog(running.window, services, [item.id for item in made])
    dialog.open()
    running.until(lambda: dialog.columns)
    return dialog


def test_fields_of_both_cards_stand_side_by_side(dialog: CompareDialog) -> None:
    assert [column.item.engine for column in dialog.columns] == [ENGINE, OTHER]
    assert list(dialog.cells)[:2] == ["name", "description"]
    for name, cells in dialog.cells.items():
        assert len(cells) == 2, name
        assert len({cell.geometry().top() for cell in cells}) == 1, f"{name} is not in one line"
    first, second = dialog.cells["description"]
    assert second.text.text() == first.text.text() + " She also owns a goat."
    assert OTHER in second.text.accessibleName()
    dialog.reject()


def test_what_differs_is_marked_and_what_is_the_same_can_be_hidden(dialog: CompareDialog) -> None:
    second = dialog.cells["description"][1]
    dialog.marking.setChecked(True)
    marked = second.text.text()
    assert "background-color" in marked
    assert "goat" in marked[marked.index("background-color") :]
    assert "background-color" not in dialog.cells["description"][0].text.text()
    dialog.marking.setChecked(False)
    assert "background-color" not in second.text.text()
    dialog.only_different.setChecked(True)
    shown = {name for name, cells in dialog.cells.items() if not cells[0].isHidden()}
    assert {"description", "scenario"} <= shown
    assert "personality" not in shown
    dialog.reject()


def test_a_long_text_is_folded_until_it_is_asked_for(dialog: CompareDialog) -> None:
    cell = dialog.cells["scenario"][1]
    assert len(cell.text.text()) == SHORT + 1
    assert not cell.more.isHidden()
    cell.more.click()
    assert cell.text.text() == "Long. " * 1000
    assert cell.more.isHidden()
    dialog.reject()


def test_a_card_opens_in_the_library(
    dialog: CompareDialog, services: Services, made: tuple[ItemView, ...], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(services.desk.open_card) as told:
        dialog._open(made[1].card_id or "")
    assert told.args == [made[1].card_id]
    assert not dialog.isVisible()


def test_keeping_one_deletes_the_other_until_undo(
    running: Running, dialog: CompareDialog, services: Services, made: tuple[ItemView, ...]
) -> None:
    notices: list[Notice] = []
    services.desk.notice.connect(notices.append)
    library = running.workspace.library
    dialog._keep(made[0].card_id or "")
    running.until(lambda: [card.id for card in library.cards()] == [made[0].card_id])
    notices[0].links[0].do()
    running.until(lambda: {card.id for card in library.cards()} == {item.card_id for item in made})


def test_a_card_that_is_gone_leaves_its_column_out(
    running: Running, services: Services, made: tuple[ItemView, ...]
) -> None:
    dialog = CompareDialog(running.window, services, [made[0].id, "item_gone"])
    dialog.open()
    running.until(lambda: dialog.columns)
    assert len(dialog.columns) == 1
    dialog.reject()


def test_two_to_four_finished_rows_can_be_compared(made: tuple[ItemView, ...]) -> None:
    one, two = made
    assert comparable([one, two])
    assert not comparable([one])
    assert not comparable([one, two] * 3)


@given(st.lists(st.lists(st.sampled_from("abcdefg"), unique=True), min_size=1, max_size=4))
def test_every_field_of_any_card_has_one_line(fields: list[list[str]]) -> None:
    texts: list[Mapping[str, str]] = [dict.fromkeys(names, "x") for names in fields]
    columns = [Column(None, "", "", each) for each in texts]  # type: ignore[arg-type]
    names = field_names(columns)
    assert sorted(names) == sorted({name for each in fields for name in each})


def test_selected_rows_are_compared_by_the_command(running: Running, made: tuple[ItemView, ...]) -> None:
    table, actions = running.batch.table, running.session.services.actions
    running.until(lambda: running.statuses() == ["completed", "completed"])
    running.window.open_panel("batch")
    table.selectRow(0)
    assert not actions["queue.compare"].isEnabled()
    table.selectAll()
    assert actions["queue.compare"].isEnabled()
    actions["queue.compare"].trigger()
    dialog = running.window.findChild(CompareDialog)
    assert dialog is not None
    running.until(lambda: len(dialog.columns) == 2)
    dialog.reject()


def test_cards_of_other_sources_are_named_and_none_is_to_be_given_up(
    running: Running, services: Services, made: tuple[ItemView, ...], tmp_path: Path
) -> None:
    options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",))
    running.workspace.queue.submit(write_sources(tmp_path / "other", 2)[1:], options)
    assert running.workspace.queue.wait_idle(60)
    ids = [item.id for item in running.workspace.batches.items()]
    dialog = CompareDialog(running.window, services, [ids[0], ids[-1]])
    dialog.open()
    running.until(lambda: dialog.columns)

    def texts() -> set[str]:
        return {each.whole for each in dialog.findChildren(ElidedLabel) if each.isVisible()}

    running.until(lambda: {"source-001.md", "source-002.md"} <= texts())
    assert "Keep this one" not in {
        each.text() for each in dialog.findChildren(QPushButton) if each.isVisible()
    }
    dialog.reject()
