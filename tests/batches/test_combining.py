"""Files × profiles × engines: what rows there are, what is read and kept of them, what they are made with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from cardforge_desktop.batches import kept_sources
from cardforge_desktop.batches.combining import ways
from cardforge_desktop.batches.finding import NewSource
from cardforge_desktop.batches.model import CardRef, ItemStatus, Options
from cardforge_desktop.batches.preparing import Expected
from cardforge_desktop.batches.tables import ItemSourceRow, SourceRow
from cardforge_desktop.costs.prices import Price
from cardforge_desktop.engines.base import Connection
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.tokens import Tokenizer
from cardforge_desktop.workspace import Workspace
from tests.batches.test_queue import wait_until
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.profiles import add_profile
from tests.support.scripted_server import ScriptedServer

OTHER = "Scripted too"
NAMES = st.lists(st.sampled_from(["a", "b", "c"]), max_size=6)


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        workspace.engines.add(Connection(OTHER, "openai", scripted_server.url, "gpt-4o"), None)
        add_profile(workspace, "Short")
        yield workspace


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(output=tmp_path / "out", engine=ENGINE, formats=("json",), include_book=False)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was read."""
    counted: Counter[str] = Counter()
    real = kept_sources.read_source

    def read(path: Path) -> SourceText:
        counted[path.name] += 1
        return real(path)

    monkeypatch.setattr(kept_sources, "read_source", read)
    return counted


def rows(workspace: Workspace) -> list[tuple[str, str, str]]:
    return [(item.source, item.profile, item.engine) for item in workspace.batches.items()]


def estimated(workspace: Workspace) -> None:
    wait_until(
        workspace,
        lambda: all(
            item.estimate_input or item.status is ItemStatus.COMPLETED for item in workspace.batches.items()
        ),
    )


def expected(workspace: Workspace, paths: list[Path], options: Options, *engines: str) -> Expected:
    """What the sources would take with these engines, all together."""
    sources = [
        workspace.preparing.read(found, ENGINE).source for found in workspace.preparing.find(paths, print)
    ]
    sums = workspace.preparing.estimation(options, [], engines).of([[source] for source in sources])
    return sum(sums.values(), Expected())


@given(profiles=NAMES, engines=NAMES)
def test_every_profile_meets_every_engine_once(profiles: list[str], engines: list[str]) -> None:
    made = ways(Options(output=Path(), profile="own", engine="own"), profiles, engines)
    pairs = [(each.profile, each.engine) for each in made]
    wanted = {(p, e) for p in profiles or ["own"] for e in engines or ["own"]}
    assert set(pairs) == wanted
    assert len(pairs) == len(wanted)


