"""``cardforge profiles export`` and ``import``."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.workspace import Workspace
from tests.cli.conftest import Call
from tests.support.app import open_workspace


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with open_workspace() as opened:
        yield opened


def names(workspace: Workspace) -> set[str]:
    return {profile.name for profile in workspace.profiles.profiles()}


def changed_file(call: Call, file: str = "a.json", /, **parts: object) -> Path:
    """The exported Default profile, with some parts of it changed."""
    document = json.loads(call("profiles", "export", "default", "-o", "-").out)
    path = Path(file)
    path.write_text(json.dumps({**document, **parts}), encoding="utf-8")
    return path


def test_each_profile_becomes_a_file_of_its_own(call: Call, tmp_path: Path) -> None:
    assert call("profiles", "export", "default", "Group", "DEFAULT").out.splitlines() == [
        "default.cardforge-profile.json", "group.cardforge-profile.json",
    ]  # fmt: skip
    assert call("profiles", "export", "default").out == "default_2.cardforge-profile.json\n"
    assert call("profiles", "export", "default", "--overwrite").out == "default.cardforge-profile.json\n"
    made = json.loads(call("profiles", "export", "group", "-o", "new/", "--json").out)
    assert made == [{"path": str(Path("new", "group.cardforge-profile.json")), "profiles": ["Group"]}]
    assert sorted(path.name for path in tmp_path.glob("**/*.json")) == [
        "default.cardforge-profile.json", "default_2.cardforge-profile.json", "group.cardforge-profile.json",
        "group.cardforge-profile.json",
    ]  # fmt: skip


def test_all_go_into_one_file_that_is_named(workspace: Workspace, call: Call) -> None:
    assert call("profiles", "export", "--all", "-o", "all.json").code == 0
    documents = json.loads(Path("all.json").read_text("utf-8"))
    assert {document["name"] for document in documents} == names(workspace)
    taken = call("profiles", "export", "default", "-o", "all.json")
    assert taken.code == 2
    assert "--overwrite" in taken.err
    assert len(json.loads(Path("all.json").read_text("utf-8"))) == len(documents)
    assert call("profiles", "export", "default", "-o", "all.json", "--overwrite").code == 0
    assert json.loads(Path("all.json").read_text("utf-8"))["name"] == "Default"


def test_a_name_without_an_ending_is_a_folder(call: Call) -> None:
    assert call("profiles", "export", "default", "group", "-o", "mine").code == 0
    assert sorted(path.name for path in Path("mine").iterdir()) == [
        "default.cardforge-profile.json", "group.cardforge-profile.json",
    ]  # fmt: skip
    Path("taken").touch()
    assert call("profiles", "export", "default", "-o", "taken", "--overwrite").code == 0
    assert json.loads(Path("taken").read_text("utf-8"))["name"] == "Default"


def test_export_needs_names_or_all(call: Call) -> None:
    assert call("profiles", "export").code == 2
    assert call("profiles", "export", "default", "--all").code == 2
    Path("file").touch()
    assert call("profiles", "export", "default", "-o", "file/x.json").code == 2


def test_a_model_that_is_a_path_is_left_out_and_it_is_said(call: Call) -> None:
    call("profiles", "edit", "default", "--set", "config.model=/home/ana/small.gguf")
    ended = call("profiles", "export", "default", "-o", "-")
    assert "ana" not in ended.out
    assert "its model is a path on this machine" in ended.err


def test_what_is_there_already_is_not_imported_twice(workspace: Workspace, call: Call) -> None:
    before = names(workspace)
    call("profiles", "export", "--all", "-o", "all.json")
    ended = call("profiles", "import", "all.json")
    assert ended.code == 0
    assert ended.err.count(" is there already") == len(before)
    assert names(workspace) == before
    file = changed_file(call, description="Other.")
    assert "Imported “Default 2”, since there is a “Default” already." in call("profiles", "import", file).err
    assert "“Default 2” is there already" in call("profiles", "import", file).err
    assert names(workspace) == {*before, "Default 2"}
    assert workspace.profiles.history(workspace.profiles.by_name("Default 2").id)[0].reason == "imported"


def test_a_profile_is_imported_under_another_name(workspace: Workspace, call: Call) -> None:
    file = changed_file(call)
    (made,) = json.loads(call("profiles", "import", file, "--as", "Noir", "--json").out)
    assert (made["name"], made["version"]) == ("Noir", 1)
    taken = call("profiles", "import", file, "--as", "noir")
    assert taken.code == 1
    assert "DUPLICATE_NAME" in taken.err
    assert "a.json" in taken.err


def test_a_profile_is_imported_over_another_one(workspace: Workspace, call: Call) -> None:
    file = changed_file(call, description="Mine.")
    (made,) = json.loads(
        call("profiles", "import", file, "--replace", "compact", "--if-match", "1", "--json").out
    )
    assert (made["id"], made["name"], made["version"]) == ("profile_compact", "Compact", 2)
    replaced = workspace.profiles.by_name("Compact")
    assert replaced.content == workspace.profiles.by_name("Default").content.model_copy(
        update={"name": "Compact", "description": "Mine."}
    )
    assert workspace.profiles.history(replaced.id)[0].reason == "imported"
    assert call("profiles", "import", file, "--replace", "compact", "--if-match", "1").code == 4
    assert call("profiles", "import", file, "--if-match", "1").code == 2
    assert call("profiles", "import", file, "--as", "A", "--replace", "compact").code == 2


def test_one_bad_file_keeps_no_other_out(workspace: Workspace, call: Call) -> None:
    Path("broken.json").write_text("{", encoding="utf-8")
    changed_file(call, "good.json", name="Good one")
    changed_file(call, "wrong.json", name="Wrong one", config={"greetings": "two"})
    document = json.loads(Path("good.json").read_text("utf-8"))
    Path("list.json").write_text(json.dumps([{**document, "name": "Better one"}, {"prompts": []}]), "utf-8")
    ended = call("profiles", "import", "broken.json", "wrong.json", "list.json", "good.json")
    assert ended.code == 1
    assert "broken.json can't be read as a profile: line 1, column 2" in ended.err
    assert "nothing of wrong.json was saved. What is wrong:\n  error    config.greetings: " in ended.err
    assert "nothing of list.json (profile 2) was saved. What is wrong:\n  error    prompts: " in ended.err
    assert {"Good one", "Better one"} <= names(workspace)
    assert "Wrong one" not in names(workspace)


def test_files_that_are_not_there_are_wrong_use(workspace: Workspace, call: Call) -> None:
    changed_file(call, name="New one")
    before = names(workspace)
    ended = call("profiles", "import", "a.json", "nothing.json")
    assert ended.code == 2
    assert "nothing.json" in ended.err
    assert names(workspace) == before
    several = call("profiles", "import", "a.json", "a.json", "--as", "X")
    assert several.code == 2
    assert "for one profile" in several.err


def test_a_profile_of_another_home_whose_engine_is_not_here_comes_in_with_a_warning(
    workspace: Workspace, call: Call
) -> None:
    document = json.loads(changed_file(call).read_text("utf-8"))
    changed_file(call, name="Theirs", config={**document["config"], "engine": "Their server"})
    assert call("profiles", "import", "a.json").code == 0
    theirs: ProfileContent = workspace.profiles.by_name("Theirs").content
    assert theirs.config.engine == "Their server"
