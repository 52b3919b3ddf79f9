"""What a model wrote, read with patience: thoughts, fences, broken or wrapped JSON. Trusts nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from cardforge_desktop.engines.surrogates import without_surrogates
from cardforge_desktop.errors import ErrorCode
from cardforge_desktop.generation.model import GenerationError

_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_LATE_THOUGHT = re.compile(r"\A.*?</(?:think|thinking|thought|reasoning)>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"```(?:json|JSON)?\s*\n?(.*?)(?:```|\Z)", re.DOTALL)
#: Other words models and formats have for the same fields.
_ALSO_CALLED = {
    "first_message": "first_mes",
    "first_mess": "first_mes",
    "greeting": "first_mes",
    "char_greeting": "first_mes",
    "message_example": "mes_example",
    "mes_examples": "mes_example",
    "example_messages": "mes_example",
    "example_dialogue": "mes_example",
    "example_dialogues": "mes_example",
    "examples": "mes_example",
    "char_name": "name",
    "character_name": "name",
    "char_persona": "description",
    "world_scenario": "scenario",
    "alternative_greetings": "alternate_greetings",
    "character_book": "book",
    "lorebook": "book",
}
_MAX_DEPTH = 60


def without_thoughts(text: str) -> str:
    """The answer without a reasoning model's thoughts, closed, unclosed or with the opening mark cut off."""
    text = _THOUGHT.sub("", text)
    return _LATE_THOUGHT.sub("", text).strip()


def parse_answer(text: str) -> dict[str, Any]:
    """The object of an answer, its fields under our names.

    Raises:
        GenerationError: INVALID_ANSWER, no JSON object in it, or EMPTY_ANSWER.
    """
    plain = without_thoughts(text)
    if not plain:
        raise GenerationError(
            ErrorCode.EMPTY_ANSWER,
            "The model answered with nothing. Try again, or another model.",
            {"raw_answer": text},
        )
    for candidate in _candidates(plain):
        found = _object_in(candidate)
        if found:
            return _unwrapped(found)
    raise GenerationError(
        ErrorCode.INVALID_ANSWER,
        "The model did not answer with a card in JSON. Try again, or another model.",
        {"raw_answer": text},
    )


def partial_fields(text: str) -> dict[str, str]:
    """Text fields of an answer that is still coming, for the live preview; {} while there is none."""
    from jiter import from_json

    plain = without_thoughts(text)
    start = plain.find("{")
    if start < 0:
        return {}
    try:
        value = from_json(plain[start:].encode("utf-8", "replace"), partial_mode="trailing-strings")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        name: as_text(item)
        for name, item in _unwrapped(value).items()
        if isinstance(item, str | list) and name != "book"
    }


#: C0 and C1 control characters but for the tab and the line end.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def as_text(value: Any, depth: int = 0) -> str:
    """A field as text, whatever shape a model gave it: lists by lines, objects as `key: value`.

    Control characters fall away; halves of surrogate pairs, which no file can hold, become U+FFFD.
    What lies deeper than `_MAX_DEPTH`, counted from `depth`, is left out.
    """
    if isinstance(value, str):
        return _CONTROL.sub("", without_surrogates(value)).strip()
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, [as_text(item, depth + 1) for item in value[:200]]))
    if isinstance(value, dict):
        pairs = list(value.items())[:200]
        return "\n".join([f"{as_text(key)}: {as_text(item, depth + 1)}" for key, item in pairs])
    return "" if value is None or isinstance(value, bool) else str(value)


def as_texts(value: Any) -> list[str]:
    """A list field, also where it came as one string with commas or lines."""
    if isinstance(value, str):
        value = re.split(r"\n+|,", value) if "\n" in value or "," in value else [value]
    return [text for item in value if (text := as_text(item))] if isinstance(value, list | tuple) else []


def entries_of(value: Any) -> list[Mapping[str, Any]]:
    """The entries of a book, a bare list or inside an object; by number or in order."""
    if isinstance(value, dict):
        inner = value.get("entries", value)
        value = list(inner.values()) if isinstance(inner, dict) else inner
    if not isinstance(value, list | tuple):
        return []
    return [_entry(item) for item in value if isinstance(item, dict)]


def _entry(item: dict[str, Any]) -> dict[str, Any]:
    keys = item.get("keys") or item.get("key") or item.get("keywords") or []
    return {
        "name": as_text(item.get("name") or item.get("comment") or item.get("title")),
        "category": as_text(item.get("category") or item.get("type")),
        "keys": as_texts(keys),
        "content": as_text(item.get("content") or item.get("description")),
    }


def _candidates(plain: str) -> list[str]:
    fenced = [match.group(1) for match in _FENCE.finditer(plain)]
    start, end = plain.find("{"), plain.rfind("}")
    braced = [plain[start : end + 1]] if 0 <= start < end else []
    rest = [plain[start:]] if start >= 0 else []
    return [candidate for candidate in (plain, *fenced, *braced, *rest) if "{" in candidate]


def _object_in(candidate: str) -> dict[str, Any] | None:
    try:
        value = json.loads(candidate, strict=False)
    except (ValueError, RecursionError):
        value = _repaired(candidate)
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict) and item), None)
    return value if isinstance(value, dict) and value else None


def _repaired(candidate: str) -> Any:
    if _deepest(candidate) > _MAX_DEPTH or not re.search(r"\{\s*[\"'\w]", candidate):
        return None
    import json_repair

    try:
        return json_repair.loads(candidate, skip_json_loads=True)
    except Exception:
        # It is given anything at all; whatever it stumbles over, the answer is then simply not JSON.
        return None


def _deepest(text: str) -> int:
    depth = most = 0
    for sign in text:
        depth += (sign in "{[") - (sign in "}]")
        most = max(most, depth)
    return most


def _unwrapped(found: dict[str, Any]) -> dict[str, Any]:
    """The card inside `{"spec": …, "data": {…}}`, `{"card": {…}}` or a string of JSON, under our names."""
    for key in ("data", "card", "character", "character_card", "answer", "response", "result"):
        inner = found.get(key)
        if isinstance(inner, str) and inner.lstrip().startswith("{"):
            inner = _object_in(inner.strip())
        if isinstance(inner, dict) and ("name" in inner or "description" in inner or len(found) == 1):
            found = inner
            break
    return {_ALSO_CALLED.get(str(key), str(key)): _inner(value) for key, value in found.items()}


def _inner(value: Any) -> Any:
    """A list or object that came as a string of JSON, as what it is."""
    if isinstance(value, str) and value.strip()[:2] in ('["', "[{", '{"') and value.strip()[-1] in "]}":
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