def test_each_source_gets_a_row_for_each_profile_and_engine_side_by_side(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    paths = write_sources(tmp_path / "in", 2)
    ids = workspace.drafts.add(paths, options, profiles=["Default", "Short"], engines=[ENGINE, OTHER])
    assert [item.id for item in workspace.batches.items()] == list(ids)
    assert rows(workspace) == [
        (path.name, profile, engine)
        for path in paths
        for profile in ("Default", "Short")
        for engine in (ENGINE, OTHER)
    ]
    assert [item.position for item in workspace.batches.items()] == list(range(1, 9))


def test_a_file_is_read_and_kept_once_for_all_its_rows(
    workspace: Workspace, options: Options, tmp_path: Path, reads: Counter[str]
) -> None:
    paths = write_sources(tmp_path / "in", 3)
    workspace.drafts.add(paths, options, profiles=["Default", "Short"], engines=[ENGINE, OTHER])
    estimated(workspace)
    assert reads == {path.name: 1 for path in paths}
    with workspace._store.read() as session:
        assert len(session.exec(select(SourceRow)).all()) == 3


def test_a_batch_of_the_command_line_reads_each_file_once_too(
    workspace: Workspace, options: Options, tmp_path: Path, reads: Counter[str]
) -> None:
    paths = write_sources(tmp_path / "in", 2)
    workspace.queue.submit(paths, options, profiles=["Default", "Short"], engines=[ENGINE, OTHER])
    assert workspace.queue.wait_idle(60)
    items = workspace.batches.items()
    assert {item.status for item in items} == {ItemStatus.COMPLETED}
    assert reads == {path.name: 1 for path in paths}
    files = [path for item in items for _, path in item.files]
    assert len(set(files)) == 8, "combinations never share a file's name"
    assert all(path.exists() for path in files)


def test_the_same_file_added_again_later_is_read_anew(
    workspace: Workspace, options: Options, tmp_path: Path, reads: Counter[str]
) -> None:
    (path,) = write_sources(tmp_path / "in", 1)
    (first,) = workspace.drafts.add([path], options)
    estimated(workspace)
    path.write_text("Tessa left the tower years ago, and a goat keeps the lamp now.\n" * 3, encoding="utf-8")
    (second,) = workspace.drafts.add([path], options)
    estimated(workspace)
    assert reads[path.name] == 2
    digests = {item.id: item.sources[0].digest for item in workspace.batches.items()}
    assert digests[first] != digests[second]


def test_a_running_batch_does_not_give_its_text_to_drafts(
    workspace: Workspace, options: Options, tmp_path: Path, reads: Counter[str]
) -> None:
    (path,) = write_sources(tmp_path / "in", 1)
    workspace.queue.submit([path], options)
    assert workspace.queue.wait_idle(30)
    workspace.drafts.add([path], options)
    estimated(workspace)
    assert reads[path.name] == 2


def test_an_unknown_name_adds_nothing_at_all(workspace: Workspace, options: Options, tmp_path: Path) -> None:
    paths = write_sources(tmp_path / "in", 2)
    with pytest.raises(CardForgeError):
        workspace.drafts.add(paths, options, engines=[ENGINE, "Nobody"])
    with pytest.raises(CardForgeError):
        workspace.drafts.add(paths, options, profiles=["Default", "Nobody"])
    assert workspace.batches.items() == ()


def test_found_sources_whose_text_is_kept_are_not_read_again(
    workspace: Workspace, options: Options, tmp_path: Path, reads: Counter[str]
) -> None:
    (path,) = write_sources(tmp_path / "in", 1)
    digest = workspace.drafts._tools.sources.keep(
        SourceText(path.name, "markdown", "Tessa keeps the lamp. " * 20)
    )
    path.unlink()
    found = NewSource(path.name, path, digest=digest)
    workspace.drafts.add_items([[found], [found]], options, engines=[ENGINE, OTHER])
    estimated(workspace)
    assert not reads
    with workspace._store.read() as session:
        assert set(session.exec(select(ItemSourceRow.source))) == {digest}


def test_a_text_nothing_was_made_of_is_forgotten(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    workspace.drafts.add(write_sources(tmp_path / "in", 1), options)
    estimated(workspace)
    spare = workspace.drafts._tools.sources.keep(SourceText("spare.md", "markdown", "Read, then not wanted."))
    workspace.drafts.purge()
    with workspace._store.read() as session:
        kept = set(session.exec(select(SourceRow.sha256)))
    (item,) = workspace.batches.items()
    assert kept == {item.sources[0].digest}
    assert spare not in kept


# What it would take


def test_what_is_expected_is_what_the_rows_say_then(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    paths = write_sources(tmp_path / "in", 3)
    before = expected(workspace, paths, options, ENGINE, OTHER, "Built-in")
    workspace.drafts.add(paths, options, engines=[ENGINE, OTHER, "Built-in"])
    estimated(workspace)
    items = workspace.batches.items()
    assert before.cards == len(items) == 9
    assert before.input_tokens == sum(item.estimate_input or 0 for item in items)
    assert before.output_high == sum(item.estimate_output or 0 for item in items)


def test_prices_are_known_free_or_unknown_and_never_mixed_up(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    workspace.engines.add(Connection("Paid", "openai", "https://api.openai.com/v1", "gpt-4o"), None)
    workspace.engines.add(Connection("Elsewhere", "openai", "https://llm.example.org/v1", "gpt-4o"), None)
    paths = write_sources(tmp_path / "in", 2)
    paid = expected(workspace, paths, options, "Paid")
    assert paid.cost_high > 0
    assert (paid.unpriced, paid.local, paid.exact) == (0, False, True)
    free = expected(workspace, paths, options, "Built-in")
    assert (free.cost_high, free.unpriced, free.local) == (0, 0, True)
    unknown = expected(workspace, paths, options, "Elsewhere")
    assert (unknown.cost_high, unknown.unpriced, unknown.local) == (0, 2, False)
    both = paid + unknown
    assert (both.cost_high, both.unpriced, both.cards) == (paid.cost_high, 2, 4)

    (draft,) = workspace.drafts.add(paths[:1], replace(options, engine="Elsewhere"))
    estimated(workspace)
    assert workspace.batches.item(draft).estimate_cost is None
    workspace.prices.set_own("Elsewhere", "gpt-4o", Price(*[Decimal(1)] * 4, source=""))
    assert expected(workspace, paths, options, "Elsewhere").unpriced == 0
    wait_until(workspace, lambda: workspace.batches.item(draft).estimate_cost is not None)


def test_drafts_that_wait_are_known_better_once_ten_such_cards_are_made(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    paths = write_sources(tmp_path / "in", 12)
    waiting, updating = workspace.drafts.add(paths[:2], options)
    made = workspace.drafts.add(paths[2:], options)
    estimated(workspace)
    before = workspace.batches.item(waiting)
    assert before.estimate_output_low is None
    workspace.queue.start(made)
    assert workspace.queue.wait_idle(60)
    wait_until(workspace, lambda: workspace.batches.item(waiting).estimate_output_low is not None)
    after = workspace.batches.item(waiting)
    assert 0 < after.estimate_output_low <= after.estimate_output < before.estimate_output
    assert after.estimate_input == before.estimate_input
    card = CardRef(workspace.batches.item(made[0]).card_id)
    workspace.drafts.change([updating], update=card, fields=("description",))
    estimated(workspace)
    assert workspace.batches.item(updating).estimate_output_low is None, "a field is less than a card"


def test_one_card_of_all_sources_is_expected_to_take_less_than_one_each(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    preparing = workspace.preparing
    found = preparing.find(write_sources(tmp_path / "in", 3), print)
    sources = [preparing.read(each, ENGINE).source for each in found]
    estimation = preparing.estimation(options)
    ((way, apart),) = estimation.of([[source] for source in sources]).items()
    assert way == ("Default", ENGINE)
    together = estimation.of([sources])[way]
    assert (apart.cards, together.cards) == (3, 1)
    assert together.input_tokens < apart.input_tokens
    assert together.output_high * 3 == apart.output_high


def test_a_source_that_can_not_be_read_says_why_before_it_is_added(
    workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    (found,) = workspace.preparing.find([tmp_path / "empty.md"], print)
    with pytest.raises(CardForgeError) as caught:
        workspace.preparing.read(found, ENGINE)
    assert caught.value.message.startswith("empty.md: ")


def test_a_text_is_counted_once_for_all_profiles_of_a_model(
    workspace: Workspace, options: Options, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    preparing = workspace.preparing
    (path,) = write_sources(tmp_path / "in", 1)
    source = preparing.read(preparing.find([path], print)[0], ENGINE).source
    counted: list[str] = []
    real = Tokenizer.count
    monkeypatch.setattr(Tokenizer, "count", lambda self, text: counted.append(text) or real(self, text))
    preparing.estimation(options, ["Default", "Short"], [ENGINE]).of([[source]])
    body = path.read_text(encoding="utf-8").strip()
    assert not [text for text in counted if body in text], "it was counted when it was read"


def test_the_card_to_update_can_be_its_own_source(
    workspace: Workspace, options: Options, tmp_path: Path
) -> None:
    workspace.queue.submit(write_sources(tmp_path / "in", 1), options)
    assert workspace.queue.wait_idle(30)
    (item,) = workspace.batches.items()
    assert item.card_id is not None
    card = workspace.library.card(item.card_id).card
    source = workspace.preparing.own_source(CardRef(item.card_id))
    assert source.name == card.name
    read = workspace.preparing.read(source, ENGINE)
    workspace.drafts.add_items([[read.source]], replace(options, update=CardRef(item.card_id)))
    estimated(workspace)
    assert workspace.batches.items()[-1].target == card.name


def test_a_text_is_shared_within_a_batch_and_with_no_other(
    workspace: Workspace, options: Options, reads: Counter[str], tmp_path: Path
) -> None:
    (path,) = write_sources(tmp_path / "in", 1)
    ways_of_each = ["Default", "Short"]
    first = workspace.queue.submit([path], options, profiles=ways_of_each)
    assert workspace.queue.wait_idle(30)
    path.write_text(path.read_text(encoding="utf-8").replace("Tessa", "Mirela"), encoding="utf-8")
    second = workspace.queue.submit([path], options, profiles=ways_of_each)
    assert workspace.queue.wait_idle(30)
    assert reads[path.name] == 2
    texts = {
        batch: {kept_sources.KeptSources(workspace._store).of_item(item.id).text for item in items}
        for batch in (first, second)
        if (items := workspace.batches.items(batch_id=batch))
    }
    assert [len(each) for each in texts.values()] == [1, 1]
    assert "Tessa" in texts[first].pop()
    assert "Mirela" in texts[second].pop()
