"""What the rules of profiles must know of the rest of the app."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cardforge_desktop.engines.base import Traits


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Values of one moment.

    Attributes:
        names: key of each profile's name (`names.name_key`) → its id.
        engines: name of each connection → what is known of its engine; None = of a kind not known here.
        fixed_models: those of them whose model can't be chosen by a profile.
        engine: the one that is chosen in the app: a profile without one is made with it.
        formats: all that can be written.
        book_formats: those of them that hold the character book alone.
        count: tokens of a text, about.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    engines: Mapping[str, Traits | None] = field(default_factory=dict)
    fixed_models: frozenset[str] = frozenset()
    engine: str = ""
    formats: frozenset[str] = frozenset()
    book_formats: frozenset[str] = frozenset()
    count: Callable[[str], int] = lambda text: len(text) // 4 + 1

    def engine_named(self, name: str) -> str | None:
        """The connection of that name as it is written, compared without regard to case; None = none."""
        key = name.strip().casefold()
        return next((each for each in self.engines if each.casefold() == key), None)
