"""Cards are found by every text in them, in every script, and filtered and ordered by all that is known."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.search import CardQuery
from tests.cards.library import ORIGIN, Shelf, shelf_in
from tests.support.cards import WHOLE_CARD, texts


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """Some cards that hardly share a word."""
    with shelf_in(tmp_path_factory.mktemp("store")) as shelf:
        other = replace(ORIGIN, profile="Rich prose", source="灯台.txt")
        shelf.add(WHOLE_CARD)
        shelf.add(Card(name="霧島小夜子", description="灯台守の娘。海辺の村で暮らしている。"), origin=other)
        shelf.add(Card(name="김유나", description="등대지기의 딸입니다."), origin=other)
        shelf.add(Card(name="สมชาย", description="คนเฝ้าประภาคารริมทะเล"), origin=other)
        odd = "Straße & Ärger, “foo-bar” ﬁle C++ naïve Kadın ★★★"
        shelf.add(Card(name="Émile", description=odd), origin=other)
        yield shelf


def names(shelf: Shelf, text: str = "", **query: object) -> set[str]:
    return {card.name for card in shelf.search.cards(CardQuery(text=text, **query))}


@pytest.mark.parametrize(
    "text",
    [
        *("Mirela Vântu", "vantu", "MIREL", "Mira", "lighthouse keeper", "patient dry", "ashore storm"),
        *("lifts lamp late", "Back again", "Mind the step", "All of you", "Draft", "Entwurf", "Stay brief"),
        *("who are you light", "sea oc", "1.2", "example.org/mirela", "Mirela's Lorebook", "coast knows"),
        *("whale oil", "/light(house)?/i", "checked", "oil checked lamp", "mirela.md", "default whale"),
    ],
)
def test_every_text_of_a_card_finds_it(shelf: Shelf, text: str) -> None:
    assert names(shelf, text) == {"Mirela Vântu"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(
            ("灯台守", "霧島小夜子"),
            ("海辺の村", "霧島小夜子"),
            ("島小", "霧島小夜子"),
            ("灯台 暮らし", "霧島小夜子"),
        ),
        *(
            ("등대", "김유나"),
            ("지기의", "김유나"),
            ("유나", "김유나"),
            ("ประภาคาร", "สมชาย"),
            ("ริมทะ", "สมชาย"),
        ),
    ],
)
def test_scripts_without_spaces_are_found_by_any_part_of_a_sentence(
    shelf: Shelf, text: str, name: str
) -> None:
    assert names(shelf, text) == {name}


@pytest.mark.parametrize("text", ["台灯", "海村", "대등"])
def test_letters_that_do_not_stand_side_by_side_are_not_found(shelf: Shelf, text: str) -> None:
    assert names(shelf, text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "emile",
        "ÉMILE",
        "E\u0301mile",
        "STRASSE",
        "strasse",
        "arger",
        "KADIN",
        "foo-bar",
        "file",
        "ﬁle",
        "NAIVE",
        "★★",
    ],
)
def test_case_accents_and_ligatures_do_not_matter(shelf: Shelf, text: str) -> None:
    assert names(shelf, text) == {"Émile"}


@pytest.mark.parametrize("text", ["foo AND nothere", "NOT", "★★★★", "lighthousekeeper", "mirelax"])
def test_what_is_in_no_card_finds_none(shelf: Shelf, text: str) -> None:
    assert names(shelf, text) == set()


def test_only_the_last_word_may_be_half_typed(shelf: Shelf) -> None:
    assert names(shelf, "keeper lightho") == {"Mirela Vântu"}
    assert names(shelf, "lightho keeper") == set()


@given(text=st.one_of(texts, st.text('"*:^()+-{}AND OR NOT NEAR\0 a漢\ud800', max_size=12)))
def test_nothing_that_can_be_typed_breaks_the_search(shelf: Shelf, text: str) -> None:
    shelf.search.cards(CardQuery(text=text))


@given(text=st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=6))
def test_a_card_is_found_by_any_word_in_it(shelf: Shelf, text: str) -> None:
    card_id = shelf.add(Card(description=f"before {text} behind"))
    for typed in (text, text.upper(), text.lower(), f"{text} behind"):
        assert card_id in [card.id for card in shelf.search.cards(CardQuery(text=typed))]
    shelf.library.delete([card_id])


def test_the_index_follows_saves_and_deletions(tmp_path: Path) -> None:
    with shelf_in(tmp_path) as shelf:
        card_id = shelf.add(Card(name="Ann", description="lighthouse"))
        shelf.library.save(card_id, CardPackage(Card(name="Ann", description="windmill")), 1)
        assert names(shelf, "lighthouse") == set()
        assert names(shelf, "windmill") == {"Ann"}
        shelf.library.tag([card_id], add=["storm"])
        assert names(shelf, "storm windmill default") == {"Ann"}
        shelf.library.delete([card_id])
        assert names(shelf, "windmill") == set()
        shelf.library.undelete([card_id])
        assert names(shelf, "windmill") == {"Ann"}
        shelf.sql("INSERT INTO card_search(card_search, rank) VALUES ('integrity-check', 1)")


def test_filters_combine(tmp_path: Path) -> None:
    with shelf_in(tmp_path) as shelf:
        rich = replace(ORIGIN, profile="Rich prose", batch_id="batch_2")
        ann = shelf.add(Card(name="Ann", description="lamp", tags=["sea", "oc"]))
        ben = shelf.add(Card(name="Ben", description="lamp", tags=["sea"]), origin=rich)
        cleo = shelf.add(Card(name="Cleo", tags=["Sea", "oc"]), origin=rich)
        shelf.library.rate([ann], 2)
        shelf.library.rate([cleo], 5)
        with shelf.store.write() as session:
            shelf.library.add_files(session, ben, {"tavernai": (Path("/out/ben.png"), b"")}, 1)
        assert names(shelf, tags=("sea",)) == {"Ann", "Ben"}
        assert names(shelf, tags=("sea", "oc")) == {"Ann"}
        assert names(shelf, profile="Rich prose") == {"Ben", "Cleo"}
        assert names(shelf, batch="batch_1") == {"Ann"}
        assert names(shelf, format="tavernai") == {"Ben"}
        assert names(shelf, rating_from=2) == {"Ann", "Cleo"}
        assert names(shelf, "lamp", profile="Rich prose") == {"Ben"}
        assert names(shelf, "lamp", profile="Rich prose", rating_from=1) == set()
        facets = shelf.search.facets()
        assert facets.tags == (("oc", 2), ("sea", 2), ("Sea", 1))
        assert facets.profiles == (("Rich prose", 2), ("Default", 1))
        assert facets.batches == (("batch_2", 2), ("batch_1", 1))
        assert facets.formats == (("tavernai", 1),)
        shelf.library.delete([ben])
        assert shelf.search.facets().tags == (("oc", 2), ("Sea", 1), ("sea", 1))
        assert shelf.search.facets().formats == ()


def test_every_order_and_its_reverse(tmp_path: Path) -> None:
    with shelf_in(tmp_path) as shelf:
        ids = {
            name: shelf.add(Card(name=name, description="word " * words))
            for name, words in (("emil", 3), ("Zoë", 1), ("Émile", 2), ("ann", 4))
        }
        for name, rating in (("Zoë", 3), ("ann", 5), ("emil", 1)):
            shelf.library.rate([ids[name]], rating)
        shelf.library.tag([ids["Zoë"]], add=["edited"])

        def order(sort, descending=None):
            return [card.name for card in shelf.search.cards(CardQuery(sort=sort, descending=descending))]

        assert order("newest") == ["ann", "Émile", "Zoë", "emil"]
        assert order("oldest") == order("newest", descending=False) == ["emil", "Zoë", "Émile", "ann"]
        assert order("name") == ["ann", "emil", "Émile", "Zoë"]
        assert order("name", descending=True) == ["Zoë", "Émile", "emil", "ann"]
        assert order("rating") == ["ann", "Zoë", "emil", "Émile"]
        assert order("tokens") == ["ann", "emil", "Émile", "Zoë"]
        assert order("tokens", descending=False)[0] == "Zoë"
        assert order("edited")[0] == "Zoë"


def test_a_card_with_a_file_of_an_earlier_version_is_out_of_date(tmp_path: Path) -> None:
    with shelf_in(tmp_path) as shelf:
        card_id = shelf.add(Card(name="Ann"))
        with shelf.store.write() as session:
            shelf.library.add_files(session, card_id, {"json": (Path("/out/ann.json"), b"")}, 1)
        assert not shelf.search.cards(CardQuery())[0].out_of_date
        shelf.library.rate([card_id], 3)
        assert not shelf.search.cards(CardQuery())[0].out_of_date
        shelf.library.tag([card_id], add=["sea"])
        assert shelf.search.cards(CardQuery())[0].out_of_date
        assert shelf.search.cards(CardQuery())[0] == shelf.library.card(card_id).summary


def test_the_files_of_many_cards_and_of_few_are_the_same(tmp_path: Path) -> None:
    with shelf_in(tmp_path) as shelf:
        ids = [shelf.add(Card(name="Ann", description="rare" if at == 7 else "")) for at in range(502)]
        with shelf.store.write() as session:
            for card_id in ids:
                shelf.library.add_files(session, card_id, {"json": (Path(f"/out/{card_id}"), b"")}, 1)
        every = {card.id: card for card in shelf.search.cards(CardQuery())}
        assert all(card.files == (("json", Path(f"/out/{card.id}")),) for card in every.values())
        assert shelf.search.cards(CardQuery(text="rare")) == (every[ids[7]],)


def test_the_newest_card_is_the_one_made_last_and_still_there(tmp_path: Path) -> None:
    with shelf_in(tmp_path) as shelf:
        assert shelf.search.newest() is None
        shelf.add(Card(name="Ann"))
        last = shelf.add(Card(name="Bert"))
        found = shelf.search.newest()
        assert found is not None
        assert found == shelf.search.cards(CardQuery())[0]
        shelf.library.delete([last])
        again = shelf.search.newest()
        assert again is not None
        assert again.name == "Ann"
