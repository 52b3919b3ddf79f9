"""A profile tried on one source before it is saved: the exact prompts, and a card that nothing keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from sqlalchemy import func
from sqlmodel import col, select

from cardforge_desktop import __version__
from cardforge_desktop.batches.caller import About, DirectCaller
from cardforge_desktop.batches.counting import Counter
from cardforge_desktop.batches.engine_choice import engine_for
from cardforge_desktop.batches.estimating import Asked, CardEstimate, Rates, card_plan
from cardforge_desktop.batches.finding import read_source
from cardforge_desktop.batches.kept_sources import load_source
from cardforge_desktop.batches.live import ItemWatcher
from cardforge_desktop.batches.prompt_pieces import ShownMessage, marked_messages, shown_messages
from cardforge_desktop.batches.tables import BatchRow, ItemRow, ItemSourceRow, SourceRow
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.cards.model import Card
from cardforge_desktop.cards.own_book_names import with_own_book_name
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.service import Origin, StoredCard
from cardforge_desktop.costs.ledger import Spending
from cardforge_desktop.engines.base import Engine, Message, Prompt
from cardforge_desktop.engines.network import Cancellation
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.generation.model import Answer, Draft, Order
from cardforge_desktop.ids import new_id
from cardforge_desktop.profiles.errors import ProfileInvalid
from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.resources import resource
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.reader import from_text
from cardforge_desktop.store.types import now
from cardforge_desktop.tokens import tokenizer_for

#: Sources of the queue that are offered.
_RECENT = 12
#: Of a longer source only so many characters are read to show what a small model is asked.
_READ_FOR_STEPS = 40_000


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source that can be chosen by its name.

    Attributes:
        key: to be given to `Trials.load`.
        group: shipped with the app, or used in the queue lately.
    """

    key: str
    name: str
    group: Literal["example", "recent"]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried: a profile as it stands in the editor, on a source.

    Attributes:
        engine: name of a connection, "" = the profile's, else the one that is chosen in the app.
        profile_id, version: the saved version it was changed from; "", 0 = none.
        unsaved: the content is not what that version holds.
        id: the `Progress` of a run is announced under it.
    """

    content: ProfileContent
    source: SourceText
    engine: str = ""
    profile_id: str = ""
    version: int = 0
    unsaved: bool = False
    id: str = field(default_factory=lambda: new_id("trial"))

    @property
    def profile(self) -> Profile:
        """The content as if it were saved."""
        time = now()
        stored = {"id": self.profile_id, "version": self.version, "created_at": time, "updated_at": time}
        told = {name: getattr(self.content, name) for name in ProfileContent.model_fields}
        return Profile(**told, **stored)


@dataclass(frozen=True, slots=True)
class ShownCall:
    """One call of a card.

    Attributes:
        step: its name within the card: ``card``, ``notes:1:1``, ``description:1``.
        prompt: what is sent.
        messages: the same, in pieces that tell where its words come from.
        tokens: of all messages.
        certain: it is sent exactly so; else an answer of before stands in it, which is not known yet.
    """

    step: str
    prompt: Prompt
    messages: tuple[ShownMessage, ...]
    tokens: int
    certain: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be asked of an engine.

    Attributes:
        engine, model: that it would go to.
        draft: the engine is of draft quality.
        context_tokens: prompt and answer together.
        exact: the tokens are counted as the model counts them.
        calls: in order, as far as they are known.
        unknown: a sentence or two on what can't be known before.
        estimate: of the whole card; None = it can't be told.
        problem: why no card can be made so.
        is_cut: only the beginning of a long source was read for the calls.
    """

    engine: str
    model: str
    draft: bool
    local: bool
    context_tokens: int
    exact: bool
    calls: tuple[ShownCall, ...] = ()
    unknown: str = ""
    estimate: CardEstimate | None = None
    problem: CardForgeError | None = None
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Tried:
    """A card that was made, and what it took."""

    trial: Trial
    draft: Draft
    engine: str
    model: str
    draft_quality: bool
    local: bool
    spent: Spending


