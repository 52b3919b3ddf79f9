"""Entries wake as they do in SillyTavern with its default settings."""

import pytest
from hypothesis import given

from cardforge_desktop.cards.book_waking import decorators, waking
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.support.cards import books, texts


def _wakes(text: str, **fields: object) -> bool:
    entry = BookEntry.model_validate({"keys": ["lamp"], "content": "x", **fields})
    found = waking(CharacterBook(entries=[entry]), text, {"char": "Mira"})
    assert found.untried == ()
    return found.woken == (0,)


@pytest.mark.parametrize(
    ("keys", "text", "wakes"),
    [
        (["lamp"], "The LAMP burns.", True),
        (["Lamp"], "a lamp", True),
        (["lamp"], "Lamps burn.", False),
        (["lamp"], "lamp", True),
        (["lamp"], "the_lamp", False),
        (["oil lamp"], "two oil lamps", True),
        (["lamp", "oil"], "oil", True),
        ([" lamp "], "a lamp!", True),
        (["灯塔"], "他看见灯塔了", True),
        (["{{char}}"], "Mira waits", True),
        (["/lamps?/"], "two lamps", True),
        (["/Lamps?/"], "two lamps", False),
        (["/LAMP/i"], "a lamplighter", True),
        (["/a.c/s"], "a\nc", True),
        (["/^lamp/m"], "first\nlamp", True),
        (["/(lamp/"], "the text /(lamp/ itself", True),
        (["and/or"], "this and/or that", True),
        ([""], "anything", False),
        (["  "], "anything", True),
        ([], "anything", False),
    ],
)
def test_keys(keys, text, wakes):
    assert _wakes(text, keys=keys) is wakes


@pytest.mark.parametrize(
    ("fields", "wakes"),
    [
        ({"keys": [], "constant": True}, True),
        ({"enabled": False}, False),
        ({"enabled": False, "constant": True}, False),
        ({"extensions": {"probability": 0}}, False),
        ({"extensions": {"probability": 0, "useProbability": False}}, True),
        ({"extensions": {"probability": 1}}, True),
        ({"extensions": {"delay": 3}}, False),
        ({"extensions": {"delay_until_recursion": True}}, False),
        ({"keys": ["Lamp"], "case_sensitive": True}, False),
        ({"keys": ["Lamp"], "extensions": {"case_sensitive": True}}, False),
        ({"keys": ["Lamp"], "case_sensitive": True, "extensions": {"case_sensitive": False}}, True),
        ({"keys": ["lam"], "extensions": {"match_whole_words": False}}, True),
        ({"content": "@@dont_activate\nx"}, False),
        ({"keys": ["gull"], "content": "@@activate\nx"}, True),
    ],
)
def test_switches_of_an_entry(fields, wakes):
    assert _wakes("The lamp burns.", **fields) is wakes


@pytest.mark.parametrize(
    ("logic", "text", "wakes"),
    [
        (0, "lamp oil", True),
        (0, "lamp", False),
        (1, "lamp oil", True),
        (1, "lamp oil wick", False),
        (2, "lamp", True),
        (2, "lamp oil", False),
        (3, "lamp oil wick", True),
        (3, "lamp oil", False),
        (None, "lamp wick", True),
        ("0", "lamp oil", False),
    ],
)
def test_secondary_keys(logic, text, wakes):
    entry = {"selective": True, "secondary_keys": ["oil", "wick"], "extensions": {"selectiveLogic": logic}}
    assert _wakes(text, **entry) is wakes
    assert _wakes(text, **{**entry, "selective": False})


def test_decorators_are_the_lines_at_the_head():
    assert decorators("@@depth 4\n@@@role user\nText\n@@late") == (
        ["@@depth 4", "@@@role user"],
        "Text\n@@late",
    )
    assert decorators("Text\n@@late") == ([], "Text\n@@late")
    assert decorators("@@depth 4") == (["@@depth 4"], "@@depth 4")


@pytest.mark.timeout(60)  # else minutes or hours
def test_expressions_that_cost_too_much_are_named_and_the_rest_is_tried_in_time():
    slow = BookEntry(keys=["/(a+)+$/"])
    others = [BookEntry(keys=[f"/{'b' * 3000}/"]), BookEntry(keys=["lamp"])]
    book = CharacterBook(entries=[*[slow] * 200, *others])
    found = waking(book, "a" * 3000 + " lamp")
    assert found.woken == (201,)
    assert found.untried[0] == (0, "/(a+)+$/")
    assert len(found.untried) == 201


@pytest.mark.timeout(60)  # else minutes or hours
def test_many_entries_take_seconds():
    book = CharacterBook(entries=[BookEntry(keys=[f"key{at}", "a" * 50_000]) for at in range(4_000)])
    assert waking(book, "a" * 20_000 + " key7 ").woken == (7,)


@given(books(decorators=True), texts)
def test_any_book_is_searched(book, text):
    woken = waking(book, text).woken
    assert list(woken) == sorted(set(woken))
    assert all(book.entries[index].enabled for index in woken)
