"""Which engine a card is made with: the one a person chose, else its profile's, else the app's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cardforge_desktop.engines.base import Engine
from cardforge_desktop.engines.roster import Engines
from cardforge_desktop.profiles.model import Profile, ProfileConfig


def own_engine(config: ProfileConfig, names: Iterable[str]) -> str:
    """The engine a profile asks for, by its name among those that there are; "" = none of them."""
    wanted = config.engine.strip().casefold()
    return next((name for name in names if name.casefold() == wanted), "")


def own_engines(profiles: Iterable[Profile], names: Sequence[str]) -> dict[str, str]:
    """Name of a profile → the engine it asks for, of those profiles whose engine there is."""
    found = {each.name: own_engine(each.config, names) for each in profiles}
    return {name: engine for name, engine in found.items() if engine}


def engine_for(engines: Engines, config: ProfileConfig, chosen: str, usual: str) -> Engine:
    """The live engine, with the model that the profile asks for there.

    Args:
        chosen: by a person for this card, "" = as the profile says.
        usual: the one that is chosen in the app, for profiles that say nothing or name one that is gone.

    Raises:
        CardForgeError: there is no engine of that name.
    """
    name = chosen or own_engine(config, (known.name for known in engines.connections())) or usual
    return engines.get(name, config.model_at(name))
