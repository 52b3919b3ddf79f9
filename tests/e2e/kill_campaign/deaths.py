"""The moments at which a process is killed: chosen by dice, so that all it does is hit often enough."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support.cradle import Life
from tests.support.scripted_server import Exchange, ScriptedServer

#: (what, matching, highest count): where a process kills itself, see `life._Death`.
_INSIDE = (
    ("any", "UPDATE item SET", 8),
    ("any", "INSERT INTO call", 8),
    ("any", "UPDATE call SET", 8),
    ("any", "INSERT INTO card ", 3),
    ("any", "INSERT INTO card_file", 6),
    ("any", "UPDATE batch SET", 3),
    ("file", ".cardforge-", 20),
)
_BEFORE_THE_FIRST_ITEM = (("statement", "", 150), ("any", "INSERT INTO item ", 4))
#: Seconds.
_LONGEST_LIFE = 1.5
_WITHIN_AN_ANSWER = 0.12


def moment_inside(dice: random.Random, *, submitted: bool) -> dict[str, Any]:
    """A `die` of a life's plan; `submitted`: all batches are in the store."""
    moments = (*_INSIDE, ("statement", "", 40)) if submitted else (*_INSIDE, *_BEFORE_THE_FIRST_ITEM * 3)
    what, matching, most = dice.choice(moments)
    if what == "any":
        what = dice.choice(["statement", "commit", "committed"])
    return {"what": what, "matching": matching, "count": dice.randint(1, most)}


def moment_outside(dice: random.Random, server: ScriptedServer, out: Path) -> Callable[[Life], str]:
    """Something that waits for a moment and kills the life then; it may have ended before."""
    after, count = dice.uniform(0.0, _WITHIN_AN_ANSWER), dice.randint(1, 6)

    def by_the_clock(life: Life) -> str:
        live_at_most(life, dice.uniform(0.0, _LONGEST_LIFE))
        return "timer"

    def by_the_server(happened: Callable[[Exchange], bool]) -> Callable[[Life], str]:
        before = sum(map(happened, server.calls))

        def wait(life: Life) -> str:
            while not life.over and sum(map(happened, server.calls)) < before + count:
                live_at_most(life, 0.002)
            live_at_most(life, after)
            return "server"

        return wait

    def by_the_files(life: Life) -> str:
        before = len(list(out.glob("*")))
        while not life.over and len(list(out.glob("*"))) < before + count:
            live_at_most(life, 0.001)
        live_at_most(life, after / 20)
        return "files"

    return dice.choice(
        [
            by_the_clock,
            by_the_server(lambda one: True),
            by_the_server(lambda one: one.outcome == "answer"),
            by_the_files,
        ]
    )


def live_at_most(life: Life, seconds: float) -> None:
    """Wait so long, or for the end of the life."""
    try:
        life.wait_until(lambda: life.over, seconds)
    except TimeoutError:
        return
