"""Keys: in the keyring when there is one, else in memory only."""

from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError

from cardforge_desktop.keychain import SERVICE, Keychain, KeychainError


class MemoryKeyring(KeyringBackend):
    """A keyring backend as the library defines them, that remembers in this process."""

    priority = 5  # type: ignore[assignment]
    name = "memory"

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError

    def _check(self) -> None:
        if self.locked:
            raise KeyringLocked("sk-do-not-show")


@pytest.fixture
def memory() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_a_key_lives_in_the_keyring(memory: MemoryKeyring) -> None:
    keychain = Keychain()
    assert keychain.set("Cloud", "sk-1") is True
    assert memory.kept == {(SERVICE, "Cloud"): "sk-1"}
    assert Keychain().get("Cloud") == "sk-1"
    keychain.delete("Cloud")
    keychain.delete("Cloud")
    assert keychain.get("Cloud") is None


def test_without_a_keyring_a_key_lives_in_memory_only() -> None:
    keychain = Keychain()
    assert keychain.backend() is None
    assert keychain.set("Cloud", "sk-1") is False
    assert keychain.get("Cloud") == "sk-1"
    assert Keychain().get("Cloud") is None
    keychain.delete("Cloud")
    assert keychain.get("Cloud") is None


def test_a_locked_keyring_says_so_without_the_key(memory: MemoryKeyring) -> None:
    memory.locked = True
    for action in (
        lambda: Keychain().get("Cloud"),
        lambda: Keychain().set("Cloud", "sk-do-not-show"),
        lambda: Keychain().delete("Cloud"),
    ):
        with pytest.raises(KeychainError) as raised:
            action()
        assert raised.value.code == "KEYRING_LOCKED"
        assert "sk-do-not-show" not in f"{raised.value} {raised.value.details}"
