"""The list of error codes: complete, used, documented."""

import ast
import functools
import re
from pathlib import Path

from cardforge_desktop.errors import ErrorCode
from tests.support.app import ROOT

_PACKAGE = ROOT / "cardforge_desktop"
_PAGE = (ROOT / "docs" / "error-codes.md").read_text("utf-8")


@functools.cache
def _trees() -> list[tuple[Path, ast.Module]]:
    files = [file for file in sorted(_PACKAGE.rglob("*.py")) if file != _PACKAGE / "errors.py"]
    return [(file, ast.parse(file.read_text("utf-8"))) for file in files]


def test_the_page_has_a_sentence_for_every_code_in_their_order() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", _PAGE, re.MULTILINE)
    assert [code for code, _, _ in rows] == [code.value for code in ErrorCode]
    for code, happened, next_step in rows:
        assert happened.endswith("."), code
        assert next_step.endswith("."), code


def test_a_code_is_its_own_name() -> None:
    assert [code.name for code in ErrorCode] == [code.value for code in ErrorCode]


def test_the_package_names_codes_by_the_list_alone() -> None:
    codes = {code.value for code in ErrorCode}
    written_out = [
        f"{file.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for file, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in codes
    ]
    assert written_out == []


def test_every_code_is_used() -> None:
    used = {
        node.attr
        for _, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "ErrorCode"
    }
    assert {code.name for code in ErrorCode} - used == set()
