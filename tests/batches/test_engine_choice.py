"""Which engine and which model a card is made with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.batches.caller import prompt_digest
from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.batches.rewriter import FieldWish
from cardforge_desktop.cards.model import Card
from cardforge_desktop.engines.base import Connection, Message, Prompt, Sampling
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.profiles import add_profile
from tests.support.scripted_server import ScriptedServer, Step

OTHER = "Another one"


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        workspace.engines.add(Connection(OTHER, "openai", scripted_server.url, "other-1"), None)
        add_profile(workspace, "Own", engine=ENGINE.upper(), model="own-model")
        add_profile(workspace, "Gone", engine="No such engine", model="own-model")
        workspace.settings.update(engine=OTHER)
        yield workspace


def _made(workspace: Workspace, tmp_path: Path, **wishes: Any) -> Any:
    options = Options(output=tmp_path / "out", formats=("json",), include_book=False, **wishes)
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    return workspace.batches.items()[-1]


@pytest.mark.parametrize(
    ("asked", "made"),
    [
        (("Own", ""), (ENGINE, "own-model")),
        (("Own", ENGINE), (ENGINE, "own-model")),
        (("Own", OTHER), (OTHER, "other-1")),
        (("Default", ""), (OTHER, "other-1")),
        (("Default", ENGINE), (ENGINE, "scripted-1")),
        (("Gone", ""), (OTHER, "other-1")),
    ],
)
def test_the_engine_is_the_chosen_one_or_the_profiles_or_the_apps(
    workspace: Workspace,
    scripted_server: ScriptedServer,
    tmp_path: Path,
    asked: tuple[str, str],
    made: tuple[str, str],
) -> None:
    profile, chosen = asked
    engine, model = made
    item = _made(workspace, tmp_path, profile=profile, engine=chosen)
    assert (item.status, item.engine) == (ItemStatus.COMPLETED, engine)
    assert {call.body["model"] for call in scripted_server.calls} == {model}
    assert [group.key for group in workspace.spendings.by("model")] == [model]


def test_a_profile_put_on_a_draft_brings_its_engine_and_takes_it_back(
    workspace: Workspace, tmp_path: Path
) -> None:
    (draft,) = workspace.drafts.add(write_sources(tmp_path / "in", 1), Options(output=tmp_path))

    def engine() -> str:
        return next(item.engine for item in workspace.batches.items() if item.id == draft)

    assert engine() == OTHER
    before = workspace.drafts.change([draft], profile="Own")
    assert engine() == ENGINE
    workspace.drafts.change_back(before)
    assert engine() == OTHER
    workspace.drafts.change([draft], profile="Own", engine=OTHER)
    assert engine() == OTHER
    workspace.drafts.change([draft], profile="Gone")
    assert engine() == OTHER


def test_an_estimate_counts_the_model_that_will_be_asked(workspace: Workspace, tmp_path: Path) -> None:
    workspace.engines.add(Connection("Paid", "openai", "https://api.openai.com/v1", "gpt-4o"), None)
    add_profile(workspace, "Cheaper", engine="Paid", model="gpt-4o-mini")
    (path,) = write_sources(tmp_path / "in", 1)
    read = workspace.preparing.read(workspace.preparing.find([path], lambda _: None)[0], "Paid").source
    options = Options(output=tmp_path)
    names = ("Cheaper", "Default")
    sums = workspace.preparing.estimation(options, names, ("Paid",)).of([[read]])
    cheaper, usual = sums["Cheaper", "Paid"], sums["Default", "Paid"]
    assert 0 < cheaper.cost_high < usual.cost_high
    as_profile = workspace.preparing.estimation(options, names).of([[read]])
    assert as_profile["Cheaper", ""] == cheaper


def test_a_field_is_written_anew_by_the_profiles_model(
    workspace: Workspace, scripted_server: ScriptedServer
) -> None:
    scripted_server.add(Step(text='{"text": "She keeps the lamp."}'))
    card = Card(name="Mirela", description="A keeper.")
    wish = FieldWish("", card, "description", card.description, "", ENGINE, "Own")
    assert workspace.rewriter.rewrite(wish, Cancellation()) == "She keeps the lamp."
    assert scripted_server.calls[0].body["model"] == "own-model"


def test_a_model_that_only_one_profile_asks_for_stops_no_other(
    workspace: Workspace, scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    scripted_server.add(Step("status", status=404, match="own-model", times=0))
    options = Options(output=tmp_path / "out", formats=("json",), include_book=False)
    workspace.queue.submit(
        write_sources(tmp_path / "in", 2), options, profiles=("Own", "Default"), engines=(ENGINE,)
    )
    assert workspace.queue.wait_idle(30)
    ended = {(item.profile, item.status) for item in workspace.batches.items()}
    assert ended == {("Own", ItemStatus.FAILED), ("Default", ItemStatus.COMPLETED)}


def test_engines_are_alive_once_for_each_model(workspace: Workspace) -> None:
    engines = workspace.engines
    plain, own = engines.get(ENGINE), engines.get(ENGINE, "own-model")
    assert engines.get(ENGINE, "own-model") is own
    assert engines.get(ENGINE, "scripted-1") is plain
    assert (plain.connection.model, own.connection.model) == ("scripted-1", "own-model")
    assert own.connection.name == plain.connection.name
    assert engines.get("Built-in", "any").connection == engines.get("Built-in").connection
    url = plain.connection.url
    engines.remove(ENGINE)
    engines.add(Connection(ENGINE, "openai", url, "scripted-2"), None)
    assert engines.get(ENGINE, "own-model") is not own
    assert engines.get(ENGINE).connection.model == "scripted-2"


@pytest.mark.parametrize("name", [each.name for each in fields(Sampling)])
def test_a_paid_answer_is_of_the_same_sampling(name: str) -> None:
    asked = Prompt((Message("user", "Write."),), 10, sampling=Sampling(temperature=0.5, seed=1))
    other = replace(asked, sampling=replace(asked.sampling, **{name: 2}))
    assert prompt_digest(asked) == prompt_digest(replace(asked))
    assert prompt_digest(asked) != prompt_digest(other)
