"""The prompts shown before anything is sent: they are what a server really gets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from cardforge_desktop.batches.model import Options
from cardforge_desktop.engines.base import Traits
from cardforge_desktop.generation.model import GenerationError, Order
from cardforge_desktop.generation.plan import plan_source
from cardforge_desktop.generation.showing import shown_prompts
from cardforge_desktop.generation.writer import write_card
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.sources.reader import read
from cardforge_desktop.tokens import tokenizer_for
from tests.generation.conftest import SMALL, RealModel, small_order
from tests.generation.orders import SOURCE, Script, Watched, card, order
from tests.generation.sources import SOURCES, example
from tests.support.app import ENGINE, open_workspace
from tests.support.scripted_server import ScriptedServer

LONG = "\n\n".join(f"Mirela Voss counts wave number {number} at Gannet Rock." * 4 for number in range(400))


def test_what_is_shown_is_what_the_server_gets(scripted_server: ScriptedServer, tmp_path: Path) -> None:
    path = tmp_path / "mirela.md"
    path.write_text(SOURCE, encoding="utf-8")
    settings = {"language": "German", "style": "terse", "sampling": {"temperature": 0.4, "top_p": 0.9}}
    with open_workspace(scripted_server.url) as workspace:
        shipped = workspace.profiles.by_name("Default").content
        changed = shipped.config.model_dump() | settings
        profile = workspace.profiles.create(
            ProfileContent(name="Terse", config=changed, prompts=shipped.prompts)
        )
        engine = workspace.engines.get(ENGINE)
        wish = Order(read(path), profile, engine.traits, tokenizer_for(engine.connection.model).count)
        (shown,) = shown_prompts(wish).prompts
        workspace.queue.submit([path], Options(output=tmp_path / "out", engine=ENGINE, profile="Terse"))
        assert workspace.queue.wait_idle(30)
    body = scripted_server.calls[0].body
    assert body["messages"] == [{"role": each.role, "content": each.content} for each in shown.messages]
    assert (shown.step, shown.certain) == ("card", True)
    assert body["max_tokens"] == shown.prompt.max_tokens
    assert (body["temperature"], body["top_p"]) == (0.4, 0.9)
    assert shown.tokens > wish.count_tokens("".join(message.content for message in shown.messages))


def test_a_long_source_shows_the_notes_of_each_part_and_where_they_will_stand() -> None:
    wish = order(LONG, traits=Traits(context_tokens=12_000))
    script = Script(["Some notes."] * len(plan_source(wish).parts) + [card()])
    write_card(wish, script, Watched())
    found = shown_prompts(wish)
    assert [each.step for each in found.prompts] == [step for step, _ in script.asked]
    *notes, last = found.prompts
    assert [(each.step, each.prompt) for each in notes] == script.asked[:-1]
    assert all(each.certain for each in notes)
    assert not last.certain
    assert "notes on part 1 of" in last.messages[-1].content
    assert "takes notes" in found.unknown


def test_no_more_prompts_are_found_than_are_wanted() -> None:
    found = shown_prompts(order(LONG, traits=Traits(context_tokens=12_000)), most=2)
    assert [each.step for each in found.prompts] == ["notes:1:1", "notes:1:2"]
    assert "first 2 calls" in found.unknown


@pytest.mark.parametrize("kind", list(SOURCES))
def test_small_steps_are_those_that_are_asked_whatever_is_answered(kind: str) -> None:
    source = SOURCES[kind][0]
    wish = order(source.text, source.name, source.title, SMALL)
    found = shown_prompts(wish)
    for answer in ("", "Something else entirely.", "I am a fish."):
        script = Script([answer])
        write_card(wish, script, Watched())
        asked = dict(script.asked)
        assert found.prompts
        for each in found.prompts[:1]:
            assert asked[each.step] == each.prompt
        assert all(asked.get(each.step, each.prompt) == each.prompt for each in found.prompts)


def test_of_a_lorebook_a_small_model_is_asked_for_entries_only() -> None:
    source = SOURCES["pilot"][0]
    wish = order(source.text, source.name, source.title, SMALL)
    wish = replace(wish, profile=wish.profile.model_copy(update={"type": "lorebook"}))
    steps = [each.step for each in shown_prompts(wish).prompts]
    assert "book:Tethys" in steps
    assert all(step.startswith("book:") for step in steps)


@pytest.mark.timeout(600)
def test_the_real_small_model_is_asked_what_was_shown(real_model: RealModel) -> None:
    source = example("mirela.md")
    asked = dict(real_model.draft(source, include_book=True)[2])
    shown = shown_prompts(small_order(source, include_book=True)).prompts
    assert asked[shown[0].step] == shown[0].prompt
    met = sum(asked.get(each.step) == each.prompt for each in shown)
    assert met >= 0.7 * len(shown)


def test_where_no_card_can_be_made_it_says_why() -> None:
    with pytest.raises(GenerationError) as caught:
        shown_prompts(order("short"))
    assert caught.value.code == "SOURCE_TOO_SHORT"
