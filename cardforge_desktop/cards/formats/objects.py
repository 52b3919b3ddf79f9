"""Between the card's values and plain JSON objects, the same for every version of the specification."""

from typing import Any

from pydantic import BaseModel, ValidationError

from cardforge_desktop.cards.formats.errors import CardFormatError
from cardforge_desktop.cards.model import Card


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


def card_of(fields: dict[str, Any], place: str = "") -> Card:
    """The card of an object's fields. `place` leads the path of a wrong field in the message (``data``).

    Raises:
        CardFormatError: CARD_INVALID names the first field of the wrong type.
    """
    try:
        return Card.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = ".".join(str(part) for part in (place, *first["loc"]) if part != "")
        raise CardFormatError(
            "CARD_INVALID",
            f"the field {path} is not as the card formats ask: {first['msg'][0].lower()}{first['msg'][1:]}.",
            {"field": path, "problems": error.error_count()},
        ) from error