class Trials:
    """Shows and tries profiles that need not be saved. Thread-safe; methods block on files and engines."""

    def __init__(self, tools: Tools, worker_id: str) -> None:
        self._tools = tools
        self._worker_id = worker_id
        self._counter = Counter()

    # Sources

    def sources(self) -> tuple[KnownSource, ...]:
        """The shipped examples, and the sources that were used last in the queue."""
        examples = sorted(path.name for path in resource("examples").iterdir() if path.is_file())
        wanted = (
            select(SourceRow.sha256, SourceRow.name)
            .join(ItemSourceRow, col(ItemSourceRow.source) == col(SourceRow.sha256))
            .join(ItemRow, col(ItemRow.id) == col(ItemSourceRow.item_id))
            .join(BatchRow, col(BatchRow.id) == col(ItemRow.batch_id))
            .group_by(col(SourceRow.sha256))
            .order_by(func.max(col(BatchRow.created_at)).desc(), col(SourceRow.name))
        )
        with self._tools.store.read() as session:
            rows = session.exec(wanted.limit(_RECENT)).all()
        return (
            *(KnownSource(f"example:{name}", name, "example") for name in examples),
            *(KnownSource(f"kept:{digest}", name, "recent") for digest, name in rows),
        )

    def load(self, key: str) -> SourceText:
        """The text of a `KnownSource`.

        Raises:
            CardForgeError: it can't be read.
        """
        kind, _, name = key.partition(":")
        if kind == "example":
            return read_source(resource("examples", name))
        with self._tools.store.read() as session:
            return load_source(session, name)

    def read(self, path: Path) -> SourceText:
        """The text of a file, or of a card file; nothing of it is kept.

        Raises:
            CardForgeError: why it can't be read; the message names the file.
        """
        return read_source(path)

    def pasted(self, name: str, text: str) -> SourceText:
        """A pasted text as a source.

        Raises:
            SourceError: SOURCE_EMPTY, SOURCE_TOO_LARGE.
        """
        return from_text(name, text)

    # Trying

    def preview(self, trial: Trial) -> Preview:
        """The prompts a card would be asked for with, and what it would take. Asks no engine.

        Raises:
            CardForgeError: there is no engine of that name, or it is of an unknown kind.
        """
        engine = self._engine(trial)
        connection, traits = engine.connection, engine.traits
        shown = Preview(
            engine=connection.name,
            model=connection.model,
            draft=traits.draft,
            local=traits.local,
            context_tokens=traits.context_tokens,
            exact=tokenizer_for(connection.model).exact,
        )
        try:
            return self._filled_in(shown, self._order(trial, engine), engine)
        except Exception:
            validation = self._tools.profiles.validate(trial.content, trial.profile_id)
            if validation.valid:
                raise
            return replace(shown, problem=ProfileInvalid(validation))  # such as a length below nothing

    def run(
        self,
        trial: Trial,
        cancellation: Cancellation,
        on_spent: Callable[[Spending], object] = lambda _: None,
    ) -> Tried:
        """Make a card; how it grows is announced on the hub under the trial's id.

        Nothing is stored but what the calls took.

        Args:
            on_spent: told what was spent so far after each call, on this thread.

        Raises:
            GenerationError, EngineError: with the way out.
            CancelledByUser: `cancellation` was used.
        """
        from cardforge_desktop.generation.writer import write_card

        tools = self._tools
        engine = self._engine(trial)
        ask = DirectCaller(
            engine,
            network=tools.network,
            ledger=tools.ledger,
            places=tools.places,
            cancellation=cancellation,
            worker_id=self._worker_id,
            about=About(trial.profile_id, profile_id=trial.profile_id, profile_version=trial.version),
        )
        watcher = ItemWatcher(tools.live, trial.id)

        def counted(step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
            try:
                return ask(step, prompt, on_text)
            finally:
                on_spent(ask.spent)

        try:
            draft = write_card(self._order(trial, engine), watcher.listening(counted), watcher)
        finally:
            tools.live.forget(trial.id)
        cancellation.check()
        connection, traits = engine.connection, engine.traits
        return Tried(trial, draft, connection.name, connection.model, traits.draft, traits.local, ask.spent)

    def keep(self, tried: Tried) -> StoredCard:
        """Put a tried card into the library, marked as one."""
        from cardforge_desktop.cards.avatar import draw_placeholder

        trial, card = tried.trial, _signed(tried)
        origin = Origin(
            profile=trial.content.name,
            profile_id=trial.profile_id,
            profile_version=trial.version,
            engine=tried.engine,
            draft=tried.draft_quality,
            source=trial.source.name,
            batch_id="",
            item_id="",
        )
        library = self._tools.library
        package = CardPackage(card, draw_placeholder(card.name))
        with self._tools.store.write() as session:
            package = replace(package, card=with_own_book_name(session, card))
            stored = library.add(session, package, origin, "tried")
        self._tools.hub.changed.emit(Changed(Kind.CARD, frozenset({stored.summary.id})))
        return stored

    # Inner

    def _engine(self, trial: Trial) -> Engine:
        tools = self._tools
        return engine_for(tools.engines, trial.content.config, trial.engine, tools.settings.get().engine)

    def _order(self, trial: Trial, engine: Engine) -> Order:
        tokenizer, source = tokenizer_for(engine.connection.model), trial.source.text
        return Order(
            source=trial.source,
            profile=trial.profile,
            traits=engine.traits,
            count_tokens=lambda text: self._counter.count(tokenizer, text, source),
            include_book=trial.content.config.book.include,
        )

    def _filled_in(self, shown: Preview, order: Order, engine: Engine) -> Preview:
        from cardforge_desktop.generation.showing import shown_prompts

        source, asked = order.source, Asked(order.profile, engine, order.include_book)
        rates = Rates(asked, self._tools.prices, self._tools.history)
        expected = rates.of(card_plan(source, asked, order.count_tokens))
        is_cut = order.traits.stepwise and len(source.text) > _READ_FOR_STEPS
        if is_cut:  # what is told of whom is found out in seconds for each megabyte
            beginning = replace(source, text=source.text[:_READ_FOR_STEPS], sections=())
            order = replace(order, source=beginning)
        marked = marked_messages(order)
        try:
            found = shown_prompts(order)
        except CardForgeError as problem:
            if order.traits.stepwise:
                return replace(shown, problem=problem)
            return replace(shown, calls=(_whole_call(order, marked),), estimate=expected, problem=problem)
        calls = tuple(
            ShownCall(
                each.step,
                each.prompt,
                shown_messages(each.messages, marked, order.count_tokens),
                each.tokens,
                each.certain and not is_cut,
            )
            for each in found.prompts
        )
        return replace(shown, calls=calls, unknown=found.unknown, estimate=expected, is_cut=is_cut)


def _whole_call(order: Order, marked: Sequence[Message]) -> ShownCall:
    """What would be asked if it could be."""
    from cardforge_desktop.generation.prompts import card_prompt

    prompt = card_prompt(order, order.source.text)
    messages = shown_messages(prompt.messages, marked, order.count_tokens)
    return ShownCall("card", prompt, messages, sum(message.tokens for message in messages), certain=False)


def _signed(tried: Tried) -> Card:
    """The card with how it was made, under our own name in `extensions`."""
    card, trial = tried.draft.card, tried.trial
    known = card.extensions.get("cardforge")
    made = {
        **(known if isinstance(known, dict) else {}),
        "app": f"CardForge Desktop {__version__}",
        "engine": tried.engine,
        "profile": trial.content.name,
        "made": now().isoformat(timespec="seconds"),
        "tried": True,
    }
    if trial.unsaved:
        made["unsaved_profile"] = True
    return card.model_copy(update={"extensions": {**card.extensions, "cardforge": made}})
