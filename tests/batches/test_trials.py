"""A profile tried on one source, over a real server: what is shown is sent, and only its cost stays."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from cardforge_desktop.batches.model import Options
from cardforge_desktop.batches.prompt_pieces import marked_messages, shown_messages
from cardforge_desktop.batches.trials import Trial
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.engines.base import Connection, EngineError, Traits
from cardforge_desktop.engines.network import Cancellation, CancelledByUser
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.events import Progress
from cardforge_desktop.generation.model import Order
from cardforge_desktop.generation.prompts import messages as prompt_messages
from cardforge_desktop.paths import find_paths
from cardforge_desktop.profiles.model import FIELD_NAMES, ProfileContent, ProfilePrompts
from cardforge_desktop.profiles.paths import with_value, with_values
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.cradle import Cradle
from tests.support.scripted_server import ScriptedServer, Step


def default(workspace: Workspace) -> ProfileContent:
    return workspace.profiles.by_name("Default").content


def trial(workspace: Workspace, content: ProfileContent | None = None, **changes) -> Trial:
    profile = workspace.profiles.by_name("Default")
    values = {"content": content or profile.content, "engine": ENGINE, "profile_id": profile.id}
    values |= {"source": workspace.trials.load("example:mirela.md"), "version": profile.version}
    return Trial(**values | changes)


def calls(workspace: Workspace) -> list[CallRow]:
    with workspace.queue._tools.store.read() as session:
        return list(session.exec(select(CallRow)).all())


def messages_shown(workspace: Workspace, wanted: Trial) -> list[dict[str, str]]:
    (call,) = workspace.trials.preview(wanted).calls
    return [{"role": message.role, "content": message.text} for message in call.messages]


def test_the_prompt_that_is_shown_is_the_one_that_is_sent():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        content = with_values(
            default(ws),
            {
                "prompts.system": "You write {{char}} as one line of {name}. {unheard}",
                "prompts.task": "Read:\n{source}\n\nAnswer with:\n{fields}\nSource again? {{source}}",
                "config.language": "Romanian",
            },
        )
        wanted = trial(ws, content)
        shown = messages_shown(ws, wanted)
        ws.trials.run(wanted, Cancellation())
        assert server.calls[0].body["messages"] == shown
        assert "Romanian" in str(shown)


def test_what_was_filled_in_is_told_from_the_words_of_the_template_and_of_the_app():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        content = with_values(
            default(ws),
            {
                "prompts.system": "  You know {{char}}, {name}, {unheard}.",
                "prompts.task": "{source}Before {source} behind.\n",
                "prompts.examples": "Like this: {language}.",
            },
        )
        wanted = trial(ws, content)
        (call,) = ws.trials.preview(wanted).calls
        system, task = call.messages
        assert [(piece.text, piece.origin, piece.placeholder) for piece in system.pieces[:3]] == [
            ("You know {{char}}, ", "template", ""),
            ("mirela.md", "filled", "name"),
            (", {unheard}.", "template", ""),
        ]
        assert ("Like this: ", "template") in [(piece.text, piece.origin) for piece in system.pieces]
        source = ws.trials.load("example:mirela.md").text
        assert [(piece.text, piece.origin) for piece in task.pieces[:4]] == [
            (source, "filled"),
            ("Before ", "template"),
            (source, "filled"),
            (" behind.", "template"),
        ]
        assert task.pieces[4].origin == "added"


@given(
    system=st.text(max_size=60),
    task=st.text(alphabet=st.sampled_from("{}source name\n\uf510\uf512a"), max_size=60),
    source=st.text(alphabet=st.sampled_from("\uf515\uf511{}a \n"), min_size=1, max_size=30),
)
def test_pieces_are_the_text_whatever_stands_in_it(system, task, source):
    content = ProfileContent(name="x", prompts=ProfilePrompts(system=system, task=task))
    text = SourceText("x.md", "text", source)
    order = Order(text, Trial(content, text).profile, Traits(), len)
    messages = prompt_messages(order, source)
    shown = shown_messages(messages, marked_messages(order), len)
    assert [each.text for each in shown] == [each.content for each in messages]


def test_tokens_and_costs_are_those_of_the_engine():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        paid = Connection("Paid", "openai", "https://api.openai.com/v1", "gpt-4o-mini")
        ws.engines.add(paid, None)
        here, there = ws.trials.preview(trial(ws)), ws.trials.preview(trial(ws, engine="Paid"))
        assert (here.engine, here.model, here.exact) == (ENGINE, "scripted-1", False)
        assert (there.engine, there.model, there.exact) == ("Paid", "gpt-4o-mini", True)
        assert here.estimate is not None
        assert there.estimate is not None
        assert here.estimate.local
        assert not there.estimate.local
        assert there.estimate.cost_high
        assert there.estimate.input_tokens >= there.calls[0].tokens > 200
        assert not server.calls


def test_without_a_chosen_engine_the_profiles_is_used_and_else_the_one_of_the_app():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        own = with_value(default(ws), "config.engine", ENGINE.upper())
        gone = with_value(default(ws), "config.engine", "Gone")
        assert ws.trials.preview(trial(ws, own, engine="")).engine == ENGINE
        assert ws.trials.preview(trial(ws, gone, engine="")).engine == ws.settings.get().engine


def test_a_run_makes_a_card_and_stores_only_what_it_took():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        heard: list[Progress] = []
        ws.hub.progress.connect(heard.append)
        wanted = trial(ws)
        tried = ws.trials.run(wanted, Cancellation())
        assert tried.draft.card.name
        assert tried.draft.card.description
        rows = calls(ws)
        assert len(rows) == tried.spent.calls == len(server.calls)
        assert {(row.item_id, row.batch_id, row.status) for row in rows} == {
            (wanted.profile_id, "", "completed")
        }
        assert all(row.answer is None for row in rows)
        assert tried.spent.output_tokens == sum(row.output_tokens or 0 for row in rows)
        assert ws.library.cards() == ()
        assert {each.item_id for each in heard} == {wanted.id}
        grown = {each.field: each.text for each in heard if each.field}
        assert grown["description"] == tried.draft.card.description


def test_a_cancelled_run_ends_at_once_and_is_noted():
    with ScriptedServer([Step("stall", after=0)]) as server, open_workspace(server.url) as ws:
        cancellation = Cancellation()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(ws.trials.run, trial(ws), cancellation)
            server.wait_until(lambda seen: len(seen) == 1)
            cancellation.cancel()
            with pytest.raises(CancelledByUser):
                waiting.result(timeout=10)
        assert [row.status for row in calls(ws)] == ["cancelled"]


def live(plan: dict[str, Any]) -> None:
    """A process that tries a profile until it is killed."""
    os.environ["CARDFORGE_HOME"] = plan["home"]
    ws = Workspace.open(find_paths())
    ws.trials.run(trial(ws), Cancellation())


def test_what_a_killed_run_asked_for_is_noted_as_lost_and_answers_nobody(home: Path):
    with ScriptedServer([Step("stall", after=2)]) as server, open_workspace(server.url) as ws:
        with Cradle("tests.batches.test_trials:live") as cradle:
            life = cradle.live({"home": str(home)})
            server.wait_until(lambda seen: any("chat" in each.path for each in seen))
            life.kill()
        assert [row.status for row in calls(ws)] == ["sent"]
        with open_workspace() as next_start:
            assert [row.status for row in calls(next_start)] == ["lost"]
        ws.trials.run(trial(ws), Cancellation())
        assert len(server.calls) == 2
        assert not ws.library.cards()


def test_an_engine_that_refuses_fails_the_run_as_it_fails_an_item():
    with ScriptedServer([Step("status", status=401, times=0)]) as server, open_workspace(server.url) as ws:
        with pytest.raises(EngineError) as failure:
            ws.trials.run(trial(ws), Cancellation())
        assert failure.value.code == ErrorCode.ENGINE_AUTH
        assert [row.status for row in calls(ws)] == ["failed"]


def test_a_source_with_too_little_text_is_a_problem_that_is_told_before():
    with open_workspace() as ws:
        shown = ws.trials.preview(trial(ws, source=ws.trials.pasted("x", "Hm."), engine=""))
        assert shown.problem is not None
        assert shown.problem.code == ErrorCode.SOURCE_TOO_SHORT


def test_a_kept_card_is_in_the_library_with_its_profile_and_marked_as_tried():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        wanted = trial(ws, unsaved=True)
        stored = ws.trials.keep(ws.trials.run(wanted, Cancellation()))
        assert stored.summary.profile == "Default"
        assert stored.summary.engine == ENGINE
        assert stored.summary.source == "mirela.md"
        assert ws.card_search.made_with(wanted.profile_id) == {wanted.version: 1}
        made = stored.card.extensions["cardforge"]
        assert made["tried"] is True
        assert made["unsaved_profile"] is True
        assert [each.reason for each in ws.library.revisions(stored.summary.id)] == ["tried"]


def test_sources_are_the_examples_and_what_was_used_last(tmp_path: Path):
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        options = Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)
        paths = write_sources(tmp_path / "in", 2)
        for path in paths:
            ws.queue.submit([path], options)
            assert ws.queue.wait_idle(timeout=30)
        known = ws.trials.sources()
        assert {each.name for each in known if each.group == "example"} >= {"mirela.md", "oskar-brandt.html"}
        recent = [each for each in known if each.group == "recent"]
        assert [each.name for each in recent] == ["source-002.md", "source-001.md"]
        assert "Tessa Marrow2" in ws.trials.load(recent[0].key).text
        assert ws.trials.read(paths[0]).text == ws.trials.load(recent[1].key).text


def test_a_long_text_is_counted_once():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        text = "The keeper of the lamp counts the ships that pass. " * 20_000
        wanted = trial(ws, source=ws.trials.pasted("long", text))
        counter = ws.trials._counter
        first = ws.trials.preview(wanted)
        known = dict(counter._known)
        again = ws.trials.preview(trial(ws, source=wanted.source))
        assert dict(counter._known) == known
        assert first.estimate == again.estimate
        assert first.estimate is not None
        assert first.estimate.input_tokens > 150_000


def test_what_does_not_fit_is_shown_with_the_reason():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        wide = with_value(default(ws), "config.fields.description.max_tokens", 40_000)
        shown = ws.trials.preview(trial(ws, wide))
        assert shown.problem is not None
        assert shown.problem.code == ErrorCode.SOURCE_TOO_LONG
        (call,) = shown.calls
        assert call.tokens + call.prompt.max_tokens > shown.context_tokens
        assert not call.certain


def test_of_a_source_that_is_too_long_every_part_is_shown():
    with ScriptedServer() as server, open_workspace(server.url) as ws:
        text = "The keeper of the lamp counts the ships that pass.\n\n" * 8_000
        shown = ws.trials.preview(trial(ws, source=ws.trials.pasted("long", text)))
        assert shown.problem is None
        *notes, card = shown.calls
        assert len(notes) > 1
        assert [call.step for call in notes] == [f"notes:1:{at}" for at in range(1, len(notes) + 1)]
        assert all(call.certain for call in notes)
        parts = [
            piece.text for call in notes for piece in call.messages[1].pieces if piece.origin == "filled"
        ]
        assert "\n\n".join(parts) == text.strip()
        assert card.step == "card"
        assert not card.certain


def test_for_a_small_model_only_the_beginning_of_a_long_source_is_read_and_that_is_said():
    with open_workspace() as ws:
        text = "Tessa Marrow keeps the lamp of the tower. She counts the ships that pass. " * 2_000
        shown = ws.trials.preview(trial(ws, engine="Built-in", source=ws.trials.pasted("long", text)))
        assert shown.is_cut
        assert shown.calls
        assert not any(call.certain for call in shown.calls)
        assert shown.estimate is not None


def test_the_built_in_engine_is_asked_what_is_shown():
    with open_workspace() as ws:
        asked = []
        source = ws.trials.pasted("tessa", "Tessa Marrow keeps the lamp. She counts the ships that pass.")
        wanted = trial(ws, engine="Built-in", content=quick(ws), source=source)
        shown = ws.trials.preview(wanted)
        engine = ws.engines.get("Built-in")
        stream = engine.stream
        engine.stream = lambda prompt: (asked.append(prompt), stream(prompt))[1]
        tried = ws.trials.run(wanted, Cancellation())
        assert asked[0] == shown.calls[0].prompt
        assert tried.draft.card.name
        assert tried.local
        assert tried.spent.cost == 0


def quick(workspace: Workspace) -> ProfileContent:
    """As few fields as the built-in engine can be asked for."""
    changes = {f"config.fields.{name}.write": name in ("name", "description") for name in FIELD_NAMES}
    return with_values(default(workspace), {**changes, "config.book.include": False})


def test_the_prompt_of_a_profile_that_can_not_be_saved_is_shown():
    with open_workspace() as ws:
        shown = ws.trials.preview(trial(ws, with_value(default(ws), "name", " "), engine=""))
        assert shown.problem is None
        assert shown.calls
