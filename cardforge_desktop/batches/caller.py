"""Sending prompts: every try is in the ledger, and no answer of an item is paid for twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlmodel import Session

from cardforge_desktop.batches.claiming import Standing, note_progress, standing
from cardforge_desktop.batches.holds import EngineHolds
from cardforge_desktop.batches.insisting import insist
from cardforge_desktop.batches.places import CallingPlaces
from cardforge_desktop.batches.tables import ItemRow
from cardforge_desktop.costs.counting import most_tokens, usage_of
from cardforge_desktop.costs.errors import RoomTakenError
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
from cardforge_desktop.store.database import Store

_Result = TypeVar("_Result")
#: Seconds after which is looked again whether a limit has room.
_ROOM_SECONDS = 0.25


class HeldBack(Exception):  # noqa: N818  # an outcome, not an error
    """Nothing more is to be sent for the item now: it, its batch or its engine is held back."""


@dataclass(slots=True)
class _Try:
    """A row of the ledger that has no end yet.

    Attributes:
        call_id: "" = none.
        sent: whether anything may have left this machine.
        text: what was received so far.
        delay: seconds to wait after the try before this one.
    """

    call_id: str = ""
    sent: bool = False
    text: str = ""
    delay: float = 0.0


class Sender:
    """Sends prompts to one engine, each try in the ledger. Lives on the thread that waits for the answers.

    Attributes:
        spent: what was sent so far.
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
        check_again: Callable[[], None] = lambda: None,
        patient: bool = False,
    ) -> None:
        """Both checks stop the call by what they raise.

        Args:
            check: asked in the transaction that notes a try.
            check_again: asked after a place had to be waited for, and while room under a limit is waited for.
            patient: wait while the store is busy or full; else that is raised.
        """
        self._engine = engine
        self._network = network
        self._ledger = ledger
        self._places = places
        self._cancellation = cancellation
        self._check = check
        self._check_again = check_again
        self.spent = Spending()
        self._patient = patient

    def send(self, call: Call, prompt: Prompt, on_text: Callable[[str], None], *, keep: bool) -> Answer:
        """Note the call, wait for a place, stream the answer; `keep` it for a next try after a crash.

        The note comes before the place, so that no place is held for writing: a crash while waiting leaves a
        call that was perhaps not sent, never one that is not in the ledger.

        Raises:
            EngineError: the call failed for good.
            LimitError: it may pass a limit, and was not sent.
            CancelledByUser: cancelled meanwhile.
            HeldBack, or whatever else the checks raise: nothing was sent since.
        """
        current = _Try()
        while True:
            try:
                finished = self._stream(current, call, prompt, on_text)
                break
            except RoomTakenError:  # between two tries: who waits for room keeps no place from the others
                self._cancellation.wait(current.delay)
        usage, counted = usage_of(prompt, call.model, current.text, finished.usage)
        kept = current.text if keep else None
        outcome = Outcome("completed", usage, counted, finished.model, finished.reason, kept)
        self._end(current.call_id, call, outcome)
        return Answer(current.text, finished.reason)

    def _stream(self, current: _Try, call: Call, prompt: Prompt, on_text: Callable[[str], None]) -> Finished:
        """The end of an answer, its text in `current`; each failed try ends a row of the ledger.

        Raises:
            RoomTakenError: after a failed try, which has its end.
        """
        most = (0, 0) if call.local else most_tokens(prompt, call.model)
        current.call_id, current.sent, current.text = self._begin_patiently(call, most), False, ""
        try:
            with closing(self._pieces(call, prompt, current, most)) as pieces:
                for piece in pieces:
                    if isinstance(piece, TextPiece):
                        current.text += piece.text
                        on_text(current.text)
                    elif isinstance(piece, AttemptFailed):
                        self._fail(current, call, prompt, piece)
                        on_text("")
                        current.call_id = self._begin(call, most)
                    else:
                        return piece
            told = "The engine's answer broke off before its end."
            raise EngineError(ErrorCode.ENGINE_STREAM_CUT, told)
        except EngineError as error:
            self._give_up(current, call, prompt, "failed", error)
            raise
        except (CancelledByUser, HeldBack):
            self._give_up(current, call, prompt, "cancelled")
            raise
        except Exception:
            self._give_up(current, call, prompt, "failed")
            raise

    def _fail(self, current: _Try, call: Call, prompt: Prompt, piece: AttemptFailed) -> None:
        usage, counted = usage_of(prompt, call.model, current.text, piece.usage, piece.error)
        outcome = Outcome("failed", usage, counted, error_code=piece.error.code)
        self._end(current.call_id, call, outcome)
        current.call_id, current.text, current.delay = "", "", piece.delay

    def _pieces(
        self, call: Call, prompt: Prompt, current: _Try, most: tuple[int, int]
    ) -> Generator[Piece, None, None]:
        """The engine's pieces, from a place that is given back as soon as the last one is here."""
        finished: Finished | None = None
        with self._places.one(self._cancellation, call.batch_id) as waited:
            if waited:
                self._check_again()
            if not call.local:  # what ended since it was noted may have taken more than was held for it
                self._ledger.confirm(call, self._ledger.most(call, *most))
            current.sent = True
            for piece in self._network.stream(self._engine.stream(prompt), self._cancellation):
                if isinstance(piece, Finished):
                    finished = piece
                else:
                    yield piece
        if finished is not None:
            yield finished

    def _give_up(
        self, current: _Try, call: Call, prompt: Prompt, status: str, error: EngineError | None = None
    ) -> None:
        """End the row that is open, if any; what was not sent costs nothing and is no call.

        Args:
            error: of the engine; a call that failed without one met a mistake of ours.
        """
        if not current.call_id:
            return
        if not current.sent:
            self._written(lambda: self._ledger.withdraw(current.call_id))
            return
        usage, counted = usage_of(prompt, call.model, current.text, None, error)
        code = "" if status == "cancelled" else ErrorCode.INTERNAL_ERROR if error is None else error.code
        self._end(current.call_id, call, Outcome(status, usage, counted, error_code=code))

    def _begin_patiently(self, call: Call, most: tuple[int, int]) -> str:
        """`_begin`; where other calls hold the rest of a limit, it waits for them to end."""
        while True:
            try:
                return self._begin(call, most)
            except RoomTakenError:
                self._wait_for_room(call, most)

    def _begin(self, call: Call, most: tuple[int, int]) -> str:
        """Note a try, with the most tokens that it may read and write.

        Raises:
            LimitError, RoomTakenError: a limit would be passed.
        """
        held = self._ledger.most(call, *most)
        return self._written(lambda: self._ledger.begin(call, held, self._check))

    def _wait_for_room(self, call: Call, most: tuple[int, int]) -> None:
        """Look again from time to time, as it may be other processes that hold it, without writing."""
        while not self._ledger.has_room(call, self._ledger.most(call, *most)):
            self._cancellation.wait(_ROOM_SECONDS)
            self._check_again()
            self._ledger.lose_dead()

    def _end(self, call_id: str, call: Call, outcome: Outcome) -> None:
        # An answer that is here is paid for: it waits for room rather than being asked for again.
        self.spent += self._written(lambda: self._ledger.end(call_id, call, outcome))

    def _written(self, write: Callable[[], _Result]) -> _Result:
        return insist(write, self._cancellation) if self._patient else write()


