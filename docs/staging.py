"""A workspace of made-up values for the screenshots: the same shape as the real one, no store, no models.

The pictures show states that take hours to come by honestly (10,000 rows, a server that fails). The window
in them is the real one; only what it reads is staged.
"""

# ruff: noqa: E501

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from staged_queue import NOW, OUTPUT, files, long_rows

from cardforge_desktop.batches.holds import Hold
from cardforge_desktop.batches.model import BatchSummary, ItemStatus, ItemView
from cardforge_desktop.batches.overview import QueueSummary
from cardforge_desktop.batches.summaries import counts_of
from cardforge_desktop.batches.waiting import Waiting
from cardforge_desktop.cards.avatar import thumbnail
from cardforge_desktop.cards.exporting import FileState
from cardforge_desktop.cards.formats import Loss
from cardforge_desktop.cards.model import BookEntry, Card, CharacterBook
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.cards.placeholder import draw_placeholder
from cardforge_desktop.cards.revisions import Revision
from cardforge_desktop.cards.search import CardQuery, Facets
from cardforge_desktop.cards.service import CardSummary, StoredCard
from cardforge_desktop.costs.days import Period
from cardforge_desktop.costs.ledger import PastCall, Spending
from cardforge_desktop.costs.limits import Standing
from cardforge_desktop.engines.base import Connection, Health
from cardforge_desktop.events import Hub
from cardforge_desktop.profiles.model import ProfileConfig
from cardforge_desktop.settings import Settings
from cardforge_desktop.store.types import now

FIELDS = {
    "name": "Captain Rhea Sollen",
    "description": "Rhea Sollen has flown the Gannet for nineteen years and still apologises to it after a hard "
    "landing. She keeps the crew fed, paid and slightly afraid of her. Her left hand is brass below the wrist; "
    "she says a winch took the old one and that the winch came off worse.",
    "personality": "Blunt, fair, superstitious about whistling. Cries at weddings and denies it.",
    "scenario": "The Gannet is moored above the drowned market of Old Tarn, short one navigator.",
    "first_mes": '*She does not look up from the ledger.* "You are the new navigator, or you are lost. I would '
    "accept either, the last one was both. Can you read a tide table, {{user}}?",
}
MIRELA = Card(
    name="Mirela Voss",
    description="Mirela Voss keeps the lamp shop on the Quay of Lamps, where every lantern belongs to someone who "
    "drowned. She is forty, narrow and quick, with soot in the lines of her palms and a grey streak she "
    "blames on her apprentice.\n\nShe knows the name behind each flame and will tell it to anyone who asks "
    "politely. She has never lit one for her brother.",
    personality="Patient with strangers, short with friends. Collects other people's last words. Cannot bear "
    "unfinished sentences.",
    scenario="{{user}} comes into the shop on the night of the long tide with a lantern that will not go out.",
    first_mes='*The bell over the door does not ring; it never does for customers.* "Put it on the counter. Not '
    'there. There." *She looks at the flame for a long moment.* "Where did you get this, {{user}}?"',
    mes_example="<START>\n{{user}}: Who is it for?\n{{char}}: *She turns the lantern until the maker's mark faces "
    'the wall.* "Somebody\'s son. They usually are."',
    alternate_greetings=[
        '"We are closed," *says the woman on the ladder, lighting the last wick of the evening.* "Unless you are '
        'from the Guild. Then we are very closed."',
        "*The shop is dark but for one lantern, and she is talking to it.*",
    ],
    tags=["fantasy", "mystery", "shopkeeper", "slow burn"],
    creator_notes="Made from mirela.md. Works best with a calm narrator.",
    character_book=CharacterBook(
        name="Mirela's Lorebook",
        entries=[
            BookEntry(
                name="The Lantern Guild",
                keys=["Lantern Guild", "the Guild", "painted flame"],
                content="Moneylenders of Old Tarn. The Lantern Guild marks every debtor's door with a painted "
                "flame and never forgets one.",
            ),
            BookEntry(
                name="Quay of Lamps",
                keys=["Quay of Lamps", "the quay"],
                content="The only dry quay. Each lantern there belongs to someone who drowned.",
            ),
        ],
    ),
)

