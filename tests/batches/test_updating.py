"""Updating a card by the queue: a real store, a real HTTP server, files that are gone when it goes on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import text

from cardforge_desktop.batches.model import CardRef, ItemStatus, ItemView, Options
from cardforge_desktop.cards.changes import changes
from cardforge_desktop.cards.formats import FORMATS, png_chunks, read_path
from cardforge_desktop.cards.formats.png import is_card_keyword
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.workspace import Workspace
from tests.batches.test_queue import wait_until
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.cards import WHOLE_CARD
from tests.support.scripted_server import ScriptedServer, Step

VOICE = b"OggS not really"
#: An asset's file goes along; the uri is the one PNGs have.
TARGET = WHOLE_CARD.model_copy(
    update={
        "assets": [
            *(WHOLE_CARD.assets or ()),
            type(WHOLE_CARD.assets[0])(type="x_voice", uri="__asset:voice.ogg", name="v", ext="ogg"),
        ]
    }
)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A PNG card with a text chunk and a private chunk of its own."""
    info = PngInfo()
    info.add_text("Software", "A painter's program")
    info.add(b"prVt", b"left alone")
    path = tmp_path / "old.png"
    Image.new("RGB", (24, 36), "teal").save(path, pnginfo=info)
    package = CardPackage(TARGET, path.read_bytes(), {"voice.ogg": VOICE})
    path.write_bytes(FORMATS["tavernai"].write(package))
    return path


@pytest.fixture
def options(tmp_path: Path, target: Path) -> Options:
    return Options(output=tmp_path, engine=ENGINE, formats=("tavernai",), update=target)


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        yield workspace


def made(workspace: Workspace) -> ItemView:
    assert workspace.queue.wait_idle(30)
    (item,) = workspace.batches.items()
    assert item.status is ItemStatus.COMPLETED, item.error
    return item


def written(item: ItemView) -> CardPackage:
    ((_, path),) = item.files
    return read_path(path).package


def changed(before: Card, after: Card) -> set[str]:
    return {change.field.split("[")[0].split(".")[0] for change in changes(before, after)}


def kept_files(workspace: Workspace) -> list[Any]:
    with workspace._store.read() as session:
        return list(session.execute(text("SELECT sha256 FROM target")).scalars())


def test_the_asked_fields_change_and_chunks_assets_and_picture_stay(
    workspace: Workspace, options: Options, target: Path, tmp_path: Path
) -> None:
    before = hashlib.sha256(target.read_bytes()).hexdigest()
    wanted = replace(options, fields=("description", "tags"))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), wanted)
    item = made(workspace)
    assert (item.source, item.target) == ("source-001.md", "old.png")
    old, new = read_path(target).package, written(item)
    assert changed(old.card, new.card) == {"description", "tags", "modification_date"}
    assert "She climbs 41 steps at night." in new.card.description
    assert new.card.modification_date > old.card.modification_date
    assert new.files == {"voice.ogg": VOICE}
    assert new.picture == old.picture
    ((_, path),) = item.files
    others = [
        [chunk for chunk in png_chunks.split(file.read_bytes()) if not is_card_keyword(chunk.keyword)]
        for file in (target, path)
    ]
    assert others[0] == others[1]
    assert path != target
    assert hashlib.sha256(target.read_bytes()).hexdigest() == before
    stored = workspace.library.card(item.card_id)
    assert stored.package.files == {"voice.ogg": VOICE}
    assert kept_files(workspace) == []


def test_all_the_profile_asks_for_changes_when_no_field_is_chosen(
    workspace: Workspace, options: Options, target: Path, tmp_path: Path
) -> None:
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    card, old = written(made(workspace)).card, read_path(target).package.card
    asked = {"name", "description", "personality", "scenario", "first_mes", "mes_example"}
    more = {"alternate_greetings", "tags", "creator_notes", "character_book", "modification_date"}
    assert asked <= changed(old, card) <= asked | more
    assert card.character_book.entries[0] == old.character_book.entries[0]
    assert card.character_book.name == old.character_book.name


def test_the_card_itself_is_the_source_when_there_is_no_other(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options
) -> None:
    workspace.queue.submit([], replace(options, fields=("scenario",)))
    item = made(workspace)
    assert item.source == item.target == "old.png"
    (call,) = scripted_server.calls
    assert "A lighthouse keeper." in str(call.body)
    assert changed(TARGET, written(item).card) == {"scenario", "modification_date"}


def test_an_interrupted_update_goes_on_without_its_files(
    scripted_server: ScriptedServer, options: Options, target: Path, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=1))
    sources = write_sources(tmp_path / "in", 1)
    with open_workspace(scripted_server.url) as workspace:
        workspace.queue.submit(sources, replace(options, fields=("personality", "book")))
        scripted_server.wait_until(lambda calls: len(calls) == 1)
    old = read_path(target).package
    for path in (*sources, target):
        path.unlink()
    with open_workspace(scripted_server.url) as workspace:
        assert workspace.queue.adopt() == 1
        new = written(made(workspace))
    assert changed(old.card, new.card) <= {"personality", "character_book", "modification_date"}
    assert new.card.personality != old.card.personality
    assert new.picture == old.picture


def test_drafts_are_estimated_with_the_card_and_it_is_kept_while_one_needs_it(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 2)
    alone = workspace.drafts.add(sources[:1], replace(options, update=None, include_book=False))
    both = workspace.drafts.add(sources, replace(options, include_book=False))
    wait_until(workspace, lambda: all(item.estimate_input for item in workspace.batches.items()))
    new, update = workspace.batches.item(alone[0]), workspace.batches.item(both[0])
    assert update.estimate_input > new.estimate_input + 100, "the model is shown the card as well"
    workspace.queue.start([both[0]])
    assert workspace.queue.wait_idle(30)
    assert len(kept_files(workspace)) == 1, "the other draft updates the same card"
    workspace.drafts.remove([both[1]])
    assert len(kept_files(workspace)) == 1, "it can be brought back until the app is closed"
    workspace.drafts.purge()
    assert kept_files(workspace) == []


