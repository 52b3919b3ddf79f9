"""What is done with entries and books, in the real window: each deed, what it says, and the way back."""

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit

from cardforge_desktop.books.errors import BookError
from cardforge_desktop.books.model import BookSummary, SetHead
from cardforge_desktop.cards.book_fields import category_of, tags_of, version_of, with_category
from cardforge_desktop.cards.formats import world_info
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Arrival
from cardforge_desktop.ui.books import clipboard
from cardforge_desktop.ui.books.book_dialog import BookDialog
from cardforge_desktop.ui.books.bulk.category_dialog import CategoryDialog
from cardforge_desktop.ui.books.bulk.edit_dialog import EditDialog
from cardforge_desktop.ui.books.bulk.merge_dialog import MergeDialog
from cardforge_desktop.ui.books.bulk.replace_dialog import ReplaceDialog
from cardforge_desktop.ui.books.bulk.split_dialog import SplitDialog
from cardforge_desktop.ui.books.bulk.target_dialog import TargetDialog
from cardforge_desktop.ui.books.entry.pane import EntryPane
from cardforge_desktop.ui.books.panel import BooksPanel
from cardforge_desktop.ui.widgets.text_field import TextField
from tests.books.shelves import book_of
from tests.support.window import Running


class Room:
    """The books panel with a book open."""

    def __init__(self, running: Running, book: CharacterBook) -> None:
        self.running, self.books = running, running.workspace.books
        self.summary: BookSummary = self.books.create(book)
        panel = running.window.built("books")
        assert isinstance(panel, BooksPanel)
        self.panel, self.session = panel, panel.session
        self.actions = running.session.services.actions
        self.said: list[str] = []
        running.session.services.desk.notice.connect(lambda notice: self.said.append(notice.text))
        self.open(self.summary.id)

    def open(self, book_id: str) -> None:
        self.panel.show_book(book_id)
        self.running.until(lambda: self.session.book is not None and self.session.book.id == book_id)
        self.settle()

    def titles(self, book_id: str = "") -> list[str]:
        return [entry.entry.name or "" for entry in self.books.entries(book_id or self.summary.id)]

    def entries(self) -> list[BookEntry]:
        return [entry.entry for entry in self.books.entries(self.summary.id)]

    def choose(self, *titles: str) -> None:
        """Select the entries with these titles, as a person does."""
        self.settle()
        ids = {entry.entry.name: entry.id for entry in self.books.entries(self.session.book_id)}
        wanted = [ids[title] for title in titles]
        self.panel.browser.show_entries(wanted)
        self.running.until(lambda: set(self.session.selection) == set(wanted))

    def do(self, key: str) -> None:
        """Choose a command, as in a menu, and wait until it is done."""
        action = self.actions[key]
        assert action.isEnabled(), key
        action.trigger()
        self.settle()

    def paste(self, text: str) -> None:
        """A text from elsewhere."""
        data = QMimeData()
        data.setText(text)
        self.running.window.take(data)

    def marked(self) -> str:
        """What is selected in the line with the focus."""
        line = self.running.window.focusWidget()
        return line.selectedText() if isinstance(line, QLineEdit) else ""

    def content_of(self, title: str) -> TextField:
        """The field of the content, once the pane beside the list shows that entry."""
        pane = self.panel.side.pane("entry")
        assert isinstance(pane, EntryPane)
        self.running.until(lambda: pane.draft is not None and pane.draft.entry.name == title)
        return pane.form.content.field

    def settle(self) -> None:
        self.running.until(
            lambda: not self.session.is_busy and self.panel.browser.is_settled and self._is_shown()
        )

    def _is_shown(self) -> bool:
        """Whether the list shows what is in the store."""
        query = self.panel.browser.finder.query
        try:
            numbers = self.running.workspace.book_search.numbers(query) if query is not None else ()
        except BookError:  # deleted a moment ago
            return False
        return list(self.panel.browser.model.numbers) == list(numbers)

    def dialog(self, key: str, kind: type[QDialog]) -> Any:
        """The dialog that a command opens."""
        assert self.actions[key].isEnabled(), key
        self.actions[key].trigger()
        self.running.until(lambda: _open(kind))
        return _open(kind)[0]

    def accept(self, dialog: Any) -> None:
        """Wait until the dialog can be accepted, do it, and wait until it is done."""
        self.running.until(dialog.yes.isEnabled)
        dialog.yes.click()
        self.running.until(lambda: not _open(type(dialog)))
        self.settle()

    def undo(self, text: str, before: Any) -> None:
        """Undo says what it takes back, and takes it back."""
        assert text in self.actions["edit.undo"].statusTip()
        self.do("edit.undo")
        assert self.entries() == before


