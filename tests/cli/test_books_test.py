"""`cardforge books test`, called in this process on a real store."""

import json
from pathlib import Path

from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.cli.conftest import Call
from tests.support.app import open_workspace

_BOOK = CharacterBook(
    name="Old Tarn",
    scan_depth=1,
    entries=[
        BookEntry(id=1, name="Gate", keys=["gate"], content="The gate is shut; a raven sits on it."),
        BookEntry(id=2, name="Raven", keys=["raven"], content="It talks.", extensions={"probability": 40}),
        BookEntry(id=3, name="Moon", keys=["moon"], content="x"),
        BookEntry(id=4, name="Huge", keys=["lamp"], content="x", priority=10**400, insertion_order=10**400),
    ],
)
_CHAT = "User: the gate!\n\nMira: two lamps.\n"


def test_a_chat_is_tested(call: Call, tmp_path: Path) -> None:
    with open_workspace() as workspace:
        workspace.books.create(_BOOK)
    chat = tmp_path / "chat.txt"
    chat.write_text(_CHAT, "utf-8")
    told = call("books", "test", "old tarn", "--chat", str(chat))
    assert told.code == 0
    assert told.out.splitlines() == [
        "fires in 40 % of the cases: Raven · “raven” in the entry “Gate” · After the character · 3 tokens",
        "fires: Gate · “gate” in message 1 · After the character · 11 tokens",
        "sleeps: Moon: None of its keys is there.",
        "sleeps: Huge: “lamp” is only a part of a word in message 2.",
    ]
    assert "2 of 4 entries fire" in told.err
    report = json.loads(call("books", "test", "Old Tarn", "--chat", str(chat), "--json").out)
    assert [(each["name"], each["step"], each["chance"]) for each in report["fired"]] == [
        ("Raven", 2, 0.4),
        ("Gate", 1, 1.0),
    ]
    assert report["asleep"][1]["reason"] == "part_of_word"
    told = call("books", "test", "Old Tarn", "--chat", str(chat), "--as-book")
    assert (told.code, told.out.splitlines()[0][:13]) == (1, "sleeps: Gate:")
    told = call("books", "test", "Old Tarn", "--chat", str(chat), "--budget", "5")
    assert told.out.startswith("cut by the budget: Gate")
    assert call("books", "test", "Old Tarn", "--chat", str(tmp_path / "none")).code == 2
