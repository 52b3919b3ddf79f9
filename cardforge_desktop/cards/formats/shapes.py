"""Which kind of card, or book, a JSON value is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from cardforge_desktop.cards.formats import foreign, foreign_books, json_text, lorebook, v1, v2, world_info
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.formats.objects import book_of, card_of
from cardforge_desktop.cards.model import Card
from cardforge_desktop.errors import ErrorCode

_Fields = dict[str, Any]

_SPECS = {"chara_card_v1": "v1", "chara_card_v2": "v2", "chara_card_v3": "v3"}
_NEWEST = {"v2": 2.0, "v3": 3.0}
#: No book has them.
_ONLY_CARDS_HAVE = frozenset({"personality", "scenario", "first_mes", "mes_example"})


@dataclass(frozen=True, slots=True)
class Shape:
    """A value understood.

    Attributes:
        card: the card; of a book alone, a card with nothing but the book.
        spec: v1, v2, v3, lorebook, worldinfo, or the name of another app's shape.
        holds: what the value is.
    """

    card: Card
    spec: str
    holds: Literal["card", "book"] = "card"


def read_object(value: Any, notes: Notes) -> Shape:
    """The card or book in a JSON value, whichever version or app it comes from.

    Raises:
        CardFormatError: CARD_UNKNOWN_FORMAT: neither; CARD_INVALID: a field of the wrong type;
            CARD_DAMAGED: nested too deep.
    """
    if isinstance(value, dict):
        for read in (_with_data, _turned):
            shape = read(value, notes)
            if shape is not None:
                return shape
    raise CardFormatError(
        ErrorCode.CARD_UNKNOWN_FORMAT,
        "this is no character card: it has neither V1's fields nor a V2 or V3 spec, "
        "and is no lorebook either.",
    )


def _with_data(value: _Fields, notes: Notes) -> Shape | None:
    """A card of V2 or V3, whatever it calls itself."""
    data = value.get("data")
    if not isinstance(data, dict):
        return None
    # A spec of tomorrow is read as far as we know it: V3 asks readers not to refuse.
    named = str(value.get("spec"))
    spec = _SPECS.get(named)
    if spec is not None:
        _note_version(value.get("spec_version"), spec, notes)
    elif named.startswith("chara_card_v"):
        notes.add("", f"The card says it is {named[:40]}, newer than V3; it is read as V3")
        spec = "v3"
    elif any(name in data for name in v1.FIELDS) and not lorebook.recognises(value):
        notes.add("", "The card does not say which spec it keeps to; it is read as V2")
        spec = "v2"
    else:
        return None
    return Shape(v2.read({**value, "data": _with_own_book(data, notes)}, notes), spec)


def _note_version(version: Any, spec: str, notes: Notes) -> None:
    """Readers take the version as a number, warn if it is newer, and never refuse (V3, "spec_version")."""
    try:
        newer = float(version) > _NEWEST.get(spec, float("inf"))
    except (TypeError, ValueError, OverflowError):
        return
    if newer:
        notes.add("", f"The card is of version {str(version)[:40]} of its spec, newer than CardForge knows")


def _turned(value: _Fields, notes: Notes) -> Shape | None:
    """What is not written as it is read."""
    json_text.check_depth(value)
    return _foreign(value, notes) or _book(value, notes) or _flat(value, notes)


def _foreign(value: _Fields, notes: Notes) -> Shape | None:
    app = foreign.recognise(value)
    if app is None:
        return None
    fields = foreign.read(value, notes)
    fields.pop("beside_data", None)  # the name of a place of our own, where nothing of this shape belongs
    return Shape(card_of(fields, notes), app)


def _book(value: _Fields, notes: Notes) -> Shape | None:
    if not _ONLY_CARDS_HAVE.isdisjoint(value):
        return None
    read, name = _book_reader(value)
    if read is None:
        return None
    return Shape(Card(character_book=book_of(read(value, notes), notes)), name, "book")


def _flat(value: _Fields, notes: Notes) -> Shape | None:
    if not any(name in value for name in v1.FIELDS):
        return None
    return Shape(v1.read(_with_own_book(value, notes), notes), "v1")


_Reader = Callable[[_Fields, Notes], _Fields]


def _book_reader(value: _Fields) -> tuple[_Reader | None, str]:
    """What reads a book, and the name of its shape."""
    app = foreign_books.recognise(value)
    if app is not None:
        return foreign_books.read, app
    if lorebook.recognises(value):
        return lorebook.read, "lorebook"
    if world_info.recognises(value):
        return world_info.read, "worldinfo"
    return None, ""


def _with_own_book(data: _Fields, notes: Notes) -> _Fields:
    """`data` with a character book, where some app put a book of its own shape."""
    book = data.get("character_book")
    if not isinstance(book, dict) or not book.get("entries", book.get("data")):
        return data
    read, name = _book_reader(book)
    if read is None or (name == "lorebook" and "spec" not in book):
        return data
    json_text.check_depth(book)
    notes.add("character_book", f"was of another shape ({name}) and is now a character book")
    return {**data, "character_book": read(book, notes)}
