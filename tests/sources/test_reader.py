"""The door to all sources: refusals, folders, pictures beside a source, and any bytes at all."""

import os
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cardforge_desktop.sources import reader
from cardforge_desktop.sources.model import SourceError
from cardforge_desktop.sources.reader import (
    avatars_beside,
    find_sources,
    from_text,
    natural_key,
    read,
    supported_suffixes,
)
from tests.sources.documents import SENTENCE, paragraph, pdf_bytes, scan, word

CODES = {
    "SOURCE_NOT_FOUND",
    "SOURCE_UNREADABLE",
    "SOURCE_EMPTY",
    "SOURCE_TOO_LARGE",
    "SOURCE_BINARY",
    "SOURCE_UNKNOWN_KIND",
    "SOURCE_SCANNED",
    "SOURCE_ENCRYPTED",
    "SOURCE_DAMAGED",
}
WORD = word(lambda document: document.add_paragraph(SENTENCE))


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(path)
    assert caught.value.message.startswith(path.name)
    assert caught.value.details["path"] == str(path)
    return caught.value


def a_pdf() -> bytes:
    document = scan()
    paragraph(document, SENTENCE)
    return pdf_bytes(document)


def test_every_kind_is_read_by_its_ending_in_any_case(tmp_path: Path) -> None:
    contents = {
        "a.TXT": b"x",
        "a.Md": b"x",
        "a.HTM": b"x",
        "a.DOCX": WORD,
        "a.PDF": a_pdf(),
        "b.markdown": b"x",
    }
    kinds = {}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        kinds[name] = read(tmp_path / name).kind
    assert list(kinds.values()) == ["text", "markdown", "html", "docx", "pdf", "markdown"]
    assert {".txt", ".md", ".html", ".docx", ".pdf"} <= set(supported_suffixes())


def test_what_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "file.md").write_text("x")
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    assert refused(tmp_path / "no.md").code == "SOURCE_NOT_FOUND"
    assert refused(tmp_path / "file.md" / "no.md").code == "SOURCE_NOT_FOUND"
    assert "folder" in refused(tmp_path / "folder.md").message
    assert refused(tmp_path / "pipe.txt").code == "SOURCE_UNREADABLE"
    assert refused(tmp_path / "circle.txt").code == "SOURCE_UNREADABLE"
    assert refused(tmp_path / "a\0b.txt").code == "SOURCE_UNREADABLE"


def test_a_file_one_may_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so that the system's answer is put in."""

    def forbid(self: Path, mode: str) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "secret.txt").write_text("x")
    monkeypatch.setattr(Path, "open", forbid)
    error = refused(tmp_path / "secret.txt")
    assert error.code == "SOURCE_UNREADABLE"
    assert "not permitted" in error.message


def test_an_unknown_kind_lists_the_known(tmp_path: Path) -> None:
    for name in ("song.mp3", "noending"):
        (tmp_path / name).write_bytes(b"x")
        error = refused(tmp_path / name)
        assert error.code == "SOURCE_UNKNOWN_KIND"
        assert ".docx" in error.message
        assert "character cards" in error.message


@pytest.mark.parametrize("suffix", supported_suffixes())
def test_an_empty_file_of_every_kind(tmp_path: Path, suffix: str) -> None:
    for content in (b"", b" \r\n\t"):
        (tmp_path / f"a{suffix}").write_bytes(content)
        assert refused(tmp_path / f"a{suffix}").code == "SOURCE_EMPTY"


def test_a_large_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(200 * 1024**2)  # no disk is used
    error = refused(tmp_path / "big.txt")
    assert error.code == "SOURCE_TOO_LARGE"
    assert "200 MB" in error.message
    assert "50 MB" in error.message


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "log.txt").write_bytes(b"x" * 1000)
    monkeypatch.setattr(reader, "_check_file", lambda path: monkeypatch.setattr(reader, "LARGEST_FILE", 999))
    assert refused(tmp_path / "log.txt").code == "SOURCE_TOO_LARGE"


def test_pasted_text() -> None:
    pasted = from_text("Pasted text", "# Mirela\r\nbakes.")
    assert (pasted.name, pasted.kind, pasted.text, pasted.title) == (
        "Pasted text",
        "text",
        "# Mirela\nbakes.",
        "Mirela",
    )
    assert from_text("note.md", "---\ntitle: A\n---\nx").title == "A"


def test_folders_are_walked_in_natural_order(tmp_path: Path) -> None:
    for name in (
        "b/z.md",
        "Page 10.md",
        "page 2.md",
        "a/x 1.txt",
        "a/.hidden.md",
        ".git/c.md",
        "~$w.docx",
        "d.png",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"x")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "b" / "again.md").symlink_to(tmp_path / "page 2.md")
    (tmp_path / "b" / "self.md").symlink_to(tmp_path / "b" / "self.md")
    missing, odd = tmp_path / "gone.md", tmp_path / "d.png"
    found = find_sources([tmp_path / "b" / "z.md", tmp_path, missing, odd, tmp_path / "page 2.md"])
    assert [path.relative_to(tmp_path).as_posix() for path in found] == [
        "b/z.md",
        "page 2.md",
        "Page 10.md",
        "a/x 1.txt",
        "gone.md",
        "d.png",
    ]
    assert find_sources([tmp_path / ".git"]) == (tmp_path / ".git" / "c.md",)


