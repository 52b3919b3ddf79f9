"""Sources in the store, content-addressed: a batch does not depend on files staying where they were."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import cast

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, select

from cardforge_desktop.batches.tables import ItemSourceRow, SourceRow
from cardforge_desktop.sources.merging import merge
from cardforge_desktop.sources.model import Section, SourceKind, SourceText
from cardforge_desktop.store.database import Store


def keep_source(session: Session, source: SourceText) -> str:
    """Store a source unless it is there already; returns its address."""
    identity = "\0".join((source.name, source.kind, source.text))
    digest = hashlib.sha256(identity.encode()).hexdigest()
    values = {
        "sha256": digest,
        "name": source.name,
        "kind": source.kind,
        "text": source.text,
        "title": source.title,
        "sections": [[section.heading, section.start, section.end] for section in source.sections],
        "encoding": source.encoding,
        "warnings": list(source.warnings),
    }
    session.execute(insert(SourceRow).values(**values).on_conflict_do_nothing())
    return digest


def load_source(session: Session, digest: str) -> SourceText:
    """A stored source as it was read."""
    row = session.get_one(SourceRow, digest)
    return SourceText(
        name=row.name,
        kind=cast("SourceKind", row.kind),
        text=row.text,
        title=row.title,
        sections=tuple(Section(*section) for section in row.sections),
        encoding=row.encoding,
        warnings=tuple(row.warnings),
    )


def source_of_item(store: Store, item_id: str, read: Callable[[Path], SourceText]) -> SourceText:
    """All texts of an item as one; those not in the store yet are read with `read` and kept. Slow.

    Raises:
        CardForgeError: as `read`, of the first source that can't be read; those before it are kept.
    """
    with store.read() as session:
        wanted = select(ItemSourceRow).where(ItemSourceRow.item_id == item_id)
        rows = session.exec(wanted.order_by(col(ItemSourceRow.place))).all()
        known = {row.place: load_source(session, row.source) for row in rows if row.source is not None}
    for row in rows:
        if row.place in known:
            continue
        known[row.place] = read(Path(row.path))
        with store.write() as session:
            digest = keep_source(session, known[row.place])
            kept = session.get(ItemSourceRow, (item_id, row.place))
            if kept is not None:  # the row may have been removed meanwhile
                kept.source = digest
    return merge([known[row.place] for row in rows])
