"""API keys: in the operating system's keyring, or in memory for this session. Nowhere else."""

from __future__ import annotations

import threading

from cardforge_desktop.errors import CardForgeError, ErrorCode

SERVICE = "CardForge Desktop"


class KeychainError(CardForgeError):
    """The keyring refused. Codes: KEYRING_LOCKED (it is there but said no)."""


class Keychain:
    """Keys by the name of their connection. Thread-safe.

    On a machine without a keyring (no Secret Service, a container) keys live in memory until the app
    closes; an obfuscated file would only look safe.
    """

    def __init__(self) -> None:
        self._session: dict[str, str] = {}
        self._lock = threading.Lock()

    def backend(self) -> str | None:
        """The keyring's name for people, None when this machine has none."""
        import keyring
        from keyring.backends.fail import Keyring as NoKeyring

        found = keyring.get_keyring()
        if isinstance(found, NoKeyring) or not found.priority > 0:
            return None
        return str(found.name)

    def get(self, name: str) -> str | None:
        """The key of a connection, None when there is none or the keyring is closed."""
        with self._lock:
            if name in self._session:
                return self._session[name]
        if self.backend() is None:
            return None
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(SERVICE, name)
        except KeyringError as error:
            raise _locked(error) from error

    def set(self, name: str, key: str) -> bool:
        """Keep a key. True = in the keyring, False = only until the app closes.

        Raises:
            KeychainError: the keyring is there but refused.
        """
        if self.backend() is None:
            with self._lock:
                self._session[name] = key
            return False
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, name, key)
        except KeyringError as error:
            raise _locked(error) from error
        return True

    def delete(self, name: str) -> None:
        """Forget a key; nothing happens when there is none."""
        with self._lock:
            self._session.pop(name, None)
        if self.backend() is None:
            return
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(SERVICE, name)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise _locked(error) from error


def _locked(error: Exception) -> KeychainError:
    # The cause's text comes from the keyring and never holds the key.
    return KeychainError(
        ErrorCode.KEYRING_LOCKED,
        "The system's keyring refused to answer. Unlock it and try again.",
        {"cause": type(error).__name__},
    )
