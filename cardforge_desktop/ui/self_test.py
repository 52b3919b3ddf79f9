"""Proves on the machine at hand that the (frozen) app works: the window, a card, the files."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import traceback
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cardforge_desktop.batches.model import ItemView
    from cardforge_desktop.ui.app import Session

_SECONDS_FOR_A_CARD = 240
_FORMATS = {"json", "v2", "tavernai"}


class _Checks:
    """Prints a line for each check and remembers whether all were good."""

    def __init__(self) -> None:
        self.good = True

    async def check(self, name: str, work: Callable[[], Awaitable[str]]) -> None:
        """Run one check; it returns a remark or raises."""
        try:
            remark = await work()
        except Exception as error:
            self.good = False
            self._say(f"FAILED  {name}: {type(error).__name__}: {error}")
            self._say(traceback.format_exc())
        else:
            self._say(f"ok      {name}{': ' if remark else ''}{remark}")

    @staticmethod
    def _say(line: str) -> None:
        # A window app on Windows has no standard output; its exit code tells then.
        if sys.stdout is not None:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()


def self_test() -> int:
    """Run the checks in a home of their own, offscreen; returns the exit code (0 = all good)."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["CARDFORGE_HOME"] = folder
        return _in_home()


def _in_home() -> int:
    import qasync

    from cardforge_desktop.paths import find_paths
    from cardforge_desktop.ui.app import Application, Session
    from cardforge_desktop.ui.language import speak

    app = Application(sys.argv[:1])
    app.setQuitOnLastWindowClosed(False)
    speak(app)
    paths = find_paths()
    paths.make()
    session = Session(app, paths)
    session.window.show()
    checks = _Checks()
    loop = qasync.QEventLoop(app)
    loop.run_until_complete(_run(session, checks))
    loop.close()
    return 0 if checks.good else 1


async def _run(session: Session, checks: _Checks) -> None:
    session.furnish()
    living = asyncio.ensure_future(session.live())

    async def workspace() -> str:
        await session.background.call(lambda ws: ws.paths)
        return ""

    async def panels() -> str:
        from cardforge_desktop.ui.panels import PANELS

        for spec in PANELS:
            session.window.open_panel(spec.key)
            await asyncio.sleep(0)
            if session.window.grab().isNull():
                raise RuntimeError(f"{spec.key} can't be painted")
        return ", ".join(session.window.built_panels())

    async def engine() -> str:
        health = await session.background.call(lambda ws: ws.engines.check("Built-in"))
        if not health.ok:
            raise RuntimeError(health.message)
        return health.message

    async def card() -> str:
        item = await _write_card(session)
        return f"“{item.card_name}” in {', '.join(name for name, _ in item.files)}"

    await checks.check("the store opens", workspace)
    await checks.check("every panel is built and painted", panels)
    await checks.check("the built-in engine answers", engine)
    await checks.check("a card is written and its files are there", card)
    session.end()
    await checks.check("the window closes in order", lambda: _ended(living))


async def _write_card(session: Session) -> ItemView:
    from cardforge_desktop.batches.model import ItemStatus
    from cardforge_desktop.resources import resource

    panel = session.frame.batch
    sources = (path for path in resource("examples").iterdir() if path.suffix == ".md")
    session.frame.add([min(sources, key=lambda path: path.stat().st_size)])

    async def rows(*statuses: ItemStatus) -> ItemView:
        while True:
            for item in panel.controller.model.items():
                if item.error is not None:
                    raise RuntimeError(f"{item.error.message} {dict(item.error.details)}")
                if item.status in statuses and item.stage != "reading":
                    return item
            await asyncio.sleep(0.05)

    async with asyncio.timeout(_SECONDS_FOR_A_CARD):
        await rows(ItemStatus.DRAFT)
        session.services.actions["queue.start"].trigger()
        item = await rows(ItemStatus.COMPLETED)
    missing = await session.background.run(
        lambda: [str(path) for _, path in item.files if not path.is_file()]
    )
    if missing or {name for name, _ in item.files} != _FORMATS:
        raise RuntimeError(f"files are missing: {missing or item.files}")
    return item


async def _ended(living: Awaitable[None]) -> str:
    await living
    return ""
