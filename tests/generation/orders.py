"""Orders, sources and scripted answers for this room's tests."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cardforge_desktop.engines.base import FinishReason, Prompt, Traits
from cardforge_desktop.generation.model import Answer, Order
from cardforge_desktop.profiles.model import Profile, ProfileConfig, ProfilePrompts
from cardforge_desktop.resources import resource
from cardforge_desktop.sources.model import SourceText

GREETING = (
    '*Mirela sets a bowl on the stove lid and does not turn round.* "Shut the door, the lamp hates a '
    'draught." '
    "*She pushes the second chair out with her boot.* Outside the bell buoy clanks once and is "
    "still, and the "
    'kettle takes over the talking for a while. "Sit. What did the sea want with you?"'
)
SOURCE = (
    "# Mirela Voss\n\nMirela Voss keeps the lighthouse on Gannet Rock. Her brother Tobin sailed "
    "into the fog. "
    "She waits for the boat from Port Sorrel."
)


def profile(**config: Any) -> Profile:
    """The shipped profile, with other settings where given."""
    shipped = json.loads(resource("profiles", "default.json").read_bytes())
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Profile(
        id="profile_test",
        name=shipped["name"],
        version=1,
        config=ProfileConfig.model_validate(shipped["config"] | config),
        prompts=ProfilePrompts.model_validate(shipped["prompts"]),
        created_at=now,
        updated_at=now,
    )


def order(
    text: str = SOURCE,
    name: str = "mirela.md",
    title: str = "",
    traits: Traits | None = None,
    **settings: Any,
) -> Order:
    """An order for one source; tokens are counted as four characters each."""
    include = settings.pop("include_book", True)
    return Order(
        SourceText(name, "text", text, title),
        profile(**settings),
        traits or Traits(),
        lambda counted: len(counted) // 4 + 1,
        include,
    )


def card(**changes: Any) -> dict[str, Any]:
    """A good answer of a good model."""
    good: dict[str, Any] = {
        "name": "Mirela Voss",
        "description": "Mirela Voss has kept the lighthouse on Gannet Rock for nineteen winters. "
        "She is tall and "
        "weather-brown, with grey eyes, a braid to her belt and an old rope burn across her left "
        "palm. She wears "
        "the oilskin of her father, two sizes too large.",
        "personality": "Patient, dry and stubborn; she feeds strangers first and asks afterwards, "
        "and she lies badly.",
        "scenario": "The supply boat from Port Sorrel is three days late when {{user}} climbs out "
        "of the surf.",
        "first_mes": GREETING,
        "mes_example": '<START>\n{{user}}: Are you alone here?\n{{char}}: *She trims the wick.* "I '
        'have the lamp."\n'
        '<START>\n{{user}}: What do you fear?\n{{char}}: "Fog. Everything else has a shape."',
        "alternate_greetings": [GREETING.replace("stove lid", "window sill")],
        "tags": ["sea", "Lighthouse"],
        "creator_notes": "A lighthouse keeper for slow evenings.",
        "world": "Gannet Rock",
        "class": "keeper",
        "book": [
            {
                "name": "Gannet Rock",
                "category": "Places",
                "keys": ["Gannet Rock", "the moon"],
                "content": "A rock with a lighthouse.",
            },
            {
                "name": "Atlantis",
                "category": "Other",
                "keys": ["Atlantis"],
                "content": "Not in the source at all.",
            },
        ],
    }
    return good | changes


@dataclass
class Script:
    """An `Ask` that gives written answers in order and remembers what it was asked; the last one "
    "repeats."""

    answers: Sequence[str | tuple[str, FinishReason] | Mapping[str, Any]]
    asked: list[tuple[str, Prompt]] = dataclasses.field(default_factory=list)

    def __call__(self, step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
        answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        self.asked.append((step, prompt))
        text, reason = answer if isinstance(answer, tuple) else (answer, "stop")
        text = text if isinstance(text, str) else json.dumps(text)
        for end in range(0, len(text), 40):
            on_text(text[:end])
        on_text(text)
        return Answer(text, reason)  # type: ignore[arg-type]


@dataclass
class Watched:
    """A watcher that keeps what it was told."""

    fields: list[tuple[str, str, float]] = dataclasses.field(default_factory=list)
    stages: list[str] = dataclasses.field(default_factory=list)

    def field(self, name: str, text: str, fraction: float) -> None:
        self.fields.append((name, text, fraction))

    def stage(self, stage: str, fraction: float, *, restarted: bool = False) -> None:
        self.stages.append(stage)
