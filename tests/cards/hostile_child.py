"""Reads each file of the command line in its own process and prints what that took, a line of JSON each."""

import json
import os
import resource
import signal
import sys
from pathlib import Path

from cardforge_desktop.cards.formats import read_path
from cardforge_desktop.cards.formats.headers import read_header
from cardforge_desktop.errors import CardForgeError

ADDRESSES = 2 * 1024**3  # bytes: a reader without bounds fails the test, not the machine
SECONDS = 60


def main() -> None:
    """Read them all."""
    for name in sys.argv[1:]:
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
            signal.alarm(SECONDS)
            os.write(write, what_happens(Path(name)).encode())
            os._exit(0)
        os.close(write)
        _, status, usage = os.wait4(child, 0)
        unit = 1 if sys.platform == "darwin" else 1024
        report = {"name": Path(name).name, "said": os.read(read, 4000).decode(), "status": status}
        report |= {"bytes": usage.ru_maxrss * unit, "seconds": usage.ru_utime + usage.ru_stime}
        sys.stdout.write(json.dumps(report) + "\n")
        sys.stdout.flush()


def what_happens(path: Path) -> str:
    """The code of the error and its sentence; or the name of the card."""
    read_header(path)
    try:
        return f"read: {read_path(path).package.card.name}"
    except CardForgeError as error:
        return f"{error.code}: {error.message}"


if __name__ == "__main__":
    main()
