"""Things that meet at odd moments: held items at a start, a source read after Start, a late estimate."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import col, select, update

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.estimating import CardPlan
from cardforge_desktop.batches.model import BatchOptions, BatchStatus, ItemStatus, Options
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.store.database import StoreError
from cardforge_desktop.workspace import Workspace
from tests.batches.test_queue import wait_until
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import Pace, ScriptedServer, Step


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url, 1) as workspace:
        yield workspace


def statuses(workspace: Workspace) -> list[ItemStatus]:
    return [item.status for item in workspace.batches.items()]


def leave_held(server: ScriptedServer, options: Options, folder: Path) -> list[str]:
    """A batch whose items are all held, left by a process that closed; returns their ids."""
    server.add(Step("stall", times=1))
    with open_workspace(server.url, 1) as workspace:
        workspace.queue.submit(write_sources(folder, 2), options)
        ids = [item.id for item in workspace.batches.items()]
        server.wait_until(lambda calls: len(calls) == 1)
        workspace.queue.pause(ids)
    return ids


def test_held_items_go_on_in_a_window_that_found_nothing_else_to_do(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    ids = leave_held(scripted_server, options, tmp_path / "in")
    with open_workspace() as workspace:
        assert workspace.take_up() == 0
        workspace.queue.resume(ids)
        assert workspace.queue.wait_idle(30)
        assert statuses(workspace) == [ItemStatus.COMPLETED] * 2


def test_held_items_of_such_a_window_go_on_when_another_process_lets_them(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    ids = leave_held(scripted_server, options, tmp_path / "in")
    with open_workspace() as workspace, open_workspace() as other:
        assert workspace.take_up() == 0
        other.queue.resume(ids)
        wait_until(workspace, lambda: statuses(workspace) == [ItemStatus.COMPLETED] * 2)


# Reading in the background


class Taken:
    """Hears when a source was taken in, for better or worse."""

    def __init__(self, workspace: Workspace, item_id: str) -> None:
        self._workspace = workspace
        self._item_id = item_id

    def again(self) -> None:
        """Take the item in and wait until that is over."""
        over = threading.Event()

        def heard(changed: Changed) -> None:
            if changed == Changed(Kind.ITEM, frozenset({self._item_id})):
                over.set()

        self._workspace.hub.changed.connect(heard)
        self._workspace._intake.take([self._item_id])
        assert over.wait(30)
        self._workspace.hub.changed.disconnect(heard)


def test_a_source_that_turns_out_unreadable_after_start_fails_by_the_worker_that_stops_its_batch(
    options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 6)
    with ScriptedServer(pace=Pace(first=0.2)) as server, open_workspace(server.url, 1) as workspace:
        stops = BatchOptions(continue_on_error=False)
        server.hold_answers()
        batch_id = workspace.queue.submit(sources, options, batch=stops)
        server.wait_until(bool)
        early = next(each for each in workspace.batches.items() if each.status is ItemStatus.PROCESSING)
        with workspace._store.write() as session:
            session.exec(update(ItemRow).where(col(ItemRow.id) == early.id).values(estimate_input=None))
        workspace._intake.take([early.id])  # the worker was quicker than the estimate
        wait_until(workspace, lambda: bool(workspace.batches.item(early.id).estimate_input))
        server.release_answers()
        workspace.queue.pause_batches([batch_id])
        assert workspace.queue.wait_idle(30)
        (unreadable, last) = workspace.batches.items()[4:]
        sources[4].unlink()
        Taken(workspace, unreadable.id).again()
        assert workspace.batches.item(unreadable.id).status is ItemStatus.QUEUED
        workspace.queue.resume_batches([batch_id])
        assert workspace.queue.wait_idle(30)
        assert workspace.batches.item(unreadable.id).status is ItemStatus.FAILED
        stopped = workspace.batches.item(last.id)
        assert stopped.status is ItemStatus.CANCELLED
        assert stopped.error is not None
        assert stopped.error.code == ErrorCode.BATCH_STOPPED
        batch = workspace.batches.summary_of(batch_id)
        assert batch.status is BatchStatus.FAILED
        assert batch.reason is not None


def test_a_store_that_is_busy_fails_no_draft(
    workspace: Workspace, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: str) -> SourceText:
        raise StoreError(ErrorCode.STORE_BUSY, "Busy.")

    monkeypatch.setattr(workspace._intake._tools.sources, "of_item", busy)
    (item_id,) = workspace.drafts.add(write_sources(tmp_path / "in", 1), options)
    Taken(workspace, item_id).again()
    assert statuses(workspace) == [ItemStatus.DRAFT]
    monkeypatch.undo()
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == [ItemStatus.COMPLETED]


def test_an_estimate_that_comes_after_the_card_leaves_its_warnings(
    workspace: Workspace, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished = threading.Event()
    estimating = workspace._intake._estimating
    real = estimating.plan

    def late(*arguments: object) -> CardPlan:
        assert finished.wait(30)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(estimating, "plan", late)
    wanted = replace(options, formats=("json", "lorebook"))
    (item_id,) = workspace.drafts.add(write_sources(tmp_path / "in", 1), wanted)
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    told = workspace.batches.item(item_id).warnings
    assert any("no character book" in warning for warning in told)
    finished.set()
    wait_until(workspace, lambda: bool(workspace.batches.item(item_id).estimate_input))
    assert workspace.batches.item(item_id).warnings == told


# Copies


def test_a_copy_has_no_calls_yet_whatever_its_original_took(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    with workspace._store.write() as session:  # as calls without a price leave it
        session.execute(update(ItemRow).values(unknown_calls=1))
    (copy,) = workspace.queue.duplicate_batch(batch_id)
    again = workspace.queue.start()
    workspace.queue.cancel([copy])
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.summary_of(again).unknown_costs == 0
    assert workspace.batches.item(copy).unknown_calls == 0


def test_a_copy_of_a_finished_update_makes_a_whole_new_card(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    target = tmp_path / "old.json"
    target.write_bytes(FORMATS["v3"].write(CardPackage(Card.model_validate({"name": "Bo"}))))
    wanted = replace(options, update=target, fields=("personality",))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), wanted)
    assert workspace.queue.wait_idle(30)
    (copy,) = workspace.drafts.duplicate([workspace.batches.items()[0].id])
    assert (workspace.batches.item(copy).target, workspace.batches.item(copy).fields) == ("", ())
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    item = workspace.batches.item(copy)
    assert item.card_id is not None
    card = workspace.library.card(item.card_id).card
    assert card.description
    assert card.first_mes


# Wishes that are none, or too much


def test_rows_of_two_batches_are_moved_in_the_batch_of_the_first(
    workspace: Workspace, scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=0))
    batches = [
        workspace.queue.submit(write_sources(tmp_path / name, 3), options, batch=BatchOptions(name))
        for name in ("a", "b")
    ]
    for first, second in (batches, batches[::-1]):
        own = [item.id for item in workspace.batches.items(batch_id=first)]
        other = [item.id for item in workspace.batches.items(batch_id=second)]
        workspace.queue.reorder([own[2], other[2]], before=own[0])
        assert [item.id for item in workspace.batches.items(batch_id=first)] == [own[2], *own[:2]]
        assert [item.id for item in workspace.batches.items(batch_id=second)] == other
    workspace.queue.cancel_batches(batches)


def test_nothing_to_move_or_to_change_is_no_mistake(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    workspace.queue.reorder([])
    workspace.queue.reorder(["item_gone"])
    workspace.queue.change_batch(batch_id)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == [ItemStatus.COMPLETED]


def test_a_cancel_that_comes_after_a_retry_leaves_the_new_try_alone(options: Options, tmp_path: Path) -> None:
    with ScriptedServer(pace=Pace(first=0.5)) as server, open_workspace(server.url, 1) as workspace:
        workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
        server.wait_until(lambda calls: len(calls) == 1)
        (item,) = workspace.batches.items()
        workspace._scheduler.cancel([item.id])  # of one that the store has as running
        assert workspace.queue.wait_idle(30)
        assert statuses(workspace) == [ItemStatus.COMPLETED]
        assert [call.outcome for call in server.calls] == ["answer"]


def test_an_engine_that_nobody_waits_for_is_held_back_no_longer_than_its_pause(
    workspace: Workspace, scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=429, headers={"retry-after": "3600"}, times=0))
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 2), options)
    wait_until(workspace, lambda: bool(workspace.queue.holds()))
    workspace.queue.cancel_batches([batch_id])
    assert workspace.queue.wait_idle(30)
    assert workspace.queue.holds(), "whoever comes next is not to call before the hour is over"
    workspace.queue.try_now()  # as the end of the pause
    wait_until(workspace, lambda: not workspace.queue.holds())


# What a cancelled item took


def test_what_a_cancelled_item_took_is_the_ledgers_to_tell_until_its_worker_notes_it(
    workspace: Workspace, scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=0))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    with workspace._store.write() as session:  # as a pause after an earlier call left it
        session.execute(update(ItemRow).values(input_tokens=7, output_tokens=7, cost=Decimal(7)))
        (item_id,) = session.exec(select(ItemRow.id)).all()
        transitions.cancel(session, [item_id])
    assert workspace.batches.item(item_id).cost == 0, "no call has ended yet"
    workspace._scheduler.look_again()
    assert workspace.queue.wait_idle(30)


def test_a_worker_notes_nothing_of_a_later_try(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    with workspace._store.write() as session:
        item = session.exec(select(ItemRow)).one()
        session.execute(update(ItemRow).values(status=ItemStatus.CANCELLED, output_tokens=5))
        session.expunge(item)
        transitions.note_cancelled(session, item, output_tokens=6)
        assert session.exec(select(ItemRow.output_tokens)).one() == 6
        session.execute(update(ItemRow).values(attempts=ItemRow.attempts + 1))
        transitions.note_cancelled(session, item, output_tokens=4)
        assert session.exec(select(ItemRow.output_tokens)).one() == 6
