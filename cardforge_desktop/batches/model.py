"""The queue's values, as services return them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.naming import NameRules

if TYPE_CHECKING:
    from cardforge_desktop.costs.limits import Limit

#: Tokens of a shared book that an item is told, unless something else is wished.
BOOK_TOKENS = 1_000
MOST_BOOK_TOKENS = 100_000
#: What a call is refused for that might pass a limit.
LIMIT_CODES = (ErrorCode.LIMIT_REACHED, ErrorCode.LIMIT_NO_PRICE)


class ItemStatus(StrEnum):
    """States of an item. DRAFT waits for Start; the rest are the specification's (section 1.1)."""

    DRAFT = "draft"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class BatchStatus(StrEnum):
    """States of a batch. DRAFT is being put together in the window; PAUSED begins nothing new."""

    DRAFT = "draft"
    QUEUED = "queued"
    PROCESSING = "processing"
    PAUSED = "paused"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """Which batches go first, highest first (specification 1.1)."""

    HIGH = "high"
    STANDARD = "standard"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """How a batch is run (specification 1.1, ``batch_options``).

    Attributes:
        name: shown in the history, "" = made from its sources.
        max_concurrent: calls of this batch at once, 1..32; None = as many as this process makes at once when
            the batch is started (the setting, 3 unless changed, or ``--concurrency``).
        continue_on_error: False stops the rest of the batch at its first failed item.
        limit: what the batch may spend; None = it has no limit of its own. `Queue.change_batch` changes it.
    """

    name: str = ""
    priority: Priority = Priority.STANDARD
    max_concurrent: int | None = None
    continue_on_error: bool = True
    limit: Limit | None = None


