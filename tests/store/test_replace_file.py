"""A file is replaced whole, and only as long as it holds what the caller saw in it."""

import hashlib
from pathlib import Path

import pytest

from cardforge_desktop.store.files import FilesError, replace_file


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_the_new_content_takes_the_place(tmp_path: Path) -> None:
    path = tmp_path / "card.json"
    path.write_bytes(b"old")
    replace_file(path, b"new", sha256(b"old"))
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("there", ["other", "missing", "link", "folder"])
def test_anything_else_in_its_place_is_left_as_it_is(tmp_path: Path, there: str) -> None:
    path, elsewhere = tmp_path / "card.json", tmp_path / "elsewhere"
    elsewhere.write_bytes(b"old")
    if there == "other":
        path.write_bytes(b"theirs")
    elif there == "link":
        path.symlink_to(elsewhere)
    elif there == "folder":
        path.mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(FilesError) as raised:
        replace_file(path, b"new", sha256(b"old"))
    assert raised.value.code == "FILES_CHANGED"
    assert sorted(tmp_path.iterdir()) == before
    assert elsewhere.read_bytes() == b"old"


def test_a_folder_that_is_gone_is_said_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(FilesError, match="gone"):
        replace_file(tmp_path / "gone" / "card.json", b"new", sha256(b"old"))
