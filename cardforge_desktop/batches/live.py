"""What running items show while they run: kept in memory, announced on the hub."""

from __future__ import annotations

import threading

from cardforge_desktop.events import Hub, Progress


class LiveItems:
    """The newest text of each field of each running item. Thread-safe."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._lock = threading.Lock()
        self._fields: dict[str, dict[str, str]] = {}

    def fields(self, item_id: str) -> dict[str, str]:
        """The fields written so far, in the order they came; empty when the item does not run here."""
        with self._lock:
            return dict(self._fields.get(item_id, {}))

    def stage(self, item_id: str, stage: str, fraction: float, *, restarted: bool = False) -> None:
        """The item entered a stage."""
        if restarted:
            self.forget(item_id)
        self._hub.progress.emit(Progress(item_id, stage, fraction=fraction, restarted=restarted))

    def field(self, item_id: str, name: str, text: str, fraction: float) -> None:
        """A field grew."""
        with self._lock:
            self._fields.setdefault(item_id, {})[name] = text
        self._hub.progress.emit(Progress(item_id, "writing", name, text, fraction))

    def forget(self, item_id: str) -> None:
        """The item ended or begins anew."""
        with self._lock:
            self._fields.pop(item_id, None)


class ItemWatcher:
    """The `Watcher` of one generation (generation.model)."""

    def __init__(self, live: LiveItems, item_id: str) -> None:
        self._live = live
        self._item_id = item_id

    def field(self, name: str, text: str, fraction: float) -> None:
        """See `Watcher`."""
        self._live.field(self._item_id, name, text, fraction)

    def stage(self, stage: str, fraction: float) -> None:
        """See `Watcher`."""
        self._live.stage(self._item_id, stage, fraction)
