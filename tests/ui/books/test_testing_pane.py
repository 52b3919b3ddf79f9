"""The test of a book in the real window: what is pasted is tested, shown, marked and copied."""

import json
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from cardforge_desktop.books.model import EntryState, Put
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.ui.books.panel import BooksPanel
from cardforge_desktop.ui.books.testing.pane import TestPane
from cardforge_desktop.ui.books.testing.rows import RowRole
from cardforge_desktop.ui.library.card_chooser import CardChooser
from tests.support.window import Running

_BOOK = CharacterBook(
    name="Old Tarn",
    scan_depth=1,
    entries=[
        BookEntry(id=1, name="Gate", keys=["gate"], content="A raven sits on the gate."),
        BookEntry(id=2, name="Raven", keys=["raven"], content="It talks.", extensions={"probability": 40}),
        BookEntry(id=3, name="Moon", keys=["moon"], content="x" * 400, extensions={"position": 4}),
        BookEntry(id=4, name="Lamp", keys=["lamp"], content="It burns."),
    ],
)
_CHAT = "User: the gate!\n\nMira: two lamps."


def _opened(running: Running, name: str) -> TestPane:
    """The pane, with the book of that name open."""
    running.window.open_panel("books")
    panel = running.window.built("books")
    assert isinstance(panel, BooksPanel)
    running.until(lambda: any(book.name == name for book in panel.list.model.books))
    panel.show_book(next(book.id for book in panel.list.model.books if book.name == name))
    running.until(lambda: panel.session.book is not None and panel.session.book.summary.name == name)
    panel.side.show_pane("testing")
    pane = panel.side.pane("testing")
    assert isinstance(pane, TestPane)
    return pane


def _names(pane: TestPane) -> list[str]:
    return [str(pane.model.index(at).data()) for at in range(pane.model.rowCount())]


def _reasons(pane: TestPane) -> list[str]:
    return [str(pane.model.index(at).data(RowRole.REASON)) for at in range(pane.model.rowCount())]


def _typed(running: Running, pane: TestPane, text: str) -> None:
    pane.chat.replace(0, len(pane.chat.text), text)
    running.until(lambda: pane.outcome is not None and pane.outcome.text == pane.chat.text)


def test_a_chat_is_tested_as_it_is_written(run_window: Callable[..., Running]):
    running = run_window()
    running.workspace.books.create(_BOOK)
    pane = _opened(running, "Old Tarn")
    running.until(lambda: pane.outcome is not None)
    assert "Without a chat" in pane.nothing.text()
    _typed(running, pane, _CHAT)
    assert _names(pane) == ["Raven", "Gate"]
    assert _reasons(pane) == ["“raven” in the entry “Gate”", "“gate” in message 1"]
    assert pane.model.index(0).data(RowRole.ODDS) == "40 %"
    assert [(mark.start, mark.end, mark.tip) for mark in pane.chat.marks] == [(10, 14, "Wakes “Gate”")]
    assert "of 2,048 tokens" in pane.told.whole

    pane.kinds["asleep"].click()
    assert _names(pane) == ["Moon", "Lamp"]
    assert _reasons(pane)[1] == "“lamp” is only a part of a word in message 2."
    pane.search.setText("MOO")
    assert _names(pane) == ["Moon"]
    pane.search.setText("nobody")
    assert "No entry" in pane.nothing.text()
    pane.search.clear()

    wanted: list[str] = []
    session = pane._session
    session.wanted.connect(wanted.append)
    pane.view.activated.emit(pane.model.index(0))
    assert wanted == [pane.model.index(0).data(RowRole.ENTRY_ID)]

    pane.kinds["fired"].click()
    pane.copy.click()
    assert QApplication.clipboard().text() == "[After the character]\nIt talks.\nA raven sits on the gate."

    pane.settings.switches["match_whole_words"].click()
    running.until(lambda: "Lamp" in _names(pane))
    pane.settings.numbers["budget_cap"].setText("7")
    pane.settings.numbers["budget_cap"].textEdited.emit("7")
    running.until(lambda: not pane.kinds["cut"].isHidden())
    pane.kinds["cut"].click()
    assert _names(pane) == ["Gate", "Lamp"]
    pane.settings.reader.picked.emit("book")
    running.until(lambda: pane.outcome is not None and pane.outcome.activation.scanned == 1)

    assert session.book is not None
    entry = BookEntry(name="Always", constant=True, content="x", insertion_order=999)
    session.do("Add", [Put(session.book_id, (EntryState("entry-new", entry),))])
    pane.kinds["fired"].click()
    running.until(lambda: "Always" in _names(pane))


