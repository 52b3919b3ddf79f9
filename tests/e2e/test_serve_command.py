"""``cardforge serve`` as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import subprocess
from pathlib import Path

import httpx

from cardforge_desktop.paths import find_paths
from tests.support.app import cardforge, command, variables


def serve(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """A server, and its address."""
    serving = subprocess.Popen(
        command("serve", "--port", "0", "--json"),
        cwd=folder,
        env=variables(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    told = "".join(serving.stdout.readline() for _ in range(3))
    return serving, json.loads(told)["address"]


def test_it_tells_its_address_answers_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    serving, address = serve(tmp_path)
    listed = httpx.get(f"{address}/api/v2/profiles", trust_env=False).json()["profiles"]
    assert "Default" in [profile["name"] for profile in listed]
    tag = httpx.get(f"{address}/api/v2/profiles/profile_default", trust_env=False).headers["etag"]
    edited = cardforge("profiles", "edit", "Default", "--set", "description=Elsewhere.", cwd=tmp_path)
    assert edited.returncode == 0, edited.stderr
    refused = httpx.put(
        f"{address}/api/v2/profiles/profile_default",
        json={"description": "Here."},
        headers={"If-Match": tag},
        trust_env=False,
    )
    assert refused.status_code == 412
    assert refused.json()["updated_by"].endswith(", command line")
    serving.send_signal(signal.SIGINT)
    _, errors = serving.communicate(timeout=60)
    assert (serving.returncode, errors) == (0, "")


def test_a_write_goes_on_to_its_end_however_often_it_is_interrupted(tmp_path: Path) -> None:
    serving, address = serve(tmp_path)
    store = sqlite3.connect(find_paths().data / "cardforge.db", isolation_level=None)
    store.execute("BEGIN IMMEDIATE")
    body = b'{"description": "Here."}'
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as client:
        client.sendall(
            b"PUT /api/v2/profiles/profile_default HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-Match: *\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        httpx.get(f"{address}/api/v2/profiles", trust_env=False)  # by now the write waits for the store
        for _ in range(2):
            serving.send_signal(signal.SIGINT)
    store.execute("COMMIT")
    store.close()
    _, errors = serving.communicate(timeout=60)
    assert (serving.returncode, errors) == (0, "")
    shown = cardforge("profiles", "show", "Default", "--json", cwd=tmp_path)
    assert json.loads(shown.stdout)["description"] == "Here."


def test_a_client_that_does_not_speak_http_is_not_told_of(tmp_path: Path) -> None:
    serving, address = serve(tmp_path)
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2]))) as client:
        client.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        assert b"400" in client.recv(100)
    serving.send_signal(signal.SIGINT)
    _, errors = serving.communicate(timeout=60)
    assert (serving.returncode, errors) == (0, "")


def test_a_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = cardforge("serve", "--port", str(port), cwd=tmp_path)
    assert ended.returncode == 2
    assert f"Port {port} can't be listened on" in ended.stderr
