"""Made-up rows and batches of the queue, in every state that a picture is to show."""

# ruff: noqa: E501

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from cardforge_desktop.batches.holds import Hold
from cardforge_desktop.batches.model import (
    BatchOptions,
    BatchStatus,
    BatchSummary,
    Counts,
    ErrorInfo,
    ItemStatus,
    ItemView,
    SourceView,
)

NOW = datetime.now(UTC)
OUTPUT = Path("/home/ana/Documents/CardForge")


def item(number: int, source: str, status: ItemStatus, **more: Any) -> ItemView:
    """A row; everything not said has a sensible value."""
    values: dict[str, Any] = {
        "id": f"item_{number}",
        "batch_id": "batch_1",
        "job_id": f"job_{number}",
        "position": number,
        "source": source,
        "sources": (SourceView(source, Path("/home/ana/Sources") / source),),
        "profile": "Default",
        "profile_version": 1,
        "engine": "Built-in",
        "formats": ("json", "v2", "tavernai"),
        "status": status,
        "stage": "",
        "local": False,
        "estimate_input": 1_900 + 37 * number,
        "estimate_output": 1_180,
        "estimate_cost": Decimal("0.0079"),
    }
    return ItemView(**(values | more))


def files(stem: str) -> tuple[tuple[str, Path], ...]:
    """The three files of a card."""
    ends = {"json": ".json", "v2": "_v2.json", "tavernai": ".png"}
    return tuple((name, OUTPUT / f"{stem}{end}") for name, end in ends.items())


def done(number: int, source: str, name: str, **more: Any) -> ItemView:
    """A finished row."""
    values: dict[str, Any] = {
        "input_tokens": 1_204 + 61 * number,
        "output_tokens": 930,
        "cost": Decimal("0.0044"),
        "card_id": "card_1",
        "card_name": name,
        "files": files(name.replace(" ", "_")),
        "started_at": NOW - timedelta(minutes=9, seconds=-7 * number),
        "finished_at": NOW - timedelta(minutes=8, seconds=11),
    }
    return item(number, source, ItemStatus.COMPLETED, **(values | more))


def failed(number: int, source: str, code: str, message: str, **more: Any) -> ItemView:
    """A failed row."""
    details = more.pop("details", {})
    error = ErrorInfo(message, code, details)
    return item(number, source, ItemStatus.FAILED, error=error, estimate_input=None, attempts=1, **more)


def batch(number: int, name: str, status: BatchStatus, counts: Counts, **more: Any) -> BatchSummary:
    """A line of the history; the higher its number, the longer it is ago."""
    began = NOW - timedelta(minutes=7 * number**3)
    ended = status in (BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED)
    values: dict[str, Any] = {
        "options": BatchOptions(name),
        "created_at": began,
        "updated_at": NOW,
        "started_at": began,
        "finished_at": began + timedelta(minutes=6) if ended else None,
        "rank": -number,
        "cost": Decimal("0.0106") * max(1, counts.completed),
    }
    return BatchSummary(f"batch_{number}", name, status, counts=counts, **(values | more))


def past_batches() -> tuple[BatchSummary, ...]:
    """Batches that ended: well, with failures, badly, cancelled; one name is long."""
    done, failed, off = BatchStatus.COMPLETED, BatchStatus.FAILED, BatchStatus.CANCELLED
    return (
        batch(2, "Harbour town, second draft with long examples", done, Counts(completed=18, failed=2)),
        batch(3, "gannet-crew.docx + 7", done, Counts(completed=8)),
        batch(4, "Wardens", failed, Counts(failed=5), cost=Decimal(0), reason=ErrorInfo("It failed.", "X")),
        batch(5, "ferry.html", off, Counts(completed=1, cancelled=3)),
        batch(6, "lantern-guild.pdf + 39", done, Counts(completed=40), unknown_costs=1),
    )


def busy_batches() -> tuple[BatchSummary, ...]:
    """One that runs, one that is paused, and what was before."""
    counts = Counts(completed=2, failed=1, processing=1, queued=2)
    expected = NOW + timedelta(seconds=200)
    return (
        batch(0, "The drowned market", BatchStatus.PAUSED, Counts(queued=12, completed=4)),
        batch(1, "mirela.md + 5", BatchStatus.PROCESSING, counts, finish_expected=expected),
        *past_batches(),
    )


def refused_batches() -> tuple[BatchSummary, ...]:
    """The one that runs was paused: the engine refuses the key."""
    reason = ErrorInfo(
        "OpenRouter refuses the API key. Enter another one in the settings, then resume the batch.",
        "ENGINE_AUTH",
    )
    _, running, *rest = busy_batches()
    return (replace(running, status=BatchStatus.PAUSED, reason=reason), *rest)


def holds() -> tuple[Hold, ...]:
    """An engine that asked for a pause."""
    error = ErrorInfo("OpenRouter asks for a pause of 90 s (429 Too Many Requests).", "ENGINE_RATE_LIMITED")
    return (Hold("OpenRouter", NOW + timedelta(seconds=4_000), error),)


