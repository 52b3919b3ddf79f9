"""The engines at hand: one live engine per connection, all on the network thread."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

from cardforge_desktop.engines.base import Connection, Engine, Health, Traits
from cardforge_desktop.engines.connections import Connections
from cardforge_desktop.engines.network import Network
from cardforge_desktop.engines.registry import build_engine
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.keychain import Keychain
from cardforge_desktop.settings import Preferences


class Engines:
    """Connections and the engines behind them. Thread-safe. Methods may block: never on the window's thread.

    A live engine is made at its first use and thrown away when its connection or the setting behind it
    changes; a generation that has it in hand goes on with the old one.
    """

    def __init__(
        self,
        connections: Connections,
        network: Network,
        keychain: Keychain,
        preferences: Preferences,
        hub: Hub,
    ) -> None:
        self._connections = connections
        self._network = network
        self._keychain = keychain
        self._preferences = preferences
        self._lock = threading.Lock()
        self._known: tuple[Connection, ...] | None = None  # read once, until a connection or setting changes
        self._live: dict[str, tuple[Connection, Engine]] = {}
        self._hub = hub
        hub.changed.connect(self._on_changed)

    def connections(self) -> tuple[Connection, ...]:
        """All of them, the built-in one first."""
        known = self._known
        if known is None:
            known = tuple(self._resolved(connection) for connection in self._connections.list())
            self._known = known
        return known

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
        self._connections.remove(name)

    def get(self, name: str) -> Engine:
        """The live engine of a connection.

        Raises:
            CardForgeError: there is no connection of that name.
        """
        connection = self._find(name)
        with self._lock:
            known = self._live.get(connection.name)
            if known is not None and known[0] == connection:
                return known[1]
            engine = build_engine(connection, lambda: self._key(connection))
            self._live[connection.name] = (connection, engine)
        if known is not None:
            self._network.run(known[1].close())
        return engine

    def traits(self, name: str) -> Traits:
        """What is known of an engine's abilities now."""
        return self.get(name).traits

    def label(self, name: str) -> str:
        """The engine as screens name it."""
        return f"{name} (offline, draft quality)" if self.traits(name).draft else name

    def check(self, name: str) -> Health:
        """Whether the engine answers now; takes up to some seconds."""
        return self._network.run(self.get(name).check())

    def close(self) -> None:
        """Close every live engine (child processes end)."""
        self._hub.changed.disconnect(self._on_changed)
        with self._lock:
            live, self._live = self._live, {}
        for _, engine in live.values():
            self._network.run(engine.close())

    def _find(self, name: str) -> Connection:
        """A known connection, or one that another process added meanwhile."""
        for connection in self.connections():
            if connection.name.casefold() == name.strip().casefold():
                return connection
        return self._resolved(self._connections.get(name))

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

    def _on_changed(self, changed: Changed) -> None:
        """Drop live engines of connections that are gone; changed ones are noticed by `get`."""
        if changed.kind not in (Kind.CONNECTION, Kind.SETTING):
            return
        self._known = None
        names = {connection.name for connection in self.connections()}
        with self._lock:
            gone = [self._live.pop(name)[1] for name in list(self._live) if name not in names]
        for engine in gone:
            self._network.run(engine.close())
