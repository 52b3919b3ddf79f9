"""What is written comes back field by field, or the format has said before what will not.

The comparison here is a walk of its own over plain values; it shares nothing with `formats.losses`.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cards.formats import FORMATS, read_file
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import Asset, Card
from cardforge_desktop.cards.package import CardPackage, embedded_path
from tests.cards import readers
from tests.cards.wild import make
from tests.support.cards import WHOLE_CARD, books, cards, halves_of_characters

PICTURE = make.png()
CARD_FORMATS = ("json", "v2", "v3", "tavernai", "tavernai-v2", "charx")
BOOK_FORMATS = ("worldinfo", "lorebook")

#: What writing may add for the sake of readers.
_ADDED = re.compile(r"^character_book\.entries\[\d+\]\.(id|comment|extensions\.case_sensitive)$")
_ADDED_FOR_A_PICTURE = re.compile(r"^assets(\[\d+\])?$")
_NOTHING = object()
_INDEX = re.compile(r"\[\d+\]")


def differences(old: Any, new: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Where `new` is not `old`: the path, and ``lost`` or ``added``."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            place = f"{path}.{printable(name)}" if path else printable(name)
            yield from differences(old.get(name, _NOTHING), new.get(name, _NOTHING), place)
    elif isinstance(old, list) and isinstance(new, list) and len(old) <= len(new):
        for at, value in enumerate(new):
            yield from differences(old[at] if at < len(old) else _NOTHING, value, f"{path}[{at}]")
    elif old is _NOTHING:
        yield path, "added"
    elif type(old) is not type(new) or old != new:
        yield path, "lost"


def printable(name: str) -> str:
    return name.encode("utf-8", "replace").decode()


def check_told(name: str, package: CardPackage, back: CardPackage) -> None:
    """Nothing differs but what the format named before, and what it adds for readers."""
    named = {loss.field for loss in FORMATS[name].losses(package)}
    if name in BOOK_FORMATS:  # they name what happens in many places once
        named |= {_INDEX.sub("[]", field) for field in named}
    for path, kind in differences(fields_of(package.card), fields_of(back.card)):
        if kind == "added":
            extra = name == "charx" and package.picture is not None and _ADDED_FOR_A_PICTURE.match(path)
            renamed = "\ufffd" in path  # half a character in the name
            assert _ADDED.match(path) or extra or renamed, f"{path} came from nowhere"
        elif not (path.endswith((".uri", ".ext")) and path.startswith("assets[")):
            assert {path, _INDEX.sub("[]", path)} & named, f"{path} was lost, and only {named} named"
    if "picture" not in named and package.picture is not None:
        assert back.picture == package.picture


def carried(package: CardPackage) -> list[bytes | str]:
    """The content of the file that each asset names, its uri where it names none."""
    assets = package.card.assets or ()
    return [package.files.get(embedded_path(asset.uri) or "", asset.uri) for asset in assets]


@pytest.mark.parametrize("name", CARD_FORMATS)
@given(card=cards(decorators=True))
def test_a_card_comes_back_or_the_difference_was_named(name: str, card: Card) -> None:
    package = CardPackage(card, PICTURE)
    file = FORMATS[name].write(package)
    found = read_file(file, "card")
    check_told(name, package, found.package)
    assert found.warnings == ()
    assert FORMATS[name].write(found.package) == file


@pytest.mark.parametrize("name", CARD_FORMATS)
@given(card=cards(decorators=True), halves=halves_of_characters())
def test_half_characters_are_named_wherever_they_stand(name: str, card: Card, halves: dict[str, Any]) -> None:
    card = card.model_copy(update={"extensions": {**card.extensions, **halves}, "description": str(halves)})
    card = card.model_copy(update={"scenario": next(iter(halves))})
    package = CardPackage(card, PICTURE)
    file = FORMATS[name].write(package)
    back = read_file(file, "card").package
    check_told(name, package, back)
    assert "scenario" in {loss.field for loss in FORMATS[name].losses(package)}
    assert FORMATS[name].write(back) == file


@pytest.mark.parametrize("name", ["json", "v2", "v3", "tavernai", "charx"])
def test_every_field_comes_back_equal(name: str) -> None:
    assert read_file(FORMATS[name].write(CardPackage(WHOLE_CARD)), "card").package.card == WHOLE_CARD
    assert FORMATS[name].losses(CardPackage(WHOLE_CARD)) == ()


_paths = st.sampled_from(
    ["assets/icon/images/a.png", "b.png", "Ä/sea.mp3", "../x", "card.json", "x" * 90, "a:b", "nul\0", " c "]
)


@st.composite
def _packages(draw: st.DrawFn) -> CardPackage:
    """Cards with files, of which some assets name one, and some nothing that is there."""
    files = draw(st.dictionaries(_paths, st.binary(min_size=1, max_size=4), max_size=4))
    uris = st.one_of(
        st.sampled_from(["ccdefault:", "https://example.org/a.png", "embeded://gone.png", "data:,x"]),
        *(st.sampled_from([f"{scheme}{path}" for path in files]) for scheme in _SCHEMES if files),
    )
    assets = draw(
        st.lists(
            st.builds(
                Asset,
                type=st.sampled_from(["icon", "emotion", "x_voice"]),
                uri=uris,
                name=st.sampled_from(["main", "joy", ""]),
                ext=st.sampled_from(["png", "mp3", ""]),
            ),
            max_size=4,
        )
    )
    picture = draw(st.sampled_from([None, PICTURE]))
    return CardPackage(Card(name="Ada", assets=assets or None), picture, files)


_SCHEMES = ("embeded://", "embedded://", "__asset:")


@pytest.mark.parametrize("name", ["tavernai", "charx"])
@given(package=_packages())
def test_files_stay_with_the_assets_that_name_them(name: str, package: CardPackage) -> None:
    file = FORMATS[name].write(package)
    found = read_file(file, "card")
    check_told(name, package, found.package)
    for before, after in zip(carried(package), carried(found.package), strict=False):
        # The main icon takes the card's picture where it had none.
        assert after == before or (after == PICTURE and before in ("ccdefault:", "embeded://gone.png"))
    assert not Counter(package.files.values()) - Counter(found.package.files.values())
    assert FORMATS[name].write(found.package) == file


@pytest.mark.parametrize("name", ["json", "v2", "v3", "tavernai-v2"])
@given(package=_packages())
def test_files_that_have_no_place_are_named(name: str, package: CardPackage) -> None:
    assert read_file(FORMATS[name].write(package), "card").package.files == {}
    losses = FORMATS[name].losses(package)
    assert sum("this format has no place for files" in loss.reason for loss in losses) == len(package.files)
    told = any(loss.field == "picture" for loss in losses)
    assert told == (package.picture is not None and name != "tavernai-v2")


# Books alone


@pytest.mark.parametrize("name", BOOK_FORMATS)
@given(book=books(decorators=True))
def test_a_book_comes_back_or_the_difference_was_named(name: str, book: Any) -> None:
    file = FORMATS[name].write(CardPackage(Card(name="Ada", character_book=book)))
    found = read_file(file, "book.json")
    assert (found.holds, found.warnings) == ("book", ())
    package = CardPackage(Card(character_book=book))
    check_told(name, package, found.package)
    assert FORMATS[name].write(found.package) == file


# Pictures

_chunks = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from([b"prVt", b"gAMA", b"tIME", b"eXIf", b"iTXt", b"zTXt"]), st.binary(max_size=12)
        ),
        st.binary(max_size=8).map(lambda text: (b"tEXt", b"Comment\0" + text)),
    ),
    max_size=5,
)


@pytest.mark.parametrize("name", ["tavernai", "tavernai-v2"])
@given(before=_chunks, after=_chunks, pieces=st.integers(1, 4))
def test_pixels_and_other_chunks_stay_byte_for_byte(
    name: str, before: list[tuple[bytes, bytes]], after: list[tuple[bytes, bytes]], pieces: int
) -> None:
    (_, header), (_, pixels), end = readers.png_chunks(PICTURE)
    cut = [(b"IDAT", pixels[at::1][:1]) for at in range(pieces - 1)] + [(b"IDAT", pixels[pieces - 1 :])]
    chunks = [(b"IHDR", header), *before, *cut, *after, end]
    picture = b"".join([make.SIGNATURE, *(make.chunk(*chunk) for chunk in chunks)])
    file = FORMATS[name].write(CardPackage(Card(name="Ada"), picture))
    written = readers.png_chunks(file)
    ours = [chunk for chunk in written if chunk not in chunks]
    assert {kind for kind, _ in ours} == {b"tEXt"}
    assert len(written) - len(chunks) == len(ours) == (2 if name == "tavernai" else 1)

    def without_texts(all_chunks: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        return [chunk for chunk in all_chunks if chunk[0] != b"tEXt"]

    assert without_texts(written) == without_texts(chunks)
    assert [chunk for chunk in written if chunk[0] == b"tEXt" and chunk not in ours] == [
        chunk for chunk in chunks if chunk[0] == b"tEXt"
    ]
    back = read_file(file, "card.png").package
    assert FORMATS[name].write(back) == file
    assert readers.png_chunks(back.picture or b"") == [chunk for chunk in written if chunk not in ours]
