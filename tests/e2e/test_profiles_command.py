"""Profiles that several processes work on: who loses is told so, and a file goes from one home to another."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.support.app import cardforge, command, open_workspace, variables


def _shown(folder: Path, name: str, **environment: str) -> dict[str, Any]:
    shown = cardforge("profiles", "show", name, "--json", cwd=folder, **environment)
    assert shown.returncode == 0, shown.stderr
    profile: dict[str, Any] = json.loads(shown.stdout)
    return profile


def test_of_writers_on_one_version_exactly_one_is_first(tmp_path: Path) -> None:
    with open_workspace():
        pass  # so that none of them is busy with the first start
    styles = [f"style {number}" for number in range(3)]

    def edit(style: str) -> subprocess.CompletedProcess[str]:
        words = ("profiles", "edit", "Default", "--set", f"config.style={style}", "--if-match", "1", "--json")
        return subprocess.run(
            command(*words),
            cwd=tmp_path,
            env=variables(),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    with ThreadPoolExecutor(len(styles)) as pool:
        ended = list(pool.map(edit, styles))
    assert sorted(each.returncode for each in ended) == [0, 4, 4], [each.stderr for each in ended]
    (first,) = (style for style, each in zip(styles, ended, strict=True) if each.returncode == 0)
    profile = _shown(tmp_path, "default")
    assert (profile["version"], profile["config"]["style"]) == (2, first)
    for each in ended:
        report = json.loads(each.stdout)
        if each.returncode == 4:
            assert (report["error"], report["current_version"], report["your_version"]) == (
                "PROFILE_VERSION_CONFLICT", 2, 1,
            )  # fmt: skip
            assert (report["updated_by"], report["updated_at"]) == (
                profile["updated_by"],
                profile["updated_at"],
            )


def test_a_profile_goes_to_another_home_and_back(tmp_path: Path) -> None:
    other = {"CARDFORGE_HOME": str(tmp_path / "other")}
    text = "Stil: „knapp“ – 霧 😀\n\n  {source}\n\t{fields} \n# no comment: 'yes'"
    edited = cardforge(
        "profiles", "edit", "Default", "--name", "Noir / 霧", "--set", f"prompts.task={text}",
        "--set", "config.sampling.temperature=0.65", "--set", "config.language=no", cwd=tmp_path,
    )  # fmt: skip
    assert edited.returncode == 0, edited.stderr
    exported = cardforge("profiles", "export", "Noir / 霧", cwd=tmp_path)
    assert exported.returncode == 0, exported.stderr
    (file,) = tmp_path.glob("*.cardforge-profile.json")
    assert exported.stdout == f"{file.name}\n"
    imported = cardforge("profiles", "import", file.name, cwd=tmp_path, **other)
    assert imported.returncode == 0, imported.stderr
    here, there = _shown(tmp_path, "noir / 霧"), _shown(tmp_path, "noir / 霧", **other)
    parts = ("name", "description", "type", "config", "prompts")
    assert {part: here[part] for part in parts} == {part: there[part] for part in parts}
    assert there["prompts"]["task"] == text
    back = cardforge("profiles", "export", "Noir / 霧", "-o", "-", cwd=tmp_path, **other)
    again = subprocess.run(
        command("profiles", "import", "-"), input=back.stdout, cwd=tmp_path, env=variables(),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (again.returncode, again.stderr) == (
        0, "“Noir / 霧” is there already, just as it is in the file.\n",
    )  # fmt: skip


def test_a_real_editor_changes_a_profile(tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(
        f"#!{sys.executable}\n"
        "import sys\nfrom pathlib import Path\n"
        "file = Path(sys.argv[1])\n"
        "text = file.read_text('utf-8').replace(\"  style: ''\", '  style: terse, wry')\n"
        # As many editors do:
        "new = file.with_name('new')\nnew.write_text(text, 'utf-8')\nnew.replace(file)\n",
        encoding="utf-8",
    )
    editor.chmod(0o755)
    edited = cardforge("profiles", "edit", "default", "--json", cwd=tmp_path, VISUAL="", EDITOR=str(editor))
    assert edited.returncode == 0, edited.stderr
    assert json.loads(edited.stdout)["config"]["style"] == "terse, wry"
    assert _shown(tmp_path, "default")["version"] == 2


def test_ctrl_c_while_the_editor_is_open_keeps_what_was_written(tmp_path: Path, home: Path) -> None:
    ready = tmp_path / "ready"
    os.mkfifo(ready)
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import signal, sys\nfrom pathlib import Path\n"
        "file = Path(sys.argv[1])\n"
        "file.write_text(file.read_text('utf-8').replace('greetings: 2', 'greetings: 3'), 'utf-8')\n"
        f"Path({str(ready)!r}).write_text('x')\n"
        "signal.pause()\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        command("profiles", "edit", "default"), cwd=tmp_path, stderr=subprocess.PIPE, text=True,
        env=variables(VISUAL=f"'{sys.executable}' '{editor}'"), start_new_session=True,
    )  # fmt: skip
    with process:
        assert ready.read_text() == "x"
        os.killpg(process.pid, signal.SIGINT)  # the terminal sends it to both
        _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    (file,) = (home / "data" / "edits").iterdir()
    assert f"What you wrote is kept in {file}\n" in told
    assert "Traceback" not in told.split("To go on")[-1]
    assert _shown(tmp_path, "default")["version"] == 1
    assert cardforge("profiles", "edit", "default", "--from", file, cwd=tmp_path).returncode == 0
    assert _shown(tmp_path, "default")["config"]["greetings"] == 3


def test_a_reader_that_goes_away_ends_it_quietly(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        ended = subprocess.run(
            command("profiles", "show", "default"), cwd=tmp_path, env=variables(), stdout=writer,
            stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    finally:
        os.close(writer)
    assert "Traceback" not in ended.stderr


def test_names_print_where_the_terminal_knows_no_utf_8(tmp_path: Path) -> None:
    ascii_only = {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    assert cardforge("profiles", "edit", "default", "--name", "霧 ☂", cwd=tmp_path).returncode == 0
    for arguments in (("list",), ("show", "profile_default"), ("show", "profile_default", "--json")):
        ended = cardforge("profiles", *arguments, cwd=tmp_path, **ascii_only)
        assert ended.returncode == 0, ended.stderr
        assert "霧 ☂" in ended.stdout
