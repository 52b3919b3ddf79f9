"""Commands that run beside something else: the checks of the source while the tests run."""

import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

from devtools.steps import say


class Beside:
    """Runs commands in `folder`, one after the other, while its maker goes on.

    What a command prints is shown whole when it ends, so that it stands in one piece between the lines of
    whatever else is printed meanwhile.
    """

    def __init__(self, commands: Mapping[str, list[str]], folder: Path) -> None:
        self._commands = commands
        self._folder = folder
        self._codes: dict[str, int] = {}
        # An interruption ends the commands by itself (the terminal tells them too); nothing waits for them.
        self._thread = threading.Thread(target=self._run, name="beside", daemon=True)
        self._thread.start()

    def codes(self) -> dict[str, int]:
        """The exit code of each command by its name, in their order, when all have ended.

        One that could not be started has 127, as in a shell.
        """
        self._thread.join()
        return {name: self._codes.get(name, 127) for name in self._commands}

    def _run(self) -> None:
        for name, command in self._commands.items():
            self._codes[name], printed = self._call(command)
            ending = "FAILED" if self._codes[name] else "ok"
            say(f"\n== {name}: {ending}\n{printed.strip()}".rstrip())

    def _call(self, command: list[str]) -> tuple[int, str]:
        try:
            done = subprocess.run(
                command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                check=False,
            )
        except OSError as error:
            return 127, str(error)
        return done.returncode, done.stdout
