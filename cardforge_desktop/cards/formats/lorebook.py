"""A lorebook alone: V3's ``lorebook_v3``, and the same book without a spec around it.

Source: github.com/kwaroran/character-card-spec-v3, SPEC_V3.md, "Lorebook".
"""

from typing import Any

from cardforge_desktop.cards.formats import books, json_text
from cardforge_desktop.cards.formats.losses import Loss, card_losses
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import fields_of
from cardforge_desktop.cards.model import Card, CharacterBook

SPEC = "lorebook_v3"
_ONLY_CARDS_HAVE = frozenset({"personality", "scenario", "first_mes", "mes_example", "character_book"})


def recognises(value: Any) -> bool:
    """Whether a JSON value is a lorebook: one with a spec, or entries with `keys` and `content`."""
    if not isinstance(value, dict):
        return False
    if "spec" in value:
        # A spec of tomorrow is read as far as we know it, as V3 asks for cards.
        return str(value["spec"]).startswith("lorebook_v") and isinstance(value.get("data"), dict)
    entries = value.get("entries")
    return (
        isinstance(entries, list)
        and _ONLY_CARDS_HAVE.isdisjoint(value)
        and (any(map(_is_entry, entries)) or (not entries and {"name", "extensions"} <= value.keys()))
    )


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and {"keys", "content"} <= value.keys()


def read(value: dict[str, Any], notes: Notes) -> dict[str, Any]:
    """The fields of the book, to be validated by the caller."""
    if "spec" not in value:
        return dict(value)
    if value["spec"] != SPEC:
        notes.add("", f"The lorebook says it is {str(value['spec'])[:40]}, newer than V3; it is read as V3")
    beside = {name: field for name, field in value.items() if name not in ("spec", "spec_version", "data")}
    return {**beside, **value["data"]}


def write(book: CharacterBook) -> bytes:
    """The file of `book`, UTF-8 JSON.

    Raises:
        CardFormatError: CARD_UNWRITABLE: the book holds what JSON can't.
    """
    return json_text.dump({"spec": SPEC, "data": fields_of(books.for_v3(book))}, indent=2) + b"\n"


def write_bare(book: CharacterBook) -> bytes:
    """The book as it stands in a card of V3, alone in a file; raises as `write`."""
    return json_text.dump(fields_of(books.for_v3(book)), indent=2) + b"\n"


def losses(book: CharacterBook) -> tuple[Loss, ...]:
    """What of `book` changes: ids that are missing or doubled."""
    return tuple(
        card_losses(Card(character_book=book), Card(character_book=books.restored(books.for_v3(book))))
    )
