"""The library keeps whole cards: unknown fields, pictures, files, history, names of books."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from PIL import Image

from cardforge_desktop.cards.avatar import draw_placeholder
from cardforge_desktop.cards.model import Asset, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import LibraryError
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.store.types import now
from tests.cards.library import PICTURE, Shelf, shelf_in
from tests.support.cards import WHOLE_CARD, cards

SMILE = Asset(type="emotion", uri="embeded://smile.webp", name="smile", ext="webp")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with shelf_in(tmp_path_factory.mktemp("store")) as shelf:
        yield shelf


def save(shelf: Shelf, card_id: str, reason: str = "edited", **fields: object) -> int:
    """Save the card with other fields; the new version."""
    stored = shelf.library.card(card_id)
    package = CardPackage(stored.card.model_copy(update=fields), None, stored.files)
    return shelf.library.save(card_id, package, stored.version, reason).version


def reasons(shelf: Shelf, card_id: str) -> list[tuple[int, str]]:
    return [(revision.number, revision.reason) for revision in shelf.library.revisions(card_id)]


def announced(shelf: Shelf) -> list[Changed]:
    """What the hub says from now on."""
    heard: list[Changed] = []
    shelf.hub.changed.connect(heard.append)
    return heard


@given(card=cards(v3=True, unknown=True))
def test_a_card_comes_back_equal_with_what_nobody_knows(shelf: Shelf, card: Card) -> None:
    without_book = card.model_copy(update={"character_book": None})
    stored = shelf.library.card(shelf.add(without_book))
    assert stored.card == without_book
    assert stored.avatar == PICTURE
    assert stored.summary.draft
    assert stored.summary.tags == tuple(card.tags)


@given(first=cards(unknown=True), second=cards(unknown=True))
def test_what_is_saved_comes_back_and_so_does_what_was_there_before(
    shelf: Shelf, first: Card, second: Card
) -> None:
    card_id = shelf.add(first.model_copy(update={"character_book": None}))
    before = shelf.library.card(card_id)
    files = {"smile.webp": b"smile", "ü/2": b""}
    after = shelf.library.save(card_id, CardPackage(second, draw_placeholder("B"), files), before.version)
    assert after == shelf.library.card(card_id)
    assert (after.card, after.avatar, after.files) == (second, draw_placeholder("B"), files)
    assert shelf.library.revision(card_id, 1) == CardPackage(before.card, PICTURE, {})
    restored = shelf.library.restore(card_id, 1, after.version)
    assert (restored.card, restored.avatar, restored.files) == (before.card, PICTURE, {})


def test_a_card_with_a_lone_surrogate_in_its_name_is_kept(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Tes\ud83dsa", tags=["\udc00"]))
    assert shelf.library.card(card_id).card == Card(name="Tes\ud83dsa", tags=["\udc00"])
    assert shelf.library.card(card_id).summary.name == "Tes?sa"


def test_books_of_equal_names_are_told_apart(shelf: Shelf) -> None:
    card = Card(name="Ann", character_book=CharacterBook(name="Ann's Lorebook"))
    names = []
    for _ in range(3):
        book = shelf.library.card(shelf.add(card)).card.character_book
        assert book is not None
        names.append(book.name)
    assert names == ["Ann's Lorebook", "Ann's Lorebook 2", "Ann's Lorebook 3"]


def test_a_path_belongs_to_the_card_that_was_written_there_last(shelf: Shelf) -> None:
    first, second = shelf.add(Card(name="First")), shelf.add(Card(name="Second"))
    for card_id in (first, second):
        with shelf.store.write() as session:
            shelf.library.add_files(session, card_id, {"json": (Path("/out/a.json"), b"{}")}, 1)
    assert shelf.library.card(first).summary.files == ()
    assert shelf.library.card(second).summary.files == (("json", Path("/out/a.json")),)


def test_the_newest_card_comes_first(shelf: Shelf) -> None:
    shelf.add(Card(name="Older"))
    shelf.add(Card(name="Newer"))
    assert [summary.name for summary in shelf.library.cards()[:2]] == ["Newer", "Older"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda library: library.card("card_unknown"),
        lambda library: library.save("card_unknown", CardPackage(Card()), 1),
        lambda library: library.restore("card_unknown", 1, 1),
        lambda library: library.thumbnail("card_unknown", 64),
    ],
)
def test_a_card_that_is_gone_is_said_so(shelf: Shelf, ask) -> None:
    with pytest.raises(LibraryError, match="no longer"):
        ask(shelf.library)


def test_a_save_over_somebody_elses_is_refused_and_changes_nothing(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Ann"))
    save(shelf, card_id, description="theirs")
    with pytest.raises(LibraryError) as raised:
        shelf.library.save(card_id, CardPackage(Card(name="Ann", description="ours")), 1)
    assert raised.value.code == "CARD_CHANGED"
    assert shelf.library.card(card_id).card.description == "theirs"
    assert reasons(shelf, card_id) == [(2, "edited"), (1, "generated")]


def test_saving_what_is_there_already_is_no_new_version(shelf: Shelf) -> None:
    card_id = shelf.add(WHOLE_CARD)
    heard = announced(shelf)
    stored = shelf.library.card(card_id)
    assert shelf.library.save(card_id, stored.package, 1, "restored") == stored
    defaults = stored.card.model_copy(update={"group_only_greetings": stored.card.group_only_greetings})
    assert shelf.library.save(card_id, CardPackage(defaults), 1).version == 1
    assert reasons(shelf, card_id) == [(1, "generated")]
    assert heard == []


def test_a_change_of_the_picture_or_of_a_file_alone_is_a_change(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Ann", assets=[SMILE]))
    stored = shelf.library.card(card_id)
    for package in (
        CardPackage(stored.card, draw_placeholder("Other")),
        CardPackage(stored.card, None, {"smile.webp": b"one"}),
        CardPackage(stored.card, None, {"smile.webp": b"two"}),
    ):
        stored = shelf.library.save(card_id, package, stored.version, "avatar")
    assert stored.version == 4
    assert stored.avatar == draw_placeholder("Other")
    assert shelf.library.revision(card_id, 3).files == {"smile.webp": b"one"}


def test_edits_of_one_sitting_are_one_revision(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Ann"))
    for text in ("A", "A w", "A wo"):
        save(shelf, card_id, description=text)
    assert reasons(shelf, card_id) == [(2, "edited"), (1, "generated")]
    assert shelf.library.revision(card_id, 2).card.description == "A wo"
    assert shelf.library.card(card_id).version == 4
    long_ago = now() - timedelta(minutes=5, seconds=1)
    shelf.sql(
        "UPDATE card_revision SET created_at = :time WHERE card_id = :id AND revision = 2",
        time=long_ago.strftime("%Y-%m-%d %H:%M:%S.%f"),
        id=card_id,
    )
    save(shelf, card_id, description="A word")
    save(shelf, card_id, "regenerated", description="Another word")
    save(shelf, card_id, description="Another word.")
    assert reasons(shelf, card_id) == [
        (5, "edited"),
        (4, "regenerated"),
        (3, "edited"),
        (2, "edited"),
        (1, "generated"),
    ]


def test_a_rating_is_no_new_version(shelf: Shelf) -> None:
    first, second = shelf.add(Card(name="A")), shelf.add(Card(name="B"))
    heard = announced(shelf)
    shelf.library.rate([first, second], 4)
    assert [shelf.library.card(card_id).summary.rating for card_id in (first, second)] == [4, 4]
    assert shelf.library.card(first).version == 1
    assert heard == [Changed(Kind.CARD, frozenset({first, second}))]
    with pytest.raises(LibraryError, match="1 to 5"):
        shelf.library.rate([first], 6)


def test_tags_are_added_and_taken_away_in_the_card_itself(shelf: Shelf) -> None:
    first = shelf.add(Card(name="A", tags=["sea", "oc"]))
    second = shelf.add(Card(name="B", tags=["storm"]))
    heard = announced(shelf)
    shelf.library.tag([first, second, "card_unknown"], add=["storm", "storm"], remove=["oc"])
    assert shelf.library.card(first).card.tags == ["sea", "storm"]
    assert reasons(shelf, first) == [(2, "tagged"), (1, "generated")]
    assert shelf.library.card(first).summary.tags == ("sea", "storm")
    assert reasons(shelf, second) == [(1, "generated")]
    assert heard == [Changed(Kind.CARD, frozenset({first}))]


def test_tokens_are_counted_at_every_save(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Ann", description="tiktoken is great!", first_mes="Hello"))
    summary = shelf.library.card(card_id).summary
    assert (summary.permanent_tokens, summary.total_tokens) == (7, 8)
    save(shelf, card_id, description="")
    summary = shelf.library.card(card_id).summary
    assert (summary.permanent_tokens, summary.total_tokens) == (1, 2)


def test_deleted_cards_are_gone_until_somebody_wants_them_back(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Ann"))
    shelf.library.delete([card_id])
    assert card_id not in [summary.id for summary in shelf.library.cards()]
    with pytest.raises(LibraryError):
        shelf.library.card(card_id)
    with pytest.raises(LibraryError):
        shelf.library.save(card_id, CardPackage(Card(name="Ben")), 1)
    shelf.library.undelete([card_id])
    assert shelf.library.card(card_id).card == Card(name="Ann")


def test_only_what_nothing_uses_is_purged(tmp_path: Path) -> None:
    with shelf_in(tmp_path) as shelf:
        kept, recent, old = (shelf.add(Card(name=name), draw_placeholder(name)) for name in "ABC")
        for card_id in (kept, old):
            stored = shelf.library.card(card_id)
            files = {"shared": b"shared", card_id: card_id.encode()}
            package = CardPackage(stored.card, PICTURE, files)
            shelf.library.save(card_id, package, 1, "avatar")
        with shelf.store.write() as session:
            shelf.library.add_files(session, old, {"json": (Path("/out/c.json"), b"{}")}, 2)
        shelf.library.delete([recent, old])
        shelf.library.purge()
        assert shelf.sql("SELECT count(*) FROM card") == [(3,)]
        long_ago = (now() - timedelta(days=30, seconds=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
        shelf.sql("UPDATE card SET deleted_at = :time WHERE id = :id", time=long_ago, id=old)
        shelf.library.purge()
        assert shelf.sql("SELECT id FROM card ORDER BY id") == [
            (card_id,) for card_id in sorted((kept, recent))
        ]
        assert shelf.sql("SELECT count(*) FROM image") == [(3,)]  # A's first, A's second, B's
        assert {data for (data,) in shelf.sql("SELECT data FROM content")} == {b"shared", kept.encode()}
        assert shelf.sql("SELECT count(*) FROM card_file") == [(0,)]
        assert shelf.sql("SELECT count(*) FROM card_search WHERE card_search MATCH 'mirela'") == [(2,)]
        shelf.sql("INSERT INTO card_search(card_search, rank) VALUES ('integrity-check', 1)")
        assert shelf.library.revision(kept, 1).picture == draw_placeholder("A")


def test_a_picture_is_shown_small_without_the_card(shelf: Shelf) -> None:
    small = Image.open(io.BytesIO(shelf.library.thumbnail(shelf.add(Card(name="Ann")), 64)))
    assert max(small.size) == 64


def test_what_the_first_version_left_out_is_worked_out_later(shelf: Shelf) -> None:
    card_id = shelf.add(Card(name="Ann", description="tiktoken is great!"))
    wanted = shelf.sql(
        "SELECT content_hash, permanent_tokens, total_tokens FROM card WHERE id = :id", id=card_id
    )
    shelf.sql("UPDATE card SET content_hash = '', permanent_tokens = NULL, total_tokens = NULL")
    shelf.library.catch_up(stopped=lambda: True)
    assert shelf.library.card(card_id).summary.permanent_tokens is None
    heard = announced(shelf)
    shelf.library.catch_up()
    assert shelf.sql("SELECT count(*) FROM card WHERE permanent_tokens IS NULL") == [(0,)]
    found = shelf.sql(
        "SELECT content_hash, permanent_tokens, total_tokens FROM card WHERE id = :id", id=card_id
    )
    assert found == wanted
    assert heard == [Changed(Kind.CARD)]
    shelf.library.catch_up()
    assert len(heard) == 1
