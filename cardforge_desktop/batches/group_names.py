"""What the profiles and batches are called whose sums `costs.sums` tells by id, those that are gone too."""

from __future__ import annotations

import json
from collections.abc import Collection

from sqlalchemy import select

from cardforge_desktop.batches.spending import among
from cardforge_desktop.batches.summaries import read_names
from cardforge_desktop.costs.sums import Grouping
from cardforge_desktop.profiles.tables import ProfileRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

_PROFILES = core_table(ProfileRow)
_NAMES = select(_PROFILES.c.id, _PROFILES.c.name).where(among(_PROFILES.c.id, "ids"))

_DELETED = select(_PROFILES.c.id).where(among(_PROFILES.c.id, "ids"), _PROFILES.c.deleted_at.is_not(None))


class GroupNames:
    """Reads names. Thread-safe; off the window's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, grouping: Grouping, keys: Collection[str]) -> dict[str, str]:
        """Key of a `costs.sums.Group` → its name. Models and engines are keyed by their names.

        "" (calls that are of no batch, or of a profile that was not stored) and ids that no version of this
        store knew are absent. Naming a batch after its sources takes time: ask for the groups that are shown.
        """
        if grouping in ("model", "engine"):
            return {key: key for key in keys if key}
        with self._store.read() as session:
            if grouping == "batch":
                return read_names(session, keys)
            found = session.execute(_NAMES, {"ids": json.dumps(list(keys))})
            return {row.id: row.name for row in found}

    def deleted(self, profile_ids: Collection[str]) -> frozenset[str]:
        """Those of the profiles that were deleted: their names may be another profile's by now."""
        with self._store.read() as session:
            return frozenset(session.execute(_DELETED, {"ids": json.dumps(list(profile_ids))}).scalars())
