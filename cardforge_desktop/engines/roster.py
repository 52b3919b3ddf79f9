"""The engines at hand: one live engine per connection and model, all on the network thread."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

from cardforge_desktop.engines.base import Connection, Engine, EngineError, Health, Traits
from cardforge_desktop.engines.connections import BUILTIN, Connections
from cardforge_desktop.engines.network import Network
from cardforge_desktop.engines.registry import build_engine
from cardforge_desktop.keychain import Keychain
from cardforge_desktop.settings import Preferences


class Engines:
    """Connections and the engines behind them. Thread-safe. Methods may block: never on the window's thread.

    A live engine is made at its first use, and another one when its connection or the setting behind it
    changes; a generation that has the old one in hand goes on with it.
    """

    def __init__(
        self,
        connections: Connections,
        network: Network,
        keychain: Keychain,
        preferences: Preferences,
    ) -> None:
        self._connections = connections
        self._network = network
        self._keychain = keychain
        self._preferences = preferences
        self._lock = threading.Lock()
        self._live: dict[tuple[str, str], tuple[Connection, Engine]] = {}  # by name, and model asked for
        self._retired: list[Engine] = []  # a generation may still have it in hand: closed at the end

    def connections(self) -> tuple[Connection, ...]:
        """All of them, the built-in one first."""
        return tuple(self._resolved(connection) for connection in self._connections.list())

    def add(self, connection: Connection, key: str | None) -> bool:
        """Add a connection, its key to the keyring; False when the key lasts only until the app closes.

        Raises:
            CardForgeError: the connection is not valid, its name is taken, or the keyring refused.
        """
        return self._connections.add(connection, key)

    def remove(self, name: str) -> None:
        """Remove a connection and its key.

        Raises:
            CardForgeError: there is none of that name, or it is the built-in one.
        """
        connection = self._connections.get(name)
        self._connections.remove(name)
        with self._lock:
            for key in [key for key in self._live if key[0] == connection.name]:
                self._retired.append(self._live.pop(key)[1])

    def get(self, name: str, model: str = "") -> Engine:
        """The live engine of a connection.

        Args:
            model: asked for instead of the connection's own; "" = that one. The built-in engine knows none
                but its file.

        Raises:
            CardForgeError: there is no connection of that name.
        """
        connection = self._resolved(self._connections.get(name))
        if model == connection.model or connection.kind == BUILTIN.kind:
            model = ""
        key = (connection.name, model)
        if model:
            connection = replace(connection, model=model)
        with self._lock:
            known = self._live.get(key)
            if known is not None and known[0] == connection:
                return known[1]
            engine = build_engine(connection, lambda: self._key(connection))
            self._live[key] = (connection, engine)
            if known is not None:
                self._retired.append(known[1])
        return engine

    def traits(self, name: str) -> Traits:
        """What is known of an engine's abilities now; asks the store only at its first use."""
        with self._lock:
            known = self._live.get((name, ""))
        return (self.get(name) if known is None else known[1]).traits

    def label(self, name: str) -> str:
        """The engine as screens name it; one of a kind that this version does not know has just its name."""
        try:
            draft = self.traits(name).draft
        except EngineError:
            return name
        return f"{name} (offline, draft quality)" if draft else name

    def check(self, name: str) -> Health:
        """Whether the engine answers now; takes up to some seconds."""
        return self._network.run(self.get(name).check())

    def close(self) -> None:
        """Close every live engine (child processes end)."""
        with self._lock:
            engines = [*self._retired, *(engine for _, engine in self._live.values())]
            self._retired, self._live = [], {}
        for engine in engines:
            self._network.run(engine.close())

    def _resolved(self, connection: Connection) -> Connection:
        """The built-in connection runs the model that the settings name."""
        if connection.kind == "builtin" and not connection.model:
            return replace(connection, model=self._preferences.get().builtin_model)
        return connection

    def _key(self, connection: Connection) -> str | None:
        """The key at the moment of a call: the named environment variable, else the keyring."""
        if connection.key_env and (key := os.environ.get(connection.key_env)):
            return key
        return self._keychain.get(connection.name)
