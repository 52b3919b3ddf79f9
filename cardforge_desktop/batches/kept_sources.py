"""Sources in the store, content-addressed: a batch does not depend on files staying where they were."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Any, cast
from weakref import WeakValueDictionary

from sqlalchemy import Row, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.batches.finding import read_source
from cardforge_desktop.batches.tables import ItemRow, ItemSourceRow, SourceRow
from cardforge_desktop.sources.merging import merge
from cardforge_desktop.sources.model import Section, SourceKind, SourceText
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table

_ITEMS = core_table(ItemRow)
_SOURCES = core_table(SourceRow)
_PLACES = core_table(ItemSourceRow)
_OF_ITEM = (
    select(_PLACES.c.item_id, _PLACES.c.place, _PLACES.c.path, _PLACES.c.source)
    .where(_PLACES.c.item_id == bindparam("of_item"))
    .order_by(_PLACES.c.place)
)
_AT_PLACE = select(_PLACES.c.source).where(
    _PLACES.c.item_id == bindparam("of_item"), _PLACES.c.place == bindparam("at")
)
_THIS = _ITEMS.alias()
# Each batch is looked up by its item: a list of all items of the batch would be made anew for every file.
_SHARE = update(_PLACES).where(
    _PLACES.c.path == bindparam("file"),
    _PLACES.c.source.is_(None),
    select(_ITEMS.c.batch_id).where(_ITEMS.c.id == _PLACES.c.item_id).scalar_subquery()
    == select(_THIS.c.batch_id).where(_THIS.c.id == bindparam("of_item")).scalar_subquery(),
)
_KEEP = insert(_SOURCES).on_conflict_do_nothing()
_LOAD = select(_SOURCES).where(_SOURCES.c.sha256 == bindparam("digest"))


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
            rows = session.execute(_OF_ITEM, {"of_item": item_id}).all()
        return merge([self._text(row) for row in rows])

    def load(self, digest: str) -> SourceText:
        """A text that was kept."""
        with self._store.read() as session:
            return load_source(session, digest)

    def keep(self, source: SourceText) -> str:
        """Keep a text before any item is made of it; returns its address."""
        with self._store.write() as session:
            return keep_source(session, source)

    def _text(self, row: Row[Any]) -> SourceText:
        if row.source is not None:
            return self.load(row.source)
        with self._lock_of(row.path):
            # Another thread may have read the file while this one waited for the lock.
            with self._store.read() as session:
                known = session.execute(_AT_PLACE, {"of_item": row.item_id, "at": row.place}).scalar()
                if known is not None:
                    return load_source(session, known)
            source = read_source(Path(row.path))
            # Needed when the item's first call goes out, which lasts itself; until then it can be read again.
            with self._store.write(lasting=False) as session:
                digest = keep_source(session, source)
                session.execute(_SHARE, {"file": row.path, "of_item": row.item_id, "source": digest})
        return source

    def _lock_of(self, path: str) -> threading.Lock:
        with self._guard:
            lock = self._reading.get(path)
            if lock is None:
                lock = self._reading[path] = threading.Lock()
            return lock


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
    session.execute(_KEEP, values)
    return digest


def load_source(session: Session, digest: str) -> SourceText:
    """A stored source as it was read."""
    row = session.execute(_LOAD, {"digest": digest}).one()
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
    needed = select(_PLACES.c.source).where(_PLACES.c.source.is_not(None))
    session.execute(delete(_SOURCES).where(_SOURCES.c.sha256.not_in(needed)))
