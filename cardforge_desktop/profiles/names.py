"""When two names of profiles are the same name. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Container, Iterator
from itertools import count

#: Characters of a name.
LONGEST_NAME = 100


def name_key(name: str) -> str:
    """Equal for names that people take for the same: ``STRASSE`` and ``Straße``, NFC and NFD.

    Canonical caseless matching as in the Unicode Standard, section 3.13, D145. It also is equal wherever
    SQLite's NOCASE is, so that the index on names is never what refuses a name.
    """
    compared = name.strip()[: 4 * LONGEST_NAME]  # sorting a megabyte of combining marks would take minutes
    decomposed = unicodedata.normalize("NFD", compared).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", decomposed))


def free_name(name: str, taken: Container[str]) -> str:
    """The name, or the first of ``Name 2``, ``Name 3`` … that nobody has; never longer than a name may be.

    Args:
        taken: keys of names (`name_key`).
    """
    return next(each for each in _numbered(name.strip()) if name_key(each) not in taken)


def _numbered(name: str) -> Iterator[str]:
    yield name
    for number in count(2):
        ending = f" {number}"
        yield f"{name[: LONGEST_NAME - len(ending)].rstrip()}{ending}".strip()
