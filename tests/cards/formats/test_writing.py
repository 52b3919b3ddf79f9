"""What every format of the registry has to do alike."""

import json

import pytest

from cardforge_desktop.cards.formats import FORMATS, CardFormatError, Loss, read_file, v3
from cardforge_desktop.cards.formats.losses import in_few
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from tests.cards.schemas import validator
from tests.cards.wild import make
from tests.support.cards import WHOLE_CARD

BOOKS = [name for name, kind in FORMATS.items() if kind.holds == "book"]


def test_which_formats_hold_a_book_alone() -> None:
    assert BOOKS == ["worldinfo", "lorebook"]
    assert all(kind.fits(CardPackage(WHOLE_CARD)) for kind in FORMATS.values())
    without = CardPackage(Card(name="Ada"))
    assert [name for name, kind in FORMATS.items() if not kind.fits(without)] == BOOKS


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_package_gives_the_same_file(name: str) -> None:
    package = CardPackage(WHOLE_CARD, make.png(), {"assets/a.png": b"a"})
    assert FORMATS[name].write(package) == FORMATS[name].write(package)


@pytest.mark.parametrize("name", BOOKS)
def test_a_card_without_a_book_says_what_to_do(name: str) -> None:
    package = CardPackage(Card(name="Ada"))
    for act in (FORMATS[name].write, FORMATS[name].losses):
        with pytest.raises(CardFormatError, match="Add a book to it, or choose another format") as caught:
            act(package)
        assert caught.value.code == "CARD_WITHOUT_BOOK"


@pytest.mark.parametrize("name", BOOKS)
def test_the_book_of_a_card_comes_back_alone(name: str) -> None:
    found = read_file(FORMATS[name].write(CardPackage(WHOLE_CARD, make.png())), "book.json")
    assert (found.holds, found.warnings) == ("book", ())
    assert found.package == CardPackage(Card(character_book=WHOLE_CARD.character_book))


def test_a_lorebook_is_as_v3_asks() -> None:
    entries = [BookEntry(keys=["a"]), BookEntry(keys=["b"], id=0), BookEntry(content="@@depth 4\nX", id=0)]
    card = Card(character_book=CharacterBook(name="Coast", entries=entries))
    value = json.loads(FORMATS["lorebook"].write(CardPackage(card)))
    assert value["spec"] == "lorebook_v3"
    assert [entry["id"] for entry in value["data"]["entries"]] == [1, 0, 2]
    assert value["data"]["entries"][2]["content"] == "@@depth 4\nX"
    in_a_card = v3.write(Card(name="Ada"))
    in_a_card["data"]["character_book"] = value["data"]
    validator("v3").validate(in_a_card)


def test_losses_of_a_large_book_are_few_sentences() -> None:
    entries = [
        BookEntry(keys=["a,b", f"k{at}"], priority=at, content="@@depth 4\nx", id=1 if at else None)
        for at in range(5_000)
    ]
    package = CardPackage(Card(name="Ada", character_book=CharacterBook(entries=entries)))
    assert FORMATS["worldinfo"].losses(package) == (
        Loss("card", "stays out with its picture: this format holds its character book alone"),
        Loss(
            "character_book.entries[0].priority",
            "has no effect in SillyTavern: it drops entries by their order (and in 4,999 more)",
        ),
        Loss(
            "character_book.entries[0].content",
            "begins with decorators (@@…) that have no effect in SillyTavern (and in 4,999 more)",
        ),
        Loss(
            "character_book.entries[0].keys",
            "holds a key with a comma, which SillyTavern takes for two keys (and in 4,999 more)",
        ),
    )
    assert [loss.field for loss in FORMATS["lorebook"].losses(package)] == [
        "card",
        "character_book.entries[2].id",
    ]
    assert len(FORMATS["markdown"].losses(package)) == 1


def test_the_same_loss_in_many_places_is_said_once() -> None:
    losses = [Loss("a[0].x", "goes"), Loss("b", "goes"), Loss("a[7].x", "goes"), Loss("a[8].x", "stays")]
    assert in_few(losses) == (
        Loss("a[0].x", "goes (and in 1 more)"),
        Loss("b", "goes"),
        Loss("a[8].x", "stays"),
    )


def test_a_v2_file_has_nothing_of_v3_that_says_nothing() -> None:
    """Also of a card that was read from V3, or kept in the library, where all fields stand."""
    whole = Card(name="Ada", character_book=CharacterBook(entries=[BookEntry(keys=["lamp"])]))
    card = read_file(FORMATS["v3"].write(CardPackage(whole)), "card.json").package.card
    data = json.loads(FORMATS["v2"].write(CardPackage(card)))["data"]
    assert "group_only_greetings" not in data
    assert "use_regex" not in data["character_book"]["entries"][0]
