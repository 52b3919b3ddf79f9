"""Cards as lists show them, and whole: the library's values, and how they are read from its tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select

from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.tables import CardFileRow, CardRow
from cardforge_desktop.store.table import core_table

CARD = core_table(CardRow)
CARD_FILE = core_table(CardFileRow)
_COLUMNS = (
    *("id", "name", "profile", "engine", "source", "draft", "created_at", "updated_at", "tags", "rating"),
    *("spec", "batch_id", "version", "permanent_tokens", "total_tokens", "imported_from"),
)
_NOTHING: Mapping[str, bytes] = MappingProxyType({})

#: Of one file of a card: format, path, version of the card it was written from.
_File = tuple[str, Path, int]


@dataclass(frozen=True, slots=True)
class CardSummary:
    """A row of the library.

    Attributes:
        profile, engine, batch_id: of a generated card, else "".
        source: name of the source's file, or of the file it was imported from.
        draft: made by an engine of draft quality.
        files: (format, path) as written.
        version: rises with every change.
        spec: what an imported card came as (v1, v2, v3 …), "" for a generated one.
        permanent_tokens, total_tokens: o200k, of every prompt and of a chat's first; None = not counted yet.
        out_of_date: a file of it was written from an earlier version.
    """

    id: str
    name: str
    profile: str
    engine: str
    source: str
    draft: bool
    created_at: datetime
    updated_at: datetime
    tags: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]
    rating: int = 0
    spec: str = ""
    batch_id: str = ""
    version: int = 1
    permanent_tokens: int | None = None
    total_tokens: int | None = None
    out_of_date: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True)
class StoredCard:
    """A whole card, its picture (PNG), and the files of its assets by the path their uri names."""

    summary: CardSummary
    card: Card
    avatar: bytes
    files: Mapping[str, bytes] = field(default_factory=lambda: _NOTHING)

    @property
    def version(self) -> int:
        """To be given to `CardLibrary.save`."""
        return self.summary.version

    @property
    def package(self) -> CardPackage:
        """Everything that travels in a file."""
        return CardPackage(self.card, self.avatar, self.files)


def summary_columns() -> Select[Any]:
    """Selects what `summary_of` takes of cards that are not deleted."""
    return select(*(CARD.c[name] for name in _COLUMNS)).where(CARD.c.deleted_at.is_(None))


def file_columns() -> Select[Any]:
    """Selects what `files_by_card` takes."""
    return select(CARD_FILE.c.card_id, CARD_FILE.c.format, CARD_FILE.c.path, CARD_FILE.c.card_version)


def files_by_card(rows: Iterable[Sequence[Any]]) -> Mapping[str, list[_File]]:
    """Rows of `file_columns` by card."""
    files: dict[str, list[_File]] = defaultdict(list)
    for card_id, format_name, path, version in rows:
        files[card_id].append((format_name, _path(path), version))
    return files


@lru_cache(maxsize=100_000)
def _path(text: str) -> Path:
    """Making them anew took a third of the time of listing ten thousand cards, as every change asks for."""
    return Path(text)


def summary_of(row: Sequence[Any], files: Iterable[_File]) -> CardSummary:
    """The summary of a row of `summary_columns`."""
    (card_id, name, profile, engine, source, draft, created_at, updated_at, tags, rating) = row[:10]
    (spec, batch_id, version, permanent, total, imported_from) = row[10:]
    return CardSummary(
        card_id,
        name,
        profile,
        engine,
        source,
        draft,
        created_at,
        updated_at,
        tuple(tags),
        tuple((format_name, path) for format_name, path, _ in files),
        rating,
        spec,
        batch_id,
        version,
        permanent,
        total,
        any(written_from < version for _, _, written_from in files),
        bool(imported_from),
    )
