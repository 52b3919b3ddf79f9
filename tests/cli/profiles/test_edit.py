"""``cardforge profiles edit``: single fields, whole files, and the person's own editor."""

import io
import json
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.paths import with_value
from cardforge_desktop.profiles.service import Profiles, base_of
from cardforge_desktop.workspace import Workspace
from tests.cli.conftest import Call, Ended
from tests.support.app import open_workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with open_workspace() as opened:
        yield opened


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """What comes from standard input."""
    data = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data, encoding="utf-8"))
    return data


def default(workspace: Workspace) -> Profile:
    return workspace.profiles.get("profile_default")


def edit(call: Call, *arguments: str) -> Ended:
    return call("profiles", "edit", "default", *arguments)


def test_fields_are_set_by_their_paths(workspace: Workspace, call: Call) -> None:
    ended = edit(
        call, "--set", "config.sampling.temperature=0.7", "--set", "config.fields.tags.write=false",
        "--set", "config.formats=v2, json", "--set", "prompts.fields.name=The name = {character}",
        "--set", "config.sampling.seed=7", "--set", "config.sampling.seed=",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    config = default(workspace).config
    assert (config.sampling.temperature, config.sampling.seed) == (0.7, None)
    assert config.formats == ("v2", "json")
    assert not config.fields["tags"].write
    assert default(workspace).prompts.fields["name"] == "The name = {character}"


def test_a_prompt_comes_from_a_file_or_standard_input(
    workspace: Workspace, call: Call, stdin: io.BytesIO
) -> None:
    Path("task.txt").write_bytes(b"\xef\xbb\xbfRead.\r\n\r\n{source}\r\n{fields}\r\n\r\n")
    stdin.write("Stil: knapp – „so“.\n".encode())
    stdin.seek(0)
    assert edit(call, "--set-file", "prompts.task=task.txt", "--set-file", "prompts.examples=-").code == 0
    prompts = default(workspace).prompts
    assert prompts.task == "Read.\n\n{source}\n{fields}\n"
    assert prompts.examples == "Stil: knapp – „so“."


def test_what_a_file_does_not_say_stays(workspace: Workspace, call: Call, stdin: io.BytesIO) -> None:
    before = default(workspace)
    stdin.write(b'{"config": {"greetings": 4}, "prompts": {"fields": {"tags": "Three."}}, "version": 1}')
    stdin.seek(0)
    assert edit(call, "--from", "-", "--set", "config.style=wry").code == 0
    after = default(workspace)
    assert (after.config.greetings, after.config.style) == (4, "wry")
    assert after.prompts.fields == {**before.prompts.fields, "tags": "Three."}
    assert after.name == before.name


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--set", "config.greetings=many"), "error    config.greetings: "),
        (("--set", "config.sampling.temperature=warm"), "error    config.sampling.temperature: "),
        (("--set", "config.point_of_view=fourth"), "error    config.point_of_view: "),
        (("--name", " "), "error    name: "),
        (("--name", "compact"), "DUPLICATE_NAME"),
        (("--set", "prompts.task=nothing"), "error    prompts.task: "),
        (("--set", "config.stile=x"), "Do you mean config.style"),
        (("--set", "config.style"), "PATH=VALUE"),
        (("--set-file", "prompts.task=missing.txt"), "missing.txt can't be read"),
        (("--set-file", "prompts.task=latin.txt"), "latin.txt: byte 1 is no UTF-8"),
        (("--from", "missing.json"), "missing.json can't be read"),
        (("--from", "latin.txt"), "latin.txt can't be read as a profile: byte 1"),
        (("--from", "two.json"), "two.json can't be read as a profile: it holds 2 profiles"),
        (("--from", "odd.json"), "error    config.greetings: "),
        (("--from", "-", "--set-file", "prompts.task=-"), "only once"),
        (("--if-match", "x", "--name", "y"), "'x' is no whole number"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_saved(
    workspace: Workspace, call: Call, arguments: tuple[str, ...], told: str
) -> None:
    Path("latin.txt").write_bytes(b"n\xe9e: x")
    Path("two.json").write_text(call("profiles", "export", "default", "group", "-o", "-").out, "utf-8")
    Path("odd.json").write_text('{"config": {"greetings": "4"}}', "utf-8")
    ended = edit(call, *arguments)
    assert ended.code == 2
    assert told in ended.err
    assert ended.out == ""
    assert default(workspace).version == 1


def test_a_refused_write_has_the_findings_in_its_json(call: Call) -> None:
    ended = edit(call, "--set", "config.greetings=many", "--json")
    error = json.loads(ended.out)["error"]
    assert error["code"] == "PROFILE_INVALID"
    assert [finding["field"] for finding in error["details"]["errors"]] == ["config.greetings"]


def test_bytes_of_an_argument_that_are_no_text_do_no_harm(workspace: Workspace, call: Call) -> None:
    assert edit(call, "--set", "config.style=a\udcffb").code == 0
    assert default(workspace).config.style == "a�b"


def test_changes_of_different_fields_are_merged_and_of_the_same_field_are_a_conflict(
    workspace: Workspace, call: Call
) -> None:
    edit(call, "--set", "config.style=theirs", "--set", "config.greetings=5")
    kept_both = edit(call, "--set", "config.language=mine", "--if-match", "1", "--merge")
    assert kept_both.code == 0, kept_both.err
    config = default(workspace).config
    assert (config.style, config.greetings, config.language) == ("theirs", 5, "mine")
    lost = edit(
        call,
        "--set",
        "config.style=mine",
        "--set",
        "config.tense=past",
        "--if-match",
        "1",
        "--merge",
        "--json",
    )
    assert lost.code == 4
    assert lost.err.startswith("Both of you changed config.style.\n")
    assert json.loads(lost.out)["current_version"] == 3
    assert default(workspace).version == 3
    assert edit(call, "--set", "config.tense=past", "--merge").code == 0


def test_a_merge_that_others_overtake_is_made_again(
    workspace: Workspace, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    save, faster = Profiles.save, [("config.tense", "past"), ("config.style", "theirs")]

    def overtaken(profiles: Profiles, *arguments: Any, **named: Any) -> Profile:
        if faster:
            newest = default(workspace)
            content = with_value(newest.content, *faster.pop())
            save(workspace.profiles, newest.id, content, base_of(newest))
        return save(profiles, *arguments, **named)

    monkeypatch.setattr(Profiles, "save", overtaken)
    ended = edit(call, "--set", "config.language=mine", "--merge")
    assert ended.code == 0, ended.err
    config = default(workspace).config
    assert (config.language, config.style, config.tense) == ("mine", "theirs", "past")
    assert [line.reason for line in workspace.profiles.history("profile_default")] == [
        "merged", "saved", "saved", "shipped",
    ]  # fmt: skip


# The editor


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Makes $EDITOR a program of these lines; `text` is what the file holds."""

    def use(script: str) -> None:
        program = tmp_path / "an editor.py"
        head = (
            "import sys; from pathlib import Path; file = Path(sys.argv[-1]); text = file.read_text('utf-8')"
        )
        program.write_text(f"{head}\n{script}", encoding="utf-8")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{program}' --wait")

    return use


def kept(workspace: Workspace) -> list[Path]:
    folder = workspace.paths.data / "edits"
    return sorted(folder.iterdir()) if folder.exists() else []


def test_what_the_editor_saves_is_the_new_version(
    workspace: Workspace, call: Call, editor: Callable[[str], None]
) -> None:
    editor(
        "assert sys.argv[1] == '--wait' and file.suffix == '.yaml' and '“Default”, version 1' in text\n"
        "text = text.replace('    Source', '    My source')\n"
        "file.write_text(text.replace('  style: \\'\\'', '  style: no'))",
    )  # fmt: skip
    ended = edit(call)
    assert ended.code == 0, ended.err
    assert ended.err.splitlines()[0] == "Saved version 2 of “Default”: config.style, prompts.task."
    assert default(workspace).config.style == "no"
    assert default(workspace).prompts.task.startswith("My source material:\n\n")
    assert kept(workspace) == []


def test_an_editor_that_changes_nothing_saves_nothing(
    workspace: Workspace, call: Call, editor: Callable[[str], None]
) -> None:
    for script in ("", "file.unlink()", "sys.exit(3)"):
        editor(script)
        ended = edit(call)
        assert ended.code == (2 if script else 0), ended.err
        assert kept(workspace) == []
    assert "ended with 3" in ended.err
    assert default(workspace).version == 1


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("file.write_text(text.replace('greetings: 2', 'greetings: many'))", "error    config.greetings: "),
        ("file.write_text(text.replace('name: Default', 'name: Compact'))", "DUPLICATE_NAME"),
        (
            "file.write_text(text.replace('greetings: 2', 'greetings: 3') + '  : [')",
            ".yaml can't be read as a profile: line ",
        ),
        ("file.write_text(text.replace('greetings: 2', 'greetings: 3')); sys.exit(1)", "ended with 1"),
        (
            "file.write_text(text.replace('greetings: 2', 'greetings: 3')); import os, signal\n"
            "os.kill(os.getpid(), signal.SIGTERM)",
            "was ended by SIGTERM" if os.name == "posix" else "ended with ",
        ),
    ],
)
def test_what_could_not_be_saved_is_kept_and_can_be_gone_on_with(
    workspace: Workspace, call: Call, editor: Callable[[str], None], script: str, told: str
) -> None:
    editor(script)
    ended = edit(call)
    assert ended.code == 2
    assert told in ended.err
    (file,) = kept(workspace)
    assert f"What you wrote is kept in {file}\n" in ended.err
    assert f"cardforge profiles edit Default --from {file}\n" in ended.err
    assert default(workspace).version == 1
    mended = file.read_text("utf-8").replace("many", "3").replace("  : [", "").replace("Compact", "My own")
    file.write_text(mended, "utf-8")
    assert edit(call, "--from", str(file)).code == 0
    assert default(workspace).version == 2
    assert kept(workspace) == []


def test_somebody_who_saves_while_the_editor_is_open_wins_and_nothing_is_lost(
    workspace: Workspace, call: Call, editor: Callable[[str], None]
) -> None:
    other = (
        "from cardforge_desktop.cli import main; main(['profiles', 'edit', 'default', '--name', 'Theirs'])"
    )
    editor(
        "file.write_text(text.replace('greetings: 2', 'greetings: 3'))\n"
        f"import subprocess; subprocess.run([sys.executable, '-c', {other!r}], check=True)",
    )  # fmt: skip
    ended = edit(call, "--if-match", "1")
    assert ended.code == 4
    assert default(workspace).name == "Theirs"
    (file,) = kept(workspace)
    assert f"What you wrote is kept in {file}\n" in ended.err
    again = f"cardforge profiles edit Theirs --from {file} --if-match"
    assert [line.partition(": ")[2].strip() for line in ended.err.splitlines()[-2:]] == [
        f"{again} 1 --merge", f"{again} 2",
    ]  # fmt: skip
    assert call(*f"{again} 1 --merge".split()[1:]).code == 0
    both = default(workspace)
    assert (both.version, both.name, both.config.greetings) == (3, "Theirs", 3)
    assert workspace.profiles.history(both.id)[0].reason == "merged"
    assert kept(workspace) == []


def test_without_an_editor_it_is_said_how_to_go_on(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "")
    ended = edit(call)
    assert ended.code == 2
    assert "$EDITOR" in ended.err
    monkeypatch.setenv("VISUAL", "no-such-editor")
    assert "“no-such-editor” did not start" in edit(call).err
    monkeypatch.setenv("VISUAL", "'no end")
    ended = edit(call)
    assert ended.code == 2
    assert "a quotation mark is not closed" in ended.err


def test_a_profile_that_is_deleted_while_the_editor_is_open_can_be_brought_back_with_what_was_written(
    workspace: Workspace, call: Call, editor: Callable[[str], None]
) -> None:
    other = "from cardforge_desktop.cli import main; main(['profiles', 'delete', 'default'])"
    editor(
        "file.write_text(text.replace('greetings: 2', 'greetings: 3'))\n"
        f"import subprocess; subprocess.run([sys.executable, '-c', {other!r}], check=True)",
    )  # fmt: skip
    ended = edit(call)
    assert ended.code == 2
    commands = [line.partition(": ")[2].strip() for line in ended.err.splitlines() if "  cardforge " in line]
    assert [call(*shlex.split(command)[1:]).code for command in commands[-2:]] == [0, 0]
    assert default(workspace).config.greetings == 3
    assert kept(workspace) == []
