"""What the session of books is asked for. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cardforge_desktop.ui.books.deeds import Way

if TYPE_CHECKING:
    from cardforge_desktop.books.model import Change, Step
    from cardforge_desktop.errors import CardForgeError
    from cardforge_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Plan:
    """What a worker found to be done.

    Attributes:
        text: what it is, for the menu of undo.
        expected: the versions that the entries had when they were read.
    """

    text: str
    steps: tuple[Step, ...]
    expected: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Wish:
    """Something to be done, once what was asked for before is.

    Attributes:
        make: works out on a worker what is to be done; None: `steps` are it, or the way is back or forth.
        heard, idle: told how it went, or that there was nothing to do.
        book_id: the book that was open.
        fields: names of the fields that going back or forth changed, of a single entry.
    """

    text: str
    steps: tuple[Step, ...]
    typed: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    way: Way = "do"
    heard: Callable[[Change | CardForgeError], None] | None = None
    make: Callable[[Workspace], Plan | None] | None = None
    idle: Callable[[], object] | None = None
    book_id: str = ""
    fields: frozenset[str] = frozenset()
