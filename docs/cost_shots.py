"""The costs panel for the screenshots: the real window over a real store; only the calls are made up."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import insert

from cardforge_desktop.batches.model import BatchStatus, ItemStatus
from cardforge_desktop.batches.tables import BatchRow, ItemRow
from cardforge_desktop.costs.limits import DAY, MONTH, Limit
from cardforge_desktop.costs.tables import CallRow
from cardforge_desktop.paths import Paths
from cardforge_desktop.store.table import core_table
from cardforge_desktop.store.types import now
from cardforge_desktop.workspace import Workspace

LONG = (
    "an-extraordinarily-long-name-of-a-merged-and-finetuned-model-that-somebody-uploaded-without-stopping-70b"
)
_NAMES = ("Old Tarn, first evening", "Crew of the Gannet", "The Lantern Guild", "Night market")


@dataclass(frozen=True)
class Made:
    """A model and what calls to it are like; `price` None = unknown, 0 = free."""

    engine: str
    model: str
    price: Decimal | None
    often: float


MODELS = (
    Made("OpenAI", "gpt-4o-mini", Decimal("0.0144"), 1.0),
    Made("OpenRouter", "anthropic/claude-haiku-4.5", Decimal("0.0154"), 0.7),
    Made("Built-in", "SmolLM2-135M-Instruct.Q4_1", Decimal(0), 0.9),
    Made("LM Studio at the office", "some-local-merge-13b", None, 0.06),
)


def store(change: Callable[[Workspace], object]) -> Callable[[Paths, str], Workspace]:
    """What opens a store; `change` is done to it before."""

    def open_it(paths: Paths, theme: str) -> Workspace:
        workspace = Workspace.open(paths)
        workspace.settings.update(theme=theme)
        change(workspace)
        return workspace

    return open_it


def month(workspace: Workspace, models: tuple[Made, ...] = MODELS, times: Decimal = Decimal(1)) -> None:
    """Two months of calls, four batches."""
    dice = random.Random(7)  # noqa: S311 - the same picture each time
    profiles = [profile.id for profile in workspace.profiles.profiles()]
    today = now()
    calls = [_call(at, when, dice, profiles, times) for at, when in enumerate(_moments(today, models, dice))]
    with workspace._store.write() as session:
        batches = [_batch(number, today) for number in range(len(_NAMES))]
        session.execute(insert(core_table(BatchRow)), batches)
        session.execute(insert(core_table(CallRow)), calls)
        if items := list(_items(calls)):
            session.execute(insert(core_table(ItemRow)), items)


def limited(workspace: Workspace) -> None:
    """Limits of several kinds, one nearly used up."""
    month(workspace)
    workspace.limits.set(DAY, Limit(tokens=1_000_000, cost=Decimal("0.50")))
    spent = workspace.spendings.month().cost
    workspace.limits.set(MONTH, Limit(cost=(spent * Decimal("1.1")).quantize(Decimal("0.01"))))


def quiet(workspace: Workspace) -> None:
    """One limit, far from its end."""
    month(workspace)
    workspace.limits.set(DAY, Limit(tokens=1_000_000))


def free(workspace: Workspace) -> None:
    """Nothing but the built-in engine."""
    month(workspace, MODELS[2:3])


def long_names(workspace: Workspace) -> None:
    """Names and sums that test the layout."""
    models = (
        *(
            Made(f"Engine {at} of the house at the end of the street", f"{LONG}-{at}", Decimal("0.02"), 0.3)
            for at in range(9)
        ),
        Made("Engine", "unpriced", None, 0.2),
    )
    first = workspace.profiles.profiles()[0]
    workspace.profiles.copy(first.content.model_copy(update={"name": LONG[:80]}))
    month(workspace, models, Decimal(1_000_000))
    workspace.limits.set(MONTH, Limit(tokens=10**15, cost=Decimal(1_000_000)))


def many(workspace: Workspace) -> None:
    """Ten thousand models."""
    month(workspace)
    dice = random.Random(3)  # noqa: S311
    made = (Made("Engine", f"model-{at:05}", Decimal("0.001"), 1) for at in range(10_000))
    calls = [_call(10**6 + at, (now(), each), dice, [""], Decimal(1)) for at, each in enumerate(made)]
    with workspace._store.write() as session:
        session.execute(insert(core_table(CallRow)), calls)


def act(do: Callable[[Any], object] | None = None, tab: str = "model") -> Callable[[Any], Any]:
    """Show a table, and do something in the panel."""

    async def acting(session: Any) -> None:
        panel = session.window.panel
        for _ in range(200):
            if panel.figures is not None:
                break
            await asyncio.sleep(0.05)
        panel.groups.tabs.show_pane(tab)
        await asyncio.sleep(1.0)
        if do is not None:
            do(panel)
            await asyncio.sleep(0.4)

    return acting


def hover(day: int) -> Callable[[Any], None]:
    """Go with the keyboard to a day of the month."""
    return lambda panel: panel.days.chart._go_to(day - 1)


def _moments(
    today: datetime, models: tuple[Made, ...], dice: random.Random
) -> Iterator[tuple[datetime, Made]]:
    for back in range(45):
        busy = dice.choice((0.2, 0.5, 1.0, 1.6))
        for made in models:
            for _ in range(round(dice.uniform(0, 9) * busy * made.often + (made.often > 0.9))):
                minutes = dice.randrange(1, 600) if back else dice.randrange(1, 20)
                yield today - timedelta(days=back, minutes=minutes), made


def _call(
    at: int, when: tuple[datetime, Made], dice: random.Random, profiles: list[str], times: Decimal
) -> dict[str, Any]:
    moment, made = when
    tokens_in, tokens_out = dice.randrange(600, 3_000), dice.randrange(300, 1_500)
    cost = None if made.price is None else made.price * Decimal(str(round(dice.uniform(0.5, 1.6), 4))) * times
    return {
        "id": f"call_{at}",
        "started_at": moment,
        "finished_at": moment + timedelta(seconds=20),
        "batch_id": "" if at % 11 == 0 else f"batch_{at % len(_NAMES)}",
        "item_id": f"item_{at}",
        "card_id": "",
        "profile_id": "" if at % 17 == 0 else profiles[at % len(profiles)],
        "profile_version": 1,
        "worker_id": "",
        "run": 1,
        "step": "card",
        "digest": "",
        "engine": made.engine,
        "model": made.model,
        "local": made.price == 0,
        "status": "completed",
        "input_tokens": tokens_in,
        "output_tokens": tokens_out,
        "cost": cost,
        "price_source": "genai-prices" if made.price else "unknown" if made.price is None else "local",
        "error_code": "",
        "reason": "stop",
    }


def _batch(number: int, today: datetime) -> dict[str, Any]:
    began = today - timedelta(days=3 * number + 1)
    return {
        "id": f"batch_{number}",
        "name": _NAMES[number],
        "status": BatchStatus.COMPLETED,
        "rank": number,
        "created_at": began,
        "started_at": began,
        "finished_at": began + timedelta(hours=1),
    }


_CARDS = (
    "mirela.md",
    "gannet-crew.docx",
    "lantern-guild.pdf",
    "low-stair.txt",
    "灯台守の娘.txt",
    "ferry.html",
)


def _items(calls: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for at, call in enumerate(each for each in calls if each["batch_id"] and each["cost"]):
        yield {
            "id": call["item_id"],
            "batch_id": call["batch_id"],
            "job_id": f"job_{at}",
            "position": at,
            "rank": at,
            "source_name": _CARDS[at % len(_CARDS)],
            "fields": [],
            "profile_id": call["profile_id"],
            "profile": "Default",
            "profile_version": 1,
            "engine": call["engine"],
            "local": False,
            "formats": ["json"],
            "include_book": True,
            "output": "/cards",
            "pattern": "default",
            "status": ItemStatus.COMPLETED,
            "attempts": 1,
            "input_tokens": call["input_tokens"],
            "output_tokens": call["output_tokens"],
            "cost": call["cost"],
            "warnings": [],
            "started_at": call["started_at"],
            "finished_at": call["finished_at"],
        }
