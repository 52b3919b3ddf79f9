"""Processes that work on a store and are killed: begun in a few milliseconds, as often as a campaign needs.

A cradle is one process in which everything is imported; each life is a fork of it: a process of its own with
threads, connections and locks of its own, that dies of its own kill -9.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any, Self

from tests.support.app import variables

LONGEST_WAIT = 60.0


class Cradle:
    """Begins lives, one at a time; `program` is ``module:function``, called with the life's plan.

    What the function says by `say` is heard here. Used as a context manager, by one thread.
    """

    def __init__(self, program: str) -> None:
        self._program = program
        self._heard = threading.Condition()
        self._lives: dict[int, Life] = {}
        self._latest: Life | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.cradle", self._program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=variables(),
        )
        assert self._process.stdout is not None
        self._process.stdout.readline()  # all is imported: a life begins at once
        self._listener = threading.Thread(target=self._listen, name="cradle", daemon=True)
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._latest is not None and not self._latest.over:
            self._latest.kill()
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def live(self, plan: dict[str, Any]) -> Life:
        """Begin a life; the one before is over."""
        assert self._latest is None or self._latest.over
        assert self._process.stdin is not None
        life = self._latest = Life(self._heard)
        self._process.stdin.write(json.dumps(plan) + "\n")
        self._process.stdin.flush()
        life.wait_for("pid")
        return life

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._heard:
                if self._latest is not None:
                    self._latest.said.update(json.loads(line))
                self._heard.notify_all()
        with self._heard:
            if self._latest is not None:
                self._latest.said.setdefault("status", "the cradle is gone")
            self._heard.notify_all()


class Life:
    """One process: what it said so far, and its end."""

    def __init__(self, heard: threading.Condition) -> None:
        self._heard = heard
        self.said: dict[str, Any] = {}

    @property
    def over(self) -> bool:
        """Whether the process has ended."""
        return "status" in self.said

    @property
    def exit_code(self) -> int:
        """Of a process that has ended; below zero: the signal that ended it."""
        return -int(self.said["status"])

    @property
    def killed(self) -> bool:
        """Whether it ended by kill -9, its own or ours."""
        return bool(self.said.get("status") == signal.SIGKILL)

    def wait_for(self, word: str) -> bool:
        """Wait until the process said `word`, or ended; False: it ended before that. Raises: TimeoutError."""
        self.wait_until(lambda: word in self.said or self.over)
        return word in self.said

    def wait_until(self, condition: Callable[[], object], seconds: float = LONGEST_WAIT) -> None:
        """Wait for something of which the process says a word. Raises: TimeoutError."""
        with self._heard:
            if not self._heard.wait_for(condition, seconds):
                raise TimeoutError(f"the process said only {self.said}")

    def send(self, number: signal.Signals) -> None:
        """A signal, unless the process has ended."""
        if not self.over:
            os.kill(self.said["pid"], number)

    def kill(self) -> None:
        """kill -9, and wait for the end."""
        self.send(signal.SIGKILL)
        self.wait_for("status")


def say(**words: Any) -> None:
    """In a life: tell the test."""
    # One write of one short line: lines of several threads never mix.
    os.write(1, (json.dumps(words) + "\n").encode())


def _run(program: Callable[[Any], None], plan: dict[str, Any]) -> None:
    """In a life: all of it. One that exits (SystemExit) ends as any Python does, the others at once."""
    try:
        program(plan)
    except SystemExit:
        raise
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    """Begin a life for each line on stdin."""
    import importlib

    module, _, name = sys.argv[1].partition(":")
    program = getattr(importlib.import_module(module), name)
    say(ready=True)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _run(program, json.loads(line))
        say(pid=child)
        _, status = os.waitpid(child, 0)
        say(status=-os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
