"""One source in several ways: files × profiles × engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cardforge_desktop.batches.model import Options


def ways(options: Options, profiles: Sequence[str] = (), engines: Sequence[str] = ()) -> tuple[Options, ...]:
    """The options once for each profile with each engine: profiles first, each combination once.

    Args:
        profiles: names; none = the options' own.
        engines: names; none = the options' own.
    """
    return tuple(
        replace(options, profile=profile, engine=engine)
        for profile in dict.fromkeys(profiles or (options.profile,))
        for engine in dict.fromkeys(engines or (options.engine,))
    )