#: As a model wrote her, before a person went over it.
DRAFT = MIRELA.model_copy(
    update={
        "description": MIRELA.description.replace("narrow and quick", "tall and mysterious").replace(
            " She has never lit one for her brother.", ""
        ),
        "personality": "Patient. Mysterious. Collects other people's last words.",
        "alternate_greetings": MIRELA.alternate_greetings[:1],
    }
)
#: With something for every kind of finding.
FLAWED = MIRELA.model_copy(
    update={
        "first_mes": MIRELA.first_mes + " {{user}} nods and sits down.",
        "description": MIRELA.description + " Ask {{usr}} about it.",
        "character_book": CharacterBook(
            name="Mirela's Lorebook",
            entries=[
                BookEntry(name="The Lantern Guild", keys=["guild, lanterns"], content="They count the dead."),
                BookEntry(name="Old Tarn", keys=["/tarn(/"], use_regex=True, content="The drowned market."),
            ],
        ),
    }
)
REVISIONS = (
    Revision(4, NOW - timedelta(minutes=2), "edited"),
    Revision(3, NOW - timedelta(hours=2), "tagged"),
    Revision(2, NOW - timedelta(days=1), "edited"),
    Revision(1, NOW - timedelta(days=1, hours=3), "generated"),
)


def library_cards() -> tuple[CardSummary, ...]:
    """A library of some two dozen cards: generated and imported, rated, tagged, out of date."""
    tags = ("fantasy", "mystery", "shopkeeper", "slow burn", "sea", "horror")
    return tuple(
        CardSummary(
            f"card_{at}",
            name,
            "" if imported else ("Default", "Rich prose")[at % 2],
            "" if imported else ("Built-in" if at % 3 == 0 else "OpenRouter"),
            source,
            at % 3 == 0 and not imported,
            NOW - timedelta(minutes=7 * at**3),
            NOW - timedelta(minutes=4 * at**2),
            tags[at % 3 : at % 3 + 1 + at % 4],
            () if imported else files(name.replace(" ", "_")),
            rating=(4, 0, 5, 0, 3)[at % 5],
            spec=("v2", "v3")[at % 2] if imported else "",
            batch_id="" if imported else f"batch_{at % 2}",
            version=2 if at == 1 else 1,
            permanent_tokens=412 + 97 * at,
            total_tokens=705 + 131 * at,
            out_of_date=at in (1, 5),
            imported=imported,
        )
        for at, (name, source, imported) in enumerate(_CARDS, 1)
    )


def long_cards() -> tuple[CardSummary, ...]:
    """Names that test the layout."""
    names = [row.card_name or row.source for row in long_rows()]
    tags = ("an extraordinarily long tag that somebody typed into the wrong field", "خيال", "ファンタジー")
    return tuple(
        replace(card, name=names[at % len(names)], tags=tags, source=f"{names[at % len(names)]}.png")
        for at, card in enumerate(library_cards()[:10])
    )


def many_cards(count: int = 10_000) -> tuple[CardSummary, ...]:
    """A library of thousands."""
    some = library_cards()
    return tuple(
        replace(some[at % len(some)], id=f"card_{at}", name=f"{some[at % len(some)].name} {at}")
        for at in range(1, count + 1)
    )


_CARDS = (
    ("Mirela Voss", "mirela.md", False),
    ("Captain Rhea Sollen", "gannet-crew.docx", False),
    ("Warden Issa", "lantern-guild.pdf", False),
    ("Tam of the Low Stair", "low-stair.txt", False),
    ("灯台守の娘・霧島小夜子", "灯台守の娘.txt", False),
    ("The Ferryman", "ferry.html", False),
    ("Seraphina", "seraphina.png", True),
    ("Brother Anselm", "anselm_v2.json", True),
    ("The Cartographer", "cartographer.charx", True),
    ("Old Nan", "old-nan.md", False),
    ("Ilse Marrow", "marrow.docx", False),
    ("The Tallow Twins", "twins.txt", False),
    ("Quill", "quill.png", True),
    ("Doctor Ravn", "ravn.png", True),
    ("Hester of the Reeds", "reeds.md", False),
    ("Jonas Vane", "vane.md", False),
    ("Sister Calla", "calla.png", True),
    ("The Night Porter", "porter.txt", False),
    ("Ansa", "ansa.html", False),
    ("Maud Pell", "pell.png", True),
    ("Corvin", "corvin.png", True),
    ("Lady of the Weir", "weir.md", False),
)


