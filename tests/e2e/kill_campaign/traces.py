"""What a killed process left: its store as it was at that moment, its files, the server's log."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cardforge_desktop.store.migrate import NEWEST
from tests.cards.readers import as_sillytavern
from tests.support.scripted_server import Exchange

#: Of each card: json, v2, tavernai.
FILES_OF_A_CARD = 3
#: What a process may be in the midst of, as far as its traces tell; in a long campaign each is hit.
PHASES = (
    "opening",
    "submitting",
    "reading",
    "calling",
    "streaming",
    "storing an answer",
    "saving",
    "writing files",
    "noting files",
)


_SUMS = """
SELECT coalesce(sum(calls), 0), coalesce(sum(input_tokens + output_tokens), 0), coalesce(sum(cost), 0),
  coalesce(sum(held_tokens), 0) FROM call_sum
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """Rows of a store, read from a copy, so that the next start has to recover the original by itself.

    Attributes:
        sums: calls, tokens, cost and tokens perhaps used, as the store keeps them added up.
    """

    items: list[dict[str, Any]]
    batches: list[dict[str, Any]]
    calls: list[dict[str, Any]]
    sums: tuple[int, int, int, int]
    cards: int
    sound: bool


def read_store(store: Path, copies: Path) -> Stored | None:
    """The rows; None when the process died before all its tables were made."""
    shutil.rmtree(copies, ignore_errors=True)
    copies.mkdir()
    for path in (store, store.with_name(store.name + "-wal")):
        if path.exists():
            shutil.copy(path, copies / path.name)
    with closing(sqlite3.connect(copies / store.name)) as connection:
        connection.row_factory = sqlite3.Row
        if not _is_whole(connection):
            return None

        def rows(sql: str) -> list[dict[str, Any]]:
            return [dict(row) for row in connection.execute(sql)]

        checks = [
            *connection.execute("PRAGMA integrity_check"),
            *connection.execute("PRAGMA foreign_key_check"),
        ]
        return Stored(
            items=rows(
                "SELECT item.*, item_source.name AS first "
                "FROM item JOIN item_source ON item_id = item.id AND place = 1"
            ),
            batches=rows("SELECT * FROM batch WHERE status != 'draft'"),
            calls=rows("SELECT *, answer IS NOT NULL AS kept FROM call"),
            sums=tuple(connection.execute(_SUMS).fetchone()),
            cards=connection.execute("SELECT count(*) FROM card").fetchone()[0],
            sound=[tuple(row) for row in checks] == [("ok",)],
        )


def _is_whole(connection: sqlite3.Connection) -> bool:
    """Whether all migrations were made."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchall():
        return False
    return [tuple(row) for row in connection.execute("SELECT version_num FROM alembic_version")] == [
        (NEWEST,)
    ]


def cards_in(folder: Path) -> dict[Path, tuple[str, dict[str, Any]]]:
    """Each file with its sha256 and the card in it; fails at a broken one.

    Temporary files are left out, and empty ones: names that were taken where there are no hard links.
    """
    found = {}
    for path in sorted(folder.glob("[!.]*")):
        data = path.read_bytes()
        if not data:
            continue
        card = as_sillytavern(data) if path.suffix == ".png" else json.loads(data)
        assert card["data"]["name"].strip(), f"{path.name} is a card without a name"
        found[path] = (hashlib.sha256(data).hexdigest(), card)
    return found


def temporary_files(folder: Path) -> list[str]:
    """The names of files that are half written."""
    return [path.name for path in folder.glob(".cardforge-*")]


def empty_files(folder: Path) -> list[str]:
    """The names that were taken and not filled."""
    return [path.name for path in folder.glob("*") if not path.stat().st_size]


def phases(
    said: Sequence[str], stored: Stored | None, exchanges: Sequence[Exchange], temporary: Sequence[str]
) -> set[str]:
    """In what the process was when it died: one of `PHASES` for each thing that was going on, or ``waiting``.

    Args:
        exchanges: those of its life.
    """
    if "open" not in said or stored is None:
        return {"opening"}
    if "submitted" not in said:
        return {"submitting"}
    broken = [one for one in exchanges if one.outcome == "disconnected"]
    found = {"streaming" if one.pieces else "calling" for one in broken}
    sent = {call["item_id"] for call in stored.calls if call["status"] == "sent"}
    if len(sent) > len(broken):
        found.add("storing an answer")
    called = {(call["item_id"], call["worker_id"]) for call in stored.calls}
    for item in stored.items:
        if item["status"] != "processing":
            continue
        if item["card_id"] is None and item["id"] not in sent:
            found.add("saving" if (item["id"], item["worker_id"]) in called else "reading")
        elif item["card_id"] is not None:
            mark = item["id"].replace("_", "")
            found.add("writing files" if any(mark in name for name in temporary) else "noting files")
    return found or {"waiting"}
