"""Which profiles other processes changed: read only after they committed something."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from cardforge_desktop.profiles.tables import ProfileRow, ProfileVersionRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

_State = tuple[int, datetime, datetime | None]


class ProfileNews:
    """Remembers how the profiles stood at the last look. Used by one thread.

    What this process changed itself counts as news, too, at the first look after it: asked about again it is
    what everybody here knows already.
    """

    def __init__(self, store: Store) -> None:
        """What was before is no news."""
        self._store = store
        self._known = self._read()

    def ids(self) -> frozenset[str]:
        """Ids of the profiles that were made, saved, deleted or brought back since the last look."""
        before, self._known = self._known, self._read()
        changed = before.items() ^ self._known.items()
        return frozenset(profile_id for profile_id, _state in changed)

    def _read(self) -> dict[str, _State]:
        head, state = core_table(ProfileRow).c, core_table(ProfileVersionRow).c
        wanted = select(head.id, head.version, state.updated_at, head.deleted_at)
        wanted = wanted.where(state.profile_id == head.id, state.version == head.version)
        with self._store.read() as session:
            return {row[0]: (row[1], row[2], row[3]) for row in session.execute(wanted)}
