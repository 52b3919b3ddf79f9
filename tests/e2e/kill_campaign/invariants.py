"""What must hold after every death, and at the end: told from the server's log and the files on the disk.

Our own tables are held against those, never the other way round.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.e2e.kill_campaign.sources import Work
from tests.e2e.kill_campaign.traces import (
    FILES_OF_A_CARD,
    Stored,
    cards_in,
    empty_files,
    temporary_files,
)
from tests.support.scripted_server import Exchange

#: Of one answered call, US dollars.
PRICE = Decimal("0.001")
_ENDED = {"completed", "failed", "cancelled"}
_REFUSED = {"ENGINE_SERVER", "ENGINE_RATE_LIMITED"}


class Invariants:
    """Remembers what was seen after each death of one round, and compares."""

    def __init__(self, work: Work, out: Path, usual: Mapping[str, Sequence[str]]) -> None:
        """`usual`: for each way, what an undisturbed item asks for (`normal`), in order."""
        self._work = work
        self._usual = usual
        self._out = out
        self._files: dict[Path, str] = {}  # → sha256
        self._completed: set[str] = set()
        self._whole_before: list[set[str]] = []  # for each life: items whose files were all there before it

    def life_begins(self) -> None:
        """To be called before each life."""
        self._whole_before.append({name for name, files in self._sets().items() if files == FILES_OF_A_CARD})

    def after_death(self, lives: Sequence[Sequence[Exchange]], stored: Stored | None) -> None:
        """Check everything. `lives`: the calls of each life so far."""
        self._check_files()
        self._check_calls(lives)
        if stored is not None:
            self._check_store(stored, lives)

    def at_the_end(self, lives: Sequence[Sequence[Exchange]], stored: Stored | None) -> None:
        """Everything is made, once, and nothing is left lying about."""
        self.after_death(lives, stored)
        assert stored is not None
        assert self._sets() == Counter(dict.fromkeys(self._work.items, FILES_OF_A_CARD))
        assert temporary_files(self._out) == []
        assert empty_files(self._out) == []
        assert {item["status"] for item in stored.items} == {"completed"}
        assert {batch["status"] for batch in stored.batches} == {"completed"}
        assert stored.cards == len(stored.items) == len(self._work.items)
        assert all(call["status"] != "sent" for call in stored.calls)
        assert not any(call["kept"] for call in stored.calls), "answers of finished items take room"
        for item in stored.items:
            calls = [call for call in stored.calls if call["item_id"] == item["id"]]
            answered = [call for call in calls if call["status"] == "completed"]
            assert Decimal(item["cost"]) == PRICE * len(answered)
            # Nothing is charged for what the server refused; of what was lost or cut off nobody knows.
            unknown = [each for each in calls if each not in answered and each["error_code"] not in _REFUSED]
            assert item["unknown_calls"] == len(unknown), f"shown as of unknown cost, of {calls}"

    def _sets(self) -> Counter[str]:
        return Counter(self._work.item_of(card) for _, card in cards_in(self._out).values())

    def _check_files(self) -> None:
        found = cards_in(self._out)
        for path, sha256 in self._files.items():
            assert path in found, f"{path.name} has disappeared"
            assert found[path][0] == sha256, f"{path.name} has changed"
        self._files = {path: sha256 for path, (sha256, _) in found.items()}
        kinds = Counter((self._work.item_of(card), _kind(path)) for path, (_, card) in found.items())
        twice = [key for key, count in kinds.items() if count > 1]
        assert not twice, f"made twice: {twice}"

    def _check_calls(self, lives: Sequence[Sequence[Exchange]]) -> None:
        """Each item asks for what an undisturbed one does, in that order: an answer that was stored is never
        asked for again, only the call in which the process died, once for each death.
        """
        places: dict[str, set[int]] = defaultdict(lambda: {0})
        for number, life in enumerate(lives):
            begun: set[str] = set()
            for exchange in life:
                item = self._work.item_of(exchange.body)
                assert item not in self._whole_before[number], f"{item} was finished before this life"
                usual, asked = self._usual[self._work.way_of(item)], normal(exchange)
                found = {place for place in places[item] if usual[place : place + 1] == [asked]}
                if item not in begun:  # perhaps that of the last life once more
                    found |= {place - 1 for place in places[item] if place and usual[place - 1] == asked}
                assert found, (
                    f"{item}: call {exchange.number} in life {number} was answered before, or is odd"
                )
                refused = exchange.outcome not in ("answer", "disconnected")
                places[item] = found if refused else {place + 1 for place in found}
                begun.add(item)

    def _check_store(self, stored: Stored, lives: Sequence[Sequence[Exchange]]) -> None:
        assert stored.sound
        self._check_states(stored)
        self._check_ledger(stored, lives)

    def _check_states(self, stored: Stored) -> None:
        names = [item["first"] for item in stored.items]
        assert len(names) == len(set(names)), "a source was put in twice"
        workers = {item["worker_id"] for item in stored.items if item["status"] == "processing"}
        assert len(workers) <= 1, "items are in hand of a process that died before"
        completed = {item["id"] for item in stored.items if item["status"] == "completed"}
        assert completed >= self._completed, "finished work has disappeared"
        self._completed = completed
        assert stored.cards == sum(1 for item in stored.items if item["card_id"])
        for item in stored.items:
            assert item["status"] not in {"failed", "cancelled", "draft"}, item
            if item["status"] == "completed":
                assert item["card_id"] is not None
                assert self._sets()[self._work.item_of(_marker(item))] == FILES_OF_A_CARD
        for batch in stored.batches:
            states = {item["status"] for item in stored.items if item["batch_id"] == batch["id"]}
            assert (states <= _ENDED) == (batch["status"] in _ENDED), f"{batch['name']}: {states}"

    def _check_ledger(self, stored: Stored, lives: Sequence[Sequence[Exchange]]) -> None:
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        name_of = {item["id"]: self._work.item_of(_marker(item)) for item in stored.items}
        for call in stored.calls:
            rows[name_of[call["item_id"]]].append(call)
        sent = Counter(self._work.item_of(one.body) for life in lives for one in life)
        for item, count in sent.items():
            assert len(rows[item]) >= count, f"{item}: {count} calls, {len(rows[item])} rows in the ledger"
        workers = {call["worker_id"] for call in stored.calls if call["status"] == "sent"}
        assert len(workers) <= 1, "calls of a process that died before are still under way"
        answered = Counter(
            (call["item_id"], call["run"], call["step"], call["digest"])
            for call in stored.calls
            if call["status"] == "completed"
        )
        assert not [key for key, count in answered.items() if count > 1], "a stored answer was paid for again"
        ended = [call for call in stored.calls if call["status"] != "sent"]
        assert stored.sums == (
            len(ended),
            sum((call["input_tokens"] or 0) + (call["output_tokens"] or 0) for call in ended),
            sum(call["cost"] or 0 for call in ended),
            sum(call["held_tokens"] for call in ended if call["input_tokens"] is None),
        ), "every total is the sum of the calls"
        for call in stored.calls:
            if call["status"] == "lost":
                assert call["held_tokens"], "what it may have taken counts against the limits"
                assert call["cost"] is None, "what a lost call cost is not known"
                assert call["price_source"] == "unknown"


def normal(exchange: Exchange) -> str:
    """What a call asks for, without the numbers that tell items apart."""
    return re.sub(r"\d+", "#", json.dumps(exchange.body))


def _kind(path: Path) -> str:
    """Which format a file has, by its name without its number: ``tessa_1795704218_v2_3.json`` → v2.json."""
    stem = path.stem.split("_")
    format_name = stem[-2] if len(stem) > 3 and len(stem[-1]) < 5 and stem[-1].isdigit() else stem[-1]
    return path.suffix if path.suffix == ".png" else format_name


def _marker(item: dict[str, Any]) -> str:
    return f"Marrow{int(item['first'].removesuffix('.md').rpartition('-')[2])}"
