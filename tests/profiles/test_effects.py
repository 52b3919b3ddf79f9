"""What the rules say will happen is what happens."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.batches.views import ItemView
from cardforge_desktop.engines.base import Traits
from cardforge_desktop.generation.plan import room_for_source
from cardforge_desktop.generation.schema import answer_tokens
from cardforge_desktop.profiles.budget import room
from cardforge_desktop.profiles.paths import with_values
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.profiles.shipped import Shipped, shipped_profiles
from cardforge_desktop.tokens import tokenizer_for
from cardforge_desktop.workspace import Workspace
from tests.generation.orders import order
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        yield workspace


def made_with(workspace: Workspace, folder: Path, **values: Any) -> ItemView:
    """The item of a card made with the shipped profile, some of its fields changed."""
    profile = workspace.profiles.by_name("Default")
    changed = with_values(profile.content, {path.replace("__", "."): value for path, value in values.items()})
    workspace.profiles.save(profile.id, changed, base_of(profile))
    options = Options(output=folder / "out", engine=ENGINE)
    batch = workspace.queue.submit(write_sources(folder / "in", 1), options)
    assert workspace.queue.wait_idle(60)
    (item,) = workspace.batches.batch(batch).items
    assert item.status is ItemStatus.COMPLETED
    return item


def test_without_a_format_the_card_is_in_the_library_and_no_file_is_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    item = made_with(workspace, tmp_path, config__formats=())
    assert item.files == ()
    assert item.card_id is not None
    assert workspace.library.card(item.card_id).card.description
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_without_its_name_a_card_has_none(workspace: Workspace, tmp_path: Path) -> None:
    item = made_with(workspace, tmp_path, config__fields__name__write=False)
    assert item.card_name == ""
    assert all(path.name.startswith("unnamed") for _, path in item.files)


@pytest.mark.parametrize("each", shipped_profiles(), ids=lambda each: each.id)
def test_the_room_that_the_rules_count_is_the_one_that_is_planned_with(each: Shipped) -> None:
    """But for the words around the profile's own, which the rules allow 150 tokens for."""
    count = tokenizer_for("").count
    wish = order()
    profile = wish.profile.model_copy(update=dict(each.content))
    wish = replace(wish, profile=profile, traits=Traits(context_tokens=32_000), count_tokens=count)
    counted, planned = room(each.content, 32_000, count), room_for_source(wish, answer_tokens(wish))
    assert counted.answer == answer_tokens(wish)
    assert 0 <= planned - counted.source < 150
