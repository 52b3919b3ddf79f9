"""JSON as cards carry it: strict on the way out, guarded on the way in."""

import json
from typing import Any, NoReturn

from cardforge_desktop.cards.formats.errors import CardFormatError


def dump(value: Any, *, indent: int | None = None) -> bytes:
    """UTF-8 JSON of `value`, characters not escaped.

    A lone surrogate becomes U+FFFD: UTF-8 has no place for it.

    Raises:
        CardFormatError: CARD_UNWRITABLE: NaN, an infinity, or something that is no JSON value.
    """
    separators = (",", ":") if indent is None else None
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    except (ValueError, TypeError, RecursionError) as error:
        raise CardFormatError(
            "CARD_UNWRITABLE",
            "the card holds a value that JSON has no form for. Look for it in the extensions of the card.",
            {"reason": str(error)},
        ) from error
    return _without_lone_surrogates(text).encode()


def load(data: bytes) -> Any:
    """The value in `data` (UTF-8, 16 or 32, with or without a mark). A lone surrogate becomes U+FFFD.

    Raises:
        CardFormatError: CARD_DAMAGED: no JSON, NaN or an infinity in it, or nested too deep.
    """
    try:
        return _mended(json.loads(data, parse_constant=_refuse, parse_float=_finite))
    except RecursionError as error:
        raise CardFormatError("CARD_DAMAGED", "the JSON is nested too deep to be a card.") from error
    except ValueError as error:
        raise CardFormatError(
            "CARD_DAMAGED",
            f"the JSON is broken ({_place(error)}). Export the card again.",
            {"reason": str(error)},
        ) from error


def _place(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    if isinstance(error, UnicodeDecodeError):
        return f"no UTF-8 text at byte {error.start}"
    return str(error)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON number")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"the number {digits[:20]} is too large")
    return number


def _without_lone_surrogates(text: str) -> str:
    if text.isascii():
        return text
    # Through UTF-16 two halves that stand side by side become the character they mean.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _without_lone_surrogates(value)
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, dict):
        return {_without_lone_surrogates(key): _mended(item) for key, item in value.items()}
    return value
