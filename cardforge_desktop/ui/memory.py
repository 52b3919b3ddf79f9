"""What the window remembers between starts, in an ini file beside the store (never the registry)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings


class Memory(QObject):
    """Geometry, splitters, columns, the last panel, the theme. Small, read before the first paint."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._settings = QSettings(str(folder / "window.ini"), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        """The text kept under `key`."""
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default

    def state(self, key: str) -> QByteArray | None:
        """A geometry or a layout kept under `key`."""
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else None

    def keep(self, key: str, value: str | QByteArray) -> None:
        """Remember `value`; written to the file by `save` or by Qt in idle time."""
        self._settings.setValue(key, value)

    def save(self) -> None:
        """Write the file now."""
        self._settings.sync()
