"""One field of a card written anew, outside the queue: while the person waits for it in the editor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from cardforge_desktop.batches.caller import About, DirectCaller
from cardforge_desktop.batches.kept_sources import load_source
from cardforge_desktop.batches.tables import ItemRow, ItemSourceRow
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.cards.model import Card
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.sources.merging import merge


@dataclass(frozen=True, slots=True)
class FieldWish:
    """What the person wants of one field.

    Attributes:
        card_id: the card in the library; its source, where it is kept, is shown to the model.
        card: the card as it stands in the editor.
        field: path of the field, ``alternate_greetings[1]``.
        text: what stands in it now.
        hint: in the person's words, "" = simply another version.
        engine: name of a connection.
        profile: name of the profile whose instructions for the field apply.
    """

    card_id: str
    card: Card
    field: str
    text: str
    hint: str
    engine: str
    profile: str


class Rewriter:
    """Asks engines for single fields. Thread-safe; `rewrite` blocks until the text is there."""

    def __init__(self, tools: Tools, worker_id: str) -> None:
        self._tools = tools
        self._worker_id = worker_id

    def rewrite(
        self, wish: FieldWish, cancellation: Cancellation, on_text: Callable[[str], None] = lambda _: None
    ) -> str:
        """The field's new text; nothing is stored but what the call took.

        `on_text` gets the text as it grows, on this thread.

        Raises:
            GenerationError, EngineError: with the way out.
            CancelledByUser: `cancellation` was used.
        """
        from cardforge_desktop.generation.rewriting import FieldOrder, rewrite_field
        from cardforge_desktop.tokens import tokenizer_for

        tools = self._tools
        profile = tools.profiles.by_name(wish.profile)
        engine = tools.engines.get(wish.engine, profile.config.model_at(wish.engine))
        ask = DirectCaller(
            engine,
            network=tools.network,
            ledger=tools.ledger,
            places=tools.places,
            cancellation=cancellation,
            worker_id=self._worker_id,
            about=About(
                wish.card_id, card_id=wish.card_id, profile_id=profile.id, profile_version=profile.version
            ),
        )
        order = FieldOrder(
            card=wish.card,
            field=wish.field,
            text=wish.text,
            hint=wish.hint,
            source=self._source(wish.card_id),
            profile=profile,
            traits=engine.traits,
            count_tokens=tokenizer_for(engine.connection.model).count,
        )
        return rewrite_field(order, ask, on_text)

    def _source(self, card_id: str) -> str:
        """The text the card was made from, "" for imported ones."""
        with self._tools.store.read() as session:
            item_id = session.exec(select(ItemRow.id).where(ItemRow.card_id == card_id)).first()
            digests = [] if item_id is None else _digests(session, item_id)
            return merge([load_source(session, digest) for digest in digests]).text if digests else ""


def _digests(session: Session, item_id: str) -> list[str]:
    wanted = select(ItemSourceRow.source).where(ItemSourceRow.item_id == item_id)
    found = session.exec(wanted.order_by(col(ItemSourceRow.place))).all()
    return [digest for digest in found if digest is not None]
