"""The parts of zip archives: bounds hold for archives that lie about themselves."""

import io
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest

from cardforge_desktop.sources.model import SourceError
from cardforge_desktop.sources.zip_file import LARGEST_UNPACKED, ZipKind, ZipParts
from tests.sources.documents import zipped

KIND = ZipKind("a test document", "mark.xml", "Make it again.", "Was it a game?")


def opened(data: bytes) -> ZipParts:
    return ZipParts(Path("a.zip"), data, KIND)


def lying(content: bytes, declared: int) -> bytes:
    """An archive whose part a.xml claims to be `declared` bytes long, with the checksum of just those."""
    data = zipped({"mark.xml": b"", "a.xml": content})
    for real, lie in (
        (len(content), declared),
        (zlib.crc32(content), zlib.crc32(content[:declared])),
    ):
        packed = real.to_bytes(4, "little")
        assert data.count(packed) == 2
        data = data.replace(packed, lie.to_bytes(4, "little"))
    return data


def test_parts_are_read_by_name() -> None:
    parts = opened(zipped({"mark.xml": "a", "b/c.xml": "ü", "../d.xml": "d"}))
    assert parts.names == ("mark.xml", "b/c.xml", "../d.xml")
    assert parts.read("b/c.xml").decode() == "ü"
    assert "b/c.xml" in parts
    assert "d.xml" not in parts
    with pytest.raises(SourceError, match=r"the test document is damaged\. Make it again"):
        parts.read("d.xml")


def test_a_part_that_lies_yields_what_it_declares_and_fills_no_memory() -> None:
    data = lying(bytes(200_000_000), 1000)
    parts = opened(data)
    tracemalloc.start()
    try:
        assert parts.read("a.xml") == bytes(1000)
        assert parts.copy(lambda name: name == "a.xml")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 5_000_000


def test_the_limit_is_for_all_parts_together() -> None:
    parts = opened(
        zipped({"mark.xml": "", "a": bytes(LARGEST_UNPACKED - 10), "b": bytes(11), "c": bytes(10)})
    )
    parts.read("a")
    with pytest.raises(SourceError, match="64 MB") as caught:
        ZipParts.read(parts, "b")
    assert caught.value.code == "SOURCE_TOO_LARGE"


def test_a_part_with_a_password() -> None:
    data = bytearray(zipped({"mark.xml": "x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    with pytest.raises(SourceError, match="password") as caught:
        opened(bytes(data)).read("mark.xml")
    assert caught.value.code == "SOURCE_ENCRYPTED"


def test_an_archive_of_another_kind() -> None:
    with pytest.raises(SourceError, match=r"not a test document\. Was it a game\?"):
        opened(zipped({"x": "x"}))
    with pytest.raises(SourceError, match="not a test document but a PNG picture"):
        opened(b"\x89PNG\r\n\x1a\n")


def test_a_copy_holds_the_wanted_parts() -> None:
    parts = opened(zipped({"mark.xml": "m", "a.xml": "a", "b.png": "b"}))
    with zipfile.ZipFile(io.BytesIO(parts.copy(lambda name: name.endswith(".xml")))) as copy:
        assert {name: copy.read(name) for name in copy.namelist()} == {"mark.xml": b"m", "a.xml": b"a"}
