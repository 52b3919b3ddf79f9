"""Asking an engine for one field anew, from the window: on a worker, its text carried over as it grows."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from cardforge_desktop.batches.rewriter import FieldWish
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.engines.network import Cancellation
    from cardforge_desktop.text_diff import Hunk
    from cardforge_desktop.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Try:
    """One text an engine wrote.

    Attributes:
        hunks: of the text before and this one.
        accepted: indices of the hunks that are taken.
        input_tokens, output_tokens: of all calls it took, 0 = the server does not say.
        cost: in US dollars, None = unknown.
        local: it was written on this machine, for free.
    """

    text: str
    hunks: tuple[Hunk, ...]
    accepted: frozenset[int]
    input_tokens: int
    output_tokens: int
    cost: Decimal | None
    local: bool


class GrowingText(QObject):
    """Carries a text that grows on another thread onto its own; of several that wait, the last.

    Signals:
        grown(str): the text so far; emitted on the thread this lives on.
    """

    grown = Signal(str)
    _woken = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._text: str | None = None
        self._closed = False
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def put(self, text: str) -> None:
        """The text so far; any thread may call this, also when nobody waits for it any more."""
        with self._lock:  # held while it emits: what is closed then is not destroyed in the middle of it
            if self._closed:
                return
            wake, self._text = self._text is None, text
            if wake:
                self._woken.emit()

    def close(self) -> None:
        """Carry nothing more: to be called before this is destroyed, as the other thread may go on."""
        with self._lock:
            self._closed = True

    @Slot()
    def _deliver(self) -> None:
        with self._lock:
            text, self._text = self._text, None
        if text is not None:
            self.grown.emit(text)


def ask_anew(workspace: Workspace, wish: FieldWish, cancellation: Cancellation, growing: GrowingText) -> Try:
    """Have the field written, and compare. Blocks: off the window's thread.

    Raises:
        GenerationError, EngineError, CancelledByUser: see `Rewriter.rewrite`.
    """
    from cardforge_desktop.text_diff import hunks

    before = _spent(workspace, wish.card_id)
    text = workspace.rewriter.rewrite(wish, cancellation, growing.put)
    after = _spent(workspace, wish.card_id)
    found = hunks(wish.text, text)
    unknown = after.unknown_calls > before.unknown_calls
    return Try(
        text,
        found,
        frozenset(index for index, hunk in enumerate(found) if hunk.kind == "changed"),
        after.input_tokens - before.input_tokens,
        after.output_tokens - before.output_tokens,
        None if unknown else after.cost - before.cost,
        workspace.engines.traits(wish.engine).local,
    )


def _spent(workspace: Workspace, card_id: str) -> Spending:
    """What rewriting fields of this card took so far."""
    from cardforge_desktop.costs.ledger import Spending

    return workspace.costs.of_items([card_id]).get(card_id, Spending())
