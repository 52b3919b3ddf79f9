"""Results are told in sentences that name what they are about."""

from typing import get_args

from cardforge_desktop.books.activation import Asleep, Place, ScanSettings, activate, chat_of
from cardforge_desktop.books.activation.model import SOURCES, Reason
from cardforge_desktop.books.activation.telling import odds, position, where, why_asleep, why_fired
from cardforge_desktop.cards.model import BookEntry, CharacterBook

_NAMES = ("Gate", "Raven %2")


def test_every_reason_is_a_sentence_with_its_key_place_and_number():
    place = Place("moon", entry=1)
    told = {reason: why_asleep(Asleep(0, reason, place, "%2 moon", 7), _NAMES) for reason in get_args(Reason)}
    assert len(set(told.values())) == len(told)
    for text in told.values():
        assert text.endswith(".")
        assert "%1" not in text
        assert "%3" not in text
    assert told["excluded_from_recursion"] == (
        "“%2 moon” stands only in the entry “Raven %2”, and it is excluded from recursion."
    )
    assert told["delay"] == "It waits until the chat has 7 messages."
    assert why_asleep(Asleep(0, "group_taken", group="g"), _NAMES).startswith(
        "Another entry of its group “g”"
    )


def test_places_and_positions():
    assert where(Place("x", message=2), _NAMES) == "message 3"
    assert where(Place("x", message=2, in_name=True), _NAMES) == "the name before message 3"
    assert len({where(Place("x", source=name), _NAMES) for name in SOURCES}) == len(SOURCES)
    assert position(4, 2, 1, "") == "At depth 2 as user"
    assert position(7, 0, 0, "memory") == "Outlet memory"
    assert {position(at, 0, 0, "") for at in (7, 8, -1)} == {"Nowhere in the prompt"}


def test_sentences_go_through_another_language():
    book = CharacterBook(
        entries=[
            BookEntry(keys=["gate"], selective=True, secondary_keys=["shut"], extensions={"probability": 0.5})
        ]
    )
    (fired,) = activate(book, chat_of("User: the gate is shut"), ScanSettings(), len).fired
    words = {"message %1": "Nachricht %1", "“%1” in %2": "„%1“ in %2", "%1, with %2": "%1, mit %2"}

    def german(text: str) -> str:
        return words.get(text, text)

    assert why_fired(fired, ["Tor"], german) == "„gate“ in Nachricht 1, mit “shut”"
    assert odds(fired) == "0.5 %"
