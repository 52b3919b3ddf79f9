"""Connections in a real store, keys in a keychain without a keyring."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardforge_desktop.engines.base import Connection
from cardforge_desktop.engines.connections import BUILTIN, BadConnectionError, Connections
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.events import Changed, Hub, Kind
from cardforge_desktop.keychain import Keychain
from cardforge_desktop.store.database import Store
from cardforge_desktop.store.migrate import migrate

LOCAL = Connection("LM Studio", "openai", "http://127.0.0.1:1234/v1", "qwen", max_concurrent=2)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "cardforge.db")
    migrate(store)
    yield store
    store.close()


@pytest.fixture
def keychain() -> Keychain:
    return Keychain()


@pytest.fixture
def heard() -> list[Changed]:
    return []


@pytest.fixture
def connections(store: Store, keychain: Keychain, heard: list[Changed]) -> Connections:
    hub = Hub()
    hub.changed.connect(heard.append)
    return Connections(store, hub, keychain)


def test_the_built_in_engine_is_always_there(connections: Connections) -> None:
    assert connections.list() == (BUILTIN,)
    assert connections.get(" built-in ") == BUILTIN
    with pytest.raises(BadConnectionError) as caught:
        connections.remove("BUILT-IN")
    assert caught.value.code == "CONNECTION_BUILTIN"


def test_added_connections_come_back_as_they_were(
    connections: Connections, heard: list[Changed], store: Store, keychain: Keychain
) -> None:
    other = Connection("a second", "openai", "https://api.example.org/v1", "gpt", key_env="MY_KEY")
    connections.add(LOCAL)
    connections.add(other)
    assert connections.list() == (BUILTIN, other, LOCAL)
    assert Connections(store, Hub(), keychain).get("lm studio") == LOCAL
    assert heard == [
        Changed(Kind.CONNECTION, frozenset({"LM Studio"})),
        Changed(Kind.CONNECTION, frozenset({"a second"})),
    ]


def test_spaces_around_are_no_part_of_a_connection(connections: Connections) -> None:
    connections.add(Connection("  Two   words ", "openai", " http://h:1/v1/ ", " m "))
    assert connections.list()[1] == Connection("Two words", "openai", "http://h:1/v1", "m")


@pytest.mark.parametrize("name", ["lm studio", "LM STUDIO", "built-in", "Mühle"])
def test_a_name_is_taken_without_regard_to_case(connections: Connections, name: str) -> None:
    connections.add(LOCAL)
    connections.add(Connection("MÜHLE", "openai", "http://h/v1", "m"))
    before = connections.list()
    with pytest.raises(BadConnectionError) as caught:
        connections.add(Connection(name, "openai", "http://h/v1", "m"), "sk-other")
    assert caught.value.code == "CONNECTION_NAME_TAKEN"
    assert connections.list() == before


@pytest.mark.parametrize(
    ("connection", "code"),
    [
        (Connection(" ", "openai", "http://h/v1", "m"), "CONNECTION_NAME"),
        (Connection("x" * 81, "openai", "http://h/v1", "m"), "CONNECTION_NAME"),
        (Connection("a\x1bb", "openai", "http://h/v1", "m"), "CONNECTION_NAME"),
        (Connection("x", "openai", "h/v1", "m"), "CONNECTION_URL"),
        (Connection("x", "openai", "ftp://h/v1", "m"), "CONNECTION_URL"),
        (Connection("x", "openai", "http://", "m"), "CONNECTION_URL"),
        (Connection("x", "openai", "http://h:port/v1", "m"), "CONNECTION_URL"),
        (Connection("x", "openai", "https://me:sk-secret@h/v1", "m"), "CONNECTION_URL"),
        (Connection("x", "openai", "http://h/v1", " "), "CONNECTION_MODEL"),
        (Connection("x", "openai", "http://h/v1", "m", max_concurrent=0), "CONNECTION_LIMIT"),
        (Connection("x", "telepathy", "http://h/v1", "m"), "ENGINE_KIND"),
    ],
)
def test_what_cannot_work_is_refused(
    connections: Connections, heard: list[Changed], connection: Connection, code: str
) -> None:
    with pytest.raises(CardForgeError) as caught:
        connections.add(connection, "sk-key")
    assert caught.value.code == code
    assert "secret" not in caught.value.message
    assert connections.list() == (BUILTIN,)
    assert heard == []


def test_a_key_lives_and_goes_with_its_connection(
    connections: Connections, keychain: Keychain, store: Store, heard: list[Changed]
) -> None:
    kept = connections.add(LOCAL, " sk-key ")
    assert not kept, "this machine has no keyring: the key lasts for the session"
    assert keychain.get("LM Studio") == "sk-key"
    assert b"sk-key" not in store.path.read_bytes()
    connections.remove("lm studio")
    assert keychain.get("LM Studio") is None
    assert connections.list() == (BUILTIN,)
    assert len(heard) == 2


def test_an_unknown_name_lists_the_known_ones(connections: Connections) -> None:
    with pytest.raises(BadConnectionError, match="Built-in") as caught:
        connections.remove("nobody")
    assert caught.value.code == "CONNECTION_NOT_FOUND"