@dataclass
class Stage:
    """What the staged workspace holds."""

    rows: list[ItemView] = field(default_factory=list)
    batches: tuple[BatchSummary, ...] = ()
    holds: tuple[Hold, ...] = ()
    cards: tuple[CardSummary, ...] = field(default_factory=library_cards)
    spent: bool = True
    preview: dict[str, str] = field(default_factory=lambda: dict(FIELDS))
    healthy: bool = True
    card: Card = MIRELA


def _call(number: int, step: str, status: str, **more: Any) -> PastCall:
    begun = NOW - timedelta(minutes=9 - number)
    values: dict[str, Any] = {
        "input_tokens": None,
        "output_tokens": None,
        "cost": None,
        "error_code": "",
        "reason": "",
    }
    values |= {
        "cached_tokens": None,
        "reasoning_tokens": None,
        "model": "qwen3-30b-a3b",
        "local": False,
        "run": 1,
    }
    return PastCall(
        id=f"call_{number}",
        started_at=begun,
        finished_at=begun,
        step=step,
        engine="LM Studio",
        status=status,
        **values | more,
    )


#: The calls of every staged item: one was in flight when the app died.
CALLS = (
    _call(
        1,
        "notes:1:1",
        "completed",
        input_tokens=2_104,
        output_tokens=312,
        cost=Decimal("0.0021"),
        reason="stop",
    ),
    _call(2, "card", "lost"),
    _call(3, "card", "failed", error_code="ENGINE_TIMEOUT"),
    _call(
        4,
        "card",
        "completed",
        input_tokens=1_812,
        output_tokens=1_200,
        cost=Decimal("0.0044"),
        reason="length",
    ),
)