@given(st.lists(st.text(max_size=12)))
def test_natural_order_is_total(names: list[str]) -> None:
    assert sorted(sorted(names, key=natural_key, reverse=True), key=natural_key) == sorted(
        names, key=natural_key
    )


def avatar_beside(path: Path) -> Path | None:
    return avatars_beside([path])[path]


def test_a_folder_is_listed_once_for_all_its_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [tmp_path / f"{number}.md" for number in range(50)]
    (tmp_path / "7.png").write_bytes(b"x")
    listed = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda folder: listed.append(folder) or scandir(folder))
    found = avatars_beside(sources)
    assert [path.name for path, avatar in found.items() if avatar is not None] == ["7.md"]
    assert listed == [tmp_path]


def test_the_picture_beside_a_source(tmp_path: Path) -> None:
    assert avatar_beside(tmp_path / "mirela.md") is None
    assert avatar_beside(tmp_path / "no" / "mirela.md") is None
    for name in ("other.png", "mirela.md", "mirela2.png", "mirela.gif", "MIRELA.JPEG"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "mirela.webp").mkdir()
    assert avatar_beside(tmp_path / "mirela.md") == tmp_path / "MIRELA.JPEG"
    (tmp_path / "mirela.PNG").write_bytes(b"x")
    assert avatar_beside(tmp_path / "mirela.md") == tmp_path / "mirela.PNG"
    decomposed = tmp_path / (unicodedata.normalize("NFD", "zoë") + ".png")
    decomposed.write_bytes(b"x")
    assert avatar_beside(tmp_path / "Zoë.txt") == decomposed


def check_any(path: Path, data: bytes) -> None:
    """Either a text whose sections cover it, or an error of the room."""
    path.write_bytes(data)
    source = None
    try:
        source = read(path)
    except SourceError as error:
        refusal = error
    if source is None:
        assert refusal.code in CODES
        assert refusal.message.startswith(path.name)
        return
    assert source.text.strip()
    pieces = [source.text[section.start : section.end] for section in source.sections]
    assert "".join(pieces) == source.text
    assert all(pieces)
    assert unicodedata.is_normalized("NFC", source.text)
    source.text.encode()


def damaged(whole: bytes) -> st.SearchStrategy[bytes]:
    """A good file with some bytes changed, or cut."""
    places = st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=8)

    def change(changes: list[tuple[int, int]], end: int) -> bytes:
        data = bytearray(whole)
        for place, value in changes:
            data[place] = value
        return bytes(data[:end])

    return st.builds(change, places, st.just(len(whole)) | st.integers(1, len(whole)))


MARKUP = st.lists(
    st.sampled_from(
        ["<p>", "</p>", "<h1>", "<table>", "<td>", "<li>", "<pre>", "<br>", "&amp;", "<!--", "-->", "<b a='"]
    )
    | st.sampled_from(["# A\n", "---\n", "[a](b)", "![[", "```\n", "== x ==\n", "title: x\n", " ", "\n\n"])
    | st.text(max_size=5)
).map(lambda pieces: "".join(pieces).encode())
any_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@any_folder
@given(st.sampled_from([suffix for suffix in supported_suffixes() if suffix != ".pdf"]), st.binary() | MARKUP)
def test_any_bytes_under_any_ending(tmp_path: Path, suffix: str, data: bytes) -> None:
    check_any(tmp_path / f"any{suffix}", data)


@any_folder
@given(damaged(WORD))
def test_damaged_word_documents(tmp_path: Path, data: bytes) -> None:
    check_any(tmp_path / "any.docx", data)


@settings(any_folder, max_examples=8)
@given(st.binary().map(lambda data: b"%PDF-1.7" + data) | damaged(a_pdf()))
def test_damaged_pdfs(tmp_path: Path, data: bytes) -> None:
    check_any(tmp_path / "any.pdf", data)


def test_many_threads_read_at_once(tmp_path: Path) -> None:
    names = ["a.md", "b.html", "c.docx", "d.pdf"] * 2
    for name, content in zip(names, (b"# A\n\nx", b"<h1>A</h1>x", WORD, a_pdf()), strict=False):
        (tmp_path / name).write_bytes(content)
    alone = {name: read(tmp_path / name) for name in names}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda name: read(tmp_path / name), names))
    assert together == [alone[name] for name in names]


def test_the_room_opens_without_its_heavy_libraries() -> None:
    script = (
        "import sys, cardforge_desktop.sources.reader; print(*[m for m in sys.argv[1:] if m in sys.modules])"
    )
    heavy = ["mammoth", "selectolax", "pypdfium2", "charset_normalizer"]
    answer = subprocess.run(
        [sys.executable, "-c", script, *heavy], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == ""
