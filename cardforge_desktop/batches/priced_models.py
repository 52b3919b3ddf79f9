"""The models that people want to know prices of: those that are set up, and those that were asked."""

from __future__ import annotations

from collections.abc import Iterable

from cardforge_desktop.costs.prices import Priceable
from cardforge_desktop.costs.sums import Spendings
from cardforge_desktop.engines.base import EngineError
from cardforge_desktop.engines.roster import Engines
from cardforge_desktop.profiles.model import ProfileConfig


def priced_models(
    engines: Engines, spendings: Spendings, configs: Iterable[ProfileConfig] = ()
) -> tuple[Priceable, ...]:
    """Each model at each engine once, sorted by engine and model.

    Args:
        configs: of profiles, which may ask for a model of their own.

    Of engines that are gone the address is not known any more: only a price of one's own is.
    """
    found: dict[tuple[str, str], Priceable] = {}
    addresses, wanted = {}, tuple(configs)
    for connection in engines.connections():
        try:
            is_local = engines.traits(connection.name).local
        except EngineError:  # of a kind that this version does not know
            continue
        addresses[connection.name] = connection.url
        own = {config.model_at(connection.name) for config in wanted} - {""}
        for model in {connection.model or connection.name} | own:
            found[connection.name, model] = Priceable(connection.name, model, connection.url, is_local)
    for group in spendings.by("model"):
        key = (group.engine, group.key)
        found.setdefault(key, Priceable(*key, addresses.get(group.engine, ""), group.free))
    return tuple(found[key] for key in sorted(found))
