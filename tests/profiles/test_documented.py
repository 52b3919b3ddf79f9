"""docs/profiles.md says what the rules and templates say."""

import ast
import re

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles import templates
from cardforge_desktop.profiles.model import FIELD_NAMES, ProfileContent
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.rules.context import LITTLE_ROOM
from cardforge_desktop.profiles.rules.numbers import bounds_of
from cardforge_desktop.profiles.rules.texts import longest_of
from cardforge_desktop.profiles.validation import FindingCode
from tests.support.app import ROOT

_PAGE = (ROOT / "docs" / "profiles.md").read_text("utf-8")
_PATHS = fields_of(ProfileContent(name=""))
_ROWS = dict(re.findall(r"^\| `([\w.]+)` \| (.+) \|$", _PAGE.partition("## What is in a profile")[2], re.M))


def documented(path: str) -> str:
    """The words of the row that tells of a field."""
    parts = path.split(".")
    if len(parts) > 2 and parts[1] == "fields":
        parts[2] = "FIELD"
    return _ROWS[".".join(parts)]


def test_every_code_has_a_row_in_its_order() -> None:
    rows = re.findall(r"^\| (?:`(\w+)` )?\| (error|warning) \| (.+) \|$", _PAGE, re.M)
    assert [code for code, _, _ in rows if code] == [code.value for code in FindingCode]
    assert all(told.endswith(".") for _, _, told in rows)


def test_no_code_is_one_of_errors_and_each_is_used() -> None:
    assert not set(FindingCode.__members__) & set(ErrorCode.__members__)
    files = (ROOT / "cardforge_desktop" / "profiles").rglob("*.py")
    used = {
        node.attr
        for file in files
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "FindingCode"
    }
    assert used == set(FindingCode.__members__)


def test_every_field_has_a_row_with_its_bounds() -> None:
    for path, value in _PATHS.items():
        told = documented(path)
        if (bounds := bounds_of(path)) is not None:
            least = "above 0" if bounds.above else f"{bounds.lowest:g}"
            assert told.startswith(f"{least} to {bounds.highest:,.0f}"), path
        elif (longest := longest_of(path)) is not None:
            assert f" to {longest:,} characters" in told, path
        else:
            assert isinstance(value, bool | tuple) or "`" in told, path
    for name in FIELD_NAMES:
        assert f"`{name}`" in _PAGE


def test_every_placeholder_is_in_the_table() -> None:
    section = _PAGE.partition("## Placeholders")[2].partition("## ")[0]
    rows = re.findall(r"^\| .* \| (`\{.*) \|$", section, re.M)
    everywhere, task, field, book = (tuple(re.findall(r"\{(\w+)\}", row)) for row in rows)
    assert everywhere == templates.EVERYWHERE
    assert (*everywhere, *task) == templates.OF_TASK
    assert (*everywhere, *field) == templates.OF_FIELD
    assert (*everywhere, *book) == templates.OF_BOOK


def test_the_room_for_the_source_is_the_one_in_force() -> None:
    assert f"Fewer than {LITTLE_ROOM:,} tokens" in _PAGE
