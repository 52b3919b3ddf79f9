"""Usage, limits and prices over HTTP, as the specification's section 6.1 has them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import httpx

from cardforge_desktop.costs.ledger import Call, Held, Outcome
from cardforge_desktop.costs.limits import DAY, MONTH, Limit
from cardforge_desktop.costs.prices import Price
from cardforge_desktop.engines.base import Connection, Usage
from cardforge_desktop.workspace import Workspace
from tests.support.app import ROOT
from tests.support.ledger import make
from tests.support.profiles import add_profile

OPENAI = "https://api.openai.com/v1"
_PAGE = (ROOT / "docs" / "local-api.md").read_text("utf-8").partition("## Usage")[2]


def keys_of(report: Any) -> set[str]:
    """The keys of a report at every depth, but for names of models and engines."""
    if not isinstance(report, dict):
        return set()
    found = set(report)
    for key, value in report.items():
        inner = value.values() if key in ("by_model", "pricing", "engines") and value else [value]
        found |= {name for each in inner for name in keys_of(each)}
    return found


def test_usage_limits_and_prices(api: httpx.Client, workspace: Workspace) -> None:
    for name, url in (("Cloud", OPENAI), ("Mine", "https://models.example/v1")):
        workspace.engines.add(Connection(name, "openai", url, "gpt-4o-mini"), None)
    add_profile(workspace, "Large", engine="cloud", model="gpt-4o")
    empty = api.get("/api/v2/user/usage").json()
    assert empty["usage"]["daily_limit"] is None
    assert (empty["usage"]["today"]["total_cost"], empty["usage"]["today"]["by_model"]) == (0, {})

    cloud = Call("", "", "worker", 1, "card", "d", "Cloud", "gpt-4o-mini", OPENAI, local=False)
    make(workspace.costs, cloud, Outcome("completed", Usage(1_000, 500)))
    mine = Call("", "", "worker", 1, "card", "d", "Mine", "own-7b", "", local=False)
    make(workspace.costs, mine, Outcome("completed", Usage(100, 10)))
    make(workspace.costs, mine, Outcome("failed"))
    workspace.limits.set(DAY, Limit(tokens=10_000, cost=Decimal("1.5")))
    workspace.limits.set(MONTH, Limit(cost=Decimal(20)))
    workspace.prices.set_own("Mine", "gpt-4o-mini", Price(*map(Decimal, "1002"), source="yours"))
    workspace.costs.begin(cloud, Held(2_000, Decimal("0.25")))

    answer = api.get("/api/v2/user/usage")
    assert answer.headers["cache-control"] == "no-store"
    told = answer.json()
    usage, pricing = told["usage"], told["pricing"]
    month = usage["current_month"]
    # 1,000 × $0.15 + 500 × $0.60 for a million; nobody knows what own-7b costs.
    assert (month["total_cost"], month["total_cost_exact"]) == (0.00045, "0.00045")
    assert (month["tokens_used"], month["requests_count"], month["unknown_cost_requests"]) == (1_610, 3, 2)
    assert usage["today"] | {"starts_at": "", "ends_at": ""} == month | {"starts_at": "", "ends_at": ""}
    assert month["by_model"]["own-7b"]["cost"] is None, "unknown is not 0"
    assert month["by_model"]["gpt-4o-mini"]["tokens"] == 1_500
    daily = usage["daily_limit"]
    assert (daily["tokens"], daily["remaining"], daily["reserved"]) == (10_000, 6_390, 2_000)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", daily["resets_at"])
    assert usage["daily_cost_limit"]["remaining"] == 1.24955
    assert (usage["monthly_limit"], usage["monthly_cost_limit"]["cost"]) == (None, 20)

    assert (pricing["own-7b"]["per_1k_tokens"], pricing["own-7b"]["source"]) == (None, None)
    mini = pricing["gpt-4o-mini"]
    assert mini["engines"]["Cloud"]["per_1k_tokens"] == 0.00015
    assert mini["engines"]["Cloud"]["per_1k_output_tokens"] == 0.0006
    assert mini["engines"]["Cloud"]["per_1k_cached_tokens"] == 0.000075
    assert (mini["per_1k_tokens"], mini["source"]) == (0.001, "yours"), "the highest of its engines"
    assert list(pricing["gpt-4o"]["engines"]) == ["Cloud"], "a profile asks for it"
    (builtin,) = (model for model in pricing.values() if "Built-in" in model["engines"])
    assert builtin["per_1k_tokens"] == 0

    assert api.get("/api/v2/user/usage/current-month").json() == {"usage": {"current_month": month}}
    prices = api.get("/api/v2/models/pricing").json()
    assert prices == {"pricing": pricing, "price_list": told["price_list"]}

    keys = keys_of(told)
    assert keys <= set(re.findall(r"[`\"](\w+)[`\"]", _PAGE)), "docs/local-api.md tells every field"
