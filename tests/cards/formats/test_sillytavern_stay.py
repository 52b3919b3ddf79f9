"""What CardForge knows of a book comes back from a stay in SillyTavern.

Modelled on version 1.18.0: public/scripts/world-info.js (`convertCharacterBook`) and
src/endpoints/characters.js (`charaFormatData`, `convertWorldInfoToCharacterBook`).
"""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.book_fields import (
    category_of,
    tags_of,
    title_of,
    version_of,
    with_category,
    with_tags,
    with_version,
)
from cardforge_desktop.cards.formats import FORMATS, read_file
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage

_HEAD = ("description", "scan_depth", "token_budget", "recursive_scanning")
_words = st.text("abc ä霧", max_size=8)


@st.composite
def _known_books(draw: st.DrawFn) -> CharacterBook:
    """Books that CardForge had a hand in: each has a version, tags or a category."""
    entries = draw(
        st.lists(
            st.builds(
                with_category,
                st.builds(
                    BookEntry,
                    keys=st.lists(st.sampled_from(["lamp", "/oil/i"]), max_size=2),
                    content=_words,
                    enabled=st.booleans(),
                    priority=st.none() | st.integers(-5, 5),
                    name=st.none() | _words,
                    comment=st.none() | _words,
                    constant=st.none() | st.booleans(),
                    id=st.none() | st.integers(0, 3),
                    extensions=st.sampled_from([{}, {"depth": 2, "other": [1]}]),
                ),
                _words,
            ),
            min_size=1,
            max_size=4,
        )
    )
    book = CharacterBook(
        name="Old Tarn",
        description=draw(st.none() | _words),
        scan_depth=draw(st.none() | st.integers(0, 9)),
        token_budget=draw(st.none() | st.just(512)),
        recursive_scanning=draw(st.none() | st.booleans()),
        entries=entries,
    )
    return with_tags(
        with_version(book, draw(st.sampled_from(["1.2", "ä 霧"]))), draw(st.lists(_words, max_size=2))
    )


def _world(book: dict[str, Any]) -> dict[str, Any]:
    """`convertCharacterBook`, as far as it matters here: of an entry's fields these, by its id."""
    entries: dict[str, Any] = {}
    for at, entry in enumerate(book["entries"]):
        extensions = entry.get("extensions") or {}
        entries[str(entry["id"])] = {
            "uid": entry["id"],
            "key": entry["keys"],
            "keysecondary": entry.get("secondary_keys") or [],
            "comment": entry.get("comment") or "",
            "content": entry["content"],
            "constant": entry.get("constant") or False,
            "selective": entry.get("selective") or False,
            "order": entry["insertion_order"],
            "position": extensions.get("position", 0 if entry.get("position") == "before_char" else 1),
            "disable": not entry["enabled"],
            "displayIndex": extensions.get("display_index", at),
            "depth": extensions.get("depth", 4),
            "extensions": extensions,
        }
    return {"entries": entries, "originalData": book}


def _card_book(name: str, world: dict[str, Any]) -> dict[str, Any]:
    """`convertWorldInfoToCharacterBook`: what takes the place of the card's book when the card is saved."""
    entries = [
        {
            "id": entry["uid"],
            "keys": entry["key"],
            "secondary_keys": entry["keysecondary"],
            "comment": entry["comment"],
            "content": entry["content"],
            "constant": entry["constant"],
            "selective": entry["selective"],
            "insertion_order": entry["order"],
            "enabled": not entry["disable"],
            "position": "before_char" if entry["position"] == 0 else "after_char",
            "use_regex": True,
            "extensions": {
                **entry["extensions"],
                "position": entry["position"],
                "display_index": entry["displayIndex"],
                "depth": entry["depth"],
            },
        }
        for entry in world["entries"].values()
    ]
    return {"entries": entries, "name": name}


def _in_card(format_name: str, book: CharacterBook) -> dict[str, Any]:
    """The book as it stands in a card's file."""
    value = json.loads(FORMATS[format_name].write(CardPackage(Card(name="Mirela", character_book=book))))
    found: dict[str, Any] = value["data"]["character_book"]
    return found


