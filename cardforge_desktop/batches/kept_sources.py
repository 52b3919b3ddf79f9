"""Sources in the store, content-addressed: a batch does not depend on files staying where they were."""

from __future__ import annotations

import hashlib
from typing import cast

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import Session

from cardforge_desktop.batches.tables import SourceRow
from cardforge_desktop.sources.model import Section, SourceKind, SourceText


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
