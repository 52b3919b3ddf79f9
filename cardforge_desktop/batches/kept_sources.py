"""Sources in the store, content-addressed: a batch does not depend on files staying where they were."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import cast
from weakref import WeakValueDictionary

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session, col, delete, select, update

from cardforge_desktop.batches.finding import read_source
from cardforge_desktop.batches.tables import ItemRow, ItemSourceRow, SourceRow
from cardforge_desktop.sources.merging import merge
from cardforge_desktop.sources.model import Section, SourceKind, SourceText
from cardforge_desktop.store.database import Store


class KeptSources:
    """Reads the files of items, each once however many items of a batch are made of it. Thread-safe."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._guard = threading.Lock()
        self._reading: WeakValueDictionary[str, threading.Lock] = WeakValueDictionary()

    def of_item(self, item_id: str) -> SourceText:
        """All texts of an item as one; those not in the store yet are read and kept. Slow.

        Raises:
            CardForgeError: the first source that can't be read; those before it are kept.
        """
        with self._store.read() as session:
            wanted = select(ItemSourceRow).where(ItemSourceRow.item_id == item_id)
            rows = session.exec(wanted.order_by(col(ItemSourceRow.place))).all()
        return merge([self._text(row) for row in rows])

    def load(self, digest: str) -> SourceText:
        """A text that was kept."""
        with self._store.read() as session:
            return load_source(session, digest)

    def keep(self, source: SourceText) -> str:
        """Keep a text before any item is made of it; returns its address."""
        with self._store.write() as session:
            return keep_source(session, source)

    def _text(self, row: ItemSourceRow) -> SourceText:
        if row.source is not None:
            return self.load(row.source)
        with self._lock_of(row.path):
            # Another thread may have read the file while this one waited for the lock.
            with self._store.read() as session:
                place = (row.item_id, row.place)
                known = session.get(ItemSourceRow, place)
                if known is not None and known.source is not None:
                    return load_source(session, known.source)
            source = read_source(Path(row.path))
            with self._store.write() as session:
                _share(session, row, keep_source(session, source))
        return source

    def _lock_of(self, path: str) -> threading.Lock:
        with self._guard:
            lock = self._reading.get(path)
            if lock is None:
                lock = self._reading[path] = threading.Lock()
            return lock


def _share(session: Session, row: ItemSourceRow, digest: str) -> None:
    """Give the text of a file to every item of the batch that waits for it, so that all have the same one."""
    batch = select(ItemRow.batch_id).where(ItemRow.id == row.item_id).scalar_subquery()
    items = select(ItemRow.id).where(ItemRow.batch_id == batch)
    session.execute(
        update(ItemSourceRow)
        .where(col(ItemSourceRow.path) == row.path, col(ItemSourceRow.source).is_(None))
        .where(col(ItemSourceRow.item_id).in_(items))
        .values(source=digest)
    )


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


def forget_sources(session: Session) -> None:
    """Remove the texts no item is made of: what was read for a batch that was never added."""
    needed = select(ItemSourceRow.source).where(col(ItemSourceRow.source).is_not(None))
    session.execute(delete(SourceRow).where(col(SourceRow.sha256).not_in(needed)))
