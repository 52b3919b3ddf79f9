"""The typed hub on which the core announces what changed. No Qt here; `ui` carries it to its own thread."""

from dataclasses import dataclass
from enum import StrEnum

from psygnal import Signal


class Kind(StrEnum):
    """What sort of thing changed."""

    CARD = "card"
    BATCH = "batch"
    ITEM = "item"
    PROFILE = "profile"
    CONNECTION = "connection"
    CALL = "call"
    SETTING = "setting"
    HOLD = "hold"
    BOOK = "book"
    LIMIT = "limit"
    PRICE = "price"


@dataclass(frozen=True, slots=True)
class Changed:
    """What a service method changed; caches and screens decide from it. Empty `ids` = any of the kind."""

    kind: Kind
    ids: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one running item is. Sent often; a view keeps the newest.

    Attributes:
        item_id: the item.
        stage: reading | waiting | writing | repairing | saving.
        field: card field being written, "" between fields.
        text: text of that field so far.
        fraction: 0..1 of the whole item.
        restarted: the fields shown so far are void (the whole answer is asked for again); only then does
            `fraction` go back.
        tokens_per_second: how fast the answer comes just now, about; None while none does.
    """

    item_id: str
    stage: str
    field: str = ""
    text: str = ""
    fraction: float = 0.0
    restarted: bool = False
    tokens_per_second: float | None = None


class Hub:
    """Owned by the workspace. Signals are emitted on the thread where the change was made, after its commit.

    Emits:
        changed(Changed): rows of the store changed.
        progress(Progress): a running item moved on.
    """

    changed = Signal(Changed)
    progress = Signal(Progress)
