"""What the cards of a campaign are made of, so that each request and each file tells whose it is."""

from __future__ import annotations

import json
import random
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.support.scripted_server import Step

#: Every sentence names the source: whatever part of it a prompt or a card holds, it can be told whose it is.
_TEXT = """\
# Keeper {number}

Tessa Marrow{number} keeps the lamp of tower {number}. Tessa Marrow{number} climbs {steps} steps at night.

The coat of Tessa Marrow{number} was sewn from a sail. Nobody has ever heard Tessa Marrow{number} sing.
On Sundays Tessa Marrow{number} mends nets alone. Tessa Marrow{number} owes the chandler for oil.

A letter for Tessa Marrow{number} arrived this morning. Tessa Marrow{number} must keep the lamp dark.
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of a plan, see `life.live`."""

    name: str
    priority: str
    engine: str
    sources: list[str]
    together: bool = False
    overwrite: bool = False


class Work:
    """The batches of one round, and which item a text is about. An item is named by its first source."""

    def __init__(self, folder: Path, dice: random.Random, size: int) -> None:
        """Write the sources; `size` is the number of items of the largest batch."""
        folder.mkdir(parents=True)
        self._folder = folder
        self._item_of: dict[str, str] = {}
        self._way_of: dict[str, str] = {}
        self.batches: list[Batch] = []
        self._add(Batch("small", _priority(dice), "stepwise", self._write(1)))
        self._add(Batch("many", _priority(dice), "whole", self._write(size)))
        self._add(Batch("few", _priority(dice), "whole", self._write(2), overwrite=True))
        self._add(Batch("joined", _priority(dice), "whole", self._write(2), together=True))
        dice.shuffle(self.batches)

    def mishaps(self, dice: random.Random) -> list[Step]:
        """What the server does wrong, at whose requests."""
        steps = [
            Step("status", status=500),
            Step("status", status=429, headers={"retry-after": "0"}),
            Step("cut"),
        ]
        return [replace(step, match=dice.choice(sorted(self._item_of))) for step in steps]

    @property
    def items(self) -> set[str]:
        """The names of all items."""
        return set(self._item_of.values())

    @property
    def plan(self) -> list[dict[str, Any]]:
        """The batches, as `life.live` takes them."""
        return [asdict(batch) for batch in self.batches]

    def way_of(self, item: str) -> str:
        """How it is made: items of one way ask for the same things in the same order."""
        return self._way_of[item]

    def item_of(self, content: object) -> str:
        """Whose request or card this is."""
        text = content if isinstance(content, str) else json.dumps(content)
        found = {self._item_of[name] for name in re.findall(r"Marrow\d+", text)}
        assert len(found) == 1, f"a text about {found or 'nobody'}: {text[:500]}"
        return found.pop()

    def _write(self, count: int) -> list[str]:
        paths = []
        for _ in range(count):
            number = len(list(self._folder.iterdir())) + 11  # of two digits, so that all are of one length
            path = self._folder / f"source-{number:03d}.md"
            path.write_text(_TEXT.format(number=number, steps=number + 40), encoding="utf-8")
            paths.append(str(path))
        return paths

    def _add(self, batch: Batch) -> None:
        self.batches.append(batch)
        names = [f"Marrow{int(Path(path).stem.rpartition('-')[2])}" for path in batch.sources]
        for name in names:
            self._item_of[name] = names[0] if batch.together else name
            self._way_of[name] = f"{batch.engine}, together" if batch.together else batch.engine


def _priority(dice: random.Random) -> str:
    return dice.choice(["high", "standard", "low"])
