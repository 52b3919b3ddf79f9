"""What went wrong becomes a log entry and a notice, never a traceback on the screen.

Imports little: it stands before the first paint.
"""

from __future__ import annotations

import faulthandler
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cardforge_desktop.errors import CardForgeError

if TYPE_CHECKING:
    import logging
    from collections.abc import Awaitable

    from cardforge_desktop.ui.services import Notice, Services


def notice_of(error: BaseException, sentence: str) -> Notice:
    """What to say about `error`; `sentence` stands for those that are our own fault, which are logged."""
    if not isinstance(error, CardForgeError):
        _log().error("%s", sentence, exc_info=error)
    return _notice_of(error, sentence)


def _log() -> logging.Logger:
    import logging

    return logging.getLogger("cardforge_desktop.ui")


def _notice_of(error: BaseException, sentence: str) -> Notice:
    import json
    import traceback

    from cardforge_desktop.ui.services import Notice

    if isinstance(error, CardForgeError):
        facts = json.dumps(error.details, indent=2, ensure_ascii=False, default=str) if error.details else ""
        return Notice(error.message, "error", f"{error.code}\n{error.message}\n{facts}".rstrip())
    return Notice(sentence, "error", "".join(traceback.format_exception(error)))


async def told(services: Services, work: Awaitable[None], sentence: str) -> None:
    """Do work that a person asked for; what goes wrong is said at the top of the window."""
    try:
        await work
    except Exception as error:
        services.desk.notice.emit(notice_of(error, sentence))


class Failures(QObject):
    """Catches what nobody caught, on any thread. Lives on the window's thread.

    Signals:
        notice(object): a `Notice` to show.
    """

    notice = Signal(object)
    _happened = Signal(object)

    def __init__(self, logs: Path) -> None:
        super().__init__()
        logs.mkdir(parents=True, exist_ok=True)
        self._path = logs / "crash.log"
        self._crashed = self._path.exists() and self._path.stat().st_size > 0
        if self._crashed:
            self._path.replace(logs / "crash-before.log")
        self._file: TextIO = self._path.open("w", encoding="utf-8")
        faulthandler.enable(self._file)
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        self._happened.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    @property
    def crashed_before(self) -> bool:
        """Whether the last run ended in a crash; its log is kept as ``crash-before.log``."""
        return self._crashed

    def close(self) -> None:
        """Give the hooks back. A crash log without a crash is not left behind."""
        sys.excepthook, threading.excepthook = self._before
        faulthandler.disable()
        self._file.close()
        if self._path.exists() and not self._path.stat().st_size:
            self._path.unlink()

    @Slot(object)
    def report(self, error: BaseException) -> None:
        """Log an error and have it shown; may be called on any thread."""
        log = _log()
        if isinstance(error, CardForgeError):
            log.warning("%s: %s", error.code, error.message)
        else:
            log.error("not caught", exc_info=error)
        self._happened.emit(error)

    def on_loop_exception(self, _loop: object, context: dict[str, object]) -> None:
        """The asyncio loop's handler."""
        error = context.get("exception")
        self.report(error if isinstance(error, BaseException) else RuntimeError(str(context.get("message"))))

    def _on_exception(
        self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None
    ) -> None:
        self.report(error)

    def _on_thread_exception(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.report(args.exc_value)

    @Slot(object)
    def _tell(self, error: BaseException) -> None:
        sentence = self.tr(
            "Something went wrong inside CardForge. Your cards are safe; the log holds the details."
        )
        self.notice.emit(_notice_of(error, sentence))
