"""Putting items into the store: of found files or texts, with options that were checked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, col, func, select, update

from cardforge_desktop.batches.engine_choice import engine_for
from cardforge_desktop.batches.finding import NewSource
from cardforge_desktop.batches.kept_sources import keep_source
from cardforge_desktop.batches.model import BatchOptions, BatchStatus, ItemStatus, Options
from cardforge_desktop.batches.shared_books import checked_book, checked_tokens
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow
from cardforge_desktop.batches.targets import Target, chosen_fields, keep_target
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.cards.formats import FORMATS
from cardforge_desktop.costs.limits import Limits
from cardforge_desktop.engines.base import Engine
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.ids import new_id
from cardforge_desktop.naming import NameRules, check_pattern
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.settings import DEFAULT_CONCURRENCY, MAX_CONCURRENCY
from cardforge_desktop.sources.merging import short_name
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now


class QueueError(CardForgeError):
    """The queue can't do that.

    Codes: NOTHING_TO_START, ITEM_NOT_FOUND, BATCH_NOT_FOUND, FORMAT_UNKNOWN, CONCURRENCY_INVALID.
    """


def insert_items(
    session: Session,
    batch_id: str,
    items: Sequence[Sequence[NewSource]],
    ways: Sequence[dict[str, Any]],
    *,
    status: ItemStatus,
    target: Target | None = None,
) -> tuple[str, ...]:
    """Insert a row for each group of sources in each way at the end of a batch; returns their ids.

    Rows of the same sources stand together.

    Args:
        items: for each item its sources, at least one.
        ways: the columns that say what an item is made with, each from `item_values`.
    """
    kept: dict[str, Any] = {}
    if target is not None:
        kept = {"target": keep_target(session, target), "target_name": target.name}
    unset, rows = _unset(), list[dict[str, Any]]()
    source_rows: list[dict[str, Any]] = []
    position = last_position(session, batch_id)
    for sources in items:
        own, names = _source_columns(session, sources), _names(sources)
        for values in ways:
            position += 1
            item_id = new_id("item")
            ids = {"id": item_id, "job_id": new_id("job"), "batch_id": batch_id, "status": status}
            place = {"position": position, "rank": position}
            rows.append({**unset, **names, **values, **kept, **ids, **place})
            source_rows += [{**columns, "item_id": item_id} for columns in own]
    if rows:
        # Two statements for thousands of rows: each through the model would take some milliseconds.
        session.execute(insert(core_table(ItemRow)), rows)
        session.execute(insert(core_table(ItemSourceRow)), source_rows)
    return tuple(row["id"] for row in rows)


def _unset() -> dict[str, Any]:
    """The columns of an item that nothing is known of yet."""
    return {
        name: field.get_default(call_default_factory=True)
        for name, field in ItemRow.model_fields.items()
        if not field.is_required()
    }


def _names(sources: Sequence[NewSource]) -> dict[str, Any]:
    avatar = next((source.avatar for source in sources if source.avatar is not None), None)
    return {
        "source_name": short_name([source.name for source in sources]),
        "avatar_path": "" if avatar is None else str(avatar),
    }


def _source_columns(session: Session, sources: Sequence[NewSource]) -> list[dict[str, Any]]:
    """The columns of an item's sources, but for the item itself."""
    return [
        {
            "place": place,
            "name": source.name,
            "path": "" if source.path is None else str(source.path),
            "source": _address(session, source),
        }
        for place, source in enumerate(sources, start=1)
    ]


def _address(session: Session, source: NewSource) -> str | None:
    """Where the text of a source is kept, None until it is read."""
    return source.digest or (None if source.text is None else keep_source(session, source.text))


