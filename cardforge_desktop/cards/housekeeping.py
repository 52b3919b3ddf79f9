"""What the library does for itself now and then: forgetting, and working out what is missing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from cardforge_desktop.cards.contents import card_hash, count_tokens
from cardforge_desktop.cards.revisions import read_state
from cardforge_desktop.cards.tables import CardAssetRow, CardRevisionRow, CardRow, ContentRow, ImageRow
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now

_log = logging.getLogger(__name__)

#: How long a deleted card can be brought back.
KEPT = timedelta(days=30)
_AT_ONCE = 50
_START_IS_OVER = 5.0  # seconds

_CARD = core_table(CardRow)
_REVISION = core_table(CardRevisionRow)
_IMAGE = core_table(ImageRow)
_CONTENT = core_table(ContentRow)
_ASSET = core_table(CardAssetRow)


class Housekeeping:
    """A thread that tidies the library once, when the app has started and its person found their way in.

    Args:
        purge, catch_up: as the library has them.
    """

    def __init__(self, purge: Callable[[], None], catch_up: Callable[[Callable[[], bool]], None]) -> None:
        self._purge, self._catch_up = purge, catch_up
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._tidy, name="cardforge-housekeeping", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread, in the middle of its work if need be."""
        self._closed.set()
        self._thread.join()

    def _tidy(self) -> None:
        if self._closed.wait(_START_IS_OVER):
            return
        try:
            self._purge()
            self._catch_up(self._closed.is_set)
        except Exception:  # the next start tries again; nothing that a person does waits for it
            _log.exception("the library could not be tidied")


def purge(store: Store) -> None:
    """Remove cards that were deleted more than `KEPT` ago, then pictures and files that nothing uses."""
    shown = [select(_CARD.c.avatar), select(_REVISION.c.avatar)]
    with store.write() as session:
        session.execute(delete(_CARD).where(_CARD.c.deleted_at < now() - KEPT))
        session.execute(delete(_IMAGE).where(*(_IMAGE.c.sha256.not_in(avatars) for avatars in shown)))
        session.execute(delete(_CONTENT).where(_CONTENT.c.sha256.not_in(select(_ASSET.c.sha256))))


def catch_up(store: Store, stopped: Callable[[], bool]) -> bool:
    """Fill hashes and token counts where they are missing, some cards at a time; whether any were.

    A migration can't: it knows nothing of cards. Nor can it wait for a tokenizer to count thousands of them.
    """
    last = ""
    while not stopped():
        cards = _unfinished(store, last)
        if not cards:
            break
        last = cards[-1].id
        found = [(card, _worked_out(store, card)) for card in cards]
        with store.write() as session:
            for card, values in found:
                newer = update(_CARD).where(_CARD.c.id == card.id, _CARD.c.version == card.version)
                session.execute(newer.values(**values))
    return bool(last)


def _unfinished(store: Store, after: str) -> Sequence[Any]:
    missing = or_(_CARD.c.content_hash == "", _CARD.c.permanent_tokens.is_(None))
    wanted = select(_CARD.c.id, _CARD.c.version, _CARD.c.revision).where(missing, _CARD.c.id > after)
    with store.read() as session:
        return session.execute(wanted.order_by(_CARD.c.id).limit(_AT_ONCE)).all()


def _worked_out(store: Store, card: Any) -> dict[str, Any]:
    with store.read() as session:
        state = read_state(session, card.id, card.revision)
    if state is None:  # purged meanwhile
        return {"version": card.version}
    counts = count_tokens(state.card)
    return {
        "content_hash": card_hash(state.card),
        "permanent_tokens": counts.permanent,
        "total_tokens": counts.total,
    }
