"""The queue over a real store, a real HTTP server and real files, also when something goes wrong."""

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from sqlmodel import select

from cardforge_desktop.batches import claiming, scheduler, transitions
from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.batches.tables import BatchRow
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.events import Changed
from cardforge_desktop.paths import find_paths
from cardforge_desktop.store.database import StoreError
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import Pace, ScriptedServer, Step


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        yield workspace


def wait_until(workspace: Workspace, condition: Callable[[], bool]) -> None:
    """Wait for something that changes the store."""
    happened = threading.Event()

    def look(_: Changed | None) -> None:
        if condition():
            happened.set()

    workspace.hub.changed.connect(look)
    look(None)
    assert happened.wait(20)
    workspace.hub.changed.disconnect(look)


def raises_once(
    monkeypatch: pytest.MonkeyPatch, name: str, error: Exception, module: ModuleType = transitions
) -> None:
    """The first call of a transition fails."""
    real, raised = getattr(module, name), []

    def failing(*arguments, **values):
        if not raised:
            raised.append(error)
            raise error
        return real(*arguments, **values)

    monkeypatch.setattr(module, name, failing)


def calls(workspace: Workspace) -> list[str]:
    with workspace._store.read() as session:
        return [row.status for row in session.exec(select(CallRow))]


def test_a_dropped_folder_becomes_drafts_with_estimates_and_then_cards(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    write_sources(tmp_path / "in", 3)
    ids = workspace.drafts.add([tmp_path / "in"], options)
    wait_until(workspace, lambda: all(item.estimate_input for item in workspace.batches.items(ids)))
    assert {item.status for item in workspace.batches.items()} == {ItemStatus.DRAFT}
    workspace.queue.start(ids[:2])
    assert workspace.queue.wait_idle(30)
    assert [item.status.value for item in workspace.batches.items(ids)] == ["draft", "completed", "completed"]
    summary = workspace.batches.summary()
    assert (summary.counts.total, summary.counts.completed, summary.counts.draft) == (3, 2, 1)


def test_an_engines_own_limit_holds_and_the_rest_show_as_queued(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    from cardforge_desktop.engines.base import Connection

    scripted_server.add(Step("stall", times=0))
    workspace.engines.add(
        Connection("Narrow", "openai", scripted_server.url, "scripted-1", max_concurrent=1), None
    )
    write_sources(tmp_path / "in", 3)
    narrow = Options(output=options.output, engine="Narrow", formats=("json",))
    workspace.queue.submit([tmp_path / "in"], narrow)
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    statuses = sorted(item.status.value for item in workspace.batches.items())
    assert statuses == ["processing", "queued", "queued"]


def test_cancelling_one_closes_its_call_and_leaves_the_others(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", match="Marrow2", times=0))
    write_sources(tmp_path / "in", 3)
    workspace.queue.submit([tmp_path / "in"], options)
    scripted_server.wait_until(lambda calls: any("Marrow2" in str(call.body) for call in calls))
    stalled = workspace.batches.items()[1]
    workspace.queue.cancel([stalled.id])
    scripted_server.wait_until(lambda calls: any(call.outcome == "disconnected" for call in calls))
    assert workspace.queue.wait_idle(30)
    statuses = [item.status.value for item in workspace.batches.items()]
    assert statuses == ["completed", "cancelled", "completed"]


def test_a_cancel_between_claim_and_start_is_not_lost(
    workspace: Workspace, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cancelled_just_now() -> Cancellation:
        monkeypatch.setattr(scheduler, "Cancellation", Cancellation)
        workspace.queue.cancel([item.id for item in workspace.batches.items()])
        return Cancellation()

    monkeypatch.setattr(scheduler, "Cancellation", cancelled_just_now)
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.items()[0].status is ItemStatus.CANCELLED
    assert calls(workspace) == [], "nothing is sent for an item that was cancelled"


def test_another_process_cancels_an_item_that_runs_here(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("slow", seconds=1.0))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    with open_workspace() as other:
        other.queue.cancel([item.id for item in other.batches.items()])
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.items()[0].status is ItemStatus.CANCELLED
    assert workspace.library.cards() == ()


def test_cancelled_by_the_user_stays_cancelled_when_the_app_closes_at_once() -> None:
    cancellation = Cancellation()
    cancellation.cancel()
    cancellation.interrupt()
    assert not cancellation.interrupted


@pytest.mark.parametrize("error", [StoreError("STORE_BUSY", "busy"), RuntimeError("no thread")])
def test_a_failed_claim_is_tried_again(
    workspace: Workspace, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(scheduler, "_PAUSE_AFTER_ERROR", 0.01)
    raises_once(monkeypatch, "claim_next", error, claiming)
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.items()[0].status is ItemStatus.COMPLETED


def test_a_busy_store_at_the_end_of_an_item_is_asked_again(
    scripted_server: ScriptedServer,
    workspace: Workspace,
    options: Options,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scripted_server.add(Step("status", status=400, times=0))
    raises_once(monkeypatch, "fail_own", StoreError("STORE_BUSY", "busy"))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.items()[0].status is ItemStatus.FAILED


def test_a_card_whose_files_could_not_be_written_is_not_paid_for_again(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    options.output.write_text("a file where the folder should be")
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    (failed,) = workspace.batches.items()
    assert failed.error is not None
    assert failed.error.code == "FILES_FOLDER_IS_A_FILE"
    paid = len(scripted_server.calls)
    options.output.unlink()
    workspace.queue.retry([failed.id])
    assert workspace.queue.wait_idle(30)
    (done,) = workspace.batches.items()
    assert done.status is ItemStatus.COMPLETED
    assert (done.input_tokens, done.cost) == (failed.input_tokens, failed.cost)
    assert len(scripted_server.calls) == paid


def test_a_retry_asks_anew_and_counts_both_tries(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("refusal"))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    (failed,) = workspace.batches.items()
    assert failed.status is ItemStatus.FAILED
    workspace.queue.retry([failed.id])
    assert workspace.queue.wait_idle(30)
    (done,) = workspace.batches.items()
    assert done.status is ItemStatus.COMPLETED
    assert done.input_tokens == sum(
        spent.input_tokens for spent in workspace.costs.of_items([done.id]).values()
    )
    assert len(scripted_server.calls) == 2


def test_a_retry_after_a_cancel_uses_the_answers_that_were_paid_for(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("truncated"), Step("stall"))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    scripted_server.wait_until(lambda calls: len(calls) == 2)
    (item,) = workspace.batches.items()
    workspace.queue.cancel([item.id])
    assert workspace.queue.wait_idle(30)
    workspace.queue.retry([item.id])
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.item(item.id).status is ItemStatus.COMPLETED
    first, second, third = (call.body for call in scripted_server.calls)
    assert first != second
    assert third == second, "the first answer was there, only the call that was cut is made again"


def test_an_unreadable_draft_that_is_mended_is_a_draft_again(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    (good,) = write_sources(tmp_path / "in", 1)
    bad = tmp_path / "in" / "a-bad.md"
    bad.write_bytes(b"")
    ids = workspace.drafts.add([bad, good], options)
    wait_until(workspace, lambda: workspace.batches.item(ids[0]).status is ItemStatus.FAILED)
    bad.write_bytes(good.read_bytes())
    workspace.queue.retry([ids[0]])
    wait_until(workspace, lambda: all(item.estimate_input for item in workspace.batches.items(ids)))
    assert {item.status for item in workspace.batches.items()} == {ItemStatus.DRAFT}
    workspace.queue.start()
    assert workspace.queue.wait_idle(30)
    assert {item.status for item in workspace.batches.items()} == {ItemStatus.COMPLETED}


def test_a_retry_leaves_a_batch_to_the_process_that_runs_it(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=400, match="Marrow1"), Step("stall", times=0, match="Marrow2"))
    batch_id = workspace.queue.submit(write_sources(tmp_path / "in", 2), options)
    wait_until(workspace, lambda: any(item.status is ItemStatus.FAILED for item in workspace.batches.items()))
    with workspace._store.read() as session:
        owner = session.get_one(BatchRow, batch_id).owner
    with open_workspace() as other:
        failed = [item.id for item in other.batches.items() if item.status is ItemStatus.FAILED]
        other.queue.retry(failed)
        with workspace._store.read() as session:
            assert session.get_one(BatchRow, batch_id).owner == owner


def test_a_generation_goes_on_with_its_engine_when_the_connection_is_removed(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("slow", seconds=0.5))
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    workspace.engines.remove(ENGINE)
    assert workspace.queue.wait_idle(30)
    assert workspace.batches.items()[0].status is ItemStatus.COMPLETED


def test_an_engine_that_another_process_removed_is_not_used(workspace: Workspace) -> None:
    workspace.engines.get(ENGINE)
    with open_workspace() as other:
        other.engines.remove(ENGINE)
    with pytest.raises(CardForgeError, match=ENGINE):
        workspace.engines.get(ENGINE)


def test_closing_interrupts_and_the_next_start_goes_on(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=2))
    with open_workspace(scripted_server.url) as workspace:
        workspace.queue.submit(write_sources(tmp_path / "in", 2), options)
        scripted_server.wait_until(lambda calls: len(calls) == 2)
    with open_workspace() as workspace:
        assert {item.status for item in workspace.batches.items()} == {ItemStatus.QUEUED}
        assert workspace.queue.adopt() == 2
        assert workspace.queue.wait_idle(30)
        assert {item.status for item in workspace.batches.items()} == {ItemStatus.COMPLETED}


def test_closing_waits_for_generations_of_an_earlier_concurrency(
    scripted_server: ScriptedServer, options: Options, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=0))
    with open_workspace(scripted_server.url) as workspace:
        workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
        scripted_server.wait_until(lambda calls: len(calls) == 1)
        workspace.settings.update(concurrency=7)
    with open_workspace() as workspace:
        assert workspace.batches.items()[0].status is ItemStatus.QUEUED


def test_the_concurrency_is_never_passed(options: Options, tmp_path: Path) -> None:
    with ScriptedServer(pace=Pace(first=0.05)) as server, open_workspace(server.url, 3) as workspace:
        workspace.queue.submit(write_sources(tmp_path / "in", 12), options)
        assert workspace.queue.wait_idle(30)
        moments = [(call.started, 1) for call in server.calls] + [(call.ended, -1) for call in server.calls]
    at_once, most = 0, 0
    for _, step in sorted(moments):
        at_once += step
        most = max(most, at_once)
    assert len(moments) == 24
    assert most <= 3


@pytest.mark.parametrize("where", ["source", "folder"])
def test_names_that_are_no_text_are_worked_with(
    workspace: Workspace, options: Options, tmp_path: Path, where: str
) -> None:
    (good,) = write_sources(tmp_path / "in", 1)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/M\xfcller"))
    source = odd.with_suffix(".md") if where == "source" else odd / "mueller.md"
    source.parent.mkdir(exist_ok=True)
    source.write_bytes(good.read_bytes())
    chosen = Options(output=odd if where == "folder" else options.output, engine=ENGINE, formats=("json",))
    workspace.queue.submit([source], chosen)
    assert workspace.queue.wait_idle(30)
    (item,) = workspace.batches.items()
    assert item.status is ItemStatus.COMPLETED, item.error
    assert all(path.is_file() for _, path in item.files)
    item.source.encode()


def test_two_cards_of_one_name_have_books_of_different_names(workspace: Workspace, tmp_path: Path) -> None:
    with_book = Options(output=tmp_path / "out", engine=ENGINE, formats=("v2",), include_book=True)
    workspace.queue.submit(write_sources(tmp_path / "in", 2), with_book)
    assert workspace.queue.wait_idle(30)
    cards = [workspace.library.card(summary.id).card for summary in workspace.library.cards()]
    assert len({card.name for card in cards}) == 1
    books = {card.character_book.name for card in cards if card.character_book is not None}
    assert len(books) == 2


def test_a_home_that_can_not_be_made_is_said_in_a_sentence(home: Path) -> None:
    home.write_text("a file")
    with pytest.raises(CardForgeError, match="CARDFORGE_HOME"):
        Workspace.open(find_paths())


@pytest.mark.parametrize("name", ["Tes\\ud83dsa", "Tes\\u0000sa"])
def test_an_answer_with_characters_that_no_file_holds_makes_a_card(
    scripted_server: ScriptedServer, workspace: Workspace, options: Options, tmp_path: Path, name: str
) -> None:
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    good = workspace.library.card(workspace.batches.items()[0].card_id or "").card
    fields = ("description", "personality", "scenario", "first_mes", "mes_example")
    answer = json.dumps({field: getattr(good, field) for field in fields})
    scripted_server.add(Step(text=f'{{"name": "{name}", ' + answer[1:], times=0))
    (source,) = write_sources(tmp_path / "in", 1)
    workspace.queue.submit([source], options)
    assert workspace.queue.wait_idle(30)
    item = workspace.batches.items()[-1]
    assert item.status is ItemStatus.COMPLETED, item.error
    workspace.library.card(item.card_id or "").card.name.encode()
    assert "\0" not in item.card_name
    assert set(calls(workspace)) == {"completed"}
