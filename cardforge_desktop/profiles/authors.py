"""Who changes profiles: the user of the system, and through which face."""

from __future__ import annotations

import getpass

#: Who made the profiles that come with the app.
SHIPPED_BY = "CardForge"


def author(face: str) -> str:
    """``ana, command line``.

    Args:
        face: ``window``, ``command line`` or ``local API``.
    """
    try:
        user = getpass.getuser()
    except (OSError, KeyError):  # a container may have no user of this number
        user = "somebody"
    return f"{user}, {face}"
