"""``cardforge profiles diff``: what changed, field by field."""

import json
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.support.screen import Screen

TASK = "Read.\n\nOne\nTwo\nThree\n{source}\n\nWrite all of {fields}."


@pytest.fixture(autouse=True)
def versions(call: Call) -> None:
    """Four versions of the Default profile."""
    call("profiles", "edit", "default", "--set", f"prompts.task={TASK}")
    task = TASK.replace("Two", "2").replace("all of", "some of") + "\nBe short."
    call("profiles", "edit", "default", "--set", f"prompts.task={task}", "--set", "config.sampling.seed=7")
    call("profiles", "edit", "default", "--set", "config.formats=v2", "--set", "config.book.include=false")


def test_versions_are_compared_by_field(call: Call) -> None:
    lines = call("profiles", "diff", "default", "2", "3").out.splitlines()
    assert lines[0].startswith("--- Default, version 2 (")
    assert lines[1].startswith("+++ Default, version 3 (")
    assert lines[2:] == [
        "",
        "config.sampling.seed",
        "- null",
        "+ 7",
        "",
        "prompts.task",
        "@@ line 2 @@",
        "",
        "  One",
        "- Two",
        "+ 2",
        "  Three",
        "  {source}",
        "",
        "- Write all of {fields}.",
        "+ Write some of {fields}.",
        "+ Be short.",
    ]


def test_without_versions_it_is_the_newest_change(call: Call) -> None:
    newest = call("profiles", "diff", "default")
    assert newest.out == call("profiles", "diff", "default", "3", "4").out
    assert newest.out == call("profiles", "diff", "default", "v3").out
    assert "config.formats\n- json, v2, tavernai\n+ v2\n" in newest.out
    assert "config.book.include\n- true\n+ false\n" in newest.out
    back = call("profiles", "diff", "default", "4", "3").out
    assert "- v2\n+ json, v2, tavernai\n" in back


def test_what_does_not_differ_is_said(call: Call) -> None:
    same = call("profiles", "diff", "default", "3", "3")
    assert (same.code, same.out) == (0, "")
    assert "Nothing differs" in same.err
    assert "Nothing differs" in call("profiles", "diff", "compact").err


def test_profiles_and_files_are_compared(call: Call) -> None:
    call("profiles", "export", "default", "-o", "a.json")
    assert "Nothing differs between Default, version 4" in call("profiles", "diff", "default", "a.json").err
    assert "+++ Default, version 4" in call("profiles", "diff", "Compact", "default").out
    Path("b.yaml").write_text("name: Other\nconfig: {style: wry}\n", encoding="utf-8")
    ended = call("profiles", "diff", "a.json", "b.yaml", "--json")
    report = json.loads(ended.out)
    assert (report["before"], report["after"]) == (
        {"name": "a.json", "version": None}, {"name": "b.yaml", "version": None},
    )  # fmt: skip
    assert report["changes"][0] == {"field": "name", "before": "Default", "after": "Other"}
    assert {"field": "config.style", "before": "", "after": "wry"} in report["changes"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("default", "9"), ("default", "0"), ("default", "compact", "1"), ("nobody",), ("default", "nobody"),
        ("a.json", "1"), ("a.json",),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_wrong_use(call: Call, arguments: tuple[str, ...]) -> None:
    call("profiles", "export", "default", "-o", "a.json")
    ended = call("profiles", "diff", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("cardforge: ")


def test_on_a_terminal_the_changed_words_are_marked(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    with Screen(200) as screen:
        monkeypatch.setattr(sys, "stdout", screen.stream)
        call("profiles", "diff", "default", "2", "3")
        text = screen.text()
        assert "\x1b[31m- Write \x1b[7mall\x1b[27m of {fields}." in text
        assert "\x1b[32m+ Write \x1b[7msome\x1b[27m of {fields}" in text
        for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
            monkeypatch.setenv(name, value)
            before = len(screen.text())
            call("profiles", "diff", "default", "2", "3")
            assert "\x1b" not in screen.text()[before:]
            monkeypatch.delenv(name)
