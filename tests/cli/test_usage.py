"""`cardforge usage`, `limits` and `prices`, called in this process on a real store."""

import csv
import io
import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlmodel import col, update

from cardforge_desktop.costs.ledger import Call as ModelCall
from cardforge_desktop.costs.ledger import Held, Outcome
from cardforge_desktop.engines.base import Connection, Usage
from cardforge_desktop.profiles.tables import ProfileRow
from cardforge_desktop.workspace import Workspace
from tests.cli.conftest import Call
from tests.support.app import ROOT, open_workspace
from tests.support.filled_store import START, Filling, fill
from tests.support.ledger import make
from tests.support.profiles import add_profile

_URL = "https://models.example/v1"


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _spend(workspace: Workspace) -> str:
    """Calls of today of a profile that is gone, and of a batch of long ago; that batch's id."""
    workspace.engines.add(Connection("Cloud", "openai", _URL, "own-7b"), None)
    add_profile(workspace, "Gone soon")
    profile = workspace.profiles.by_name("Gone soon")
    call = ModelCall("", "", "w", 1, "card", "d", "Cloud", "own-7b", _URL, local=False, profile_id=profile.id)
    make(workspace.costs, call, Outcome("completed", Usage(1_000, 500, cost=Decimal("0.25"))))
    make(workspace.costs, call, Outcome("failed"))
    with workspace._store.write() as session:
        gone = {"deleted_at": datetime.now(UTC)}
        session.execute(update(ProfileRow).where(col(ProfileRow.id) == profile.id).values(**gone))
    (batch,) = fill(workspace._store, Filling(items=2, mark="old", price=Decimal("1.5")))
    return batch


def test_usage_is_told_by_whom_you_like(call: Call, tmp_path: Path) -> None:
    told = call("usage")
    assert (told.code, told.err) == (0, "")
    assert "No limit is set" in told.out
    with open_workspace() as workspace:
        batch = _spend(workspace)
    lines = call("usage", "--by", "profile").out.splitlines()
    assert re.match(r"Today +2 calls +1,500 tokens  \$0.2500 \+ 1 call of unknown price", lines[0])
    assert "Today" not in call("usage", "--month").out
    (table,) = (line for line in lines if line.startswith("Gone soon"))
    assert table.split()[2:8] == ["(deleted)", "2", "1,000", "500", "$0.2500", "+"]
    old = call("usage", "--month", f"{START:%Y-%m}", "--by", "batch").out
    assert re.search(rf"keeper-of-the-lamp-00001\.md \+ 1 +2 +1,820 +2,400  \$3\.00 .*{batch}", old)
    assert "A finished card: $1.50 (median of 2 cards)" in old

    report = json.loads(call("usage", "--json", "--by", "engine").out)
    assert report["usage"]["today"]["by_engine"][0]["cost_exact"] == "0.25"
    assert report["pricing"]["own-7b"]["per_1k_tokens"] is None
    own = json.loads(call("usage", "--month", f"{START:%Y-%m}", "--by", "batch", "--json").out)["usage"][
        "month"
    ]
    assert {"id": batch, "cost": 3.0, "requests_count": 2}.items() <= own["by_batch"][0].items()
    assert list(json.loads(call("usage", "--month", "--json").out)["usage"]) == ["current_month"]

    written = call("usage", "--csv", "calls.csv")
    assert written.err == "Wrote 4 calls to calls.csv.\n"
    in_file = _rows((tmp_path / "calls.csv").read_text("utf-8-sig"))
    piped = _rows(call("usage", "--csv", "-", "--month", f"{START:%Y-%m}").out)
    assert [row["cost"] for row in in_file][:2] == ["1.5", "1.5"]
    assert {row["batch_id"] for row in piped} >= {batch}

    wrong = {("--month", "2026-13"): "2026-13", ("--csv", "a", "--json"): "not allowed"}
    wrong |= {("--month", month): "is no month" for month in ("0001-01", "9999-12")}
    wrong[("--csv", "no/such/folder/a.csv")] = "no/such/folder"
    for words, said in wrong.items():
        ended = call("usage", *words)
        assert (ended.code, said in ended.err) == (2, True), words


