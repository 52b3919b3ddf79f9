"""Plausible answers to a request, derived from its own words: the same request, the same answer."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

_SENTENCES_PER_TEXT = 6


def answer_for(body: Mapping[str, Any]) -> str:
    """What the server says to a chat-completions request: JSON for its schema, else some sentences."""
    material = Material(_source(body))
    schema = schema_of(body)
    if schema is None:
        return material.text("answer", 0, 2_000)
    return json.dumps(fill(schema, schema, "", material), ensure_ascii=False)


def schema_of(body: Mapping[str, Any]) -> dict[str, Any] | None:
    """The schema in ``response_format``, else the object after "JSON Schema:" in a message."""
    form = body.get("response_format")
    if form:
        return dict(form["json_schema"]["schema"])
    for message in body.get("messages", ()):
        _, mark, rest = message["content"].partition("JSON Schema:")
        if mark and "{" in rest:
            found: dict[str, Any] = json.JSONDecoder().raw_decode(rest[rest.index("{") :])[0]
            return found
    return None


class Material:
    """The words of a source, to make answers of."""

    def __init__(self, source: str) -> None:
        sentences = re.split(r"(?<=[.!?])\s+|\n{2,}", source)
        plain = (" ".join(sentence.split()) for sentence in sentences)
        self._sentences = [s for s in plain if len(s.split()) >= 4 and not set(s) & set("{}<>#")]
        self._sentences = self._sentences or [f"{source[:200].strip() or 'Nothing'} is all there is."]
        capitalised = re.findall(r"(?<=[a-z,] )[A-Z][a-zà-ÿ]{2,}", source)
        self.name: str = Counter(capitalised).most_common(1)[0][0] if capitalised else "Mirela"
        self._words = sorted({word.lower() for word in re.findall(r"[A-Za-zÀ-ÿ]{6,}", source)}) or ["nothing"]

    def text(self, key: str, shortest: int, longest: int) -> str:
        """Sentences of the source, another choice for each key, at most `longest` characters."""
        count = len(self._sentences)
        start = _number(key) % count
        chosen: list[str] = []
        for offset in range(count):
            enough = len(chosen) >= _SENTENCES_PER_TEXT and len(" ".join(chosen)) >= shortest
            sentence = self._sentences[(start + offset) % count]
            if enough or len(" ".join([*chosen, sentence])) > longest:
                break
            chosen.append(sentence)
        text = " ".join(chosen) or self._sentences[start][:longest].rstrip()
        return text if len(text) >= shortest else (text + " …" * shortest)[:shortest]

    def part(self, index: int, count: int, longest: int) -> str:
        """Every `count`th sentence from `index` on: parts that share none, so that a list repeats nothing."""
        chosen = self._sentences[index::count] or self._sentences[:1]
        return " ".join(chosen)[:longest].rstrip()

    def word(self, key: str) -> str:
        """One word of the source, another for each key."""
        return self._words[_number(key) % len(self._words)]


def fill(schema: Mapping[str, Any], root: Mapping[str, Any], key: str, material: Material) -> Any:
    """A value that satisfies `schema` (types, enums, bounds, references; patterns only by luck)."""
    if "$ref" in schema:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return fill(target, root, key, material)
    for union in ("anyOf", "oneOf"):
        if union in schema:
            some = next(option for option in schema[union] if option.get("type") != "null")
            return fill(some, root, key, material)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][_number(key) % len(schema["enum"])]
    kinds = schema.get("type", "object" if "properties" in schema else "string")
    kind = next(k for k in kinds if k != "null") if isinstance(kinds, list) else kinds
    return _of_kind(kind, schema, root, key, material)


def _of_kind(
    kind: str, schema: Mapping[str, Any], root: Mapping[str, Any], key: str, material: Material
) -> Any:
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: fill(inner, root, f"{key}.{name}", material) for name, inner in properties.items()}
    if kind == "array":
        count = min(max(3, schema.get("minItems", 0)), schema.get("maxItems", 3))
        if key.endswith("greetings"):
            return [
                material.part(index, count, schema["items"].get("maxLength", 2_000)) for index in range(count)
            ]
        return [fill(schema["items"], root, f"{key}[{index}]", material) for index in range(count)]
    if kind in ("integer", "number"):
        return min(max(1, schema.get("minimum", 1)), schema.get("maximum", 1_000))
    if kind == "boolean":
        return True
    return None if kind == "null" else _string(schema, key, material)


def _string(schema: Mapping[str, Any], key: str, material: Material) -> str:
    shortest, longest = schema.get("minLength", 0), schema.get("maxLength", 2_000)
    field = re.sub(r"\[\d+\]", "", key).rpartition(".")[2]
    if field == "name" and ("[" not in key):
        return material.name[:longest]
    if field in ("name", "keys", "tags", "secondary_keys", "keywords"):
        return material.word(key)[:longest]
    if field == "mes_example":
        lines = [material.text(f"{key}{turn}", 0, 200) for turn in range(2)]
        return f"<START>\n{{{{user}}}}: {lines[0]}\n{{{{char}}}}: {lines[1]}"[:longest]
    return material.text(key, shortest, longest)


def _source(body: Mapping[str, Any]) -> str:
    """The user's messages; only what stands between source tags when there are such."""
    text = "\n\n".join(m["content"] for m in body.get("messages", ()) if m["role"] == "user")
    marked = re.findall(r"<source[^>]*>(.*?)</source>", text, flags=re.DOTALL)
    return "\n\n".join(marked) or text


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:6], "big")
