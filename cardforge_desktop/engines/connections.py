"""The user's connections in the store, the built-in one beside them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from sqlmodel import col, select

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.engines.registry import kind_of
from cardforge_desktop.engines.tables import ConnectionRow
from cardforge_desktop.errors import CardForgeError, ErrorCode
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.keychain import Keychain
from cardforge_desktop.store.database import Store

#: Always there, first in every list, cannot be removed.
BUILTIN = Connection(name="Built-in", kind="builtin", max_concurrent=1)
_LONGEST_NAME = 80


class BadConnectionError(CardForgeError):
    """A connection is not as it must be.

    Codes: CONNECTION_NAME, CONNECTION_NAME_TAKEN, CONNECTION_URL, CONNECTION_MODEL, CONNECTION_LIMIT,
    CONNECTION_NOT_FOUND, CONNECTION_BUILTIN; ENGINE_KIND (an `EngineError`) for an unknown kind.
    """


class Connections:
    """Keeps connections; their keys go to the keychain under the connection's name. Thread-safe."""

    def __init__(self, store: Store, hub: Hub, keychain: Keychain) -> None:
        self._store = store
        self._hub = hub
        self._keychain = keychain

    def list(self) -> tuple[Connection, ...]:
        """All connections, the built-in one first, the others by name."""
        with self._store.read() as session:
            rows = session.exec(select(ConnectionRow).order_by(col(ConnectionRow.name_key))).all()
        return (BUILTIN, *(_connection(row) for row in rows))

    def get(self, name: str) -> Connection:
        """The connection of that name, compared without regard to case.

        Raises:
            BadConnectionError: CONNECTION_NOT_FOUND; the message lists those that exist.
        """
        found = self.list()
        for connection in found:
            if connection.name.casefold() == name.strip().casefold():
                return connection
        known = ", ".join(connection.name for connection in found)
        text = f"There is no engine named “{name}”. There are: {known}."
        raise BadConnectionError(ErrorCode.CONNECTION_NOT_FOUND, text, {"name": name})

    def add(self, connection: Connection, key: str | None = None) -> bool:
        """Add a connection and keep its key; False when the key lasts only until the app closes.

        Raises:
            BadConnectionError: it is not valid, or its name is taken.
            EngineError: ENGINE_KIND.
            KeychainError: the keyring refused the key; nothing is added then.
        """
        connection = checked(connection)
        self._refuse_taken(connection.name)
        kept = self._keychain.set(connection.name, key.strip()) if key and key.strip() else True
        with self._store.write() as session:
            # Asked again inside the transaction: another process may have added it in between.
            if session.get(ConnectionRow, connection.name.casefold()) is not None:
                raise _taken(connection.name)
            session.add(_row(connection))
        self._hub.changed.emit(Changed(Kind.CONNECTION, frozenset({connection.name})))
        return kept

    def remove(self, name: str) -> None:
        """Remove a connection and forget its key.

        Raises:
            BadConnectionError: CONNECTION_NOT_FOUND, CONNECTION_BUILTIN.
        """
        connection = self.get(name)
        if connection == BUILTIN:
            text = "The built-in engine is part of CardForge and can't be removed."
            raise BadConnectionError(ErrorCode.CONNECTION_BUILTIN, text)
        self._keychain.delete(connection.name)
        with self._store.write() as session:
            if (row := session.get(ConnectionRow, connection.name.casefold())) is not None:
                session.delete(row)
        self._hub.changed.emit(Changed(Kind.CONNECTION, frozenset({connection.name})))

    def _refuse_taken(self, name: str) -> None:
        if any(known.name.casefold() == name.casefold() for known in self.list()):
            raise _taken(name)


def checked(connection: Connection) -> Connection:
    """The connection with spaces at the ends of its texts removed.

    Raises:
        BadConnectionError: CONNECTION_NAME, CONNECTION_URL, CONNECTION_MODEL or CONNECTION_LIMIT.
        EngineError: ENGINE_KIND.
    """
    found = replace(
        connection,
        name=" ".join(connection.name.split()),
        url=connection.url.strip().rstrip("/"),
        model=connection.model.strip(),
        key_env=connection.key_env.strip(),
    )
    if not found.name or len(found.name) > _LONGEST_NAME or not found.name.isprintable():
        text = f"An engine needs a name of 1 to {_LONGEST_NAME} visible characters."
        raise BadConnectionError(ErrorCode.CONNECTION_NAME, text, {"name": connection.name})
    if found.max_concurrent is not None and found.max_concurrent < 1:
        raise BadConnectionError(
            ErrorCode.CONNECTION_LIMIT, "An engine must take at least one call at a time."
        )
    if kind_of(found.kind).needs_url:
        _check_url(found.url)
        if not found.model:
            raise BadConnectionError(ErrorCode.CONNECTION_MODEL, f"Say which model “{found.name}” is to use.")
    return found


def _check_url(url: str) -> None:
    """Raises: BadConnectionError, CONNECTION_URL."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises on a port that is no number
        # A query or fragment can't be part of a base address, and is a place where keys like to hide.
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
        good = good and not parts.query and not parts.fragment
        secret = parts.username is not None or parts.password is not None
    except ValueError:
        good = secret = False
    if secret:
        text = "An address must not hold a user name or a password: give the key as a key."
        raise BadConnectionError(ErrorCode.CONNECTION_URL, text)
    if not good:
        text = (
            f"“{url}” is no web address. It begins with http:// or https://, as in http://127.0.0.1:1234/v1."
        )
        raise BadConnectionError(ErrorCode.CONNECTION_URL, text, {"url": url.partition("?")[0]})


def _taken(name: str) -> BadConnectionError:
    text = f"There is an engine named “{name}” already. Remove it first, or choose another name."
    return BadConnectionError(ErrorCode.CONNECTION_NAME_TAKEN, text, {"name": name})


def _row(connection: Connection) -> ConnectionRow:
    return ConnectionRow(
        name_key=connection.name.casefold(),
        name=connection.name,
        kind=connection.kind,
        url=connection.url,
        model=connection.model,
        key_env=connection.key_env,
        max_concurrent=connection.max_concurrent,
    )


def _connection(row: ConnectionRow) -> Connection:
    return Connection(row.name, row.kind, row.url, row.model, row.key_env, row.max_concurrent)