class StagedWorkspace:
    """Answers like `Workspace`, from a `Stage`."""

    def __init__(self, stage: Stage) -> None:
        self.hub = Hub()
        self._stage = stage
        self._picture = draw_placeholder(MIRELA.name)
        self.settings = SimpleNamespace(get=lambda: Settings(output=OUTPUT), update=lambda **_: None)
        self.batches = SimpleNamespace(
            items=self._items,
            item=lambda item_id: next(row for row in stage.rows if row.id == item_id),
            preview=lambda _id: stage.preview,
            summary=self._summary,
            batches=self._batches,
            waiting=lambda _id: Waiting(ahead=3, running=2, held=False, paused=False),
            same_source=lambda item_id, _most: [item_id],
        )
        self.queue = SimpleNamespace(holds=lambda: stage.holds)
        self.library = SimpleNamespace(
            card=self._card,
            thumbnail=lambda card_id, size: thumbnail(self._avatar(card_id), size),
            revisions=lambda _id: REVISIONS,
            revision=lambda _id, number: CardPackage(self._stage.card if number > 2 else DRAFT),
        )
        self.card_search = SimpleNamespace(
            cards=self._found, facets=self._facets, newest=lambda: next(iter(stage.cards), None)
        )
        self.card_files = SimpleNamespace(state=self._states, losses=self._losses)
        self.engines = SimpleNamespace(connections=_connections, label=_label, check=self._check)
        self.profiles = SimpleNamespace(
            profiles=lambda: tuple(
                SimpleNamespace(name=name, config=ProfileConfig(fields={}))
                for name in ("Default", "Rich prose", "Compact")
            ),
            by_name=lambda name: SimpleNamespace(
                name=name,
                config=SimpleNamespace(naming_pattern="default", formats=("json", "v2", "tavernai")),
            ),
        )
        self.costs = SimpleNamespace(calls_of=lambda _id: CALLS)
        self.limits = SimpleNamespace(standings=self._standings, standings_of_batches=lambda: ())
        self.spendings = SimpleNamespace(
            today=self._today,
            this_day=lambda: Period(now()),
        )

    def _standings(self) -> tuple[Standing, ...]:
        if not self._stage.spent:
            return ()
        amounts = map(Decimal, (1_000_000, 145_000, 0))
        return (Standing("day", "tokens", Period(now()), *amounts),)

    def take_up(self) -> int:
        """Nothing goes on."""
        return 0

    def close(self) -> None:
        """Nothing to close."""

    def _batches(self, ids: Collection[str] | None = None) -> tuple[BatchSummary, ...]:
        return tuple(each for each in self._stage.batches if ids is None or each.id in ids)

    def _items(self, ids: Collection[str] | None = None) -> tuple[ItemView, ...]:
        return tuple(row for row in self._stage.rows if ids is None or row.id in ids)

    def _summary(self) -> QueueSummary:
        count = {status: sum(row.status is status for row in self._stage.rows) for status in ItemStatus}
        busy = count[ItemStatus.PROCESSING]
        return QueueSummary(counts_of(count), seconds_left=40.0 if busy else None)

    def _card(self, card_id: str) -> StoredCard:
        summary = next(card for card in self._stage.cards if card.id == card_id)
        card = self._stage.card.model_copy(update={"name": summary.name, "tags": list(summary.tags)})
        return StoredCard(summary, card, self._avatar(card_id))

    def _avatar(self, card_id: str) -> bytes:
        summary = next(card for card in self._stage.cards if card.id == card_id)
        return draw_placeholder(summary.name)

    def _found(self, query: CardQuery) -> tuple[CardSummary, ...]:
        words = query.text.casefold().split()
        return tuple(
            card
            for card in self._stage.cards
            if all(word in f"{card.name} {card.source} {card.tags}".casefold() for word in words)
            and set(query.tags) <= set(card.tags)
            and query.profile in ("", card.profile)
            and card.rating >= query.rating_from
        )

    def _facets(self) -> Facets:
        cards = self._stage.cards
        return Facets(
            tags=tuple(Counter(tag for card in cards for tag in card.tags).most_common()),
            profiles=tuple(Counter(card.profile for card in cards if card.profile).most_common()),
            batches=tuple(Counter(card.batch_id for card in cards if card.batch_id).most_common()),
            formats=(("tavernai", len(cards)), ("v2", 3), ("v3", 2)),
        )

    def _states(self, card_id: str) -> tuple[FileState, ...]:
        summary = next(card for card in self._stage.cards if card.id == card_id)
        if not summary.out_of_date:
            return tuple(FileState(name, path, "current") for name, path in summary.files)
        words: tuple[Any, ...] = ("outdated", "changed", "missing")
        return tuple(FileState(*pair, state) for pair, state in zip(summary.files, words, strict=False))

    def _losses(self, _card_id: str, formats: Collection[str]) -> dict[str, tuple[Loss, ...]]:
        lost = (
            Loss("picture", "is left out: this format has no place for one"),
            Loss("group_only_greetings", "has no place in this format"),
            Loss("assets", "has no place in this format"),
            Loss("nickname", "has no place in this format"),
        )
        return {name: () if name == "tavernai" else lost for name in formats}

    def _check(self, name: str) -> Health:
        if name == "LM Studio":
            return Health(False, "LM Studio does not answer at http://127.0.0.1:1234/v1. Is it running?")
        return Health(True, f"{name} answers.")

    def _today(self) -> Spending:
        return Spending(14, 22_104, 9_100, Decimal("0.021")) if self._stage.spent else Spending()


def _connections() -> tuple[Connection, ...]:
    return (
        Connection("Built-in", "builtin"),
        Connection("OpenRouter", "openai", "https://openrouter.ai/api/v1", "anthropic/claude-haiku-4.5"),
        Connection("LM Studio", "openai", "http://127.0.0.1:1234/v1", "some-local-merge-13b"),
    )


def _label(name: str) -> str:
    return "Built-in (offline, draft quality)" if name == "Built-in" else name
