"""What differs between two states of a card, ready to be read in a `DiffView`: field by field, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QImage

from cardforge_desktop.cards.changes import FieldChange, changes
from cardforge_desktop.cards.package import CardPackage
from cardforge_desktop.text_diff import Hunk
from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.library.preview.field_names import field_name
from cardforge_desktop.ui.widgets.sections_diff import Section, sections_diff

translate = QCoreApplication.translate

_LISTS = frozenset({"tags", "keys", "secondary_keys", "source"})
_PICTURE_SIDE = 320  # pixels


@dataclass(frozen=True, slots=True)
class CardDiff:
    """The differences.

    Attributes:
        hunks: of all fields, one after the other; what is the same is shortened.
        headings: the field's name over its first hunk, by the hunk's index.
        fields: how many differ.
        left_out: how many of these are not shown.
        pictures: before and after, where they look different; not larger than a preview needs.
    """

    hunks: tuple[Hunk, ...] = ()
    headings: Mapping[int, str] = field(default_factory=dict)
    fields: int = 0
    left_out: int = 0
    pictures: tuple[QImage, QImage] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not self.fields and self.pictures is None


def card_diff(old: CardPackage, new: CardPackage) -> CardDiff:
    """Compare two states; slow for large books: off the window's thread."""
    found = sections_diff(list(_sections(old, new)))
    pictures = _pictures(old.picture, new.picture)
    return CardDiff(found.hunks, found.headings, found.sections, found.left_out, pictures)


def _sections(old: CardPackage, new: CardPackage) -> Iterator[Section]:
    found = changes(old.card, new.card)
    moves = _moves(found)
    for change in found:
        if change in moves.values():
            continue
        target = moves.get(change)
        gone = not change.new
        name = field_name(change.field, old.card if gone else new.card)
        if target is not None:
            text = translate("CardDiff", "It stands elsewhere now: %1.")
            moved = text.replace("%1", field_name(target.field, new.card), 1)
            yield Section(name, "", "", moved)
        elif _last(change.field) in _LISTS:
            yield _list_section(name, change)
        else:
            yield Section(_headed(name, change), change.old, change.new)
    yield from _file_sections(old.files, new.files)


def _moves(found: tuple[FieldChange, ...]) -> dict[FieldChange, FieldChange]:
    """Items taken out of a list whose text was put into the same list at another place."""
    put = {(_list_of(one.field), one.new): one for one in found if not one.old and "]" in one.field[-1:]}
    moves = {}
    for one in found:
        if not one.new and one.field.endswith("]"):
            target = put.pop((_list_of(one.field), one.old), None)
            if target is not None:
                moves[one] = target
    return moves


def _list_section(name: str, change: FieldChange) -> Section:
    """A list of short texts: what stayed in one line, what came and went below it."""
    old, new = ([item for item in side.split("\n") if item] for side in (change.old, change.new))
    added, gone = [item for item in new if item not in old], [item for item in old if item not in new]
    if not added and not gone:
        text = translate("CardDiff", "%1: in another order")
        return Section(text.replace("%1", name, 1), ", ".join(old), ", ".join(new))
    kept = ", ".join(item for item in new if item in old)
    before, after = (f"{kept}\n{', '.join(items)}" if kept else ", ".join(items) for items in (gone, added))
    return Section(_headed(name, change), before, after)


def _headed(name: str, change: FieldChange) -> str:
    if change.old and change.new:
        return name
    text = translate("CardDiff", "%1: removed") if change.old else translate("CardDiff", "%1: added")
    return text.replace("%1", name, 1)


def _file_sections(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Section]:
    for path in dict.fromkeys((*old, *new)):
        before, after = old.get(path), new.get(path)
        if before == after:
            continue
        text = translate("CardDiff", "File %1: replaced")
        if before is None or after is None:
            text = (
                translate("CardDiff", "File %1: added")
                if before is None
                else translate("CardDiff", "File %1: removed")
            )
        sizes = [
            ""
            if side is None
            else translate("CardDiff", "%1 bytes").replace("%1", formatting.number(len(side)))
            for side in (before, after)
        ]
        yield Section(text.replace("%1", path, 1), sizes[0], sizes[1])


def _pictures(old: bytes | None, new: bytes | None) -> tuple[QImage, QImage] | None:
    if old == new or old is None or new is None:
        return None
    before, after = QImage.fromData(old), QImage.fromData(new)
    if before == after:
        return None
    return _small(before), _small(after)


def _small(image: QImage) -> QImage:
    if image.isNull() or max(image.width(), image.height()) <= _PICTURE_SIDE:
        return image
    return image.scaled(
        _PICTURE_SIDE,
        _PICTURE_SIDE,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def _last(path: str) -> str:
    return path.rpartition(".")[2]


def _list_of(path: str) -> str:
    return path.rpartition("[")[0]
