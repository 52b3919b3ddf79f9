"""The card to update: shown, chosen from the library by typing, taken away again."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import CardRef
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.ui.batch.builder.target_picker import TargetPicker
from cardforge_desktop.ui.library.card_chooser import CardChooser
from cardforge_desktop.ui.services import Services
from tests.support.window import Running


def add_cards(running: Running, folder: Path, *names: str) -> dict[str, str]:
    """{name: id} of new cards of the library."""
    folder.mkdir(exist_ok=True)
    for name in names:
        card = Card(name=name, description=f"{name} keeps bees on the roof.")
        (folder / f"{name}.json").write_bytes(FORMATS["v3"].write(CardPackage(card)))
    report = running.workspace.card_imports.take([folder])
    return {Path(item.name).stem: item.card_id for item in report.items}


def opened(running: Running, picker: TargetPicker, qtbot: QtBot) -> CardChooser:
    chooser = picker.choose_card()
    running.until(lambda: chooser.list.model().rowCount())
    return chooser


def test_a_card_of_the_library_is_found_by_typing_and_taken_with_return(
    running: Running, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    ids = add_cards(running, tmp_path / "cards", "Mirela", "Bo", "Gannet")
    picker = TargetPicker(services)
    qtbot.addWidget(picker)
    picker.show()
    chooser = opened(running, picker, qtbot)
    assert chooser.list.model().rowCount() == 3
    qtbot.keyClicks(chooser.search, "gann")
    running.until(lambda: chooser.list.model().rowCount() == 1)
    with qtbot.waitSignal(picker.picked) as told:
        qtbot.keyClick(chooser.search, Qt.Key.Key_Return)
    assert told.args == [CardRef(ids["Gannet"])]
    assert picker.target == CardRef(ids["Gannet"])
    assert picker.name.accessibleName() == "Gannet"
    assert not picker.clear.isHidden()
    with qtbot.waitSignal(picker.picked) as told:
        picker.clear.click()
    assert told.args == [None]
    assert picker.target is None
    assert "new cards" in picker.name.accessibleName()


def test_arrow_keys_walk_the_cards_and_a_search_without_a_hit_can_not_be_taken(
    running: Running, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    add_cards(running, tmp_path / "cards", "Mirela", "Bo")
    picker = TargetPicker(services)
    qtbot.addWidget(picker)
    picker.show()
    chooser = opened(running, picker, qtbot)
    assert chooser.list.currentIndex().row() == 0
    qtbot.keyClick(chooser.search, Qt.Key.Key_Down)
    assert chooser.list.currentIndex().row() == 1
    qtbot.keyClicks(chooser.search, "zeppelin")
    running.until(lambda: not chooser.choose.isEnabled())
    assert "No card" in chooser.empty.text()
    qtbot.keyClick(chooser.search, Qt.Key.Key_Return)
    assert chooser.isVisible()
    chooser.reject()


def test_a_file_is_shown_by_its_name(
    running: Running, services: Services, qtbot: QtBot, tmp_path: Path
) -> None:
    picker = TargetPicker(services)
    qtbot.addWidget(picker)
    picker.show()
    picker.choose_file()
    dialog = picker.findChild(QFileDialog)
    assert dialog is not None
    with qtbot.waitSignal(picker.picked) as told:
        dialog.fileSelected.emit(str(tmp_path / "old.png"))
    dialog.close()
    assert told.args == [tmp_path / "old.png"]
    assert picker.name.accessibleName() == "old.png"


def test_showing_a_choice_tells_nobody(running: Running, services: Services, qtbot: QtBot) -> None:
    picker = TargetPicker(services)
    qtbot.addWidget(picker)
    with qtbot.assertNotEmitted(picker.picked):
        picker.show_target(None, "old.png")
        picker.show_several()
        picker.show_target(None, "")
