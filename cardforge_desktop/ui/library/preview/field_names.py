"""What the places of a card are called on the screen."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from cardforge_desktop.ui import formatting
from cardforge_desktop.ui.translating import QT_TRANSLATE_NOOP

if TYPE_CHECKING:
    from cardforge_desktop.cards.model import Card

translate = QCoreApplication.translate

_ITEM = re.compile(r"(?P<list>[a-z_]+(?:\.[a-z_]+)*)\[(?P<at>\d+)\](?:\.(?P<rest>.+))?")
_LONGEST_TITLE = 60
#: Items of lists, ``%1`` being their number.
_ITEMS = {
    "alternate_greetings": QT_TRANSLATE_NOOP("FieldName", "Alternate greeting %1"),
    "group_only_greetings": QT_TRANSLATE_NOOP("FieldName", "Group greeting %1"),
    "character_book.entries": QT_TRANSLATE_NOOP("FieldName", "Book entry %1"),
    "assets": QT_TRANSLATE_NOOP("FieldName", "Asset %1"),
    "tags": QT_TRANSLATE_NOOP("FieldName", "Tag %1"),
    "source": QT_TRANSLATE_NOOP("FieldName", "Source %1"),
}
#: Fields that `formatting` does not name, and those of entries.
_NAMES = {
    "group_only_greetings": QT_TRANSLATE_NOOP("FieldName", "Group greetings"),
    "beside_data": QT_TRANSLATE_NOOP("FieldName", "Other data"),
    "character_book": QT_TRANSLATE_NOOP("FieldName", "Character book"),
    "character_book.name": QT_TRANSLATE_NOOP("FieldName", "Name of the book"),
    "extensions.depth_prompt.prompt": QT_TRANSLATE_NOOP("FieldName", "Character's note"),
    "keys": QT_TRANSLATE_NOOP("FieldName", "keys"),
    "secondary_keys": QT_TRANSLATE_NOOP("FieldName", "secondary keys"),
    "content": QT_TRANSLATE_NOOP("FieldName", "content"),
    "insertion_order": QT_TRANSLATE_NOOP("FieldName", "order"),
    "enabled": QT_TRANSLATE_NOOP("FieldName", "switched on"),
    "comment": QT_TRANSLATE_NOOP("FieldName", "comment"),
    "name": QT_TRANSLATE_NOOP("FieldName", "title"),
}


def field_name(path: str, card: Card | None = None) -> str:
    """The name of the place at `path`: “Description”, “Book entry 3 (Lamp): keys”.

    Args:
        card: names its entries by their titles, where it has them.
    """
    found = _ITEM.fullmatch(path)
    if found is None:
        return _plain(path)
    if found["list"] in ("tags", "source"):
        return _plain(found["list"])
    name = _item(found["list"], int(found["at"]), card)
    if found["rest"] is None:
        return name
    rest = found["rest"].partition("[")[0]
    inner = translate("FieldName", _NAMES[rest]) if rest in _NAMES else rest
    return translate("FieldName", "%1: %2").replace("%1", name, 1).replace("%2", inner, 1)


def _plain(path: str) -> str:
    if path in _NAMES and path != "name":
        return translate("FieldName", _NAMES[path])
    head, _, inner = path.partition(".")
    name = formatting.field_label(head)
    if not inner:
        return name
    return translate("FieldName", "%1: %2").replace("%1", name, 1).replace("%2", inner, 1)


def _item(listed: str, at: int, card: Card | None) -> str:
    number = formatting.number(at + 1)
    if listed not in _ITEMS:
        text = translate("FieldName", "%1, item %2")
        return text.replace("%1", _plain(listed), 1).replace("%2", number)
    name = translate("FieldName", _ITEMS[listed]).replace("%1", number)
    title = _entry_title(at, card) if listed == "character_book.entries" else ""
    if not title:
        return name
    return translate("FieldName", "%1 (%2)").replace("%1", name, 1).replace("%2", title, 1)


def _entry_title(at: int, card: Card | None) -> str:
    from cardforge_desktop.cards.book_fields import title_of

    if card is None or card.character_book is None or at >= len(card.character_book.entries):
        return ""
    title = title_of(card.character_book.entries[at]).strip()
    return title if len(title) <= _LONGEST_TITLE else title[: _LONGEST_TITLE - 1] + "…"
