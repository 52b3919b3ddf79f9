"""The form of a profile: each field bound to one path, what is wrong below it, the keyboard alone."""

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.templates import known_placeholders
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation
from cardforge_desktop.ui.action_list import SPECS
from cardforge_desktop.ui.profiles.editor.field_names import name_of
from cardforge_desktop.ui.profiles.editor.form import ProfileForm
from cardforge_desktop.ui.profiles.editor.found import form_order, section_of
from cardforge_desktop.ui.profiles.editor.placeholder_words import suggestions
from cardforge_desktop.ui.profiles.editor.validating import ProfileChecker
from cardforge_desktop.workspace import Workspace
from tests.support.profiles import add_profile
from tests.ui.profiles.conftest import Editing

TASK = "Read {sauce} and write {fields}."
Found = Callable[[ProfileContent], Validation]


class Form:
    """A form over a real session, with rules that say what the test wants."""

    def __init__(self, editing: Editing, qtbot: QtBot) -> None:
        self.editing, self.qtbot = editing, qtbot
        self.session = editing.session
        self.says: Found = lambda _: Validation()
        for spec in SPECS:
            editing.desktop.services.actions.add(spec).setEnabled(False)
        window = editing.desktop.window
        self.checker = ProfileChecker(editing.desktop.services, self.session, window, self._check)
        self.form = ProfileForm(self.session, self.checker, editing.desktop.services)
        layout = QVBoxLayout(window)
        layout.addWidget(QLineEdit())
        layout.addWidget(self.form)
        window.resize(620, 700)
        window.activateWindow()
        self.until(lambda: not self.checker.is_checking)

    @property
    def content(self) -> ProfileContent:
        return self.session.content

    @property
    def focused(self) -> Any:
        return self.editing.desktop.window.focusWidget()

    def value(self, path: str) -> Any:
        return fields_of(self.content)[path]

    def until(self, condition: Callable[[], object]) -> None:
        self.editing.until(condition)

    def checked(self) -> None:
        """Have what stands there checked, without waiting for a pause."""
        self.checker.check_now()
        self.until(lambda: not self.checker.is_checking)

    def field(self, path: str) -> Any:
        """The field of the form at a path, which has the focus then."""
        self.form.go_to(path)
        fields = self.form.section(section_of(path)).fields
        return next(field for field in fields if field.path == path)

    def type(self, path: str, text: str) -> Any:
        """Type over what stands at a path."""
        field = self.field(path)
        self.focused.selectAll()
        self.qtbot.keyClicks(self.focused, text)
        return field

    def action(self, key: str) -> None:
        action = self.editing.desktop.services.actions[key]
        assert action.isEnabled(), key
        action.trigger()

    def _check(self, workspace: Workspace, content: ProfileContent, profile_id: str) -> Validation:
        return self.says(content)


@pytest.fixture
def form(editing: Editing, qtbot: QtBot) -> Form:
    return Form(editing, qtbot)


def warned(*paths: str) -> Found:
    return lambda _: Validation((), tuple(Finding(path, "Hm.", FindingCode.NO_EFFECT) for path in paths))


def unknown_placeholder(content: ProfileContent) -> Validation:
    text = content.prompts.task
    at = text.find("{sauce}")
    if at < 0:
        return Validation()
    found = Finding("prompts.task", "There is no {sauce}.", FindingCode.UNKNOWN_PLACEHOLDER, at, at + 7)
    return Validation((found,))


def test_every_path_of_a_profile_has_its_field_which_is_named_by_it(form: Form):
    assert set(form_order()) == set(fields_of(form.content))
    for path in form_order():
        field = form.field(path)
        assert field.control.accessibleName() == name_of(path), path
        assert form.focused is field.control or field.control.isAncestorOf(form.focused), path


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("name", "Lamps", "Lamps"),
        ("description", "Of lamps", "Of lamps"),
        ("config.model", "small-1", "small-1"),
        ("config.sampling.temperature", "0,7", 0.7),
        ("config.sampling.top_k", "40", 40),
        ("config.greetings", "0", 0),
        ("config.style", "terse", "terse"),
        ("config.fields.scenario.words", "90", 90),
        ("config.book.max_entries", "12", 12),
        ("prompts.system", "You write.", "You write."),
        ("prompts.fields.tags", "Five tags.", "Five tags."),
        ("config.naming_pattern", "x_{{format}", "x_{{format}"),
    ],
)
def test_what_is_typed_is_in_the_profile(form: Form, path: str, typed: str, value: object):
    form.type(path, typed)
    assert form.value(path) == value
    assert form.session.is_dirty


