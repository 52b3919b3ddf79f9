"""A book that the cards of a batch share: told to each under a cap, grown by each, nothing lost or twice."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.batches.model import ItemStatus, Options
from cardforge_desktop.batches.report import batch_report, file_links
from cardforge_desktop.books.model import EntryState, Put
from cardforge_desktop.cards.book_fields import category_of
from cardforge_desktop.cards.model import BookEntry, CharacterBook
from cardforge_desktop.ids import new_id
from cardforge_desktop.workspace import Workspace
from tests.generation.orders import card
from tests.support.app import ENGINE, open_workspace
from tests.support.scripted_server import ScriptedServer, Step

#: Who each source is about, and what all of them name.
NAMES = ("Mirela", "Tobin", "Ilka")
SOURCE = "# {0}\n\n{0} lives in Brenn and works for the Lantern Guild. The Lantern Guild lights {0}'s street."


@pytest.fixture
def workspace(scripted_server: ScriptedServer) -> Iterator[Workspace]:
    with open_workspace(scripted_server.url) as workspace:
        yield workspace


def sources(folder: Path, names: Sequence[str] = NAMES) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number}-{name}.md" for number, name in enumerate(names)]
    for name, path in zip(names, paths, strict=True):
        path.write_text(SOURCE.format(name), encoding="utf-8")
    return paths


def answer(name: str, *entries: tuple[str, str, str]) -> Step:
    """What the model writes for the source about `name`."""
    book = [
        {"name": title, "category": category, "keys": [title], "content": content}
        for title, category, content in entries
    ]
    return Step(match=f"# {name}", text=json.dumps(card(name=name, book=book)))


def options(folder: Path, book_id: str, **wishes: Any) -> Options:
    made = {"engine": ENGINE, "formats": ("json",), "include_book": True, "shared_book": book_id}
    return Options(output=folder, **{**made, **wishes})


def prompt_of(server: ScriptedServer, name: str) -> str:
    """What was asked about `name`, the last time."""
    bodies = [json.dumps(call.body, ensure_ascii=False) for call in server.calls]
    return [body for body in bodies if f"# {name}" in body][-1]


def position(server: ScriptedServer, name: str) -> int:
    """Whose turn it was, by the first call about it."""
    return next(call.number for call in server.calls if f"# {name}" in json.dumps(call.body))


def by_title(workspace: Workspace, book_id: str) -> dict[str, BookEntry]:
    return {each.name or "": each for each in workspace.books.whole(book_id).entries}


def finished(workspace: Workspace) -> None:
    assert workspace.queue.wait_idle(60)
    assert {item.status for item in workspace.batches.items()} == {ItemStatus.COMPLETED}


def test_the_third_card_knows_what_the_first_established(
    scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    facts = {
        "Mirela": "They burn only whale oil.",
        "Tobin": "Their oath binds a keeper for seven winters.",
        "Ilka": "Its master is blind since the flood.",
    }
    scripted_server.add(
        *(answer(name, ("the Lantern Guild", "Factions", fact)) for name, fact in facts.items())
    )
    with open_workspace(scripted_server.url, concurrency=1) as workspace:
        law = BookEntry(name="Law", keys=["law"], constant=True, content="Nobody sails at night.", priority=3)
        mine = BookEntry(name="Atlantis", keys=["Atlantis"], content="Not woken here.")
        book = workspace.books.create(CharacterBook(name="World of Brenn", entries=[law, mine]))
        batch_id = workspace.queue.submit(sources(tmp_path / "in"), options(tmp_path / "out", book.id))
        finished(workspace)
        asked = sorted(NAMES, key=lambda name: position(scripted_server, name))
        told = [prompt_of(scripted_server, name) for name in asked]
        for at, prompt in enumerate(told):
            assert "Nobody sails at night." in prompt
            assert "Not woken here" not in prompt
            assert [facts[name] in prompt for name in asked] == [earlier < at for earlier in range(3)]
        found = by_title(workspace, book.id)
        assert list(found) == ["Law", "Atlantis", "the Lantern Guild"]
        assert found["Law"].model_dump() == law.model_dump()
        assert found["the Lantern Guild"].content == " ".join(facts[name] for name in asked)
        assert category_of(found["the Lantern Guild"]) == "Factions"
        rows = {
            row["source"].partition("-")[2].removesuffix(".md"): row["shared_book"]
            for row in batch_report(workspace.batches.batch(batch_id), file_links)["items"]
        }
        assert [rows[name]["added"] for name in asked] == [["the Lantern Guild"], [], []]
        assert [rows[name]["extended"] for name in asked] == [[], *([["the Lantern Guild"]] * 2)]
        (summary,) = [each for each in workspace.books.books() if not each.card_id]
        assert (summary.cards, summary.behind) == (3, 2), "each carries what it gave; one has the newest"
        for item in workspace.batches.items():
            stored = workspace.library.card(item.card_id or "")
            assert stored.package.card.character_book is not None


def test_no_more_is_told_than_the_cap_and_the_estimate_counts_it(
    scripted_server: ScriptedServer, workspace: Workspace, tmp_path: Path
) -> None:
    entries = [
        BookEntry(name=f"Law {number}", keys=["Brenn"], content=f"Clause {number}. " + "word " * 100)
        for number in range(20)
    ]
    book = workspace.books.create(CharacterBook(name="Laws", entries=entries))
    paths, out = sources(tmp_path / "in", ["Mirela"]), tmp_path / "out"
    plain = workspace.preparing.estimation(options(out, ""), (), ())
    told = workspace.preparing.estimation(options(out, book.id, book_tokens=350), (), ())
    read = [(workspace.preparing.read(workspace.preparing.find(paths, lambda _: None)[0], ENGINE).source,)]
    ((_, without),), ((_, with_book),) = plain.of(read).items(), told.of(read).items()
    assert with_book.input_tokens == without.input_tokens + 350
    workspace.queue.submit(paths, options(out, book.id, book_tokens=350))
    finished(workspace)
    assert prompt_of(scripted_server, "Mirela").count("Clause") == 2


def test_a_try_after_a_crash_asks_the_same_and_adds_nothing_twice(
    scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    bad = Step(match="# Mirela", text="no JSON at all")
    scripted_server.add(bad, Step("stall", match="# Mirela", after=0))
    with open_workspace(scripted_server.url) as workspace:
        known = BookEntry(name="Brenn", keys=["Brenn"], content="A port of nine canals.")
        book = workspace.books.create(CharacterBook(name="World", entries=[known]))
        workspace.queue.submit(sources(tmp_path / "in", ["Mirela"]), options(tmp_path / "out", book.id))
        scripted_server.wait_until(lambda calls: len(calls) == 2)
    scripted_server.add(answer("Mirela", ("Lantern Guild", "Factions", "They burn only whale oil.")))
    with open_workspace(scripted_server.url) as workspace:
        (entry,) = workspace.books.entries(book.id)
        late = entry.entry.model_copy(update={"content": "Drowned since."})
        workspace.books.change([Put(book.id, (EntryState(entry.id, late),))])
        workspace.queue.adopt()
        finished(workspace)
        assert len(scripted_server.calls) == 3, "the first answer was paid for and is read from the store"
        assert "A port of nine canals." in prompt_of(scripted_server, "Mirela")
        assert "Drowned since" not in prompt_of(scripted_server, "Mirela")
        assert list(by_title(workspace, book.id)) == ["Brenn", "Lantern Guild"]
        assert by_title(workspace, book.id)["Brenn"] == late


def test_a_try_that_asks_for_everything_anew_is_told_what_the_book_says_now(
    scripted_server: ScriptedServer, workspace: Workspace, tmp_path: Path
) -> None:
    scripted_server.add(Step("refusal"))
    known = BookEntry(name="Brenn", keys=["Brenn"], content="A port of nine canals.")
    book = workspace.books.create(CharacterBook(name="World", entries=[known]))
    workspace.queue.submit(sources(tmp_path / "in", ["Mirela"]), options(tmp_path / "out", book.id))
    assert workspace.queue.wait_idle(60)
    (item,) = workspace.batches.items()
    assert item.status is ItemStatus.FAILED
    (entry,) = workspace.books.entries(book.id)
    late = entry.entry.model_copy(update={"content": "Drowned since."})
    workspace.books.change([Put(book.id, (EntryState(entry.id, late),))])
    workspace.queue.retry([item.id])
    finished(workspace)
    assert "Drowned since" in prompt_of(scripted_server, "Mirela")


def test_files_that_fail_and_are_tried_again_add_nothing_to_the_book(
    scripted_server: ScriptedServer, workspace: Workspace, tmp_path: Path
) -> None:
    scripted_server.add(answer("Mirela", ("Lantern Guild", "Factions", "They burn only whale oil.")))
    book = workspace.books.create(CharacterBook(name="World"))
    out = tmp_path / "out"
    out.write_text("a file where the folder should be")
    workspace.queue.submit(sources(tmp_path / "in", ["Mirela"]), options(out, book.id))
    assert workspace.queue.wait_idle(60)
    (item,) = workspace.batches.items()
    assert item.status is ItemStatus.FAILED
    revision = workspace.books.book(book.id).summary.revision
    out.unlink()
    workspace.queue.retry([item.id])
    finished(workspace)
    assert workspace.books.book(book.id).summary.revision == revision
    assert list(by_title(workspace, book.id)) == ["Lantern Guild"]
    assert workspace.batches.items()[0].book_changes is not None


def test_cards_that_are_stored_at_once_both_add_theirs(
    scripted_server: ScriptedServer, workspace: Workspace, tmp_path: Path
) -> None:
    scripted_server.add(
        answer("Mirela", ("Lantern Guild", "Factions", "They burn only whale oil.")),
        answer("Tobin", ("Lantern Guild", "Factions", "Its master is blind since the flood.")),
        answer("Ilka", ("Brenn", "Places", "A port of nine canals.")),
    )
    book = workspace.books.create(CharacterBook(name="World"))
    scripted_server.hold_answers()
    workspace.queue.submit(sources(tmp_path / "in"), options(tmp_path / "out", book.id))
    scripted_server.wait_until(lambda calls: len(calls) == 3)
    scripted_server.release_answers()
    finished(workspace)
    found = by_title(workspace, book.id)
    assert set(found) == {"Lantern Guild", "Brenn"}
    assert "whale oil" in found["Lantern Guild"].content
    assert "blind since the flood" in found["Lantern Guild"].content
    assert len({each.id for each in found.values()}) == 2


def test_a_book_that_is_deleted_meanwhile_is_told_and_keeps_nobody(
    scripted_server: ScriptedServer, workspace: Workspace, tmp_path: Path
) -> None:
    book = workspace.books.create(CharacterBook(name="World"))
    scripted_server.hold_answers()
    workspace.queue.submit(sources(tmp_path / "in", ["Mirela"]), options(tmp_path / "out", book.id))
    scripted_server.wait_until(lambda calls: len(calls) == 1)
    workspace.books.delete([book.id])
    scripted_server.release_answers()
    finished(workspace)
    (item,) = workspace.batches.items()
    assert any("shared book is no longer there" in warning for warning in item.warnings)
    assert item.book_changes is None


def test_a_book_in_a_card_and_one_that_is_not_there_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    book = workspace.books.create(CharacterBook(name="World"))
    ids = workspace.drafts.add(sources(tmp_path / "in", ["Mirela"]), options(tmp_path / "out", ""))
    before = workspace.drafts.change(ids, shared_book=book.id, book_tokens=10**9)
    (draft,) = workspace.batches.items(ids)
    assert (draft.shared_book, draft.book_tokens) == (book.id, 100_000)
    (copy,) = workspace.batches.items(workspace.drafts.duplicate(ids))
    assert copy.shared_book == book.id
    workspace.drafts.change_back(before)
    assert workspace.batches.items(ids)[0].shared_book == ""
    with pytest.raises(Exception, match="no longer there") as caught:
        workspace.drafts.change(ids, shared_book=new_id("book"))
    assert caught.value.code == "BOOK_NOT_FOUND"


def test_the_built_in_engine_fills_a_book_without_writing_of_one_thing_twice(tmp_path: Path) -> None:
    for name, told in {
        "one": "The Lantern Guild lights the canals of Brenn at dusk.",
        "two": "In the harbour the Lantern Guild burns whale oil only.",
    }.items():
        (tmp_path / f"{name}.md").write_text(f"# Notes\n\n{told}\n", encoding="utf-8")
    with open_workspace(concurrency=1) as workspace:
        book = workspace.books.create(CharacterBook(name="World"))
        wishes = {"engine": "Built-in", "profile": "Lorebook only", "formats": ("lorebook",)}
        workspace.queue.submit(sorted(tmp_path.glob("*.md")), options(tmp_path / "out", book.id, **wishes))
        finished(workspace)
        titles = [each.name for each in workspace.books.whole(book.id).entries]
        assert titles.count("Lantern Guild") == 1
        assert category_of(by_title(workspace, book.id)["Lantern Guild"]) == "Factions"
        changes = [item.book_changes for item in workspace.batches.items() if item.book_changes]
        assert sorted(len(each.added) > 0 for each in changes) == [False, True]
        assert any(each.extended == ("Lantern Guild",) for each in changes)
