"""Whether a folder can be written in is known before a card is paid for, and asking leaves nothing behind."""

import errno
import os
from pathlib import Path

import pytest

from cardforge_desktop.store import files
from cardforge_desktop.store.files import FilesError, check_folder


def test_a_folder_that_is_there_or_can_be_made_is_fine_and_stays_as_it_was(tmp_path: Path) -> None:
    check_folder(tmp_path)
    check_folder(tmp_path / "new" / "newer")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "cards", "cards/of/today"])
def test_a_file_is_no_folder(tmp_path: Path, below: str) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("Tessa")
    with pytest.raises(FilesError) as caught:
        check_folder(file / below)
    assert caught.value.code == "FILES_FOLDER_IS_A_FILE"
    assert str(file) in caught.value.message
    assert file.read_text() == "Tessa"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EROFS, "FILES_NOT_PERMITTED"),
        (errno.EACCES, "FILES_NOT_PERMITTED"),
        (errno.ENOSPC, "FILES_DISK_FULL"),
    ],
)
def test_what_the_system_says_of_writing_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    real = os.open

    def refuse(path: Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise OSError(number, os.strerror(number), str(path))
        return real(path, flags, mode)

    monkeypatch.setattr(files.os, "open", refuse)
    with pytest.raises(FilesError) as caught:
        check_folder(tmp_path / "cards")
    assert caught.value.code == code
    assert caught.value.details["folder"] == str(tmp_path / "cards")


def test_a_name_that_no_system_takes_is_told(tmp_path: Path) -> None:
    with pytest.raises(FilesError):
        check_folder(tmp_path / ("x" * 5_000))
    assert list(tmp_path.iterdir()) == []