def test_a_card_without_a_picture_is_updated_in_its_own_format(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    path = tmp_path / "old.json"
    path.write_bytes(FORMATS["v3"].write(CardPackage(TARGET)))
    wanted = replace(options, update=path, formats=("v3", "v2"), fields=("personality",))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), wanted)
    item = made(workspace)
    for _, file in item.files:
        card = read_path(file).package.card
        assert changed(TARGET, card) == {"personality", "modification_date"}


def test_what_a_format_can_not_hold_is_told(workspace: Workspace, options: Options, tmp_path: Path) -> None:
    entry = {"keys": ["sea"], "content": "@@depth 4\nThe sea is near."}
    card = Card.model_validate({"name": "Bo", "character_book": {"entries": [entry]}})
    path = tmp_path / "old.json"
    path.write_bytes(FORMATS["v3"].write(CardPackage(card)))
    wanted = replace(options, update=path, formats=("v2",), fields=("personality",))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), wanted)
    assert any("decorator" in warning for warning in made(workspace).warnings)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"fields": ("system_prompt",)}, "FIELD_UNKNOWN .*system_prompt"),
        ({"fields": ("colour",)}, "FIELD_UNKNOWN .*It asks for: name, description"),
        ({"fields": ("name",), "update": None}, "FIELDS_WITHOUT_UPDATE .*updated"),
        ({"fields": ("name", "book"), "include_book": False}, "FIELDS_WITHOUT_BOOK .*left out"),
        ({"fields": ("character_book",), "include_book": False}, "FIELDS_WITHOUT_BOOK .*left out"),
        ({"update": Path("gone.png")}, "CARD_UNREADABLE .*gone.png"),
        ({"update": Path("photo.png")}, "CARD_MISSING .*photo.png"),
        ({"update": Path("lore.json")}, "TARGET_NO_CARD .*lore.json"),
    ],
)
def test_what_can_not_be_updated_is_refused_before_a_row_is_made(
    workspace: Workspace, options: Options, tmp_path: Path, change: dict[str, Any], refusal: str
) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "photo.png")
    lorebook = '{"spec": "lorebook_v3", "data": {"entries": [{"keys": ["a"], "content": "b"}]}}'
    (tmp_path / "lore.json").write_text(lorebook, encoding="utf-8")
    if change.get("update"):
        change = {"update": tmp_path / change["update"]}
    with pytest.raises(CardForgeError) as caught:
        workspace.drafts.add(write_sources(tmp_path / "in", 1), replace(options, **change))
    assert re.match(refusal, f"{caught.value.code} {caught.value.message}")
    assert workspace.batches.items() == ()


def test_another_profile_that_asks_for_none_of_the_fields_fails_with_the_way_out(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    wanted = replace(options, fields=("book",))
    workspace.drafts.add(write_sources(tmp_path / "in", 1), wanted)
    with workspace._store.write() as session:  # as a profile without a book leaves the row
        session.execute(text("UPDATE item SET include_book = 0"))
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    (item,) = workspace.batches.items()
    assert item.error.code == "NOTHING_TO_WRITE"
    assert "Choose another profile" in item.error.message
    assert not scripted_server.calls


def test_a_card_of_the_library_is_updated_into_a_new_one_with_all_it_has(
    workspace: Workspace, options: Options, target: Path, tmp_path: Path
) -> None:
    (sources,) = write_sources(tmp_path / "in", 1)
    workspace.queue.submit([sources], replace(options, fields=("scenario",)))
    first = made(workspace)
    assert first.card_id is not None
    before = workspace.library.card(first.card_id)
    wanted = replace(options, update=CardRef(first.card_id), fields=("personality",))
    workspace.queue.submit([sources], wanted)
    assert workspace.queue.wait_idle(30)
    item = workspace.batches.items()[-1]
    assert item.status is ItemStatus.COMPLETED, item.error
    assert item.target == before.card.name
    assert item.card_id not in (None, first.card_id)
    after = workspace.library.card(item.card_id)
    assert changed(before.card, after.card) - {"modification_date"} == {"personality"}
    assert after.package.files == {"voice.ogg": VOICE}
    assert after.package.picture == before.package.picture
    assert workspace.library.card(first.card_id).version == before.version
    assert kept_files(workspace) == []


def test_a_library_card_with_files_of_charx_keeps_them(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    asset = {"type": "x_voice", "uri": "embeded://assets/other/voice.ogg", "name": "v", "ext": "ogg"}
    card = Card.model_validate({"name": "Bo", "description": "Keeps bees. " * 40, "assets": [asset]})
    path = tmp_path / "bo.charx"
    path.write_bytes(FORMATS["charx"].write(CardPackage(card, None, {"assets/other/voice.ogg": VOICE})))
    (added,) = workspace.card_imports.take([path]).items
    wanted = replace(options, update=CardRef(added.card_id), formats=("charx",))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), wanted)
    after = workspace.library.card(made(workspace).card_id).package
    assert after.files["assets/other/voice.ogg"] == VOICE


def test_a_library_card_that_is_gone_is_refused(workspace: Workspace, options: Options) -> None:
    with pytest.raises(CardForgeError) as caught:
        workspace.drafts.add([], replace(options, update=CardRef("card_gone")))
    assert caught.value.code == "CARD_NOT_FOUND"
    assert workspace.batches.items() == ()
