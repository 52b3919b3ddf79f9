"""Carries wishes for drafts to the core, one after the other, and takes the last one back."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.errors import CardForgeError
from cardforge_desktop.ui.batch.wishes.common import laid_over
from cardforge_desktop.ui.services import Services

if TYPE_CHECKING:
    from cardforge_desktop.batches.drafts import Before, Wishes
    from cardforge_desktop.workspace import Workspace

#: Changes that can be taken back.
_KEPT = 50
#: Selections up to this size are gone through on the window's thread (2 ms at most), larger ones on a worker.
DIRECT = 200


@dataclass(frozen=True, slots=True)
class Part:
    """The same wishes for some drafts.

    Attributes:
        shown: what of the rows (fields of `ItemView`) will be so; shown until it is read back.
    """

    ids: tuple[str, ...]
    wishes: Wishes
    shown: dict[str, Any]


@dataclass(slots=True, eq=False)
class Change:
    """One thing a person did, undone at once; only `Changing` looks into it."""

    key: str
    ids: tuple[str, ...]
    before: tuple[Before, ...] = ()


@dataclass(slots=True)
class _Order:
    """What waits to be carried to the core."""

    change: Change
    work: Callable[[Workspace], tuple[Before, ...]]
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_undo: bool = False


class Changing(QObject):
    """Changes drafts in the order they were asked for. Lives on the window's thread.

    Signals:
        moved(): a wish was made, met or refused: show the drafts anew.
        changed(object): a wish was made; this `Change` can be taken back.
        dropped(object): this `Change` can't be taken back any more: it was refused, or taken back already.
        refused(str, object): the wish with this key was not met, for this `CardForgeError`.
        undone(object, object): this `Change` was taken back, of the drafts with these ids.
    """

    moved = Signal()
    refused = Signal(str, object)
    undone = Signal(object, object)
    changed = Signal(object)
    dropped = Signal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._orders: deque[_Order] = deque()
        self._at_work = False
        self._ahead: dict[str, dict[str, Any]] = {}
        self._changes: deque[Change] = deque(maxlen=_KEPT)
        self._after: list[Callable[[], object]] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._changes)

    @property
    def is_busy(self) -> bool:
        """Whether a wish is on its way."""
        return self._at_work

    def wish(self, key: str, parts: Sequence[Part]) -> None:
        """Change drafts; `key` names the field for `refused`."""
        chosen = tuple(parts)

        shown = {item_id: part.shown for part in chosen for item_id in part.ids}
        for item_id, values in shown.items():
            self._ahead.setdefault(item_id, {}).update(values)
        change = Change(key, tuple(shown))
        self._changes.append(change)
        self.changed.emit(change)
        self._order(_Order(change, lambda ws: _change_all(ws, chosen), shown))

    def undo(self, change: object = None) -> None:
        """Take a change back (None = the last one) when all wishes before are met."""
        self.then(lambda: self._undo(change))

    def then(self, do: Callable[[], object]) -> None:
        """Do something when all wishes are met; not at all when one is refused meanwhile."""
        if self._at_work:
            self._after.append(do)
        else:
            do()

    def shown(self, items: Sequence[ItemView]) -> tuple[ItemView, ...]:
        """The drafts with what was wished laid over what was read; forgets what was read back."""
        if not self._ahead:
            return tuple(items)
        return tuple(self._shown(item) for item in items)

    def formats_of(self, item: ItemView) -> tuple[str, ...]:
        """The formats of a draft as `shown` has them; quick enough for thousands."""
        formats: tuple[str, ...] = self._ahead.get(item.id, {}).get("formats", item.formats)
        return formats

    def forget(self) -> None:
        """Other drafts are looked at: show what is read of them, except for wishes on their way."""
        if not self._at_work:
            self._ahead.clear()

    def _shown(self, item: ItemView) -> ItemView:
        ahead = self._ahead.get(item.id)
        if ahead is None:
            return item
        for name in [name for name, value in ahead.items() if getattr(item, name) == value]:
            del ahead[name]
        if not ahead:
            del self._ahead[item.id]
        return laid_over(item, ahead)

    def _undo(self, wanted: object) -> None:
        change = next((each for each in reversed(self._changes) if wanted in (None, each)), None)
        if change is None:
            return
        self._changes.remove(change)

        def work(workspace: Workspace) -> tuple[Before, ...]:
            for before in reversed(change.before):
                workspace.drafts.change_back(before)
            return ()

        for item_id in change.ids:
            self._ahead.pop(item_id, None)
        self._order(_Order(change, work, is_undo=True))

    def _order(self, order: _Order) -> None:
        self._orders.append(order)
        self.moved.emit()
        if not self._at_work:
            self._at_work = True
            # Closing waits for it: what was typed last is meant as well.
            self._services.background.finish(self._carry())

    async def _carry(self) -> None:
        try:
            while self._orders:
                await self._carry_one(self._orders.popleft())
        finally:
            self._at_work = False
            after, self._after = self._after, []
        for do in after:
            self.then(do)
        self.moved.emit()

    async def _carry_one(self, order: _Order) -> None:
        change = order.change
        try:
            before = await self._services.background.call(order.work)
        except CardForgeError as error:
            self._after.clear()
            self._drop(order)
            self.refused.emit(change.key, error)
            return
        if order.is_undo:
            self.dropped.emit(change)
            self.undone.emit(change, change.ids)
            return
        change.before = before
        if len(change.ids) > DIRECT:  # so many are shown as they are read
            for item_id in change.ids:
                self._ahead.pop(item_id, None)

    def _drop(self, order: _Order) -> None:
        """Show what is stored again, unless something newer was wished."""
        if order.change in self._changes:
            self._changes.remove(order.change)
        self.dropped.emit(order.change)
        for item_id, values in order.shown.items():
            ahead = self._ahead.get(item_id, {})
            for name, value in values.items():
                if ahead.get(name) is value:
                    del ahead[name]


def _change_all(workspace: Workspace, parts: Sequence[Part]) -> tuple[Before, ...]:
    """All of them or none."""
    done: list[Before] = []
    try:
        for part in parts:
            done.append(workspace.drafts.change(part.ids, **part.wishes))
    except CardForgeError:
        for before in reversed(done):
            workspace.drafts.change_back(before)
        raise
    return tuple(done)
