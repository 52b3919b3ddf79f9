"""A profile out of plain JSON that anybody may have written: what is wrong with it is told by its path.

Only types and choices are looked at here; what makes sense is told by `profiles.rules`. Nothing is bent into
shape: a text is no number, and what is not known is refused, not dropped.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from cardforge_desktop.profiles.model import Profile, ProfileContent
from cardforge_desktop.profiles.paths import fields_of, with_values
from cardforge_desktop.profiles.validation import Finding, FindingCode, Validation, shortened

#: Bytes of JSON that faces read of anybody; a profile whose texts are all as long as they may be has less.
LARGEST_JSON = 4 * 1024 * 1024
#: Numbers beyond are refused before they are worked with; SQLite and many readers of JSON stop there.
_LARGEST_NUMBER = 2**53
_MOST_FINDINGS = 50
_LONGEST_LIST = 50
#: What the store adds to a content: may stand in a profile that comes back, and is not read.
_OF_THE_STORE = frozenset(Profile.model_fields) - frozenset(ProfileContent.model_fields)


class TwiceError(ValueError):
    """A field stands twice in one object; says which."""


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, for `json.loads`; of a field that stands twice one value would be lost.

    Raises:
        TwiceError: there is one.
    """
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise TwiceError(f"“{shortened(twice)}” stands twice in one place; keep one of them")
    return made


def read_content(
    value: object, over: ProfileContent | None = None
) -> tuple[ProfileContent | None, Validation]:
    """The content that plain JSON values make, None where something in them is wrong.

    Args:
        over: what is not said is as it is there; None = as it is by default.

    Never raises, whatever the value is.
    """
    content, findings = read_over(value, over or ProfileContent(name=""))
    return (None if findings else content), Validation(findings)


def read_over(
    value: object, over: ProfileContent, path: str = ""
) -> tuple[ProfileContent, tuple[Finding, ...]]:
    """What is right in `value` put over a content, and what is wrong; `path` tells which part it is.

    Raises:
        KeyError: there is no field and no group of fields of that path.
    """
    annotation = kind_at(path)
    values: dict[str, Any] = {}
    findings: list[Finding] = []
    for path_read, found in _read(annotation, value, path):
        if not isinstance(found, Finding):
            values[path_read] = found
        elif len(findings) < _MOST_FINDINGS:
            findings.append(found)
        else:
            told = "More is wrong than is told here. Correct what is told first."
            findings.append(Finding(path, told, FindingCode.BAD_TYPE))
            break
    return with_values(over, values), tuple(findings)


def kind_at(path: str) -> Any:
    """The type of a field, or of a group of fields; "" = of the whole profile.

    Raises:
        KeyError: there is none of that path.
    """
    annotation: Any = ProfileContent
    for name in path.split(".") if path else ():
        annotation = _parts(annotation)[name]
    return annotation


def _parts(annotation: Any) -> Mapping[str, Any]:
    """Name → type of what a group of fields consists of; nothing where it is one field."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {name: field.annotation for name, field in annotation.model_fields.items()}
    if get_origin(annotation) is dict:
        names, part = get_args(annotation)
        return dict.fromkeys(get_args(names), part)
    return {}


def _read(annotation: Any, value: object, path: str) -> Iterator[tuple[str, Any]]:
    """Path and value of each field, or a finding in the place of the value."""
    parts = _parts(annotation)
    if not parts:
        yield path, _leaf(annotation, value, path)
        return
    if not isinstance(value, dict):
        told = f"{_a(value)} stands where an object with {', '.join(list(parts)[:4])} … is expected."
        yield path, Finding(path, told, FindingCode.BAD_TYPE)
        return
    for name, part in parts.items():
        if name in value:
            yield from _read(part, value[name], _joined(path, name))
    known_besides = _OF_THE_STORE if not path else frozenset()
    for name in value:
        if name not in parts and name not in known_besides:
            yield path, _unknown(name, tuple(parts), path)


def _leaf(annotation: Any, value: object, path: str) -> Any:
    """The value as its field's type, or a finding."""
    origin, options = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return value if isinstance(value, str) and value in options else _no_choice(value, options, path)
    if origin in (Union, UnionType):
        (real,) = (option for option in options if option is not NoneType)
        return None if value is None else _leaf(real, value, path)
    if origin is tuple:
        return _list(value, path)
    if annotation in (int, float):
        return _number(annotation, value, path)
    return value if isinstance(value, annotation) else _wrong(annotation, value, path)


def _number(kind: type[int] | type[float], value: object, path: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _wrong(kind, value, path)
    if not -_LARGEST_NUMBER <= value <= _LARGEST_NUMBER:  # so are NaN and the infinities
        return Finding(path, "This number is out of all bounds.", FindingCode.BAD_RANGE)
    if kind is float:
        return float(value)
    if isinstance(value, float) and math.trunc(value) != value:
        return Finding(path, f"{value:g} is no whole number.", FindingCode.BAD_TYPE)
    return int(value)


def _list(value: object, path: str) -> Any:
    if not isinstance(value, list | tuple):
        return Finding(path, f"{_a(value)} stands where a list is expected.", FindingCode.BAD_TYPE)
    if len(value) > _LONGEST_LIST:
        told = f"The list has {len(value):,} parts; {_LONGEST_LIST} are the most."
        return Finding(path, told, FindingCode.TOO_LONG)
    for number, part in enumerate(value, 1):
        if not isinstance(part, str):
            told = f"Part {number} of the list is {_a(part).lower()}; only texts may stand in it."
            return Finding(path, told, FindingCode.BAD_TYPE)
    return tuple(value)


def _wrong(kind: Any, value: object, path: str) -> Finding:
    expected = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}[kind]
    return Finding(path, f"{_a(value)} stands where {expected} is expected.", FindingCode.BAD_TYPE)


def _no_choice(value: object, options: tuple[str, ...], path: str) -> Finding:
    if not isinstance(value, str):
        return _wrong(str, value, path)
    shown = ", ".join(option or '""' for option in options)
    told = f"“{shortened(value)}” is none of the choices: {shown}.{_guess(value, options)}"
    return Finding(path, told, FindingCode.BAD_CHOICE)


def _unknown(name: object, known: tuple[str, ...], path: str) -> Finding:
    shown = shortened(str(name))
    told = f"“{shown}” is not known here. Remove it.{_guess(shown, known) or _elsewhere(shown)}"
    return Finding(_joined(path, shown), told, FindingCode.UNKNOWN_FIELD)


def _guess(word: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(word[:60].lower(), [each for each in known if each], 1, 0.6)
    return f" Do you mean “{near[0]}”?" if near else ""


def _elsewhere(word: str) -> str:
    """The same for a field that stands in another group."""
    paths = {path.rpartition(".")[2]: path for path in fields_of(ProfileContent(name=""))}
    near = get_close_matches(word.lower(), paths, 1, 0.8)
    return f" Do you mean “{paths[near[0]]}”?" if near else ""


def _a(value: object) -> str:
    """What a value is, as the beginning of a sentence."""
    if value is None:
        return "Nothing (null)"
    kinds: tuple[tuple[Any, str], ...] = (
        (bool, "True or false"),
        (int | float, "A number"),
        (str, "A text"),
        (list | tuple, "A list"),
        (dict, "An object"),
    )
    return next((name for kind, name in kinds if isinstance(value, kind)), "Something that is no JSON")


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
