"""No damaged or hostile file breaks a reader."""

import itertools
import time
from collections.abc import Iterator

import pytest

from tests.conftest import LONG
from tests.fuzz.targets import TARGETS, Target

of_every_reader = pytest.mark.parametrize("target", TARGETS.values(), ids=TARGETS)


@of_every_reader
def test_the_files_of_the_corpus_are_read(target: Target) -> None:
    for data in target.corpus():
        target.check(target.read(data))


@of_every_reader
def test_no_file_breaks_its_reader(target: Target) -> None:
    """The same files at every run."""
    target.run(range(target.rounds))


@pytest.mark.long
@of_every_reader
def test_no_file_that_was_never_tried_breaks_its_reader(target: Target) -> None:
    """Others at every run."""
    target.run(for_seconds(60 if LONG else 1))


def for_seconds(seconds: float) -> Iterator[int]:
    """Seeds nobody had before, until the time is over."""
    end = time.monotonic() + seconds
    for seed in itertools.count(time.time_ns()):
        if time.monotonic() > end:
            return
        yield seed
