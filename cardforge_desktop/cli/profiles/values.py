"""Values of a profile's fields from what a person wrote: texts become what their field holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from types import NoneType
from typing import Any, get_args, get_origin

from cardforge_desktop.cli.card_files import UsageError
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.profiles.model import ProfileContent
from cardforge_desktop.profiles.paths import fields_of
from cardforge_desktop.profiles.reading import kind_at

#: Every field there is, in the order of a form.
PATHS = tuple(fields_of(ProfileContent(name="")))
_NOTHING = ("", "null", "none", "~")
_WORDS = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]{1,40}")
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:e[-+]?[0-9]{1,3})?", re.IGNORECASE
)


def typed(path: str, text: str) -> Any:
    """The value that a text means in a field; the text itself where it means none, for the rules to refuse.

    Args:
        path: one of `PATHS`.
    """
    kind = kind_at(path)
    kinds = get_args(kind) or (kind,)
    word = text.strip().casefold()
    if NoneType in kinds and word in _NOTHING:
        return None
    if get_origin(kind) is tuple:
        return [part.strip() for part in text.split(",") if part.strip()]
    if bool in kinds:
        return _WORDS.get(word, text)
    if int in kinds and _WHOLE.fullmatch(word):
        return int(word)
    if float in kinds and _NUMBER.fullmatch(word):
        return float(word)
    return text


def is_list(path: str) -> bool:
    """Whether a field holds a list of texts."""
    return get_origin(kind_at(path)) is tuple


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by path as the JSON object that has them in their places."""
    made: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = path.split(".")
        place = made
        for parent in parents:
            place = place.setdefault(parent, {})
        place[last] = value
    return made


def split_setting(text: str, option: str) -> tuple[str, str]:
    """``PATH=VALUE`` as the two.

    Raises:
        UsageError: there is no ``=``, or no field of that path.
    """
    path, equals, value = text.partition("=")
    path = path.strip()
    if not equals:
        raise UsageError(ErrorCode.USAGE_OPTION, f"{option} {text}: write it as PATH=VALUE.")
    if path not in PATHS:
        raise UsageError(ErrorCode.USAGE_OPTION, f"{option}: there is no field “{path}”. {_meant(path)}")
    return path, value


def _meant(path: str) -> str:
    below = [each for each in PATHS if each.startswith(f"{path}.")]
    if below and path:
        return f"It is a group of fields: {', '.join(below[:6])}{' …' if len(below) > 6 else ''}"
    last = path.rpartition(".")[2]
    near = [each for each in PATHS if each.rpartition(".")[2] == last]
    near = near or get_close_matches(path, PATHS, 3, 0.6)
    if near:
        return f"Do you mean {' or '.join(near[:3])}?"
    return (
        "`cardforge profiles show NAME` has all fields; the name of a group goes before a dot: config.style."
    )
