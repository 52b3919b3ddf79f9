"""A field anew over a real server: the answer, the ledger, cancelling."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from cardforge_desktop.batches.model import Options
from cardforge_desktop.batches.rewriter import FieldWish
from cardforge_desktop.cards.model import Card
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.network import Cancellation, CancelledByUser
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer, Step

CARD = Card(name="Tessa", description="Tessa keeps the lamp.")


def wish(card_id: str = "card_none", **changes) -> FieldWish:
    values = {"card_id": card_id, "card": CARD, "field": "description", "text": CARD.description}
    return FieldWish(**{**values, "hint": "shorter", "engine": ENGINE, "profile": "Default", **changes})


def calls(workspace: Workspace) -> list[CallRow]:
    with workspace.queue._tools.store.read() as session:
        return list(session.exec(select(CallRow)).all())


def test_the_answer_comes_back_and_the_call_is_in_the_ledger():
    text = "Tessa guards the lamp at night."
    steps = [Step("answer", text=json.dumps({"text": text}))]
    with ScriptedServer(steps) as server, open_workspace(server.url) as ws:
        seen: list[str] = []
        assert ws.rewriter.rewrite(wish("card_1"), Cancellation(), seen.append) == text
        assert seen[-1] == text
        (call,) = calls(ws)
    assert (call.item_id, call.step, call.status) == ("card_1", "rewrite:description", "completed")
    assert call.answer is None
    assert call.output_tokens


def test_the_source_of_a_made_card_is_shown_to_the_model(tmp_path):
    steps = [Step("answer"), Step("answer", text=json.dumps({"text": "Anew."}))]
    with ScriptedServer(steps) as server, open_workspace(server.url) as ws:
        options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)
        batch = ws.queue.submit(write_sources(tmp_path / "in", 1), options)
        assert ws.queue.wait_idle(timeout=30)
        card_id = ws.batches.batch(batch).items[0].card_id
        assert card_id is not None
        ws.rewriter.rewrite(wish(card_id), Cancellation())
        asked = server.calls[-1].body["messages"][-1]["content"]
    assert "sewn from a sail" in asked


def test_a_cancelled_wish_ends_at_once_and_is_noted():
    with ScriptedServer([Step("stall", after=0)]) as server, open_workspace(server.url) as ws:
        cancellation = Cancellation()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(ws.rewriter.rewrite, wish(), cancellation)
            server.wait_until(lambda seen: len(seen) == 1)
            cancellation.cancel()
            with pytest.raises(CancelledByUser):
                waiting.result(timeout=10)
        assert [call.status for call in calls(ws)] == ["cancelled"]
