"""--sanitize and --max-name-length: for one run, over the settings, refused where they make no sense."""

import json
from pathlib import Path

import pytest

from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from tests.cli.conftest import Call
from tests.support.app import ENGINE, open_workspace, write_sources
from tests.support.scripted_server import ScriptedServer


def card_file(path: Path, name: str) -> None:
    path.write_bytes(FORMATS["json"].write(CardPackage(Card(name=name))))


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ((), "Ann of the Green Hill, the First.json"),
        (("--max-name-length", "24"), "Ann of the Green Hill,.json"),
        (("--pattern", "{character_name}"), "ann_of_the_green_hill_the_first.json"),
        (("--pattern", "{character_name}", "--no-sanitize"), "Ann of the Green Hill, the First.json"),
        (
            ("--pattern", "{character_name}", "--no-sanitize", "--max-name-length", "30"),
            "Ann of the Green Hill, the Fir.json",
        ),
    ],
)
def test_convert_names_by_them(call: Call, tmp_path: Path, options: tuple[str, ...], name: str) -> None:
    card_file(tmp_path / "Ann of the Green Hill, the First.json", "Ann of the Green Hill, the First")
    ended = call("convert", "Ann of the Green Hill, the First.json", "--format", "v2", "--out", "o", *options)
    assert (ended.code, [path.name for path in (tmp_path / "o").iterdir()]) == (0, [name])


@pytest.mark.parametrize("command", ["convert", "generate"])
@pytest.mark.parametrize("length", ["23", "151", "long"])
def test_a_length_that_makes_no_sense_is_refused(call: Call, command: str, length: str) -> None:
    ended = call(command, "a", "--format", "json", "--out", "o", "--max-name-length", length)
    assert ended.code == 2
    assert "--max-name-length" in ended.err


def test_generate_names_by_them_for_this_run_alone(
    call: Call, tmp_path: Path, scripted_server: ScriptedServer
) -> None:
    with open_workspace(scripted_server.url) as workspace:
        workspace.settings.update(
            sanitise_names=False, longest_name=40, pattern="The {character_name} {character_name} {index}"
        )
    write_sources(tmp_path / "in", 1)

    def made(*options: str) -> tuple[str, str]:
        ended = call(
            "generate", "in", "--engine", ENGINE, "--format", "json", "--out", "o", "--json", *options
        )
        assert ended.code == 0, ended.err
        (item,) = json.loads(ended.out)["items"]
        path = Path(item["downloads"]["json"])
        return path.stem, json.loads(path.read_text("utf-8"))["data"]["name"]

    stem, name = made()
    assert stem == f"The {name} {name} 001"
    stem, name = made("--sanitize", "--pattern", "{character_name} {character_name}")
    assert stem == f"{name} {name}".lower()
    stem, name = made("--max-name-length", "24", "--pattern", "A pattern of some length, {character_name}")
    assert stem == "A pattern of some lengt"
