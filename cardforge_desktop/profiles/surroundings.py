"""What the rules of profiles must know of the rest of the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cardforge_desktop.engines.base import Traits


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Values of one moment.

    Attributes:
        names: name of each other profile, casefolded → its id.
        engines: name of each connection → what is known of its engine; None = of a kind not known here.
        engine: the one that is chosen in the app: a profile without one is made with it.
        formats: all that can be written.
        count: tokens of a text, about.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    engines: Mapping[str, Traits | None] = field(default_factory=dict)
    engine: str = ""
    formats: frozenset[str] = frozenset()
    count: Callable[[str], int] = lambda text: len(text) // 4 + 1
