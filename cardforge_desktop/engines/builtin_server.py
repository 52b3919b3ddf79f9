"""The built-in engine's own process: llama.cpp and its loopback server. Run with ``python -m``.

Standard input: one line of JSON (what `builtin_child` sends), then nothing; its end means that the app is
gone, and this process with it. Standard output: one line of JSON, ``{"url": …}`` or ``{"error": …}``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any, BinaryIO


def _die_with_parent(parent: BinaryIO) -> None:
    """The system closes the pipe however the app ends, kill -9 too."""
    while parent.read(4096):
        pass
    os._exit(0)


def _start_server(order: dict[str, Any]) -> Any:
    """The running server; keep it, it ends with its last reference."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = order["model"]
    params.model_alias = {order["name"]}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [order["key"]]
    params.n_ctx = order["context"]
    params.n_parallel = 1
    params.cpuparams.n_threads = order["threads"]
    params.cpuparams_batch.n_threads = order["threads"]
    params.n_threads_http = 4
    params.cache_ram_mib = 0  # one prompt is kept in its slot; a store of old ones would double the memory
    params.ui = False
    params.verbosity = -1
    return xllamacpp.Server(params)


def main() -> None:
    """Serve until standard input ends."""
    # The terminal's Ctrl-C goes to the whole group; the app decides when this process ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = json.loads(sys.stdin.buffer.readline())
    parent = threading.Thread(target=_die_with_parent, args=(sys.stdin.buffer,), daemon=True)
    parent.start()
    # Whatever llama.cpp prints must not pass for the answer.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    try:
        server = _start_server(order)
        answer = {"url": server.listening_address}
    except ImportError as error:
        answer = {"error": "missing", "reason": str(error)}
    except RuntimeError as error:
        answer = {"error": "model", "reason": str(error)}
    answers.write(json.dumps(answer) + "\n")
    answers.flush()
    if "url" in answer:
        parent.join()


if __name__ == "__main__":
    main()
