"""What is done with selected cards: stars, tags, deleting and bringing back, files and their state."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtTest import QTest

from cardforge_desktop.cards.formats import read_path
from cardforge_desktop.ui.library.carrying import MOST, Carrier
from cardforge_desktop.ui.library.export_dialog import ExportDialog
from cardforge_desktop.ui.library.export_losses import losses_in, samples_for
from cardforge_desktop.ui.library.report_dialog import ReportDialog
from cardforge_desktop.ui.library.tag_dialog import TagDialog
from cardforge_desktop.ui.main_window import _takes
from cardforge_desktop.ui.panel import OWN_DRAG
from tests.ui.library.browser.cards import card, lamp_keepers, names, put, select


def trigger(running, key: str) -> None:
    """Run a command as its menu does."""
    action = running.session.services.actions[key]
    assert action.isEnabled(), key
    action.trigger()


def dialog(running, kind):
    """The dialog that a command opens."""
    running.until(lambda: [each for each in running.window.findChildren(kind) if each.isVisible()])
    return running.window.findChild(kind)


def test_numbers_give_stars_to_all_that_are_selected(run_window):
    running = run_window()
    ids = lamp_keepers(running, 3)
    select(running, ids[0], ids[2])
    trigger(running, "card.rate_4")
    model = running.library.model
    running.until(lambda: [model.card(card_id).rating for card_id in ids] == [4, 0, 4])
    trigger(running, "card.rate_0")
    running.until(lambda: [model.card(card_id).rating for card_id in ids] == [0, 0, 0])


def test_delete_asks_nothing_and_ctrl_z_brings_back(run_window):
    running = run_window()
    ids = lamp_keepers(running, 4)
    browser = running.library.browser
    select(running, ids[1], ids[2])
    QTest.keyClick(browser.grid, Qt.Key.Key_Delete)
    running.until(lambda: len(names(running)) == 2)
    assert "2 cards were deleted" in running.window.notices.text
    assert len(browser.cards()) == 1  # the next one is selected: Delete goes on there
    QTest.keyClick(browser.grid, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    running.until(lambda: len(names(running)) == 4)
    assert not running.session.services.actions["card.undo"].isEnabled()


def test_tags_are_added_and_taken_away(run_window):
    running = run_window()
    ids = put(running.workspace, [card("Anna", tags=["sea", "fog"]), card("Bert", tags=["sea"])])
    model = running.library.model
    running.until(lambda: model.rowCount() == 2)
    select(running, *ids)
    trigger(running, "card.tag")
    asked = dialog(running, TagDialog)
    rows = {item.data(Qt.ItemDataRole.UserRole): item for item in asked._items()}
    assert rows["sea"].checkState() is Qt.CheckState.Checked
    assert rows["fog"].checkState() is Qt.CheckState.PartiallyChecked
    rows["sea"].setCheckState(Qt.CheckState.Unchecked)
    asked.edit.setText("lamp, storm ,lamp,")
    QTest.keyClick(asked.edit, Qt.Key.Key_Return)
    assert (set(asked.added), asked.removed) == ({"storm", "lamp"}, ("sea",))
    asked.apply.click()
    running.until(lambda: set(model.card(ids[1]).tags) == {"lamp", "storm"})
    running.until(lambda: set(model.card(ids[0]).tags) == {"fog", "lamp", "storm"})


def test_export_says_names_and_losses_before_it_writes(run_window, tmp_path):
    running = run_window()
    ids = put(running.workspace, [card("Anna"), card("Bert")])
    running.until(lambda: running.library.model.rowCount() == 2)
    select(running, *ids)
    trigger(running, "card.export")
    asked = dialog(running, ExportDialog)
    for name, box in asked.boxes.items():
        box.setChecked(name in ("tavernai", "v2"))
    asked.folder_edit.setText(str(tmp_path / "out"))
    editor = asked.pattern_editor
    editor.line.set_text("{nonsense}")
    assert "{nonsense}" in editor.message.text()
    assert not asked.export_button.isEnabled()
    editor.line.set_text("{index}-{character_name}")
    assert asked.export_button.isEnabled()
    # The samples shown before have numbers, too.
    running.until(lambda: any(shown._whole.startswith(("002-anna", "002-bert")) for shown in editor.names))
    running.until(lambda: "picture is left out" in asked.losses["v2"].text())
    assert "2 of 2 cards lose something" in asked.losses["v2"].text()
    running.until(lambda: asked.losses["tavernai"].text() == "Nothing is lost.")
    assert not (tmp_path / "out").exists()
    promised = {shown._whole for shown in editor.names if shown.isVisible()}
    assert len(promised) == 3
    asked.export_button.click()
    running.until(lambda: "4 files written" in running.window.notices.text)
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert len(written) == 4
    assert promised <= written


def test_losses_and_names_come_from_the_cards_themselves(run_window):
    running = run_window()
    workspace = running.workspace
    ids = put(workspace, [card("Anna", nickname="An"), card("Bert")])
    losses = losses_in(workspace, ids, "v2")
    assert (losses.looked_at, losses.losing) == (2, 2)
    assert losses_in(workspace, ids, "tavernai").what == ()
    samples = samples_for(workspace, [ids[0], "card_gone", ids[1]])
    assert [(each.character_name, each.index) for each in samples] == [("Anna", 1), ("Bert", 3)]
    assert losses_in(workspace, ["card_gone"], "v2").problem


def test_an_edit_makes_files_old_and_re_export_renews_only_ours(run_window, tmp_path):
    running = run_window()
    (card_id,) = put(running.workspace, [card("Anna")])
    workspace, library = running.workspace, running.library
    workspace.card_files.export([card_id], ["tavernai", "v2", "v3"], tmp_path, "{character_name}_{format}")
    paths = dict(workspace.library.card(card_id).summary.files)
    stored = workspace.library.card(card_id)
    edited = card("Anna", description="She left.")
    workspace.library.save(card_id, type(stored.package)(edited, stored.avatar, {}), stored.version)
    paths["v2"].write_text("mine now")
    paths["v3"].unlink()
    running.until(lambda: library.model.rowCount() == 1 and library.model.cards[0].out_of_date)
    select(running, card_id)
    library.browser.details.refresh()
    running.until(lambda: library.view.card is not None and library.view.card.summary.out_of_date)
    running.until(
        lambda: (
            {state.format: state.state for state in library.view.files.states}
            == {"tavernai": "outdated", "v2": "changed", "v3": "missing"}
        )
    )
    library.view.files.re_export.emit()
    report = dialog(running, ReportDialog)
    assert [line.word for line in report.model.lines] == ["Left as it is", "Written", "Written"]
    assert "changed since CardForge wrote it" in report.as_text()
    report.accept()
    assert paths["v2"].read_text() == "mine now"
    for name in ("tavernai", "v3"):
        assert read_path(paths[name]).package.card.description == "She left."
    running.until(lambda: {state.state for state in library.view.files.states} == {"current", "changed"})


def test_copy_as_file_puts_whole_cards_on_the_clipboard(run_window):
    running = run_window()
    ids = lamp_keepers(running, 3)
    select(running, ids[0], ids[1])
    QGuiApplication.clipboard().clear()
    trigger(running, "edit.copy")
    running.until(lambda: "Copied 2 cards" in running.window.notices.text)
    paths = [url.toLocalFile() for url in QGuiApplication.clipboard().mimeData().urls()]
    assert [path.rpartition("/")[2] for path in paths] == ["keeper_001.png", "keeper_000.png"]
    copied = {read_path(Path(path)).package.card.name for path in paths}
    assert copied == {"Keeper 000", "Keeper 001"}
    assert running.library.model.card(ids[0]).files == ()  # a copy is no file of the card's own
    QGuiApplication.clipboard().clear()


def test_a_drag_carries_png_files_and_is_not_taken_by_our_own_window(run_window):
    running = run_window()
    ids = lamp_keepers(running, 2)
    begun: list[tuple[QMimeData, QPixmap | None]] = []
    library = running.library
    carrier = Carrier(running.session.services, library, lambda *what: begun.append(what))
    picture = QPixmap(4, 4)
    carrier.drag(library.model.cards, picture)
    running.until(lambda: begun)
    data, shown = begun[0]
    assert shown is picture
    assert data.hasUrls()
    files = [Path(url.toLocalFile()) for url in data.urls()]
    assert all(path.suffix == ".png" and read_path(path).container == "png" for path in files)
    assert len(files) == len(ids)
    assert data.hasFormat(OWN_DRAG)
    assert not _takes(data)
    foreign = QMimeData()
    foreign.setUrls([QUrl.fromLocalFile(str(files[0]))])
    assert _takes(foreign)


def test_more_cards_than_a_drag_carries_are_refused_in_words(run_window):
    running = run_window()
    lamp_keepers(running, 1)
    begun: list[object] = []
    carrier = Carrier(running.session.services, running.library, lambda *what: begun.append(what))
    carrier.drag(running.library.model.cards * (MOST + 1), None)
    assert "Use Export for more" in running.window.notices.text
    assert begun == []


@pytest.mark.parametrize("count", [0, 1, 2])
def test_only_what_can_be_done_is_enabled(run_window, count):
    running = run_window()
    ids = lamp_keepers(running, 3)
    running.library.browser.selection.clearSelection()
    if count:
        select(running, *ids[:count])
    actions = running.session.services.actions
    assert actions["card.export"].isEnabled() == (count > 0)
    assert actions["card.rate_3"].isEnabled() == (count > 0)
    assert actions["card.edit"].isEnabled() == (count == 1)
    assert not actions["card.re_export"].isEnabled()
    running.window.open_panel("batch")
    assert not any(action.isEnabled() for spec, action in actions if spec.key.startswith("card."))