@pytest.mark.parametrize(
    ("path", "empty"),
    [("config.sampling.temperature", None), ("config.fields.scenario.words", 0), ("config.language", "")],
)
def test_a_field_that_is_emptied_leaves_it_to_others(form: Form, path: str, empty: object):
    form.type(path, "7")
    form.focused.clear()
    form.qtbot.keyClicks(form.focused, "8")
    form.qtbot.keyClick(form.focused, Qt.Key.Key_Backspace)
    assert form.value(path) == empty


def test_choices_and_ticks_are_in_the_profile(form: Form):
    form.field("type").picker.picked.emit("scenario")
    form.field("config.tense").picker.picked.emit("past")
    form.qtbot.mouseClick(form.field("config.book.include").box, Qt.MouseButton.LeftButton)
    boxes = form.field("config.formats").list.boxes
    form.qtbot.mouseClick(boxes["charx"], Qt.MouseButton.LeftButton)
    form.qtbot.mouseClick(boxes["json"], Qt.MouseButton.LeftButton)
    content = form.content
    assert (content.type, content.config.tense, content.config.book.include) == ("scenario", "past", False)
    assert content.config.formats == ("v2", "tavernai", "charx")


def test_formats_of_another_version_stay(form: Form):
    form.session.set("config.formats", ("json", "of-tomorrow"))
    form.qtbot.mouseClick(form.field("config.formats").list.boxes["v2"], Qt.MouseButton.LeftButton)
    assert form.content.config.formats == ("json", "v2", "of-tomorrow")


def test_a_pattern_of_the_specification_is_kept_by_its_name(form: Form):
    form.type("config.naming_pattern", "x")
    form.type("config.naming_pattern", "batch_{batch_id}_{index}_{character_name}")
    assert form.content.config.naming_pattern == "batch"


def test_a_field_is_ticked_in_the_list_and_beside_it(form: Form):
    field = form.field("config.fields.tags.write")
    fields = form.form.section("fields").list
    fields.setFocus()
    form.qtbot.keyClick(fields, Qt.Key.Key_Space)
    assert not form.content.config.fields["tags"].write
    assert not field.box.isChecked()
    form.qtbot.mouseClick(field.box, Qt.MouseButton.LeftButton)
    assert form.content.config.fields["tags"].write
    row = fields.item(fields.currentRow())
    assert row.checkState() is Qt.CheckState.Checked
    assert row.text() == "Tags"


def test_undo_shows_the_field_with_its_cursor_near_and_is_the_windows(form: Form):
    form.type("prompts.task", "Read {source} and write {fields}.")
    form.session.set("prompts.task", "Read {source} slowly and write {fields}.")
    field = form.field("prompts.task").field
    cursor = field.textCursor()
    cursor.setPosition(6)
    field.setTextCursor(cursor)
    form.qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text == "Read {source} slowly and write {fields}."
    form.form.go_to("name")
    form.session.undo()
    assert form.focused is field
    assert field.text == "Read {source} and write {fields}."
    assert field.textCursor().position() == 6
    form.session.redo()
    assert field.text == "Read {source} slowly and write {fields}."


def test_a_number_stays_as_it_is_written_while_it_means_the_same(form: Form):
    form.type("config.sampling.temperature", "1.")
    assert form.content.config.sampling.temperature == 1.0
    assert form.focused.text() == "1."
    form.qtbot.keyClicks(form.focused, "25")
    assert form.content.config.sampling.temperature == 1.25


def test_what_is_no_number_is_an_error_and_the_profile_keeps_the_one_before(form: Form):
    before = form.content.config.sampling.top_k
    field = form.type("config.sampling.top_k", ".5")
    assert form.content.config.sampling.top_k == before
    assert form.checker.holds_back
    assert "whole number" in field.control.accessibleDescription()
    form.type("config.sampling.top_k", "4")
    assert not form.checker.holds_back
    assert field.findings.isHidden()


