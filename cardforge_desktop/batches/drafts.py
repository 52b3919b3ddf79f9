"""The cards that wait for Start: adding sources, changing what they are made with, taking them away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict, Unpack

from sqlmodel import Session, col, delete, select, update

from cardforge_desktop.batches import transitions
from cardforge_desktop.batches.adding import (
    draft_batch,
    engine_values,
    folder_text,
    grouped,
    insert_items,
    item_values,
    known_formats,
    last_position,
    profile_values,
)
from cardforge_desktop.batches.combining import ways
from cardforge_desktop.batches.engine_choice import own_engine
from cardforge_desktop.batches.finding import NewSource, find
from cardforge_desktop.batches.intake import Intake
from cardforge_desktop.batches.kept_sources import forget_sources
from cardforge_desktop.batches.model import CardRef, ItemStatus, Options
from cardforge_desktop.batches.shared_books import checked_book, checked_tokens
from cardforge_desktop.batches.tables import ItemRow, ItemSourceRow
from cardforge_desktop.batches.targets import (
    Target,
    forget_targets,
    keep_target,
    kept_targets,
    known_fields,
    read_target,
)
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.ids import new_id
from cardforge_desktop.naming import check_pattern

_ENDED = (ItemStatus.COMPLETED, ItemStatus.FAILED, ItemStatus.CANCELLED)
#: Columns of an item that a copy of it does not take over.
_OWN = {"id", "job_id", "batch_id", "position", "rank", "status", "stage", "held", "progress", "run"}
_OWN |= {"attempts", "worker_id", "input_tokens", "output_tokens", "cost", "error", "warnings", "card_id"}
_OWN |= {
    "known",
    "book_changes",
    "unknown_calls",
    "started_at",
    "finished_at",
    "hidden",
    "target",
    "sanitise_names",
    "longest_name",
}


class Wishes(TypedDict, total=False):
    """What can be changed of drafts; see `Options`. An `update` of None makes new cards."""

    profile: str
    engine: str
    formats: tuple[str, ...]
    include_book: bool
    character_name: str
    output: Path
    pattern: str
    overwrite: bool
    update: Path | CardRef | None
    fields: tuple[str, ...]
    shared_book: str
    book_tokens: int


def _known_pattern(pattern: str) -> str:
    check_pattern(pattern)
    return pattern


#: How a wish that stands for one column is checked and put there.
_COLUMNS: Mapping[str, Callable[[Any], Any]] = {
    "formats": known_formats,
    "fields": known_fields,
    "output": folder_text,
    "pattern": _known_pattern,
    "character_name": str.strip,
    "include_book": bool,
    "overwrite": bool,
    "book_tokens": checked_tokens,
}
#: What an estimate depends on.
_ESTIMATED_FROM = {"profile", "engine", "include_book", "update", "fields", "shared_book", "book_tokens"}
_NO_ESTIMATE = {
    "estimate_input": None,
    "estimate_output_low": None,
    "estimate_output": None,
    "estimate_cost_low": None,
    "estimate_cost": None,
}


@dataclass(frozen=True, slots=True)
class Before:
    """What a change found, for `Drafts.change_back`; only the drafts service looks into it."""

    rows: Mapping[str, Mapping[str, Any]]


class Drafts:
    """The items that wait for Start. Thread-safe; methods block on the store."""

    def __init__(self, tools: Tools, intake: Intake) -> None:
        self._tools = tools
        self._intake = intake

    def add(
        self,
        paths: Sequence[Path],
        options: Options,
        on_note: Callable[[str], None] = lambda _: None,
        *,
        together: bool = False,
        profiles: Sequence[str] = (),
        engines: Sequence[str] = (),
    ) -> tuple[str, ...]:
        """A draft row for each file, folders searched; reading and estimating go on in the background.

        Without any path, the card to update is its own source.

        Args:
            on_note: told of files in folders that were passed over though they may have been meant.
            together: all files make one card.
            profiles, engines: every source is made with each of these profiles by each of these engines;
                none = those of the options.

        Raises:
            CardForgeError: unknown profile, engine, format, field or naming placeholder, or a card to update
                that can't be read. Sources that can't be read fail on their own row.
        """
        target = read_target(options.update, self._tools.library)
        items = grouped(find(paths, target, on_note), together=together)
        return self._insert(items, ways(options, profiles, engines), target)

    def add_items(
        self,
        items: Sequence[Sequence[NewSource]],
        options: Options,
        profiles: Sequence[str] = (),
        engines: Sequence[str] = (),
    ) -> tuple[str, ...]:
        """A draft row for each group of sources that were found before, in each way; see `add`.

        Raises:
            CardForgeError: as in `add`.
        """
        target = read_target(options.update, self._tools.library)
        return self._insert(items, ways(options, profiles, engines), target)

    def add_text(self, name: str, text: str, options: Options) -> tuple[str, ...]:
        """A draft row for pasted text.

        Raises:
            CardForgeError: the text is empty, or as in `add`.
        """
        from cardforge_desktop.sources.reader import from_text

        source = from_text(name, text)
        return self.add_items([(NewSource(source.name, None, text=source),)], options)

    def _insert(
        self, items: Sequence[Sequence[NewSource]], options: Sequence[Options], target: Target | None
    ) -> tuple[str, ...]:
        values = [item_values(self._tools, way) for way in options]
        with self._tools.store.write() as session:
            ids = insert_items(
                session, draft_batch(session), items, values, status=ItemStatus.DRAFT, target=target
            )
        self._announce(ids)
        self._intake.take(ids)
        return ids

    def known(self, paths: Sequence[Path]) -> tuple[Path, ...]:
        """Those of the files that are a source of a draft, or of an item that waits or runs, already."""
        texts = {str(path.expanduser().absolute()): path for path in paths}
        active = [ItemStatus.DRAFT, ItemStatus.QUEUED, ItemStatus.PROCESSING]
        with self._tools.store.read() as session:
            found = session.exec(
                select(ItemSourceRow.path)
                .join(ItemRow)
                .where(col(ItemRow.status).in_(active), col(ItemRow.hidden).is_(False))
                .where(col(ItemSourceRow.path).in_(list(texts)))
                .distinct()
            ).all()
        return tuple(path for text, path in texts.items() if text in found)

    def change(self, item_ids: Collection[str], **wishes: Unpack[Wishes]) -> Before:
        """Change what drafts are made with; their estimates are made again where that matters.

        A profile brings its formats, its choice of the book and its engine (where there is that one) along,
        unless these are given too.

        Returns:
            What `change_back` needs to undo it.

        Raises:
            CardForgeError: unknown profile, engine, format, field or naming placeholder, or a card to update
                that can't be read.
        """
        values = self._changed_values(wishes)
        target = read_target(wishes.get("update"), self._tools.library)
        with self._tools.store.write() as session:
            if "update" in wishes:
                values |= {
                    "target": None if target is None else keep_target(session, target),
                    "target_name": "" if target is None else target.name,
                    "fields": values.get("fields", []),
                }
            before = _values_of(session, item_ids, values)
            # A card file nobody updates any more stays till the next start, so that this can be undone.
            changed = transitions.move(session, item_ids, [ItemStatus.DRAFT], ItemStatus.DRAFT, **values)
        self._announce(changed)
        if values.keys() & _NO_ESTIMATE.keys():
            self._intake.take(changed)
        return before

    def change_back(self, before: Before) -> None:
        """Undo a `change`: of the drafts that are still drafts, just what it changed is as it was.

        Raises:
            UpdateError: TARGET_LOST, the card file they were to update is no longer kept; nothing is changed.
        """
        changed: list[str] = []
        unread: list[str] = []
        with self._tools.store.write() as session:
            kept_targets(
                session, {values["target"] for values in before.rows.values() if values.get("target")}
            )
            for item_id, values in before.rows.items():
                back = transitions.move(session, [item_id], [ItemStatus.DRAFT], ItemStatus.DRAFT, **values)
                changed += back
                if back and values.get("estimate_input", 0) is None:
                    unread += back
        self._announce(changed)
        self._intake.take(unread)

    def _changed_values(self, wishes: Wishes) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if "profile" in wishes:
            chosen = self._tools.profiles.by_name(wishes["profile"])
            config = chosen.config
            values |= profile_values(chosen)
            values |= {"formats": list(config.formats), "include_book": config.book.include}
            if own := own_engine(config, (known.name for known in self._tools.engines.connections())):
                values |= engine_values(self._tools.engines.get(own))
        if "engine" in wishes:
            values |= engine_values(self._tools.engines.get(wishes["engine"]))
        if "shared_book" in wishes:
            values["shared_book"] = checked_book(self._tools.books, wishes["shared_book"])
        values |= {name: _COLUMNS[name](value) for name, value in wishes.items() if name in _COLUMNS}
        if wishes.keys() & _ESTIMATED_FROM:
            values |= _NO_ESTIMATE
        return values

    def duplicate(self, item_ids: Collection[str]) -> tuple[str, ...]:
        """A new draft of each item: same sources, same wishes, same version of the profile.

        An item that updated a card and is done makes a new card: its target is forgotten by then.
        """
        with self._tools.store.write() as session:
            wanted = select(ItemRow).where(col(ItemRow.id).in_(item_ids))
            rows = session.exec(wanted.order_by(col(ItemRow.batch_id), col(ItemRow.rank))).all()
            batch_id = draft_batch(session)
            ids = [_copy(session, row, batch_id) for row in rows]
        self._announce(ids)
        self._intake.take(ids)
        return tuple(ids)

    def remove(self, item_ids: Collection[str]) -> None:
        """Take rows off the queue: drafts and ended ones are hidden (cards stay), others stay.

        `restore` brings them back; hidden drafts are deleted at the next start of the app.
        """
        self._set_hidden(item_ids, hidden=True)

    def restore(self, item_ids: Collection[str]) -> None:
        """Undo `remove`."""
        self._set_hidden(item_ids, hidden=False)

    def _set_hidden(self, item_ids: Collection[str], *, hidden: bool) -> None:
        with self._tools.store.write() as session:
            session.execute(
                update(ItemRow)
                .where(col(ItemRow.id).in_(item_ids))
                .where(col(ItemRow.status).in_([*_ENDED, ItemStatus.DRAFT]))
                .values(hidden=hidden)
            )
        self._announce(item_ids)

    def purge(self) -> None:
        """Delete the drafts that were removed, for good, and the texts nothing is made of any more."""
        with self._tools.store.write() as session:
            session.execute(
                delete(ItemRow).where(col(ItemRow.hidden), col(ItemRow.status) == ItemStatus.DRAFT)
            )
            forget_targets(session)
            forget_sources(session)

    def _announce(self, item_ids: Collection[str]) -> None:
        if item_ids:
            self._tools.hub.changed.emit(Changed(Kind.ITEM, frozenset(item_ids)))
            self._tools.hub.changed.emit(Changed(Kind.BATCH))


def _values_of(session: Session, item_ids: Collection[str], columns: Collection[str]) -> Before:
    """What drafts hold in these columns."""
    wanted = select(ItemRow).where(col(ItemRow.id).in_(item_ids), col(ItemRow.status) == ItemStatus.DRAFT)
    rows = session.exec(wanted).all()
    return Before({row.id: {column: getattr(row, column) for column in columns} for row in rows})


def _copy(session: Session, row: ItemRow, batch_id: str) -> str:
    """Insert a draft like `row` at the end of the batch."""
    position = last_position(session, batch_id) + 1
    values = {key: value for key, value in row.model_dump().items() if key not in _OWN}
    if row.target is None:
        values |= {"target_name": "", "fields": []}
    copy = ItemRow(
        id=new_id("item"),
        job_id=new_id("job"),
        batch_id=batch_id,
        position=position,
        rank=position,
        status=ItemStatus.DRAFT,
        target=row.target,
        **values,
    )
    session.add(copy)
    session.flush()
    for source in session.exec(select(ItemSourceRow).where(ItemSourceRow.item_id == row.id)).all():
        session.add(ItemSourceRow(**{**source.model_dump(), "item_id": copy.id}))
    return copy.id