class Caller:
    """The `Ask` of one generation (generation.model): answers of an earlier run are not paid for again."""

    def __init__(
        self,
        item: ItemRow,
        engine: Engine,
        *,
        store: Store,
        network: Network,
        ledger: Ledger,
        places: CallingPlaces,
        holds: EngineHolds,
        cancellation: Cancellation,
        progress: Callable[[], float],
    ) -> None:
        """`progress`: 0..1, how far the item is."""
        self._item = item
        self._engine = engine
        self._store = store
        self._ledger = ledger
        self._holds = holds
        self._progress = progress
        self._sender = Sender(
            engine,
            network=network,
            ledger=ledger,
            places=places,
            cancellation=cancellation,
            check=self._check_and_note,
            check_again=self._check_again,
            patient=True,
        )

    def __call__(self, step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        """See `Ask`; also raises CancelledByUser and HeldBack."""
        digest = prompt_digest(prompt)
        if self._item.attempts > 1:  # a worker had it in hand before
            paid = self._ledger.paid_answer(self._item.id, self._item.run, step, digest)
            if paid is not None:
                on_text(paid.text)
                return Answer(paid.text, paid.reason)
        answer = self._sender.send(self._call(step, digest), prompt, on_text, keep=True)
        self._holds.answered(self._item.engine, self._item.id)
        return answer

    def _call(self, step: str, digest: str) -> Call:
        item = self._item
        return Call(
            batch_id=item.batch_id,
            item_id=item.id,
            worker_id=item.worker_id,
            run=item.run,
            step=step,
            digest=digest,
            profile_id=item.profile_id,
            profile_version=item.profile_version,
            updates=item.target is not None,
            **engine_facts(self._engine),
        )

    def _check_and_note(self, session: Session) -> None:
        """Nothing goes out for an item that somebody cancelled or paused meanwhile, in whichever process."""
        self._check(session)
        note_progress(session, self._item, self._progress())

    def _check_again(self) -> None:
        with self._store.read() as session:
            self._check(session)

    def _check(self, session: Session) -> None:
        found = standing(session, self._item)
        if found is Standing.LOST:
            raise CancelledByUser
        if found is Standing.HELD_BACK or not self._holds.admit(self._item.engine, self._item.id):
            raise HeldBack


@dataclass(frozen=True, slots=True)
class About:
    """What the ledger is told that a call outside of the queue was for.

    Attributes:
        id: what `Ledger.of_items` finds it by: the id of a card or a profile, "" = of nothing stored.
        card_id, profile_id, profile_version: as in `Call`.
    """

    id: str
    card_id: str = ""
    profile_id: str = ""
    profile_version: int = 0


class DirectCaller:
    """The `Ask` of what a person waits for outside of the queue: no answer is kept for a next try."""

    def __init__(
        self,
        engine: Engine,
        *,
        network: Network,
        ledger: Ledger,
        places: CallingPlaces,
        cancellation: Cancellation,
        worker_id: str,
        about: About,
    ) -> None:
        self._engine, self._worker_id, self._about = engine, worker_id, about
        self._sender = Sender(
            engine, network=network, ledger=ledger, places=places, cancellation=cancellation
        )

    @property
    def spent(self) -> Spending:
        """What was sent so far."""
        return self._sender.spent

    def __call__(self, step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        """See `Ask`; also raises CancelledByUser and LimitError."""
        about = self._about
        call = Call(
            batch_id="",
            item_id=about.id,
            worker_id=self._worker_id,
            run=1,
            step=step,
            digest=prompt_digest(prompt),
            card_id=about.card_id,
            profile_id=about.profile_id,
            profile_version=about.profile_version,
            **engine_facts(self._engine),
        )
        return self._sender.send(call, prompt, on_text, keep=False)


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