def test_what_is_wrong_stands_below_its_field_is_counted_and_said(form: Form):
    form.says = lambda _: Validation(
        (Finding("config.greetings", "Too many.", FindingCode.BAD_RANGE),),
        (
            Finding("config.greetings", "Odd.", FindingCode.NO_EFFECT),
            Finding("config.fields.tags.words", "Short.", FindingCode.NO_EFFECT),
            Finding("config.fields", "Little is written.", FindingCode.NOTHING_WRITTEN),
        ),
    )
    field = form.field("config.greetings")
    assert form.form.line.text == "Nothing is wrong"
    form.session.set("config.greetings", 99)
    assert "Checking" in form.form.line.text
    form.checked()
    assert [line.message for line in field.findings.lines] == ["Too many.", "Odd."]
    assert field.control.property("tone") == "error"
    assert field.control.accessibleDescription().startswith("Error: Too many. Warning: Odd.")
    assert form.form.bar.buttons["writing"].accessibleName().startswith("Writing, ")
    assert form.form.bar.buttons["engine"].accessibleName() == "Engine"
    fields = form.form.section("fields")
    marked = fields.list.item(9)
    assert marked.data(Qt.ItemDataRole.AccessibleDescriptionRole).endswith("has warnings")
    assert [line.message for line in fields._rest.lines] == ["Little is written."]
    form.says = lambda _: Validation()
    form.checked()
    assert field.findings.isHidden()
    assert form.form.line.text == "Nothing is wrong"


def test_f8_goes_through_errors_then_warnings_as_the_form_has_them_and_begins_anew(form: Form):
    form.says = lambda content: Validation(
        unknown_placeholder(content).errors,
        (
            Finding("prompts.fields.tags", "Hm.", FindingCode.TOO_LONG),
            Finding("config.sampling.seed", "Hm.", FindingCode.NO_EFFECT),
        ),
    )
    form.session.set("prompts.task", TASK)
    form.checked()
    went: list[str] = []
    form.form.went.connect(went.append)
    form.action("profile.next_finding")
    assert form.focused.textCursor().selectedText() == "{sauce}"
    for _ in range(3):
        form.action("profile.next_finding")
    form.action("profile.previous_finding")
    ring = ["prompts.task", "config.sampling.seed", "prompts.fields.tags"]
    assert went == [*ring, ring[0], ring[2]]
    assert form.focused.accessibleName() == "Tags, instruction"
    form.says = lambda _: Validation()
    form.checked()
    assert not form.editing.desktop.services.actions["profile.next_finding"].isEnabled()


def test_the_place_is_underlined_and_one_click_puts_what_is_meant_there(form: Form):
    form.says = unknown_placeholder
    field = form.type("prompts.task", TASK)
    form.checked()
    assert [field.field.text[mark.start : mark.end] for mark in field.field.marks] == ["{sauce}"]
    fix = next(each for each in field.findings.findChildren(QPushButton) if each.text())
    assert fix.text() == "Use {source}"
    form.qtbot.mouseClick(fix, Qt.MouseButton.LeftButton)
    assert form.content.prompts.task == field.field.text == "Read {source} and write {fields}."
    form.until(lambda: not form.checker.is_checking)
    assert form.form.found == ()
    form.session.undo()
    assert field.field.text == TASK


def test_a_fix_of_a_text_that_changed_meanwhile_does_nothing(form: Form):
    form.says = unknown_placeholder
    field = form.type("prompts.task", TASK)
    form.checked()
    form.session.set("prompts.task", "So {sauce} moved. {source} {fields}")
    field.findings.fix_wanted.emit(0)
    assert form.content.prompts.task == "So {sauce} moved. {source} {fields}"


def test_a_placeholder_of_the_menu_is_put_into_the_profile(form: Form):
    field = form.type("prompts.fields.tags", "About ")
    words = [action.data() for action in field._menu.actions()]
    assert "words" in words
    assert "source" not in words
    field._menu.actions()[words.index("words")].trigger()
    assert form.content.prompts.fields["tags"] == "About {words}"
    assert form.focused is field.field


@pytest.mark.parametrize("path", ["prompts.task", "prompts.fields.tags", "prompts.book", "prompts.examples"])
def test_every_placeholder_is_offered_with_what_it_means(path: str):
    offered = {each.word: each.meaning for each in suggestions(path)}
    assert set(offered) == set(known_placeholders(path))
    assert all(offered.values())


def test_another_profile_is_shown_whole_and_nothing_unreadable_stays(form: Form):
    add_profile(form.editing.workspace, "Other", greetings=5)
    form.type("config.greetings", "many")
    assert form.checker.holds_back
    form.editing.open(form.editing.workspace.profiles.by_name("Other").id)
    field = form.field("config.greetings")
    assert field.control.text() == "5"
    assert field.findings.isHidden()
    assert not form.checker.holds_back
    assert form.field("name").field.text == "Other"


