"""What the killed process does: open the store, put its batches in, make all their cards, close."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import event

# All that a workspace would import at its first use, so that a life begins at once.
import cardforge_desktop.cards.avatar
import cardforge_desktop.generation.stepwise
import cardforge_desktop.generation.whole
import cardforge_desktop.sources.markdown
import cardforge_desktop.tokens  # noqa: F401
from cardforge_desktop.batches.model import BatchOptions, Options, Priority
from cardforge_desktop.costs.limits import Limit
from cardforge_desktop.engines import registry
from cardforge_desktop.engines.base import Connection, Engine, Traits
from cardforge_desktop.engines.openai import OpenAIEngine
from cardforge_desktop.events import Changed, Kind
from cardforge_desktop.paths import find_paths
from cardforge_desktop.workspace import Workspace
from tests.support.app import ENGINE
from tests.support.cradle import say

CONCURRENCY = 3
#: Tokens of a batch: never reached, so that each call is held against it.
_LIMIT = 10**9


def live(plan: dict[str, Any]) -> None:
    """One life.

    Plan:
        home: CARDFORGE_HOME.
        url: of the scripted server.
        out: folder of the files.
        batches: as in `sources.Batch`.
        links: whether its files are on a file system with hard links; absent = they are.
        takes_over: as a window does; False = as a command line, which has only its own batches.
        die: where it kills itself, see `_Death`; absent = it is killed from outside or not at all.
    """
    os.environ["CARDFORGE_HOME"] = plan["home"]
    if not plan.get("links", True):
        os.link = _refuse_link
    if "die" in plan:
        _Death(**plan["die"])
    registry.KINDS = {**registry.KINDS, "whole": _kind(stepwise=False), "stepwise": _kind(stepwise=True)}
    workspace = Workspace.open(find_paths(), CONCURRENCY)
    known = {connection.name for connection in workspace.engines.connections()}
    for name, kind in (("whole", "whole"), ("stepwise", "stepwise"), (ENGINE, "openai")):
        if name not in known:
            workspace.engines.add(Connection(name, kind, plan["url"], "scripted-1"), None)
    if plan.get("takes_over", True):
        workspace.take_up()
    else:
        workspace.watch()
    say(open=True)
    there = {batch.name for batch in workspace.batches.batches()}
    for batch in plan["batches"]:
        if batch["name"] not in there:
            _submit(workspace, Path(plan["out"]), batch)
    say(submitted=True)
    _wait_till_all_ended(workspace)
    say(ended=True)
    workspace.close()
    say(closed=True)


def _submit(workspace: Workspace, out: Path, batch: dict[str, Any]) -> None:
    options = Options(
        output=out,
        engine=batch["engine"],
        formats=("json", "v2", "tavernai"),
        pattern="kept_{character_name}_{format}" if batch["overwrite"] else "",
        overwrite=batch["overwrite"],
    )
    workspace.queue.submit(
        [Path(path) for path in batch["sources"]],
        options,
        batch=BatchOptions(batch["name"], Priority(batch["priority"]), limit=Limit(tokens=_LIMIT)),
        together=batch["together"],
    )


def _refuse_link(*_: object, **__: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def _wait_till_all_ended(workspace: Workspace) -> None:
    """Also over pauses in which nothing runs."""
    changed = threading.Event()

    def look(change: Changed) -> None:
        if change.kind is Kind.BATCH:
            changed.set()

    workspace.hub.changed.connect(look)
    while any(batch.finished_at is None for batch in workspace.batches.batches()):
        changed.wait(1.0)
        changed.clear()
    workspace.queue.wait_idle()


def _kind(*, stepwise: bool) -> registry.EngineKind:
    """An engine over HTTP that is not free, though its server is on this machine."""

    def build(connection: Connection, key: registry.Key) -> Engine:
        return OpenAIEngine(connection, key, traits=Traits(stepwise=stepwise))

    return registry.EngineKind("Scripted", needs_url=True, build=build)


class _Death:
    """Kills this process at the `count`-th of certain moments.

    Args:
        what: ``statement`` = before an SQL statement with `matching` in it; ``commit``, ``committed`` =
            before or after the commit that follows it; ``file`` = before a file whose path has `matching` in
            it is made, linked or removed.
    """

    def __init__(self, what: str, matching: str, count: int) -> None:
        self._what, self._matching, self._left = what, matching, count
        self._lock = threading.Lock()
        self._thread = threading.local()  # of which `wrote` and `committed` tell what it did last
        if what == "file":
            sys.addaudithook(self._on_audit)
        else:
            event.listen(Database, "before_cursor_execute", self._on_statement)
            event.listen(Database, "commit", self._on_commit)

    def _moment(self) -> None:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    def _on_statement(self, _connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        if getattr(self._thread, "committed", False):
            self._thread.committed = False
            self._moment()
        if self._matching in statement:
            self._thread.wrote = True
            if self._what == "statement":
                self._moment()

    def _on_commit(self, _connection: Any) -> None:
        if not getattr(self._thread, "wrote", False):
            return
        self._thread.wrote = False
        if self._what == "commit":
            self._moment()
        elif self._what == "committed":
            self._thread.committed = True  # the next statement of this thread is the first moment after it

    def _on_audit(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name in ("open", "os.link", "os.remove", "os.rename"):
            paths = [str(path) for path in arguments[:2] if isinstance(path, str | Path)]
            if any(self._matching in path for path in paths):
                self._moment()
