"""What differs between two states of a card, in words a person reads."""

import pytest
from hypothesis import given, settings
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QColor, QImage

from cardforge_desktop.cards.changes import changes
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.ui.library.preview.card_diff import CardDiff, card_diff
from cardforge_desktop.ui.library.preview.field_names import field_name
from cardforge_desktop.ui.widgets.sections_diff import MOST_CHARACTERS
from tests.support.cards import cards
from tests.ui.library.preview.material import CARD, OTHER_PICTURE, PICTURE


def png(colour: str, text: str = "") -> bytes:
    image = QImage(400, 600, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    if text:
        image.setText("Comment", text)
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def diff(old: Card, new: Card) -> CardDiff:
    return card_diff(CardPackage(old, PICTURE), CardPackage(new, PICTURE))


def changed(**fields) -> CardDiff:
    return diff(CARD, CARD.model_copy(update=fields))


def told(found: CardDiff) -> list[str]:
    """The headings, and under each its hunks: ``-old +new``."""
    lines: list[str] = []
    for index, hunk in enumerate(found.hunks):
        if index in found.headings:
            lines.append(f"# {found.headings[index]}")
        text = hunk.new if hunk.kind == "same" else f"[-{hunk.old}|+{hunk.new}]"
        lines.append(text)
    return "".join(f"\n{line}\n" if line.startswith("# ") else line for line in lines).strip().split("\n")


def test_words_are_marked_under_the_name_of_their_field():
    found = changed(description="{{char}} keeps the lamp. She owes the baker for oil.")
    assert told(found) == [
        "# Description",
        "{{char}} keeps the lamp. She owes the [-chandler|+baker] for oil.",
    ]


def test_equal_states_have_no_difference():
    assert diff(CARD, CARD).empty
    assert diff(CARD, CARD.model_copy(update={"nickname": CARD.nickname})).empty


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["sea", "slow burn", "storm"], ["# Tags", "sea, slow burn", "[-|+storm]"]),
        (["storm", "slow burn"], ["# Tags", "slow burn", "[-sea|+storm]"]),
        ([], ["# Tags: removed", "[-sea, slow burn|+]"]),
        (["slow burn", "sea"], ["# Tags: in another order", "[-sea, |+]slow burn[-|+, sea]"]),
    ],
)
def test_lists_are_told_by_what_came_and_went(tags, expected):
    assert told(changed(tags=tags)) == expected


def test_entries_are_called_by_their_titles_and_what_is_new_or_gone_is_said():
    time_entry = CARD.character_book.entries[0]
    entries = [
        time_entry.model_copy(update={"keys": ["late", "tardy"]}),
        BookEntry(content="New.", name="Fog"),
    ]
    lines = told(changed(character_book=CharacterBook(entries=entries)))
    headings = [line for line in lines if line.startswith("# ")]
    assert headings[0] == "# Book entry 1 (Time): keys"
    assert any("Book entry 2 (Fog)" in line for line in headings)
    assert "[-|+tardy]" in lines


def test_greetings_that_only_moved_are_not_told_as_gone_and_new():
    moved = ["The lamp is dark, {{user}}.", "", "Third."]
    old = CARD.model_copy(update={"alternate_greetings": ["Third.", moved[0]]})
    new = CARD.model_copy(update={"alternate_greetings": [moved[0], "Third."]})
    found = diff(old, new)
    assert found.fields == 1
    (line,) = [line for line in told(found) if not line.startswith("# ")]
    assert line.startswith("It stands elsewhere now: Alternate greeting ")
    assert all(hunk.kind == "same" for hunk in found.hunks)


def test_what_stays_the_same_is_shortened_to_the_surroundings_of_changes():
    text = "Word after word. " * 100
    found = diff(
        CARD.model_copy(update={"description": text + "one" + text}),
        CARD.model_copy(update={"description": text + "two" + text}),
    )
    assert [hunk.kind for hunk in found.hunks] == ["same", "changed", "same"]
    assert sum(len(hunk.new) for hunk in found.hunks) < 250
    assert found.hunks[0].new.startswith("… ")
    assert found.hunks[2].new.endswith(" …")


