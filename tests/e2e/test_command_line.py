"""The command line's contract, in processes of their own: JSON, files, exit codes."""

import json
import signal
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.support.app import ENGINE, cardforge, command, open_workspace, variables, write_sources
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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["generate", "missing.md"], "missing.md"),
        (["generate", "in", "--profile", "Nobody"], "Nobody"),
        (["generate", "in", "--engine", "Nowhere"], "Nowhere"),
        (["generate", "in", "--format", "docx"], "docx"),
        (["generate", "in", "--pattern", "{colour}"], "{colour}"),
        (["generate", "in", "--concurrency", "0"], "concurrency"),
        (["generate", "nothing-in-here"], "nothing-in-here"),
        (["engines", "add", "X", "--kind", "openai", "--url", "ftp://x", "--model", "m"], "ftp://x"),
        (["engines", "remove", "Built-in"], "built-in"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_wrong_use_says_what_and_exits_with_2(arguments: list[str], words: str, tmp_path: Path) -> None:
    write_sources(tmp_path / "in", 1)
    (tmp_path / "nothing-in-here").mkdir()
    ended = cardforge(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert words in ended.stderr
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
    assert report["status"] == "cancelled"
    assert report["progress"]["cancelled"] == 2
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
