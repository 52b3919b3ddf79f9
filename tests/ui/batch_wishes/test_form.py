"""What drafts are made with is changed in the form: for all selected ones, without fighting the person."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cardforge_desktop.batches.model import ItemStatus
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from tests.support.app import ENGINE
from tests.support.profiles import add_profile
from tests.ui.batch_wishes.conftest import Sheet
from tests.ui.items import item


def test_a_change_is_for_all_selected_rows_and_for_no_other(sheet: Sheet) -> None:
    one, two, other = sheet.add(3)
    sheet.choose(one, two)
    sheet.form.engine.picked.emit("Built-in")
    sheet.form.overwrite.click()
    sheet.settle()
    assert [(each.engine, each.overwrite) for each in sheet.items()] == [
        ("Built-in", True),
        ("Built-in", True),
        (ENGINE, False),
    ]
    assert sheet.read(other).estimate_input


def test_a_profile_brings_its_engine_along_and_both_are_taken_back(sheet: Sheet) -> None:
    add_profile(sheet.workspace, "Own", engine="Built-in")
    (one,) = sheet.add(1)
    sheet.choose(one)
    sheet.form.profile.picked.emit("Own")
    sheet.settle()
    assert (sheet.read(one).profile, sheet.read(one).engine) == ("Own", "Built-in")
    sheet.until(lambda: sheet.form.engine.current == "Built-in")
    sheet.form.undo()
    sheet.settle()
    assert (sheet.read(one).profile, sheet.read(one).engine) == ("Default", ENGINE)


def test_values_that_differ_are_shown_so_and_stay_as_they_are(sheet: Sheet, tmp_path: Path) -> None:
    (one,) = sheet.add(1, pattern="batch", include_book=False, overwrite=True)
    (two,) = sheet.add(1, engine="Built-in", output=tmp_path / "elsewhere")
    before = {each.id: (each.pattern, each.output, each.include_book) for each in sheet.items()}
    sheet.choose(one, two)
    form = sheet.form
    assert form.engine.text().strip() == "(various)"
    assert form.book.text().strip() == "(various)"
    assert form.pattern.editor.line.text == ""
    assert form.folder.line.text() == ""
    assert form.folder.line.placeholderText() == "(various)"
    assert form.overwrite.checkState() is Qt.CheckState.PartiallyChecked
    assert not form.character.isEnabled()
    form.overwrite.click()
    sheet.settle()
    assert {each.overwrite for each in sheet.items()} == {True}
    assert form.overwrite.checkState() is Qt.CheckState.Checked
    assert {each.id: (each.pattern, each.output, each.include_book) for each in sheet.items()} == before


def test_a_format_is_ticked_for_all_and_each_row_keeps_its_others(sheet: Sheet) -> None:
    (one,) = sheet.add(1, formats=("json", "charx"))
    (two,) = sheet.add(1, formats=("v3",))
    sheet.choose(one, two)
    boxes = sheet.form.formats.boxes
    assert boxes["json"].checkState() is Qt.CheckState.PartiallyChecked
    assert boxes["tavernai"].checkState() is Qt.CheckState.Unchecked
    boxes["tavernai"].click()
    boxes["json"].click()
    sheet.settle()
    assert sheet.read(one).formats == ("charx", "tavernai", "json")
    assert sheet.read(two).formats == ("v3", "tavernai", "json")
    boxes["tavernai"].click()
    sheet.settle()
    assert sheet.read(one).formats == ("charx", "json")


def test_the_last_format_can_not_be_taken_off(sheet: Sheet) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    box = sheet.form.formats.boxes["json"]
    box.click()
    assert "at least one format" in sheet.form._fields["formats"].note.text()
    assert box.isChecked()
    sheet.settle()
    assert sheet.read(one).formats == ("json",)


def test_changes_are_taken_back_one_after_the_other_each_row_to_its_own(sheet: Sheet) -> None:
    (one,) = sheet.add(1, pattern="batch")
    (two,) = sheet.add(1, pattern="detailed")
    sheet.choose(one, two)
    assert not sheet.form.undo_button.isEnabled()
    back: list[tuple[str, ...]] = []
    sheet.form.undone.connect(lambda _change, ids: back.append(ids))
    sheet.form.pattern.editor.choices.picked.emit("{character_name}_v{version}_{format}")
    sheet.form.engine.picked.emit("Built-in")
    sheet.settle()
    assert {each.pattern for each in sheet.items()} == {"{character_name}_v{version}_{format}"}
    sheet.form.undo_button.click()
    sheet.form.undo_button.click()
    sheet.settle()
    assert [each.pattern for each in sheet.items()] == ["batch", "detailed"]
    assert {each.engine for each in sheet.items()} == {ENGINE}
    assert back == [(one, two), (one, two)]
    assert not sheet.form.undo_button.isEnabled()


def test_what_is_typed_is_not_overwritten_by_what_comes_in_and_is_stored_when_the_field_is_left(
    sheet: Sheet, qtbot: QtBot
) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    line = sheet.form.character
    qtbot.keyClicks(line, "Tessa Marr")
    sheet.workspace.drafts.change([one], character_name="Somebody else")
    sheet.until(lambda: sheet.controller.model.item(one).character_name == "Somebody else")
    assert line.text() == "Tessa Marr"
    qtbot.keyClicks(line, "ow ")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    sheet.settle()
    assert sheet.read(one).character_name == "Tessa Marrow"


def test_typing_is_stored_after_a_pause(sheet: Sheet, qtbot: QtBot) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    qtbot.keyClicks(sheet.form.character, "Nan")
    sheet.until(lambda: sheet.read(one).character_name == "Nan")


def test_escape_brings_back_what_is_stored(sheet: Sheet, qtbot: QtBot) -> None:
    (one,) = sheet.add(1, character_name="Tessa")
    sheet.choose(one)
    for line, stored in (
        (sheet.form.character, "Tessa"),
        (sheet.form.folder.line, str(sheet.read(one).output)),
    ):
        qtbot.keyClicks(line, "xyz")
        qtbot.keyClick(line, Qt.Key.Key_Escape)
        assert line.text() == stored
    editor = sheet.form.pattern.editor
    stored = editor.line.text
    qtbot.keyClicks(editor.line, "{nonsense}")
    assert sheet.form.pattern.is_wrong
    qtbot.keyClick(editor.line, Qt.Key.Key_Escape)
    assert editor.line.text == stored
    assert not sheet.form.pattern.is_wrong


def test_another_row_gets_nothing_of_what_was_typed_for_the_first(sheet: Sheet, qtbot: QtBot) -> None:
    one, two = sheet.add(2)
    sheet.choose(one)
    qtbot.keyClicks(sheet.form.character, "Tessa")
    sheet.choose(two)
    assert sheet.form.character.text() == ""
    sheet.settle()
    assert (sheet.read(one).character_name, sheet.read(two).character_name) == ("Tessa", "")


def test_start_waits_for_what_stands_in_the_form(sheet: Sheet, qtbot: QtBot, tmp_path: Path) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    sheet.form.folder.line.selectAll()
    qtbot.keyClicks(sheet.form.folder.line, str(tmp_path / "late"))
    sheet.form.then(lambda: sheet.workspace.queue.start([one]))
    sheet.until(lambda: sheet.read(one).status is ItemStatus.COMPLETED)
    assert {path.parent for _, path in sheet.read(one).files} == {tmp_path / "late"}


def test_nothing_starts_while_a_field_is_wrong_and_the_field_says_why(sheet: Sheet, qtbot: QtBot) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    started: list[bool] = []
    editor = sheet.form.pattern.editor
    editor.line.selectAll()
    qtbot.keyClicks(editor.line, "{charactername}")
    sheet.form.then(lambda: started.append(True))
    assert "charactername" in editor.message.text()
    assert started == []
    editor.fix_button.click()
    sheet.form.then(lambda: started.append(True))
    sheet.until(lambda: started)
    assert sheet.read(one).pattern == "{character_name}"


def test_what_the_core_refuses_is_said_under_its_field_and_the_old_value_is_back(sheet: Sheet) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    sheet.form.profile.picked.emit("Gone")
    sheet.until(sheet.form._fields["profile"].note.text)
    assert "Gone" in sheet.form._fields["profile"].note.text()
    assert sheet.form._fields["profile"].note.property("role") == "error"
    assert sheet.form.profile.current == "Default"
    sheet.form.profile.picked.emit("Default")
    assert sheet.form._fields["profile"].note.isHidden()


def test_a_folder_that_can_not_be_written_in_is_told_before_start(
    sheet: Sheet, qtbot: QtBot, tmp_path: Path
) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    note = sheet.form._fields["output"].note
    assert note.isHidden()
    file = tmp_path / "a file"
    file.write_text("no folder")
    sheet.form.folder.line.put(str(file / "cards"))
    sheet.until(lambda: not note.isHidden())
    assert str(file) in note.text()
    assert note.property("role") == "warn"
    sheet.form.folder.line.put(str(tmp_path / "cards"))
    sheet.until(note.isHidden)
    assert not (tmp_path / "cards").exists()
    assert sheet.form.folder.recent == [str(tmp_path / "cards"), str(file / "cards")]


def test_the_book_can_be_as_each_profile_says(sheet: Sheet) -> None:
    (one,) = sheet.add(1, include_book=False)
    sheet.choose(one)
    sheet.until(lambda: sheet.form.choices.books)
    sheet.form.book.picked.emit("profile")
    sheet.settle()
    assert sheet.read(one).include_book is True
    sheet.form.book.picked.emit("without")
    sheet.settle()
    assert sheet.read(one).include_book is False
    assert sheet.form.book.current == "without"


def test_rows_share_a_book_that_is_chosen_or_made_and_the_estimate_follows(sheet: Sheet) -> None:
    from cardforge_desktop.cards.model import CharacterBook

    book = sheet.workspace.books.create(CharacterBook(name="World of Brenn"))
    one, two = sheet.add(2)
    sheet.choose(one, two)
    sheet.until(lambda: sheet.form.choices.shared)
    before = sheet.read(one).estimate_input
    shared = sheet.form.shared
    assert (shared.book.shown, shared.tokens.isHidden()) == ("None", True)
    shared.book.picked.emit(book.id)
    sheet.settle()
    assert [sheet.read(each).shared_book for each in (one, two)] == [book.id] * 2
    assert (shared.book.shown, shared.tokens.isHidden()) == ("World of Brenn", False)
    sheet.until(lambda: sheet.read(one).estimate_input == before + 1_000)
    sheet.choose(one)
    shared.tokens.picked.emit("250")
    sheet.settle()
    sheet.choose(one, two)
    assert shared.tokens.shown == "(various)"
    shared.ask_name().textValueSelected.emit("Harbour tales")
    sheet.until(lambda: sheet.read(two).shared_book not in ("", book.id))
    sheet.settle()
    assert shared.book.shown == "Harbour tales"
    sheet.form.undo()
    sheet.settle()
    assert shared.book.shown == "World of Brenn"
    sheet.workspace.books.delete([book.id])
    sheet.until(lambda: shared.book.shown == "A book that is no longer there")


def test_tokens_and_cost_follow_the_new_estimate(sheet: Sheet) -> None:
    one, two = sheet.add(2)
    sheet.choose(one, two)
    sheet.until(lambda: sheet.form.total.text().startswith("up to "))
    sheet.settle()
    before = sheet.form.total.text()
    sheet.form.book.picked.emit("without")
    sheet.until(lambda: sheet.form.total.text().startswith("up to ") and sheet.form.total.text() != before)

    def estimated() -> int:
        return sum((each.estimate_input or 0) + (each.estimate_output or 0) for each in sheet.items())

    def shown() -> str:
        return "".join(filter(str.isdigit, sheet.form.total.text().split("\n")[0]))

    sheet.until(lambda: shown() == str(estimated()))  # one row is estimated after the other


def test_a_row_shows_its_files_and_the_whole_of_its_warnings(sheet: Sheet, tmp_path: Path) -> None:
    first = tmp_path / "one.txt"
    first.write_bytes("Tessa Märrow keeps the lamp. ".encode("cp1252") * 40)
    second = tmp_path / "two.md"
    second.write_text("# Tessa\n\nShe climbs the steps at night and sings to nobody at all.\n" * 5)
    from cardforge_desktop.batches.model import Options

    (one,) = sheet.workspace.drafts.add(
        [first, second], Options(output=tmp_path / "out", engine=ENGINE), together=True
    )
    sheet.until(lambda: sheet.read(one).warnings)
    sheet.choose(one)
    sheet.settle()
    assert [each.text for each in sheet.form.sources.entries] == ["one.txt", "two.md"]
    assert [each.path for each in sheet.form.sources.entries] == [first, second]
    assert sheet.form._warnings.text() == "\n".join(sheet.read(one).warnings)
    sheet.choose(one, *sheet.add(1))
    assert sheet.form.sources.isHidden()
    assert "3" in sheet.form._several.text()


def test_thousands_of_rows_are_summed_up_on_a_worker(sheet: Sheet) -> None:
    rows = [item(at, local=False, engine=("A", "B")[at % 2]) for at in range(1, 5_001)]
    sheet.form.show_items(rows)
    sheet.until(lambda: "5" in sheet.form._title.accessibleName())
    assert sheet.form.engine.text().strip() == "(various)"
    assert sheet.form.ids == tuple(row.id for row in rows)


def test_every_control_has_a_name_and_tab_goes_from_top_to_bottom(sheet: Sheet, qtbot: QtBot) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    form = sheet.form
    sheet.desktop.window.activateWindow()
    form.profile.setFocus()
    heights: list[int] = []
    for _ in range(14):
        focused = QApplication.focusWidget()
        assert focused is not None
        assert focused.accessibleName(), focused
        heights.append(focused.mapTo(form._scroll.widget(), focused.rect().center()).y())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert heights == sorted(heights)
    assert len(set(heights)) > 10


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "old tessa.json"
    path.write_bytes(FORMATS["v3"].write(CardPackage(Card(name="Tessa", description="A keeper. " * 50))))
    return path


def test_a_card_to_update_is_chosen_with_its_fields_and_taken_back(sheet: Sheet, card: Path) -> None:
    one, two = sheet.add(2)
    sheet.choose(one, two)
    sheet.until(lambda: sheet.form.choices.fields)
    field = sheet.form.update_field
    assert field._fields.isHidden()
    field.picker._pick(card, card.name)
    sheet.settle()
    assert {each.target for each in sheet.items()} == {"old tessa.json"}
    assert field.picker.name.whole == "old tessa.json"
    assert all(box.isChecked() for box in field.boxes.values())
    field.boxes["first_mes"].click()
    sheet.settle()
    asked = sheet.read(one).fields
    assert "first_mes" not in asked
    assert {"personality", "book"} <= set(asked)
    field.boxes["first_mes"].click()
    sheet.settle()
    assert {each.fields for each in sheet.items()} == {()}, "all of them: whatever the profile asks for"
    for _ in range(3):
        sheet.form.undo_button.click()
    sheet.settle()
    assert {each.target for each in sheet.items()} == {""}
    assert field._fields.isHidden()


def test_a_file_that_is_no_card_is_refused_under_its_field(sheet: Sheet, tmp_path: Path) -> None:
    (one,) = sheet.add(1)
    sheet.choose(one)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture at all")
    sheet.form.update_field.picker._pick(broken, broken.name)
    note = sheet.form._fields["update"].note
    sheet.until(note.text)
    assert "broken.png" in note.text()
    sheet.settle()
    assert sheet.read(one).target == ""
    assert "None" in sheet.form.update_field.picker.name.whole


def test_an_update_keeps_at_least_one_field(sheet: Sheet, card: Path) -> None:
    (one,) = sheet.add(1, update=card, fields=("personality",))
    sheet.choose(one)
    sheet.until(lambda: sheet.form.choices.fields and not sheet.form.update_field._fields.isHidden())
    box = sheet.form.update_field.boxes["personality"]
    assert [name for name, each in sheet.form.update_field.boxes.items() if each.isChecked()] == [
        "personality"
    ]
    box.click()
    assert "at least one field" in sheet.form._fields["update"].note.text()
    assert box.isChecked()
    sheet.settle()
    assert sheet.read(one).fields == ("personality",)
