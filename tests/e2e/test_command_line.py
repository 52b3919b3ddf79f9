"""The command line's contract, in processes of their own: JSON, files, exit codes."""

import json
import signal
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from cardforge_desktop.cards.changes import changes
from cardforge_desktop.cards.formats import FORMATS, read_path
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from tests.cli.files import HOSTILE, has_controls
from tests.generation.orders import card as whole_card
from tests.sources.documents import epub_parts, odt_parts, rtf, zipped
from tests.support.app import ENGINE, cardforge, command, open_workspace, variables, write_sources
from tests.support.cards import WHOLE_CARD
from tests.support.profiles import add_profile
from tests.support.scripted_server import ScriptedServer, Step


@pytest.fixture
def engine(scripted_server: ScriptedServer, tmp_path: Path) -> ScriptedServer:
    """The scripted server, added by the command line as `ENGINE`."""
    added = cardforge(
        *(
            "engines",
            "add",
            ENGINE,
            "--kind",
            "openai",
            "--url",
            scripted_server.url,
            "--model",
            "scripted-1",
        ),
        *("--key-env", "SCRIPTED_KEY", "--max-concurrent", "4"),
        cwd=tmp_path,
    )
    assert added.returncode == 0, added.stderr
    return scripted_server


def test_three_sources_become_three_cards_in_three_formats(engine: ScriptedServer, tmp_path: Path) -> None:
    sources = write_sources(tmp_path / "in", 3)
    Image.new("RGB", (40, 60), "teal").save(sources[0].with_suffix(".png"))
    made = cardforge(
        "generate", tmp_path / "in", "--engine", ENGINE, "--out", "cards", "--json",
        cwd=tmp_path, SCRIPTED_KEY="sk-secret-1",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    report = json.loads(made.stdout)
    assert report["status"] == "completed"
    assert report["batch_id"].startswith("batch_")
    assert report["progress"] == {
        "total": 3, "completed": 3, "failed": 0, "processing": 0, "queued": 0, "cancelled": 0,
    }  # fmt: skip
    for number, item in enumerate(report["items"], start=1):
        assert item["status"] == "completed"
        assert set(item["downloads"]) == {"json", "v2", "tavernai"}
        paths = {name: Path(path) for name, path in item["downloads"].items()}
        assert all(path.parent == tmp_path / "cards" for path in paths.values())
        card = json.loads(paths["v2"].read_text(encoding="utf-8"))
        assert card["spec"] == "chara_card_v2"
        assert f"Marrow{number}" in json.dumps(card, ensure_ascii=False)
        with Image.open(paths["tavernai"]) as picture:
            assert {"chara", "ccv3"} <= set(picture.text)
            assert picture.size == (40, 60) if number == 1 else picture.size != (40, 60)
    keys = {call.authorization for call in engine.calls}
    assert keys == {"Bearer sk-secret-1"}
    everything = b"".join(
        path.read_bytes() for path in tmp_path.rglob("*") if path.is_file() and "scripted" not in path.name
    )
    assert b"sk-secret-1" not in everything


def test_books_documents_and_cards_are_sources(engine: ScriptedServer, tmp_path: Path) -> None:
    told = "Tessa Marrow keeps the lamp. She climbs 41 steps at night and owes the chandler for oil."
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.epub").write_bytes(zipped(epub_parts(f"<h1>Book</h1><p>{told}</p>")))
    (folder / "b.odt").write_bytes(zipped(odt_parts(f"<text:p>Document. {told}</text:p>")))
    (folder / "c.rtf").write_bytes(rtf(f"Rich. {told}"))
    (folder / "d.png").write_bytes(FORMATS["tavernai"].write(CardPackage(Card(name="Old", description=told))))
    (folder / "e.json").write_text('{"scripts": {}}', encoding="utf-8")
    made = cardforge("generate", "in", "--engine", ENGINE, "--out", "cards", "--json", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    items = json.loads(made.stdout)["items"]
    assert [item["source"] for item in items] == ["a.epub", "b.odt", "c.rtf", "d.png"]
    assert "Passed over: e.json: " in made.stderr
    asked = "\n".join(str(call.body) for call in engine.calls)
    for words in ("Book", "Document.", "Rich.", "# Old"):
        assert words in asked
    new = Path(items[3]["downloads"]["tavernai"])
    with Image.open(new) as picture, Image.open(folder / "d.png") as old:
        assert picture.tobytes() == old.tobytes()
        assert picture.text["chara"] != old.text["chara"]


def test_a_card_is_updated_in_the_chosen_fields(engine: ScriptedServer, tmp_path: Path) -> None:
    (tmp_path / "old.png").write_bytes(FORMATS["tavernai"].write(CardPackage(WHOLE_CARD)))
    (source,) = write_sources(tmp_path / "in", 1)
    for number, sources in enumerate(((), (source,))):
        made = cardforge(
            "generate", *sources, "--update", "old.png", "--fields", "description,first_mes",
            "--engine", ENGINE, "--format", "v3", "--out", f"out-{number}", cwd=tmp_path,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        assert f"{source.name if sources else 'old.png'} → old.png: Mirela Vântu" in made.stdout
        (path,) = (tmp_path / f"out-{number}").iterdir()
        card = read_path(path).package.card
        changed = {change.field for change in changes(WHOLE_CARD, card)}
        assert changed == {"description", "first_mes", "modification_date"}
    assert read_path(tmp_path / "old.png").package.card == WHOLE_CARD


def test_cards_of_two_runs_share_a_book(engine: ScriptedServer, tmp_path: Path) -> None:
    sources = [path.name for path in write_sources(tmp_path, 2)]
    book = {"name": "Law", "keys": ["harbour"], "content": "Nobody sails on Thursdays."}
    engine.add(Step(match="Marrow1", text=json.dumps(whole_card(book=[book]))))
    common = ("--engine", ENGINE, "--format", "json", "--out", "out")
    first = cardforge("generate", sources[0], "--new-book", "World", *common, cwd=tmp_path)
    assert first.returncode == 0, first.stderr
    assert "book World: added Law" in first.stdout
    assert "share the new book “World”" in first.stderr
    second = cardforge("generate", sources[1], "--book", "world", "--json", *common, cwd=tmp_path)
    (item,) = json.loads(second.stdout)["items"]
    assert item["shared_book"]["book_tokens"] == 1_000
    (asked,) = [json.dumps(call.body) for call in engine.calls if "Marrow2" in json.dumps(call.body)]
    assert "Nobody sails on Thursdays." in asked
    unknown = cardforge("generate", sources[1], "--book", "Atlantis", *common, cwd=tmp_path)
    assert unknown.returncode == 2
    assert "There are: World" in unknown.stderr


def test_nothing_of_a_card_reaches_the_terminal_raw(engine: ScriptedServer, tmp_path: Path) -> None:
    card = WHOLE_CARD.model_copy(update={"name": f"Mirela {HOSTILE}"})
    (tmp_path / "old.json").write_bytes(FORMATS["v3"].write(CardPackage(card)))
    for more in ((), ("--json",)):
        made = cardforge(
            "generate", "--update", "old.json", "--fields", "first_mes", "--engine", ENGINE,
            "--format", "v3", "--out", "out", *more, cwd=tmp_path,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
        assert "Mirela" in made.stdout
        assert not has_controls(made.stdout + made.stderr)


def test_the_built_in_engine_updates_a_card(tmp_path: Path) -> None:
    personality = "Tessa is patient and stubborn. She talks to the lamp as if it were an old dog."
    card = Card(name="Tessa Marrow", description="Tessa keeps the lamp.", personality=personality, x_mood=1)
    (tmp_path / "old.json").write_bytes(FORMATS["v3"].write(CardPackage(card)))
    (tmp_path / "news.md").write_text("She laughs at storms and never lends her boat.", encoding="utf-8")
    made = cardforge(
        "generate", "news.md", "--update", "old.json", "--fields", "personality",
        "--format", "v3", "--out", "out", cwd=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    (path,) = (tmp_path / "out").iterdir()
    new = read_path(path).package.card
    assert {change.field for change in changes(card, new)} == {"personality", "modification_date"}
    assert "laughs" in new.personality
    assert "stubborn" in new.personality, "what stands in the card is told along"


def test_one_bad_source_fails_alone(engine: ScriptedServer, tmp_path: Path) -> None:
    write_sources(tmp_path / "in", 1)
    (tmp_path / "in" / "empty.md").write_text("  \n", encoding="utf-8")
    (tmp_path / "in" / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    made = cardforge("generate", "in", "--engine", ENGINE, "--out", "cards", "--json", cwd=tmp_path)
    assert made.returncode == 1
    report = json.loads(made.stdout)
    items = {item["source"]: item for item in report["items"]}
    assert report["status"] == "completed"
    assert items["source-001.md"]["status"] == "completed"
    assert items["empty.md"]["error"]["code"] == "SOURCE_EMPTY"
    assert items["picture.txt"]["error"]["code"] == "SOURCE_BINARY"
    assert "picture.txt" in items["picture.txt"]["error"]["message"]


def test_a_refused_key_fails_the_item_with_the_way_out(engine: ScriptedServer, tmp_path: Path) -> None:
    write_sources(tmp_path / "in", 1)
    engine.add(Step("status", times=0, status=401))
    made = cardforge("generate", "in", "--engine", ENGINE, "--json", cwd=tmp_path, SCRIPTED_KEY="sk-secret-2")
    assert made.returncode == 1
    (item,) = json.loads(made.stdout)["items"]
    assert item["error"]["code"] == "ENGINE_AUTH"
    assert len(engine.calls) == 1, "a refused key is never tried again"
    assert "sk-secret-2" not in made.stdout + made.stderr


def test_wrong_use_says_what_and_exits_with_2(tmp_path: Path) -> None:
    """More of it in tests/cli/test_wrong_use.py."""
    ended = cardforge("generate", "missing.md", cwd=tmp_path)
    assert ended.returncode == 2
    assert "missing.md" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_interrupted_exits_with_130_and_closes_the_call(
    scripted_server: ScriptedServer, tmp_path: Path
) -> None:
    scripted_server.add(Step("stall", times=0))
    with open_workspace(scripted_server.url):
        pass
    write_sources(tmp_path / "in", 2)
    with subprocess.Popen(
        command("generate", "in", "--engine", ENGINE, "--concurrency", "1", "--json"),
        cwd=tmp_path, env=variables(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        scripted_server.wait_until(lambda calls: len(calls) == 1)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    report = json.loads(output)
    assert report["status"] == "paused", "an interrupted batch is neither cancelled nor lost"
    assert report["progress"]["queued"] == 2
    scripted_server.wait_until(lambda calls: calls[0].outcome == "disconnected")


def test_engines_come_and_go(engine: ScriptedServer, tmp_path: Path) -> None:
    listed = cardforge("engines", cwd=tmp_path)
    assert f"{ENGINE}: answers" in listed.stdout
    assert "Built-in (offline, draft quality): answers" in listed.stdout
    assert listed.returncode == 0
    assert cardforge("engines", "remove", ENGINE, cwd=tmp_path).returncode == 0
    assert ENGINE not in cardforge("engines", cwd=tmp_path).stdout


def test_the_doctor_finds_a_sound_machine_and_a_broken_store(tmp_path: Path, home: Path) -> None:
    sound = cardforge("doctor", cwd=tmp_path)
    assert sound.returncode == 0, sound.stdout + sound.stderr
    assert "FAIL" not in sound.stdout
    (home / "data" / "cardforge.db").write_bytes(b"no database" * 1000)
    broken = cardforge("doctor", cwd=tmp_path)
    assert broken.returncode == 1
    assert "FAIL store" in broken.stdout
    assert "Traceback" not in broken.stdout + broken.stderr


def test_without_engine_a_card_is_made_with_that_of_its_profile(
    engine: ScriptedServer, tmp_path: Path
) -> None:
    with open_workspace() as workspace:
        add_profile(workspace, "Own", engine=ENGINE, model="own-model", language="Scots")
        assert workspace.settings.get().engine != ENGINE
    made = cardforge(
        "generate", *write_sources(tmp_path / "in", 1), "--profile", "Own", "--out", "cards", "--json",
        cwd=tmp_path, SCRIPTED_KEY="sk-secret-1",
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["items"][0]["engine"] == ENGINE
    (call,) = engine.calls
    assert call.body["model"] == "own-model"
    assert "Write in Scots." in call.body["messages"][-1]["content"]
