"""``cardforge generate --estimate``: what cards would take, and what with each engine; nothing is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cardforge_desktop.cli.amounts import expected_dollars
from cardforge_desktop.cli.terminal import columns, counted, one_line, print_json, say, shortened
from cardforge_desktop.errors import CardForgeError

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from cardforge_desktop.batches.finding import NewSource
    from cardforge_desktop.batches.model import Options
    from cardforge_desktop.batches.preparing import Expected, Way
    from cardforge_desktop.workspace import Workspace

_WIDEST_NAME = 44


def print_estimate(
    workspace: Workspace,
    paths: Sequence[Path],
    options: Options,
    chosen: tuple[Sequence[str], Sequence[str]],
    *,
    together: bool,
    as_json: bool,
) -> int:
    """Read the sources, count, and print; 0, or 1 when some can't be read.

    Args:
        chosen: profiles and engines by name; none = as in `Queue.submit`.

    Raises:
        CardForgeError: an unknown profile or engine, or nothing that can be read.
    """
    found, failed = _read(workspace, paths, options)
    items = [found] if together and found else [(source,) for source in found]
    profiles, engines = chosen
    wanted = workspace.preparing.estimation(options, profiles, engines)
    sums = [
        (profile, wanted.engines[way], wanted.models[way], expected)
        for way, expected in wanted.of(items).items()
        for profile in way[:1]
    ]
    names = [each.name for each in workspace.engines.connections()]
    others = workspace.preparing.estimation(options, profiles, names)
    with_each = _by_engine(others.of(items), others.models)
    if as_json:
        print_json(
            {
                "sources": len(found),
                "cards": sum(expected.cards for *_, expected in sums),
                "estimates": [_json(*each) for each in sums],
                "by_engine": [_json("", engine, model, each) for engine, model, each in with_each],
            }
        )
    else:
        _print_tables(sums, with_each)
    return int(bool(failed))


def _read(workspace: Workspace, paths: Sequence[Path], options: Options) -> tuple[tuple[NewSource, ...], int]:
    """The sources whose texts are in the store, and how many can't be read."""
    preparing, read, failed = workspace.preparing, [], 0
    sources = preparing.find(paths, lambda note: say(f"cardforge: {one_line(note)}"))
    if not paths and options.update is not None:
        sources = (preparing.own_source(options.update),)
    engine = options.engine or workspace.settings.get().engine
    for source in sources:
        try:
            read.append(preparing.read(source, engine).source)
        except CardForgeError as error:
            say(f"cardforge: {one_line(error.message)}")
            failed += 1
    return tuple(read), failed


def _by_engine(sums: Mapping[Way, Expected], models: Mapping[Way, str]) -> list[tuple[str, str, Expected]]:
    """All profiles' cards with each engine: its name, its models, and what it takes; the cheapest first."""
    found = []
    for engine in dict.fromkeys(engine for _, engine in sums):
        ways = [way for way in sums if way[1] == engine]
        parts = [sums[way] for way in ways]
        names = ", ".join(filter(None, dict.fromkeys(models[way] for way in ways)))
        found.append((engine, names, sum(parts[1:], parts[0])))
    return sorted(found, key=lambda each: (each[2].rank, each[0].casefold()))


def _print_tables(
    sums: Sequence[tuple[str, str, str, Expected]], with_each: Sequence[tuple[str, str, Expected]]
) -> None:
    print(*columns([("PROFILE", *_HEAD), *(_row(*each) for each in sums)], _RIGHT), sep="\n")
    print("\nThe same with")
    rows = [_row("", *each)[1:] for each in with_each]
    print(*columns([_HEAD, *rows], frozenset(at - 1 for at in _RIGHT)), sep="\n")
    if any(expected.unproven for *_, expected in sums):
        say("“Up to” is by the profile's limits; after ten such calls it is known better.")


_HEAD = ("ENGINE", "MODEL", "CARDS", "TOKENS IN", "TOKENS OUT", "COST")
_RIGHT = frozenset(range(3, 7))


def _row(profile: str, engine: str, model: str, expected: Expected) -> tuple[str, ...]:
    written = f"{expected.output_low:,}–{expected.output_high:,}"
    return (
        *(shortened(one_line(name), _WIDEST_NAME) for name in (profile, engine, model)),
        f"{expected.cards:,}",
        f"{expected.input_tokens:,}",
        f"up to {expected.output_high:,}" if expected.unproven else written,
        _cost(expected),
    )


def _cost(expected: Expected) -> str:
    if expected.local:
        return "free"
    if expected.unpriced == expected.cards:
        return "unknown"
    low = None if expected.unproven else expected.cost_low
    told = expected_dollars(low, expected.cost_high)
    return f"{told} and {counted(expected.unpriced, 'card')} of unknown price" if expected.unpriced else told


def _json(profile: str, engine: str, model: str, expected: Expected) -> dict[str, Any]:
    """Numbers as they are; null for what is not known: a lower end without history, a price."""
    is_proven, is_priced = not expected.unproven, not expected.unpriced
    return {
        "profile": profile or None,
        "engine": engine or None,
        "model": model or None,
        "cards": expected.cards,
        "input_tokens": expected.input_tokens,
        "output_tokens_low": expected.output_low if is_proven else None,
        "output_tokens_high": expected.output_high,
        **_cost_json("cost_low", expected.cost_low if is_proven and is_priced else None),
        **_cost_json("cost_high", expected.cost_high if is_priced else None),
        "cards_of_unknown_price": expected.unpriced,
        "free": expected.local,
    }


def _cost_json(name: str, amount: Decimal | None) -> dict[str, Any]:
    exact = None if amount is None else f"{amount.normalize():f}"
    return {name: None if amount is None else float(amount), f"{name}_exact": exact}
