"""``cardforge usage``: what was spent, by whom, and what is left of the limits."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from cardforge_desktop.cli.amounts import clock, dollars
from cardforge_desktop.cli.terminal import columns, counted, one_line, print_json, say, shortened
from cardforge_desktop.paths import find_paths

if TYPE_CHECKING:
    from cardforge_desktop.batches.card_costs import TypicalCost
    from cardforge_desktop.costs.days import Period
    from cardforge_desktop.costs.ledger import Spending
    from cardforge_desktop.costs.limits import Standing
    from cardforge_desktop.costs.sums import Grouping
    from cardforge_desktop.workspace import Workspace

_WIDEST_NAME = 44
#: A calendar ends at 9999, and a month where the next one begins.
_LAST_YEAR = 9998
_TITLES = {"model": "MODEL", "profile": "PROFILE", "batch": "BATCH", "engine": "ENGINE"}
_NOBODY = {"profile": "(no stored profile)", "batch": "(outside of batches)"}
_GONE = {"profile": "a profile that is gone", "batch": "a batch that is gone"}
_SCOPES = {"day": "today", "month": "this month"}


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "usage",
        help="what was spent today and this month, and what is left",
        description="Tell what calls of models took: today, this month, and how far the limits are used up. "
        "Days and months begin at midnight of this machine's clock. Every try counts in the period it "
        "began in; what nobody knows the price of is said beside the sum.",
    )
    parser.add_argument(
        "--month",
        nargs="?",
        const=None,
        default=argparse.SUPPRESS,
        type=_month,
        metavar="YYYY-MM",
        help="one month alone: this one, or such as 2026-11",
    )
    parser.add_argument(
        "--by", choices=tuple(_TITLES), help="what each model, profile, batch or engine took in the month"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="print JSON, as the local API answers it")
    how.add_argument(
        "--csv",
        metavar="FILE",
        help="write a line for each call, of all time or of --month (- = standard output); a file of this "
        "name is replaced",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print, or write, what was asked for."""
    from cardforge_desktop.workspace import Workspace

    workspace = Workspace.open(find_paths(), face="command line")
    try:
        if arguments.csv is not None:
            _write_csv(workspace, arguments)
        elif arguments.json and "month" in arguments:
            print_json(workspace.usage.month(arguments.month, arguments.by))
        elif arguments.json:
            print_json(workspace.usage.usage(arguments.by))
        else:
            print(*_lines(workspace, arguments), sep="\n")
    finally:
        workspace.close()
    return 0


def _month(text: str) -> date:
    try:
        first = date.fromisoformat(f"{text}-01")
        if not 1970 <= first.year <= _LAST_YEAR:
            raise ValueError(text)
        return first
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no month such as 2026-11") from error


def _write_csv(workspace: Workspace, arguments: argparse.Namespace) -> None:
    from cardforge_desktop.costs.days import ALWAYS

    period = _period(workspace, arguments) if "month" in arguments else ALWAYS
    if arguments.csv == "-":
        for text in workspace.ledger_csv.lines(period):
            print(text.replace("\r\n", "\n"), end="")  # also where standard output is closed
        return
    path = Path(arguments.csv)
    written = workspace.ledger_csv.write(path, period)
    say(f"Wrote {counted(written or 0, 'call')} to {path}.")


def _period(workspace: Workspace, arguments: argparse.Namespace) -> Period:
    chosen: date | None = getattr(arguments, "month", None)
    return workspace.spendings.this_month() if chosen is None else workspace.spendings.month_at(chosen)


# Text


def _lines(workspace: Workspace, arguments: argparse.Namespace) -> Iterator[str]:
    period, today = _period(workspace, arguments), workspace.spendings.this_day()
    rows = [(f"{period.start.astimezone():%Y-%m}", *_cells(workspace, period))]
    if "month" not in arguments:
        rows = [("Today", *_cells(workspace, today)), ("This month", *_cells(workspace, period))]
    yield from columns(rows, right=frozenset({1, 2}))
    yield from _card_lines(workspace.card_costs.median(period))
    if "month" not in arguments:
        yield from limit_lines(workspace.limits.standings())
    if arguments.by is not None:
        yield ""
        yield from _table(workspace, arguments.by, period)


def _cells(workspace: Workspace, period: Period) -> tuple[str, str, str]:
    from cardforge_desktop.costs.sums import sum_of

    whole = sum_of(workspace.spendings.by("model", period))
    spent = whole.spending
    tokens = spent.input_tokens + spent.output_tokens
    return counted(spent.calls, "call"), counted(tokens, "token"), cost_text(spent, free=whole.free)


def cost_text(spent: Spending, *, free: bool = False) -> str:
    """``$1.32``, ``$1.32 + 3 calls of unknown price``, ``unknown``, ``free``."""
    if free:
        return "free"
    if not spent.unknown_calls:
        return dollars(spent.cost)
    if spent.unknown_calls == spent.calls:
        return "unknown"
    return f"{dollars(spent.cost)} + {counted(spent.unknown_calls, 'call')} of unknown price"


def _card_lines(typical: TypicalCost) -> Iterator[str]:
    if not (typical.cards or typical.unknown):
        return
    beside = [f"{typical.free:,} free"] if typical.free else []
    beside += [f"{typical.unknown:,} of unknown price"] if typical.unknown else []
    more = f"; beside them {', '.join(beside)}" if beside else ""
    cost = "unknown" if typical.cost is None else dollars(typical.cost)
    yield f"A finished card: {cost} (median of {counted(typical.cards, 'card')}{more})"


def limit_lines(standings: Iterable[Standing]) -> Iterator[str]:
    """A line for each limit, or one that says that there is none."""
    rows = [_limit_cells(standing) for standing in standings]
    if rows:
        yield from columns(rows)
    else:
        yield "No limit is set (cardforge limits --help)."


def _limit_cells(standing: Standing) -> tuple[str, ...]:
    def told(amount: Decimal) -> str:
        return f"{int(amount):,} tokens" if standing.unit == "tokens" else dollars(amount)

    reserved = f", {told(standing.held)} reserved for calls on their way" if standing.held else ""
    end = standing.period.end
    resets = "" if end is None else f", resets {clock(end)}"
    return (
        f"Limit {_SCOPES.get(standing.scope, 'of the batch')}: {told(standing.limit)}",
        f"{told(standing.used)} used{reserved}, {told(standing.left)} left{resets}",
    )


def _table(workspace: Workspace, by: Grouping, period: Period) -> list[str]:
    groups = workspace.spendings.by(by, period)
    keys = [group.key for group in groups]
    names = workspace.group_names.of(by, keys)
    if by == "profile":
        names |= {key: f"{names[key]} (deleted)" for key in workspace.group_names.deleted(keys)}
    is_model, has_id = by == "model", by in _NOBODY
    heads = [_TITLES[by], *(["ENGINE"] if is_model else []), "CALLS", "INPUT", "OUTPUT", "COST"]
    rows = [(*heads, "ID") if has_id else tuple(heads)]
    for group in groups:
        name = names.get(group.key) or (_GONE[by] if group.key else _NOBODY.get(by, ""))
        spent = group.spending
        numbers = (f"{each:,}" for each in (spent.calls, spent.input_tokens, spent.output_tokens))
        place = (_short(group.engine),) if is_model else ()
        row = (_short(name), *place, *numbers, cost_text(spent, free=group.free))
        rows.append((*row, group.key) if has_id else row)
    first = 2 if is_model else 1
    return columns(rows, right=frozenset(range(first, first + 3)))


def _short(name: str) -> str:
    return shortened(one_line(name), _WIDEST_NAME)
