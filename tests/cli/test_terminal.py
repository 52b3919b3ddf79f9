"""The line at the bottom of the terminal, and the amounts in it."""

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardforge_desktop.cli.amounts import clock, dollars, duration
from cardforge_desktop.cli.terminal import LastLine, shortened, width
from tests.cli.conftest import Call
from tests.support.screen import Screen

_COLUMNS = 40
_TEXTS = st.text(st.sampled_from("ab 1·…é漢"), max_size=60)


@contextmanager
def _terminal() -> Iterator[Screen]:
    """A terminal as standard error; not by a fixture, since pytest sets its own before each test's body."""
    with Screen(_COLUMNS) as screen, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", screen.stream)
        yield screen


@given(steps=st.lists(st.tuples(st.booleans(), _TEXTS), max_size=12))
def test_the_last_line_is_the_text_shown_last_and_lines_stay_above_it(
    steps: list[tuple[bool, str]],
) -> None:
    with _terminal() as screen:
        line = LastLine()
        printed, shown = [], ""
        for above, text in steps:
            if above:
                printed.append(text[: _COLUMNS // 2].rstrip())
                line.print(printed[-1:], screen.stream)
            else:
                line.show(text)
                shown = shortened(text, _COLUMNS - 1)
        assert screen.lines() == [*printed, shown.rstrip()]


def test_the_same_text_is_not_written_again() -> None:
    with _terminal() as screen:
        line = LastLine()
        for _ in range(3):
            line.show("1 of 2 done")
        assert screen.lines() == ["1 of 2 done"]
        assert screen.written.count("1 of 2") == 1


def test_a_terminal_that_was_told_no_size_is_taken_for_a_usual_one() -> None:
    with Screen(0) as screen, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr", screen.stream)
        LastLine().show("1 of 2 done " * 9)
        assert screen.text() == "\r" + shortened("1 of 2 done " * 9, 79)


@given(text=_TEXTS, most=st.integers(-3, 70))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    assert width(shortened(text, most)) <= max(0, most)


def test_nothing_is_shown_where_standard_error_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    line = LastLine()
    line.show("1 of 2 done")
    line.print(["done  a.md"], sys.stdout)
    assert capsys.readouterr() == ("done  a.md\n", "")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "1 s"),
        (0.2, "1 s"),
        (40, "40 s"),
        (59.7, "1 min"),
        (61, "1 min"),
        (3_599, "1 h 0 min"),
        (8_040, "2 h 14 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "$0.00"),
        ("0.00001", "< $0.0001"),
        ("0.0123", "$0.0123"),
        ("0.99996", "$1.00"),
        ("1.005", "$1.00"),
        ("12.5", "$12.50"),
        ("1234.5", "$1,234.50"),
    ],
)
def test_dollars(amount: str, text: str) -> None:
    assert dollars(Decimal(amount)) == text


def test_the_clock_names_the_day_when_it_is_another_one() -> None:
    noon = datetime.now().astimezone().replace(hour=12, minute=5)
    assert clock(noon.astimezone(UTC), now=noon) == "12:05"
    tomorrow = noon + timedelta(days=1)
    assert clock(tomorrow, now=noon) == f"{tomorrow:%Y-%m-%d} 12:05"


class _FullDisk(io.RawIOBase):
    """A file on a disk that has no room until its number is given to another file."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file.open("wb")
        self._here = os.fstat(self.fileno()).st_ino

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._file.fileno()

    def write(self, data: Any) -> int:
        if os.fstat(self.fileno()).st_ino == self._here:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return len(data)

    def close(self) -> None:
        super().close()
        self._file.close()


@pytest.mark.parametrize("arguments", [("profiles", "list"), ("profiles", "show", "Default", "--json")])
def test_a_full_disk_behind_standard_output_is_a_sentence(
    arguments: tuple[str, ...], call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = io.TextIOWrapper(io.BufferedWriter(_FullDisk(tmp_path / "out")), encoding="utf-8")
    monkeypatch.setattr(sys, "stdout", full)
    ended = call(*arguments)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"cardforge: standard output can't be written: {os.strerror(errno.ENOSPC)}.\n"
