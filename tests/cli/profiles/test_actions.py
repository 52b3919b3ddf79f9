"""``cardforge profiles``: what is shown of profiles, and what each write leaves behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.rows import Stamp, insert_profile
from cardforge_desktop.profiles.service import base_of
from cardforge_desktop.profiles.unsaved import UnsavedProfiles
from cardforge_desktop.profiles.validation import shortened
from cardforge_desktop.store.database import Store
from cardforge_desktop.workspace import Workspace
from tests.cli.conftest import Call
from tests.cli.files import HOSTILE, has_controls
from tests.support.app import open_workspace

ACTIONS = {
    "list": (),
    "show": ("Default",),
    "history": ("Default",),
    "diff": ("Default",),
    "validate": ("Default",),
    "edit": ("Default", "--set", "config.style=terse"),
    "export": ("Default",),
    "import": ("a.json",),
    "restore": ("Default", "1"),
    "duplicate": ("Default",),
    "delete": ("Default",),
}


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """The workspace that the commands open as well, as the window would have it open."""
    with open_workspace() as opened:
        yield opened


def default(workspace: Workspace) -> Profile:
    return workspace.profiles.get("profile_default")


def save(workspace: Workspace, **config: object) -> Profile:
    """The window saves the Default profile."""
    before = default(workspace)
    changed = before.config.model_copy(update=config)
    content = before.content.model_copy(update={"config": changed})
    return workspace.profiles.save(before.id, content, base_of(before))


def test_profiles_are_listed_by_name_with_their_versions(workspace: Workspace, call: Call) -> None:
    save(workspace, style="terse")
    heading, *lines = call("profiles", "list").out.splitlines()
    assert heading.split() == ["NAME", "TYPE", "VERSION", "SAVED", "BY", "ID"]
    assert [line.split()[-1] for line in lines] == [each.id for each in workspace.profiles.profiles()]
    (line,) = (line for line in lines if line.startswith("Default "))
    assert line.split()[1:3] == ["character", "2"]
    listed = json.loads(call("profiles", "list", "--json").out)
    assert [each["name"] for each in listed] == [each.name for each in workspace.profiles.profiles()]


def test_a_profile_as_json_has_the_fields_of_the_specification(workspace: Workspace, call: Call) -> None:
    profile = save(workspace, style="terse")
    shown = json.loads(call("profiles", "show", "profile_default", "--json").out)
    assert list(shown) == [
        "id", "name", "description", "type", "version", "config", "prompts",
        "created_at", "updated_at", "created_by", "updated_by",
    ]  # fmt: skip
    assert (shown["id"], shown["name"], shown["version"]) == ("profile_default", "Default", 2)
    assert shown["config"] == profile.config.model_dump(mode="json")
    assert shown["prompts"] == profile.prompts.model_dump(mode="json")
    assert shown["updated_at"] == f"{profile.updated_at:%Y-%m-%dT%H:%M:%S}Z"
    assert (shown["created_by"], shown["updated_by"]) == ("CardForge", profile.updated_by)
    earlier = json.loads(call("profiles", "show", "DEFAULT", "--at", "1", "--json").out)
    assert (earlier["version"], earlier["config"]["style"]) == (1, "")


def test_a_profile_is_shown_with_its_prompts_line_by_line(workspace: Workspace, call: Call) -> None:
    save(workspace, style="terse")
    shown = call("profiles", "show", "default").out
    assert shown.startswith("Default  (profile_default)\n  version 2, saved ")
    assert "\n  style: terse\n" in shown
    assert all(f"    {line}".rstrip() in shown for line in default(workspace).prompts.task.splitlines())
    assert "  version 1 of 2, saved " in call("profiles", "show", "default", "--at", "1").out


def test_the_history_tells_who_saved_what(workspace: Workspace, call: Call) -> None:
    profile = save(workspace, style="terse", greetings=3)
    call("profiles", "restore", "default", "1")
    heading, *lines = call("profiles", "history", "default").out.splitlines()
    assert heading.split() == ["VERSION", "SAVED", "BY", "HOW", "CARDS", "CHANGED"]
    assert [line.split()[0] for line in lines] == ["3", "2", "1"]
    assert "command line  restored 1" in lines[0]
    assert lines[1].endswith("config.greetings, config.style")
    assert profile.updated_by in lines[1]
    assert lines[2].split()[2:] == ["CardForge", "shipped"]
    listed = json.loads(call("profiles", "history", "default", "--json").out)
    assert [(line["version"], line["reason"]) for line in listed] == [
        (3, "restored 1"), (2, "saved"), (1, "shipped"),
    ]  # fmt: skip


def test_the_history_tells_what_had_to_give_way(workspace: Workspace, call: Call) -> None:
    mine = default(workspace).content.model_copy(update={"description": "mine"})
    unsaved: UnsavedProfiles = workspace.unsaved_profiles
    unsaved.set_aside("profile_default", 1, mine)
    unsaved.keep("profile_default", 1, mine)  # an open editor's is nobody else's business
    told = call("profiles", "history", "default").out.splitlines()[2:]
    assert len(told) == 1
    assert told[0].startswith("Set aside ")
    assert told[0].endswith("on version 1: description")


def test_a_write_without_a_version_is_saved_by_the_command_line(workspace: Workspace, call: Call) -> None:
    ended = call("profiles", "edit", "default", "--set", "config.style=terse, wry", "--name", " Noir ")
    assert ended.code == 0
    assert ended.err.startswith("Saved version 2 of “Noir”, which was “Default”: name, config.style.\n")
    profile = default(workspace)
    assert (profile.version, profile.name, profile.config.style) == (2, "Noir", "terse, wry")
    assert profile.updated_by.endswith(", command line")
    again = call("profiles", "edit", "noir", "--set", "config.style=terse, wry", "--if-match", "2")
    assert (again.code, again.err) == (0, "Nothing differs: “Noir” stays at version 2.\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("edit", "Default", "--set", "config.greetings=4"),
        ("edit", "Default", "--name", "Other"),
        ("edit", "Default", "--from", "a.json"),
        ("import", "a.json", "--replace", "Default"),
        ("restore", "Default", "1"),
    ],
)
def test_a_write_on_an_old_version_saves_nothing_and_ends_with_4(
    workspace: Workspace, call: Call, arguments: tuple[str, ...]
) -> None:
    Path("a.json").write_text('{"cardforge_profile": 1, "description": "other"}', encoding="utf-8")
    theirs = save(workspace, style="theirs")
    ended = call("profiles", *arguments, "--if-match", "1")
    assert (ended.code, ended.out) == (4, "")
    assert f"“Default” is at version 2, saved by {theirs.updated_by}" in ended.err
    assert "you started from version 1" in ended.err
    assert "cardforge profiles diff Default 1 2" in ended.err
    assert "--if-match 2" in ended.err
    assert default(workspace) == theirs
    report = json.loads(call("profiles", *arguments, "--if-match", "1", "--json").out)
    assert list(report) == [
        "error", "message", "current_version", "your_version", "updated_by", "updated_at",
    ]  # fmt: skip
    assert (report["error"], report["current_version"], report["your_version"]) == (
        "PROFILE_VERSION_CONFLICT", 2, 1,
    )  # fmt: skip
    assert (report["updated_by"], report["updated_at"][-1]) == (theirs.updated_by, "Z")
    assert call("profiles", *arguments, "--if-match", '"v2"').code == (0 if arguments[0] != "import" else 1)


@pytest.mark.parametrize("number", ["0", "-1", "v0"])
def test_a_version_that_no_profile_can_have_is_wrong_use(call: Call, number: str) -> None:
    ended = call("profiles", "edit", "Default", "--set", "config.style=terse", f"--if-match={number}")
    assert ended.code == 2
    assert "versions begin at 1" in ended.err


def test_an_earlier_version_becomes_the_newest(workspace: Workspace, call: Call) -> None:
    first = default(workspace)
    save(workspace, style="terse")
    restored = json.loads(call("profiles", "restore", "default", "1", "--if-match", "2", "--json").out)
    assert (restored["version"], restored["config"]["style"]) == (3, "")
    assert default(workspace).content == first.content
    for arguments in (("9",), ("0",), ()):
        assert call("profiles", "restore", "default", *arguments).code == 2
    assert "go from 1 to 3" in call("profiles", "restore", "default", "9").err


def test_a_deleted_profile_comes_back_by_its_id(workspace: Workspace, call: Call) -> None:
    ended = call("profiles", "delete", "default")
    assert ended.err.endswith("cardforge profiles restore profile_default\n")
    assert "profile_default" not in call("profiles", "list").out
    for action in ("show", "edit", "history"):
        assert call("profiles", action, "profile_default").code == 2
    back = call("profiles", "restore", "profile_default")
    assert (back.code, back.err) == (0, "“Default” is back, at version 1.\n")
    assert default(workspace).name == "Default"


def test_a_deleted_profile_comes_back_by_the_name_it_had(workspace: Workspace, call: Call) -> None:
    for _ in range(2):
        assert call("profiles", "duplicate", "default", "--as", "Noir").code == 0
        assert call("profiles", "delete", "noir").code == 0
    last = workspace.profiles.deleted_by_name("Noir")
    assert last is not None
    refused = call("profiles", "show", last.id)
    assert refused.code == 2
    assert f"cardforge profiles restore {last.id}\n" in refused.err
    assert call("profiles", "restore", "NOIR").code == 0
    assert workspace.profiles.by_name("Noir").id == last.id
    assert call("profiles", "restore", "Noir").code == 2  # it is there: no other one takes its place


def test_a_copy_gets_a_number_or_the_name_it_is_given(workspace: Workspace, call: Call) -> None:
    assert json.loads(call("profiles", "duplicate", "default", "--json").out)["name"] == "Default 2"
    assert (
        json.loads(call("profiles", "duplicate", "default", "--as", "Noir", "--json").out)["name"] == "Noir"
    )
    taken = call("profiles", "duplicate", "default", "--as", "noir")
    assert taken.code == 2
    assert "DUPLICATE_NAME" in taken.err
    assert workspace.profiles.by_name("Noir").prompts == default(workspace).prompts


def test_a_profile_and_a_file_are_checked_by_one_rule_set(workspace: Workspace, call: Call) -> None:
    assert call("profiles", "validate", "default").code == 0
    report = json.loads(call("profiles", "validate", "default", "--json").out)
    assert report == workspace.profiles.validate(default(workspace).content, "profile_default").report()
    Path("a.json").write_text(call("profiles", "export", "default", "-o", "-").out, encoding="utf-8")
    taken = call("profiles", "validate", "a.json", "--json")
    assert taken.code == 1
    (error,) = json.loads(taken.out)["errors"]
    assert (error["field"], error["code"]) == ("name", "DUPLICATE_NAME")
    assert "--for" in call("profiles", "validate", "a.json").err
    assert call("profiles", "validate", "a.json", "--for", "default").code == 0


def test_each_fault_of_a_file_is_told_by_its_field(call: Call) -> None:
    Path("a.yaml").write_text("name: x\nconfig: {greetings: many, odd: 1}\n", encoding="utf-8")
    checked = call("profiles", "validate", "a.yaml")
    assert checked.code == 1
    assert "error    config.greetings: " in checked.out
    assert "error    config.odd: " in checked.out
    assert checked.out.endswith("a.yaml: 2 errors.\n")
    Path("b.json").write_text("{", encoding="utf-8")
    assert call("profiles", "validate", "b.json").code == 2


@pytest.mark.parametrize("action", [name for name in ACTIONS if name not in ("list", "import")])
def test_an_unknown_name_is_wrong_use_and_lists_those_there_are(call: Call, action: str) -> None:
    for name in ("Nobody", "profile_", "%", "\udcff\udcfe"):
        ended = call("profiles", action, name, *ACTIONS[action][1:])
        assert ended.code == 2
        assert f"no profile named “{shortened(name)}”" in ended.err
        assert "Default" in ended.err


def test_of_many_profiles_some_are_named(workspace: Workspace, call: Call) -> None:
    content = workspace.profiles.get("profile_default").content
    for number in range(20):
        workspace.profiles.create(content.model_copy(update={"name": f"A {number:02}"}))
    ended = call("profiles", "show", "Nobody")
    assert "A 00" in ended.err
    assert ended.err.endswith("A 19 and 7 more.\n")


def test_nothing_of_a_profile_reaches_the_terminal_raw(workspace: Workspace, call: Call) -> None:
    content = default(workspace).content
    hostile = content.model_copy(
        update={
            "description": HOSTILE,
            "config": content.config.model_copy(update={"style": HOSTILE}),
            "prompts": content.prompts.model_copy(update={"book": f"a\n{HOSTILE}\n"}),
        }
    )
    store = Store(workspace.paths.store)  # as if a newer version's rules had let it in
    with store.write() as session:
        stamp = Stamp(f"ana{HOSTILE}", "created")
        profile = insert_profile(
            session, hostile.model_copy(update={"name": "Tessa"}), "profile_tessa", stamp
        )
    store.close()
    Path("a.json").write_text(call("profiles", "export", "tessa", "-o", "-").out, encoding="utf-8")
    call(
        "profiles",
        "edit",
        "tessa",
        "--set",
        "config.style=",
        "--set",
        "prompts.book=",
        "--set",
        "description=",
    )
    assert workspace.profiles.get("profile_tessa").version == 2
    for arguments in (
        ("list",), ("show", profile.id), ("history", profile.id), ("diff", profile.id),
        ("diff", profile.id, "1"), ("diff", profile.id, "a.json"), ("validate", "a.json"),
        ("edit", profile.id, "--name", f"Tess {HOSTILE}"), ("edit", profile.id, "--set", f"{HOSTILE}=1"),
        ("import", "a.json"), ("show", HOSTILE), ("duplicate", profile.id), ("delete", profile.id),
    ):  # fmt: skip
        for json_too in ((), ("--json",)):
            ended = call("profiles", *arguments, *json_too)
            assert not has_controls(ended.out + ended.err), arguments


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_can_answer_in_json(call: Call, action: str) -> None:
    Path("a.json").write_text(call("profiles", "export", "compact", "-o", "-").out, encoding="utf-8")
    ended = call("profiles", action, *ACTIONS[action], "--json")
    assert ended.code == 0, ended.err
    json.loads(ended.out)


def test_help_tells_the_exit_code_of_a_conflict(call: Call) -> None:
    for arguments in ((), ("edit",), ("import",)):
        assert "4 somebody else saved meanwhile" in " ".join(
            call("profiles", *arguments, "--help").out.split()
        )
