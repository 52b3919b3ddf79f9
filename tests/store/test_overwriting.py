"""Files that give way when asked to: in one step, never links or folders, back again after an error."""

import errno
import os
import tempfile
from collections.abc import Collection
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.store import files
from cardforge_desktop.store.files import FilesError, write_new_files

SET = {"json": b"{}", "tavernai": b"\x89PNG"}
OLD = {"m.json": b"old", "m.png": b"old picture"}


def mirela(number: int) -> dict[str, str]:
    suffix = f"_{number}" if number > 1 else ""
    return {"json": f"m{suffix}.json", "tavernai": f"m{suffix}.png"}


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    for name, content in OLD.items():
        (made / name).write_bytes(content)
    return made


def test_files_of_the_very_names_are_replaced_and_nothing_else(folder: Path) -> None:
    (folder / "m_2.json").write_bytes(b"another")
    (folder / "m.json").chmod(0o640)
    write_new_files(folder, SET, mirela, overwrite=True)
    assert listing(folder) == {"m.json": b"{}", "m.png": b"\x89PNG", "m_2.json": b"another"}
    assert (folder / "m.json").stat().st_mode & 0o777 == 0o640


def test_one_of_a_set_may_be_new(folder: Path) -> None:
    (folder / "m.png").unlink()
    write_new_files(folder, SET, mirela, overwrite=True)
    assert listing(folder) == {"m.json": b"{}", "m.png": b"\x89PNG"}


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_folders_and_links_stay_and_the_set_gets_a_number(folder: Path, tmp_path: Path, kind: str) -> None:
    (tmp_path / "outside.json").write_bytes(b"outside")
    (folder / "m.json").unlink()
    if kind == "folder":
        (folder / "m.json").mkdir()
    else:
        (folder / "m.json").symlink_to(tmp_path / "outside.json")
    paths = write_new_files(folder, SET, mirela, overwrite=True)
    assert [path.name for path in paths.values()] == ["m_2.json", "m_2.png"]
    assert (folder / "m.png").read_bytes() == b"old picture"
    assert (tmp_path / "outside.json").read_bytes() == b"outside"
    assert (folder / "m.json").is_dir() == (kind == "folder")


@pytest.mark.parametrize("links", [True, False])
def test_after_an_error_what_was_replaced_is_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    real = Path.replace

    def full(path: Path, target: Path) -> Path:
        if Path(target).name == "m.png":
            raise OSError(errno.ENOSPC, "full")
        return real(path, target)

    def no_links(*_: object) -> None:
        raise OSError(errno.ENOTSUP, "no links here")

    monkeypatch.setattr(Path, "replace", full)
    if not links:
        monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(FilesError) as caught:
        write_new_files(folder, SET, mirela, overwrite=True)
    assert caught.value.code == "FILES_DISK_FULL"
    assert listing(folder) == OLD


def test_names_that_are_not_given_move_the_set_on(folder: Path) -> None:
    asked: list[tuple[set[str], set[str]]] = []

    def claim(wanted: Collection[Path], replaced: Collection[Path]) -> bool:
        asked.append(({path.name for path in wanted}, {path.name for path in replaced}))
        return len(asked) > 1

    paths = write_new_files(folder, SET, mirela, overwrite=True, claim=claim)
    assert [path.name for path in paths.values()] == ["m_2.json", "m_2.png"]
    assert asked == [({"m.json", "m.png"}, {"m.json", "m.png"}), ({"m_2.json", "m_2.png"}, set())]
    assert (folder / "m.json").read_bytes() == b"old"


def test_a_killed_set_goes_on_where_it_was(folder: Path) -> None:
    (folder / "m.json").write_bytes(SET["json"])
    (folder / ".cardforge-item1-00ff.tmp").write_bytes(b"half")
    (folder / ".cardforge-item1-00fe-before.tmp").write_bytes(b"old")
    write_new_files(folder, SET, mirela, mark="item1", resumed=True, overwrite=True)
    assert listing(folder) == {"m.json": b"{}", "m.png": b"\x89PNG"}


def test_a_file_that_comes_up_meanwhile_is_not_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "m.png").unlink()
    real = files._move_to_free_name

    def race(source: Path, target: Path) -> None:
        if target.name == "m.png":
            target.write_bytes(b"somebody else's")
        real(source, target)

    monkeypatch.setattr(files, "_move_to_free_name", race)
    paths = write_new_files(folder, SET, mirela, overwrite=True)
    assert [path.name for path in paths.values()] == ["m_2.json", "m_2.png"]
    assert (folder / "m.json").read_bytes() == b"old"
    assert (folder / "m.png").read_bytes() == b"somebody else's"


@given(
    st.dictionaries(
        st.sampled_from(["m.json", "m.png", "m_2.json", "m_2.png", "m_3.json", "n.json"]),
        st.sampled_from(["file", "folder", "link"]),
    ),
    st.sets(st.sampled_from(["m.json", "m.png", "m_2.json"])),
    st.booleans(),
)
def test_nothing_but_files_that_may_be_replaced_ever_changes(
    there: dict[str, str], anothers: set[str], overwrite: bool
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder, outside = Path(place) / "out", Path(place) / "outside"
        folder.mkdir()
        outside.write_bytes(b"outside")
        for name, kind in there.items():
            if kind == "file":
                (folder / name).write_bytes(name.encode())
            elif kind == "folder":
                (folder / name).mkdir()
            else:
                (folder / name).symlink_to(outside)

        def claim(_: Collection[Path], replaced: Collection[Path]) -> bool:
            return not {path.name for path in replaced} & anothers

        paths = write_new_files(folder, SET, mirela, overwrite=overwrite, claim=claim)
        assert {name: path.read_bytes() for name, path in paths.items()} == SET
        written = {path.name for path in paths.values()}
        assert {path.name for path in folder.iterdir()} == there.keys() | written
        for name, kind in there.items():
            path = folder / name
            if kind == "file" and name not in written:
                assert path.read_bytes() == name.encode()
            assert (kind == "folder") == path.is_dir()
            assert (kind == "link") == path.is_symlink()
        assert outside.read_bytes() == b"outside"
        assert not written & there.keys() & anothers
        assert overwrite or not written & there.keys()
