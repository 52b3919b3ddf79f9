"""Which card drafts update, if any, and which of its fields are written anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cardforge_desktop.batches.model import ItemView
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.batch.builder.target_picker import TargetPicker
from cardforge_desktop.ui.batch.wishes.common import VARIOUS, Various
from cardforge_desktop.ui.batch.wishes.fields import Switch
from cardforge_desktop.ui.services import Services
from cardforge_desktop.ui.theme import SPACE_XS
from cardforge_desktop.ui.widgets.basics import label

#: Profile → the fields it asks for.
ProfileFields = Mapping[str, tuple[str, ...]]


class UpdateField(QWidget):
    """The card to update, and below it, when there is one, its fields to tick.

    Signals:
        picked(object): another card: a `Path`, a `CardRef` or None.
        wished(str, bool): the person ticked the field with this name, or took it off.
    """

    picked = Signal(object)
    wished = Signal(str, bool)

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._services = services
        self.picker = TargetPicker(services)
        self.picker.setProperty("role", "page")
        if (line := self.picker.layout()) is not None:
            line.setContentsMargins(0, 0, 0, 0)
        self.picker.picked.connect(self.picked)
        self.boxes: dict[str, Switch] = {}
        self._fields = QWidget()
        self._fields.setProperty("role", "page")
        self._column = QVBoxLayout(self._fields)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_XS)
        self._column.addWidget(label(self.tr("These fields of it are written anew:"), "caption", wrap=True))
        self._fields.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picker)
        layout.addWidget(self._fields)
        self.setFocusProxy(self.picker)

    def show_target(self, target: str | Various) -> None:
        """The name of the card they update, "" = they make new ones."""
        if isinstance(target, Various):
            self.picker.show_several()
        else:
            self.picker.show_target(None, target)

    def show_fields(self, fields: Mapping[str, bool | Various]) -> None:
        """The fields that can be ticked, none = there is no card to update."""
        self._fields.setVisible(bool(fields))
        for name in fields.keys() - self.boxes.keys():
            box = self.boxes[name] = Switch(self._services, formatting.field_label(name))
            box.wished.connect(lambda wanted, name=name: self.wished.emit(name, wanted))
        for at, (name, value) in enumerate(fields.items(), 1):
            self._column.insertWidget(at, self.boxes[name])
            self.boxes[name].show_value(value)
        for name, box in self.boxes.items():
            box.setVisible(name in fields)


def fields_of(item: ItemView, known: ProfileFields) -> tuple[str, ...]:
    """What is written anew of the card that a draft updates; nothing when it makes a new one."""
    if not item.target:
        return ()
    possible = _possible(item, known)
    return possible if not item.fields else tuple(name for name in possible if name in item.fields)


def _possible(item: ItemView, known: ProfileFields) -> tuple[str, ...]:
    asked = known.get(item.profile, item.fields)
    return tuple(name for name in asked if name != "book" or item.include_book)


def fields_shown(items: Sequence[ItemView], known: ProfileFields) -> dict[str, bool | Various]:
    """Each field that can be ticked → whether all, none or some of the drafts write it."""
    updates = [item for item in items if item.target]
    kinds = {(item.profile, item.include_book, item.fields): item for item in updates}
    chosen = [(fields_of(item, known), _possible(item, known)) for item in kinds.values()]
    shown: dict[str, bool | Various] = {}
    for name in dict.fromkeys(name for _, possible in chosen for name in possible):
        having = {name in fields for fields, possible in chosen if name in possible}
        shown[name] = VARIOUS if len(having) > 1 else having.pop()
    return shown


def fields_with(
    items: Sequence[ItemView], name: str, known: ProfileFields, *, wanted: bool
) -> dict[tuple[str, ...], list[str]]:
    """Ids of the drafts by the fields they ask for when one is ticked, or taken off.

    () = all their profile asks for. Drafts whose profile does not ask for the field stay out. None of the
    fields left is told as ``("",)``, which nobody can wish for.
    """
    parts: dict[tuple[str, ...], list[str]] = {}
    kinds: dict[tuple[object, ...], tuple[str, ...] | None] = {}  # thousands of drafts are of a few kinds
    for item in items:
        kind = (bool(item.target), item.profile, item.include_book, item.fields)
        if kind not in kinds:
            kinds[kind] = _after(item, name, known, wanted=wanted)
        after = kinds[kind]
        if after is not None:
            parts.setdefault(after, []).append(item.id)
    return parts


def _after(item: ItemView, name: str, known: ProfileFields, *, wanted: bool) -> tuple[str, ...] | None:
    """What a draft asks for then, as `fields_with` tells it; None = it stays out."""
    possible = _possible(item, known)
    if not item.target or name not in possible:
        return None
    before = fields_of(item, known)
    after = tuple(each for each in possible if (each in before if each != name else wanted))
    return () if after == possible else after or ("",)
