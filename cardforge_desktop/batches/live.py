"""What running items show while they run: kept in memory, announced on the hub."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cardforge_desktop.engines.base import Prompt
from cardforge_desktop.events import Hub, Progress
from cardforge_desktop.generation.model import Answer, Ask

#: From where to where in 0..1 of an item each stage reaches. Reading and saving take moments beside writing.
_SHARES = {
    "reading": (0.0, 0.02),
    "waiting": (0.02, 0.05),
    "writing": (0.05, 0.97),
    "repairing": (0.05, 0.97),
    "saving": (0.97, 1.0),
}
#: Seconds of an answer over which its speed is taken, and the least that tell one.
_SPEED_WINDOW = 4.0
_SPEED_LEAST = 0.4
#: Characters of a token, about: tokens are counted for a speed here, not for a bill.
_CHARACTERS = 4


class Speedometer:
    """Tokens a second of the answer that is coming, over its last seconds. Used on one thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._marks: deque[tuple[float, int]] = deque()
        self._told: float | None = None

    def begin(self) -> None:
        """Another answer begins; its speed counts from its first piece, not from the asking."""
        self._marks.clear()

    def reached(self, characters: int) -> float | None:
        """The speed now that the answer is so long; None until there is one."""
        moment = self._clock()
        if self._marks and characters < self._marks[-1][1]:
            self._marks.clear()  # the text so far turned void
        self._marks.append((moment, characters))
        while len(self._marks) > 2 and moment - self._marks[1][0] >= _SPEED_WINDOW:
            self._marks.popleft()
        start, first = self._marks[0]
        if moment - start >= _SPEED_LEAST:
            self._told = (characters - first) / _CHARACTERS / (moment - start)
        return self._told


@dataclass(slots=True)
class _Live:
    """What is known of one running item."""

    newest: Progress
    fields: dict[str, str] = field(default_factory=dict)


class LiveItems:
    """Where each running item is, and the newest text of each of its fields. Thread-safe."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._lock = threading.Lock()
        self._items: dict[str, _Live] = {}

    def fields(self, item_id: str) -> dict[str, str]:
        """The fields written so far, in the order they came; empty when the item does not run here."""
        with self._lock:
            live = self._items.get(item_id)
            return {} if live is None else dict(live.fields)

    def newest(self, item_id: str) -> Progress | None:
        """What was told last of the item; None when it does not run here."""
        with self._lock:
            live = self._items.get(item_id)
            return None if live is None else live.newest

    def fraction(self, item_id: str) -> float | None:
        """How far the item is, 0..1; None when it does not run here."""
        newest = self.newest(item_id)
        return None if newest is None else newest.fraction

    def stage(self, item_id: str, stage: str, fraction: float, *, restarted: bool = False) -> None:
        """The item entered a stage.

        Args:
            fraction: 0..1 of this stage.
            restarted: all written so far is void, and progress may go back; otherwise it never does.
        """
        self._tell(Progress(item_id, stage, fraction=_of_item(stage, fraction), restarted=restarted))

    def field(self, item_id: str, name: str, text: str, fraction: float) -> None:
        """A field grew; `fraction` 0..1 of the writing."""
        self._tell(Progress(item_id, "writing", name, text, _of_item("writing", fraction)))

    def speed(self, item_id: str, tokens_per_second: float | None) -> None:
        """How fast its answer comes: told with what is told next."""
        with self._lock:
            live = self._items.get(item_id)
            if live is not None:
                live.newest = replace(live.newest, tokens_per_second=tokens_per_second)

    def forget(self, item_id: str) -> None:
        """The item ended or begins anew."""
        with self._lock:
            self._items.pop(item_id, None)

    def _tell(self, progress: Progress) -> None:
        with self._lock:
            live = self._items.get(progress.item_id)
            if live is None or progress.restarted:
                live = self._items[progress.item_id] = _Live(progress)
            else:
                earlier = live.newest
                writes = progress.stage in ("writing", "repairing")
                live.newest = progress = replace(
                    progress,
                    fraction=max(earlier.fraction, progress.fraction),
                    tokens_per_second=earlier.tokens_per_second if writes else None,
                )
            if progress.field:
                live.fields[progress.field] = progress.text
        self._hub.progress.emit(progress)


def _of_item(stage: str, fraction: float) -> float:
    start, end = _SHARES[stage]
    return start + (end - start) * min(1.0, max(0.0, fraction))


class ItemWatcher:
    """The `Watcher` of one generation (generation.model), and an ear on its answers. Used on one thread."""

    def __init__(self, live: LiveItems, item_id: str) -> None:
        self._live = live
        self._item_id = item_id
        self._speed = Speedometer()
        self._has_text = False

    @property
    def fraction(self) -> float:
        """0..1 of the item, as it was told last."""
        return self._live.fraction(self._item_id) or 0.0

    def field(self, name: str, text: str, fraction: float) -> None:
        """See `Watcher`."""
        self._live.field(self._item_id, name, text, fraction)

    def stage(self, stage: str, fraction: float, *, restarted: bool = False) -> None:
        """See `Watcher`; before the first word an item that writes is one that waits."""
        if stage == "writing" and not self._has_text:
            stage = "waiting"
        self._live.stage(self._item_id, stage, fraction, restarted=restarted)

    def listening(self, ask: Ask) -> Ask:
        """The same `ask`; how fast its answers come, and that the first is waited for, is told on the way."""

        def listened(step: str, prompt: Prompt, on_text: Callable[[str], None]) -> Answer:
            def heard(text: str) -> None:
                self._has_text = self._has_text or bool(text)
                self._live.speed(self._item_id, self._speed.reached(len(text)))
                on_text(text)

            self._speed.begin()
            if not self._has_text:
                self._live.stage(self._item_id, "waiting", 0.0)
            return ask(step, prompt, heard)

        return listened
