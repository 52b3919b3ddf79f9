"""The order in which batches, and the items of one, run. Joins the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.store.table import core_table

_ITEMS = core_table(ItemRow)
_RANK = update(_ITEMS).where(_ITEMS.c.id == bindparam("of_item")).values(rank=bindparam("place"))


def reorder_items(session: Session, item_ids: Sequence[str], before: str | None) -> list[str]:
    """Put items of one batch before another one of it (None = last), in this order; returns them.

    Items of other batches than the first one's are left out.
    """
    if not item_ids:
        return []
    batch_id = session.exec(select(ItemRow.batch_id).where(ItemRow.id == item_ids[0])).first()
    order = session.exec(
        select(ItemRow.id).where(ItemRow.batch_id == batch_id).order_by(col(ItemRow.rank))
    ).all()
    moved = [item_id for item_id in dict.fromkeys(item_ids) if item_id in set(order)]
    others = [item_id for item_id in order if item_id not in set(moved)]
    place = others.index(before) if before in others else len(others)
    ranks = enumerate([*others[:place], *moved, *others[place:]], start=1)
    if moved:
        session.execute(_RANK, [{"of_item": item_id, "place": rank} for rank, item_id in ranks])
    return moved


def reorder_batches(session: Session, batch_ids: Sequence[str]) -> None:
    """Give batches the ranks that they have between them, in this order."""
    ranks = sorted(session.exec(select(BatchRow.rank).where(col(BatchRow.id).in_(batch_ids))))
    for rank, batch_id in zip(ranks, batch_ids, strict=False):
        session.execute(update(BatchRow).where(col(BatchRow.id) == batch_id).values(rank=rank))
