"""Books on the command line, as processes: from one home into another, and through a pipe."""

import json
import subprocess
from pathlib import Path

from cardforge_desktop.cards.book_fields import with_category, with_tags
from cardforge_desktop.cards.formats import BOOK_FORMATS
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from tests.support.app import cardforge, command, variables


def test_a_book_goes_to_another_home_and_back(tmp_path: Path) -> None:
    other = {"CARDFORGE_HOME": str(tmp_path / "other")}
    entry = with_category(
        BookEntry(keys=["霧", "tarn"], content="@@depth 4\nIt „rains“ 😀.", name="Mist / 霧"), "Places"
    )
    book = with_tags(CharacterBook(name="Moor: 霧", description="A moor.", entries=[entry]), ["wet"])
    (tmp_path / "moor.json").write_bytes(BOOK_FORMATS["book"].write(CardPackage(Card(character_book=book))))
    taken = cardforge("books", "import", "moor.json", cwd=tmp_path)
    assert (taken.returncode, taken.stderr) == (0, "")
    written = cardforge("books", "export", "moor: 霧", "--format", "worldinfo", "--out", "-", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    piped = subprocess.run(
        command("books", "import", "-", "--json"), input=written.stdout, cwd=tmp_path, env=variables(**other),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (piped.returncode, json.loads(piped.stdout)[0]["book_name"]) == (0, "Moor: 霧"), piped.stderr
    shown = [
        json.loads(cardforge("books", "show", "Moor: 霧", "--json", cwd=tmp_path, **home).stdout)
        for home in ({}, other)
    ]
    for name in ("description", "scan_depth", "extensions"):
        assert shown[0][name] == shown[1][name]
    assert shown[0]["metadata"]["tags"] == ["wet"]
    for name in ("name", "content", "keywords", "category", "extensions"):
        assert shown[0]["entries"][0][name] == shown[1]["entries"][0][name], name
