"""Which card of a batch has which file: none of them replaces another's, though files may be overwritten."""

from __future__ import annotations

import os
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.cards.summaries import CARD, CARD_FILE
from cardforge_desktop.cards.tables import FileClaimRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

_CLAIM = core_table(FileClaimRow)
#: Batches whose names are kept in memory; those of others are read again.
_KEPT = 8


class Claims:
    """The names of the files of batches. Thread-safe.

    A batch is run by one process at a time: what is written and not yet noted in the store is known here.
    Where files may be overwritten, a name is in the store before its file is written, to be known after a
    crash. What another process noted meanwhile (it retried an item of an ended batch) is looked up before a
    file is replaced.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._owners: OrderedDict[str, dict[str, str]] = OrderedDict()

    def claim(
        self,
        batch_id: str,
        item_id: str,
        paths: Collection[Path],
        replaced: Collection[Path] = (),
        *,
        lasting: bool = False,
    ) -> bool:
        """Take names for the card of an item.

        Args:
            replaced: those of the paths where a file is: one that would give way, or an earlier try's.
            lasting: also for a later process, until `forget`.

        Returns:
            False, and nothing is taken, when one of the replaced is a file of another card of the batch.
        """
        with self._lock:
            owners = self._of(batch_id)
            if any(_key(path) not in owners for path in replaced):
                owners |= self._noted(batch_id, replaced) | owners
            if any(owners.get(_key(path), item_id) != item_id for path in replaced):
                return False
            owners.update({_key(path): item_id for path in paths})
            if lasting:
                self._keep(batch_id, item_id, paths)
        return True

    @staticmethod
    def forget(session: Session, item_id: str) -> None:
        """To be called in the transaction that notes the item's files: these are known then."""
        session.execute(delete(_CLAIM).where(_CLAIM.c.item_id == item_id))

    def _keep(self, batch_id: str, item_id: str, paths: Collection[Path]) -> None:
        rows = [{"batch_id": batch_id, "name": _key(path), "item_id": item_id} for path in paths]
        taken = insert(_CLAIM)
        over = taken.on_conflict_do_update(
            index_elements=[_CLAIM.c.batch_id, _CLAIM.c.name], set_={"item_id": taken.excluded.item_id}
        )
        # Outlives the process; after a power cut the files' names may be gone as well.
        with self._store.write(lasting=False) as session:
            session.execute(over, rows)

    def _of(self, batch_id: str) -> dict[str, str]:
        """Name → item of a batch, at first as the store has it."""
        if batch_id not in self._owners:
            self._owners[batch_id] = self._noted(batch_id)
            while len(self._owners) > _KEPT:
                self._owners.popitem(last=False)
        self._owners.move_to_end(batch_id)
        return self._owners[batch_id]

    def _noted(self, batch_id: str, paths: Collection[Path] | None = None) -> dict[str, str]:
        """Name → item, as the store has it; None = of all files of the batch."""
        wanted = select(CARD_FILE.c.path, CARD.c.item_id).join(CARD, CARD.c.id == CARD_FILE.c.card_id)
        if paths is not None:
            wanted = wanted.where(CARD_FILE.c.path.in_([str(path) for path in paths]))
        claimed = select(_CLAIM.c.name, _CLAIM.c.item_id).where(_CLAIM.c.batch_id == batch_id)
        if paths is not None:
            claimed = claimed.where(_CLAIM.c.name.in_([_key(path) for path in paths]))
        with self._store.read() as session:
            kept = {str(name): str(item_id) for name, item_id in session.execute(claimed)}
            rows = session.execute(wanted.where(CARD.c.batch_id == batch_id)).all()
        return kept | {_key(Path(path)): item_id for path, item_id in rows}


def _key(path: Path) -> str:
    """Names that some file system takes for one are one."""
    return unicodedata.normalize("NFC", os.path.abspath(path)).casefold()  # noqa: PTH100  # no links followed
