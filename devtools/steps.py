"""Telling the user what goes on, and running one installer at a time."""

import os
import shutil
import subprocess
import sys
from collections import deque

# What the words of pip and uv mean for the one who reads them; the first that fits is said.
ADVICE = (
    (("No space left", "Errno 28", "os error 28"), "The disk is full: free some space and try again."),
    (
        ("CERTIFICATE_VERIFY_FAILED", "invalid peer certificate", "SSLError"),
        "The connection is not trusted. Behind a company proxy, name its certificate file in PIP_CERT and "
        "SSL_CERT_FILE and try again.",
    ),
    (
        (
            "name resolution",
            "getaddrinfo",
            "NewConnectionError",
            "ConnectTimeout",
            "Connection refused",
            "ProxyError",
            "error sending request",
            "dns error",
            "Failed to fetch",
            "timed out",
            "Read timeout",
        ),
        "The package index did not answer: check the network (or HTTPS_PROXY) and try again. What was "
        "downloaded is kept.",
    ),
    (
        ("DO NOT MATCH THE HASHES", "Hash mismatch"),
        "A downloaded file is not the one that was locked: a mirror or proxy may have changed it. Empty "
        "the cache (pip cache purge, uv cache clean) and try again, if need be in another network.",
    ),
    (
        ("No matching distribution", "no wheels with a matching", "has no usable wheels", "Wheels are"),
        "Either the package index did not answer (check the network), or it has no prebuilt package for "
        "this system. CardForge runs on Linux with glibc 2.34 (x86-64) or "
        "2.39 (arm64) and later, macOS 13 and later, and Windows with an x86-64 Python.",
    ),
    (("Permission denied", "os error 13", "Access is denied"), "No right to write here: see who owns .venv."),
)


class SetupError(Exception):
    """Something the user has to know or do; its text says what."""


def advice_for(output: str) -> str:
    """What to do about a failed installation, told from what the installer printed."""
    return next((words for signs, words in ADVICE if any(sign in output for sign in signs)), "")


def say(words: str) -> None:
    """Tell the user what goes on."""
    print(words, flush=True)


def run_step(command: list[str], doing: str, without: tuple[str, ...] = ()) -> None:
    """Run an installer, showing its last line on a terminal; `without`: environment variables to hide.

    Raises:
        SetupError: it failed; with its last lines and what to do.
    """
    hidden = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", *without)
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    lines: deque[str] = deque(maxlen=200)
    width = shutil.get_terminal_size().columns - 3 if sys.stdout.isatty() else 0
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=environment,
    ) as process:
        for line in process.stdout or ():
            lines.append(line.rstrip())
            if width:
                print(f"\r\033[K  {lines[-1].strip()[:width]}", end="", flush=True)
    if width:
        print("\r\033[K", end="", flush=True)
    if process.returncode != 0:
        shown = "\n".join(f"    {line}" for line in list(lines)[-12:])
        raise SetupError(f"{doing} failed:\n{shown}\n{advice_for(chr(10).join(lines))}".rstrip())