def _open(kind: type[QDialog]) -> list[QDialog]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]


def _world() -> CharacterBook:
    content = "@@depth 4\n# Mill\nThe mill.\n\n# Wheel\nIt turns."
    mill = BookEntry(name="Mill", keys=["Mill", "wheel", " mill"], content=content, priority=1)
    others = [
        BookEntry(name=name, keys=[name], content=f"About {name}.", priority=at)
        for at, name in enumerate(("Tarn", "Anna", "Bert"), start=2)
    ]
    return CharacterBook(name="Old Tarn", entries=[with_category(mill, "Places"), *others])


def check_cuts_at_the_cursor(room: Room) -> None:
    before = room.entries()
    room.choose("Mill")
    field = room.content_of("Mill")
    field.select(*[field.text.index("# Wheel")] * 2)
    room.do("entry.split_here")
    assert [entry.content for entry in room.entries()][:2] == [
        "@@depth 4\n# Mill\nThe mill.",
        "@@depth 4\n# Wheel\nIt turns.",
    ]
    room.undo("Split", before)
    field = room.content_of("Mill")
    field.select(0, 0)
    room.do("entry.split_here")
    assert room.said[-1].startswith("Put the cursor")
    room.panel.browser.view.setFocus()
    room.do("entry.toggle")
    room.undo("Switch", before)
    assert room.running.window.focusWidget() is room.panel.browser.view, "undo takes no focus away"


def test_each_deed_can_be_taken_back(run_window: Callable[..., Running]) -> None:
    room = Room(run_window(), _world())
    before = room.entries()
    names = room.titles()

    room.choose("Tarn")
    room.do("entry.new")
    assert room.titles() == ["Mill", "Tarn", "New entry", "Anna", "Bert"]
    new = room.books.entries(room.summary.id)[2].id
    room.running.until(
        lambda: room.session.selection == (new,) and room.marked() == "New entry"
    )  # what is typed now is its title
    room.undo("New entry", before)

    check_cuts_at_the_cursor(room)

    room.choose("Mill", "Anna")
    assert not room.actions["entry.split"].isEnabled()
    room.do("entry.duplicate")
    assert room.titles() == ["Mill", "Tarn", "Anna", "Mill (2)", "Anna (2)", "Bert"]
    room.undo("Duplicate", before)

    room.choose("Mill", "Anna")
    room.do("entry.toggle")
    assert [entry.enabled for entry in room.entries()] == [False, True, False, True]
    room.undo("Switch", before)

    room.choose("Bert", "Mill", "Anna")
    room.do("entry.number")
    orders = [entry.insertion_order for entry in room.entries()]
    assert orders == [10, 100, 20, 30], "as they are shown, in whatever order they were selected"
    room.undo("Number", before)

    room.choose("Mill")
    room.do("entry.tidy_keys")
    assert room.entries()[0].keys == ["Mill", "wheel"]
    room.do("entry.tidy_keys")
    assert room.said[-1] == "There was nothing to change."
    room.undo("Tidy", before)

    room.choose("Anna", "Bert")
    room.do("entry.up")
    assert room.titles() == ["Mill", "Anna", "Bert", "Tarn"]
    room.do("entry.up")
    room.do("entry.up")
    assert room.titles() == ["Anna", "Bert", "Mill", "Tarn"]
    room.do("entry.down")
    assert room.titles() == ["Mill", "Anna", "Bert", "Tarn"]
    for _ in range(3):
        room.do("edit.undo")
    assert room.titles() == names

    room.choose("Tarn", "Anna")
    room.do("entry.delete")
    assert room.titles() == ["Mill", "Bert"]
    room.undo("Delete", before)
    room.do("edit.redo")
    assert room.titles() == ["Mill", "Bert"]
    room.do("edit.undo")
    room.panel.deactivated()
    assert not room.actions["entry.delete"].isEnabled()
    assert "Delete" not in room.actions["edit.undo"].statusTip()


