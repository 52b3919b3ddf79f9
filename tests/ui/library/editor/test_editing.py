"""Every kind of change, taken back and made again; the rest of the card stays as it was."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from cardforge_desktop.cards.lint import LintContext, lint
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.placeholder import draw_placeholder
from cardforge_desktop.ui.library.preview.rewrite_dialog import RewriteDialog
from cardforge_desktop.ui.widgets.text_field import TextField
from tests.ui.library.editor.conftest import CARD, ICON


def examined(bench) -> None:
    """Wait until the card as it stands is counted and checked."""
    bench.until(lambda: bench.editor.examination is not None and bench.editor.examination.card is bench.card)


def test_undo_goes_back_over_every_kind_of_change_and_redo_forward(bench):
    session = bench.editor.session
    states = [session.package]

    def step() -> None:
        assert session.package is not states[-1]
        states.append(session.package)

    bench.type("description", " She waits.")
    step()
    bench.section("opening").alternate.list.move_text(0, 1)
    step()
    session.set_picture(draw_placeholder("Another"))
    step()
    bench.section("book").choose(1)
    bench.section("book").move_entry(-1)
    step()
    bench.section("about").tags.line.setText("new")
    bench.section("about").tags.line.returnPressed.emit()
    step()
    bench.section("examples").examples.list.remove(0)
    step()
    bench.section("assets").table.selectRow(0)
    bench.section("assets").remove_asset()
    step()
    for state in reversed(states[:-1]):
        bench.action("edit.undo")
        assert session.package is state
    assert not bench.desktop.services.actions["edit.undo"].isEnabled()
    for state in states[1:]:
        bench.action("edit.redo")
        assert session.package is state
    assert not bench.desktop.services.actions["edit.redo"].isEnabled()


def test_undo_shows_and_focuses_the_field_that_changed(bench):
    bench.type("scenario", " It rains.")
    bench.section("about")
    bench.action("edit.undo")
    assert bench.editor.navigator.current == "character"
    focused = bench.editor.focusWidget()
    assert isinstance(focused, TextField)
    assert focused.text == CARD.scenario


def test_typing_is_taken_back_with_the_keys_of_the_card_not_of_the_field(bench):
    bench.type("scenario", " It rains.")
    field = bench.field("scenario")
    assert not field.document().isUndoAvailable()
    bench.qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text == CARD.scenario
    bench.qtbot.keyClick(
        field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert field.text == CARD.scenario + " It rains."


def test_the_cursor_stays_where_it_was_when_the_end_changes(bench):
    field = bench.field("description")
    field.select(7, 7)
    bench.editor.session.set("description", CARD.description + " More.")
    assert field.text.endswith("More.")
    assert field.textCursor().position() == 7


def test_tokens_are_shown_by_field_and_in_all(bench):
    examined(bench)
    bench.section("character")
    tokens = {box.path: box.tokens.text() for box in bench.editor.section("character").boxes}
    assert tokens["personality"] == "2 tokens"
    before = bench.editor.tokens.text
    bench.type("personality", " Kind and slow.")
    examined(bench)
    assert bench.editor.section("character").boxes[2].tokens.text() == "6 tokens"
    assert bench.editor.tokens.text != before


def test_another_tokenizer_counts_and_is_kept(bench):
    examined(bench)
    bench.editor.tokens.chooser.picked.emit("claude")
    bench.until(lambda: bench.editor.section("character").boxes[2].tokens.text().startswith("≈"))
    assert bench.desktop.workspace.settings.get().tokenizer == "claude"


def test_another_context_is_measured_against_and_kept(bench):
    examined(bench)
    assert "8,192" in bench.editor.tokens.text
    bench.editor.context.picked.emit("4096")
    bench.until(lambda: "4,096" in bench.editor.tokens.text)
    assert bench.desktop.workspace.settings.get().context == 4_096
    assert bench.editor.context.current == "4096"


def test_a_finding_is_marked_told_and_mended_by_one_click(bench):
    examined(bench)
    box = next(box for box in bench.editor.section("character").boxes if box.path == "description")
    marked = [box.field.text[mark.start : mark.end] for mark in box.field.marks]
    assert "{{usr}}" in marked
    fix = next(each for each in box.findings.findChildren(QPushButton) if each.text() == "Write {{user}}")
    fix.click()
    assert bench.card.description == CARD.description.replace("{{usr}}", "{{user}}")
    bench.action("edit.undo")
    assert bench.card.description == CARD.description


def test_all_findings_are_mended_as_one_step(bench):
    session = bench.editor.session
    bench.action("editor.fix_all")
    bench.until(lambda: session.can_undo)
    left = lint(bench.card, LintContext())
    assert [each for each in left if each.fix is not None and each.severity != "hint"] == []
    bench.action("edit.undo")
    assert bench.card == CARD


def test_a_rule_switched_off_finds_nothing_more(bench):
    examined(bench)
    assert any(each.rule == "unknown-macro" for each in bench.editor.examination.findings)
    bench.editor.tasks.switch_rule("unknown-macro", False)
    bench.until(lambda: all(each.rule != "unknown-macro" for each in bench.editor.examination.findings))
    assert bench.desktop.workspace.settings.get().lint_off == ("unknown-macro",)


def test_replacing_all_over_the_card_is_one_step(bench):
    bench.editor.begin_search()
    bar = bench.editor.find_bar
    bar.words.setText("lamp")
    bar.new.setText("candle")
    bench.until(lambda: bar.is_settled and bar.current is not None)
    bar.replace_all()
    bench.until(lambda: bench.card.scenario == "A candle shop at night.")
    card = bench.card
    assert card.alternate_greetings == ["A candle burns.", "The candle is out."]
    assert card.character_book is not None
    assert card.character_book.entries[0].keys == ["candle"]
    assert card.character_book.entries[0].content == "candles are people."
    assert card.tags == ["fantasy", "candle"]
    assert card.model_extra == CARD.model_extra
    bench.action("edit.undo")
    assert bench.card == CARD
    assert not bench.editor.session.can_undo


def test_a_place_is_found_on_a_page_nobody_opened(bench):
    bench.editor.begin_search()
    bar = bench.editor.find_bar
    bar.words.setText("dry quay")
    bench.until(lambda: bar.current is not None)
    assert bench.editor.navigator.current == "book"
    section = bench.editor.section("book")
    assert section.chosen == 1
    content = section.entry.boxes["content"].field
    assert content.textCursor().selectedText() == "dry quay"
    assert bar.words.hasFocus()


def test_greetings_are_written_sorted_added_and_removed(bench):
    greetings = bench.section("opening").alternate.list
    bench.qtbot.keyClicks(greetings.items[1].field, "! ")
    assert bench.card.alternate_greetings == ["A lamp burns.", "! The lamp is out."]
    greetings.move_text(1, 0)
    greetings.add()
    bench.qtbot.keyClicks(greetings.items[2].field, "New.")
    greetings.remove(1)
    assert bench.card.alternate_greetings == ["! The lamp is out.", "New."]
    assert bench.card.group_only_greetings == []
    bench.saved()


def test_examples_keep_what_stands_around_the_one_that_is_written_in(bench):
    examples = bench.section("examples").examples.list
    assert examples.texts == ["{{user}}: Who is it for?\n{{char}}: Somebody's son.", "{{user}}: Oh."]
    bench.qtbot.keyClicks(examples.items[0].field, "x ")
    assert examples.items[0].field.text.startswith("x {{user}}")
    assert bench.card.mes_example == CARD.mes_example.replace("{{user}}: Who", "x {{user}}: Who")
    examples.move_text(1, 0)
    assert bench.card.mes_example.startswith("<start>\n{{user}}: Oh.\n<START>\nx {{user}}: Who")


def test_a_blank_at_the_end_of_an_example_can_be_typed_over(bench):
    field = bench.section("examples").examples.list.items[1].field
    bench.qtbot.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    bench.qtbot.keyClicks(field, " two words")
    assert bench.card.mes_example.endswith("{{user}}: Oh. two words")


def test_an_entry_of_the_book_is_added_written_and_removed(bench):
    section = bench.section("book")
    section.choose(0)
    section.add_entry()
    assert section.chosen == 1
    keys = section.entry._controls["keys"]
    bench.qtbot.keyClicks(keys.line, "tide")
    bench.qtbot.keyClick(keys.line, Qt.Key.Key_Return)
    bench.qtbot.keyClicks(keys.line, "moon,")
    bench.qtbot.keyClicks(section.entry.boxes["content"].field, "High at night.")
    section.entry._controls["constant"].picked.emit("yes")
    section.entry._controls["enabled"].click()
    section.entry._controls["priority"].setText("")
    bench.qtbot.keyClicks(section.entry._controls["priority"], "2.5")
    book = bench.card.character_book
    assert book is not None
    entry = book.entries[1]
    assert (entry.keys, entry.content, entry.constant, entry.priority, entry.id) == (
        ["tide", "moon"],
        "High at night.",
        True,
        2.5,
        3,
    )
    assert not entry.enabled
    assert [each.id for each in book.entries] == [1, 3, 2]
    assert book.model_extra == {"x_book": True}
    assert book.entries[2].model_extra == {"x_entry": [1]}
    section.remove_entries()
    assert bench.card.character_book == CARD.character_book


def test_a_book_of_20000_entries_has_no_more_widgets_than_a_small_one(make_bench):
    from cardforge_desktop.cards.model import BookEntry, CharacterBook

    entries = [BookEntry(keys=[f"key {at}"], content=f"Text {at}.", id=at) for at in range(20_000)]
    bench = make_bench(Card(name="Many", character_book=CharacterBook(entries=entries)))
    section = bench.section("book")
    assert section.model.rowCount() == 20_000
    assert len(section.findChildren(TextField)) < 20
    bench.editor.go_to("character_book.entries[19999].content", 0, 4)
    assert section.chosen == 19_999
    assert section.entry.boxes["content"].field.text == "Text 19999."


def test_a_card_without_a_book_gets_one(make_bench):
    bench = make_bench(Card(name="Bare"))
    bench.section("book").add_book.click()
    assert bench.card.character_book is not None
    bench.section("book").add_entry()
    assert len(bench.card.character_book.entries) == 1
    bench.saved()


def test_assets_get_files_and_one_main_icon(bench, tmp_path):
    section = bench.section("assets")
    (tmp_path / "happy face.png").write_bytes(b"happy")
    section.add_path(tmp_path / "happy face.png")
    bench.until(lambda: section.model.rowCount() == 2)
    first, second = bench.card.assets or []
    assert (first.name, second.name, second.ext) == ("main", "happy face", "png")
    section.table.selectRow(1)
    section.main.click()
    assert [asset.name for asset in bench.card.assets or []] == ["icon_2", "main"]
    assert sorted(bench.editor.session.package.files.values()) == sorted([ICON, b"happy"])
    bench.saved()
    assert dict(bench.stored.files) == dict(bench.editor.session.package.files)
    section.table.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft
    )  # where Qt's own `selectRow` does nothing
    section.go_to("assets[0].name", 0, 0, focus=False)
    assert section.chosen == 0
    section.move_asset(1)
    assert section.chosen == 1
    section.remove_asset()
    assert list(bench.editor.session.package.files.values()) == [b"happy"]


def test_a_file_that_cannot_be_read_is_said_to_be(bench, tmp_path):
    notices: list[str] = []
    bench.desktop.services.desk.notice.connect(lambda notice: notices.append(notice.text))
    bench.section("assets").add_path(tmp_path / "nowhere.png")
    bench.until(lambda: notices)
    assert "nowhere.png" in notices[0]
    assert bench.card == CARD


def test_unknown_fields_are_changed_and_refused_as_json(bench):
    field = bench.section("other").unknown
    assert field.field.text.startswith('{\n  "x_mood"')
    field.field.edited.emit('{"x_mood": 3, "x_new": null}')
    assert bench.card.model_extra == {"x_mood": 3, "x_new": None}
    for wrong in ("{", "[1]", '{"x": NaN}', '{"name": "Tam"}'):
        field.field.edited.emit(wrong)
        assert not field.is_valid, wrong
        assert bench.card.model_extra == {"x_mood": 3, "x_new": None}
    assert bench.card.name == CARD.name
    assert (
        bench.card.character_book is CARD.character_book or bench.card.character_book == CARD.character_book
    )
    bench.saved()


def test_extensions_stay_whole_beside_the_fields_that_are_kept_in_them(bench):
    section = bench.section("instructions")
    bench.type("extensions.depth_prompt.prompt", "[Never lies.]")
    section.talkativeness.setText("")
    bench.qtbot.keyClicks(section.talkativeness, "0.7")
    assert bench.card.extensions == {
        "chub": {"id": 12, "nested": [None, 1.5]},
        "talkativeness": "0.7",
        "depth_prompt": {"prompt": "[Never lies.]", "depth": 4, "role": "system"},
    }


@pytest.mark.parametrize(
    ("text", "seconds"), [("2026-11-26 10:42:05", True), ("2026-11-26T10:42:05Z", 1795689725), ("soon", None)]
)
def test_dates_are_read_as_local_time(bench, text, seconds):
    section = bench.section("about")
    section.created.setText(text)
    section.created.textEdited.emit(text)
    date = bench.card.creation_date
    assert (date is None) if seconds is None else bool(date) if seconds is True else date == seconds


def test_notes_in_another_language_are_added_and_removed(bench):
    section = bench.section("about")
    section.languages.code.setText("de")
    section.languages.add_button.click()
    bench.qtbot.keyClicks(section.languages.box("creator_notes_multilingual.de").field, "Hallo")
    assert bench.card.creator_notes_multilingual == {"de": "Hallo"}
    section.languages._remove("de")
    assert bench.card.creator_notes_multilingual is None


def test_a_text_taken_from_the_rewriting_is_one_step(bench):
    opening = bench.section("opening")
    opening.alternate.list.items[1].field.setFocus()
    bench.action("editor.rewrite")
    dialog = bench.editor.findChild(RewriteDialog)
    assert dialog._text == "The lamp is out."
    dialog.taken.emit("alternate_greetings[1]", "The lamp is lit again.")
    dialog.reject()
    assert bench.card.alternate_greetings == ["A lamp burns.", "The lamp is lit again."]
    assert opening.alternate.list.texts[1] == "The lamp is lit again."
    bench.action("edit.undo")
    assert bench.card == CARD


def test_nothing_written_wrongly_into_one_card_stays_in_the_next(bench, make_bench):
    second = make_bench(CARD.model_copy(update={"name": "Tam"}))
    field = bench.section("other").unknown
    field.field.set_text("")
    bench.qtbot.keyClicks(field.field, "{wrong")
    assert not field.is_valid
    bench.editor.open(second.card_id)
    bench.until(lambda: bench.editor.session.is_open and bench.card.name == "Tam")
    assert field.is_valid
    assert field.field.text.startswith('{\n  "x_mood"')
    assert bench.card.model_extra == CARD.model_extra


def test_the_fields_of_a_book_are_unfolded_when_one_goes_there(bench):
    section = bench.section("book")
    assert not section.token_budget.isVisible()
    bench.qtbot.keyClicks(section.token_budget, "512")
    assert bench.card.character_book.token_budget == 512
    bench.editor.navigator.choose("about")
    bench.action("edit.undo")
    assert section.token_budget.isVisible()
    assert bench.card.character_book.token_budget is None