@dataclass(frozen=True, slots=True)
class CardRef:
    """A card of the library, by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Options:
    """What an item is made with.

    Attributes:
        profile: name of a profile.
        engine: name of a connection, "" = the profile's, or else the one that is chosen in the app.
        formats: names of `cards.formats.FORMATS`; empty = the profile's. One that holds the book alone is
            left out, with a warning, where a card has none.
        include_book: None = as the profile says.
        output: folder of the files; made when the first is written.
        pattern: naming pattern, a name or a template; "" = the setting's, or else the profile's.
        update: a card file, or a card of the library as it is now; only the asked fields of it are written
            anew, into a new card and new files.
        fields: of an update, those of the profile's fields (and ``book``) that are asked for; empty = all.
        character_name: whom the card is about, "" = as the source says.
        overwrite: whether files of the same name are replaced, but for those of other cards of the batch;
            else the new ones get a number.
        rules: how names of files are made; None = as the settings say when the batch is started.
        shared_book: id of a book that stands by itself: what the source wakes of it is told to the model, and
            what the card's own book tells besides is added to it; "" = none.
        book_tokens: what of that book is told, at most.
    """

    output: Path
    profile: str = "Default"
    engine: str = ""
    formats: tuple[str, ...] = ()
    include_book: bool | None = None
    pattern: str = ""
    update: Path | CardRef | None = None
    fields: tuple[str, ...] = ()
    character_name: str = ""
    overwrite: bool = False
    rules: NameRules | None = None
    shared_book: str = ""
    book_tokens: int = BOOK_TOKENS


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """Why an item failed; shape of the specification's error object."""

    message: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceView:
    """One of the texts an item is made of; `path` is None for pasted text, `digest` "" until it is read."""

    name: str
    path: Path | None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class BookChanges:
    """What a card did to the book that it shares, by titles, a hundred of each kind at most.

    Attributes:
        name: the book's, then.
        known: told there already, and so left out.
    """

    name: str
    added: tuple[str, ...] = ()
    extended: tuple[str, ...] = ()
    known: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemView:
    """One row of the queue.

    Attributes:
        position: place in its batch from 1, ``{index}`` of file names; never changes after Start.
        rank: the order in which items of a batch run; smaller first.
        source: the sources in one short text, for lists.
        held: paused by the person; its state stays ``queued``.
        progress: 0..1 as last written to the store; running items of this process have a newer one live.
        estimate_input, estimate_output: tokens, None until the source is read.
        input_tokens, output_tokens: used so far in finished calls, None before the first.
        cost: US dollars; None = unknown. ``local`` items are free.
        unknown_calls: calls made whose cost is not known: where there are any, `cost` is None.
        target: file name of the card that is updated, "" when a new one is made.
        fields: of an update, those that are asked for; empty = all the profile asks for.
        shared_book, book_tokens: as in `Options`.
        book_changes: what it did to that book, None until its card is stored.
    """

    id: str
    batch_id: str
    job_id: str
    position: int
    source: str
    sources: tuple[SourceView, ...]
    profile: str
    profile_version: int
    engine: str
    formats: tuple[str, ...]
    status: ItemStatus
    stage: str
    local: bool
    estimate_input: int | None = None
    estimate_output_low: int | None = None
    estimate_output: int | None = None
    estimate_exact: bool = False
    estimate_cost_low: Decimal | None = None
    estimate_cost: Decimal | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost: Decimal | None = None
    unknown_calls: int = 0
    attempts: int = 0
    error: ErrorInfo | None = None
    warnings: tuple[str, ...] = ()
    card_id: str | None = None
    card_name: str = ""
    files: tuple[tuple[str, Path], ...] = ()
    started_at: datetime | None = None
    finished_at: datetime | None = None
    profile_id: str = ""
    target: str = ""
    fields: tuple[str, ...] = ()
    rank: int = 0
    held: bool = False
    progress: float = 0.0
    include_book: bool = True
    character_name: str = ""
    output: Path = Path()
    pattern: str = ""
    overwrite: bool = False
    shared_book: str = ""
    book_tokens: int = BOOK_TOKENS
    book_changes: BookChanges | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items of a batch, or of the whole queue, are in each state.

    `total` = the sum of the others. Held items count as queued.
    """

    draft: int = 0
    queued: int = 0
    processing: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.draft + self.queued + self.processing + self.completed + self.failed + self.cancelled

    @property
    def ended(self) -> int:
        """Those nothing more happens to."""
        return self.completed + self.failed + self.cancelled


@dataclass(frozen=True, slots=True)
class Rest:
    """What the cards of a batch that wait will cost, in US dollars; local ones are free.

    Attributes:
        low: None = of some of them only the most is known.
        unpriced: cards whose price is not known; they are in neither.
    """

    low: Decimal | None = Decimal(0)
    high: Decimal = Decimal(0)
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class BatchSummary:
    """A batch without its items: a line of the history.

    Attributes:
        name: the person's, or made from its sources.
        owner: worker id of the process that runs it, "" = none.
        rank: the order of batches of one priority; smaller first.
        reason: why it is paused, failed or cancelled, when that was not the person's own wish.
        input_tokens, output_tokens: used so far.
        cost: US dollars, sum of the known costs; `unknown_costs` says how many calls are not in it.
        finish_expected: when it will be done at its present pace; None = not known, or nothing goes on.
    """

    id: str
    name: str
    status: BatchStatus
    options: BatchOptions
    counts: Counts
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    finish_expected: datetime | None = None
    owner: str = ""
    rank: int = 0
    reason: ErrorInfo | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal = Decimal(0)
    unknown_costs: int = 0
    rest: Rest = Rest()

    @property
    def waits_for_limit(self) -> bool:
        """Whether a limit paused it: it goes on by itself, and its items of local engines do now."""
        return is_by_limit(self.status, None if self.reason is None else self.reason.code)


def is_by_limit(status: str, code: str | None) -> bool:
    """Whether a batch in this state, for this reason, was paused by a limit."""
    return status == BatchStatus.PAUSED and code in LIMIT_CODES


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch and its items in the order they run."""

    summary: BatchSummary
    items: tuple[ItemView, ...]

    @property
    def id(self) -> str:
        """Id of the batch."""
        return self.summary.id

    @property
    def status(self) -> BatchStatus:
        """State of the batch."""
        return self.summary.status
