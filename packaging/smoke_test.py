"""Proof that the frozen app works, not only starts: ``smoke_test.py FOLDER`` (what PyInstaller made).

It runs with a home of its own, away from the checkout and without this environment's Python: the window's
self-test, the command line's `doctor`, a batch whose cards come out as three files each, and a question to
the local API.
"""

import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

SOURCE = """# Ilse Varga

Ilse Varga keeps the lighthouse at Korn Point. She is fifty-two, patient and short of words. She mends
clocks in the evenings, and she has not spoken to her brother Teodor since the ferry sank.
"""

# The smallest file that PDF readers take: its text is read by a child process of the frozen app.
PDF = """%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj
3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
/Resources <</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>> endobj
4 0 obj <</Length {length}>> stream
{stream}
endstream endobj
trailer <</Root 1 0 R>>
%%EOF
"""


def write_sources(folder: Path) -> list[str]:
    """One source of each kind that is read in a way of its own; their names."""
    (folder / "ilse.md").write_text(SOURCE, encoding="utf-8")
    lines = "".join(f"({line.lstrip('# ')}) Tj 0 -14 Td " for line in SOURCE.splitlines() if line)
    stream = f"BT /F1 11 Tf 40 780 Td {lines}ET"
    (folder / "varga.pdf").write_text(PDF.format(length=len(stream), stream=stream), encoding="latin-1")
    write_book(folder / "book.epub", "".join(f"<p>{line}</p>" for line in SOURCE.splitlines()[2:]))
    return ["ilse.md", "varga.pdf", "book.epub"]


def write_book(path: Path, body: str) -> None:
    """The smallest e-book there is; its XML and HTML are read by libraries of their own."""
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
        '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
    )
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><manifest>'
        '<item id="one" href="one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="one"/></spine></package>'
    )
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", container)
        book.writestr("book.opf", package)
        book.writestr("one.xhtml", f"<html><body>{body}</body></html>")


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


def ask_server(command_line: str, folder: Path) -> None:
    """Start the local API on a free port and read the profiles from it.

    Raises:
        SystemExit: it does not listen or answers otherwise.
    """
    with subprocess.Popen(
        [command_line, "serve", "--port", "0", "--json"],
        cwd=folder,
        env=clean_environment(folder / "home"),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as server:
        try:
            told = ""
            while server.stdout is not None and not told.endswith("}\n"):
                line = server.stdout.readline()
                if not line:
                    raise SystemExit("FAILED: serve does not say where it listens")
                told += line
            profiles = f"{json.loads(told)['address']}/api/v2/profiles"
            with urllib.request.urlopen(profiles, timeout=60) as answer:
                if not json.load(answer)["profiles"]:
                    raise SystemExit("FAILED: the local API knows no profile")
        finally:
            server.terminate()
    print("ok: serve answers", flush=True)


def main(bundle: Path) -> int:
    """Check the frozen app in `bundle`; 0 when all of it works."""
    suffix = ".exe" if os.name == "nt" else ""
    window = str(bundle / f"cardforge-desktop{suffix}")
    command_line = str(bundle / f"cardforge{suffix}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = write_sources(folder)
        print(check([window, "--self-test"], folder, 300), end="")
        print(check([command_line, "doctor"], folder, 120), end="")
        formats = ["--format", "json", "--format", "v2", "--format", "tavernai"]
        command = [command_line, "generate", *sources, *formats, "--out", "cards", "--json"]
        for item in json.loads(check(command, folder, 900))["items"]:
            written = [path for path in item["downloads"].values() if (folder / path).is_file()]
            if len(written) != len(formats) // 2:
                raise SystemExit(f"FAILED: of three files of a card there are {written}")
        ask_server(command_line, folder)
    size = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file() and not file.is_symlink())
    print(f"The frozen app works: {bundle} ({size / 1e6:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
