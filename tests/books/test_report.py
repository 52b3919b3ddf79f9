"""The JSON of books: the specification's names (section 3.1), and nothing lost beside them."""

import json

from cardforge_desktop.books.report import book_report, entry_report, summary_report
from cardforge_desktop.cards.book_fields import with_category, with_tags, with_version
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from tests.books.shelves import Shelf

SPEC_BOOK = ["id", "name", "description", "version", "entries", "metadata"]
SPEC_ENTRY = {"id", "name", "content", "keywords", "priority", "category", "metadata"}


def a_book() -> CharacterBook:
    fields = {
        "keys": ["tarn", "/lake/i"],
        "content": "@@depth 4\nThe *old* tarn.",
        "secondary_keys": ["water"],
        "comment": "The tarn",
        "priority": 7,
        "position": "after_char",
        "extensions": {"probability": 40, "other": {"deep": [1]}},
        "id": "own-id",
        "x_unknown": {"kept": True},
    }
    entry = with_category(BookEntry.model_validate(fields), "Places")
    head = {"name": "Old Tarn", "description": "Deep.", "scan_depth": 3, "token_budget": 500, "x_shelf": "B2"}
    book = CharacterBook.model_validate({**head, "entries": [entry]})
    return with_tags(with_version(book, "1.2"), ["lake"])


def test_a_book_has_the_names_of_the_specification_and_all_the_rest(shelf: Shelf) -> None:
    made = shelf.books.create(a_book())
    told = book_report(shelf.books.book(made.id), shelf.books.entries(made.id))
    assert list(told)[:6] == SPEC_BOOK
    assert (told["name"], told["description"], told["version"]) == ("Old Tarn", "Deep.", "1.2")
    assert (told["scan_depth"], told["token_budget"], told["other_fields"]) == (3, 500, {"x_shelf": "B2"})
    totals = told["metadata"]
    assert (totals["total_entries"], totals["tags"]) == (1, ["lake"])
    assert totals["total_tokens"] == told["entries"][0]["metadata"]["tokens"] > 0
    assert totals["created_at"].endswith("Z")
    assert totals["updated_at"].endswith("Z")
    assert json.loads(json.dumps(told)) == told


def test_an_entry_has_the_names_of_the_specification_and_all_the_rest(shelf: Shelf) -> None:
    made = shelf.books.create(a_book())
    (entry,) = shelf.books.entries(made.id)
    told = entry_report(entry)
    assert told.keys() >= SPEC_ENTRY
    assert (told["id"], told["export_id"]) == (entry.id, "own-id")
    assert (told["name"], told["category"], told["priority"]) == ("The tarn", "Places", 7)
    assert (told["keywords"], told["secondary_keywords"]) == (["tarn", "/lake/i"], ["water"])
    assert told["extensions"]["other"] == {"deep": [1]}
    assert told["other_fields"] == {"x_unknown": {"kept": True}}
    assert told["metadata"]["last_accessed"] is None
    shelf.books.entry(entry.id)
    assert entry_report(shelf.books.entry(entry.id))["metadata"]["last_accessed"].endswith("Z")


def test_every_field_of_an_entry_and_of_a_book_is_told(shelf: Shelf) -> None:
    made = shelf.books.create(a_book())
    (entry,) = shelf.books.entries(made.id)
    renamed = {"keys": "keywords", "secondary_keys": "secondary_keywords", "id": "export_id"}
    names = {renamed.get(name, name) for name in BookEntry.model_fields}
    assert entry_report(entry).keys() >= names
    assert book_report(shelf.books.book(made.id), ()).keys() >= set(CharacterBook.model_fields)


def test_the_book_of_a_card_says_whose_it_is(shelf: Shelf) -> None:
    card = shelf.card("Mirela", a_book())
    shelf.book(name="Free")
    free, kept = (summary_report(summary) for summary in shelf.books.books())
    assert free["card"] is None
    assert kept["card"] == {"id": card.summary.id, "name": "Mirela"}
