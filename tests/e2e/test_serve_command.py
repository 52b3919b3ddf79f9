"""``cardforge serve`` as a process of its own."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
from pathlib import Path

import httpx

from tests.support.app import cardforge, command, variables


def test_it_tells_its_address_answers_and_ends_at_ctrl_c(tmp_path: Path) -> None:
    serving = subprocess.Popen(
        command("serve", "--port", "0", "--json"),
        cwd=tmp_path,
        env=variables(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert serving.stdout is not None
    told = "".join(serving.stdout.readline() for _ in range(3))
    address = json.loads(told)["address"]
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


def test_a_port_that_is_taken_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = cardforge("serve", "--port", str(port), cwd=tmp_path)
    assert ended.returncode == 2
    assert f"Port {port} can't be listened on" in ended.stderr
