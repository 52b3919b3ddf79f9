"""Writing finished cards: whole sets, never over a file, never outside the folder."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.store import files
from cardforge_desktop.store.files import FilesError, write_new_files

SET = {"json": b"{}", "v2": b"[]", "tavernai": b"\x89PNG"}


def mirela(number: int) -> dict[str, str]:
    """Names as `naming.file_names` gives them."""
    suffix = f"_{number}" if number > 1 else ""
    return {"json": f"m_json{suffix}.json", "v2": f"m_v2{suffix}.json", "tavernai": f"m{suffix}.png"}


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def one_name(name: str) -> Callable[[int], Mapping[str, str]]:
    return lambda number: {"json": name}


def test_the_folder_is_made_and_only_the_files_are_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    paths = write_new_files(folder, SET, mirela)
    assert list(paths) == list(SET)
    assert {name: path.read_bytes() for name, path in paths.items()} == SET
    assert set(listing(folder)) == {"m_json.json", "m_v2.json", "m.png"}


@pytest.mark.parametrize("taken", ["m_json.json", "m_v2.json", "m.png"])
def test_one_taken_name_moves_the_whole_set_on(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).write_bytes(b"mine")
    paths = write_new_files(tmp_path, SET, mirela)
    assert [path.name for path in paths.values()] == ["m_json_2.json", "m_v2_2.json", "m_2.png"]
    assert (tmp_path / taken).read_bytes() == b"mine"
    assert len(listing(tmp_path)) == 4


def test_links_are_neither_followed_nor_replaced(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside.json", tmp_path / "out"
    folder.mkdir()
    (folder / "m_json.json").symlink_to(outside)
    paths = write_new_files(folder, SET, mirela)
    assert paths["json"].name == "m_json_2.json"
    assert not outside.exists()
    assert (folder / "m_json.json").is_symlink()


@pytest.mark.parametrize(
    "name", ["../x.json", "..", ".", "", "a/b.json", "a\\b.json", "C:x.json", "/etc/x", "a\0b", "\ud800.json"]
)
def test_a_name_that_leaves_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "out"
    with pytest.raises(FilesError) as caught:
        write_new_files(folder, {"json": b"x"}, one_name(name))
    assert caught.value.code == "FILES_NAME_REFUSED"
    assert listing(folder) == {}
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == ["out"]


@given(st.text(st.characters(), max_size=20))
def test_any_name_stays_in_the_folder_or_is_an_error(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    folder = tmp_path_factory.mktemp("any") / "out"
    try:
        path = write_new_files(folder, {"json": b"x"}, one_name(name))["json"]
    except FilesError:
        assert listing(folder) == {}
    else:
        assert path.resolve().parent == folder.resolve()
        assert listing(folder) == {path.name: b"x"}


def test_two_files_of_a_card_never_share_a_name(tmp_path: Path) -> None:
    with pytest.raises(FilesError) as caught:
        write_new_files(
            tmp_path / "out", {"a": b"1", "b": b"2"}, lambda number: {"a": "X.json", "b": "x.json"}
        )
    assert caught.value.code == "FILES_NAME_REFUSED"
    assert listing(tmp_path / "out") == {}


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_a_file_in_the_folders_place(tmp_path: Path, below: str) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FilesError, match="is a file") as caught:
        write_new_files(tmp_path / "file" / below, SET, mirela)
    assert caught.value.code == "FILES_FOLDER_IS_A_FILE"
    assert str(tmp_path / "file") in caught.value.message


def test_a_name_too_long_for_the_disk_leaves_nothing(tmp_path: Path) -> None:
    """A real error of the system, in the middle of a set: the first name is given, the second refused."""
    names = {"json": "a.json", "v2": "b" * 300, "tavernai": "c.png"}
    with pytest.raises(FilesError) as caught:
        write_new_files(tmp_path / "out", SET, lambda number: names)
    assert caught.value.code == "FILES_UNWRITABLE"
    assert listing(tmp_path / "out") == {}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "FILES_DISK_FULL"),
        (errno.EACCES, "FILES_NOT_PERMITTED"),
        (errno.EROFS, "FILES_NOT_PERMITTED"),
        (errno.EIO, "FILES_UNWRITABLE"),
    ],
)
def test_errors_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str) -> None:
    """The disk fails at the second file."""
    calls: list[int] = []

    def failing_fsync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", failing_fsync)
    with pytest.raises(FilesError) as caught:
        write_new_files(tmp_path / "out", SET, mirela)
    assert caught.value.code == code
    assert str(tmp_path / "out") in caught.value.message
    assert isinstance(caught.value.__cause__, OSError)
    assert listing(tmp_path / "out") == {}


def refuse_links(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, os.strerror(errno.EPERM))


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", refuse_links)
    (tmp_path / "m.png").write_bytes(b"mine")
    paths = write_new_files(tmp_path, SET, mirela)
    assert {name: path.read_bytes() for name, path in paths.items()} == SET
    assert (tmp_path / "m.png").read_bytes() == b"mine"
    assert len(listing(tmp_path)) == 4


@pytest.mark.parametrize("links", [True, False])
def test_a_name_taken_in_the_last_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Somebody takes the last name after it was seen free and the first ones were given."""
    move = files._move_to_free_name

    def late_rival(source: Path, target: Path) -> None:
        if target.name == "m_v2.json":
            target.write_bytes(b"rival")
        move(source, target)

    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    monkeypatch.setattr(files, "_move_to_free_name", late_rival)
    paths = write_new_files(tmp_path / "out", SET, mirela)
    assert {name: path.read_bytes() for name, path in paths.items()} == SET
    assert listing(tmp_path / "out").pop("m_v2.json") == b"rival"
    assert set(listing(tmp_path / "out")) == {"m_v2.json", "m_json_2.json", "m_v2_2.json", "m_2.png"}


