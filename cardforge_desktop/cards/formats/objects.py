"""Between the card's values and plain JSON objects, the same for every version of the specification."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from cardforge_desktop.cards.formats import books
from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.formats.mending import mended, mended_book
from cardforge_desktop.cards.formats.notes import Notes
from cardforge_desktop.cards.model import Card, CharacterBook
from cardforge_desktop.errors import ErrorCode

T = TypeVar("T", bound=BaseModel)


def fields_of(value: BaseModel) -> dict[str, Any]:
    """The fields of `value` as JSON values, in the order of its class, then the unknown ones as they came.

    A known field that is None is absent; ``null`` inside `extensions` and unknown fields stays.
    """
    fields = {
        name: _plain(getattr(value, name))
        for name in type(value).model_fields
        if getattr(value, name) is not None
    }
    return {**fields, **(value.model_extra or {})}


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return fields_of(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def card_of(fields: dict[str, Any], notes: Notes) -> Card:
    """The card of an object's fields; what is not as the formats ask is mended, with a note.

    Raises:
        CardFormatError: CARD_INVALID names a field that even so is of the wrong type.
    """
    card = _validated(Card, mended(fields, notes))
    book = card.character_book
    return card if book is None else card.model_copy(update={"character_book": books.restored(book)})


def book_of(fields: dict[str, Any], notes: Notes) -> CharacterBook:
    """The character book of an object's fields, mended likewise.

    Raises:
        CardFormatError: CARD_INVALID.
    """
    return books.restored(_validated(CharacterBook, mended_book(fields, notes)))


def _validated(kind: type[T], fields: dict[str, Any]) -> T:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = ".".join(str(part) for part in first["loc"])
        raise CardFormatError(
            ErrorCode.CARD_INVALID,
            f"the field {path} is not as the card formats ask: {first['msg'][0].lower()}{first['msg'][1:]}.",
            {"field": path, "problems": error.error_count()},
        ) from error