def test_pictures_are_compared_by_what_they_show():
    old, new = CardPackage(CARD, png("#ff0000")), CardPackage(CARD, png("#0000ff"))
    before, after = card_diff(old, new).pictures
    assert (before.pixelColor(9, 9).name(), after.pixelColor(9, 9).name()) == ("#ff0000", "#0000ff")
    assert max(before.height(), after.height()) <= 320
    assert card_diff(old, CardPackage(CARD, png("#ff0000", "a comment"))).empty
    assert card_diff(old, CardPackage(CARD, None)).empty  # None keeps the one that is there


def test_files_are_told_by_their_names():
    old = CardPackage(CARD, PICTURE, {"a.png": b"1", "b.png": b"22"})
    new = CardPackage(CARD, PICTURE, {"b.png": b"333", "c.png": b"4"})
    headings = list(card_diff(old, new).headings.values())
    assert headings == ["File a.png: removed", "File b.png: replaced", "File c.png: added"]


def test_a_book_of_thousands_of_other_entries_is_compared_in_bounds():
    def book(word: str) -> Card:
        entries = [BookEntry(keys=[f"k{n}"], content=f"{word} {n}", id=n) for n in range(4_000)]
        return CARD.model_copy(update={"character_book": CharacterBook(entries=entries)})

    found = diff(book("old"), book("new"))
    assert found.fields == 4_000
    assert found.left_out == found.fields - len(found.headings) > 3_000
    assert sum(len(hunk.old) + len(hunk.new) for hunk in found.hunks) < 2 * MOST_CHARACTERS


def test_a_text_beyond_all_measure_is_cut():
    old, new = (
        CARD.model_copy(update={"scenario": "a " * 10**6}),
        CARD.model_copy(update={"scenario": "b " * 10**6}),
    )
    found = diff(old, new)
    assert sum(len(hunk.old) + len(hunk.new) for hunk in found.hunks) < MOST_CHARACTERS


def test_a_change_at_the_end_of_a_long_text_is_found():
    text = "Word after word. " * 2_000
    old, new = (CARD.model_copy(update={"scenario": text + end}) for end in ("one", "two"))
    assert [(hunk.old, hunk.new) for hunk in diff(old, new).hunks if hunk.kind == "changed"] == [
        ("one", "two")
    ]


@given(cards(), cards())
@settings(max_examples=15)
def test_any_two_cards_can_be_told_apart(old: Card, new: Card):
    found = card_diff(CardPackage(old, PICTURE), CardPackage(new, PICTURE))
    assert found.empty == (not changes(old, new))
    assert len(found.headings) == found.fields - found.left_out
    assert set(found.headings) <= set(range(len(found.hunks)))


def test_another_picture_alone_is_a_difference():
    found = card_diff(CardPackage(CARD, PICTURE), CardPackage(CARD, OTHER_PICTURE))
    assert not found.empty
    assert found.fields == 0


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("description", "Description"),
        ("nickname", "Nickname"),
        ("name", "Name"),
        ("alternate_greetings[1]", "Alternate greeting 2"),
        ("group_only_greetings[0]", "Group greeting 1"),
        ("tags[3]", "Tags"),
        ("character_book.entries[0]", "Book entry 1 (Time)"),
        ("character_book.entries[1].keys[2]", "Book entry 2 (Harbour): keys"),
        ("character_book.entries[1].name", "Book entry 2 (Harbour): title"),
        ("character_book.entries[7].content", "Book entry 8: content"),
        ("character_book.entries[0].extensions.depth", "Book entry 1 (Time): extensions.depth"),
        ("character_book.name", "Name of the book"),
        ("extensions.depth_prompt.prompt", "Character's note"),
        ("extensions.x.y", "Extensions: x.y"),
        ("creator_notes_multilingual.de", "Creator notes multilingual: de"),
        ("assets[0].uri", "Asset 1: uri"),
        ("extensions.list[0]", "Extensions: list, item 1"),
    ],
)
def test_places_have_names_people_know(path, name):
    assert field_name(path, CARD) == name


def test_the_longest_title_is_shortened():
    entry = BookEntry(name="Title " * 100)
    card = Card(character_book=CharacterBook(entries=[entry]))
    assert len(field_name("character_book.entries[0]", card)) < 90
