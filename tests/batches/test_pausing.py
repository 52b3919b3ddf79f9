"""Pausing, resuming and stopping while items run; what the server was asked decides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select, update

from cardforge_desktop.batches.model import BatchOptions, BatchStatus, BatchSummary, ItemStatus, Options
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as server:
        yield server


@pytest.fixture
def workspace(server: ScriptedServer) -> Iterator[Workspace]:
    """One call at once."""
    with open_workspace(server.url, 1) as workspace:
        yield workspace


def statuses(workspace: Workspace) -> list[str]:
    return [item.status.value for item in workspace.batches.items()]


def summary(workspace: Workspace, batch_id: str) -> BatchSummary:
    return workspace.batches.batch(batch_id).summary


def first_to_call(server: ScriptedServer, workspace: Workspace) -> int:
    """Index of the item of the first call: of those in hand, it is chance who comes first."""
    sources = [item.source.removeprefix("source-0").removesuffix(".md") for item in workspace.batches.items()]
    body = str(server.calls[0].body)
    return next(at for at, number in enumerate(sources) if f"Marrow{int(number)}." in body)


def call_rows(workspace: Workspace) -> list[str]:
    with workspace._store.read() as session:
        return [row.status for row in session.exec(select(CallRow))]


def test_a_paused_batch_answers_the_call_under_way_and_begins_no_other(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.hold_answers()
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 4), options)
    server.wait_until(lambda calls: len(calls) == 1)
    workspace.queue.pause_batches([batch_id])
    assert summary(workspace, batch_id).status is BatchStatus.PAUSED
    server.release_answers()
    assert workspace.queue.wait_idle(30)
    assert [call.outcome for call in server.calls] == ["answer"]
    assert call_rows(workspace) == ["completed"], "calls that were noted but not sent are taken back"
    assert sorted(statuses(workspace)) == ["completed", "queued", "queued", "queued"]
    assert summary(workspace, batch_id).status is BatchStatus.PAUSED
    assert workspace.queue.resume_batches() == (batch_id,)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["completed"] * 4
    assert len(server.calls) == 4
    assert summary(workspace, batch_id).status is BatchStatus.COMPLETED


def test_an_answer_is_kept_over_a_pause_and_not_paid_for_again(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("truncated"))  # so that the card takes a second call
    server.hold_answers()
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    server.wait_until(lambda calls: len(calls) == 1)
    workspace.queue.pause_batches([batch_id])
    server.release_answers()
    assert workspace.queue.wait_idle(30)
    (item,) = workspace.batches.items()
    assert (item.status, item.error, len(server.calls)) == (ItemStatus.QUEUED, None, 1)
    assert item.input_tokens, "what the answer took is shown meanwhile"
    workspace.queue.resume_batches([batch_id])
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["completed"]
    bodies = [str(call.body) for call in server.calls]
    assert len(bodies) == len(set(bodies)) == 2


def test_a_pause_between_two_tries_of_a_call_leaves_the_first_as_it_ended(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("cut"))
    server.hold_answers()
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    server.wait_until(lambda calls: len(calls) == 1)
    workspace.queue.pause_batches([batch_id])
    server.release_answers()
    assert workspace.queue.wait_idle(30)
    assert len(server.calls) == 1
    assert call_rows(workspace) == ["failed"]
    workspace.queue.resume_batches([batch_id])
    assert workspace.queue.wait_idle(30)
    assert call_rows(workspace) == ["failed", "completed"]


def test_who_cancels_while_waiting_to_call_has_called_nobody(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("stall", times=0))
    workspace.queue.submit(write_sources(tmp_path / "in", 3), options)
    server.wait_until(lambda calls: len(calls) == 1)
    workspace.queue.cancel([item.id for item in workspace.batches.items()])
    assert workspace.queue.wait_idle(30)
    assert call_rows(workspace) == ["cancelled"]


def test_a_held_item_goes_back_and_the_others_go_on(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("truncated"))
    server.hold_answers()
    workspace.queue.submit(write_sources(tmp_path / "in", 3), options)
    server.wait_until(lambda calls: len(calls) == 1)
    caller = first_to_call(server, workspace)
    held = [item.id for at, item in enumerate(workspace.batches.items()) if at in (caller, (caller + 1) % 3)]
    workspace.queue.pause(held)
    server.release_answers()
    assert workspace.queue.wait_idle(30)
    assert sorted(statuses(workspace)) == ["completed", "queued", "queued"]
    assert {item.id for item in workspace.batches.items() if item.held} == set(held)
    assert {item.status for item in workspace.batches.items(held)} == {ItemStatus.QUEUED}
    workspace.queue.resume(held)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["completed"] * 3
    assert len(server.calls) == 4


def test_another_process_pauses_what_runs_here(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.hold_answers()
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 4), options)
    server.wait_until(lambda calls: len(calls) == 1)
    with open_workspace() as other:
        other.queue.pause_batches([batch_id])
        server.release_answers()
        assert workspace.queue.wait_idle(30)
        assert len(server.calls) == 1
        owner = summary(workspace, batch_id).owner
        assert owner, "the process that runs it lives"
        other.queue.resume_batches([batch_id])
        assert summary(workspace, batch_id).owner == owner
        assert other.queue.wait_idle(30)
        assert len(server.calls) == 1, "it is for the owner to go on"


def test_a_paused_batch_of_a_dead_process_is_taken_over_with_what_it_had_in_hand(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 2), options)
    workspace.queue.pause_batches([batch_id])
    assert workspace.queue.wait_idle(30)
    with workspace._store.write() as session:
        session.execute(update(BatchRow).values(owner="worker_dead"))
        session.execute(
            update(ItemRow)
            .where(ItemRow.status == ItemStatus.QUEUED)
            .values(status=ItemStatus.PROCESSING, worker_id="worker_dead")
        )
    workspace.queue.resume_batches()
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["completed"] * 2


def test_a_paused_batch_ends_with_its_last_item(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.hold_answers()
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 2), options)
    server.wait_until(lambda calls: len(calls) == 1)
    workspace.queue.pause_batches([batch_id])
    workspace.queue.cancel([workspace.batches.items()[1 - first_to_call(server, workspace)].id])
    server.release_answers()
    assert workspace.queue.wait_idle(30)
    assert sorted(statuses(workspace)) == ["cancelled", "completed"]
    assert summary(workspace, batch_id).status is BatchStatus.COMPLETED


def test_a_batch_that_stops_at_an_error_cancels_the_rest_and_says_why(
    options: Options, tmp_path: Path
) -> None:
    sources = write_sources(tmp_path / "in", 9)
    with ScriptedServer() as server, open_workspace(server.url, 2) as workspace:
        server.add(
            Step("status", status=400, match="Marrow2."),
            Step("slow", seconds=2.0, times=0),
        )
        batch_id = workspace.queue.submit(sources, options, batch=BatchOptions(continue_on_error=False))
        assert workspace.queue.wait_idle(30)
        assert statuses(workspace)[1] == "failed"
        # Which of them call first is chance; until the failure is noted, two more may.
        assert statuses(workspace)[4:] == ["cancelled"] * 5
        assert "disconnected" in [call.outcome for call in server.calls]
        assert not any("Marrow9" in str(call.body) for call in server.calls)
        stopped = workspace.batches.items()[8].error
        assert stopped is not None
        assert stopped.code == ErrorCode.BATCH_STOPPED
        assert sources[1].name in stopped.message
        batch = summary(workspace, batch_id)
        assert batch.status is BatchStatus.FAILED
        assert batch.reason is not None
        assert batch.reason.code == ErrorCode.ENGINE_BAD_REQUEST
        assert batch.reason.message.startswith(f"{sources[1].name}: ")
        assert batch.counts.total == 9


def test_an_error_that_all_calls_would_meet_pauses_the_batch_until_it_is_resumed(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("status", status=401))
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 5), options)
    assert workspace.queue.wait_idle(30)
    # Until that is noted, two more that were ready to call may have called.
    assert statuses(workspace).count("failed") == 0
    assert statuses(workspace).count("queued") >= 3
    batch = summary(workspace, batch_id)
    assert batch.status is BatchStatus.PAUSED
    assert batch.reason is not None
    assert batch.reason.code == ErrorCode.ENGINE_AUTH
    workspace.queue.resume_batches([batch_id])
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["completed"] * 5
    assert summary(workspace, batch_id).reason is None


def test_all_that_were_in_hand_at_such_an_error_wait_for_the_person(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("status", status=401, times=3))
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 3), options)
    assert workspace.queue.wait_idle(30)
    assert statuses(workspace) == ["queued"] * 3
    assert summary(workspace, batch_id).status is BatchStatus.PAUSED
    assert summary(workspace, batch_id).owner


def test_such_an_error_of_the_last_item_ends_the_batch(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("status", status=401))
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    assert summary(workspace, batch_id).status is BatchStatus.FAILED


def test_a_batch_is_duplicated_as_drafts_in_its_order(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 3), options)
    assert workspace.queue.wait_idle(30)
    ids = workspace.queue.duplicate_batch(batch_id)
    drafts = workspace.batches.items(ids)
    assert [item.source for item in drafts] == [item.source for item in workspace.batches.items()[:3]]
    assert {item.status for item in drafts} == {ItemStatus.DRAFT}
    with pytest.raises(CardForgeError):
        workspace.queue.duplicate_batch("batch_none")


def test_how_far_an_item_is_is_written_down_with_each_call(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    server.add(Step("truncated"), Step("stall"))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    server.wait_until(lambda calls: len(calls) == 2)
    with open_workspace() as other:
        (item,) = other.batches.items()
    assert 0.3 < item.progress < 1


def test_a_card_is_about_whom_the_person_says_and_has_that_name(
    server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    wanted = Options(
        output=options.output, engine=ENGINE, formats=("json",), character_name="Old Grev the Chandler"
    )
    workspace.queue.submit(write_sources(tmp_path / "in", 1), wanted)
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.items()[0].card_name == "Old Grev the Chandler"
    assert "The card is about Old Grev the Chandler" in str(server.calls[0].body)