@pytest.mark.parametrize("links", [True, False])
def test_threads_that_race_for_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    if not links:
        monkeypatch.setattr(os, "link", refuse_links)
    start = threading.Barrier(8)

    def writer(me: int) -> list[dict[str, Path]]:
        start.wait()
        return [
            write_new_files(tmp_path / "out", dict.fromkeys(SET, b"%d.%d" % (me, turn)), mirela)
            for turn in range(5)
        ]

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(writer, range(8)))
    for me, turns in enumerate(results):
        for turn, paths in enumerate(turns):
            assert {path.read_bytes() for path in paths.values()} == {b"%d.%d" % (me, turn)}
    assert len(listing(tmp_path / "out")) == 8 * 5 * 3


RACER = """
import sys
from pathlib import Path
from cardforge_desktop.store.files import write_new_files
print("ready", flush=True)
sys.stdin.readline()
for turn in range(15):
    content = f"{sys.argv[2]}.{turn}".encode()
    paths = write_new_files(Path(sys.argv[1]), {"json": content, "png": content},
        lambda number: {"json": f"m_{number}.json", "png": f"m_{number}.png"})
    assert {path.read_bytes() for path in paths.values()} == {content}
"""


def test_processes_that_race_for_one_name(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(folder), str(me)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for me in range(3)
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        racer.communicate("go\n", timeout=60)
        assert racer.returncode == 0
    written = listing(folder)
    assert len(written) == 3 * 15 * 2
    pairs = {(written[f"m_{number}.json"], written[f"m_{number}.png"]) for number in range(1, 46)}
    assert len(pairs) == 45
    assert all(left == right for left, right in pairs)


def killed_after(folder: Path, written: list[str], numbers: int = 1) -> None:
    """Leave what a kill -9 leaves: some of the set under their names, one temporary file."""
    folder.mkdir()
    for format_name in written:
        (folder / mirela(numbers)[format_name]).write_bytes(SET[format_name])
    (folder / ".cardforge-item1-00ff.tmp").write_bytes(b"half")


@pytest.mark.parametrize("written", [[], list(SET)[:1], list(SET)])
def test_a_killed_set_is_completed_not_written_twice(tmp_path: Path, written: list[str]) -> None:
    folder = tmp_path / "out"
    killed_after(folder, written)
    paths = write_new_files(folder, SET, mirela, mark="item1", resumed=True)
    assert {name: path.name for name, path in paths.items()} == dict(mirela(1))
    assert sorted(path.name for path in folder.iterdir()) == sorted(mirela(1).values())


def test_a_killed_set_under_a_later_number_is_found_there(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    killed_after(folder, list(SET)[:1], numbers=2)
    for name in mirela(1).values():
        (folder / name).write_bytes(b"somebody else's")
    paths = write_new_files(folder, SET, mirela, mark="item1", resumed=True)
    assert {path.name for path in paths.values()} == set(mirela(2).values())
    assert all((folder / name).read_bytes() == b"somebody else's" for name in mirela(1).values())


def test_equal_content_is_somebody_elses_unless_resumed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    killed_after(folder, list(SET))
    paths = write_new_files(folder, SET, mirela, mark="item1")
    assert {path.name for path in paths.values()} == set(mirela(2).values())


@pytest.mark.parametrize(("resumed", "name"), [(True, "m_json.json"), (False, "m_json_2.json")])
def test_a_name_that_a_killed_try_took_and_did_not_fill_is_filled_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, resumed: bool, name: str
) -> None:
    """Without hard links a name is taken by an empty file; that of anybody else is left as it is."""
    monkeypatch.setattr(os, "link", refuse_links)
    (tmp_path / "m_json.json").touch()
    paths = write_new_files(tmp_path, SET, mirela, mark="item1", resumed=resumed)
    assert paths["json"].name == name
    assert {format_name: path.read_bytes() for format_name, path in paths.items()} == SET
    assert len(listing(tmp_path)) == (3 if resumed else 4)


def test_a_later_try_leaves_its_files_to_a_card_that_is_about_to_replace_them(tmp_path: Path) -> None:
    first = write_new_files(tmp_path, SET, mirela)
    theirs = set(first.values())
    paths = write_new_files(
        tmp_path,
        SET,
        mirela,
        mark="item1",
        resumed=True,
        overwrite=True,
        claim=lambda _names, there: theirs.isdisjoint(there),
    )
    assert [path.name for path in paths.values()] == ["m_json_2.json", "m_v2_2.json", "m_2.png"]
