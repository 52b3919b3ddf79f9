"""What a format cannot hold, said before a file is written."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage, embedded_path

_NOTHING = object()
_INDEX = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Loss:
    """One thing that does not come back from a file in some format.

    Attributes:
        field: the path of what is lost, ``character_book.entries[3].content``.
        reason: for people: what happens to it, and why.
    """

    field: str
    reason: str


#: Why a field changes on its way through a file; the first pattern that fits its path.
_REASONS = (
    (r"entries\[\d+\]\.content$", "loses its decorator lines (@@…): in V2 they would be sent to the model"),
    (r"entries\[\d+\]\.id$", "gets a free number: readers lose entries whose id is no number or is taken"),
    (r"^assets\[\d+\]\.uri$", "names its file the way this format does"),
)  # fmt: skip


def card_losses(before: Card, after: Card) -> Iterator[Loss]:
    """What `after`, read back from a file, lacks of `before`, which was written; additions are no losses."""
    for path, what in _differences(fields_of(before), fields_of(after), ""):
        known = (reason for pattern, reason in _REASONS if re.search(pattern, path))
        yield Loss(path, next(known, what))


def in_few(losses: Iterable[Loss]) -> tuple[Loss, ...]:
    """The losses, the same thing in a thousand places said once, with the first of them."""
    first: dict[tuple[str, str], Loss] = {}
    more: Counter[tuple[str, str]] = Counter()
    for loss in losses:
        kind = (_INDEX.sub("[]", loss.field), loss.reason)
        first.setdefault(kind, loss)
        more[kind] += 1
    return tuple(
        loss if more[kind] == 1 else Loss(loss.field, f"{loss.reason} (and in {more[kind] - 1:,} more)")
        for kind, loss in first.items()
    )


def _differences(old: Any, new: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name, value in old.items():
            readable = name.encode("utf-8", "replace").decode()  # a lone surrogate can't be printed
            place = f"{path}.{readable}" if path else readable
            yield from _differences(value, new.get(name, _NOTHING), place)
    elif isinstance(old, list) and isinstance(new, list) and len(old) <= len(new):
        for at, value in enumerate(old):
            yield from _differences(value, new[at], f"{path}[{at}]")
    elif new is _NOTHING:
        yield path, "has no place in this format"
    elif old != new:
        yield path, "can't be kept as it is in this format"


def file_losses(package: CardPackage) -> Iterator[Loss]:
    """The picture and the files, for a format that holds text only."""
    if package.picture is not None:
        yield Loss("picture", "is left out: this format has no place for one")
    names = {embedded_path(asset.uri): f"assets[{at}]" for at, asset in enumerate(package.card.assets or ())}
    for path in package.files:
        yield Loss(names.get(path, path), f"loses its file {path}: this format has no place for files")
