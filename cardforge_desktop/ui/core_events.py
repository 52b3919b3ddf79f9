"""The bridge over which the core's events reach the window's thread, a few times a second."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

if TYPE_CHECKING:
    from cardforge_desktop.events import Changed, Hub, Kind, Progress

#: Shortest time between two deliveries: at most 20 repaints a second.
INTERVAL_MS = 50


class CoreEvents(QObject):
    """Gathers the hub's events on any thread and hands them over on the window's thread.

    The first event after a pause comes at once, later ones every `INTERVAL_MS`, however many there are.
    Changes of one kind are united; of progress the newest of each field of each item is kept.

    Signals:
        changed(object): tuple of `Changed`, one for each kind.
        progressed(object): tuple of `Progress` in the order in which the fields began.
    """

    changed = Signal(object)
    progressed = Signal(object)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._changes: dict[Kind, set[str] | None] = {}
        self._progress: dict[tuple[str, str], Progress] = {}
        self._awake = False
        self._hub: Hub | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self._pass)
        self._woken.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def listen(self, hub: Hub) -> None:
        """Start to carry the events of `hub`."""
        self._hub = hub
        hub.changed.connect(self._on_changed)
        hub.progress.connect(self._on_progress)

    def stop(self) -> None:
        """Carry nothing more."""
        if self._hub is not None:
            self._hub.changed.disconnect(self._on_changed)
            self._hub.progress.disconnect(self._on_progress)
            self._hub = None
        self._timer.stop()

    def _on_changed(self, changed: Changed) -> None:
        with self._lock:
            known = self._changes.get(changed.kind, set())
            if not changed.ids or known is None:
                self._changes[changed.kind] = None
            else:
                self._changes[changed.kind] = known | changed.ids
            wake = self._wake()
        if wake:
            self._woken.emit()

    def _on_progress(self, progress: Progress) -> None:
        with self._lock:
            if progress.restarted:
                for key in [key for key in self._progress if key[0] == progress.item_id]:
                    del self._progress[key]
            key = (progress.item_id, progress.field)
            before = self._progress.get(key)
            if before is not None and before.restarted and not progress.restarted:
                progress = _restarted(progress)
            self._progress[key] = progress
            wake = self._wake()
        if wake:
            self._woken.emit()

    def _wake(self) -> bool:
        wake, self._awake = not self._awake, True
        return wake

    @Slot()
    def _deliver(self) -> None:
        if not self._timer.isActive():
            self._pass()

    @Slot()
    def _pass(self) -> None:
        from cardforge_desktop.events import Changed

        with self._lock:
            changes = tuple(Changed(kind, frozenset(ids or ())) for kind, ids in self._changes.items())
            progress = tuple(self._progress.values())
            self._changes.clear()
            self._progress.clear()
            self._awake = False
        if not (changes or progress):
            return
        self._timer.start()
        if progress:
            self.progressed.emit(progress)
        if changes:
            self.changed.emit(changes)


def _restarted(progress: Progress) -> Progress:
    from dataclasses import replace

    return replace(progress, restarted=True)


def ids_of(kind: Kind, changes: Iterable[Changed]) -> frozenset[str] | None:
    """Ids of `kind` in `changes`: empty = any of the kind, None = the kind did not change."""
    for change in changes:
        if change.kind == kind:
            return change.ids
    return None