def test_dialogs_say_what_they_would_do(run_window: Callable[..., Running]) -> None:
    room = Room(run_window(), _world())
    before = room.entries()

    room.choose("Mill", "Tarn", "Anna", "Bert")
    edit = room.dialog("entry.bulk", EditDialog)
    room.running.until(lambda: edit.told.text() == "Nothing changes yet.")
    assert not edit.yes.isEnabled()
    _pick(edit, "category", "set")
    assert edit.focusWidget() is edit._lines["category"]
    room.running.until(lambda: edit.told.text().startswith("Write the category"))
    assert not edit.yes.isEnabled(), "nothing written is no category"
    room.running.until(lambda: edit._lines["category"].completer() is not None)
    offered = edit._lines["category"].completer().popup()
    assert offered.grab().toImage().pixelColor(offered.rect().center()).alpha() == 255, "it was black"
    edit._lines["category"].setText("Places")
    room.running.until(lambda: edit.told.text().startswith("3 of "))
    _pick(edit, "probability", "set")
    edit._lines["probability"].setText("140")
    room.running.until(lambda: "from 0 to 100" in edit.told.text())
    assert not edit.yes.isEnabled()
    edit._lines["probability"].setText("40 %")
    for field, way, text in (("priority", "add", "5"), ("insertion_order", "number", "7")):
        _pick(edit, field, way)
        edit._lines[field].setText(text)
    for field, way in (("enabled", "no"), ("position", "4"), ("case_sensitive", "yes")):
        _pick(edit, field, way)
    edit._lines["add_keys"].setText("river, /weirs?/")
    edit._lines["drop_keys"].setText("mill")
    room.running.until(lambda: edit.told.text().startswith("4 of "))
    room.accept(edit)
    for at, entry in enumerate(room.entries()):
        assert category_of(entry) == "Places"
        assert (entry.priority, entry.insertion_order, entry.enabled) == (at + 6, 7 + 10 * at, False)
        assert (entry.case_sensitive, entry.position) == (True, "after_char")
        assert entry.extensions["probability"] == 40
        assert entry.extensions["position"] == 4
        assert entry.keys[-2:] == ["river", "/weirs?/"]
        assert "Mill" not in entry.keys
    room.undo("Edit", before)
    _replace(room, before)
    _split_and_merge(room, before)
    category = room.dialog("book.rename_category", CategoryDialog)
    room.running.until(lambda: category.old.current == "Places")
    category.new.setText("Spots")
    room.accept(category)
    assert category_of(room.entries()[0]) == "Spots"
    room.undo("category", before)


def _replace(room: Room, before: list[BookEntry]) -> None:
    room.choose("Tarn")
    replace = room.dialog("edit.replace", ReplaceDialog)
    replace.words.setText("(about|the) (\\w+)")
    room.running.until(lambda: replace.told.text() == "Nothing would change.")
    replace.pattern.setChecked(True)
    replace.new.setText("Of $2")
    room.running.until(lambda: replace.told.text().startswith("4 "))
    assert "− About Tarn." in replace.places.toPlainText()
    assert "+ Of Tarn." in replace.places.toPlainText()
    replace.words.setText("(about")
    room.running.until(lambda: "can't be read" in replace.told.text())
    assert replace.places.toPlainText() == ""
    assert not replace.yes.isEnabled()
    replace.words.setText("about (\\w+)")
    replace.new.setText("Of $1")
    room.running.until(lambda: replace.told.text().startswith("3 "))
    room.accept(replace)
    assert [entry.content for entry in room.entries()[1:]] == ["Of Tarn.", "Of Anna.", "Of Bert."]
    room.undo("Replace", before)


