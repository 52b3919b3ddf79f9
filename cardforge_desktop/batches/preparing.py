"""A batch while it is put together: what its sources hold, and what its cards would take, before anything is
added to the queue."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from cardforge_desktop.batches.combining import ways
from cardforge_desktop.batches.engine_choice import engine_for
from cardforge_desktop.batches.estimating import Asked, CardEstimate, CardPlan, Estimating, Rates
from cardforge_desktop.batches.finding import NewSource, find, read_source
from cardforge_desktop.batches.model import CardRef, Options
from cardforge_desktop.batches.shared_books import checked_book, checked_tokens
from cardforge_desktop.batches.targets import read_target
from cardforge_desktop.batches.worker import Tools
from cardforge_desktop.cards.model import Card
from cardforge_desktop.sources.merging import merge
from cardforge_desktop.sources.model import SourceText
from cardforge_desktop.sources.reader import from_text
from cardforge_desktop.tokens import tokenizer_for

#: Estimates that are remembered: more than 500 sources have with 10 profiles and 10 engines.
_REMEMBERED = 60_000

#: A profile and an engine, by their names.
Way = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ReadSource:
    """A source whose text is in the store.

    Attributes:
        source: with the address of its text.
        tokens: of the text.
        exact: whether the engine's tokenizer is known, so that `tokens` is no estimate.
        warnings: what was guessed or left out.
    """

    source: NewSource
    tokens: int
    exact: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """What cards will take together; each as in `CardEstimate`.

    Attributes:
        output_low, cost_low: of cards without enough history their lower end is not in it.
        cost_low, cost_high: US dollars, of those cards whose price is known.
        unpriced: cards whose price is not known.
        unproven: cards without enough history: of them only what they may take at most is known.
        exact: whether tokens are counted with the models' own tokenizers.
        local: whether all are made on this computer, and free.
    """

    cards: int = 0
    input_tokens: int = 0
    output_low: int = 0
    output_high: int = 0
    cost_low: Decimal = Decimal(0)
    cost_high: Decimal = Decimal(0)
    unpriced: int = 0
    unproven: int = 0
    exact: bool = True
    local: bool = True

    @classmethod
    def of(cls, card: CardEstimate) -> Expected:
        """Of one card."""
        return cls(
            1,
            card.input_tokens,
            card.output_low or 0,
            card.output_high,
            card.cost_low or Decimal(0),
            card.cost_high or Decimal(0),
            int(card.cost_high is None),
            int(card.output_low is None),
            card.exact,
            card.local,
        )

    @property
    def rank(self) -> tuple[bool, bool, Decimal]:
        """To sort by: free first, then by what it costs at most, with unknown prices last."""
        return not self.local, self.unpriced > 0, self.cost_high

    def __add__(self, other: Expected) -> Expected:
        return Expected(
            self.cards + other.cards,
            self.input_tokens + other.input_tokens,
            self.output_low + other.output_low,
            self.output_high + other.output_high,
            self.cost_low + other.cost_low,
            self.cost_high + other.cost_high,
            self.unpriced + other.unpriced,
            self.unproven + other.unproven,
            self.exact and other.exact,
            self.local and other.local,
        )


class Preparing:
    """Finds, reads and estimates. Thread-safe; methods block on files, the store and tokenizers."""

    def __init__(self, tools: Tools, estimating: Estimating) -> None:
        self._tools = tools
        self._estimating = estimating
        self._known: dict[Hashable, CardPlan] = {}

    def find(self, paths: Sequence[Path], on_note: Callable[[str], None]) -> tuple[NewSource, ...]:
        """The sources among files and in folders, none of them read; see `finding.find`."""
        return tuple(find(paths, None, on_note))

    def own_source(self, update: Path | CardRef) -> NewSource:
        """The card to update as its own source.

        Raises:
            CardForgeError: it can't be read, or holds no text.
        """
        (source,) = find([], read_target(update, self._tools.library), lambda _: None)
        return source

    def pasted(self, name: str, text: str) -> NewSource:
        """A pasted text as a source.

        Raises:
            SourceError: SOURCE_EMPTY, SOURCE_TOO_LARGE.
        """
        source = from_text(name, text)
        return NewSource(source.name, None, text=source)

    def read(self, source: NewSource, engine: str) -> ReadSource:
        """Read a source, keep its text in the store and count it as an engine's model does.

        A text no item is made of is forgotten at the next start.

        Raises:
            CardForgeError: why it can't be read; the message names the file.
        """
        text = self._text(source)
        kept = replace(source, text=None, digest=source.digest or self._tools.sources.keep(text))
        tokenizer = tokenizer_for(self._tools.engines.get(engine).connection.model)
        tokens = self._estimating.tokens(tokenizer, (kept.digest,), text.text)
        return ReadSource(kept, tokens, tokenizer.exact, text.warnings)

    def _text(self, source: NewSource) -> SourceText:
        if source.text is not None:
            return source.text
        if source.digest or source.path is None:
            return self._tools.sources.load(source.digest)
        return read_source(source.path)

    def estimation(
        self, options: Options, profiles: Sequence[str] = (), engines: Sequence[str] = ()
    ) -> Estimation:
        """What is asked of each card, looked up once; see `Drafts.add`.

        Raises:
            CardForgeError: unknown profile or engine, or a card to update that can't be read.
        """
        target = read_target(options.update, self._tools.library)
        card = None if target is None else target.file.package.card
        address = None if target is None else hashlib.sha256(target.data).hexdigest()
        asked = {
            (way.profile, way.engine): self._asked(way, card) for way in ways(options, profiles, engines)
        }
        ways_asked = {
            way: AskedWay(each, _key(each, address), self._estimating.rates(each))
            for way, each in asked.items()
        }
        return Estimation(self, ways_asked)

    def plans(self, digests: tuple[str, ...], asked: Sequence[AskedWay]) -> list[CardPlan]:
        """The calls of a card of these texts in each way; remembered. Slow."""
        keys = [(digests, way.key) for way in asked]
        if any(key not in self._known for key in keys):
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            text = merge([self._tools.sources.load(digest) for digest in digests])
            for key, way in zip(keys, asked, strict=True):
                if key not in self._known:
                    self._known[key] = self._estimating.plan(text, digests, way.asked)
        return [self._known[key] for key in keys]

    def _asked(self, way: Options, card: Card | None) -> Asked:
        profile = self._tools.profiles.by_name(way.profile)
        book = profile.config.book.include if way.include_book is None else way.include_book
        usual = self._tools.settings.get().engine
        engine = engine_for(self._tools.engines, profile.config, way.engine, usual)
        told = (checked_book(self._tools.books, way.shared_book), checked_tokens(way.book_tokens))
        return Asked(profile, engine, book, card, way.fields, *told)


@dataclass(frozen=True, slots=True)
class AskedWay:
    """What is asked of cards in one way.

    Attributes:
        key: what the plan of a card depends on besides its source.
    """

    asked: Asked
    key: Hashable
    rates: Rates


class Estimation:
    """What cards of some sources would take, in each way, by prices and history as they were when it was
    made; what was counted is remembered.
    """

    def __init__(self, preparing: Preparing, asked: Mapping[Way, AskedWay]) -> None:
        """Use `Preparing.estimation`."""
        self._preparing, self._asked = preparing, asked

    @property
    def models(self) -> dict[Way, str]:
        """The model of each way, "" = the engine's own file."""
        return {way: each.asked.engine.connection.model for way, each in self._asked.items()}

    @property
    def engines(self) -> dict[Way, str]:
        """The engine of each way, also where the profile says which."""
        return {way: each.asked.engine.connection.name for way, each in self._asked.items()}

    def of(self, items: Sequence[Sequence[NewSource]]) -> dict[Way, Expected]:
        """The sums over these items, each given by its sources, which are read. Slow.

        Ask for few at a time: that way it can be stopped, and the sums so far be shown.
        """
        sums = dict.fromkeys(self._asked, Expected())
        asked = list(self._asked.values())
        for item in items:
            plans = self._preparing.plans(tuple(source.digest for source in item), asked)
            for (way, each), plan in zip(self._asked.items(), plans, strict=True):
                sums[way] += Expected.of(each.rates.of(plan))
        return sums


def _key(asked: Asked, target: str | None) -> Hashable:
    """What a plan depends on besides its source."""
    profile, engine = asked.profile, asked.engine
    made_with = (profile.id, profile.version, engine.connection, engine.traits)
    told = asked.book_tokens if asked.shared_book else 0
    return (*made_with, asked.include_book, target, asked.fields, told)
