"""Sending prompts: every try is in the ledger, and no answer of an item is paid for twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from cardforge_desktop.batches.places import CallingPlaces
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.batches.transitions import is_own
from cardforge_desktop.costs.ledger import Call, Ledger, Outcome, Spending
from cardforge_desktop.engines.base import (
    AttemptFailed,
    Engine,
    EngineError,
    Finished,
    Piece,
    Prompt,
    TextPiece,
)
from cardforge_desktop.engines.network import Cancellation, CancelledByUser, Network
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.generation.model import Answer


class Sender:
    """Sends prompts to one engine, each try in the ledger. Lives on the thread that waits for the answers.

    Attributes:
        spent: what was sent so far, and what was spent before as given.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        network: Network,
        ledger: Ledger,
        places: CallingPlaces,
        cancellation: Cancellation,
        check: Callable[[Session], None] = lambda _: None,
        spent: Spending | None = None,
    ) -> None:
        """`check` is asked in the transaction that notes a try; what it raises stops the call."""
        self._engine = engine
        self._network = network
        self._ledger = ledger
        self._places = places
        self._cancellation = cancellation
        self._check = check
        self.spent = spent or Spending()

    def send(self, call: Call, prompt: Prompt, on_text: Callable[[str], None], *, keep: bool) -> Answer:
        """Note the call, wait for a place, stream the answer; `keep` it for a next try after a crash.

        The note comes before the place, so that no place is held for writing: a crash while waiting leaves a
        call that was perhaps not sent, never one that is not in the ledger.

        Raises:
            EngineError: the call failed for good.
            CancelledByUser: cancelled meanwhile.
        """
        call_id, text, finished = self._stream(call, prompt, on_text)
        kept = text if keep else None
        self._end(call_id, call, Outcome("completed", finished.usage, finished.model, finished.reason, kept))
        return Answer(text, finished.reason)

    def _stream(
        self, call: Call, prompt: Prompt, on_text: Callable[[str], None]
    ) -> tuple[str, str, Finished]:
        """The id of the last try's row, the answer, and its end; each failed try ends a row of the ledger."""
        text = ""
        call_id = self._ledger.begin(call, self._check)
        try:
            for piece in self._pieces(prompt):
                if isinstance(piece, TextPiece):
                    text += piece.text
                    on_text(text)
                elif isinstance(piece, AttemptFailed):
                    self._end(call_id, call, Outcome("failed", piece.usage, error_code=piece.error.code))
                    text = ""
                    on_text(text)
                    call_id = self._ledger.begin(call, self._check)
                else:
                    return call_id, text, piece
            raise EngineError(ErrorCode.ENGINE_STREAM_CUT, "The engine's answer broke off before its end.")
        except EngineError as error:
            self._end(call_id, call, Outcome("failed", error_code=error.code))
            raise
        except CancelledByUser:
            self._end(call_id, call, Outcome("cancelled"))
            raise
        except Exception:
            self._end(call_id, call, Outcome("failed", error_code=ErrorCode.INTERNAL_ERROR))
            raise

    def _pieces(self, prompt: Prompt) -> Iterator[Piece]:
        """The engine's pieces, from a place that is given back as soon as the last one is here."""
        finished: Finished | None = None
        with self._places.one(self._cancellation):
            for piece in self._network.stream(self._engine.stream(prompt), self._cancellation):
                if isinstance(piece, Finished):
                    finished = piece
                else:
                    yield piece
        if finished is not None:
            yield finished

    def _end(self, call_id: str, call: Call, outcome: Outcome) -> None:
        self.spent += self._ledger.end(call_id, call, outcome)


class Caller:
    """The `Ask` of one generation (generation.model): answers of an earlier run are not paid for again."""

    def __init__(
        self,
        item: ItemRow,
        engine: Engine,
        *,
        network: Network,
        ledger: Ledger,
        places: CallingPlaces,
        cancellation: Cancellation,
        spent: Spending,
    ) -> None:
        self._item = item
        self._engine = engine
        self._ledger = ledger
        self._sender = Sender(
            engine,
            network=network,
            ledger=ledger,
            places=places,
            cancellation=cancellation,
            check=self._check_own,
            spent=spent,
        )

    @property
    def spent(self) -> Spending:
        """What the item took so far, earlier tries included."""
        return self._sender.spent

    def __call__(self, step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        """See `Ask`; also raises CancelledByUser."""
        digest = prompt_digest(prompt)
        if self._item.attempts > 1:  # a worker had it in hand before
            paid = self._ledger.paid_answer(self._item.id, self._item.run, step, digest)
            if paid is not None:
                on_text(paid.text)
                return Answer(paid.text, paid.reason)
        return self._sender.send(self._call(step, digest), prompt, on_text, keep=True)

    def _call(self, step: str, digest: str) -> Call:
        item = self._item
        return Call(
            batch_id=item.batch_id,
            item_id=item.id,
            worker_id=item.worker_id,
            run=item.run,
            step=step,
            digest=digest,
            **engine_facts(self._engine),
        )

    def _check_own(self, session: Session) -> None:
        """Nothing goes out for an item that somebody cancelled meanwhile, in whichever process."""
        if not is_own(session, self._item):
            raise CancelledByUser


def engine_facts(engine: Engine) -> dict[str, Any]:
    """The fields of a `Call` that say where it goes."""
    connection = engine.connection
    return {
        "engine": connection.name,
        "model": connection.model or connection.name,
        "url": connection.url,
        "local": engine.traits.local,
    }


def prompt_digest(prompt: Prompt) -> str:
    """sha256 of everything that is sent; equal prompts are answered once per item."""
    return hashlib.sha256(json.dumps(asdict(prompt), sort_keys=True).encode()).hexdigest()
