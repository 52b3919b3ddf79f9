"""Chats are read as they are pasted, and properties that hold for every book and chat."""

import json

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.books.activation import Message, ScanSettings, activate, chat_of, chat_text
from cardforge_desktop.cards.book_waking import secondary_met
from cardforge_desktop.cards.key_matching import Haystack, KeyRules, key_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.support.cards import books, texts

_WORDS = st.sampled_from(["lamp", "gate", "Tarn", "raven", "two lamps", "moon"])
_SAID = st.lists(_WORDS, min_size=1, max_size=5).map(" ".join)
_CHATS = st.lists(st.builds(Message, st.sampled_from(["Mira", "User"]), _SAID), max_size=8)
_ENTRIES = st.lists(
    st.builds(
        BookEntry,
        keys=st.lists(_WORDS, max_size=3),
        content=_SAID,
        selective=st.booleans(),
        secondary_keys=st.lists(_WORDS, max_size=2),
        extensions=st.fixed_dictionaries({"selectiveLogic": st.integers(0, 3)}),
    ),
    max_size=6,
)


def _said(text: str) -> list[tuple[str, str]]:
    return [(each.name, each.text) for each in chat_of(text)]


def test_lines_with_names():
    assert _said("User: hi\nMira: yes\nand no") == [("User", "hi"), ("Mira", "yes\nand no")]
    assert _said("User: hi\r\n\r\nMira: yes\r\n\r\nmore") == [("User", "hi"), ("Mira", "yes\n\nmore")]
    assert _said("Mira:\nwaits") == [("Mira", "waits")]
    assert _said("Lady Mira of Tarn: yes") == [("Lady Mira of Tarn", "yes")]


def test_a_colon_in_a_message_begins_no_other():
    assert _said("User: hi\n\nMira: Listen\nOne more thing: run\n\nUser: why") == [
        ("User", "hi"),
        ("Mira", "Listen\nOne more thing: run"),
        ("User", "why"),
    ]
    assert _said("See https://example.org now") == [("", "See https://example.org now")]
    assert _said("I went out, and this is what she told me: run") == [
        ("", "I went out, and this is what she told me: run")
    ]


def test_paragraphs_and_one_text():
    assert _said("One line\nand another.\n \n\nSecond.") == [("", "One line\nand another."), ("", "Second.")]
    assert _said("  text ") == [("", "text")]
    assert _said(" \n\t\n") == []


def test_chat_files_of_sillytavern():
    lines = [
        {"user_name": "User", "character_name": "Mira", "chat_metadata": {}},
        {"name": "Mira", "is_user": False, "mes": "Hello: you\n\nthere"},
        {"name": "System", "is_system": True, "mes": "hidden"},
        {"name": "User", "is_user": True, "mes": "Hi"},
    ]
    text = "\n".join(json.dumps(line) for line in lines)
    assert _said(text) == [("Mira", "Hello: you\n\nthere"), ("User", "Hi")]
    assert _said('{"a": 1}\nno JSON') == [("", '{"a": 1}\nno JSON')]
    assert _said('{"a": 1}') == [("", '{"a": 1}')]


@given(st.text(max_size=200))
def test_messages_are_told_where_they_stand(text):
    text = text.replace("\r", "")
    for message in chat_of(text):
        if message.start >= 0:
            assert text[message.start : message.start + len(message.text)] == message.text
        if message.name_start >= 0:
            assert text[message.name_start :].startswith(message.name)


@given(_CHATS)
def test_what_is_written_is_read_again(chat):
    assert _said(chat_text(tuple(chat))) == [(each.name, each.text) for each in chat]


@given(_ENTRIES, _CHATS, st.integers(1, 4))
def test_without_recursion_and_budget_the_rule_read_naively(entries, chat, depth):
    """`checkWorldInfo`: each entry for itself, its keys in the last messages with their names."""
    settings = ScanSettings(scan_depth=depth, recursive=False, context=10**9)
    found = activate(CharacterBook(entries=entries), chat, settings, len)
    text = "\n\x01".join(f"{each.name}: {each.text}" for each in reversed(chat[-depth:]))

    def holds(key: str) -> bool:
        return Haystack(text).find(key_of(key, KeyRules(), {})) is not None

    naive = {
        at
        for at, entry in enumerate(entries)
        if any(map(holds, entry.keys))
        and (
            not (entry.selective and entry.secondary_keys)
            or secondary_met(entry.extensions["selectiveLogic"], map(holds, entry.secondary_keys))
        )
    }
    assert {each.index for each in found.fired} == naive


@given(_ENTRIES, _CHATS.filter(bool), _SAID)
def test_a_message_beyond_the_scan_depth_wakes_nothing(entries, chat, said):
    book, settings = CharacterBook(entries=entries), ScanSettings(scan_depth=len(chat))
    before = activate(book, chat, settings, len)
    after = activate(book, [Message("Mira", said), *chat], settings, len)
    assert [each.index for each in before.fired] == [each.index for each in after.fired]
    assert [each.step for each in before.fired] == [each.step for each in after.fired]


@given(books(decorators=True), texts)
def test_any_book_and_any_text_are_told_whole(book, text):
    found = activate(book, chat_of(text), ScanSettings(follows_book=True), len)
    told = [each.index for each in (*found.fired, *found.cut, *found.asleep)]
    assert sorted(told) == list(range(len(book.entries)))
    assert all(0 < each.chance <= 1 for each in (*found.fired, *found.cut))
    for mark in found.marks:
        message = chat_of(text)[mark.message]
        assert 0 <= mark.start < mark.end <= len(message.name if mark.in_name else message.text)


def test_ten_thousand_entries_and_a_long_chat_take_seconds():
    entries = [BookEntry(keys=[f"key{at} thing", f"word{at}"], content="x") for at in range(10_000)]
    chat = [Message("Mira", "lamp gate tarn " * 100) for _ in range(300)] + [Message("User", "word7")]
    found = activate(CharacterBook(entries=entries), chat, ScanSettings(scan_depth=1000), len)
    assert [each.index for each in found.fired] == [7]
