"""``cardforge prices``: what models cost, prices of one's own, and a newer price list."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from cardforge_desktop.cli.terminal import columns, one_line, print_json, say, shortened
from cardforge_desktop.paths import find_paths

if TYPE_CHECKING:
    from cardforge_desktop.costs.prices import Price, Priceable
    from cardforge_desktop.workspace import Workspace

_WIDEST_NAME = 44
_NOTHING_DONE = 1
_MODEL = "the model's name, as the engine is asked for it"


def add_command(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its sub-commands."""
    parser = commands.add_parser(
        "prices",
        help="what models cost; prices of one's own; newer ones",
        description="What models cost. A figure that the provider sends with its answer wins over all, then "
        "a price of your own, then the list of the genai-prices project that ships with CardForge. "
        "Local engines are free. What nobody knows stays unknown.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, as the local API answers it")
    parser.set_defaults(run=_running(_list))
    actions = parser.add_subparsers(metavar="ACTION")
    listing = actions.add_parser("list", help="each model that is set up or was asked, and its price")
    listing.add_argument("--json", action="store_true", help="print JSON, as the local API answers it")
    listing.set_defaults(run=_running(_list))
    setting = actions.add_parser("set", help="say what a model costs, in US dollars for a million tokens")
    _name(setting)
    for name, needed, told in (
        ("input", True, "of input"),
        ("output", True, "of output"),
        ("cached", False, "of input that the provider still has (default: as --input)"),
        ("cache-write", False, "of input that the provider keeps (default: as --input)"),
    ):
        setting.add_argument(f"--{name}", required=needed, type=_dollars, metavar="DOLLARS", help=told)
    setting.set_defaults(run=_running(_set))
    forgetting = actions.add_parser("forget", help="go by the price list again")
    _name(forgetting)
    forgetting.set_defaults(run=_running(_forget))
    updating = actions.add_parser("update", help="fetch the newest price list; sends nothing")
    updating.set_defaults(run=_running(_update))


def _name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", type=_model, help=_MODEL)
    parser.add_argument(
        "--engine", metavar="NAME", help="where it is asked (default: the one engine that has this model)"
    )


def _model(text: str) -> str:
    # Bytes that are no text come as halves of characters, which the store can't keep.
    if not text.strip() or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise argparse.ArgumentTypeError(f"{text!r} is no name of a model")
    return text


def _dollars(text: str) -> Decimal:
    from cardforge_desktop.costs.amounts import read_dollars

    try:
        return read_dollars(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no amount of US dollars such as 0.15") from error


def _running(
    action: Callable[[Workspace, argparse.Namespace], int],
) -> Callable[[argparse.Namespace], int]:
    def run(arguments: argparse.Namespace) -> int:
        from cardforge_desktop.workspace import Workspace

        workspace = Workspace.open(find_paths(), face="command line")
        try:
            return action(workspace, arguments)
        finally:
            workspace.close()

    return run


def _list(workspace: Workspace, arguments: argparse.Namespace) -> int:
    """Print a line for each model."""
    if arguments.json:
        print_json(workspace.usage.pricing())
        return 0
    print(*_table(workspace.prices.known(workspace.usage.models())), sep="\n")
    day = workspace.prices.list_day
    say(f"US dollars for a million tokens. The price list is that of the genai-prices project, of {day}.")
    return 0


def _table(known: Iterable[tuple[Priceable, Price | None]]) -> list[str]:
    rows: list[tuple[str, ...]] = [("MODEL", "ENGINE", "INPUT", "OUTPUT", "CACHED", "CACHE WRITE", "FROM")]
    for of, price in known:
        names = (shortened(one_line(name), _WIDEST_NAME) for name in (of.model, of.engine))
        if of.local:
            rows.append((*names, "free", "free", "free", "free", "this machine"))
        elif price is None:
            rows.append((*names, "unknown", "unknown", "unknown", "unknown", ""))
        else:
            rates = (price.input, price.output, price.cached, price.cache_write)
            rows.append((*names, *(f"{rate.normalize():f}" for rate in rates), price.source))
    return columns(rows, right=frozenset(range(2, 6)))


def _set(workspace: Workspace, arguments: argparse.Namespace) -> int:
    """Keep a price of one's own."""
    from cardforge_desktop.costs.prices import Price

    engine = _engine(workspace, arguments)
    plain: Decimal = arguments.input
    cached, written = arguments.cached, arguments.cache_write
    price = Price(
        plain,
        arguments.output,
        plain if cached is None else cached,
        plain if written is None else written,
        "yours",
    )
    workspace.prices.set_own(engine, arguments.model, price)
    say(f"{arguments.model} at “{engine}” costs what you said, from now on.")
    return 0


def _forget(workspace: Workspace, arguments: argparse.Namespace) -> int:
    """Forget a price of one's own."""
    engine = _engine(workspace, arguments)
    if (engine, arguments.model) not in workspace.prices.own():
        say(f"{arguments.model} at “{engine}” has no price of your own.")
        return _NOTHING_DONE
    workspace.prices.forget_own(engine, arguments.model)
    say(f"For {arguments.model} at “{engine}” the price list counts again.")
    return 0


def _update(workspace: Workspace, _arguments: argparse.Namespace) -> int:
    """Fetch the newest list."""
    say(f"The price list is of {workspace.prices.fetch()} now.")
    return 0


def _engine(workspace: Workspace, arguments: argparse.Namespace) -> str:
    """The name of the engine that is meant, as it is kept.

    Raises:
        CardForgeError: there is none, several have this model, or it is free.
    """
    from cardforge_desktop.costs.errors import PriceError
    from cardforge_desktop.errors import ErrorCode

    models = workspace.usage.models()
    if arguments.engine is None:
        found = {of.engine for of in models if of.model == arguments.model}
        if len(found) != 1:
            has = f"{len(found)} engines have" if found else "No engine that is known has"
            told = f"{has} a model “{arguments.model}”. Say with --engine which one is meant."
            raise PriceError(ErrorCode.PRICE_INVALID, told, {"model": arguments.model})
        (name,) = found
    else:
        wanted = arguments.engine.strip().casefold()
        same = [of.engine for of in models if of.engine.casefold() == wanted]
        name = same[0] if same else workspace.engines.get(arguments.engine).connection.name
    if any(of.local and of.engine == name for of in models):
        told = f"“{name}” runs on this machine: its calls are free."
        raise PriceError(ErrorCode.PRICE_INVALID, told, {"model": arguments.model})
    return name
