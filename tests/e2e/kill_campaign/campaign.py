"""Rounds of work, each killed again and again until its cards are made."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.e2e.kill_campaign.deaths import live_at_most, moment_inside, moment_outside
from tests.e2e.kill_campaign.invariants import PRICE, Invariants, normal
from tests.e2e.kill_campaign.sources import Work
from tests.e2e.kill_campaign.traces import phases, read_store, temporary_files
from tests.support.cradle import Cradle, Life
from tests.support.scripted_server import Exchange, Pace, ScriptedServer, Step

PROGRAM = "tests.e2e.kill_campaign.life:live"
#: Of the rounds; in the others the files are on a file system that has none, such as exFAT.
_SHARE_WITH_LINKS = 0.7
#: So that what a card cost is known, but for calls that were lost or failed.
_USAGE = {"prompt_tokens": 900, "completion_tokens": 300, "total_tokens": 1200, "cost": float(PRICE)}
_PACE = Pace(first=0.05, total=0.15, pieces=12)


@dataclass(slots=True)
class Tally:
    """What a campaign did."""

    kills: int = 0
    rounds: int = 0
    calls: int = 0
    repeated: int = 0
    phases: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        by_phase = ", ".join(f"{phase} {count}" for phase, count in self.phases.most_common())
        return (
            f"{self.kills} kills in {self.rounds} rounds, {self.calls} calls of which {self.repeated} were "
            f"made again; in the midst of: {by_phase}"
        )


def usual_calls(cradle: Cradle, folder: Path) -> dict[str, list[str]]:
    """What items ask for when nobody is killed, by their way (`Work.way_of`)."""
    work = Work(folder / "in", random.Random(0), 1)
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    with ScriptedServer() as server:
        plan = {"home": str(folder / "home"), "url": server.url, "out": str(folder / "out")}
        life = cradle.live({**plan, "batches": work.plan})
        life.wait_for("status")
        assert life.said["status"] == 0
        for call in server.calls:
            item = work.item_of(call.body)
            found[work.way_of(item)][item].append(normal(call))
    return {way: next(iter(items.values())) for way, items in found.items()}


class Round:
    """One store from its first start to its last card."""

    def __init__(
        self, folder: Path, seed: int, size: int, tally: Tally, usual: Mapping[str, Sequence[str]]
    ) -> None:
        """`size`: items of the largest batch; `usual`: from `usual_calls`."""
        self._dice = random.Random(seed)
        self._folder = folder
        self._out = folder / "out"
        self._tally = tally
        self._usual = usual
        self._submitted = False
        self._work = Work(folder / "in", self._dice, size)
        self._invariants = Invariants(self._work, self._out, usual)
        self._lives: list[int] = []  # for each life, how many calls there were before it

    def run(self, cradle: Cradle, kills: int) -> None:
        """Kill at most so often, then let it come to its end."""
        steps = [*self._work.mishaps(self._dice), Step(times=0, usage=_USAGE)]
        with ScriptedServer(steps, pace=_PACE) as server:
            plan = {
                "links": self._dice.random() < _SHARE_WITH_LINKS,
                "home": str(self._folder / "home"),
                "url": server.url,
                "out": str(self._out),
                "batches": self._work.plan,
            }
            for _ in range(kills):
                if not self._killed(cradle, server, plan):
                    break
            self._begin(server)
            life = cradle.live(plan)
            life.wait_for("status")
            assert life.said["status"] == 0, "the last life failed"
            self._invariants.at_the_end(self._calls(server), self._stored())
            self._count(server)

    def _killed(self, cradle: Cradle, server: ScriptedServer, plan: dict[str, Any]) -> bool:
        """One life that is killed; False when it came to its end before."""
        self._begin(server)
        how: object
        if self._dice.random() < 0.5:
            how = die = moment_inside(self._dice, submitted=self._submitted)
            life = cradle.live({**plan, "die": die})
            live_at_most(life, self._dice.uniform(0.3, 2.0))
            life.kill()
        else:
            moment = moment_outside(self._dice, server, self._out)
            life = cradle.live(plan)
            how = moment(life)
            life.kill()
        server.wait_until(lambda calls: all(call.outcome for call in calls))
        if not life.killed:
            assert life.said["status"] == 0, f"the life ended by a mistake: {life.said}"
        try:
            self._after(life, server)
        except AssertionError as error:
            error.add_note(f"after life {len(self._lives)}, killed by {how}, which had said {life.said}")
            raise
        self._submitted = self._submitted or "submitted" in life.said
        return life.killed

    def _begin(self, server: ScriptedServer) -> None:
        self._invariants.life_begins()
        self._lives.append(len(server.calls))

    def _after(self, life: Life, server: ScriptedServer) -> None:
        stored = self._stored()
        if life.killed:
            calls = self._calls(server)[-1]
            self._tally.kills += 1
            self._tally.phases.update(phases(life.said, stored, calls, temporary_files(self._out)))
        self._invariants.after_death(self._calls(server), stored)

    def _stored(self) -> Any:
        return read_store(self._folder / "home" / "data" / "cardforge.db", self._folder / "copy")

    def _calls(self, server: ScriptedServer) -> list[Sequence[Exchange]]:
        calls = server.calls
        ends = [*self._lives[1:], len(calls)]
        return [calls[start:end] for start, end in zip(self._lives, ends, strict=True)]

    def _count(self, server: ScriptedServer) -> None:
        self._tally.rounds += 1
        self._tally.calls += len(server.calls)
        needed = sum(len(self._usual[self._work.way_of(item)]) for item in self._work.items)
        refused = sum(call.outcome not in ("answer", "disconnected") for call in server.calls)
        self._tally.repeated += len(server.calls) - needed - refused
