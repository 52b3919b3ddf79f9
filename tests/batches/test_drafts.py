"""What waits for Start: changed, copied, taken away and brought back; items of several sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from cardforge_desktop.batches.model import BatchOptions, ItemStatus, ItemView, Options
from cardforge_desktop.batches.tables import BatchRow, ItemSourceRow, SourceRow
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.workspace import Workspace
from tests.batches.test_queue import wait_until
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.profiles import add_profile
from tests.support.scripted_server import ScriptedServer, Step


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        add_profile(workspace, "Short", formats=["v3"], naming_pattern="{index}")
        yield workspace


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    return write_sources(tmp_path / "in", 3)


def estimated(workspace: Workspace) -> None:
    wait_until(
        workspace,
        lambda: all(
            item.estimate_input or item.status is ItemStatus.FAILED for item in workspace.batches.items()
        ),
    )


def names(workspace: Workspace) -> list[str]:
    return [item.source for item in workspace.batches.items()]


# What drafts are made with


@pytest.mark.parametrize(
    ("wish", "seen"),
    [
        ({"engine": "Built-in"}, {"engine": "Built-in", "local": True}),
        ({"formats": ("v2", "tavernai", "v2")}, {"formats": ("v2", "tavernai")}),
        ({"include_book": True}, {"include_book": True}),
        ({"character_name": "  Tessa "}, {"character_name": "Tessa"}),
        ({"pattern": "{character_name}-{index}"}, {"pattern": "{character_name}-{index}"}),
        ({"overwrite": True}, {"overwrite": True}),
        ({"profile": "Short"}, {"profile": "Short", "formats": ("v3",), "include_book": True}),
        (
            {"profile": "Short", "formats": ("v2",)},
            {"profile": "Short", "formats": ("v2",), "include_book": True},
        ),
        (
            {"profile": "Short", "include_book": False},
            {"profile": "Short", "include_book": False, "formats": ("v3",)},
        ),
    ],
)
def test_each_wish_changes_its_own_and_nothing_else(
    workspace: Workspace, options: Options, paths: list[Path], wish: dict[str, Any], seen: dict[str, Any]
) -> None:
    first, other, _ = workspace.drafts.add(paths, options)
    estimated(workspace)
    before, untouched = workspace.batches.item(first), workspace.batches.item(other)
    workspace.drafts.change([first], **wish)
    estimated(workspace)
    after = workspace.batches.item(first)
    estimates = {"estimate_input", "estimate_output", "estimate_cost", "estimate_exact", "profile_id"}
    changed = {
        name
        for name in ItemView.__dataclass_fields__
        if getattr(before, name) != getattr(after, name) and name not in estimates
    }
    assert {name: getattr(after, name) for name in seen} == seen
    assert changed <= set(seen)
    assert workspace.batches.item(other) == untouched


def test_the_output_folder_is_kept_absolute(
    workspace: Workspace, options: Options, paths: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (item, *_) = workspace.drafts.add(paths, options)
    monkeypatch.chdir(tmp_path)
    workspace.drafts.change([item], output=Path("later"))
    assert workspace.batches.item(item).output == tmp_path / "later"


def test_a_card_to_update_comes_and_goes(
    workspace: Workspace, options: Options, paths: list[Path], tmp_path: Path
) -> None:
    old = tmp_path / "old.json"
    old.write_bytes(FORMATS["v3"].write(CardPackage(Card(name="Tessa", description="Keeps a lamp."))))
    (item, *_) = workspace.drafts.add(paths, options)
    workspace.drafts.change([item], update=old)
    assert workspace.batches.item(item).target == "old.json"
    workspace.drafts.change([item], update=None)
    assert workspace.batches.item(item).target == ""


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"engine": "Nobody"}, "CONNECTION_NOT_FOUND"),
        ({"profile": "Nobody"}, "PROFILE_NOT_FOUND"),
        ({"formats": ("gif",)}, "FORMAT_UNKNOWN"),
        ({"pattern": "{colour}"}, "NAMING_UNKNOWN_PLACEHOLDER"),
        ({"update": Path("gone.png")}, "CARD_UNREADABLE"),
    ],
)
def test_a_wish_nobody_can_meet_changes_nothing(
    workspace: Workspace, options: Options, paths: list[Path], wish: dict[str, Any], code: str
) -> None:
    ids = workspace.drafts.add(paths, options)
    estimated(workspace)
    before = workspace.batches.items()
    with pytest.raises(CardForgeError) as caught:
        workspace.drafts.change(ids, overwrite=True, **wish)
    assert caught.value.code == code
    assert workspace.batches.items() == before


def test_what_runs_already_keeps_its_wishes(
    workspace: Workspace, options: Options, paths: list[Path], scripted_server: ScriptedServer
) -> None:
    scripted_server.add(Step("stall", times=0))
    started, waiting, _ = workspace.drafts.add(paths, options)
    workspace.queue.start([started])
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    workspace.drafts.change([started, waiting], pattern="{index}")
    assert workspace.batches.item(started).pattern == "default"
    assert workspace.batches.item(waiting).pattern == "{index}"


# Copies


def test_a_copy_has_the_sources_and_the_wishes_and_a_life_of_its_own(
    workspace: Workspace, options: Options, paths: list[Path]
) -> None:
    wishes = replace(
        options, pattern="{index}", overwrite=True, character_name="Tessa", formats=("v3", "json")
    )
    (item,) = workspace.drafts.add(paths, wishes, together=True)
    workspace.queue.start([item])
    assert workspace.queue.wait_idle(30)
    for path in paths:
        path.unlink()
    (copy,) = workspace.drafts.duplicate([item])
    estimated(workspace)
    old, new = workspace.batches.item(item), workspace.batches.item(copy)
    assert (old.status, new.status) == (ItemStatus.COMPLETED, ItemStatus.DRAFT)
    for name in ("source", "sources", "profile", "profile_version", "engine", "formats", "include_book"):
        assert getattr(new, name) == getattr(old, name)
    for name in ("output", "pattern", "overwrite", "character_name"):
        assert getattr(new, name) == getattr(old, name)
    assert (new.card_id, new.files, new.attempts, new.input_tokens) == (None, (), 0, None)
    assert new.job_id != old.job_id
    workspace.queue.start([copy])
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.item(copy).status is ItemStatus.COMPLETED, "without its files"


def test_copies_stand_at_the_end_in_the_order_of_their_originals(
    workspace: Workspace, options: Options, paths: list[Path]
) -> None:
    ids = workspace.drafts.add(paths, options)
    workspace.drafts.duplicate(list(reversed(ids)))
    assert names(workspace) == [path.name for path in paths] * 2
    assert [item.position for item in workspace.batches.items()] == [1, 2, 3, 4, 5, 6]


# Taken away


def test_removed_rows_are_gone_until_they_are_brought_back(
    workspace: Workspace, options: Options, paths: list[Path]
) -> None:
    ids = workspace.drafts.add(paths, options)
    workspace.drafts.remove(ids[1:])
    assert names(workspace) == [paths[0].name]
    workspace.drafts.restore(ids[2:])
    assert names(workspace) == [paths[0].name, paths[2].name]


def test_removed_drafts_are_not_started_and_go_for_good_at_the_next_start(
    workspace: Workspace, options: Options, paths: list[Path]
) -> None:
    ids = workspace.drafts.add(paths, options)
    workspace.drafts.remove(ids[:1])
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    workspace.drafts.remove(ids[1:2])
    workspace.drafts.purge()
    workspace.drafts.restore(ids)
    assert names(workspace) == [paths[1].name, paths[2].name], "an ended row is only hidden, never deleted"
    with workspace._store.read() as session:
        left = session.exec(select(func.count()).select_from(ItemSourceRow)).one()
    assert left == 2


def test_what_waits_or_runs_can_not_be_removed(
    workspace: Workspace, options: Options, paths: list[Path], scripted_server: ScriptedServer
) -> None:
    scripted_server.add(Step("stall", times=0))
    ids = workspace.drafts.add(paths, options)
    workspace.queue.start(ids, BatchOptions(max_concurrent=1))
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    workspace.drafts.remove(ids)
    assert len(workspace.batches.items()) == 3


# Sources that are there already


def test_files_of_drafts_and_of_what_waits_or_runs_are_known(
    workspace: Workspace,
    options: Options,
    paths: list[Path],
    scripted_server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft, running, ended = paths
    workspace.drafts.add([ended], options)
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    scripted_server.add(Step("stall", times=0))
    workspace.queue.submit([running], options)
    scripted_server.wait_until(lambda calls: len(calls) == 2)
    (removed,) = workspace.drafts.add([ended], options)
    workspace.drafts.remove([removed])
    monkeypatch.chdir(draft.parent)
    gone = draft.parent / "gone.md"
    gone.write_text("It is taken away after it was read.", encoding="utf-8")
    (both,) = workspace.drafts.add([gone, draft], options, together=True)
    wait_until(workspace, lambda: workspace.batches.item(both).estimate_input is not None)
    gone.unlink()
    asked = [Path(draft.name), running, ended, gone, draft.parent / "new.md"]
    assert workspace.drafts.known(asked) == (Path(draft.name), running, gone)
    assert workspace.drafts.known([]) == ()


# Several sources in one card


def test_one_card_of_several_sources_is_given_all_of_them_in_their_order(
    workspace: Workspace, options: Options, paths: list[Path], scripted_server: ScriptedServer
) -> None:
    given = [paths[2], paths[0], paths[1]]
    (item,) = workspace.drafts.add(given, options, together=True)
    estimated(workspace)
    view = workspace.batches.item(item)
    assert view.source == f"{paths[2].name} + 2"
    assert [source.path for source in view.sources] == given
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    body = str(scripted_server.calls[0].body)
    places = [body.index(f"tower {number} ") for number in (3, 1, 2)]
    assert places == sorted(places)


def test_a_text_that_is_in_several_items_is_stored_once(
    workspace: Workspace, options: Options, paths: list[Path]
) -> None:
    workspace.drafts.add(paths, options, together=True)
    workspace.drafts.add(paths[:2], options)
    estimated(workspace)
    with workspace._store.read() as session:
        assert session.exec(select(func.count()).select_from(SourceRow)).one() == 3
        assert session.exec(select(func.count()).select_from(ItemSourceRow)).one() == 5


def test_the_one_of_several_sources_that_can_not_be_read_names_itself(
    workspace: Workspace, options: Options, paths: list[Path]
) -> None:
    paths[1].write_bytes(b"")
    (item,) = workspace.drafts.add(paths, options, together=True)
    estimated(workspace)
    failed = workspace.batches.item(item)
    assert failed.status is ItemStatus.FAILED
    assert failed.error is not None
    assert failed.error.code == "SOURCE_EMPTY"
    assert failed.error.message.startswith(f"{paths[1].name}: ")
    paths[1].write_text("# Keeper 2\n\nTessa keeps the lamp of tower 2 as well. " * 6, encoding="utf-8")
    workspace.queue.retry([item])
    estimated(workspace)
    assert workspace.batches.item(item).status is ItemStatus.DRAFT


def test_pasted_text_that_is_empty_is_refused(workspace: Workspace, options: Options) -> None:
    with pytest.raises(CardForgeError) as caught:
        workspace.drafts.add_text("Pasted", " \n ", options)
    assert caught.value.code == "SOURCE_EMPTY"
    assert workspace.batches.items() == ()


def test_there_is_one_batch_of_drafts(workspace: Workspace, options: Options, paths: list[Path]) -> None:
    workspace.drafts.add(paths[:1], options)
    workspace.drafts.add_text("Pasted", "Tessa keeps the lamp. " * 10, options)
    workspace.drafts.add(paths[1:], options, together=True)
    with workspace._store.read() as session:
        assert session.exec(select(func.count()).select_from(BatchRow)).one() == 1
    assert len({item.batch_id for item in workspace.batches.items()}) == 1