def item_values(tools: Tools, options: Options) -> dict[str, Any]:
    """The columns of an item that come from its options, checked.

    Raises:
        CardForgeError: unknown profile, engine, format, field, naming placeholder or shared book.
    """
    profile = tools.profiles.by_name(options.profile)
    pattern = options.pattern or tools.settings.get().pattern or profile.config.naming_pattern
    check_pattern(pattern)
    engine = engine_for(tools.engines, profile.config, options.engine, tools.settings.get().engine)
    book = profile.config.book.include if options.include_book is None else options.include_book
    return {
        **engine_values(engine),
        **profile_values(profile),
        "formats": known_formats(options.formats or profile.config.formats),
        "include_book": book,
        "output": folder_text(options.output),
        "pattern": pattern,
        "sanitise_names": None if options.rules is None else options.rules.sanitise,
        "longest_name": None if options.rules is None else options.rules.max_bytes,
        "overwrite": options.overwrite,
        "character_name": options.character_name.strip(),
        "shared_book": checked_book(tools.books, options.shared_book),
        "book_tokens": checked_tokens(options.book_tokens),
        "fields": chosen_fields(
            profile,
            options.fields,
            is_update=options.update is not None,
            include_book=options.include_book,
        ),
    }


def fix_names(session: Session, batch_id: str, rules: NameRules) -> None:
    """From Start on the names of a batch's files are made in one way, whatever becomes of the settings."""
    session.execute(
        update(ItemRow)
        .where(col(ItemRow.batch_id) == batch_id, col(ItemRow.sanitise_names).is_(None))
        .values(sanitise_names=rules.sanitise, longest_name=rules.max_bytes)
    )


def profile_values(profile: Profile) -> dict[str, Any]:
    """The columns that say with which profile an item is made."""
    return {"profile_id": profile.id, "profile": profile.name, "profile_version": profile.version}


def engine_values(engine: Engine) -> dict[str, Any]:
    """The columns that say which engine writes an item."""
    return {"engine": engine.connection.name, "local": engine.traits.local}


def known_formats(formats: Sequence[str]) -> list[str]:
    """The formats, each once.

    Raises:
        QueueError: FORMAT_UNKNOWN.
    """
    for name in formats:
        if name not in FORMATS:
            known = ", ".join(FORMATS)
            raise QueueError(ErrorCode.FORMAT_UNKNOWN, f"There is no format “{name}”. There are: {known}.")
    return list(dict.fromkeys(formats))


def folder_text(folder: Path) -> str:
    """A folder as it is stored: absolute."""
    return str(folder.expanduser().absolute())


def checked_concurrency(calls: int) -> int:
    """How many calls of a batch go out at once.

    Raises:
        QueueError: CONCURRENCY_INVALID.
    """
    if not 1 <= calls <= MAX_CONCURRENCY:
        told = f"A batch can make 1 to {MAX_CONCURRENCY} cards at once, not {calls}."
        raise QueueError(ErrorCode.CONCURRENCY_INVALID, told)
    return calls


def new_batch(session: Session, status: BatchStatus, owner: str, options: BatchOptions | None = None) -> str:
    """Insert a batch, behind all others of its priority, with what it may spend; returns its id.

    Raises:
        QueueError: CONCURRENCY_INVALID.
        LimitError: LIMIT_INVALID.
    """
    options = options or BatchOptions()
    time = now()
    highest = session.exec(select(func.max(BatchRow.rank))).one()
    row = BatchRow(
        id=new_id("batch", 8),
        name=options.name.strip(),
        status=status,
        owner=owner,
        priority=options.priority,
        rank=(highest or 0) + 1,
        max_concurrent=checked_concurrency(options.max_concurrent or DEFAULT_CONCURRENCY),
        continue_on_error=options.continue_on_error,
        created_at=time,
        started_at=None if status is BatchStatus.DRAFT else time,
    )
    session.add(row)
    session.flush()
    if options.limit is not None:
        Limits.set_within(session, row.id, options.limit)
    return row.id


def draft_batch(session: Session) -> str:
    """The batch that is being put together; there is at most one."""
    known = session.exec(select(BatchRow.id).where(BatchRow.status == BatchStatus.DRAFT)).first()
    return known or new_batch(session, BatchStatus.DRAFT, "")


def grouped(sources: Sequence[NewSource], *, together: bool) -> list[tuple[NewSource, ...]]:
    """The sources of each item: one each, or all in one."""
    if together and sources:
        return [tuple(sources)]
    return [(source,) for source in sources]


def last_position(session: Session, batch_id: str) -> int:
    """The highest position in a batch, 0 when it is empty."""
    highest = session.exec(select(func.max(ItemRow.position)).where(ItemRow.batch_id == batch_id)).one()
    return highest or 0