def test_what_somebody_else_saved_is_shown(form: Form):
    field = form.field("description")
    form.session.put(form.content.model_copy(update={"description": "Theirs"}))
    assert field.field.text == "Theirs"


def test_engines_that_come_can_be_chosen_and_one_that_is_gone_is_still_named(form: Form):
    field = form.field("config.engine")
    form.session.set("config.engine", "Gone")
    assert field.picker.text() == "Gone"
    connection = Connection("Lab", "openai", "http://127.0.0.1:9/v1", "m")
    form.editing.workspace.engines.add(connection, None)
    form.until(lambda: any(action.data() == "Lab" for action in field.picker._menu.actions()))
    assert field.picker.text() == "Gone"


def test_tab_goes_as_the_fields_stand_and_leaves_the_form(form: Form):
    form.form.bar.choose("fields")
    form.form.bar.buttons["fields"].setFocus()
    names = []
    for _ in range(8):
        form.qtbot.keyClick(form.focused, Qt.Key.Key_Tab)
        names.append(form.focused.accessibleName())
    assert names[0] == "Fields of the card"
    parts = ("write", "words", "min_words", "max_tokens")
    assert names[1:5] == [name_of(f"config.fields.name.{part}") for part in parts]
    assert names[5] == "Insert a placeholder into: Name, instruction"
    assert names[6] == "Name, instruction"
    assert not form.form.isAncestorOf(form.focused)


@pytest.mark.parametrize(("width", "is_beside"), [(460, False), (900, True)])
def test_the_list_of_fields_leaves_the_chosen_one_room(form: Form, width: int, is_beside: bool):
    form.editing.desktop.window.resize(width, 700)
    form.form.go_to("prompts.fields.tags")
    section = form.form.section("fields")
    form.until(lambda: section.list.is_compact is not is_beside)
    form.until(lambda: (section.area.geometry().left() > section.list.geometry().right()) is is_beside)
    assert section.area.width() > width // 2
    assert section.area.height() > section.height() // 2
    rows = [section.list.visualItemRect(section.list.item(at)) for at in range(section.list.count())]
    assert all(section.list.viewport().rect().contains(row) for row in rows)


def test_making_the_sections_opens_no_window(form: Form, qapp: QApplication):
    """A label that was shown before it had a parent flashed up as one, and took the window's activation."""

    class Watch(QObject):
        shown: ClassVar[list[QObject]] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.shown.append(watched)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    for path in form_order():
        form.form.go_to(path)
    qapp.removeEventFilter(watch)
    assert watch.shown == []


def test_arrows_go_along_the_sections_and_the_keys_of_editors_too(form: Form):
    form.form.bar.choose("general")
    form.form.bar.buttons["general"].setFocus()
    form.qtbot.keyClick(form.focused, Qt.Key.Key_Right)
    assert form.form.bar.current == "engine"
    assert form.focused is form.form.bar.buttons["engine"]
    form.qtbot.keyClick(form.focused, Qt.Key.Key_Left)
    form.action("editor.previous")
    assert form.form.bar.current == "files"


def test_a_hundred_kilobytes_are_typed_in_without_being_laid_out_anew(form: Form):
    text = "Use {source} and {fields} of {{char}} here.\n" * 2_300
    field = form.field("prompts.examples").field
    field.insertPlainText(text)
    form.until(lambda: field.highlighter.is_done)
    blocks = field.document().blockCount()
    field.moveCursor(QTextCursor.MoveOperation.Start)
    form.qtbot.keyClicks(field, "x")
    assert form.content.prompts.examples == "x" + text
    assert field.document().blockCount() == blocks


def test_a_section_shows_itself_once_it_is_made_and_then_what_is_new(form: Form):
    form.form.bar.choose("prompts")
    prompts = form.form.section("prompts")
    form.until(prompts.isVisible)
    form.form.bar.choose("book")  # nobody asks for it: it is made by and by
    form.until(lambda: form.form.isVisible() and not prompts.isVisible())
    form.says = warned("prompts.system")
    form.session.set("prompts.system", "Written meanwhile.")
    form.checked()
    form.form.bar.choose("prompts")
    form.until(prompts.isVisible)
    field = next(each for each in prompts.fields if each.path == "prompts.system")
    assert field.field.toPlainText() == "Written meanwhile."
    assert [each.finding.message for each in field.found] == ["Hm."]