def test_a_chat_file_is_written_out_and_a_card_tests_its_book(run_window: Callable[..., Running]):
    running = run_window()
    entries = [
        BookEntry(id=1, name="Storm", keys=["storm"], extensions={"match_scenario": True}, content="x"),
        BookEntry(id=2, name="Self", keys=["{{char}}"], content="x"),
    ]
    card = Card(
        name="Mira",
        first_mes="{{char}} waits for {{user}}.",
        scenario="A storm.",
        character_book=CharacterBook(name="Her book", entries=entries),
    )
    workspace = running.workspace
    workspace.books.create(CharacterBook(name="World", entries=entries))
    with workspace._store.write() as session:
        from cardforge_desktop.cards.package import CardPackage
        from cardforge_desktop.cards.service import Arrival

        workspace.library.add_imported(session, CardPackage(card, b"png"), Arrival("v3", "m", "m"))
    pane = _opened(running, "Her book")
    pane.greeting.click()
    running.until(lambda: pane.outcome is not None and pane.outcome.text == "Mira: Mira waits for User.")
    assert sorted(_names(pane)) == ["Self", "Storm"]
    file = "\n".join(
        json.dumps({"name": name, "mes": said}) for name, said in (("User", "Hi"), ("Mira", "Yes"))
    )
    pane.chat.replace(0, len(pane.chat.text), file)
    running.until(lambda: pane.chat.text == "User: Hi\n\nMira: Yes")
    running.until(lambda: pane.outcome is not None and pane.outcome.text == pane.chat.text)
    assert "Self" in _names(pane)

    pane = _opened(running, "World")
    running.until(lambda: pane.outcome is not None and _names(pane) == [])
    pane.card.click()
    running.until(lambda: running.window.findChild(CardChooser) is not None)
    chooser = running.window.findChild(CardChooser)
    assert isinstance(chooser, CardChooser)
    running.until(chooser.choose.isEnabled)
    chooser.choose.click()
    running.until(lambda: pane.chat.text == "Mira: Mira waits for User.")
    running.until(lambda: sorted(_names(pane)) == ["Self", "Storm"])
    pane.no_card.click()
    running.until(lambda: _names(pane) == [])

    # Who chats, and what the reply is made for.
    entries = [
        BookEntry(id=1, name="You", keys=["{{user}} waits"], content="x"),
        BookEntry(
            id=2, name="Sea", keys=["sailor"], extensions={"match_persona_description": True}, content="x"
        ),
        BookEntry(id=3, name="Swiped", keys=["waits"], extensions={"triggers": ["swipe"]}, content="x"),
    ]
    workspace.books.create(CharacterBook(name="Yours", entries=entries))
    pane = _opened(running, "Yours")
    _typed(running, pane, "Mira: Anna waits.")
    for field, text in ((pane.settings.user, "Anna"), (pane.settings.persona, "A sailor.")):
        field.setText(text)
        field.textEdited.emit(text)
    running.until(lambda: sorted(_names(pane)) == ["Sea", "You"])
    pane.settings.trigger.picked.emit("swipe")
    running.until(lambda: "Swiped" in _names(pane))
    assert pane.no_card.isHidden()
