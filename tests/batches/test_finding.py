"""Which files become rows: texts and card files, not their pictures; and what is said of the rest."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from cardforge_desktop.batches.finding import NewSource, find, read_picture, read_source
from cardforge_desktop.cards.formats import FORMATS, png_chunks, read_file
from cardforge_desktop.cards.formats.png import is_card_keyword
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import CardForgeError
from tests.support.app import open_workspace

CARD = Card(name="Bo", description="Keeps bees on the roof of the post office.")
BOOK = {"spec": "lorebook_v3", "data": {"entries": [{"keys": ["hive"], "content": "The hive is blue."}]}}


def picture(path: Path, colour: str = "teal") -> bytes:
    """A PNG without a card."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (8, 12), colour).save(path, "PNG")
    return path.read_bytes()


def card_png(path: Path, colour: str = "teal") -> bytes:
    """A PNG with `CARD` in it; returns the picture alone."""
    alone = picture(path, colour)
    path.write_bytes(FORMATS["tavernai"].write(CardPackage(CARD, alone)))
    return alone


def found(folder: Path, *paths: Path) -> tuple[dict[str, str], list[str]]:
    """{source: its avatar}, by their paths under the folder, and the notes."""
    notes: list[str] = []

    def name(path: Path | None) -> str:
        return "" if path is None else path.relative_to(folder).as_posix()

    sources = find(paths or (folder,), None, notes.append)
    return {name(source.path): name(source.avatar) for source in sources}, notes


def test_a_folder_gives_its_texts_and_its_cards_but_no_plain_pictures(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("Bo keeps bees.", encoding="utf-8")
    picture(tmp_path / "notes.png")
    picture(tmp_path / "photo.png")
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.jpg")
    card_png(tmp_path / "bo.png")
    (tmp_path / "flat.json").write_bytes(FORMATS["json"].write(CardPackage(CARD)))
    (tmp_path / "lore.json").write_text(json.dumps(BOOK), encoding="utf-8")
    sources, notes = found(tmp_path)
    assert sources == {"bo.png": "bo.png", "flat.json": "", "lore.json": "", "notes.md": "notes.png"}
    assert notes == []


def test_json_that_is_no_card_is_passed_over_with_a_note(tmp_path: Path) -> None:
    program = {"name": "bees", "version": "1.0.0", "description": "Counts bees.", "scripts": {}}
    (tmp_path / "package.json").write_text(json.dumps(program), encoding="utf-8")
    (tmp_path / "list.yaml").write_text("- bees\n- wasps\n", encoding="utf-8")
    (tmp_path / "broken.json").write_text('{"spec": "chara_card_v2", ', encoding="utf-8")
    (tmp_path / "notes.md").write_text("Bo keeps bees.", encoding="utf-8")
    sources, notes = found(tmp_path)
    assert list(sources) == ["notes.md"]
    assert [note.split(": ")[:2] for note in notes] == [
        ["Passed over", "broken.json"],
        ["Passed over", "list.yaml"],
        ["Passed over", "package.json"],
    ]


def test_a_picture_of_the_same_name_is_the_avatar_even_with_a_card_in_it(tmp_path: Path) -> None:
    for name in ("a/mirela.md", "b/mirela.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(FORMATS["json"].write(CardPackage(CARD)))
        card_png((tmp_path / name).with_suffix(".png"))
    expected = {"a/mirela.md": "a/mirela.png", "b/mirela.json": "b/mirela.png"}
    assert found(tmp_path) == (expected, [])
    named = [tmp_path / "a" / "mirela.png", tmp_path / "a" / "mirela.md"]
    assert found(tmp_path, *named)[0] == {"a/mirela.md": "a/mirela.png"}
    assert found(tmp_path, named[0])[0] == {"a/mirela.png": "a/mirela.png"}, "alone it is a source"


def test_a_named_file_is_kept_whatever_it_is(tmp_path: Path) -> None:
    picture(tmp_path / "photo.png")
    (tmp_path / "package.json").write_text("{}", encoding="utf-8")
    sources, notes = found(tmp_path, tmp_path / "photo.png", tmp_path / "package.json", tmp_path / "gone.md")
    assert list(sources) == ["photo.png", "package.json", "gone.md"]
    assert notes == [], "its row says why"


@pytest.mark.parametrize(
    ("name", "data", "code", "words"),
    [
        ("photo.png", None, "SOURCE_NO_CARD", "no character card in it"),
        ("package.json", b'{"scripts": {}}', "CARD_UNKNOWN_FORMAT", "no character card"),
        ("list.json", b"[1, 2]", "CARD_UNKNOWN_FORMAT", "no character card"),
        ("cut.json", b'{"spec": "chara_card_v2", "data": {', "CARD_DAMAGED", "cut.json"),
        ("empty.json", b"", "CARD_UNKNOWN_FORMAT", "empty.json"),
        ("blank.json", b'{"spec": "chara_card_v2", "data": {}}', "SOURCE_EMPTY", "no text"),
    ],
)
def test_what_can_not_be_read_says_so_by_name(
    tmp_path: Path, name: str, data: bytes | None, code: str, words: str
) -> None:
    if data is None:
        picture(tmp_path / name)
    else:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(CardForgeError) as caught:
        read_source(tmp_path / name)
    assert caught.value.message.startswith(f"{name}: ")
    assert words in caught.value.message
    assert caught.value.code == code


def test_the_avatar_is_the_picture_without_the_old_card(tmp_path: Path) -> None:
    alone = card_png(tmp_path / "bo.png")
    avatar = read_picture(tmp_path / "bo.png")
    assert avatar == alone
    assert not any(is_card_keyword(chunk.keyword) for chunk in png_chunks.split(avatar))


def test_a_charx_brings_its_own_picture(tmp_path: Path) -> None:
    icon = picture(tmp_path / "icon.png")
    asset = {"type": "icon", "uri": "embeded://assets/icon/images/main.png", "name": "main", "ext": "png"}
    data = {**CARD.model_dump(exclude_unset=True), "assets": [asset]}
    with zipfile.ZipFile(tmp_path / "bo.charx", "w") as archive:
        card = {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}
        archive.writestr("card.json", json.dumps(card))
        archive.writestr("assets/icon/images/main.png", icon)
    (tmp_path / "icon.png").unlink()
    assert found(tmp_path) == ({"bo.charx": "bo.charx"}, [])
    assert read_picture(tmp_path / "bo.charx") == icon
    assert "Keeps bees" in read_source(tmp_path / "bo.charx").text


def test_a_lorebook_alone_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "lore.json").write_text(json.dumps(BOOK), encoding="utf-8")
    assert read_source(tmp_path / "lore.json").text == "## hive\n\nThe hive is blue."


def test_the_card_to_update_is_its_own_source_only_when_nothing_else_is_named(tmp_path: Path) -> None:
    from cardforge_desktop.batches.targets import read_target

    card_png(tmp_path / "bo.png")
    with open_workspace() as workspace:
        target = read_target(tmp_path / "bo.png", workspace.library)
    assert target is not None
    assert read_file(target.data, target.name).package.card == CARD
    (own,) = find([], target, print)
    assert isinstance(own, NewSource)
    assert own.text is not None
    assert own.text.text.startswith("# Bo\n\n## Description\n\nKeeps bees")
    (tmp_path / "empty").mkdir()
    assert find([tmp_path / "empty"], target, print) == []