def busy_rows() -> list[ItemView]:
    """A batch in the middle."""
    return [
        done(1, "mirela.md", "Mirela Voss", engine="OpenRouter"),
        item(2, "gannet-crew.docx", ItemStatus.PROCESSING, stage="writing", engine="OpenRouter"),
        done(3, "lantern-guild.pdf", "Warden Issa", engine="OpenRouter", cost=Decimal("0.0062")),
        failed(
            4,
            "scan-0042.pdf",
            "SOURCE_SCANNED",
            "scan-0042.pdf: its pages are pictures, there is no text in it. Run it through text recognition first.",
            engine="OpenRouter",
        ),
        item(5, "old-tarn.html", ItemStatus.QUEUED, engine="OpenRouter"),
        item(6, "the-drowned-market.md", ItemStatus.QUEUED, local=True),
        item(7, "tide-tables.txt", ItemStatus.DRAFT, local=True, batch_id="batch_new"),
        item(
            8,
            "wardens.docx",
            ItemStatus.DRAFT,
            stage="reading",
            estimate_input=None,
            local=True,
            batch_id="batch_new",
        ),
    ]


def done_rows() -> list[ItemView]:
    """A batch at its end, written by the built-in engine."""
    names = ("Mirela Voss", "Captain Rhea Sollen", "Warden Issa", "Tam of the Low Stair", "The Ferryman")
    sources = ("mirela.md", "gannet-crew.docx", "lantern-guild.pdf", "low-stair.txt", "ferry.html")
    rows = [
        done(at, *pair, local=True, cost=None) for at, pair in enumerate(zip(sources, names, strict=True), 1)
    ]
    rows[2] = replace(
        rows[2], warnings=("The source was longer than the engine's context: its end was left out.",)
    )
    return rows


def done_batches() -> tuple[BatchSummary, ...]:
    """The one of `done_rows` has just ended, and what was before."""
    finished = NOW - timedelta(seconds=20)
    counts = Counts(completed=5)
    done = batch(1, "mirela.md + 4", BatchStatus.COMPLETED, counts, finished_at=finished, cost=Decimal(0))
    return (done, *past_batches())


def error_batches() -> tuple[BatchSummary, ...]:
    """The one of `error_rows`."""
    counts = Counts(failed=5, cancelled=1)
    return (batch(1, "Old Tarn", BatchStatus.FAILED, counts, cost=Decimal("0.021")), *past_batches())


def error_rows() -> list[ItemView]:
    """What can go wrong."""
    raw = '{"name": "Old Tarn", "description": "A town that dr'
    return [
        failed(
            1,
            "scan-0042.pdf",
            "SOURCE_SCANNED",
            "scan-0042.pdf: its pages are pictures, there is no text in it.",
        ),
        failed(
            2,
            "secret.pdf",
            "SOURCE_ENCRYPTED",
            "secret.pdf: it asks for a password. Save a copy without one.",
        ),
        failed(3, "notes.txt", "SOURCE_BINARY", "notes.txt: this is not text, whatever its name says."),
        failed(
            4,
            "old-tarn.html",
            "ANSWER_TRUNCATED",
            "The model's answer was cut off at its token limit, three times. Give the profile's fields more room or "
            "choose a model with a longer answer.",
            details={"raw_answer": raw, "attempts": 3, "max_tokens": 1_200},
            engine="LM Studio",
        ),
        failed(
            5,
            "wardens.docx",
            "ENGINE_UNREACHABLE",
            "LM Studio does not answer at http://127.0.0.1:1234/v1. Is it running?",
        ),
        item(6, "ferry.html", ItemStatus.CANCELLED),
    ]


def long_batches() -> tuple[BatchSummary, ...]:
    """Names that test the layout."""
    names = [row.source for row in long_rows()]
    return tuple(
        batch(at, name, BatchStatus.PROCESSING if at == 1 else BatchStatus.COMPLETED, Counts(2, 1, 1, 1))
        for at, name in enumerate(names, 1)
    )


def many_batches(count: int = 300) -> tuple[BatchSummary, ...]:
    """A history of hundreds, the newest running through thousands of cards."""
    counts = Counts(completed=4_999, queued=4_998, processing=3)
    running = batch(1, "chapter-00001.md + 9999", BatchStatus.PROCESSING, counts)
    some = past_batches()
    return (running, *(replace(some[at % len(some)], id=f"batch_old_{at}") for at in range(1, count)))


def long_rows() -> list[ItemView]:
    """Names that test the layout: long, right to left, without spaces."""
    return [
        done(
            1,
            "The extraordinarily long and winding chronicle of the seventh house of Old Tarn, revised edition (final) v12.docx",
            "Archduchess Wilhelmina Theodora Anastasia von und zu Hohenschwanstein-Löwenburg the Younger",
            engine="My very own workstation under the desk",
            profile="Rich prose with long examples",
        ),
        item(
            2, "المنارة القديمة على شاطئ البحر.md", ItemStatus.PROCESSING, stage="writing", profile="نثر غني"
        ),
        done(3, "灯台守の娘と百年の霧についての長い長い物語.txt", "灯台守の娘・霧島小夜子"),
        failed(
            4,
            "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrikantenverzeichnis.pdf",
            "SOURCE_DAMAGED",
            "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenfabrikantenverzeichnis.pdf: the file ends in the middle of page 3 and cannot be repaired. Save it again from the program that made it.",
        ),
        item(5, "המגדלור הישן.html", ItemStatus.DRAFT, local=True, estimate_input=12_345_678),
    ]


def many_rows(count: int = 10_000) -> list[ItemView]:
    """A queue of thousands."""
    rows = [done(at, f"chapter-{at:05}.md", f"Figure {at}") for at in range(1, count // 2)]
    rows += [item(at, f"chapter-{at:05}.md", ItemStatus.QUEUED) for at in range(count // 2, count + 1)]
    return rows
