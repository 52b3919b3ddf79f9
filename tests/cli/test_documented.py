"""What the documents say of formats and commands is so."""

import re

import pytest

from cardforge_desktop.cards.formats import FORMATS, LARGEST_FILE, charx, json_text, png_chunks, yaml_text
from cardforge_desktop.cards.model import Asset, BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.placeholder import draw_placeholder
from cardforge_desktop.profiles.files import LARGEST_FILE as LARGEST_PROFILE_FILE
from cardforge_desktop.profiles.files import MOST_PROFILES
from tests.cli.conftest import Call
from tests.support.app import ROOT

_PAGE = (ROOT / "docs" / "card-formats.md").read_text("utf-8")
_README = (ROOT / "README.md").read_text("utf-8")
_ROWS = re.findall(r"^\| `([a-z0-9-]+)` \| `\.(\w+)` \| .* \| (.*) \|$", _PAGE, re.MULTILINE)
#: What the table calls a loss, and the fields of those that are one.
_MEANS = {
    "the picture": ("picture",),
    "files of assets": ("assets[1]",),
    "decorators": ("character_book.entries[0].content",),
    "all but the book": ("card",),
    "assets": ("assets",),
    "`extensions` and other unknown fields": ("extensions",),
}


def _package() -> CardPackage:
    """A card with everything that some format can't hold; its icon is the very picture it comes with."""
    picture = draw_placeholder("Mirela")
    assets = [
        Asset(type="icon", uri="embeded://assets/icon/images/main.png", name="main", ext="png"),
        Asset(type="emotion", uri="embeded://assets/emotion/images/glad.png", name="glad", ext="png"),
    ]
    files = {"assets/icon/images/main.png": picture, "assets/emotion/images/glad.png": b"glad"}
    book = CharacterBook(entries=[BookEntry(id=0, keys=["lamp"], content="@@depth 4\nOil.")])
    card = Card(
        name="Mirela", nickname="Mira", assets=assets, character_book=book, extensions={"mine": {"deep": [1]}}
    )
    return CardPackage(card, picture, files)


def test_every_format_is_in_the_table() -> None:
    assert [(name, extension) for name, extension, _ in _ROWS] == [
        (name, known.extension) for name, known in FORMATS.items()
    ]


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, _, said in _ROWS])
def test_the_table_says_what_each_format_loses(name: str, said: str) -> None:
    said = {"the same": "the picture, files of assets, decorators"}.get(said, said)
    lost = {loss.field for loss in FORMATS[name].losses(_package())}
    named = set(said.split(", "))
    for words, fields in _MEANS.items():
        if name != "markdown" or words != "all but the book":  # it keeps the card, for people alone
            assert (words in named) == bool(lost & set(fields)), (words, lost)
    assert bool(lost) == (name not in ("tavernai", "charx"))


def test_a_charx_has_one_picture_of_the_character() -> None:
    package = _package()
    other = CardPackage(package.card, draw_placeholder("Somebody else"), package.files)
    assert [loss.field for loss in FORMATS["charx"].losses(other)] == ["picture"]


def test_the_limits_are_those_in_force() -> None:
    megabyte = 1024**2
    for number in (
        f"above {LARGEST_FILE // megabyte} MB",
        f"JSON above {json_text.LARGEST_TEXT // megabyte} MB or {json_text.MOST_VALUES:,} values",
        f"YAML above {yaml_text.LARGEST_TEXT // megabyte} MB or {yaml_text.MOST_VALUES:,}",
        f"more than {png_chunks.LARGEST_TEXT // megabyte} MB",
        f"more than {charx.MOST_MEMBERS:,} files or {charx.LARGEST_CONTENT // megabyte} MB",
    ):
        assert number in " ".join(_PAGE.split())


@pytest.mark.parametrize("command", ["generate", "convert", "inspect", "lint", "usage", "limits"])
def test_the_readme_names_the_options_there_are(call: Call, command: str) -> None:
    lines = re.findall(rf"^cardforge {command} .*(?:\n {{4,}}.*)*$", _README, re.MULTILINE)
    assert _options("\n".join(lines)) == _options(call(command, "--help").out.split("options:")[1])


@pytest.mark.parametrize("action", ["list", "show", "pause", "retry", "cancel", "resume"])
def test_the_readme_names_what_can_be_done_with_batches(call: Call, action: str) -> None:
    (line,) = re.findall(rf"^cardforge batches (?:\w+\|)*{action}\b.*$", _README, re.MULTILINE)
    help_text = call("batches", action, "--help").out
    assert _options(line) == _options(help_text.split("options:")[1])
    usage = help_text.split("\n\n")[0]
    assert ("ID" in line, "ID..." in line, "[ID" in line) == (
        "ID" in usage,
        "[ID ...]" in usage,
        "[ID ...]" in usage and "ID [ID" not in usage,
    )


_PROFILES = (ROOT / "docs" / "profiles.md").read_text("utf-8")


_BOOKS = (ROOT / "docs" / "books.md").read_text("utf-8")


@pytest.mark.parametrize(("command", "page"), [("profiles", _PROFILES), ("books", _BOOKS)])
def test_every_action_is_documented(call: Call, command: str, page: str) -> None:
    actions = re.search(rf"^cardforge {command} ([\w|]+)$", _README, re.MULTILINE)
    known = re.findall(r"^ {4}(\w+)", call(command, "--help").out, re.MULTILINE)
    assert actions is not None
    assert actions[1].split("|") == known
    assert re.findall(rf"^cardforge {command} (\w+) ", page.split("```")[1], re.MULTILINE) == known
    for action in known:
        line = re.search(rf"^cardforge {command} {action} .*(?:\n {{4,}}.*)*$", page, re.MULTILINE)
        assert line is not None
        assert _options(line[0]) == _options(call(command, action, "--help").out.split("options:")[1])


def test_the_bounds_of_profile_files_are_those_in_force() -> None:
    assert f"above {LARGEST_PROFILE_FILE // 1024**2} MB, above {MOST_PROFILES} profiles" in " ".join(
        _PROFILES.split()
    )


def _options(text: str) -> set[str]:
    return set(re.findall(r"--[a-z][a-z-]+", text)) - {"--help"}
