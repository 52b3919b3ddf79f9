"""Children are modules of this package, whatever lies in the folder somebody works in."""

import subprocess
from pathlib import Path

from cardforge_desktop.child_process import CHILD_FLAG, child_command, run_child
from tests.support.app import variables


def test_files_of_the_working_folder_are_never_imported(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit('imported from the working folder')")
    command = child_command("cardforge_desktop.sources.pdf_child")
    ended = subprocess.run(
        command, cwd=tmp_path, env=variables(), input=b"", capture_output=True, timeout=60, check=False
    )
    assert b"imported from the working folder" not in ended.stderr + ended.stdout


def test_only_modules_of_this_package_are_run() -> None:
    assert not run_child(["app", CHILD_FLAG, "os"])
    assert not run_child(["app", "file.md"])
