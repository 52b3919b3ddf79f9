"""Proof that the frozen app works, not only starts: ``smoke_test.py FOLDER`` (what PyInstaller made).

It runs with a home of its own, away from the checkout and without this environment's Python: the window's
self-test, the command line's `doctor`, and a batch that comes out as three files.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = """# Ilse Varga

Ilse Varga keeps the lighthouse at Korn Point. She is fifty-two, patient and short of words. She mends
clocks in the evenings, and she has not spoken to her brother Teodor since the ferry sank.
"""


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of a user who has neither this checkout nor its Python."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    return {**kept, "CARDFORGE_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}


def check(command: list[str], folder: Path, seconds: float) -> str:
    """Run one program and return what it printed.

    Raises:
        SystemExit: it failed or hung; with its output.
    """
    try:
        answer = subprocess.run(
            command,
            cwd=folder,
            env=clean_environment(folder / "home"),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SystemExit(f"FAILED: {Path(command[0]).name} did not end within {seconds:g} s") from error
    words = " ".join([Path(command[0]).name, *command[1:]])
    if answer.returncode != 0:
        raise SystemExit(f"FAILED: {words} ended with {answer.returncode}\n{answer.stdout}{answer.stderr}")
    print(f"ok: {words}", flush=True)
    return answer.stdout


def main(bundle: Path) -> int:
    """Check the frozen app in `bundle`; 0 when all of it works."""
    suffix = ".exe" if os.name == "nt" else ""
    window = str(bundle / f"cardforge-desktop{suffix}")
    command_line = str(bundle / f"cardforge{suffix}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ilse.md").write_text(SOURCE, encoding="utf-8")
        print(check([window, "--self-test"], folder, 300), end="")
        print(check([command_line, "doctor"], folder, 120), end="")
        formats = ["--format", "json", "--format", "v2", "--format", "tavernai"]
        batch = check(
            [command_line, "generate", "ilse.md", *formats, "--out", "cards", "--json"], folder, 600
        )
        downloads = json.loads(batch)["items"][0]["downloads"]
        missing = [path for path in downloads.values() if not (folder / path).is_file()]
        if len(downloads) != len(("json", "v2", "tavernai")) or missing:
            raise SystemExit(f"FAILED: the batch says it wrote {downloads}")
    size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"The frozen app works: {bundle} ({size / 1e6:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