def _read(format_name: str, book: dict[str, Any]) -> CharacterBook:
    spec = {"v2": ("chara_card_v2", "2.0"), "v3": ("chara_card_v3", "3.0")}[format_name]
    value = {"spec": spec[0], "spec_version": spec[1], "data": {"name": "Mirela", "character_book": book}}
    found = read_file(json.dumps(value).encode(), "mirela.json").package.card.character_book
    assert found is not None
    return found


def _told(entry: BookEntry) -> tuple[Any, ...]:
    return (title_of(entry), entry.name, category_of(entry), entry.keys, entry.content, entry.priority)


def _known(book: CharacterBook) -> tuple[Any, ...]:
    return (tags_of(book), version_of(book), *(getattr(book, name) for name in _HEAD))


@given(book=_known_books(), name=st.sampled_from(["v2", "v3"]))
def test_an_embedded_book_comes_back_from_a_world_of_sillytavern(book: CharacterBook, name: str) -> None:
    written = _in_card(name, book)
    assert all(type(entry["id"]) is int for entry in written["entries"])
    back = _read(name, _card_book("Old Tarn", _world(written)))
    assert _known(back) == _known(book)
    by_id = {entry.id: entry for entry in back.entries}
    assert len(by_id) == len(book.entries)
    for entry, sent in zip(book.entries, written["entries"], strict=True):
        found = by_id[sent["id"]]
        assert (category_of(found), found.keys, found.content, found.enabled, found.priority) == (
            category_of(entry), entry.keys, entry.content, entry.enabled, entry.priority,
        )  # fmt: skip
        assert title_of(found) == title_of(entry)
    again = _in_card(name, back)
    assert again["entries"][0]["extensions"].get("cardforge") == written["entries"][0]["extensions"].get(
        "cardforge"
    )


@given(book=_known_books())
def test_a_world_info_file_keeps_all_through_sillytaverns_save(book: CharacterBook) -> None:
    file = json.loads(FORMATS["worldinfo"].write(CardPackage(Card(character_book=book))))
    file["entries"] = {uid: {**entry, "order": 77} for uid, entry in file["entries"].items()}
    back = read_file(json.dumps(file).encode(), "tarn.json").package.card.character_book
    assert back is not None
    assert _known(back) == _known(book)
    assert [_told(entry) for entry in back.entries] == [_told(entry) for entry in book.entries]
    assert {entry.insertion_order for entry in back.entries} == {77}


@given(book=_known_books(), name=st.sampled_from(["v2", "v3", "lorebook", "worldinfo"]))
def test_every_way_out_and_back_keeps_all(book: CharacterBook, name: str) -> None:
    package = CardPackage(Card(character_book=book))
    back = read_file(FORMATS[name].write(package), "tarn.json").package.card.character_book
    assert back is not None
    assert _known(back) == _known(book)
    assert [_told(entry) for entry in back.entries] == [_told(entry) for entry in book.entries]


def test_a_book_of_others_is_not_touched() -> None:
    book = CharacterBook(
        name="Theirs",
        description="A lake.",
        entries=[BookEntry(id=1, keys=["lake"], priority=3, name="Lake")],
    )
    written = _in_card("v3", book)
    assert written["entries"][0]["extensions"] == {}
    assert fields_of(_read("v3", written)) == {**fields_of(book), "entries": written["entries"]}


def test_what_was_changed_there_wins() -> None:
    entry = with_category(BookEntry(id=1, keys=["lake"], priority=3, name="Lake"), "Places")
    book = with_version(CharacterBook(name="Tarn", entries=[entry]), "1.2")
    written = _in_card("v2", book)
    written["entries"][0] |= {"priority": 9, "name": "Mere", "comment": "Mere"}
    written["extensions"] = {"cardforge": {"version": "2.0"}}
    back = _read("v2", written)
    assert (version_of(back), back.entries[0].priority, back.entries[0].name) == ("2.0", 9, "Mere")
    assert back.entries[0].extensions == {"cardforge": {"category": "Places"}}


def test_nonsense_under_our_name_is_left_out_or_left_alone() -> None:
    for ours in ({"priority": "high", "name": 3, "book": [1]}, [1], "x", {"book": {"scan_depth": "4"}}):
        value = {"entries": [{"keys": ["a"], "content": "b", "extensions": {"cardforge": ours}}]}
        back = _read("v3", value)
        assert (back.scan_depth, back.entries[0].priority, back.entries[0].name) == (None, None, None)