def test_limits_and_prices_are_set_and_taken_away(call: Call) -> None:
    with open_workspace() as workspace:
        _spend(workspace)
        mine = workspace._presence.worker_id
        on_its_way = ModelCall("", "", mine, 1, "card", "d", "Cloud", "own-7b", _URL, local=False)
        workspace.costs.begin(on_its_way, Held(300, Decimal("0.5")))
        told = call("limits", "--day-tokens", "10k", "--day-cost", "$2,50", "--month-cost", "1,000").out
    assert "Limit today: 10,000 tokens" in told
    assert "300 tokens reserved for calls on their way" in told
    report = json.loads(call("limits", "--day-cost", "none", "--json").out)
    assert (report["daily_limit"]["tokens"], report["daily_cost_limit"]) == (10_000, None)
    assert (report["monthly_cost_limit"]["cost"], report["monthly_limit"]) == (1_000, None)
    assert report["daily_limit"]["remaining"] == 10_000 - 1_500 - 300, "lost by now"
    ended = call("limits", "--month-tokens", "many")
    assert (ended.code, "'many' is no number of tokens" in ended.err) == (2, True)
    assert call("limits", "--day-cost", "9999999").code == 2

    assert re.search(r"own-7b +Cloud +unknown", call("prices").out)
    ended = call("prices", "set", "own-7b", "--input", "0.5", "--output", "1", "--cached", "0.1")
    assert (ended.code, ended.out) == (0, "")
    assert re.search(r"own-7b +Cloud +0.5 +1 +0.1 +0.5  yours", call("prices", "list").out)
    told = call("prices", "list", "--json").out
    assert json.loads(told)["pricing"]["own-7b"]["per_1k_tokens"] == 0.0005
    assert call("prices", "forget", "own-7b", "--engine", "cloud").code == 0
    assert call("prices", "forget", "own-7b", "--engine", "cloud").code == 1, "there is none any more"
    for words, said in (
        (["set", "other", "--input", "1", "--output", "1"], "--engine"),
        (["set", "x", "--engine", "Built-in", "--input", "1", "--output", "1"], "free"),
        (["set", "x", "--engine", "Nowhere", "--input", "1", "--output", "1"], "Nowhere"),
        (["set", " ", "--engine", "Cloud", "--input", "1", "--output", "1"], "is no name of a model"),
        (["set", "\udcff", "--engine", "Cloud", "--input", "1", "--output", "1"], "is no name of a model"),
        (["set", "own-7b", "--input", "much", "--output", "1"], "'much' is no amount"),
        (["set", "own-7b", "--input", "999999", "--output", "1"], "no price for a million"),
    ):
        ended = call("prices", *words)
        assert (ended.code, said in ended.err) == (2, True), words


def test_every_option_of_prices_is_documented(call: Call) -> None:
    page = (ROOT / "docs" / "costs.md").read_text("utf-8").split("```")[1]
    for action in ("list", "set", "forget", "update"):
        (line,) = re.findall(rf"^cardforge prices \[?{action}\b.*$", page, re.MULTILINE)
        there = re.findall(r"--[a-z-]+", call("prices", action, "--help").out.split("options:")[1])
        assert set(re.findall(r"--[a-z-]+", line)) == set(there) - {"--help"}


def test_what_local_engines_alone_did_is_free(call: Call) -> None:
    assert re.match(r"Today +0 calls +0 tokens +\$0\.00\n", call("usage").out)
    with open_workspace() as workspace:
        local = ModelCall("", "", "w", 1, "card", "d", "Mine", "small", "", local=True)
        make(workspace.costs, local, Outcome("completed", Usage(10, 5)))
    today, month = call("usage").out.splitlines()[:2]
    assert re.match(r"Today +1 call +15 tokens +free$", today)
    assert re.match(r"This month +1 call +15 tokens +free$", month)
