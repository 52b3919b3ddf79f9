"""Undoing a change of drafts brings back just what it changed, as it was."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cardforge_desktop.batches.model import Options
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.events import Changed
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as opened:
        yield opened


@pytest.fixture
def drafts(workspace: Workspace, tmp_path: Path) -> tuple[str, ...]:
    """Two drafts with different wishes, read and estimated."""
    one, two = write_sources(tmp_path / "in", 2)
    options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",))
    first = workspace.drafts.add([one], options)
    second = workspace.drafts.add([two], replace(options, formats=("v3", "tavernai"), pattern="batch"))
    estimated(workspace)
    return (*first, *second)


def estimated(workspace: Workspace) -> None:
    wait_until(workspace, lambda: all(item.estimate_input for item in workspace.batches.items()))


def wait_until(workspace: Workspace, condition: Callable[[], bool]) -> None:
    happened = threading.Event()

    def look(_: Changed | None) -> None:
        if condition():
            happened.set()

    workspace.hub.changed.connect(look)
    look(None)
    assert happened.wait(20)
    workspace.hub.changed.disconnect(look)


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "tessa.json"
    path.write_bytes(FORMATS["v3"].write(CardPackage(Card(name="Tessa", description="A keeper. " * 400))))
    return path


def test_drafts_are_as_they_were_each_with_its_own_wishes(workspace, drafts, tmp_path, card) -> None:
    before = workspace.batches.items()
    found = workspace.drafts.change(
        drafts,
        engine="Built-in",
        formats=("charx",),
        include_book=False,
        output=tmp_path / "elsewhere",
        pattern="{index}",
        overwrite=True,
        character_name="Nan",
        update=card,
    )
    assert {item.target for item in workspace.batches.items()} == {"tessa.json"}
    workspace.drafts.change_back(found)
    estimated(workspace)
    assert workspace.batches.items() == before


def test_only_what_was_changed_is_brought_back(workspace, drafts) -> None:
    found = workspace.drafts.change(drafts, pattern="detailed")
    workspace.drafts.change(drafts, overwrite=True)
    workspace.drafts.change_back(found)
    assert [(item.pattern, item.overwrite) for item in workspace.batches.items()] == [
        ("default", True),
        ("batch", True),
    ]


def test_a_card_to_update_that_was_taken_away_comes_back(workspace, drafts, card) -> None:
    workspace.drafts.change(drafts, update=card)
    found = workspace.drafts.change(drafts, update=None)
    assert {item.target for item in workspace.batches.items()} == {""}
    workspace.drafts.change_back(found)
    estimated(workspace)
    workspace.queue.start(drafts[:1])
    assert workspace.queue.wait_idle(60)
    assert workspace.batches.item(drafts[0]).error is None


def test_a_card_that_is_not_kept_any_more_is_told_and_nothing_changes(workspace, drafts, card) -> None:
    workspace.drafts.change(drafts, update=card)
    found = workspace.drafts.change(drafts, update=None)
    workspace.drafts.purge()
    with pytest.raises(CardForgeError) as caught:
        workspace.drafts.change_back(found)
    assert caught.value.code == "TARGET_LOST"
    assert {item.target for item in workspace.batches.items()} == {""}


def test_items_that_were_started_keep_what_they_were_started_with(workspace, drafts) -> None:
    found = workspace.drafts.change(drafts, pattern="detailed")
    workspace.queue.start(drafts[:1])
    workspace.drafts.change_back(found)
    assert workspace.queue.wait_idle(60)
    assert {item.id: item.pattern for item in workspace.batches.items()} == {
        drafts[0]: "detailed",
        drafts[1]: "batch",
    }


def test_what_an_estimate_does_not_depend_on_leaves_it_alone(workspace, drafts, tmp_path) -> None:
    for source in (tmp_path / "in").iterdir():
        source.unlink()  # reading it again would fail
    before = [item.estimate_input for item in workspace.batches.items()]
    workspace.drafts.change(drafts, overwrite=True, pattern="batch", output=tmp_path, formats=("v2",))
    assert [item.estimate_input for item in workspace.batches.items()] == before


def test_the_fields_of_an_update_are_chosen_and_brought_back(workspace, drafts, card) -> None:
    workspace.drafts.change(drafts, update=card, fields=("personality",))
    whole = workspace.batches.item(drafts[0])
    assert whole.fields == ("personality",)
    found = workspace.drafts.change(drafts, fields=("personality", "first_mes", "book"))
    assert workspace.batches.item(drafts[0]).fields == ("personality", "first_mes", "book")
    workspace.drafts.change_back(found)
    assert workspace.batches.item(drafts[0]).fields == ("personality",)
    with pytest.raises(CardForgeError) as caught:
        workspace.drafts.change(drafts, fields=("hair",))
    assert caught.value.code == "FIELD_UNKNOWN"
    assert "personality" in caught.value.message