def _split_and_merge(room: Room, before: list[BookEntry]) -> None:
    room.choose("Mill")
    split = room.dialog("entry.split", SplitDialog)
    assert "Wheel — keys: wheel" in split.parts.text()
    room.accept(split)
    assert room.titles() == ["Mill", "Wheel", "Tarn", "Anna", "Bert"]
    assert room.entries()[1].content == "@@depth 4\n# Wheel\nIt turns."
    room.undo("Split", before)

    room.choose("Tarn", "Mill")
    merge = room.dialog("entry.merge", MergeDialog)
    assert "priority" in merge.lost.text()
    room.accept(merge)
    assert room.titles() == ["Mill", "Anna", "Bert"]
    assert room.entries()[0].content.endswith("It turns.\n\nAbout Tarn.")
    room.undo("Merge", before)


def _pick(dialog: EditDialog, field: str, key: str) -> None:
    picker = dialog._pickers[field]
    picker.show_choice(key)
    picker.picked.emit(key)


def test_entries_go_from_book_to_book(run_window: Callable[..., Running]) -> None:
    """By command and over the clipboard, whole; with undo in both books."""
    room = Room(run_window(), _world())
    before = room.entries()
    other = room.books.create(book_of("Sol", name="Gannet"))
    room.running.until(lambda: room.panel.list.model.book(other.id) is not None)
    room.choose("Mill", "Anna")
    ids = room.session.selection
    for key, titles in (
        ("entry.copy_to", ["Mill", "Tarn", "Anna", "Bert"]),
        ("entry.move_to", ["Tarn", "Bert"]),
    ):
        room.choose("Mill", "Anna")
        target = room.dialog(key, TargetDialog)
        room.running.until(target.yes.isEnabled)
        assert target.chosen.id == other.id
        room.accept(target)
        assert room.titles() == titles
        assert room.titles(other.id) == ["Sol", "Mill", "Anna"]
        assert "Gannet" in room.said[-1]
        moved = {entry.id for entry in room.books.entries(other.id)}
        assert (moved >= set(ids)) == (key == "entry.move_to")
        chosen = room.session.selection
        assert not moved & set(chosen), "what is in another book is no longer selected"
        room.do("edit.undo")
        assert room.titles(other.id) == ["Sol"]
        assert room.entries() == before

    room.choose("Mill", "Anna")
    board = QGuiApplication.clipboard()
    board.clear()
    room.do("edit.copy")
    room.running.until(lambda: (held := board.mimeData()) is not None and held.hasFormat(clipboard.ENTRIES))
    room.open(other.id)
    room.do("edit.paste")
    room.running.until(lambda: room.titles(other.id) == ["Sol", "Mill", "Anna"])
    assert [entry.entry.content for entry in room.books.entries(other.id)][1:] == [
        before[0].content,
        before[2].content,
    ]
    lorebook, worldly = board.mimeData().text(), world_info.write(book_of("Sun", "Moon")).decode()
    for text, made in ((lorebook, ["Mill", "Anna"]), (worldly, ["Sun", "Moon"])):
        room.choose("Sol")
        room.paste(text)
        room.running.until(partial(_are, room, other.id, ["Sol", *made, "Mill", "Anna"]))
        room.settle()
        room.do("edit.undo")
        assert room.titles(other.id) == ["Sol", "Mill", "Anna"]
    _texts_and_cutting(room, other.id)
    for text in ("{}", '{"spec": "chara_card_v2", "data": {"name": "Sol"}}'):
        room.said.clear()
        room.paste(text)
        room.running.until(lambda: room.said)
    assert room.running.window.current == "books", "nothing of it went to the queue"


def _texts_and_cutting(room: Room, other: str) -> None:
    """A text of any program is an entry; what is cut is on the clipboard, and undo has it back."""
    room.paste("# {{char}}'s boat\r\nIt leaks.")
    room.running.until(lambda: "{{char}}'s boat" in room.titles(other))
    room.settle()
    assert any("It leaks." in each.entry.content for each in room.books.entries(other))
    room.choose("{{char}}'s boat", "Sol")
    QGuiApplication.clipboard().clear()
    room.do("entry.cut")
    room.running.until(lambda: room.titles(other) == ["Mill", "Anna"])
    assert room.said[-1].endswith("cut.")
    room.open(room.summary.id)
    room.do("edit.paste")
    room.running.until(lambda: {"Sol", "{{char}}'s boat"} <= set(room.titles()))
    room.settle()
    room.do("edit.undo")
    room.do("edit.undo")
    room.open(other)
    assert set(room.titles(other)) == {"Sol", "{{char}}'s boat", "Mill", "Anna"}


def _are(room: Room, book_id: str, titles: list[str]) -> bool:
    return room.titles(book_id) == titles


def test_order_is_changed_only_where_it_is_seen(run_window: Callable[..., Running]) -> None:
    room = Room(run_window(), _world())
    bar, commands = room.panel.browser.bar, room.panel.commands
    assert commands.why_fixed() == ""
    bar.sort_by("name", descending=False)
    room.settle()
    room.choose("Tarn")
    room.do("entry.up")
    assert room.titles() == ["Mill", "Tarn", "Anna", "Bert"]
    assert "Sort by the order of the book" in room.said[-1]
    bar.sort_by("place", descending=False)
    bar.search.setText("about")
    room.settle()
    assert "search" in commands.why_fixed()


def test_books_are_made_changed_and_brought_back(run_window: Callable[..., Running]) -> None:
    room = Room(run_window(), _world())
    books, session = room.books, room.session
    new = room.dialog("book.new", BookDialog)
    room.running.until(lambda: new.lines["name"].text() == "New book")
    new.lines["name"].setText("Old Tarn")
    room.running.until(new.take_free.isVisible)
    assert not new.yes.isEnabled()
    new.take_free.click()
    new.lines["tags"].setText("lake, lake, north")
    new.lines["scan_depth"].setText("four")
    assert not new.yes.isEnabled()
    new.lines["scan_depth"].setText("4")
    room.accept(new)
    room.running.until(lambda: session.book is not None and session.book.summary.name == "Old Tarn 2")
    assert session.book is not None
    assert tags_of(session.book.head) == ("lake", "north")
    assert session.book.head.scan_depth == 4

    room.open(room.summary.id)
    strange = books.book(room.summary.id).head.model_copy(update={"x_shelf": 7})
    books.change([SetHead(room.summary.id, strange)])
    edit = room.dialog("book.edit", BookDialog)
    edit.lines["version"].setText("2")
    edit.description.setPlainText("All of it.")
    room.accept(edit)
    head = books.book(room.summary.id).head
    assert (version_of(head), head.description, head.model_extra) == ("2", "All of it.", {"x_shelf": 7})
    room.do("edit.undo")
    assert books.book(room.summary.id).head == strange

    room.do("book.duplicate")
    room.running.until(lambda: session.book is not None and session.book.summary.name == "Old Tarn 3")
    assert room.titles(session.book_id) == room.titles()
    copy_id = session.book_id
    room.do("book.delete")
    room.running.until(room.actions["book.undo_deletion"].isEnabled)
    assert copy_id not in {book.id for book in books.books()}
    room.do("book.undo_deletion")
    room.running.until(lambda: session.book_id == copy_id and session.book is not None)

    card = _card(room, book_of("Sol", name="Old Tarn"))
    in_card = next(book for book in books.books() if book.card_id == card)
    room.open(in_card.id)
    room.do("book.own")
    room.running.until(lambda: session.book is not None and session.book.summary.card_id == "")
    own = next(book for book in books.books() if book.id == in_card.id)
    assert (own.name, own.cards, own.behind) == ("Old Tarn 4", 1, 1)
    held = room.running.workspace.library.card(card).card.character_book
    assert held is not None
    assert held.name == "Old Tarn"


def _card(room: Room, book: CharacterBook) -> str:
    workspace = room.running.workspace
    package = CardPackage(Card(name="Mirela", character_book=book), b"\x89PNG")
    with workspace._store.write() as session:
        arrived = Arrival("v3", "m.json", "m.json")
        return workspace.library.add_imported(session, package, arrived).summary.id
